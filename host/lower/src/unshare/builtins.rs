//! Built-ins that stock tools do not have, each put in terms of those that they have: see the header of [`super`].

use super::UnsharedModule;
use super::reencode::{CoreType, Unshare};
use crate::LowerError;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CodeSection, Component, ComponentAliasSection, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, ImportSection, InstanceSection, Module, ModuleArg, ModuleSection,
    TypeSection, ValType,
};
use wasmparser::{CanonicalFunction, SectionLimited};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// What the module that stands for a spawn imports `thread.new-indirect` as, from the module named by the empty string.
pub(crate) const NEW_IMPORT: &str = "new";
/// What it imports `thread.resume-later` as.
const RESUME_IMPORT: &str = "resume";
/// What it exports.
const SPAWN_EXPORT: &str = "spawn";
const PARALLELISM_EXPORT: &str = "available-parallelism";

impl Unshare {
    /// Copies a section of canonical definitions. It is cut where a definition has to become several.
    pub(super) fn canonical_section(
        &mut self,
        component: &mut Component,
        section: SectionLimited<'_, CanonicalFunction>,
    ) -> Result<()> {
        let mut pending = CanonicalFunctionSection::new();
        for definition in section.into_iter_with_offsets() {
            let (offset, definition) = definition?;
            match definition {
                CanonicalFunction::ThreadSpawnIndirect {
                    func_ty_index,
                    table_index,
                } => {
                    self.check_start_type(func_ty_index, offset as u64)?;
                    let start = self.type_index(func_ty_index)?;
                    let table = self.table_index(table_index)?;
                    pending.thread_new_indirect(start, table);
                    pending.thread_resume_later();
                    component.section(&std::mem::take(&mut pending));
                    let imports = [NEW_IMPORT, RESUME_IMPORT].map(|name| (name, self.scope().core_functions.insert()));
                    self.modules.push(UnsharedModule::SpawnIndirect);
                    self.stand_in(component, &spawn_module(), &imports, SPAWN_EXPORT);
                }
                CanonicalFunction::ThreadAvailableParallelism => {
                    component.section(&std::mem::take(&mut pending));
                    self.modules.push(UnsharedModule::AvailableParallelism);
                    self.stand_in(component, &parallelism_module(), &[], PARALLELISM_EXPORT);
                }
                CanonicalFunction::ThreadSpawnRef { .. } => {
                    return Err(Error::UserError(LowerError::unsupported(
                        "`thread.spawn-ref`",
                        "put the function into a shared table and use `thread.spawn-indirect`",
                    )));
                }
                lift @ CanonicalFunction::Lift { .. } => self.parse_component_canonical(&mut pending, lift)?,
                other => {
                    self.parse_component_canonical(&mut pending, other)?;
                    self.scope().core_functions.keep();
                }
            }
        }
        component.section(&pending);
        Ok(())
    }

    /// SPAWN-IND-05: threads start with a shared function of one `i32` (wider ones come with 64-bit memories).
    fn check_start_type(&mut self, ty: u32, offset: u64) -> Result<()> {
        match self.scope().core_types.get(ty as usize) {
            // Out of bounds, or an alias: left to validation.
            None | Some(CoreType::Other) | Some(CoreType::Function { shared: true }) => Ok(()),
            Some(CoreType::Function { shared: false }) => Err(Error::UserError(LowerError::Rule {
                rule: "SPAWN-IND-05",
                message: format!(
                    "the start type {ty} of `thread.spawn-indirect` is not shared: write `(shared (func (param i32)))`"
                ),
                offset,
            })),
        }
    }

    /// Adds `module`, instantiates it with the core functions `imports`, and lets its only export take the place of
    /// the definition that it stands for.
    fn stand_in(&mut self, component: &mut Component, module: &Module, imports: &[(&str, u32)], export: &str) {
        let scope = self.scope();
        let module_index = scope.core_modules.insert();
        component.section(&ModuleSection(module));

        let mut instances = InstanceSection::new();
        let imports = imports
            .iter()
            .map(|&(name, function)| (name, ExportKind::Func, function))
            .collect::<Vec<_>>();
        instances.export_items(imports);
        let arguments = scope.core_instances.insert();
        instances.instantiate(module_index, [("", ModuleArg::Instance(arguments))]);
        let instance = scope.core_instances.insert();
        component.section(&instances);

        let mut aliases = ComponentAliasSection::new();
        aliases.alias(Alias::CoreInstanceExport {
            instance,
            kind: ExportKind::Func,
            name: export,
        });
        scope.core_functions.keep();
        component.section(&aliases);
    }
}

/// `(func (export "spawn") (param i32 i32) (result i32))`: a new thread, made ready, and its index.
fn spawn_module() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("", NEW_IMPORT, EntityType::Function(0));
    imports.import("", RESUME_IMPORT, EntityType::Function(1));
    let mut spawn = Function::new([(1, ValType::I32)]);
    spawn
        .instructions()
        .local_get(0)
        .local_get(1)
        .call(0)
        .local_tee(2)
        .call(1)
        .local_get(2)
        .end();
    one_function_module(types, imports, 0, spawn, SPAWN_EXPORT)
}

/// `(func (export "available-parallelism") (result i32))`, one: what holds where threads take turns, as they do wherever
/// this module itself runs. weft puts a host function in its place.
fn parallelism_module() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut function = Function::new([]);
    function.instructions().i32_const(1).end();
    one_function_module(types, ImportSection::new(), 0, function, PARALLELISM_EXPORT)
}

fn one_function_module(types: TypeSection, imports: ImportSection, ty: u32, body: Function, export: &str) -> Module {
    let mut functions = FunctionSection::new();
    functions.function(ty);
    let mut exports = ExportSection::new();
    exports.export(export, ExportKind::Func, imports.len());
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module
}
