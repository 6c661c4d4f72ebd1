//! Pointers and lengths that lie.

use super::{Guest, MEMORY};
use crate::ctx::WasiCtxBuilder;
use crate::errno::Errno;
use crate::pipe::{MemoryInputPipe, MemoryOutputPipe};
use crate::preview1::{args_env, fd, path, poll, proc};
use crate::types::SubscriptionLayout;
use async_io::block_on;

#[test]
fn a_bad_pointer_is_a_fault_and_has_no_effect() {
    let dir = tempfile::tempdir().expect("a directory");
    let stdout = MemoryOutputPipe::new(100);
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdin(MemoryInputPipe::new("input"))
        .stdout(stdout.clone())
        .args(&["a", "b"])
        .env("k", "v");
    let all = (crate::DirPerms::all(), crate::FilePerms::all());
    builder
        .preopened_dir(dir.path(), "/", all.0, all.1)
        .expect("a directory");
    let guest = Guest::new(&mut builder);
    let frame = guest.frame(0);
    let call = frame.call;
    let fault = Err(Errno::Fault);
    let iovec = frame.iovec(5);
    for bad in [MEMORY - 1, MEMORY, u32::MAX - 3, u32::MAX] {
        assert_eq!(block_on(fd::write(call, 1, bad, 1, 0)), fault, "the array at {bad:#x}");
        assert_eq!(
            block_on(fd::write(call, 1, iovec, 1, bad)),
            fault,
            "the answer at {bad:#x}"
        );
        assert_eq!(block_on(fd::read(call, 0, bad, 1, 0)), fault);
        assert_eq!(block_on(fd::read(call, 0, iovec, 1, bad)), fault);
        call.memory.write_u64(256, 2 << 32 | u64::from(bad)).expect("in bounds");
        assert_eq!(block_on(fd::write(call, 1, 256, 1, 0)), fault, "the buffer at {bad:#x}");
        assert_eq!(block_on(fd::read(call, 0, 256, 1, 0)), fault);
        assert_eq!(fd::fdstat_get(call, 0, bad), fault);
        assert_eq!(fd::prestat_get(call, 3, bad), fault);
        assert_eq!(fd::prestat_dir_name(call, 3, MEMORY, 1), fault);
        assert_eq!(fd::readdir(call, 3, bad, 64, 0, 0), fault);
        assert_eq!(path::create_directory(call, 3, bad, 8), fault);
        let (new, length) = frame.path("new");
        assert_eq!(path::open(call, 3, 0, new, length, 1, 64, 0, 0, bad), fault);
        assert_eq!(args_env::args_sizes_get(call, 0, bad), fault);
        assert_eq!(args_env::args_get(call, 0, bad), fault);
        assert_eq!(args_env::environ_get(call, bad, 0), fault);
        assert_eq!(proc::clock_time_get(call, 1, 0, bad), fault);
        assert_eq!(proc::clock_res_get(call, 0, bad), fault);
        assert_eq!(block_on(proc::random_get(call, bad, 2)), fault);
        let preview1 = SubscriptionLayout::PREVIEW1;
        assert_eq!(block_on(poll::oneoff(call, preview1, bad, 0, 1, 0)), fault);
        assert_eq!(block_on(poll::oneoff(call, preview1, 0, bad, 1, 0)), fault);
        assert_eq!(block_on(poll::oneoff(call, preview1, 0, 0, 1, bad)), fault);
    }
    assert_eq!(block_on(proc::random_get(call, 0, u32::MAX)), fault);
    assert_eq!(fd::readdir(call, 3, 0, u32::MAX, 0, 0), fault);
    assert_eq!(stdout.contents(), b"", "nothing was written");
    assert_eq!(frame.read(0, 100), Ok(b"input".to_vec()), "nothing was read");
    assert_eq!(
        std::fs::read_dir(dir.path()).expect("a directory").count(),
        0,
        "nothing was made"
    );
}

#[test]
fn counts_that_are_too_large_are_refused() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let call = guest.frame(0).call;
    for count in [1025, u32::MAX / 8 + 1, u32::MAX] {
        assert_eq!(block_on(fd::write(call, 1, 0, count, 0)), Err(Errno::Inval));
        let layout = SubscriptionLayout::PREVIEW1;
        assert_eq!(
            block_on(poll::oneoff(call, layout, 0, 0, count.max(4097), 0)),
            Err(Errno::Inval)
        );
    }
    // The same megabyte many times over: no more is copied than one call moves.
    for index in 0..1023 {
        call.memory
            .write_u64(8 * index, u64::from(MEMORY) << 32)
            .expect("in bounds");
    }
    assert_eq!(block_on(fd::write(call, 1, 0, 1023, 0x8000)), Ok(()));
    assert_eq!(
        call.memory.read_u32(0x8000),
        Ok(crate::Limits::default().transfer as u32)
    );
}

#[test]
fn arguments_and_environment_arrive() {
    let mut builder = WasiCtxBuilder::new();
    builder.args(&["program", "ü"]).envs(&[("K", "v"), ("EMPTY", "")]);
    let guest = Guest::new(&mut builder);
    let frame = guest.frame(0);
    let call = frame.call;
    args_env::args_sizes_get(call, 0, 4).expect("in bounds");
    assert_eq!(frame.bytes(0, 8), [2, 0, 0, 0, 11, 0, 0, 0]);
    args_env::args_get(call, 0x100, 0x200).expect("in bounds");
    assert_eq!(frame.bytes(0x100, 8), [0, 2, 0, 0, 8, 2, 0, 0]);
    assert_eq!(frame.bytes(0x200, 11), "program\0ü\0".as_bytes());
    args_env::environ_sizes_get(call, 0, 4).expect("in bounds");
    assert_eq!(frame.bytes(0, 8), [2, 0, 0, 0, 11, 0, 0, 0]);
    args_env::environ_get(call, 0x100, 0x200).expect("in bounds");
    assert_eq!(frame.bytes(0x200, 11), b"K=v\0EMPTY=\0");
    let refused = WasiCtxBuilder::new()
        .arg("a\0b")
        .build()
        .map(|_| ())
        .expect_err("a NUL byte");
    assert!(refused.to_string().contains("NUL"), "{refused}");
}

#[test]
fn random_bytes_fill_exactly_what_was_asked_for() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let frame = guest.frame(0);
    block_on(proc::random_get(frame.call, 16, 10_000)).expect("in bounds");
    let filled = frame.bytes(16, 10_000);
    assert!(filled.chunks(100).all(|piece| piece.iter().any(|byte| *byte != 0)));
    assert_eq!(frame.bytes(0, 16), [0; 16]);
    assert_eq!(frame.bytes(10_016, 16), [0; 16]);
    block_on(proc::random_get(frame.call, MEMORY, 0)).expect("nothing at the end");
}

#[test]
fn signals_are_not_for_the_host() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let call = guest.frame(0).call;
    assert_eq!(proc::raise(call, 6), Err(Errno::NoSys));
    assert_eq!(proc::raise(call, 31), Err(Errno::Inval));
    block_on(proc::sched_yield(call)).expect("comes back");
}
