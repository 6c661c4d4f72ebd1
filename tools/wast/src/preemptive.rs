//! Components on weft's own runtime.
//!
//! A timer beside each call enforces the time limit: if it fires first, the call's future and the instance are dropped.
//!
//! A component can import the functions and resource types that a registered instance exports. The runtime does not link
//! instances with each other, so each such function is a host function that calls the other instance, and each resource
//! type is one of the host's, whose destructor drops the other instance's handle.

use crate::context::Context;
use crate::execution::{self, End, Execution};
use crate::host::{self, Drops, Resource1, Resource2};
use crate::passed::weft_values::each_resource;
use crate::passed::{Passed, UNKNOWN};
use crate::values::{as_written, from_weft, to_weft};
use async_io::Timer;
use futures_lite::future::{or, pending};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use wasmtime::component::Val;
use weft_parallel::{Error, Func, Linker, LinkerInstance, ResourceAny, ResourceType, Thread, Val as Value};

/// The error of a call of an instance that has trapped.
const TRAPPED: &str = "cannot enter component instance: it has trapped before";

/// A compiled component.
pub(crate) struct Component {
    pub(crate) component: weft_parallel::Component,
    /// The paths of its functions: the names of the instances that contain a function, then its own.
    pub(crate) exports: Vec<Vec<String>>,
    /// The names of its resource types, in the same form.
    pub(crate) resources: Vec<Vec<String>>,
}

/// An instance of a component, as a script names it.
pub(crate) struct Instance {
    /// `None` after it has trapped or used up its time.
    instance: RefCell<Option<Arc<weft_parallel::Instance<()>>>>,
    has_trapped: Arc<AtomicBool>,
    exports: Vec<Vec<String>>,
    resources: Vec<Vec<String>>,
}

/// An instance whose exports a component imports, as host functions hold it.
#[derive(Clone)]
struct Exporter {
    /// Does not keep the instance alive after it has trapped.
    instance: Weak<weft_parallel::Instance<()>>,
    has_trapped: Arc<AtomicBool>,
}

/// The resources that instances have passed to each other.
type Resources = Passed<Exporter, ResourceType, ResourceAny>;

/// What components can import.
#[derive(Default)]
pub(crate) struct Components {
    registered: HashMap<String, Rc<Instance>>,
    drops: Arc<Drops>,
    passed: Arc<Resources>,
}

impl Components {
    pub(crate) fn instantiate(&self, context: &Context, component: &Component) -> Execution<Instance> {
        let mut linker = Linker::new(context.weft()?);
        // An instance that a script registers under this name replaces it.
        if !self.registered.contains_key(host::HOST) {
            host::define_on_weft(&mut linker, &self.drops)?;
        }
        for (name, instance) in &self.registered {
            instance.supply(&self.passed, &mut linker.instance(name)?)?;
        }
        let instance = in_time(context, linker.instantiate_async(&component.component, ()))?;
        Ok(Instance {
            instance: RefCell::new(Some(Arc::new(instance))),
            has_trapped: Arc::default(),
            exports: component.exports.clone(),
            resources: component.resources.clone(),
        })
    }

    /// Lets later components import the functions and resource types of an instance, in an instance called `name`.
    pub(crate) fn register(&mut self, name: &str, instance: &Rc<Instance>) {
        self.registered.insert(name.to_owned(), Rc::clone(instance));
    }
}

impl Instance {
    pub(crate) fn call(&self, context: &Context, export: &str, arguments: &[Val]) -> Execution {
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
            .map(|value| execution::Value::Component(as_written(value)))
            .collect())
    }

    /// Defines its functions and resource types.
    fn supply(&self, passed: &Arc<Resources>, imports: &mut LinkerInstance<'_, ()>) -> Result<(), Error> {
        let instance = self.instance.borrow();
        let Some(instance) = &*instance else {
            return Ok(());
        };
        let exporter = Exporter {
            instance: Arc::downgrade(instance),
            has_trapped: Arc::clone(&self.has_trapped),
        };
        for path in &self.exports {
            let names: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some(function) = instance.get_func(&names) {
                within(imports, &names, &mut |imports, name| {
                    exporter.supply_function(passed, imports, name, &function)
                })?;
            }
        }
        for path in &self.resources {
            let names: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some(ty) = instance.get_resource(&names) {
                within(imports, &names, &mut |imports, name| {
                    exporter.supply_resource(passed, imports, name, ty)
                })?;
            }
        }
        Ok(())
    }
}

/// Defines the item of a path.
fn within(
    imports: &mut LinkerInstance<'_, ()>,
    path: &[&str],
    define: &mut dyn FnMut(&mut LinkerInstance<'_, ()>, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    match path {
        [] => Ok(()),
        [name] => define(imports, name),
        [instance, path @ ..] => within(&mut imports.instance(instance)?, path, define),
    }
}

impl Exporter {
    fn supply_function(
        &self,
        passed: &Arc<Resources>,
        imports: &mut LinkerInstance<'_, ()>,
        name: &str,
        function: &Func<()>,
    ) -> Result<(), Error> {
        let (exporter, passed, function) = (self.clone(), Arc::clone(passed), function.clone());
        let defined = imports.func_new_async(name, move |caller, arguments| {
            let (exporter, passed, function) = (exporter.clone(), Arc::clone(&passed), function.clone());
            Box::new(async move {
                exporter.check()?;
                let thread = caller.data();
                let arguments = arguments.iter().cloned();
                let arguments = arguments.map(|argument| to_exporter(&passed, thread, argument));
                let arguments = arguments.collect::<wasmtime::Result<Vec<_>>>()?;
                let result = function.call_async(&arguments).await;
                let result = result.map_err(|error| exporter.ended(error))?;
                let result = result.map(|result| exporter.to_importer(&passed, caller.data(), result));
                result.transpose()
            })
        });
        defined.map(drop)
    }

    fn supply_resource(
        &self,
        passed: &Arc<Resources>,
        imports: &mut LinkerInstance<'_, ()>,
        name: &str,
        exported: ResourceType,
    ) -> Result<(), Error> {
        let (ty, passed) = (ResourceType::host_dynamic(passed.number(exported)), Arc::clone(passed));
        let defined = imports.resource_async(name, ty, move |_, rep| {
            let taken = passed.take(rep);
            Box::new(async move {
                match taken {
                    Some((exporter, handle)) => exporter.drop_resource(handle).await,
                    None => Ok(()),
                }
            })
        });
        defined.map(drop)
    }

    fn check(&self) -> wasmtime::Result<()> {
        match self.has_trapped.load(Ordering::SeqCst) {
            true => Err(wasmtime::Error::msg(TRAPPED)),
            false => Ok(()),
        }
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

    /// Drops the host's handle to a resource that the instance defines.
    async fn drop_resource(&self, handle: ResourceAny) -> wasmtime::Result<()> {
        self.check()?;
        let instance = self.instance.upgrade().ok_or_else(|| wasmtime::Error::msg(TRAPPED))?;
        let dropped = instance.resource_drop_async(handle).await;
        dropped.map_err(|error| self.ended(error))
    }

    /// Converts a result for the importer.
    fn to_importer(&self, passed: &Resources, importer: Thread<'_, ()>, result: Value) -> wasmtime::Result<Value> {
        each_resource(result, &mut |handle| {
            let ty = ResourceType::host_dynamic(passed.number(handle.ty()));
            importer.new_resource_of(ty, passed.keep(self, handle))
        })
    }
}

/// Converts an argument of the importer for the exporter.
fn to_exporter(passed: &Resources, importer: Thread<'_, ()>, argument: Value) -> wasmtime::Result<Value> {
    each_resource(argument, &mut |handle| {
        let ty = handle.ty();
        if ty == ResourceType::host::<Resource1>() || ty == ResourceType::host::<Resource2>() {
            return Err(wasmtime::Error::msg(UNKNOWN));
        }
        let rep = match handle.owned() {
            true => importer.take_resource_of(ty, handle)?,
            false => importer.resource_rep_of(ty, handle)?,
        };
        passed.handle(rep, handle.owned())
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
