//! A test in a process of its own: its machine is then another one, with mounts or limits that only it sees.
//!
//! The test runs twice. The first time it starts a shell, whose script makes what it needs and runs the same test again
//! (`exec "$@"`), in a directory that is empty at the beginning. A script that cannot make it ends with status 77, and
//! the test is left out, which it says on standard error.

use std::io::Write;
use std::process::Command;

/// Tells the second run that it is the second.
const VARIABLE: &str = "WEFT_TEST_ALONE";
/// What a script ends with that cannot make what the test needs.
const IMPOSSIBLE: i32 = 77;

/// Whether this is the process that `script` has made. If not, the test ran there, and is over.
pub fn is_alone(script: &str) -> bool {
    if std::env::var_os(VARIABLE).is_some() {
        return true;
    }
    let thread = std::thread::current();
    let test = thread.name().expect("a test's thread has its name");
    let directory = tempfile::tempdir().expect("a directory");
    let output = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().expect("this program"))
        .args([test, "--exact", "--nocapture"])
        .env(VARIABLE, "")
        .current_dir(&directory)
        .output()
        .expect("a shell");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(IMPOSSIBLE) {
        // Not by a macro, whose output would be shown only if the test failed.
        let _ = writeln!(std::io::stderr(), "test {test} is LEFT OUT: {stderr}");
        return false;
    }
    assert!(
        output.status.success() && stdout.contains("1 passed"),
        "{}\n{stdout}\n{stderr}",
        output.status
    );
    false
}
