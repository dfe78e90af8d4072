//! What is known of every cell, on how many people it rests, and how sure it is: the one reading behind the questions on groups.

use crate::analyses::thresholds::{CriticalCell, Criticality, Observations};
use crate::assessment::{ConditionKind, span};
use crate::kernels::contrast::Doubt;
use crate::tables::Note;
use crate::{Assessment, Result};

/// How many standard errors an observed value's range spans to either side.
const STANDARD_ERRORS: f64 = 1.959_963_984_540_054;

/// A cell with what stands behind it.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) cell: CriticalCell,
    /// Of the severity, else of the prevalence.
    pub(super) kind: ConditionKind,
    /// The least sample size behind it; none where no observation feeds it or none says its size.
    pub(super) n: Option<u64>,
    pub(super) severity: Option<(f64, Doubt)>,
    pub(super) prevalence: Option<(f64, Doubt)>,
}

/// Criticality as the questions on groups ask it: conditions first, then observations.
pub(super) fn filled(period: Option<&str>, prevalence_from: &[String]) -> Criticality {
    Criticality {
        period: period.map(str::to_owned),
        observations: Observations::Fill,
        prevalence_from: prevalence_from.to_vec(),
        ..Criticality::default()
    }
}

/// Every cell that anything is known of, as stated, in the order of places, threats and groups.
pub(super) fn sight(assessment: &Assessment, criticality: &Criticality) -> Result<(Vec<Sight>, Vec<Note>)> {
    let found = criticality.run(assessment)?;
    let sights = found.cells.into_iter().map(|cell| of(assessment, criticality, cell)).collect();
    Ok((sights, found.notes))
}

fn of(assessment: &Assessment, criticality: &Criticality, cell: CriticalCell) -> Sight {
    let severity_observed = cell.severity_from == Some("observation");
    let prevalence_observed = cell.prevalence_from == Some("observation");
    let behind = Behind::new(assessment, criticality, &cell);
    let stated = cell.conditions.iter().filter_map(|at| assessment.conditions.get(*at as usize));
    let first = stated.map(|c| c.kind.unwrap_or(ConditionKind::Expert)).next();
    let observed = if cell.severity.is_some() { severity_observed } else { prevalence_observed };
    let kind = if observed { ConditionKind::Indicator } else { first.unwrap_or(ConditionKind::Expert) };
    let doubt = |range: Option<(f64, f64)>, observed: bool, sampled: bool| match range {
        None => Doubt::None,
        Some((low, high)) if observed && sampled => Doubt::StandardError((high - low) / (2.0 * STANDARD_ERRORS)),
        Some((low, high)) => Doubt::Range(low, high),
    };
    let mut n: Option<u64> = None;
    for (observed, own) in [(severity_observed, behind.n[0]), (prevalence_observed, behind.n[1])] {
        n = if observed { n.into_iter().chain(own).min() } else { n };
    }
    Sight {
        severity: cell.severity.map(|value| (value, doubt(cell.severity_range, severity_observed, behind.sampled[0]))),
        prevalence: cell.prevalence.map(|value| (value, doubt(cell.prevalence_range, prevalence_observed, behind.sampled[1]))),
        kind,
        n,
        cell,
    }
}

/// The observations behind a cell: severity, then prevalence.
struct Behind {
    n: [Option<u64>; 2],
    /// Whether the range comes from standard errors alone.
    sampled: [bool; 2],
}

impl Behind {
    fn new(assessment: &Assessment, criticality: &Criticality, cell: &CriticalCell) -> Behind {
        let asked = criticality.period.as_deref().and_then(span);
        let mut behind = Behind { n: [None; 2], sampled: [false; 2] };
        if criticality.observations != Observations::Fill {
            return behind;
        }
        for (part, n) in behind.n.iter_mut().enumerate() {
            let of_part = |id: &str| criticality.prevalence_from.iter().any(|p| p == id) == (part == 1);
            let indicator =
                |id: &str| assessment.indicators.iter().find(|i| i.id == id && i.threat.as_deref() == Some(&cell.threat) && of_part(&i.id));
            let own = assessment.observations.iter().filter(|o| o.place == cell.place && o.group == cell.group);
            let own: Vec<_> = own.filter_map(|o| indicator(&o.indicator).map(|i| (i, o))).collect();
            let when = |period: &str| span(period).map(|(first, last)| (last, first));
            let within = |period: &str| asked.is_none_or(|(a, b)| span(period).is_some_and(|(first, last)| first >= a && last <= b));
            let latest = own.iter().filter(|(_, o)| within(&o.period)).map(|(_, o)| when(&o.period)).max();
            let chosen = || own.iter().filter(|(_, o)| within(&o.period) && Some(when(&o.period)) == latest);
            *n = chosen().filter_map(|(_, o)| o.n).min();
            let closed = |i: &crate::assessment::Indicator| i.minimum.is_some() && i.maximum.is_some();
            if let Some(flag) = behind.sampled.get_mut(part) {
                *flag = chosen().next().is_some() && chosen().all(|(i, o)| o.standard_error.is_some() && closed(i));
            }
        }
        behind
    }
}

/// Whether a cell's figures rest on too few people to be shown: its sample, or either side of a share counted in it.
pub(super) fn too_few(sight: &Sight, min_n: u64) -> bool {
    let Some(n) = sight.n.filter(|_| min_n > 0) else { return false };
    let counted = sight.cell.prevalence_from == Some("observation");
    let side = |share: f64| {
        let persons = share * n as f64;
        persons > 1e-9 && persons < min_n as f64 - 1e-9
    };
    n < min_n || sight.cell.prevalence.filter(|_| counted).is_some_and(|p| side(p) || side(1.0 - p))
}
