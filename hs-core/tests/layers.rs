//! The walls of the house: which module may name which, and what none of them may touch.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the core, and the other modules it may name. `error` and `settings` are everyone's.
const MAY_NAME: [(&str, &[&str]); 13] = [
    ("error", &[]),
    ("settings", &[]),
    ("kernels", &[]),
    ("framework", &["tables"]),
    // the result of `check` is a table
    ("assessment", &["framework", "tables"]),
    ("tables", &["framework", "assessment"]),
    ("files", &["assessment"]),
    // the survey to practise on: drawn by counter, with the scheme that scores it
    ("examples", &["framework", "assessment", "tables", "kernels", "analyses"]),
    ("network", &["framework", "assessment", "tables", "kernels"]),
    ("propagation", &["framework", "assessment", "tables", "kernels", "network"]),
    // the databank's cases speak as prompts
    ("analyses", &["framework", "assessment", "tables", "kernels", "network", "propagation", "examples"]),
    ("exchange", &["framework", "assessment", "tables", "files", "network"]),
    ("reports", &["framework", "assessment", "tables", "files", "network", "propagation", "analyses"]),
];

/// Words of the outside world, and the files that may say them.
const FENCED: [(&str, &[&str]); 13] = [
    ("petgraph", &["network/"]),
    ("arrow_array", &["tables/", "exchange/"]),
    ("arrow_schema", &["tables/", "exchange/"]),
    ("parquet::", &["exchange/parquet_file/"]),
    ("std::fs", &["files.rs", "files/"]),
    ("rustix", &["files.rs", "files/"]),
    ("tempfile", &["files.rs", "files/"]),
    ("std::net", &[]),
    ("std::time", &[]),
    ("std::env", &[]),
    ("println!", &[]),
    ("static mut", &[]),
    ("thread_rng", &[]),
];

/// One source file: its path below `src`, and its code without comments, texts and tests.
struct Source {
    path: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let below = |file: &Path| file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    let sources: Vec<Source> =
        files.iter().map(|file| Source { path: below(file), code: code(&fs::read_to_string(file).unwrap()) }).collect();
    sources.into_iter().filter(|s| !s.path.split('/').any(|part| part == "tests" || part == "tests.rs")).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The code up to the tests at its end, without comments.
fn code(text: &str) -> String {
    let text = text
        .find("#[cfg(test)]\nmod tests {")
        .or_else(|| text.find("#[cfg(test)]\n#[cfg(unix)]\nmod tests {"))
        .map_or(text, |at| &text[..at]);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.split(" // ").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The top-level module of a file, if it is in one.
fn module(path: &str) -> Option<&str> {
    let first = path.split('/').next()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (name != "lib").then_some(name)
}

/// Modules named through `crate::`, also in a list of braces.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        // `$crate` and `some_crate::` are no paths of ours
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + start.len()..];
        let heads: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        for head in heads {
            names.push(head.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

/// The items of a list of braces, those of inner braces left out.
fn top_level(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut from = 0;
    let mut items = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&list[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items
}

/// What the root re-exports stands for the module it comes from.
fn owner<'a>(name: &'a str, re_exports: &'a BTreeMap<String, String>) -> &'a str {
    re_exports.get(name).map_or(name, String::as_str)
}

fn re_exports(library: &str) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for line in library.split(';').map(str::trim).filter_map(|line| line.strip_prefix("pub use ")) {
        let Some((module, names)) = line.split_once("::") else { continue };
        for name in names.trim_matches(['{', '}']).split(',') {
            let last = name.trim().rsplit("::").next().unwrap_or_default();
            owners.insert(last.to_string(), module.trim().to_string());
        }
    }
    owners
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let sources = sources();
    let library = sources.iter().find(|s| s.path == "lib.rs").unwrap();
    let re_exports = re_exports(&library.code);
    let mut broken = Vec::new();
    for source in &sources {
        let Some(module) = module(&source.path) else { continue };
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
            broken.push(format!("{}: module `{module}` has no place in the house; give it one in this test", source.path));
            continue;
        };
        for name in named(&source.code) {
            let owner = owner(&name, &re_exports);
            let free = owner == module || matches!(owner, "error" | "settings" | "");
            if !free && MAY_NAME.iter().any(|(known, _)| *known == owner) && !allowed.contains(&owner) {
                broken.push(format!("{}: `{module}` names `{owner}` (crate::{name})", source.path));
            }
        }
    }
    assert!(broken.is_empty(), "walls are broken:\n{}", broken.join("\n"));
}

#[test]
fn the_outside_world_is_named_in_its_place_alone() {
    let mut broken = Vec::new();
    for source in sources() {
        for (word, places) in FENCED {
            let allowed = places.iter().any(|place| source.path == *place || source.path.starts_with(place));
            if !allowed && source.code.contains(word) {
                broken.push(format!("{}: names `{word}`", source.path));
            }
        }
        if source.path.starts_with("kernels/") && (source.code.contains("serde") || source.code.contains("ndarray")) {
            broken.push(format!("{}: kernels are numbers only", source.path));
        }
    }
    assert!(broken.is_empty(), "walls are broken:\n{}", broken.join("\n"));
}

#[test]
fn the_test_sees_a_broken_wall() {
    assert_eq!(named("use crate::{Error, analyses::{a, b}, reports};\nuse crate::files::x;"), ["Error", "analyses", "reports", "files"]);
    assert_eq!(code("a // crate::b\n/// crate::c\n#[cfg(test)]\nmod tests { crate::d }"), "a");
    let re_exports = re_exports("pub use network::{DominoNetwork, Expansion};\npub use assessment::Assessment;");
    assert_eq!(owner("DominoNetwork", &re_exports), "network");
    assert_eq!(owner("Assessment", &re_exports), "assessment");
}
