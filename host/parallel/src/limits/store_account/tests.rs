use super::*;
use crate::limits::budget::tests::budget;
use crate::limits::budget::{ALLOWANCE, TooManyElements};

#[test]
fn a_store_gives_back_what_it_was_charged() {
    let budget = budget(1000);
    let mut account = StoreAccount::of_thread(&budget, 100);
    assert_eq!(account.grow(0, 600, None).ok(), Some(true));
    assert_eq!(account.instantiated().bytes, 600);
    budget.take(500).expect("100 of the 600 are charged elsewhere");
    assert_eq!(account.grow(600, 601, None).ok(), Some(false), "it fails in the guest");
    drop(account);
    budget.take(500).expect("room again");
}

#[test]
fn growth_that_the_engine_gives_up_is_not_charged() {
    let budget = budget(1000);
    let mut account = StoreAccount::of_thread(&budget, 0);
    account.instantiated();
    assert_eq!(account.table_growing(0, 100, None).ok(), Some(true));
    account.table_grow_failed(wasmtime::Error::msg("no")).expect("no trap");
    assert_eq!(account.grow(0, 2000, Some(1000)).ok(), Some(true), "left to the engine");
    account.memory_grow_failed(wasmtime::Error::msg("no")).expect("no trap");
    budget.take(1000).expect("nothing is charged");
}

#[test]
fn a_table_grows_in_steps_by_what_was_reserved() {
    let budget = Budget::with_tables(1 << 20, 1000, Limiter::default());
    let mut account = StoreAccount::of_thread(&budget, 0);
    account.instantiated();
    let mut reserve = |length, by| account.reserve_table(length, by).expect("no limiter");
    assert!(!reserve(1, 1000), "the table's limit");
    assert!(reserve(0, 1000));
    budget.take((1 << 20) + ALLOWANCE - 1000 * ELEMENT).expect("the rest");
    for length in [0, 500] {
        assert_eq!(account.table_growing(length, length + 500, None).ok(), Some(true));
    }
    assert_eq!(account.reserve_table(0, 1).ok(), Some(false), "nothing is left");
    assert_eq!(account.table_growing(0, 1, None).ok(), Some(false));
    drop(account);
    budget.take(1000 * ELEMENT).expect("room again");
}

#[test]
fn each_table_has_a_limit_of_its_own() {
    let budget = Budget::with_tables(1 << 20, 10, Limiter::default());
    let mut account = StoreAccount::of_thread(&budget, 0);
    let error = account.table_growing(0, 11, None).expect_err("too large to start");
    assert!(error.downcast_ref::<TooManyElements>().is_some(), "{error}");
    assert_eq!(account.table_growing(0, 10, None).ok(), Some(true));
    account.instantiated();
    assert_eq!(
        account.table_growing(10, 11, None).ok(),
        Some(false),
        "it fails in the guest"
    );
    account.table_grow_failed(wasmtime::Error::msg("no")).expect("no trap");
    assert_eq!(account.table_growing(0, 10, None).ok(), Some(true), "another table");
    assert_eq!(account.charged, 20 * ELEMENT);
}

#[test]
fn what_does_not_fit_at_instantiation_is_an_error_that_names_the_limit() {
    let mut account = StoreAccount::of_thread(&Budget::new(4096), 0);
    let error = account.memory_growing(0, 65_536, None).expect_err("too large");
    assert!(error.to_string().contains("limit is 4096 bytes"), "{error}");
}
