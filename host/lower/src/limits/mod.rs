//! Limits: computes how large a component becomes when it is flattened, before spending time and memory on it.
//!
//! **Problem.** Validators and translators expand a component into its instances, and expand the types that its types
//! refer to. Both can be exponential in the component's size. **Before:** 24 levels of this, under 2 kB:
//!
//! ```wat
//! (component $b (instance (instantiate $a)) (instance (instantiate $a)))
//! ```
//!
//! **After:** an error that names the limit, in milliseconds.
//!
//! The size of a type is the sum of the sizes to which it refers, computed once for each type ([`types`]). Instances
//! are counted by a dry run ([`expand`]) of the instantiation steps ([`program`]), which stops at the limit: a
//! component can be passed to another that instantiates it, so a simple sum is not possible. The input is not validated
//! yet; an undefined index counts as one item.
//!
//! **Rejected:** limits on time or memory (they depend on the machine); limits only on the input, such as the nesting
//! depth (real programs have many levels).

mod expand;
mod operands;
mod program;
mod size;
mod types;

use crate::error::LowerError;
use program::Reader;

/// The most functions that may be copied into the run-time module because core modules have several instances.
const COPIED_FUNCTIONS: u64 = 50_000;
/// The same in bytes of core modules.
const COPIED_BYTES: u64 = 16 << 20;
/// The same in elements of passive segments. Wasmtime takes more than two kilobytes to compile each of them.
const COPIED_ELEMENTS: u64 = 100_000;

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
    elements: u64,
}

impl Copies {
    /// Counts another instance of a core module with this many functions and elements of passive segments.
    pub fn add(&mut self, functions: usize, elements: u64, bytes: usize) -> Result<(), LowerError> {
        self.functions = self.functions.saturating_add(functions as u64);
        self.elements = self.elements.saturating_add(elements);
        self.bytes = self.bytes.saturating_add(bytes as u64);
        let (name, limit) = if self.functions > COPIED_FUNCTIONS {
            ("copied functions", COPIED_FUNCTIONS)
        } else if self.bytes > COPIED_BYTES {
            ("copied bytes", COPIED_BYTES)
        } else if self.elements > COPIED_ELEMENTS {
            ("copied elements", COPIED_ELEMENTS)
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
