//! `path_open`: every combination of flags on every kind of thing, against what POSIX says.

use crate::harness::abi::rights::{READ, WRITE};
use crate::harness::abi::{fdflags, filetype, oflags, rights};
use crate::harness::{DIR, Errno, FOLLOW, Guest, NOFOLLOW, Open, World};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// What is at the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    File,
    Directory,
    LinkToFile,
    LinkToDirectory,
    Dangling,
    Missing,
}

use Target::*;

const TARGETS: [(Target, &str); 6] = [
    (File, "f"),
    (Directory, "d"),
    (LinkToFile, "to-f"),
    (LinkToDirectory, "to-d"),
    (Dangling, "to-none"),
    (Missing, "none"),
];

/// All rights that `wasi_unstable` has.
const EVERY: u64 = rights::ALL - rights::SOCK_ACCEPT;

/// What programs ask for.
const RIGHTS: [u64; 9] = [
    0,
    rights::FD_READ,
    rights::FD_WRITE,
    rights::READ_WRITE,
    READ,
    WRITE,
    // C libraries open to read and write with all that the directory passes on.
    EVERY - rights::SOCK_SHUTDOWN,
    EVERY,
    rights::ALL,
];

fn reset(world: &World) {
    world.file("f", "contents");
    let _ = std::fs::remove_file(world.host("none"));
}

/// What POSIX says of `openat`; for what it leaves open, what Linux does. Several answers: any of them.
fn expected(target: Target, how: Open) -> Result<u8, &'static [Errno]> {
    let has = |flag| how.oflags & flag != 0;
    let (creat, excl, trunc) = (has(oflags::CREAT), has(oflags::EXCL), has(oflags::TRUNC));
    if has(oflags::DIRECTORY) && (creat || excl || trunc) {
        return Err(&[Errno::Inval]);
    }
    if target != Missing && creat && excl {
        return Err(&[Errno::Exist]);
    }
    let is_link = matches!(target, LinkToFile | LinkToDirectory | Dangling);
    if is_link && how.lookup == NOFOLLOW {
        return match has(oflags::DIRECTORY) {
            true => Err(&[Errno::Loop, Errno::NotDir]),
            false => Err(&[Errno::Loop]),
        };
    }
    match target {
        Dangling | Missing if creat => Ok(filetype::REGULAR_FILE),
        Dangling | Missing => Err(&[Errno::NoEnt]),
        File | LinkToFile if has(oflags::DIRECTORY) => Err(&[Errno::NotDir]),
        File | LinkToFile => Ok(filetype::REGULAR_FILE),
        // Programs that ask for every right there is on a directory mean those that it has.
        Directory | LinkToDirectory if has(oflags::DIRECTORY) && how.rights & EVERY == EVERY => Ok(filetype::DIRECTORY),
        Directory | LinkToDirectory if creat || trunc || how.rights & rights::FD_WRITE != 0 => Err(&[Errno::IsDir]),
        Directory | LinkToDirectory => Ok(filetype::DIRECTORY),
    }
}

#[test]
fn every_combination_of_flags_does_what_posix_says() {
    let world = World::new();
    world
        .dir("d")
        .link("f", "to-f")
        .link("d", "to-d")
        .link("none", "to-none");
    let all = TARGETS.into_iter().flat_map(|target| {
        let lookups = [FOLLOW, NOFOLLOW].into_iter();
        let rights = lookups.flat_map(|lookup| RIGHTS.map(|rights| (lookup, rights)));
        rights.flat_map(move |(lookup, rights)| (0..16).map(move |oflags| (target, lookup, rights, oflags)))
    });
    for ((target, path), lookup, rights, oflags) in all {
        // Flags that nothing depends on: each alone, and all.
        for fdflags in [0, 1, 2, 4, 8, 16, 31] {
            reset(&world);
            let how = Open {
                lookup,
                oflags,
                rights,
                inheriting: 0,
                fdflags,
            };
            let case = format!("{target:?} with {how:x?}");
            match (world.path_open(DIR, path, how), expected(target, how)) {
                (Ok(fd), Ok(kind)) => {
                    let fdstat = world.fd_fdstat_get(fd).expect("open");
                    assert_eq!(fdstat.filetype, kind, "{case}");
                    world.fd_close(fd).expect("open");
                }
                (Err(error), Err(errors)) => assert!(errors.contains(&error), "{case}: {error:?}, not {errors:?}"),
                (found, expected) => panic!("{case}: {found:?}, not {expected:?}"),
            }
            let opened_file = matches!(target, File | LinkToFile) && expected(target, how).is_ok();
            let kept: &[u8] = if opened_file && oflags & oflags::TRUNC != 0 {
                b""
            } else {
                b"contents"
            };
            assert_eq!(world.contents("f"), kept, "{case}");
            let created = matches!(target, Missing | Dangling) && expected(target, how).is_ok();
            assert_eq!(world.host("none").exists(), created, "{case}");
        }
    }
}

#[test]
fn unknown_flags_are_invalid() {
    let world = World::new();
    world.file("f", "contents");
    let open = |how| world.path_open(DIR, "f", how);
    for bits in [1 << 4, 1 << 15, 1 << 16, 1 << 31] {
        let how = Open {
            oflags: bits,
            ..Open::default()
        };
        assert_eq!(open(how), Err(Errno::Inval), "oflags {bits:#x}");
        let how = Open {
            oflags: bits | oflags::TRUNC,
            ..Open::default()
        };
        assert_eq!(open(how), Err(Errno::Inval), "oflags {bits:#x}");
    }
    for bits in [1 << 5, 1 << 15, 1 << 16, 1 << 31] {
        let how = Open {
            fdflags: bits,
            ..Open::default()
        };
        assert_eq!(open(how), Err(Errno::Inval), "fdflags {bits:#x}");
    }
    for bits in [1 << 1, 1 << 31] {
        let how = Open {
            lookup: bits,
            ..Open::default()
        };
        assert_eq!(open(how), Err(Errno::Inval), "lookupflags {bits:#x}");
    }
    assert_eq!(world.contents("f"), b"contents");
}

/// A directory is not opened for writing, whatever is asked for beside that. Without permission to write, that is `perm`.
#[test]
fn a_directory_is_not_opened_for_writing() {
    let world = World::new();
    let read_only = World::with(DirPerms::READ, FilePerms::READ, |_| ());
    world.dir("d");
    read_only.dir("d");
    let rust = rights::READ_WRITE | rights::FD_READDIR | rights::PATH_OPEN | rights::POLL_FD_READWRITE;
    for rights in [rights::FD_WRITE, rights::READ_WRITE, rust, WRITE] {
        for path in [".", "d", "d/", "d/."] {
            for oflags in [0, oflags::DIRECTORY] {
                let case = format!("{path} with {oflags:#x}, {rights:#x}");
                assert_eq!(world.open(path, oflags, rights), Err(Errno::IsDir), "{case}");
                assert_eq!(read_only.open(path, oflags, rights), Err(Errno::Perm), "{case}");
            }
        }
    }
    for rights in [0, rights::FD_READ, READ, EVERY, rights::ALL, u64::MAX] {
        let opened = world.open("d", oflags::DIRECTORY, rights).expect("there");
        assert_eq!(world.path_create_directory(opened, "e"), Ok(()), "{rights:#x}");
        assert_eq!(world.path_remove_directory(opened, "e"), Ok(()), "{rights:#x}");
    }
    // With the rights that it has, a directory can be opened again, with and without `directory`.
    let own = world.fd_fdstat_get(DIR).expect("open").rights;
    for oflags in [0, oflags::DIRECTORY] {
        world.open(".", oflags, own).expect("itself");
    }
}

/// Programs ask for every right that they know of.
#[test]
fn unknown_rights_do_no_harm() {
    let world = World::new();
    world.file("f", "contents").dir("d");
    let how = Open {
        rights: u64::MAX,
        inheriting: u64::MAX,
        ..Open::default()
    };
    let file = world.path_open(DIR, "f", how).expect("there");
    let fdstat = world.fd_fdstat_get(file).expect("open");
    assert_eq!(fdstat.rights & !rights::ALL, 0, "none that does not exist");
    let how = Open {
        oflags: oflags::DIRECTORY,
        ..how
    };
    let directory = world.path_open(DIR, "d", how).expect("there");
    world
        .path_create_directory(directory, "e")
        .expect("a directory to work in");
    assert!(world.host("d/e").is_dir());
}

#[test]
fn opening_starts_from_a_directory() {
    let world = World::new();
    world.file("f", "contents").dir("d").file("d/f", "below");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.path_open(file, "f", Open::default()), Err(Errno::NotDir));
    assert_eq!(world.path_open(0, "f", Open::default()), Err(Errno::BadF), "a stream");
    assert_eq!(world.path_open(99, "f", Open::default()), Err(Errno::BadF));
    let directory = world.open_dir("d").expect("there");
    let below = world.path_open(directory, "f", Open::default()).expect("there");
    assert_eq!(world.fd_read(below, 100).as_deref(), Ok(&b"below"[..]));
    assert_eq!(world.path_open(directory, "../f", Open::default()), Err(Errno::Perm));
}

#[test]
fn a_directory_that_is_gone_has_nothing() {
    let world = World::new();
    world.dir("d");
    let directory = world.open_dir("d").expect("there");
    std::fs::remove_dir(world.host("d")).expect("empty");
    let how = Open {
        oflags: oflags::CREAT,
        ..Open::default()
    };
    assert_eq!(world.path_open(directory, "f", how), Err(Errno::NoEnt));
    assert_eq!(world.path_create_directory(directory, "d"), Err(Errno::NoEnt));
}

#[test]
fn an_open_file_survives_its_name() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    world.path_unlink_file(DIR, "f").expect("there");
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"contents"[..]));
    assert_eq!(world.fd_write(file, "more"), Ok(4));
    assert_eq!(
        world.fd_filestat_get(file).map(|stat| (stat.nlink, stat.size)),
        Ok((0, 12))
    );
}

#[test]
fn permissions_of_the_embedder_hold_below() {
    let reading = (DirPerms::READ, FilePerms::READ);
    let no_files = (DirPerms::all(), FilePerms::empty());
    let no_creation = (DirPerms::READ, FilePerms::all());
    let writing = (DirPerms::all(), FilePerms::WRITE);
    let nothing = (DirPerms::empty(), FilePerms::empty());
    for (perms, path, oflags, rights, outcome) in [
        (reading, "d/f", 0, READ, Ok(())),
        (reading, "d/f", 0, WRITE, Err(Errno::Perm)),
        (reading, "d/f", oflags::TRUNC, READ, Err(Errno::Perm)),
        (reading, "d/f", oflags::CREAT, READ, Err(Errno::Perm)),
        (reading, "d/new", oflags::CREAT, READ, Err(Errno::Perm)),
        (no_files, "d/f", 0, READ, Err(Errno::Perm)),
        (no_files, "d/f", 0, WRITE, Err(Errno::Perm)),
        (no_files, "d", oflags::DIRECTORY, rights::ALL, Ok(())),
        (no_creation, "d/f", 0, rights::ALL, Ok(())),
        (no_creation, "d/f", oflags::TRUNC, rights::ALL, Ok(())),
        (no_creation, "d/new", oflags::CREAT, rights::ALL, Err(Errno::Perm)),
        (writing, "d/f", 0, WRITE, Ok(())),
        (writing, "d/f", 0, READ, Err(Errno::Perm)),
        (writing, "d/f", 0, rights::ALL, Err(Errno::Perm)),
        // Refused before anything is cut or made.
        (writing, "d/f", oflags::TRUNC, rights::ALL, Err(Errno::Perm)),
        (writing, "d/new", oflags::CREAT, rights::ALL, Err(Errno::Perm)),
        (nothing, "d/f", 0, READ, Err(Errno::Perm)),
        (nothing, "d", oflags::DIRECTORY, READ, Err(Errno::Perm)),
    ] {
        let world = World::with(perms.0, perms.1, |_| ());
        world.dir("d").file("d/f", "contents");
        let case = format!("{perms:?}: {path} with {oflags:#x}, {rights:#x}");
        assert_eq!(world.open(path, oflags, rights).map(drop), outcome, "{case}");
        assert!(!world.host("d/new").exists(), "{case}");
        if outcome.is_err() {
            assert_eq!(world.contents("d/f"), b"contents", "{case}");
            continue;
        }
        if oflags == oflags::DIRECTORY {
            let inner = world.path_open(
                4,
                "f",
                Open {
                    rights,
                    ..Open::default()
                },
            );
            assert_eq!(inner, Err(Errno::Perm), "{case}: and below it");
        }
    }
}

#[test]
fn append_and_nonblock_hold_from_the_start() {
    let world = World::new();
    world.file("f", "contents");
    let how = Open {
        rights: WRITE,
        fdflags: fdflags::APPEND | fdflags::NONBLOCK,
        ..Open::default()
    };
    let file = world.path_open(DIR, "f", how).expect("there");
    assert_eq!(world.fd_write(file, "!"), Ok(1));
    assert_eq!(world.contents("f"), b"contents!");
}

/// What cannot be looked into where it is, cannot be moved to where it can.
#[test]
fn a_new_name_does_not_widen_permissions() {
    let (hidden, open) = (
        tempfile::tempdir().expect("a directory"),
        tempfile::tempdir().expect("a directory"),
    );
    std::fs::write(hidden.path().join("f"), "contents").expect("a file");
    std::fs::create_dir(hidden.path().join("d")).expect("a directory");
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(hidden.path(), "/hidden", DirPerms::MUTATE, FilePerms::all())
        .expect("a directory")
        .preopened_dir(open.path(), "/open", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    let guest = Guest::new(&mut builder);
    assert_eq!(guest.path_link(3, NOFOLLOW, "f", 4, "f"), Err(Errno::Perm));
    for name in ["f", "d"] {
        assert_eq!(guest.path_rename(3, name, 4, name), Err(Errno::Perm));
    }
    assert_eq!(guest.path_rename(3, "d", 3, "e/"), Ok(()), "this needs no looking");
}
