//! The behaviour of cooperative threads on this runtime, as scripts.
//!
//! | Directory | What holds of each script there |
//! |---|---|
//! | `holds` | all of it passes |
//! | `differs` | it says what the specification wants, and one directive fails, as [`DIFFERENCES`] has it |
//!
//! If a difference disappears, its test fails: then move the script to `holds`, and remove its row and its paragraph in
//! `docs/cooperative.md`.

use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use weft_wast::{Directive, Failure, Options, Outcome, run};

/// The rule that Wasmtime 48.0.8 does not follow, which is the name of a script, and what comes of it instead.
const DIFFERENCES: &[(&str, &str)] = &[
    ("CTX-04", "the context slots of Wasmtime 48 have 32 bits"),
    ("CTX-15", "(u32.const 79)"),
    ("SCH-05", "(u32.const 4)"),
    ("STP-03", "a trap: cannot resume thread which is not suspended"),
    ("STP-04", "(u32.const 7)"),
    ("STP-05", "a trap: cannot resume thread which is not suspended"),
    ("STP-06", "a trap: cannot resume thread which is not suspended"),
    ("STP-07", "a trap: cannot resume thread which is not suspended"),
    ("SYN-01", "a trap: cannot block a synchronous task before returning"),
    ("TRP-01", "a trap: cannot enter component instance"),
    ("TSK-03", "a trap: BUG: lift_result field is missing"),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> io::Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for path in scripts("holds")? {
        let name = format!("holds/{}", stem(&path));
        // A debug assertion of Wasmtime's is wrong about a yield in a function that is not async (SYN-04).
        let is_asserted = cfg!(debug_assertions) && name == "holds/yield-when-not-async";
        trials.push(Trial::test(name, move || holds(&path)).with_ignored_flag(is_asserted));
    }
    for (rule, outcome) in DIFFERENCES {
        trials.push(Trial::test(format!("differs/{rule}"), || differs(rule, outcome)));
    }
    trials.push(Trial::test(
        "each difference has a script and is in the documentation",
        || {
            let listed: BTreeSet<String> = DIFFERENCES.iter().map(|(rule, _)| (*rule).to_owned()).collect();
            let scripts = scripts("differs")?
                .iter()
                .map(|path| stem(path))
                .collect::<BTreeSet<_>>();
            assert_eq!(listed, scripts);
            let documentation = include_str!("../../../docs/cooperative.md");
            for rule in &listed {
                assert!(
                    documentation.contains(&format!("({rule})")),
                    "docs/cooperative.md does not explain {rule}"
                );
            }
            Ok(())
        },
    ));
    Ok(trials)
}

fn scripts(directory: &str) -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scripts")
        .join(directory);
    let mut paths = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn holds(path: &Path) -> Result<(), Failed> {
    let report = run(&fs::read_to_string(path)?, &Options::default());
    let counts = report.counts();
    match counts.passed > 0 && counts.failed == 0 && counts.skipped == 0 {
        true => Ok(()),
        false => Err(report.summary(&stem(path)).to_string().into()),
    }
}

fn differs(rule: &str, outcome: &str) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scripts/differs")
        .join(rule)
        .with_extension("wast");
    let report = run(&fs::read_to_string(path)?, &Options::default());
    let mut others = report
        .directives
        .iter()
        .filter(|directive| directive.outcome != Outcome::Passed);
    match (others.next(), others.next()) {
        (
            Some(Directive {
                outcome: Outcome::Failed(Failure { actual, .. }),
                ..
            }),
            None,
        ) if actual.contains(outcome) => Ok(()),
        (None, None) => Err("Wasmtime does as the specification wants now: move the script to `holds`".into()),
        _ => Err(report.summary(rule).to_string().into()),
    }
}
