//! Calls of the component's exported functions, in the store of the implicit threads: `canon lift`.

use super::thread_store::ThreadStore;
use crate::state::store_options::StoreOptions;
use crate::values::core::{FlatValues, value};
use crate::values::{Signature, lower};
use std::sync::Arc;
use wasmtime::{AsContextMut, Val as CoreVal};
use weft_abi::Val;
use weft_lower::Plan;
use weft_lower::plan::Export;

impl<T: Send + Sync + 'static> ThreadStore<T> {
    /// Calls an export as thread `index`. The arguments are of its parameters' types.
    pub(crate) async fn call(
        &mut self,
        index: u32,
        plan: &Plan,
        export: &Export,
        arguments: &[Val],
    ) -> wasmtime::Result<Option<Val>> {
        self.begin(index)?;
        let interruption = self.interruption.clone();
        // All of it, because passing the values calls the guest too.
        interruption.during(self.pass_and_call(plan, export, arguments)).await
    }

    async fn pass_and_call(
        &mut self,
        plan: &Plan,
        export: &Export,
        arguments: &[Val],
    ) -> wasmtime::Result<Option<Val>> {
        let signature = Signature {
            types: &plan.types,
            func: &plan.types[export.ty],
            options: plan.options[export.options.index()].form,
        };
        let resources = Arc::clone(&self.store.data().instance.resources);
        let mut handles = resources.pass(plan, plan.options[export.options.index()].instance);
        let function = self.function(&export.function)?;
        let mut store = self.store.as_context_mut();
        let items = StoreOptions::of(&mut store, export.options)?;
        let mut lowering = signature.lower_params(arguments)?;
        lower(&mut store, &items, &mut lowering, &mut handles).await?;
        let ty = function.ty(&store);
        let core_arguments = lowering.flat().iter().zip(ty.params());
        let core_arguments = core_arguments.map(|(bits, ty)| value(*bits, &ty));
        let core_arguments = core_arguments.collect::<wasmtime::Result<Vec<_>>>()?;
        let mut results = vec![CoreVal::I32(0); ty.results().len()];
        function.call_async(&mut store, &core_arguments, &mut results).await?;
        let result = signature.lift_result(&mut store, &items, &FlatValues::of(&results)?, &mut handles)?;
        handles.finish()?;
        if let Some(post_return) = &export.post_return {
            self.post_return(post_return, &results).await?;
        }
        Ok(result)
    }
}
