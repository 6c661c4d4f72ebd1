//! The signal in a process that has its own uses for it.

use super::*;
use crate::Unsupported;
use std::sync::atomic::{AtomicU64, Ordering};

static INFORMED: AtomicU64 = AtomicU64::new(0);
static PLAIN: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" fn informed(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel gives it.
    assert_eq!(unsafe { (*info).si_code }, libc::SI_TKILL);
    INFORMED.fetch_add(1, Ordering::SeqCst);
}

unsafe extern "C" fn plain(_: i32) {
    PLAIN.fetch_add(1, Ordering::SeqCst);
}

fn handle(signal: i32, handler: usize, flags: i32) {
    // SAFETY: the handler is of the kind that the flags say.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        assert_eq!(libc::sigaction(signal, &raw const action, std::ptr::null_mut()), 0);
    }
}

/// The self-test of `Kernels::new` sends our own, which the handlers must not see.
#[test]
fn signals_of_others_go_to_the_handler_that_was_there_before() {
    for (signal, handler, flags, count) in [
        (
            libc::SIGUSR1,
            (informed as *const ()).addr(),
            libc::SA_SIGINFO,
            &INFORMED,
        ),
        (libc::SIGUSR2, (plain as *const ()).addr(), 0, &PLAIN),
    ] {
        handle(signal, handler, flags);
        let kernels = Kernels::new(signal, |_| Box::new(async { Ok(()) }));
        assert_eq!(count.load(Ordering::SeqCst), 0);
        // SAFETY: the signal is handled.
        unsafe { libc::raise(signal) };
        assert_eq!(count.load(Ordering::SeqCst), 1);
        kernels.interrupter.interrupt(|_| true);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn a_signal_that_was_ignored_stays_without_effect() {
    handle(libc::SIGWINCH, libc::SIG_IGN, 0);
    Kernels::new(libc::SIGWINCH, |_| Box::new(async { Ok(()) }));
    // SAFETY: the signal is handled.
    unsafe { libc::raise(libc::SIGWINCH) };
}

#[test]
fn a_thread_that_has_blocked_the_signal_receives_it_when_it_runs_a_guest() {
    std::thread::spawn(|| {
        // SAFETY: the set is one.
        unsafe {
            let mut set = std::mem::zeroed();
            libc::sigfillset(&raw mut set);
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        }
        let kernels = Kernels::new(libc::SIGRTMAX(), |_| Box::new(async { Ok(()) }));
        kernels.guest().run("integers", 10, |poll| while !poll() {});
    })
    .join()
    .unwrap();
}

#[test]
fn some_signals_cannot_be_used() {
    let engine = Engine::new(&Config::new()).unwrap();
    for signal in [-1, 0, 65, libc::SIGKILL, libc::SIGSEGV, libc::SIGTRAP, 33] {
        let refused = Interrupter::new(&engine, signal, |wasm| Module::new(&engine, wasm)).err();
        assert_eq!(refused, Some(Unsupported::Signal(signal)));
    }
}
