//! Settings of people moved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analyses::responses::Horizons;
use crate::analyses::responses::externality_result::HorizonWord;
use crate::analyses::responses::options::Scene;
use crate::analyses::thresholds::scoring::Score;
use crate::propagation::{AnchorSettings, Model};
use crate::tables::{Needed, Sort};
use crate::{Error, Result};

/// Whom does an intervention lift above the threshold, and whom does it push below?
///
/// From survey to network and back: an indicator that names a threat moves as that threat does in its place and group; then everyone is
/// scored again. Lifted and pushed are two figures and never netted. Who crosses is not known, so there are three answers: at random,
/// nearest the cut-off, farthest. Without rows of people (`score` absent) the same rule moves the prevalence of conditions.
///
/// # Method
/// The share p deprived in an indicator in one place and group moves as logit p' = logit p + η [logit x' - logit x°]. Deprived rows stop
/// being so with chance (p - p')/p, others become so with chance (p' - p)/(1 - p). One draw of the intervals is one Rao-Wu replicate of
/// the survey, one world of the ranges and one course of the effects.
///
/// # References
/// Alkire & Foster (2011), Counting and multidimensional poverty measurement. Rao, Wu & Yue (1992), Some recent work on resampling methods
/// for complex surveys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleMoved {
    /// The scheme, with the columns of the survey's design, as `score` takes them; its `by` stays empty. Without it prevalence moves.
    pub score: Option<Score>,
    /// Column with ids or names of places; everyone lives in `in_place` where absent.
    pub place: Option<String>,
    /// Column with ids or names of groups.
    pub group: Option<String>,
    /// Places of the assessment by value of the column `place`.
    pub places_of: BTreeMap<String, String>,
    /// Groups of the assessment by value of the column `group`.
    pub groups_of: BTreeMap<String, String>,
    /// Place of the assessment for every value that names none.
    pub in_place: Option<String>,
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Interventions taken together, by a name of your own.
    pub packages: BTreeMap<String, Vec<String>>,
    /// Whether all chosen ones are also taken together, under the name `together`.
    pub together: bool,
    /// How the share deprived answers the severity of its threat.
    pub link: Link,
    /// η: how strongly.
    pub slope: f64,
    /// Range of η, as a pair.
    pub slope_range: Option<(f64, f64)>,
    /// Whose answer `lifted` and `pushed` give; the other two stand beside it.
    pub crossing: Crossing,
    /// Whether a household's indicators cross each by its own chance or all by one rank.
    pub joint: Joint,
    /// When the effects are read: one horizon.
    pub horizon: Horizons,
    /// How severity travels.
    pub model: Model,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places of the network; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
    /// Draws of the intervals, and of effects that cannot be enumerated.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Least sample count behind a published figure; that of `score` (25) where absent, 0 turns suppression off.
    pub min_n: Option<u32>,
}

impl Default for PeopleMoved {
    fn default() -> Self {
        PeopleMoved {
            score: None,
            place: None,
            group: None,
            places_of: BTreeMap::new(),
            groups_of: BTreeMap::new(),
            in_place: None,
            interventions: None,
            packages: BTreeMap::new(),
            together: false,
            link: Link::Logit,
            slope: 1.0,
            slope_range: None,
            crossing: Crossing::Random,
            joint: Joint::Independent,
            horizon: Horizons::Rest,
            model: Model::default(),
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            anchoring: AnchorSettings::default(),
            draws: 1000,
            seed: 0,
            level: 0.9,
            min_n: None,
        }
    }
}

/// How the share deprived answers the severity of its threat; x° and x' are the severities before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// logit p' = logit p + η [logit x' - logit x°], severities kept in [0.001, 0.999].
    #[default]
    Logit,
    /// p' = p + η (x' - x°), kept in [0, 1].
    Additive,
    /// p' = p (x'/x°)^η, kept in [0, 1], severities kept in [0.001, 0.999].
    Proportional,
}

/// Who crosses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Crossing {
    /// By chance.
    #[default]
    Random,
    /// Those nearest the cut-off: the most people cross.
    Nearest,
    /// Those farthest from it: the fewest people cross.
    Farthest,
}

/// How the indicators of one household hang together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joint {
    /// Each crosses by its own chance.
    #[default]
    Independent,
    /// One rank decides all: who stops being deprived in the indicator that moves least does so in all.
    Comonotone,
}

const EDGE: f64 = 1e-3;

fn logit(x: f64) -> f64 {
    (x / (1.0 - x)).ln()
}

impl Link {
    /// The share deprived after, from that before and the severities of its threat. Where severity stands still, so does the share.
    pub(crate) fn after(self, p: f64, x0: f64, x1: f64, slope: f64) -> f64 {
        if x0 == x1 || slope == 0.0 {
            return p;
        }
        let kept = |x: f64| x.clamp(EDGE, 1.0 - EDGE);
        let after = match self {
            Link::Logit => {
                let moved = logit(p) + slope * (logit(kept(x1)) - logit(kept(x0)));
                1.0 / (1.0 + (-moved).exp())
            }
            Link::Additive => p + slope * (x1 - x0),
            Link::Proportional => p * (kept(x1) / kept(x0)).powf(slope),
        };
        after.clamp(0.0, 1.0)
    }
}

impl PeopleMoved {
    /// The columns that this analysis reads, each once, with what their cells are; none without a score.
    pub fn columns(&self) -> Vec<Needed> {
        let Some(score) = &self.score else { return Vec::new() };
        let mut needed = score.columns();
        self.place.iter().chain(&self.group).for_each(|name| Needed::add(&mut needed, name, Sort::Text));
        needed
    }

    pub(super) fn scene(&self) -> Scene {
        Scene {
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            anchoring: self.anchoring.clone(),
        }
    }

    pub(super) fn word(&self) -> HorizonWord {
        match self.horizon {
            Horizons::Short => HorizonWord::Short,
            Horizons::Medium => HorizonWord::Medium,
            Horizons::Long => HorizonWord::Long,
            Horizons::Rest | Horizons::All => HorizonWord::Rest,
        }
    }

    /// The score whose rows are taken in: split by place and group, without gaps.
    pub(super) fn scored(&self) -> Option<Score> {
        let score = self.score.as_ref()?;
        let mut by: Vec<String> = self.place.iter().cloned().collect();
        by.extend(self.group.iter().filter(|name| Some(*name) != self.place.as_ref()).cloned());
        let min_n = self.min_n.unwrap_or(score.min_n);
        Some(Score { by, gaps: false, bounds: false, min_n, level: self.level, ..score.clone() })
    }

    /// Whether the settings make sense.
    ///
    /// # Errors
    /// `Argument` for a setting out of its domain.
    pub fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::argument(message));
        if self.draws == 0 {
            return refuse("`draws` is 0, wanted at least 1".into());
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return refuse(format!("`level` is {}, wanted between 0 and 1", self.level));
        }
        if !(self.slope >= 0.0 && self.slope.is_finite()) {
            return refuse(format!("`slope` is {}, wanted a finite number of 0 or more", self.slope));
        }
        if let Some((low, high)) = self.slope_range
            && !(low >= 0.0 && low <= self.slope && self.slope <= high && high.is_finite())
        {
            return refuse(format!("`slope_range` is [{low}, {high}], wanted one from 0 up that holds `slope`, which is {}", self.slope));
        }
        if self.horizon == Horizons::All {
            return refuse("`horizon` is `all`, wanted one of `short`, `medium`, `long` and `rest`".into());
        }
        if let Some(score) = &self.score {
            if !score.by.is_empty() {
                return refuse("`score.by` names columns, wanted none: name the columns in `place` and `group`".into());
            }
            for (name, given) in [("cutoffs", score.cutoffs.is_some()), ("weightings", score.weightings.is_some())] {
                if given {
                    return refuse(format!("`score.{name}` is given, wanted the scheme's own: run once for each"));
                }
            }
            if self.groups.is_some() && self.group.is_none() {
                return refuse("`groups` names a partition but `group` names no column: say in which column a row's group stands".into());
            }
        } else if self.place.is_some() || self.group.is_some() {
            return refuse("`place` and `group` name columns of rows, and there is no `score` to read rows with".into());
        }
        Ok(())
    }
}
