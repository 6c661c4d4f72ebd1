//! What a test needs of the machine and of its user. If something is missing, the test is reported as ignored, with the reason.
//!
//! **Rejected:** passing and printing that nothing was tested (nobody reads it, and no tool counts it); failing (then only
//! root could run the tests).

use anyhow::Result;
use libtest_mimic::{Completion, Trial};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::process::{Command, Stdio};
use weft_tests::Weft;

/// What a test needs.
#[derive(Clone, Copy)]
pub(crate) enum Need {
    /// To be root.
    Root,
    /// A program in `PATH`, and the package that has it.
    Program(&'static str, &'static str),
    /// To have as many descriptors. The limit is raised to as many as the system lets this process have.
    OpenFiles(u64),
    /// That the system lets `strace` trace a process.
    Tracing,
}

/// A test that is ignored where this process lacks one of `needs`.
pub(crate) fn trial_with(needs: &'static [Need], weft: &Weft, name: &str, test: fn(&Weft) -> Result<()>) -> Trial {
    let weft = weft.clone();
    Trial::ignorable_test(name, move || {
        if let Some(lack) = needs.iter().find_map(Need::lack) {
            return Ok(Completion::ignored_with(lack));
        }
        test(&weft).map_err(|error| format!("{error:#}"))?;
        Ok(Completion::Completed)
    })
}

impl Need {
    /// Why the need is not met, if it is not.
    fn lack(&self) -> Option<String> {
        match *self {
            Need::Root => (!rustix::process::geteuid().is_root()).then(|| "only root can run it".to_owned()),
            Need::Program(name, package) => {
                let folders = std::env::var_os("PATH").unwrap_or_default();
                let is_there = std::env::split_paths(&folders).any(|folder| folder.join(name).is_file());
                (!is_there).then(|| format!("it needs `{name}`: install {package}"))
            }
            Need::OpenFiles(count) => {
                let mut limit = getrlimit(Resource::Nofile);
                if limit.current.is_some_and(|current| current < count) {
                    limit.current = limit.maximum.map_or(Some(count), |maximum| Some(count.min(maximum)));
                    // If that fails, the limit is what it was.
                    let _ = setrlimit(Resource::Nofile, limit);
                }
                let current = getrlimit(Resource::Nofile).current;
                (current.is_some_and(|current| current < count))
                    .then(|| format!("it needs {count} descriptors: raise `ulimit -Hn`"))
            }
            Need::Tracing => {
                let inject = ["-f", "-qq", "-o", "/dev/null", "--inject=getppid:error=EINTR", "true"];
                let traced = Command::new("strace").args(inject).stderr(Stdio::null()).status();
                (!traced.is_ok_and(|status| status.success()))
                    .then(|| "the system does not let `strace` trace a process".to_owned())
            }
        }
    }
}
