//! Components of WASI 0.2: with parallel threads, and without threads on both runtimes, on which they must do the same.

use crate::needs::{Need, trial_with};
use crate::{WORKERS, scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use weft_tests::{Case, Stdin, Weft, fixture};

/// How long a server may keep its client waiting.
const PATIENCE: Duration = Duration::from_secs(60);

/// The options that choose a runtime for a component without threads.
const RUNTIMES: [&[&str]; 2] = [&[], &["--runtime", "weft"]];

pub(crate) fn cases() -> Vec<Case> {
    let threads = Case::run("wasi_0_2_threads.wat")
        .lines([
            "on a stream of its own",
            "on a shared stream (1)",
            "on a shared stream (2)",
            "after all the threads!",
        ])
        .workers(WORKERS)
        .times(10);
    let mut cases = vec![threads];
    for runtime in RUNTIMES {
        let named = |name: &str| format!("wasi 0.2, {runtime:?}: {name}");
        cases.extend([
            Case::run("wasi_0_2.wat")
                .named(named("arguments and variables"))
                .options(runtime.iter().copied())
                .options(["--env", "KEY=value", "--env", "INHERITED", "--env", "EMPTY="])
                .arguments(["one", "two words", "--env"])
                .stdout(
                    "argument wasi_0_2.wat\nargument one\nargument two words\nargument --env\n\
                     variable KEY=value\nvariable INHERITED=from outside\nvariable EMPTY=\n",
                ),
            Case::run("wasi_0_2.wat")
                .named(named("a file that is not there"))
                .options(runtime.iter().copied())
                .options(["--dir", concat!(env!("CARGO_MANIFEST_DIR"), "/src::/in")])
                .status(1)
                .stdout_contains(["directory /in\n"]),
            Case::run("stdin_0_2.wat")
                .named(named("standard input"))
                .options(runtime.iter().copied())
                .stdin(Stdin::Bytes(b"text".to_vec())),
            Case::run("stdin_0_2.wat")
                .named(named("the end of standard input"))
                .options(runtime.iter().copied())
                .status(1),
        ]);
    }
    cases
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(weft, "wasi 0.2: files of several directories", reads_files),
        trial(
            weft,
            "wasi 0.2: a file that is not open for writing refuses no bytes, too",
            refuses_no_bytes,
        ),
        trial(weft, "wasi 0.2: eight threads map the files of a directory", maps_files),
        trial(
            weft,
            "wasi 0.2: a server with a thread for each connection",
            serves_connections,
        ),
        // A descriptor for each, and a few others.
        trial_with(
            &[Need::OpenFiles(1100)],
            weft,
            "wasi 0.2: a server in Rust with a thousand connections",
            serves_a_thousand,
        ),
        trial(weft, "wasi 0.2: the network has the options' addresses", has_network),
    ]
}

/// Directories keep their order, and each is a descriptor of its own.
fn reads_files(weft: &Weft) -> Result<()> {
    let directory = scratch("wasi 0.2 reads files")?;
    let mut options = Vec::new();
    for (name, text) in [("one", "first\n"), ("two", "second\n")] {
        fs::create_dir(directory.join(name))?;
        fs::write(directory.join(name).join("input.txt"), text)?;
        options.extend([
            "--dir".to_owned(),
            format!("{}::/{name}", directory.join(name).display()),
        ]);
    }
    for runtime in RUNTIMES {
        let mut command = vec!["run".to_owned()];
        command.extend(runtime.iter().map(|option| (*option).to_owned()));
        command.extend(options.iter().cloned());
        command.push(fixture("wasi_0_2.wat"));
        let case =
            Case::command("run").stdout("argument wasi_0_2.wat\ndirectory /one\nfirst\ndirectory /two\nsecond\n");
        case.check(&weft.run(command, &Stdin::Bytes(Vec::new()))?)?;
    }
    Ok(())
}

fn refuses_no_bytes(weft: &Weft) -> Result<()> {
    let directory = scratch("wasi 0.2 refuses no bytes")?;
    fs::write(directory.join("file"), "text")?;
    for runtime in RUNTIMES {
        let mut command = vec!["run".to_owned()];
        command.extend(runtime.iter().map(|option| (*option).to_owned()));
        command.extend(["--dir".to_owned(), directory.display().to_string()]);
        command.push(fixture("wasi_0_2_no_bytes.wat"));
        Case::command("run").check(&weft.run(command, &Stdin::Bytes(Vec::new()))?)?;
    }
    ensure!(fs::read(directory.join("file"))? == b"text");
    Ok(())
}

/// By a component written by hand, and by one in Rust with the bindings of wit-bindgen.
fn maps_files(weft: &Weft) -> Result<()> {
    maps_files_with(weft, "wasi_0_2_files.wat", "")?;
    maps_files_with(weft, "../guests/map_files.wasm", "mapped 100 files\n")
}

/// Each file is copied once, whichever thread takes it, in pieces of several reads and writes.
fn maps_files_with(weft: &Weft, program: &str, stdout: &str) -> Result<()> {
    let directory = scratch("wasi 0.2 maps files")?;
    let from = directory.join("from");
    fs::create_dir(&from)?;
    let text = |file: usize| format!("line of file {file}\n").repeat(file * 40);
    for file in 0..100 {
        fs::write(from.join(file.to_string()), text(file))?;
    }
    for workers in WORKERS {
        let to = directory.join(format!("to {workers}"));
        fs::create_dir(&to)?;
        let mut command = vec!["run".to_owned(), "--workers".to_owned(), workers.to_string()];
        for directory in [&from, &to] {
            command.extend(["--dir".to_owned(), directory.display().to_string()]);
        }
        command.push(fixture(program));
        let case = Case::command("run").stdout(stdout);
        case.check(&weft.run(command, &Stdin::Bytes(Vec::new()))?)?;
        for file in 0..100 {
            let found = fs::read_to_string(to.join(file.to_string()))?;
            ensure!(found == text(file).to_uppercase(), "file {file} of {workers} workers");
        }
        ensure!(fs::read_dir(&to)?.count() == 100);
    }
    Ok(())
}

fn serves_connections(weft: &Weft) -> Result<()> {
    for options in [["--inherit-network"].as_slice(), &["--allow-address", "127.0.0.1/32"]] {
        serves(weft, options, "wasi_0_2_echo.wat", 200).with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}

fn serves_a_thousand(weft: &Weft) -> Result<()> {
    serves(weft, &["--inherit-network"], "../guests/echo_server.wasm", 1000)
}

/// All connections are open at once, and each gets back what it sent.
fn serves(weft: &Weft, options: &[&str], program: &str, connections: u16) -> Result<()> {
    let mut server = Command::new(weft.path())
        .env("XDG_CACHE_HOME", weft.cache())
        .arg("run")
        .args(options)
        .arg(fixture(program))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let result = talk(&mut server, connections);
    // If all went well it has ended.
    server.kill()?;
    let status = server.wait()?;
    result?;
    ensure!(status.success(), "{status}");
    Ok(())
}

fn talk(server: &mut Child, count: u16) -> Result<()> {
    let mut output = BufReader::new(server.stdout.take().context("the output is a pipe")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    let port = line
        .trim()
        .parse::<u16>()
        .with_context(|| format!("the server printed {line:?}"))?;
    let connect = || -> Result<TcpStream> {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(connection)
    };
    let mut connections = Vec::new();
    for number in 0..count {
        // Not 255, which ends the program.
        let [high, low] = number.to_be_bytes();
        let message = [high, low, 2, 3];
        let mut connection = connect()?;
        connection.write_all(&message)?;
        connections.push((message, connection));
    }
    for (message, connection) in connections.iter_mut().rev() {
        let mut echo = [0; 4];
        connection.read_exact(&mut echo)?;
        ensure!(echo == *message, "connection {message:?}: {echo:?}");
    }
    let mut last = connect()?;
    last.write_all(&[255])?;
    // The program ends, and so does the connection.
    let ended = last.read(&mut [0]);
    ensure!(matches!(ended, Ok(0)) || ended.is_err(), "the server answered");
    output.read_line(&mut line)?;
    server.wait()?;
    Ok(())
}

/// The program says by its status whether it may listen at 127.0.0.1.
fn has_network(weft: &Weft) -> Result<()> {
    for (options, status) in [
        ([].as_slice(), 1),
        (&["--allow-ip-name-lookup"], 1),
        (&["--allow-address", "127.0.0.2"], 1),
        (&["--allow-address", "127.0.0.1:1"], 1),
        (&["--allow-address", "127.0.0.0/8"], 0),
        (&["--allow-address", "10.0.0.1:80", "--allow-address", "127.0.0.1"], 0),
        (&["--inherit-network"], 0),
    ] {
        for runtime in RUNTIMES {
            let program = fixture("wasi_0_2_listen.wat");
            let command = ["run"]
                .iter()
                .chain(runtime)
                .chain(options)
                .copied()
                .chain([program.as_str()]);
            let outcome = weft.run(command, &Stdin::Bytes(Vec::new()))?;
            let case = Case::command("run").status(status);
            case.check(&outcome)
                .with_context(|| format!("{runtime:?} {options:?}"))?;
        }
    }
    Ok(())
}
