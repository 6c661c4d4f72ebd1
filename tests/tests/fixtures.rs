//! Keeps the programs and their sources together: `build.sh` records the hash of every source and of every module that it
//! makes. A source that was changed without a rebuild, and a module that was built some other way, fail here, with
//! no compiler needed.

use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("programs")
}

fn is_recorded(name: &str) -> bool {
    name == "build.sh"
        || [".h", ".c", ".cpp", ".zig", ".rs", ".wasm"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
}

/// What the programs are built with, from their folder.
const LIBC: &str = "libc/";
const GUEST: &str = "../../guest/";
const C_EXAMPLES: &str = "../../examples/c/";
const RUST_EXAMPLES: &str = "../../examples/rust/";

fn present() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for folder in ["", LIBC, GUEST, C_EXAMPLES, RUST_EXAMPLES] {
        for entry in fs::read_dir(directory().join(folder)).expect("the programs can be listed") {
            let entry = entry.expect("the programs can be listed");
            let name = entry.file_name().into_string().expect("names of programs are UTF-8");
            if is_recorded(&name) {
                let bytes = fs::read(entry.path()).expect("a program can be read");
                files.insert(format!("{folder}{name}"), format!("{:x}", Sha256::digest(bytes)));
            }
        }
    }
    files
}

fn recorded() -> BTreeMap<String, String> {
    let lock = fs::read_to_string(directory().join("fixtures.lock")).expect("the record can be read");
    lock.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            line.split_once("  ")
                .expect("a line of the record is a hash and a name")
        })
        .map(|(hash, name)| (name.to_owned(), hash.to_owned()))
        .collect()
}

#[test]
fn the_programs_are_those_that_their_sources_make() {
    let (present, recorded) = (present(), recorded());
    assert!(!recorded.is_empty(), "the record is empty: run tests/programs/build.sh");
    let differing: BTreeSet<&String> = present
        .keys()
        .chain(recorded.keys())
        .filter(|name| present.get(*name) != recorded.get(*name))
        .collect();
    assert!(
        differing.is_empty(),
        "changed, new or lost since the last build: {differing:?}; run tests/programs/build.sh"
    );
}

/// Debug sections hold the paths of the machine that built the program.
#[test]
fn the_programs_have_no_debug_sections() {
    for entry in fs::read_dir(directory()).expect("the programs can be listed") {
        let path = entry.expect("the programs can be listed").path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let bytes = fs::read(&path).expect("a program can be read");
            let debug = bytes.windows(6).any(|window| window == b".debug");
            assert!(
                !debug,
                "{} has debug sections: run tests/programs/build.sh",
                path.display()
            );
        }
    }
}
