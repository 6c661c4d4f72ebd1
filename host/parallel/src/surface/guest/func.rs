//! Functions of core modules: exported ones, and elements of tables.

use super::context::{AsContext, Item, Kept, keep, taken};
use crate::engine::component::Component;
use crate::error::Error;
use crate::state::core_items::{self, ItemPlace, Work};
use crate::surface::context::StoreData;
use crate::surface::state::HostState;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::{StoreContextMut, WasmParams, WasmResults};
use weft_lower::plan::{CoreItem, FunctionHandle, HomeIndex};

/// A function of a core module: an exported one ([`Exports::get_func`](super::Exports::get_func)), or an element of a table
/// ([`Table::get`](super::Table::get)).
#[derive(Clone)]
pub struct Func {
    pub(super) component: Component,
    pub(super) name: Arc<str>,
    pub(super) place: ItemPlace,
    pub(super) source: Source,
}

/// How a store finds a function.
#[derive(Clone)]
pub(super) enum Source {
    /// By the name of the run-time module's export.
    Export(String),
    /// By the name of a table that never changes, and its index there.
    Element(String, u64),
    /// By a handle that all threads understand.
    Handle(FunctionHandle),
    /// It only exists in the store of a home of this instance.
    Home {
        func: wasmtime::Func,
        instance: u64,
        home: HomeIndex,
    },
}

impl Func {
    pub(super) fn exported(component: &Component, export: usize) -> Self {
        let export = &component.plan().core_exports.items[export];
        let CoreItem::Function(name) = &export.item else {
            unreachable!("the export was found to be a function");
        };
        Func {
            component: component.clone(),
            name: Arc::from(export.name.as_str()),
            place: core_items::place(export, true),
            source: Source::Export(name.clone()),
        }
    }

    /// The function with parameters and results of these Rust types. An element of a table can be of any type, which is compared when it
    /// is called.
    ///
    /// # Errors
    ///
    /// [`Error::OtherTypes`]: it is an exported function of another type.
    pub fn typed<Params: WasmParams, Results: WasmResults>(&self) -> Result<TypedFunc<Params, Results>, Error> {
        if let Source::Export(export) = &self.source {
            let module = self.component.module();
            let ty = module.get_export(export).and_then(|export| export.func().cloned());
            let ty = ty.ok_or_else(|| Error::NoExport(self.name.to_string()))?;
            let engine = module.engine();
            let checked = Params::typecheck(engine, ty.params(), wasmtime::TypeCheckPosition::Param);
            let checked =
                checked.and_then(|()| Results::typecheck(engine, ty.results(), wasmtime::TypeCheckPosition::Result));
            checked.map_err(|error| self.other_types(&error))?;
        }
        Ok(TypedFunc {
            func: self.clone(),
            marker: PhantomData,
        })
    }

    pub(super) fn other_types(&self, error: &wasmtime::Error) -> Error {
        Error::OtherTypes {
            function: self.name.to_string(),
            reason: format!("{error:#}"),
        }
    }

    pub(super) fn item(&self) -> Item<'_> {
        Item {
            component: &self.component,
            name: &self.name,
            place: self.place,
        }
    }

    /// The function of this store.
    pub(super) fn find(&self, store: &mut StoreContextMut<'_, StoreData>) -> Result<wasmtime::Func, Error> {
        let missing = || Error::NoExport(self.name.to_string());
        match &self.source {
            Source::Export(export) => core_items::function(store, export),
            Source::Element(table, index) => {
                let table = core_items::table(store, table)?;
                match table.get(&mut *store, *index) {
                    Some(wasmtime::Ref::Func(Some(func))) => Ok(func),
                    Some(_) | None => Err(missing()),
                }
            }
            Source::Handle(handle) => core_items::function_of(store, *handle)?.ok_or_else(missing),
            Source::Home { func, instance, home } => {
                let thread = store.data();
                match thread.home == Some(*home) && thread.instance.number == *instance {
                    true => Ok(*func),
                    false => Err(Error::OtherComponent(self.name.to_string())),
                }
            }
        }
    }
}

/// A [`Func`] with parameters and results of Rust types: numbers, or tuples of them.
pub struct TypedFunc<Params, Results> {
    func: Func,
    marker: PhantomData<fn(Params) -> Results>,
}

impl<Params, Results> Clone for TypedFunc<Params, Results> {
    fn clone(&self) -> Self {
        TypedFunc {
            func: self.func.clone(),
            marker: PhantomData,
        }
    }
}

impl<Params, Results> TypedFunc<Params, Results>
where
    Params: WasmParams + Send + Sync + 'static,
    Results: WasmResults + Send + Sync + 'static,
{
    /// The function without the Rust types.
    pub fn func(&self) -> &Func {
        &self.func
    }

    /// Calls the function. Within a host function it runs on the guest thread that called the host function, on top of that call, and can
    /// suspend it. With an instance it runs on a new thread of the guest.
    ///
    /// # Errors
    ///
    /// [`Error::Trap`], [`Error::Exit`] or another error with which the program ends: it has ended when this returns, whatever the host
    /// function does. Or the context cannot use the function ([`Error::NotShared`], [`Error::OtherComponent`]), it is of other types
    /// ([`Error::OtherTypes`]), or a thread for the call exceeds a limit ([`Error::Limit`]).
    pub async fn call_async(&self, mut context: impl AsContext, params: Params) -> Result<Results, Error> {
        let (results, work) = self.work(params);
        context.context().run(self.func.item(), work).await?;
        taken(&results)
    }

    /// Calls the function as [`Self::call_async`] does, and waits on the calling OS thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::call_async`]; and [`Error::WaitOnWorker`]: the caller is a host function that runs on a worker. Define
    /// such a function with `func_wrap_async` and use [`Self::call_async`], or with `func_wrap_blocking`.
    pub fn call(&self, mut context: impl AsContext, params: Params) -> Result<Results, Error> {
        let (results, work) = self.work(params);
        context.context().wait(self.func.item(), work)?;
        taken(&results)
    }

    fn work(&self, params: Params) -> (Kept<Results>, Work<HostState>) {
        let results = Kept::default();
        let (of_work, func) = (Arc::clone(&results), self.func.clone());
        let work: Work<HostState> = Box::new(move |mut store| {
            Box::pin(async move {
                let typed = func.find(&mut store)?.typed::<Params, Results>(&store);
                let typed = typed.map_err(|error| func.other_types(&error))?;
                keep(&of_work, typed.call_async(store, params).await?);
                Ok(())
            })
        });
        (results, work)
    }
}
