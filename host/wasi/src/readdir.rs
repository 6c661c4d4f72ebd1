//! Listing a directory into a guest's buffer.
//!
//! Problem: a guest lists a directory in as many calls as its buffer needs, names the place to continue at by a cookie, and may
//! do so from several threads at once, or go back to an old cookie.
//! Representation: a descriptor is listed through one open file of the host, its own: there are file systems (overlayfs)
//! to whose other open files its places mean nothing, and which read the whole directory for each. Where that file stands
//! is known under a lock, which is held while the kernel, which has such a lock itself, finds a place and gives entries
//! from there. So each call says where it continues, and threads do not move each other. Entries that the kernel gave and
//! the guest had no room for are kept for the call that continues there. The first cookie begins anew, with what is in the
//! directory by then.
//!
//! Rejected: opening the directory anew for each call (see above), and the open file's position as the place to go on
//! (threads would move each other's).

use crate::dir::Directory;
use crate::errno::Result;
use crate::perms::DirPerms;
use crate::places::Places;
use crate::types::{Filetype, dirent, field_of};
use rustix::fs::{Mode, OFlags, RawDir, SeekFrom, openat, seek};
use rustix::io::Errno as Os;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};
use weft::GuestMemory;

/// The sizes in bytes of the host's buffer. In between it is as large as what is left of the guest's, so that little is
/// kept for the next call.
const LEAST: usize = 1024;
const MOST: usize = 8192;
/// After how many batches others get a turn: a guest's buffer may have room for millions of entries.
const TURN: u32 = 4;
/// The size in bytes of a record without the name behind it.
const HEADER: usize = 24;

/// How far a directory is listed.
#[derive(Debug, Default)]
pub(crate) struct Listing(Mutex<Cursor>);

#[derive(Debug, Default)]
struct Cursor {
    /// What is listed instead of a descriptor that does no more than let paths begin there.
    instead: Option<OwnedFd>,
    /// The place where the listed file stands, if that is known.
    at: Option<u64>,
    /// How often the listing began anew.
    beginnings: u64,
    /// What the kernel gave and no guest got.
    ahead: Batch,
}

/// Consecutive entries as a guest gets them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Batch {
    /// Leads to the first one.
    cookie: u64,
    /// Each with its name behind it.
    records: Vec<u8>,
    /// Which listing they are from.
    beginning: u64,
}

impl Directory {
    /// Fills the `length` bytes at `address` with entries from `cookie` on, and says how many bytes it wrote. If that is
    /// `length`, there may be more, and the last entry may be cut off; otherwise the end was found.
    pub(crate) async fn list(
        &self,
        places: &Places,
        memory: GuestMemory<'_>,
        address: u32,
        length: u32,
        from: u64,
    ) -> Result<u32> {
        self.require(DirPerms::READ)?;
        memory.check(address.into(), length.into())?;
        // A bad cookie is found even if there is no room.
        places.find(from)?;
        let mut cookie = from;
        let (mut next, mut left) = (u64::from(address), length as usize);
        let mut until_turn = TURN;
        while left > 0 {
            let mut batch = self.batch(places, cookie, left)?;
            if batch.records.is_empty() {
                break;
            }
            let bytes = batch.records.get(..left).unwrap_or(&batch.records);
            memory.write(next, bytes)?;
            let count = bytes.len();
            batch.skip(count);
            cookie = batch.cookie;
            // A guest that has no room for one entry may wait until that entry is gone.
            if !batch.records.is_empty() && cookie != from {
                self.keep(batch);
            }
            next += count as u64;
            left -= count;
            until_turn -= 1;
            if until_turn == 0 {
                weft::yield_now().await;
                until_turn = TURN;
            }
        }
        Ok(length - left as u32)
    }

    /// Some entries from `cookie` on, about as many as there is room for; none at the end.
    fn batch(&self, places: &Places, cookie: u64, room: usize) -> Result<Batch> {
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
            match self.go_to(&mut cursor, place) {
                // It was removed, and so has neither entries nor places.
                Err(_) if self.filestat()?.links == 0 => return Ok(batch),
                outcome => outcome?,
            }
        }
        // Where an error or the end leaves the file is not known.
        cursor.at = None;
        let mut buffer = vec![MaybeUninit::uninit(); room.clamp(LEAST, MOST)];
        let mut entries = RawDir::new(self.listed(&cursor), &mut buffer);
        let mut at = None;
        while let Some(entry) = entries.next() {
            let entry = match entry {
                // It was removed, and so has no entries.
                Err(Os::NOENT) => break,
                entry => entry?,
            };
            let name = entry.file_name().to_bytes();
            // What lies above is none of the guest's business: this directory's own number stands for it.
            let inode = match name {
                b".." => self.filestat()?.inode,
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

    /// Keeps what the guest had no room for, unless the listing began anew meanwhile: then it may be there no more.
    fn keep(&self, batch: Batch) {
        let mut cursor = self.cursor();
        if batch.beginning == cursor.beginnings {
            cursor.ahead = batch;
        }
    }

    fn go_to(&self, cursor: &mut Cursor, place: u64) -> Result<()> {
        cursor.at = None;
        let mut outcome = seek(self.listed(cursor), SeekFrom::Start(place));
        if outcome == Err(Os::BADF) && cursor.instead.is_none() {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            cursor.instead = Some(openat(self.as_fd(), ".", flags, Mode::empty())?);
            outcome = seek(self.listed(cursor), SeekFrom::Start(place));
        }
        outcome?;
        Ok(())
    }

    fn listed<'a>(&'a self, cursor: &'a Cursor) -> BorrowedFd<'a> {
        cursor.instead.as_ref().map_or(self.as_fd(), |instead| instead.as_fd())
    }

    /// No code under this lock panics.
    fn cursor(&self) -> MutexGuard<'_, Cursor> {
        self.listing.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    /// Leaves out the entries that lie whole in the first `room` bytes.
    fn skip(&mut self, room: usize) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perms::FilePerms;
    use cap_std::ambient_authority;
    use cap_std::fs::Dir;
    use rustix::fs::{open, tell};
    use std::collections::BTreeSet;
    use std::path::Path;

    const FILES: usize = 200;

    /// A directory with files in it, opened so that it can be read, or as a place for paths to start from.
    fn directory(path: &Path, readable: bool) -> Directory {
        for number in 0..FILES {
            std::fs::write(path.join(format!("file {number}")), "").expect("a file");
        }
        let dir = match readable {
            true => {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
                Dir::from_std_file(open(path, flags, Mode::empty()).expect("a directory").into())
            }
            false => Dir::open_ambient_dir(path, ambient_authority()).expect("a directory"),
        };
        Directory::preopened(dir, String::new(), DirPerms::all(), FilePerms::all())
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
        let position = tell(directory.as_fd()).expect("open");
        assert_ne!(position, 0);
        assert_eq!(directory.cursor().at, Some(position));
        assert!(directory.cursor().instead.is_none());
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
            let cursor = directory.cursor();
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
        directory.keep(batch.clone());
        let position = tell(directory.as_fd()).expect("open");
        let again = directory.batch(&places, batch.cookie, 300).expect("a place");
        assert_eq!(again, batch);
        assert_eq!(tell(directory.as_fd()), Ok(position), "the kernel is not asked");
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
        directory.keep(older);
        assert!(directory.cursor().ahead.records.is_empty());
    }
}
