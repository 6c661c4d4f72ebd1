//! The core module `$main`: the input's code, with everything that threads share imported.
//!
//! ```wat
//! (core module $main
//!   (import "$state" "memory" (memory 17 16384 shared))
//!   (import "wasi_snapshot_preview1" "fd_write" (func (type 1)))    ;; each import of a host, once
//!   (import "$root" "[thread-index]" (func (type 9)))               ;; each built-in that is used
//!   ..)                                                             ;; the input's functions, then added ones
//! ```
//!
//! The order of functions is: host functions, built-ins, the input's own, added ones. All sections are written in the
//! order of the binary format from readers of the input's sections, so that code is streamed and never held decoded.
//!
//! Of the custom sections, the name section stays (with the new indices), and so do those whose contents stay valid.
//! The adapter drops the linker's sections, because they contain offsets and indices of the old code, and unknown sections,
//! because they may contain some. Debugging information is kept under other names if asked for: see [`debug`](crate::main_module::debug).

pub(crate) mod added;
pub(crate) mod blocks;
pub(crate) mod core_exports;
pub(crate) mod debug;
pub(crate) mod layout;
pub(crate) mod name_section;
pub(crate) mod pool;
pub(crate) mod records;

use crate::builtin::ROOT;
use crate::error::AdaptError;
use crate::index::{FuncIndex, MainFunc, TableIndex};
use crate::input::info::ModuleInfo;
use crate::main_module::added::{Added, AddedFunction, EntryPoints};
use crate::main_module::debug::{debug_sections, positions_section};
use crate::main_module::layout::Functions;
use crate::main_module::name_section::name_section;
use crate::plan::Plan;
use crate::plan::globals::Global;
use crate::plan::imports::STATE;
use crate::rewrite::{Access, Rewriter};
use crate::state::{SHARED_FUNCREF, State};
use crate::types::{AddedTypes, value_types};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, FunctionSection, GlobalSection, ImportSection, Module, RefType, StartSection,
    TableSection, TagSection, TypeSection,
};
use wasmparser::{ElementItems, ElementKind};
use weft_lower::positions::Positions;

/// The input's types, shared.
pub(crate) fn type_section(info: &ModuleInfo<'_>, rewriter: &mut Rewriter) -> Result<TypeSection, AdaptError> {
    let mut types = TypeSection::new();
    if let Some(section) = &info.type_section {
        for group in section.clone().into_iter_with_offsets() {
            let (offset, group) = group?;
            rewriter
                .at("a type", offset)
                .parse_recursive_type_group(types.ty(), group)?;
        }
    }
    Ok(types)
}

/// Encodes `$main`.
pub(crate) fn encode(
    info: &ModuleInfo<'_>,
    plan: &Plan<'_>,
    state: &State,
    functions: &Functions,
    rewriter: &mut Rewriter,
) -> Result<Module, AdaptError> {
    let mut builtin_types = AddedTypes::new(info);
    let imports = import_section(info, plan, state, rewriter, functions, &mut builtin_types)?;

    let mut added = Added::new(
        plan,
        &functions.builtins,
        builtin_types,
        (state.records, state.contexts),
        functions.first_added,
    );
    added.thread_spawn()?;
    let first_start = added.functions.len();
    added.reserve_starts()?;
    added.stand_ins(info)?;
    let accessors = plan
        .globals
        .per_thread
        .iter()
        .map(|global| added.accessors(global))
        .collect::<Result<Vec<_>, _>>()?;
    rewriter.globals = plan
        .globals
        .all
        .iter()
        .map(|global| access(plan, &accessors, global))
        .collect();
    let points = added.entry_points(info, rewriter, first_start)?;
    let Added {
        types: added_types,
        functions: added,
        ..
    } = added;

    let mut types = type_section(info, rewriter)?;
    for ty in &added_types.types {
        types.ty().subtype(&ty.encoded());
    }
    // Before the elements: they declare the functions that code refers to.
    let code = code_section(info, rewriter, &added)?;
    let mut module = Module::new();
    if let Some(positions) = &rewriter.positions {
        module.section(&positions_section(positions));
    }
    module.section(&types).section(&imports);
    module.section(&function_section(info, &added));
    module.section(&table_section(info, plan, rewriter)?);
    if let Some(section) = &info.tag_section {
        let mut tags = TagSection::new();
        rewriter.parse_tag_section(&mut tags, section.clone())?;
        module.section(&tags);
    }
    module.section(&global_section(plan, rewriter)?);
    module.section(&export_section(info, rewriter, &points)?);
    if let Some(start) = points.start {
        module.section(&StartSection {
            function_index: start.0,
        });
    }
    module.section(&element_section(info, state, rewriter, &points)?);
    if let Some(count) = info.data_count {
        module.section(&DataCountSection { count });
    }
    module.section(&code);
    if let Some(section) = &info.data_section {
        let mut data = DataSection::new();
        rewriter
            .at("a data segment", 0)
            .parse_data_section(&mut data, section.clone())?;
        module.section(&data);
    }
    module.section(&name_section(info, rewriter, added_names(functions, &added)));
    add_custom_sections(&mut module, info);
    Ok(module)
}

/// Adds the custom sections of the input that `$main` keeps.
fn add_custom_sections(module: &mut Module, info: &ModuleInfo<'_>) {
    for section in &info.kept_custom_sections {
        module.section(&CustomSection {
            name: section.name().into(),
            data: section.data().into(),
        });
    }
    if info.keeps_debug_info {
        for section in debug_sections(info) {
            module.section(&section);
        }
    }
}

fn access(plan: &Plan<'_>, accessors: &[(MainFunc, MainFunc)], global: &Global) -> Access {
    match global {
        Global::PerThread(position) => Access::PerThread {
            get: accessors[*position].0,
            set: accessors[*position].1,
        },
        Global::Immutable(position) => Access::Immutable(plan.globals.immutable[*position].main),
    }
}

fn import_section(
    info: &ModuleInfo<'_>,
    plan: &Plan<'_>,
    state: &State,
    rewriter: &mut Rewriter,
    functions: &Functions,
    types: &mut AddedTypes,
) -> Result<ImportSection, AdaptError> {
    let mut imports = ImportSection::new();
    for memory in state.memories.iter().take(state.main_memories) {
        imports.import(STATE, &memory.name, memory.ty);
    }
    for table in &state.tables {
        imports.import(STATE, &table.name, table.ty);
    }
    for (module, name, func) in &plan.imports.host_functions {
        let ty = match plan.stand_ins.contains(func) {
            true => {
                let ty = info.function_type(*func)?.clone();
                let ty = rewriter.at("an imported function", 0).func_type(ty)?;
                types.get(ty.params(), ty.results())
            }
            false => info.type_of(*func)?,
        };
        imports.import(module, name, EntityType::Function(ty.0));
    }
    for builtin in functions.builtins.keys() {
        let (params, results) = value_types(&builtin.ty())?;
        imports.import(
            ROOT,
            builtin.import_name(),
            EntityType::Function(types.get(&params, &results).0),
        );
    }
    for (module, name, global) in &plan.imports.host_globals {
        let global = info.global(*global)?;
        let ty = rewriter
            .at("an imported global", global.offset)
            .global_type(global.ty)?;
        imports.import(module, name, ty);
    }
    Ok(imports)
}

fn function_section(info: &ModuleInfo<'_>, added: &[AddedFunction]) -> FunctionSection {
    let mut functions = FunctionSection::new();
    for ty in info
        .functions
        .iter()
        .skip(info.imported_functions)
        .chain(added.iter().map(|func| &func.ty))
    {
        functions.function(ty.0);
    }
    functions
}

fn global_section(plan: &Plan<'_>, rewriter: &mut Rewriter) -> Result<GlobalSection, AdaptError> {
    let mut globals = GlobalSection::new();
    for global in &plan.globals.immutable {
        if let Some(init) = &global.init {
            rewriter.at("a global", global.offset);
            globals.global(rewriter.global_type(global.ty)?, &rewriter.const_expr(init.clone())?);
        }
    }
    Ok(globals)
}

fn export_section(
    info: &ModuleInfo<'_>,
    rewriter: &mut Rewriter,
    points: &EntryPoints<'_>,
) -> Result<ExportSection, AdaptError> {
    let mut exports = ExportSection::new();
    for (name, func) in &points.exports {
        exports.export(name, ExportKind::Func, func.0);
    }
    if info.world.is_none() {
        core_exports::export(&mut exports, info, core_exports::moved(rewriter), points.host_calls)?;
    }
    Ok(exports)
}

/// The tables that stay in `$main`.
fn table_section(info: &ModuleInfo<'_>, plan: &Plan<'_>, rewriter: &mut Rewriter) -> Result<TableSection, AdaptError> {
    let mut tables = TableSection::new();
    for (index, table) in (0..).map(TableIndex).zip(&info.tables) {
        if plan.spawn_table == Some(index) {
            continue;
        }
        let ty = rewriter.at("a table", table.offset).table_type(table.ty)?;
        match &table.init {
            Some(init) => tables.table_with_init(ty, &rewriter.const_expr(init.clone())?),
            None => tables.table(ty),
        };
    }
    Ok(tables)
}

/// The input's element segments, the functions that the adapter's threads start with, and a declaration of the functions that code
/// refers to, because the export that declared one may be gone.
fn element_section(
    info: &ModuleInfo<'_>,
    state: &State,
    rewriter: &mut Rewriter,
    points: &EntryPoints<'_>,
) -> Result<ElementSection, AdaptError> {
    let mut elements = ElementSection::new();
    if let Some(section) = &info.element_section {
        for segment in section.clone() {
            let segment = segment?;
            rewriter.at("an element segment", segment.range.start);
            let items = element_items(rewriter, segment.items)?;
            match segment.kind {
                ElementKind::Passive => elements.passive(items),
                ElementKind::Declared => elements.declared(items),
                ElementKind::Active {
                    table_index,
                    offset_expr,
                } => {
                    let offset = rewriter.const_expr(offset_expr)?;
                    // An explicit index: the short form for table 0 is for unshared `funcref`.
                    let table = rewriter.table_index(table_index.unwrap_or(0))?;
                    elements.active(Some(table), &offset, items)
                }
            };
        }
    }
    if let Some(table) = state.threads {
        let entries: Vec<u32> = points.threads.iter().map(|thread| thread.0).collect();
        elements.active(
            Some(table.0),
            &ConstExpr::i32_const(0),
            Elements::Functions(entries.into()),
        );
    }
    if !rewriter.referenced.is_empty() {
        let funcs: Vec<u32> = rewriter.referenced.iter().map(|func| func.0).collect();
        elements.declared(Elements::Functions(funcs.into()));
    }
    Ok(elements)
}

/// The elements of a segment. A list of function indices stays one, because engines fill tables fastest from those. Shared functions
/// give it the type `(ref (shared func))`. An empty list has no functions, so it names the type.
fn element_items<'a>(rewriter: &mut Rewriter, items: ElementItems<'a>) -> Result<Elements<'a>, AdaptError> {
    match items {
        ElementItems::Functions(funcs) if funcs.count() == 0 => {
            let ty = RefType {
                nullable: false,
                ..SHARED_FUNCREF
            };
            Ok(Elements::Expressions(ty, Vec::new().into()))
        }
        ElementItems::Functions(funcs) => {
            let mut items = Vec::with_capacity(funcs.count() as usize);
            for func in funcs {
                items.push(rewriter.function(FuncIndex(func?))?.0);
            }
            Ok(Elements::Functions(items.into()))
        }
        items => Ok(rewriter.element_items(items)?),
    }
}

fn code_section(
    info: &ModuleInfo<'_>,
    rewriter: &mut Rewriter,
    added: &[AddedFunction],
) -> Result<CodeSection, AdaptError> {
    let mut code = CodeSection::new();
    rewriter.positions = info.keeps_debug_info.then(Positions::default);
    if let Some(section) = &info.code_section {
        rewriter.code_start = section.range().start;
        rewriter.parse_code_section(&mut code, section.clone())?;
    }
    added.iter().for_each(|func| {
        code.function(&func.body);
    });
    Ok(code)
}

/// The names of functions that the input does not have.
fn added_names<'n>(functions: &'n Functions, added: &'n [AddedFunction]) -> impl Iterator<Item = (MainFunc, &'n str)> {
    let builtins = functions
        .builtins
        .iter()
        .map(|(builtin, func)| (*func, builtin.import_name()));
    let added = (functions.first_added.0..)
        .map(MainFunc)
        .zip(added.iter().map(|func| func.name.as_str()));
    builtins.chain(added)
}
