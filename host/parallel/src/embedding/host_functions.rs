//! Host functions on component values: how the linker keeps them, and how an import finds its definition.
//!
//! **Problem.** A component imports functions by the names of interfaces and of the functions in them. A core module
//! that calls one sees a core function, with a type and options that only the component knows. **Before:** a closure on
//! [`Val`]s under a name. **After:** the closure for each import of a plan. When the run-time module is linked,
//! [`imports`](crate::builtins::imports) adds the conversion between core values and the closure's values.
//!
//! An import matches a definition of the same name. Otherwise, it matches one whose version is compatible by semantic
//! versioning, as in Wasmtime: a host that defines `example:text/log@1.2.0` supplies `example:text/log@1.0.0` too.
//!
//! **Rejected:** defining core functions in Wasmtime's linker directly (core modules have no interface names, and the
//! same function can be lowered with different options).

use super::versions::compatibility;
use crate::engine::module::Module;
use crate::error::Error;
use crate::state::host_function::{HostFunction, HostResource};
use semver::Version;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use weft_abi::{ResourceIndex, Signature, SignatureMismatch};
use weft_lower::Plan;
use weft_lower::plan::{self, ResourceName};

/// The definitions of a linker, by path: the names of the instances that contain the definition, outermost first, then
/// its own name.
pub(crate) struct HostFunctions<T: 'static> {
    pub(super) by_path: HashMap<Vec<String>, HostFunction<T>>,
    pub(super) resources: HashMap<Vec<String>, HostResource<T>>,
    /// The types of functions, if the embedder has declared them.
    pub(super) signatures: HashMap<Vec<String>, Signature>,
    /// The core modules that are not implemented by the host.
    pub(super) modules: HashMap<Vec<String>, Module>,
    /// The names of the outermost instances, including those without definitions.
    pub(super) instances: BTreeSet<String>,
    /// Whether a definition may take the place of another one.
    pub(super) allow_shadowing: bool,
}

impl<T> Clone for HostFunctions<T> {
    fn clone(&self) -> Self {
        HostFunctions {
            by_path: self.by_path.clone(),
            resources: self.resources.clone(),
            modules: self.modules.clone(),
            signatures: self.signatures.clone(),
            instances: self.instances.clone(),
            allow_shadowing: self.allow_shadowing,
        }
    }
}

impl<T> Default for HostFunctions<T> {
    fn default() -> Self {
        HostFunctions {
            by_path: HashMap::new(),
            resources: HashMap::new(),
            modules: HashMap::new(),
            signatures: HashMap::new(),
            instances: BTreeSet::new(),
            allow_shadowing: false,
        }
    }
}

impl<T> HostFunctions<T> {
    /// The definition for an import.
    pub(super) fn find<'a, D>(&'a self, defined: &'a HashMap<Vec<String>, D>, path: &[String]) -> Option<&'a D> {
        self.find_entry(defined, path).map(|(_, definition)| definition)
    }

    /// The path of the definition for an import, and the definition.
    fn find_entry<'a, D>(
        &'a self,
        defined: &'a HashMap<Vec<String>, D>,
        path: &[String],
    ) -> Option<(&'a Vec<String>, &'a D)> {
        if let Some(entry) = defined.get_key_value(path) {
            return Some(entry);
        }
        let (interface, rest) = path.split_first()?;
        self.compatible(interface).find_map(|instance| {
            let path: Vec<String> = [instance].into_iter().chain(rest).cloned().collect();
            defined.get_key_value(&path)
        })
    }

    /// Compares the types of functions with those of a plan's imports, where the embedder has declared them. `resources` are the
    /// plan's resource types.
    pub(crate) fn check_signatures(&self, plan: &Plan, resources: &[Option<HostResource<T>>]) -> Result<(), Error> {
        if self.signatures.is_empty() {
            return Ok(());
        }
        let types = Arc::new(plan.types.clone());
        let supplied = (0..plan.resources.len() as u32).map(|index| {
            let (view, _) = plan.resource(ResourceIndex(index))?;
            Some(resources.get(view.ty.index())?.as_ref()?.ty)
        });
        let supplied: Arc<[_]> = supplied.collect();
        for import in &plan.functions {
            let found = self.find_entry(&self.by_path, &import.path);
            let (Some(ty), Some(signature)) = (import.ty, found.and_then(|(path, _)| self.signatures.get(path))) else {
                continue;
            };
            let wanted = Signature::new(Arc::clone(&types), ty, Arc::clone(&supplied));
            signature
                .check(&wanted)
                .map_err(|mismatch| other_signature(&import.name(), &mismatch))?;
        }
        Ok(())
    }

    /// The instances whose version is compatible with that of an interface, latest first.
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

    /// Whether a path has a definition that is no instance.
    pub(super) fn has_item(&self, path: &[String]) -> bool {
        self.by_path.contains_key(path) || self.resources.contains_key(path) || self.modules.contains_key(path)
    }

    /// What a plan imports and the linker does not define. If the linker has no instance of an import's name, this
    /// contains the instance's name, and otherwise the missing functions.
    pub(crate) fn missing(&self, plan: &Plan) -> BTreeSet<String> {
        let unknown = self.unknown(plan).into_iter();
        let missing = unknown.map(|(path, _)| match path.as_slice() {
            [instance, _, ..] if !self.has_instance(instance) => instance.clone(),
            _ => path.join("#"),
        });
        missing.collect()
    }

    /// The paths of all functions and resource types that a plan imports and the linker does not define, and whether it is a function.
    pub(super) fn unknown(&self, plan: &Plan) -> Vec<(Vec<String>, bool)> {
        let functions = plan.functions.iter().map(|import| &import.path);
        let functions = functions.filter(|path| self.find(&self.by_path, path).is_none());
        let resources = plan.resource_types.iter().filter_map(|ty| match ty {
            plan::ResourceType::Imported { path } => Some(path),
            plan::ResourceType::Defined { .. } => None,
        });
        let resources = resources.filter(|path| self.find(&self.resources, path).is_none());
        let functions = functions.map(|path| (path.clone(), true));
        functions.chain(resources.map(|path| (path.clone(), false))).collect()
    }

    /// Checks that the host supplies one resource type where a plan imports the same type by several names. It need not
    /// supply more than the first of them. `resources` are the plan's resource types.
    pub(crate) fn check_equal(&self, plan: &Plan, resources: &[Option<HostResource<T>>]) -> Result<(), Error> {
        for ResourceName { path, ty } in &plan.equal_resources {
            let Some(found) = self.find(&self.resources, path) else {
                continue;
            };
            let wanted = resources.get(ty.index()).and_then(Option::as_ref);
            if wanted.is_some_and(|wanted| wanted.ty == found.ty) {
                continue;
            }
            let name = path.join("#");
            let reason = match &plan.resource_types[ty.index()] {
                plan::ResourceType::Imported { path } => format!("`{}`", path.join("#")),
                plan::ResourceType::Defined { .. } => "one that it defines".to_owned(),
            };
            return Err(Error::Link(format!(
                "mismatched resource types: the component imports `{name}` as the same resource type as {reason}, and \
                 the host supplies another one"
            )));
        }
        Ok(())
    }

    pub(super) fn has_instance(&self, name: &str) -> bool {
        self.instances.contains(name) || self.compatible(name).next().is_some()
    }

    /// The definitions of all imports of a plan, in its order. No import may be [missing](Self::missing).
    pub(crate) fn resolve(&self, plan: &Plan) -> Vec<HostFunction<T>> {
        let found = plan
            .functions
            .iter()
            .filter_map(|import| self.find(&self.by_path, &import.path));
        found.cloned().collect()
    }

    /// The definitions of all resource types that a plan imports, by its index. No type may be
    /// [missing](Self::missing).
    pub(crate) fn resolve_resources(&self, plan: &Plan) -> Vec<Option<HostResource<T>>> {
        let found = plan.resource_types.iter().map(|ty| match ty {
            plan::ResourceType::Imported { path } => self.find(&self.resources, path).cloned(),
            plan::ResourceType::Defined { .. } => None,
        });
        found.collect()
    }
}

/// The error for a function whose type is not that of the import.
pub fn other_signature(import: &str, mismatch: &SignatureMismatch) -> Error {
    Error::Link(format!(
        "the component imports the function `{import}` with a type that differs from the type of its definition: {mismatch}"
    ))
}
