//! How many stacks there are, where they are, and what memory they keep.

use super::*;

fn mapped(stacks: &Stacks) -> (usize, usize) {
    let state = stacks.lock();
    (state.mapped, state.free.len() + state.clean.len())
}

fn several<R>(number: usize, make: impl Fn() -> Result<R, NoStack>) -> Vec<R> {
    (0..number).map(|_| make().expect("a stack")).collect()
}

#[test]
fn there_is_a_stack_for_each_permit() {
    let stacks = Stacks::new(1 << 16);
    let permits = several(100, || stacks.permit());
    let (most, free) = mapped(&stacks);
    assert!(
        (100..200).contains(&most) && free == most,
        "{most}, of which {free} are free"
    );
    let taken = several(100, || stacks.take());
    assert_eq!(mapped(&stacks), (most, free - 100), "none more was mapped");
    drop(permits);
    assert_eq!(mapped(&stacks).0, most, "those that are in use stay");
    drop(taken);
    let (left, free) = mapped(&stacks);
    assert!(left < most && left == free, "{left} are left of {most}");
}

fn touch(stack: &Stack) {
    #[expect(unsafe_code, reason = "a stack is used as a fiber does")]
    // SAFETY: the last word of a stack that nothing else uses.
    unsafe {
        stack.top().cast::<usize>().sub(1).write(1);
    }
}

/// Every second stack of a slab is in use, so that no slab can go.
#[test]
fn stacks_that_nobody_needs_keep_no_memory() {
    let stacks = Stacks::new(1 << 16);
    let mut taken = several(4 * LATE, || stacks.take());
    taken.iter().for_each(touch);
    let mut is_kept = false;
    taken.retain(|_| {
        is_kept = !is_kept;
        is_kept
    });
    let (most, free) = mapped(&stacks);
    assert_eq!(most - free, 2 * LATE, "the others are in use");
    assert!(stacks.lock().free.len() <= READY + LATE);
    let state = stacks.lock();
    assert!(state.clean.len() > LATE / 2, "{}", state.clean.len());
    for place in &state.clean {
        let stack = place.stack();
        assert_eq!(stack_pages::touched(&stack, 0), 0, "a page of {stack:?} is in memory");
    }
}

#[test]
fn slabs_that_nobody_needs_go() {
    let stacks = Stacks::new(1 << 16);
    for _ in 0..3 {
        let permits = several(1000, || stacks.permit());
        let taken = several(1000, || stacks.take());
        taken.iter().for_each(touch);
        // As threads end: each gives back its stack, and then its permit.
        drop(Vec::from_iter(taken.into_iter().zip(permits)));
        let (most, free) = mapped(&stacks);
        assert!(
            most <= READY + LATE + 2 * MOST_STACKS && most == free,
            "{most}, of which {free} are free"
        );
        assert!(stacks.lock().free.len() <= READY + LATE);
    }
}

/// Threads give back stacks and take them again, while others give up the memory of theirs.
#[test]
fn no_stack_is_lost_or_lent_twice_by_threads_that_give_up_memory() {
    let stacks = Stacks::new(1 << 16);
    let in_use = Mutex::new(std::collections::HashSet::new());
    let rounds = || {
        for _ in 0..20 {
            let permits = several(LATE, || stacks.permit());
            let taken = several(LATE, || stacks.take());
            for stack in &taken {
                touch(stack);
                assert!(in_use.lock().unwrap().insert(stack.range().start));
            }
            for (stack, permit) in taken.into_iter().zip(permits) {
                assert!(in_use.lock().unwrap().remove(&stack.range().start));
                drop((stack, permit));
            }
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(rounds)));
    let state = stacks.lock();
    assert_eq!((state.permits, state.mapped), (0, state.free.len() + state.clean.len()));
}

#[test]
fn a_call_within_a_call_takes_one_more() {
    let stacks = Stacks::new(1 << 16);
    let _permit = stacks.permit().expect("a stack");
    let [outer, inner] = [stacks.take(), stacks.take()].map(|stack| stack.expect("a stack"));
    assert_eq!(mapped(&stacks).1, 0);
    drop(inner);
    assert_eq!(mapped(&stacks).1, 1);
    drop(outer);
    assert_eq!(mapped(&stacks).1, 2);
}

#[test]
fn stacks_do_not_overlap_and_have_their_guards_below() {
    let stacks = Stacks::new(1 << 16);
    let taken = several(20, || stacks.take());
    let mut ranges = Vec::from_iter(taken.iter().map(StackMemory::range));
    ranges.sort_unstable_by_key(|range| range.start);
    for pair in ranges.windows(2) {
        assert!(pair[0].end + rustix::param::page_size() <= pair[1].start, "{pair:?}");
    }
}

#[test]
fn a_stack_is_whole_pages_with_its_guard_below() {
    let stacks = Stacks::new(100_001);
    let stack = stacks.take().expect("a stack");
    let (page, range, guard) = (rustix::param::page_size(), stack.range(), stack.guard_range());
    assert_eq!((range.start % page, range.end % page), (0, 0));
    assert!(range.len() >= 100_001 + HOST_STACK);
    assert_eq!(range.len(), stacks.size);
    assert_eq!(
        (guard.end.addr(), guard.start.addr() + page),
        (range.start, range.start)
    );
    assert_eq!(stack.top().addr(), range.end);
}

#[test]
fn what_the_system_does_not_allow_is_refused_and_changes_nothing() {
    let huge = Stacks::new(1 << 60);
    assert_eq!(huge.permit().err(), Some(NoStack::System(rustix::io::Errno::NOMEM)));
    assert_eq!(mapped(&huge), (0, 0));
    Stacks::new(1 << 16).permit().expect("others have room");
}
