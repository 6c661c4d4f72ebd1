//! How much processor time the tasks of each tenant have used.
//!
//! **Problem.** An embedder wants to know what each program costs, and to read a clock at each switch would cost more than the switch.
//! **Here**, a worker reads its thread's clock where it goes from one tenant to another. All of the time since then was the first one's:
//! a worker that sleeps uses none. So one tenant alone costs nothing, and what a worker spends to find its next task is charged to
//! the tenant that it ran before.
//!
//! Whoever asks adds what the workers have used since they last changed tenants. All accounts are locked meanwhile, so that no time is
//! counted twice or missed.
//!
//! **Rejected:** one account for all workers (they would contend for it); samples at ticks (a task that always waits before the tick would
//! use nothing).

use super::tenants::Tenant;
use crate::sync::{Mutex, MutexGuard, PoisonError};
use rustc_hash::FxHashMap;
use std::time::Duration;

/// What one worker's thread has spent on tenants.
#[derive(Default)]
pub(super) struct Account(Mutex<Spent>);

#[derive(Default)]
struct Spent {
    /// Whose time passes since when, by the clock of the worker's thread.
    current: Option<(Tenant, Duration)>,
    by_tenant: FxHashMap<Tenant, Duration>,
}

impl Account {
    /// The worker runs another tenant from now on.
    pub(super) fn change(&self, tenant: Tenant, now: Option<Duration>) {
        let mut spent = self.lock();
        // A clock that cannot be read does not run.
        let now = now.unwrap_or_else(|| spent.current.map_or(Duration::ZERO, |(_, since)| since));
        if let Some((previous, since)) = spent.current.replace((tenant, now)) {
            *spent.by_tenant.entry(previous).or_default() += now.saturating_sub(since);
        }
    }

    /// No task of the tenant will run any more.
    pub(super) fn forget(&self, tenant: Tenant) {
        let mut spent = self.lock();
        spent.by_tenant.remove(&tenant);
        // What this worker still does for it is nobody's.
        spent.current.take_if(|(current, _)| *current == tenant);
    }

    /// The account is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, Spent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What all workers have spent on a tenant. Each worker's account comes with its thread's clock, if that can be read.
pub(super) fn spent_on<'a, N: Fn() -> Option<Duration>>(
    tenant: Tenant,
    workers: impl Iterator<Item = (&'a Account, N)>,
) -> Duration {
    let accounts = Vec::from_iter(workers.map(|(account, now)| (account.lock(), now)));
    let of_worker = |(spent, now): &(MutexGuard<'_, Spent>, N)| {
        let until_now = match spent.current {
            Some((current, since)) if current == tenant => now().unwrap_or(since).saturating_sub(since),
            Some(_) | None => Duration::ZERO,
        };
        spent.by_tenant.get(&tenant).copied().unwrap_or(Duration::ZERO) + until_now
    };
    accounts.iter().map(of_worker).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Tenant = Tenant::instance(1);
    const B: Tenant = Tenant::instance(2);

    fn at(milliseconds: u64) -> Option<Duration> {
        Some(Duration::from_millis(milliseconds))
    }

    #[test]
    fn time_is_charged_to_the_tenant_that_ran() {
        let accounts = [Account::default(), Account::default()];
        accounts[0].change(A, at(10));
        accounts[1].change(A, at(100));
        accounts[0].change(B, at(15));
        accounts[0].change(A, at(22));
        let spent = |tenant| {
            spent_on(
                tenant,
                accounts.iter().zip([25, 101]).map(|(a, now)| (a, move || at(now))),
            )
        };
        assert_eq!(spent(A), Duration::from_millis(5 + 3 + 1));
        assert_eq!(spent(B), Duration::from_millis(7));
    }

    #[test]
    fn a_tenant_that_is_forgotten_leaves_nothing_behind() {
        let account = Account::default();
        account.change(A, at(10));
        account.change(B, at(15));
        account.forget(A);
        // As when the last task of a tenant drops its instance.
        account.forget(B);
        account.change(A, at(40));
        let spent = |tenant| spent_on(tenant, std::iter::once((&account, || at(41))));
        assert_eq!((spent(A), spent(B)), (Duration::from_millis(1), Duration::ZERO));
        assert!(account.lock().by_tenant.is_empty());
    }
}
