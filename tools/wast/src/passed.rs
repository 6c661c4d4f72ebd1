//! Resources that instances of a script pass to each other, on Wasmtime's component runtime.
//!
//! **Problem.** Each instance has a store of its own, and a handle means nothing in another store. **Before:** a handle of the instance that
//! exports the resource type, in a function's result. **After:** a resource of the host's, whose representation is a number here. If a
//! component passes that resource back, the exporter gets its own handle again. If a component drops it, the exporter's destructor runs.
//!
//! **Rejected:** one store for all instances of a script, because a trap in one locks the store for all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use wasmtime::component::{ResourceAny, ResourceDynamic, ResourceType, Val};
use wasmtime::{Error, Result, StoreContextMut};

/// See the module. `I` is an instance.
pub(crate) struct Passed<I>(Mutex<State<I>>);

struct State<I> {
    /// The exported types. Their positions tell the host's types apart.
    types: Vec<ResourceType>,
    /// By representation, the exporter and its handle.
    resources: Vec<Option<(I, ResourceAny)>>,
}

impl<I: Clone> Passed<I> {
    /// Nothing yet.
    pub(crate) const fn new() -> Self {
        Passed(Mutex::new(State {
            types: Vec::new(),
            resources: Vec::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State<I>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The host's type that stands for an exported one.
    pub(crate) fn ty(&self, exported: ResourceType) -> ResourceType {
        ResourceType::host_dynamic(self.number(exported))
    }

    fn number(&self, exported: ResourceType) -> u32 {
        let mut state = self.state();
        let known = state.types.iter().position(|ty| *ty == exported);
        let position = known.unwrap_or_else(|| {
            state.types.push(exported);
            state.types.len() - 1
        });
        position as u32
    }

    /// Converts a result of the exporter for the importer.
    pub(crate) fn import(&self, store: &mut StoreContextMut<'_, ()>, exporter: &I, result: Val) -> Result<Val> {
        each_resource(result, &mut |handle| {
            let number = self.number(handle.ty());
            let rep = {
                let mut state = self.state();
                state.resources.push(Some((exporter.clone(), handle)));
                state.resources.len() - 1
            };
            ResourceDynamic::new_own(rep as u32, number).try_into_resource_any(&mut *store)
        })
    }

    /// Converts an argument of the importer for the exporter.
    pub(crate) fn export(&self, store: &mut StoreContextMut<'_, ()>, argument: Val) -> Result<Val> {
        each_resource(argument, &mut |handle| {
            let given = ResourceDynamic::try_from_resource_any(handle, &mut *store)?;
            let mut state = self.state();
            let place = state.resources.get_mut(given.rep() as usize);
            let found = match (place, given.owned()) {
                (Some(place), true) => place.take(),
                (Some(place), false) => place.clone(),
                (None, _) => None,
            };
            let (_, handle) = found.ok_or_else(|| Error::msg("a resource that no instance of the script exports"))?;
            Ok(handle)
        })
    }

    /// Takes the exporter and its handle, which is to be dropped.
    pub(crate) fn take(&self, rep: u32) -> Option<(I, ResourceAny)> {
        self.state().resources.get_mut(rep as usize)?.take()
    }
}

/// A value with other handles.
fn each_resource(value: Val, replace: &mut dyn FnMut(ResourceAny) -> Result<ResourceAny>) -> Result<Val> {
    let mut boxed = |value: Option<Box<Val>>| {
        let value = value.map(|value| each_resource(*value, replace).map(Box::new));
        value.transpose()
    };
    Ok(match value {
        Val::Resource(handle) => Val::Resource(replace(handle)?),
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
                .map(|(name, value)| Ok::<_, Error>((name, each_resource(value, replace)?)));
            Val::Record(fields.collect::<Result<_>>()?)
        }
        Val::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = each_resource(key, replace)?;
                Ok::<_, Error>((key, each_resource(value, replace)?))
            });
            Val::Map(entries.collect::<Result<_>>()?)
        }
        other @ (Val::Bool(_)
        | Val::S8(_)
        | Val::U8(_)
        | Val::S16(_)
        | Val::U16(_)
        | Val::S32(_)
        | Val::U32(_)
        | Val::S64(_)
        | Val::U64(_)
        | Val::Float32(_)
        | Val::Float64(_)
        | Val::Char(_)
        | Val::String(_)
        | Val::Enum(_)
        | Val::Flags(_)
        | Val::Future(_)
        | Val::Stream(_)
        | Val::ErrorContext(_)) => other,
    })
}

fn all(values: Vec<Val>, replace: &mut dyn FnMut(ResourceAny) -> Result<ResourceAny>) -> Result<Vec<Val>> {
    values.into_iter().map(|value| each_resource(value, replace)).collect()
}
