//! The short form of the soak: the process has the same after some programs as after twice as many. It is the only test of this process,
//! whose descriptors, mappings and threads are counted.

use weft_bench::soak::{Soak, Way, silence_panics};

/// Each of the eight tenants ends its programs in each of the ways equally often.
const PROGRAMS: usize = 8 * Way::ALL.len() * 10;

#[test]
fn what_a_process_has_does_not_grow_with_the_programs_that_it_ran() {
    silence_panics();
    let mut soak = Soak::new().expect("an engine");
    let first = soak.run(PROGRAMS).expect("all programs end as they should");
    soak.run(PROGRAMS).expect("all programs end as they should");
    let second = soak.returns_to(&first).expect("the system tells");
    assert!(first.is_flat(&second), "{first}, then {second}");
    for (way, programs) in soak.seen() {
        assert_eq!(programs, 2 * PROGRAMS / Way::ALL.len(), "{way:?}");
    }
}
