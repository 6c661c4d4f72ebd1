//! Calls of host modules, if the component passes several memories to them.
//!
//! **Problem.** Each of two programs in one component imports `wasi-snapshot-preview1`, and passes it its own memory. The host defines
//! `fd_write` once, for any component, so the function must find out whose memory it is to use. **Before:** a core module imports the
//! host's function. **After:** it imports a function of a module around it, which first says through which import of the plan it calls:
//!
//! ```wat
//! (module                                                        ;; the function 1 stands for the host's function
//!   (import "" "" (func $host (param i32) (result i32)))
//!   (import "" "" (global $import (mut i32)))                    ;; HOST_IMPORT_EXPORT, one for all such modules
//!   (func (param i32) (result i32)
//!     (global.set $import (i32.const 1))
//!     (call $host (local.get 0))))
//! ```
//!
//! The host reads the global when the call begins. Each store has one call stack, so no other call can set it in between. A component
//! that passes one memory, or none, gets no such modules.
//!
//! **Rejected:** one definition of each host function for each memory (the linker would have to keep, for every function of an
//! embedder, code that defines it again); another parameter (embedders define functions with the parameters that the guest passes).

use super::{Flatten, added};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{Definition, HOST_CALL_NAME, HOST_IMPORT_EXPORT, ImportIndex};
use crate::threadify::{Argument, InstanceIndex, Item};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use wasm_encoder::{EntityType, Function, GlobalType, ImportSection, NameMap, RefType, TypeSection, ValType};
use wasmtime_environ::{
    EngineOrModuleTypeIndex, EntityType as Entity, ModuleInternedTypeIndex, WasmHeapType, WasmRefType, WasmValType,
};

const HOST: u32 = 0;
const IMPORT: u32 = 0;
/// The index of the function that the core module imports.
const CALLS: u32 = 1;

/// Any thread can call the function, as it could call the host's.
static ITEMS: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    functions: vec![true; 2],
    globals: vec![false],
    ..SharedItems::default()
});

static CALLED: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    globals: vec![false],
    ..SharedItems::default()
});

/// The modules around functions of host modules.
pub(super) struct HostCalls {
    /// Whether the component passes several memories to host modules.
    several_memories: bool,
    /// The instance that has the global.
    called: Option<InstanceIndex>,
    functions: HashMap<(ImportIndex, String), InstanceIndex>,
}

impl HostCalls {
    pub(super) fn new(several_memories: bool) -> Self {
        HostCalls {
            several_memories,
            called: None,
            functions: HashMap::new(),
        }
    }
}

impl Flatten<'_> {
    /// The argument for an import that is an export of a host module.
    pub(super) fn host_item(&mut self, import: ImportIndex, name: &str) -> Result<Argument, LowerError> {
        let host = Argument::Host(Definition::Import(import, name.to_owned()));
        let Some(ty) = self.host_function(import, name)? else {
            return Ok(host);
        };
        let function = |instance| Argument::Item(instance, Item::Function(CALLS));
        let key = (import, name.to_owned());
        if let Some(known) = self.host_calls.functions.get(&key) {
            return Ok(function(*known));
        }
        let ty = self.types.module_types()[ty].unwrap_func();
        let (Some(parameters), Some(results)) = (encoded(ty.params()), encoded(ty.results())) else {
            let module = &self.plan.imports[import.index()].name;
            let item = format!(
                "function `{name}` of imported core module `{module}`, which takes or returns references to declared types, in a \
                 component that passes several memories to imported core modules"
            );
            let refused = LowerError::unsupported(item, "pass the same memory to all of them");
            return Err(refused.at(self.import_place(self.imports[import.index()])));
        };
        let called = self.called_import();
        let module = module(import, &parameters, &results);
        let instance = self.add_instance(module, Cow::Borrowed(&ITEMS), vec![host, called]);
        self.host_calls.functions.insert(key, instance);
        Ok(function(instance))
    }

    /// The type of a host module's export, if it is a function that must say through which import it is called.
    fn host_function(&self, import: ImportIndex, name: &str) -> Result<Option<ModuleInternedTypeIndex>, LowerError> {
        if !self.host_calls.several_memories {
            return Ok(None);
        }
        let module = self.module_type(self.imports[import.index()])?;
        match module.exports.get(name) {
            Some(Entity::Function(EngineOrModuleTypeIndex::Module(ty))) => Ok(Some(*ty)),
            Some(Entity::Function(other)) => Err(LowerError::Internal(format!("host function of type {other:?}"))),
            Some(Entity::Memory(_) | Entity::Table(_) | Entity::Global(_) | Entity::Tag(_)) | None => Ok(None),
        }
    }

    /// The global that says through which import a host function is called.
    fn called_import(&mut self) -> Argument {
        let instance = match self.host_calls.called {
            Some(instance) => instance,
            None => {
                let instance = self.instantiate_globals(&CALLED, 0);
                let export = (HOST_IMPORT_EXPORT.to_owned(), instance, 0);
                self.input.global_exports.push(export);
                *self.host_calls.called.insert(instance)
            }
        };
        Argument::Item(instance, Item::Global(0))
    }
}

/// `None` if there is a reference to a declared type.
fn encoded(types: &[WasmValType]) -> Option<Vec<ValType>> {
    let types = types.iter().map(|ty| match ty {
        WasmValType::I32 => Some(ValType::I32),
        WasmValType::I64 => Some(ValType::I64),
        WasmValType::F32 => Some(ValType::F32),
        WasmValType::F64 => Some(ValType::F64),
        WasmValType::V128 => Some(ValType::V128),
        WasmValType::Ref(WasmRefType::FUNCREF) => Some(ValType::Ref(RefType::FUNCREF)),
        WasmValType::Ref(WasmRefType {
            nullable: true,
            heap_type: WasmHeapType::Extern,
        }) => Some(ValType::Ref(RefType::EXTERNREF)),
        WasmValType::Ref(_) => None,
    });
    types.collect()
}

fn module(import: ImportIndex, parameters: &[ValType], results: &[ValType]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(parameters.iter().copied(), results.iter().copied());
    let mut imports = ImportSection::new();
    imports.import("", "", EntityType::Function(0));
    let global = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    imports.import("", "", EntityType::Global(global));
    let mut body = Function::new([]);
    let mut instructions = body.instructions();
    instructions.i32_const(import.0.cast_signed()).global_set(IMPORT);
    for parameter in 0..parameters.len() as u32 {
        instructions.local_get(parameter);
    }
    instructions.call(HOST).end();
    let mut names = NameMap::new();
    names.append(CALLS, HOST_CALL_NAME);
    added::module(&types, &imports, &[(0, body)], &names)
}
