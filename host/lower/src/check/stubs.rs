//! Stubs: items that the validator sees instead of items that it cannot express or would wrongly refuse.
//!
//! Each is an export of a small core module that is instantiated in place. In one component, it stands for all items of
//! its type.

use super::Checker;
use crate::binary::single_item::{contents, reader};
use crate::binary::thread_start::StartType;
use crate::error::LowerError;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    Alias, CodeSection, ComponentAliasSection, CompositeInnerType, CompositeType, ExportKind, ExportSection, Function,
    FunctionSection, HeapType, InstanceSection, MemorySection, MemoryType, Module, RefType, SubType, TypeSection,
    ValType,
};
use wasmparser::{FuncType, Parser};

const EXPORT: &str = "stub";

/// The encoder's form of a type that refers to no other.
fn plain(ty: wasmparser::ValType) -> Option<ValType> {
    match ty {
        wasmparser::ValType::Ref(_) => None,
        number => ValType::try_from(number).ok(),
    }
}

fn plain_types(types: &[wasmparser::ValType]) -> Option<Vec<ValType>> {
    types.iter().copied().map(plain).collect()
}

fn function_type(shared: bool, parameters: Vec<ValType>, results: Vec<ValType>) -> SubType {
    SubType {
        is_final: true,
        supertype_idx: None,
        composite_type: CompositeType {
            inner: CompositeInnerType::Func(wasm_encoder::FuncType::new(parameters, results)),
            shared,
            descriptor: None,
            describes: None,
        },
    }
}

/// A module that adds type `ty`, at `index`, to `types`, and exports a function of that type.
fn function_module(mut types: TypeSection, index: u32, ty: &SubType) -> Module {
    types.ty().subtype(ty);
    let mut functions = FunctionSection::new();
    functions.function(index);
    let mut exports = ExportSection::new();
    exports.export(EXPORT, ExportKind::Func, 0);
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module
}

/// Copies.
struct AsItIs;

impl Reencode for AsItIs {
    type Error = LowerError;
}

impl Checker<'_> {
    /// A function of the given type. `None` for types with references.
    pub(super) fn function_stub(
        &mut self,
        shared: bool,
        ty: &FuncType,
        offset: usize,
    ) -> Result<Option<u32>, LowerError> {
        let key = (shared, ty.clone());
        if let Some(stub) = self.scope().stubs.functions.get(&key) {
            return Ok(Some(*stub));
        }
        let (Some(parameters), Some(results)) = (plain_types(ty.params()), plain_types(ty.results())) else {
            return Ok(None);
        };
        let module = function_module(TypeSection::new(), 0, &function_type(shared, parameters, results));
        self.stub(&module, ExportKind::Func, offset)?;
        let scope = self.scope();
        let stub = scope.core.functions.insert();
        scope.stubs.functions.insert(key, stub);
        Ok(Some(stub))
    }

    /// A function that takes a reference to a function of a start type, and its argument.
    pub(super) fn spawn_ref_stub(&mut self, start: &StartType, offset: usize) -> Result<u32, LowerError> {
        let types = start.declared.declare(&mut AsItIs)?;
        let reference = ValType::Ref(RefType {
            nullable: true,
            heap_type: HeapType::Concrete(types.index),
        });
        let parameters = [reference].into_iter().chain(plain(start.parameter)).collect();
        let ty = function_type(start.shared, parameters, vec![ValType::I32]);
        let module = function_module(types.section, types.next, &ty);
        self.stub(&module, ExportKind::Func, offset)?;
        Ok(self.scope().core.functions.insert())
    }

    /// An unshared memory that is otherwise as the given one.
    pub(super) fn memory_stub(&mut self, ty: &wasmparser::MemoryType, offset: usize) -> Result<u32, LowerError> {
        let key = (ty.memory64, ty.page_size_log2);
        if let Some(stub) = self.scope().stubs.memories.get(&key) {
            return Ok(*stub);
        }
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 0,
            maximum: None,
            memory64: ty.memory64,
            shared: false,
            page_size_log2: ty.page_size_log2,
        });
        let mut exports = ExportSection::new();
        exports.export(EXPORT, ExportKind::Memory, 0);
        let mut module = Module::new();
        module.section(&memories).section(&exports);
        self.stub(&module, ExportKind::Memory, offset)?;
        let scope = self.scope();
        let stub = scope.core.memories.insert();
        scope.stubs.memories.insert(key, stub);
        Ok(stub)
    }

    /// Adds, for the validator, a module, an instance of it, and an alias of its export.
    fn stub(&mut self, module: &Module, kind: ExportKind, offset: usize) -> Result<(), LowerError> {
        let bytes = module.as_slice();
        self.validator
            .module_section(&(offset..offset.saturating_add(bytes.len())))?;
        for payload in Parser::new(offset as u64).parse_all(bytes) {
            // A body that is `unreachable` needs no validation.
            self.validator.payload(&payload?)?;
        }
        let scope = self.scope();
        let (module, instance) = (scope.core.modules.insert(), scope.core.instances.insert());
        let mut instances = InstanceSection::new();
        instances.instantiate::<_, &str>(module, []);
        self.pass_core_instance(&instances, offset)?;
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(Alias::CoreInstanceExport {
            instance,
            kind,
            name: EXPORT,
        });
        let contents = contents(&aliases)?;
        Ok(self.validator.component_alias_section(&reader(&contents, offset)?)?)
    }
}
