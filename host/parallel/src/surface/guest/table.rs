//! Tables of functions that core modules export.

use super::context::{AsContext, Item, Kept, keep, taken};
use super::func::{Func, Source};
use crate::engine::component::Component;
use crate::error::Error;
use crate::state::core_items::{self, ItemPlace, Work, WorkError};
use crate::surface::context::StoreData;
use crate::surface::state::HostState;
use std::sync::Arc;
use wasmtime::{AsContextMut, Ref, StoreContextMut};
use weft_lower::plan::{CoreExport, CoreItem, CoreTable, FunctionHandle};

/// A table of functions that a core module exports: see [`Exports::get_table`](super::Exports::get_table).
///
/// A table that threads share and that cannot grow never changes, unless the guest writes it.
#[derive(Clone)]
pub struct Table {
    component: Component,
    export: usize,
}

impl Table {
    pub(super) fn new(component: &Component, export: usize) -> Self {
        Table {
            component: component.clone(),
            export,
        }
    }

    /// How many elements the table has.
    ///
    /// # Errors
    ///
    /// The context has no access to it ([`Error::NotShared`], [`Error::OtherComponent`]), the program has ended, or the calling thread
    /// must not wait ([`Error::WaitOnWorker`]).
    pub fn size(&self, mut context: impl AsContext) -> Result<u64, Error> {
        let mut context = context.context();
        match self.table() {
            CoreTable::Written(table) => {
                let size = context.state(self.item())?.table(table).size();
                size.map_err(|trap| Error::engine("cannot use a table", &trap.into()))
            }
            CoreTable::Fixed(export) => context.now(self.item(), move |store| {
                Ok(core_items::table(store, &export)?.size(&*store))
            }),
        }
    }

    /// The element of this index. None if it is null.
    ///
    /// # Errors
    ///
    /// [`Error::Table`]: the table has fewer elements. Or those of [`Self::size`].
    pub fn get(&self, mut context: impl AsContext, index: u64) -> Result<Option<Func>, Error> {
        let mut context = context.context();
        match self.table() {
            CoreTable::Written(table) => {
                let handle = context.state(self.item())?.table(table).get(index);
                Ok(match handle.map_err(|_| self.outside(index))? {
                    FunctionHandle(0) => None,
                    handle => Some(self.func(index, Source::Handle(handle))),
                })
            }
            CoreTable::Fixed(export) => {
                let of_work = self.clone();
                context.now(self.item(), move |store| of_work.element(store, export, index))
            }
        }
    }

    /// Adds `delta` elements that are `init`, or null. Returns the size before.
    ///
    /// # Errors
    ///
    /// [`Error::Table`]: the table cannot have so many elements, by its type or the program's limits. [`Error::Limit`] and
    /// [`Error::Trap`]: a [`ResourceLimiter`](crate::ResourceLimiter) returned an error, and the program has ended. Or those of
    /// [`Self::size`].
    pub async fn grow_async(&self, mut context: impl AsContext, delta: u64, init: Option<&Func>) -> Result<u64, Error> {
        let (size, work) = self.growth(delta, init.cloned());
        context.context().run(self.item(), work).await?;
        taken(&size)
    }

    /// Adds elements as [`Self::grow_async`] does, and waits on the calling OS thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::grow_async`]; and [`Error::WaitOnWorker`]: the caller is a host function that runs on a worker.
    pub fn grow(&self, mut context: impl AsContext, delta: u64, init: Option<&Func>) -> Result<u64, Error> {
        let (size, work) = self.growth(delta, init.cloned());
        context.context().wait(self.item(), work)?;
        taken(&size)
    }

    fn growth(&self, delta: u64, init: Option<Func>) -> (Kept<u64>, Work<HostState>) {
        let size = Kept::default();
        let (of_work, table) = (Arc::clone(&size), self.clone());
        let work: Work<HostState> = Box::new(move |mut store| {
            Box::pin(async move {
                keep(&of_work, table.grow_here(&mut store, delta, init.as_ref()).await?);
                Ok(())
            })
        });
        (size, work)
    }

    async fn grow_here(
        &self,
        store: &mut StoreContextMut<'_, StoreData>,
        delta: u64,
        init: Option<&Func>,
    ) -> Result<u64, WorkError> {
        let no_room = || self.error(format!("it cannot grow by {delta} elements"));
        let init = init.map(|init| self.init(store, init)).transpose()?;
        match self.table() {
            CoreTable::Written(index) => {
                let handle = core_items::handle_of(store, init)?;
                let instance = Arc::clone(&store.data().instance);
                let grown = instance.table(index).grow(handle, delta, || instance.pause()).await?;
                Ok(grown.ok_or_else(no_room)?)
            }
            CoreTable::Fixed(_) if self.export().shared => {
                let reason = "threads share it and its type has no room to grow";
                Err(self.error(reason.to_owned()).into())
            }
            CoreTable::Fixed(export) => {
                let table = core_items::table(store, &export)?;
                let grown = table.grow_async(store.as_context_mut(), delta, Ref::Func(init)).await;
                Ok(grown.map_err(|_| no_room())?)
            }
        }
    }

    /// A function, in this store.
    fn init(&self, store: &mut StoreContextMut<'_, StoreData>, func: &Func) -> Result<wasmtime::Func, Error> {
        if !func.component.is(&self.component) {
            return Err(Error::OtherComponent(func.name.to_string()));
        }
        func.place.check(store.data(), &func.name)?;
        func.find(store)
    }

    /// The element of a table that each store has.
    fn element(
        &self,
        store: &mut StoreContextMut<'_, StoreData>,
        export: String,
        index: u64,
    ) -> Result<Option<Func>, Error> {
        let table = core_items::table(store, &export)?;
        let func = match table.get(&mut *store, index).ok_or_else(|| self.outside(index))? {
            Ref::Func(Some(func)) => func,
            Ref::Func(None) => return Ok(None),
            _ => return Err(self.error("its elements are no functions".to_owned())),
        };
        let source = match (self.export().shared, store.data().home) {
            (false, Some(home)) => Source::Home {
                func,
                instance: store.data().instance.number,
                home,
            },
            (false, None) => return Err(Error::NotShared(self.export().name.clone())),
            (true, _) => Source::Element(export, index),
        };
        Ok(Some(self.func(index, source)))
    }

    fn func(&self, index: u64, source: Source) -> Func {
        Func {
            component: self.component.clone(),
            name: Arc::from(format!("{}[{index}]", self.export().name)),
            place: ItemPlace {
                calls: true,
                ..self.item().place
            },
            source,
        }
    }

    fn outside(&self, index: u64) -> Error {
        self.error(format!("there is no element {index}"))
    }

    fn error(&self, reason: String) -> Error {
        Error::Table {
            table: self.export().name.clone(),
            reason,
        }
    }

    fn export(&self) -> &CoreExport {
        &self.component.plan().core_exports.items[self.export]
    }

    fn table(&self) -> CoreTable {
        match &self.export().item {
            CoreItem::Table(table) => table.clone(),
            CoreItem::Function(_) | CoreItem::Memory(_) => unreachable!("the export was found to be a table"),
        }
    }

    fn item(&self) -> Item<'_> {
        let export = self.export();
        Item {
            component: &self.component,
            name: &export.name,
            place: core_items::place(export, false),
        }
    }
}
