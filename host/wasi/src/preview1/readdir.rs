//! `fd_readdir`: fills a guest's buffer with the entries of a directory.

use super::call::Call;
use crate::base::dir::Directory;
use crate::base::errno::Result;
use crate::base::perms::DirPerms;

/// After how many batches others get a turn: a guest's buffer may have room for millions of entries.
const TURN: u32 = 4;

/// Fills the `length` bytes at `address` with entries from the cookie `from` on, and says how many bytes it wrote. If that is
/// `length`, there may be more, and the last entry may be cut off; otherwise the end was found.
pub(super) async fn list(call: Call<'_>, directory: &Directory, address: u32, length: u32, from: u64) -> Result<u32> {
    let (places, listing) = (&call.ctx.places, &directory.listing);
    directory.require(DirPerms::READ)?;
    call.check_answer(address, length)?;
    // A bad cookie is found even if there is no room.
    places.find(from)?;
    let mut cookie = from;
    let (mut next, mut left) = (u64::from(address), length as usize);
    let mut until_turn = TURN;
    while left > 0 {
        let mut batch = listing.batch(directory.as_fd(), places, cookie, left)?;
        if batch.records.is_empty() {
            break;
        }
        let bytes = batch.records.get(..left).unwrap_or(&batch.records);
        call.memory.write(next, bytes)?;
        let count = bytes.len();
        batch.skip(count);
        cookie = batch.cookie;
        // A guest that has no room for one entry may wait until that entry is gone.
        if !batch.records.is_empty() && cookie != from {
            listing.keep(batch);
        }
        next += count as u64;
        left -= count;
        until_turn -= 1;
        if until_turn == 0 {
            weft_parallel::yield_now().await;
            until_turn = TURN;
        }
    }
    Ok(length - left as u32)
}
