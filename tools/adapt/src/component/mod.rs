//! The component: connects `$state`, host modules and `$main`.
//!
//! ```wat
//! (component
//!   (core module $state ..)
//!   (core instance $state (instantiate $state))
//!   (alias core export $state "memory" (core memory $memory))
//!   (core instance $host-env (export "memory" (memory $memory)))
//!   (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1
//!     (import "env" "memory" (memory 17 16384 shared)) (export "fd_write" (func ..))))
//!   (core instance $wasi-snapshot-preview1 (instantiate $wasi-snapshot-preview1 (with "env" (instance $host-env))))
//!   (core type $start (shared (func (param i32))))
//!   (core func (canon thread.spawn-indirect $start (core table $threads)))      ;; and the other built-ins
//!   (core instance $root (export "[thread-index]" (func ..)) ..)
//!   (core module $main ..)
//!   (core instance $main (instantiate $main (with "$state" (instance $state)) (with "$root" (instance $root))
//!     (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))))
//!   (alias core export $main "_start" (core func $run))
//!   (func $run (result (result)) (canon lift (core func $run)))
//!   (instance $run (export "run" (func $run)))
//!   (export "wasi:cli/run@0.2.6" (instance $run)))
//! ```
//!
//! The encoding is that of today's wasm-tools, whose `thread.spawn-indirect` has no `shared?` byte. Canonical
//! built-ins are imported, and functions lifted, at shared types, which the specification does not define yet: see
//! docs/extensions.md.

pub(crate) mod hosts;
pub(crate) mod prelude;
pub(crate) mod splice;
pub(crate) mod writer;

use crate::builtin::ROOT;
use crate::component::prelude::prelude;
use crate::component::splice::splice;
use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::input::info::ModuleInfo;
use crate::plan::Plan;
use crate::plan::exports::EntryKind;
use crate::rewrite::Rewriter;
use crate::state::State;
use crate::world::World;
use wasm_encoder::{
    CanonicalFunctionSection, ComponentExportKind, ComponentExportSection, ComponentInstanceSection,
    ComponentTypeSection, ComponentValType, ExportKind, Module, PrimitiveValType,
};

/// The interface of commands.
const RUN: &str = "wasi:cli/run@0.2.6";

/// Connects the parts of the component.
pub(crate) fn encode(
    info: &ModuleInfo<'_>,
    plan: &Plan<'_>,
    state: &State,
    rewriter: &mut Rewriter,
    main: &Module,
    world: Option<&World>,
) -> Result<Vec<u8>, AdaptError> {
    let mut writer = Writer::default();
    let mut prelude = prelude(&mut writer, info, plan, state, rewriter)?;
    let main = match world {
        Some(world) => splice(&mut writer, info, world, prelude, main)?,
        None => {
            if !prelude.root.is_empty() {
                prelude
                    .main_args
                    .push((ROOT, writer.core_instance("root", &prelude.root)));
            }
            let main = writer.core_module("main", main);
            writer.instantiate("main", main, &prelude.main_args)
        }
    };
    for entry in &plan.exports.entries {
        export(&mut writer, (main, entry.name), &entry.kind);
    }
    Ok(writer.finish())
}

/// Exports a function of a core instance.
pub(crate) fn export(writer: &mut Writer, (instance, name): (u32, &str), kind: &EntryKind) {
    let mut exports = ComponentExportSection::new();
    match kind {
        // The world's exports are written with the world.
        EntryKind::World(_) => {}
        EntryKind::Run => {
            let core = writer.alias(instance, ExportKind::Func, name);
            let func = lift(writer, core, "run", &[], Some(result));
            let mut instances = ComponentInstanceSection::new();
            instances.export_items([("run", ComponentExportKind::Func, func)]);
            writer.section(&instances);
            let instance = writer.instances.add("run");
            exports.export(RUN, ComponentExportKind::Instance, instance, None);
            writer.section(&exports);
            writer.instances.skip(1);
        }
        EntryKind::Lifted { label, params, result } => {
            let core = writer.alias(instance, ExportKind::Func, name);
            let result = result.map(|ty| move |_: &mut Writer| ComponentValType::Primitive(ty));
            let func = lift(writer, core, label, params, result);
            exports.export(label.as_str(), ComponentExportKind::Func, func, None);
            writer.section(&exports);
            writer.funcs.skip(1);
        }
    }
}

/// The type `result`, with nothing in either case.
fn result(writer: &mut Writer) -> ComponentValType {
    let mut types = ComponentTypeSection::new();
    types.defined_type().result(None, None);
    writer.section(&types);
    ComponentValType::Type(writer.types.add("result"))
}

fn lift(
    writer: &mut Writer,
    core: u32,
    name: &str,
    params: &[PrimitiveValType],
    result: Option<impl FnOnce(&mut Writer) -> ComponentValType>,
) -> u32 {
    let result = result.map(|result| result(writer));
    let mut types = ComponentTypeSection::new();
    let params = params
        .iter()
        .enumerate()
        .map(|(index, ty)| (format!("p{index}"), ComponentValType::Primitive(*ty)));
    let params: Vec<_> = params.collect();
    types
        .function()
        .params(params.iter().map(|(name, ty)| (name.as_str(), *ty)))
        .result(result);
    writer.section(&types);
    let ty = writer.types.add(name);
    let mut canon = CanonicalFunctionSection::new();
    canon.lift(core, ty, []);
    writer.section(&canon);
    writer.funcs.add(name)
}
