//! Runs `weft` as a separate process, with all its streams and a time limit.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A run that takes longer is killed. Generous: a full test run keeps every core busy.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// How often an ending process is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// The path of a fixture, by its name in `tests/programs`.
pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("programs")
        .join(name)
        .display()
        .to_string()
}

/// What a process reads from its standard input.
#[derive(Clone, Debug)]
pub enum Stdin {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// Nothing, and not the end either, as long as the process runs.
    Open,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status, `None` if a signal ended the process.
    pub status: Option<i32>,
    /// Everything written to standard output.
    pub stdout: Vec<u8>,
    /// Everything written to standard error, as text.
    pub stderr: String,
}

/// The binary under test.
#[derive(Clone, Debug)]
pub struct Weft {
    path: PathBuf,
    /// Where it keeps compiled programs, unless told otherwise: not where its user's are.
    cache: PathBuf,
}

impl Weft {
    /// The binary at `path`. It keeps compiled programs in a folder of `scratch`.
    ///
    /// Only a test of the binary's own package knows that path: Cargo builds the binary before such a test, and passes
    /// the path as `CARGO_BIN_EXE_weft`. The binary in the target folder may be of an older build.
    pub fn new(path: impl Into<PathBuf>, scratch: impl AsRef<Path>) -> Weft {
        Weft {
            path: path.into(),
            cache: scratch.as_ref().join("weft-test-cache"),
        }
    }

    /// Where the binary is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The value of `XDG_CACHE_HOME` for starting the binary by other means than [`Weft::run`].
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// Runs the binary to its end, with one variable, `INHERITED`, added to its environment.
    ///
    /// # Errors
    ///
    /// The process cannot be started or does not end in time.
    pub fn run<I, A>(&self, arguments: I, stdin: &Stdin) -> Result<Outcome>
    where
        I: IntoIterator<Item = A>,
        A: AsRef<std::ffi::OsStr>,
    {
        let mut command = Command::new(&self.path);
        command
            .env("INHERITED", "from outside")
            .env("XDG_CACHE_HOME", &self.cache)
            .env_remove("RUST_LOG")
            .env_remove("RUST_BACKTRACE")
            .env_remove("WEFT_LOG");
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.path.display()))?;
        let stdout = read_to_end(child.stdout.take());
        let stderr = read_to_end(child.stderr.take());
        let mut input = child.stdin.take();
        let writer = match stdin {
            Stdin::Open => None,
            Stdin::Bytes(bytes) => {
                let (input, bytes) = (input.take(), bytes.clone());
                // A process may end without reading all: that is no error of the test.
                Some(thread::spawn(move || input.map(|mut input| input.write_all(&bytes))))
            }
        };
        let ended = wait(&mut child);
        drop(input);
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        let stdout = stdout.join().unwrap_or_default();
        let stderr = String::from_utf8_lossy(&stderr.join().unwrap_or_default()).into_owned();
        match ended? {
            Some(status) => Ok(Outcome {
                status: status.code(),
                stdout,
                stderr,
            }),
            None => bail!(
                "not finished after {TIME_LIMIT:?}\nstdout so far:\n{}\nstderr so far:\n{stderr}",
                String::from_utf8_lossy(&stdout)
            ),
        }
    }
}

fn read_to_end(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is still worth showing.
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Waits for the end of the process, or kills it when its time is up.
fn wait(child: &mut Child) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + TIME_LIMIT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL_INTERVAL);
    }
}
