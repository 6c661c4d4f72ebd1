//! One entry: a file with a header. It is written atomically, and checked when it is read.

use crate::key::Key;
use rustix::fs::{OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, futimens};
use rustix::process::geteuid;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The last byte is the version of the layout.
const MAGIC: [u8; 8] = *b"weft\r\n\0\x01";
const HASH: usize = 32;
/// How long the header is, in bytes.
pub(crate) const HEADER: usize = MAGIC.len() + 2 * HASH;
/// The prefix of the names of files that are not entries yet.
pub(crate) const TEMPORARY: &str = ".new-";
/// If a file has any of these permissions, weft does not use it.
const ACCESSIBLE_TO_OTHERS: u32 = 0o077;
/// A use sets the file's modification time, which is the time of the last use, only if it is older than this.
const PRECISION: Duration = Duration::from_secs(3600);

/// The whole file, if it is valid.
pub(crate) fn read(path: &Path, key: &Key) -> Option<Vec<u8>> {
    let mut file = OpenOptions::new()
        .read(true)
        // If something other than a file is there, opening it neither follows a link nor blocks.
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(path)
        .ok()?;
    let metadata = file.metadata().ok()?;
    let is_own = metadata.uid() == geteuid().as_raw() && metadata.mode() & ACCESSIBLE_TO_OTHERS == 0;
    if !metadata.is_file() || !is_own || metadata.len() < HEADER as u64 {
        return None;
    }
    let length = usize::try_from(metadata.len()).ok()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).ok()?;
    // Reads no more than that: if the file grows, it has been changed.
    (&mut file).take(metadata.len()).read_to_end(&mut bytes).ok()?;
    let (header, payload) = bytes.split_at_checked(HEADER)?;
    if header != self::header(key, &[payload]) {
        return None;
    }
    if let Ok(modified) = metadata.modified()
        && SystemTime::now()
            .duration_since(modified)
            .is_ok_and(|age| age > PRECISION)
    {
        note_use(&file);
    }
    Some(bytes)
}

/// If the system refuses this, the entry is removed earlier than necessary.
fn note_use(file: &File) {
    let time = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
    let _ = futimens(
        file,
        &Timestamps {
            last_access: time(UTIME_OMIT),
            last_modification: time(UTIME_NOW),
        },
    );
}

/// Writes an entry, and replaces the one that may be there.
pub(crate) fn write(folder: &Path, path: &Path, key: &Key, parts: &[&[u8]]) -> io::Result<()> {
    // Created for this process alone, with mode 0600, and removed if anything fails.
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(&header(key, parts))?;
    for part in parts {
        file.write_all(part)?;
    }
    file.persist(path)?;
    Ok(())
}

fn header(key: &Key, parts: &[&[u8]]) -> [u8; HEADER] {
    let mut checksum = blake3::Hasher::new();
    checksum.update(&key.0);
    for part in parts {
        checksum.update(part);
    }
    let mut header = [0; HEADER];
    let (magic, hashes) = header.split_at_mut(MAGIC.len());
    let (of_key, of_contents) = hashes.split_at_mut(HASH);
    magic.copy_from_slice(&MAGIC);
    of_key.copy_from_slice(&key.0);
    of_contents.copy_from_slice(checksum.finalize().as_bytes());
    header
}
