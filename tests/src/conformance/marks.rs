//! Marks: the places in scripts, tests and golden cases that name rules. See [the parent](super) for their form.

use super::files::read;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A line that names rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The file, from the repository's folder, with slashes.
    pub(super) file: String,
    /// The line of what is marked; of the mark itself in a golden case. From 1.
    pub(super) line: usize,
    /// The rules.
    pub(super) rules: Vec<String>,
    /// The name that the mark gives to a directive.
    pub(super) name: Option<String>,
    pub(super) place: Place,
}

/// What bears a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A script: the next directive. The line is the mark's, until directives are known.
    Script,
    /// A test in Rust.
    Test,
    /// A golden case, by whether it is one that is refused.
    Case { refused: bool },
    /// Something in Rust that is no test.
    Nothing,
}

/// Finds all marks of the repository, file after file.
pub(super) fn collect(root: &Path) -> Result<Vec<Mark>> {
    let mut files = Vec::new();
    for folder in ["host", "tests", "tools"] {
        walk(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut marks = Vec::new();
    for path in files {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let file = parts.join("/");
        let find = match path.extension().and_then(|extension| extension.to_str()) {
            Some("wast") if file.starts_with("tests/conformance/") => script,
            Some("rs") => rust,
            Some("wat") if parts.iter().any(|part| part == "tests") => golden_case,
            _ => continue,
        };
        marks.extend(find(&file, &read(&path)?));
    }
    Ok(marks)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && entry.file_name() != "target" {
            walk(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// The marks of a script.
pub(super) fn script(file: &str, text: &str) -> Vec<Mark> {
    lines_after(text, ";;;")
        .map(|(line, words)| mark(file, line, words, Place::Script))
        .collect()
}

fn golden_case(file: &str, text: &str) -> Vec<Mark> {
    let refused = file.rsplit('/').next().is_some_and(|name| name.starts_with("error-"));
    lines_after(text, ";;;")
        .map(|(line, words)| mark(file, line, words, Place::Case { refused }))
        .collect()
}

fn rust(file: &str, text: &str) -> Vec<Mark> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines_after(text, "// rule:")
        .map(|(line, words)| {
            let (line, place) = marked_item(file, &lines, line);
            mark(file, line, words, place)
        })
        .collect()
}

/// The line and kind of what stands below a mark in Rust.
fn marked_item(file: &str, lines: &[&str], mark: usize) -> (usize, Place) {
    let mut is_test = false;
    for (text, line) in lines.iter().zip(1..).skip(mark) {
        match text {
            // Another mark for the same item, or its documentation.
            text if text.starts_with("//") => {}
            // It would show nothing.
            text if text.starts_with("#[ignore") => return (line, Place::Nothing),
            &"#[test]" => is_test = true,
            text if text.starts_with("#[") => {}
            text if is_test && text.starts_with("fn ") => return (line, Place::Test),
            text if file.starts_with("tools/cli/tests/programs/") && !text.is_empty() => return (line, Place::Test),
            _ => return (mark, Place::Nothing),
        }
    }
    (mark, Place::Nothing)
}

fn lines_after<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(move |(number, line)| Some((number, line.trim_start().strip_prefix(prefix)?)))
}

fn mark(file: &str, line: usize, words: &str, place: Place) -> Mark {
    let (names, rules): (Vec<&str>, Vec<&str>) = words.split_whitespace().partition(|word| word.starts_with('@'));
    Mark {
        file: file.to_owned(),
        line,
        rules: rules.into_iter().map(str::to_owned).collect(),
        name: names.first().map(|name| name[1..].to_owned()),
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(file: &str, text: &str) -> Vec<(usize, Place)> {
        let marks = rust(file, text);
        marks.into_iter().map(|mark| (mark.line, mark.place)).collect()
    }

    #[test]
    fn a_script_names_rules_and_a_directive() {
        let marks = script("a.wast", "(module)\n  ;;; A-01 B-02 @here\n;; A-03\n");
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0].line, 2);
        assert_eq!(marks[0].rules, ["A-01", "B-02"]);
        assert_eq!(marks[0].name.as_deref(), Some("here"));
    }

    #[test]
    fn a_test_may_have_documentation_and_attributes() {
        let text = "// rule: A-01\n// rule: A-02\n/// Says.\n#[test]\n#[cfg(unix)]\nfn it_holds() {}\n";
        assert_eq!(places("host/x.rs", text), [(6, Place::Test); 2]);
    }

    #[test]
    fn what_is_no_test_or_never_runs_shows_nothing() {
        assert_eq!(places("host/x.rs", "// rule: A-01\nfn f() {}\n"), [(1, Place::Nothing)]);
        assert_eq!(
            places("host/x.rs", "// rule: A-01\n\n#[test]\nfn f() {}\n"),
            [(1, Place::Nothing)]
        );
        assert_eq!(
            places("host/x.rs", "// rule: A-01\n#[test]\n#[ignore]\nfn f() {}\n"),
            [(3, Place::Nothing)]
        );
        assert_eq!(places("host/x.rs", "// rule: A-01"), [(1, Place::Nothing)]);
    }

    #[test]
    fn a_row_of_the_table_of_programs_is_a_test() {
        let text = "vec![\n// rule: A-01\nCase::run(\"x\"),\n]";
        assert_eq!(places("tools/cli/tests/programs/x.rs", text), [(3, Place::Test)]);
        assert_eq!(places("tests/src/x.rs", text), [(2, Place::Nothing)]);
    }

    #[test]
    fn a_golden_case_is_refused_by_its_name() {
        let place = |file| golden_case(file, ";;; A-01\n")[0].place;
        assert_eq!(place("host/tests/error-x.wat"), Place::Case { refused: true });
        assert_eq!(place("host/tests/x.wat"), Place::Case { refused: false });
    }
}
