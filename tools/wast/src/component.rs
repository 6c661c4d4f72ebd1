//! Components whose threads take turns or that have none, on Wasmtime's component runtime. Each instance has a store of its own,
//! since a trap locks the whole store.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use futures_lite::future::block_on;
use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, Val};
use weft_cooperative::Error;

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
        let mut store = weft_cooperative::store(self.linker.engine(), ());
        store.set_epoch_deadline(1);
        let instance = block_on(weft_cooperative::instantiate(&self.linker, &mut store, component))?;
        Ok(Instance {
            store,
            component: component.clone(),
            instance,
        })
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
        match block_on(weft_cooperative::call(&mut self.store, function, arguments)) {
            Ok(results) => Ok(results.into_iter().map(Value::Component).collect()),
            // Lifting a result is part of the call: an error of it is a trap, although no code of the guest's runs.
            Err(Error::Engine { message, .. }) => Err(End::Trap(message)),
            Err(error) => Err(error.into()),
        }
    }
}
