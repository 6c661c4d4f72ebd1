//! Why weft cannot use a precompiled component.

use std::path::PathBuf;
use std::sync::Arc;
use weft_cache::container::ContainerError;

/// Why weft cannot use a compiled program.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum PrecompiledError {
    /// The bytes are not a compiled program, or are damaged.
    #[error(transparent)]
    Container(#[from] ContainerError),

    /// Another version of weft or of Wasmtime compiled it.
    #[error(
        "version {found} of {program} compiled it, and this is version {expected}: compile the source again with this `weft compile`"
    )]
    Version {
        /// `weft` or `Wasmtime`.
        program: &'static str,
        /// The version that compiled it.
        found: String,
        /// The version that runs.
        expected: &'static str,
    },

    /// It is code for another processor or operating system.
    #[error("it was compiled for {found}, and this is {expected}: compile the source on a machine like this one")]
    Target {
        /// What it was compiled for.
        found: String,
        /// What this is.
        expected: String,
    },

    /// The code was compiled for another way to interrupt threads than the engine uses.
    #[error(
        "it was compiled for threads that are interrupted by {found}, and this engine uses {expected}: compile the source again with \
         `weft compile --interruption {expected}`, or choose {found} with `--interruption` or `Config::interruption`"
    )]
    Interruption {
        /// What it was compiled for.
        found: String,
        /// What the engine uses.
        expected: &'static str,
    },

    /// The code is for the deterministic profile and the engine is not, or the other way round.
    #[error("{}", profile(*.deterministic))]
    Profile {
        /// Whether the engine is deterministic.
        deterministic: bool,
    },

    /// The code has inlined functions and the engine inlines none, or the other way round.
    #[error("{}", inlining(*.engine))]
    Inlining {
        /// Whether the engine inlines functions.
        engine: bool,
    },

    /// An earlier build of the same version compiled it, and did not record how.
    #[error("an earlier build of weft compiled it, which did not record `{missing}`: compile the source again")]
    Incomplete {
        /// The entry that its description lacks.
        missing: &'static str,
    },

    /// It is for the other runtime.
    #[error(
        "it was compiled for another runtime, `{found}`: run it without `--runtime` and `Config::runtime`, or compile the source \
         again for this runtime"
    )]
    Runtime {
        /// The runtime, as the description names it.
        found: String,
    },

    /// Its plan is not one of this version.
    #[error("another build of weft compiled it: compile the source again with this `weft compile`")]
    Plan,

    /// The engine refuses the code. For example, the code needs a feature that the processor lacks, or another configuration.
    #[error(
        "{0}; compile the source again with `weft compile` on this machine, and with the options that it runs with"
    )]
    Code(String),

    /// The file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: Arc<std::io::Error>,
    },
}

fn inlining(engine: bool) -> &'static str {
    match engine {
        true => {
            "it was compiled without inlining, and this engine inlines functions: compile the source again with \
             `weft compile --inlining`, or run it without `--inlining` and `Config::compiler_inlining`"
        }
        false => {
            "it was compiled with inlining, and this engine inlines no functions: use `--inlining` or \
             `Config::compiler_inlining`, or compile the source again without it"
        }
    }
}

fn profile(deterministic: bool) -> &'static str {
    match deterministic {
        true => {
            "it was not compiled for the deterministic profile, and this engine is deterministic: compile the source again with \
             `weft compile --deterministic`"
        }
        false => {
            "it was compiled for the deterministic profile, and this engine is not deterministic: use `--deterministic` or \
             `Config::deterministic`, or compile the source again without it"
        }
    }
}
