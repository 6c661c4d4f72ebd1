//! Finds the places, in the component as its author wrote it, of items that flatten refuses.
//!
//! **Problem.** Flatten works on the unshared form, in which everything has moved, and the translator reports neither
//! offsets nor the names of items within the component.
//!
//! **Here**, when flatten refuses an item, it reads the input once more, up to that item. So components that run pay
//! nothing. If the item is not found, the error has no offset.
//!
//! **Rejected:** carrying the offsets of all items through unshare for the sake of those few.

use crate::binary::outermost;
use std::ops::{ControlFlow, Range};
use wasmparser::{
    CanonicalFunction, CanonicalOption, ComponentAlias, ComponentExport, ComponentExternalKind,
    ComponentOuterAliasKind, ComponentType, ComponentTypeRef, Parser, Payload, Result,
};

/// Where the outermost component imports something by this name.
pub(crate) fn import(component: &[u8], name: &str) -> Option<u64> {
    let mut imports = outermost::imports(component).ok()?.into_iter();
    let (offset, _) = imports.find(|(_, import)| import.name.name == name)?;
    Some(offset as u64)
}

/// Where the outermost component exports something by this name.
pub(crate) fn export(component: &[u8], name: &str) -> Option<u64> {
    let mut exports = outermost::exports(component).ok()?.into_iter();
    let (offset, _) = exports.find(|(_, export)| export.name.name == name)?;
    Some(offset as u64)
}

/// Where a core module imports an item. `module` counts the core modules as they stand in the binary.
pub(super) fn core_import(component: &[u8], module: usize, names: (&str, &str)) -> Option<u64> {
    let mut modules = 0;
    find(component, |_, payload| {
        match payload {
            Payload::ModuleSection { .. } => modules += 1,
            Payload::ImportSection(section) if modules == module + 1 => {
                for import in section.clone().into_imports_with_offsets() {
                    let (offset, import) = import?;
                    if (import.module, import.name) == names {
                        return Ok(Some(offset as u64));
                    }
                }
            }
            _ => {}
        }
        Ok(None)
    })
}

/// Where a core module is. `module` counts the core modules as they stand in the binary.
pub(super) fn core_module(component: &[u8], module: usize) -> Option<Range<usize>> {
    let mut modules = 0;
    find(component, |_, payload| {
        if let Payload::ModuleSection {
            unchecked_range: range, ..
        } = payload
        {
            modules += 1;
            if modules == module + 1 {
                return Ok(Some(range.clone()));
            }
        }
        Ok(None)
    })
}

/// Where a core module defines a memory. `memory` counts those that it defines.
pub(super) fn core_memory(component: &[u8], module: usize, memory: usize) -> Option<u64> {
    let mut modules = 0;
    find(component, |_, payload| {
        match payload {
            Payload::ModuleSection { .. } => modules += 1,
            Payload::MemorySection(section) if modules == module + 1 => {
                if let Some(found) = section.clone().into_iter_with_offsets().nth(memory) {
                    return Ok(Some(found?.0 as u64));
                }
            }
            _ => {}
        }
        Ok(None)
    })
}

/// Where the first function is lifted with a `callback`.
pub(super) fn callback(component: &[u8]) -> Option<u64> {
    find(component, |_, payload| {
        let Payload::ComponentCanonicalSection(section) = payload else {
            return Ok(None);
        };
        for definition in section.clone().into_iter_with_offsets() {
            let (offset, definition) = definition?;
            if let CanonicalFunction::Lift { options, .. } = definition
                && options
                    .iter()
                    .any(|option| matches!(option, CanonicalOption::Callback(_)))
            {
                return Ok(Some(offset as u64));
            }
        }
        Ok(None)
    })
}

/// The first resource type that is defined: its name, if it is imported or exported under one, and its offset.
pub(super) fn resource(component: &[u8]) -> Option<(Option<String>, u64)> {
    let mut scopes = Vec::new();
    let mut found: Option<Resource> = None;
    let walked = walk(component, |depth, payload| {
        scopes.resize(depth, 0);
        match &mut found {
            Some(resource) if resource.depth == depth => resource.look_for_name(payload),
            // The component that contains it has ended.
            Some(resource) if resource.depth > depth => Ok(ControlFlow::Break(())),
            Some(_) => Ok(ControlFlow::Continue(())),
            None => {
                found = count_types(payload, scopes.last_mut(), depth)?;
                Ok(ControlFlow::Continue(()))
            }
        }
    });
    walked.ok()?;
    found.map(|resource| (resource.name, resource.offset))
}

struct Resource {
    depth: usize,
    index: u32,
    offset: u64,
    name: Option<String>,
}

impl Resource {
    fn look_for_name(&mut self, payload: &Payload<'_>) -> Result<ControlFlow<()>> {
        if let Payload::ComponentExportSection(section) = payload {
            for export in section.clone() {
                let ComponentExport { name, kind, index, .. } = export?;
                if kind == ComponentExternalKind::Type && index == self.index {
                    self.name = Some(name.name.to_owned());
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Counts the types that a section defines, up to the first resource type.
fn count_types(payload: &Payload<'_>, count: Option<&mut u32>, depth: usize) -> Result<Option<Resource>> {
    let Some(count) = count else { return Ok(None) };
    match payload {
        Payload::ComponentTypeSection(section) => {
            for ty in section.clone().into_iter_with_offsets() {
                let (offset, ty) = ty?;
                if let ComponentType::Resource { .. } = ty {
                    return Ok(Some(Resource {
                        depth,
                        index: *count,
                        offset: offset as u64,
                        name: None,
                    }));
                }
                *count += 1;
            }
        }
        Payload::ComponentImportSection(section) => {
            for import in section.clone() {
                *count += u32::from(matches!(import?.ty, ComponentTypeRef::Type(_)));
            }
        }
        Payload::ComponentExportSection(section) => {
            for export in section.clone() {
                *count += u32::from(export?.kind == ComponentExternalKind::Type);
            }
        }
        Payload::ComponentAliasSection(section) => {
            for alias in section.clone() {
                let is_type = matches!(
                    alias?,
                    ComponentAlias::InstanceExport {
                        kind: ComponentExternalKind::Type,
                        ..
                    } | ComponentAlias::Outer {
                        kind: ComponentOuterAliasKind::Type,
                        ..
                    }
                );
                *count += u32::from(is_type);
            }
        }
        _ => {}
    }
    Ok(None)
}

/// The first result of `find` for a payload. `find` also gets the nesting depth of components and core modules, which
/// is 1 for the outermost component.
fn find<T>(component: &[u8], mut find: impl FnMut(usize, &Payload<'_>) -> Result<Option<T>>) -> Option<T> {
    let mut found = None;
    let walked = walk(component, |depth, payload| {
        found = find(depth, payload)?;
        Ok(match found {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        })
    });
    walked.ok()?;
    found
}

fn walk(component: &[u8], mut visit: impl FnMut(usize, &Payload<'_>) -> Result<ControlFlow<()>>) -> Result<()> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if visit(depth, &payload)?.is_break() {
            break;
        }
    }
    Ok(())
}
