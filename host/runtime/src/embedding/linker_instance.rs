//! Host functions that take and give component values: how an embedder defines them, and how an import finds its own.
//!
//! **Problem.** A component imports functions by the names of interfaces and of functions in them; each core module that calls one
//! sees a core function, with a type and options that only the component knows. **Before:** a closure on [`Val`]s under a name.
//! **After:** for each import of a plan, that closure. What lies between core values and it, [`calls`](crate::calls) adds when
//! the run-time module is linked.
//!
//! An import matches a definition of the same name. If there is none, it matches one whose version is compatible by semantic
//! versioning, as in Wasmtime: a host that defines `example:text/log@1.2.0` supplies `example:text/log@1.0.0` too.
//!
//! **Rejected:** to define core functions in the engine's linker at once. The engine has no interface names, and the same
//! function can be lowered with different options.

use super::linker::Linker;
use crate::error::Error;
use crate::state::host_function::{HostFunction, HostResource, ThreadContext};
use crate::state::slice::begin_time_slice;
use crate::state::thread::BlockingCaller;
use crate::system::blocking::{self, unblock};
use semver::Version;
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;
use weft_abi::{ResourceType, Val};
use weft_lower::Plan;
use weft_lower::plan;

/// The definitions of a linker, by the names of the instances that they are in, outermost first, and their own.
pub(crate) struct HostFunctions<T: 'static> {
    by_path: HashMap<Vec<String>, HostFunction<T>>,
    resources: HashMap<Vec<String>, HostResource<T>>,
    /// The names of the outermost instances, those without definitions included.
    instances: BTreeSet<String>,
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

/// What versions of an interface can stand for each other, and this one. None if its name has no version, or that of a
/// pre-release, which nothing else can stand for.
pub(super) fn compatibility(interface: &str) -> Option<(String, Version)> {
    let (name, version) = interface.split_once('@')?;
    let version = Version::parse(version).ok()?;
    if !version.pre.is_empty() {
        return None;
    }
    let track = match (version.major, version.minor) {
        (0, 0) => return None,
        (0, minor) => format!("{name}@0.{minor}"),
        (major, _) => format!("{name}@{major}"),
    };
    Some((track, version))
}

/// Where host functions on component values are defined: the component's own imports, or an instance that it imports. See
/// [`Linker::root`] and [`Linker::instance`].
pub struct LinkerInstance<'a, T: 'static> {
    functions: &'a mut HostFunctions<T>,
    path: Vec<String>,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// The component's imports that are in no instance. Functions are defined there.
    pub fn root(&mut self) -> LinkerInstance<'_, T> {
        LinkerInstance {
            functions: &mut self.functions,
            path: Vec::new(),
        }
    }

    /// The instance that satisfies the component's import `name`, which is the name of an interface as a rule:
    /// `example:text/log@1.0.0`. Functions are defined there.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        self.root().into_instance(name)
    }
}

impl<'a, T: Send + Sync + 'static> LinkerInstance<'a, T> {
    /// An instance within this one.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        let inner = LinkerInstance {
            functions: &mut *self.functions,
            path: self.path.clone(),
        };
        inner.into_instance(name)
    }

    fn into_instance(mut self, name: &str) -> Result<LinkerInstance<'a, T>, Error> {
        self.path.push(name.to_owned());
        if self.functions.by_path.contains_key(&self.path) || self.functions.resources.contains_key(&self.path) {
            return Err(Error::Defined(self.path.join("#")));
        }
        if let [name] = self.path.as_slice() {
            self.functions.instances.insert(name.clone());
        }
        Ok(self)
    }

    /// Defines the function `name`, which returns without suspending the guest thread. It is given the arguments as values of
    /// the types that the component says, and gives a value if that type has a result. A result of another type is a trap.
    pub fn func_new<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        self.define(name, HostFunction::Returning(Arc::new(func)))
    }

    /// Defines the function `name` as [`Self::func_new`] does, as one that may suspend the guest thread.
    pub fn func_new_async<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(
                ThreadContext<'f, T>,
                &'f [Val],
            ) -> Box<dyn Future<Output = wasmtime::Result<Option<Val>>> + Send + 'f>
            + Send
            + Sync
            + 'static,
    {
        self.define(name, HostFunction::Suspending(Arc::new(func)))
    }

    /// Defines the function `name` as [`Self::func_new`] does, as one that may block.
    pub fn func_new_blocking<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        blocking::start().map_err(|refusal| Error::OsThread {
            context: "cannot start a thread for blocking host functions",
            refusal,
        })?;
        let func = Arc::new(func);
        self.func_new_async(name, move |mut thread, arguments| {
            let func = Arc::clone(&func);
            let view = thread.data().for_blocking();
            let arguments = arguments.to_vec();
            Box::new(async move {
                let calls = view.calls.clone();
                let outcome = unblock(move || calls.enter(|| func(view, &arguments))).await;
                begin_time_slice(&mut thread);
                outcome
            })
        })
    }

    /// Defines the resource type `name`. `destructor` is given the representation when a guest thread drops the handle that owns a
    /// resource. It runs on that thread and must not block: see [`Self::func_new`].
    pub fn resource<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, u32) -> wasmtime::Result<()> + Send + Sync + 'static,
    {
        let path = self.free_path(name)?;
        let destructor = Arc::new(destructor);
        self.functions.resources.insert(path, HostResource { ty, destructor });
        Ok(self)
    }

    pub(super) fn define(&mut self, name: &str, function: HostFunction<T>) -> Result<&mut Self, Error> {
        let path = self.free_path(name)?;
        self.functions.by_path.insert(path, function);
        Ok(self)
    }

    /// The path of a definition that is new.
    fn free_path(&self, name: &str) -> Result<Vec<String>, Error> {
        let path: Vec<String> = self
            .path
            .iter()
            .map(String::as_str)
            .chain([name])
            .map(str::to_owned)
            .collect();
        let is_instance = self.functions.instances.contains(name) && self.path.is_empty();
        if is_instance || self.functions.by_path.contains_key(&path) || self.functions.resources.contains_key(&path) {
            return Err(Error::Defined(path.join("#")));
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::compatibility;

    #[test]
    fn versions_are_compatible_as_in_semantic_versioning() {
        let track = |name| compatibility(name).map(|(track, _)| track);
        assert_eq!(track("a:b/c@1.2.3"), track("a:b/c@1.9.0"));
        assert_eq!(track("a:b/c@0.2.1"), track("a:b/c@0.2.9"));
        assert_ne!(track("a:b/c@0.2.1"), track("a:b/c@0.3.1"));
        assert_ne!(track("a:b/c@1.2.3"), track("a:b/d@1.2.3"));
        for alone in ["a:b/c", "a:b/c@0.0.1", "a:b/c@1.0.0-rc.1", "a:b/c@1"] {
            assert_eq!(track(alone), None, "{alone}");
        }
    }
}
