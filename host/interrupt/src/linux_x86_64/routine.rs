//! The code in which an interrupted thread continues: it saves all registers, calls the pause, and returns to the
//! guest.
//!
//! ```text
//!   before                        in the routine
//!   ------                        --------------
//!   ...                           ...
//!   frame of the guest   <- rsp   frame of the guest
//!                                 red zone, and 8 bytes if rsp was no multiple of 16
//!                                 interrupted address
//!                                 rbp                       <- rbp: a frame like any other
//!                                 flags, general registers
//!                                 vector registers (64-byte aligned)   <- rsp
//! ```
//!
//! There are three entries:
//!
//! - [`interrupted`], if the guest's stack pointer was a multiple of 16. The handler has skipped [`RED_ZONE`] bytes and pushed
//!   the address.
//! - [`interrupted_in_prologue`], if it was not, as between a call and the end of a prologue. The handler has skipped 8
//!   more bytes, because Wasmtime's stack walk requires frames that are aligned to 16 bytes.
//! - [`returned`], to which a host call returns instead of to the guest. The address to continue at is what Wasmtime
//!   recorded for that call. Nothing below the stack pointer is in use, and the stack pointer is a multiple of 16.
//!
//! Facts that this code relies on:
//!
//! - Wasmtime's trampolines take two arguments in `rdi` and `rsi`, may change all registers except `rbp` and `rsp`, and
//!   require a stack pointer that is a multiple of 16 before the call.
//! - `xsave` needs an area that is aligned to 64 bytes and has a zeroed header.
//! - The code saves the flags before any instruction changes them, and restores them after the last one that does.
//! - Code that unwinds the stack needs only the frame pointer.

use super::target::{Target, current};
use crate::Unsupported;
use std::mem::offset_of;

/// How many bytes below the stack pointer the compiler may use.
pub(super) const RED_ZONE: usize = 128;

/// The state that is saved: x87, SSE, AVX, and the three parts of AVX-512. Guest code has no other.
const STATE: u32 = 0b1110_0111;

/// The size of the area for this state. Its header follows the 512 bytes for x87 and SSE.
const AREA: usize = 2816;
const LEGACY_AREA: usize = 512;

/// How many bytes of general registers and flags lie below the saved frame pointer.
const REGISTERS: usize = 15 * 8;

/// Makes sure that the area is large enough.
pub(super) fn check_registers() -> Result<(), Unsupported> {
    // SAFETY: each x86-64 processor has `cpuid`.
    #[allow(unused_unsafe, reason = "safe in later compilers")]
    let (features, highest) = unsafe { (std::arch::x86_64::__cpuid(1), std::arch::x86_64::__cpuid(0).eax) };
    // OSXSAVE: the system has turned `xsave` on.
    let has_xsave = features.ecx & (1 << 27) != 0;
    if !has_xsave || highest < 0xd {
        return Err(Unsupported::Registers(AREA));
    }
    let end = (2..32).filter(|part| STATE & (1 << part) != 0).map(|part| {
        #[allow(unused_unsafe, reason = "safe in later compilers")]
        // SAFETY: see above.
        let part = unsafe { std::arch::x86_64::__cpuid_count(0xd, part) };
        part.ebx.saturating_add(part.eax) as usize
    });
    match end.max() {
        Some(end) if end <= AREA => Ok(()),
        _ => Err(Unsupported::Registers(AREA)),
    }
}

/// Begins a frame below the return address, and saves the general registers and flags.
macro_rules! save {
    () => {
        "
        push rbp
        mov rbp, rsp
        pushfq
        push rax
        push rbx
        push rcx
        push rdx
        push rsi
        push rdi
        push r8
        push r9
        push r10
        push r11
        push r12
        push r13
        push r14
        push r15
        "
    };
}

/// Saves the vector registers, and leaves the target in `rax`.
macro_rules! save_vectors {
    () => {
        "
        cld
        sub rsp, {area}
        and rsp, -64
        xor eax, eax
        lea rdi, [rsp + {legacy}]
        mov ecx, 8
        rep stosq
        mov eax, {state}
        xor edx, edx
        xsave64 [rsp]
        call {current}
        "
    };
}

/// Calls the pause of the target in `rax`, restores everything, and returns, popping this many more bytes.
macro_rules! pause_and_restore {
    ($skip:literal) => {
        concat!(
            "
        mov rdi, [rax + {callee}]
        mov rsi, [rax + {caller}]
        call [rax + {code}]
        mov eax, {state}
        xor edx, edx
        xrstor64 [rsp]
        lea rsp, [rbp - {registers}]
        pop r15
        pop r14
        pop r13
        pop r12
        pop r11
        pop r10
        pop r9
        pop r8
        pop rdi
        pop rsi
        pop rdx
        pop rcx
        pop rbx
        pop rax
        popfq
        pop rbp
        ret ",
            $skip
        )
    };
}

macro_rules! entry {
    ($(#[$doc:meta])* $name:ident, $($code:expr),* $(; $($extra:tt)*)?) => {
        $(#[$doc])*
        #[unsafe(naked)]
        pub(super) extern "C" fn $name() {
            core::arch::naked_asm!(
                $($code),*,
                area = const AREA,
                legacy = const LEGACY_AREA,
                state = const STATE,
                registers = const REGISTERS,
                callee = const offset_of!(Target, callee),
                caller = const offset_of!(Target, caller),
                code = const offset_of!(Target, code),
                current = sym current,
                $($($extra)*)?
            )
        }
    };
}

// SAFETY, for all three: only the handler makes a thread continue here, with the stack as the module describes it.

entry!(
    /// See the module.
    interrupted, save!(), save_vectors!(), pause_and_restore!("128")
);

entry!(
    /// See the module.
    interrupted_in_prologue, save!(), save_vectors!(), pause_and_restore!("136")
);

entry!(
    /// See the module.
    returned,
    "lea rsp, [rsp - 136]",
    save!(),
    save_vectors!(),
    "mov rdx, [rax + {exit_pc}]
     mov rdx, [rdx]
     mov [rbp + 8], rdx",
    pause_and_restore!("128");
    exit_pc = const offset_of!(Target, exit_pc)
);
