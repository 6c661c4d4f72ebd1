//! The older ABI, `wasi_unstable` (snapshot 0): only what differs from preview 1.
//!
//! - `whence` counts current, end, set; preview 1 counts set, current, end.
//! - A `filestat` has 56 bytes: the number of links is a 32-bit number right after the file's type.
//! - A `subscription` to a clock begins with an identifier of its own, which nothing uses: the record has 56 bytes.
//! - There is no `sock_accept`.

use crate::ctx::WasiCtx;
use crate::errno::{Errno, Result};
use crate::preview1::{Call, add_common, define, fd, path, poll};
use crate::types::{Filestat, SubscriptionLayout, Whence, field};
use weft::{Caller, HostModule};

pub(crate) const SUBSCRIPTION: SubscriptionLayout = SubscriptionLayout {
    size: 56,
    clock: 24,
    timeout: 32,
    flags: 48,
};

/// Defines all functions of `wasi_unstable`.
pub(crate) fn add_to_module<T: Send + Sync + 'static>(
    module: &mut HostModule<'_, T>,
    get: impl Fn(&T) -> &WasiCtx + Copy + Send + Sync + 'static,
) -> std::result::Result<(), weft::Error> {
    add_common(module, get)?;
    define! { module, get;
        plain fd_filestat_get(fd: u32, answer: u32) = |call: Call<'_>, fd, answer| {
            call.check_answer(answer, 56)?;
            write_filestat(call, answer, fd::filestat_get(call, fd)?)
        };
        plain path_filestat_get(fd: u32, lookup: u32, path: u32, length: u32, answer: u32) =
            |call: Call<'_>, fd, lookup, path, length, answer| {
                call.check_answer(answer, 56)?;
                write_filestat(call, answer, path::filestat_get(call, fd, lookup, path, length)?)
            };
        plain fd_seek(fd: u32, offset: i64, whence: u32, answer: u32) = |call, fd, offset, whence, answer| {
            fd::seek(call, fd, offset, self::whence(whence)?, answer)
        };
        waits poll_oneoff(subscriptions: u32, events: u32, count: u32, answer: u32) =
            |call, subscriptions, events, count, answer| {
                poll::oneoff(call, SUBSCRIPTION, subscriptions, events, count, answer)
            };
    }
    Ok(())
}

fn write_filestat(call: Call<'_>, answer: u32, filestat: Filestat) -> Result<()> {
    Ok(call.memory.write(answer.into(), &encode(&filestat))?)
}

pub(crate) fn encode(filestat: &Filestat) -> [u8; 56] {
    let mut record = [0; 56];
    field(&mut record, 0, filestat.device.to_le_bytes());
    field(&mut record, 8, filestat.inode.to_le_bytes());
    field(&mut record, 16, [filestat.filetype as u8]);
    field(
        &mut record,
        20,
        u32::try_from(filestat.links).unwrap_or(u32::MAX).to_le_bytes(),
    );
    field(&mut record, 24, filestat.size.to_le_bytes());
    field(&mut record, 32, filestat.accessed.to_le_bytes());
    field(&mut record, 40, filestat.modified.to_le_bytes());
    field(&mut record, 48, filestat.changed.to_le_bytes());
    record
}

fn whence(whence: u32) -> Result<Whence> {
    match whence {
        0 => Ok(Whence::Current),
        1 => Ok(Whence::End),
        2 => Ok(Whence::Set),
        _ => Err(Errno::Inval),
    }
}
