//! Components with cooperative threads or without threads, on Wasmtime's component runtime. Each instance has a store of its own,
//! because a trap locks the whole store.
//!
//! A component can import the functions that a registered instance exports. Wasmtime cannot link items of two stores,
//! so each such function is a host function that calls the other instance.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::host;
use crate::passed::Passed;
use crate::passed::wasmtime_values::each_resource;
use crate::values::{Form, as_written};
use futures_lite::future::block_on;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{
    Component, ComponentExportIndex, Func, Linker, LinkerInstance, ResourceAny, ResourceDynamic, ResourceType, Val,
};
use wasmtime::{Engine, Store, StoreContextMut};
use weft_cooperative::Error;

/// An instance of a component, as a script names it. Copies refer to the same instance, and host functions hold one.
#[derive(Clone)]
pub(crate) struct Instance(Arc<Mutex<Option<Idle>>>);

/// An instance in which no call is in progress.
struct Idle {
    store: Store<()>,
    component: Component,
    instance: wasmtime::component::Instance,
}

/// What components can import.
pub(crate) struct Components {
    linker: Linker<()>,
    passed: Arc<Resources>,
}

/// The resources that instances have passed to each other.
type Resources = Passed<Instance, ResourceType, ResourceAny>;

impl Components {
    pub(crate) fn new(context: &Context) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(&context.engine);
        linker.allow_shadowing(true);
        host::define_on_wasmtime(&mut linker, &Arc::default())?;
        Ok(Components {
            linker,
            passed: Arc::default(),
        })
    }

    pub(crate) fn instantiate(&self, component: &Component) -> Execution<Instance> {
        let mut store = weft_cooperative::store(self.linker.engine(), ());
        store.set_epoch_deadline(1);
        let instance = block_on(weft_cooperative::instantiate(&self.linker, &mut store, component))?;
        let component = component.clone();
        let idle = Idle {
            store,
            component,
            instance,
        };
        Ok(Instance(Arc::new(Mutex::new(Some(idle)))))
    }

    /// Lets later components import the core modules, the functions and the resource types of an instance, in an instance called `name`.
    pub(crate) fn register(&mut self, name: &str, instance: &Instance) -> wasmtime::Result<()> {
        let engine = self.linker.engine().clone();
        let mut imports = self.linker.instance(name)?;
        let Some(component) = instance.idle().as_ref().map(|idle| idle.component.clone()) else {
            return Ok(());
        };
        let exports = component.component_type();
        let mut exports = exports.exports(&engine).map(|(name, item)| (name, item.ty));
        instance.supply(&engine, &self.passed, &mut imports, None, &mut exports)
    }
}

/// The error of a call of an instance while another call of it is in progress.
const BUSY: &str = "cannot enter component instance";

impl Instance {
    pub(crate) fn call(&self, export: &str, arguments: &[Val]) -> Execution {
        let mut idle = self.idle();
        let Some(Idle { store, instance, .. }) = &mut *idle else {
            return Err(End::Trap(BUSY.to_owned()));
        };
        let Some(function) = instance.get_func(&mut *store, export) else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let ty = function.ty(&*store);
        drop(idle);
        let mut params = ty.params();
        let arguments = arguments.iter().map(|value| match params.next() {
            Some((_, ty)) => Form::of_wasmtime(&ty).shape(value.clone()),
            None => value.clone(),
        });
        let arguments: Vec<Val> = arguments.collect();
        let results = block_on(self.enter(function, &arguments))?;
        Ok(results
            .into_iter()
            .map(|value| Value::Component(as_written(value)))
            .collect())
    }

    fn idle(&self) -> MutexGuard<'_, Option<Idle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a function, unless a call of the instance is in progress.
    async fn enter(&self, function: Func, arguments: &[Val]) -> Execution<Vec<Val>> {
        let taken = self.idle().take();
        let Some(mut idle) = taken else {
            return Err(End::Trap(BUSY.to_owned()));
        };
        let called = weft_cooperative::call(&mut idle.store, function, arguments).await;
        *self.idle() = Some(idle);
        called.map_err(|error| match error {
            // Lifting a result is part of the call: its error is a trap, although no guest code runs.
            Error::Engine { message, .. } => End::Trap(message),
            error => error.into(),
        })
    }

    /// Defines the exports of the instance, or of an instance that it exports.
    fn supply(
        &self,
        engine: &Engine,
        passed: &Arc<Resources>,
        imports: &mut LinkerInstance<'_, ()>,
        within: Option<&ComponentExportIndex>,
        exports: &mut dyn Iterator<Item = (&str, ComponentItem)>,
    ) -> wasmtime::Result<()> {
        for (name, item) in exports {
            let found = self.idle().as_mut().and_then(|idle| {
                let index = idle.instance.get_export_index(&mut idle.store, within, name)?;
                let function = idle.instance.get_func(&mut idle.store, index);
                let module = idle.instance.get_module(&mut idle.store, index);
                let resource = idle.instance.get_resource(&mut idle.store, index);
                Some((index, function, module, resource))
            });
            match (item, found) {
                (ComponentItem::Module(_), Some((_, _, Some(module), _))) => imports.module(name, &module)?,
                (ComponentItem::ComponentFunc(_), Some((_, Some(function), ..))) => {
                    self.supply_function(passed, imports, name, function)?;
                }
                (ComponentItem::Resource(_), Some((.., Some(exported)))) => {
                    let ty = ResourceType::host_dynamic(passed.number(exported));
                    let passed = Arc::clone(passed);
                    imports.resource_async(name, ty, move |_, rep| {
                        let passed = Arc::clone(&passed);
                        Box::new(async move {
                            match passed.take(rep) {
                                Some((exporter, handle)) => exporter.drop_resource(handle).await,
                                None => Ok(()),
                            }
                        })
                    })?;
                }
                (ComponentItem::ComponentInstance(ty), Some((index, ..))) => {
                    let mut exports = ty.exports(engine).map(|(name, item)| (name, item.ty));
                    self.supply(engine, passed, &mut imports.instance(name)?, Some(&index), &mut exports)?;
                }
                // Other types need no definition.
                _ => {}
            }
        }
        Ok(())
    }

    /// Drops the host's handle to a resource that the instance defines.
    async fn drop_resource(&self, handle: ResourceAny) -> wasmtime::Result<()> {
        let taken = self.idle().take();
        let mut idle = taken.ok_or_else(|| wasmtime::Error::msg(BUSY))?;
        let dropped = handle.resource_drop_async(&mut idle.store).await;
        *self.idle() = Some(idle);
        dropped
    }

    fn supply_function(
        &self,
        passed: &Arc<Resources>,
        imports: &mut LinkerInstance<'_, ()>,
        name: &str,
        function: Func,
    ) -> wasmtime::Result<()> {
        let (instance, passed) = (self.clone(), Arc::clone(passed));
        imports.func_new_async(name, move |mut store, _, arguments, results| {
            let (instance, passed) = (instance.clone(), Arc::clone(&passed));
            Box::new(async move {
                let arguments = arguments.iter().cloned();
                let arguments = arguments.map(|argument| to_exporter(&passed, &mut store, argument));
                let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
                let values = instance.enter(function, &arguments).await;
                let values = values.map_err(|end| match end {
                    End::Trap(message) => wasmtime::Error::msg(message),
                    end => wasmtime::Error::msg(end.to_string()),
                })?;
                for (result, value) in results.iter_mut().zip(values) {
                    *result = to_importer(&passed, &mut store, &instance, value)?;
                }
                Ok(())
            })
        })
    }
}

/// Converts a result of the exporter for the importer.
fn to_importer(
    passed: &Resources,
    store: &mut StoreContextMut<'_, ()>,
    exporter: &Instance,
    result: Val,
) -> wasmtime::Result<Val> {
    each_resource(result, &mut |handle| {
        let number = passed.number(handle.ty());
        let rep = passed.keep(exporter, handle);
        ResourceDynamic::new_own(rep, number).try_into_resource_any(&mut *store)
    })
}

/// Converts an argument of the importer for the exporter.
fn to_exporter(passed: &Resources, store: &mut StoreContextMut<'_, ()>, argument: Val) -> wasmtime::Result<Val> {
    each_resource(argument, &mut |handle| {
        let given = ResourceDynamic::try_from_resource_any(handle, &mut *store)?;
        passed.handle(given.rep(), given.owned())
    })
}
