//! The signal handler.
//!
//! The handler runs on the alternate stack that Wasmtime gives each thread that runs guests. It calls only functions
//! that a signal handler may call, allocates nothing, and takes no lock.

use super::routine::{self, RED_ZONE};
use super::target::{Target, current};
use super::threads::is_ours;
use crate::Unsupported;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far below a guest's frame the host may be on the same stack: the least size of the host's part of a fiber's
/// stack. Other stacks are farther away, because such a part and a guard page lie between.
const HOST_STACK: usize = 1 << 20;

/// One more than the greatest signal number.
const SIGNALS: usize = 65;

/// The previous action of each signal for which [`install`] has installed the handler.
static PREVIOUS: [AtomicPtr<libc::sigaction>; SIGNALS] = [const { AtomicPtr::new(ptr::null_mut()) }; SIGNALS];

/// Installs the handler for a signal, once per process.
pub(super) fn install(signal: i32) -> Result<(), Unsupported> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let previous = usize::try_from(signal).ok().and_then(|signal| PREVIOUS.get(signal));
    let previous = previous.ok_or(Unsupported::Signal(signal))?;
    if signal == 0 || is_unfit(signal) {
        return Err(Unsupported::Signal(signal));
    }
    let _installing = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if !previous.load(Ordering::Acquire).is_null() {
        return Ok(());
    }
    // SAFETY: zero is a valid value of the structure, and the calls get valid structures. The one with the previous
    // action is never freed, and is published before the handler is installed.
    unsafe {
        let old: &mut libc::sigaction = Box::leak(Box::new(std::mem::zeroed()));
        if libc::sigaction(signal, ptr::null(), old) != 0 {
            return Err(refused(signal));
        }
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = (on_signal as *const ()).addr();
        action.sa_mask = old.sa_mask;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        previous.store(old, Ordering::Release);
        if libc::sigaction(signal, &raw const action, ptr::null_mut()) != 0 {
            let error = refused(signal);
            previous.store(ptr::null_mut(), Ordering::Release);
            return Err(error);
        }
    }
    Ok(())
}

/// Whether a signal cannot be used: it cannot be caught, reports a thread's own fault, or is reserved by the C library.
fn is_unfit(signal: i32) -> bool {
    let own = [
        libc::SIGKILL,
        libc::SIGSTOP,
        libc::SIGSEGV,
        libc::SIGBUS,
        libc::SIGILL,
        libc::SIGFPE,
        libc::SIGTRAP,
        libc::SIGSYS,
        libc::SIGABRT,
    ];
    own.contains(&signal) || (32..libc::SIGRTMIN()).contains(&signal)
}

pub(super) fn refused(signal: i32) -> Unsupported {
    Unsupported::System {
        signal,
        message: std::io::Error::last_os_error().to_string(),
    }
}

unsafe extern "C" fn on_signal(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the pointers come from the kernel.
    unsafe {
        if !is_ours(info) {
            pass_on(signal, info, context);
            return;
        }
        if let Some(target) = current().as_ref() {
            interrupt(&mut *context.cast(), target);
        }
    }
}

/// Makes the interrupted thread call the pause, now or when the host returns to the guest. Returns whether it is now.
///
/// # Safety
///
/// `context` must be that of the calling thread, which runs the guest of `target`.
pub(super) unsafe fn interrupt(context: &mut libc::ucontext_t, target: &Target) -> bool {
    let registers = &mut context.uc_mcontext.gregs;
    let pc = registers[libc::REG_RIP as usize] as usize;
    let sp = registers[libc::REG_RSP as usize] as usize;
    if target.is_body(pc) {
        let (entry, skipped) = match sp.is_multiple_of(16) {
            true => (routine::interrupted as *const (), RED_ZONE),
            false => (routine::interrupted_in_prologue as *const (), RED_ZONE + 8),
        };
        let slot = sp - skipped - size_of::<usize>();
        // SAFETY: in a body, the stack pointer points into a fiber's stack, with the host's part of the stack below.
        unsafe { ptr::with_exposed_provenance_mut::<usize>(slot).write(pc) };
        registers[libc::REG_RSP as usize] = slot as i64;
        registers[libc::REG_RIP as usize] = entry.addr() as i64;
        return true;
    }
    // While a trampoline runs, Wasmtime may not have recorded the return address yet, and would then record the changed
    // one.
    if !target.is_compiled(pc) {
        // SAFETY: guaranteed by the caller.
        unsafe { interrupt_at_return(target, sp) };
    }
    false
}

/// If the guest is in a call to the host, changes the address to which the host returns.
///
/// # Safety
///
/// The calling thread must run the guest of `target`, with this stack pointer.
unsafe fn interrupt_at_return(target: &Target, sp: usize) {
    // SAFETY: guaranteed by the caller.
    let Some((slot, pc)) = (unsafe { target.exit() }) else {
        return;
    };
    let is_on_this_stack = slot.addr() > sp && slot.addr() - sp <= HOST_STACK;
    if !is_on_this_stack || !target.is_body(pc) {
        return;
    }
    // SAFETY: the stack is mapped between the stack pointer and the slot, and belongs to this thread. If the slot has
    // another value, the trampoline has returned, or its return address is already changed.
    unsafe {
        if slot.read_volatile() == pc {
            slot.write_volatile((routine::returned as *const ()).addr());
        }
    }
}

/// Handles a signal that somebody else sent, as it would have been handled without this handler.
///
/// # Safety
///
/// The arguments must be those of a signal handler.
unsafe fn pass_on(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let previous = PREVIOUS
        .get(signal as usize)
        .map(|previous| previous.load(Ordering::Acquire));
    // SAFETY: `install` stored the pointer before it installed the handler.
    let Some(previous) = (unsafe { previous.and_then(|previous| previous.as_ref()) }) else {
        return;
    };
    match previous.sa_sigaction {
        libc::SIG_IGN => {}
        libc::SIG_DFL if is_ignored_by_default(signal) => {}
        // SAFETY: restores the default action, which was the previous one. The signal is blocked until this handler
        // returns.
        libc::SIG_DFL => unsafe {
            libc::sigaction(signal, previous, ptr::null_mut());
            libc::raise(signal);
        },
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: the flag says that the handler is a function of this type.
            let handler = unsafe {
                std::mem::transmute::<usize, unsafe extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void)>(
                    handler,
                )
            };
            // SAFETY: passes on the kernel's arguments.
            unsafe { handler(signal, info, context) };
        }
        handler => {
            // SAFETY: without the flag, the handler is a function of this type.
            let handler = unsafe { std::mem::transmute::<usize, unsafe extern "C" fn(i32)>(handler) };
            // SAFETY: see above.
            unsafe { handler(signal) };
        }
    }
}

fn is_ignored_by_default(signal: i32) -> bool {
    [libc::SIGURG, libc::SIGCHLD, libc::SIGWINCH, libc::SIGCONT].contains(&signal)
}
