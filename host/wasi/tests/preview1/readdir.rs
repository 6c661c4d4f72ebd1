//! `fd_readdir`: every cookie, and buffers of every size.

use crate::harness::abi::rights::READ;
use crate::harness::abi::{Dirent, filetype};
use crate::harness::listing::{HEADER, list};
use crate::harness::{DIR, Errno, NOFOLLOW, World};
use std::collections::{BTreeMap, BTreeSet};
use weft_wasi::{DirPerms, FilePerms};

/// A directory with one of each kind, and names of several lengths.
fn full_world() -> World {
    let world = World::new();
    world.file("f", "contents").dir("d").link("absent", "l").file("ü", "");
    for length in [1, 2, 3, 7, 8, 9, 31, 100, 255] {
        world.file(&"n".repeat(length), "");
    }
    world
}

fn all(world: &World) -> Vec<Dirent> {
    let bytes = world.fd_readdir(DIR, 64 << 10, 0).expect("a directory");
    let entries = Dirent::decode_all(&bytes);
    let size: usize = entries.iter().map(|entry| HEADER as usize + entry.name.len()).sum();
    assert_eq!(size, bytes.len(), "nothing is cut off in a large buffer");
    entries
}

#[test]
fn an_entry_says_what_it_names() {
    let world = full_world();
    let entries: BTreeMap<_, _> = all(&world)
        .into_iter()
        .map(|entry| (entry.name.clone(), entry))
        .collect();
    let own = world.fd_filestat_get(DIR).expect("a directory");
    for (name, entry) in &entries {
        let stat = world.path_filestat_get(DIR, NOFOLLOW, name);
        match name.as_slice() {
            // What lies above is none of the guest's business.
            b"." | b".." => assert_eq!((entry.ino, entry.filetype), (own.ino, filetype::DIRECTORY)),
            _ => assert_eq!(
                stat.map(|stat| (stat.ino, stat.filetype)),
                Ok((entry.ino, entry.filetype))
            ),
        }
    }
    assert_eq!(entries[&b"f"[..]].filetype, filetype::REGULAR_FILE);
    assert_eq!(entries[&b"d"[..]].filetype, filetype::DIRECTORY);
    assert_eq!(entries[&b"l"[..]].filetype, filetype::SYMBOLIC_LINK);
    assert_eq!(entries.len(), 4 + 9 + 2, "each once, with `.` and `..`");
    assert!(entries.contains_key("ü".as_bytes()));
}

/// "This function fills the output buffer as much as possible, potentially truncating the last directory entry."
#[test]
fn a_buffer_of_any_size_gets_the_beginning_of_the_whole() {
    let world = full_world();
    let whole = world.fd_readdir(DIR, 64 << 10, 0).expect("a directory");
    for length in 0..whole.len() as u32 + 3 {
        let bytes = world.fd_readdir(DIR, length, 0).expect("a directory");
        assert_eq!(bytes, &whole[..whole.len().min(length as usize)], "{length} bytes");
    }
}

#[test]
fn every_cookie_leads_to_the_rest() {
    let world = full_world();
    let whole = world.fd_readdir(DIR, 64 << 10, 0).expect("a directory");
    let mut at = 0;
    for entry in all(&world) {
        at += HEADER as usize + entry.name.len();
        for length in [0, 1, HEADER, 200, 64 << 10] {
            let rest = world.fd_readdir(DIR, length, entry.next).expect("a directory");
            let expected = &whole[at..];
            assert_eq!(rest, &expected[..expected.len().min(length as usize)]);
        }
    }
}

#[test]
fn a_listing_is_the_same_with_every_buffer() {
    let world = full_world();
    let expected = all(&world);
    for room in 0..600 {
        assert_eq!(list(&world, DIR, room, |_| true), expected, "a buffer of {room} bytes");
    }
}

#[test]
fn large_directories_are_listed_whole() {
    let world = World::new();
    let mut expected = BTreeSet::from([b".".to_vec(), b"..".to_vec()]);
    for number in 0..1000 {
        let name = format!("file-{number}-{}", "x".repeat(number % 30));
        world.file(&name, "");
        expected.insert(name.into_bytes());
    }
    for room in [64, 1000, 4096, 27_000, 300_000] {
        let entries = list(&world, DIR, room, |_| true);
        assert_eq!(entries.len(), expected.len(), "a buffer of {room} bytes");
        let names: BTreeSet<_> = entries.into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn an_empty_directory_has_itself_and_what_is_above() {
    let world = World::new();
    world.dir("d");
    let directory = world.open_dir("d").expect("there");
    let names = |fd| {
        list(&world, fd, 100, |_| true)
            .into_iter()
            .map(|entry| entry.name)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(names(directory), BTreeSet::from([b".".to_vec(), b"..".to_vec()]));
    // What is made afterwards is seen from a start anew.
    world.file("d/new", "");
    assert!(names(directory).contains(&b"new"[..]));
    world.path_unlink_file(directory, "new").expect("there");
    assert!(!names(directory).contains(&b"new"[..]));
}

/// Nothing is listed twice, and nothing is left out, of what stays while other entries are removed.
#[test]
fn removing_what_was_listed_loses_nothing() {
    let world = World::new();
    for number in 0..300 {
        world.file(&format!("{number}"), "");
    }
    let (mut seen, mut cookie) = (BTreeSet::new(), 0);
    loop {
        let bytes = world.fd_readdir(DIR, 200, cookie).expect("a directory");
        for entry in Dirent::decode_all(&bytes) {
            cookie = entry.next;
            if !matches!(entry.name.as_slice(), b"." | b"..") {
                world.path_unlink_file(DIR, &entry.name).expect("there");
            }
            assert!(seen.insert(entry.name), "twice");
        }
        if bytes.len() < 200 {
            break;
        }
    }
    assert_eq!(seen.len(), 302);
    assert_eq!(list(&world, DIR, 1000, |_| true).len(), 2, "all gone");
}

#[test]
fn only_directories_that_may_be_read_are_listed() {
    let world = World::new();
    world.file("f", "");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_readdir(0, 100, 0), Err(Errno::BadF));
    assert_eq!(world.fd_readdir(file, 100, 0), Err(Errno::NotDir));
    assert_eq!(world.fd_readdir(99, 100, 0), Err(Errno::BadF));
    let closed = World::with(DirPerms::empty(), FilePerms::all(), |_| ());
    assert_eq!(closed.fd_readdir(DIR, 100, 0), Err(Errno::Perm));
}

/// A small cookie that no entry gave leads somewhere inside, if the file system does not refuse it. Others are numbers,
/// of which none is given yet.
#[test]
fn invented_cookies_do_no_harm() {
    let world = full_world();
    for cookie in [1 << 30, 1 << 31, 1 << 32, i64::MAX as u64, 1 << 63, u64::MAX] {
        for length in [0, 4096] {
            let refused = world.fd_readdir(DIR, length, cookie);
            assert_eq!(refused, Err(Errno::Inval), "{cookie:#x}");
        }
    }
    for cookie in [1, 2, 3] {
        match world.fd_readdir(DIR, 4096, cookie) {
            Ok(bytes) => assert!(bytes.len() < 4096),
            Err(error) => assert_eq!(error, Errno::Inval),
        }
    }
}

/// C libraries keep a cookie in a `long`, which has 32 bits here.
#[test]
fn cookies_are_small_and_none_can_be_made_up() {
    let world = World::new();
    for number in 0..100 {
        world.file(&format!("file {number}"), "");
    }
    let entries = Dirent::decode_all(&world.fd_readdir(DIR, 100_000, 0).expect("a directory"));
    assert_eq!(entries.len(), 102);
    for (entry, following) in entries.iter().zip(&entries[1..]) {
        assert!(i32::try_from(entry.next).is_ok(), "{}", entry.next);
        let rest = world.fd_readdir(DIR, 1000, entry.next).expect("a place");
        assert_eq!(
            Dirent::decode_all(&rest).first().map(|first| &first.name),
            Some(&following.name)
        );
    }
    assert_eq!(world.fd_readdir(DIR, 1000, 1 << 40), Err(Errno::Inval));
}

#[test]
fn a_directory_that_was_removed_has_no_entries() {
    let world = World::new();
    world.dir("d");
    let directory = world.open_dir("d").expect("a directory");
    world.path_remove_directory(DIR, "d").expect("empty");
    assert_eq!(world.fd_readdir(directory, 1000, 0).as_deref(), Ok(&[][..]));
}

/// Nor if the listing goes on from a place: some file systems have no places then.
#[test]
fn a_directory_that_is_removed_while_it_is_listed_is_at_its_end() {
    let world = World::new();
    world.dir("d");
    for number in 0..20 {
        world.file(&format!("d/{number}"), "");
    }
    let directory = world.open_dir("d").expect("a directory");
    let mut cookie = 0;
    list(&world, directory, 100, |entry| {
        cookie = entry.next;
        false
    });
    // Too little for an entry: where the kernel's open file stands then is not where the guest goes on.
    world.fd_readdir(directory, 10, cookie).expect("a directory");
    for number in 0..20 {
        world.path_unlink_file(DIR, format!("d/{number}")).expect("there");
    }
    world.path_remove_directory(DIR, "d").expect("empty");
    assert_eq!(world.fd_readdir(directory, 1000, cookie).as_deref(), Ok(&[][..]));
}
