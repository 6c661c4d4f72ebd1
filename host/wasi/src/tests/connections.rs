//! What a program writes to a connection, and what a connection's end does.

use crate::base::ctx::WasiCtxBuilder;
use crate::base::descriptor::Descriptor;
use crate::base::poll::Waitable;
use crate::base::rights::GivenUp;
use crate::base::stream::Stream;
use crate::base::table::Open;
use crate::preview2::call::Call;
use crate::preview2::io::error::Failure;
use crate::preview2::io::{InputStream, OutputStream};
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use weft_parallel::MemoryAccount;

/// More than a socket takes before its other side reads.
const MUCH: usize = 4 << 20;

/// Calls `test` with a call of a program, the two streams of a connection, and its other side.
fn with_connection(test: impl FnOnce(Call<'_>, InputStream, OutputStream, UnixStream)) {
    let ctx = WasiCtxBuilder::new().build().expect("a context");
    let account = MemoryAccount::new(MUCH as u64);
    let (ours, theirs) = UnixStream::pair().expect("a connection");
    let stream = Stream::connection(ours.into()).expect("a socket");
    let alive = Arc::new(ctx.table.count_one_more().expect("room"));
    let open = Arc::new(Open::unnumbered(Descriptor::Stream(stream), GivenUp::nothing(), alive));
    let (input, output) = (InputStream::of(Arc::clone(&open)), OutputStream::of_connection(open));
    let call = Call {
        ctx: &ctx,
        account: &account,
    };
    test(call, input, output, theirs);
}

#[test]
fn a_write_returns_before_the_other_side_reads() {
    with_connection(|call, _input, output, mut theirs| {
        let bytes: Vec<u8> = (0..MUCH).map(|number| (number % 251) as u8).collect();
        let written = async_io::block_on(output.write(call, &bytes));
        assert!(written.is_ok(), "it goes on in the background");
        assert!(matches!(output.check_write(), Ok(0)), "bytes are on their way");
        assert!(!output.is_ready());
        assert!(call.account.charge(1 << 20).is_none(), "they are charged");
        output.shut_down();
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            theirs.read_to_end(&mut read).map(|_| read)
        });
        let flushed = async_io::block_on(output.blocking_flush());
        assert!(matches!(flushed, Err(Failure::Closed)), "it was shut down");
        let read = reader.join().expect("no panic").expect("no error");
        assert!(read == bytes, "all of it came before the end");
        assert!(
            call.account.charge(MUCH as u64).is_some(),
            "nothing is charged any more"
        );
    });
}

#[test]
fn what_is_on_its_way_ends_with_the_program() {
    let mut theirs = None;
    with_connection(|call, _input, output, other| {
        let written = async_io::block_on(output.write(call, &vec![1; MUCH]));
        assert!(written.is_ok());
        theirs = Some(other);
    });
    let mut read = Vec::new();
    theirs
        .expect("the other side")
        .read_to_end(&mut read)
        .expect("no error");
    assert!(!read.is_empty() && read.len() < MUCH, "{} bytes", read.len());
}

#[test]
fn a_write_after_the_other_side_is_gone_finds_the_stream_closed() {
    with_connection(|call, _input, output, theirs| {
        drop(theirs);
        let written = async_io::block_on(output.write_and_flush(call, b"text"));
        assert!(matches!(written, Err(Failure::Closed)));
        assert!(matches!(output.check_write(), Err(Failure::Closed)));
    });
}

#[test]
fn a_thread_that_reads_is_woken_when_the_connection_is_shut_down() {
    with_connection(|call, input, _output, _theirs| {
        assert!(
            matches!(input.read(call, 10), Ok(bytes) if bytes.is_empty()),
            "nothing came"
        );
        thread::scope(|scope| {
            let reader = scope.spawn(|| async_io::block_on(input.blocking_read(call, 10)));
            input.shut_down();
            let read = reader.join().expect("no panic");
            assert!(matches!(read, Err(Failure::Closed)));
        });
    });
}
