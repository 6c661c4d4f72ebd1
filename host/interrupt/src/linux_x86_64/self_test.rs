//! Tests whether interruption works here, once per process and signal.
//!
//! A function of a small module calls the pause like any host function. That first pause sends the signal to its own
//! thread, and the system delivers it at once, in the host. So the handler changes the address to which the pause
//! returns, and the routine calls the pause a second time and returns to the guest. The second pause must see the same
//! store, and the call must end as if there had been no signal.
//!
//! Before that, the test compares what it reads from Wasmtime's structures with what is known about the module. So an
//! unexpected layout is an error, and not a jump to a wrong address.

use super::pause::{Pause, callable};
use super::target::{Bodies, Callable, Target, text};
use super::threads::{Threads, send, this_thread, unblock};
use crate::Unsupported;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use wasmtime::{Caller, Engine, Func, Module, Store};

/// The module of the test:
///
/// ```wat
/// (module
///   (import "weft" "pause" (func $pause))
///   (func (export "o") (call $pause)))
/// ```
const MODULE: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x04\x01\x60\0\0\
    \x02\x0e\x01\x04weft\x05pause\0\0\
    \x03\x02\x01\0\
    \x07\x05\x01\x01o\0\x01\
    \x0a\x06\x01\x04\0\x10\0\x0b";
const OWN: &str = "o";

/// The store's state in the test, with what the pauses saw.
#[derive(Default)]
struct Seen {
    pauses: u32,
    refusal: Option<std::io::Error>,
}

/// The signals whose test has succeeded.
static TESTED: Mutex<Vec<i32>> = Mutex::new(Vec::new());

pub(super) fn run(
    engine: &Engine,
    threads: &Arc<Threads>,
    compile: impl FnOnce(&[u8]) -> wasmtime::Result<Module>,
) -> Result<(), Unsupported> {
    let signal = threads.signal();
    let mut tested = TESTED.lock().unwrap_or_else(PoisonError::into_inner);
    if tested.contains(&signal) {
        return Ok(());
    }
    unblock(signal);
    let module = compile(MODULE).map_err(|error| failed(format!("{error:#}")))?;
    let mut test = pin!(test(engine, threads, &module));
    // The test's pauses do not wait.
    match test.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(())) => {}
        Poll::Ready(Err(error)) => return Err(failed(format!("{error:#}"))),
        Poll::Pending => return Err(failed("a call does not return".to_owned())),
    }
    tested.push(signal);
    Ok(())
}

fn failed(message: String) -> Unsupported {
    Unsupported::SelfTest(message)
}

async fn test(engine: &Engine, threads: &Arc<Threads>, module: &Module) -> wasmtime::Result<()> {
    let signal = threads.signal();
    let pause = Pause::new(engine, threads, move |mut caller: Caller<'_, Seen>| {
        Box::new(async move {
            let seen = caller.data_mut();
            seen.pauses += 1;
            if seen.pauses == 1 {
                seen.refusal = send(this_thread(), signal).err();
            }
            Ok(())
        })
    })?;
    let mut store = Store::new(engine, Seen::default());
    let bodies = Bodies::of_module(module);
    let instance = pause.linker.instantiate_async(&mut store, module).await?;
    let own = instance.get_func(&mut store, OWN);
    let own = own.ok_or_else(|| wasmtime::Error::msg("the module lacks its export"))?;
    let target = pause.target(&mut store, &bodies, own, 1)?;
    check_layout(module, &target, own, &mut store)?;
    let own = own.typed::<(), ()>(&store)?;
    target.interruptible(own.call_async(&mut store, ())).await?;
    let seen = store.data_mut();
    match (seen.refusal.take(), seen.pauses) {
        (Some(error), _) => Err(wasmtime::Error::msg(format!("the signal cannot be sent: {error}"))),
        (None, 2) => Ok(()),
        (None, pauses) => Err(wasmtime::Error::msg(format!(
            "the guest paused {pauses} times and not twice"
        ))),
    }
}

/// Compares what was read from function references with known values.
fn check_layout(module: &Module, target: &Target, own: Func, store: &mut Store<Seen>) -> wasmtime::Result<()> {
    let own: Callable = callable(own, &mut *store);
    let text = text(module);
    let body = module.functions().next().map(|f| text.start + f.offset);
    let is_as_expected = Some(own.code) == body
        // The trampoline is compiled code, but not the function's body.
        && text.contains(&target.code)
        && !target.is_body(target.code)
        && target.callee != target.caller
        && target.caller == own.context;
    match is_as_expected {
        true => Ok(()),
        false => Err(wasmtime::Error::msg("a function reference is not laid out as expected")),
    }
}
