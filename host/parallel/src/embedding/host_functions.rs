//! Host functions that take and give component values: how an embedder defines them, and how an import finds its own.
//!
//! **Problem.** A component imports functions by the names of interfaces and of functions in them; each core module that calls one
//! sees a core function, with a type and options that only the component knows. **Before:** a closure on [`Val`]s under a name.
//! **After:** for each import of a plan, that closure. When the run-time module is linked,
//! [`imports`](crate::builtins::imports) adds what lies between core values and it.
//!
//! An import matches a definition of the same name. Otherwise, it matches one whose version is compatible by semantic
//! versioning, as in Wasmtime: a host that defines `example:text/log@1.2.0` supplies `example:text/log@1.0.0` too.
//!
//! **Rejected:** to define core functions in the engine's linker at once. The engine has no interface names, and the same
//! function can be lowered with different options.

use super::versions::compatibility;
use crate::state::host_function::{HostFunction, HostResource};
use semver::Version;
use std::collections::{BTreeSet, HashMap};
use weft_lower::Plan;
use weft_lower::plan;

/// The definitions of a linker, by the names of the instances that they are in, outermost first, and their own.
pub(crate) struct HostFunctions<T: 'static> {
    pub(super) by_path: HashMap<Vec<String>, HostFunction<T>>,
    pub(super) resources: HashMap<Vec<String>, HostResource<T>>,
    /// The names of the outermost instances, those without definitions included.
    pub(super) instances: BTreeSet<String>,
}

impl<T> Default for HostFunctions<T> {
    fn default() -> Self {
        HostFunctions {
            by_path: HashMap::new(),
            resources: HashMap::new(),
            instances: BTreeSet::new(),
        }
    }
}

impl<T> HostFunctions<T> {
    /// What is defined for an import.
    fn find<'a, D>(&'a self, defined: &'a HashMap<Vec<String>, D>, path: &[String]) -> Option<&'a D> {
        if let Some(definition) = defined.get(path) {
            return Some(definition);
        }
        let (interface, rest) = path.split_first()?;
        self.compatible(interface).find_map(|instance| {
            let path: Vec<String> = [instance].into_iter().chain(rest).cloned().collect();
            defined.get(&path)
        })
    }

    /// The instances whose version can stand for that of an interface, the latest first.
    fn compatible(&self, interface: &str) -> impl Iterator<Item = &String> {
        let wanted = compatibility(interface);
        let mut found: Vec<(Version, &String)> = self
            .instances
            .iter()
            .filter_map(|instance| {
                let (track, version) = compatibility(instance)?;
                (Some(&track) == wanted.as_ref().map(|(track, _)| track)).then_some((version, instance))
            })
            .collect();
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        found.into_iter().map(|(_, instance)| instance)
    }

    /// What a plan imports and is not defined: an instance by its name if nothing of that name is, and a function otherwise.
    pub(crate) fn missing(&self, plan: &Plan) -> BTreeSet<String> {
        let functions = plan.functions.iter().map(|import| &import.path);
        let functions = functions.filter(|path| self.find(&self.by_path, path).is_none());
        let resources = plan.resource_types.iter().filter_map(|ty| match ty {
            plan::ResourceType::Imported { path } => Some(path),
            plan::ResourceType::Defined { .. } => None,
        });
        let resources = resources.filter(|path| self.find(&self.resources, path).is_none());
        let missing = functions.chain(resources).map(|path| match path.as_slice() {
            [instance, _, ..] if !self.has_instance(instance) => instance.clone(),
            _ => path.join("#"),
        });
        missing.collect()
    }

    fn has_instance(&self, name: &str) -> bool {
        self.instances.contains(name) || self.compatible(name).next().is_some()
    }

    /// The definitions of all imports of a plan, in its order. None is [missing](Self::missing).
    pub(crate) fn resolve(&self, plan: &Plan) -> Vec<HostFunction<T>> {
        let found = plan
            .functions
            .iter()
            .filter_map(|import| self.find(&self.by_path, &import.path));
        found.cloned().collect()
    }

    /// The definitions of all resource types that a plan imports, by its index. None is [missing](Self::missing).
    pub(crate) fn resolve_resources(&self, plan: &Plan) -> Vec<Option<HostResource<T>>> {
        let found = plan.resource_types.iter().map(|ty| match ty {
            plan::ResourceType::Imported { path } => self.find(&self.resources, path).cloned(),
            plan::ResourceType::Defined { .. } => None,
        });
        found.collect()
    }
}
