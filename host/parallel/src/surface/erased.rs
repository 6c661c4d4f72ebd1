//! Calls the layer below through functions without type parameters, so that they are compiled in this crate.

use super::state::HostState;
use crate::embedding::func::Func;
use crate::embedding::instance::Instance;
use crate::embedding::instance_pre::InstancePre;
use crate::embedding::linker::Linker;
use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::error::Error;
use crate::limits::instance_limits::InstanceLimits;
use std::future::Future;
use std::pin::Pin;
use weft_abi::{ResourceAny, Val};
use weft_lower::Plan;

/// A future whose code is in this crate.
pub(super) type Boxed<'a, R> = Pin<Box<dyn Future<Output = Result<R, Error>> + Send + 'a>>;

pub(super) fn linker(engine: &Engine) -> Linker<HostState> {
    Linker::new(engine)
}

pub(super) fn missing(linker: &Linker<HostState>, plan: &Plan) -> Vec<String> {
    linker.missing_for(plan)
}

pub(super) fn define_unknown_imports_as_traps(
    linker: &mut Linker<HostState>,
    component: &Component,
) -> Result<(), Error> {
    linker.define_unknown_imports_as_traps(component)
}

pub(super) fn instantiate_async<'a>(
    linker: &'a Linker<HostState>,
    component: &'a Component,
    host: HostState,
    limits: &'a InstanceLimits,
) -> Boxed<'a, Instance<HostState>> {
    Box::pin(linker.instantiate_with_async(component, host, limits))
}

pub(super) fn instantiate(
    linker: &Linker<HostState>,
    component: &Component,
    host: HostState,
    limits: &InstanceLimits,
) -> Result<Instance<HostState>, Error> {
    linker.instantiate_with(component, host, limits)
}

pub(super) fn prepare(linker: &Linker<HostState>, component: &Component) -> Result<InstancePre<HostState>, Error> {
    linker.instantiate_pre(component)
}

pub(super) fn instantiate_prepared_async<'a>(
    prepared: &'a InstancePre<HostState>,
    host: HostState,
    limits: &'a InstanceLimits,
) -> Boxed<'a, Instance<HostState>> {
    Box::pin(prepared.instantiate_with_async(host, limits))
}

pub(super) fn instantiate_prepared(
    prepared: &InstancePre<HostState>,
    host: HostState,
    limits: &InstanceLimits,
) -> Result<Instance<HostState>, Error> {
    prepared.instantiate_with(host, limits)
}

pub(super) fn get_func(instance: &Instance<HostState>, path: &[&str]) -> Option<Func<HostState>> {
    instance.get_func(path)
}

pub(super) fn get_func_at(instance: &Instance<HostState>, position: usize) -> Option<Func<HostState>> {
    instance.get_func_at(position)
}

pub(super) fn resource_drop_async(instance: &Instance<HostState>, resource: ResourceAny) -> Boxed<'_, ()> {
    Box::pin(instance.resource_drop_async(resource))
}

pub(super) fn resource_drop(instance: &Instance<HostState>, resource: ResourceAny) -> Result<(), Error> {
    instance.resource_drop(resource)
}

pub(super) fn run_async(instance: Instance<HostState>) -> Boxed<'static, i32> {
    Box::pin(instance.run_async())
}

pub(super) fn run(instance: Instance<HostState>) -> Result<i32, Error> {
    instance.run()
}

pub(super) fn end_async(instance: Instance<HostState>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(instance.end_async())
}

pub(super) fn end(instance: Instance<HostState>) -> Result<(), Error> {
    instance.end()
}

pub(super) fn call_async<'a>(func: &'a Func<HostState>, arguments: &'a [Val]) -> Boxed<'a, Option<Val>> {
    Box::pin(func.call_async(arguments))
}

pub(super) fn call(func: &Func<HostState>, arguments: &[Val]) -> Result<Option<Val>, Error> {
    func.call(arguments)
}
