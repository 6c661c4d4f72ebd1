//! Memory that other threads change while calls use it.
//!
//! The host copies the addresses of buffers and the bytes of paths once. So a call acts on one of the values that were
//! there, and never accesses anything else.

use crate::calls::{DIR, FAULT, INVAL, Numbers, PERM, READ, WRITE};
use crate::driver::{MEMORY, Program, Thread};
use std::ffi::OsString;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

const ROUNDS: u32 = 20_000;
/// The part of memory that is watched, beyond what threads have for themselves.
const FIELD: u32 = MEMORY - (1 << 18);
const FIELD_LENGTH: u32 = 1 << 16;
/// In it, the buffers that arrays name by turns. Everything around them stays as it is.
const BUFFERS: [(u32, u32); 3] = [(FIELD + 64, 40), (FIELD + 4099, 200), (FIELD + 9000, 1000)];
const CANARY: u8 = 0xee;
/// Where the array is that changes, and a path that does.
const ARRAY: u32 = FIELD + FIELD_LENGTH;
const PATH: u32 = ARRAY + 1024;

fn with_dir(path: &std::path::Path) -> WasiCtxBuilder {
    let mut wasi = WasiCtxBuilder::new();
    wasi.preopened_dir(path, "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    wasi
}

fn pair((address, length): (u32, u32)) -> [u8; 8] {
    (u64::from(length) << 32 | u64::from(address)).to_le_bytes()
}

/// Runs `script` on three threads while another changes memory by `change`.
fn while_changing<F, G>(
    program: &mut Program,
    script: impl Fn(Thread) -> F,
    change: impl Fn(Thread, u32) -> G + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
    G: Future<Output = ()> + Send + 'static,
{
    let over = Arc::new(AtomicBool::new(false));
    for _ in 0..3 {
        let over = Arc::clone(&over);
        program.thread(|thread| {
            let script = script(thread);
            async move {
                script.await;
                over.store(true, SeqCst);
            }
        });
    }
    program.thread(|thread| async move {
        for round in 0.. {
            if over.load(SeqCst) {
                break;
            }
            change(thread.clone(), round).await;
            // Comes back to the guest, where the program can end.
            thread.grow(0).await;
        }
    });
}

/// Arrays of two buffers, each of which is in bounds, or not at all, by turns.
#[test]
fn arrays_of_buffers_that_change_are_read_once() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), vec![b'r'; 4096]).expect("a file");
    let mut program = Program::default();
    let canary = Arc::new(AtomicBool::new(false));
    let has_begun = Arc::clone(&canary);
    while_changing(
        &mut program,
        |thread| {
            let has_begun = Arc::clone(&has_begun);
            async move {
                if thread.number() == 0 {
                    thread.store(FIELD, vec![CANARY; FIELD_LENGTH as usize]).await;
                    thread.store(ARRAY, [pair(BUFFERS[0]), pair(BUFFERS[1])].concat()).await;
                    has_begun.store(true, SeqCst);
                }
                while !has_begun.load(SeqCst) {
                    thread.give_way().await;
                }
                let file = thread.open(DIR, "f", 0, READ, 0).await.expect("there");
                let output = format!("out-{}", thread.number());
                let output = thread.open(DIR, &output, 1, WRITE, 0).await.expect("created");
                let mut numbers = Numbers::new(thread.number());
                let (array, answer) = (u64::from(ARRAY), thread.answer());
                for _ in 0..ROUNDS {
                    let done = match numbers.below(4) {
                        0 => thread.wasi("fd_write", &[output.into(), array, 2, answer]).await,
                        1 => thread.wasi("fd_pwrite", &[output.into(), array, 2, 0, answer]).await,
                        2 => {
                            thread
                                .wasi("fd_seek", &[file.into(), 0, 0, thread.answer()])
                                .await
                                .expect("a file");
                            thread.wasi("fd_read", &[file.into(), array, 2, answer]).await
                        }
                        _ => thread.wasi("fd_pread", &[file.into(), array, 2, 0, answer]).await,
                    };
                    match done {
                        Ok(()) => {
                            let length = thread.answered().await;
                            let lengths = BUFFERS.map(|(_, length)| length);
                            let sums = lengths.iter().flat_map(|one| lengths.map(|other| one + other));
                            assert!(sums.into_iter().any(|sum| sum == length), "{length}");
                        }
                        Err(error) => assert!(matches!(error, FAULT | INVAL), "error {error}"),
                    }
                }
            }
        },
        |thread, round| async move {
            let mut numbers = Numbers::new(round);
            let bad = [
                (MEMORY - 3, 4),
                (u32::MAX, 1),
                (0, u32::MAX),
                (FIELD + 64, u32::MAX - 100),
            ];
            for index in 0..2 {
                let value = match numbers.below(2) {
                    0 => bad[numbers.below(4) as usize],
                    _ => BUFFERS[numbers.below(3) as usize],
                };
                thread.store(ARRAY + 8 * index, pair(value)).await;
            }
        },
    );
    // Looks last, when the others have come to their ends: so it is a program's thread, too.
    let field = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&field);
    let ready = Arc::clone(&canary);
    program.thread(|thread| async move {
        while !ready.load(SeqCst) {
            thread.give_way().await;
        }
        for _ in 0..ROUNDS / 10 {
            let bytes = thread.load(FIELD, FIELD_LENGTH as usize).await;
            assert_field(&bytes);
            thread.give_way().await;
        }
        *seen.lock().expect("no panic") = thread.load(FIELD, FIELD_LENGTH as usize).await;
    });
    program.run(&mut with_dir(dir.path())).expect("no trap");
    assert_field(&field.lock().expect("no panic"));
    // What was written is what the buffers held: canaries, or what was read from the file.
    for thread in 0..3 {
        let written = fs::read(dir.path().join(format!("out-{thread}"))).expect("a file");
        assert!(written.iter().all(|byte| matches!(*byte, CANARY | b'r')));
    }
}

fn assert_field(bytes: &[u8]) {
    for (index, byte) in bytes.iter().enumerate() {
        let address = FIELD + index as u32;
        let is_inside = BUFFERS
            .iter()
            .any(|(start, length)| (*start..start + length).contains(&address));
        assert!(
            *byte == CANARY || is_inside && *byte == b'r',
            "{address:#x} has {byte:#x}"
        );
    }
}

/// Paths of eight bytes that change from one to another at once, and of more, which may be read in part.
#[test]
fn paths_that_change_are_read_once() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::create_dir(dir.path().join("in")).expect("a directory");
    let mut program = Program::default();
    while_changing(
        &mut program,
        |thread| async move {
            for _ in 0..ROUNDS {
                let made = thread
                    .wasi("path_create_directory", &[DIR.into(), PATH.into(), 8])
                    .await;
                assert!(matches!(made, Ok(()) | Err(PERM | 20 | 25 | 28 | 44)), "{made:?}");
                let longer = thread
                    .wasi("path_create_directory", &[DIR.into(), PATH.into(), 16])
                    .await;
                assert!(matches!(longer, Ok(()) | Err(PERM | 20 | 25 | 28 | 44)), "{longer:?}");
                let removed = thread
                    .wasi("path_remove_directory", &[DIR.into(), PATH.into(), 8])
                    .await;
                assert!(matches!(removed, Ok(()) | Err(PERM | 25 | 28 | 44 | 54)), "{removed:?}");
            }
        },
        |thread, round| async move {
            let values: [&[u8; 8]; 5] = [b"insideaa", b"../evil0", b"/in/evil", b"a\0/../ev", b"\xff\xfe/../ev"];
            thread.store(PATH, *values[round as usize % 5]).await;
            thread
                .store(PATH + 8, *[b"/../evil", b"/x/y/z/z"][round as usize % 2])
                .await;
        },
    );
    program.run(&mut with_dir(&dir.path().join("in"))).expect("no trap");
    let names = |path| {
        fs::read_dir(path)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name())
    };
    assert!(names(dir.path().to_owned()).eq(["in"]), "nothing was made outside");
    let own = |name: OsString| name == "insideaa" || name == "evil";
    assert!(names(dir.path().join("in")).all(own), "`insideaa/../evil` is inside");
}

/// A call on the last bytes of memory fails or works, as memory is small or has grown, and never in part.
#[test]
fn memory_grows_under_calls() {
    const GROWTHS: u32 = 400;
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), vec![b'r'; 4096]).expect("a file");
    let over = Arc::new(AtomicBool::new(false));
    let mut program = Program::default();
    let has_ended = Arc::clone(&over);
    program.thread(|thread| async move {
        for _ in 0..GROWTHS {
            assert!(thread.grow(1).await > 0, "the limit is not reached");
            for _ in 0..20 {
                thread.give_way().await;
            }
        }
        has_ended.store(true, SeqCst);
    });
    for _ in 0..3 {
        let over = Arc::clone(&over);
        program.thread(|thread| async move {
            let file = thread.open(DIR, "f", 0, READ, 0).await.expect("there");
            let mut end = MEMORY;
            let array = thread.answer() + 8;
            while !over.load(SeqCst) || end == MEMORY {
                // 100 bytes that begin before the end that memory has, or had.
                let address = end - 50;
                thread.store(array as u32, pair((address, 100))).await;
                let arguments = [file.into(), array, 1, 0, thread.answer()];
                match thread.wasi("fd_pread", &arguments).await {
                    Ok(()) => {
                        assert_eq!(thread.answered().await, 100);
                        assert_eq!(thread.load(address, 100).await, [b'r'; 100]);
                        end += 1 << 16;
                    }
                    Err(error) => assert_eq!(error, FAULT),
                }
                // Beside what others read, which has to stay what they read.
                let random = thread.wasi("random_get", &[u64::from(end) + 60, 8]).await;
                assert!(matches!(random, Ok(()) | Err(FAULT)), "{random:?}");
                thread.give_way().await;
            }
        });
    }
    program.run(&mut with_dir(dir.path())).expect("no trap");
}
