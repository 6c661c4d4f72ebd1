//! Passes component values between a store and the host.
//!
//! [`weft_abi`] lifts and lowers values without an engine. This module gives it the memory of a store, and calls the
//! guest's `realloc` when it asks for memory. `realloc` is guest code: it can suspend the fiber, and other threads may
//! grow the memory meanwhile.

pub(crate) mod core;
pub(crate) mod guest;
pub(crate) mod memory;

use crate::limits;
use crate::state::resources::PassedHandles;
use crate::state::store_options::{StoreMemory, StoreOptions};
use crate::state::thread::Thread;
use guest::{PlainGuest, StoreGuest, reallocate};
use memory::{StoreMemoryView, view};
use std::sync::Arc;
use wasmtime::StoreContextMut;
use weft_abi::typed::{FlatParams, Lowerer, now};
use weft_abi::{
    Account, Budget, ComponentNamedList, FuncType, Lift, Lifter, Lower, Lowering, NoHandles, Options, Step, Types, Val,
};

/// A lifted value, with its charge against the program's memory limit.
pub(crate) struct Charged<R> {
    pub(crate) value: R,
    budget: Budget,
}

impl<R> Charged<R> {
    /// Splits this into the value and the charge, which lasts until it is dropped.
    pub(crate) fn split(self) -> (R, Budget) {
        (self.value, self.budget)
    }
}

impl Account for limits::budget::Budget {
    fn take(&self, bytes: usize) -> bool {
        limits::budget::Budget::take(self, bytes as u64).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        limits::budget::Budget::give_back(self, bytes as u64);
    }
}

/// Converts a trap. If the program's memory limit is the reason, the error names the option that raises it.
fn named(account: &limits::budget::Budget, trap: weft_abi::Trap) -> wasmtime::Error {
    match trap {
        weft_abi::Trap::Account(bytes) => wasmtime::Error::new(account.over(bytes as u64)),
        trap => trap.into(),
    }
}

/// The function whose values are passed, and the options for passing them.
#[derive(Clone, Copy)]
pub(crate) struct Signature<'a> {
    pub(crate) types: &'a Types,
    pub(crate) func: &'a FuncType,
    pub(crate) options: Options,
}

impl<'a> Signature<'a> {
    /// Lifts the arguments of a call by the guest.
    pub(crate) fn lift_params<T: 'static>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        flat: &[u64],
        handles: &mut PassedHandles<'_>,
    ) -> wasmtime::Result<Charged<Vec<Val>>> {
        self.lift(store, items, handles, true, |lifter, func| lifter.params(func, flat))
    }

    /// Lifts the result of a call by the host.
    pub(crate) fn lift_result<T: 'static>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        flat: &[u64],
        handles: &mut PassedHandles<'_>,
    ) -> wasmtime::Result<Option<Val>> {
        let lifted = self.lift(store, items, handles, true, |lifter, func| lifter.result(func, flat))?;
        Ok(lifted.value)
    }

    fn lift<'h, T: 'static, R>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        handles: &mut PassedHandles<'h>,
        allocates: bool,
        lift: impl FnOnce(&mut Lifter<'_, StoreMemoryView<'_>, PassedHandles<'h>>, &FuncType) -> Result<R, weft_abi::Trap>,
    ) -> wasmtime::Result<Charged<R>> {
        let account = &store.data().instance.budget;
        let mut budget = match allocates {
            // All threads count the references to the account.
            false => Budget::uncharged(),
            true => Budget::charged_to(Arc::clone(account) as Arc<dyn Account>),
        };
        let value = memory::with(store, items, |memory| {
            let mut lifter = Lifter {
                types: self.types,
                options: self.options,
                memory,
                handles,
                budget: &mut budget,
            };
            Ok(lift(&mut lifter, self.func))
        })?;
        let value = value.map_err(|trap| named(&store.data().instance.budget, trap))?;
        Ok(Charged { value, budget })
    }

    /// Lifts the arguments of a call by the guest, as Rust values without handles. `budget` is uncharged. The values are charged until
    /// it is dropped.
    #[inline]
    pub(crate) fn lift_plain_params<T: 'static, P: ComponentNamedList + Lift>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        memory: Option<StoreMemory>,
        flat: &[u64],
        budget: &mut Budget,
    ) -> wasmtime::Result<P> {
        // Most calls pass little. They do without the account, since all threads count the references to it.
        match self.lift_plain(&view(store, memory), budget, flat) {
            Ok(params) => Ok(params),
            Err(weft_abi::Trap::Budget(_)) => self.lift_charged(store, memory, flat, budget),
            Err(trap) => Err(trap.into()),
        }
    }

    #[cold]
    fn lift_charged<T: 'static, P: ComponentNamedList + Lift>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        memory: Option<StoreMemory>,
        flat: &[u64],
        budget: &mut Budget,
    ) -> wasmtime::Result<P> {
        let account = Arc::clone(&store.data().instance.budget);
        *budget = Budget::charged_to(Arc::clone(&account) as Arc<dyn Account>);
        let lifted = self.lift_plain(&view(store, memory), budget, flat);
        lifted.map_err(|trap| named(&account, trap))
    }

    #[inline]
    fn lift_plain<P: ComponentNamedList + Lift>(
        self,
        memory: &StoreMemoryView<'_>,
        budget: &mut Budget,
        flat: &[u64],
    ) -> Result<P, weft_abi::Trap> {
        let mut lifter = Lifter {
            types: self.types,
            options: self.options,
            memory,
            handles: &mut NoHandles,
            budget,
        };
        lifter.typed_params(self.func, flat)
    }

    /// Lowers the result of a call by the guest, which passed `flat`. The result is a Rust value without handles.
    #[inline]
    pub(crate) fn lower_plain_result<P: ComponentNamedList, R: ComponentNamedList + Lower>(
        self,
        guest: PlainGuest<'_>,
        result: &R,
        flat: &[u64],
    ) -> wasmtime::Result<u64> {
        let mut lowerer = Lowerer::new(self.types, self.options, guest);
        Ok(now(lowerer.result::<P, R>(self.func, result, flat))?)
    }

    /// Lifts the arguments of a call by the guest, as Rust values.
    pub(crate) fn lift_typed_params<T: 'static, P: ComponentNamedList + Lift>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        flat: &[u64],
        handles: &mut PassedHandles<'_>,
    ) -> wasmtime::Result<Charged<P>> {
        let allocates = const { P::FORM.pointers || !P::FORM.is_flat_params() };
        self.lift(store, items, handles, allocates, |lifter, func| {
            lifter.typed_params(func, flat)
        })
    }

    /// Lifts the result of a call by the host, as a Rust value.
    pub(crate) fn lift_typed_result<T: 'static, R: ComponentNamedList + Lift>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        flat: &[u64],
        handles: &mut PassedHandles<'_>,
    ) -> wasmtime::Result<R> {
        let allocates = const { R::FORM.pointers || !R::FORM.is_flat_result() };
        let lifted = self.lift(store, items, handles, allocates, |lifter, func| {
            lifter.typed_result(func, flat)
        })?;
        Ok(lifted.value)
    }

    /// Lowers the arguments of a call by the host.
    pub(crate) async fn lower_typed_params<T: Send + Sync + 'static, P: ComponentNamedList + Lower>(
        self,
        guest: StoreGuest<'_, '_, '_, T>,
        params: &P,
    ) -> wasmtime::Result<FlatParams> {
        Lowerer::new(self.types, self.options, guest)
            .params(self.func, params)
            .await
    }

    /// Lowers the result of a call by the guest, which passed `flat`.
    #[inline]
    pub(crate) async fn lower_typed_result<T, P, R>(
        self,
        guest: StoreGuest<'_, '_, '_, T>,
        result: &R,
        flat: &[u64],
    ) -> wasmtime::Result<u64>
    where
        T: Send + Sync + 'static,
        P: ComponentNamedList,
        R: ComponentNamedList + Lower,
    {
        let mut lowerer = Lowerer::new(self.types, self.options, guest);
        lowerer.result::<P, R>(self.func, result, flat).await
    }

    /// Begins to lower the arguments of a call by the host.
    pub(crate) fn lower_params(self, arguments: &'a [Val]) -> wasmtime::Result<Lowering<'a>> {
        Ok(Lowering::params(self.types, self.options, self.func, arguments)?)
    }

    /// Begins to lower the result of a call by the guest, which passed `flat`.
    pub(crate) fn lower_result<T: 'static>(
        self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        items: &StoreOptions,
        result: Option<&'a Val>,
        flat: &[u64],
    ) -> wasmtime::Result<Lowering<'a>> {
        memory::with(store, items, |memory| {
            let lowering = Lowering::result(self.types, self.options, self.func, result, flat, memory);
            Ok(lowering?)
        })
    }
}

/// Lowers until the guest must allocate memory.
pub(crate) fn step<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    items: &StoreOptions,
    lowering: &mut Lowering<'_>,
    handles: &mut PassedHandles<'_>,
) -> wasmtime::Result<Step> {
    memory::with(store, items, |memory| Ok(lowering.step(memory, handles)?))
}

/// Lowers to the end.
pub(crate) async fn lower<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    items: &StoreOptions,
    lowering: &mut Lowering<'_>,
    handles: &mut PassedHandles<'_>,
) -> wasmtime::Result<()> {
    while let Step::Realloc(call) = step(store, items, lowering, handles)? {
        lowering.allocated(reallocate(store, items, call).await?);
    }
    Ok(())
}
