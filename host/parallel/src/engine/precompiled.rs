//! The format of compiled components, as bytes or in a file.
//!
//! **Problem.** If machine code does not match the engine, the processor or this version, it crashes or computes
//! nonsense, and Wasmtime's own checks do not cover weft's plan. **Here,** the bytes begin with a
//! [description](weft_cache::container) of what can load them. weft compares it before it reads anything else, and each
//! difference is an error that says what to do.
//!
//! ```text
//! component -> lower -> compile -> seal: description, plan, code -> open: compare, load -> component
//! ```
//!
//! **Rejected:** Wasmtime's format alone (it has no checksum and no place for a plan, and reports only `incompatible
//! version` for a file of another version of weft).

use super::handle::Engine;
use crate::error::PrecompiledError;
use crate::interruption::Interruption;
use std::env::consts::{ARCH, OS};
use std::fmt;
use weft_cache::container::{self, Description};

/// The runtime that a compiled program is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precompiled {
    /// This one: a [`Component`](crate::Component), whose threads run in parallel.
    Parallel,
    /// Wasmtime's component runtime, for a component whose threads take turns or that has none.
    Cooperative,
}

impl Precompiled {
    const ALL: [Precompiled; 2] = [Precompiled::Parallel, Precompiled::Cooperative];

    fn name(self) -> &'static str {
        match self {
            Precompiled::Parallel => "weft",
            Precompiled::Cooperative => "wasmtime",
        }
    }

    /// The runtime that a program was compiled for.
    ///
    /// # Errors
    ///
    /// This version does not know it.
    #[doc(hidden)]
    pub fn of(description: &Description) -> Result<Self, PrecompiledError> {
        let name = description.get(RUNTIME).unwrap_or(UNKNOWN);
        let known = Precompiled::ALL.into_iter().find(|runtime| runtime.name() == name);
        known.ok_or_else(|| PrecompiledError::Runtime { found: name.to_owned() })
    }
}

/// The runtime's name in a description.
impl fmt::Display for Precompiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The version of Wasmtime, to which the workspace is pinned.
const WASMTIME: &str = "48.0.8";
const WEFT: &str = env!("CARGO_PKG_VERSION");

/// The value of what a description lacks.
const UNKNOWN: &str = "unknown";

const RUNTIME: &str = "runtime";
const INTERRUPTION: &str = "interruption";
const DETERMINISTIC: &str = "deterministic";
const INLINING: &str = "inlining";

/// What the code of a program for either runtime depends on, and the engine that loads it must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeOptions {
    /// See [`Config::deterministic`](crate::Config::deterministic).
    pub deterministic: bool,
    /// See [`Config::compiler_inlining`](crate::Config::compiler_inlining).
    pub inlining: bool,
}

impl CodeOptions {
    /// Those that a program was compiled with.
    #[doc(hidden)]
    pub fn of(description: &Description) -> Self {
        let is_set = |name| description.get(name) == Some("true");
        CodeOptions {
            deterministic: is_set(DETERMINISTIC),
            inlining: is_set(INLINING),
        }
    }
}

/// The description of a program for this runtime, except for what only one of the runtimes depends on.
fn description(runtime: Precompiled, options: CodeOptions) -> Description {
    let description = Description::default().with("weft", WEFT).with("wasmtime", WASMTIME);
    let description = description.with("target", target()).with(RUNTIME, runtime);
    description
        .with(DETERMINISTIC, options.deterministic)
        .with(INLINING, options.inlining)
}

fn target() -> String {
    format!("{ARCH}-{OS}")
}

/// Puts a compiled program into the format that [`open`] reads.
#[doc(hidden)]
pub fn seal(runtime: Precompiled, options: CodeOptions, parts: &[&[u8]]) -> Vec<u8> {
    container::seal(&description(runtime, options), parts)
}

/// Checks a compiled program for a runtime, and returns its contents.
///
/// # Errors
///
/// The bytes are not a compiled program, or not one for this version, machine and runtime with these options.
#[doc(hidden)]
pub fn open(runtime: Precompiled, options: CodeOptions, bytes: &[u8]) -> Result<&[u8], PrecompiledError> {
    let (found, payload) = container::open(bytes)?;
    compare(&found, runtime, options)?;
    Ok(payload)
}

fn compare(found: &Description, runtime: Precompiled, options: CodeOptions) -> Result<(), PrecompiledError> {
    let value = |name| found.get(name).unwrap_or(UNKNOWN).to_owned();
    for (name, program, expected) in [("weft", "weft", WEFT), ("wasmtime", "Wasmtime", WASMTIME)] {
        let found = value(name);
        if found != expected {
            return Err(PrecompiledError::Version {
                program,
                found,
                expected,
            });
        }
    }
    let (found_target, expected) = (value("target"), target());
    if found_target != expected {
        let found = found_target;
        return Err(PrecompiledError::Target { found, expected });
    }
    if value(RUNTIME) != runtime.name() {
        return Err(PrecompiledError::Runtime { found: value(RUNTIME) });
    }
    let CodeOptions {
        deterministic,
        inlining,
    } = options;
    if value(DETERMINISTIC) != deterministic.to_string() {
        return Err(PrecompiledError::Profile { deterministic });
    }
    match found.get(INLINING) {
        Some(found) if found == inlining.to_string() => Ok(()),
        Some(_) => Err(PrecompiledError::Inlining { engine: inlining }),
        None => Err(PrecompiledError::Incomplete { missing: INLINING }),
    }
}

fn means(engine: &Engine) -> &'static str {
    match engine.interruption() {
        Interruption::Signal => "signal",
        Interruption::Epochs => "epochs",
    }
}

/// Seals a plan without its module, and the code of that module.
pub(super) fn seal_component(engine: &Engine, plan: &[u8], code: &[u8]) -> Vec<u8> {
    let description = description(Precompiled::Parallel, engine.code_options());
    container::seal(&description.with(INTERRUPTION, means(engine)), &[plan, code])
}

/// The plan and then the code that [`seal_component`] got, if they match the engine.
pub(super) fn open_component<'a>(engine: &Engine, bytes: &'a [u8]) -> Result<&'a [u8], PrecompiledError> {
    let (found, payload) = container::open(bytes)?;
    compare(&found, Precompiled::Parallel, engine.code_options())?;
    let (found, expected) = (found.get(INTERRUPTION).unwrap_or(UNKNOWN), means(engine));
    match found == expected {
        true => Ok(payload),
        false => Err(PrecompiledError::Interruption {
            found: found.to_owned(),
            expected,
        }),
    }
}

/// Whether bytes are a compiled program, and for which runtime.
pub(super) fn detect(bytes: &[u8]) -> Option<Precompiled> {
    let description = container::peek(bytes)?;
    // If the program is damaged or for an unknown runtime, `Component::deserialize` reports it.
    Some(Precompiled::of(&description).unwrap_or(Precompiled::Parallel))
}
