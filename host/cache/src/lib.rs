//! Keeps what weft compiled in a folder of the user's, for the next start.
//!
//! **Problem.** weft takes longer to adapt, lower and compile a program than most programs run. The result is machine code,
//! which the engine executes unchecked. So the cache must return exactly the bytes that it stored, or nothing: even after a
//! crash in the middle of a write, after the disk has lost a bit, or after another user has changed the file.
//!
//! **Before:** a key, and the bytes to keep. **After:** a file `KEY` (in hexadecimal) in the cache's folder:
//!
//! ```text
//! 0    magic and version of this layout      8 bytes
//! 8    the key                              32
//! 40   checksum of the key and the payload  32
//! 72   the payload
//! ```
//!
//! - A [`Key`] is a cryptographic hash, so nobody can construct a program that finds another's entry. It covers the
//!   build of the executable that wrote the entry, because another build may compile differently.
//! - weft writes an entry to a temporary file and renames it, so readers see all of it or nothing. If two processes
//!   write the same entry, the later one stays.
//! - The folder is created with mode 0700 and files with 0600. weft refuses a folder that others can write to or that
//!   belongs to another user, and ignores such a file.
//! - An invalid or damaged entry counts as missing. The caller then computes the result again, and the write replaces
//!   the entry.
//! - After a write, weft removes the least recently used entries until the rest is within [`MAX_SIZE`].
//!
//! ```
//! use weft_cache::{Cache, KeyHasher};
//!
//! # let folder = std::env::temp_dir().join(format!("weft-cache-example-{}", std::process::id()));
//! let cache = Cache::new(&folder)?;
//! let key = KeyHasher::new("example").bytes(b"what the code depends on").finish();
//! assert!(cache.get(&key).is_none());
//! cache.put(&key, &[b"the code"])?;
//! let entry = cache.get(&key).ok_or("no entry")?;
//! assert_eq!(entry.payload(), b"the code");
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Rejected:** Wasmtime's cache (it has no checksums, and does not cover what weft does before compiling); mapping an
//! entry into memory instead of reading it (a later change of the file would change running code); compression
//! (decompressing takes longer than the rest of a start).

mod clean;
pub mod container;
mod entry;
mod key;

pub use key::{Key, KeyHasher};

use rustix::process::geteuid;
use std::ffi::OsString;
use std::fs::{DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing::info;

/// The log target of this crate.
const LOG: &str = "weft::cache";

/// The most bytes that the entries of a folder may take in total.
pub const MAX_SIZE: u64 = 1 << 30;

/// If a folder has any of these permissions, weft refuses it.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// A folder that keeps compiled programs. Clones are the same folder.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: Arc<Path>,
}

/// Why a folder cannot be a cache.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// Neither variable that the default folder depends on is set.
    #[error("there is no folder for the cache: set `XDG_CACHE_HOME` or `HOME` to an absolute path, or name a folder")]
    NoDefault,
    /// It cannot be read or created.
    #[error("cannot use `{}` as a cache: {error}", .folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// It belongs to another user.
    #[error("cannot use `{}` as a cache: it belongs to user {owner}; use a folder of your own", .folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// The id of the user.
        owner: u32,
    },
    /// Other users can write to it.
    #[error(
        "cannot use `{}` as a cache: other users can write to it (mode {mode:o}); use a folder of your own, with mode 700",
        .folder.display()
    )]
    Writable {
        /// The folder.
        folder: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

impl Cache {
    /// The cache in a folder, which is created if it does not exist.
    ///
    /// # Errors
    ///
    /// The folder cannot be created, belongs to another user, or can be written to by others.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, CacheError> {
        let folder = folder.into();
        let metadata = match metadata_or_create(&folder) {
            Ok(metadata) => metadata,
            Err(error) => return Err(CacheError::Io { folder, error }),
        };
        if metadata.uid() != geteuid().as_raw() {
            let owner = metadata.uid();
            return Err(CacheError::Foreign { folder, owner });
        }
        let mode = metadata.mode() & 0o7777;
        if mode & WRITABLE_BY_OTHERS != 0 {
            return Err(CacheError::Writable { folder, mode });
        }
        Ok(Cache { folder: folder.into() })
    }

    /// The cache in the default folder: `$XDG_CACHE_HOME/weft`, or `~/.cache/weft` if that variable is not set.
    ///
    /// # Errors
    ///
    /// Neither `XDG_CACHE_HOME` nor `HOME` is an absolute path; or one of those of [`Cache::new`].
    pub fn in_default_folder() -> Result<Self, CacheError> {
        let folder = default_folder(|variable| std::env::var_os(variable));
        Cache::new(folder.ok_or(CacheError::NoDefault)?)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the entry for a key, or `None` if the cache has no sound one.
    pub fn get(&self, key: &Key) -> Option<Entry> {
        let entry = entry::read(&self.path(key), key).map(Entry);
        match &entry {
            Some(entry) => info!(target: LOG, %key, bytes = entry.payload().len(), "hit"),
            None => info!(target: LOG, %key, "miss"),
        }
        entry
    }

    /// Stores the parts, in order, under a key.
    ///
    /// # Errors
    ///
    /// The entry cannot be written. One that was there before is still there.
    pub fn put(&self, key: &Key, parts: &[&[u8]]) -> io::Result<()> {
        entry::write(&self.folder, &self.path(key), key, parts)?;
        info!(target: LOG, %key, bytes = parts.iter().map(|part| part.len()).sum::<usize>(), "written");
        clean::clean(&self.folder, MAX_SIZE)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.to_string())
    }
}

/// A checked entry: the same bytes that [`Cache::put`] got.
#[derive(Debug)]
pub struct Entry(Vec<u8>);

impl Entry {
    /// The parts, in order.
    pub fn payload(&self) -> &[u8] {
        &self.0[entry::HEADER..]
    }
}

fn metadata_or_create(folder: &Path) -> io::Result<Metadata> {
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            std::fs::metadata(folder)
        }
        Ok(metadata) if !metadata.is_dir() => Err(rustix::io::Errno::NOTDIR.into()),
        found => found,
    }
}

/// By the XDG base directory specification, a path that is not absolute counts as none.
fn default_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    Some(caches?.join("weft"))
}

#[cfg(test)]
mod tests {
    use super::default_folder;
    use std::path::Path;

    #[test]
    fn the_default_folder_is_where_the_base_directory_specification_says() {
        let folder = |xdg: &str, home: &str| {
            default_folder(|name| match name {
                "XDG_CACHE_HOME" => (!xdg.is_empty()).then(|| xdg.into()),
                _ => (!home.is_empty()).then(|| home.into()),
            })
        };
        assert_eq!(folder("/x", "/home/a").as_deref(), Some(Path::new("/x/weft")));
        assert_eq!(
            folder("x", "/home/a").as_deref(),
            Some(Path::new("/home/a/.cache/weft"))
        );
        assert_eq!(folder("", "/home/a").as_deref(), Some(Path::new("/home/a/.cache/weft")));
        assert_eq!(folder("", "home"), None);
        assert_eq!(folder("", ""), None);
    }
}
