//! Imported component functions, as core modules call them: `canon lower` of host functions.
//!
//! The call runs on the guest thread that makes it, in that thread's store: lift the arguments, call the host function,
//! lower its result. So parallel threads call host functions in parallel.
//!
//! If a host function returns without suspending, and its result needs no `realloc`, it is called directly: Wasmtime
//! needs a future only where the fiber can be suspended.

use super::arguments::{ARGUMENTS, function_type};
use super::results::give_val;
use crate::error::trap;
use crate::state::host_function::HostFunction;
use crate::state::import::Import;
use crate::state::leaving;
use crate::state::option_lookup::options;
use crate::state::resources::PassedHandles;
use crate::state::store_options::StoreOptions;
use crate::state::thread::{Program, Thread};
use crate::values::core::{FlatValues, value};
use crate::values::{Signature, lower, step};
use std::sync::Arc;
use wasmtime::{AsContextMut, ExternType, FuncType, Linker, StoreContextMut};
use weft_abi::{Budget, Lowering, Step, Val, check_results};
use weft_lower::plan::LoweredIndex;

/// Defines an imported function under this argument name, for an import of the given type.
pub(crate) fn define<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    program: &Program<T>,
    name: &str,
    index: LoweredIndex,
    import: &ExternType,
) -> wasmtime::Result<()> {
    let ty: FuncType = function_type(import)?.clone();
    let import = Import::new(&program.component, index, ty.results().next());
    let lowered = import.lowered();
    let host = program.functions.get(lowered.function.index()).cloned();
    let host = host.ok_or_else(|| trap("an import has no host function"))?;
    let allocates = import.signature().func.result_layout().has_pointers();
    match host {
        HostFunction::Typed(function) => function.define(linker, name, ty, import),
        HostFunction::Returning(function) if !allocates => {
            let defined = linker.func_new(ARGUMENTS, name, ty, move |mut caller, params, results| {
                let mut store = caller.as_context_mut();
                let items = import.begin(&mut store)?;
                let mut handles = import.handles(&items);
                let (flat, arguments, _charge) = import.lift(&mut store, &items, params, &mut handles)?;
                let result = function(store.as_context_mut(), &arguments)?;
                let mut lowering = import.result(&mut store, &items, result.as_ref(), &flat)?;
                match step(&mut store, &items, &mut lowering, &mut handles)? {
                    Step::Done => import.leave(&lowering, handles, results),
                    Step::Realloc(_) => Err(trap("a value without pointers needs memory")),
                }
            });
            defined.map(drop)
        }
        HostFunction::Returning(function) if lowered.allocates => {
            let import = Arc::new(import);
            let defined = linker.func_new(ARGUMENTS, name, ty, move |mut caller, params, results| {
                let mut store = caller.as_context_mut();
                let items = import.begin(&mut store)?;
                let mut handles = import.handles(&items);
                let (flat, arguments, _charge) = import.lift(&mut store, &items, params, &mut handles)?;
                let result = function(store.as_context_mut(), &arguments)?;
                handles.finish()?;
                let asked = give_val(&import, &mut store, result, &flat)?;
                import.give(&[asked], results)
            });
            defined.map(drop)
        }
        host @ (HostFunction::Returning(_) | HostFunction::Suspending(_)) => {
            let import = Arc::new(import);
            let defined = linker.func_new_async(ARGUMENTS, name, ty, move |mut caller, params, results| {
                let (import, host) = (Arc::clone(&import), host.clone());
                Box::new(async move {
                    let mut store = caller.as_context_mut();
                    let items = import.begin(&mut store)?;
                    let mut handles = import.handles(&items);
                    let (flat, arguments, _charge) = import.lift(&mut store, &items, params, &mut handles)?;
                    let result = match &host {
                        HostFunction::Returning(function) => function(store.as_context_mut(), &arguments)?,
                        HostFunction::Suspending(function) => {
                            Box::into_pin(function(store.as_context_mut(), &arguments)).await?
                        }
                        HostFunction::Typed(_) => return Err(trap("a typed host function is given values")),
                    };
                    if import.lowered().allocates {
                        handles.finish()?;
                        let asked = give_val(&import, &mut store, result, &flat)?;
                        return import.give(&[asked], results);
                    }
                    let mut lowering = import.result(&mut store, &items, result.as_ref(), &flat)?;
                    lower(&mut store, &items, &mut lowering, &mut handles).await?;
                    import.leave(&lowering, handles, results)
                })
            });
            defined.map(drop)
        }
    }
}

impl Import {
    pub(super) fn signature(&self) -> Signature<'_> {
        let (plan, lowered) = (self.component().plan(), self.lowered());
        Signature {
            types: &plan.types,
            func: &plan.types[lowered.ty],
            options: plan.options[lowered.options.index()].form,
        }
    }

    /// Lifts the arguments. They are charged until the last value that this returns is dropped.
    fn lift<T: 'static>(
        &self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        params: &[wasmtime::Val],
        handles: &mut PassedHandles<'_>,
    ) -> wasmtime::Result<(FlatValues, Vec<Val>, Budget)> {
        let flat = FlatValues::of(params)?;
        let arguments = self.signature().lift_params(store, items, &flat, handles)?;
        let (arguments, charge) = arguments.split();
        Ok((flat, arguments, charge))
    }

    /// Begins the call: checks that the component instance may be left.
    pub(super) fn begin<T: 'static>(
        &self,
        store: &mut StoreContextMut<'_, Thread<T>>,
    ) -> wasmtime::Result<Arc<StoreOptions>> {
        leaving::check(&mut *store)?;
        options(store, self.lowered().options)
    }

    /// Begins to lower the result, which must match the import's type.
    fn result<'a, T: 'static>(
        &'a self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        result: Option<&'a Val>,
        flat: &[u64],
    ) -> wasmtime::Result<Lowering<'a>> {
        self.check_result(result)?;
        self.signature().lower_result(store, items, result, flat)
    }

    /// Checks that the host function's result has the import's type.
    pub(super) fn check_result(&self, result: Option<&Val>) -> wasmtime::Result<()> {
        let signature = self.signature();
        let checked = check_results(
            signature.types,
            signature.func,
            result.map_or(&[], std::slice::from_ref),
        );
        checked.map_err(|error| {
            let name = self.component().plan().functions[self.lowered().function.index()].name();
            trap(format_args!("host function `{name}` returned another type: {error}"))
        })
    }

    fn leave(
        &self,
        lowering: &Lowering<'_>,
        handles: PassedHandles<'_>,
        results: &mut [wasmtime::Val],
    ) -> wasmtime::Result<()> {
        handles.finish()?;
        self.give(lowering.flat(), results)
    }

    /// Passes the core value of a result to the guest, if there is one.
    pub(super) fn give(&self, flat: &[u64], results: &mut [wasmtime::Val]) -> wasmtime::Result<()> {
        for ((result, bits), ty) in results.iter_mut().zip(flat).zip(self.result_type()) {
            *result = value(*bits, ty)?;
        }
        Ok(())
    }
}
