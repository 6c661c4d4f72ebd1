//! The unshared form: its readers, and what unshare records beside the bytes.

use crate::binary::module_items::SharedItems;

/// The readers of the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Stock tools, and Wasmtime's component runtime. Threads take turns, and shims implement the built-ins that
    /// Wasmtime lacks with those that it has. See [`shims`].
    Stock(Profile),
    /// The pass [flatten](crate::flatten). Each built-in that the translator lacks becomes a [`StandIn`].
    Plan,
}

/// What `thread.spawn-ref` and `thread.spawn-indirect` do in the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// They start threads.
    Full,
    /// They start nothing and return 0. This is the specification's [deterministic profile]. Threads that
    /// `thread.new-indirect` creates still run.
    ///
    /// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    Deterministic,
}

/// A component in the unshared form.
pub(crate) struct Output {
    /// The binary.
    pub bytes: Vec<u8>,
    /// In [`Form::Plan`], its core modules in the order of the binary, including nested ones.
    pub modules: Vec<UnsharedModule>,
}

/// What unshare records for one core module of an [`Output`].
pub(crate) enum UnsharedModule {
    /// A module of the input, and which of its items were shared.
    Input(SharedItems),
    /// A module that stands for a built-in.
    StandIn(StandIn),
    /// A module that calls another function: see [`destructors`](super::destructors).
    Added(SharedItems),
}

/// A start type that a [`StandIn`]'s module declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StandInStart {
    /// Whether its parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether it can have no subtypes.
    pub is_final: bool,
    /// Its index.
    pub ty: u32,
    /// Whether it is alone in its recursion group and has no supertype.
    pub is_alone: bool,
}

/// A built-in that a module replaces in [`Form::Plan`]: see [`stand_ins`]. The module imports nothing except the table,
/// if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// `thread.spawn-indirect`.
    SpawnIndirect(StandInStart),
    /// `thread.spawn-ref`.
    SpawnRef(StandInStart),
    /// `thread.new-indirect`.
    NewIndirect(StandInStart),
    /// `thread.available-parallelism`.
    AvailableParallelism,
    /// `context.get`, or `context.set` if `set`. The slot is an `i64` if `wide`.
    Context { slot: u32, set: bool, wide: bool },
}

impl StandIn {
    /// Whether the built-in adds threads to the thread table.
    pub(crate) fn starts_threads(self) -> bool {
        match self {
            StandIn::SpawnIndirect(_) | StandIn::SpawnRef(_) | StandIn::NewIndirect(_) => true,
            StandIn::AvailableParallelism | StandIn::Context { .. } => false,
        }
    }
}
