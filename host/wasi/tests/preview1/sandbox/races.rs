//! Links and directories that are exchanged during the call.

use super::prison::{Prison, SECRET};
use crate::harness::abi::{oflags, rights};
use crate::harness::{DIR, Errno, FOLLOW, Open};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How often the host exchanges, at least.
const ROUNDS: usize = 2000;

/// Ends the race, also where the guest panics.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// Runs `exchange` on the host again and again while `guest` acts, until both have done enough.
fn race(exchange: impl Fn() + Sync, mut guest: impl FnMut()) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let exchanging = scope.spawn(|| {
            for _ in 0..ROUNDS {
                exchange();
            }
            while !over.load(Relaxed) {
                exchange();
            }
        });
        let _ends = Ends(&over);
        for _ in 0..100 {
            guest();
        }
        while !exchanging.is_finished() {
            guest();
            over.store(true, Relaxed);
        }
    });
}

/// The directory `d` is now a directory, now a link to outside, and now not there.
fn exchange(inside: &Path) {
    fs::rename(inside.join("d"), inside.join("away")).expect("moved");
    fs::rename(inside.join("trap"), inside.join("d")).expect("moved");
    fs::rename(inside.join("d"), inside.join("trap")).expect("moved");
    fs::rename(inside.join("away"), inside.join("d")).expect("moved");
}

#[test]
fn a_link_that_appears_during_the_call_does_not_lead_out() {
    let prison = Prison::new();
    let inside = prison.inside();
    symlink("../outside", inside.join("trap")).expect("a link");
    let guest = &prison.guest;
    // What is not there at the moment, or leads out of the directory, or changes too often while it is looked for; without
    // `openat2`, what is looked at on the way and is a link when it is opened.
    let gone = [Errno::NoEnt, Errno::Perm, Errno::Again, Errno::NotDir];
    let check = |outcome: Result<(), Errno>| {
        let allowed = outcome.is_ok() || outcome.is_err_and(|error| gone.contains(&error));
        assert!(allowed, "{outcome:?}");
    };
    // What an earlier call made and could not remove is still there.
    let check_new = |outcome: Result<(), Errno>| match outcome {
        Err(Errno::Exist) => {}
        other => check(other),
    };
    race(
        || exchange(&inside),
        || {
            let how = Open {
                rights: rights::READ_WRITE,
                ..Open::default()
            };
            match guest.path_open(DIR, "d/f", how) {
                Ok(file) => {
                    let bytes = guest.fd_read(file, 10).expect("a file");
                    assert_ne!(bytes, SECRET);
                    guest.fd_write(file, "x").expect("a file");
                    guest.fd_filestat_set_size(file, 3).expect("a file");
                    guest.fd_close(file).expect("open");
                }
                Err(error) => check(Err(error)),
            }
            let how = Open {
                oflags: oflags::CREAT,
                rights: rights::FD_WRITE,
                ..Open::default()
            };
            let made = guest.path_open(DIR, "d/new", how);
            if let Ok(file) = made {
                guest.fd_close(file).expect("open");
            }
            check(made.map(drop));
            check(guest.path_unlink_file(DIR, "d/new"));
            check_new(guest.path_create_directory(DIR, "d/empty"));
            check(guest.path_remove_directory(DIR, "d/empty"));
            check(guest.path_filestat_get(DIR, FOLLOW, "d/f").map(drop));
            check(guest.path_filestat_set_times(DIR, FOLLOW, "d/f", [1, 1], 5));
            check(guest.path_rename(DIR, "d/f", DIR, "d/g"));
            check(guest.path_rename(DIR, "d/g", DIR, "d/f"));
            check_new(guest.path_symlink("own", DIR, "d/l"));
            check(guest.path_unlink_file(DIR, "d/l"));
        },
    );
    prison.assert_untouched("exchanging a directory and a link");
}

/// A directory in which the guest goes up and down again is moved up while it does: `..` would then lead elsewhere.
#[test]
fn a_directory_that_moves_during_the_call_does_not_lead_out() {
    let prison = Prison::new();
    let inside = prison.inside();
    fs::create_dir_all(inside.join("a/b/c")).expect("directories");
    let guest = &prison.guest;
    race(
        || {
            fs::rename(inside.join("a/b/c"), inside.join("c")).expect("moved");
            fs::rename(inside.join("c"), inside.join("a/b/c")).expect("moved");
        },
        || {
            for path in [
                "a/b/c/../../../secret",
                "a/b/c/../../../../secret",
                "a/b/c/../../../outside/f",
            ] {
                match guest.path_open(DIR, path, Open::default()) {
                    // `secret` is also a link of the guest's own, if the directory was deep enough.
                    Ok(file) => panic!("{path} is open as {file}"),
                    Err(error) => assert!(
                        matches!(
                            error,
                            Errno::NoEnt | Errno::Perm | Errno::Again | Errno::NotDir | Errno::Xdev
                        ),
                        "{path}: {error:?}"
                    ),
                }
            }
        },
    );
    prison.assert_untouched("moving a directory");
}

/// A directory that the guest has open is moved out of what was preopened. It stays the guest's, but what is around it not.
#[test]
fn a_directory_that_was_moved_out_has_no_way_up() {
    let prison = Prison::new();
    let how = Open {
        oflags: oflags::DIRECTORY,
        rights: rights::ALL,
        ..Open::default()
    };
    let guest = &prison.guest;
    let directory = guest.path_open(DIR, "d", how).expect("there");
    fs::rename(prison.inside().join("d"), prison.root().join("moved")).expect("moved");
    for path in ["..", "../secret", "../outside/f", "e/../../secret", "back"] {
        let opened = guest.path_open(directory, path, Open::default());
        assert_eq!(opened, Err(Errno::Perm), "{path}");
    }
    let own = guest
        .path_open(directory, "f", Open::default())
        .expect("still the guest's");
    assert_eq!(guest.fd_read(own, 10).as_deref(), Ok(&b"own"[..]));
    fs::rename(prison.root().join("moved"), prison.inside().join("d")).expect("moved");
    assert_eq!(fs::read(prison.root().join("secret")).expect("still there"), SECRET);
}
