//! Standard streams: pipes in memory, and pipes, sockets, devices and files of the host. Sockets have their functions here.

use crate::harness::abi::rights::READ;
use crate::harness::abi::{fdflags, filetype, oflags, rights, whence};
use crate::harness::{DIR, Errno, Guest, Open, World};
use rustix::fs::{CWD, Mode, OFlags, fcntl_getfl, mkfifoat};
use rustix::pipe::pipe;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use weft_wasi::{MemoryInputPipe, MemoryOutputPipe, WasiCtxBuilder};

#[test]
fn memory_pipes_carry_bytes_both_ways() {
    let stdout = MemoryOutputPipe::new(10);
    let mut builder = WasiCtxBuilder::new();
    builder.stdin(MemoryInputPipe::new("hello")).stdout(stdout.clone());
    let guest = Guest::new(&mut builder);
    assert_eq!(guest.fd_read(0, 2).as_deref(), Ok(&b"he"[..]));
    assert_eq!(guest.fd_readv(0, &[1, 0, 100]).as_deref(), Ok(&b"llo"[..]));
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b""[..]), "the end");
    assert_eq!(guest.fd_writev(1, &[b"1234", b"", b"5678"]), Ok(8));
    assert_eq!(guest.fd_write(1, "12345678"), Ok(2), "only so much fits");
    assert_eq!(guest.fd_write(1, "1"), Err(Errno::NoSpc));
    assert_eq!(guest.fd_write(1, ""), Ok(0));
    assert_eq!(stdout.contents(), b"1234567812");
    assert_eq!(guest.fd_write(0, "x"), Err(Errno::BadF), "input is not for writing");
    assert_eq!(guest.fd_read(1, 1), Err(Errno::BadF), "output is not for reading");
}

#[test]
fn a_left_out_stream_is_empty_and_swallows() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    assert_eq!(guest.fd_read(0, 8).as_deref(), Ok(&b""[..]));
    assert_eq!(guest.fd_write(1, "gone"), Ok(4));
    assert_eq!(guest.fd_writev(2, &[b"gone", b"too"]), Ok(7));
}

#[test]
fn a_pipe_of_the_host_is_a_stream() {
    let (read, write) = pipe().expect("a pipe");
    let (out, stdout) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read).stdout(stdout));
    let mut write = File::from(write);
    write.write_all(b"question").expect("room");
    assert_eq!(
        guest.fd_read(0, 5).as_deref(),
        Ok(&b"quest"[..]),
        "no more than asked for"
    );
    assert_eq!(
        guest.fd_read(0, 100).as_deref(),
        Ok(&b"ion"[..]),
        "the bytes that have arrived, without waiting for more"
    );
    assert_eq!(guest.fd_writev(1, &[b"ans", b"wer"]), Ok(6));
    let mut answer = [0; 6];
    File::from(out).read_exact(&mut answer).expect("bytes");
    assert_eq!(&answer, b"answer");
    drop(write);
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b""[..]), "the end");
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::Pipe), "nobody reads");
    for fd in 0..2 {
        assert_eq!(guest.fd_seek(fd, 0, whence::CUR), Err(Errno::Spipe));
        assert_eq!(
            guest.fd_filestat_get(fd).map(|stat| stat.filetype),
            Ok(filetype::UNKNOWN)
        );
        assert_eq!(
            guest.fd_fdstat_get(fd).map(|fdstat| fdstat.filetype),
            Ok(filetype::UNKNOWN)
        );
    }
}

#[test]
fn a_stream_that_must_not_wait_says_again() {
    let (read, write) = pipe().expect("a pipe");
    let (kept, mut write) = (read.try_clone().expect("a duplicate"), File::from(write));
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
    guest.fd_fdstat_set_flags(0, fdflags::NONBLOCK).expect("allowed");
    assert_eq!(guest.fd_read(0, 8), Err(Errno::Again));
    assert_eq!(guest.fd_read(0, 0).as_deref(), Ok(&b""[..]));
    write.write_all(b"now").expect("room");
    assert_eq!(guest.fd_read(0, 8).as_deref(), Ok(&b"now"[..]));
    assert_eq!(guest.fd_fdstat_get(0).map(|fdstat| fdstat.flags), Ok(fdflags::NONBLOCK));
    let host = fcntl_getfl(&kept).expect("open");
    assert!(!host.contains(OFlags::NONBLOCK), "the open file is another's too");
    guest.fd_fdstat_set_flags(0, 0).expect("allowed");
    assert_eq!(guest.fd_fdstat_get(0).map(|fdstat| fdstat.flags), Ok(0));
    for flags in [fdflags::SYNC, fdflags::DSYNC, fdflags::RSYNC, 1 << 5, 1 << 16] {
        assert_eq!(guest.fd_fdstat_set_flags(0, flags), Err(Errno::Inval), "{flags:#x}");
    }
}

#[test]
fn a_full_pipe_that_must_not_wait_says_how_much_it_took() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(write));
    guest.fd_fdstat_set_flags(1, fdflags::NONBLOCK).expect("allowed");
    let bytes: Vec<u8> = (0..200_000u32).map(|at| (at % 251) as u8).collect();
    let count = guest.fd_write(1, &bytes).expect("room for some") as usize;
    assert!(count > 0 && count < bytes.len());
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::Again));
    drop(guest);
    let mut all = Vec::new();
    File::from(read).read_to_end(&mut all).expect("bytes");
    assert_eq!(all, bytes[..count]);
}

/// What a C library asks to find out whether it writes to a terminal.
#[test]
fn a_device_is_no_terminal() {
    let null = File::open("/dev/null").expect("a device");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(OwnedFd::from(null)));
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b""[..]));
    let fdstat = guest.fd_fdstat_get(0).expect("open");
    assert_eq!(fdstat.filetype, filetype::CHARACTER_DEVICE);
    let seek = rights::FD_SEEK | rights::FD_TELL;
    assert_eq!(fdstat.rights & seek, seek);
    // What it has the right to, it can.
    assert_eq!(guest.fd_seek(0, 3, whence::SET), Ok(0), "as the device does");
    assert_eq!(guest.fd_tell(0), Ok(0));
    assert_eq!(guest.fd_pread(0, 4, 9).as_deref(), Ok(&b""[..]));
    assert_eq!(guest.fd_pread(0, 4, 1 << 63), Err(Errno::Inval));
    assert_eq!(guest.fd_pwrite(0, "x", 9), Err(Errno::BadF), "opened to be read");
    guest.fd_fdstat_set_rights(0, fdstat.rights & !seek, 0).expect("fewer");
    assert_eq!(guest.fd_seek(0, 3, whence::SET), Err(Errno::NotCapable));
}

#[test]
fn a_device_without_room_says_so() {
    let full = File::options().write(true).open("/dev/full").expect("a device");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(OwnedFd::from(full)));
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::NoSpc));
    assert_eq!(guest.fd_pwrite(1, "x", 9), Err(Errno::NoSpc));
    assert_eq!(guest.fd_pread(1, 4, 9), Err(Errno::BadF));
}

#[test]
fn a_file_of_the_host_is_sought_but_keeps_its_flags() {
    let world = World::new();
    world.file("in", "contents");
    let input = File::open(world.host("in")).expect("a file");
    let output = File::options()
        .append(true)
        .create(true)
        .open(world.host("out"))
        .expect("a file");
    let guest = Guest::new(
        WasiCtxBuilder::new()
            .stdin(OwnedFd::from(input))
            .stdout(OwnedFd::from(output)),
    );
    assert_eq!(guest.fd_seek(0, 3, whence::SET), Ok(3));
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b"tents"[..]));
    assert_eq!(guest.fd_pread(0, 3, 0).as_deref(), Ok(&b"con"[..]));
    assert_eq!(guest.fd_write(0, "x"), Err(Errno::BadF));
    assert_eq!(guest.fd_fdstat_get(1).map(|fdstat| fdstat.flags), Ok(fdflags::APPEND));
    assert_eq!(
        guest.fd_fdstat_set_flags(1, 0),
        Err(Errno::NotSup),
        "it is not this program's alone"
    );
    assert_eq!(guest.fd_write(1, "line"), Ok(4));
    assert_eq!(world.contents("out"), b"line");
}

#[test]
fn a_fifo_does_not_block_the_one_who_opens_it() {
    let world = World::new();
    mkfifoat(CWD, world.host("fifo"), Mode::RUSR | Mode::WUSR).expect("a fifo");
    assert_eq!(
        world.open("fifo", 0, crate::harness::abi::rights::WRITE),
        Err(Errno::Nxio),
        "nobody reads yet"
    );
    let reader = world.open("fifo", 0, READ).expect("opened at once");
    let writer = world
        .open("fifo", 0, crate::harness::abi::rights::WRITE)
        .expect("opened at once");
    assert_eq!(
        world.fd_filestat_get(reader).map(|stat| stat.filetype),
        Ok(filetype::UNKNOWN)
    );
    assert_eq!(world.fd_seek(reader, 0, whence::SET), Err(Errno::Spipe));
    assert_eq!(world.fd_write(writer, "through"), Ok(7));
    assert_eq!(world.fd_read(reader, 100).as_deref(), Ok(&b"through"[..]));
    world.fd_close(writer).expect("open");
    assert_eq!(world.fd_read(reader, 100).as_deref(), Ok(&b""[..]), "the end");
}

fn guest_with_socket() -> (Guest, UnixStream) {
    let (socket, peer) = UnixStream::pair().expect("a pair");
    let same = socket.try_clone().expect("a duplicate");
    let mut builder = WasiCtxBuilder::new();
    builder.stdin(OwnedFd::from(socket)).stdout(OwnedFd::from(same));
    (Guest::new(&mut builder), peer)
}

#[test]
fn a_socket_is_read_and_written_as_a_stream() {
    let (guest, mut peer) = guest_with_socket();
    let fdstat = guest.fd_fdstat_get(0).expect("open");
    assert_eq!(fdstat.filetype, filetype::SOCKET_STREAM);
    peer.write_all(b"question").expect("room");
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b"question"[..]));
    assert_eq!(guest.fd_write(1, "answer"), Ok(6));
    let mut answer = [0; 6];
    peer.read_exact(&mut answer).expect("bytes");
    assert_eq!(&answer, b"answer");
    drop(peer);
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b""[..]), "the end");
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::Pipe));
}

#[test]
fn what_is_no_socket_says_so() {
    let (read, _write) = pipe().expect("a pipe");
    let world = World::with(weft_wasi::DirPerms::all(), weft_wasi::FilePerms::all(), |builder| {
        builder.stdin(read);
    });
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    for fd in [0, 1, DIR, file] {
        assert_eq!(world.sock_accept(fd, 0), Err(Errno::NotSock), "{fd}");
        assert_eq!(world.sock_recv(fd, 1, 0), Err(Errno::NotSock), "{fd}");
        assert_eq!(world.sock_send(fd, "x", 0), Err(Errno::NotSock), "{fd}");
        assert_eq!(world.sock_shutdown(fd, 1), Err(Errno::NotSock), "{fd}");
    }
    for fd in [99, u32::MAX] {
        assert_eq!(world.sock_accept(fd, 0), Err(Errno::BadF), "{fd}");
        assert_eq!(world.sock_recv(fd, 1, 0), Err(Errno::BadF), "{fd}");
        assert_eq!(world.sock_send(fd, "x", 0), Err(Errno::BadF), "{fd}");
        assert_eq!(world.sock_shutdown(fd, 1), Err(Errno::BadF), "{fd}");
    }
    assert_eq!(world.contents("f"), b"contents");
}

#[test]
fn a_streams_flags_are_kept() {
    let (read, _write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
    for flags in [
        fdflags::APPEND,
        fdflags::APPEND | fdflags::NONBLOCK,
        fdflags::NONBLOCK,
        0,
    ] {
        assert_eq!(guest.fd_fdstat_set_flags(0, flags), Ok(()));
        assert_eq!(guest.fd_fdstat_get(0).expect("open").flags, flags);
    }
    assert_eq!(guest.fd_fdstat_set_flags(0, fdflags::SYNC), Err(Errno::Inval));
}

/// A program that opens a pipe to read it is not one that writes to it, even if it would have made what is not there.
#[test]
fn a_pipe_that_is_opened_to_be_read_or_made_ends_with_its_writer() {
    let world = World::new();
    mkfifoat(CWD, world.host("fifo"), Mode::RUSR | Mode::WUSR).expect("a fifo");
    let how = Open {
        oflags: oflags::CREAT,
        rights: READ,
        fdflags: fdflags::NONBLOCK,
        ..Open::default()
    };
    let reader = world.path_open(DIR, "fifo", how).expect("there");
    let mut writer = File::options().write(true).open(world.host("fifo")).expect("a reader");
    assert_eq!(world.fd_read(reader, 10), Err(Errno::Again));
    writer.write_all(b"last").expect("a reader");
    drop(writer);
    assert_eq!(world.fd_read(reader, 10).as_deref(), Ok(&b"last"[..]));
    assert_eq!(world.fd_read(reader, 10).as_deref(), Ok(&b""[..]), "the end");
}
