//! Where do people see more, or less, than the indicators show?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::compare_ratings::{CompareRatings, KappaWeights, category};
use super::perception_rows::{BlindSpot, PerceptionAgreement, PerceptionGap};
use super::ratings::{self, Said, by_respondent, common, group_id, place_id, threat_id};
use super::small_cells;
use crate::analyses::thresholds::{Criticality, Observations};
use crate::assessment::ConditionKind;
use crate::kernels::pairwise::{kappa, limits};
use crate::kernels::quantiles::student;
use crate::kernels::rank_tests::signed_rank_p;
use crate::kernels::ranks::from_greatest;
use crate::network::Atlas;
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// Where do people see more, or less, than the indicators show?
///
/// What people say of a threat stands beside what was measured of it, by place and group: two numbers, never one. Where they part, that is a question to ask, not
/// an error of either: a blind spot of the indicators, or of the conversation. Few respondents are shown with a warning, fewer than `min_n` not at all.
///
/// # Method
/// Perceived: mean rating of the cell's respondents, interval by t. Gap: perceived - indicator's severity, in severity points; its chance by Wilcoxon's signed ranks of the ratings
/// about the indicator, exact to 50 respondents. Rank gap: rank by the indicator - rank by people, positive where people put the threat higher. Agreement over the threats
/// that have both: Spearman, Kendall's tau-b (exact chance), weighted kappa over severity phases, limits of agreement (Bland and Altman).
///
/// # Complexity
/// Linear in perceptions; 2ⁿ n² for exact chances over n <= 9 threats.
///
/// # References
/// Wilcoxon 1945. Kendall 1938. Cohen 1968. Bland and Altman 1986. Hundepool et al. 2012. UNTFHS 2009 (context-specific; perceptions beside indicators).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Perceptions {
    /// The period asked for, of both sides; the latest of each where absent.
    pub period: Option<String>,
    /// Which conditions stand for the indicator, in order of preference; never `perception`.
    pub kinds: Vec<ConditionKind>,
    /// Whether observations of indicators fill what no condition states.
    pub observations: Observations,
    /// How much a disagreement counts in kappa.
    pub weights: KappaWeights,
    /// Severities at which the categories of kappa begin.
    pub bounds: Vec<f64>,
    /// Gap from which a cell is a blind spot.
    pub gap: f64,
    /// Severity from which what one side alone sees is a blind spot.
    pub cut: f64,
    /// Level of the intervals.
    pub level: f64,
    /// Fewest respondents of a cell that is shown; 0 shows all.
    pub min_n: usize,
}

impl Default for Perceptions {
    fn default() -> Self {
        Perceptions {
            period: None,
            kinds: vec![ConditionKind::Indicator, ConditionKind::Expert],
            observations: Observations::None,
            weights: KappaWeights::Linear,
            bounds: vec![0.2, 0.4, 0.6, 0.8],
            gap: 0.2,
            cut: 0.5,
            level: 0.9,
            min_n: 3,
        }
    }
}

/// What [`Perceptions`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerceptionsResult {
    /// The settings.
    pub settings: Perceptions,
    /// By place, group and threat.
    pub rows: Vec<PerceptionGap>,
    /// By place and group.
    pub agreement: Vec<PerceptionAgreement>,
    /// Where the two part.
    pub blind_spots: Vec<BlindSpot>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// What an indicator says of a cell.
#[derive(Clone)]
struct Measured {
    severity: f64,
    from: &'static str,
}

/// Threat, place, group.
type Key = (u32, u32, Option<u32>);

/// A severity and its range.
type Stated = (f64, Option<(f64, f64)>);

impl Perceptions {
    /// Sets perceptions beside indicators.
    ///
    /// # Errors
    /// `Argument` for a setting out of its domain.
    pub fn run(&self, assessment: &Assessment) -> Result<PerceptionsResult> {
        self.check()?;
        let atlas = Atlas::new(assessment)?;
        let mut notes = Vec::new();
        let said = ratings::said(&atlas, self.period.as_deref(), &mut notes)?;
        let measured = self.measured(assessment, &atlas)?;
        let stated = self.stated(assessment, &atlas)?;
        let hidden = self.hidden(&said)?;
        let mut cells: BTreeSet<(u32, Option<u32>)> = said.iter().flat_map(|s| [(s.place, None), (s.place, s.group)]).collect();
        cells.extend(stated.keys().map(|(_, place, group)| (*place, *group)));
        let mut result =
            PerceptionsResult { settings: self.clone(), rows: Vec::new(), agreement: Vec::new(), blind_spots: Vec::new(), notes };
        if cells.is_empty() {
            let message = "nobody says how they see a threat: nothing stands beside the indicators";
            result.notes.push(Note::new("no-perceptions", message, Vec::<String>::new()));
        }
        for (place, group) in cells {
            let own: Vec<&Said<'_>> = said.iter().filter(|s| s.place == place && (group.is_none() || s.group == group)).collect();
            let mut rows = Vec::new();
            let count = assessment.threats.len() as u32;
            for threat in 0..count {
                let key = (threat, place, group);
                let indicator = measured.get(&key).cloned().or_else(|| {
                    group?;
                    measured.get(&(threat, place, None)).map(|m| Measured { from: "whole-population", ..m.clone() })
                });
                let voices: Vec<&Said<'_>> = own.iter().copied().filter(|s| s.threat == threat).collect();
                if voices.is_empty() && indicator.is_none() && !stated.contains_key(&key) {
                    continue;
                }
                rows.push(self.row(assessment, key, &voices, indicator, stated.get(&key), hidden.contains(&key)));
            }
            self.ranked(&own, assessment, &mut rows);
            result.agreement.push(self.agreement(assessment, place, group, &rows, own.is_empty())?);
            result.rows.extend(rows);
        }
        self.blind(&mut result);
        self.told(&mut result);
        Ok(result)
    }

    fn check(&self) -> Result<()> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number between 0 and 1", self.level)));
        }
        for (name, share) in [("gap", self.gap), ("cut", self.cut)] {
            if !(0.0..=1.0).contains(&share) {
                return Err(Error::argument(format!("`{name}`: found {share}, wanted a number from 0 to 1")));
            }
        }
        if self.kinds.contains(&ConditionKind::Perception) || self.kinds.is_empty() {
            return Err(Error::argument("`kinds`: wanted `indicator`, `expert` or both: a perception is not set beside itself"));
        }
        CompareRatings { bounds: Some(self.bounds.clone()), ..CompareRatings::default() }.run(&[], &[]).map(|_| ())
    }

    /// Severities that indicators (or experts) give, by cell; the whole population also from its groups.
    fn measured(&self, assessment: &Assessment, atlas: &Atlas<'_>) -> Result<BTreeMap<Key, Measured>> {
        let mut found = BTreeMap::new();
        for whole_population in [false, true] {
            let criticality = Criticality {
                period: self.period.clone(),
                kinds: self.kinds.clone(),
                observations: self.observations,
                whole_population,
                ..Criticality::default()
            };
            for cell in criticality.run(assessment)?.cells {
                let Some(severity) = cell.severity else { continue };
                let kind = cell
                    .conditions
                    .first()
                    .and_then(|c| assessment.conditions.get(*c as usize))
                    .map(|c| c.kind.unwrap_or(ConditionKind::Expert));
                let from = match (cell.severity_from, kind) {
                    (Some("observation"), _) => "observation",
                    (_, Some(ConditionKind::Indicator)) => "indicator",
                    _ => "expert",
                };
                let group = cell.group.as_deref().map(|g| atlas.group(g)).transpose()?;
                found.entry((atlas.threat(&cell.threat)?, atlas.place(&cell.place)?, group)).or_insert(Measured { severity, from });
            }
        }
        Ok(found)
    }

    /// Severities that conditions of the kind `perception` state: a figure of others' surveys, without respondents.
    fn stated(&self, assessment: &Assessment, atlas: &Atlas<'_>) -> Result<BTreeMap<Key, Stated>> {
        let criticality = Criticality { period: self.period.clone(), kinds: vec![ConditionKind::Perception], ..Criticality::default() };
        let mut found = BTreeMap::new();
        for cell in criticality.run(assessment)?.cells {
            if let Some(severity) = cell.severity {
                let group = cell.group.as_deref().map(|g| atlas.group(g)).transpose()?;
                found.insert((atlas.threat(&cell.threat)?, atlas.place(&cell.place)?, group), (severity, cell.severity_range));
            }
        }
        Ok(found)
    }

    /// Cells of too few respondents, and those that would tell them, threat by threat over the margin of the place.
    fn hidden(&self, said: &[Said<'_>]) -> Result<BTreeSet<Key>> {
        let mut out = BTreeSet::new();
        for threat in said.iter().map(|s| s.threat).collect::<BTreeSet<u32>>() {
            let mut who: BTreeMap<(usize, Option<usize>), BTreeSet<&str>> = BTreeMap::new();
            for s in said.iter().filter(|s| s.threat == threat) {
                who.entry((s.place as usize, s.group.map(|g| g as usize))).or_default().insert(s.row.respondent.as_str());
            }
            let counts = who.into_iter().map(|(key, who)| (key, who.len())).collect();
            for (place, group) in small_cells::hidden(&counts, [true, false, false], self.min_n)? {
                if let Some(place) = place {
                    out.insert((threat, place as u32, group.map(|g| g as u32)));
                }
            }
        }
        Ok(out)
    }

    fn row(
        &self,
        assessment: &Assessment,
        (threat, place, group): Key,
        voices: &[&Said<'_>],
        indicator: Option<Measured>,
        stated: Option<&Stated>,
        hide: bool,
    ) -> PerceptionGap {
        let mut row = PerceptionGap {
            threat: threat_id(assessment, threat),
            component: assessment.threats.get(threat as usize).map(|t| t.component),
            place: place_id(assessment, place),
            group: group.map(|g| group_id(assessment, g)),
            perceived: None,
            interval: None,
            indicator: indicator.as_ref().map(|i| i.severity),
            indicator_from: indicator.as_ref().map(|i| i.from),
            perceived_from: None,
            gap: None,
            rank_perceived: None,
            rank_indicator: None,
            rank_gap: None,
            n: None,
            p_value: None,
            p_value_exact: None,
            state: "suppressed",
        };
        if hide {
            return row;
        }
        let mut people: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        let mut everyone = BTreeSet::new();
        for said in voices {
            everyone.insert(said.row.respondent.as_str());
            if let Some(rating) = said.row.rating {
                let slot = people.entry(said.row.respondent.as_str()).or_default();
                *slot = (slot.0 + rating.get(), slot.1 + 1.0);
            }
        }
        let ratings: Vec<f64> = people.values().map(|(sum, n)| sum / n).collect();
        // a mean of fewer ratings than may be shown, among more who rank
        let enough = self.min_n == 0 || ratings.len() >= self.min_n;
        row.n = Some(everyone.len());
        if !ratings.is_empty() && enough {
            let n = ratings.len() as f64;
            let mean = ratings.iter().sum::<f64>() / n;
            (row.perceived, row.perceived_from) = (Some(mean), Some("ratings"));
            if ratings.len() > 1 {
                let variance = ratings.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / (n - 1.0);
                let half = student(self.level, n - 1.0).map(|t| t * (variance / n).sqrt());
                row.interval = half.map(|h| ((mean - h).max(0.0), (mean + h).min(1.0)));
            }
            let about = row.indicator.and_then(|i| signed_rank_p(&ratings.iter().map(|r| r - i).collect::<Vec<_>>()));
            (row.p_value, row.p_value_exact) = (about.map(|c| c.p_value), about.map(|c| c.exact));
        } else if let Some((severity, range)) = stated.filter(|_| everyone.is_empty()) {
            (row.perceived, row.interval, row.perceived_from) = (Some(*severity), *range, Some("condition"));
        }
        row.gap = row.perceived.zip(row.indicator).map(|(p, i)| p - i);
        row.state = match (everyone.len(), row.perceived_from, row.indicator) {
            (0, None, _) => "no-perception",
            (_, _, None) => "no-indicator",
            (0, Some(_), _) => "value",
            (n, ..) => small_cells::state(n, false),
        };
        row
    }

    /// Ranks among the threats of one place and group that have both sides: by the perceived numbers where all have one, else by people's common order.
    fn ranked(&self, own: &[&Said<'_>], assessment: &Assessment, rows: &mut [PerceptionGap]) {
        let order = by_respondent(own.iter().copied());
        let points: BTreeMap<String, f64> = order
            .items
            .iter()
            .map(|item| threat_id(assessment, *item))
            .zip(common(&order))
            .filter(|(_, points)| !points.is_nan())
            .collect();
        let shown = |r: &PerceptionGap| r.state != "suppressed" && r.indicator.is_some();
        let by_number = rows.iter().filter(|r| shown(r) && r.state != "no-perception").all(|r| r.perceived.is_some());
        let number = |r: &PerceptionGap| if by_number { r.perceived } else { points.get(&r.threat).copied() };
        let both: Vec<usize> = (0..rows.len()).filter(|i| rows.get(*i).is_some_and(|r| shown(r) && number(r).is_some())).collect();
        let of = |f: &dyn Fn(&PerceptionGap) -> Option<f64>| {
            from_greatest(&both.iter().filter_map(|i| rows.get(*i).and_then(f)).collect::<Vec<_>>())
        };
        let (perceived, measured) = (of(&|r| number(r)), of(&|r| r.indicator));
        for ((at, a), b) in both.iter().zip(perceived).zip(measured) {
            if let Some(row) = rows.get_mut(*at) {
                (row.rank_perceived, row.rank_indicator, row.rank_gap) = (Some(a), Some(b), Some(b - a));
            }
        }
    }

    fn agreement(
        &self,
        assessment: &Assessment,
        place: u32,
        group: Option<u32>,
        rows: &[PerceptionGap],
        only_stated: bool,
    ) -> Result<PerceptionAgreement> {
        let ranked: Vec<(f64, f64)> = rows.iter().filter_map(|r| r.rank_perceived.zip(r.rank_indicator)).collect();
        let numbers: Vec<(f64, f64)> =
            rows.iter().filter(|r| r.rank_perceived.is_some()).filter_map(|r| r.perceived.zip(r.indicator)).collect();
        let compare = CompareRatings { weights: self.weights, bounds: Some(self.bounds.clone()), multiple: None, level: self.level };
        let (x, y): (Vec<f64>, Vec<f64>) = ranked.iter().copied().unzip();
        let orders = compare.run(&x, &y)?;
        let of = |side: fn(&(f64, f64)) -> f64| numbers.iter().map(|pair| category(side(pair), &self.bounds)).collect::<Vec<_>>();
        let kappa = kappa(&of(|p| p.0), &of(|p| p.1), self.bounds.len() + 1, self.weights.weighing());
        let apart = limits(&numbers.iter().map(|(p, i)| p - i).collect::<Vec<_>>(), None, self.level);
        let n = rows.iter().filter_map(|r| r.n).max();
        let state = if ranked.is_empty() && rows.iter().any(|r| r.state == "suppressed") {
            "suppressed"
        } else if orders.kendall.is_none() {
            "undefined"
        } else if only_stated {
            "value"
        } else {
            small_cells::state(n.unwrap_or(0), false)
        };
        Ok(PerceptionAgreement {
            place: place_id(assessment, place),
            group: group.map(|g| group_id(assessment, g)),
            n_threats: ranked.len(),
            spearman: orders.spearman,
            spearman_p_value: orders.spearman_p_value,
            kendall: orders.kendall,
            p_value: orders.kendall_p_value,
            exact: orders.kendall_exact,
            kappa,
            bias: apart.map(|l| l.bias.0),
            bias_interval: apart.and_then(|l| l.bias.1),
            limit_lower: apart.and_then(|l| l.lower).map(|e| e.0),
            limit_upper: apart.and_then(|l| l.upper).map(|e| e.0),
            state,
        })
    }

    fn blind(&self, result: &mut PerceptionsResult) {
        for row in result.rows.iter().filter(|r| r.state != "suppressed") {
            let found = match (row.perceived, row.indicator, row.gap) {
                (_, _, Some(gap)) if gap >= self.gap - 1e-9 => Some("people-see-more"),
                (_, _, Some(gap)) if gap <= -self.gap + 1e-9 => Some("people-see-less"),
                (Some(perceived), None, _) if perceived >= self.cut - 1e-9 => Some("not-measured"),
                (None, Some(indicator), _) if row.n == Some(0) && indicator >= self.cut - 1e-9 => Some("not-voiced"),
                _ => None,
            };
            if let Some(kind) = found {
                result.blind_spots.push(BlindSpot { kind, cell: row.clone() });
            }
        }
        let size = |b: &BlindSpot| b.cell.gap.map_or(0.0, f64::abs);
        // stable: by place, group and threat among equals
        result.blind_spots.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }

    fn told(&self, result: &mut PerceptionsResult) {
        let names = |state: &str| -> Vec<String> { result.rows.iter().filter(|r| r.state == state).map(PerceptionGap::name).collect() };
        let hidden = format!("are not shown: fewer than {} respondents, or they would tell such a cell", self.min_n);
        let found = [
            ("suppressed", hidden.as_str(), names("suppressed")),
            ("thin", "have fewer than 5 respondents: a warning, not a finding", names("thin")),
            ("no-indicator", "have no indicator beside what people say", names("no-indicator")),
            ("no-perception", "have an indicator and nobody who speaks of the threat", names("no-perception")),
        ];
        let notes = found.into_iter().filter(|(_, _, names)| !names.is_empty());
        result.notes.extend(notes.map(|(code, message, names)| Note::counted(code, "cell", message, names)));
        let inherited: Vec<String> =
            result.rows.iter().filter(|r| r.indicator_from == Some("whole-population")).map(PerceptionGap::name).collect();
        if !inherited.is_empty() {
            let message = "take the indicator of the whole population of the place, for their group has none";
            result.notes.push(Note::counted("inherited-indicator", "cell", message, inherited));
        }
    }
}
