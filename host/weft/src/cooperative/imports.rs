//! Host functions in Wasmtime's linker.
//!
//! **Before:** a host function on weft's values or on Rust values. **After:** one on Wasmtime's values, which converts
//! arguments and result according to the import's type in Wasmtime.

use super::handles::{Content, HandleTable};
use super::state::State;
use super::typed::{Resources, of_values, to_values};
use super::values::{Passed, check, of_engine, resource_of_engine, resource_to_engine, to_engine};
use std::any::TypeId;
use std::sync::Arc;
use wasmtime::component as engine;
use wasmtime::component::types::ComponentFunc;
use wasmtime::{Result, StoreContextMut, bail};
use weft_abi::typed::TypeCheck;
use weft_abi::{ArgumentError, ComponentNamedList, FuncType, Lift, Lower, ResourceIndex, Val, check_results};
use weft_cooperative::__shared::{Described, Description};

/// A guest's call of a host function.
pub(crate) struct ImportCall {
    pub(crate) arguments: Vec<Val>,
    described: Described,
    signature: Description,
    handles: Arc<HandleTable>,
}

impl ImportCall {
    /// Takes the arguments.
    pub(crate) fn begin(
        store: &mut StoreContextMut<'_, State>,
        ty: &ComponentFunc,
        arguments: &[engine::Val],
    ) -> Result<Self> {
        let mut described = Described::default();
        let signature = described.add(ty)?;
        if let Some(reason) = &signature.obstacle {
            bail!("the function cannot be called: {reason}, which the host cannot pass; use another type");
        }
        let handles = Arc::clone(&store.data().handles);
        let mut handle = |resource| resource_of_engine(resource, &handles, &mut *store);
        let arguments = arguments.iter().map(|value| of_engine(value.clone(), &mut handle));
        Ok(ImportCall {
            arguments: arguments.collect::<Result<_>>()?,
            described,
            signature,
            handles,
        })
    }

    fn func(&self) -> &FuncType {
        &self.described.types[self.signature.func]
    }

    fn host_type(&self) -> impl Fn(ResourceIndex) -> Option<u32> + Sync {
        |index| self.handles.position(self.described.resource(index)?)
    }

    /// The arguments as Rust values.
    pub(crate) fn params<P: ComponentNamedList + Lift>(&self) -> Result<P> {
        let resources = Resources {
            table: &self.handles,
            host_type: &self.host_type(),
        };
        Ok(of_values(
            &self.described.types,
            self.func(),
            &self.arguments,
            resources,
        )?)
    }

    /// Converts a Rust result to a value.
    pub(crate) fn result<R: ComponentNamedList + Lower>(&self, result: &R) -> Result<Option<Val>> {
        let resources = Resources {
            table: &self.handles,
            host_type: &self.host_type(),
        };
        let func = &self.described.types[self.signature.result];
        Ok(to_values(&self.described.types, func, result, resources)?.pop())
    }

    /// Gives the result.
    pub(crate) fn finish(
        self,
        store: &mut StoreContextMut<'_, State>,
        result: Option<Val>,
        results: &mut [engine::Val],
    ) -> Result<()> {
        let types = &self.described.types;
        check_results(types, self.func(), result.as_slice())?;
        let func = &types[self.signature.result];
        let passed = check(types, func, result.as_slice(), &self.handles, |index| {
            self.described.resource(index)
        })?;
        if let (Some(result), Some(place)) = (result, results.first_mut()) {
            *place = to_engine(result, &mut |handle| {
                resource_to_engine(handle, &passed, &self.handles, &mut *store)
            })?;
        }
        self.end_borrows();
        Ok(())
    }

    /// Removes the handles that the guest lent from the host's table.
    fn end_borrows(&self) {
        for argument in &self.arguments {
            visit_handles(argument, &mut |handle| {
                let content = self.handles.get(handle);
                if content.is_ok_and(|content| !content.owned()) {
                    // Cannot fail: the handle was there a moment ago, and only this code has the store.
                    let _ = self.handles.remove(handle);
                }
            });
        }
    }
}

/// Takes the handles that the host lent for the length of a call out of its table.
pub(crate) fn end_lends(passed: &Passed, handles: &HandleTable) {
    for (handle, owned) in passed {
        if !owned && matches!(handles.get(*handle), Ok(Content::Host { owned: false, .. })) {
            // It was there a moment ago.
            let _ = handles.remove(*handle);
        }
    }
}

fn visit_handles(value: &Val, visit: &mut impl FnMut(weft_abi::ResourceAny)) {
    match value {
        Val::Resource(handle) => visit(*handle),
        Val::List(values) | Val::FixedLengthList(values) | Val::Tuple(values) => {
            values.iter().for_each(|value| visit_handles(value, visit));
        }
        Val::Map(entries) => entries.iter().for_each(|(key, value)| {
            visit_handles(key, visit);
            visit_handles(value, visit);
        }),
        Val::Record(fields) => fields.iter().for_each(|(_, value)| visit_handles(value, visit)),
        Val::Variant(_, payload) | Val::Option(payload) | Val::Result(Ok(payload) | Err(payload)) => {
            payload.iter().for_each(|value| visit_handles(value, visit));
        }
        // These contain no handles. The cooperative runtime rejects kinds of values that it does not know.
        _ => {}
    }
}

/// Whether a Rust type stands for the resource type that an index means.
pub(crate) fn is_host_resource(described: &Described, handles: &HandleTable, index: ResourceIndex, ty: TypeId) -> bool {
    let resource = described.resource(index);
    resource.is_some_and(|resource| handles.ty(resource).is(ty))
}

/// Whether a host function with Rust types is of the type that a component imports.
pub(crate) fn check_import(
    ty: &ComponentFunc,
    handles: &HandleTable,
    check: impl FnOnce(&TypeCheck<'_>, &FuncType) -> std::result::Result<(), ArgumentError>,
) -> std::result::Result<(), String> {
    let mut described = Described::default();
    let signature = described.add(ty).map_err(|error| error.to_string())?;
    let types = &described.types;
    let context = TypeCheck {
        types,
        is_host_resource: &|index, ty| is_host_resource(&described, handles, index, ty),
    };
    check(&context, &types[signature.func]).map_err(|error| error.to_string())
}
