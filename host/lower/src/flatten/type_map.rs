//! Which types of the translator's the plan has already.

use std::collections::HashMap;
use wasmtime_environ::component::{InterfaceType, TypeFuncIndex};
use weft_abi::{FuncIndex, ValType};

/// What the plan has of the translator's types.
#[derive(Default)]
pub(super) struct TypeMap {
    pub(super) values: HashMap<InterfaceType, ValType>,
    pub(super) functions: HashMap<TypeFuncIndex, FuncIndex>,
}
