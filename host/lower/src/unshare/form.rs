//! The unshared form: who reads it, and what is recorded beside its bytes.

use crate::binary::module_items::SharedItems;

/// The readers of the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Stock tools, and Wasmtime's component runtime: threads take turns, and each built-in that Wasmtime lacks is put in terms of
    /// those that are. See [`shims`].
    Stock(Profile),
    /// The pass [flatten](crate::flatten): each built-in that the translator lacks is a [`StandIn`].
    Plan,
}

/// What `thread.spawn-ref` and `thread.spawn-indirect` do in the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// They start threads.
    Full,
    /// They start nothing, and give 0. This is the specification's [deterministic profile]. Threads that `thread.new-indirect`
    /// makes do run.
    ///
    /// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    Deterministic,
}

/// A component in the unshared form.
pub(crate) struct Output {
    /// The binary.
    pub bytes: Vec<u8>,
    /// In [`Form::Plan`] its core modules, in the order in which they stand in the binary, nested ones included.
    pub modules: Vec<UnsharedModule>,
}

/// What is known of one core module of an [`Output`] beside its bytes.
pub(crate) enum UnsharedModule {
    /// A module of the input, and what of it was shared.
    Input(SharedItems),
    /// A module that stands for a built-in.
    StandIn(StandIn),
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
    /// Whether it is in no recursion group with others, and has no supertype.
    pub is_alone: bool,
}

/// A built-in that a module stands for in [`Form::Plan`]: see [`stand_ins`]. A table is the module's only import.
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
    /// `context.get`, or `context.set` where `set` holds. The slot is an `i64` where `wide` holds.
    Context { slot: u32, set: bool, wide: bool },
}

impl StandIn {
    /// Whether the built-in enters threads in the thread table.
    pub(crate) fn starts_threads(self) -> bool {
        match self {
            StandIn::SpawnIndirect(_) | StandIn::SpawnRef(_) | StandIn::NewIndirect(_) => true,
            StandIn::AvailableParallelism | StandIn::Context { .. } => false,
        }
    }
}
