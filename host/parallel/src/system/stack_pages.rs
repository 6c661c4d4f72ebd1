//! Which pages of a stack are in memory, and how many page faults an OS thread has had.
//!
//! **Problem.** Only the kernel knows how deep a stack was once used: the engine tells neither how deep a guest's calls go nor that they
//! have returned. **Here** is what Linux tells, and what takes its place on other systems: there a stack counts as
//! touched no deeper than it is known to be.
//!
//! **Rejected:** pages without access below the part that is paid for, whose faults a signal handler would count: a system
//! call that writes to such a page fails instead.
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

    /// How many pages one system call asks about. Code that needs more stack at once touches each page on the way (the
    /// compilers' stack probes), so the first so many pages without a touched one are below the deepest.
    const PAGES: usize = 64;

    /// How many bytes from its top on a stack has been touched, of which `known` are known. Both are whole pages.
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

    /// Gives back the memory of a stack that nobody uses, but for so many bytes at its top.
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

    /// The page faults of the calling OS thread so far. Each page that it touched first took one. None if the system does not count them.
    pub(crate) fn page_faults() -> Option<u64> {
        let usage = getrusage(UsageWho::RUSAGE_THREAD).ok()?;
        // A thread has had some when it gets here: zero is a system that does not count.
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
