//! Tests of the signal in a process that also uses it for something else.

use super::super::threads::{queue, send, this_thread, unblock};
use super::*;
use crate::Unsupported;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

static INFORMED: AtomicU64 = AtomicU64::new(0);
static PLAIN: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" fn informed(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the pointer comes from the kernel.
    assert_eq!(unsafe { (*info).si_code }, libc::SI_TKILL);
    INFORMED.fetch_add(1, Ordering::SeqCst);
}

unsafe extern "C" fn plain(_: i32) {
    PLAIN.fetch_add(1, Ordering::SeqCst);
}

fn handle(signal: i32, handler: usize, flags: i32) {
    // SAFETY: the handler has the type that the flags say.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        assert_eq!(libc::sigaction(signal, &raw const action, std::ptr::null_mut()), 0);
    }
}

/// The self-test of `Kernels::new` sends a signal of its own, which these handlers must not see.
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
    handle(libc::SIGVTALRM, libc::SIG_IGN, 0);
    Kernels::new(libc::SIGVTALRM, |_| Box::new(async { Ok(()) }));
    // SAFETY: the signal is handled.
    unsafe { libc::raise(libc::SIGVTALRM) };
}

#[test]
fn a_signal_that_is_ignored_by_default_stays_without_effect() {
    let kernels = Kernels::that_interrupt_themselves(libc::SIGURG);
    // SAFETY: the signal is handled.
    unsafe { libc::raise(libc::SIGURG) };
    // The handler is still there.
    assert!(kernels.guest().pauses_in_calls() > 0);
}

/// The environment variable that makes a process raise a signal whose default action ends it.
const RAISES: &str = "WEFT_TEST_RAISES";

#[test]
fn a_signal_that_ends_a_process_by_default_ends_it() {
    if std::env::var_os(RAISES).is_some() {
        // The process may have inherited that it ignores the signal.
        handle(libc::SIGHUP, libc::SIG_DFL, 0);
        Kernels::that_count(libc::SIGHUP);
        // SAFETY: the signal is handled.
        unsafe { libc::raise(libc::SIGHUP) };
        return;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    let name = std::thread::current().name().unwrap().to_owned();
    let ended = again.args(["--exact", &name]).env(RAISES, "").output().unwrap();
    assert_eq!(ended.status.signal(), Some(libc::SIGHUP), "{ended:?}");
}

/// To its sender, such a value may mean anything.
#[test]
fn a_signal_with_another_value_is_not_ours() {
    static SEEN: AtomicU64 = AtomicU64::new(0);
    unsafe extern "C" fn see(_: i32) {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }
    let signal = libc::SIGRTMAX() - 5;
    handle(signal, (see as *const ()).addr(), 0);
    let _kernels = Kernels::that_count(signal);
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);
    queue(this_thread(), signal, 7).unwrap();
    assert_eq!(SEEN.load(Ordering::SeqCst), 1);
}

#[test]
fn a_second_engine_leaves_the_handler_as_it_is() {
    let signal = libc::SIGRTMAX() - 6;
    static SEEN: AtomicU64 = AtomicU64::new(0);
    unsafe extern "C" fn see(_: i32) {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }
    handle(signal, (see as *const ()).addr(), 0);
    for engines in 1..=3 {
        assert!(Kernels::that_interrupt_themselves(signal).guest().pauses_in_calls() > 0);
        // SAFETY: the signal is handled.
        unsafe { libc::raise(signal) };
        assert_eq!(SEEN.load(Ordering::SeqCst), engines);
    }
}

/// The previous handler may rely on that.
#[test]
fn the_signals_that_the_handler_from_before_blocks_stay_blocked() {
    static BLOCKED: AtomicU64 = AtomicU64::new(0);
    unsafe extern "C" fn look(_: i32) {
        // SAFETY: the set is one.
        unsafe {
            let mut set = std::mem::zeroed();
            libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), &raw mut set);
            BLOCKED.store(
                libc::sigismember(&raw const set, libc::SIGALRM) as u64,
                Ordering::SeqCst,
            );
        }
    }
    let signal = libc::SIGRTMAX() - 7;
    // SAFETY: the handler has the type that the flags say.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = (look as *const ()).addr();
        libc::sigaddset(&raw mut action.sa_mask, libc::SIGALRM);
        assert_eq!(libc::sigaction(signal, &raw const action, std::ptr::null_mut()), 0);
    }
    Kernels::that_count(signal);
    // SAFETY: the signal is handled.
    unsafe { libc::raise(signal) };
    assert_eq!(BLOCKED.load(Ordering::SeqCst), 1);
}

/// Whether the system says that a thread of this process sleeps and has no pending signal.
fn sleeps_undisturbed(thread: libc::pid_t) -> bool {
    let status = std::fs::read_to_string(format!("/proc/self/task/{thread}/status")).unwrap_or_default();
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    field("State:").is_some_and(|state| state.starts_with('S'))
        && field("SigPnd:").is_some_and(|pending| pending.chars().all(|digit| digit == '0'))
}

#[test]
fn a_system_call_that_waits_goes_on_after_the_signal() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let (known, thread) = std::sync::mpsc::channel();
    let reading = std::thread::spawn(move || {
        unblock(DEFAULT_SIGNAL);
        known.send(this_thread()).unwrap();
        let mut byte = [0];
        // `read_exact` would retry by itself.
        std::io::Read::read(&mut reader, &mut byte)
    });
    let thread = thread.recv().unwrap();
    let sleeps = || while !reading.is_finished() && !sleeps_undisturbed(thread) {};
    sleeps();
    send(thread, kernels.interrupter.threads.signal()).unwrap();
    sleeps();
    // Fails if the reader is gone.
    let written = std::io::Write::write(&mut writer, b"!");
    assert_eq!(reading.join().unwrap().unwrap(), 1);
    assert_eq!(written.unwrap(), 1);
}

#[test]
fn a_thread_that_has_blocked_the_signal_receives_it_when_it_runs_a_guest() {
    let kernels = Kernels::that_interrupt_themselves(libc::SIGRTMAX());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // SAFETY: the set is one.
            unsafe {
                let mut set = std::mem::zeroed();
                libc::sigfillset(&raw mut set);
                libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
            }
            assert!(kernels.guest().pauses_in_calls() > 0);
            // The self-test runs here too.
            let own = Kernels::that_interrupt_themselves(libc::SIGRTMAX() - 8);
            assert!(own.guest().pauses_in_calls() > 0);
        });
    });
}

#[test]
fn some_signals_cannot_be_used() {
    let engine = Engine::new(&Config::new()).unwrap();
    let no_signals = [i32::MIN, -1, 0, 65, i32::MAX];
    let not_caught = [libc::SIGKILL, libc::SIGSTOP];
    let of_faults = [
        libc::SIGSEGV,
        libc::SIGBUS,
        libc::SIGILL,
        libc::SIGFPE,
        libc::SIGTRAP,
        libc::SIGSYS,
        libc::SIGABRT,
    ];
    let of_the_library = 32..libc::SIGRTMIN();
    let lists = no_signals
        .into_iter()
        .chain(not_caught)
        .chain(of_faults)
        .chain(of_the_library);
    for signal in lists {
        let refused = Interrupter::new(&engine, signal, |wasm| Module::new(&engine, wasm)).err();
        assert_eq!(refused, Some(Unsupported::Signal(signal)));
    }
}
