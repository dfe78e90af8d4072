//! Which threats stand high all the time, which strike suddenly, and who recovers?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::chronic_series::{Series, series};
use super::chronic_tables;
use crate::assessment::{ConditionKind, span};
use crate::framework::words::words;
use crate::kernels::shocks::{Baseline, cusum, median, shock};
use crate::tables::{Note, Outcome};
use crate::{Assessment, Error, Result};

/// Which threats stand high all the time, which strike suddenly, and who recovers?
///
/// Human security is safety from chronic threats and protection from sudden disruption. Every dated series of conditions (and of observed
/// indicators) is read for its level, its greatest shock and what became of it. A period nobody speaks of is no point: it is neither zero
/// nor unchanged.
///
/// # Method
/// Chronic: the share of periods at or above the cut (of an indicator: beyond its threshold) reaches `chronic_share`. Baseline: median and
/// MAD of the periods asked for, by season where asked. Shock: the greatest rise whose modified z-score 0.6745 (x - median)/MAD reaches `z`
/// (MAD 0: 1.253314 x the mean absolute deviation in its place). CUSUM on those scores with `k` and `h`. Recovered: the first period after the peak with
/// at most a tenth of the shock, or one robust standard deviation, left. Loss: area between series and baseline, trapezoid, in
/// severity x periods.
///
/// # Complexity
/// Linear in conditions and observations, but for sorting.
///
/// # Errors
/// A setting outside its bounds; a baseline that is no period.
///
/// # References
/// UNDP, *Human Development Report*, 1994; Iglewicz and Hoaglin, *How to Detect and Handle Outliers*, 1993; Page, Continuous inspection
/// schemes, 1954; Bruneau et al., A framework to quantitatively assess seismic resilience, 2003.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChronicAndSudden {
    /// What a series is measured against: its first so many periods, or those inside a period; all of them where absent.
    pub baseline: Option<BaselinePeriods>,
    /// Whether each month (or week) is measured against the same of other years.
    pub seasonal: bool,
    /// Modified z-score from which a rise is a shock.
    pub z: f64,
    /// Least size of a shock: severity points, or the share of an indicator's minimum to maximum.
    pub least: f64,
    /// Share of periods from which a threat is chronic.
    pub chronic_share: f64,
    /// Severity from which a period counts for that.
    pub cut: f64,
    /// Slack of the cumulative sum, in robust standard deviations.
    pub cusum_k: f64,
    /// Where the cumulative sum alarms, in robust standard deviations.
    pub cusum_h: f64,
    /// Fewest periods that a series is judged by.
    pub least_periods: usize,
    /// Which kind of condition is preferred, in order; a series is of one kind.
    pub kinds: Vec<ConditionKind>,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
}

impl Default for ChronicAndSudden {
    fn default() -> Self {
        ChronicAndSudden {
            baseline: None,
            seasonal: false,
            z: 3.5,
            least: 0.05,
            chronic_share: 0.5,
            cut: 0.5,
            cusum_k: 0.5,
            cusum_h: 4.0,
            least_periods: 3,
            kinds: vec![ConditionKind::Indicator, ConditionKind::Expert, ConditionKind::Perception],
            min_n: 25,
        }
    }
}

/// What a series is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BaselinePeriods {
    /// Its first periods.
    First(usize),
    /// Its periods inside this one.
    Within(String),
}

words!(
    /// How a series behaves.
    Course {
        /// High most of the time.
        Chronic = "chronic",
        /// A shock stands out of it.
        Sudden = "sudden",
        /// High most of the time, and struck.
        Both = "both",
        /// Neither.
        Neither = "neither",
        /// Too few periods, or no bar to measure it by.
        NotAssessed = "not-assessed",
    }
);
words!(
    /// What became of a shock.
    Recovery {
        /// The series came back.
        Recovered = "recovered",
        /// It has not, as far as the series goes.
        NotYet = "not-yet",
        /// There was none.
        NoShock = "no-shock",
    }
);

/// One series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CourseRow {
    /// Id of the threat; of an indicator the threat it names.
    pub threat: Option<String>,
    /// Id of the indicator, where the series is observed.
    pub indicator: Option<String>,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for everyone.
    pub group: Option<String>,
    /// How many periods.
    pub periods: usize,
    /// The median; none where no point may be shown.
    pub level: Option<f64>,
    /// Whether it is high most of the time; none where that cannot be told.
    pub chronic: Option<bool>,
    /// Share of periods at or above the cut, or beyond the threshold.
    pub share: Option<f64>,
    /// How far the shock rose above its baseline, in the unit of the series, worse upward.
    pub shock: Option<f64>,
    /// Period of its peak.
    pub shock_date: Option<String>,
    /// Modified z-score of the peak, or of the greatest value where there is no shock.
    pub robust_z: Option<f64>,
    /// First period in which the cumulative sum is past `h`.
    pub cusum_alarm: Option<String>,
    /// Periods from the peak until it is back.
    pub recovery: Option<usize>,
    /// The same in days, from the first day of the one to that of the other.
    pub recovery_days: Option<i64>,
    /// What became of the shock; none where the series is too short to have one told.
    pub recovered: Option<Recovery>,
    /// Area between series and baseline from rise to return, or to the end.
    pub loss_area: Option<f64>,
    /// How it behaves.
    pub class: Course,
    /// Why it is not assessed.
    pub reason: Option<&'static str>,
    /// Kind of what it rests on.
    pub kind: ConditionKind,
    /// Median of the baseline.
    pub baseline: Option<f64>,
    /// Periods kept back, for too few were asked.
    pub suppressed: usize,
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoursePoint {
    /// Id of the threat.
    pub threat: Option<String>,
    /// Id of the indicator.
    pub indicator: Option<String>,
    /// Id of the place.
    pub place: String,
    /// Id of the group.
    pub group: Option<String>,
    /// The period.
    pub period: String,
    /// Its value; none where suppressed.
    pub value: Option<f64>,
    /// Modified z-score, worse upward.
    pub robust_z: Option<f64>,
    /// Upper cumulative sum, in robust standard deviations.
    pub cusum: Option<f64>,
    /// Whether it is at or above the cut, or beyond the threshold.
    pub high: Option<bool>,
    /// `value`, `shock` or `suppressed`.
    pub state: &'static str,
}

/// How often series pass from below the bar to above it, and back, from one period to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transition {
    /// `below` or `above`.
    pub from: &'static str,
    /// `below` or `above`.
    pub to: &'static str,
    /// How many steps of all series.
    pub steps: usize,
    /// Share of the steps that start there.
    pub share: Option<f64>,
}

/// What [`ChronicAndSudden`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChronicAndSuddenResult {
    /// The settings.
    pub settings: ChronicAndSudden,
    /// One row a series.
    pub rows: Vec<CourseRow>,
    /// One row a period.
    pub points: Vec<CoursePoint>,
    /// Steps below and above the bar.
    pub transitions: Vec<Transition>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl ChronicAndSudden {
    /// Reads every dated series.
    ///
    /// # Errors
    /// As said above.
    pub fn run(&self, assessment: &Assessment) -> Result<ChronicAndSuddenResult> {
        self.check()?;
        let (found, mut notes) = series(self, assessment)?;
        let (mut rows, mut points) = (Vec::new(), Vec::new());
        let mut steps = [[0_usize; 2]; 2];
        for series in &found {
            let (row, own) = self.row(series);
            let highs: Vec<Option<bool>> = own.iter().map(|p| p.high).collect();
            for (from, to) in highs.iter().zip(highs.iter().skip(1)).filter_map(|(a, b)| (*a).zip(*b)) {
                if let Some(slot) = steps.get_mut(usize::from(from)).and_then(|row| row.get_mut(usize::from(to))) {
                    *slot += 1;
                }
            }
            rows.push(row);
            points.extend(own);
        }
        let short = rows.iter().filter(|r| r.reason == Some("too few periods")).count();
        if short > 0 {
            let message =
                format!("{short} series have fewer than {} periods: level is shown, shock and recovery are not told", self.least_periods);
            notes.push(Note::new("too-few-periods", message, Vec::<String>::new()));
        }
        let words = ["below", "above"];
        let mut transitions = Vec::new();
        for (from, row) in words.into_iter().zip(steps) {
            let all: usize = row.iter().sum();
            transitions.extend(words.into_iter().zip(row).map(|(to, steps)| Transition {
                from,
                to,
                steps,
                share: (all > 0).then(|| steps as f64 / all as f64),
            }));
        }
        Ok(ChronicAndSuddenResult { settings: self.clone(), rows, points, transitions, notes })
    }

    fn check(&self) -> Result<()> {
        for (name, value) in [("chronic_share", self.chronic_share), ("cut", self.cut), ("least", self.least)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::argument(format!("`{name}`: found {value}, wanted a number from 0 to 1")));
            }
        }
        for (name, value) in [("z", self.z), ("cusum_k", self.cusum_k), ("cusum_h", self.cusum_h)] {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(Error::argument(format!("`{name}`: found {value}, wanted a number not below 0")));
            }
        }
        match &self.baseline {
            Some(BaselinePeriods::First(0)) => Err(Error::argument("`baseline`: found 0 periods, wanted at least 1")),
            Some(BaselinePeriods::Within(period)) if span(period).is_none() => {
                Err(Error::argument(format!("`baseline`: found `{period}`, wanted a number of periods or a period such as `2008`")))
            }
            _ => Ok(()),
        }
    }

    /// Positions the baseline is taken from.
    fn base(&self, spans: &[(i64, i64)]) -> Vec<bool> {
        match &self.baseline {
            None => vec![true; spans.len()],
            Some(BaselinePeriods::First(k)) => (0..spans.len()).map(|at| at < *k).collect(),
            Some(BaselinePeriods::Within(period)) => {
                let (first, last) = span(period).unwrap_or((0, -1));
                spans.iter().map(|(a, b)| *a >= first && *b <= last).collect()
            }
        }
    }

    fn row(&self, series: &Series) -> (CourseRow, Vec<CoursePoint>) {
        let shown: Vec<usize> = (0..series.points.len()).filter(|at| series.points.get(*at).is_some_and(|p| !p.hidden)).collect();
        let kept = || shown.iter().filter_map(|at| series.points.get(*at));
        let values: Vec<f64> = kept().map(|p| p.value).collect();
        let spans: Vec<(i64, i64)> = kept().map(|p| p.span).collect();
        let worse: Vec<f64> = values.iter().map(|v| if series.worse_below { -v } else { *v }).collect();
        let highs: Vec<Option<bool>> = values.iter().map(|v| series.high(*v, self.cut)).collect();
        let known = highs.iter().flatten().count();
        let share = (known > 0 && known == highs.len()).then(|| highs.iter().filter(|h| **h == Some(true)).count() as f64 / known as f64);
        let mut row = CourseRow {
            threat: series.threat.clone(),
            indicator: series.indicator.clone(),
            place: series.place.clone(),
            group: series.group.clone(),
            periods: values.len(),
            level: median(&values),
            chronic: None,
            share,
            shock: None,
            shock_date: None,
            robust_z: None,
            cusum_alarm: None,
            recovery: None,
            recovery_days: None,
            recovered: None,
            loss_area: None,
            class: Course::NotAssessed,
            reason: None,
            kind: series.kind,
            baseline: None,
            suppressed: series.points.len() - values.len(),
        };
        let mut scores: Vec<Option<f64>> = vec![None; values.len()];
        let mut sums: Vec<Option<f64>> = vec![None; values.len()];
        let mut peak = None;
        let base = self.base(&spans);
        let flat = if self.seasonal { series.without_seasons(&worse, &base, &shown) } else { worse };
        let of_base: Vec<f64> = flat.iter().zip(&base).filter(|(_, b)| **b).map(|(v, _)| *v).collect();
        if values.len() < self.least_periods {
            row.reason = Some("too few periods");
        } else if let Some(mut baseline) = Baseline::of(&of_base) {
            // a baseline that never moves gives no scale: what follows it does
            if baseline.scale.is_none() {
                baseline.scale = Baseline::of(&flat).and_then(|all| all.scale);
            }
            let turned = if series.worse_below { -baseline.level } else { baseline.level };
            row.baseline = Some(turned);
            scores = flat.iter().map(|v| baseline.z(*v)).collect();
            let steady: Option<Vec<f64>> = scores.iter().copied().collect();
            if let Some(steady) = steady {
                let upper = cusum(&steady, 0.0, self.cusum_k);
                let alarm = upper.iter().position(|s| s[0] > self.cusum_h + 1e-9);
                row.cusum_alarm = alarm.and_then(|at| shown.get(at)).and_then(|at| series.points.get(*at)).map(|p| p.period.clone());
                sums = upper.iter().map(|s| Some(s[0])).collect();
            }
            row.robust_z = scores.iter().flatten().copied().reduce(f64::max);
            let least = self.least * series.width.unwrap_or(1.0);
            row.recovered = Some(Recovery::NoShock);
            if let Some(found) = shock(&flat, &baseline, self.z, least, 0.1) {
                peak = Some(found.peak);
                let at = |position: usize| shown.get(position).and_then(|at| series.points.get(*at));
                row.shock = Some(found.size);
                row.shock_date = at(found.peak).map(|p| p.period.clone());
                row.robust_z = baseline.z(flat.get(found.peak).copied().unwrap_or(baseline.level));
                row.recovery = found.back.map(|back| back - found.peak);
                row.recovery_days = found.back.and_then(at).zip(at(found.peak)).map(|(b, p)| b.span.0 - p.span.0);
                row.recovered = Some(if found.back.is_some() { Recovery::Recovered } else { Recovery::NotYet });
                row.loss_area = Some(found.loss);
            }
            row.chronic = share.map(|share| share >= self.chronic_share - 1e-9);
            row.class = match (row.chronic, peak.is_some()) {
                (Some(true), true) => Course::Both,
                (Some(true), false) => Course::Chronic,
                (_, true) => Course::Sudden,
                (Some(false), false) => Course::Neither,
                (None, false) => Course::NotAssessed,
            };
            row.reason = match row.class {
                Course::NotAssessed => Some("no threshold to measure it by"),
                Course::Sudden if row.chronic.is_none() => Some("whether it is chronic cannot be told: no threshold"),
                _ => None,
            };
        } else {
            row.reason = Some("no period of the baseline");
        }
        let points = series.points.iter().enumerate().map(|(at, point)| {
            let own = shown.binary_search(&at).ok();
            let of = |list: &[Option<f64>]| own.and_then(|at| list.get(at)).copied().flatten();
            CoursePoint {
                threat: series.threat.clone(),
                indicator: series.indicator.clone(),
                place: series.place.clone(),
                group: series.group.clone(),
                period: point.period.clone(),
                value: (!point.hidden).then_some(point.value),
                robust_z: of(&scores),
                cusum: of(&sums),
                high: own.and_then(|at| highs.get(at)).copied().flatten(),
                state: if point.hidden {
                    "suppressed"
                } else if own.is_some() && own == peak {
                    "shock"
                } else {
                    "value"
                },
            }
        });
        (row, points.collect())
    }
}

crate::tables::arrow_tables!(ChronicAndSuddenResult);

impl ChronicAndSuddenResult {
    /// Settings, facts, tables (`chronic_and_sudden`, `points`, `transitions`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("chronic_and_sudden", &self.settings)?;
        for class in Course::ALL {
            let count = self.rows.iter().filter(|r| r.class == *class).count();
            outcome.facts.insert(class.word().replace('-', "_"), json!(count));
        }
        outcome.tables = chronic_tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
