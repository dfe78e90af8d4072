//! The one place that touches the file system: bounded reading, atomic saving.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

mod folder;

use crate::assessment::{Assessment, Limits};
use crate::{Error, ErrorKind, Result};

pub use folder::{inside, is_empty, is_folder, write_folder};

/// How the name of a file in the making starts and ends.
const UNFINISHED: (&str, &str) = (".human-security-", ".tmp");

/// Reads a whole file of at most `limits.bytes` bytes.
///
/// # Errors
/// `File` where it cannot be read or is no regular file; `Limit` where it is larger; `Memory` where there is no room for it.
pub fn read_bounded(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let fault = |fault: std::io::Error| refused(path, "read", &fault);
    let about = fs::metadata(path).map_err(fault)?;
    // opening a pipe would wait for its writer
    if !about.is_file() {
        return Err(Error::new(ErrorKind::File, format!("cannot read `{}`: it is no regular file", path.display())));
    }
    let over = || {
        let message = format!("`{}` is larger than the limit of {} bytes", path.display(), limits.bytes);
        Error::new(ErrorKind::Limit, message)
    };
    let size = usize::try_from(about.len()).ok().filter(|size| *size <= limits.bytes).ok_or_else(over)?;
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(size.saturating_add(1))
        .map_err(|_| Error::new(ErrorKind::Memory, format!("no memory for the {size} bytes of `{}`", path.display())))?;
    // the file may have grown since
    let most = (limits.bytes as u64).saturating_add(1);
    File::open(path).map_err(fault)?.take(most).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() > limits.bytes { Err(over()) } else { Ok(bytes) }
}

/// Opens a file for reading bit by bit.
///
/// # Errors
/// `File` where it cannot be read or is no regular file.
pub fn open(path: &Path) -> Result<File> {
    let fault = |fault: std::io::Error| refused(path, "read", &fault);
    let no = || Error::new(ErrorKind::File, format!("cannot read `{}`: it is no regular file", path.display()));
    // opening a pipe would wait for its writer
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(no());
    }
    let file = File::open(path).map_err(fault)?;
    // the name may stand for something else by now
    if file.metadata().map_err(fault)?.is_file() { Ok(file) } else { Err(no()) }
}

/// Writes a whole file, so that whoever reads it sees the old one or the new one, never a part, even if the save is killed.
///
/// The bytes go to a file beside it, reach the disk, and take the name in one step. What a killed save left in the folder is
/// removed. A link of that name is replaced, not followed.
///
/// # Errors
/// `File` where the folder or file cannot be written; the old file is then as it was.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let fault = |fault: std::io::Error| refused(path, "write", &fault);
    if path.file_name().is_none() {
        return Err(Error::new(ErrorKind::File, format!("cannot write `{}`: it names no file", path.display())));
    }
    let old = fs::symlink_metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file() && !old.is_symlink()) {
        return Err(Error::new(ErrorKind::File, format!("cannot write `{}`: it is no regular file", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let mut unfinished = begin(folder).map_err(fault)?;
    unfinished.write_all(bytes).map_err(fault)?;
    if let Some(old) = old.filter(fs::Metadata::is_file) {
        unfinished.as_file().set_permissions(old.permissions()).map_err(fault)?;
    }
    unfinished.as_file().sync_all().map_err(fault)?;
    unfinished.persist(path).map_err(|failed| fault(failed.error))?;
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)?;
    Ok(())
}

/// A new file in the folder, locked for as long as it is open: the lock tells it from a killed save's leftover.
fn begin(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    loop {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // narrowed by the user's mask, as for any new file
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let unfinished = builder.tempfile_in(folder)?;
        let locked = loop {
            match unfinished.as_file().lock() {
                Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => {}
                locked => break locked,
            }
        };
        // a file system without locks cannot tell leftovers either: nothing is swept there
        if locked.is_err() {
            return Ok(unfinished);
        }
        // another save may have swept it between its making and its lock
        if same(&unfinished.as_file().metadata()?, unfinished.path()) {
            return Ok(unfinished);
        }
    }
}

/// Removes what killed saves left; what cannot be removed stays for the next save.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1));
        // the type of the entry itself: links and pipes of that name are not ours
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let Ok(leftover) = File::open(&path) else { continue };
        let dead = leftover.try_lock().is_ok() && leftover.metadata().is_ok_and(|about| same(&about, &path));
        if dead {
            // a second sweep may have been faster
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether the name still stands for the open file.
fn same(open: &fs::Metadata, path: &Path) -> bool {
    let Ok(named) = fs::symlink_metadata(path) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        named.is_file() && (named.dev(), named.ino()) == (open.dev(), open.ino())
    }
    #[cfg(not(unix))]
    {
        named.is_file() && named.len() == open.len()
    }
}

fn refused(path: &Path, what: &str, fault: &std::io::Error) -> Error {
    Error::new(ErrorKind::File, format!("cannot {what} `{}`: {}", path.display(), fault.to_string().to_lowercase()))
}

impl Assessment {
    /// Loads a JSON file.
    ///
    /// # Errors
    /// As [`read_bounded`] and [`Assessment::from_slice`].
    pub fn load(path: impl AsRef<Path>, limits: &Limits) -> Result<Assessment> {
        Assessment::from_slice(&read_bounded(path.as_ref(), limits)?, limits)
    }

    /// Saves as a JSON file, whole or not at all; what it writes, [`Assessment::load`] reads as an equal assessment.
    ///
    /// A restricted or strict assessment asks for an acknowledgement that names its class.
    ///
    /// # Errors
    /// `Sensitivity` without that acknowledgement; `Document` where the assessment, changed by hand, breaks a rule; `File` where
    /// it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>, acknowledgement: Option<&str>) -> Result<()> {
        self.allow_export(acknowledgement)?;
        self.validate()?;
        let mut text = self.to_json()?;
        text.push('\n');
        write_atomic(path.as_ref(), text.as_bytes())
    }
}
