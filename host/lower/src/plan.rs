//! The plan: what it takes to instantiate a lowered component on one thread, as flat lists without nesting.
//!
//! Before: a component, with nested scopes, aliases and adapters. After: [`Plan`]: one core module, and what its imports
//! are given. The plan is plain data. It names no engine, so that it can be printed, compared in tests, and executed by
//! any runtime.

mod canonical;
mod core_exports;
mod resources;
mod thread_effect;

pub use canonical::{CanonicalOptions, Export, FunctionImport, Lowered, OptionMemory};
pub use core_exports::{CORE_ENTER, CORE_EXPORT, CORE_LEAVE, CoreEntry, CoreExport, CoreExports, CoreItem, CoreTable};
pub use resources::{Destructor, ResourceName, ResourceType, ResourceView};
pub use thread_effect::ThreadEffect;

use serde::{Deserialize, Serialize};
use weft_abi::{AddressWidth, ResourceIndex, Transcoding, Types};

/// Everything that a runtime needs to know about a component.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The run-time module: all core modules of the component in one, which every thread instantiates. A serialized
    /// plan does not contain it, because it is stored with the code that the engine compiled from the module.
    #[serde(skip)]
    pub wasm: Vec<u8>,
    /// How many functions, tables, memories, globals and tags the run-time module has, including imported ones, plus
    /// the elements of passive segments. An engine keeps a record of each in every store.
    pub items: u64,
    /// The memories that each instance of the run-time module defines for itself.
    pub own_memories: OwnMemories,
    /// The run-time module's imports, in its order. All have different names.
    pub arguments: Vec<Definition>,
    /// The shared memories, and those that the component passes to host modules. The host creates each once, for all
    /// threads.
    pub memories: Vec<Memory>,
    /// The shared tables that change after instantiation.
    pub tables: Vec<WrittenTable>,
    /// The names under which the run-time module exports the context slots that the component uses, as mutable globals of
    /// type `i32` or `i64`. A new thread finds zero in them.
    pub context_slots: Vec<String>,
    /// The hidden memory in which the host counts the threads that wait, if some code notifies: [`WAITER_COUNTS`] counts of 32
    /// bits, [`WAITER_COUNT_STRIDE`] bytes apart. The count of an address, of whatever memory, is that of its word modulo their
    /// number. The code calls the host only if it finds that the count is not 0.
    pub waiter_counts: Option<MemoryIndex>,
    /// What [`INITIALIZE_EXPORT`] does.
    pub initialization: Initialization,
    /// The lifted functions that the component exports.
    pub exports: Vec<Export>,
    /// What core modules export for the host.
    pub core_exports: CoreExports,
    /// The types of values that component functions take and return.
    pub types: Types,
    /// The resource type of each [`ResourceIndex`]. `None` if no type of a value uses the index.
    pub resources: Vec<Option<ResourceView>>,
    /// The resource types, imported ones first.
    pub resource_types: Vec<ResourceType>,
    /// The imports that must be a resource type which the component knows by another name: `(type (eq $r))`. The host need not supply
    /// them. If it does, it must supply the same type.
    pub equal_resources: Vec<ResourceName>,
    /// The resource types that the component exports, sorted by path.
    pub exported_resources: Vec<ResourceName>,
    /// The core modules that the component exports, sorted by path. Those that the host implements are not here.
    pub exported_modules: Vec<ExportedModule>,
    /// The canonical options of those functions, all different.
    pub options: Vec<CanonicalOptions>,
    /// The instances of the core modules that the component imports, in the order in which they are made.
    pub imports: Vec<Import>,
    /// The component functions that the component imports.
    pub functions: Vec<FunctionImport>,
    /// The instances that the component imports, by path: the names of the instances that each is in, outermost first, and its own.
    pub instances: Vec<Vec<String>>,
    /// Those functions as core modules call them.
    pub lowered: Vec<Lowered>,
    /// The component instances with their own thread tables: those whose built-ins look threads up. All others share
    /// one.
    pub threaded: Vec<ComponentInstanceIndex>,
    /// The component instances whose unshared state has a store of its own, by store: [`HomeIndex`] 1 is the first. The
    /// state of all others is in the store of the host's calls.
    pub homes: Vec<Vec<ComponentInstanceIndex>>,
    /// The names of the component's other imports, except types. No core module uses them, but the component cannot be
    /// instantiated without them.
    pub unsupplied: Vec<String>,
    /// Present if the plan is that of a component which a linker may supply with core modules.
    pub template: Option<Template>,
}

/// A component that imports core modules, from which a plan with core modules for these can be made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Template {
    /// The component, in the specification's encoding.
    pub component: Vec<u8>,
    /// Why the host cannot implement one of the core modules with functions. Then the plan lists only the core modules, and
    /// the run-time module is empty.
    pub refused: Option<String>,
}

impl Plan {
    /// How many thread tables the program has.
    pub fn thread_tables(&self) -> usize {
        self.threaded.len() + 1
    }

    /// The thread table of a component instance.
    pub fn thread_table(&self, instance: ComponentInstanceIndex) -> ThreadTableIndex {
        let position = self.threaded.iter().position(|threaded| *threaded == instance);
        ThreadTableIndex(position.map_or(0, |position| position as u32 + 1))
    }

    /// The home of a component instance.
    pub fn home(&self, instance: ComponentInstanceIndex) -> HomeIndex {
        let position = self.homes.iter().position(|home| home.contains(&instance));
        HomeIndex(position.map_or(0, |position| position as u32 + 1))
    }

    /// The thread table of the thread that instantiates the program. If several component instances have one, [`INITIALIZE_EXPORT`]
    /// enters them where it calls their start functions.
    pub fn initializing_thread_table(&self) -> ThreadTableIndex {
        ThreadTableIndex(u32::from(self.threaded.len() == 1))
    }
}

/// The name under which each run-time module exports the function that initializes it once for all threads: it copies
/// active segments of shared items, sets the initial values of shared globals, and calls start functions. The function
/// has no parameters and no results.
pub const INITIALIZE_EXPORT: &str = "weft:initialize";

/// What [`INITIALIZE_EXPORT`] does, by how long it can take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Initialization {
    /// Nothing.
    #[default]
    Nothing,
    /// It copies segments, sets globals, and calls start functions that have no loops and call nothing.
    Items,
    /// It calls other start functions, or waits for the exclusive lock of a component instance.
    Functions,
}

/// The prefix of the names under which the run-time module exports lifted functions and their `post-return` functions.
/// The name section gives the functions the same names.
///
/// Such a function takes a 64-bit number for each core parameter and returns one for the core result. A function without a result
/// returns zero. A floating-point value is passed as its bits. A narrower parameter ignores the upper half of its number, and a narrower
/// result sets it to zero.
pub const LIFT_EXPORT: &str = "weft:lift ";

/// What the name section calls the functions that call `realloc` for the result of a lowered function: see [`Lowered::allocates`].
pub const ALLOCATE_NAME: &str = "weft:allocate";

/// What the name section calls the functions that call a function of an imported core module: see [`HOST_IMPORT_EXPORT`].
pub const HOST_CALL_NAME: &str = "weft:host-call";

/// The name under which the run-time module exports a mutable global of type `i32` if the component passes several memories to the core
/// modules that it imports: when a function of such a module is called, the [`ImportIndex`] through which it is called. Each store has one
/// call stack, and so one global.
pub const HOST_IMPORT_EXPORT: &str = "weft:host-import";

/// What the name section calls the functions that call a destructor for `resource.drop`: see [`Builtin::ResourceRemove`].
pub const DROP_NAME: &str = "weft:drop";

/// The name under which the run-time module exports the table of the functions to which a [`FunctionHandle`] can refer.
/// It is filled alike on every thread; its element 0 is null.
pub const FUNCTIONS_EXPORT: &str = "weft:functions";

/// The name under which the run-time module exports a mutable global of type `i32` if its component instances call each other: 0
/// while the instance whose code runs may not be left. Each store has one call stack, and so one global.
pub const MAY_LEAVE_EXPORT: &str = "weft:may-leave";

/// The name under which the run-time module exports a mutable global of type `i32` if its component instances lend each other
/// resources: which of the calls between them that have borrowed something is the innermost call, and 0 if that one has borrowed
/// nothing. Each store has one call stack, and so one global.
pub const BORROW_SCOPE_EXPORT: &str = "weft:borrow-scope";

/// Where in the memory of a [`WrittenTable`] its length stands: 64 bits, little endian, in elements.
pub const TABLE_LENGTH_ADDRESS: u64 = 0;

/// Where in the memory of a [`WrittenTable`] its elements begin: 32 bits each, little endian, each a [`FunctionHandle`].
pub const TABLE_ELEMENTS_ADDRESS: u64 = 16;

/// How many counts of waiting threads there are.
pub const WAITER_COUNTS: u64 = 1024;

/// Their distance: a cache line, so that a thread that waits at one address does not slow down a thread that notifies at
/// another.
pub const WAITER_COUNT_STRIDE: u64 = 64;

/// The size of the memory that holds them.
pub const WAITER_COUNTS_SIZE: u64 = WAITER_COUNTS * WAITER_COUNT_STRIDE;

/// A reference to a function that means the same on all threads: an index into the table [`FUNCTIONS_EXPORT`]. 0 is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FunctionHandle(pub u32);

macro_rules! index {
    ($(#[$doc:meta] $name:ident)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// An index into [`Plan::tables`].
    WrittenTableIndex
    /// An index into [`Plan::imports`].
    ImportIndex
    /// An index into [`Plan::functions`].
    FunctionImportIndex
    /// An index into [`Plan::lowered`].
    LoweredIndex
    /// An index into [`Plan::options`].
    OptionsIndex
    /// An index into [`Plan::resource_types`].
    ResourceTypeIndex
    /// A component instance, by the order in which the instances are made.
    ComponentInstanceIndex
    /// A store with unshared state. Those of [`Plan::homes`] begin at 1; 0 is the one of all other component instances.
    HomeIndex
    /// A thread table. Those of [`Plan::threaded`] begin at 1; 0 is the one of all other component instances.
    ThreadTableIndex
}

/// The memories that the run-time module defines: those that are not shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnMemories {
    /// How many there are.
    pub count: u64,
    /// How many of them have active segments, of which an engine may keep an image.
    pub with_segments: u64,
}

/// A memory that the host creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The initial size in pages.
    pub minimum: u64,
    /// The greatest size in pages.
    pub maximum: u64,
    /// Whether addresses are 64 bits wide.
    pub memory64: bool,
    /// Whether the component says that it is shared. If not, only calls of exports use it, and waiting on it traps.
    pub shared: bool,
    /// Whether it is not one of the component's, but holds its shared globals and tables.
    pub hidden: bool,
}

/// A shared table of functions that changes after instantiation. It lives in a memory, so that all threads see changes.
///
/// [`INITIALIZE_EXPORT`] gives it its first length and elements. The length never shrinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenTable {
    /// The hidden memory that holds it, whose layout is that of [`TABLE_LENGTH_ADDRESS`] and [`TABLE_ELEMENTS_ADDRESS`].
    pub memory: MemoryIndex,
    /// The greatest length in elements.
    pub maximum: u64,
    /// Whether indices are 64 bits wide.
    pub table64: bool,
}

/// An instance of a core module that the component imports: what the host supplies it with. Several can have one name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Import {
    /// The names in [`Import::path`], with `/` between them.
    pub name: String,
    /// The names of the instances that the import is in, outermost first, and its own.
    pub path: Vec<String>,
    /// The names of its exports that the component uses, sorted.
    pub uses: Vec<String>,
    /// The memory that the component passes to it, if it passes one.
    pub memory: Option<MemoryIndex>,
}

/// A core module that the component exports.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportedModule {
    /// The names of the instances that it is in, outermost first, and its own.
    pub path: Vec<String>,
    /// Its binary, as the component's author wrote it, with canonical sections in wasm-tools' encoding.
    pub wasm: Vec<u8>,
}

/// The argument for an import of the run-time module.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Definition {
    /// A memory that the host creates.
    Memory(MemoryIndex),
    /// An export of a core module that the host supplies.
    Import(ImportIndex, String),
    /// A component function that the host supplies, as core modules call it.
    Lowered(LoweredIndex),
    /// A function that the runtime implements.
    Builtin(Builtin),
}

/// A table that threads are started from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StartTable {
    /// One that never changes: the run-time module exports it under this name.
    Fixed {
        /// The export's name.
        export: String,
        /// Whether indices are 64 bits wide.
        table64: bool,
    },
    /// One that changes.
    Written(WrittenTableIndex),
}

/// The type of the functions that threads start with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StartExport {
    /// The name under which the run-time module exports a function of this type. It is not to be called.
    pub export: String,
    /// Whether the parameter is an `i64` rather than an `i32`.
    pub wide: bool,
}

/// A function that the runtime implements. Thread indices, and results without a type, are `i32`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Builtin {
    /// `thread.spawn-indirect`: index into the table, argument; gives the thread's index.
    SpawnIndirect(StartTable, StartExport),
    /// `thread.spawn-ref`: a reference `(ref null $start)`, argument; gives the thread's index.
    SpawnRef(StartExport),
    /// `thread.new-indirect`: index into the table, argument; gives the thread's index.
    NewIndirect(StartTable, StartExport),
    /// `thread.index`.
    ThreadIndex,
    /// `thread.available-parallelism`.
    AvailableParallelism,
    /// `thread.resume-later`: the index of a thread.
    ResumeLater,
    /// `thread.suspend`; gives 0.
    Suspend,
    /// `thread.yield`; gives 0.
    Yield,
    /// `thread.suspend-then-resume`: the index of a thread; gives 0.
    SuspendThenResume,
    /// `thread.yield-then-resume`: the index of a thread; gives 0.
    YieldThenResume,
    /// `thread.suspend-then-promote`: the index of a thread; gives 0.
    SuspendThenPromote,
    /// `thread.yield-then-promote`: the index of a thread; gives 0.
    YieldThenPromote,
    /// `memory.atomic.wait32` on a memory: address, expected value, timeout in nanoseconds, offset.
    Wait32(MemoryIndex),
    /// `memory.atomic.wait64` on a memory, with the same parameters.
    Wait64(MemoryIndex),
    /// `memory.atomic.notify` on a memory, at an address that is aligned and inside: address, count, offset.
    Notify(MemoryIndex),
    /// `memory.grow` of a shared memory: by how many pages, which has the type of the memory's addresses, as has the result: the
    /// size before in pages, or -1.
    GrowMemory(MemoryIndex),
    /// Copies a string from one component instance's memory to another's, with the arguments and results of [`Transcoding`].
    Transcode {
        /// What it does.
        transcoding: Transcoding,
        /// The memory that it reads.
        from: OptionMemory,
        /// The memory that it writes.
        to: OptionMemory,
    },
    /// Stores the result of the lowered function that asked for memory last: the pointer, which has the type of the memory's addresses.
    StoreResult(AddressWidth),
    /// Traps: the number of the reason, as the engine numbers them.
    Trap,
    /// Begins a call to a component instance with this thread table: the code that follows runs as a new thread there.
    EnterInstance(ThreadTableIndex),
    /// Ends the call that began last.
    ExitInstance,
    /// Begins a call to a component instance with its own home: waits for the exclusive lock of the home.
    EnterExclusively(ComponentInstanceIndex),
    /// Ends the exclusive call that began last.
    ExitExclusively,
    /// Calls a core function of a component instance in its home, which the caller has entered or runs in. The context
    /// slots are copied there and back.
    CallExclusively {
        /// The component instance.
        instance: ComponentInstanceIndex,
        /// The run-time module's export.
        export: String,
    },
    /// The [`FunctionHandle`] of a `funcref`.
    FunctionHandle,
    /// `table.grow` of a written table: the handle to fill with, and by how many elements, which has the type of the table's
    /// indices, as has the result: the length before, or -1.
    GrowTable(WrittenTableIndex),
    /// `resource.new`: a representation; gives the handle.
    ResourceNew(ResourceIndex),
    /// `resource.rep`: a handle; gives the representation.
    ResourceRep(ResourceIndex),
    /// `resource.drop`: a handle.
    ResourceDrop(ResourceIndex),
    /// The part of `resource.drop` before the destructor, which the run-time module calls: a handle; gives an `i64`, which is -1 if there
    /// is nothing to destroy, and else the representation.
    ResourceRemove(ResourceIndex),
    /// Passes an owned handle from one component instance to another: the handle, and the [`ResourceIndex`] of its type in each; gives
    /// the new handle.
    TransferOwn,
    /// Lends a handle to a call of another component instance, with the same parameters and result.
    TransferBorrow,
    /// Ends what the call that [`BORROW_SCOPE_EXPORT`] names has borrowed.
    EndBorrows,
    /// Before an unshared table grows in steps: its length, and by how many elements, both `i64`; gives 1 if the program's limits allow
    /// it, and reserves the memory, or 0. Given a length of -1, traps: the system has refused memory in a step.
    ReserveTable,
}
