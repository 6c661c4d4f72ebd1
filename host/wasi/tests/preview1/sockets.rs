//! `sock_recv`, `sock_send`, `sock_shutdown` and `sock_accept` on sockets that the embedder hands in as standard streams.

use crate::harness::abi::{fdflags, filetype, rights};
use crate::harness::{Errno, Guest};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use weft_wasi::WasiCtxBuilder;

/// `riflags`.
const PEEK: u32 = 1 << 0;
const WAIT_ALL: u32 = 1 << 1;
/// `sdflags`.
const READ: u32 = 1 << 0;
const WRITE: u32 = 1 << 1;

/// A guest with one socket as 0 and 1, and the other end.
fn guest() -> (Guest, UnixStream) {
    let (socket, peer) = UnixStream::pair().expect("a pair");
    let same = socket.try_clone().expect("a duplicate");
    let mut builder = WasiCtxBuilder::new();
    builder.stdin(OwnedFd::from(socket)).stdout(OwnedFd::from(same));
    (Guest::new(&mut builder), peer)
}

#[test]
fn messages_come_and_go() {
    let (guest, mut peer) = guest();
    assert_eq!(
        guest.fd_fdstat_get(0).map(|fdstat| fdstat.filetype),
        Ok(filetype::SOCKET_STREAM)
    );
    peer.write_all(b"question").expect("room");
    assert_eq!(guest.sock_recv(0, 5, 0), Ok((b"quest".to_vec(), 0)));
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"ion".to_vec(), 0)));
    assert_eq!(guest.sock_send(1, "answer", 0), Ok(6));
    let mut answer = [0; 6];
    peer.read_exact(&mut answer).expect("bytes");
    assert_eq!(&answer, b"answer");
    drop(peer);
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((Vec::new(), 0)), "the end");
    assert_eq!(guest.sock_send(1, "x", 0), Err(Errno::Pipe));
}

#[test]
fn peeking_leaves_what_it_saw() {
    let (guest, mut peer) = guest();
    peer.write_all(b"again").expect("room");
    for _ in 0..2 {
        assert_eq!(guest.sock_recv(0, 100, PEEK), Ok((b"again".to_vec(), 0)));
    }
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"again".to_vec(), 0)));
}

/// "On byte-stream sockets, block until the full amount of data can be returned."
#[test]
fn all_is_waited_for() {
    let (guest, mut peer) = guest();
    peer.write_all(b"first ").expect("room");
    std::thread::scope(|scope| {
        let receiving = scope.spawn(|| guest.sock_recv(0, 12, WAIT_ALL));
        peer.write_all(b"sec").expect("room");
        peer.write_all(b"ond!").expect("room");
        assert_eq!(receiving.join().expect("no panic"), Ok((b"first second".to_vec(), 0)));
    });
    drop(peer);
    assert_eq!(
        guest.sock_recv(0, 12, WAIT_ALL),
        Ok((b"!".to_vec(), 0)),
        "or until the end"
    );
}

#[test]
fn a_socket_that_must_not_wait_says_again() {
    let (guest, mut peer) = guest();
    guest.fd_fdstat_set_flags(0, fdflags::NONBLOCK).expect("allowed");
    assert_eq!(guest.sock_recv(0, 100, 0), Err(Errno::Again));
    peer.write_all(b"now").expect("room");
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"now".to_vec(), 0)));
}

#[test]
fn directions_are_shut_down() {
    let (guest, mut peer) = guest();
    assert_eq!(guest.sock_shutdown(1, WRITE), Ok(()));
    assert_eq!(peer.read(&mut [0]).expect("the end"), 0);
    assert_eq!(guest.sock_send(1, "x", 0), Err(Errno::Pipe));
    peer.write_all(b"still").expect("room");
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"still".to_vec(), 0)));
    assert_eq!(guest.sock_shutdown(0, READ), Ok(()));
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((Vec::new(), 0)));
    assert_eq!(guest.sock_shutdown(0, READ | WRITE), Ok(()), "again, and both");
}

#[test]
fn unknown_flags_are_invalid() {
    let (guest, mut peer) = guest();
    peer.write_all(b"stays").expect("room");
    for flags in [1 << 2, 1 << 15, 1 << 16] {
        assert_eq!(guest.sock_recv(0, 100, flags), Err(Errno::Inval), "{flags:#x}");
    }
    for flags in [1, 1 << 15, 1 << 16] {
        assert_eq!(guest.sock_send(1, "x", flags), Err(Errno::Inval), "{flags:#x}");
    }
    for how in [1 << 2, 1 << 8] {
        assert_eq!(guest.sock_shutdown(0, how), Err(Errno::Inval), "{how:#x}");
    }
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"stays".to_vec(), 0)));
}

#[test]
fn what_does_not_listen_accepts_nothing() {
    let (guest, _peer) = guest();
    let accepted = guest.sock_accept(0, 0);
    assert!(
        matches!(accepted, Err(Errno::Inval | Errno::NotSup | Errno::NotCapable)),
        "{accepted:?}"
    );
}

#[test]
fn a_bad_pointer_receives_nothing() {
    let (guest, mut peer) = guest();
    peer.write_all(b"stays").expect("room");
    let [array, buffer] = [crate::harness::ARRAY, crate::harness::BUFFER];
    let (memory, answer) = (u64::from(crate::harness::MEMORY), u64::from(crate::harness::ANSWER));
    guest.fill_iovecs(array, &[(buffer, 100)]);
    for bad in [memory - 1, memory, u64::from(u32::MAX)] {
        for arguments in [
            [0, bad, 1, 0, answer, answer + 4],
            [0, array.into(), 1, 0, bad, answer + 4],
            [0, array.into(), 1, 0, answer, bad],
        ] {
            assert_eq!(guest.call("sock_recv", &arguments), Err(Errno::Fault), "{arguments:x?}");
        }
        for arguments in [[1, bad, 1, 0, answer], [1, array.into(), 1, 0, bad]] {
            assert_eq!(guest.call("sock_send", &arguments), Err(Errno::Fault), "{arguments:x?}");
        }
    }
    peer.set_nonblocking(true).expect("a socket");
    peer.read(&mut [0]).expect_err("nothing was sent");
    assert_eq!(guest.sock_recv(0, 100, 0), Ok((b"stays".to_vec(), 0)));
}

#[test]
fn shutting_down_is_a_right() {
    let (guest, mut peer) = guest();
    let fdstat = guest.fd_fdstat_get(1).expect("open");
    assert_eq!(fdstat.rights & rights::SOCK_SHUTDOWN, rights::SOCK_SHUTDOWN);
    let left = fdstat.rights & !rights::SOCK_SHUTDOWN;
    assert_eq!(guest.fd_fdstat_set_rights(1, left, fdstat.inheriting), Ok(()));
    assert_eq!(guest.sock_shutdown(1, WRITE), Err(Errno::NotCapable));
    assert_eq!(guest.sock_send(1, "open", 0), Ok(4));
    peer.read_exact(&mut [0; 4]).expect("bytes");
}
