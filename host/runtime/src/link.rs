//! Gives the run-time module its imports, once for all threads.
//!
//! A linker goes by names, a plan by positions. So the arguments get their positions as names first, where nothing of the
//! embedder's can be in the way, and then the names of the imports.

use crate::builtins::{self, ARGUMENTS};
use crate::error::{LinkError, trap};
use crate::program::Program;
use crate::thread::Thread;
use rustc_hash::FxHashMap;
use wasmtime::{ExternType, InstancePre, Linker, Module, Store};
use weft_lower::plan::Definition;

/// Links the run-time module with the built-ins, the memories and, out of `linker`, the host modules.
pub(crate) fn link<T: Send + Sync + 'static>(
    program: &Program<T>,
    mut linker: Linker<Thread<T>>,
    store: &mut Store<Thread<T>>,
) -> wasmtime::Result<InstancePre<Thread<T>>> {
    let (plan, module) = (program.component.plan(), program.component.module());
    linker.allow_shadowing(true);
    for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
        let name = i32::to_string(&number);
        match argument {
            Definition::Memory(memory) => {
                let memory = program.memory(*memory).clone();
                linker.define(&*store, ARGUMENTS, &name, memory).map(drop)
            }
            Definition::Import(import, export) => {
                let host_module = &plan.imports[import.index()].name;
                linker.alias(host_module, export, ARGUMENTS, &name).map(drop)
            }
            Definition::Builtin(builtin) => builtins::define(&mut linker, program, &name, builtin, &import.ty()),
        }?;
    }
    let mut named = FxHashMap::default();
    for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
        let name = i32::to_string(&number);
        linker.alias(ARGUMENTS, &name, import.module(), import.name())?;
        let other = named.insert((import.module(), import.name()), argument);
        if other.is_some_and(|other| other != argument) {
            let name = import.name();
            return Err(trap(format_args!(
                "two imports of the run-time module are called `{name}`"
            )));
        }
    }
    let linked = linker.instantiate_pre(module);
    linked.map_err(|error| misfit(program, module, &linker, store).map_or(error, wasmtime::Error::from))
}

/// Names the import whose type does not fit, if that is the reason.
fn misfit<T: 'static>(
    program: &Program<T>,
    module: &Module,
    linker: &Linker<Thread<T>>,
    store: &mut Store<Thread<T>>,
) -> Option<LinkError> {
    let plan = program.component.plan();
    plan.arguments
        .iter()
        .zip(module.imports())
        .find_map(|(argument, import)| {
            let found = linker.get_by_import(&mut *store, &import)?.ty(&*store);
            let (ExternType::Func(wanted), ExternType::Func(found)) = (import.ty(), found) else {
                return None;
            };
            if found.matches(&wanted) {
                return None;
            }
            let (module, name) = match argument {
                Definition::Import(host_module, export) => {
                    (plan.imports[host_module.index()].name.as_str(), export.as_str())
                }
                _ => (import.module(), import.name()),
            };
            Some(LinkError(format!(
                "import `{module}/{name}` is of type {wanted}, and the host's is {found}"
            )))
        })
}
