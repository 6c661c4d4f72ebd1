//! Calls of the component's exported functions in a store: `canon lift`.

use super::lifted_core::{Exported, LiftedCore};
use super::thread_store::ThreadStore;
use crate::state::leaving;
use crate::state::option_lookup::options;
use crate::threads::thread_id::ThreadId;
use crate::values::guest::StoreGuest;
use crate::values::{Signature, lower};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use wasmtime::AsContextMut;
use weft_abi::typed::FlatParams;
use weft_abi::{ComponentNamedList, HandleError, Lift, Lower, ResourceAny, ResourceIndex, Val};
use weft_lower::Plan;
use weft_lower::plan::Export;

/// The arguments of a call, and how to pass them and the result.
pub(crate) trait Arguments: Send + Sync + 'static {
    /// What the call returns.
    type Result: Send + 'static;

    /// The handles among the arguments that the host has in its table.
    fn handles(&self) -> &[PassedHandle] {
        &[]
    }

    /// Lowers the arguments, and returns their core values. There may be more of these than the function has
    /// parameters.
    fn lower<T: Send + Sync + 'static>(
        &self,
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
    ) -> impl Future<Output = wasmtime::Result<FlatParams>> + Send;

    /// Lifts the result.
    fn lift<T: Send + Sync + 'static>(
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
        flat: &[u64],
    ) -> wasmtime::Result<Self::Result>;
}

/// A handle that the host passes.
#[derive(Clone, Copy)]
pub(crate) struct PassedHandle {
    pub(crate) resource: ResourceAny,
    pub(crate) ty: ResourceIndex,
    /// Whether the call passes ownership.
    pub(crate) owned: bool,
}

/// Arguments as dynamic values.
pub(crate) struct Values {
    pub(crate) values: Vec<Val>,
    pub(crate) handles: Vec<PassedHandle>,
}

impl Arguments for Values {
    type Result = Option<Val>;

    fn handles(&self) -> &[PassedHandle] {
        &self.handles
    }

    async fn lower<T: Send + Sync + 'static>(
        &self,
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
    ) -> wasmtime::Result<FlatParams> {
        let mut lowering = signature.lower_params(&self.values)?;
        lower(guest.store, guest.items, &mut lowering, guest.handles).await?;
        let mut flat = FlatParams::default();
        for (place, bits) in flat.iter_mut().zip(lowering.flat()) {
            *place = *bits;
        }
        Ok(flat)
    }

    fn lift<T: Send + Sync + 'static>(
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
        flat: &[u64],
    ) -> wasmtime::Result<Option<Val>> {
        signature.lift_result(guest.store, guest.items, flat, guest.handles)
    }
}

/// Arguments as Rust values, for a result `R`.
pub(crate) struct TypedArguments<P, R>(pub(crate) P, pub(crate) PhantomData<fn() -> R>);

impl<P, R> Arguments for TypedArguments<P, R>
where
    P: ComponentNamedList + Lower + 'static,
    R: ComponentNamedList + Lift + 'static,
{
    type Result = R;

    async fn lower<T: Send + Sync + 'static>(
        &self,
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
    ) -> wasmtime::Result<FlatParams> {
        signature.lower_typed_params(guest, &self.0).await
    }

    fn lift<T: Send + Sync + 'static>(
        signature: Signature<'_>,
        guest: StoreGuest<'_, '_, '_, T>,
        flat: &[u64],
    ) -> wasmtime::Result<R> {
        signature.lift_typed_result(guest.store, guest.items, flat, guest.handles)
    }
}

impl<T: Send + Sync + 'static> ThreadStore<T> {
    /// Calls the export with this index as this thread. The arguments match the types of its parameters. If the host no
    /// longer has one of their handles, this returns without calling the guest.
    pub(crate) async fn call<A: Arguments>(
        &mut self,
        thread: ThreadId,
        plan: &Plan,
        export: usize,
        arguments: &A,
    ) -> wasmtime::Result<Result<A::Result, HandleError>> {
        self.begin(thread)?;
        // The thread of a call serves the next call, too.
        self.store.data_mut().forget_name();
        let calls = self.calls.clone();
        // Covers the whole call, because passing the values also runs guest code. Pinned here, because the future is
        // large and the code below would move it.
        let call = pin!(self.pass_and_call(plan, export, arguments));
        calls.during(call).await
    }

    async fn pass_and_call<A: Arguments>(
        &mut self,
        plan: &Plan,
        index: usize,
        arguments: &A,
    ) -> wasmtime::Result<Result<A::Result, HandleError>> {
        let export = &plan.exports[index];
        let signature = Signature {
            types: &plan.types,
            func: &plan.types[export.ty],
            options: plan.options[export.options.index()].form,
        };
        let exported = self.exported(export, index)?;
        let resources = &*self.resources;
        let mut handles = resources.pass(plan.options[export.options.index()].instance);
        let mut passed = arguments.handles().iter();
        if let Err(error) = passed.try_for_each(|passed| handles.reserve(passed.resource, passed.ty, passed.owned)) {
            return Ok(Err(error));
        }
        let mut store = self.store.as_context_mut();
        let items = options(&mut store, export.options)?;
        let guest = StoreGuest {
            store: &mut store,
            items: &items,
            handles: &mut handles,
            allocated: None,
        };
        let flat = arguments.lower(signature, guest).await?;
        let core_result = exported.function.call(&mut store, &flat).await?;
        let guest = StoreGuest {
            store: &mut store,
            items: &items,
            handles: &mut handles,
            allocated: None,
        };
        let core_results = [core_result];
        // A result that does not fit in one core value is in memory, at an address.
        let core_results = &core_results[..usize::from(signature.func.result.is_some())];
        let result = A::lift(signature, guest, core_results)?;
        handles.finish()?;
        if let Some(post_return) = &exported.post_return {
            // `post-return` may not leave the component instance.
            leaving::set(&mut store, false)?;
            let mut arguments = FlatParams::default();
            arguments[0] = core_result;
            post_return.call(&mut store, &arguments).await?;
            leaving::set(&mut store, true)?;
        }
        Ok(Ok(result))
    }

    /// The core functions of an export, which are looked up once.
    fn exported(&mut self, export: &Export, index: usize) -> wasmtime::Result<Arc<Exported>> {
        if let Some(Some(known)) = self.exports.get(index) {
            return Ok(Arc::clone(known));
        }
        let mut store = self.store.as_context_mut();
        let mut find = |export: &String| LiftedCore::find(&mut store, self.instance, export);
        let exported = Arc::new(Exported {
            function: find(&export.function)?,
            post_return: export.post_return.as_ref().map(find).transpose()?,
        });
        if self.exports.len() <= index {
            self.exports.resize_with(index + 1, || None);
        }
        self.exports[index] = Some(Arc::clone(&exported));
        Ok(exported)
    }
}
