//! Writes the component of a module with a world: wit-component's component, in which `$state`, `$main` and the instances that
//! they need replace the stand-in's core modules and instances. See [`world`](crate::world).

use crate::builtin::ROOT;
use crate::component::prelude::Prelude;
use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::info::ModuleInfo;
use crate::state::SHARED_FUNCREF;
use crate::types::{shared_func, value_types};
use crate::world::World;
use crate::world::operands::{operands, option_function};
use crate::world::parts::{Source, destructors_of, top_level};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{
    CanonicalFunctionSection, CodeSection, ComponentAliasSection, ComponentSectionId, ComponentTypeSection, ConstExpr,
    ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Module,
    RawSection, StartSection, TableSection, TableType, TypeSection,
};
use wasmparser::{CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentTypeRef, ExternalKind, Payload};

/// The module name under which `$late` imports from `$early`, and from `$main`.
const EARLY: &str = "early";
const MAIN: &str = "main";

/// Writes the middle of the component: everything at component level, and `$main` before its first export is used.
pub(crate) fn splice(
    writer: &mut Writer,
    info: &ModuleInfo<'_>,
    world: &World,
    prelude: Prelude<'_>,
    main: &Module,
) -> Result<u32, AdaptError> {
    let early = Early::new(info, world)?;
    let mut splice = Splice {
        world,
        early_instance: early.instantiate(writer),
        early,
        prelude,
        main,
        main_instance: None,
        canons: BTreeMap::new(),
        next_func: 0,
        indices: Indices::default(),
    };
    for payload in top_level(&world.component) {
        splice.payload(writer, payload?)?;
    }
    splice.main_instance(writer)
}

/// Maps the indices of wit-component's core items to those in the new component.
#[derive(Default)]
struct Indices {
    funcs: BTreeMap<u32, u32>,
    memory: Option<u32>,
}

impl Reencode for Indices {
    type Error = AdaptError;

    fn function_index(&mut self, func: u32) -> Result<u32, Error<AdaptError>> {
        let found = self.funcs.get(&func).copied();
        found.ok_or_else(|| Error::UserError(AdaptError::missing("core function", func)))
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<AdaptError>> {
        self.memory
            .ok_or_else(|| Error::UserError(AdaptError::missing("core memory", memory)))
    }
}

impl ReencodeComponent for Indices {}

struct Splice<'s> {
    world: &'s World,
    early: Early<'s>,
    early_instance: Option<u32>,
    prelude: Prelude<'s>,
    main: &'s Module,
    main_instance: Option<u32>,
    /// The canonical definitions written so far, by their index in wit-component's component.
    canons: BTreeMap<u32, u32>,
    /// The next core function of wit-component's component.
    next_func: u32,
    indices: Indices,
}

impl Splice<'_> {
    fn payload(&mut self, writer: &mut Writer, payload: Payload<'_>) -> Result<(), AdaptError> {
        match payload {
            // These are core items of the stand-in.
            Payload::ModuleSection { .. } | Payload::InstanceSection(_) | Payload::CoreTypeSection(_) => {}
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(writer, alias?)?;
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for canon in section {
                    self.canon(writer, canon?)?;
                }
            }
            Payload::ComponentTypeSection(section) => {
                for destructor in destructors_of(section.clone())? {
                    self.reach(writer, destructor)?;
                }
                let mut types = ComponentTypeSection::new();
                let count = section.count();
                self.indices.parse_component_type_section(&mut types, section)?;
                writer.section(&types);
                writer.types.skip(count);
            }
            Payload::ComponentImportSection(section) => {
                let range = section.range();
                for import in section {
                    count_type(writer, &import?.ty);
                }
                self.copy(writer, ComponentSectionId::Import, range)?;
            }
            Payload::ComponentExportSection(section) => {
                let range = section.range();
                for export in section {
                    count_kind(writer, export?.kind);
                }
                self.copy(writer, ComponentSectionId::Export, range)?;
            }
            Payload::ComponentInstanceSection(section) => {
                writer.instances.skip(section.count());
                self.copy(writer, ComponentSectionId::Instance, section.range())?;
            }
            Payload::ComponentSection { unchecked_range, .. } => {
                self.copy(writer, ComponentSectionId::Component, unchecked_range)?;
            }
            Payload::Version { .. } | Payload::CustomSection(_) | Payload::End(_) => {}
            other => return Err(AdaptError::Internal(format!("wit-component wrote {other:?}"))),
        }
        Ok(())
    }

    /// Copies a section that refers to no core items.
    fn copy(
        &self,
        writer: &mut Writer,
        id: ComponentSectionId,
        range: std::ops::Range<usize>,
    ) -> Result<(), AdaptError> {
        let start = range.start;
        let data = self.world.component.get(range);
        let data = data.ok_or_else(|| AdaptError::missing("section at offset", start))?;
        writer.section(&RawSection { id: id.into(), data });
        Ok(())
    }

    fn alias(&mut self, writer: &mut Writer, alias: ComponentAlias<'_>) -> Result<(), AdaptError> {
        match &alias {
            ComponentAlias::CoreInstanceExport { kind, .. } => {
                if *kind == ExternalKind::Func {
                    self.next_func += 1;
                }
                return Ok(());
            }
            ComponentAlias::InstanceExport { kind, .. } => count_kind(writer, *kind),
            ComponentAlias::Outer { .. } => writer.types.skip(1),
        }
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(self.indices.component_alias(alias)?);
        writer.section(&aliases);
        Ok(())
    }

    fn canon(&mut self, writer: &mut Writer, canon: CanonicalFunction) -> Result<(), AdaptError> {
        self.indices.memory = self.prelude.memory(writer);
        let is_lift = matches!(canon, CanonicalFunction::Lift { .. });
        if is_lift {
            // The lifted function is an export of `$main`.
            self.main_instance(writer)?;
        }
        for func in functions_of(&canon) {
            self.reach(writer, func)?;
        }
        let mut section = CanonicalFunctionSection::new();
        self.indices.parse_component_canonical(&mut section, canon)?;
        writer.section(&section);
        match is_lift {
            true => writer.funcs.skip(1),
            false => {
                self.canons.insert(self.next_func, writer.core_funcs.skip_one());
                self.next_func += 1;
            }
        }
        Ok(())
    }

    /// Writes the core function for an index of wit-component's component, if it is not there yet.
    fn reach(&mut self, writer: &mut Writer, func: u32) -> Result<u32, AdaptError> {
        let found = match (self.world.parts.source(func)?, self.main_instance, self.early_instance) {
            (Source::Canon(canon), _, _) => {
                let found = self.canons.get(&canon).copied();
                found.ok_or_else(|| AdaptError::missing("canonical definition", canon))?
            }
            (Source::Main(name), Some(instance), _) | (Source::Main(name), None, Some(instance)) => {
                writer.alias(instance, ExportKind::Func, &name)
            }
            (Source::Main(name), None, None) => return Err(AdaptError::missing("early function", name)),
        };
        self.indices.funcs.insert(func, found);
        Ok(found)
    }

    /// The instance of `$main`. The first call writes it.
    fn main_instance(&mut self, writer: &mut Writer) -> Result<u32, AdaptError> {
        if let Some(instance) = self.main_instance {
            return Ok(instance);
        }
        let parts = &self.world.parts;
        let mut modules: BTreeMap<&str, Vec<(&str, ExportKind, u32)>> = BTreeMap::new();
        for (module, name, source) in &parts.imports {
            let Source::Canon(canon) = source else {
                return Err(AdaptError::missing("canonical definition for the import", name));
            };
            let func = self.canons.get(canon).copied();
            let func = func.ok_or_else(|| AdaptError::missing("canonical definition", canon))?;
            modules.entry(module).or_default().push((name, ExportKind::Func, func));
        }
        let root = modules.entry(ROOT).or_default();
        root.extend(self.prelude.root.iter().copied());
        if root.is_empty() {
            modules.remove(ROOT);
        }
        let mut args = self.prelude.main_args.clone();
        for (module, exports) in &modules {
            args.push((*module, writer.core_instance(module, exports)));
        }
        let module = writer.core_module("main", self.main);
        let instance = writer.instantiate("main", module, &args);
        self.main_instance = Some(instance);
        self.early
            .fill(writer, parts.start.as_deref(), self.early_instance, instance);
        Ok(instance)
    }
}

/// The core functions that a definition refers to.
fn functions_of(canon: &CanonicalFunction) -> Vec<u32> {
    let (lifted, options) = operands(canon);
    let of_options = options
        .iter()
        .filter_map(|option| option_function(option).map(|(func, _)| func));
    lifted.into_iter().chain(of_options).collect()
}

fn count_type(writer: &mut Writer, ty: &ComponentTypeRef) {
    match ty {
        ComponentTypeRef::Func(_) => writer.funcs.skip(1),
        ComponentTypeRef::Type(_) => writer.types.skip(1),
        ComponentTypeRef::Instance(_) => writer.instances.skip(1),
        // The component does not define these again.
        ComponentTypeRef::Module(_) | ComponentTypeRef::Value(_) | ComponentTypeRef::Component(_) => {}
    }
}

fn count_kind(writer: &mut Writer, kind: ComponentExternalKind) {
    match kind {
        ComponentExternalKind::Func => writer.funcs.skip(1),
        ComponentExternalKind::Type => writer.types.skip(1),
        ComponentExternalKind::Instance => writer.instances.skip(1),
        ComponentExternalKind::Module | ComponentExternalKind::Value | ComponentExternalKind::Component => {}
    }
}

/// The functions of `$main` that the component needs before `$main` exists: functions of `$early` call them through a
/// table that `$late` fills.
struct Early<'s> {
    functions: Vec<(&'s str, wasm_encoder::SubType, u32)>,
}

impl<'s> Early<'s> {
    fn new(info: &ModuleInfo<'_>, world: &'s World) -> Result<Early<'s>, AdaptError> {
        let mut functions = Vec::new();
        for name in &world.parts.early {
            let export = info.exports.iter().find(|export| export.name == name);
            let export = export.ok_or_else(|| AdaptError::missing("export", name))?;
            let ty = info.function_type(FuncIndex(export.index))?;
            let (params, results) = value_types(ty)?;
            functions.push((name.as_str(), shared_func(&params, &results), params.len() as u32));
        }
        Ok(Early { functions })
    }

    fn table(&self) -> TableType {
        let count = self.functions.len() as u64;
        TableType {
            element_type: SHARED_FUNCREF,
            table64: false,
            minimum: count,
            maximum: Some(count),
            shared: true,
        }
    }

    /// Writes `$early`, unless it would be empty.
    fn instantiate(&self, writer: &mut Writer) -> Option<u32> {
        if self.functions.is_empty() {
            return None;
        }
        let (mut types, mut functions, mut tables) = (TypeSection::new(), FunctionSection::new(), TableSection::new());
        let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
        tables.table(self.table());
        exports.export("table", ExportKind::Table, 0);
        for (index, (name, ty, params)) in (0..).zip(&self.functions) {
            types.ty().subtype(ty);
            functions.function(index);
            exports.export(name, ExportKind::Func, index);
            let mut body = Function::new([]);
            (0..*params).for_each(|param| {
                body.instructions().local_get(param);
            });
            body.instructions()
                .i32_const(index as i32)
                .call_indirect(0, index)
                .end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables);
        module.section(&exports).section(&code);
        let module = writer.core_module("early", &module);
        Some(writer.instantiate("early", module, &[]))
    }

    /// Writes `$late`, which fills the table of `$early` and runs the module's initialiser.
    fn fill(&self, writer: &mut Writer, start: Option<&str>, early: Option<u32>, main: u32) {
        if early.is_none() && start.is_none() {
            return;
        }
        let (mut types, mut imports, mut elements) = (TypeSection::new(), ImportSection::new(), ElementSection::new());
        let mut args = vec![(MAIN, main)];
        if let Some(early) = early {
            args.push((EARLY, early));
            imports.import(EARLY, "table", self.table());
            let count = self.functions.len() as u32;
            elements.active(
                Some(0),
                &ConstExpr::i32_const(0),
                Elements::Functions((0..count).collect::<Vec<_>>().into()),
            );
        }
        for (index, (name, ty, _)) in (0..).zip(&self.functions) {
            types.ty().subtype(ty);
            imports.import(MAIN, name, EntityType::Function(index));
        }
        let count = self.functions.len() as u32;
        if let Some(start) = start {
            types.ty().subtype(&shared_func(&[], &[]));
            imports.import(MAIN, start, EntityType::Function(count));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        if start.is_some() {
            module.section(&StartSection { function_index: count });
        }
        if early.is_some() {
            module.section(&elements);
        }
        let module = writer.core_module("late", &module);
        writer.instantiate("late", module, &args);
    }
}
