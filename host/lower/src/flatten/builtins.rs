//! Canonical built-ins, from the translator's form and from [stand-ins](crate::unshare).

use super::resources::resource_builtin;
use super::trampolines::{canonical, thread_table};
use super::{Flatten, missing};
use crate::builtins::Lowering;
use crate::error::LowerError;
use crate::plan::{Builtin, ComponentInstanceIndex, Definition};
use crate::threadify::{
    Argument, ContextAccess, ContextSlot, DeclaredStart, Item, SlotType, StartKind, StartTypes, TableOf,
};
use crate::unshare::{StandIn, StandInStart};
use wasmtime_environ::component::{CoreDef, StaticModuleIndex, Trampoline};

impl Flatten<'_> {
    /// The argument for an import that a stand-in module satisfies.
    pub(super) fn stand_in(
        &mut self,
        stand_in: StandIn,
        index: StaticModuleIndex,
        arguments: &[CoreDef],
    ) -> Result<Argument, LowerError> {
        Ok(match stand_in {
            StandIn::SpawnIndirect(start) => {
                Argument::SpawnIndirect(self.start_table(arguments)?, self.start_kind(index, start))
            }
            StandIn::NewIndirect(start) => {
                Argument::NewIndirect(self.start_table(arguments)?, self.start_kind(index, start))
            }
            StandIn::SpawnRef(start) => Argument::SpawnRef(self.start_kind(index, start)),
            StandIn::AvailableParallelism => Argument::Host(Definition::Builtin(Builtin::AvailableParallelism)),
            StandIn::Context { slot, set, wide } => {
                let ty = if wide { SlotType::I64 } else { SlotType::I32 };
                let slot = ContextSlot { slot, ty };
                Argument::Context(ContextAccess { slot, set })
            }
        })
    }

    /// Assigns a thread table to each component instance whose built-ins look threads up (IDX-04).
    pub(super) fn thread_tables(&mut self) {
        let looking_up = self.translation.trampolines.values().filter_map(thread_table);
        self.threaded.extend(looking_up);
        let threaded = self.threaded.iter();
        self.plan.threaded = threaded
            .map(|instance| ComponentInstanceIndex(instance.as_u32()))
            .collect();
        self.input.threaded = self.plan.threaded.clone();
    }

    /// Lists the homes of component instances.
    pub(super) fn homes(&mut self) {
        self.plan.homes = self.homes.instances();
        self.input.homes = self.plan.homes.clone();
    }

    /// The table that a stand-in imports.
    fn start_table(&self, arguments: &[CoreDef]) -> Result<TableOf, LowerError> {
        let table = arguments.first().and_then(|table| self.item(table));
        let Some((instance, Item::Table(table))) = table else {
            return Err(missing());
        };
        let module = self.module_of(instance);
        let ty = module.and_then(|module| module.tables.values().nth(table as usize));
        let unknown = || LowerError::Internal(format!("table {table}, which threads start from, has no type"));
        Ok(TableOf {
            instance,
            table,
            table64: ty.ok_or_else(unknown)?.idx_type == wasmtime_environ::IndexType::I64,
        })
    }

    fn start_kind(&mut self, module: StaticModuleIndex, start: StandInStart) -> StartKind {
        let StandInStart {
            wide,
            is_final,
            ty,
            is_alone,
        } = start;
        let declared = (!is_alone).then(|| {
            let wasm = self.modules[module].wasm;
            self.input.start_types.push(StartTypes { wasm, ty });
            DeclaredStart(self.input.start_types.len() as u32 - 1)
        });
        StartKind {
            wide,
            is_final,
            declared,
        }
    }
}

impl Flatten<'_> {
    /// The built-in of weft's runtime for one of the translator's, if weft supports it.
    pub(super) fn builtin(&self, trampoline: &Trampoline) -> Result<Builtin, LowerError> {
        // A built-in that the component does not define is part of a call from one component to another.
        let defined = canonical(trampoline).and_then(|builtin| Some((builtin, *self.builtins.get(&builtin)?)));
        let Some((builtin, offset)) = defined else {
            return Err(refused_in_calls(trampoline));
        };
        match &builtin.row().lowering {
            Lowering::Translated(builtin) => Ok(builtin.clone()),
            Lowering::OnResource => resource_builtin(trampoline),
            Lowering::StandIn(_) => Err(LowerError::Internal(format!(
                "nothing stands for a `{}` (at offset {offset:#x})",
                builtin.name()
            ))),
            Lowering::Refused => Err(LowerError::unsupported(
                format!("`{}`", builtin.name()),
                "components with parallel threads cannot use tasks, streams, futures, waitables, or error \
                 contexts; components with cooperative threads, started without `shared`, can",
            )
            .at(Some(offset))),
        }
    }
}

/// The error for an unsupported built-in that a call from one component instance to another uses.
fn refused_in_calls(trampoline: &Trampoline) -> LowerError {
    let (item, advice) = match trampoline {
        Trampoline::FutureTransfer => ("a future", "pass the value"),
        Trampoline::StreamTransfer => ("a stream", "pass a list"),
        Trampoline::ErrorContextTransfer => ("an error context", "pass a string"),
        // The parts of an `async` call, and what such a call uses.
        _ => {
            let advice = "lift and lower the function synchronously";
            return LowerError::unsupported("an `async` call from one component to another", advice);
        }
    };
    LowerError::unsupported(format!("{item} in a call from one component to another"), advice)
}
