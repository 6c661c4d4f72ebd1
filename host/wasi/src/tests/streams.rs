//! Standard streams: pipes in memory, and pipes of the host.

use super::Guest;
use crate::ctx::WasiCtxBuilder;
use crate::errno::Errno;
use crate::pipe::{MemoryInputPipe, MemoryOutputPipe};
use crate::preview1::fd;
use crate::types::{FdFlags, Rights};
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::pipe::pipe;
use std::future::Future;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls a future that must not be ready.
fn assert_pending<T: std::fmt::Debug>(future: std::pin::Pin<&mut impl Future<Output = T>>) {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Pending => {}
        Poll::Ready(value) => panic!("ready with {value:?}"),
    }
}

fn guest_with_stdin() -> (Guest, std::fs::File, OwnedFd) {
    let (read, write) = pipe().expect("a pipe");
    let kept = read.try_clone().expect("a duplicate");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
    (guest, write.into(), kept)
}

#[test]
fn memory_pipes_carry_bytes_both_ways() {
    let stdout = MemoryOutputPipe::new(10);
    let guest = Guest::new(
        WasiCtxBuilder::new()
            .stdin(MemoryInputPipe::new("hello"))
            .stdout(stdout.clone()),
    );
    let frame = guest.frame(0);
    assert_eq!(frame.read(0, 2), Ok(b"he".to_vec()));
    assert_eq!(frame.read(0, 100), Ok(b"llo".to_vec()));
    assert_eq!(frame.read(0, 100), Ok(Vec::new()), "the end");
    assert_eq!(frame.write(1, b"12345678"), Ok(8));
    assert_eq!(frame.write(1, b"12345678"), Ok(2), "only so much fits");
    assert_eq!(frame.write(1, b"1"), Err(Errno::NoSpc));
    assert_eq!(stdout.contents(), b"1234567812");
    assert_eq!(frame.write(0, b"x"), Err(Errno::BadF), "input is not for writing");
    assert_eq!(frame.read(1, 1), Err(Errno::BadF), "output is not for reading");
}

#[test]
fn several_buffers_are_one_write() {
    let stdout = MemoryOutputPipe::new(100);
    let guest = Guest::new(WasiCtxBuilder::new().stdout(stdout.clone()));
    let frame = guest.frame(0);
    let memory = frame.call.memory;
    memory.write(0x1000, b"abcdefghijklmnopqrstuvwxyz").expect("in bounds");
    // More pairs than are kept without an allocation, one of them empty.
    let lengths = [3, 0, 2, 1, 4, 1, 1, 1, 2, 5];
    let mut address = 0x1000;
    for (index, length) in lengths.into_iter().enumerate() {
        memory
            .write_u64(0x100 + 8 * index as u64, length << 32 | address)
            .expect("in bounds");
        address += length;
    }
    async_io::block_on(fd::write(frame.call, 1, 0x100, 10, 0x80)).expect("written");
    assert_eq!(memory.read_u32(0x80), Ok(20));
    assert_eq!(stdout.contents(), b"abcdefghijklmnopqrst");
}

#[test]
fn a_left_out_stream_is_empty_and_swallows() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    assert_eq!(guest.frame(0).read(0, 8), Ok(Vec::new()));
    assert_eq!(guest.frame(0).write(2, b"gone"), Ok(4));
}

#[test]
fn a_blocked_read_is_droppable_and_loses_nothing() {
    let (guest, mut input, _kept) = guest_with_stdin();
    {
        let frame = guest.frame(0);
        let mut blocked = pin!(frame.read_async(0, 100));
        assert_pending(blocked.as_mut());
        assert_pending(blocked.as_mut());
    }
    input.write_all(b"for the next").expect("room");
    assert_eq!(guest.frame(1).read(0, 100), Ok(b"for the next".to_vec()));
    drop(input);
    assert_eq!(guest.frame(1).read(0, 100), Ok(Vec::new()), "the end");
}

#[test]
fn a_blocked_read_wakes_when_bytes_come() {
    let (guest, mut input, _kept) = guest_with_stdin();
    std::thread::scope(|scope| {
        let frame = guest.frame(0);
        let mut other = pin!(frame.read_async(0, 100));
        assert_pending(other.as_mut());
        let reader = scope.spawn(|| guest.frame(1).read(0, 100));
        input.write_all(b"x").expect("room");
        assert_eq!(reader.join().expect("no panic"), Ok(b"x".to_vec()));
        assert_pending(other.as_mut());
    });
}

#[test]
fn inherited_flags_stay_and_a_guest_can_ask_not_to_wait() {
    let (guest, mut input, kept) = guest_with_stdin();
    let frame = guest.frame(0);
    fd::fdstat_set_flags(frame.call, 0, FdFlags::NONBLOCK.bits().into()).expect("allowed");
    assert_eq!(frame.read(0, 8), Err(Errno::Again));
    input.write_all(b"now").expect("room");
    assert_eq!(frame.read(0, 8), Ok(b"now".to_vec()));
    assert!(
        !fcntl_getfl(&kept).expect("open").contains(OFlags::NONBLOCK),
        "the open file is shared"
    );
    fd::fdstat_get(frame.call, 0, 0x80).expect("in bounds");
    assert_eq!(frame.bytes(0x82, 2), FdFlags::NONBLOCK.bits().to_le_bytes());
}

#[test]
fn writing_without_a_reader_is_an_error() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(write));
    drop(read);
    assert_eq!(guest.frame(0).write(1, b"x"), Err(Errno::Pipe));
}

#[test]
fn a_blocked_write_is_droppable_and_gives_its_turn_back() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(write));
    let chunk = [b'x'; 20_000];
    {
        let frame = guest.frame(0);
        let mut blocked = pin!(async {
            for _ in 0..1000 {
                frame.write_async(1, &chunk).await.expect("a reader");
            }
        });
        assert_pending(blocked.as_mut());
    }
    let mut read = std::fs::File::from(read);
    let mut sink = vec![0; 1 << 20];
    assert!(read.read(&mut sink).expect("bytes") > 0);
    assert_eq!(guest.frame(1).write(1, b"end"), Ok(3));
}

#[test]
fn sockets_and_devices_are_streams_too() {
    let (socket, mut peer) = UnixStream::pair().expect("a pair");
    let null = std::fs::File::open("/dev/null").expect("a device");
    let same = socket.try_clone().expect("a duplicate");
    let guest = Guest::new(
        WasiCtxBuilder::new()
            .stdin(OwnedFd::from(socket))
            .stdout(OwnedFd::from(same)),
    );
    let frame = guest.frame(0);
    {
        let mut blocked = pin!(frame.read_async(0, 100));
        assert_pending(blocked.as_mut());
    }
    peer.write_all(b"question").expect("room");
    assert_eq!(frame.read(0, 100), Ok(b"question".to_vec()));
    assert_eq!(frame.write(1, b"answer"), Ok(6));
    let mut answer = [0; 6];
    peer.read_exact(&mut answer).expect("bytes");
    assert_eq!(&answer, b"answer");
    drop(peer);
    assert_eq!(frame.read(0, 100), Ok(Vec::new()), "the end");
    assert_eq!(frame.write(1, b"x"), Err(Errno::Pipe));
    let guest = Guest::new(WasiCtxBuilder::new().stdin(OwnedFd::from(null)));
    assert_eq!(guest.frame(0).read(0, 100), Ok(Vec::new()));
    fd::fdstat_get(guest.frame(0).call, 0, 0x80).expect("in bounds");
    let rights = Rights::from_bits_retain(guest.frame(0).call.memory.read_u64(0x88).expect("in bounds"));
    assert!(
        rights.contains(Rights::FD_TELL),
        "or a C library takes it for a terminal"
    );
}
