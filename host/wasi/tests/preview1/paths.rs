//! The functions that make, name, move and remove things.

use crate::harness::abi::filetype;
use crate::harness::abi::rights::READ;
use crate::harness::{DIR, Errno, FOLLOW, Guest, NOFOLLOW, Open, World};
use std::fs;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// What each function on a path gives for a descriptor that is no directory.
#[test]
fn paths_start_from_directories() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, READ).expect("there");
    for (fd, error) in [
        (file, Errno::NotDir),
        (0, Errno::BadF),
        (99, Errno::BadF),
        (u32::MAX, Errno::BadF),
    ] {
        let expected = Err(error);
        assert_eq!(world.path_create_directory(fd, "new"), expected);
        assert_eq!(world.path_remove_directory(fd, "new"), expected);
        assert_eq!(world.path_unlink_file(fd, "f"), expected);
        assert_eq!(world.path_readlink(fd, "f", 10).map(drop), expected);
        assert_eq!(world.path_symlink("f", fd, "new"), expected);
        assert_eq!(world.path_link(fd, 0, "f", DIR, "new"), expected);
        assert_eq!(world.path_link(DIR, 0, "f", fd, "new"), expected);
        assert_eq!(world.path_rename(fd, "f", DIR, "new"), expected);
        assert_eq!(world.path_rename(DIR, "f", fd, "new"), expected);
    }
    assert_eq!(fs::read_dir(world.host("")).expect("a directory").count(), 1);
}

#[test]
fn directories_are_made() {
    let world = World::new();
    world.file("f", "").link("absent", "dangling");
    assert_eq!(world.path_create_directory(DIR, "d"), Ok(()));
    assert_eq!(world.path_create_directory(DIR, "d/e"), Ok(()));
    assert_eq!(world.path_create_directory(DIR, "slash/"), Ok(()), "as `mkdir` allows");
    assert!(world.host("d/e").is_dir() && world.host("slash").is_dir());
    for (path, error) in [
        ("d", Errno::Exist),
        ("f", Errno::Exist),
        ("dangling", Errno::Exist),
        (".", Errno::Exist),
        ("absent/d", Errno::NoEnt),
        ("f/d", Errno::NotDir),
    ] {
        assert_eq!(world.path_create_directory(DIR, path), Err(error), "{path}");
    }
}

#[test]
fn directories_are_removed_when_empty() {
    let world = World::new();
    world
        .dir("d")
        .dir("d/e")
        .file("f", "")
        .dir("full")
        .file("full/f", "")
        .link("d", "l");
    for (path, outcome) in [
        ("d", Err(Errno::NotEmpty)),
        ("full", Err(Errno::NotEmpty)),
        ("d/e", Ok(())),
        ("l", Err(Errno::NotDir)),
        ("d/", Ok(())),
        ("d", Err(Errno::NoEnt)),
        ("f", Err(Errno::NotDir)),
        ("f/", Err(Errno::NotDir)),
        ("f/x", Err(Errno::NotDir)),
        (".", Err(Errno::Inval)),
    ] {
        assert_eq!(world.path_remove_directory(DIR, path), outcome, "{path}");
    }
    assert!(world.host("f").exists() && world.host("full/f").exists());
}

#[test]
fn files_and_links_are_unlinked() {
    let world = World::new();
    world
        .dir("d")
        .file("f", "")
        .file("g", "")
        .link("f", "l")
        .link("d", "to-d")
        .link("absent", "dangling");
    for (path, outcome) in [
        ("d", Err(Errno::IsDir)),
        ("d/", Err(Errno::IsDir)),
        ("f/", Err(Errno::NotDir)),
        ("f/x", Err(Errno::NotDir)),
        ("l", Ok(())),
        ("to-d", Ok(())),
        ("dangling", Ok(())),
        ("f", Ok(())),
        ("f", Err(Errno::NoEnt)),
        ("absent/f", Err(Errno::NoEnt)),
    ] {
        assert_eq!(world.path_unlink_file(DIR, path), outcome, "{path}");
    }
    assert!(world.host("d").is_dir() && world.host("g").exists());
}

#[test]
fn symbolic_links_keep_what_they_are_given() {
    let world = World::new();
    world.file("f", "contents").dir("d");
    for (number, target) in ["f", "d", "absent", "./f", "d/", "ü", &"x/".repeat(100)]
        .into_iter()
        .enumerate()
    {
        let path = format!("link-{number}");
        assert_eq!(world.path_symlink(target, DIR, &path), Ok(()), "{target}");
        let found = fs::read_link(world.host(&path)).expect("a link");
        assert_eq!(found.as_os_str(), target);
        let read = world.path_readlink(DIR, &path, 1000);
        assert_eq!(read.as_deref(), Ok(target.as_bytes()));
    }
    let through = world.open("link-0", 0, READ).expect("there");
    assert_eq!(world.fd_read(through, 100).as_deref(), Ok(&b"contents"[..]));
}

#[test]
fn symbolic_links_need_a_free_name() {
    let world = World::new();
    world.file("f", "").dir("d").link("absent", "dangling");
    for (path, error) in [
        ("f", Errno::Exist),
        ("d", Errno::Exist),
        ("dangling", Errno::Exist),
        ("absent/l", Errno::NoEnt),
        ("f/l", Errno::NotDir),
    ] {
        assert_eq!(world.path_symlink("f", DIR, path), Err(error), "{path}");
    }
}

#[test]
fn a_link_is_read_into_any_room() {
    let world = World::new();
    world.link("target", "l").file("f", "").dir("d");
    for room in 0..10 {
        let expected = &b"target"[..room.min(6)];
        assert_eq!(
            world.path_readlink(DIR, "l", room as u32).as_deref(),
            Ok(expected),
            "{room} bytes"
        );
    }
    for (path, error) in [
        ("f", Errno::Inval),
        ("d", Errno::Inval),
        ("absent", Errno::NoEnt),
        ("f/l", Errno::NotDir),
    ] {
        assert_eq!(world.path_readlink(DIR, path, 10), Err(error), "{path}");
    }
}

/// A target that is not UTF-8 is no string of preview 1's, but a buffer has room for it.
#[test]
fn a_foreign_name_in_a_link_is_given_as_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::new();
    let target = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    std::os::unix::fs::symlink(target, world.host("l")).expect("a link");
    assert_eq!(world.path_readlink(DIR, "l", 10).as_deref(), Ok(&b"\xff\xfe"[..]));
}

#[test]
fn hard_links_are_one_file() {
    let world = World::new();
    world.file("f", "contents").dir("d");
    assert_eq!(world.path_link(DIR, 0, "f", DIR, "d/same"), Ok(()));
    let stat = |path| world.path_filestat_get(DIR, NOFOLLOW, path).expect("there");
    assert_eq!(stat("f"), stat("d/same"));
    assert_eq!(stat("f").nlink, 2);
    let directory = world.open_dir("d").expect("there");
    assert_eq!(world.path_link(directory, 0, "same", DIR, "third"), Ok(()));
    assert_eq!(stat("third").nlink, 3);
    world.path_unlink_file(DIR, "f").expect("there");
    assert_eq!(world.contents("third"), b"contents");
}

#[test]
fn a_link_to_a_symbolic_link_is_one_itself() {
    let world = World::new();
    world.file("f", "contents").link("f", "l");
    assert_eq!(world.path_link(DIR, 0, "l", DIR, "m"), Ok(()));
    let stat = world.path_filestat_get(DIR, NOFOLLOW, "m").expect("there");
    assert_eq!((stat.filetype, stat.nlink), (filetype::SYMBOLIC_LINK, 2));
}

#[test]
fn hard_links_that_cannot_be() {
    let world = World::new();
    world.file("f", "").file("g", "").dir("d").link("f", "l");
    let link = |from, to| world.path_link(DIR, 0, from, DIR, to);
    assert_eq!(link("f", "g"), Err(Errno::Exist));
    assert_eq!(link("f", "d"), Err(Errno::Exist));
    assert_eq!(link("f", "l"), Err(Errno::Exist));
    assert_eq!(link("f", "f"), Err(Errno::Exist));
    assert_eq!(link("absent", "new"), Err(Errno::NoEnt));
    assert_eq!(link("f", "absent/new"), Err(Errno::NoEnt));
    assert_eq!(link("f", "g/new"), Err(Errno::NotDir));
    assert_eq!(link("f/", "new"), Err(Errno::NotDir));
    assert_eq!(link("d", "new"), Err(Errno::Perm));
    // As Wasmtime: to follow is not supported.
    assert_eq!(world.path_link(DIR, FOLLOW, "l", DIR, "new"), Err(Errno::Inval));
    assert_eq!(
        world.path_link(DIR, 1 << 1, "f", DIR, "new"),
        Err(Errno::Inval),
        "an unknown flag"
    );
    assert!(!world.host("new").exists());
}

#[test]
fn renaming_moves_and_replaces() {
    let world = World::new();
    world
        .file("f", "one")
        .file("g", "two")
        .dir("d")
        .dir("e")
        .dir("full")
        .file("full/f", "")
        .link("f", "l");
    let rename = |from, to| world.path_rename(DIR, from, DIR, to);
    assert_eq!(rename("f", "h"), Ok(()));
    assert_eq!(world.contents("h"), b"one");
    assert_eq!(rename("h", "g"), Ok(()), "over a file");
    assert_eq!(world.contents("g"), b"one");
    assert_eq!(rename("g", "g"), Ok(()), "to itself");
    assert_eq!(rename("g", "d/g"), Ok(()));
    assert_eq!(rename("full", "e"), Ok(()), "over an empty directory");
    assert!(world.host("e/f").exists() && !world.host("full").exists());
    assert_eq!(rename("l", "m"), Ok(()), "a link, not what it names");
    assert_eq!(world.path_readlink(DIR, "m", 10).as_deref(), Ok(&b"f"[..]));
    assert_eq!(rename("d/", "slash/"), Ok(()), "directories may have slashes");
    assert!(world.host("slash/g").exists());
}

#[test]
fn renaming_what_does_not_go_together() {
    let world = World::new();
    world
        .file("f", "")
        .dir("d")
        .dir("full")
        .file("full/f", "")
        .dir("d/inner");
    for (from, to, error) in [
        ("absent", "new", Errno::NoEnt),
        ("f", "absent/new", Errno::NoEnt),
        ("f", "d", Errno::IsDir),
        ("d", "f", Errno::NotDir),
        ("d", "full", Errno::NotEmpty),
        ("d", "d/inner/new", Errno::Inval),
        ("f/x", "new", Errno::NotDir),
        ("f", "f/x", Errno::NotDir),
        ("f", "new/", Errno::NotDir),
        ("f/", "new", Errno::NotDir),
    ] {
        assert_eq!(world.path_rename(DIR, from, DIR, to), Err(error), "{from} to {to}");
    }
    assert!(world.host("f").exists() && world.host("d/inner").exists() && world.host("full/f").exists());
    assert!(!world.host("new").exists());
}

fn two_directories(first: (DirPerms, FilePerms), second: (DirPerms, FilePerms)) -> (tempfile::TempDir, Guest) {
    let root = tempfile::tempdir().expect("a directory");
    let mut builder = WasiCtxBuilder::new();
    for (name, perms) in [("first", first), ("second", second)] {
        fs::create_dir(root.path().join(name)).expect("a directory");
        fs::write(root.path().join(name).join("f"), name).expect("a file");
        builder
            .preopened_dir(root.path().join(name), name, perms.0, perms.1)
            .expect("a directory");
    }
    (root, Guest::new(&mut builder))
}

#[test]
fn files_move_between_preopened_directories() {
    let all = (DirPerms::all(), FilePerms::all());
    let (root, guest) = two_directories(all, all);
    assert_eq!(guest.path_rename(3, "f", 4, "moved"), Ok(()));
    assert_eq!(fs::read(root.path().join("second/moved")).expect("a file"), b"first");
    assert!(!root.path().join("first/f").exists());
    assert_eq!(guest.path_link(4, 0, "f", 3, "linked"), Ok(()));
    assert_eq!(fs::read(root.path().join("first/linked")).expect("a file"), b"second");
    assert_eq!(guest.path_rename(3, "linked", 4, "f"), Ok(()), "two names of one file");
    guest.path_create_directory(3, "d").expect("a free name");
    assert_eq!(guest.path_rename(3, "d", 4, "d"), Ok(()));
    assert!(root.path().join("second/d").is_dir());
    assert_eq!(guest.path_rename(4, "d", 3, "../d"), Err(Errno::Perm));
}

/// What may be done with a file must not grow with a name in another directory.
#[test]
fn permissions_are_not_widened_by_moving() {
    let all = (DirPerms::all(), FilePerms::all());
    let files_read = (DirPerms::all(), FilePerms::READ);
    let fixed = (DirPerms::READ, FilePerms::all());
    for (first, second, outcome) in [
        (all, all, Ok(())),
        (all, files_read, Ok(())),
        (files_read, all, Err(Errno::Perm)),
        (files_read, files_read, Ok(())),
        (fixed, all, Err(Errno::Perm)),
        (all, fixed, Err(Errno::Perm)),
    ] {
        let (root, guest) = two_directories(first, second);
        let case = format!("{first:?} to {second:?}");
        assert_eq!(guest.path_link(3, 0, "f", 4, "linked"), outcome, "{case}");
        assert_eq!(guest.path_rename(3, "f", 4, "moved"), outcome, "{case}");
        assert_eq!(root.path().join("first/f").exists(), outcome.is_err(), "{case}");
    }
}

#[test]
fn nothing_is_changed_without_permission() {
    let world = World::with(DirPerms::READ, FilePerms::all(), |_| ());
    world
        .file("f", "contents")
        .dir("d")
        .link("f", "l")
        .dir("below")
        .file("below/f", "");
    let below = world.open_dir("below").expect("there");
    let perm = Err(Errno::Perm);
    for fd in [DIR, below] {
        assert_eq!(world.path_create_directory(fd, "new"), perm);
        assert_eq!(world.path_remove_directory(fd, "d"), perm);
        assert_eq!(world.path_unlink_file(fd, "f"), perm);
        assert_eq!(world.path_symlink("f", fd, "new"), perm);
        assert_eq!(world.path_link(fd, 0, "f", fd, "new"), perm);
        assert_eq!(world.path_rename(fd, "f", fd, "new"), perm);
        assert_eq!(world.path_filestat_set_times(fd, 0, "f", [0, 0], 1), perm);
        assert_eq!(world.fd_filestat_set_times(fd, 0, 0, 1), perm);
    }
    assert_eq!(
        world.path_readlink(DIR, "l", 10).as_deref(),
        Ok(&b"f"[..]),
        "looking is allowed"
    );
    let closed = World::with(DirPerms::MUTATE, FilePerms::all(), |_| ());
    closed.file("f", "contents").link("f", "l");
    assert_eq!(closed.path_filestat_get(DIR, 0, "f").map(drop), perm);
    assert_eq!(closed.path_readlink(DIR, "l", 10).map(drop), perm);
    assert_eq!(closed.path_open(DIR, "f", Open::default()).map(drop), perm);
    assert_eq!(closed.path_create_directory(DIR, "new"), Ok(()));
}
