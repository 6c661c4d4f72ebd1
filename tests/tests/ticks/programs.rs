//! The programs and their expected output. They are fixtures of `tests/programs`, and check themselves.

use anyhow::{Context, Result, bail, ensure};
use std::fmt;
use std::fs;
use std::path::Path;
use weft_parallel::{Component, Error, Linker};
use weft_wasi::{DirPerms, FilePerms, MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// More than any program here writes.
const OUTPUT: usize = 64 << 10;

/// One run of a program.
pub(super) struct Program {
    name: &'static str,
    arguments: &'static [&'static str],
    end: End,
    /// `None` if it depends on the order of the threads.
    output: Option<String>,
    /// Whether the order of the lines does not matter.
    sorted: bool,
}

/// How a program must end.
enum End {
    Status(i32),
    /// A trap, in whose message this is.
    Trap(&'static str),
}

/// What the program of this name must print.
macro_rules! expected {
    ($name:literal) => {
        include_str!(concat!("../../programs/expected/", $name, ".txt"))
    };
}

pub(super) fn programs() -> Vec<Program> {
    let prints = |name, arguments, output: &str| Program {
        name,
        arguments,
        end: End::Status(0),
        output: Some(output.to_owned()),
        sorted: false,
    };
    let mut greetings: Vec<_> = (0..10).map(|number| format!("hello from thread {number}\n")).collect();
    greetings.push("all joined\n".to_owned());
    let mut programs = vec![
        Program {
            sorted: true,
            ..prints("hello.wasm", &[], &greetings.concat())
        },
        Program {
            sorted: true,
            ..prints("hello_c.wasm", &[], &greetings.concat())
        },
        prints("exceptions.wasm", &["4", "100"], "all caught\n"),
        prints("jumps.wasm", &["4", "100"], "all came back\n"),
        prints("tls.wasm", &[], "16 threads, each with its own values\n"),
        prints("builtins.wat", &[], "built-ins: done\n"),
        prints(
            "mutex_condition.wasm",
            &["4", "4", "100"],
            "400 items, each taken once and in order\n",
        ),
        prints("mutex_condition_c.wasm", &["4", "50"], "200 turns in order\n"),
        prints("many_alive.wasm", &["100"], "100 threads alive\nsum 4950\n"),
        prints("sort.wasm", &["4", "20000"], "sorted 20000 integers, checksum "),
        // They make system calls of every kind on the workers, and the signals arrive in these too.
        prints("stdio.wasm", &[], expected!("stdio")),
        prints("directory.wasm", &[], expected!("directory")),
        prints("status.wasm", &[], expected!("status")),
        prints("names.wasm", &[], expected!("names")),
        prints("descriptors.wasm", &[], expected!("descriptors")),
        prints("files.wasm", &[], expected!("files")),
        Program {
            end: End::Status(7),
            ..prints("start_function.wat", &[], "")
        },
    ];
    programs.extend(endings());
    programs
}

/// The end of the program, or a trap, races with the ticks.
fn endings() -> impl Iterator<Item = Program> {
    let endings: [(&[&str], End); 10] = [
        (&["exit", "spin"], End::Status(7)),
        (&["exit", "compute"], End::Status(7)),
        (&["exit", "wait"], End::Status(7)),
        (&["return", "spin"], End::Status(0)),
        (&["return", "compute"], End::Status(0)),
        (&["trap", "spin"], End::Trap("unreachable")),
        (&["divide", "compute"], End::Trap("integer divide by zero")),
        (&["bounds", "spin"], End::Trap("out of bounds memory access")),
        (&["overflow", "compute"], End::Trap("call stack exhausted")),
        (&["overflow", "wait"], End::Trap("call stack exhausted")),
    ];
    endings.into_iter().map(|(arguments, end)| Program {
        name: "ending.wasm",
        arguments,
        end,
        output: Some("begun\n".to_owned()),
        sorted: false,
    })
}

impl Program {
    pub(super) fn module(&self) -> Result<Vec<u8>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs").join(self.name);
        fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// Runs it in an empty directory.
    pub(super) fn check(&self, linker: &Linker<WasiCtx>, component: &Component) -> Result<()> {
        let directory = tempfile::tempdir()?;
        let output = MemoryOutputPipe::new(OUTPUT);
        let mut wasi = WasiCtxBuilder::new();
        wasi.arg(self.name).args(self.arguments).stdout(output.clone());
        wasi.preopened_dir(directory.path(), "/", DirPerms::all(), FilePerms::all())?;
        let ended = match linker.instantiate(component, wasi.build()?) {
            Ok(instance) => instance.run(),
            Err(error) => Err(error),
        };
        match (ended, &self.end) {
            (Ok(status) | Err(Error::Exit(status)), End::Status(expected)) if status == *expected => {}
            (Err(Error::Trap(trap)), End::Trap(message)) if trap.to_string().contains(message) => {}
            (ended, _) => bail!("it ended with {ended:?}"),
        }
        let contents = output.contents();
        let printed = std::str::from_utf8(&contents)?;
        self.check_output(printed)
    }

    fn check_output(&self, printed: &str) -> Result<()> {
        let Some(expected) = &self.output else { return Ok(()) };
        let is_as_expected = match self.sorted {
            false => printed.starts_with(expected.as_str()),
            true => {
                let [mut printed, mut expected] = [printed, expected].map(|text| text.lines().collect::<Vec<_>>());
                printed.sort_unstable();
                expected.sort_unstable();
                printed == expected
            }
        };
        ensure!(is_as_expected, "it printed {printed:?}");
        Ok(())
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.arguments.join(" "))
    }
}
