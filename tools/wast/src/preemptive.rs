//! Components on weft's own runtime.
//!
//! A timer beside each call enforces the time limit: if it fires first, the call's future and the instance are dropped.
//!
//! A component can import functions and resource types that another instance exports, on either runtime. The runtime does
//! not link instances with each other, so each such function is a host function that calls the other instance, and each
//! resource type is one of the host's, whose destructor drops the other instance's handle.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::host::{self, Drops, Resource1, Resource2};
use crate::passed::{
    Argument, Boxed, CoreModule, Exporter, Function, Handle, Item, Key, Passed, Type, each_resource, key,
    other_runtime, unknown,
};
use crate::values::{as_written, from_weft, to_weft};
use async_io::Timer;
use futures_lite::future::{or, pending};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use wasmtime::component::Val as ScriptVal;
use weft_parallel::{Component, Error, Func, Linker, ResourceType, Thread, Val};

/// The error of a call of an instance that has trapped.
const TRAPPED: &str = "cannot enter component instance: it has trapped before";

/// An instance of a component, as a script names it.
pub(crate) struct Instance {
    /// `None` after it has trapped or used up its time.
    instance: RefCell<Option<Arc<weft_parallel::Instance<()>>>>,
    has_trapped: Arc<AtomicBool>,
}

/// An instance whose exports a component imports, as host functions hold it.
#[derive(Clone)]
struct Shared {
    /// Does not keep the instance alive after it has trapped.
    instance: Weak<weft_parallel::Instance<()>>,
    has_trapped: Arc<AtomicBool>,
}

/// What components can import.
pub(crate) struct Components {
    registered: HashMap<String, Arc<dyn Exporter>>,
    drops: Arc<Drops>,
    passed: Arc<Passed>,
}

impl Components {
    pub(crate) fn new(passed: &Arc<Passed>) -> Self {
        Components {
            registered: HashMap::new(),
            drops: Arc::default(),
            passed: Arc::clone(passed),
        }
    }

    pub(crate) fn instantiate(&self, context: &Context, component: &Component) -> Execution<Instance> {
        let mut linker = Linker::new(context.weft()?);
        // An instance that a script registers under this name replaces it.
        if !self.registered.contains_key(host::HOST) {
            host::define_on_weft(&mut linker, &self.drops)?;
        }
        for (name, exporter) in &self.registered {
            linker.instance(name)?;
            for (path, item) in exporter.items(&self.passed) {
                supply(&self.passed, &mut linker, name, &path, item)?;
            }
        }
        let instance = in_time(context, linker.instantiate_async(component, ()))?;
        Ok(Instance {
            instance: RefCell::new(Some(Arc::new(instance))),
            has_trapped: Arc::default(),
        })
    }

    /// Lets later components import the functions and resource types of an instance, in an instance called `name`.
    pub(crate) fn register(&mut self, name: &str, exporter: Arc<dyn Exporter>) {
        self.registered.insert(name.to_owned(), exporter);
    }
}

impl Instance {
    pub(crate) fn call(&self, context: &Context, export: &str, arguments: &[ScriptVal]) -> Execution {
        if self.has_trapped.load(Ordering::SeqCst) {
            self.instance.take();
        }
        let Some(function) = self
            .instance
            .borrow()
            .as_ref()
            .map(|instance| instance.get_func(&[export]))
        else {
            return Err(End::Trap(TRAPPED.to_owned()));
        };
        let Some(function) = function else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let arguments = to_weft(arguments, function.types(), function.ty()).map_err(End::NotRun)?;
        let result = in_time(context, function.call_async(&arguments));
        if matches!(result, Err(End::Trap(_) | End::TimeLimit)) {
            self.has_trapped.store(true, Ordering::SeqCst);
            self.instance.take();
        }
        let value = result?.map(from_weft).transpose().map_err(End::NotRun)?;
        Ok(value
            .into_iter()
            .map(|value| Value::Component(as_written(value)))
            .collect())
    }

    /// The instance as other components import from it, unless it has ended.
    pub(crate) fn exporter(&self) -> Option<Arc<dyn Exporter>> {
        let instance = self.instance.borrow();
        Some(Arc::new(Shared {
            instance: Arc::downgrade(instance.as_ref()?),
            has_trapped: Arc::clone(&self.has_trapped),
        }))
    }
}

impl Exporter for Shared {
    fn items(&self, passed: &Passed) -> Vec<(Vec<String>, Item)> {
        let Some(instance) = self.instance.upgrade() else {
            return Vec::new();
        };
        let plan = instance.component().plan();
        let functions = plan.exports.iter().filter_map(|export| {
            let function = instance.get_func(&names(&export.path))?;
            let signature = function.signature().ok()?;
            let signature = signature.with_resources(|ty| passed.resource_type(Type::Weft(ty)));
            let function = Arc::new(Exported(self.clone(), function));
            Some((export.path.clone(), Item::Func(function, Some(signature))))
        });
        let resources = plan.exported_resources.iter().filter_map(|export| {
            let ty = instance.get_resource(&names(&export.path))?;
            Some((export.path.clone(), Item::Resource(Type::Weft(ty))))
        });
        let modules = plan.exported_modules.iter().filter_map(|export| {
            let module = instance.get_module(&names(&export.path))?;
            Some((export.path.clone(), Item::Module(CoreModule::Source(module))))
        });
        functions.chain(resources).chain(modules).collect()
    }

    fn drop_resource(&self, handle: Handle) -> Boxed<'_, ()> {
        Box::pin(async move {
            let Handle::Weft(handle) = handle else {
                return other_runtime();
            };
            self.check()?;
            let instance = self.instance()?;
            let dropped = instance.resource_drop_async(handle).await;
            dropped.map_err(|error| self.ended(error))
        })
    }

    fn id(&self) -> usize {
        Weak::as_ptr(&self.instance).addr()
    }
}

/// A function that an instance exports.
struct Exported(Shared, Func<()>);

impl Function for Exported {
    fn call<'a>(&'a self, passed: &'a Passed, arguments: Vec<Val>) -> Boxed<'a, Option<Val>> {
        Box::pin(async move {
            let Exported(shared, function) = self;
            shared.check()?;
            let instance = shared.instance()?;
            let mut lent = Vec::new();
            let arguments = arguments.into_iter().map(|argument| {
                each_resource(
                    argument,
                    &mut |key| match passed.argument(shared, &Val::Resource(key))? {
                        Argument::Own(Handle::Weft(handle)) => Ok(Val::Resource(handle)),
                        Argument::Own(Handle::Wasmtime(_)) => other_runtime(),
                        Argument::Imported { key, owned } => {
                            let handle = instance.new_resource_of(ResourceType::host_dynamic(key.ty), key.rep)?;
                            if !owned {
                                lent.push(handle);
                            }
                            Ok(Val::Resource(handle))
                        }
                    },
                )
            });
            let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
            let result = function.call_async(&arguments).await;
            let result = result.map_err(|error| shared.ended(error))?;
            for handle in lent {
                instance.take_resource_of(handle.ty(), handle)?;
            }
            let result = result.map(|result| {
                each_resource(result, &mut |handle| {
                    if passed.imported(Type::Weft(handle.ty())).is_some() {
                        let rep = instance.take_resource_of(handle.ty(), handle)?;
                        return Ok(key(rep, true));
                    }
                    let exporter = Arc::new(shared.clone());
                    Ok(passed.keep(exporter, Type::Weft(handle.ty()), Handle::Weft(handle)))
                })
            });
            result.transpose()
        })
    }
}

impl Shared {
    fn check(&self) -> wasmtime::Result<()> {
        match self.has_trapped.load(Ordering::SeqCst) {
            true => Err(wasmtime::Error::msg(TRAPPED)),
            false => Ok(()),
        }
    }

    fn instance(&self) -> wasmtime::Result<Arc<weft_parallel::Instance<()>>> {
        self.instance.upgrade().ok_or_else(|| wasmtime::Error::msg(TRAPPED))
    }

    /// Notes the trap of a call. Returns what the call's error is to the importer.
    fn ended(&self, error: Error) -> wasmtime::Error {
        match error {
            Error::Trap(trap) => {
                self.has_trapped.store(true, Ordering::SeqCst);
                wasmtime::Error::msg(trap.message().to_owned())
            }
            error => wasmtime::Error::msg(error.to_string()),
        }
    }
}

fn names(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// Defines what an instance exports in the instance `instance`.
fn supply(
    passed: &Arc<Passed>,
    linker: &mut Linker<()>,
    instance: &str,
    path: &[String],
    item: Item,
) -> Result<(), Error> {
    let Some((name, outer)) = path.split_last() else {
        return Ok(());
    };
    let mut imports = linker.instance(instance)?;
    for instance in outer {
        imports = imports.into_instance(instance)?;
    }
    let passed = Arc::clone(passed);
    match item {
        Item::Func(function, signature) => {
            imports.func_new_async(name, move |caller, arguments| {
                let (passed, function) = (Arc::clone(&passed), Arc::clone(&function));
                Box::new(async move {
                    let arguments = arguments.iter().cloned();
                    let arguments = arguments.map(|argument| of_importer(caller.data(), argument));
                    let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
                    let result = function.call(&passed, arguments).await?;
                    let result = result.map(|result| to_importer(&passed, caller.data(), result));
                    result.transpose()
                })
            })?;
            match signature {
                Some(signature) => imports.func_type(name, signature),
                None => &mut imports,
            }
        }
        Item::Resource(ty) => {
            let ty = passed.resource_type(ty);
            imports.resource_async(name, ty, move |_, rep| {
                let passed = Arc::clone(&passed);
                Box::new(async move { passed.drop_resource(rep).await })
            })?
        }
        Item::Module(CoreModule::Source(module)) => imports.module(name, &module)?,
        // Linking reports it as missing, if the component imports it.
        Item::Module(CoreModule::Compiled(_)) => return Ok(()),
        // Its items follow.
        Item::Instance => return Ok(()),
    };
    Ok(())
}

/// Converts an argument of the importer: its resources become keys.
fn of_importer(importer: Thread<'_, ()>, argument: Val) -> wasmtime::Result<Val> {
    each_resource(argument, &mut |handle| {
        let ty = handle.ty();
        if ty == ResourceType::host::<Resource1>() || ty == ResourceType::host::<Resource2>() {
            return Err(unknown());
        }
        let rep = match handle.owned() {
            true => importer.take_resource_of(ty, handle)?,
            false => importer.resource_rep_of(ty, handle)?,
        };
        Ok(key(rep, handle.owned()))
    })
}

/// Converts a result for the importer.
fn to_importer(passed: &Passed, importer: Thread<'_, ()>, result: Val) -> wasmtime::Result<Val> {
    each_resource(result, &mut |found| {
        let Key { rep, ty } = passed.key(&Val::Resource(found))?;
        let handle = importer.new_resource_of(ResourceType::host_dynamic(ty), rep)?;
        Ok(Val::Resource(handle))
    })
}

fn in_time<T>(context: &Context, work: impl Future<Output = Result<T, Error>>) -> Execution<T> {
    let work = async { work.await.map_err(End::from) };
    let limit = async {
        match context.deadline {
            Some(deadline) => Timer::at(deadline).await,
            None => pending().await,
        };
        Err(End::TimeLimit)
    };
    context.weft()?.block_on(or(work, limit))?
}
