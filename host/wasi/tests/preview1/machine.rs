//! What depends on the machine: its file systems, its limits, its users. Each test has a machine of its own.

use crate::harness::alone::is_alone;
use crate::harness::{DIR, Guest};
use crate::readdir::list;
use std::collections::BTreeSet;
use std::fs;
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
const MERGED: &str = r#"
    unshare --user --map-root-user --mount true || exit 77
    mkdir lower upper work merged
    for number in $(seq 200); do : > "lower/a$number"; : > "upper/b$number"; done
    exec unshare --user --map-root-user --mount sh -c '
        mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged || exit 77
        exec "$@"' sh "$@""#;

/// Each entry that stays is listed once, whatever is made and removed meanwhile, as a native program sees it.
#[test]
fn a_merged_directory_is_listed_whole() {
    if !is_alone(MERGED) {
        return;
    }
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
