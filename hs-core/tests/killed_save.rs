//! A save of a data package that is killed at any moment leaves the old package or the new one, whole.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use hs_core::{Assessment, Limits, exchange};

const WHERE: &str = "HS_TEST_KILLED_SAVE";

/// Two assessments of different size in every file.
fn assessment(rows: usize) -> Assessment {
    let note = "x".repeat(500);
    let threats: Vec<String> =
        (0..rows).map(|i| format!(r#"{{"id": "t{i}", "name": "Threat {i}", "component": "food", "note": "{note}"}}"#)).collect();
    let text = format!(r#"{{"schema": "human-security/1", "id": "a{rows}", "title": "A", "threats": [{}]}}"#, threats.join(","));
    Assessment::from_json(&text).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Saves for ever in a process of its own, which the test below starts and kills; does nothing otherwise.
#[test]
fn saves_for_ever() {
    let Some(folder) = std::env::var_os(WHERE) else { return };
    let both = [assessment(3), assessment(400)];
    for next in both.iter().cycle() {
        exchange::save(next, Path::new(&folder), None).unwrap();
    }
}

#[test]
fn a_killed_save_leaves_a_whole_package() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("package");
    let both = [assessment(3), assessment(400)];
    exchange::save(&both[0], &folder, None).unwrap();
    for round in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saves_for_ever", "--nocapture"])
            .env(WHERE, &folder)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 + 13 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = exchange::load(&folder, &Limits::default()).unwrap();
        assert!(both.contains(&found), "round {round}");
    }
    exchange::save(&both[1], &folder, None).unwrap();
    assert_eq!(names(parent.path()), ["package"], "leftovers stay");
}
