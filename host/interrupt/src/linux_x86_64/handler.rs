//! The handler of the signal.
//!
//! It runs on the alternate stack that Wasmtime gives each thread that runs guests. It calls nothing, allocates nothing, and takes no
//! lock.

use super::routine::{self, RED_ZONE};
use super::target::{Target, current};
use super::threads::is_ours;
use crate::Unsupported;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far below a frame of the guest's the host may be on the same stack: what a fiber's stack has for the host at least. Other
/// stacks are farther away, because such a part and a guard page lie between.
const HOST_STACK: usize = 1 << 20;

/// One more than the greatest number of a signal.
const SIGNALS: usize = 65;

/// The action of each signal before [`install`], where it has installed the handler.
static PREVIOUS: [AtomicPtr<libc::sigaction>; SIGNALS] = [const { AtomicPtr::new(ptr::null_mut()) }; SIGNALS];

/// Installs the handler for a signal, once in the process.
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
    // SAFETY: zero is a value of the structure, and the calls are given structures. The one with what was before lives for ever, and
    // the handler can read it before the handler is installed.
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

/// Signals that cannot be caught, that a thread gets for what it does itself, or that the C library keeps for itself.
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
    // SAFETY: the kernel gives the pointers.
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

/// Has the interrupted thread call the pause, now or when the host returns to the guest. Says whether it does it now.
///
/// # Safety
///
/// The context is that of the calling thread, which runs the guest of the target.
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
        // SAFETY: in a body the stack pointer is that of a fiber's stack, below which the host's part lies.
        unsafe { ptr::with_exposed_provenance_mut::<usize>(slot).write(pc) };
        registers[libc::REG_RSP as usize] = slot as i64;
        registers[libc::REG_RIP as usize] = entry.addr() as i64;
        return true;
    }
    // While a trampoline runs, Wasmtime may not have recorded the return yet: then it would read the changed address.
    if !target.is_compiled(pc) {
        // SAFETY: as the caller says.
        unsafe { interrupt_at_return(target, sp) };
    }
    false
}

/// Changes the address to which the host returns in the guest, if the thread is in a call of the host by the guest.
///
/// # Safety
///
/// The calling thread runs the guest of the target, with this stack pointer.
unsafe fn interrupt_at_return(target: &Target, sp: usize) {
    // SAFETY: as the caller says.
    let Some((slot, pc)) = (unsafe { target.exit() }) else {
        return;
    };
    let is_on_this_stack = slot.addr() > sp && slot.addr() - sp <= HOST_STACK;
    if !is_on_this_stack || !target.is_body(pc) {
        return;
    }
    // SAFETY: between the stack pointer and the host's end of this stack all is mapped, and belongs to this thread. If the
    // slot has another value, the trampoline has returned, or its return is changed already.
    unsafe {
        if slot.read_volatile() == pc {
            slot.write_volatile((routine::returned as *const ()).addr());
        }
    }
}

/// Does with a signal of someone else's what would have been done without this handler.
///
/// # Safety
///
/// The arguments are those of a handler.
unsafe fn pass_on(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let previous = PREVIOUS
        .get(signal as usize)
        .map(|previous| previous.load(Ordering::Acquire));
    // SAFETY: `install` has put it there before it installed the handler.
    let Some(previous) = (unsafe { previous.and_then(|previous| previous.as_ref()) }) else {
        return;
    };
    match previous.sa_sigaction {
        libc::SIG_IGN => {}
        libc::SIG_DFL if is_ignored_by_default(signal) => {}
        // SAFETY: the default action is what there was. The signal is blocked until this handler returns.
        libc::SIG_DFL => unsafe {
            libc::sigaction(signal, previous, ptr::null_mut());
            libc::raise(signal);
        },
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: the flag says that it is such a function.
            let handler = unsafe {
                std::mem::transmute::<usize, unsafe extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void)>(
                    handler,
                )
            };
            // SAFETY: it is given what the kernel gave.
            unsafe { handler(signal, info, context) };
        }
        handler => {
            // SAFETY: without the flag it is such a function.
            let handler = unsafe { std::mem::transmute::<usize, unsafe extern "C" fn(i32)>(handler) };
            // SAFETY: see above.
            unsafe { handler(signal) };
        }
    }
}

fn is_ignored_by_default(signal: i32) -> bool {
    [libc::SIGURG, libc::SIGCHLD, libc::SIGWINCH, libc::SIGCONT].contains(&signal)
}
