//! Components that were compiled before: as bytes, or in a file.
//!
//! **Problem.** Machine code that does not fit the engine, the processor or this version crashes or computes nonsense, and Wasmtime's own
//! checks know nothing of weft's plan. **Here,** the bytes begin with a [description](weft_cache::container) of what they fit. It is compared
//! before anything else is read, and each difference is an error that says what to do.
//!
//! ```text
//! component -> lower -> compile -> seal: description, plan, code -> open: compare, load -> component
//! ```
//!
//! **Rejected:** Wasmtime's format alone (it has no checksum, no place for a plan, and says `incompatible version` of a file that another
//! version of weft wrote).

use super::config::Engine;
use crate::error::PrecompiledError;
use crate::interruption::Interruption;
use std::env::consts::{ARCH, OS};
use std::fmt;
use weft_cache::container::{self, Description};

/// The runtime that a compiled program is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precompiled {
    /// This one: a [`Component`], whose threads run in parallel.
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
}

/// As in a description.
impl fmt::Display for Precompiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The version of Wasmtime, to which the workspace is pinned.
const WASMTIME: &str = "48.0.8";
const WEFT: &str = env!("CARGO_PKG_VERSION");

const RUNTIME: &str = "runtime";
const INTERRUPTION: &str = "interruption";
const DETERMINISTIC: &str = "deterministic";

/// What a program for this runtime fits, as far as the version and the target go.
fn description(runtime: Precompiled) -> Description {
    let description = Description::default().with("weft", WEFT).with("wasmtime", WASMTIME);
    description.with("target", target()).with(RUNTIME, runtime)
}

fn target() -> String {
    format!("{ARCH}-{OS}")
}

/// Puts a compiled program into the form of [`open`].
#[doc(hidden)]
pub fn seal(runtime: Precompiled, deterministic: bool, parts: &[&[u8]]) -> Vec<u8> {
    container::seal(&description(runtime).with(DETERMINISTIC, deterministic), parts)
}

/// Checks a compiled program for a runtime, and gives what was sealed.
///
/// # Errors
///
/// It is not one, or not one that fits this version, machine, runtime and profile.
#[doc(hidden)]
pub fn open(runtime: Precompiled, deterministic: bool, bytes: &[u8]) -> Result<&[u8], PrecompiledError> {
    let (found, payload) = container::open(bytes)?;
    compare(&found, runtime, deterministic)?;
    Ok(payload)
}

fn compare(found: &Description, runtime: Precompiled, deterministic: bool) -> Result<(), PrecompiledError> {
    let value = |name| found.get(name).unwrap_or("unknown").to_owned();
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
    match value(DETERMINISTIC) == deterministic.to_string() {
        true => Ok(()),
        false => Err(PrecompiledError::Profile { deterministic }),
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
    let description = description(Precompiled::Parallel).with(INTERRUPTION, means(engine));
    container::seal(
        &description.with(DETERMINISTIC, engine.is_deterministic()),
        &[plan, code],
    )
}

/// What [`seal_component`] was given, one behind the other, if it fits the engine.
pub(super) fn open_component<'a>(engine: &Engine, bytes: &'a [u8]) -> Result<&'a [u8], PrecompiledError> {
    let (found, payload) = container::open(bytes)?;
    compare(&found, Precompiled::Parallel, engine.is_deterministic())?;
    let (found, expected) = (found.get(INTERRUPTION).unwrap_or("unknown"), means(engine));
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
    let is_named = |runtime: &Precompiled| description.get(RUNTIME) == Some(runtime.name());
    // Of one that is damaged, `Component::deserialize` says so.
    Some(
        Precompiled::ALL
            .into_iter()
            .find(is_named)
            .unwrap_or(Precompiled::Parallel),
    )
}
