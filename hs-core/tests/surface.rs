//! An analysis is done when all three languages reach it and its page stands: this test finds every analysis of the core by itself.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "pyi") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// Names that the core gives its outcomes, as in `Outcome::new("root_causes", ..)`.
fn analyses() -> BTreeSet<String> {
    let mut texts = Vec::new();
    sources(&root().join("hs-core/src"), &mut texts);
    let mut names = BTreeSet::new();
    for text in texts {
        for part in text.split("Outcome::new(\"").skip(1) {
            names.insert(part.split('"').next().unwrap().to_owned());
        }
    }
    names
}

/// The page of an analysis whose name is a verb.
fn page(name: &str) -> &str {
    match name {
        "propagate" => "propagation",
        "network" => "expansion",
        other => other,
    }
}

/// What a name is called in C, where a caller's word differs.
fn in_c(name: &str) -> &str {
    if name == "network" { "network_expand" } else { name }
}

#[test]
fn there_are_analyses() {
    let names = analyses();
    for name in ["criticality", "root_causes", "total_effects", "externalities", "pillar_gaps", "propagate", "check"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
}

#[test]
fn every_analysis_has_its_page_with_a_worked_example_and_references() {
    for name in analyses() {
        let path = root().join(format!("docs/methods/{}.md", page(&name)));
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no page {}", path.display()));
        let lower = text.to_lowercase();
        assert!(lower.contains("by hand") || lower.contains("worked example"), "{}: no worked example", path.display());
        assert!(text.contains("References"), "{}: no references", path.display());
    }
}

#[test]
fn every_analysis_has_a_known_answer() {
    // `check` tells in sentences; its answers stand in `check.rs`
    for name in analyses().iter().filter(|name| *name != "check") {
        let folder = root().join("hs-core/tests/cases").join(name);
        let files = fs::read_dir(&folder).map(|files| files.count()).unwrap_or_default();
        assert!(files > 0, "no case in {}", folder.display());
    }
}

#[test]
fn every_analysis_is_in_the_c_header() {
    let header = fs::read_to_string(root().join("hs-ffi/include/hs.h")).unwrap();
    for name in analyses() {
        assert!(header.contains(&format!("hs_{}(", in_c(&name))), "hs.h has no hs_{}", in_c(&name));
    }
}

#[test]
fn every_analysis_is_in_the_python_package() {
    let mut stubs = Vec::new();
    sources(&root().join("hs-py/python/human_security"), &mut stubs);
    let mut faces = stubs.join("\n");
    for entry in fs::read_dir(root().join("hs-py/python/human_security")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "py") {
            faces.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    for name in analyses() {
        assert!(faces.contains(&format!("def {name}(")), "the Python package has no method `{name}`");
    }
}
