//! Ways out of the sandbox, and paths that are none.

use super::Guest;
use crate::errno::Errno;
use crate::preview1::path;
use crate::types::{OFlags, Rights};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// A host directory with a secret next to the directory `in` that a guest gets.
struct Prison {
    outside: tempfile::TempDir,
}

impl Prison {
    fn new() -> Self {
        let outside = tempfile::tempdir().expect("a directory");
        fs::write(outside.path().join("secret"), "secret").expect("a file");
        let prison = Prison { outside };
        fs::create_dir_all(prison.inside().join("d")).expect("a directory");
        fs::write(prison.inside().join("own"), "own").expect("a file");
        symlink(prison.secret(), prison.inside().join("absolute")).expect("a link");
        symlink("../secret", prison.inside().join("up")).expect("a link");
        symlink("..", prison.inside().join("parent")).expect("a link");
        symlink("d/../../secret", prison.inside().join("zigzag")).expect("a link");
        symlink("loop", prison.inside().join("loop")).expect("a link");
        prison
    }

    fn inside(&self) -> PathBuf {
        self.outside.path().join("in")
    }

    fn secret(&self) -> PathBuf {
        self.outside.path().join("secret")
    }
}

#[test]
fn no_path_leads_out() {
    let prison = Prison::new();
    let absolute = prison.secret().to_str().expect("ASCII").to_owned();
    let guest = Guest::with_dir(&prison.inside());
    let frame = guest.frame(0);
    let call = frame.call;
    let all = Rights::FD_READ | Rights::FD_WRITE;
    let ways = [
        "../secret",
        "d/../../secret",
        "./../secret",
        "parent/secret",
        "up",
        "absolute",
        "zigzag",
        &absolute,
        "/",
    ];
    for way in ways {
        assert_eq!(
            frame.open(3, way, OFlags::empty(), Rights::FD_READ),
            Err(Errno::Perm),
            "{way}"
        );
        assert_eq!(
            frame.open(3, way, OFlags::CREAT | OFlags::TRUNC, all),
            Err(Errno::Perm),
            "{way}"
        );
        let (path, length) = frame.path(way);
        assert_eq!(path::filestat_get(call, 3, 1, path, length), Err(Errno::Perm), "{way}");
        assert_eq!(
            path::filestat_set_times(call, 3, 1, path, length, 0, 0, 8),
            Err(Errno::Perm),
            "{way}"
        );
    }
    for way in ["..", "parent", "d/../.."] {
        assert_eq!(
            frame.open(3, way, OFlags::DIRECTORY, Rights::FD_READ),
            Err(Errno::Perm),
            "{way}"
        );
    }
    for way in ["../secret", "d/../../secret", "parent/secret", &absolute] {
        let (path, length) = frame.path(way);
        let (own, own_length) = frame.path_at(1024, "own");
        path::unlink_file(call, 3, path, length).expect_err(way);
        path::remove_directory(call, 3, path, length).expect_err(way);
        path::rename(call, 3, path, length, 3, own, own_length).expect_err(way);
        path::rename(call, 3, own, own_length, 3, path, length).expect_err(way);
        path::link(call, 3, 0, path, length, 3, own, own_length).expect_err(way);
        let (new, new_length) = frame.path_at(1024, &format!("{way}-new"));
        path::create_directory(call, 3, new, new_length).expect_err(way);
        path::symlink(call, own, own_length, 3, new, new_length).expect_err(way);
    }
    let (path, length) = frame.path("absolute");
    assert_eq!(
        path::readlink(call, 3, path, length, frame.buffer(), 100, frame.answer()),
        Err(Errno::Perm)
    );
    let (target, target_length) = frame.path(&absolute);
    let (new, new_length) = frame.path_at(1024, "new");
    assert_eq!(
        path::symlink(call, target, target_length, 3, new, new_length),
        Err(Errno::Perm)
    );
    assert_eq!(fs::read(prison.secret()).expect("still there"), b"secret");
    assert_eq!(fs::read(prison.inside().join("own")).expect("still there"), b"own");
    assert_eq!(
        fs::read_dir(prison.outside.path()).expect("a directory").count(),
        2,
        "nothing new outside"
    );
}

#[test]
fn what_is_no_path_is_refused() {
    let prison = Prison::new();
    let guest = Guest::with_dir(&prison.inside());
    let frame = guest.frame(0);
    let read = |path: &str| frame.open(3, path, OFlags::empty(), Rights::FD_READ);
    assert_eq!(read(""), Err(Errno::NoEnt));
    assert_eq!(read("own\0"), Err(Errno::Inval));
    assert_eq!(read("own/"), Err(Errno::NotDir));
    assert_eq!(read("own/x"), Err(Errno::NotDir));
    assert_eq!(read("loop"), Err(Errno::Loop));
    assert_eq!(read(&"x".repeat(300)), Err(Errno::NameTooLong));
    let (path, _) = frame.path_at(4096, &"d/".repeat(2049));
    assert_eq!(
        path::create_directory(frame.call, 3, path, 4098),
        Err(Errno::NameTooLong)
    );
    frame.call.memory.write(path.into(), b"\xff\xfe").expect("in bounds");
    assert_eq!(path::create_directory(frame.call, 3, path, 2), Err(Errno::IlSeq));
}
