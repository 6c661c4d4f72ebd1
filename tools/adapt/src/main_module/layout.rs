//! The indices in `$main` of the input's functions and of those that the adapter adds.
//!
//! The function indices of `$main` are, in this order: functions of host modules, built-ins, the input's own functions,
//! `wasi.thread-spawn`, the functions that start threads with a context, the stand-ins for imports of another type, and the
//! functions that `added.rs` makes.

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::index::{FuncIndex, MainFunc};
use crate::input::info::ModuleInfo;
use crate::plan::imports::FunctionSource;
use crate::plan::{Plan, ThreadSpawn};
use crate::rewrite::Rewriter;
use std::collections::BTreeMap;

/// Where functions that the input does not have are in `$main`.
pub(crate) struct Functions {
    pub(crate) builtins: BTreeMap<Builtin, MainFunc>,
    pub(crate) first_added: MainFunc,
}

/// Gives every function its index in `$main`. The rewriter knows neither globals nor tables yet.
pub(crate) fn lay_out(info: &ModuleInfo<'_>, plan: &Plan<'_>) -> Result<(Functions, Rewriter), AdaptError> {
    let hosts = plan.imports.host_functions.len() as u32;
    let builtins: BTreeMap<_, _> = plan.builtins.iter().copied().zip((hosts..).map(MainFunc)).collect();
    let first_own = hosts + builtins.len() as u32;
    let own = (info.functions.len() - info.imported_functions) as u32;
    let first_added = MainFunc(first_own + own);
    let first_start = first_added.0 + u32::from(plan.thread_spawn != ThreadSpawn::Absent);
    let starts: BTreeMap<_, _> = plan.starts.iter().copied().zip((first_start..).map(MainFunc)).collect();
    let first_stand_in = first_start + starts.len() as u32;
    let stand_ins: BTreeMap<_, _> = plan
        .stand_ins
        .iter()
        .copied()
        .zip((first_stand_in..).map(MainFunc))
        .collect();
    let imported = (0..).map(FuncIndex).zip(&plan.imports.functions);
    let imported = imported.map(|(func, source)| match (stand_ins.get(&func), source) {
        (Some(stand_in), _) => Ok(*stand_in),
        (None, FunctionSource::Host(host)) => Ok(MainFunc(host.0 as u32)),
        (None, FunctionSource::Builtin(builtin)) => imported_builtin(&builtins, *builtin),
        (None, FunctionSource::ThreadSpawn) => Ok(first_added),
        (None, FunctionSource::InContext(start)) => {
            let func = starts.get(start).copied();
            func.ok_or_else(|| AdaptError::missing("function that starts threads with", start.builtin().import_name()))
        }
    });
    let own = (first_own..first_added.0).map(MainFunc).map(Ok);
    let functions = imported.chain(own).collect::<Result<_, AdaptError>>()?;
    let rewriter = Rewriter {
        shares: true,
        functions,
        keeps_segments: matches!(plan.thread_spawn, ThreadSpawn::Starts(_)),
        ..Rewriter::unshared()
    };
    Ok((Functions { builtins, first_added }, rewriter))
}

/// The function index under which `$main` imports a built-in.
pub(crate) fn imported_builtin(
    builtins: &BTreeMap<Builtin, MainFunc>,
    builtin: Builtin,
) -> Result<MainFunc, AdaptError> {
    let func = builtins.get(&builtin);
    func.copied()
        .ok_or_else(|| AdaptError::missing("import for", builtin.import_name()))
}
