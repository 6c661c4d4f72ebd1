//! The definitions of a linker, and the runtimes' own linkers, which are made from them.

use super::definition::{Definition, Suspended};
use crate::cooperative::component::{self, Visited, visit_item};
use crate::cooperative::handles::HandleTable;
use crate::cooperative::imports::check_import;
use crate::cooperative::state::State;
use crate::engine::Engine;
use crate::host::ThreadContext;
use crate::instance_pre::Get;
use crate::linker::define::{define_in_cooperative, define_in_parallel, failed, instance_of, say_type_in_parallel};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wasmtime::component as engine;
use wasmtime::component::types::ComponentFunc;
use weft_abi::{ResourceType, Signature};
use weft_cooperative::__shared::Described;
use weft_parallel::__shared::{compatibility, other_signature};
use weft_parallel::{Error, Module};
use weft_wasi::WasiCtx;

type Returning<T> = dyn Fn(ThreadContext<'_, T>, u32) -> wasmtime::Result<()> + Send + Sync;

type Suspending<T> = dyn for<'a> Fn(ThreadContext<'a, T>, u32) -> Suspended<'a, ()> + Send + Sync;

/// The destructor of a resource type of the host.
pub(super) enum Destructor<T: Send + Sync + 'static> {
    Returning(Arc<Returning<T>>),
    Suspending(Arc<Suspending<T>>),
}

impl<T: Send + Sync + 'static> Clone for Destructor<T> {
    fn clone(&self) -> Self {
        match self {
            Destructor::Returning(destructor) => Destructor::Returning(Arc::clone(destructor)),
            Destructor::Suspending(destructor) => Destructor::Suspending(Arc::clone(destructor)),
        }
    }
}

/// The item at a path.
pub(super) enum Item<T: Send + Sync + 'static> {
    Func(Arc<dyn Definition<T>>),
    Resource(ResourceType, Destructor<T>),
    Module(Module),
}

impl<T: Send + Sync + 'static> Clone for Item<T> {
    fn clone(&self) -> Self {
        match self {
            Item::Func(function) => Item::Func(Arc::clone(function)),
            Item::Resource(ty, destructor) => Item::Resource(*ty, destructor.clone()),
            Item::Module(module) => Item::Module(module.clone()),
        }
    }
}

/// An item and its path.
pub(super) type Defined<T> = (Vec<String>, Item<T>);

type AddParallel<T> = dyn Fn(&mut weft_parallel::Linker<T>) -> Result<(), Error> + Send + Sync;

/// How to find the WASI context in the embedder's state.
struct Wasi<T: 'static> {
    get: Arc<Get<T>>,
    add_to_parallel: Arc<AddParallel<T>>,
    /// How many items were defined before it. With shadowing, the later definition counts.
    position: usize,
}

impl<T> Clone for Wasi<T> {
    fn clone(&self) -> Self {
        Wasi {
            get: Arc::clone(&self.get),
            add_to_parallel: Arc::clone(&self.add_to_parallel),
            position: self.position,
        }
    }
}

/// See the module.
pub(super) struct Definitions<T: Send + Sync + 'static> {
    /// The definitions by path: the names of the instances that contain the definition, outermost first, then its own
    /// name.
    items: Vec<Defined<T>>,
    by_path: HashMap<Vec<String>, usize>,
    /// The paths of instances, including those without definitions.
    pub(super) instances: BTreeSet<Vec<String>>,
    wasi: Option<Wasi<T>>,
    allow_shadowing: bool,
    /// The types of functions that the embedder has declared, by path.
    pub(super) signatures: HashMap<Vec<String>, Signature>,
    /// The components whose imports trap if nothing else defines them, on the cooperative runtime.
    unknown: Vec<component::Cooperative>,
}

impl<T: Send + Sync + 'static> Clone for Definitions<T> {
    fn clone(&self) -> Self {
        Definitions {
            items: self.items.clone(),
            by_path: self.by_path.clone(),
            signatures: self.signatures.clone(),
            instances: self.instances.clone(),
            wasi: self.wasi.clone(),
            allow_shadowing: self.allow_shadowing,
            unknown: self.unknown.clone(),
        }
    }
}

/// Wasmtime's linker with the definitions.
pub(super) struct Cooperative {
    pub(super) linker: engine::Linker<State>,
    /// The host's resource types. Wasmtime identifies each by its position.
    pub(super) types: Vec<ResourceType>,
}

impl<T: Send + Sync + 'static> Default for Definitions<T> {
    fn default() -> Self {
        Definitions {
            items: Vec::new(),
            by_path: HashMap::new(),
            signatures: HashMap::new(),
            instances: BTreeSet::new(),
            wasi: None,
            allow_shadowing: false,
            unknown: Vec::new(),
        }
    }
}

impl<T: Send + Sync + 'static> Definitions<T> {
    pub(super) fn has(&self, path: &[String]) -> bool {
        self.by_path.contains_key(path)
    }

    pub(super) fn add(&mut self, path: Vec<String>, item: Item<T>) -> Result<(), Error> {
        if self.instances.contains(&path) || (self.has(&path) && !self.allow_shadowing) {
            return Err(Error::Defined(path.join("#")));
        }
        self.signatures.remove(&path);
        self.by_path.insert(path.clone(), self.items.len());
        self.items.push((path, item));
        Ok(())
    }

    pub(super) fn allow_shadowing(&mut self, allow: bool) {
        self.allow_shadowing = allow;
    }

    /// Lets the imports of a component trap on the cooperative runtime if nothing else defines them.
    pub(super) fn add_unknown(&mut self, component: &component::Cooperative) {
        self.unknown.push(component.clone());
    }

    pub(super) fn add_wasi(
        &mut self,
        get: impl Fn(&T) -> &WasiCtx + Copy + Send + Sync + 'static,
    ) -> Result<(), Error> {
        if self.wasi.is_some() {
            return Err(Error::Defined("wasi".to_owned()));
        }
        self.wasi = Some(Wasi {
            get: Arc::new(get),
            add_to_parallel: Arc::new(move |linker| weft_wasi::add_to_linker(linker, get)),
            position: self.items.len(),
        });
        Ok(())
    }

    /// How to find the context of a program, if the linker defines WASI.
    pub(super) fn wasi(&self) -> Option<&Arc<Get<T>>> {
        self.wasi.as_ref().map(|wasi| &wasi.get)
    }

    /// The items that were defined before WASI, and those after it.
    fn around_wasi(&self) -> (&[Defined<T>], &[Defined<T>]) {
        self.items.split_at(self.wasi.as_ref().map_or(0, |wasi| wasi.position))
    }

    /// The linker of the parallel runtime.
    pub(super) fn parallel(&self, engine: &weft_parallel::Engine) -> Result<weft_parallel::Linker<T>, Error> {
        let mut linker = weft_parallel::Linker::new(engine);
        // Nothing is defined twice unless shadowing was allowed.
        linker.allow_shadowing(true);
        for path in &self.instances {
            define_in_parallel(&mut linker, path, None)?;
        }
        let (before, after) = self.around_wasi();
        for (path, item) in before {
            define_in_parallel(&mut linker, path, Some(item))?;
        }
        if let Some(wasi) = &self.wasi {
            (wasi.add_to_parallel)(&mut linker)?;
        }
        for (path, item) in after {
            define_in_parallel(&mut linker, path, Some(item))?;
        }
        for (path, signature) in &self.signatures {
            say_type_in_parallel(&mut linker, path, signature);
        }
        linker.allow_shadowing(self.allow_shadowing);
        Ok(linker)
    }

    /// The linker of the cooperative runtime.
    pub(super) fn cooperative(&self, engine: &Engine, allows_procfs: bool) -> Result<Cooperative, Error> {
        let mut cooperative = Cooperative {
            linker: engine::Linker::new(&engine.cooperative()?),
            types: Vec::new(),
        };
        let Cooperative { linker, types } = &mut cooperative;
        // Nothing is defined twice unless shadowing was allowed.
        linker.allow_shadowing(true);
        let interruptible = engine.config().cooperative_epochs;
        for path in &self.instances {
            instance_of(linker, &self.place(path)).map_err(failed)?;
        }
        let (before, after) = self.around_wasi();
        for (path, item) in before {
            define_in_cooperative(linker, &self.place(path), item, types, interruptible)?;
        }
        if self.wasi.is_some() {
            add_wasi(linker, allows_procfs)?;
            linker.allow_shadowing(true);
        }
        // What the host defines in another version than weft's goes into weft's version. Of several such versions, the one defined last
        // counts.
        let other_versions = before.iter().filter(|(path, _)| self.place(path) != *path);
        for (path, item) in other_versions.chain(after) {
            define_in_cooperative(linker, &self.place(path), item, types, interruptible)?;
        }
        for (path, definition) in self.in_other_versions() {
            if let Some(item) = self.find(&definition) {
                define_in_cooperative(linker, &path, item, types, interruptible)?;
            }
        }
        for component in &self.unknown {
            self.define_unknown(linker, component).map_err(failed)?;
        }
        Ok(cooperative)
    }

    /// Checks that host functions have the types that a component imports, where they have Rust types or the embedder has
    /// declared their types.
    pub(super) fn check(
        &self,
        linker: &engine::Linker<State>,
        component: &component::Cooperative,
        types: &[ResourceType],
    ) -> Result<(), Error> {
        // Instantiation reports missing imports.
        let Ok(ty) = linker.substituted_component_type(&component.component) else {
            return Ok(());
        };
        let handles = HandleTable::new(types.to_vec());
        let mut checked = Ok(());
        for (name, import) in ty.imports(component.component.engine()) {
            let mut path = vec![name.to_owned()];
            visit_item(
                component.component.engine(),
                &mut path,
                &import.ty,
                &mut |path, item| {
                    let (Visited::Func(ty), Some((place, Item::Func(function)))) = (item, self.lookup(path)) else {
                        return;
                    };
                    if checked.is_err() {
                        return;
                    }
                    let name = path.join("#");
                    checked = match check_import(ty, &handles, |types, func| function.check(types, func)) {
                        Ok(()) => self.check_signature(ty, &handles, place, &name),
                        Err(error) => Err(Error::Link(format!(
                            "the host defines `{name}` with other types than the component imports: {error}"
                        ))),
                    };
                },
            );
        }
        checked
    }

    /// Compares an imported function with the type that the embedder has declared for the definition at `place`.
    fn check_signature(
        &self,
        ty: &ComponentFunc,
        handles: &HandleTable,
        place: &[String],
        name: &str,
    ) -> Result<(), Error> {
        let Some(signature) = self.signatures.get(place) else {
            return Ok(());
        };
        let mut described = Described::default();
        let description = described.add(ty).map_err(|error| Error::Link(error.to_string()))?;
        let wanted = described.signature(&description, |ty| Some(handles.ty(ty)));
        let checked = signature.check(&wanted);
        checked.map_err(|mismatch| other_signature(name, &mismatch))
    }

    /// The definition for an import: under its name, or in the latest compatible version of its interface.
    pub(super) fn find(&self, path: &[String]) -> Option<&Item<T>> {
        self.lookup(path).map(|(_, item)| item)
    }

    /// The path of that definition.
    pub(super) fn find_path(&self, path: &[String]) -> Option<&Vec<String>> {
        self.lookup(path).map(|(path, _)| path)
    }

    pub(super) fn items(&self) -> &[Defined<T>] {
        &self.items
    }

    fn lookup(&self, path: &[String]) -> Option<&Defined<T>> {
        if let Some(position) = self.by_path.get(path) {
            return Some(&self.items[*position]);
        }
        let (interface, rest) = path.split_first()?;
        let (track, _) = compatibility(interface)?;
        let compatible = self.items.iter().filter_map(|defined| {
            let (other, other_rest) = defined.0.split_first()?;
            let (other_track, version) = compatibility(other)?;
            (other_track == track && other_rest == rest).then_some((version, defined))
        });
        let latest = compatible.max_by(|(one, _), (other, _)| one.cmp(other));
        latest.map(|(_, defined)| defined)
    }
}

/// Adds WASI. The linker's type does not depend on the embedder's state, so WASI is compiled in this crate and not in each
/// program.
fn add_wasi(linker: &mut engine::Linker<State>, allows_procfs: bool) -> Result<(), Error> {
    match allows_procfs {
        false => weft_cooperative::add_wasi(linker),
        true => weft_cooperative::add_wasi_with_procfs(linker),
    }
}
