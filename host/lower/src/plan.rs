//! The plan: what it takes to instantiate a lowered component on one thread, as flat lists without nesting.
//!
//! Before: a component, with nested scopes, aliases and adapters. After: [`Plan`], in which everything is named by
//! index, imports are in the order in which the engine wants them, and core modules are in their run-time form. The plan
//! is plain data. It names no engine, so that it can be printed, compared in tests, and executed by any runtime.

/// Everything that a runtime has to know of a component.
#[derive(Debug, Default)]
pub struct Plan {
    /// The component's shared memories. The host creates each once, for all threads.
    pub memories: Vec<Memory>,
    /// The core modules in their run-time form.
    pub modules: Vec<Module>,
    /// What a thread instantiates, in this order.
    pub instances: Vec<Instance>,
    /// The lifted functions that the component exports.
    pub exports: Vec<Export>,
    /// The core modules that the component imports, by name.
    pub imports: Vec<Import>,
    /// The instance that holds the context slots, and exports them under [`CONTEXT_SLOT_EXPORTS`].
    pub context: Option<InstanceIndex>,
}

/// The names under which one instance exports the two context slots, as mutable `i32` globals.
pub const CONTEXT_SLOT_EXPORTS: [&str; 2] = ["weft:context-0", "weft:context-1"];

/// The name under which a run-time module exports what it does once for all threads: active data segments of shared
/// memories, then the start function.
pub const INITIALIZE_EXPORT: &str = "weft:initialize";

macro_rules! index {
    ($(#[$doc:meta] $name:ident)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as one into a slice.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// An index into [`Plan::memories`].
    MemoryIndex
    /// An index into [`Plan::modules`].
    ModuleIndex
    /// An index into [`Plan::instances`].
    InstanceIndex
    /// An index into [`Plan::imports`].
    ImportIndex
}

/// A shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The initial size in pages.
    pub minimum: u64,
    /// The greatest size in pages.
    pub maximum: u64,
    /// Whether addresses are 64 bits wide.
    pub memory64: bool,
}

/// A core module in its run-time form.
#[derive(Debug)]
pub struct Module {
    /// The binary.
    pub wasm: Vec<u8>,
    /// Whether it exports [`INITIALIZE_EXPORT`].
    pub initialize: bool,
}

/// A step of instantiation.
#[derive(Debug)]
pub struct Instance {
    /// The module.
    pub module: ModuleIndex,
    /// The module's imports, in the module's order.
    pub arguments: Vec<Definition>,
}

/// A core module that the component imports: what the host supplies it with.
#[derive(Debug)]
pub struct Import {
    /// The import's name.
    pub name: String,
    /// The names of its exports that the component uses, sorted.
    pub uses: Vec<String>,
    /// The shared memory that the component passes to it, if it passes one.
    pub memory: Option<MemoryIndex>,
}

/// Where a core item comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A shared memory.
    Memory(MemoryIndex),
    /// An export of an instance that stands earlier in the list.
    Export(CoreExport),
    /// An export of a core module that the host supplies.
    Import(ImportIndex, String),
    /// A canonical built-in.
    Builtin(Builtin),
}

/// An export of a core instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CoreExport {
    /// The instance.
    pub instance: InstanceIndex,
    /// The export's name.
    pub name: String,
}

/// A function that the runtime implements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Builtin {
    /// `thread.spawn-indirect` on a table.
    SpawnIndirect(CoreExport),
    /// `thread.index`.
    ThreadIndex,
    /// `thread.available-parallelism`.
    AvailableParallelism,
    /// `memory.atomic.wait32` on a memory: address, expected value, timeout in nanoseconds, offset.
    Wait32(MemoryIndex),
    /// `memory.atomic.wait64` on a memory, with the same parameters.
    Wait64(MemoryIndex),
    /// `memory.atomic.notify` on a memory: address, count, offset.
    Notify(MemoryIndex),
    /// Whether a data segment of an instance's module, by its index, was dropped by any thread.
    IsSegmentDropped(InstanceIndex),
    /// Drops a data segment of an instance's module for all threads.
    DropSegment(InstanceIndex),
}

/// A lifted function that the component exports.
#[derive(Debug)]
pub struct Export {
    /// The names of the instances that it is in, outermost first, and its own: `["wasi:cli/run@0.2.6", "run"]`.
    pub path: Vec<String>,
    /// The core function that is lifted.
    pub function: CoreExport,
    /// The parameters' names and types.
    pub parameters: Vec<(String, ValueType)>,
    /// The result's type.
    pub result: Option<ValueType>,
    /// The function to call when the result has been read.
    pub post_return: Option<CoreExport>,
}

/// The type of a parameter or result of a lifted function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the component model's types")]
pub enum ValueType {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    Float32,
    Float64,
    Char,
    /// `result` without payloads.
    Result,
    /// Any type that does not fit in one core value, by its kind: a call refuses it.
    Other(String),
}

/// As WIT writes it.
impl std::fmt::Display for ValueType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ValueType::Bool => "bool",
            ValueType::S8 => "s8",
            ValueType::U8 => "u8",
            ValueType::S16 => "s16",
            ValueType::U16 => "u16",
            ValueType::S32 => "s32",
            ValueType::U32 => "u32",
            ValueType::S64 => "s64",
            ValueType::U64 => "u64",
            ValueType::Float32 => "f32",
            ValueType::Float64 => "f64",
            ValueType::Char => "char",
            ValueType::Result => "result",
            ValueType::Other(kind) => kind,
        })
    }
}
