//! Interrupts each instruction of the kernels once, before it runs.
//!
//! The trap flag makes the processor trap after each instruction. The trap's handler does what the signal's handler
//! would do at this instruction, and clears the flag. The pause sets the flag in the flags that the routine restores.
//! When the next trap comes at the same instruction, that instruction has not run yet, and the handler lets it run.
//!
//! In the host, the test does one of two things: it steps on until it reaches the guest again, in whatever way; or it
//! interrupts the return to the guest, as the signal would.

use super::super::handler;
use super::super::target::current;
use super::*;
use futures_lite::future::yield_now;
use std::arch::asm;
use std::cell::Cell;
use std::sync::Once;

/// The trap flag.
const TRAP: i64 = 1 << 8;

/// How the test handles a host call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InHost {
    Step,
    InterruptAtReturn,
}

thread_local! {
    static IN_HOST: Cell<InHost> = const { Cell::new(InHost::Step) };
    /// The instruction that was interrupted last.
    static LAST: Cell<usize> = const { Cell::new(0) };
    static INTERRUPTIONS: Cell<u64> = const { Cell::new(0) };
    static RETURNS: Cell<u64> = const { Cell::new(0) };
}

unsafe extern "C" fn on_trap(_: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the context comes from the kernel, and if a target is set, this thread runs its guest.
    unsafe {
        let context = &mut *context.cast::<libc::ucontext_t>();
        let pc = context.uc_mcontext.gregs[libc::REG_RIP as usize] as usize;
        let Some(target) = current().as_ref() else { return };
        let is_body = target.is_body(pc);
        if is_body && LAST.replace(pc) == pc {
            LAST.set(0);
            return;
        }
        let changed = || {
            target
                .exit()
                .is_some_and(|(slot, pc)| slot.read() != pc && target.is_body(pc))
        };
        let was_changed = !is_body && changed();
        if is_body || IN_HOST.get() == InHost::InterruptAtReturn {
            handler::interrupt(context, target);
        }
        if is_body {
            INTERRUPTIONS.set(INTERRUPTIONS.get() + 1);
        }
        let changes = !is_body && !was_changed && IN_HOST.get() == InHost::InterruptAtReturn && changed();
        if changes {
            RETURNS.set(RETURNS.get() + 1);
        }
        if is_body || changes {
            context.uc_mcontext.gregs[libc::REG_EFL as usize] &= !TRAP;
        }
    }
}

fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        // SAFETY: the handler is one, and nothing else in this process handles the signal.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = (on_trap as *const ()).addr();
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            assert_eq!(
                libc::sigaction(libc::SIGTRAP, &raw const action, std::ptr::null_mut()),
                0
            );
        }
    });
}

/// Makes the routine set the trap flag when the calling guest continues.
fn step_on(target: &Target) {
    // SAFETY: the pause runs, so the record is that of the routine's call. The trampoline's frame points to the
    // routine's frame, and the saved flags are below that.
    unsafe {
        let (slot, _) = target.exit().expect("the routine has called the pause");
        let routine = slot.sub(1).read() as *mut i64;
        assert!(routine.addr().is_multiple_of(16), "Wasmtime walks aligned frames only");
        *routine.sub(1) |= TRAP;
    }
}

/// Runs a kernel with both ways to handle host calls, with and without functions that are inlined.
fn step(name: &str, argument: i32) -> u64 {
    install();
    let returns = [Inlining::Yes, Inlining::No].map(|inlining| step_compiled(inlining, name, argument));
    returns[0].min(returns[1])
}

fn step_compiled(inlining: Inlining, name: &str, argument: i32) -> u64 {
    let expected = alone_compiled(inlining, name, argument);
    assert_eq!(
        expected.result.as_ref().ok(),
        alone(name, argument).result.as_ref().ok()
    );
    let kernels = Kernels::compiled(inlining, DEFAULT_SIGNAL, |mut caller: Caller<'_, State>| {
        Box::new(async move {
            let state = caller.data_mut();
            state.pauses += 1;
            step_on(state.target.as_ref().expect("the target is set"));
            yield_now().await;
            Ok(())
        })
    });
    for in_host in [InHost::Step, InHost::InterruptAtReturn] {
        let mut guest = kernels.guest();
        IN_HOST.set(in_host);
        LAST.set(0);
        INTERRUPTIONS.set(0);
        RETURNS.set(0);
        let mut begun = false;
        let outcome = guest.run(name, argument, |poll| {
            loop {
                if !std::mem::replace(&mut begun, true) {
                    // SAFETY: the handler is installed.
                    unsafe { asm!("pushfq", "or qword ptr [rsp], 0x100", "popfq") };
                }
                let done = poll();
                // SAFETY: this clears the flag.
                unsafe { asm!("pushfq", "and qword ptr [rsp], ~0x100", "popfq") };
                if done {
                    break;
                }
            }
        });
        assert_eq!(outcome.result, expected.result, "{name}, {in_host:?}, {inlining:?}");
        assert!(outcome.memory == expected.memory, "{name}, {in_host:?}, {inlining:?}");
        assert!(INTERRUPTIONS.get() > 10, "{name}, {in_host:?}: {}", INTERRUPTIONS.get());
        let pauses = INTERRUPTIONS.get() + RETURNS.get();
        // A host call that never returns to the guest causes no pause.
        assert!(guest.store.data().pauses <= pauses, "{name}, {in_host:?}");
        assert!(guest.store.data().pauses >= INTERRUPTIONS.get(), "{name}, {in_host:?}");
    }
    RETURNS.get()
}

macro_rules! step {
    ($($name:ident($argument:literal) $(is $failure:literal)?),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                step(stringify!($name), $argument);
                $(
                    let result = alone(stringify!($name), $argument).result;
                    assert!(result.as_ref().is_err_and(|error| error.contains($failure)), "{result:?}");
                )?
            }
        )*
    };
}

step! {
    integers(20),
    floats(20),
    calls(6),
    tail_calls(9),
    exceptions(3),
    uncaught(4) is "exception",
    vectors(20),
    memory_instructions(8),
    atomics(8),
    tables(8),
    objects(4),
    overflow(0) is "call stack exhausted",
    overflow_of_large_frames(0) is "call stack exhausted",
    out_of_bounds(0) is "out of bounds memory access",
    division_by_zero(5) is "divide by zero",
    unreachable(3) is "unreachable",
    no_element(0) is "undefined element",
    error_of_the_host(3) is "the host fails",
}

#[test]
fn a_return_from_the_host_is_interrupted() {
    // One pause for each call: to the host function in `calls`, and to Wasmtime's functions for ranges.
    assert!(step("calls", 6) >= 6);
    assert!(step("memory_instructions", 8) >= 8);
}
