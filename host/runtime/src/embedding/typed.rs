//! Functions with Rust types for parameters and results: those that the host defines, and those that it calls.
//!
//! The names and the shapes are those of `wasmtime::component`. A host function is given the thread that calls it, and finds the
//! embedder's state by a shared reference, since many threads call it at once.

use super::func::Func;
use super::instance::Instance;
use super::linker_instance::LinkerInstance;
use crate::builtins::typed_imports::{HostParams, HostResult, Returning, Suspending};
use crate::error::Error;
use crate::state::host_function::{HostFunction, HostResource, ThreadContext};
use crate::state::slice::begin_time_slice;
use crate::state::thread::BlockingCaller;
use crate::store::lifted::TypedArguments;
use crate::system::blocking::{self, unblock};
use std::any::TypeId;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use weft_abi::typed::{DryRun, Lowerer, TypeCheck, now};
use weft_abi::{ComponentNamedList, Lift, Lower, Options, ResourceIndex};
use weft_lower::Plan;

impl<T: Send + Sync + 'static> LinkerInstance<'_, T> {
    /// Defines the function `name` with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    ///
    /// It returns without suspending the guest thread, and must not block: see [`Self::func_new`]. Whether the types fit is found out
    /// at instantiation.
    ///
    /// ```
    /// use weft::{Component, Config, Engine, Linker, ThreadContext};
    ///
    /// let engine = Engine::new(&Config::new())?;
    /// let component = Component::new(&engine, br#"(component
    ///     (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    ///     (core func $add (canon lower (func $add)))
    ///     (core module $m
    ///         (import "" "add" (func $add (param i32 i32) (result i32)))
    ///         (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
    ///     (core instance $m (instantiate $m (with "" (instance (export "add" (func $add))))))
    ///     (func (export "twice") (param "n" u32) (result u32) (canon lift (core func $m "twice"))))"#)?;
    ///
    /// let mut linker = Linker::new(&engine);
    /// linker.root().func_wrap("add", |_: ThreadContext<'_, ()>, (a, b): (u32, u32)| Ok((a.wrapping_add(b),)))?;
    ///
    /// let instance = linker.instantiate(&component, ())?;
    /// let twice = instance.get_typed_func::<(u32,), (u32,)>(&["twice"])?;
    /// assert_eq!(twice.call((21,))?, (42,));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, Params) -> wasmtime::Result<Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        self.define(name, HostFunction::Typed(Arc::new(Returning::new(func))))
    }

    /// Defines the function `name` as [`Self::func_wrap`] does, as one that may suspend the guest thread.
    ///
    /// What it does between two waits runs on a worker, as a function of [`Self::func_wrap`] does.
    ///
    /// # Errors
    ///
    /// The name is already defined.
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
    ///
    /// It runs on an OS thread for such calls: see [`HostModule::func_wrap_blocking`](crate::HostModule::func_wrap_blocking).
    ///
    /// # Errors
    ///
    /// The name is already defined; or the system refuses the first thread for such calls.
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
            let view = thread.data().for_blocking();
            Box::new(async move {
                let calls = view.calls.clone();
                let outcome = unblock(move || calls.enter(|| func(view, params))).await;
                begin_time_slice(&mut thread);
                outcome
            })
        });
        self.define(name, HostFunction::Typed(Arc::new(suspending)))
    }
}

/// Whether host functions with Rust types are of the types that a plan imports.
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
    for lowered in &plan.lowered {
        let Some(HostFunction::Typed(function)) = functions.get(lowered.function.index()) else {
            continue;
        };
        function.check(&types, &plan.types[lowered.ty]).map_err(|error| {
            let name = plan.functions[lowered.function.index()].name();
            Error::Link(format!(
                "the host defines `{name}` with other types than the component imports: {error}"
            ))
        })?;
    }
    Ok(())
}

/// Whether a Rust type stands for the resource type that an index means.
fn is_host_resource<T>(plan: &Plan, resources: &[Option<HostResource<T>>], index: ResourceIndex, ty: TypeId) -> bool {
    let Some((view, _)) = plan.resource(index) else {
        return false;
    };
    let resource = resources.get(view.ty.index()).and_then(Option::as_ref);
    resource.is_some_and(|resource| resource.ty.is(ty))
}

/// A [`Func`] whose parameters and result are Rust values.
pub struct TypedFunc<T: Send + Sync + 'static, Params, Return> {
    func: Func<T>,
    marker: PhantomData<fn(Params) -> Return>,
}

impl<T: Send + Sync + 'static, Params, Return> Clone for TypedFunc<T, Params, Return> {
    fn clone(&self) -> Self {
        TypedFunc {
            func: self.func.clone(),
            marker: PhantomData,
        }
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    /// The function with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    ///
    /// # Errors
    ///
    /// The function is of other types, or cannot be called at all because of them; or the instance has ended.
    pub fn typed<Params, Return>(&self) -> Result<TypedFunc<T, Params, Return>, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        self.check_callable()?;
        let instance = self.instance()?;
        let state = &instance.running.state;
        let plan = state.component.plan();
        let is_host_resource = |index, ty| is_host_resource(plan, &state.host_resources, index, ty);
        let types = TypeCheck {
            types: &plan.types,
            is_host_resource: &is_host_resource,
        };
        types
            .func::<Params, Return>(self.ty())
            .map_err(|error| Error::OtherTypes {
                function: self.export().name(),
                reason: error.to_string(),
            })?;
        Ok(TypedFunc {
            func: self.clone(),
            marker: PhantomData,
        })
    }
}

impl<T: Send + Sync + 'static> Instance<T> {
    /// The exported function with this path, as [`Self::get_func`] finds it, with Rust types: see [`Func::typed`].
    ///
    /// # Errors
    ///
    /// There is no such function; or those of [`Func::typed`].
    pub fn get_typed_func<Params, Return>(&self, path: &[&str]) -> Result<TypedFunc<T, Params, Return>, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        let func = self.get_func(path).ok_or_else(|| Error::NoExport(path.join("#")))?;
        func.typed()
    }
}

impl<T, Params, Return> TypedFunc<T, Params, Return>
where
    T: Send + Sync + 'static,
    Params: ComponentNamedList + Lower + 'static,
    Return: ComponentNamedList + Lift + 'static,
{
    /// Calls the function as [`Func::call_async`] does. What it gives is the host's own.
    ///
    /// # Errors
    ///
    /// Those of [`Func::call_async`].
    pub async fn call_async(&self, params: Params) -> Result<Return, Error> {
        self.check_handles(&params)?;
        self.func.pass(TypedArguments(params, PhantomData)).await
    }

    /// Calls the function as [`Self::call_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Func::call`].
    pub fn call(&self, params: Params) -> Result<Return, Error> {
        self.check_handles(&params)?;
        self.func.pass_and_wait(TypedArguments(params, PhantomData))
    }

    /// Whether the component can be given the handles among the parameters. If not, the call is an error and changes nothing.
    fn check_handles(&self, params: &Params) -> Result<(), Error> {
        if !Params::FORM.handles {
            return Ok(());
        }
        let instance = self.func.instance()?;
        let guest = DryRun::new(instance.running.state.resources.check());
        let mut lowerer = Lowerer::new(self.func.types(), Options::default(), guest);
        let checked = now(lowerer.params(self.func.ty(), params));
        checked.map(drop).map_err(|error| Error::Arguments(error.to_string()))
    }

    /// The function without the Rust types.
    pub fn func(&self) -> &Func<T> {
        &self.func
    }
}
