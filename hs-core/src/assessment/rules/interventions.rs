//! Interventions: none requires or excludes itself, or excludes what it requires.

use super::{add, array};
use crate::assessment::document::Node;
use crate::assessment::found::Problems;
use crate::{ProblemKind, shown};

pub(super) fn check(document: &Node, problems: &mut Problems<'_>) {
    for intervention in array(document, "interventions") {
        let id = intervention.text("id");
        let mut required: Vec<&str> = intervention.items("requires").filter_map(|other| other.node.text()).collect();
        required.sort_unstable();
        for field in ["requires", "excludes"] {
            for (other, index) in intervention.items(field).zip(0u32..) {
                let Some(other) = other.node.text() else { continue };
                let path = || intervention.at(field, Some(index));
                if Some(other) == id {
                    add(problems, ProblemKind::Conflict, &path(), || {
                        let found = format!("`{}`, the intervention itself", shown(other));
                        (found, "another intervention".into(), Some("leave it out".into()))
                    });
                } else if field == "excludes" && required.binary_search(&other).is_ok() {
                    add(problems, ProblemKind::Conflict, &path(), || {
                        let found = format!("`{}`, which it also requires", shown(other));
                        (found, "an intervention it does not require".into(), Some("keep it in one of the two".into()))
                    });
                }
            }
        }
    }
}
