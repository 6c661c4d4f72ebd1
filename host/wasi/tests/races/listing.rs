//! A directory that is listed while others make and remove entries: those that stay are in every list, once.

use crate::calls::{CREAT, DIR, Numbers, READ, WRITE};
use crate::driver::{Program, Thread};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

const STAYING: u32 = 120;
const LISTS: u32 = 800;

/// A list of names, in as many calls as it takes with `room` bytes.
async fn list(thread: &Thread, dir: u32, room: u32) -> Vec<String> {
    let mut names = Vec::new();
    let mut cookie = 0;
    loop {
        let buffer = thread.buffer();
        let arguments = [dir.into(), buffer.into(), room.into(), cookie, thread.answer()];
        thread.wasi("fd_readdir", &arguments).await.expect("a directory");
        let used = thread.answered().await;
        let bytes = thread.load(buffer, used as usize).await;
        let mut rest = &bytes[..];
        while let Some((head, after)) = rest.split_at_checked(24) {
            let length = u32::from_le_bytes(head[16..20].try_into().expect("four bytes"));
            let Some((name, after)) = after.split_at_checked(length as usize) else {
                break;
            };
            names.push(String::from_utf8(name.to_vec()).expect("text"));
            cookie = u64::from_le_bytes(head[..8].try_into().expect("eight bytes"));
            rest = after;
        }
        if used < room {
            return names;
        }
    }
}

#[test]
fn what_stays_is_in_every_list() {
    let dir = tempfile::tempdir().expect("a directory");
    let staying = |number| format!("staying-{number}-{}", "x".repeat(number as usize % 40));
    for number in 0..STAYING {
        fs::write(dir.path().join(staying(number)), "").expect("a file");
    }
    let over = Arc::new(AtomicBool::new(false));
    let mut program = Program::default();
    {
        let over = Arc::clone(&over);
        program.thread(|thread| async move {
            let own = thread.open(DIR, ".", 2, READ, 0).await.expect("there");
            let mut numbers = Numbers::new(1);
            for _ in 0..LISTS {
                let names = list(&thread, own, 80 + numbers.below(3000)).await;
                let all: BTreeSet<&str> = names.iter().map(String::as_str).collect();
                assert_eq!(all.len(), names.len(), "a name is there twice");
                let stays = |name: &&str| name.starts_with("staying-");
                assert_eq!(all.iter().copied().filter(stays).count() as u32, STAYING);
                let known = |name: &&str| stays(name) || name.starts_with("passing-") || matches!(*name, "." | "..");
                assert!(all.iter().all(known), "{all:?}");
            }
            over.store(true, SeqCst);
        });
    }
    for _ in 0..3 {
        let over = Arc::clone(&over);
        program.thread(|thread| async move {
            let mut numbers = Numbers::new(thread.number());
            for number in 0.. {
                if over.load(SeqCst) {
                    break;
                }
                let length = numbers.below(100) as usize;
                let path = format!("passing-{}-{number}-{}", thread.number(), "y".repeat(length));
                let file = thread.open(DIR, &path, CREAT, WRITE, 0).await.expect("created");
                thread.close(file).await.expect("open");
                thread.at_path("path_unlink_file", &path).await.expect("there");
            }
        });
    }
    let mut wasi = WasiCtxBuilder::new();
    wasi.preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    program.run(&mut wasi).expect("no trap");
}

/// Each call says where it goes on, so threads that list one descriptor do not move each other.
#[test]
fn threads_list_one_descriptor() {
    let dir = tempfile::tempdir().expect("a directory");
    for number in 0..STAYING {
        fs::write(dir.path().join(format!("file {number}")), "").expect("a file");
    }
    let mut program = Program::default();
    for _ in 0..4 {
        program.thread(|thread| async move {
            let mut numbers = Numbers::new(thread.number());
            for _ in 0..LISTS / 4 {
                let names = list(&thread, DIR, 80 + numbers.below(3000)).await;
                let all: BTreeSet<&str> = names.iter().map(String::as_str).collect();
                assert_eq!((all.len(), names.len()), (STAYING as usize + 2, STAYING as usize + 2));
            }
        });
    }
    let mut wasi = WasiCtxBuilder::new();
    wasi.preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    program.run(&mut wasi).expect("no trap");
}
