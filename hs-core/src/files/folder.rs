//! Folders of a few known files: reading inside them, replacing them whole.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::refused;
use crate::{Error, ErrorKind, Result};

/// How the name of a folder in the making starts and ends.
const UNFINISHED: (&str, &str) = (".human-security-", ".folder");
/// Where a file system cannot exchange two folders: how the name of one set aside ends.
const ASIDE: &str = ".human-security-old";
/// Files that are the user's own and stay.
const KEPT: &str = "README.md";
/// What desktops leave in folders.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Whether the path is a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether a folder holds nothing.
///
/// # Errors
/// `File` where it cannot be read.
pub fn is_empty(folder: &Path) -> Result<bool> {
    Ok(fs::read_dir(folder).map_err(|fault| refused(folder, "read", &fault))?.next().is_none())
}

/// The real path of a regular file inside a folder, links followed.
///
/// # Errors
/// `File` where there is no such regular file, or where a link leads out of the folder.
pub fn inside(folder: &Path, relative: &str) -> Result<PathBuf> {
    let no = |why: &str| Error::new(ErrorKind::File, format!("`{}`, {why}", crate::shown(relative)));
    let root = fs::canonicalize(folder).map_err(|fault| refused(folder, "read", &fault))?;
    let path = fs::canonicalize(root.join(relative)).map_err(|_| no("which is not there"))?;
    if !path.starts_with(&root) {
        return Err(no("a link that leads out of the folder"));
    }
    if !path.is_file() {
        return Err(no("which is no regular file"));
    }
    Ok(path)
}

/// Writes a folder of files, so that whoever reads it finds the old folder or the new one whole, even if the save is killed.
///
/// The files go to a folder beside it, reach the disk, and the two folders change places in one step. An existing folder may
/// hold only files of the `known` names, of which one is the last of `files`, and a `README.md`, which is carried over.
///
/// # Errors
/// `File` where the folder holds anything else or cannot be written; the old folder is then as it was.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)], known: &[String]) -> Result<()> {
    let fault = |fault: std::io::Error| refused(folder, "write", &fault);
    // a link to a folder stays a link
    let folder = if folder.is_dir() { fs::canonicalize(folder).map_err(fault)? } else { folder.to_path_buf() };
    let name = folder.file_name().and_then(|name| name.to_str());
    let Some(name) = name else {
        return Err(Error::new(ErrorKind::File, format!("cannot write `{}`: it names no folder", folder.display())));
    };
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let aside = parent.join(format!(".{name}{ASIDE}"));
    sweep(parent, known);
    if fs::symlink_metadata(&folder).is_err() && aside.is_dir() {
        // a save was killed between its two steps: the earlier folder comes back first
        fs::rename(&aside, &folder).map_err(fault)?;
    } else {
        remove(&aside, known);
    }
    let old = existing(&folder, files.last().map_or("", |(name, _)| name), known)?;
    let unfinished = begin(parent, old.as_ref()).map_err(fault)?;
    for (name, bytes) in files {
        write_new(&unfinished.path().join(name), bytes, old.as_ref().map(|_| folder.join(name)).as_deref()).map_err(fault)?;
    }
    if old.is_some() && folder.join(KEPT).is_file() && !files.iter().any(|(name, _)| name == KEPT) {
        fs::copy(folder.join(KEPT), unfinished.path().join(KEPT)).map_err(fault)?;
    }
    synchronise(unfinished.path()).map_err(fault)?;
    match old {
        None => {
            fs::rename(unfinished.path(), &folder).map_err(fault)?;
            let _ = unfinished.keep();
        }
        Some(_) => {
            let replaced = replace(unfinished.path(), &folder, &aside).map_err(fault)?;
            let _ = unfinished.keep();
            remove(&replaced, known);
        }
    }
    synchronise(parent).map_err(fault)
}

/// What is known of the folder that is to be replaced; `None` where there is none.
fn existing(folder: &Path, needed: &str, known: &[String]) -> Result<Option<fs::Metadata>> {
    let Ok(about) = fs::symlink_metadata(folder) else { return Ok(None) };
    let no = |why: String| Err(Error::new(ErrorKind::File, format!("cannot write `{}`: {why}", folder.display())));
    if !about.is_dir() {
        return no("it is no folder".into());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|fault| refused(folder, "write", &fault))? {
        let entry = entry.map_err(|fault| refused(folder, "write", &fault))?;
        let folder_of_its_own = entry.file_type().is_ok_and(|kind| kind.is_dir());
        names.push((entry.file_name().to_string_lossy().into_owned(), folder_of_its_own));
    }
    names.sort();
    let ours = |name: &str| known.iter().any(|k| k == name) || name == KEPT || LITTER.contains(&name) || name.starts_with(UNFINISHED.0);
    if let Some((stranger, _)) = names.iter().find(|(name, is_folder)| *is_folder || !ours(name)) {
        return no(format!("it holds `{}`, which is no part of a data package; save to a folder of its own", crate::shown(stranger)));
    }
    if !names.is_empty() && !names.iter().any(|(name, _)| name == needed) {
        return no(format!("it holds files but no `{needed}`; save to a folder of its own"));
    }
    Ok(Some(about))
}

/// A new folder beside the other, locked for as long as it is in the making.
fn begin(parent: &Path, old: Option<&fs::Metadata>) -> std::io::Result<Unfinished> {
    loop {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // narrowed by the user's mask, as for any new folder
            builder.permissions(old.map_or_else(|| fs::Permissions::from_mode(0o777), fs::Metadata::permissions));
        }
        #[cfg(not(unix))]
        let _ = old;
        let folder = builder.tempdir_in(parent)?;
        // where folders cannot be locked, leftovers cannot be told either: nothing is swept there
        let lock = File::open(folder.path()).ok().filter(|open| open.lock().is_ok());
        if lock.is_none() || folder.path().is_dir() {
            return Ok(Unfinished { folder, _lock: lock });
        }
        // another save swept it between its making and its lock
    }
}

/// A folder in the making; removed if the save fails.
struct Unfinished {
    folder: tempfile::TempDir,
    _lock: Option<File>,
}

impl Unfinished {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// It has a name of its own now.
    fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn write_new(path: &Path, bytes: &[u8], old: Option<&Path>) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    // a file that only its owner may read stays so
    if let Some(about) = old.and_then(|old| fs::symlink_metadata(old).ok()).filter(fs::Metadata::is_file) {
        file.set_permissions(about.permissions())?;
    }
    file.sync_all()
}

fn synchronise(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Puts the new folder in the place of the old one; gives the path where the old one is now.
fn replace(new: &Path, folder: &Path, aside: &Path) -> std::io::Result<PathBuf> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, folder, RenameFlags::EXCHANGE).is_ok() {
            return Ok(new.to_path_buf());
        }
    }
    // not every file system exchanges: in two steps, with the old folder under a name that the next save knows
    fs::rename(folder, aside)?;
    if let Err(fault) = fs::rename(new, folder) {
        fs::rename(aside, folder)?;
        return Err(fault);
    }
    Ok(aside.to_path_buf())
}

/// Removes a folder of ours; what is in it and not ours stays, and so does the folder.
fn remove(folder: &Path, known: &[String]) {
    for name in known.iter().map(String::as_str).chain([KEPT]).chain(LITTER) {
        // another sweep may have been faster
        let _ = fs::remove_file(folder.join(name));
    }
    let _ = fs::remove_dir(folder);
}

/// Removes what killed saves left beside the folder.
fn sweep(parent: &Path, known: &[String]) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1));
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        if File::open(entry.path()).is_ok_and(|leftover| leftover.try_lock().is_ok()) {
            remove(&entry.path(), known);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<(String, Vec<u8>)> {
        vec![("a.csv".into(), text.into()), ("p.json".into(), text.into())]
    }

    fn known() -> Vec<String> {
        vec!["a.csv".into(), "b.csv".into(), "p.json".into()]
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_replaced_whole_and_its_readme_stays() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("package");
        write_folder(&folder, &files("one"), &known()).unwrap();
        fs::write(folder.join("README.md"), "mine").unwrap();
        fs::write(folder.join("b.csv"), "old").unwrap();
        write_folder(&folder, &files("two"), &known()).unwrap();
        assert_eq!(names(&folder), ["README.md", "a.csv", "p.json"]);
        assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "two");
        assert_eq!(fs::read_to_string(folder.join("README.md")).unwrap(), "mine");
        assert_eq!(names(parent.path()), ["package"]);
    }

    #[test]
    fn a_folder_with_other_things_is_refused_and_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("thesis.txt"), "").unwrap();
        let refused = write_folder(parent.path(), &files("x"), &known()).unwrap_err();
        assert!(refused.message.contains("`thesis.txt`"), "{refused}");
        assert_eq!(names(parent.path()), ["thesis.txt"]);
        let other = parent.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("a.csv"), "someone's").unwrap();
        assert!(write_folder(&other, &files("x"), &known()).unwrap_err().message.contains("no `p.json`"));
        let file = parent.path().join("thesis.txt");
        assert_eq!(write_folder(&file, &files("x"), &known()).unwrap_err().kind, ErrorKind::File);
    }

    #[test]
    fn leftovers_of_killed_saves_are_swept_and_a_folder_set_aside_comes_back() {
        let parent = tempfile::tempdir().unwrap();
        let leftover = parent.path().join(".human-security-abc123.folder");
        fs::create_dir(&leftover).unwrap();
        fs::write(leftover.join("a.csv"), "half").unwrap();
        let aside = parent.path().join(".package.human-security-old");
        fs::create_dir(&aside).unwrap();
        fs::write(aside.join("p.json"), "old").unwrap();
        fs::write(aside.join("README.md"), "mine").unwrap();
        let folder = parent.path().join("package");
        write_folder(&folder, &files("new"), &known()).unwrap();
        assert_eq!(names(parent.path()), ["package"]);
        assert_eq!(names(&folder), ["README.md", "a.csv", "p.json"]);
    }

    #[test]
    fn a_save_in_the_making_is_not_swept_by_another() {
        let parent = tempfile::tempdir().unwrap();
        let unfinished = begin(parent.path(), None).unwrap();
        fs::write(unfinished.path().join("a.csv"), "half").unwrap();
        sweep(parent.path(), &known());
        assert!(unfinished.path().join("a.csv").is_file());
    }

    #[test]
    fn the_file_modes_of_the_old_folder_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("package");
        write_folder(&folder, &files("one"), &known()).unwrap();
        fs::set_permissions(folder.join("a.csv"), fs::Permissions::from_mode(0o600)).unwrap();
        write_folder(&folder, &files("two"), &known()).unwrap();
        assert_eq!(fs::metadata(folder.join("a.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn links_are_followed_inside_the_folder_only() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("package");
        fs::create_dir(&folder).unwrap();
        fs::write(parent.path().join("secret.csv"), "").unwrap();
        fs::write(folder.join("a.csv"), "").unwrap();
        std::os::unix::fs::symlink("../secret.csv", folder.join("out.csv")).unwrap();
        std::os::unix::fs::symlink("a.csv", folder.join("in.csv")).unwrap();
        std::os::unix::fs::symlink("..", folder.join("up")).unwrap();
        assert!(inside(&folder, "in.csv").is_ok());
        assert!(inside(&folder, "out.csv").unwrap_err().message.contains("leads out"));
        assert!(inside(&folder, "up/secret.csv").unwrap_err().message.contains("leads out"));
        assert!(inside(&folder, "up").is_err());
        assert!(inside(&folder, "none.csv").unwrap_err().message.contains("not there"));
    }
}
