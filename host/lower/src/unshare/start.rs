//! Start types: the type `$ft` of the functions that threads start with.

use crate::LowerError;
use wasm_encoder::{CompositeInnerType, CompositeType, FuncType, SubType, ValType};
use wasmparser::CompositeInnerType as Inner;

/// A core type of a component, as its author wrote it.
#[derive(Debug, Clone)]
pub(super) struct CoreType {
    pub ty: wasmparser::SubType,
    /// Whether it is in no recursion group with others.
    pub alone: bool,
}

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
    /// Reads core type `index` as the start type of `builtin`, for which `rule` says what it may be.
    pub fn of(
        CoreType { ty, alone }: &CoreType,
        index: u32,
        builtin: &str,
        rule: &'static str,
        offset: u64,
    ) -> Result<Self, LowerError> {
        let wide = match &ty.composite_type.inner {
            Inner::Func(function) => match (function.params(), function.results()) {
                ([wasmparser::ValType::I32], []) => Some(false),
                ([wasmparser::ValType::I64], []) => Some(true),
                _ => None,
            },
            _ => None,
        };
        let Some(wide) = wide else {
            return Err(LowerError::Rule {
                rule,
                message: format!(
                    "the start type {index} of `{builtin}` is not of functions with one parameter and no results: \
                     write `(shared (func (param i32)))`, or `i64` for `i32`"
                ),
                offset,
            });
        };
        if ty.supertype_idx.is_some() {
            return Err(LowerError::unsupported(
                format!("a supertype of the start type {index} of `{builtin}`"),
                "declare it without one",
            ));
        }
        if !alone {
            return Err(LowerError::unsupported(
                format!("a recursion group around the start type {index} of `{builtin}`"),
                "declare it outside",
            ));
        }
        Ok(StartType {
            shared: ty.composite_type.shared,
            wide,
            is_final: ty.is_final,
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
