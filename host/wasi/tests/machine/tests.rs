//! Tests that depend on the environment, and the scripts that set up the environment for one test.

use crate::harness::abi::rights::{READ, WRITE};
use crate::harness::abi::{Errno, fdflags, fstflags, oflags, rights};
use crate::harness::listing::list;
use crate::harness::{DIR, FOLLOW, Guest, NOFOLLOW, Open};
use rustix::fs::{CWD, Mode, mkfifoat};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// A guest whose directory is `path`.
fn guest(path: &str) -> Guest {
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(path, "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    Guest::new(&mut builder)
}

/// Two directories that an overlay merges: places in one are known to nothing but the open file that told them.
pub const MERGED: &str = r#"
    unshare --user --map-root-user --mount true || exit 77
    mkdir lower upper work merged
    for number in $(seq 200); do : > "lower/a$number"; : > "upper/b$number"; done
    unshare --user --map-root-user --mount sh -c '
        mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged || exit 77
        exec "$@"' sh "$@"
    status=$?
    # The overlay leaves a directory that not even its owner can list, so that it could not be removed.
    chmod -R u+rwx work
    exit $status"#;

/// Each entry that stays is listed once, whatever is made and removed meanwhile, as a native program sees it.
pub fn a_merged_directory_is_listed_whole() {
    let guest = guest("merged");
    let expected: BTreeSet<Vec<u8>> = ["a", "b"]
        .iter()
        .flat_map(|kind| (1..=200).map(move |number| format!("{kind}{number}").into_bytes()))
        .collect();
    let stays = |name: &Vec<u8>| name.starts_with(b"a") || name.starts_with(b"b");
    for room in [100, 700, 5000] {
        let mut made = 0;
        let mut names = Vec::new();
        list(&guest, DIR, room, |entry| {
            names.push(entry.name.clone());
            made += 1;
            fs::write(format!("merged/new {room} {made}"), "").expect("a file");
            made < 2000
        });
        names.retain(stays);
        assert_eq!(names.len(), expected.len(), "a buffer of {room} bytes");
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected);
    }
    list(&guest, DIR, 700, |entry| {
        if !matches!(entry.name.as_slice(), b"." | b"..") {
            guest.path_unlink_file(DIR, &entry.name).expect("there");
        }
        true
    });
    assert_eq!(fs::read_dir("merged").expect("a directory").count(), 0, "all gone");
}

/// A process that may open few files.
pub const FEW_DESCRIPTORS: &str = r#"ulimit -n 100 || exit 77; exec "$@""#;

/// What waits for the disk is done on another thread, which needs no descriptor of the host for it.
pub fn what_is_open_works_where_nothing_more_can_be_opened() {
    let guest = guest(".");
    let open = |path: &str, fdflags| {
        let how = Open {
            oflags: oflags::CREAT,
            rights: rights::ALL,
            fdflags,
            ..Open::default()
        };
        guest.path_open(DIR, path, how)
    };
    let file = open("f", 0).expect("made");
    let synchronous = open("g", fdflags::SYNC).expect("made");
    let directory = guest.open_dir(".").expect("there");
    let last = (0..200).map(|_| open("h", 0)).find_map(Result::err);
    assert_eq!(last, Some(Errno::Mfile), "the limit of the process");
    assert_eq!(guest.open_dir("."), Err(Errno::Mfile));
    for fd in [file, synchronous, directory, DIR] {
        assert_eq!(guest.fd_sync(fd), Ok(()));
        assert_eq!(guest.fd_datasync(fd), Ok(()));
    }
    assert_eq!(guest.fd_allocate(file, 0, 10), Ok(()));
    assert_eq!(guest.fd_write(synchronous, "contents"), Ok(8));
    assert_eq!(guest.fd_pwrite(synchronous, "C", 0), Ok(1));
    assert_eq!(guest.fd_pread(synchronous, 100, 0).as_deref(), Ok(&b"Contents"[..]));
    for fd in [directory, DIR] {
        assert_eq!(list(&guest, fd, 1000, |_| true).len(), 5);
    }
    guest.fd_close(directory).expect("open");
    assert!(guest.open_dir(".").is_ok());
}

/// A user from whom files and directories can be kept.
pub const USER: &str = r#"
    [ "$(id -u)" = 0 ] || exec "$@"
    chown 65534 .
    setpriv --reuid 65534 --regid 65534 --clear-groups "$1" --list >list || exit 77
    exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@""#;

pub fn what_the_host_forbids_its_user_is_acces() {
    fs::create_dir("all").expect("a directory");
    for (name, mode) in [("all/readable", 0o444), ("all/writable", 0o222)] {
        fs::write(name, "contents").expect("a file");
        fs::set_permissions(name, Permissions::from_mode(mode)).expect("its owner");
    }
    for (name, mode) in [("all/closed", 0), ("all/unlisted", 0o111), ("all/fixed", 0o555)] {
        fs::create_dir(name).expect("a directory");
        fs::write(format!("{name}/f"), "contents").expect("a file");
        fs::set_permissions(name, Permissions::from_mode(mode)).expect("its owner");
    }
    let one = guest("all");
    let open = |path: &str, oflags: u32, rights: u64| one.open(path, oflags, rights).map(drop);
    // Opening an existing file with `creat` takes no right to write to it.
    for oflags in [0, oflags::CREAT] {
        assert_eq!(open("readable", oflags, READ), Ok(()));
        assert_eq!(open("readable", oflags, READ | WRITE), Err(Errno::Acces));
        assert_eq!(open("writable", oflags, READ), Err(Errno::Acces));
        assert_eq!(open("writable", oflags, WRITE), Ok(()));
    }
    assert_eq!(open("readable", oflags::TRUNC, READ), Err(Errno::Acces));
    assert_eq!(open("closed/f", 0, READ), Err(Errno::Acces));
    assert_eq!(open("fixed/new", oflags::CREAT, READ), Err(Errno::Acces));
    assert_eq!(one.path_unlink_file(DIR, "fixed/f"), Err(Errno::Acces));
    assert_eq!(one.path_create_directory(DIR, "fixed/d"), Err(Errno::Acces));
    assert_eq!(one.open_dir("unlisted"), Err(Errno::Acces));
    // Paths may go through such a directory, and begin there.
    assert_eq!(open("unlisted/f", 0, READ), Ok(()));
    let other = guest("all/unlisted");
    assert_eq!(other.open("f", 0, READ).map(drop), Ok(()));
    assert_eq!(other.fd_readdir(DIR, 1000, 0), Err(Errno::Acces));
    fs::set_permissions("all/unlisted", Permissions::from_mode(0o555)).expect("its owner");
    assert_eq!(list(&other, DIR, 1000, |_| true).len(), 3);
    for name in ["all/closed", "all/unlisted", "all/fixed"] {
        fs::set_permissions(name, Permissions::from_mode(0o777)).expect("its owner");
    }
}

/// A sandbox around the host may have no `/proc`.
pub const NO_PROC: &str = r#"
    unshare --user --map-root-user --mount true || exit 77
    exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /proc || exit 77; exec "$@"' sh "$@""#;

pub fn times_are_set_without_proc() {
    assert!(!Path::new("/proc/self").exists());
    let guest = guest(".");
    fs::write("f", "").expect("a file");
    fs::create_dir("d").expect("a directory");
    symlink("f", "l").expect("a link");
    mkfifoat(CWD, "pipe", Mode::RWXU).expect("a pipe");
    let both = fstflags::ATIM | fstflags::MTIM;
    for (path, lookup) in [
        ("f", NOFOLLOW),
        ("d", FOLLOW),
        ("pipe", FOLLOW),
        ("l", NOFOLLOW),
        ("l", FOLLOW),
    ] {
        let time = 1_000_000_000 + u64::from(lookup);
        let set = guest.path_filestat_set_times(DIR, lookup, path, [time, 2 * time], both);
        assert_eq!(set, Ok(()), "{path}");
        let stat = guest.path_filestat_get(DIR, lookup, path).expect("there");
        assert_eq!((stat.atim, stat.mtim), (time, 2 * time), "{path}");
    }
    let absent = guest.path_filestat_set_times(DIR, FOLLOW, "absent", [0, 0], both);
    assert_eq!(absent, Err(Errno::NoEnt));
}

/// File systems beside the directory's own: a small one, and one that is fixed.
pub const OTHERS: &str = r#"
    unshare --user --map-root-user --mount true || exit 77
    exec unshare --user --map-root-user --mount sh -c '
        mkdir small fixed
        mount -t tmpfs -o size=64k small small && mount -t tmpfs fixed fixed || exit 77
        echo contents >fixed/f
        mount -o remount,bind,ro fixed || exit 77
        exec "$@"' sh "$@""#;

pub fn errors_of_file_systems_arrive() {
    let guest = guest(".");
    fs::write("f", "contents").expect("a file");
    assert_eq!(guest.path_rename(DIR, "f", DIR, "small/f"), Err(Errno::Xdev));
    assert_eq!(guest.path_link(DIR, 0, "f", DIR, "small/f"), Err(Errno::Xdev));
    assert_eq!(fs::read("f").expect("still there"), b"contents");

    let full = guest.open("small/f", oflags::CREAT, READ | WRITE).expect("made");
    assert_eq!(guest.fd_allocate(full, 0, 1 << 20), Err(Errno::NoSpc));
    let most = (0..64)
        .map(|_| guest.fd_write(full, [0; 4096]))
        .find(|outcome| *outcome != Ok(4096));
    assert_eq!(most, Some(Err(Errno::NoSpc)));

    let open = |path, oflags, rights| guest.open(path, oflags, rights).map(drop);
    for oflags in [0, oflags::CREAT] {
        assert_eq!(open("fixed/f", oflags, READ), Ok(()));
        assert_eq!(open("fixed/f", oflags, READ | WRITE), Err(Errno::Rofs));
    }
    assert_eq!(open("fixed/new", oflags::CREAT, READ), Err(Errno::Rofs));
    assert_eq!(guest.path_unlink_file(DIR, "fixed/f"), Err(Errno::Rofs));
    assert_eq!(guest.path_create_directory(DIR, "fixed/d"), Err(Errno::Rofs));
    let set = guest.path_filestat_set_times(DIR, FOLLOW, "fixed/f", [0, 0], fstflags::ATIM);
    assert_eq!(set, Err(Errno::Rofs));
}
