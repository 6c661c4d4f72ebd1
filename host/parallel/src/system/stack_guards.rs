//! Guard pages within a mapping, on systems that support them: Linux 6.13 and later.
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

    /// Set once the system has refused a guard, because it will always refuse.
    static REFUSED: AtomicBool = AtomicBool::new(false);

    /// Whether the system may support guards.
    pub(crate) fn supported() -> bool {
        !REFUSED.load(Ordering::Relaxed)
    }

    /// Makes accesses to a range of a new stack fail. Returns false if the system does not support this.
    pub(crate) fn install(start: usize, length: usize) -> bool {
        // SAFETY: the range is within a mapping that nothing uses yet. The system discards the range's contents.
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
