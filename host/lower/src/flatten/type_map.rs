//! Which of the translator's types are already in the plan.

use std::collections::HashMap;
use wasmtime_environ::component::{InterfaceType, TypeFuncIndex};
use weft_abi::{FuncIndex, ValType};

/// The plan's types for those of the translator.
#[derive(Default)]
pub(super) struct TypeMap {
    pub(super) values: HashMap<InterfaceType, ValType>,
    pub(super) functions: HashMap<TypeFuncIndex, FuncIndex>,
}
