//! How much processor time the tasks of each tenant have used.
//!
//! **Problem.** An embedder wants to know what each program costs, but reading a clock at each switch of tasks would
//! cost more than the switch. **Here**, a worker reads its thread's clock only when it changes from one tenant to
//! another, and charges the time since the last change to the old tenant. A sleeping worker uses no processor time. So
//! a single tenant costs nothing, and the time that a worker spends looking for its next task is charged to the tenant
//! that it ran last.
//!
//! [`spent_on`] also counts the time that each worker has used since it last changed tenants. It holds the locks of all
//! accounts, so that no time is counted twice or missed.
//!
//! **Rejected:** one account for all workers (they would contend for it); sampling at ticks (a task that always waits
//! before the tick would be charged nothing).

use super::tenants::Tenant;
use crate::sync::{Mutex, MutexGuard, PoisonError};
use rustc_hash::FxHashMap;
use std::time::Duration;

/// What one worker's thread has spent on tenants.
#[derive(Default)]
pub(super) struct Account(Mutex<Spent>);

#[derive(Default)]
struct Spent {
    /// The tenant that the worker runs, and the reading of its thread's clock when it began to.
    current: Option<(Tenant, Duration)>,
    by_tenant: FxHashMap<Tenant, Duration>,
}

impl Account {
    /// Charges the time until `now` to the previous tenant, and the time from `now` on to `tenant`.
    pub(super) fn change(&self, tenant: Tenant, now: Option<Duration>) {
        let mut spent = self.lock();
        // If the clock cannot be read, no time has passed.
        let now = now.unwrap_or_else(|| spent.current.map_or(Duration::ZERO, |(_, since)| since));
        if let Some((previous, since)) = spent.current.replace((tenant, now)) {
            *spent.by_tenant.entry(previous).or_default() += now.saturating_sub(since);
        }
    }

    /// Drops the tenant's time. No task of the tenant will run any more.
    pub(super) fn forget(&self, tenant: Tenant) {
        let mut spent = self.lock();
        spent.by_tenant.remove(&tenant);
        // What this worker still does for the tenant is charged to nobody.
        spent.current.take_if(|(current, _)| *current == tenant);
    }

    /// The account is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, Spent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What all workers have spent on a tenant. `workers` gives each worker's account and a function that reads its
/// thread's clock.
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
