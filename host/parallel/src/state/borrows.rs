//! The handles that calls between component instances on a thread's stack have borrowed.
//!
//! **Problem.** When a call returns, the callee must have dropped the handles that it borrowed, and from then on the
//! caller may drop the handles that it lent. Few calls lend any handle. **Here,** when a call lends its first handle,
//! the host pushes a scope on the thread's stack of scopes. The run-time module keeps the number of the innermost
//! call's scope in the global [`BORROW_SCOPE_EXPORT`], and calls the host at the end of a call only if there is a
//! scope. Handles are lent before the callee's code runs, so scopes end in reverse order.
//!
//! **Rejected:** a scope for each call (a call that lends nothing would then call the host twice; now it never does).
//!
//! [`BORROW_SCOPE_EXPORT`]: weft_lower::plan::BORROW_SCOPE_EXPORT

use crate::error::trap;
use wasmtime::{Global, StoreContextMut, Val};
use weft_abi::handles::CallBorrows;
use weft_lower::plan::ComponentInstanceIndex;

/// See the module.
#[derive(Default)]
pub(crate) struct Borrows {
    /// `None` if the instances of the component lend each other no handles.
    innermost: Option<Global>,
    calls: Vec<Call>,
}

/// A call that has borrowed something.
pub(crate) struct Call {
    pub(crate) lender: ComponentInstanceIndex,
    pub(crate) borrows: CallBorrows,
}

/// The data of a store whose thread borrows.
pub(crate) trait HasBorrows: 'static {
    fn borrows(&mut self) -> &mut Borrows;
}

impl Borrows {
    /// The borrows of a store. `innermost` is the global that the run-time module exports as [`BORROW_SCOPE_EXPORT`].
    pub(crate) fn new(innermost: Option<Global>) -> Self {
        Borrows {
            innermost,
            calls: Vec::new(),
        }
    }

    /// The innermost call that has borrowed something.
    pub(crate) fn innermost(&mut self) -> Option<&mut Call> {
        self.calls.last_mut()
    }
}

/// Makes a scope for the innermost call, whose caller is `lender`, unless the call has one.
pub(crate) fn begin<D: HasBorrows>(
    store: &mut StoreContextMut<'_, D>,
    lender: ComponentInstanceIndex,
) -> wasmtime::Result<()> {
    let global = global(store)?;
    if number(store, global)? != 0 {
        return Ok(());
    }
    let calls = &mut store.data_mut().borrows().calls;
    let borrows = CallBorrows::default();
    calls.push(Call { lender, borrows });
    let scopes = i32::try_from(calls.len())?;
    global.set(store, Val::I32(scopes))
}

/// Ends the scope of the innermost call, which must have one.
pub(crate) fn end<D: HasBorrows>(store: &mut StoreContextMut<'_, D>) -> wasmtime::Result<Call> {
    let global = global(store)?;
    let innermost = number(store, global)?;
    let calls = &mut store.data_mut().borrows().calls;
    let scopes = calls.len();
    match calls.pop() {
        Some(call) if i32::try_from(scopes) == Ok(innermost) => Ok(call),
        Some(_) | None => Err(trap("a call ends that is not the innermost one")),
    }
}

fn global<D: HasBorrows>(store: &mut StoreContextMut<'_, D>) -> wasmtime::Result<Global> {
    let global = store.data_mut().borrows().innermost;
    global.ok_or_else(|| trap("the run-time module keeps no scopes"))
}

fn number<D: HasBorrows>(store: &mut StoreContextMut<'_, D>, global: Global) -> wasmtime::Result<i32> {
    let number = global.get(store).i32();
    number.ok_or_else(|| trap("the number of a scope is no `i32`"))
}
