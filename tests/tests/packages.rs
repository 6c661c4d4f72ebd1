//! Each crate that is to be published can be packaged: its manifest has what a registry requires, its dependencies have
//! versions, and its sources use no file that the package does not contain. `.ci/run` also runs `cargo package`.

use serde_json::Value;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// The crates that are only for this repository.
const PRIVATE: [&str; 4] = ["weft-bench", "weft-examples", "weft-models", "weft-tests"];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn published() -> Vec<Value> {
    packages()
        .into_iter()
        .filter(|package| package["publish"].is_null())
        .collect()
}

#[test]
fn the_crates_of_the_repository_alone_are_not_published() {
    let mut private: Vec<String> = packages()
        .iter()
        .filter(|package| !package["publish"].is_null())
        .map(|package| text(package, "name").to_owned())
        .collect();
    private.sort();
    assert_eq!(private, PRIVATE);
}

#[test]
fn each_manifest_has_what_a_registry_asks_for() {
    for package in published() {
        let name = text(&package, "name");
        for field in ["description", "license", "readme"] {
            assert!(!text(&package, field).is_empty(), "{name} has no `{field}`");
        }
        for field in ["keywords", "categories"] {
            let count = package[field].as_array().map_or(0, Vec::len);
            assert!((1..=5).contains(&count), "{name} has {count} `{field}`");
        }
        let dependencies = package["dependencies"].as_array().expect("a list of dependencies");
        for dependency in dependencies.iter().filter(|dependency| dependency["kind"] != "dev") {
            let needs = text(dependency, "name");
            assert_ne!(text(dependency, "req"), "*", "{name} needs {needs} in any version");
            assert!(
                !PRIVATE.contains(&needs),
                "{name} needs {needs}, which is not published"
            );
        }
    }
}

/// The paths that a source includes or takes modules from.
fn used_files(source: &str) -> impl Iterator<Item = &str> {
    ["include_str!(\"", "include_bytes!(\"", "include!(\"", "#[path = \""]
        .into_iter()
        .flat_map(move |before| source.split(before).skip(1))
        .filter_map(|after| after.split_once('"').map(|(path, _)| path))
}

/// Whether a path leads out of the folder that it starts from, `depth` folders below `src`.
fn leaves_src(path: &str, depth: usize) -> bool {
    let mut depth = Some(depth);
    for component in Path::new(path).components() {
        depth = match component {
            Component::ParentDir => depth.and_then(|depth| depth.checked_sub(1)),
            Component::Normal(_) => depth.map(|depth| depth + 1),
            Component::CurDir => depth,
            Component::RootDir | Component::Prefix(_) => None,
        };
    }
    depth.is_none()
}

fn sources(folder: &Path, depth: usize, found: &mut Vec<(PathBuf, usize)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources can be listed") {
        let path = entry.expect("a folder of sources can be listed").path();
        if path.is_dir() {
            sources(&path, depth + 1, found);
        } else {
            found.push((path, depth));
        }
    }
}

#[test]
fn no_source_uses_a_file_outside_its_package() {
    let mut checked = 0;
    for package in published() {
        let manifest = Path::new(text(&package, "manifest_path"));
        let mut files = Vec::new();
        sources(&manifest.with_file_name("src"), 0, &mut files);
        for (file, depth) in files {
            let source = fs::read_to_string(&file).expect("a source is text");
            for path in used_files(&source) {
                assert!(!leaves_src(path, depth), "{} uses {path}", file.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} sources were found");
    assert!(leaves_src("../../docs/page.md", 1) && !leaves_src("../page.md", 1));
}
