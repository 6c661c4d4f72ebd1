//! Interrupts WebAssembly code by a signal, at any instruction, without a check in the code.
//!
//! **Problem.** A guest thread that computes must give up its core when others wait for it, and end when its program ends.
//! Wasmtime's means for that is a check of an epoch counter in each loop and function, which makes small loops take up to twice as
//! long. Go's runtime shows another way: a signal stops the thread wherever it is, and the handler makes it call the scheduler.
//!
//! **Before:** a thread runs a function `f` of a guest. **After** [`Interrupter::interrupt`], that same thread has called an asynchronous
//! host function, the *pause*, as if `f` had called it between two instructions. The pause may suspend the fiber, and the embedder
//! may drop it there. If it returns, `f` goes on with all registers as they were.
//!
//! ```text
//!   thread that ticks          thread that runs the guest
//!   -----------------          ------------------------------------------------
//!   sends a signal  ------->   handler: where is the program counter?
//!                                in a function's body: go on in the routine
//!                                in the host: change the return address of the exit from the guest to the routine
//!                                elsewhere: do nothing
//!                              routine: save all registers, call the pause, restore, go back
//! ```
//!
//! - [`handler`](linux_x86_64) decides, and touches nothing but the context, one stack, and memory that its thread has set aside.
//! - `routine` is assembly. It calls the pause by the code that Wasmtime compiled for calls from WebAssembly to a host function.
//! - A guest's module need not import the pause. It need only define a function of the pause's type.
//! - [`Interrupter::new`] tests all of this once in a process, and refuses where it does not work.
//!
//! **Why it is sound.**
//!
//! 1. *Wasmtime takes it for an ordinary call.* The pause is called from the guest's stack by the trampoline that calls from
//!    WebAssembly use, with an instance of the same store as caller. The trampoline records where the guest was left, and does not check
//!    the limit of the stack. The frame that the routine makes is linked like any other.
//! 2. *Only bodies of the guest's own functions are interrupted.* In trampolines, Wasmtime may be between two halves of a change. In a
//!    body, it is not: all changes of its state are calls.
//! 3. *No register or memory changes.* The routine saves the general registers, the flags and, with `xsave`, all vector registers.
//!    It writes below the red zone of the guest's stack pointer, where the compiler keeps nothing.
//! 4. *The stack has room.* A body's stack pointer is above the limit, but for a prologue that has not compared yet. The
//!    host's part of the stack lies below the limit, and the routine and the pause need a few kilobytes of it.
//! 5. *No reference is lost.* A store is used by one thread at a time. While its thread is paused nothing runs in it, so its collector does
//!    not either, and needs no map of the registers. The pause must not allocate in the store or collect its garbage.
//! 6. *An interruption does not interrupt another.* The routine, the trampolines and the host are no bodies of the guest's.
//! 7. *Nothing else reads the changed return address.* The handler changes it only while the guest is in a call of the host,
//!    on that same stack, and only if the slot has what Wasmtime recorded. Wasmtime walks the stack from what it recorded. It
//!    restores that record when a nested call returns. If the stack is unwound, the slot is not used.
//! 8. *Layouts are Wasmtime's own.* The offsets are those of `wasmtime-environ`, pinned to the same version, and the test at
//!    the start compares what is read by them with what is known.
//!
//! What this does not cover: a process with shadow stacks (the routine returns to an address that no call pushed), and a handler for
//! the same signal that the process installs later and that does not call the one before.
//!
//! **Rejected:** epoch checks (they are the cost that this avoids; the runtime keeps them for other systems); loads from a page that
//! is unmapped to interrupt (still an instruction in each loop); looking only at bodies, and not at the host (a loop of calls that
//! spend their time in the host would rarely be met in a body).

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod linux_x86_64;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
pub use linux_x86_64::{Bodies, Interrupter, Interruptible, Pause, Target};

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
mod unsupported;
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
pub use unsupported::{Bodies, Interrupter, Interruptible, Pause, Target};

/// The signal that is used unless the embedder chooses another. The system and its libraries send it only for urgent data of sockets,
/// and a process that does not handle it ignores it.
#[cfg(unix)]
pub const DEFAULT_SIGNAL: i32 = libc::SIGURG;

/// Why signals cannot interrupt guest code here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// Another processor or system.
    #[error("weft interrupts guest code by signals on Linux on x86-64 only")]
    Platform,
    /// The processor, or the system, does not save all registers.
    #[error("the processor has no `xsave`, or its registers do not fit in {0} bytes")]
    Registers(usize),
    /// It cannot be caught, or the system sends it when a thread makes a mistake.
    #[error("signal {0} cannot be used to interrupt guest code")]
    Signal(i32),
    /// The system refuses to install the handler, or to send the signal.
    #[error("the system refuses signal {signal}: {message}")]
    System {
        /// The signal's number.
        signal: i32,
        /// What the system says.
        message: String,
    },
    /// Wasmtime's data structures or calling conventions are not as expected.
    #[error("the self-test of interruption by signals failed: {0}")]
    SelfTest(String),
}
