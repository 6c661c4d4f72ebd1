//! Tests of threads that run more than one guest, or none.

use super::super::handler;
use super::super::target::current;
use super::super::threads::engines_of_this_thread;
use super::*;
use std::sync::Mutex;
use wasmtime::Func;

/// Runs a guest whose host function runs another guest to its end on the same thread, and then interrupts the outer
/// guest. Returns how often that paused.
fn pauses_around(outer: Kernels, inner: Guest) -> u64 {
    let inner = Mutex::new(inner);
    let interrupter = outer.interrupter.clone();
    let outer = outer.with_double(move || {
        inner.lock().unwrap().run("integers", 10, |poll| while !poll() {});
        interrupter.interrupt(|group| group == 1);
    });
    outer.guest().pauses_in_calls()
}

#[test]
fn a_guest_is_interrupted_after_another_of_its_engine_has_run_within_it() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    let inner = kernels.guest_of(2);
    assert!(pauses_around(kernels, inner) > 0);
}

#[test]
fn a_guest_is_interrupted_after_one_of_another_engine_has_run_within_it() {
    let inner = Kernels::that_count(DEFAULT_SIGNAL).guest();
    assert!(pauses_around(Kernels::that_count(DEFAULT_SIGNAL), inner) > 0);
}

#[test]
fn a_thread_can_be_interrupted_for_each_engine_whose_guests_it_runs_in_turn() {
    let engines = [(); 2].map(|()| Kernels::that_interrupt_themselves(DEFAULT_SIGNAL));
    for kernels in engines.iter().chain(&engines) {
        assert!(kernels.guest().pauses_in_calls() > 0);
        assert_eq!(kernels.interrupter.threads.known(), 1);
    }
}

#[test]
fn a_thread_forgets_engines_that_are_gone() {
    for _ in 0..3 {
        let kernels = Kernels::that_interrupt_themselves(DEFAULT_SIGNAL);
        assert!(kernels.guest().pauses_in_calls() > 0);
        // This one, and that of the kernels that run alone to be compared with.
        assert!(engines_of_this_thread() <= 2);
    }
}

#[test]
fn a_thread_that_runs_no_guest_is_left_alone() {
    let kernels = Kernels::that_interrupt_themselves(DEFAULT_SIGNAL);
    assert!(kernels.guest().pauses_in_calls() > 0);
    kernels.interrupter.interrupt(|group| panic!("group {group} runs"));
    assert!(current().is_null());
}

#[test]
fn a_thread_that_has_ended_is_forgotten() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            kernels.guest().pauses_in_calls();
            assert_eq!(kernels.interrupter.threads.known(), 1);
        });
        // The scope alone would wait only for the closure to end.
        thread.join().unwrap();
    });
    assert_eq!(kernels.interrupter.threads.known(), 0);
}

#[test]
fn bodies_reach_from_their_first_byte_to_their_last() {
    let Kernels { module, bodies, .. } = Kernels::that_count(DEFAULT_SIGNAL);
    for function in module.functions() {
        let start = bodies.text().start + function.offset;
        assert!(bodies.contain(start));
        assert!(bodies.contain(start + function.len - 1));
    }
    let last = module.functions().map(|function| function.offset + function.len).max();
    assert!(!bodies.contain(bodies.text().start + last.unwrap()));
}

/// A thread in the host, with this stack pointer.
fn in_the_host(stack_pointer: usize) -> libc::ucontext_t {
    // SAFETY: zero is a value of the structure.
    let mut context: libc::ucontext_t = unsafe { std::mem::zeroed() };
    context.uc_mcontext.gregs[libc::REG_RIP as usize] = (in_the_host as *const ()).addr() as i64;
    context.uc_mcontext.gregs[libc::REG_RSP as usize] = stack_pointer as i64;
    context
}

/// What the record of a call of the host says may be out of date, or of another stack.
#[test]
fn only_what_is_sure_to_be_the_return_to_a_guest_is_changed() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL).with_double(|| {
        // SAFETY: a guest calls this, so that it has a target and a record. All that is changed is put back.
        unsafe {
            let target = &*current();
            let (slot, pc) = target.exit().unwrap();
            let record = target.exit_pc.cast_mut();
            assert_eq!((slot.read(), record.read()), (pc, pc));
            let is_changed = |stack_pointer: usize| {
                let before = slot.read();
                assert!(!handler::interrupt(&mut in_the_host(stack_pointer), target));
                std::mem::replace(&mut *slot, before) != before
            };
            let below = slot.addr() - 1000;
            assert!(is_changed(below));
            assert!(!is_changed(slot.addr() + 8), "a stack above");
            assert!(!is_changed(slot.addr() - (2 << 20)), "a stack far below");
            slot.write(pc + 1);
            assert!(!is_changed(below), "another return");
            let no_body = (in_the_host as *const ()).addr();
            slot.write(no_body);
            record.write(no_body);
            assert!(!is_changed(below), "a return to no body");
            slot.write(pc);
            record.write(pc);
        }
    });
    assert_eq!(kernels.guest().pauses_in_calls(), 0);
}

#[test]
fn a_function_that_the_guest_does_not_define_cannot_call_the_pause() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    let Guest { mut store, .. } = kernels.guest();
    let foreign = Func::wrap(&mut store, || ());
    assert!(kernels.pause.target(&mut store, &kernels.bodies, foreign, 1).is_err());
}

/// The check is made once for each function: see [`Bodies`].
#[test]
fn a_function_with_parameters_cannot_call_the_pause_even_after_another_could() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    for _ in 0..2 {
        let Guest {
            mut store, instance, ..
        } = kernels.guest();
        let other = instance.get_func(&mut store, "integers").unwrap();
        assert!(kernels.pause.target(&mut store, &kernels.bodies, other, 1).is_err());
    }
}
