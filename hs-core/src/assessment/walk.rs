//! The tree against every rule of the format.

use super::document::{Limits, Node};
use super::found::Problems;
use crate::{ProblemKind, Result};

pub(super) fn check(document: &Node, _: &Limits) -> Result<()> {
    let mut problems = Problems::new(document);
    if document.entries().is_none() {
        problems.add(ProblemKind::WrongType, &[], |mut problem| {
            problem.wanted = "an object".into();
            problem
        });
    }
    problems.finish().map_or(Ok(()), Err)
}
