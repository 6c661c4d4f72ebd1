//! Listing a directory into a guest's buffer.
//!
//! Problem: a guest lists a directory in as many calls as its buffer needs, names the place to go on by a cookie, and may
//! do so from several threads at once, or go back to an old cookie.
//! Representation: the file system can find its own places again, but says where they are in 63 bits, of which C libraries
//! keep 32 (`telldir`). So a descriptor numbers the places that it has told of, and these numbers are the cookies. Each
//! call opens the directory anew, goes to the place and lists from there: there is no position, and threads do not get in
//! each other's way. A place keeps its number while the descriptor is open, unless there are more than a million.
//!
//! Rejected: counting entries as cookies (a call costs as much as all before it, and entries get lost when others are
//! removed meanwhile), and a position in the descriptor (threads would move each other's).

use crate::dir::Directory;
use crate::errno::{Errno, Result};
use crate::perms::DirPerms;
use crate::types::{Filetype, dirent};
use rustix::fs::{Mode, OFlags, RawDir, SeekFrom, openat, seek};
use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, PoisonError};
use weft::GuestMemory;

/// The size in bytes of the host's buffer.
const HOST_BUFFER: usize = 8192;
/// How many places a descriptor remembers, so that it does not take ever more of the host's memory.
const MAX_PLACES: usize = 1 << 20;

/// The places in a directory that a descriptor has told of. The beginning is 0; the others are numbered from 1 on.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<Numbered>);

#[derive(Debug, Default)]
struct Numbered {
    /// Where the places are, as the file system says. The first has the number that is one more than `forgotten`.
    offsets: Vec<u64>,
    numbers: HashMap<u64, u64>,
    forgotten: u64,
}

impl Places {
    /// Where the place of that number is.
    fn find(&self, cookie: u64) -> Result<u64> {
        let Some(number) = cookie.checked_sub(1) else {
            return Ok(0);
        };
        let mut numbered = self.lock();
        let index = number.checked_sub(numbered.forgotten).ok_or(Errno::Inval)?;
        let offset = usize::try_from(index)
            .ok()
            .and_then(|index| numbered.offsets.get(index));
        let offset = *offset.ok_or(Errno::Inval)?;
        // Between calls, so that the places of one call are all remembered until the next.
        if numbered.offsets.len() > MAX_PLACES {
            numbered.forgotten += numbered.offsets.len() as u64;
            numbered.offsets.clear();
            numbered.numbers.clear();
        }
        Ok(offset)
    }

    /// The number of that place, a new one if need be.
    fn number(&self, offset: u64) -> u64 {
        let mut numbered = self.lock();
        let next = numbered.forgotten + numbered.offsets.len() as u64 + 1;
        let number = *numbered.numbers.entry(offset).or_insert(next);
        if number == next {
            numbered.offsets.push(offset);
        }
        number
    }

    /// No code under this lock panics.
    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory {
    /// Fills the `length` bytes at `address` with entries from `cookie` on, and says how many bytes it wrote. If that is
    /// `length`, there may be more, and the last entry may be cut off; otherwise the end was found.
    pub(crate) fn list(&self, memory: GuestMemory<'_>, address: u32, length: u32, cookie: u64) -> Result<u32> {
        self.require(DirPerms::READ)?;
        memory.check(address.into(), length.into())?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let listed = openat(self.as_fd(), ".", flags, Mode::empty())?;
        seek(&listed, SeekFrom::Start(self.places.find(cookie)?))?;
        let mut buffer = [MaybeUninit::uninit(); HOST_BUFFER];
        let mut entries = RawDir::new(&listed, &mut buffer);
        let mut window = Window {
            memory,
            next: address.into(),
            left: length as usize,
        };
        while window.left > 0
            && let Some(entry) = entries.next()
        {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            // What lies above is none of the guest's business: this directory's own number stands for it.
            let inode = match name {
                b".." => self.filestat()?.inode,
                _ => entry.ino(),
            };
            let filetype = Filetype::from(entry.file_type());
            let next = self.places.number(entry.next_entry_cookie());
            window.push(&dirent(next, inode, name.len() as u32, filetype))?;
            window.push(name)?;
        }
        Ok(length - window.left as u32)
    }
}

/// The part of the guest's buffer that is still empty.
struct Window<'a> {
    memory: GuestMemory<'a>,
    next: u64,
    left: usize,
}

impl Window<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let bytes = bytes.get(..self.left).unwrap_or(bytes);
        self.memory.write(self.next, bytes)?;
        self.next += bytes.len() as u64;
        self.left -= bytes.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_its_number() {
        let places = Places::default();
        assert_eq!(places.find(0), Ok(0));
        assert_eq!(places.find(1), Err(Errno::Inval));
        let far = u64::MAX >> 1;
        assert_eq!((places.number(far), places.number(7), places.number(far)), (1, 2, 1));
        assert_eq!((places.find(1), places.find(2)), (Ok(far), Ok(7)));
        assert_eq!(places.find(u64::MAX), Err(Errno::Inval));
    }

    #[test]
    fn of_many_places_the_oldest_are_forgotten() {
        let places = Places::default();
        let many = MAX_PLACES as u64 + 1;
        for offset in 1..=many {
            places.number(offset);
        }
        assert_eq!(places.find(1), Ok(1), "all of one call are there");
        assert_eq!(places.find(1), Err(Errno::Inval));
        assert_eq!(places.number(1), many + 1, "no number names two places");
        assert_eq!(places.find(many + 1), Ok(1));
        assert!(places.lock().offsets.len() < 2);
    }
}
