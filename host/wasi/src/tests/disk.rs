//! Calls that wait for the disk: how many are made at once, and what the others hold meanwhile.

use super::{Guest, assert_pending};
use crate::base::ctx::WasiCtxBuilder;
use crate::base::disk::Disk;
use crate::base::limits::Limits;
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, OFlags};
use crate::{DirPerms, FilePerms};
use async_io::block_on;
use std::fs::File;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;

const LIMIT: usize = 3;

fn file() -> Arc<File> {
    Arc::new(tempfile::tempfile().expect("a file"))
}

#[test]
fn no_more_calls_are_made_at_once_than_the_limit_says() {
    let disk = Disk::new(LIMIT);
    let (made, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let (made, most) = (made.clone(), most.clone());
                    let permit = block_on(disk.acquire());
                    let call = permit.call(file(), move |_| {
                        most.fetch_max(made.fetch_add(1, SeqCst) + 1, SeqCst);
                        std::thread::yield_now();
                        made.fetch_sub(1, SeqCst);
                        Ok(())
                    });
                    assert_eq!(block_on(call), Ok(()));
                }
            });
        }
    });
    assert!((1..=LIMIT).contains(&most.load(SeqCst)), "{most:?}");
}

/// A program that ends drops its calls, but not what they hold of the host.
#[test]
fn a_turn_lasts_as_long_as_its_call_even_if_nobody_waits_for_it() {
    let disk = Disk::new(1);
    let (begin, begun) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    {
        let permit = block_on(disk.acquire());
        let mut call = pin!(permit.call(file(), move |_| {
            begin.send(()).expect("somebody listens");
            ended.recv().expect("somebody speaks");
            Ok(())
        }));
        assert_pending(call.as_mut());
        begun.recv().expect("the call is made");
    }
    let mut next = pin!(disk.acquire());
    assert_pending(next.as_mut());
    end.send(()).expect("the call is still there");
    block_on(next);
}

/// What a guest wants to write stays in its own memory until then: else it would fill the host's.
#[test]
fn nothing_is_copied_before_the_turn() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all())
        .expect("a directory")
        .limits(Limits {
            disk_calls: 1,
            ..Limits::default()
        });
    let guest = Guest::new(&mut builder);
    for flags in [FdFlags::SYNC, FdFlags::DSYNC, FdFlags::RSYNC] {
        let frame = guest.frame(0);
        let file = frame.open_with(3, "f", OFlags::CREAT, Rights::FD_WRITE, flags);
        let permit = block_on(guest.ctx.disk.acquire());
        let mut write = pin!(frame.write_async(file.expect("made"), b"before"));
        assert_pending(write.as_mut());
        frame
            .call
            .memory
            .write(frame.buffer().into(), b"behind")
            .expect("in bounds");
        drop(permit);
        assert_eq!(block_on(write), Ok(6));
        assert_eq!(std::fs::read(dir.path().join("f")).expect("a file"), b"behind");
    }
}
