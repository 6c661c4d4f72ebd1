//! Modules that this pass adds to those of the component.
//!
//! **Problem.** The run-time module needs functions that no core module of the component defines: around the host's functions,
//! destructors, and functions that are lifted. **Here**, this pass writes them as small modules and instantiates these, so that
//! [threadify](crate::threadify) treats them like the component's own.

use super::Flatten;
use crate::binary::module_items::SharedItems;
use crate::threadify::{Argument, Instance, InstanceIndex};
use std::borrow::Cow;
use std::collections::BTreeSet;
use wasm_encoder::{CodeSection, Function, FunctionSection, ImportSection, Module, NameMap, NameSection, TypeSection};

impl<'a> Flatten<'a> {
    /// Adds an instance of a module. `items` says which of the module's items are shared.
    pub(super) fn add_instance(
        &mut self,
        module: Vec<u8>,
        items: Cow<'a, SharedItems>,
        arguments: Vec<Argument>,
    ) -> InstanceIndex {
        self.input.instances.push(Instance {
            wasm: self.scope.push(module),
            items,
            arguments,
            memories: Vec::new(),
            component: None,
            exclusive: BTreeSet::new(),
        });
        InstanceIndex(self.input.instances.len() - 1)
    }
}

/// A module of functions. Each function comes with the index of its type; `names` are the names of functions.
pub(super) fn module(
    types: &TypeSection,
    imports: &ImportSection,
    functions: &[(u32, Function)],
    names: &NameMap,
) -> Vec<u8> {
    let mut declared = FunctionSection::new();
    let mut code = CodeSection::new();
    for (ty, body) in functions {
        declared.function(*ty);
        code.function(body);
    }
    let mut module = Module::new();
    module.section(types).section(imports).section(&declared).section(&code);
    if !names.is_empty() {
        let mut section = NameSection::new();
        section.functions(names);
        module.section(&section);
    }
    module.finish()
}
