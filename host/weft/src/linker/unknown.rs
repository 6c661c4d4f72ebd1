//! Imports that nobody defines, on the cooperative runtime: they trap, or are named.
//!
//! **Problem.** Wasmtime's `Linker::define_unknown_imports_as_traps` looks for definitions under the import's own name. If the host defines
//! a later version of an interface, it would define traps for all functions of the earlier one, and they would hide the host's. **Here,**
//! only what linking finds to be missing traps, in the version that the host or weft's WASI defines. Wasmtime does not say what its linker
//! has of WASI, but its message names the first item that is missing.

use super::define::instance_of;
use super::link::Definitions;
use crate::cooperative::component::{Cooperative, Visited, visit_item};
use crate::cooperative::state::State;
use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{Component, Linker, ResourceType};
use wasmtime::{Result, format_err};
use weft_lower::messages::is_missing_item;
use weft_parallel::__shared::compatibility;
use weft_parallel::Error;

/// The resource type of imports that nobody defines.
struct UnknownResource;

/// Whether linking stops at this import because nobody defines it. Linking looks for the items of an interface in their order.
fn is_missing(linker: &Linker<State>, component: &Component, path: &[String]) -> bool {
    let refused = linker.instantiate_pre(component).err();
    refused.is_some_and(|error| is_missing_item(&format!("{error:#}"), path))
}

impl<T: Send + Sync + 'static> Definitions<T> {
    /// Defines all imports of a component that the linker lacks. Returns their names: that of an interface of which everything is
    /// missing, or paths.
    pub(super) fn define_unknown(&self, linker: &mut Linker<State>, component: &Cooperative) -> Result<Vec<String>> {
        let component = &component.component;
        let mut unknown = Vec::new();
        // Instantiation reports other errors.
        let Err(Error::MissingImports(missing)) = weft_cooperative::link(linker, component) else {
            return Ok(unknown);
        };
        let engine = component.engine();
        for (name, import) in component.component_type().imports(engine) {
            if !missing.iter().any(|missing| missing == name) {
                continue;
            }
            let mut items = Vec::new();
            visit_item(engine, &mut vec![name.to_owned()], &import.ty, &mut |path, item| {
                let func = match item {
                    Visited::Func(func) => Some(func.clone()),
                    Visited::Resource => None,
                    // No core module stands for an unknown one.
                    Visited::Module => return,
                };
                items.push((path.to_vec(), func));
            });
            let is_of_wasi = self.wasi_interface(name).is_some();
            let mut lacks = Vec::new();
            for (path, func) in &items {
                let is_known = self.find(path).is_some() || is_of_wasi && !is_missing(linker, component, path);
                if !is_known {
                    self.define_trap(linker, path, func.as_ref())?;
                    lacks.push(path.join("#"));
                }
            }
            match lacks.len() == items.len() {
                true => unknown.push(name.to_owned()),
                false => unknown.extend(lacks),
            }
        }
        Ok(unknown)
    }

    /// The names of what the linker lacks, as [`Self::define_unknown`] returns them. `found` is what linking has found.
    pub(super) fn name_missing(
        &self,
        linker: &Linker<State>,
        component: &Cooperative,
        found: Vec<String>,
    ) -> Vec<String> {
        let mut linker = linker.clone();
        linker.allow_shadowing(true);
        match self.define_unknown(&mut linker, component) {
            Ok(unknown) if !unknown.is_empty() => unknown,
            // Another error came first.
            Ok(_) | Err(_) => found,
        }
    }

    /// Defines a function that traps, or a resource type.
    fn define_trap(&self, linker: &mut Linker<State>, path: &[String], func: Option<&ComponentFunc>) -> Result<()> {
        let unknown = path.join("#");
        let path = self.in_defined_version(path);
        let Some((name, outer)) = path.split_last() else {
            return Ok(());
        };
        let unknown_import = move || format_err!("unknown import: `{unknown}` has not been defined");
        match func {
            Some(func) if func.async_() => instance_of(linker, outer)?.func_new_concurrent(name, move |_, _, _, _| {
                let error = unknown_import();
                Box::pin(async { Err(error) })
            }),
            Some(_) => instance_of(linker, outer)?.func_new(name, move |_, _, _, _| Err(unknown_import())),
            // No function makes such a resource.
            None => {
                let ty = ResourceType::host::<UnknownResource>();
                instance_of(linker, outer)?.resource(name, ty, |_, _| Ok(()))
            }
        }
    }

    /// The path in the latest compatible version of its interface that the host or weft's WASI defines.
    fn in_defined_version(&self, path: &[String]) -> Vec<String> {
        let mut path = self.place(path);
        let Some((track, _)) = path.first().and_then(|interface| compatibility(interface)) else {
            return path;
        };
        if self.instances.contains(&path[..1]) || self.wasi_interface(&path[0]).is_some() {
            return path;
        }
        let defined = self.instances.iter().filter_map(|instance| match instance.as_slice() {
            [name] => {
                let (own_track, version) = compatibility(name)?;
                (own_track == track).then_some((version, name))
            }
            _ => None,
        });
        if let Some((_, name)) = defined.max() {
            path[0].clone_from(name);
        }
        path
    }
}
