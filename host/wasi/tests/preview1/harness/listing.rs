//! Listing a directory as C libraries do.

use super::Guest;
use super::abi::Dirent;

/// The fixed part of a `dirent`.
pub const HEADER: u32 = 24;

/// Lists as C libraries do: from the last whole entry's cookie, with a larger buffer when not even one entry fits. Each
/// entry is shown to `each` before the next call; `false` ends the listing.
pub fn list(guest: &Guest, fd: u32, mut room: u32, mut each: impl FnMut(&Dirent) -> bool) -> Vec<Dirent> {
    let (mut entries, mut cookie) = (Vec::<Dirent>::new(), 0);
    loop {
        let bytes = guest.fd_readdir(fd, room, cookie).expect("a directory");
        let mut more = Dirent::decode_all(&bytes);
        if more.is_empty() && bytes.len() as u32 == room {
            room = (2 * room).max(HEADER);
            continue;
        }
        cookie = more.last().map_or(cookie, |entry| entry.next);
        let goes_on = more.iter().all(&mut each);
        entries.append(&mut more);
        if (bytes.len() as u32) < room || !goes_on {
            return entries;
        }
    }
}
