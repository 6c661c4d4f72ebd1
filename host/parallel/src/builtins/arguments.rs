//! Arguments of the run-time module: their names in a linker, and operands of built-ins whose type depends on the
//! component.

use crate::error::trap;
use wasmtime::{ExternType, FuncType};

/// The module name under which a linker holds the arguments of the run-time module, by their number. No component can
/// import a module of this name.
pub(crate) const ARGUMENTS: &str = "weft:arguments";

/// The type of an import that is a function.
pub(super) fn function_type(import: &ExternType) -> wasmtime::Result<&FuncType> {
    import
        .func()
        .ok_or_else(|| trap("a built-in is imported as something else"))
}

/// An operand whose type depends on the component.
pub(super) trait Operand: wasmtime::WasmTy {
    /// The operand as an index or a count.
    fn unsigned(self) -> u64;
    /// The operand as the argument of a thread. The thread's start truncates it to its width again.
    fn bits(self) -> i64;
    /// The operand for an index or a count, or -1 for `None`.
    fn from_unsigned(value: Option<u64>) -> Self;
}

impl Operand for i32 {
    fn unsigned(self) -> u64 {
        u64::from(self as u32)
    }

    fn bits(self) -> i64 {
        i64::from(self)
    }

    fn from_unsigned(value: Option<u64>) -> Self {
        value.map_or(-1, |value| value as i32)
    }
}

impl Operand for i64 {
    fn unsigned(self) -> u64 {
        self as u64
    }

    fn bits(self) -> i64 {
        self
    }

    fn from_unsigned(value: Option<u64>) -> Self {
        value.map_or(-1, |value| value as i64)
    }
}
