//! `fd_fdstat_set_rights`: what a program takes from a descriptor, it does not get back.

use crate::harness::abi::{clock, oflags, rights};
use crate::harness::{Errno, FOLLOW, Guest, NOFOLLOW, Open, Subscription, World};
use weft_wasi::WasiCtxBuilder;

/// A file that is open for both, in a world.
fn world_with_file() -> (World, u32) {
    let world = World::new();
    world.file("file", "contents");
    let file = world.open("file", 0, rights::READ_WRITE).expect("a file");
    (world, file)
}

#[test]
fn rights_are_given_up_for_good() {
    let (world, file) = world_with_file();
    let all = world.fd_fdstat_get(file).expect("open");
    let less = all.rights - rights::FD_WRITE - rights::FD_SEEK;
    assert_eq!(world.fd_fdstat_set_rights(file, less, 0), Ok(()));
    assert_eq!(world.fd_fdstat_get(file).expect("open").rights, less);
    assert_eq!(world.fd_write(file, "x"), Err(Errno::NotCapable));
    assert_eq!(world.fd_pread(file, 1, 0), Err(Errno::NotCapable));
    assert_eq!(world.fd_seek(file, 1, 0), Err(Errno::NotCapable));
    assert_eq!(world.fd_tell(file), Ok(0), "to ask is another right");
    assert_eq!(world.fd_read(file, 3).as_deref(), Ok(&b"con"[..]));
    assert_eq!(
        world.fd_fdstat_set_rights(file, all.rights, 0),
        Err(Errno::NotCapable),
        "not taken back"
    );
    assert_eq!(
        world.fd_fdstat_set_rights(file, less, rights::FD_READ),
        Err(Errno::NotCapable)
    );
    assert_eq!(world.fd_fdstat_set_rights(file, 1 << 40, 0), Err(Errno::NotCapable));
    assert_eq!(world.fd_fdstat_get(file).expect("open").rights, less);
    let again = world.open("file", 0, rights::READ_WRITE).expect("a file");
    assert_eq!(
        world.fd_fdstat_get(again).expect("open").rights,
        all.rights,
        "another descriptor"
    );
}

#[test]
fn rights_go_with_the_descriptor_to_another_number() {
    let (world, file) = world_with_file();
    let other = world.open("file", 0, rights::READ_WRITE).expect("a file");
    world.fd_fdstat_set_rights(file, rights::FD_READ, 0).expect("fewer");
    world.fd_renumber(file, other).expect("both open");
    assert_eq!(world.fd_write(other, "x"), Err(Errno::NotCapable));
    let reused = world.open("file", 0, rights::READ_WRITE).expect("a file");
    assert_eq!(reused, file, "the number is free again");
    assert_eq!(world.fd_write(reused, "x"), Ok(1), "the number has no memory");
}

/// Each function on a file, after all rights were given up.
#[test]
fn a_file_without_rights_can_only_be_closed() {
    let (world, file) = world_with_file();
    assert_eq!(world.fd_fdstat_set_rights(file, 0, 0), Ok(()));
    let refused = Err(Errno::NotCapable);
    assert_eq!(world.fd_advise(file, 0, 0, 0), refused);
    assert_eq!(world.fd_allocate(file, 0, 1), refused);
    assert_eq!(world.fd_datasync(file), refused);
    assert_eq!(world.fd_sync(file), refused);
    assert_eq!(world.fd_fdstat_set_flags(file, 0), refused);
    assert_eq!(world.fd_filestat_get(file).map(drop), refused);
    assert_eq!(world.fd_filestat_set_size(file, 0), refused);
    assert_eq!(world.fd_filestat_set_times(file, 0, 0, 0), refused);
    assert_eq!(world.fd_read(file, 1).map(drop), refused);
    assert_eq!(world.fd_write(file, "x").map(drop), refused);
    assert_eq!(world.fd_pread(file, 1, 0).map(drop), refused);
    assert_eq!(world.fd_pwrite(file, "x", 0).map(drop), refused);
    assert_eq!(world.fd_seek(file, 0, 0).map(drop), refused);
    assert_eq!(world.fd_tell(file).map(drop), refused);
    let events = world.poll_oneoff(&[(1, Subscription::Read(file))]).expect("an event");
    assert_eq!(events[0].outcome, refused);
    assert_eq!(world.contents("file"), b"contents");
    assert_eq!(world.fd_close(file), Ok(()));
}

/// Each function on a directory, after all rights were given up.
#[test]
fn a_directory_without_rights_can_only_be_closed() {
    let world = World::new();
    world.file("file", "").dir("dir").link("file", "link");
    let dir = world.open_dir(".").expect("a directory");
    assert_eq!(world.fd_fdstat_set_rights(dir, 0, 0), Ok(()));
    let refused = Err(Errno::NotCapable);
    assert_eq!(world.path_open(dir, "file", Open::default()).map(drop), refused);
    assert_eq!(world.fd_readdir(dir, 100, 0).map(drop), refused);
    assert_eq!(world.path_create_directory(dir, "new"), refused);
    assert_eq!(world.path_filestat_get(dir, FOLLOW, "file").map(drop), refused);
    assert_eq!(world.path_filestat_set_times(dir, FOLLOW, "file", [0, 0], 0), refused);
    assert_eq!(world.path_link(dir, NOFOLLOW, "file", 3, "new"), refused, "from it");
    assert_eq!(world.path_link(3, NOFOLLOW, "file", dir, "new"), refused, "into it");
    assert_eq!(world.path_readlink(dir, "link", 100).map(drop), refused);
    assert_eq!(world.path_remove_directory(dir, "dir"), refused);
    assert_eq!(world.path_rename(dir, "file", 3, "new"), refused, "from it");
    assert_eq!(world.path_rename(3, "file", dir, "new"), refused, "into it");
    assert_eq!(world.path_symlink("file", dir, "new"), refused);
    assert_eq!(world.path_unlink_file(dir, "file"), refused);
    assert_eq!(world.fd_filestat_get(dir).map(drop), refused);
    assert_eq!(world.fd_filestat_set_times(dir, 0, 0, 0), refused);
    assert_eq!(world.fd_sync(dir), refused);
    assert_eq!(world.fd_datasync(dir), refused);
    assert_eq!(world.fd_close(dir), Ok(()));
    assert!(!world.host("new").exists());
}

#[test]
fn what_a_directory_lost_for_others_is_lost_below_it() {
    let world = World::new();
    world.dir("sub").file("sub/file", "contents");
    let dir = world.open_dir(".").expect("a directory");
    let has = world.fd_fdstat_get(dir).expect("open");
    let read_only = has.inheriting - rights::FD_WRITE;
    assert_eq!(world.fd_fdstat_set_rights(dir, has.rights, read_only), Ok(()));
    let how = |wanted| Open {
        rights: wanted,
        ..Open::default()
    };
    assert_eq!(
        world.path_open(dir, "sub/file", how(rights::READ_WRITE)),
        Err(Errno::NotCapable)
    );
    let file = world.path_open(dir, "sub/file", how(rights::FD_READ)).expect("a file");
    assert_eq!(world.fd_fdstat_get(file).expect("open").rights & rights::FD_WRITE, 0);
    let below = Open {
        oflags: oflags::DIRECTORY,
        ..Open::default()
    };
    let sub = world.path_open(dir, "sub", below).expect("a directory");
    assert_eq!(world.fd_fdstat_get(sub).expect("open").inheriting & rights::FD_WRITE, 0);
    assert_eq!(
        world.path_open(sub, "file", how(rights::READ_WRITE)),
        Err(Errno::NotCapable),
        "two levels down"
    );
}

#[test]
fn creating_and_cutting_off_are_rights_of_the_directory() {
    let world = World::new();
    world.file("file", "contents");
    let dir = world.open_dir(".").expect("a directory");
    let has = world.fd_fdstat_get(dir).expect("open");
    let less = has.rights - rights::PATH_CREATE_FILE - rights::PATH_FILESTAT_SET_SIZE;
    world.fd_fdstat_set_rights(dir, less, has.inheriting).expect("fewer");
    let open = |path, oflags| {
        let how = Open {
            oflags,
            rights: rights::READ_WRITE,
            ..Open::default()
        };
        world.path_open(dir, path, how).map(drop)
    };
    assert_eq!(open("new", oflags::CREAT), Err(Errno::NotCapable));
    assert_eq!(open("file", oflags::TRUNC), Err(Errno::NotCapable));
    assert_eq!(open("file", 0), Ok(()));
    assert!(!world.host("new").exists());
    assert_eq!(world.contents("file"), b"contents");
}

#[test]
fn standard_streams_give_up_rights_too() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    guest.fd_fdstat_set_rights(1, 0, 0).expect("fewer");
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::NotCapable));
    assert_eq!(guest.fd_write(2, "x"), Ok(1));
    assert_eq!(guest.fd_fdstat_set_rights(77, 0, 0), Err(Errno::BadF));
    assert!(guest.clock_time_get(clock::MONOTONIC, 0).is_ok(), "clocks need none");
}
