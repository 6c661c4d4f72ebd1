//! The command's own manners: what it says and how it ends before any program runs. Programs are run by the end-to-end
//! tests.

use std::process::{Command, Output};

fn weft(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    match command.args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("the command does not start: {error}"),
    }
}

#[test]
fn it_tells_its_version() {
    let output = weft(&["--version"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        concat!("weft ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        &[][..],
        &["walk"],
        &["run"],
        &["run", "--workers", "0", "x"],
        &["run", "--max-memory", "1X", "x"],
    ] {
        assert_eq!(weft(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_status_1_and_named() {
    for command in ["run", "adapt", "inspect"] {
        let output = weft(&[command, "no-such-file.wasm"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("`no-such-file.wasm`"),
            "{output:?}"
        );
    }
}
