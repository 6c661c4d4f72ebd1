//! The listing of a directory: how far it has come, and the next entries.
//!
//! Problem: a guest lists a directory in as many calls as its buffer needs, and names the place to continue by a
//! cookie. It may do so from several threads at once, or go back to an old cookie. Solution: a descriptor is listed
//! through its own open file of the host. On some file systems (overlayfs), a place is valid only in the same open
//! file, and each open file reads the whole directory. A lock guards the current place of that file. A thread holds the
//! lock while the kernel, which has such a lock itself, moves to a place and returns entries from there. So each call
//! continues at its own place, and threads do not move each other. If the guest has no room for entries that the kernel
//! returned, they are kept for the call that continues there. The first cookie starts the listing again, with the
//! current contents of the directory.
//!
//! Rejected: opening the directory again for each call (see above); the open file's position as the place to continue
//! (threads would move it for each other).

use crate::base::errno::Result;
use crate::base::places::Places;
use crate::base::types::{Filetype, dirent, field_of};
use rustix::fs::{Mode, OFlags, RawDir, SeekFrom, fstat, openat, seek};
use rustix::io::{Errno as Os, retry_on_intr};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The least and the greatest size of the host's buffer in bytes. In between, it is as large as the rest of the guest's
/// buffer, so that little is kept for the next call.
const LEAST: usize = 1024;
const MOST: usize = 8192;
/// The size in bytes of a record without the name that follows it.
const HEADER: usize = 24;

/// How far a directory is listed.
#[derive(Debug, Default)]
pub(crate) struct Listing(Mutex<Cursor>);

#[derive(Debug, Default)]
struct Cursor {
    /// The file that is listed instead of a descriptor that is only a place from which paths start.
    instead: Option<OwnedFd>,
    /// The current place of the listed file, if it is known.
    at: Option<u64>,
    /// How often the listing was started again.
    beginnings: u64,
    /// Entries that the kernel returned and no guest has got.
    ahead: Batch,
}

/// Consecutive entries as a guest gets them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Leads to the first one.
    pub(crate) cookie: u64,
    /// Each with its name behind it.
    pub(crate) records: Vec<u8>,
    /// Which listing they are from.
    beginning: u64,
}

impl Listing {
    /// Some entries of `directory` from `cookie` on, about as many as there is room for; none at the end. This must be
    /// the listing of `directory`.
    pub(crate) fn batch(&self, directory: BorrowedFd<'_>, places: &Places, cookie: u64, room: usize) -> Result<Batch> {
        let place = places.find(cookie)?;
        let mut cursor = self.cursor();
        let ahead = std::mem::take(&mut cursor.ahead);
        if cookie == 0 {
            cursor.beginnings += 1;
        } else if ahead.cookie == cookie && !ahead.records.is_empty() {
            return Ok(ahead);
        }
        let mut batch = Batch {
            cookie,
            records: Vec::new(),
            beginning: cursor.beginnings,
        };
        if cookie == 0 || cursor.at != Some(place) {
            match go_to(directory, &mut cursor, place) {
                // The directory was removed, and so has neither entries nor places.
                Err(_) if retry_on_intr(|| fstat(directory))?.st_nlink == 0 => return Ok(batch),
                outcome => outcome?,
            }
        }
        // After an error or the end, the place of the file is not known.
        cursor.at = None;
        let mut buffer = vec![MaybeUninit::uninit(); room.clamp(LEAST, MOST)];
        let mut entries = RawDir::new(listed(directory, &cursor), &mut buffer);
        let mut at = None;
        while let Some(entry) = entries.next() {
            let entry = match entry {
                // The directory was removed, and so has no entries.
                Err(Os::NOENT) => break,
                Err(Os::INTR) => continue,
                entry => entry?,
            };
            let name = entry.file_name().to_bytes();
            // The guest must not learn about the parent directory: this directory's own number replaces the parent's.
            let inode = match name {
                b".." => retry_on_intr(|| fstat(directory))?.st_ino,
                _ => entry.ino(),
            };
            let filetype = Filetype::from(entry.file_type());
            let next = entry.next_entry_cookie();
            let record = dirent(places.cookie(next), inode, name.len() as u32, filetype);
            batch.records.extend_from_slice(&record);
            batch.records.extend_from_slice(name);
            at = Some(next);
            if entries.is_buffer_empty() {
                break;
            }
        }
        cursor.at = at;
        Ok(batch)
    }

    /// Keeps the entries for which the guest had no room, unless the listing was started again meanwhile: then they may
    /// no longer exist.
    pub(crate) fn keep(&self, batch: Batch) {
        let mut cursor = self.cursor();
        if batch.beginning == cursor.beginnings {
            cursor.ahead = batch;
        }
    }

    /// No code under this lock panics.
    fn cursor(&self) -> MutexGuard<'_, Cursor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry of a directory.
pub(crate) struct Entry<'a> {
    /// Leads to the one behind it.
    pub(crate) next: u64,
    pub(crate) filetype: Filetype,
    pub(crate) name: &'a [u8],
}

impl Batch {
    /// The entries, one after the other.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut rest = self.records.as_slice();
        std::iter::from_fn(move || {
            let (header, names) = rest.split_at_checked(HEADER)?;
            let length = u32::from_le_bytes(field_of(header, 16)) as usize;
            let (name, others) = names.split_at_checked(length)?;
            rest = others;
            let [filetype] = field_of(header, 20);
            let filetype = Filetype::from_code(filetype);
            let next = u64::from_le_bytes(field_of(header, 0));
            Some(Entry { next, filetype, name })
        })
    }

    /// Drops the entries that are completely in the first `room` bytes.
    pub(crate) fn skip(&mut self, room: usize) {
        let mut end = 0;
        while let Some(record) = self.records.get(end..).filter(|rest| rest.len() >= HEADER) {
            let after = end + HEADER + u32::from_le_bytes(field_of(record, 16)) as usize;
            if after > room {
                break;
            }
            self.cookie = u64::from_le_bytes(field_of(record, 0));
            end = after;
        }
        self.records.drain(..end);
    }
}

fn go_to(directory: BorrowedFd<'_>, cursor: &mut Cursor, place: u64) -> Result<()> {
    cursor.at = None;
    let go = |cursor: &Cursor| retry_on_intr(|| seek(listed(directory, cursor), SeekFrom::Start(place)));
    let mut outcome = go(cursor);
    if outcome == Err(Os::BADF) && cursor.instead.is_none() {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let instead = retry_on_intr(|| openat(directory, ".", flags, Mode::empty()))?;
        cursor.instead = Some(instead);
        outcome = go(cursor);
    }
    outcome?;
    Ok(())
}

fn listed<'a>(directory: BorrowedFd<'a>, cursor: &'a Cursor) -> BorrowedFd<'a> {
    cursor.instead.as_ref().map_or(directory, |instead| instead.as_fd())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{open, tell};
    use std::collections::BTreeSet;
    use std::path::Path;

    const FILES: usize = 200;

    /// A directory with files in it, opened so that it can be read, or as a place for paths to start from.
    struct Directory {
        fd: OwnedFd,
        listing: Listing,
    }

    impl Directory {
        fn batch(&self, places: &Places, cookie: u64, room: usize) -> Result<Batch> {
            self.listing.batch(self.fd.as_fd(), places, cookie, room)
        }
    }

    fn directory(path: &Path, readable: bool) -> Directory {
        for number in 0..FILES {
            std::fs::write(path.join(format!("file {number}")), "").expect("a file");
        }
        let access = match readable {
            true => OFlags::RDONLY,
            false => OFlags::PATH,
        };
        let fd = open(path, access | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
        Directory {
            fd: fd.expect("a directory"),
            listing: Listing::default(),
        }
    }

    fn names(batch: &Batch) -> Vec<Vec<u8>> {
        let (mut names, mut rest) = (Vec::new(), &batch.records[..]);
        while !rest.is_empty() {
            let end = HEADER + u32::from_le_bytes(field_of(rest, 16)) as usize;
            names.push(rest[HEADER..end].to_vec());
            rest = &rest[end..];
        }
        names
    }

    /// All entries from `cookie` on, none of them left for another call.
    fn rest(directory: &Directory, places: &Places, mut cookie: u64) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let mut batch = directory.batch(places, cookie, 300).expect("a place");
            if batch.records.is_empty() {
                return all;
            }
            all.extend(names(&batch));
            batch.skip(usize::MAX);
            cookie = batch.cookie;
        }
    }

    #[test]
    fn a_descriptor_is_listed_through_its_own_open_file() {
        let path = tempfile::tempdir().expect("a directory");
        let directory = directory(path.path(), true);
        let places = Places::default();
        let batch = directory.batch(&places, 0, 300).expect("a directory");
        let position = tell(&directory.fd).expect("open");
        assert_ne!(position, 0);
        assert_eq!(directory.listing.cursor().at, Some(position));
        assert!(directory.listing.cursor().instead.is_none());
        assert!(names(&batch).len() < FILES);
        let all: BTreeSet<_> = rest(&directory, &places, 0).into_iter().collect();
        assert_eq!(all.len(), FILES + 2);
    }

    #[test]
    fn what_only_lets_paths_begin_there_is_opened_once() {
        let path = tempfile::tempdir().expect("a directory");
        let directory = directory(path.path(), false);
        let places = Places::default();
        assert_eq!(rest(&directory, &places, 0).len(), FILES + 2);
        let instead = |directory: &Directory| {
            let cursor = directory.listing.cursor();
            std::os::fd::AsRawFd::as_raw_fd(cursor.instead.as_ref().expect("open"))
        };
        let first = instead(&directory);
        assert_eq!(rest(&directory, &places, 0).len(), FILES + 2);
        assert_eq!(instead(&directory), first);
    }

    #[test]
    fn entries_without_room_are_kept_for_the_call_that_goes_on_there() {
        let path = tempfile::tempdir().expect("a directory");
        let directory = directory(path.path(), true);
        let places = Places::default();
        let all = rest(&directory, &places, 0);
        let mut batch = directory.batch(&places, 0, 300).expect("a directory");
        let before = names(&batch).len();
        batch.skip(300);
        let kept = names(&batch).len();
        assert!(0 < kept && kept < before, "{kept} of {before}");
        directory.listing.keep(batch.clone());
        let position = tell(&directory.fd).expect("open");
        let again = directory.batch(&places, batch.cookie, 300).expect("a place");
        assert_eq!(again, batch);
        assert_eq!(tell(&directory.fd), Ok(position), "the kernel is not asked");
        // No earlier call kept it.
        assert_eq!(rest(&directory, &places, batch.cookie), &all[before - kept..]);
    }

    /// A thread that began before another one begins anew must not hand on what it read.
    #[test]
    fn entries_of_an_older_listing_are_not_kept() {
        let path = tempfile::tempdir().expect("a directory");
        let directory = directory(path.path(), true);
        let places = Places::default();
        let mut older = directory.batch(&places, 0, 300).expect("a directory");
        older.skip(300);
        directory.batch(&places, 0, 300).expect("a directory");
        directory.listing.keep(older);
        assert!(directory.listing.cursor().ahead.records.is_empty());
    }
}
