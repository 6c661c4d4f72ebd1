//! Components with cooperative threads or without threads, on Wasmtime's component runtime. Each instance has a store of its own,
//! because a trap locks the whole store.
//!
//! A component can import what another instance exports, on either runtime. Wasmtime cannot link items of two stores, so
//! each function of the other instance is a host function that calls it. Parallel threads of a component on weft's own
//! runtime can do that at the same time, and take turns. No call waits for itself, because a component only imports from
//! instances that exist before its own.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::host;
use crate::passed::{
    Argument, Boxed, CoreModule, Exporter, Function, Handle, Item, Key, Passed, Type, key, other_runtime, unknown,
};
use crate::values::{Form, as_written};
use async_io::Timer;
use async_lock::{Mutex, MutexGuard};
use futures_lite::future::{block_on, or, pending};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{
    Component, ComponentExportIndex, Func, Linker, LinkerInstance, ResourceDynamic, ResourceType, Val,
};
use wasmtime::{Engine, Store, StoreContextMut, Trap};
use weft_cooperative::__shared::Described;
use weft_cooperative::{Error, from_wasmtime, to_wasmtime};
use weft_lower::plan::ExportedModule;
use weft_parallel::__shared::other_signature;
use weft_parallel::{Module, Signature, StoreAccount};

/// An instance of a component, as a script names it. Copies refer to the same instance, and host functions hold one.
#[derive(Clone)]
pub(crate) struct Instance(Arc<Mutex<Live>>);

/// A compiled component.
pub(crate) struct Definition {
    pub(crate) component: Component,
    /// The core modules that it exports.
    pub(crate) modules: Vec<ExportedModule>,
}

/// An instance with its store.
struct Live {
    store: Store<StoreAccount>,
    component: Component,
    instance: wasmtime::component::Instance,
    /// The core modules that it exports, by path.
    modules: Vec<(Vec<String>, Module)>,
}

/// What components can import.
pub(crate) struct Components {
    linker: Linker<StoreAccount>,
    passed: Arc<Passed>,
    deadline: Option<Instant>,
    max_memory: u64,
    /// The types of the functions in the linker that instances export, by path.
    signatures: HashMap<Vec<String>, Signature>,
}

impl Components {
    pub(crate) fn new(context: &Context, passed: &Arc<Passed>) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(&context.engine);
        linker.allow_shadowing(true);
        host::define_on_wasmtime(&mut linker, &Arc::default())?;
        Ok(Components {
            linker,
            passed: Arc::clone(passed),
            deadline: context.deadline,
            max_memory: context.max_memory(),
            signatures: HashMap::new(),
        })
    }

    pub(crate) fn instantiate(&self, definition: &Definition) -> Execution<Instance> {
        let component = &definition.component;
        self.check_signatures(component)?;
        let mut store = weft_cooperative::store(self.linker.engine(), StoreAccount::new(self.max_memory));
        store.limiter(|account| account);
        store.set_epoch_deadline(1);
        let instance = block_on(weft_cooperative::instantiate(&self.linker, &mut store, component))?;
        let modules = definition.modules.iter();
        let modules = modules.map(|export| Ok((export.path.clone(), Module::new(&export.wasm)?)));
        let live = Live {
            store,
            component: component.clone(),
            instance,
            modules: modules.collect::<Result<_, weft_parallel::Error>>()?,
        };
        Ok(Instance(Arc::new(Mutex::new(live))))
    }

    /// Checks that functions of other instances have the types that a component imports.
    fn check_signatures(&self, component: &Component) -> Execution<()> {
        // Instantiation reports missing imports.
        let Ok(ty) = self.linker.substituted_component_type(component) else {
            return Ok(());
        };
        let engine = self.linker.engine();
        for (name, import) in ty.imports(engine) {
            self.check_item(engine, &mut vec![name.to_owned()], &import.ty)?;
        }
        Ok(())
    }

    fn check_item(&self, engine: &Engine, path: &mut Vec<String>, item: &ComponentItem) -> Execution<()> {
        match item {
            ComponentItem::ComponentInstance(ty) => {
                for (name, export) in ty.exports(engine) {
                    path.push(name.to_owned());
                    self.check_item(engine, path, &export.ty)?;
                    path.pop();
                }
                Ok(())
            }
            ComponentItem::ComponentFunc(ty) => {
                let Some(signature) = self.signatures.get(path) else {
                    return Ok(());
                };
                let mut described = Described::default();
                let description = described.add(ty).map_err(|error| End::Unlinkable(error.to_string()))?;
                let wanted = described.signature(&description, |ty| self.passed.known(ty));
                let checked = signature.check(&wanted);
                checked.map_err(|mismatch| other_signature(&path.join("#"), &mismatch).into())
            }
            ComponentItem::Resource(_)
            | ComponentItem::Module(_)
            | ComponentItem::CoreFunc(_)
            | ComponentItem::Component(_)
            | ComponentItem::Type(_) => Ok(()),
        }
    }

    /// Lets later components import what an instance exports, in an instance called `name`.
    pub(crate) fn register(&mut self, name: &str, exporter: &dyn Exporter) -> wasmtime::Result<()> {
        self.linker.instance(name)?;
        let engine = self.linker.engine().clone();
        for (path, item) in exporter.items(&self.passed) {
            let Some((own, outer)) = path.split_last() else {
                continue;
            };
            let mut imports = self.linker.instance(name)?;
            for instance in outer {
                imports = imports.into_instance(instance)?;
            }
            match item {
                Item::Func(function, signature) => {
                    supply_function(&self.passed, self.deadline, &mut imports, own, function)?;
                    let path = [name].into_iter().chain(path.iter().map(String::as_str));
                    let path: Vec<_> = path.map(str::to_owned).collect();
                    match signature {
                        Some(signature) => self.signatures.insert(path, signature),
                        None => self.signatures.remove(&path),
                    };
                }
                Item::Module(CoreModule::Source(module)) => imports.module(own, &compiled(&engine, &module)?)?,
                Item::Module(CoreModule::Compiled(module)) => imports.module(own, &module)?,
                Item::Instance => {
                    imports.instance(own)?;
                }
                Item::Resource(ty) => {
                    let ty = ResourceType::host_dynamic(self.passed.number(ty));
                    let passed = Arc::clone(&self.passed);
                    imports.resource_async(own, ty, move |_, rep| {
                        let passed = Arc::clone(&passed);
                        Box::new(async move { passed.drop_resource(rep).await })
                    })?;
                }
            }
        }
        Ok(())
    }
}

impl Instance {
    pub(crate) fn call(&self, export: &str, arguments: &[Val]) -> Execution {
        let mut live = self.live();
        let Live { store, instance, .. } = &mut *live;
        let Some(function) = instance.get_func(&mut *store, export) else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let ty = function.ty(&*store);
        drop(live);
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

    fn live(&self) -> MutexGuard<'_, Live> {
        block_on(self.0.lock())
    }

    /// Calls a function when no other call of the instance is in progress.
    async fn enter(&self, function: Func, arguments: &[Val]) -> Execution<Vec<Val>> {
        let mut live = self.0.lock().await;
        let called = weft_cooperative::call(&mut live.store, function, arguments).await;
        called.map_err(|error| match error {
            // Lifting a result is part of the call: its error is a trap, although no guest code runs.
            Error::Engine { message, .. } => End::Trap(message),
            error => error.into(),
        })
    }

    fn add_items(
        &self,
        live: &mut Live,
        passed: &Passed,
        within: Option<&ComponentExportIndex>,
        path: Vec<String>,
        item: ComponentItem,
        items: &mut Vec<(Vec<String>, Item)>,
    ) {
        let Live { store, instance, .. } = live;
        let name = path.last().map_or("", String::as_str);
        let Some(index) = instance.get_export_index(&mut *store, within, name) else {
            return;
        };
        let found = match item {
            ComponentItem::Module(_) => {
                let mut modules = live.modules.iter();
                let source = modules.find(|(exported, _)| *exported == path);
                match source {
                    Some((_, module)) => Some(Item::Module(CoreModule::Source(module.clone()))),
                    None => {
                        let module = instance.get_module(&mut *store, index);
                        module.map(|module| Item::Module(CoreModule::Compiled(module)))
                    }
                }
            }
            ComponentItem::ComponentFunc(_) => {
                let function = instance.get_func(&mut *store, index);
                function.map(|function| {
                    let mut described = Described::default();
                    // If a type is too large, a call says so.
                    let ty = described.add(&function.ty(&*store)).ok();
                    let resource = |ty| Some(passed.resource_type(Type::Wasmtime(ty)));
                    let signature = ty.map(|ty| described.signature(&ty, resource));
                    Item::Func(Arc::new(Exported(self.clone(), function)), signature)
                })
            }
            ComponentItem::Resource(_) => {
                let ty = instance.get_resource(&mut *store, index);
                ty.map(|ty| Item::Resource(Type::Wasmtime(ty)))
            }
            ComponentItem::ComponentInstance(ty) => {
                let engine = store.engine().clone();
                for (name, export) in ty.exports(&engine) {
                    let path = path.iter().cloned().chain([name.to_owned()]).collect();
                    self.add_items(live, passed, Some(&index), path, export.ty, items);
                }
                Some(Item::Instance)
            }
            // Other types need no definition.
            ComponentItem::CoreFunc(_) | ComponentItem::Component(_) | ComponentItem::Type(_) => None,
        };
        items.extend(found.map(|found| (path, found)));
    }
}

impl Exporter for Instance {
    fn items(&self, passed: &Passed) -> Vec<(Vec<String>, Item)> {
        let mut items = Vec::new();
        let mut live = self.live();
        let live = &mut *live;
        let ty = live.component.component_type();
        let engine = live.store.engine().clone();
        for (name, export) in ty.exports(&engine) {
            self.add_items(live, passed, None, vec![name.to_owned()], export.ty, &mut items);
        }
        items
    }

    fn drop_resource(&self, handle: Handle) -> Boxed<'_, ()> {
        Box::pin(async move {
            let Handle::Wasmtime(handle) = handle else {
                return other_runtime();
            };
            let mut live = self.0.lock().await;
            handle.resource_drop_async(&mut live.store).await
        })
    }

    fn id(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

/// A function that an instance exports.
struct Exported(Instance, Func);

impl Function for Exported {
    fn call<'a>(
        &'a self,
        passed: &'a Passed,
        arguments: Vec<weft_parallel::Val>,
    ) -> Boxed<'a, Option<weft_parallel::Val>> {
        Box::pin(async move {
            let Exported(instance, function) = self;
            let mut lent = Vec::new();
            let mut live = instance.0.lock().await;
            let arguments = arguments.into_iter().map(|argument| {
                to_wasmtime(argument, &mut |key| match passed.argument(instance, &key)? {
                    Argument::Own(Handle::Wasmtime(handle)) => Ok(Val::Resource(handle)),
                    Argument::Own(Handle::Weft(_)) => other_runtime(),
                    Argument::Imported { key, owned } => {
                        let handle = ResourceDynamic::new_own(key.rep, key.ty);
                        let handle = handle.try_into_resource_any(&mut live.store)?;
                        if !owned {
                            lent.push(handle);
                        }
                        Ok(Val::Resource(handle))
                    }
                })
            });
            let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
            drop(live);
            let results = instance.enter(*function, &arguments).await.map_err(|end| match end {
                End::Trap(message) => wasmtime::Error::msg(message),
                end => wasmtime::Error::msg(end.to_string()),
            })?;
            let mut live = instance.0.lock().await;
            for handle in lent {
                ResourceDynamic::try_from_resource_any(handle, &mut live.store)?;
            }
            let result = results.into_iter().next().map(|result| {
                from_wasmtime(result, &mut |value| match value {
                    Val::Resource(handle) if passed.imported(Type::Wasmtime(handle.ty())).is_some() => {
                        let given = ResourceDynamic::try_from_resource_any(handle, &mut live.store)?;
                        Ok(key(given.rep(), given.owned()))
                    }
                    Val::Resource(handle) => {
                        let exporter = Arc::new(instance.clone());
                        Ok(passed.keep(exporter, Type::Wasmtime(handle.ty()), Handle::Wasmtime(handle)))
                    }
                    _ => Err(wasmtime::Error::msg(
                        "a future, a stream or an error context, which instances of a script cannot pass",
                    )),
                })
            });
            result.transpose()
        })
    }
}

/// Compiles a core module, in its unshared form.
fn compiled(engine: &Engine, module: &Module) -> Result<wasmtime::Module, Error> {
    let unshared = weft_lower::Module::read(module.bytes())?.unshare()?;
    weft_cooperative::compile_module(engine, &unshared)
}

/// Defines an exported function as a host function.
fn supply_function(
    passed: &Arc<Passed>,
    deadline: Option<Instant>,
    imports: &mut LinkerInstance<'_, StoreAccount>,
    name: &str,
    function: Arc<dyn Function>,
) -> wasmtime::Result<()> {
    let passed = Arc::clone(passed);
    imports.func_new_async(name, move |mut store, _, arguments, results| {
        let (function, passed) = (Arc::clone(&function), Arc::clone(&passed));
        Box::new(async move {
            let arguments = arguments.iter().cloned();
            let arguments = arguments.map(|argument| of_importer(&mut store, argument));
            let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
            // Nothing else ends a function on the other runtime in time.
            let late = async {
                match deadline {
                    Some(deadline) => Timer::at(deadline).await,
                    None => pending().await,
                };
                Err(Trap::Interrupt.into())
            };
            let result = or(function.call(&passed, arguments), late).await?;
            for (place, result) in results.iter_mut().zip(result) {
                *place = to_importer(&passed, &mut store, result)?;
            }
            Ok(())
        })
    })
}

/// Converts an argument of the importer: its resources become keys.
fn of_importer(store: &mut StoreContextMut<'_, StoreAccount>, argument: Val) -> wasmtime::Result<weft_parallel::Val> {
    from_wasmtime(argument, &mut |value| match value {
        Val::Resource(handle) => {
            let given = ResourceDynamic::try_from_resource_any(handle, &mut *store)?;
            Ok(key(given.rep(), given.owned()))
        }
        _ => Err(unknown()),
    })
}

/// Converts a result for the importer.
fn to_importer(
    passed: &Passed,
    store: &mut StoreContextMut<'_, StoreAccount>,
    result: weft_parallel::Val,
) -> wasmtime::Result<Val> {
    to_wasmtime(result, &mut |found| {
        let Key { rep, ty } = passed.key(&found)?;
        let handle = ResourceDynamic::new_own(rep, ty).try_into_resource_any(&mut *store)?;
        Ok(Val::Resource(handle))
    })
}
