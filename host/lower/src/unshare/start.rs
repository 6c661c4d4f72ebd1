//! Start types: the type `$ft` of the functions that threads start with.

use crate::{LowerError, check};
use wasm_encoder::{CompositeInnerType, CompositeType, FuncType, SubType, ValType};

/// A start type. It has one parameter and no results, and is in no recursion group with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StartType {
    /// Whether it is a type of shared functions, that is, whether its threads are preemptive.
    pub shared: bool,
    /// Whether the parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether it can have subtypes.
    pub is_final: bool,
}

impl StartType {
    /// Core type `index` as the start type of `builtin`.
    pub fn of(start: check::StartType, index: u32, builtin: &str) -> Result<Self, LowerError> {
        if start.has_supertype {
            return Err(LowerError::unsupported(
                format!("a supertype of the start type {index} of `{builtin}`"),
                "declare it without one",
            ));
        }
        if start.in_group {
            return Err(LowerError::unsupported(
                format!("a recursion group around the start type {index} of `{builtin}`"),
                "declare it outside",
            ));
        }
        Ok(StartType {
            shared: start.shared,
            wide: start.parameter == wasmparser::ValType::I64,
            is_final: start.is_final,
        })
    }

    /// Whether it is the type with which Wasmtime starts threads, `(func (param i32))`.
    pub fn is_plain(&self) -> bool {
        self.is_final && !self.wide
    }

    /// The type of the parameter.
    pub fn parameter(&self) -> ValType {
        match self.wide {
            true => ValType::I64,
            false => ValType::I32,
        }
    }

    /// As it is in the unshared form.
    pub fn unshared(&self) -> SubType {
        SubType {
            is_final: self.is_final,
            supertype_idx: None,
            composite_type: CompositeType {
                inner: CompositeInnerType::Func(FuncType::new([self.parameter()], [])),
                shared: false,
                descriptor: None,
                describes: None,
            },
        }
    }
}
