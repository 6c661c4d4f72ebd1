//! The differences of `wasi_unstable`, the ABI before preview 1: records and numbers.

use crate::harness::abi::{number, oflags, rights};
use crate::harness::{ANSWER, ARRAY, BUFFER, Errno, Guest, OLDER, engine, linker, pass_through};
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;
use weft_parallel::Component;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

fn guest(builder: &mut WasiCtxBuilder) -> Guest {
    static COMPONENT: OnceLock<Component> = OnceLock::new();
    let component = COMPONENT.get_or_init(|| {
        let text = pass_through(OLDER, 16);
        Component::new(engine(), text.as_bytes()).expect("a valid component")
    });
    Guest::linked(&linker(), component, builder)
}

fn guest_with_file() -> (tempfile::TempDir, Guest) {
    let root = tempfile::tempdir().expect("a directory");
    std::fs::write(root.path().join("f"), "0123456789").expect("a file");
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(root.path(), "/dir", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    let guest = guest(&mut builder);
    assert_eq!(guest.open("f", 0, rights::ALL), Ok(4));
    (root, guest)
}

/// Current, end, set.
#[test]
fn offsets_count_from_other_numbers() {
    let (_root, guest) = guest_with_file();
    assert_eq!(guest.fd_seek(4, 4, 2), Ok(4), "set");
    assert_eq!(guest.fd_seek(4, 3, 0), Ok(7), "current");
    assert_eq!(guest.fd_seek(4, -1, 1), Ok(9), "end");
    assert_eq!(guest.fd_seek(4, 0, 3), Err(Errno::Inval));
    assert_eq!(guest.fd_tell(4), Ok(9));
}

/// The number of links has 32 bits, and the record 56 bytes.
#[test]
fn a_filestat_is_shorter() {
    let (root, guest) = guest_with_file();
    let metadata = std::fs::metadata(root.path().join("f")).expect("there");
    let [path, length] = guest.path("f");
    for (name, arguments) in [
        ("fd_filestat_get", &[4, ANSWER.into()][..]),
        ("path_filestat_get", &[3, 0, path, length, ANSWER.into()]),
    ] {
        guest.fill(ANSWER, &[0xa5; 64]);
        guest.call(name, arguments).expect("there");
        let record = guest.fetch(ANSWER, 64);
        assert_eq!(number::<8>(&record, 0), metadata.dev(), "{name}");
        assert_eq!(number::<8>(&record, 8), metadata.ino(), "{name}");
        assert_eq!(record[16], 4, "{name}");
        assert_eq!(number::<4>(&record, 20), 1, "{name}");
        assert_eq!(number::<8>(&record, 24), 10, "{name}");
        let modified = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
        assert_eq!(number::<8>(&record, 40), modified as u64, "{name}");
        assert_eq!(record[56..], [0xa5; 8], "{name}");
    }
}

#[test]
fn a_directory_is_not_opened_for_writing() {
    let (_root, guest) = guest_with_file();
    let open = |rights| guest.open(".", oflags::DIRECTORY, rights).map(drop);
    assert_eq!(open(rights::READ_WRITE), Err(Errno::IsDir));
    // All rights of this ABI, which has no `sock_accept`.
    assert_eq!(open(rights::ALL - rights::SOCK_ACCEPT), Ok(()));
}

/// An identifier of its own comes before the clock's, and the record has 56 bytes.
#[test]
fn a_subscription_is_longer() {
    let (_root, guest) = guest_with_file();
    let mut records = [0; 112];
    records[0] = 7;
    records[16] = 0xff;
    records[24] = 1;
    records[32..40].copy_from_slice(&1_000_000u64.to_le_bytes());
    records[56] = 8;
    records[72] = 0xff;
    records[88..96].copy_from_slice(&1u64.to_le_bytes());
    // Absolute, by the real time: long ago.
    records[104] = 1;
    guest.fill(ARRAY, &records);
    let before = std::time::Instant::now();
    let poll = |count: u64| guest.call("poll_oneoff", &[ARRAY.into(), BUFFER.into(), count, ANSWER.into()]);
    poll(1).expect("over");
    assert!(before.elapsed() >= std::time::Duration::from_millis(1));
    assert_eq!(guest.fetch(BUFFER, 11), [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    poll(2).expect("over");
    assert_eq!(guest.fetch(ANSWER, 4), 1u32.to_le_bytes());
    assert_eq!(guest.fetch(BUFFER, 1), [8]);
}
