//! Inspect: reports what a component or a core module needs, without validating it.
//!
//! **Problem.** If a file does not run as expected, its author wants to see at a glance what it contains that concerns
//! threads: the canonical built-ins and how they spawn, shared items, context slots, limits. **Before:** a binary.
//! **After:** a [`Report`], plain data that prints itself as text and serialises under its fields' names, which
//! `docs/inspect.md` lists.
//!
//! One pass over the sections reads the binary, with a frame for each open component and module. It validates nothing,
//! because people inspect files that do not run.
//!
//! **Rejected:** making the report from the plan (a component that weft refuses has none).

mod builtins;
mod component;
mod module;
mod text;

pub(crate) use component::read;
use serde::Serialize;

/// What a component or a core module asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether it is a component or a core module.
    pub format: Format,
    /// The canonical built-ins that a component defines, nested components included, by name. Lifts and lowers are none.
    pub builtins: Vec<BuiltinReport>,
    /// The context slots for which there is a built-in, by number.
    pub context: Vec<ContextSlot>,
    /// The core modules of a component, nested components included, in the order of the binary; or the one module.
    pub modules: Vec<Module>,
    /// What is imported.
    pub imports: Vec<Item>,
    /// What is exported.
    pub exports: Vec<Item>,
}

/// The kinds of binaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A component.
    Component,
    /// A core module.
    Module,
}

/// Canonical definitions of one built-in, those that start threads by how they do it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BuiltinReport {
    /// The name, as the specification spells it: `thread.spawn-indirect`.
    pub name: String,
    /// For a built-in that starts a thread: whether the thread may run in parallel with others. For
    /// `thread.available-parallelism`: whether the function is shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
    /// For a built-in that starts a thread: the type of the start function's argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
    /// How many definitions there are.
    pub count: u32,
}

/// A context slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextSlot {
    /// Its number.
    pub slot: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether there is a `context.get` for it.
    pub get: bool,
    /// Whether there is a `context.set` for it.
    pub set: bool,
}

/// A core module.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Module {
    /// Its name in the component's or its own name section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its memories, imported ones first.
    pub memories: Vec<Memory>,
    /// Its tables, imported ones first.
    pub tables: Vec<Table>,
    /// Its globals.
    pub globals: Count,
    /// Its functions.
    pub functions: Count,
    /// Its tags. A tag is shared if its type is.
    pub tags: Count,
    /// Its types.
    pub types: Count,
}

/// A number of items of one kind, imported ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// How many there are.
    pub total: u32,
    /// How many of them are shared.
    pub shared: u32,
}

/// A memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// The initial size in pages.
    pub minimum: u64,
    /// The greatest size in pages, if there is one.
    pub maximum: Option<u64>,
    /// The size of a page in bytes.
    pub page_size: u64,
    /// The type of addresses: `i32` or `i64`.
    pub index: &'static str,
    /// Whether it is shared.
    pub shared: bool,
    /// Whether it is imported.
    pub imported: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The initial number of elements.
    pub minimum: u64,
    /// The greatest number of elements, if there is one.
    pub maximum: Option<u64>,
    /// The type of indices: `i32` or `i64`.
    pub index: &'static str,
    /// The type of elements.
    pub element: String,
    /// Whether it is shared.
    pub shared: bool,
    /// Whether it is imported.
    pub imported: bool,
}

/// An import or export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// For an import of a core module: the name of the module from which it comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The name.
    pub name: String,
    /// What it is: `function`, `instance`, `core module`, `memory`, ….
    pub kind: &'static str,
    /// In a core module: the type, in the text format.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
}
