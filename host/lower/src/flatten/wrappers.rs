//! Lifted functions that no core module of the component defines: canonical built-ins, and functions of imported core modules.
//!
//! The run-time module must export lifted functions, and consists of core modules. So such a function gets a wrapper
//! module:
//!
//! ```wat
//! (func (export "index") (result u32) (canon lift (core func $index)))         ;; before; $index is thread.index
//! (module                                                                      ;; after: what is lifted is its function 1
//!   (import "" "" (func (result i32)))
//!   (func (result i32) (call 0)))
//! ```

use super::exported::exported;
use super::{Flatten, Source, added, missing};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::threadify::InstanceIndex;
use std::borrow::Cow;
use std::sync::LazyLock;
use wasm_encoder::{EntityType, Function, ImportSection, NameMap, TypeSection, ValType};
use wasmtime_environ::component::{CoreDef, ExportItem, StaticModuleIndex};
use wasmtime_environ::{EngineOrModuleTypeIndex, EntityIndex, EntityType as Entity, WasmValType};

/// The index of the function that calls the import.
const CALLS: u32 = 1;

/// Neither the import nor the function is shared.
static ITEMS: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    functions: vec![false; 2],
    ..SharedItems::default()
});

impl Flatten<'_> {
    /// An instance whose module calls a definition, and the calling function in it.
    pub(super) fn wrap(&mut self, definition: &CoreDef) -> Result<(InstanceIndex, u32), LowerError> {
        if let Some(wrapper) = self.wrapped.get(definition) {
            return Ok(*wrapper);
        }
        let arguments = vec![self.argument(definition)?];
        let (parameters, results) = self.signature(definition).ok_or_else(missing)?;
        let instance = self.add_instance(wrapper(&parameters, &results), Cow::Borrowed(&ITEMS), arguments);
        let wrapper = (instance, CALLS);
        self.wrapped.insert(definition.clone(), wrapper);
        Ok(wrapper)
    }

    /// The parameters and results of a function that is lifted.
    pub(super) fn signature(&self, definition: &CoreDef) -> Option<(Vec<ValType>, Vec<ValType>)> {
        let ty = match definition {
            CoreDef::Trampoline(trampoline) => self.component().trampolines[*trampoline],
            CoreDef::Export(export) => {
                let ty = match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                    (Source::StandIn(_, module) | Source::Instance(_, module), item) => {
                        self.function_type(*module, item)?
                    }
                    (Source::Import(import), ExportItem::Name(name)) => {
                        let module = self.module_type(*self.imports.get(import.index())?).ok()?;
                        match module.exports.get(name)? {
                            Entity::Function(ty) => *ty,
                            Entity::Memory(_) | Entity::Table(_) | Entity::Global(_) | Entity::Tag(_) => return None,
                        }
                    }
                    (Source::Import(_), ExportItem::Index(_)) => return None,
                };
                match ty {
                    EngineOrModuleTypeIndex::Module(ty) => ty,
                    EngineOrModuleTypeIndex::Engine(_) | EngineOrModuleTypeIndex::RecGroup(_) => return None,
                }
            }
            CoreDef::InstanceFlags(_) | CoreDef::TaskMayBlock | CoreDef::UnsafeIntrinsic(_) => return None,
        };
        let ty = self.types.module_types()[ty].unwrap_func();
        Some((numbers(ty.params())?, numbers(ty.results())?))
    }

    fn function_type(
        &self,
        module: StaticModuleIndex,
        item: &ExportItem<EntityIndex>,
    ) -> Option<EngineOrModuleTypeIndex> {
        let module = &self.modules[module].module;
        match exported(module, item)? {
            EntityIndex::Function(function) => Some(module.functions[function].signature),
            EntityIndex::Memory(_) | EntityIndex::Table(_) | EntityIndex::Global(_) | EntityIndex::Tag(_) => None,
        }
    }
}

/// Functions that are lifted take and give no references.
fn numbers(types: &[WasmValType]) -> Option<Vec<ValType>> {
    let types = types.iter().map(|ty| match ty {
        WasmValType::I32 => Some(ValType::I32),
        WasmValType::I64 => Some(ValType::I64),
        WasmValType::F32 => Some(ValType::F32),
        WasmValType::F64 => Some(ValType::F64),
        WasmValType::V128 | WasmValType::Ref(_) => None,
    });
    types.collect()
}

fn wrapper(parameters: &[ValType], results: &[ValType]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(parameters.iter().copied(), results.iter().copied());
    let mut imports = ImportSection::new();
    imports.import("", "", EntityType::Function(0));
    let mut body = Function::new([]);
    let mut instructions = body.instructions();
    for parameter in 0..parameters.len() as u32 {
        instructions.local_get(parameter);
    }
    instructions.call(0).end();
    added::module(&types, &imports, &[(0, body)], &NameMap::new())
}
