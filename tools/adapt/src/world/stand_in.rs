//! The stand-in that wit-component gets: see the [module](super).

use crate::error::AdaptError;
use crate::guarded::guarded;
use crate::index::FuncIndex;
use crate::input::info::ModuleInfo;
use crate::input::world_names::SECTION;
use std::collections::BTreeSet;
use wasm_encoder::{
    CodeSection, CustomSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wasmparser::{ExternalKind, FuncType, TypeRef};
use wit_component::ComponentEncoder;

/// Makes a component of a module's stand-in with wit-component.
pub(crate) fn encode(info: &ModuleInfo<'_>) -> Result<Vec<u8>, AdaptError> {
    let stand_in = stand_in(info)?;
    guarded(|| ComponentEncoder::default().module(&stand_in)?.validate(true).encode())
}

/// The sections of a stand-in.
#[derive(Default)]
struct StandIn {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
    next_func: u32,
}

impl StandIn {
    /// Adds a type, if the canonical ABI can pass its parameters and results.
    fn ty(&mut self, ty: &FuncType) -> Option<u32> {
        let convert = |types: &[wasmparser::ValType]| -> Option<Vec<ValType>> {
            types.iter().map(|ty| ValType::try_from(*ty).ok()).collect()
        };
        let (params, results) = (convert(ty.params())?, convert(ty.results())?);
        self.types.ty().function(params, results);
        Some(self.types.len() - 1)
    }

    fn import(&mut self, module: &str, name: &str, ty: &FuncType) {
        if let Some(ty) = self.ty(ty) {
            self.imports.import(module, name, EntityType::Function(ty));
            self.next_func += 1;
        }
    }

    fn export(&mut self, name: &str, ty: &FuncType) {
        if let Some(ty) = self.ty(ty) {
            self.functions.function(ty);
            let mut body = Function::new([]);
            body.instructions().unreachable().end();
            self.code.function(&body);
            self.exports.export(name, ExportKind::Func, self.next_func);
            self.next_func += 1;
        }
    }
}

fn stand_in(info: &ModuleInfo<'_>) -> Result<Vec<u8>, AdaptError> {
    let mut stand_in = StandIn::default();
    let mut seen = BTreeSet::new();
    let mut next = 0;
    for import in &info.imports {
        if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import.ty {
            let func = FuncIndex(next);
            next += 1;
            if info.is_of_world(import.module, import.name) && seen.insert((import.module, import.name)) {
                stand_in.import(import.module, import.name, info.function_type(func)?);
            }
        }
    }
    for export in &info.exports {
        match export.kind {
            // The exports of commands and threads have no meaning in a world.
            ExternalKind::Func | ExternalKind::FuncExact if !matches!(export.name, "_start" | "wasi_thread_start") => {
                stand_in.export(export.name, info.function_type(FuncIndex(export.index))?);
            }
            ExternalKind::Func
            | ExternalKind::FuncExact
            | ExternalKind::Memory
            | ExternalKind::Table
            | ExternalKind::Global
            | ExternalKind::Tag => {}
        }
    }
    let mut memories = MemorySection::new();
    if !info.memories.is_empty() {
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        // A module that imports its memory need not export it. wit-component looks for two names.
        let is_standard = |name: &str| name.starts_with("cm32p2");
        let mut imports = info.imports.iter();
        let is_standard = imports.any(|import| is_standard(import.module))
            || info.exports.iter().any(|export| is_standard(export.name));
        let name = if is_standard { "cm32p2_memory" } else { "memory" };
        stand_in.exports.export(name, ExportKind::Memory, 0);
    }
    let mut module = Module::new();
    module.section(&stand_in.types).section(&stand_in.imports);
    module.section(&stand_in.functions).section(&memories);
    module.section(&stand_in.exports).section(&stand_in.code);
    let sections = info.other_custom_sections.iter();
    for section in sections.filter(|section| section.name().starts_with(SECTION)) {
        module.section(&CustomSection {
            name: section.name().into(),
            data: section.data().into(),
        });
    }
    Ok(module.finish())
}
