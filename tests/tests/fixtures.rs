//! Keeps the programs and their sources together: `build.sh` records the hash of every source and of every module that
//! it makes. If a source was changed without a rebuild, or a module was built in some other way, a test here fails. It
//! needs no compiler.

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
    entries(&lock).collect()
}

/// The names and hashes of a record.
fn entries(lock: &str) -> impl Iterator<Item = (String, String)> {
    let lines = lock.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (hash, name) = line
            .split_once("  ")
            .expect("a line of the record is a hash and a name");
        (name.to_owned(), hash.to_owned())
    })
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

/// The libraries of WIT worlds, which `guests/build.sh` makes.
#[test]
fn the_guests_are_those_that_their_sources_make() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests");
    let lock = fs::read_to_string(directory.join("fixtures.lock")).expect("the record can be read");
    let recorded: BTreeMap<String, String> = entries(&lock).collect();
    let mut present = BTreeMap::new();
    for folder in [
        "",
        RUST_EXAMPLES,
        "../../examples/wit",
        "../../examples/zig",
        GUEST,
        "../../wit",
    ] {
        let is_module = |name: &str| !folder.is_empty() || name != "fixtures.lock";
        // Beside the projects, there are single files, which `programs/build.sh` uses.
        let is_project = |path: &Path| ![RUST_EXAMPLES, GUEST].contains(&folder) || path.is_dir();
        for entry in fs::read_dir(directory.join(folder)).expect("the guests can be listed") {
            let path = entry.expect("the guests can be listed").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .expect("names are UTF-8");
            if is_module(name) && is_project(&path) {
                hash(&path, &Path::new(folder).join(name), &mut present);
            }
        }
    }
    let names = present.keys().chain(recorded.keys());
    let differing: BTreeSet<&String> = names.filter(|name| present.get(*name) != recorded.get(*name)).collect();
    assert!(
        differing.is_empty(),
        "changed, new or lost since the last build: {differing:?}; run tests/guests/build.sh"
    );
}

/// Hashes a file, or all files of a folder but what Cargo builds there.
fn hash(path: &Path, name: &Path, files: &mut BTreeMap<String, String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder can be listed") {
            let entry = entry.expect("a folder can be listed");
            if entry.file_name() == "target" {
                continue;
            }
            hash(&entry.path(), &name.join(entry.file_name()), files);
        }
    } else {
        let bytes = fs::read(path).expect("a file can be read");
        files.insert(name.display().to_string(), format!("{:x}", Sha256::digest(bytes)));
    }
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
