//! Canonical built-ins, as the translator and the [stand-ins](crate::unshare) have them.

use super::{Flatten, Source, missing};
use crate::LowerError;
use crate::plan::{Builtin, Definition};
use crate::threadify::{Argument, ContextAccess, ContextSlot, Item, SlotType, StartKind, TableOf};
use crate::unshare::StandIn;
use wasmparser::Payload;
use wasmtime_environ::component::{CoreDef, StaticModuleIndex, Trampoline};

impl Flatten<'_> {
    /// What an import is given that a module which stands for a built-in satisfies.
    pub(super) fn stand_in(
        &self,
        stand_in: StandIn,
        index: StaticModuleIndex,
        arguments: &[CoreDef],
    ) -> Result<Argument, LowerError> {
        Ok(match stand_in {
            StandIn::SpawnIndirect { wide } => {
                Argument::SpawnIndirect(self.start_table(arguments)?, self.start_kind(index, wide)?)
            }
            StandIn::NewIndirect { wide } => {
                Argument::NewIndirect(self.start_table(arguments)?, self.start_kind(index, wide)?)
            }
            StandIn::SpawnRef { wide } => Argument::SpawnRef(self.start_kind(index, wide)?),
            StandIn::AvailableParallelism => Argument::Host(Definition::Builtin(Builtin::AvailableParallelism)),
            StandIn::Context { slot, set, wide } => {
                let ty = if wide { SlotType::I64 } else { SlotType::I32 };
                let slot = ContextSlot { slot, ty };
                Argument::Context(ContextAccess { slot, set })
            }
        })
    }

    /// Each component instance has a thread table of its own (IDX-04), and the runtime has one.
    pub(super) fn check_thread_tables(&self) -> Result<(), LowerError> {
        let mut instances = self.starting_instances.clone();
        instances.extend(
            self.translation
                .trampolines
                .values()
                .filter_map(|trampoline| match trampoline {
                    Trampoline::ThreadIndex { instance }
                    | Trampoline::ThreadResumeLater { instance }
                    | Trampoline::ThreadSuspendThenResume { instance, .. }
                    | Trampoline::ThreadYieldThenResume { instance, .. }
                    | Trampoline::ThreadSuspendThenPromote { instance, .. }
                    | Trampoline::ThreadYieldThenPromote { instance, .. } => Some(*instance),
                    _ => None,
                }),
        );
        match instances.len() {
            0 | 1 => Ok(()),
            _ => Err(LowerError::unsupported(
                "a component with threads in several component instances",
                "they would need a thread table each (rule IDX-04): use threads in one of them",
            )),
        }
    }

    /// The table that a stand-in is given.
    fn start_table(&self, arguments: &[CoreDef]) -> Result<TableOf, LowerError> {
        let table = arguments.first().and_then(|table| self.item(table));
        let Some((instance, Item::Table(table))) = table else {
            return Err(missing());
        };
        let modules = self.sources.iter().filter_map(|source| match source {
            Source::Instance(known, module) if *known == instance => Some(*module),
            _ => None,
        });
        let tables = modules.map(|module| &self.modules[module].module.tables);
        let ty = tables.flat_map(|tables| tables.values().nth(table as usize)).next();
        Ok(TableOf {
            instance,
            table,
            table64: ty.is_some_and(|ty| ty.idx_type == wasmtime_environ::IndexType::I64),
        })
    }

    /// The start type is the stand-in's type 0.
    fn start_kind(&self, index: StaticModuleIndex, wide: bool) -> Result<StartKind, LowerError> {
        for payload in wasmparser::Parser::new(0).parse_all(self.modules[index].wasm) {
            if let Payload::TypeSection(section) = payload?
                && let Some(group) = section.into_iter().next()
                && let Some(ty) = group?.types().next()
            {
                return Ok(StartKind {
                    wide,
                    is_final: ty.is_final,
                });
            }
        }
        Err(LowerError::Internal("a stand-in without a start type".to_owned()))
    }
}

/// The built-ins that the translator knows, as far as weft has them.
pub(super) fn builtin(trampoline: &Trampoline) -> Result<Builtin, LowerError> {
    Ok(match trampoline {
        Trampoline::ThreadIndex { .. } => Builtin::ThreadIndex,
        Trampoline::ThreadResumeLater { .. } => Builtin::ResumeLater,
        Trampoline::ThreadSuspend { .. } => Builtin::Suspend,
        Trampoline::ThreadYield { .. } => Builtin::Yield,
        Trampoline::ThreadSuspendThenResume { .. } => Builtin::SuspendThenResume,
        Trampoline::ThreadYieldThenResume { .. } => Builtin::YieldThenResume,
        Trampoline::ThreadSuspendThenPromote { .. } => Builtin::SuspendThenPromote,
        Trampoline::ThreadYieldThenPromote { .. } => Builtin::YieldThenPromote,
        other => {
            return Err(LowerError::unsupported(
                format!("canonical built-in `{}`", other.symbol_name()),
                "it is not implemented yet",
            ));
        }
    })
}
