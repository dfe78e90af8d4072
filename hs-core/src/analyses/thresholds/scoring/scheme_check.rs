//! Whether a scheme, and a score made with it, make sense: every problem at once, each with its place.

use std::collections::{BTreeMap, BTreeSet};

use super::sample::SLACK;
use super::tallies::Configuration;
use super::{Deprivation, DeprivationScheme, Score, Value};
use crate::framework::Component;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// Most indicators: a row's deprivations are the bits of one word.
pub(crate) const MOST_INDICATORS: usize = 64;

impl DeprivationScheme {
    /// Whether the scheme makes sense.
    ///
    /// # Errors
    /// One with every problem: not 1 to 64 indicators, a name that is empty or there twice, not exactly one rule, a number that is not
    /// finite, weights that do not sum to 1 within 1e-9, a cut-off that is not above 0 and at most 1.
    pub fn check(&self) -> Result<()> {
        refuse(self.problems(""))
    }

    /// Reads and checks a scheme.
    ///
    /// # Errors
    /// Those of [`settings_from_json`](crate::settings_from_json) and of [`DeprivationScheme::check`].
    pub fn from_json(text: &str) -> Result<Self> {
        let scheme: DeprivationScheme = crate::settings_from_json(text)?;
        scheme.check()?;
        Ok(scheme)
    }

    /// The scheme as JSON: one text for one scheme, which `hash` is taken of.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::internal(format!("the scheme does not serialise: {e}")))
    }

    /// sha256 of the scheme's JSON, in hexadecimal: it stands in every result.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn hash(&self) -> Result<String> {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(self.to_json()?.as_bytes());
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Weight of each indicator over all: within its component times that of the component, where components are weighed; equal where
    /// none are given.
    ///
    /// # Errors
    /// Those of [`DeprivationScheme::check`].
    pub fn weights(&self) -> Result<Vec<f64>> {
        self.check()?;
        Ok(self.flat_weights())
    }

    /// Whether every indicator has gaps, so that M1 and M2 are defined.
    pub fn is_cardinal(&self) -> bool {
        !self.indicators.is_empty() && self.indicators.iter().all(Deprivation::is_cardinal)
    }

    fn flat_weights(&self) -> Vec<f64> {
        let of = |component: Option<Component>| {
            let peers = || self.indicators.iter().filter(move |i| self.components.is_none() || i.component == component);
            let equal = if peers().any(|i| i.weight.is_some()) { 0.0 } else { 1.0 / peers().count() as f64 };
            let whole = self.components.as_ref().map_or(1.0, |weights| component.and_then(|c| weights.get(&c)).copied().unwrap_or(0.0));
            (equal, whole)
        };
        let weight = |i: &Deprivation| {
            let (equal, whole) = of(i.component);
            i.weight.unwrap_or(equal) * whole
        };
        self.indicators.iter().map(weight).collect()
    }

    fn problems(&self, place: &str) -> Vec<Problem> {
        let mut found = Vec::new();
        let count = self.indicators.len();
        if !(1..=MOST_INDICATORS).contains(&count) {
            let problem = Problem::new(ProblemKind::OutOfBounds, format!("{place}/indicators"), format!("{count} indicators"), "1 to 64");
            found.push(problem.mend("join or leave out indicators"));
        }
        let mut names = BTreeSet::new();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let place = format!("{place}/indicators/{at}");
            text(&indicator.name, &format!("{place}/name"), &mut found);
            if !names.insert(indicator.name.as_str()) {
                let said = format!("the name `{}` twice", shown(&indicator.name));
                found
                    .push(Problem::new(ProblemKind::Duplicate, format!("{place}/name"), said, "each name once").mend("rename one of them"));
            }
            indicator.problems(&place, &mut found);
        }
        cutoff(self.cutoff, &format!("{place}/cutoff"), &mut found);
        self.weight_problems(place, &mut found);
        found
    }

    fn weight_problems(&self, place: &str, found: &mut Vec<Problem>) {
        let Some(components) = &self.components else {
            let all: Vec<(usize, &Deprivation)> = self.indicators.iter().enumerate().collect();
            return weights_of(&all, "", place, found);
        };
        let pointer = format!("{place}/components");
        for (component, weight) in components {
            weight_range(*weight, &format!("{pointer}/{component}"), found);
            if !self.indicators.iter().any(|i| i.component == Some(*component)) {
                let problem = Problem::new(
                    ProblemKind::Unresolved,
                    format!("{pointer}/{component}"),
                    "a component without an indicator",
                    "indicators of every component that is weighed",
                );
                found.push(problem.mend("leave the component out, or give its indicators their `component`"));
            }
        }
        sums_to_one(components.values().sum(), &pointer, found);
        for (at, indicator) in self.indicators.iter().enumerate() {
            let missing = match indicator.component {
                None => "no component",
                Some(component) if !components.contains_key(&component) => "a component without a weight",
                Some(_) => continue,
            };
            let wanted = "one of the components that are weighed";
            found.push(Problem::new(ProblemKind::Unresolved, format!("{place}/indicators/{at}/component"), missing, wanted));
        }
        for component in components.keys() {
            let own: Vec<_> = self.indicators.iter().enumerate().filter(|(_, i)| i.component == Some(*component)).collect();
            weights_of(&own, &format!(" of component `{component}`"), place, found);
        }
    }
}

impl Deprivation {
    /// Whether the indicator has gaps: below a cut-off above 0, or above one with a maximum.
    pub fn is_cardinal(&self) -> bool {
        super::estimates::cardinal(self)
    }

    /// The column the indicator reads.
    pub(crate) fn reads(&self) -> &str {
        self.column.as_ref().unwrap_or(&self.name)
    }

    fn problems(&self, place: &str, found: &mut Vec<Problem>) {
        let rules = [
            ("below", self.below.is_some()),
            ("above", self.above.is_some()),
            ("among", self.among.is_some()),
            ("not_among", self.not_among.is_some()),
        ];
        let given: Vec<&str> = rules.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        if given.len() != 1 {
            let said = if given.is_empty() { "no rule".to_owned() } else { format!("`{}`", given.join("` and `")) };
            let problem = Problem::new(ProblemKind::Conflict, place, said, "exactly one of `below`, `above`, `among`, `not_among`");
            found.push(problem.mend("say who is deprived in one way"));
        }
        for (name, number) in [("below", self.below), ("above", self.above), ("maximum", self.maximum)] {
            if number.is_some_and(|number| !number.is_finite()) {
                found.push(Problem::new(
                    ProblemKind::OutOfBounds,
                    format!("{place}/{name}"),
                    "a number that is not finite",
                    "a finite number",
                ));
            }
        }
        if let Some(maximum) = self.maximum {
            let pointer = format!("{place}/maximum");
            match self.above {
                None => {
                    found.push(Problem::new(ProblemKind::Conflict, pointer, "a maximum without `above`", "`maximum` only beside `above`"))
                }
                Some(bar) if maximum <= bar => {
                    found.push(Problem::new(ProblemKind::OutOfBounds, pointer, "a maximum at or below the cut-off", "one above it"));
                }
                Some(_) => {}
            }
        }
        for (name, values) in [("among", &self.among), ("not_among", &self.not_among)] {
            let Some(values) = values else { continue };
            if values.is_empty() {
                found.push(Problem::new(ProblemKind::EmptyList, format!("{place}/{name}"), "an empty list", "at least one value"));
            }
            finite(values, &format!("{place}/{name}"), found);
        }
        finite(&self.missing_codes, &format!("{place}/missing_codes"), found);
        if let Some(column) = &self.column {
            text(column, &format!("{place}/column"), found);
        }
        if let Some(weight) = self.weight {
            weight_range(weight, &format!("{place}/weight"), found);
        }
    }
}

impl Score {
    /// Whether the settings make sense; data is not looked at.
    ///
    /// # Errors
    /// One with every problem of the scheme and of the settings beside it.
    pub fn check(&self) -> Result<()> {
        let mut found = self.scheme.problems("/scheme");
        let mut seen = BTreeSet::new();
        for (at, name) in self.by.iter().enumerate() {
            let place = format!("/by/{at}");
            text(name, &place, &mut found);
            if !seen.insert(name) {
                found.push(Problem::new(ProblemKind::Duplicate, &place, format!("`{}` twice", shown(name)), "each column once"));
            }
            if super::tables::refuse_taken_names(std::slice::from_ref(name)).is_err() {
                let said = format!("`{}`, which is a column of the result", shown(name));
                found.push(Problem::new(ProblemKind::Conflict, &place, said, "another name").mend("rename the column"));
            }
        }
        let roles = [
            ("weight", &self.weight),
            ("size", &self.size),
            ("strata", &self.strata),
            ("cluster", &self.cluster),
            ("fpc", &self.fpc),
            ("domain", &self.domain),
        ];
        for (role, name) in roles {
            if let Some(name) = name {
                text(name, &format!("/{role}"), &mut found);
            }
        }
        if let Some(cutoffs) = &self.cutoffs {
            if cutoffs.is_empty() {
                found.push(Problem::new(ProblemKind::EmptyList, "/cutoffs", "an empty list", "at least one cut-off"));
            }
            for (at, k) in cutoffs.iter().enumerate() {
                cutoff(*k, &format!("/cutoffs/{at}"), &mut found);
                if cutoffs.iter().take(at).any(|other| other == k) {
                    found.push(Problem::new(ProblemKind::Duplicate, format!("/cutoffs/{at}"), "the same cut-off twice", "each once"));
                }
            }
        }
        if let Some(weightings) = &self.weightings {
            if weightings.is_empty() {
                found.push(Problem::new(ProblemKind::EmptyList, "/weightings", "no weighting", "at least one"));
            }
            for (name, weights) in weightings {
                self.weighting_problems(name, weights, &mut found);
            }
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            found.push(
                Problem::new(ProblemKind::OutOfBounds, "/level", format!("{}", self.level), "a level between 0 and 1")
                    .mend("0.95 is usual"),
            );
        }
        refuse(found)
    }

    /// Every weighting with every cut-off, weightings outermost.
    pub(crate) fn configurations(&self) -> Vec<Configuration> {
        let own = [self.scheme.cutoff];
        let cutoffs = self.cutoffs.as_deref().unwrap_or(&own);
        let weightings: Vec<(String, Vec<f64>)> = match &self.weightings {
            None => vec![("scheme".into(), self.scheme.flat_weights())],
            Some(weightings) => {
                let of = |weights: &BTreeMap<String, f64>| {
                    self.scheme.indicators.iter().map(|i| weights.get(&i.name).copied().unwrap_or(0.0)).collect()
                };
                weightings.iter().map(|(name, weights)| (name.clone(), of(weights))).collect()
            }
        };
        let with = |(weighting, weights): (String, Vec<f64>)| {
            let of = move |cutoff: &f64| Configuration { weighting: weighting.clone(), weights: weights.clone(), cutoff: *cutoff };
            cutoffs.iter().map(of).collect::<Vec<_>>()
        };
        weightings.into_iter().flat_map(with).collect()
    }

    fn weighting_problems(&self, name: &str, weights: &BTreeMap<String, f64>, found: &mut Vec<Problem>) {
        let place = format!("/weightings/{}", escaped(name));
        text(name, &place, found);
        let known = || self.scheme.indicators.iter().map(|i| i.name.as_str());
        for (indicator, weight) in weights {
            let place = format!("{place}/{}", escaped(indicator));
            weight_range(*weight, &place, found);
            if !known().any(|name| name == indicator) {
                let mut problem = Problem::new(ProblemKind::Unresolved, place, "no indicator of that name", "an indicator of the scheme");
                problem.mend = nearest(indicator, known()).map(|near| format!("did you mean `{}`?", shown(near)));
                found.push(problem);
            }
        }
        for missing in known().filter(|name| !weights.contains_key(*name)) {
            let said = format!("no weight for `{}`", shown(missing));
            found.push(Problem::new(ProblemKind::MissingField, &place, said, "a weight for every indicator, 0 where it does not count"));
        }
        sums_to_one(weights.values().sum(), &place, found);
    }
}

/// Weights of indicators that share a whole: all or none given, and a sum of 1.
fn weights_of(own: &[(usize, &Deprivation)], of: &str, place: &str, found: &mut Vec<Problem>) {
    if own.iter().all(|(_, i)| i.weight.is_none()) {
        return;
    }
    let before = found.len();
    for (at, _) in own.iter().filter(|(_, i)| i.weight.is_none()) {
        let pointer = format!("{place}/indicators/{at}/weight");
        let problem = Problem::new(ProblemKind::MissingField, pointer, format!("no weight, where others{of} have one"), "a weight");
        found.push(problem.mend("give every indicator its weight, or none"));
    }
    if found.len() == before {
        let sum: f64 = own.iter().filter_map(|(_, i)| i.weight).sum();
        // the place of the sum is that of the last weight, whose change mends it
        let last = own.last().map_or(0, |(at, _)| *at);
        let pointer = if of.is_empty() { format!("{place}/indicators") } else { format!("{place}/indicators/{last}/weight") };
        sum_problem(sum, of, &pointer, found);
    }
}

fn sums_to_one(sum: f64, place: &str, found: &mut Vec<Problem>) {
    sum_problem(sum, "", place, found);
}

fn sum_problem(sum: f64, of: &str, place: &str, found: &mut Vec<Problem>) {
    let near = (sum - 1.0).abs() <= SLACK;
    if !near {
        let problem = Problem::new(ProblemKind::OutOfBounds, place, format!("weights{of} that sum to {sum}"), "a sum of 1, to 1e-9");
        found.push(problem.mend("divide each weight by their sum"));
    }
}

fn weight_range(weight: f64, place: &str, found: &mut Vec<Problem>) {
    if !(0.0..=1.0 + SLACK).contains(&weight) {
        found.push(Problem::new(ProblemKind::OutOfBounds, place, format!("the weight {weight}"), "a weight from 0 to 1"));
    }
}

fn cutoff(k: f64, place: &str, found: &mut Vec<Problem>) {
    if !(k > 0.0 && k <= 1.0) {
        let problem = Problem::new(ProblemKind::OutOfBounds, place, format!("the cut-off {k}"), "a share above 0 and at most 1");
        found.push(problem.mend("1/3 is usual"));
    }
}

fn finite(values: &[Value], place: &str, found: &mut Vec<Problem>) {
    for (at, value) in values.iter().enumerate() {
        if matches!(value, Value::Number(number) if !number.is_finite()) {
            let wanted = "a finite number; missing is missing anyhow";
            found.push(Problem::new(ProblemKind::OutOfBounds, format!("{place}/{at}"), "a number that is not finite", wanted));
        }
    }
}

fn text(name: &str, place: &str, found: &mut Vec<Problem>) {
    if name.trim().is_empty() {
        found.push(Problem::new(ProblemKind::BadText, place, "an empty text", "a name"));
    } else if name.chars().any(char::is_control) {
        found.push(Problem::new(ProblemKind::BadText, place, "control characters", "a name without them"));
    }
}

fn escaped(name: &str) -> String {
    shown(name).replace('~', "~0").replace('/', "~1")
}

fn refuse(found: Vec<Problem>) -> Result<()> {
    if found.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, found)) }
}
