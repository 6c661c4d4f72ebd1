//! Keeps the folder within its size.

use crate::entry::TEMPORARY;
use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A temporary file of this age is abandoned: the process that wrote it was killed.
const ABANDONED: Duration = Duration::from_secs(3600);
/// How long the name of an entry is.
const NAME: usize = 64;

/// Removes the least recently used entries until the rest has at most `limit` bytes. Also removes abandoned temporary
/// files. Leaves other files alone, since the user may have chosen any folder.
pub(crate) fn clean(folder: &Path, limit: u64) -> io::Result<()> {
    let mut entries = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        // The file may be gone, because other processes clean up too.
        let Ok(metadata) = file.metadata() else { continue };
        if !metadata.is_file() {
            continue;
        }
        if is_entry(&file.file_name()) {
            entries.push(Entry::new(&file, &metadata)?);
        } else if is_abandoned(&file.file_name(), &metadata)? {
            remove(&file.path())?;
        }
    }
    entries.sort_by_key(|entry| entry.used);
    let mut size: u64 = entries.iter().map(|entry| entry.size).sum();
    for entry in entries {
        if size <= limit {
            break;
        }
        remove(&entry.path)?;
        size -= entry.size;
    }
    Ok(())
}

struct Entry {
    used: SystemTime,
    size: u64,
    path: PathBuf,
}

impl Entry {
    fn new(file: &DirEntry, metadata: &Metadata) -> io::Result<Self> {
        Ok(Entry {
            used: metadata.modified()?,
            size: metadata.len(),
            path: file.path(),
        })
    }
}

fn is_entry(name: &OsStr) -> bool {
    name.len() == NAME && name.as_bytes().iter().all(u8::is_ascii_hexdigit)
}

fn is_abandoned(name: &OsStr, metadata: &Metadata) -> io::Result<bool> {
    let age = SystemTime::now().duration_since(metadata.modified()?);
    Ok(name.as_bytes().starts_with(TEMPORARY.as_bytes()) && age.is_ok_and(|age| age > ABANDONED))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::{ABANDONED, clean};
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    fn file(folder: &Path, name: &str, size: u64, age: Duration) -> io::Result<()> {
        let file = File::create(folder.join(name))?;
        file.set_len(size)?;
        file.set_modified(SystemTime::now() - age)
    }

    fn names(folder: &Path) -> io::Result<Vec<String>> {
        let names = fs::read_dir(folder)?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let entries = ["a", "b", "c"].map(|name| name.repeat(64));
        for (name, age) in entries.iter().zip([20, 30, 10]) {
            file(folder.path(), name, 10, Duration::from_secs(age))?;
        }
        clean(folder.path(), 30)?;
        assert_eq!(names(folder.path())?, entries);
        clean(folder.path(), 29)?;
        assert_eq!(names(folder.path())?, [&*entries[0], &*entries[2]]);
        clean(folder.path(), 10)?;
        assert_eq!(names(folder.path())?, [&*entries[2]]);
        clean(folder.path(), 0)?;
        assert!(names(folder.path())?.is_empty());
        Ok(())
    }

    #[test]
    fn only_entries_and_abandoned_temporary_files_are_removed() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let old = ABANDONED + Duration::from_secs(60);
        file(folder.path(), "notes.txt", 10, old)?;
        file(folder.path(), ".new-fresh", 10, Duration::ZERO)?;
        file(folder.path(), ".new-old", 10, old)?;
        fs::create_dir(folder.path().join("f".repeat(64)))?;
        clean(folder.path(), 0)?;
        assert_eq!(names(folder.path())?, [".new-fresh", &"f".repeat(64), "notes.txt"]);
        Ok(())
    }
}
