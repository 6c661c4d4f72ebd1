//! Listing a directory into a guest's buffer.
//!
//! Problem: a guest lists a directory in as many calls as its buffer needs, names the place to go on by a cookie, and may
//! do so from several threads at once, or go back to an old cookie.
//! Representation: the cookies are the file system's own, which it can find again. Each call opens the directory anew,
//! goes to the cookie and lists from there, so there is no state between calls and nothing to share.
//!
//! Rejected: counting entries as cookies (a call costs as much as all before it, and entries get lost when others are
//! removed meanwhile), and a position in the descriptor (threads would move each other's).

use crate::dir::Directory;
use crate::errno::Result;
use crate::perms::DirPerms;
use crate::types::{Filetype, dirent};
use rustix::fs::{Mode, OFlags, RawDir, SeekFrom, openat, seek};
use std::mem::MaybeUninit;
use weft::GuestMemory;

/// The size in bytes of the host's buffer.
const HOST_BUFFER: usize = 8192;

impl Directory {
    /// Fills the `length` bytes at `address` with entries from `cookie` on, and says how many bytes it wrote. If that is
    /// `length`, there may be more, and the last entry may be cut off; otherwise the end was found.
    pub(crate) fn list(&self, memory: GuestMemory<'_>, address: u32, length: u32, cookie: u64) -> Result<u32> {
        self.require(DirPerms::READ)?;
        memory.check(address.into(), length.into())?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let listed = openat(self.as_fd(), ".", flags, Mode::empty())?;
        seek(&listed, SeekFrom::Start(cookie))?;
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
            window.push(&dirent(entry.next_entry_cookie(), inode, name.len() as u32, filetype))?;
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
