//! Guard pages within a mapping, where the system has them: Linux 6.13 and later.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "the system is asked to refuse access to pages of a stack")
)]

pub(super) use system::{install, supported};

#[cfg(target_os = "linux")]
mod system {
    use nix::libc;
    use std::ptr;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// `MADV_GUARD_INSTALL`, which the crate `libc` does not have yet.
    const GUARD_INSTALL: libc::c_int = 102;

    /// Set when the system has refused it: it will refuse it again.
    static REFUSED: AtomicBool = AtomicBool::new(false);

    /// Whether it is worth to ask the system.
    pub(crate) fn supported() -> bool {
        !REFUSED.load(Ordering::Relaxed)
    }

    /// Has accesses to a range fail, which is a part of a new stack. Says whether they will.
    pub(crate) fn install(start: usize, length: usize) -> bool {
        // SAFETY: the range is within a mapping that nothing uses yet. The system discards what is in it.
        let refused = unsafe { libc::madvise(ptr::with_exposed_provenance_mut(start), length, GUARD_INSTALL) } != 0;
        if refused {
            REFUSED.store(true, Ordering::Relaxed);
        }
        !refused
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(crate) fn supported() -> bool {
        false
    }

    pub(crate) fn install(_start: usize, _length: usize) -> bool {
        false
    }
}
