//! What an option changes: severity before and after by indicator and domain, and what that does to the share deprived.

use super::PeopleMoved;
use super::places::Target;
use crate::analyses::responses::externality_result::HorizonWord;
use crate::analyses::responses::options::Options;
use crate::analyses::responses::shocks::Scenario;
use crate::kernels::Tick;
use crate::kernels::crossing::Moves;
use crate::propagation::Anchored;
use crate::{Error, ErrorKind, Result};

/// Severity before and after of each indicator; none where nothing speaks of it.
pub(super) type Change = Option<(f64, f64)>;

/// Changes by domain and indicator: all that the survey's side needs to know of the network.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Changes {
    pub of: Vec<Vec<Change>>,
}

impl Changes {
    /// The changes of severities that move by Δ.
    pub(super) fn new(targets: &[Vec<Target>], baseline: &[f64], delta: &[f64]) -> Self {
        let one = |target: &Target| {
            let position = target.ok()?;
            let x0 = *baseline.get(position)?;
            let d = *delta.get(position)?;
            Some((x0, if d == 0.0 { x0 } else { (x0 + d).clamp(0.0, 1.0) }))
        };
        Changes { of: targets.iter().map(|targets| targets.iter().map(one).collect()).collect() }
    }
}

/// An intervention, a package, or all together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    pub name: String,
    /// Positions among the options.
    pub set: Vec<usize>,
}

/// A choice by name, and the ids of its interventions.
pub(super) type Named = (String, Vec<String>);

/// Every choice that a row of a table speaks of, and the ids of all interventions that they need.
pub(super) fn choices(settings: &PeopleMoved, all: &[&str]) -> Result<(Vec<Named>, Vec<String>)> {
    let chosen: Vec<String> = settings.interventions.clone().unwrap_or_else(|| all.iter().map(|id| (*id).to_owned()).collect());
    let mut needed = chosen.clone();
    let mut choices: Vec<Named> = chosen.iter().map(|id| (id.clone(), vec![id.clone()])).collect();
    for (name, ids) in &settings.packages {
        if all.contains(&name.as_str()) {
            return Err(Error::argument(format!(
                "the package `{}` has the id of an intervention, wanted another name",
                crate::shown(name)
            )));
        }
        if let Some(wrong) = wrong(ids) {
            return Err(Error::argument(format!("the package `{}` {wrong}", crate::shown(name))));
        }
        needed.extend(ids.iter().cloned());
        choices.push((name.clone(), ids.clone()));
    }
    if settings.together {
        if choices.iter().any(|(name, _)| name == TOGETHER) {
            return Err(Error::argument("an intervention or package is called `together`, wanted another name beside `together`"));
        }
        choices.push((TOGETHER.into(), chosen));
    }
    let mut distinct: Vec<String> = Vec::new();
    for id in needed {
        if !distinct.contains(&id) {
            distinct.push(id);
        }
    }
    Ok((choices, distinct))
}

fn wrong(ids: &[String]) -> Option<String> {
    if ids.is_empty() {
        return Some("holds no intervention, wanted at least one".into());
    }
    let twice = ids.iter().enumerate().find(|(at, id)| ids.iter().take(*at).any(|other| other == *id));
    twice.map(|(_, id)| format!("names `{}` twice", crate::shown(id)))
}

/// The name of all chosen ones taken together.
pub(super) const TOGETHER: &str = "together";

/// Δ of all shocks of a choice in one course, in a world; none where it is undefined.
pub(super) fn respond(
    options: &Options<'_>,
    world: &Anchored,
    choice: &Choice,
    course: &Scenario,
    word: HorizonWord,
    tick: Tick<'_>,
) -> Result<Option<Vec<f64>>> {
    let (shocks, _) = options.shocks_in(world, &choice.set, course);
    let response = options.respond_in(world, &shocks, &[word], tick)?;
    Ok(response.into_iter().next().and_then(|r| r.net.delta))
}

/// Whether an error says that a drawn network has no finite answer, which is a fact about the draw.
pub(super) fn is_no_answer(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Diverging | ErrorKind::Undefined)
}

/// The share deprived before and after, by indicator; none in a domain without anyone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shifts {
    pub of: Vec<(f64, f64)>,
    pub moves: Moves,
}

/// What the changes of one domain do there: `bits` are patterns with their weights.
pub(super) fn shifts(settings: &PeopleMoved, still: &Moves, rows: &[(u64, f64)], changes: &[Change], slope: f64) -> Option<Shifts> {
    let all: f64 = rows.iter().map(|(_, weight)| weight).sum();
    if all <= 0.0 {
        return None;
    }
    let mut moves = still.clone();
    let mut of = Vec::with_capacity(changes.len());
    for (bit, change) in changes.iter().enumerate() {
        let with: f64 = rows.iter().filter(|(pattern, _)| pattern >> bit & 1 == 1).map(|(_, weight)| weight).sum();
        let p = (with / all).clamp(0.0, 1.0);
        let after = match change {
            // nobody, or everybody: no odds to move
            Some((x0, x1)) if p > 0.0 && p < 1.0 => settings.link.after(p, *x0, *x1, slope),
            _ => p,
        };
        if after < p {
            moves.lose(bit, (p - after) / p);
        } else if after > p {
            moves.gain(bit, (after - p) / (1.0 - p));
        }
        of.push((p, after));
    }
    Some(Shifts { of, moves })
}
