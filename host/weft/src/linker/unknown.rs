//! Imports that nobody defines, on the cooperative runtime: they trap.
//!
//! **Problem.** Wasmtime's `Linker::define_unknown_imports_as_traps` looks for definitions under the import's own name. If the host defines
//! a later version of an interface, it would define traps for all functions of the earlier one, and they would hide the host's. **Here,**
//! only what linking finds to be missing traps, in the version that the host defines.

use super::link::{Definitions, instance_of};
use crate::cooperative::component::{Cooperative, Visited, visit_item};
use crate::cooperative::state::State;
use wasmtime::component::{Linker, ResourceType};
use wasmtime::{Result, format_err};
use weft_parallel::__shared::compatibility;
use weft_parallel::Error;

/// The resource type of imports that nobody defines.
struct UnknownResource;

impl<T: Send + Sync + 'static> Definitions<T> {
    /// Defines all imports of a component that the linker lacks.
    pub(super) fn define_unknown(&self, linker: &mut Linker<State>, component: &Cooperative) -> Result<()> {
        let component = &component.component;
        // Instantiation reports other errors.
        let Err(Error::MissingImports(missing)) = weft_cooperative::link(linker, component) else {
            return Ok(());
        };
        let engine = component.engine();
        for (name, import) in component.component_type().imports(engine) {
            if !missing.iter().any(|missing| missing == name) {
                continue;
            }
            let mut defined = Ok(());
            visit_item(engine, &mut vec![name.to_owned()], &import.ty, &mut |path, item| {
                if defined.is_ok() && self.find(path).is_none() {
                    defined = self.define_trap(linker, path, item);
                }
            });
            defined?;
        }
        Ok(())
    }

    fn define_trap(&self, linker: &mut Linker<State>, path: &[String], item: Visited<'_>) -> Result<()> {
        let unknown = path.join("#");
        let path = self.in_defined_version(path);
        let Some((name, outer)) = path.split_last() else {
            return Ok(());
        };
        let unknown_import = move || format_err!("unknown import: `{unknown}` has not been defined");
        match item {
            Visited::Func(function) if function.async_() => {
                instance_of(linker, outer)?.func_new_concurrent(name, move |_, _, _, _| {
                    let error = unknown_import();
                    Box::pin(async { Err(error) })
                })
            }
            Visited::Func(_) => instance_of(linker, outer)?.func_new(name, move |_, _, _, _| Err(unknown_import())),
            // No function makes such a resource.
            Visited::Resource => {
                let ty = ResourceType::host::<UnknownResource>();
                instance_of(linker, outer)?.resource(name, ty, |_, _| Ok(()))
            }
        }
    }

    /// The path in the latest compatible version of its interface that the host defines.
    fn in_defined_version(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        let Some((track, _)) = path.first().and_then(|interface| compatibility(interface)) else {
            return path;
        };
        if self.instances.contains(&path[..1]) {
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
