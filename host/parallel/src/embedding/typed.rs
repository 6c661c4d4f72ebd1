//! Functions with Rust types for parameters and results: those that the host defines and those that it calls.
//!
//! The names and shapes are those of `wasmtime::component`. A host function gets the thread that calls it, and reaches
//! the embedder's state through a shared reference, since many threads call it at once.

use super::blocking_calls;
use super::func::Func;
use super::linker_instance::LinkerInstance;
use crate::builtins::typed_imports::{HostParams, HostResult, Returning, Suspending};
use crate::error::Error;
use crate::state::host_function::{HostFunction, HostResource, ThreadContext};
use crate::state::thread::BlockingCaller;
use crate::store::lifted::TypedArguments;
use crate::system::blocking;
use std::any::TypeId;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::AsContextMut;
use weft_abi::typed::{DryRun, Lowerer, TypeCheck, now};
use weft_abi::{ComponentNamedList, Lift, Lower, Options, ResourceIndex};
use weft_lower::Plan;

impl<T: Send + Sync + 'static> LinkerInstance<'_, T> {
    /// Defines the function `name` with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    pub fn func_wrap<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, Params) -> wasmtime::Result<Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        self.define(name, HostFunction::Typed(Arc::new(Returning::new(func))))
    }

    /// Defines the function `name` as [`Self::func_wrap`] does, as one that may suspend the guest thread.
    pub fn func_wrap_async<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, Params) -> Box<dyn Future<Output = wasmtime::Result<Return>> + Send + 'f>
            + Send
            + Sync
            + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        self.define(name, HostFunction::Typed(Arc::new(Suspending::new::<T>(func))))
    }

    /// Defines the function `name` as [`Self::func_wrap`] does, as one that may block.
    pub fn func_wrap_blocking<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, Params) -> wasmtime::Result<Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        blocking::start().map_err(|refusal| Error::OsThread {
            context: "cannot start a thread for blocking host functions",
            refusal,
        })?;
        let func = Arc::new(func);
        let suspending = Suspending::new::<T>(move |mut thread, params| {
            let func = Arc::clone(&func);
            Box::new(async move {
                blocking_calls::call(thread.as_context_mut(), None, move |view| func(view, params)).await
            })
        });
        self.define(name, HostFunction::Typed(Arc::new(suspending)))
    }
}

/// Checks that host functions with Rust types have the types that a plan imports.
pub(super) fn check_imports<T: 'static>(
    plan: &Plan,
    functions: &[HostFunction<T>],
    resources: &[Option<HostResource<T>>],
) -> Result<(), Error> {
    let is_host_resource = |index, ty| is_host_resource(plan, resources, index, ty);
    let types = TypeCheck {
        types: &plan.types,
        is_host_resource: &is_host_resource,
    };
    for (import, function) in plan.functions.iter().zip(functions) {
        let (Some(ty), HostFunction::Typed(function)) = (import.ty, function) else {
            continue;
        };
        function.check(&types, &plan.types[ty]).map_err(|error| {
            Error::Link(format!(
                "the host defines `{}` with other types than the component imports: {error}",
                import.name()
            ))
        })?;
    }
    Ok(())
}

/// Whether a Rust type identifies the resource type with this index.
fn is_host_resource<T>(plan: &Plan, resources: &[Option<HostResource<T>>], index: ResourceIndex, ty: TypeId) -> bool {
    let Some((view, _)) = plan.resource(index) else {
        return false;
    };
    let resource = resources.get(view.ty.index()).and_then(Option::as_ref);
    resource.is_some_and(|resource| resource.ty.is(ty))
}

impl<T: Send + Sync + 'static> Func<T> {
    /// Checks that the function has these Rust types and can be called at all.
    pub(crate) fn check_types<Params, Return>(&self) -> Result<(), Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        self.check_callable()?;
        let instance = self.instance()?;
        let state = &instance.running.state;
        let plan = state.component.plan();
        let is_host_resource = |index, ty| is_host_resource(plan, &state.program.host_resources, index, ty);
        let types = TypeCheck {
            types: &plan.types,
            is_host_resource: &is_host_resource,
        };
        types
            .func::<Params, Return>(self.ty())
            .map_err(|error| Error::OtherTypes {
                function: self.export().name(),
                reason: error.to_string(),
            })
    }

    /// Calls the function with Rust values. Their types were checked before.
    pub(crate) async fn call_typed_async<Params, Return>(&self, params: Params) -> Result<Return, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        self.check_handles(&params)?;
        self.pass(TypedArguments(params, PhantomData)).await
    }

    /// Calls the function as [`Self::call_typed_async`] does, and waits on the calling thread.
    pub(crate) fn call_typed<Params, Return>(&self, params: Params) -> Result<Return, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        self.check_handles(&params)?;
        self.pass_and_wait(TypedArguments(params, PhantomData))
    }

    /// Checks that the host can pass the handles among the parameters. If not, the call is an error and changes
    /// nothing.
    fn check_handles<Params: ComponentNamedList + Lower>(&self, params: &Params) -> Result<(), Error> {
        if !Params::FORM.handles {
            return Ok(());
        }
        let instance = self.instance()?;
        let guest = DryRun::new(instance.running.state.resources.check());
        let mut lowerer = Lowerer::new(self.types(), Options::default(), guest);
        let checked = now(lowerer.params(self.ty(), params));
        checked.map(drop).map_err(|error| Error::Arguments(error.to_string()))
    }
}
