//! The folders of a crate import each other in one direction only: docs/architecture.md lists those of the largest crates from the top down.
//!
//! The test reads sources as text: whatever follows `crate::` in code, other than tests, is an import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What the files of each folder import, by the names of folders and of files beside them.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_folders_of_the_runtime_import_downwards() {
    assert_eq!(circle("host/parallel"), Imports::new());
}

#[test]
fn the_folders_of_the_lowering_import_downwards() {
    assert_eq!(circle("host/lower"), Imports::new());
}

#[test]
fn the_folders_of_the_front_door_and_the_tools_import_downwards() {
    for package in ["host/weft", "tools/adapt", "tools/wast"] {
        assert_eq!(circle(package), Imports::new(), "{package}");
    }
}

#[test]
fn the_page_has_every_folder() {
    let page = root("docs/architecture.md");
    let page = fs::read_to_string(page).expect("the page can be read");
    for package in ["host/parallel", "host/lower", "tools/adapt"] {
        for entry in fs::read_dir(root(package).join("src")).expect("the sources can be listed") {
            let entry = entry.expect("the sources can be listed");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            // Beside folders, only the lowering has files that the table explains.
            let is_listed = name != "lib.rs" && (package == "host/lower" || entry.path().is_dir());
            let has_file = entry.path().with_extension("rs").is_file();
            let row = if has_file && entry.path().is_dir() {
                format!("{name}.rs")
            } else {
                name
            };
            let is_there = page
                .lines()
                .any(|line| line.starts_with("| `") && line.contains(&format!("`{row}`")));
            assert!(
                !is_listed || is_there,
                "add `{row}` of {package} to the table in docs/architecture.md"
            );
        }
    }
}

#[test]
fn the_page_about_logging_has_every_span() {
    let page = fs::read_to_string(root("docs/logging.md")).expect("the page can be read");
    let mut spans = BTreeSet::new();
    for folder in ["host", "tools"] {
        for_each_source(&root(folder), &mut |text| {
            for (position, begin) in text.match_indices("_span!(target: ") {
                let rest = &text[position + begin.len()..];
                spans.extend(
                    rest.split('"')
                        .nth(if rest.starts_with('"') { 3 } else { 1 })
                        .map(str::to_owned),
                );
            }
        });
    }
    assert!(
        spans.contains("threadify") && spans.contains("adapt"),
        "spans are found: {spans:?}"
    );
    for span in spans {
        assert!(
            page.contains(&format!("`{span}`")),
            "add the span `{span}` to docs/logging.md"
        );
    }
}

#[test]
fn a_circle_is_found() {
    let import = |to: &str| BTreeSet::from([to.to_owned()]);
    let imports = BTreeMap::from([
        ("top".to_owned(), import("left")),
        ("left".to_owned(), import("right")),
        ("right".to_owned(), import("left")),
    ]);
    let found: Vec<_> = in_circles(imports).into_keys().collect();
    assert_eq!(found, ["left", "right", "top"]);
    assert_eq!(names("use crate::{a, b::{C, D}, E};\n// crate::f\n"), ["a", "b", "E"]);
}

/// A place in the repository.
fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Shows the text of each Rust file in the folders named `src`.
fn for_each_source(folder: &Path, show: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            for_each_source(&path, show);
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.iter().any(|part| part == "src") {
            show(&fs::read_to_string(&path).expect("a source can be read"));
        }
    }
}

/// The folders of a crate that are in a circle of imports or above one.
fn circle(package: &str) -> Imports {
    let source = root(package).join("src");
    let exported = exported(&source);
    let mut imports = Imports::new();
    for entry in fs::read_dir(&source).expect("the sources can be listed") {
        let path = entry.expect("the sources can be listed").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("names are UTF-8");
        if name == "lib" || is_test(name) {
            continue;
        }
        let targets = imports.entry(name.to_owned()).or_default();
        for target in imported(&path) {
            let target = match is_module(&source, &target) {
                true => Some(&target),
                // One that `lib.rs` exports, or an export of another crate.
                false => exported.get(&target).filter(|folder| is_module(&source, folder)),
            };
            if let Some(target) = target
                && target != name
            {
                targets.insert(target.clone());
            }
        }
    }
    assert!(imports.values().any(|targets| targets.len() > 3), "imports are found");
    in_circles(imports)
}

/// Takes away what imports nothing that is left, until each of the rest imports one of the rest.
fn in_circles(mut imports: Imports) -> Imports {
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        let before = imports.len();
        for targets in imports.values_mut() {
            targets.retain(|target| left.contains(target));
        }
        imports.retain(|_, targets| !targets.is_empty());
        if imports.len() == before {
            return imports;
        }
    }
}

/// The names that `lib.rs` exports, and the folders that they are from.
fn exported(source: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(source.join("lib.rs")).expect("a crate has a root");
    let mut exported = BTreeMap::new();
    for statement in code(&text).split(';') {
        let Some((_, path)) = statement.split_once(" use ") else {
            continue;
        };
        let mut words = path.split(|c: char| !is_part(c)).filter(|word| !word.is_empty());
        if let Some(folder) = words.next() {
            exported.extend(words.map(|word| (word.to_owned(), folder.to_owned())));
        }
    }
    exported
}

/// What a file, or the files of a folder, import from their crate.
fn imported(path: &Path) -> BTreeSet<String> {
    if !path.is_dir() {
        let text = fs::read_to_string(path).expect("a source can be read");
        return names(&text).into_iter().collect();
    }
    let entries = fs::read_dir(path).expect("a folder can be listed");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let is_wanted = |path: &std::path::PathBuf| !path.file_stem().and_then(|name| name.to_str()).is_some_and(is_test);
    paths.filter(is_wanted).flat_map(|path| imported(&path)).collect()
}

/// The first names behind `crate::`.
fn names(text: &str) -> Vec<String> {
    let text = code(text);
    let mut names = Vec::new();
    for (position, root) in text.match_indices("crate::") {
        let rest = &text[position + root.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(first_name(rest));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (position, c) in group.char_indices() {
            if begins && is_part(c) {
                names.push(first_name(&group[position..]));
                begins = false;
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' => begins = depth == 0,
                _ => {}
            }
        }
    }
    names
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| is_part(*c)).collect()
}

fn is_part(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

/// The lines that are no comments, up to the tests.
fn code(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim() != "mod tests {");
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn is_test(name: &str) -> bool {
    ["tests", "watchdog"].contains(&name)
}

fn is_module(source: &Path, name: &str) -> bool {
    source.join(name).is_dir() || source.join(name).with_extension("rs").is_file()
}
