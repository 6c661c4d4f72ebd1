//! Which pages of a stack are in memory, and how many page faults an OS thread has had.
//!
//! **Problem.** Only the kernel knows how deep a stack was used: Wasmtime reports neither how deep a guest's calls go
//! nor that they have returned. **Here**, weft asks Linux. On other systems, a stack counts as touched only as deep as
//! is known from elsewhere.
//!
//! **Rejected:** inaccessible pages below the prepaid part, whose faults a signal handler would count (a system call
//! that writes to such a page fails instead).
#![cfg_attr(
    target_os = "linux",
    expect(
        unsafe_code,
        reason = "stacks are mapped memory, whose pages the system is asked about"
    )
)]

pub(crate) use system::{page_faults, release, touched};

#[cfg(target_os = "linux")]
mod system {
    use nix::libc;
    use nix::sys::resource::{UsageWho, getrusage};
    use rustix::mm::{Advice, madvise};
    use std::ops::Range;
    use std::ptr;

    /// How many pages one system call asks about. Code that needs more stack at once touches each page on the way (by
    /// the compiler's stack probes). So when this many pages in a row are untouched, the deepest touched page is above
    /// them.
    const PAGES: usize = 64;

    /// How many bytes of a stack have been touched, from its top on. `known` of these are known already. Both are whole
    /// pages.
    pub(crate) fn touched(stack: &Range<usize>, known: usize) -> usize {
        let page = rustix::param::page_size();
        let mut lowest = stack.end.saturating_sub(known).max(stack.start);
        loop {
            let from = lowest.saturating_sub(PAGES * page).max(stack.start);
            let mut states = [0_u8; PAGES];
            // SAFETY: the call writes a byte for each page of the range, at most `PAGES`, and touches no page of it.
            let asked = unsafe {
                libc::mincore(
                    ptr::with_exposed_provenance_mut(from),
                    lowest - from,
                    states.as_mut_ptr(),
                )
            };
            let states = &states[..(lowest - from) / page];
            match states.iter().position(|state| state & 1 != 0) {
                Some(first) if asked == 0 => lowest = from + first * page,
                Some(_) | None => return stack.end - lowest,
            }
        }
    }

    /// Gives back the memory of an unused stack, except `kept` bytes at its top.
    pub(crate) fn release(stack: &Range<usize>, kept: usize) {
        let length = stack.len().saturating_sub(kept);
        // SAFETY: the range is within the mapping of a stack on which nothing runs and to which nothing points. If it fails, the memory
        // stays.
        let _ = unsafe {
            madvise(
                ptr::with_exposed_provenance_mut(stack.start),
                length,
                Advice::LinuxDontNeed,
            )
        };
    }

    /// The page faults of the calling OS thread so far. The first touch of a page causes one. `None` if the system does
    /// not count them.
    pub(crate) fn page_faults() -> Option<u64> {
        let usage = getrusage(UsageWho::RUSAGE_THREAD).ok()?;
        // A thread that gets here has had some, so zero means that the system does not count them.
        u64::try_from(usage.minor_page_faults())
            .ok()
            .filter(|faults| *faults > 0)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::ops::Range;

    pub(crate) fn touched(_stack: &Range<usize>, known: usize) -> usize {
        known
    }

    pub(crate) fn release(_stack: &Range<usize>, _kept: usize) {}

    pub(crate) fn page_faults() -> Option<u64> {
        None
    }
}
