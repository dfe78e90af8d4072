//! Saving is whole or not at all, whenever it is killed; reading is bounded.
// helpers of tests fail as the tests do
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use hs_core::files::{read_bounded, write_atomic};
use hs_core::{Assessment, ErrorKind, Limits};

const TARGET: &str = "HS_TEST_SAVE_TO";

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Run by `killed_saves_leave_a_whole_file` in a process of its own: saves until it is killed.
#[test]
fn saver() {
    let Some(path) = std::env::var_os(TARGET) else { return };
    for letter in (b'a'..=b'z').cycle() {
        write_atomic(Path::new(&path), &vec![letter; 1 << 20]).unwrap();
    }
}

#[test]
fn killed_saves_leave_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.json");
    fs::write(&path, vec![b'a'; 1 << 20]).unwrap();
    let mut leftovers = 0;
    for round in 0..25 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saver"])
            .env(TARGET, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(15_000 + 1_237 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len(), 1 << 20);
        assert!(bytes.iter().all(|byte| *byte == bytes[0]), "old and new are mixed");
        leftovers += names(folder.path()).len() - 1;
        assert!(names(folder.path()).len() <= 2, "a save did not remove what the one before left");
    }
    write_atomic(&path, b"end").unwrap();
    assert_eq!(names(folder.path()), ["file.json"]);
    assert_eq!(fs::read(&path).unwrap(), b"end");
    println!("{leftovers} of 25 kills left a file behind, each removed by the next save");
}

#[test]
fn a_leftover_goes_and_what_only_looks_like_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at(".human-security-dead.tmp"), b"half").unwrap();
    fs::write(at(".human-security-note.txt"), b"mine").unwrap();
    fs::create_dir(at(".human-security-folder.tmp")).unwrap();
    let open = fs::File::create(at(".human-security-alive.tmp")).unwrap();
    open.lock().unwrap();
    #[cfg(unix)]
    {
        fs::write(at("elsewhere"), b"precious").unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at(".human-security-link.tmp")).unwrap();
    }
    write_atomic(&at("file"), b"new").unwrap();
    assert!(!at(".human-security-dead.tmp").exists());
    for stays in [".human-security-note.txt", ".human-security-folder.tmp", ".human-security-alive.tmp"] {
        assert!(at(stays).exists(), "{stays}");
    }
    #[cfg(unix)]
    assert_eq!(fs::read(at(".human-security-link.tmp")).unwrap(), b"precious");
}

#[test]
fn many_saves_at_once_in_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for worker in 0..8u8 {
            let folder = folder.path();
            scope.spawn(move || {
                for round in 0..40u8 {
                    write_atomic(&folder.join("shared"), &[worker; 4096]).unwrap();
                    write_atomic(&folder.join(format!("own-{worker}")), &[round]).unwrap();
                }
            });
        }
    });
    let shared = fs::read(folder.path().join("shared")).unwrap();
    assert!(shared.len() == 4096 && shared.iter().all(|byte| *byte == shared[0]));
    assert_eq!(names(folder.path()).len(), 9);
}

#[cfg(unix)]
#[test]
fn links_are_replaced_and_permissions_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&real, b"old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    write_atomic(&link, b"new").unwrap();
    assert_eq!(fs::read(&real).unwrap(), b"old");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
    write_atomic(&real, b"newer").unwrap();
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn what_cannot_be_written_is_refused_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_path_buf(), folder.path().join("no/such/folder"), folder.path().join("..")] {
        assert_eq!(write_atomic(&path, b"x").unwrap_err().kind, ErrorKind::File, "{}", path.display());
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn reading_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ten");
    fs::write(&path, b"0123456789").unwrap();
    let read = |bytes| read_bounded(&path, &Limits { bytes, ..Limits::default() }).map_err(|error| error.kind);
    assert_eq!(read(11), Ok(b"0123456789".to_vec()));
    assert_eq!(read(10), Ok(b"0123456789".to_vec()));
    assert_eq!(read(9), Err(ErrorKind::Limit));
    assert_eq!(read(0), Err(ErrorKind::Limit));
    let kind = |path: &Path| read_bounded(path, &Limits::default()).unwrap_err().kind;
    assert_eq!(kind(folder.path()), ErrorKind::File);
    assert_eq!(kind(&folder.path().join("none")), ErrorKind::File);
    #[cfg(target_os = "linux")]
    {
        assert_eq!(kind(Path::new("/dev/zero")), ErrorKind::File);
        // says it is empty and is not
        assert_eq!(
            read_bounded(Path::new("/proc/self/status"), &Limits { bytes: 8, ..Limits::default() }).unwrap_err().kind,
            ErrorKind::Limit
        );
    }
}

#[test]
fn an_assessment_is_saved_and_loaded_equal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("valley.json");
    let base = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents/base.json")).unwrap();
    let mut assessment = Assessment::from_slice(&base, &Limits::default()).unwrap();
    assessment.save(&path, None).unwrap();
    let first = fs::read(&path).unwrap();
    let loaded = Assessment::load(&path, &Limits::default()).unwrap();
    assert_eq!(loaded, assessment);
    loaded.save(&path, None).unwrap();
    assert_eq!(fs::read(&path).unwrap(), first);

    assessment.sensitivity = Some(hs_core::assessment::Sensitivity::Strict);
    assert_eq!(assessment.save(&path, None).unwrap_err().kind, ErrorKind::Sensitivity);
    assert_eq!(assessment.save(&path, Some("restricted")).unwrap_err().kind, ErrorKind::Sensitivity);
    assessment.save(&path, Some("strict")).unwrap();

    let saved = fs::read(&path).unwrap();
    assessment.places[0].id = "not an id".into();
    assert_eq!(assessment.save(&path, Some("strict")).unwrap_err().kind, ErrorKind::Document);
    assert_eq!(fs::read(&path).unwrap(), saved, "a refused save leaves the file as it was");
}
