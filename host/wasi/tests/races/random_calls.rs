//! Calls of any functions with any arguments, from several threads: the body of a fuzz target and of a test.
//!
//! Bytes choose the calls and their arguments. Pointers to which a call writes are out of bounds or point to the last
//! part of memory, the *results*; only scripts write the rest. So whatever is called, the memory below the results is
//! as the scripts left it. The tests check that nothing beside the guest's directory changes, no secret gets into
//! memory, nothing panics and nothing hangs. No subscription waits for long, and no stream of the program makes it
//! wait: a pipe in the file system without a writer, and a connection whose other end is closed.

use crate::calls::DIR;
use crate::driver::{Function, MEMORY, Program, Thread};
use crate::prison::{Prison, SECRET};
use rustix::fs::{CWD, Mode, mkfifoat};
use std::collections::VecDeque;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use weft_parallel::Error;
use weft_wasi::{DirPerms, FilePerms, MemoryInputPipe, MemoryOutputPipe};

const THREADS: usize = 3;
/// The beginning and the size of the results.
const RESULTS: u32 = MEMORY - SIZE;
const SIZE: u32 = 1 << 18;
/// What scripts write is below this: paths and arrays. Between this and the results nobody writes.
const WRITTEN: u32 = 1 << 19;
const ARRAYS: u32 = 1 << 18;
/// What each thread has in either part, and how much it stores at once.
const FRAME: u32 = 1 << 12;
const PATH: u32 = 1 << 8;

/// Paths good and bad. Symbolic links that scripts make lead there, too.
const PATHS: [&[u8]; 26] = [
    b"f",
    b"d",
    b"d/f",
    b"own",
    b"link",
    b"d/empty",
    b"new",
    b"d/new",
    b"new/new",
    b".",
    b"..",
    b"../secret",
    b"../elsewhere",
    b"../elsewhere/f",
    b"d/../../secret",
    b"new/secret",
    b"new/f",
    b"/",
    b"f/",
    b"d/",
    b"",
    b"a\0b",
    b"\xff\xfe",
    b"d//./../d/../d/f",
    b"pipe",
    b"pipe",
];

/// A letter for each parameter of a function: which values make sense.
///
/// `f` descriptor, `p` path and `l` its length, `v` array of buffers and `c` how many, `s` subscriptions, `r` place of a result,
/// `n` room there, `o` offset, `g` flags, `R` rights, `i` a small number.
const KINDS: [(&str, &str); 46] = [
    ("args_get", "rr"),
    ("args_sizes_get", "rr"),
    ("clock_res_get", "ir"),
    ("clock_time_get", "ior"),
    ("environ_get", "rr"),
    ("environ_sizes_get", "rr"),
    ("fd_advise", "fooi"),
    ("fd_allocate", "foo"),
    ("fd_close", "f"),
    ("fd_datasync", "f"),
    ("fd_fdstat_get", "fr"),
    ("fd_fdstat_set_flags", "fg"),
    ("fd_fdstat_set_rights", "fRR"),
    ("fd_filestat_get", "fr"),
    ("fd_filestat_set_size", "fo"),
    ("fd_filestat_set_times", "foog"),
    ("fd_pread", "fvcor"),
    ("fd_prestat_dir_name", "frn"),
    ("fd_prestat_get", "fr"),
    ("fd_pwrite", "fvcor"),
    ("fd_read", "fvcr"),
    ("fd_readdir", "frnor"),
    ("fd_renumber", "ff"),
    ("fd_seek", "foir"),
    ("fd_sync", "f"),
    ("fd_tell", "fr"),
    ("fd_write", "fvcr"),
    ("path_create_directory", "fpl"),
    ("path_filestat_get", "fgplr"),
    ("path_filestat_set_times", "fgploog"),
    ("path_link", "fgplfpl"),
    ("path_open", "fgplgRRgr"),
    ("path_readlink", "fplrnr"),
    ("path_remove_directory", "fpl"),
    ("path_rename", "fplfpl"),
    ("path_symlink", "plfpl"),
    ("path_unlink_file", "fpl"),
    ("poll_oneoff", "srir"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("random_get", "rn"),
    ("sched_yield", ""),
    ("sock_accept", "fgr"),
    ("sock_recv", "fvcgrr"),
    ("sock_send", "fvcgr"),
    ("sock_shutdown", "fi"),
];

/// Bytes that are taken one after the other.
struct Bytes {
    left: VecDeque<u8>,
}

impl Bytes {
    fn next(&mut self) -> Option<u8> {
        self.left.pop_front()
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes([
            self.next()?,
            self.next()?,
            self.next()?,
            self.next()?,
        ]))
    }
}

/// Runs the calls that `input` says. Returns how many were made.
///
/// # Panics
///
/// Something does not hold that has to.
pub fn run(input: &[u8]) -> u64 {
    let prison = Prison::new();
    let calls = Arc::new(AtomicU64::new(0));
    let mut program = Program::default();
    for part in input.chunks(input.len().div_ceil(THREADS).max(1)) {
        let bytes = Bytes {
            left: part.iter().copied().collect(),
        };
        let calls = Arc::clone(&calls);
        program.thread(|thread| async move {
            // A script ends when its bytes do.
            let _: Option<()> = script(&thread, bytes, &calls).await;
            let between = thread.load(WRITTEN, (RESULTS - WRITTEN) as usize).await;
            assert!(between.iter().all(|byte| *byte == 0), "nothing was to be written there");
            let all = thread.load(0, MEMORY as usize).await;
            let seen = all.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes());
            assert!(!seen, "a secret came in");
        });
    }
    if input.is_empty() {
        return 0;
    }
    let pipes = tempfile::tempdir().expect("a directory");
    mkfifoat(CWD, pipes.path().join("pipe"), Mode::RWXU).expect("a pipe");
    let (_, connection) = UnixStream::pair().expect("a connection");
    let mut wasi = prison.wasi();
    wasi.preopened_dir(pipes.path(), "/pipes", DirPerms::all(), FilePerms::READ)
        .expect("a directory")
        .preopened_socket(connection)
        .expect("a connection");
    wasi.args(&["program", "argument"])
        .env("NAME", "value")
        .stdin(MemoryInputPipe::new("input".repeat(100)))
        .stdout(MemoryOutputPipe::new(1 << 16))
        .stderr(MemoryOutputPipe::new(1 << 16));
    match program.run(&mut wasi) {
        Ok(()) | Err(Error::Exit(_)) => {}
        Err(error) => panic!("{error}"),
    }
    prison.assert_untouched();
    calls.load(Relaxed)
}

async fn script(thread: &Thread, mut bytes: Bytes, calls: &AtomicU64) -> Option<()> {
    loop {
        let function = usize::from(bytes.next()?) % Function::COUNT;
        let Some((name, kinds)) = KINDS.get(function) else {
            thread.grow(u32::from(bytes.next()?) % 3).await;
            continue;
        };
        // An exit ends everything, so it is seldom.
        if *name == "proc_exit" && bytes.next()? > 4 {
            continue;
        }
        let mut arguments = Vec::new();
        let mut length = 0;
        for kind in kinds.chars() {
            arguments.push(argument(thread, &mut bytes, kind, &mut length).await?);
        }
        calls.fetch_add(1, Relaxed);
        let error = thread.call(Function::named(name), &arguments).await;
        assert!(error <= 76, "`{name}` gives {error}, which is no error code");
    }
}

/// The next argument. `length` is that of the path before it.
async fn argument(thread: &Thread, bytes: &mut Bytes, kind: char, length: &mut u64) -> Option<u64> {
    let choice = bytes.next()?;
    let own = thread.number() * FRAME;
    Some(match kind {
        'f' => match choice % 16 {
            0..5 => DIR.into(),
            5 => (DIR + 1 + u32::from(choice / 128)).into(),
            6 => bytes.word()?.into(),
            _ => (choice / 16).into(),
        },
        'p' => match choice {
            0..8 => hostile(bytes)?,
            // A path of this thread's, or another's that may change while it is used.
            8..40 => u64::from(choice % THREADS as u8) * u64::from(FRAME),
            _ => {
                let path = PATHS[usize::from(choice) % PATHS.len()];
                // Behind the path that others use, there are two.
                let slot = own + PATH * (1 + u32::from(choice) % 2);
                *length = path.len() as u64;
                thread.store(own, path).await;
                thread.store(slot, path).await;
                slot.into()
            }
        },
        'l' => match choice {
            0..8 => bytes.word()?.into(),
            8..12 => 4097,
            12..30 => (choice % 8).into(),
            _ => *length,
        },
        'v' => match choice {
            0..8 => hostile(bytes)?,
            8..40 => u64::from(ARRAYS + u32::from(choice % THREADS as u8) * FRAME),
            _ => {
                let mut records = Vec::new();
                for _ in 0..choice % 5 {
                    let address = result(bytes)?;
                    let length = room(bytes)?;
                    records.extend((address as u32).to_le_bytes());
                    records.extend((length as u32).to_le_bytes());
                }
                thread.store(ARRAYS + own, records).await;
                (ARRAYS + own).into()
            }
        },
        'c' => match choice {
            0..4 => bytes.word()?.into(),
            _ => (choice % 6).into(),
        },
        's' => match choice {
            0..8 => hostile(bytes)?,
            _ => {
                let mut records = [0; 4 * 48];
                for record in records.chunks_exact_mut(48) {
                    record[8] = bytes.next()? % 4;
                    // A clock's number or a descriptor; a short time from now, or one long ago.
                    record[16] = bytes.next()? % 8;
                    record[24] = bytes.next()?;
                    record[40] = bytes.next()? % 4;
                }
                thread.store(ARRAYS + own + FRAME / 2, records).await;
                (ARRAYS + own + FRAME / 2).into()
            }
        },
        'r' => result(bytes)?,
        'n' => room(bytes)?,
        // Neither a file nor its gaps are filled with much: what is large is too large.
        'o' => match choice {
            0..16 => u64::MAX - u64::from(bytes.word()? % 100),
            16..32 => (1 << 63) - u64::from(bytes.word()? % 100),
            _ => u64::from(bytes.word()?) % 10_000,
        },
        'g' => (choice % 40).into(),
        'R' => match choice % 4 {
            0 => u64::MAX,
            1 => u64::from(bytes.word()?),
            _ => (1 << 29) - 1,
        },
        _ => (choice % 5).into(),
    })
}

/// Where a call may write: in the results, or not at all.
fn result(bytes: &mut Bytes) -> Option<u64> {
    let choice = bytes.next()?;
    match choice {
        0..6 => hostile(bytes),
        _ => Some(u64::from(RESULTS) + u64::from(bytes.word()? % SIZE)),
    }
}

/// An address from which no call reads or writes a byte.
fn hostile(bytes: &mut Bytes) -> Option<u64> {
    let choice = u32::from(bytes.next()?);
    Some(match choice % 2 {
        0 => u64::from(u32::MAX - choice / 2 % 4),
        _ => u64::from(u32::MAX / 2 + choice),
    })
}

fn room(bytes: &mut Bytes) -> Option<u64> {
    let choice = bytes.next()?;
    Some(match choice {
        0..8 => bytes.word()?.into(),
        8..30 => 0,
        _ => u64::from(bytes.word()?) % (u64::from(choice) * 8),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Numbers;
    use crate::functions::FUNCTIONS;

    #[test]
    fn each_parameter_has_its_kind() {
        assert_eq!(KINDS.len(), FUNCTIONS.len());
        for ((name, kinds), (known, parameters)) in KINDS.iter().zip(FUNCTIONS) {
            assert_eq!((*name, kinds.len()), (*known, parameters.len()));
        }
    }

    #[test]
    fn random_calls_do_no_harm() {
        let mut calls = 0;
        for seed in 0..100 {
            let mut numbers = Numbers::new(seed);
            let input: Vec<u8> = (0..6000).map(|_| numbers.below(256) as u8).collect();
            calls += run(&input);
        }
        assert!(calls > 10_000, "only {calls} calls");
    }
}
