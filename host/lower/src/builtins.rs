//! The table of the canonical built-ins: everything about each one except what it does.
//!
//! **Problem.** Nearly every pass needs a built-in's name, its encoding, and what it implies about the component's
//! threads. If each pass had its own list, a new built-in would be forgotten in one of them. **Here**, each built-in
//! has one row that all passes read:
//!
//! ```text
//! ThreadYield "thread.yield" 0x0c [-> I32] Switches, Translated(Builtin::Yield), Sch02;
//! ```
//!
//! The rows are in the specification's order, under the names of wasmparser's variants. A variant without a row does
//! not compile, nor does a row without a variant.
//!
//! **Rejected:** columns for what a built-in does (that is code, and a `match` without a catch-all arm on
//! [`CanonicalBuiltin`], [`Replaced`] or [`plan::Builtin`](crate::plan::Builtin) makes the compiler point to it).

mod replaced;

pub(crate) use replaced::Replaced;

use crate::error::LowerError;
use crate::plan::Builtin;
use crate::rules::Rule;
use replaced::{available_parallelism, context, new_indirect, spawn_indirect, spawn_ref};
use wasmparser::{CanonicalFunction, FuncType, ValType};

/// The table's row for a built-in.
pub(crate) struct Row {
    name: &'static str,
    opcode: u8,
    /// Its core type, if all definitions have the same.
    ty: Option<(&'static [ValType], &'static [ValType])>,
    pub(crate) threads: Threading,
    pub(crate) lowering: Lowering,
    /// The rule that gives its core type.
    pub(crate) rule: Rule,
    pub(crate) immediate: Option<SharedImmediate>,
}

/// What a definition implies about its component's threads.
#[derive(Clone, Copy)]
pub(crate) enum Threading {
    /// It starts some: preemptive ones if the start type is shared, and cooperative ones otherwise.
    Starts(StartRules),
    /// It switches between cooperative threads, or makes one ready.
    Switches,
    /// It is there for preemptive threads if it is marked as `shared`.
    PreemptiveIfShared,
    /// Nothing.
    Unsaid,
}

/// The rules for the types of a built-in that starts threads.
#[derive(Clone, Copy)]
pub(crate) struct StartRules {
    pub(crate) builtin: CanonicalBuiltin,
    /// For the start type.
    pub(crate) ty: Rule,
    /// For the parameter of the start type.
    pub(crate) parameter: Rule,
    /// For the table that the function is in.
    pub(crate) table: Rule,
    /// Whether the built-in is a shared function if the start type is shared.
    pub(crate) follows_start: bool,
}

/// How a built-in reaches weft's own runtime.
pub(crate) enum Lowering {
    /// A [stand-in](crate::unshare) replaces it for the translator, which lacks some form of it. The function reads the
    /// definition.
    StandIn(fn(&CanonicalFunction) -> Option<Replaced>),
    /// The translator supports it, and it becomes this built-in.
    Translated(Builtin),
    /// The translator supports it, and it becomes a built-in on the resource type that the definition names.
    OnResource,
    /// weft's runtime does not support it. Wasmtime's component runtime does.
    Refused,
}

/// How a definition says whether it is `shared`. Only the specification's encoding can say it.
#[derive(Clone, Copy)]
pub(crate) struct SharedImmediate {
    /// The rule for the encoding.
    pub(crate) rule: Rule,
    /// How many indices follow.
    pub(crate) indices: usize,
    /// How the parser of the text format spells the built-in.
    pub(crate) keyword: &'static str,
}

use Lowering::{OnResource, Refused, StandIn, Translated};
use Threading::{PreemptiveIfShared, Starts, Switches, Unsaid};
use ValType::{I32, I64};

const SPAWN_REF: StartRules = StartRules {
    builtin: CanonicalBuiltin::ThreadSpawnRef,
    ty: Rule::SpawnRef05,
    parameter: Rule::SpawnRef06,
    table: Rule::SpawnRef05,
    follows_start: true,
};

const SPAWN_INDIRECT: StartRules = StartRules {
    builtin: CanonicalBuiltin::ThreadSpawnIndirect,
    ty: Rule::SpawnInd05,
    parameter: Rule::SpawnInd05,
    table: Rule::SpawnInd07,
    follows_start: true,
};

const NEW_INDIRECT: StartRules = StartRules {
    builtin: CanonicalBuiltin::ThreadNewIndirect,
    ty: Rule::New03,
    parameter: Rule::New03,
    table: Rule::New04,
    follows_start: false,
};

const fn shared(rule: Rule, indices: usize, keyword: &'static str) -> SharedImmediate {
    SharedImmediate { rule, indices, keyword }
}

macro_rules! builtins {
    ($($variant:ident $name:literal $opcode:literal $ty:tt $threads:expr, $lowering:expr, $rule:ident $(, $immediate:expr)?;)*) => {
        /// A canonical built-in of the component model.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum CanonicalBuiltin {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl CanonicalBuiltin {
            /// All of them.
            pub const ALL: &[CanonicalBuiltin] = &[$(CanonicalBuiltin::$variant,)*];

            /// The built-in that is defined, or `None` for a lift or a lower.
            pub(crate) fn of(definition: &CanonicalFunction) -> Option<CanonicalBuiltin> {
                match definition {
                    CanonicalFunction::Lift { .. } | CanonicalFunction::Lower { .. } => None,
                    $(CanonicalFunction::$variant { .. } => Some(CanonicalBuiltin::$variant),)*
                }
            }

            pub(crate) fn row(self) -> &'static Row {
                match self {
                    $(CanonicalBuiltin::$variant => {
                        static ROW: Row = Row {
                            name: $name,
                            opcode: $opcode,
                            ty: builtins!(@type $ty),
                            threads: $threads,
                            lowering: $lowering,
                            rule: Rule::$rule,
                            immediate: builtins!(@immediate $($immediate)?),
                        };
                        &ROW
                    })*
                }
            }
        }
    };
    // It depends on the definition.
    (@type [?]) => { None };
    (@immediate) => { None };
    (@immediate $immediate:expr) => { Some($immediate) };
    (@type [$($parameter:ident)* -> $($result:ident)*]) => { Some((&[$($parameter),*], &[$($result),*])) };
}

builtins! {
    // variant                name                           opcode type           threads                 lowering           rule
    ResourceNew              "resource.new"                   0x02 [?]            Unsaid,                  OnResource,        Setv23;
    ResourceDrop             "resource.drop"                  0x03 [I32 ->]       Unsaid,                  OnResource,        Setv23;
    ResourceRep              "resource.rep"                   0x04 [?]            Unsaid,                  OnResource,        Setv23;
    BackpressureInc          "backpressure.inc"               0x24 [->]           Unsaid,                  Refused,           Setv23;
    BackpressureDec          "backpressure.dec"               0x25 [->]           Unsaid,                  Refused,           Setv23;
    TaskReturn               "task.return"                    0x09 [?]            Unsaid,                  Refused,           Setv23;
    TaskCancel               "task.cancel"                    0x05 [->]           Unsaid,                  Refused,           Setv23;
    ContextGet               "context.get"                    0x0a [?]            Unsaid,                  StandIn(context),           Ctx07;
    ContextSet               "context.set"                    0x0b [?]            Unsaid,                  StandIn(context),           Ctx07;
    SubtaskCancel            "subtask.cancel"                 0x06 [I32 -> I32]   Unsaid,                  Refused,           Setv23;
    SubtaskDrop              "subtask.drop"                   0x0d [I32 ->]       Unsaid,                  Refused,           Setv23;
    StreamNew                "stream.new"                     0x0e [-> I64]       Unsaid,                  Refused,           Setv23;
    StreamRead               "stream.read"                    0x0f [?]            Unsaid,                  Refused,           Setv23;
    StreamWrite              "stream.write"                   0x10 [?]            Unsaid,                  Refused,           Setv23;
    StreamCancelRead         "stream.cancel-read"             0x11 [I32 -> I32]   Unsaid,                  Refused,           Setv23;
    StreamCancelWrite        "stream.cancel-write"            0x12 [I32 -> I32]   Unsaid,                  Refused,           Setv23;
    StreamDropReadable       "stream.drop-readable"           0x13 [I32 ->]       Unsaid,                  Refused,           Setv23;
    StreamDropWritable       "stream.drop-writable"           0x14 [I32 ->]       Unsaid,                  Refused,           Setv23;
    FutureNew                "future.new"                     0x15 [-> I64]       Unsaid,                  Refused,           Setv23;
    FutureRead               "future.read"                    0x16 [?]            Unsaid,                  Refused,           Setv23;
    FutureWrite              "future.write"                   0x17 [?]            Unsaid,                  Refused,           Setv23;
    FutureCancelRead         "future.cancel-read"             0x18 [I32 -> I32]   Unsaid,                  Refused,           Setv23;
    FutureCancelWrite        "future.cancel-write"            0x19 [I32 -> I32]   Unsaid,                  Refused,           Setv23;
    FutureDropReadable       "future.drop-readable"           0x1a [I32 ->]       Unsaid,                  Refused,           Setv23;
    FutureDropWritable       "future.drop-writable"           0x1b [I32 ->]       Unsaid,                  Refused,           Setv23;
    ErrorContextNew          "error-context.new"              0x1c [?]            Unsaid,                  Refused,           Setv23;
    ErrorContextDebugMessage "error-context.debug-message"    0x1d [?]            Unsaid,                  Refused,           Setv23;
    ErrorContextDrop         "error-context.drop"             0x1e [I32 ->]       Unsaid,                  Refused,           Setv23;
    WaitableSetNew           "waitable-set.new"               0x1f [-> I32]       Unsaid,                  Refused,           Setv23;
    WaitableSetWait          "waitable-set.wait"              0x20 [?]            Unsaid,                  Refused,           Setv23;
    WaitableSetPoll          "waitable-set.poll"              0x21 [?]            Unsaid,                  Refused,           Setv23;
    WaitableSetDrop          "waitable-set.drop"              0x22 [I32 ->]       Unsaid,                  Refused,           Setv23;
    WaitableJoin             "waitable.join"                  0x23 [I32 I32 ->]   Unsaid,                  Refused,           Setv23;
    ThreadIndex              "thread.index"                   0x26 [-> I32]       Unsaid,                  Translated(Builtin::ThreadIndex), Idx01;
    ThreadNewIndirect        "thread.new-indirect"            0x27 [?]            Starts(NEW_INDIRECT),    StandIn(new_indirect),           New05;
    ThreadResumeLater        "thread.resume-later"            0x28 [I32 ->]       Switches,                Translated(Builtin::ResumeLater), Sch02;
    ThreadSuspend            "thread.suspend"                 0x29 [-> I32]       Switches,                Translated(Builtin::Suspend), Sch02;
    ThreadYield              "thread.yield"                   0x0c [-> I32]       Switches,                Translated(Builtin::Yield), Sch02;
    ThreadSuspendThenResume  "thread.suspend-then-resume"     0x2a [I32 -> I32]   Switches,                Translated(Builtin::SuspendThenResume), Sch02;
    ThreadYieldThenResume    "thread.yield-then-resume"       0x2b [I32 -> I32]   Switches,                Translated(Builtin::YieldThenResume), Sch02;
    ThreadSuspendThenPromote "thread.suspend-then-promote"    0x2c [I32 -> I32]   Switches,                Translated(Builtin::SuspendThenPromote), Sch02;
    ThreadYieldThenPromote   "thread.yield-then-promote"      0x2d [I32 -> I32]   Switches,                Translated(Builtin::YieldThenPromote), Sch02;
    ThreadSpawnRef           "thread.spawn-ref"               0x40 [?]            Starts(SPAWN_REF),       StandIn(spawn_ref),           SpawnRef08, shared(Rule::SpawnRef01, 1, "thread.spawn-ref");
    ThreadSpawnIndirect      "thread.spawn-indirect"          0x41 [?]            Starts(SPAWN_INDIRECT),  StandIn(spawn_indirect),           SpawnInd10, shared(Rule::SpawnInd01, 2, "thread.spawn-indirect");
    ThreadAvailableParallelism "thread.available-parallelism" 0x42 [-> I32]       PreemptiveIfShared,      StandIn(available_parallelism),           Par04,      shared(Rule::Par01, 0, "thread.available_parallelism");
}

impl CanonicalBuiltin {
    /// The name, as the specification spells it: `thread.spawn-indirect`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The core type, if all definitions have the same.
    pub fn ty(self) -> Option<FuncType> {
        let (parameters, results) = self.row().ty?;
        Some(FuncType::new(parameters.iter().copied(), results.iter().copied()))
    }

    /// The core type of a built-in for which it is the same in all definitions.
    pub(crate) fn fixed_type(self) -> Result<FuncType, LowerError> {
        let no_type = || LowerError::Internal(format!("the core type of `{}` depends on the definition", self.name()));
        self.ty().ok_or_else(no_type)
    }

    /// The built-in whose definition says, after this opcode, whether it is `shared`.
    pub(crate) fn with_immediate(opcode: u8) -> Option<(CanonicalBuiltin, SharedImmediate)> {
        let builtin = Self::ALL.iter().find(|builtin| builtin.row().opcode == opcode)?;
        Some((*builtin, builtin.row().immediate?))
    }
}

/// The name of a definition in errors.
pub(crate) fn definition_name(definition: &CanonicalFunction) -> &'static str {
    match (CanonicalBuiltin::of(definition), definition) {
        (Some(builtin), _) => builtin.name(),
        (None, CanonicalFunction::Lift { .. }) => "canon lift",
        (None, _) => "canon lower",
    }
}

impl Replaced {
    /// The definition, if its built-in is one that is replaced.
    pub(crate) fn of(definition: &CanonicalFunction) -> Result<Option<Replaced>, LowerError> {
        let Some(builtin) = CanonicalBuiltin::of(definition) else {
            return Ok(None);
        };
        match builtin.row().lowering {
            Lowering::StandIn(read) => {
                let name = builtin.name();
                let other = || LowerError::Internal(format!("the row of `{name}` reads another definition"));
                read(definition).map(Some).ok_or_else(other)
            }
            Lowering::Translated(_) | Lowering::OnResource | Lowering::Refused => Ok(None),
        }
    }
}

/// The indices in a definition that starts threads.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    /// The start type, a core type.
    pub(crate) ty: u32,
    /// The table that the function is in, if there is one.
    pub(crate) table: Option<u32>,
}

impl Start {
    /// Returns `Some` exactly for the built-ins whose row says that they start threads.
    pub(crate) fn of(definition: &CanonicalFunction) -> Result<Option<Start>, LowerError> {
        match CanonicalBuiltin::of(definition).map(|builtin| builtin.row().threads) {
            Some(Threading::Starts(_)) => {}
            Some(Threading::Switches | Threading::PreemptiveIfShared | Threading::Unsaid) | None => return Ok(None),
        }
        let (ty, table) = match Replaced::of(definition)? {
            Some(Replaced::SpawnRef { ty }) => (ty, None),
            Some(Replaced::SpawnIndirect { ty, table } | Replaced::NewIndirect { ty, table }) => (ty, Some(table)),
            Some(Replaced::AvailableParallelism | Replaced::Context { .. }) | None => {
                let name = definition_name(definition);
                return Err(LowerError::Internal(format!(
                    "`{name}` starts threads, and nothing says of which type"
                )));
            }
        };
        Ok(Some(Start { ty, table }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Parser, Payload, Validator};

    /// A definition of a built-in as text, with what it needs.
    fn definition(builtin: CanonicalBuiltin) -> String {
        let name = builtin.name();
        let arguments = match name.split_once('.') {
            Some(("resource", _)) => "$resource",
            Some(("stream", "read" | "write")) => "$stream (memory $memory)",
            Some(("stream", _)) => "$stream",
            Some(("future", "read" | "write")) => "$future (memory $memory)",
            Some(("future", _)) => "$future",
            Some(("error-context", "new" | "debug-message")) => {
                "(memory $memory) (realloc (core func $instance \"realloc\"))"
            }
            Some(("waitable-set", "wait" | "poll")) => "(memory $memory)",
            Some(("context", _)) => "i32 0",
            Some(("thread", "new-indirect" | "spawn-indirect")) => "$start (table $table)",
            Some(("thread", "spawn-ref")) => "$start",
            _ => "",
        };
        // The parser of the text spells one as wasm-tools does.
        let name = name.replace("available-", "available_");
        format!(
            r#"(component
                (core type $start (func (param i32)))
                (type $resource (resource (rep i32)))
                (type $stream (stream u8))
                (type $future (future u8))
                (core module $module
                    (table (export "table") 1 funcref)
                    (memory (export "memory") 1)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
                (core instance $instance (instantiate $module))
                (alias core export $instance "memory" (core memory $memory))
                (alias core export $instance "table" (core table $table))
                (core func (canon {name} {arguments})))"#
        )
    }

    /// Its bytes from the opcode on, and how it is read.
    fn read(component: &[u8]) -> (u8, CanonicalFunction) {
        for payload in Parser::new(0).parse_all(component) {
            if let Payload::ComponentCanonicalSection(section) = payload.unwrap() {
                let (offset, definition) = section.into_iter_with_offsets().last().unwrap().unwrap();
                return (component[offset], definition);
            }
        }
        panic!("there is no canonical section");
    }

    #[test]
    fn each_row_is_as_the_encoder_and_the_validator_have_it() {
        for &builtin in CanonicalBuiltin::ALL {
            let text = definition(builtin);
            let component = crate::to_binary(text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}, in {text}"));
            let (opcode, definition) = read(&component);
            assert_eq!(CanonicalBuiltin::of(&definition), Some(builtin));
            assert_eq!(opcode, builtin.row().opcode, "{}", builtin.name());
            let starts = matches!(builtin.row().threads, Threading::Starts(_));
            assert_eq!(Start::of(&definition).unwrap().is_some(), starts, "{}", builtin.name());
            let replaced = matches!(builtin.row().lowering, StandIn(_));
            assert_eq!(
                Replaced::of(&definition).unwrap().is_some(),
                replaced,
                "{}",
                builtin.name()
            );
            let Some(ty) = builtin.ty() else { continue };
            let mut validator = Validator::new_with_features(crate::FEATURES);
            let types = validator.validate_all(&component);
            let types = types.unwrap_or_else(|error| panic!("{error}, in {text}"));
            let types = types.as_ref();
            let defined = types.core_function_at(types.function_count() - 1);
            assert_eq!(*types[defined].unwrap_func(), ty, "{}", builtin.name());
        }
    }

    #[test]
    fn opcodes_and_names_are_different() {
        for (position, builtin) in CanonicalBuiltin::ALL.iter().enumerate() {
            for other in &CanonicalBuiltin::ALL[..position] {
                assert_ne!(builtin.row().opcode, other.row().opcode);
                assert_ne!(builtin.name(), other.name());
            }
        }
    }

    #[test]
    fn a_start_names_its_own_rules() {
        for builtin in CanonicalBuiltin::ALL {
            if let Threading::Starts(rules) = builtin.row().threads {
                assert_eq!(rules.builtin, *builtin);
            }
        }
    }
}
