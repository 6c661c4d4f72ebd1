//! The host modules: core modules that the component imports, and instantiates with a memory.
//!
//! ```wat
//! (core instance $host-env (export "memory" (memory $memory)))
//! (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1
//!   (import "env" "memory" (memory 17 16384 shared)) (export "fd_write" (func ..))))
//! (core instance $wasi-snapshot-preview1 (instantiate $wasi-snapshot-preview1 (with "env" (instance $host-env))))
//! ```

use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::input::info::{ModuleInfo, names_type};
use crate::plan::imports::HostModule;
use crate::rewrite::Rewriter;
use crate::state::Exported;
use crate::types::converted_func;
use std::collections::HashMap;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    ComponentImportSection, ComponentTypeRef, CoreTypeSection, EntityType, ExportKind, MemoryType, ModuleType,
};

/// Imports host modules, and instantiates each with a memory of an instance.
pub(crate) fn import_hosts(
    writer: &mut Writer,
    info: &ModuleInfo<'_>,
    hosts: &[HostModule<'_>],
    (state, memory): (u32, &Exported<MemoryType>),
    rewriter: &mut Rewriter,
) -> Result<Vec<u32>, AdaptError> {
    let alias = writer.alias(state, ExportKind::Memory, &memory.name);
    let env = writer.core_instance("host-env", &[("memory", ExportKind::Memory, alias)]);
    let mut instances = Vec::with_capacity(hosts.len());
    for host in hosts {
        let ty = host_type(info, host, memory.ty, rewriter)?;
        let module = import_host(writer, host, &ty);
        instances.push(writer.instantiate(&host.label, module, &[("env", env)]));
    }
    Ok(instances)
}

/// The type of a host module.
fn host_type(
    info: &ModuleInfo<'_>,
    host: &HostModule<'_>,
    memory: MemoryType,
    rewriter: &mut Rewriter,
) -> Result<ModuleType, AdaptError> {
    let mut module = ModuleType::new();
    module.import("env", "memory", EntityType::Memory(memory));
    // The index of the next type in the host module's type.
    let mut next = 0;
    if let (true, Some(section)) = (names_types(info, host)?, &info.type_section) {
        next = info.types.len() as u32;
        for group in section.clone().into_iter_with_offsets() {
            let (offset, group) = group?;
            rewriter
                .at("a type", offset)
                .parse_recursive_type_group(module.ty(), group)?;
        }
    }
    let mut known = HashMap::new();
    for (name, func) in &host.functions {
        let index = info.type_of(*func)?;
        let ty = info.func_type(index)?;
        let ty = match (info.names_types(index)?, known.get(ty)) {
            (true, _) => index.0,
            (false, Some(index)) => *index,
            (false, None) => {
                module
                    .ty()
                    .subtype(&converted_func(ty, rewriter.at("an imported function", 0))?);
                known.insert(ty, next);
                next += 1;
                next - 1
            }
        };
        module.export(name, EntityType::Function(ty));
    }
    for (name, global) in &host.globals {
        let global = info.global(*global)?;
        let ty = rewriter
            .at("an imported global", global.offset)
            .global_type(global.ty)?;
        module.export(name, EntityType::Global(ty));
    }
    Ok(module)
}

/// Whether the type of a host module must declare the input's types, because a function or global that it exports
/// refers to one.
fn names_types(info: &ModuleInfo<'_>, host: &HostModule<'_>) -> Result<bool, AdaptError> {
    for (_, func) in &host.functions {
        if info.names_types(info.type_of(*func)?)? {
            return Ok(true);
        }
    }
    for (_, global) in &host.globals {
        if names_type(info.global(*global)?.ty.content_type) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn import_host(writer: &mut Writer, host: &HostModule<'_>, ty: &ModuleType) -> u32 {
    let mut types = CoreTypeSection::new();
    types.ty().module(ty);
    writer.section(&types);
    let ty = writer.core_types.add(&host.label);
    let mut imports = ComponentImportSection::new();
    imports.import(host.label.as_str(), ComponentTypeRef::Module(ty));
    writer.section(&imports);
    writer.core_modules.add(&host.label)
}
