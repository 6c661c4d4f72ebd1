//! Components on weft's own runtime.
//!
//! A timer beside each call enforces the time limit: if it fires first, the call's future and the instance are dropped.
//!
//! A component can import the functions that a registered instance exports. The runtime does not link instances with
//! each other, so each such function is a host function that calls the other instance.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::host::{self, Drops};
use crate::values::{as_written, from_weft, to_weft};
use async_io::Timer;
use futures_lite::future::{or, pending};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wasmtime::component::Val;
use weft_parallel::{Error, Func, Linker, LinkerInstance};

/// What a call of an instance gives that has trapped before.
const TRAPPED: &str = "cannot enter component instance: it has trapped before";

/// A component that is compiled.
pub(crate) struct Component {
    pub(crate) component: weft_parallel::Component,
    /// The names of its functions, behind those of the instances that they are in.
    pub(crate) exports: Vec<Vec<String>>,
}

/// An instance of a component, as a script names it.
pub(crate) struct Instance {
    /// `None` after it has trapped or used up its time.
    instance: RefCell<Option<weft_parallel::Instance<()>>>,
    has_trapped: Arc<AtomicBool>,
    exports: Vec<Vec<String>>,
}

/// What components can import.
#[derive(Default)]
pub(crate) struct Components {
    registered: HashMap<String, Rc<Instance>>,
    drops: Arc<Drops>,
}

impl Components {
    pub(crate) fn instantiate(&self, context: &Context, component: &Component) -> Execution<Instance> {
        let mut linker = Linker::new(context.weft()?);
        // An instance that a script registers under this name replaces it.
        if !self.registered.contains_key(host::HOST) {
            host::define_on_weft(&mut linker, &self.drops)?;
        }
        for (name, instance) in &self.registered {
            instance.supply(&mut linker.instance(name)?)?;
        }
        let instance = in_time(context, linker.instantiate_async(&component.component, ()))?;
        Ok(Instance {
            instance: RefCell::new(Some(instance)),
            has_trapped: Arc::default(),
            exports: component.exports.clone(),
        })
    }

    /// Lets later components import the functions of an instance, in an instance called `name`.
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
            .map(|value| Value::Component(as_written(value)))
            .collect())
    }

    /// Defines its functions.
    fn supply(&self, imports: &mut LinkerInstance<'_, ()>) -> Result<(), Error> {
        let instance = self.instance.borrow();
        let Some(instance) = &*instance else {
            return Ok(());
        };
        for path in &self.exports {
            let names: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some(function) = instance.get_func(&names) {
                supply_function(imports, &names, function, &self.has_trapped)?;
            }
        }
        Ok(())
    }
}

fn supply_function(
    imports: &mut LinkerInstance<'_, ()>,
    path: &[&str],
    function: Func<()>,
    has_trapped: &Arc<AtomicBool>,
) -> Result<(), Error> {
    let [name] = path else {
        return match path.split_first() {
            Some((instance, path)) => supply_function(&mut imports.instance(instance)?, path, function, has_trapped),
            None => Ok(()),
        };
    };
    let has_trapped = Arc::clone(has_trapped);
    let defined = imports.func_new_async(name, move |_, arguments| {
        let function = function.clone();
        let has_trapped = Arc::clone(&has_trapped);
        Box::new(async move {
            if has_trapped.load(Ordering::SeqCst) {
                return Err(wasmtime::Error::msg(TRAPPED));
            }
            function.call_async(arguments).await.map_err(|error| match error {
                Error::Trap(trap) => {
                    has_trapped.store(true, Ordering::SeqCst);
                    wasmtime::Error::msg(trap.message().to_owned())
                }
                error => wasmtime::Error::msg(error.to_string()),
            })
        })
    });
    defined.map(drop)
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
