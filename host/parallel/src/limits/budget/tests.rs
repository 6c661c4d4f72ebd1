use super::*;

/// A budget of `bytes` bytes, including the allowance.
pub(in crate::limits) fn budget(bytes: u64) -> Arc<Budget> {
    let budget = Budget::new(0);
    budget.take(ALLOWANCE - bytes).expect("less than the allowance");
    budget
}

#[test]
fn the_sum_is_bounded_and_what_is_given_back_can_be_taken_again() {
    let budget = budget(100);
    let charge = Charge::new(&budget, 60).expect("room");
    assert!(budget.take(41).is_err());
    budget.take(40).expect("room");
    assert!(budget.take(1).is_err());
    assert!(budget.take(u64::MAX).is_err(), "the sum does not wrap around");
    drop(charge);
    budget.take(60).expect("room again");
}

#[test]
fn what_is_exhausted_is_reclaimed() {
    let budget = budget(100);
    let charge = std::sync::Mutex::new(Some(Charge::new(&budget, 60).expect("room")));
    budget.reclaim_by(move || drop(charge.lock().expect("no panic").take()));
    assert!(budget.take_at_once(90).is_err());
    budget.take(90).expect("reclaimed");
    assert!(budget.take(90).is_err(), "nothing is left to reclaim");
}
