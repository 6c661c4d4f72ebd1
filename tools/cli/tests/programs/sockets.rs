//! A server on a socket that `weft run` passes to it. This test is its client.

use crate::{scratch, trial};
use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;
use weft_tests::{Weft, fixture};

/// How long either side may keep the other waiting.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server prints when connections can come, in the middle of what it prints.
const LISTENING: &str = "listening";

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![trial(weft, "sockets.wasm: two connections", sockets)]
}

fn sockets(weft: &Weft) -> Result<()> {
    two_connections(weft, "sockets")
}

/// Runs the server with this directory, and is its client.
pub(crate) fn two_connections(weft: &Weft, directory: &str) -> Result<()> {
    let directory = scratch(directory)?;
    // Free at this moment. The system gives out other ports before it gives this one again.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut server = Command::new(weft.path())
        .env("XDG_CACHE_HOME", weft.cache())
        .args(["run", "--dir", &format!("{}::/", directory.display())])
        .args(["--tcplisten", &address.to_string()])
        // Directories come first, from 3 on.
        .args([&fixture("sockets.wasm"), "4"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let result = serve(&mut server, address);
    // If all went well it has ended.
    server.kill()?;
    let status = server.wait()?;
    let printed = result?;
    ensure!(status.success(), "{status}; printed: {printed}");
    ensure!(
        printed == include_str!("../../../../tests/programs/expected/sockets.txt"),
        "printed: {printed}"
    );
    Ok(())
}

/// Is the server's client, and gives what the server printed.
fn serve(server: &mut Child, address: SocketAddr) -> Result<String> {
    let lines = lines_of(server)?;
    let mut printed = String::new();
    while !printed.ends_with(&format!("{LISTENING}\n")) {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => printed.push_str(&line),
            Err(error) => bail!("{error} before the server listened; printed: {printed}"),
        }
    }
    first(address).context("the first connection")?;
    second(address).context("the second connection")?;
    // The end of its output, which comes a moment before its own end.
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        printed.push_str(&line);
    }
    for _ in 0..PATIENCE.as_millis() {
        if server.try_wait()?.is_some() {
            return Ok(printed);
        }
        thread::sleep(Duration::from_millis(1));
    }
    bail!("the server does not end; printed: {printed}")
}

fn lines_of(server: &mut Child) -> Result<Receiver<String>> {
    let mut output = BufReader::new(server.stdout.take().context("the output is a pipe")?);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        while output.read_line(&mut line).is_ok_and(|length| length > 0) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    Ok(receiver)
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn first(address: SocketAddr) -> Result<()> {
    let mut stream = connect(address)?;
    stream.write_all(b"hello")?;
    let mut answer = [0; 6];
    stream.read_exact(&mut answer)?;
    ensure!(&answer == b"answer", "{answer:?}");
    stream.write_all(b"in two")?;
    stream.write_all(b"parts")?;
    stream.shutdown(Shutdown::Write)?;
    let mut last = Vec::new();
    stream.read_to_end(&mut last)?;
    ensure!(last == b"last", "{last:?}");
    Ok(())
}

fn second(address: SocketAddr) -> Result<()> {
    let mut stream = connect(address)?;
    let mut begin = [0; 5];
    stream.read_exact(&mut begin)?;
    ensure!(&begin == b"go on", "{begin:?}");
    stream.write_all(b"done")?;
    ensure!(stream.read(&mut begin)? == 0, "{begin:?}");
    Ok(())
}
