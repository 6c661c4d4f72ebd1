//! The name section of `$main`: the input's names under the new indices, and the names of added functions.
//!
//! `Reencode` alone is not enough: the import `wasi.thread-spawn` becomes one of the last functions, merged imports have two
//! names, and a name map must be in ascending order. A malformed name section does not make a module invalid, so the adapter
//! skips names that it cannot read or that refer to nothing.

use crate::index::{FuncIndex, MainFunc};
use crate::input::info::ModuleInfo;
use crate::rewrite::Rewriter;
use std::collections::BTreeMap;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{IndirectNameMap, NameMap, NameSection};
use wasmparser::Name;

/// Makes the name section. The arguments name the functions that the input does not have.
pub(crate) fn name_section<'n>(
    info: &ModuleInfo<'_>,
    rewriter: &mut Rewriter,
    added: impl Iterator<Item = (MainFunc, &'n str)>,
) -> NameSection {
    let mut names = NameSection::new();
    let subsections = || info.name_section.clone().into_iter().flatten().map_while(Result::ok);
    let mut functions = BTreeMap::new();
    for subsection in subsections() {
        match subsection {
            Name::Module { name, .. } => names.module(name),
            Name::Function(map) => {
                for naming in map.into_iter().map_while(Result::ok) {
                    if let Ok(func) = rewriter.function(FuncIndex(naming.index)) {
                        functions.entry(func).or_insert(naming.name.to_string());
                    }
                }
            }
            _ => {}
        }
    }
    functions.extend(added.map(|(func, name)| (func, name.to_string())));
    let mut map = NameMap::new();
    functions.iter().for_each(|(func, name)| map.append(func.0, name));
    names.functions(&map);
    subsections().for_each(|subsection| other_names(info, rewriter, &mut names, subsection));
    names
}

fn other_names(info: &ModuleInfo<'_>, rewriter: &mut Rewriter, names: &mut NameSection, subsection: Name<'_>) {
    match subsection {
        Name::Label(map) => names.labels(&of_own_functions(info, rewriter, map)),
        Name::Global(map) => {
            let mut globals = NameMap::new();
            for naming in map.into_iter().map_while(Result::ok) {
                if let Ok(global) = rewriter.global_index(naming.index) {
                    globals.append(global, naming.name);
                }
            }
            names.globals(&globals);
        }
        // The indices of these do not change.
        Name::Type(map) => names.types(&same_indices(map)),
        Name::Table(map) => {
            let mut tables = BTreeMap::new();
            for naming in map.into_iter().map_while(Result::ok) {
                if let Ok(table) = rewriter.table_index(naming.index) {
                    tables.entry(table).or_insert(naming.name);
                }
            }
            let mut map = NameMap::new();
            tables.iter().for_each(|(table, name)| map.append(*table, name));
            names.tables(&map);
        }
        Name::Memory(map) => names.memories(&same_indices(map)),
        Name::Element(map) => names.elements(&same_indices(map)),
        Name::Data(map) => names.data(&same_indices(map)),
        Name::Tag(map) => names.tags(&same_indices(map)),
        // Printers write names of parameters in signatures, and print shared functions without a signature. The text would use
        // names that it does not define.
        Name::Local(_) => {}
        Name::Module { .. } | Name::Function(_) | Name::Field(_) | Name::Unknown { .. } => {}
    }
}

fn same_indices(map: wasmparser::NameMap<'_>) -> NameMap {
    let mut names = NameMap::new();
    map.into_iter()
        .map_while(Result::ok)
        .for_each(|naming| names.append(naming.index, naming.name));
    names
}

/// Names inside functions. Skips imported functions, whose order may have changed, because their names do not matter.
fn of_own_functions(
    info: &ModuleInfo<'_>,
    rewriter: &Rewriter,
    map: wasmparser::IndirectNameMap<'_>,
) -> IndirectNameMap {
    let mut names = IndirectNameMap::new();
    for naming in map.into_iter().map_while(Result::ok) {
        let own = naming.index as usize >= info.imported_functions;
        if let (true, Ok(func)) = (own, rewriter.function(FuncIndex(naming.index))) {
            names.append(func.0, &same_indices(naming.names));
        }
    }
    names
}
