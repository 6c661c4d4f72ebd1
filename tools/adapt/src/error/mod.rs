//! The ways in which adapting fails. Each variant says what is wrong, where, and what to do about it.

mod convert;

/// Why a module was not adapted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdaptError {
    /// The input does not begin with WebAssembly's magic number.
    #[error(
        "not WebAssembly: the input does not begin with the magic number `\\0asm`; give a core module in the \
         binary format"
    )]
    NotWasm,
    /// The input is WebAssembly text.
    #[error("this is WebAssembly text: convert it to the binary format first")]
    Text,
    /// The input is a component already.
    #[error("this is already a component, and `weft adapt` takes core modules: run it as it is")]
    Component,
    /// The input is a core module that is not valid.
    #[error(
        "not a valid core module: {message} (at offset {offset:#x}); rebuild it, or check that the file is complete"
    )]
    Invalid {
        /// What the validator says.
        message: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The module is valid, but an item other than a memory is shared.
    #[error(
        "{item} needs the shared-everything-threads proposal (at offset {offset:#x}), which `weft adapt` does not \
         support: write a component that contains the module"
    )]
    SharedItem {
        /// The first that is shared: `type N`, `function N`, ….
        item: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The module has the exception instructions that WebAssembly 3.0 replaced.
    #[error(
        "{item} has legacy exception instructions (at offset {offset:#x}), which weft does not run: compile with \
         `-mllvm -wasm-use-legacy-eh=false`, or turn them into `try_table` with `wasm-opt --translate-to-exnref`"
    )]
    LegacyExceptions {
        /// The first that has them: `function N`.
        item: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The module is valid by a proposal that weft does not have.
    #[error("{item} needs a feature that weft does not support: {message} (at offset {offset:#x}); compile without it")]
    Proposal {
        /// The first that needs it: `type N`, `function N`, ….
        item: String,
        /// What the validator says.
        message: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The module would take too long to validate for its size. `docs/limits.md` lists the limits.
    #[error("the module has more than {limit} {name} (at offset {offset:#x}): {advice}")]
    Limit {
        /// What exceeds the limit.
        name: &'static str,
        /// How many there may be.
        limit: u64,
        /// What to do.
        advice: &'static str,
        /// Byte offset into the input.
        offset: u64,
    },
    /// The module is made for another host: by Emscripten, or for a WIT world, …
    #[error("{item} (at offset {offset:#x}) shows that this is {what}: {advice}")]
    Foreign {
        /// The import, export or custom section that shows this.
        item: String,
        /// What the module is.
        what: &'static str,
        /// What to do instead.
        advice: &'static str,
        /// Byte offset into the input.
        offset: usize,
    },
    /// A memory or table is indexed by 64-bit numbers.
    #[error("{item} has 64-bit indices, but thread built-ins take 32-bit ones: compile for wasm32")]
    Index64 {
        /// `memory N` or `table N`.
        item: String,
    },
    /// The module starts threads, and there is no memory that they could share.
    #[error("the module starts threads, but has no shared memory: link with `--shared-memory` and `--max-memory`")]
    NoSharedMemory,
    /// Several memories, and no way to tell in which one WASI's pointers lie.
    #[error(
        "the module has {count} {kind}, and weft cannot tell which one WASI uses: export or import exactly one of \
         them as `memory`"
    )]
    AmbiguousMemory {
        /// How many there are.
        count: usize,
        /// `shared memories` or `memories`.
        kind: &'static str,
    },
    /// A module without a table starts functions of its table.
    #[error("the module starts functions of its table on threads, but has no table: link with `--export-table`")]
    NoTable,
    /// Several tables, and no way to tell of which one threads start functions.
    #[error("the module starts functions of its table on threads, but has {count} tables: export exactly one of them")]
    AmbiguousTable {
        /// How many tables the module has.
        count: usize,
    },
    /// The table does not hold functions of any type.
    #[error(
        "the module starts functions of its table on threads, but table {index} is not of type `funcref`: use a `funcref` table"
    )]
    TableOfOtherType {
        /// The table's index.
        index: u32,
    },
    /// A function of the ABI has another type than the ABI says.
    #[error(
        "`{name}` has type `{found}`, but the ABI requires `{expected}`: rebuild with a toolchain for wasi-threads"
    )]
    AbiType {
        /// The import's or export's name.
        name: String,
        /// Its type in the module.
        found: String,
        /// Its type in the ABI.
        expected: &'static str,
    },
    /// An import has another type than the built-in of that name.
    #[error(
        "the import `{name}` of `{module}` has type `{found}`, but the built-in has type `{expected}`: import it with that type"
    )]
    BuiltinType {
        /// The import's module: `$root`, or an interface of the package `weft:threads`.
        module: String,
        /// The import's name.
        name: String,
        /// Its type in the module.
        found: String,
        /// The built-in's type.
        expected: String,
    },
    /// An import of `$root`, or of the package `weft:threads`, is no built-in.
    #[error("`{module}` has no built-in `{name}`{}", known_builtins(known))]
    UnknownBuiltin {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The names of the module's built-ins.
        known: String,
    },
    /// A mutable global is imported: a global that host and threads would share.
    #[error(
        "the mutable global `{module}.{name}` is imported, but host modules export no mutable globals: define it in the module"
    )]
    ImportedMutableGlobal {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// An imported global has a type that the module defines.
    #[error(
        "the global `{module}.{name}` is imported (at offset {offset:#x}), but a host cannot supply a `{ty}`, a reference to a \
         type of the module: define the global in the module"
    )]
    ImportedTypedGlobal {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The global's type.
        ty: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// An imported table has elements that are never null, and no host can initialise them.
    #[error("the table `{module}.{name}` is imported, but its elements cannot be null: define it in the module")]
    ImportedTable {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// A function of WASI preview 1 is imported with 64-bit pointers.
    #[error(
        "`{module}.{name}` is imported with 64-bit pointers, but WASI preview 1 has 32-bit pointers: compile for wasm32"
    )]
    WidePointers {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The module imports a tag.
    #[error("the tag `{module}.{name}` is imported, but no host can supply it: define it in the module")]
    ImportedTag {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// One name is imported twice, with types that do not agree.
    #[error(
        "`{module}.{name}` is imported more than once, but only a function can be, and with one type: give the \
         imports different names"
    )]
    DuplicateImport {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The import's module name is one that the component uses for itself.
    #[error("`{module}` is a name that the component uses for itself: import `{name}` from a module of another name")]
    ReservedModule {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// A name has no kebab-case form.
    #[error("the {what} `{name}` has no kebab-case form, which names in components need: rename it")]
    NoKebabName {
        /// `export` or `import module`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two names have the same kebab-case form.
    #[error("the {what}s `{first}` and `{second}` are both `{label}` in kebab case: rename one of them")]
    SameKebabName {
        /// `export` or `import module`.
        what: &'static str,
        /// The first name.
        first: String,
        /// The second name.
        second: String,
        /// The kebab-case form of both.
        label: String,
    },
    /// A type has no counterpart that threads can share.
    #[error(
        "{item} uses `{ty}`, which threads cannot share (at offset {offset:#x}): use numbers, vectors or \
         references to functions"
    )]
    Unshareable {
        /// Where the type occurs: `a function type`, `a table`, ….
        item: &'static str,
        /// The type.
        ty: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// A mutable global holds a reference, and the per-thread record is a memory.
    #[error(
        "the mutable global {index} holds a reference (at offset {offset:#x}), but only numbers and vectors can \
         be per thread: use an index into a table"
    )]
    MutableReference {
        /// The global's index.
        index: u32,
        /// Byte offset into the input.
        offset: usize,
    },
    /// A global needs a per-thread record, and threads that the module starts itself would begin with none.
    #[error(
        "the mutable global {index} needs a per-thread record (at offset {offset:#x}), which threads started by \
         `[thread-spawn-indirect]` do not have: use `wasi.thread-spawn`, or no more globals than there are free \
         context slots"
    )]
    RecordOfSpawnedThread {
        /// The global's index.
        index: u32,
        /// Byte offset into the input.
        offset: usize,
    },
    /// A table gives its elements an initial value.
    #[error("table {index} gives its elements an initial value (at offset {offset:#x}): use an element segment")]
    TableInitializer {
        /// The table's index.
        index: u32,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The module and its WIT world do not fit together.
    #[error("the module does not match its WIT world: {message}; rebuild it with the bindings of that world")]
    World {
        /// What wit-component says.
        message: String,
    },
    /// A WIT package cannot be read, or has no such world.
    #[error("cannot use a world of the WIT package `{}`: {message}", path.display())]
    Wit {
        /// Where the package was looked for.
        path: std::path::PathBuf,
        /// What wit-parser says.
        message: String,
    },
    /// An adapter is given for a module with threads.
    #[error(
        "the adapter `{adapter}` cannot serve a module with threads or with a shared memory: leave it out, since weft implements \
         WASI preview 1 for threads, and host modules get their functions from an embedder"
    )]
    AdapterOfThreads {
        /// The adapter's name.
        adapter: String,
    },
    /// A module with cooperative threads imports what is of no world and no adapter.
    #[error(
        "`{import}` is imported (at offset {offset:#x}), but weft gives modules with cooperative threads only what their WIT world \
         has: give an adapter with `--adapt`, or compile for `wasm32-wasip3` alone"
    )]
    CooperativeImport {
        /// The import, with its module.
        import: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// Adapters are given, but not for all imports.
    #[error(
        "the adapter `{adapter}` is given, but neither an adapter nor the module's WIT world has the import `{import}` (at offset \
         {offset:#x}): give an adapter for it too, or none at all"
    )]
    AdapterMissing {
        /// The name of the first adapter.
        adapter: String,
        /// The import, with its module.
        import: String,
        /// Byte offset into the input.
        offset: usize,
    },
    /// A thread, or a function that runs in the middle of other threads' calls, needs thread-local storage that nothing initialises.
    #[error(
        "{user} needs thread-local storage of its own, but the module has no \
         `__wasm_init_tls` for the global {index}: link with `--export=__wasm_init_tls`"
    )]
    NoTlsInitializer {
        /// What needs it: an export of the module's world, or a thread.
        user: String,
        /// The global that points to thread-local storage.
        index: u32,
    },
    /// A function that runs in the middle of other threads' calls needs more globals than the context slots hold.
    #[error(
        "{user} runs during calls of other threads, so it can have its own values of only two mutable globals of type `i32`, but \
         the module also has the mutable global {index} (at offset {offset:#x}): keep its value in memory"
    )]
    RecordOfCallee {
        /// What needs it: an export of the module's world, or a thread.
        user: String,
        /// The first global without a slot.
        index: u32,
        /// Byte offset into the input.
        offset: usize,
    },
    /// The memory cannot grow, so there is no room for stacks.
    #[error(
        "{user} needs a stack of its own, but the memory cannot grow by \
         {pages} pages: link with a larger `--max-memory`"
    )]
    NoRoomForStack {
        /// What needs it: an export of the module's world, or a thread.
        user: String,
        /// The size of one stack.
        pages: u32,
    },
    /// The module's C library must set up each of its threads.
    #[error(
        "the module starts threads by `wasi.thread-spawn`, and its C library has to set up each of its threads, so `{user}` cannot run on \
         a thread of its own: start threads by the package `weft:threads`, or make one call at a time"
    )]
    OwnThreads {
        /// An export.
        user: String,
    },
    /// A function of the module's world may write its results to the same place in each call.
    #[error(
        "`{user}` returns values in memory, and the code that wit-bindgen generates uses one area for those of all calls: return a \
         number or nothing to let calls overlap"
    )]
    OneResultArea {
        /// An export.
        user: String,
    },
    /// There is no memory in which stacks could be.
    #[error("{user} needs a stack of its own, but the module has no memory: define one")]
    NoMemoryForStack {
        /// What needs it: the calls of an export.
        user: String,
    },
    /// An assumption of this crate does not hold, which is a bug in this crate.
    #[error("internal error: {0}; please report it")]
    Internal(String),
}

/// The end of the message about an unknown built-in.
fn known_builtins(known: &str) -> String {
    match known {
        "" => ": weft has version 0.1.0 of the package, with the interfaces `threads`, `context` and `scheduling`"
            .to_string(),
        known => format!("; it has {known}"),
    }
}

impl AdaptError {
    /// An index of a valid module, or one that this crate assigned, that refers to nothing.
    pub(crate) fn missing(kind: &str, index: impl std::fmt::Display) -> AdaptError {
        AdaptError::Internal(format!("there is no {kind} {index}"))
    }
}
