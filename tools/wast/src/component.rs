//! Components on Wasmtime's component runtime. Each instance has a store of its own, since a trap locks the whole store.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use futures_lite::future::block_on;
use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, Val};

/// An instance of a component, as a script names it.
pub(crate) struct Instance {
    store: Store<()>,
    component: Component,
    instance: wasmtime::component::Instance,
}

/// What components can import: the core modules that registered instances export.
pub(crate) struct Components {
    linker: Linker<()>,
}

impl Components {
    pub(crate) fn new(context: &Context) -> Self {
        let mut linker = Linker::new(&context.engine);
        linker.allow_shadowing(true);
        Components { linker }
    }

    pub(crate) fn instantiate(&self, component: &Component) -> Execution<Instance> {
        let mut store = Store::new(self.linker.engine(), ());
        store.set_epoch_deadline(1);
        match block_on(self.linker.instantiate_async(&mut store, component)) {
            Ok(instance) => Ok(Instance {
                store,
                component: component.clone(),
                instance,
            }),
            Err(error) => Err(End::of_component(&error)),
        }
    }

    /// Lets later components import the core modules of an instance, in an instance called `name`.
    pub(crate) fn register(&mut self, name: &str, registered: &mut Instance) -> wasmtime::Result<()> {
        let mut imports = self.linker.instance(name)?;
        let engine = registered.store.engine().clone();
        for (export, item) in registered.component.component_type().exports(&engine) {
            if !matches!(item.ty, ComponentItem::Module(_)) {
                continue;
            }
            if let Some(module) = registered.instance.get_module(&mut registered.store, export) {
                imports.module(export, &module)?;
            }
        }
        Ok(())
    }
}

impl Instance {
    pub(crate) fn call(&mut self, export: &str, arguments: &[Val]) -> Execution {
        let Some(function) = self.instance.get_func(&mut self.store, export) else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let ty = function.ty(&self.store);
        if ty.params().len() != arguments.len() {
            let (given, wanted) = (arguments.len(), ty.params().len());
            return Err(End::NotRun(format!("{given} arguments for {wanted} parameters")));
        }
        let mut results = vec![Val::Bool(false); ty.results().len()];
        match block_on(function.call_async(&mut self.store, arguments, &mut results)) {
            Ok(()) => Ok(results.into_iter().map(Value::Component).collect()),
            Err(error) => Err(End::of_call(&error)),
        }
    }
}
