//! Names that change between what is inside and links that lead out, during calls on paths through them.

use crate::calls::{CREAT, DIR, DIRECTORY, Numbers, READ, Result, TRUNC, WRITE};
use crate::driver::{Program, Thread};
use crate::prison::{OWN, Prison, SECRET};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::os::unix::fs::symlink;
use std::path::Path;

const ROUNDS: u32 = 15_000;

/// Opens a file and gives what is in it.
async fn contents(thread: &Thread, path: &str) -> Result<String> {
    let file = thread.open(DIR, path, 0, READ, 0).await?;
    let bytes = thread.read(file, &[100]).await;
    thread.close(file).await.expect("open");
    Ok(String::from_utf8(bytes?).expect("text"))
}

/// Writes to a file, which it makes or empties.
async fn overwrite(thread: &Thread, path: &str) -> Result<()> {
    let file = thread.open(DIR, path, CREAT | TRUNC, WRITE, 0).await?;
    let written = thread.write(file, &[OWN.as_bytes()]).await;
    thread.close(file).await.expect("open");
    written.map(drop)
}

async fn names(thread: &Thread, path: &str) -> Result<Vec<u8>> {
    let dir = thread.open(DIR, path, DIRECTORY, READ, 0).await?;
    let arguments = [dir.into(), thread.buffer().into(), 4000, 0, thread.answer()];
    let listed = thread.wasi("fd_readdir", &arguments).await;
    thread.close(dir).await.expect("open");
    listed?;
    let length = thread.answered().await as usize;
    Ok(thread.load(thread.buffer(), length).await)
}

async fn size(thread: &Thread, path: &str) -> Result<u64> {
    let [address, length] = thread.path(0, path).await;
    let buffer = thread.buffer();
    let arguments = [DIR.into(), 1, address, length, buffer.into()];
    thread.wasi("path_filestat_get", &arguments).await?;
    let bytes = thread.load(buffer + 32, 8).await;
    Ok(u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
}

async fn target(thread: &Thread, path: &str) -> Result<String> {
    let [address, length] = thread.path(0, path).await;
    let buffer = thread.buffer();
    let arguments = [DIR.into(), address, length, buffer.into(), 100, thread.answer()];
    thread.wasi("path_readlink", &arguments).await?;
    let length = thread.answered().await as usize;
    Ok(String::from_utf8(thread.load(buffer, length).await).expect("text"))
}

/// Makes one call of many on paths below `dir` or on the link `file`, and looks at what it gives.
pub async fn attack(thread: &Thread, numbers: &mut Numbers, dir: &str, file: &str) {
    let below = |name: &str| format!("{dir}/{name}");
    let other = format!("{dir}/{}", thread.number());
    // Whether a call works depends on when it is made. What it must not do is to reach out.
    let _: Result<()> = match numbers.below(16) {
        0 | 1 => {
            let path = if numbers.below(2) == 0 { file } else { &below("f") };
            let read = contents(thread, path).await;
            // Another thread may have emptied it.
            assert!(
                read.iter().all(|read| read == OWN || read.is_empty()),
                "{path}: {read:?}"
            );
            Ok(())
        }
        2 => overwrite(thread, file).await,
        3 => overwrite(thread, &below("f")).await,
        4 => {
            let path = if numbers.below(2) == 0 { file } else { &below("f") };
            let size = size(thread, path).await;
            assert_ne!(size, Ok(SECRET.len() as u64), "{path}");
            Ok(())
        }
        5 => {
            let path = if numbers.below(2) == 0 { file } else { &below("f") };
            let [address, length] = thread.path(0, path).await;
            let arguments = [DIR.into(), 1, address, length, 5, 5, 5];
            thread.wasi("path_filestat_set_times", &arguments).await
        }
        6 => {
            let names = names(thread, dir).await.unwrap_or_default();
            assert!(!names.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes()));
            Ok(())
        }
        7 => {
            let target = target(thread, &below("link")).await;
            assert!(target.iter().all(|target| target != SECRET), "{target:?}");
            Ok(())
        }
        8 => thread.at_path("path_create_directory", &other).await,
        9 => thread.at_path("path_remove_directory", &other).await,
        10 => thread.at_path("path_remove_directory", &below("empty")).await,
        11 => thread.at_path("path_unlink_file", &below("f")).await,
        12 => thread.symlink("anywhere", &other).await,
        13 => thread.at_path("path_unlink_file", &other).await,
        14 => {
            let moved = thread.rename(&below("f"), &other).await;
            moved.and(thread.rename(&other, &below("f")).await)
        }
        _ => {
            let linked = thread.link(&below("f"), &other).await;
            let read = contents(thread, &other).await;
            assert!(read.iter().all(|read| read == OWN || read.is_empty()), "{read:?}");
            linked
        }
    };
}

/// Exchanges two names at once, so that each is always there.
fn exchange(one: &Path, other: &Path) {
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).expect("both are there");
}

#[test]
fn links_that_come_and_go_do_not_lead_out() {
    let prison = Prison::new();
    let inside = prison.path("in");
    // A file's name and a directory's name, each with what is put in its place.
    symlink("f", inside.join("file")).expect("a link");
    symlink("../secret", inside.join("file-relative")).expect("a link");
    symlink(prison.path("secret"), inside.join("file-absolute")).expect("a link");
    symlink("../elsewhere", inside.join("d-relative")).expect("a link");
    symlink(prison.path("elsewhere"), inside.join("d-absolute")).expect("a link");
    let mut program = Program::default();
    for _ in 0..3 {
        program.thread(|thread| async move {
            let mut numbers = Numbers::new(thread.number());
            for _ in 0..ROUNDS {
                attack(&thread, &mut numbers, "d", "file").await;
            }
        });
    }
    // The guest itself can make such links, too.
    program.thread(|thread| async move {
        for _ in 0..ROUNDS {
            for target in ["../secret", "f"] {
                thread.symlink(target, "new").await.expect("a relative link");
                thread.rename("new", "own-file").await.expect("there");
            }
            let read = contents(&thread, "own-file").await;
            assert!(read.iter().all(|read| read == OWN || read.is_empty()), "{read:?}");
        }
    });
    program.thread(|thread| async move {
        let mut numbers = Numbers::new(thread.number());
        for _ in 0..ROUNDS {
            attack(&thread, &mut numbers, "d", "own-file").await;
        }
    });
    let swap = || {
        for name in ["relative", "absolute"] {
            for _ in 0..2 {
                exchange(&inside.join("file"), &inside.join(format!("file-{name}")));
                exchange(&inside.join("d"), &inside.join(format!("d-{name}")));
            }
        }
    };
    prison.disturbed(swap, || program.run(&mut prison.wasi()).expect("no trap"));
    prison.assert_untouched();
}
