//! One core module: its items, and its imports and exports with their types.

use super::{Count, Item, Memory, Module, Table};
use crate::binary::module_items::{ModuleItems, page_size_log2};
use crate::error::LowerError;
use std::fmt::Write;
use wasmparser::{
    CompositeInnerType, Export, ExternalKind, FuncType, GlobalType, Import, KnownCustom, MemoryType, Name, Payload,
    TableType, TypeRef,
};

/// What has been read of a module.
#[derive(Debug, Default)]
pub(super) struct ModuleReader {
    items: ModuleItems,
    imports: Vec<Item>,
    exports: Vec<Item>,
    name: Option<String>,
}

impl ModuleReader {
    pub(super) fn payload(&mut self, payload: Payload<'_>) -> Result<(), LowerError> {
        self.items.section(&payload)?;
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(&import?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.export(&export?);
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    // A name section that cannot be read names nothing.
                    for name in names.into_iter().flatten() {
                        if let Name::Module { name, .. } = name {
                            self.name = Some(name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The module, its imports and its exports.
    pub(super) fn finish(self) -> (Module, Vec<Item>, Vec<Item>) {
        let items = &self.items;
        let is_shared = |ty: &u32| items.is_shared_type(*ty);
        let memories = items.memories.iter().zip(0..);
        let tables = items.tables.iter().zip(0..);
        let module = Module {
            memories: memories
                .map(|(ty, index)| memory(ty, index < items.imported.memories))
                .collect(),
            tables: tables
                .map(|(ty, index)| table(ty, index < items.imported.tables))
                .collect(),
            globals: count(&items.globals, |ty| ty.shared),
            functions: count(&items.functions, is_shared),
            tags: count(&items.tags, is_shared),
            types: count(&items.types, |ty| ty.composite_type.shared),
            name: self.name,
        };
        (module, self.imports, self.exports)
    }

    fn import(&mut self, import: &Import<'_>) {
        let (kind, ty) = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => ("function", self.function_text(ty)),
            TypeRef::Table(ty) => ("table", Some(table_text(&ty))),
            TypeRef::Memory(ty) => ("memory", Some(memory_text(&ty))),
            TypeRef::Global(ty) => ("global", Some(global_text(&ty))),
            TypeRef::Tag(ty) => ("tag", self.function_text(ty.func_type_idx)),
        };
        self.imports.push(Item {
            module: Some(import.module.to_owned()),
            name: import.name.to_owned(),
            kind,
            ty,
        });
    }

    fn export(&mut self, export: &Export<'_>) {
        let index = export.index as usize;
        let (kind, ty) = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                let ty = self.items.functions.get(index);
                ("function", ty.and_then(|ty| self.function_text(*ty)))
            }
            ExternalKind::Table => ("table", self.items.tables.get(index).map(table_text)),
            ExternalKind::Memory => ("memory", self.items.memories.get(index).map(memory_text)),
            ExternalKind::Global => ("global", self.items.globals.get(index).map(global_text)),
            ExternalKind::Tag => {
                let ty = self.items.tags.get(index);
                ("tag", ty.and_then(|ty| self.function_text(*ty)))
            }
        };
        self.exports.push(Item {
            module: None,
            name: export.name.to_owned(),
            kind,
            ty,
        });
    }

    fn function_text(&self, ty: u32) -> Option<String> {
        let ty = &self.items.types.get(ty as usize)?.composite_type;
        match &ty.inner {
            CompositeInnerType::Func(function) => Some(function_text(function, ty.shared)),
            _ => None,
        }
    }
}

fn count<T>(items: &[T], is_shared: impl Fn(&T) -> bool) -> Count {
    Count {
        total: items.len() as u32,
        shared: items.iter().filter(|item| is_shared(item)).count() as u32,
    }
}

fn index_type(is_64: bool) -> &'static str {
    match is_64 {
        true => "i64",
        false => "i32",
    }
}

fn memory(ty: &MemoryType, imported: bool) -> Memory {
    Memory {
        minimum: ty.initial,
        maximum: ty.maximum,
        // A size that does not fit is invalid.
        page_size: 1_u64.checked_shl(page_size_log2(ty)).unwrap_or(0),
        index: index_type(ty.memory64),
        shared: ty.shared,
        imported,
    }
}

fn table(ty: &TableType, imported: bool) -> Table {
    Table {
        minimum: ty.initial,
        maximum: ty.maximum,
        index: index_type(ty.table64),
        element: ty.element_type.to_string(),
        shared: ty.shared,
        imported,
    }
}

fn function_text(ty: &FuncType, shared: bool) -> String {
    let mut text = String::from("(func");
    for (keyword, types) in [("param", ty.params()), ("result", ty.results())] {
        if !types.is_empty() {
            let types: Vec<String> = types.iter().map(ToString::to_string).collect();
            // Writing to a string does not fail.
            let _ = write!(text, " ({keyword} {})", types.join(" "));
        }
    }
    text.push(')');
    match shared {
        true => format!("(shared {text})"),
        false => text,
    }
}

fn memory_text(ty: &MemoryType) -> String {
    let mut text = limits(ty.memory64, ty.initial, ty.maximum);
    if ty.shared {
        text.push_str(" shared");
    }
    if let Some(log2) = ty.page_size_log2 {
        let _ = write!(text, " (pagesize {})", 1_u64.checked_shl(log2).unwrap_or(0));
    }
    text
}

fn table_text(ty: &TableType) -> String {
    let shared = if ty.shared { "shared " } else { "" };
    format!(
        "{shared}{} {}",
        limits(ty.table64, ty.initial, ty.maximum),
        ty.element_type
    )
}

fn limits(is_64: bool, minimum: u64, maximum: Option<u64>) -> String {
    let index = if is_64 { "i64 " } else { "" };
    match maximum {
        Some(maximum) => format!("{index}{minimum} {maximum}"),
        None => format!("{index}{minimum}"),
    }
}

fn global_text(ty: &GlobalType) -> String {
    let words = [("shared", ty.shared), ("mut", ty.mutable)];
    let words = words.iter().filter(|(_, is_there)| *is_there).map(|(word, _)| *word);
    let words: Vec<&str> = words.collect();
    match words[..] {
        [] => ty.content_type.to_string(),
        _ => format!("({} {})", words.join(" "), ty.content_type),
    }
}
