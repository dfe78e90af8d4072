//! Who counts as local: of the people affected, or working beside them.

use crate::Assessment;
use crate::assessment::ActorKind;
use crate::framework::Level;

/// Whether an actor is local: a community's own, or a state body, organisation or firm that acts in a local or district place. Bodies of
/// the United Nations, other international organisations and armed groups are not, wherever they act.
pub(super) fn is_local(assessment: &Assessment, actor: &str) -> bool {
    let Some(actor) = assessment.actors.iter().find(|a| a.id == actor) else { return false };
    let low = |id: &String| assessment.places.iter().any(|p| p.id == *id && p.level <= Level::District);
    match actor.kind {
        ActorKind::Community => true,
        ActorKind::Un | ActorKind::International | ActorKind::Armed => false,
        ActorKind::State | ActorKind::Ngo | ActorKind::Private | ActorKind::Other => actor.places.iter().any(low),
    }
}
