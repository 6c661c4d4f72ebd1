//! Procfs below a preopened directory: unless the embedder allows it, a program cannot use any file there, or find out
//! whether the file exists.

use super::attacks::FUNCTIONS;
use crate::harness::abi::{oflags, rights};
use crate::harness::{Errno, FOLLOW, Guest, NOFOLLOW, Open};
use weft_wasi::{DirPerms, Error, FilePerms, WasiCtxBuilder};

/// The host's root, then a directory with a file `own`, links into procfs, and a link to the root of procfs.
fn guest(allow_procfs: bool) -> (tempfile::TempDir, String, Guest) {
    let root = tempfile::tempdir().expect("a directory");
    let at = root.path().canonicalize().expect("a directory");
    std::fs::write(at.join("own"), "").expect("a file");
    let up = "../".repeat(at.components().count() - 1);
    for (target, name) in [
        ("proc", "proc"),
        ("proc/self/environ", "environ"),
        ("proc/self/exe", "exe"),
    ] {
        std::os::unix::fs::symlink(format!("{up}{target}"), at.join(name)).expect("a link");
    }
    let mut builder = WasiCtxBuilder::new();
    builder.allow_procfs(allow_procfs);
    for (host, guest) in [("/", "/"), (at.to_str().expect("text"), "/own")] {
        builder
            .preopened_dir(host, guest, DirPerms::all(), FilePerms::all())
            .expect("a directory");
    }
    let own = at
        .strip_prefix("/")
        .expect("an absolute path")
        .to_str()
        .expect("text")
        .to_owned();
    (root, own, Guest::new(&mut builder))
}

#[test]
fn nothing_in_procfs_can_be_used() {
    let (_root, own, guest) = guest(false);
    for path in [
        "self",
        "self/environ",
        "self/mem",
        "self/exe",
        "self/fd/0",
        "self/task",
        "1",
        "sys/kernel/hostname",
        "meminfo",
        // What is not there.
        "999999999",
        "999999999/mem",
        "self/none",
        "self/none/none",
    ] {
        for path in [
            format!("proc/{path}"),
            format!("./proc//{path}"),
            format!("proc/../proc/{path}"),
            format!("{own}/proc/{path}"),
        ] {
            for (function, attack) in FUNCTIONS {
                let outcome = attack(&guest, path.as_bytes());
                assert!(matches!(outcome, Err(Errno::Perm)), "{function} {path}: {outcome:?}");
            }
        }
    }
}

#[test]
fn links_into_procfs_lead_nowhere() {
    let (_root, own, guest) = guest(false);
    for name in ["proc", "environ", "exe"] {
        let path = format!("{own}/{name}");
        for oflags in [0, oflags::DIRECTORY, oflags::CREAT, oflags::TRUNC] {
            let how = Open {
                lookup: FOLLOW,
                oflags,
                rights: rights::FD_READ,
                ..Open::default()
            };
            let opened = guest.path_open(3, &path, how);
            // What it leads to may be no directory or nothing that is made, or another link of the system's.
            assert!(opened.is_err(), "{path} with {oflags:#x}: {opened:?}");
        }
        let stat = guest.path_filestat_get(3, FOLLOW, &path).map(drop);
        assert!(matches!(stat, Err(Errno::Perm | Errno::Loop)), "{path}: {stat:?}");
        let times = guest.path_filestat_set_times(3, FOLLOW, &path, [1, 1], 5);
        assert!(matches!(times, Err(Errno::Perm | Errno::Loop)), "{path}: {times:?}");
        // The link itself is the guest's own.
        guest.path_filestat_get(3, NOFOLLOW, &path).expect("a link");
        guest.path_readlink(3, &path, 100).expect("a link");
    }
    for path in ["proc", "proc/", "proc/.", "./proc"] {
        assert_eq!(guest.path_open(3, path, Open::default()), Err(Errno::Perm), "{path}");
        assert_eq!(
            guest.path_filestat_get(3, FOLLOW, path).map(drop),
            Err(Errno::Perm),
            "{path}"
        );
    }
    assert!(!guest.fd_readdir(3, 4096, 0).expect("the root").is_empty());
    let how = Open {
        rights: rights::FD_READ,
        ..Open::default()
    };
    guest
        .path_open(3, format!("{own}/own"), how)
        .expect("what is not on procfs");
    guest.path_open(3, "proc/../etc", how).expect("a way out of it");
}

#[test]
fn the_embedder_may_allow_procfs() {
    let (_root, own, guest) = guest(true);
    let how = Open {
        rights: rights::FD_READ,
        ..Open::default()
    };
    for path in ["proc/version".to_owned(), format!("{own}/proc/version")] {
        let file = guest.path_open(3, &path, how).expect("there");
        assert!(guest.fd_read(file, 5).is_ok_and(|text| text == b"Linux"), "{path}");
    }
    assert!(guest.path_readlink(3, "proc/self", 100).is_ok());
    let missing = guest.path_filestat_get(3, FOLLOW, "proc/999999999").map(drop);
    assert_eq!(missing, Err(Errno::NoEnt));
}

#[test]
fn a_directory_of_procfs_is_refused() {
    for path in ["/proc", "/proc/self", "/proc/self/task"] {
        let build = |allow| {
            let mut builder = WasiCtxBuilder::new();
            builder
                .preopened_dir(path, "/in", DirPerms::all(), FilePerms::all())
                .expect("a directory");
            builder.allow_procfs(allow).build().map(drop)
        };
        assert!(
            matches!(build(false), Err(Error::Procfs { path }) if path == "/in"),
            "{path}"
        );
        assert!(build(true).is_ok(), "{path}");
    }
}
