//! Components with preemptive threads, on weft's own runtime.
//!
//! The time limit is a timer beside each call: when it is first, the call's future is dropped, and the instance with it.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::values::{from_weft, to_weft};
use async_io::Timer;
use futures_lite::future::{or, pending};
use wasmtime::component::Val;
use weft::{Error, Linker};

/// An instance of a component, as a script names it.
pub(crate) struct Instance {
    /// None once it has trapped or used up its time.
    instance: Option<weft::Instance<()>>,
}

pub(crate) fn instantiate(context: &Context, component: &weft::Component) -> Execution<Instance> {
    let linker = Linker::new(context.weft()?);
    let instance = in_time(context, linker.instantiate_async(component, ()))?;
    Ok(Instance {
        instance: Some(instance),
    })
}

impl Instance {
    pub(crate) fn call(&mut self, context: &Context, export: &str, arguments: &[Val]) -> Execution {
        let Some(instance) = &self.instance else {
            return Err(End::Trap(
                "cannot enter component instance: it has trapped before".to_owned(),
            ));
        };
        let Some(function) = instance.get_func(&[export]) else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let arguments = to_weft(arguments, function.types(), function.ty()).map_err(End::NotRun)?;
        let result = in_time(context, function.call_async(&arguments));
        if matches!(result, Err(End::Trap(_) | End::TimeLimit)) {
            self.instance = None;
        }
        let value = result?.map(from_weft).transpose().map_err(End::NotRun)?;
        Ok(value.into_iter().map(Value::Component).collect())
    }
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
