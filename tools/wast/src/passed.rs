//! What components import from other instances of a script: functions, and the resources that these pass.
//!
//! **Problem.** The instance and the component that imports from it can be on different runtimes, which have different values. **Here,** a
//! function takes and gives weft's values, in which a [key](Passed::key) stands for each resource.
//!
//! **Problem.** Each instance has a store of its own, and a handle means nothing in another store. **Before:** a handle of the instance that
//! exports the resource type, in a function's result. **After:** a resource of the host's, whose representation is a number here. If a
//! component passes that resource back, the exporter gets its own handle again. If a component drops it, the exporter's destructor runs.
//! If a component passes it on to a third, the third gets a resource of the host's with the same type and representation.
//!
//! **Rejected:** one store for all instances of a script, because a trap in one locks the store for all.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::{Error, Result};
use weft_parallel::{Module, ResourceAny, ResourceType, Signature, Val};

pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// An instance whose exports other components import.
pub(crate) trait Exporter: Send + Sync {
    /// What it exports, by path: the names of the instances that the item is in, outermost first, and its own.
    fn items(&self, passed: &Passed) -> Vec<(Vec<String>, Item)>;

    /// Drops the host's handle to a resource that the instance defines.
    fn drop_resource(&self, handle: Handle) -> Boxed<'_, ()>;

    /// Tells the instance from others that exist.
    fn id(&self) -> usize;
}

/// Something that an instance exports.
pub(crate) enum Item {
    /// With its type, in which the exporter's resource types are those of importers. `None` if its values cannot be passed.
    Func(Arc<dyn Function>, Option<Signature>),
    Resource(Type),
    Module(CoreModule),
    Instance,
}

/// A core module that an instance exports.
pub(crate) enum CoreModule {
    Source(Module),
    /// One that an instance on Wasmtime's runtime imports and exports again, so that its source is not known.
    Compiled(wasmtime::Module),
}

/// A function that an instance exports.
pub(crate) trait Function: Send + Sync {
    /// Calls it with values in which keys stand for resources. The result is such a value.
    fn call<'a>(&'a self, passed: &'a Passed, arguments: Vec<Val>) -> Boxed<'a, Option<Val>>;
}

/// The resources that instances have passed to each other.
#[derive(Default)]
pub(crate) struct Passed(Mutex<State>);

#[derive(Default)]
struct State {
    /// The exported types. The host's type for each has its position as a number.
    types: Vec<Type>,
    /// By representation.
    resources: Vec<Option<Kept>>,
}

/// A resource type of an instance, on either runtime.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Wasmtime(wasmtime::component::ResourceType),
    Weft(ResourceType),
}

/// The host's handle to a resource of an instance, on either runtime.
#[derive(Clone, Copy)]
pub(crate) enum Handle {
    Wasmtime(wasmtime::component::ResourceAny),
    Weft(ResourceAny),
}

/// What an instance gets for a key.
pub(crate) enum Argument {
    /// Its own handle.
    Own(Handle),
    /// A resource of the host's, because the instance imports the type. The importer passes ownership, or lends it.
    Imported { key: Key, owned: bool },
}

/// A resource that an importer has.
struct Kept {
    exporter: Arc<dyn Exporter>,
    /// The number of its type.
    ty: u32,
    handle: Handle,
}

/// What stands for a resource in a value that goes from one instance to another.
pub(crate) struct Key {
    /// The representation that the importer has.
    pub(crate) rep: u32,
    /// The number of the type.
    pub(crate) ty: u32,
}

impl Type {
    /// Whether this is the host's type with this number.
    fn is_of_host(self, number: u32) -> bool {
        match self {
            Type::Wasmtime(ty) => ty == wasmtime::component::ResourceType::host_dynamic(number),
            Type::Weft(ty) => ty == ResourceType::host_dynamic(number),
        }
    }
}

impl Passed {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a type of the host's, if this is one: an instance can export a type that it imports.
    pub(crate) fn imported(&self, ty: Type) -> Option<u32> {
        let count = self.state().types.len() as u32;
        (0..count).find(|number| ty.is_of_host(*number))
    }

    /// The number of the host's type that stands for an exported one.
    pub(crate) fn number(&self, exported: Type) -> u32 {
        if let Some(number) = self.imported(exported) {
            return number;
        }
        let mut state = self.state();
        let known = state.types.iter().position(|ty| *ty == exported);
        let position = known.unwrap_or_else(|| {
            state.types.push(exported);
            state.types.len() - 1
        });
        position as u32
    }

    /// The host's type that stands for an exported one.
    pub(crate) fn resource_type(&self, exported: Type) -> ResourceType {
        ResourceType::host_dynamic(self.number(exported))
    }

    /// The host's type behind what Wasmtime knows by its number.
    pub(crate) fn known(&self, ty: wasmtime::component::ResourceType) -> Option<ResourceType> {
        let mut numbers = 0..self.state().types.len() as u32;
        let number = numbers.find(|number| wasmtime::component::ResourceType::host_dynamic(*number) == ty);
        number.map(ResourceType::host_dynamic)
    }

    /// Keeps a handle of its exporter. Returns the key for the importer.
    pub(crate) fn keep(&self, exporter: Arc<dyn Exporter>, ty: Type, handle: Handle) -> Val {
        let ty = self.number(ty);
        let mut state = self.state();
        state.resources.push(Some(Kept { exporter, ty, handle }));
        key(state.resources.len() as u32 - 1, true)
    }

    /// What a key stands for.
    pub(crate) fn key(&self, key: &Val) -> Result<Key> {
        let (rep, _) = rep(key)?;
        let state = self.state();
        let kept = state.resources.get(rep as usize).and_then(Option::as_ref);
        let ty = kept.ok_or_else(unknown)?.ty;
        Ok(Key { rep, ty })
    }

    /// What a key that a component passes stands for in this instance. If the key owns a resource that the instance defines, it becomes
    /// unknown.
    pub(crate) fn argument(&self, instance: &dyn Exporter, key: &Val) -> Result<Argument> {
        let (rep, owned) = rep(key)?;
        let mut state = self.state();
        let place = state.resources.get_mut(rep as usize).ok_or_else(unknown)?;
        let Kept { exporter, ty, handle } = place.as_ref().ok_or_else(unknown)?;
        if exporter.id() != instance.id() {
            let key = Key { rep, ty: *ty };
            return Ok(Argument::Imported { key, owned });
        }
        let handle = *handle;
        if owned {
            *place = None;
        }
        Ok(Argument::Own(handle))
    }

    /// Runs the destructor of a resource that its importer has dropped.
    pub(crate) async fn drop_resource(&self, rep: u32) -> Result<()> {
        let dropped = self.state().resources.get_mut(rep as usize).and_then(Option::take);
        match dropped {
            Some(Kept { exporter, handle, .. }) => exporter.drop_resource(handle).await,
            None => Ok(()),
        }
    }
}

/// The key for a representation.
pub(crate) fn key(rep: u32, owned: bool) -> Val {
    let Some(number) = ResourceType::host_dynamic(0).number() else {
        unreachable!("a type of the host has a number")
    };
    Val::Resource(ResourceAny::new(0, (rep, 0), number, owned))
}

/// The representation of a key, and whether the importer passes ownership.
fn rep(key: &Val) -> Result<(u32, bool)> {
    match key {
        Val::Resource(key) => Ok((key.key(0)?.index, key.owned())),
        _ => Err(unknown()),
    }
}

/// The error for a resource that a component passes to an instance to which it does not belong.
pub(crate) fn other_runtime<T>() -> Result<T> {
    Err(Error::msg(
        "resource type mismatch: the resource belongs to an instance on another runtime",
    ))
}

/// The error for a resource that is not one of these.
pub(crate) fn unknown() -> Error {
    Error::msg("a resource that no instance of the script exports")
}

/// A value with something else in place of each handle.
pub(crate) fn each_resource(value: Val, replace: &mut dyn FnMut(ResourceAny) -> Result<Val>) -> Result<Val> {
    let mut boxed = |value: Option<Box<Val>>| {
        let value = value.map(|value| each_resource(*value, replace).map(Box::new));
        value.transpose()
    };
    Ok(match value {
        Val::Resource(handle) => replace(handle)?,
        Val::Option(some) => Val::Option(boxed(some)?),
        Val::Result(Ok(value)) => Val::Result(Ok(boxed(value)?)),
        Val::Result(Err(value)) => Val::Result(Err(boxed(value)?)),
        Val::Variant(case, payload) => Val::Variant(case, boxed(payload)?),
        Val::List(values) => Val::List(all(values, replace)?),
        Val::FixedLengthList(values) => Val::FixedLengthList(all(values, replace)?),
        Val::Tuple(values) => Val::Tuple(all(values, replace)?),
        Val::Record(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| Ok((name, each_resource(value, replace)?)));
            Val::Record(fields.collect::<Result<_>>()?)
        }
        Val::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = each_resource(key, replace)?;
                Ok((key, each_resource(value, replace)?))
            });
            Val::Map(entries.collect::<Result<_>>()?)
        }
        // These have no handles. The type is open.
        other => other,
    })
}

fn all(values: Vec<Val>, replace: &mut dyn FnMut(ResourceAny) -> Result<Val>) -> Result<Vec<Val>> {
    values.into_iter().map(|value| each_resource(value, replace)).collect()
}
