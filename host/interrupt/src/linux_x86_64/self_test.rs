//! Whether interrupting works here: once in the process for each signal.
//!
//! The support module's own function calls the pause the ordinary way. That first pause sends the signal to its own thread, which is
//! delivered at once, in the host. So the handler changes the address to which the pause returns, the routine calls the
//! pause a second time, and goes back. The second pause is to see the same store, and the call is to end as if nothing had been.
//!
//! Before that, what is read of Wasmtime's structures is compared with what is known of the module, so that an unexpected layout is
//! an error and no jump to nowhere.

use super::Interrupter;
use super::support::{OWN, callable, text};
use super::target::{Bodies, Callable, Target};
use super::threads::{send, this_thread, unblock};
use crate::Unsupported;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use wasmtime::{Caller, Instance, Module, Store};

/// What the pauses of the test see.
#[derive(Default)]
struct Seen {
    pauses: u32,
    refusal: Option<std::io::Error>,
}

/// The signals whose test has succeeded.
static TESTED: Mutex<Vec<i32>> = Mutex::new(Vec::new());

pub(super) fn run(interrupter: &Interrupter) -> Result<(), Unsupported> {
    let signal = interrupter.threads.signal();
    let mut tested = TESTED.lock().unwrap_or_else(PoisonError::into_inner);
    if tested.contains(&signal) {
        return Ok(());
    }
    unblock(signal);
    let mut test = pin!(test(interrupter, signal));
    // The pauses of the test do not wait.
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

async fn test(interrupter: &Interrupter, signal: i32) -> wasmtime::Result<()> {
    let pause = interrupter.pause(move |mut caller: Caller<'_, Seen>| {
        Box::new(async move {
            let seen = caller.data_mut();
            seen.pauses += 1;
            if seen.pauses == 1 {
                seen.refusal = send(this_thread(), signal).err();
            }
            Ok(())
        })
    })?;
    let mut store = Store::new(&interrupter.engine, Seen::default());
    let bodies = Bodies::of_module(&interrupter.support);
    let (target, instance) = pause.target_and_instance(&mut store, &bodies, 1).await?;
    check_layout(&interrupter.support, &target, &instance, &mut store)?;
    let own = instance.get_typed_func::<(), ()>(&mut store, OWN)?;
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

/// Compares what was read of function references with what is known.
fn check_layout(
    support: &Module,
    target: &Target,
    instance: &Instance,
    store: &mut Store<Seen>,
) -> wasmtime::Result<()> {
    let own: Callable = callable(instance, &mut *store, OWN)?;
    let text = text(support);
    let body = support.functions().next().map(|f| text.start + f.offset);
    let is_as_expected = Some(own.code) == body
        // The trampoline is compiled code, and not the body.
        && text.contains(&target.code)
        && !target.is_body(target.code)
        && target.callee != target.caller
        && target.caller == own.context;
    match is_as_expected {
        true => Ok(()),
        false => Err(wasmtime::Error::msg("a function reference is not laid out as expected")),
    }
}
