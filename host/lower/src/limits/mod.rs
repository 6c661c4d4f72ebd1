//! Limits: what a component comes to once it is flat, before time and memory are spent on it.
//!
//! **Problem.** Validators and translators take a component apart into the instances that it makes, and write out what its types
//! refer to. Both can be exponential in the component's size. **Before:** 24 levels of this, under 2 kB:
//!
//! ```wat
//! (component $b (instance (instantiate $a)) (instance (instantiate $a)))
//! ```
//!
//! **After:** an error that names the limit, in milliseconds.
//!
//! Sizes of types are sums over what they refer to, computed once for each ([`types`]). Instances are counted by a dry run
//! ([`expand`]) of what instantiating a component does ([`program`]), which ends at the limit: a component can be passed to another
//! that instantiates it, so there is no sum to compute. The input is not validated yet; an index of nothing counts as one item.
//!
//! **Rejected:** limits on time or memory, which depend on the machine. Rejected as well: limits on the input alone, such as how deep
//! components nest: real programs of many levels are fine.

mod expand;
mod operands;
mod program;
mod size;
mod types;

use crate::error::LowerError;
use program::Reader;

/// With how many functions more than it has the run-time module may end, because core modules have several instances.
const COPIED_FUNCTIONS: u64 = 50_000;
/// The same in bytes of core modules.
const COPIED_BYTES: u64 = 16 << 20;

/// The greatest number of memories that the core instances of a component with parallel threads may define together: what
/// WebAssembly's tools allow in one module.
const MEMORIES: u64 = 100;
/// The same of tables.
const TABLES: u64 = 100;

/// Refuses a binary component that comes to more than the limits.
pub(crate) fn check(component: &[u8]) -> Result<(), LowerError> {
    let program = Reader::read(component)?;
    expand::count(&program)?;
    operands::check(component)
}

/// Refuses a core module that takes too long to validate for its size. `docs/limits.md` lists the limits.
///
/// [`Module::validate`](crate::Module::validate) calls it, and so does everything that validates a component.
///
/// # Errors
///
/// The module exceeds a limit, or is malformed.
pub fn check_module(module: &[u8]) -> Result<(), LowerError> {
    operands::check(module)
}

/// What is copied into the run-time module because core modules have several instances.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    functions: u64,
    bytes: u64,
}

impl Copies {
    /// Counts another instance of a core module.
    pub fn add(&mut self, functions: usize, bytes: usize) -> Result<(), LowerError> {
        self.functions = self.functions.saturating_add(functions as u64);
        self.bytes = self.bytes.saturating_add(bytes as u64);
        let (name, limit) = if self.functions > COPIED_FUNCTIONS {
            ("copied functions", COPIED_FUNCTIONS)
        } else if self.bytes > COPIED_BYTES {
            ("copied bytes", COPIED_BYTES)
        } else {
            return Ok(());
        };
        Err(LowerError::unsupported(
            format!("a component with more than {limit} {name}"),
            "weft copies the code of a core module for each instance after the first; instantiate the modules less often",
        ))
    }
}

/// The memories and tables that core instances define, all of which the run-time module has.
#[derive(Debug, Default)]
pub(crate) struct Defined {
    memories: u64,
    tables: u64,
}

impl Defined {
    /// Counts those of another core instance, whose module is at `place`.
    pub fn add(
        &mut self,
        memories: usize,
        tables: usize,
        place: impl FnOnce() -> Option<u64>,
    ) -> Result<(), LowerError> {
        self.memories = self.memories.saturating_add(memories as u64);
        self.tables = self.tables.saturating_add(tables as u64);
        let (name, limit) = if self.memories > MEMORIES {
            ("memories", MEMORIES)
        } else if self.tables > TABLES {
            ("tables", TABLES)
        } else {
            return Ok(());
        };
        Err(LowerError::Limit {
            name,
            limit,
            advice: "one run-time module defines those of all core instances: define fewer",
            offset: place().unwrap_or_default(),
        })
    }
}
