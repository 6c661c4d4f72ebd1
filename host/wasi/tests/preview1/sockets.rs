//! Sockets that an embedder passes to a program, as sockets or as standard streams.

use crate::harness::abi::{fdflags, filetype, oflags, rights};
use crate::harness::{ANSWER, ARRAY, BUFFER, Errno, Guest, Subscription, World};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::channel;
use weft_wasi::{DirPerms, Error, FilePerms, Limits, WasiCtxBuilder};

const PEEK: u32 = 1;
const WAITALL: u32 = 2;
const RD: u32 = 1;
const WR: u32 = 2;

/// A guest whose descriptor 3 listens, and where.
fn listening() -> (Guest, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_socket(listener).expect("a socket");
    (Guest::new(&mut builder), address)
}

/// A guest whose descriptor 3 is a connection, and its other end.
fn connected() -> (Guest, UnixStream) {
    let (ours, theirs) = UnixStream::pair().expect("a pair");
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_socket(theirs).expect("a socket");
    (Guest::new(&mut builder), ours)
}

#[test]
fn a_connection_is_accepted_and_used() {
    let (guest, address) = listening();
    let mut client = TcpStream::connect(address).expect("somebody listens");
    let connection = guest.sock_accept(3, 0).expect("a connection");
    assert_eq!(connection, 4, "the lowest free number");
    client.write_all(b"question").expect("connected");
    assert_eq!(guest.sock_recv(connection, 4, 0), Ok((b"ques".to_vec(), 0)));
    assert_eq!(guest.fd_read(connection, 100).as_deref(), Ok(&b"tion"[..]));
    assert_eq!(guest.sock_send(connection, "ans", 0), Ok(3));
    assert_eq!(guest.fd_write(connection, "wer"), Ok(3));
    assert_eq!(guest.fd_close(connection), Ok(()));
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("until the end");
    assert_eq!(answer, "answer");
}

#[test]
fn accepting_waits_for_somebody_to_connect() {
    let (guest, address) = listening();
    std::thread::scope(|scope| {
        let accepting = scope.spawn(|| guest.sock_accept(3, 0));
        let _client = TcpStream::connect(address).expect("somebody listens");
        assert_eq!(accepting.join().expect("no panic"), Ok(4));
    });
}

#[test]
fn a_listener_that_must_not_wait_says_again() {
    let (guest, address) = listening();
    guest.fd_fdstat_set_flags(3, fdflags::NONBLOCK).expect("a flag it has");
    assert_eq!(guest.sock_accept(3, 0), Err(Errno::Again));
    let _client = TcpStream::connect(address).expect("somebody listens");
    let ready = [(7, Subscription::Read(3))];
    let events = guest.poll_oneoff(&ready).expect("one event");
    assert_eq!((events.len(), events[0].userdata, events[0].outcome), (1, 7, Ok(())));
    assert_eq!(guest.sock_accept(3, 0), Ok(4));
}

/// What is accepted has the flags that `sock_accept` was given, and not those of the listener.
#[test]
fn a_connection_waits_unless_told_otherwise() {
    let (guest, address) = listening();
    let _clients = [0; 2].map(|_| TcpStream::connect(address).expect("somebody listens"));
    guest.fd_fdstat_set_flags(3, fdflags::NONBLOCK).expect("a flag it has");
    let waits = guest.sock_accept(3, 0).expect("a connection");
    assert_eq!(guest.fd_fdstat_get(waits).expect("open").flags, 0);
    let never_waits = guest.sock_accept(3, fdflags::NONBLOCK).expect("a connection");
    assert_eq!(guest.fd_fdstat_get(never_waits).expect("open").flags, fdflags::NONBLOCK);
    assert_eq!(guest.sock_recv(never_waits, 1, 0), Err(Errno::Again));
}

#[test]
fn sockets_tell_what_they_are() {
    let (guest, address) = listening();
    let _client = TcpStream::connect(address).expect("somebody listens");
    let connection = guest.sock_accept(3, 0).expect("a connection");
    let listener = guest.fd_fdstat_get(3).expect("open");
    assert_eq!(listener.filetype, filetype::SOCKET_STREAM);
    assert!(listener.rights & rights::SOCK_ACCEPT != 0 && listener.rights & rights::READ_WRITE == 0);
    let stream = guest.fd_fdstat_get(connection).expect("open");
    assert_eq!(stream.filetype, filetype::SOCKET_STREAM);
    let both_ways = rights::READ_WRITE | rights::SOCK_SHUTDOWN;
    assert_eq!(stream.rights & (both_ways | rights::SOCK_ACCEPT), both_ways);
    assert_eq!(
        guest.fd_filestat_get(3).expect("open").filetype,
        filetype::SOCKET_STREAM
    );
}

#[test]
fn peeking_leaves_what_it_sees() {
    let (guest, mut client) = connected();
    client.write_all(b"abc").expect("connected");
    assert_eq!(guest.sock_recv(3, 2, PEEK), Ok((b"ab".to_vec(), 0)));
    assert_eq!(guest.sock_recv(3, 9, PEEK), Ok((b"abc".to_vec(), 0)));
    assert_eq!(guest.sock_recv(3, 9, 0), Ok((b"abc".to_vec(), 0)));
}

#[test]
fn all_that_there_is_room_for_can_be_waited_for() {
    let (guest, mut client) = connected();
    std::thread::scope(|scope| {
        let (begun, begins) = channel();
        let guest = &guest;
        let receiving = scope.spawn(move || {
            begun.send(()).expect("somebody waits");
            guest.sock_recv(3, 100_000, WAITALL)
        });
        begins.recv().expect("it begins");
        for _ in 0..100 {
            client.write_all(&[b'x'; 1000]).expect("connected");
        }
        let (bytes, flags) = receiving.join().expect("no panic").expect("all of it");
        assert_eq!((bytes.len(), flags), (100_000, 0));
    });
    client.write_all(b"the rest").expect("connected");
    client.shutdown(Shutdown::Write).expect("connected");
    assert_eq!(
        guest.sock_recv(3, 100, WAITALL),
        Ok((b"the rest".to_vec(), 0)),
        "until the end"
    );
    assert_eq!(guest.sock_recv(3, 100, WAITALL), Ok((Vec::new(), 0)));
}

#[test]
fn each_way_is_closed_by_itself() {
    let (guest, mut client) = connected();
    assert_eq!(guest.sock_shutdown(3, WR), Ok(()));
    assert_eq!(guest.sock_send(3, "x", 0), Err(Errno::Pipe));
    let mut end = Vec::new();
    client.read_to_end(&mut end).expect("the end");
    assert_eq!(end, b"");
    client.write_all(b"more").expect("the other way is open");
    assert_eq!(guest.sock_recv(3, 9, 0), Ok((b"more".to_vec(), 0)));
    assert_eq!(guest.sock_shutdown(3, RD), Ok(()));
    assert_eq!(guest.sock_recv(3, 9, 0), Ok((Vec::new(), 0)));
    assert_eq!(guest.sock_shutdown(3, RD | WR), Ok(()));
}

#[test]
fn a_connection_that_was_broken_says_so() {
    let (guest, address) = listening();
    let client = TcpStream::connect(address).expect("somebody listens");
    let connection = guest.sock_accept(3, 0).expect("a connection");
    assert_eq!(guest.sock_send(connection, "unread", 0), Ok(6));
    // What was sent is in the client's buffer, so that closing resets the connection.
    let events = guest.poll_oneoff(&[(0, Subscription::Write(connection))]);
    assert_eq!(events.expect("writable").len(), 1);
    drop(client);
    assert_eq!(guest.sock_recv(connection, 1, 0), Err(Errno::ConnReset));
    assert_eq!(guest.sock_shutdown(connection, RD), Err(Errno::NotConn));
}

#[test]
fn flags_that_are_not_there_are_invalid() {
    let (guest, _client) = connected();
    assert_eq!(guest.sock_recv(3, 1, 4), Err(Errno::Inval));
    assert_eq!(guest.sock_recv(3, 1, 1 << 16), Err(Errno::Inval));
    assert_eq!(guest.sock_send(3, "x", 1), Err(Errno::Inval));
    assert_eq!(guest.sock_shutdown(3, 0), Err(Errno::Inval));
    assert_eq!(guest.sock_shutdown(3, 4), Err(Errno::Inval));
    assert_eq!(guest.sock_accept(3, 0), Err(Errno::Inval), "it does not listen");
    let (guest, _) = listening();
    assert_eq!(guest.sock_accept(3, fdflags::APPEND), Err(Errno::Inval));
    assert_eq!(guest.sock_accept(3, 1 << 16), Err(Errno::Inval));
    assert_eq!(guest.fd_fdstat_set_flags(3, fdflags::APPEND), Err(Errno::Inval));
}

#[test]
fn what_listens_is_not_connected() {
    let (guest, _) = listening();
    assert_eq!(guest.sock_recv(3, 1, 0), Err(Errno::NotConn));
    assert_eq!(guest.sock_send(3, "x", 0), Err(Errno::NotConn));
    assert_eq!(guest.fd_read(3, 1), Err(Errno::NotConn));
    assert_eq!(guest.fd_write(3, "x"), Err(Errno::NotConn));
    assert_eq!(guest.fd_seek(3, 0, 0), Err(Errno::Spipe));
}

/// An answer that cannot be written is found before anything is accepted or received.
#[test]
fn a_bad_place_for_the_answer_loses_nothing() {
    let (guest, address) = listening();
    let mut client = TcpStream::connect(address).expect("somebody listens");
    let beyond = u64::from(u32::MAX);
    assert_eq!(guest.call("sock_accept", &[3, 0, beyond]), Err(Errno::Fault));
    let connection = u64::from(guest.sock_accept(3, 0).expect("it is still there"));
    client.write_all(b"x").expect("connected");
    guest.fill_iovecs(ARRAY, &[(BUFFER, 1)]);
    let (array, answer) = (u64::from(ARRAY), u64::from(ANSWER));
    for answers in [[answer, beyond], [beyond, answer]] {
        let arguments = [connection, array, 1, 0, answers[0], answers[1]];
        assert_eq!(guest.call("sock_recv", &arguments), Err(Errno::Fault));
    }
    let arguments = [connection, beyond, 1, 0, answer, answer + 8];
    assert_eq!(guest.call("sock_recv", &arguments), Err(Errno::Fault));
    assert_eq!(guest.sock_recv(connection as u32, 9, 0), Ok((b"x".to_vec(), 0)));
    let arguments = [connection, array, 1, 0, beyond];
    assert_eq!(guest.call("sock_send", &arguments), Err(Errno::Fault));
}

#[test]
fn sockets_come_in_the_order_in_which_they_are_given() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_ours, theirs) = UnixStream::pair().expect("a pair");
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(directory.path(), "/", DirPerms::all(), FilePerms::all())
        .expect("a directory")
        .preopened_socket(TcpListener::bind("127.0.0.1:0").expect("a free port"))
        .expect("a socket")
        .preopened_socket(theirs)
        .expect("a socket");
    let guest = Guest::new(&mut builder);
    assert_eq!(guest.fd_prestat_get(3), Ok(1));
    assert_eq!(guest.fd_prestat_get(4), Err(Errno::BadF), "where a C library stops");
    assert!(guest.fd_fdstat_get(4).expect("open").rights & rights::SOCK_ACCEPT != 0);
    assert!(guest.fd_fdstat_get(5).expect("open").rights & rights::FD_READ != 0);
}

/// A table without room refuses before it accepts, so that the connection is not lost.
#[test]
fn a_full_table_accepts_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut limits = Limits::default();
    limits.descriptors = 4;
    let mut builder = WasiCtxBuilder::new();
    builder.limits(limits).preopened_socket(listener).expect("a socket");
    let guest = Guest::new(&mut builder);
    let _client = TcpStream::connect(address).expect("somebody listens");
    assert_eq!(guest.sock_accept(3, 0), Err(Errno::Mfile));
    guest.fd_close(2).expect("open");
    assert_eq!(guest.sock_accept(3, 0), Ok(2));
}

#[test]
fn only_stream_sockets_are_taken() {
    let world = World::new();
    world.file("file", "");
    let refused = |outcome: Result<&mut WasiCtxBuilder, Error>| matches!(outcome, Err(Error::Socket { .. }));
    let mut builder = WasiCtxBuilder::new();
    let file = std::fs::File::open(world.host("file")).expect("a file");
    assert!(refused(builder.preopened_socket(file)));
    let datagrams = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    assert!(refused(builder.preopened_socket(datagrams)));
    assert_eq!(world.sock_accept(3, 0), Err(Errno::NotSock), "a directory");
    let file = world.open("file", oflags::CREAT, rights::READ_WRITE).expect("a file");
    assert_eq!(world.sock_accept(file, 0), Err(Errno::NotSock));
    assert_eq!(world.sock_recv(file, 1, 0), Err(Errno::NotSock));
    assert_eq!(world.sock_send(file, "x", 0), Err(Errno::NotSock));
    assert_eq!(world.sock_shutdown(file, RD), Err(Errno::NotSock));
    for closed in [77, u32::MAX] {
        assert_eq!(world.sock_accept(closed, 0), Err(Errno::BadF));
        assert_eq!(world.sock_recv(closed, 1, 0), Err(Errno::BadF));
        assert_eq!(world.sock_send(closed, "x", 0), Err(Errno::BadF));
        assert_eq!(world.sock_shutdown(closed, RD), Err(Errno::BadF));
    }
}

#[test]
fn a_standard_stream_may_be_a_socket() {
    let (mut peer, theirs) = UnixStream::pair().expect("a pair");
    let same = theirs.try_clone().expect("a duplicate");
    let mut builder = WasiCtxBuilder::new();
    builder.stdin(OwnedFd::from(theirs)).stdout(OwnedFd::from(same));
    let guest = Guest::new(&mut builder);
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
fn shutting_down_and_accepting_are_rights() {
    let (guest, mut peer) = connected();
    let fdstat = guest.fd_fdstat_get(3).expect("open");
    let left = fdstat.rights - rights::SOCK_SHUTDOWN;
    assert_eq!(guest.fd_fdstat_set_rights(3, left, fdstat.inheriting), Ok(()));
    assert_eq!(guest.sock_shutdown(3, WR), Err(Errno::NotCapable));
    assert_eq!(guest.sock_send(3, "open", 0), Ok(4));
    peer.read_exact(&mut [0; 4]).expect("bytes");
    let (guest, address) = listening();
    let _client = TcpStream::connect(address).expect("somebody listens");
    let fdstat = guest.fd_fdstat_get(3).expect("open");
    guest
        .fd_fdstat_set_rights(3, fdstat.rights, fdstat.inheriting - rights::FD_WRITE)
        .expect("fewer");
    let connection = guest.sock_accept(3, 0).expect("a connection");
    assert_eq!(guest.sock_send(connection, "x", 0), Err(Errno::NotCapable));
    guest.fd_fdstat_set_rights(3, 0, 0).expect("fewer");
    assert_eq!(guest.sock_accept(3, 0), Err(Errno::NotCapable));
}
