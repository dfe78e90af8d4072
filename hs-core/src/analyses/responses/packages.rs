//! Interventions one by one, and the packages that take some of them together.

use super::externalities::Externalities;
use super::options::Options;
use crate::framework::Component;
use crate::tables::Note;
use crate::{Error, Result};

/// Interventions taken together, under the name that stands in tables.
pub(super) struct Set {
    pub(super) name: String,
    /// The component a single intervention targets; none of a package.
    pub(super) component: Option<Component>,
    /// Positions among the options.
    pub(super) members: Vec<usize>,
}

/// The single interventions asked for, then the packages by name.
///
/// # Errors
/// `Argument` for a package named like an intervention, without members, with one twice, or with two that exclude each other; `NotFound` for
/// a member that does not exist.
pub(super) fn sets(settings: &Externalities, options: &Options<'_>) -> Result<Vec<Set>> {
    let known = options.interventions();
    let single = |(at, intervention): (usize, &&crate::assessment::Intervention)| Set {
        name: intervention.id.clone(),
        component: Some(intervention.component),
        members: vec![at],
    };
    let asked = settings.interventions.as_ref().map_or(known.len(), Vec::len);
    let mut sets: Vec<Set> = known.iter().enumerate().take(asked).map(single).collect();
    for (name, ids) in &settings.packages {
        if options.is_intervention(name) {
            return Err(Error::argument(format!("the package `{name}` is named like an intervention, wanted a name of its own")));
        }
        if ids.is_empty() {
            return Err(Error::argument(format!("the package `{name}` holds no intervention, wanted at least one")));
        }
        let mut members = Vec::with_capacity(ids.len());
        for id in ids {
            let at = options.position(id).ok_or_else(|| Error::not_found("intervention", id, known.iter().map(|i| i.id.as_str())))?;
            if members.contains(&at) {
                return Err(Error::argument(format!("the package `{name}` names `{id}` twice")));
            }
            members.push(at);
        }
        for intervention in members.iter().filter_map(|at| known.get(*at)) {
            if let Some(other) = intervention.excludes.iter().find(|id| ids.contains(id)) {
                let message =
                    format!("the package `{name}` holds `{}` and `{other}`, which exclude each other: take one out", intervention.id);
                return Err(Error::argument(message));
            }
        }
        sets.push(Set { name: name.clone(), component: None, members });
    }
    Ok(sets)
}

/// What members of packages require and the package does not hold.
pub(super) fn missing(settings: &Externalities, options: &Options<'_>) -> Option<Note> {
    let mut found = Vec::new();
    for (name, ids) in &settings.packages {
        for intervention in options.interventions().iter().filter(|i| ids.contains(&i.id)) {
            let wanting = intervention.requires.iter().filter(|id| !ids.contains(id));
            found.extend(wanting.map(|id| format!("{name}: {} requires {id}", intervention.id)));
        }
    }
    let message = "interventions of a package require others that it does not hold; the package was run as it stands";
    (!found.is_empty()).then(|| Note::new("package-requires", message, found))
}
