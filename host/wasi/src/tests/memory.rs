//! What calls take of the host counts against the program's memory, as long as it is taken.

use super::{Guest, LIMIT, assert_pending};
use crate::base::ctx::WasiCtxBuilder;
use crate::base::errno::Errno;
use rustix::pipe::pipe;
use std::os::fd::OwnedFd;
use std::pin::pin;

/// The bytes that one call of these tests moves.
const LENGTH: u32 = 16 << 10;

#[test]
fn calls_that_wait_hold_their_charge_until_they_are_dropped() {
    let (read, _write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
    let spent = guest.account.charge(LIMIT - u64::from(LENGTH));
    assert!(spent.is_some());
    let frame = guest.frame(0);
    {
        // A program's allowance is twice what one call takes.
        let mut waiting = [(); 3].map(|()| Box::pin(frame.read_async(0, LENGTH)));
        waiting.iter_mut().for_each(|read| assert_pending(read.as_mut()));
        assert_eq!(frame.read(0, LENGTH), Err(Errno::NoMem));
        let mut small = pin!(frame.read_async(0, 4096));
        assert_pending(small.as_mut());
    }
    let mut again = pin!(frame.read_async(0, LENGTH));
    assert_pending(again.as_mut());
}

#[test]
fn writes_beyond_the_limit_are_refused_and_write_nothing() {
    let file = tempfile::tempfile().expect("a file");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(OwnedFd::from(file.try_clone().expect("a descriptor"))));
    let frame = guest.frame(0);
    let mut charges = Vec::new();
    while let Some(charge) = guest.account.charge(4096) {
        charges.push(charge);
    }
    assert_eq!(frame.write(1, &[1; LENGTH as usize]), Err(Errno::NoMem));
    assert_eq!(file.metadata().expect("a file").len(), 0);
    charges.clear();
    assert_eq!(frame.write(1, &[1; LENGTH as usize]), Ok(LENGTH));
}
