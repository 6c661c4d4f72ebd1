//! `fd_read`, `fd_write`, `fd_pread`, `fd_pwrite`, `fd_seek` and `fd_tell` on files.

use crate::harness::abi::rights::{READ, WRITE};
use crate::harness::abi::{fdflags, rights, whence};
use crate::harness::{ANSWER, ARRAY, BUFFER, DIR, Errno, Guest, MEMORY, Open, World};
use weft_wasi::WasiCtxBuilder;

/// No bit of a file's contents that programs know is like this one's.
const PATTERN: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut at = 0;
    while at < 256 {
        bytes[at] = at as u8;
        at += 1;
    }
    bytes
};

fn world_with(contents: impl AsRef<[u8]>) -> (World, u32) {
    let world = World::new();
    world.file("f", contents);
    let file = world.open("f", 0, rights::ALL).expect("there");
    (world, file)
}

#[test]
fn reading_goes_on_where_it_ended() {
    let (world, file) = world_with("hello world");
    assert_eq!(world.fd_read(file, 6).as_deref(), Ok(&b"hello "[..]));
    assert_eq!(world.fd_tell(file), Ok(6));
    assert_eq!(
        world.fd_read(file, 100).as_deref(),
        Ok(&b"world"[..]),
        "all that is left"
    );
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b""[..]), "the end");
    assert_eq!(world.fd_read(file, 0).as_deref(), Ok(&b""[..]));
}

#[test]
fn writing_goes_on_where_it_ended() {
    let (world, file) = world_with("0123456789");
    assert_eq!(world.fd_write(file, "ab"), Ok(2));
    assert_eq!(world.fd_write(file, ""), Ok(0));
    assert_eq!(world.fd_write(file, "c"), Ok(1));
    assert_eq!(world.contents("f"), b"abc3456789");
    assert_eq!(world.fd_tell(file), Ok(3));
    assert_eq!(
        world.fd_read(file, 2).as_deref(),
        Ok(&b"34"[..]),
        "one position for both"
    );
}

#[test]
fn buffers_are_filled_in_order() {
    let (world, file) = world_with(PATTERN);
    for lengths in [
        &[][..],
        &[0],
        &[1],
        &[3, 0, 5],
        &[0, 0, 7],
        &[1; 8],
        &[2; 9],
        &[100, 100, 100, 100],
        &[300],
    ] {
        let all: u32 = lengths.iter().sum();
        let expected = &PATTERN[..(all as usize).min(256)];
        world.fd_seek(file, 0, whence::SET).expect("a file");
        assert_eq!(world.fd_readv(file, lengths).as_deref(), Ok(expected), "{lengths:?}");
        assert_eq!(world.fd_tell(file), Ok(expected.len() as u64));
        assert_eq!(
            world.fd_preadv(file, lengths, 0).as_deref(),
            Ok(expected),
            "{lengths:?}"
        );
        assert_eq!(world.fd_tell(file), Ok(expected.len() as u64), "`pread` does not move");
    }
}

#[test]
fn pieces_are_written_in_order() {
    let (world, file) = world_with("");
    for count in [0, 1, 2, 8, 9, 100, 1024] {
        let pieces: Vec<&[u8]> = (0..count).map(|at| &PATTERN[at % 7..at % 7 + at % 5]).collect();
        let expected = pieces.concat();
        world.fd_filestat_set_size(file, 0).expect("a file");
        world.fd_seek(file, 0, whence::SET).expect("a file");
        assert_eq!(world.fd_writev(file, &pieces), Ok(expected.len() as u32));
        assert_eq!(world.contents("f"), expected, "{count} pieces");
        world.fd_filestat_set_size(file, 0).expect("a file");
        assert_eq!(world.fd_pwritev(file, &pieces, 3), Ok(expected.len() as u32));
        let moved = if expected.is_empty() {
            Vec::new()
        } else {
            [&[0; 3][..], &expected].concat()
        };
        assert_eq!(world.contents("f"), moved, "{count} pieces at 3");
    }
}

/// `IOV_MAX`, and the rule of `readv` that the lengths' sum fits into the result.
#[test]
fn too_many_buffers_and_too_long_ones_are_invalid() {
    let (world, file) = world_with(PATTERN);
    let arguments = |count: u64| [file.into(), ARRAY.into(), count, ANSWER.into()];
    let with_offset = |count: u64| [file.into(), ARRAY.into(), count, 0, ANSWER.into()];
    world.fill_iovecs(ARRAY, &vec![(BUFFER, 0); 1025]);
    for name in ["fd_read", "fd_write"] {
        assert_eq!(world.call(name, &arguments(1024)), Ok(()));
        assert_eq!(world.call(name, &arguments(1025)), Err(Errno::Inval), "{name}");
    }
    for name in ["fd_pread", "fd_pwrite"] {
        assert_eq!(world.call(name, &with_offset(1024)), Ok(()));
        assert_eq!(world.call(name, &with_offset(1025)), Err(Errno::Inval), "{name}");
    }
    assert_eq!(world.contents("f"), PATTERN);
    assert_eq!(world.fd_tell(file), Ok(0), "nothing was read");
}

/// A call may move less than was asked for, but no byte is lost: programs call again.
#[test]
fn large_transfers_may_be_short_and_lose_nothing() {
    let (world, file) = world_with("");
    let whole = MEMORY - BUFFER;
    let bytes: Vec<u8> = (0..whole).map(|at| (at * 7 / 5) as u8).collect();
    let mut written = 0;
    while written < bytes.len() {
        let count = world.fd_write(file, &bytes[written..]).expect("room");
        assert!(count > 0);
        written += count as usize;
    }
    assert_eq!(world.contents("f"), bytes);
    // The same buffer sixteen times: more than the memory holds.
    world.fill_iovecs(ARRAY, &[(BUFFER, whole); 16]);
    world.fd_filestat_set_size(file, 0).expect("a file");
    world.fd_seek(file, 0, whence::SET).expect("a file");
    let arguments = [file.into(), ARRAY.into(), 16, ANSWER.into()];
    world.call("fd_write", &arguments).expect("room");
    let count = u32::from_le_bytes(world.fetch(ANSWER, 4).try_into().expect("four bytes"));
    assert_eq!(world.fd_tell(file), Ok(count.into()));
    let contents = world.contents("f");
    assert_eq!(contents.len(), count as usize);
    assert!(contents.chunks(bytes.len()).all(|piece| bytes.starts_with(piece)));
}

#[test]
fn offsets_do_not_move_the_position() {
    let (world, file) = world_with("0123456789");
    assert_eq!(world.fd_pread(file, 3, 4).as_deref(), Ok(&b"456"[..]));
    assert_eq!(world.fd_pread(file, 3, 10).as_deref(), Ok(&b""[..]));
    assert_eq!(world.fd_pread(file, 3, 1 << 40).as_deref(), Ok(&b""[..]));
    assert_eq!(world.fd_pwrite(file, "xyz", 8), Ok(3));
    assert_eq!(world.fd_pwrite(file, "!", 12), Ok(1), "a hole before");
    assert_eq!(world.contents("f"), b"01234567xyz\0!");
    assert_eq!(world.fd_tell(file), Ok(0));
}

#[test]
fn seeking_counts_from_three_places() {
    let (world, file) = world_with("0123456789");
    assert_eq!(world.fd_seek(file, 4, whence::SET), Ok(4));
    assert_eq!(world.fd_seek(file, 3, whence::CUR), Ok(7));
    assert_eq!(world.fd_seek(file, -2, whence::CUR), Ok(5));
    assert_eq!(world.fd_seek(file, 0, whence::CUR), Ok(5));
    assert_eq!(world.fd_seek(file, -1, whence::END), Ok(9));
    assert_eq!(world.fd_read(file, 5).as_deref(), Ok(&b"9"[..]));
    assert_eq!(world.fd_seek(file, 5, whence::END), Ok(15), "beyond the end");
    assert_eq!(world.fd_read(file, 5).as_deref(), Ok(&b""[..]));
    assert_eq!(world.fd_write(file, "x"), Ok(1));
    assert_eq!(world.contents("f"), b"0123456789\0\0\0\0\0x");
}

#[test]
fn seeking_to_nowhere_is_invalid_and_does_not_move() {
    let (world, file) = world_with("0123456789");
    world.fd_seek(file, 4, whence::SET).expect("a file");
    for (offset, from) in [
        (-1, whence::SET),
        (i64::MIN, whence::SET),
        (-5, whence::CUR),
        (i64::MIN, whence::CUR),
        (-11, whence::END),
        (i64::MIN, whence::END),
        (0, 3),
        (0, 256),
        (0, u32::MAX),
    ] {
        assert_eq!(
            world.fd_seek(file, offset, from),
            Err(Errno::Inval),
            "{offset} from {from}"
        );
    }
    for from in [whence::CUR, whence::END] {
        let overflow = world.fd_seek(file, i64::MAX, from);
        assert!(matches!(overflow, Err(Errno::Inval | Errno::Overflow)), "{overflow:?}");
    }
    assert_eq!(world.fd_tell(file), Ok(4));
}

#[test]
fn offsets_have_sixty_four_bits() {
    const FAR: u64 = (5 << 30) + 1;
    let (world, file) = world_with("");
    assert_eq!(world.fd_pwrite(file, "far", FAR), Ok(3));
    assert_eq!(world.fd_filestat_get(file).map(|stat| stat.size), Ok(FAR + 3));
    assert_eq!(world.fd_pread(file, 10, FAR + 1).as_deref(), Ok(&b"ar"[..]));
    assert_eq!(world.fd_seek(file, 0, whence::END), Ok(FAR + 3));
    assert_eq!(world.fd_write(file, "ther"), Ok(4));
    assert_eq!(world.fd_tell(file), Ok(FAR + 7));
    assert_eq!(world.fd_seek(file, -7, whence::CUR), Ok(FAR));
    assert_eq!(world.fd_read(file, 10).as_deref(), Ok(&b"farther"[..]));
    assert_eq!(world.fd_seek(file, 1 << 33, whence::SET), Ok(1 << 33));
    world.fd_filestat_set_size(file, FAR + 1).expect("a file");
    assert_eq!(world.fd_pread(file, 10, FAR).as_deref(), Ok(&b"f"[..]));
    assert_eq!(world.path_filestat_get(DIR, 1, "f").map(|stat| stat.size), Ok(FAR + 1));
}

/// Offsets that the host's signed numbers cannot hold.
#[test]
fn offsets_beyond_the_hosts_are_refused() {
    let (world, file) = world_with("contents");
    for offset in [1 << 63, u64::MAX - 1, u64::MAX] {
        assert_eq!(world.fd_pread(file, 1, offset), Err(Errno::Inval), "{offset:#x}");
        assert_eq!(world.fd_pwrite(file, "x", offset), Err(Errno::Inval), "{offset:#x}");
    }
    let last = world.fd_pwrite(file, "x", i64::MAX as u64);
    assert!(
        matches!(last, Err(Errno::Inval | Errno::Fbig | Errno::Overflow)),
        "{last:?}"
    );
    assert_eq!(world.contents("f"), b"contents");
}

#[test]
fn appending_is_at_the_end() {
    let world = World::new();
    world.file("log", "one");
    let how = Open {
        rights: rights::ALL,
        fdflags: fdflags::APPEND,
        ..Open::default()
    };
    let log = world.path_open(DIR, "log", how).expect("there");
    assert_eq!(
        world.fd_read(log, 3).as_deref(),
        Ok(&b"one"[..]),
        "reading begins at the start"
    );
    world.fd_seek(log, 0, whence::SET).expect("a file");
    assert_eq!(world.fd_writev(log, &[b" ", b"two"]), Ok(4));
    assert_eq!(world.fd_tell(log), Ok(7), "and the position is behind it");
    std::fs::write(world.host("log"), "another's").expect("a file");
    assert_eq!(world.fd_write(log, "!"), Ok(1));
    assert_eq!(world.contents("log"), b"another's!");
    world.fd_fdstat_set_flags(log, 0).expect("allowed");
    world.fd_seek(log, 0, whence::SET).expect("a file");
    assert_eq!(world.fd_write(log, "A"), Ok(1));
    world.fd_fdstat_set_flags(log, fdflags::APPEND).expect("allowed");
    assert_eq!(world.fd_write(log, "?"), Ok(1));
    assert_eq!(world.contents("log"), b"Another's!?");
}

#[test]
fn a_descriptor_does_what_it_was_opened_for() {
    let world = World::new();
    world.file("f", "contents");
    let reader = world.open("f", 0, READ).expect("there");
    let writer = world.open("f", 0, WRITE).expect("there");
    let neither = world.open("f", 0, READ & WRITE).expect("there");
    for fd in [reader, neither] {
        assert_eq!(world.fd_write(fd, "x"), Err(Errno::BadF));
        assert_eq!(world.fd_write(fd, ""), Err(Errno::BadF));
        assert_eq!(world.fd_pwrite(fd, "x", 0), Err(Errno::BadF));
    }
    for fd in [writer, neither] {
        assert_eq!(world.fd_read(fd, 1), Err(Errno::BadF));
        assert_eq!(world.fd_read(fd, 0), Err(Errno::BadF));
        assert_eq!(world.fd_pread(fd, 1, 0), Err(Errno::BadF));
    }
    assert_eq!(world.fd_read(reader, 100).as_deref(), Ok(&b"contents"[..]));
    assert_eq!(world.fd_write(writer, "C"), Ok(1));
}

/// What the C libraries' tests expect of a directory's descriptor.
#[test]
fn directories_are_not_read_or_written() {
    let world = World::new();
    world.dir("d");
    for fd in [DIR, world.open_dir("d").expect("there")] {
        assert_eq!(world.fd_read(fd, 1), Err(Errno::IsDir));
        assert_eq!(world.fd_pread(fd, 1, 0), Err(Errno::IsDir));
        assert_eq!(world.fd_write(fd, "x"), Err(Errno::BadF));
        assert_eq!(world.fd_pwrite(fd, "x", 0), Err(Errno::BadF));
        assert_eq!(world.fd_seek(fd, 0, whence::SET), Err(Errno::BadF));
        assert_eq!(world.fd_tell(fd), Err(Errno::BadF));
    }
}

#[test]
fn streams_have_no_offsets() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for fd in 0..3 {
        assert_eq!(guest.fd_seek(fd, 0, whence::CUR), Err(Errno::Spipe));
        assert_eq!(guest.fd_tell(fd), Err(Errno::Spipe));
        assert_eq!(guest.fd_pread(fd, 1, 0), Err(Errno::Spipe));
        assert_eq!(guest.fd_pwrite(fd, "x", 0), Err(Errno::Spipe));
    }
}

#[test]
fn what_is_not_open_is_bad() {
    let (world, file) = world_with("contents");
    world.fd_close(file).expect("open");
    for fd in [file, 1000, 1 << 31, u32::MAX] {
        assert_eq!(world.fd_read(fd, 1), Err(Errno::BadF));
        assert_eq!(world.fd_write(fd, "x"), Err(Errno::BadF));
        assert_eq!(world.fd_pread(fd, 1, 0), Err(Errno::BadF));
        assert_eq!(world.fd_pwrite(fd, "x", 0), Err(Errno::BadF));
        assert_eq!(world.fd_seek(fd, 0, whence::SET), Err(Errno::BadF));
        assert_eq!(world.fd_tell(fd), Err(Errno::BadF));
    }
}
