//! Where the unshared state of component instances lives, if parallel threads call them.
//!
//! **Problem.** Each thread has a store with a copy of all state. Threads must agree on unshared state, so weft picks
//! the copy in one store, and runs the code that uses it there, one call at a time. For an instance that threads call,
//! that cannot be the store of the host's calls: a call may wait for a thread, which would wait for the store.
//! **Before:**
//!
//! ```wat
//! (component $a ...)                                  ;; a thread of $b calls $a, which is not shared
//! (component $b (import "f" (func $f)) (core func (canon lower (func $f))) ...)
//! ```
//!
//! **After:** `$a` has a store of its own, its *home*. An adapter that calls `$a` takes the exclusive lock of that
//! store, and calls the core functions of `$a` there. The rest of the adapter runs in its caller's store, with the
//! caller's memory and `realloc`. It also reads and writes the memory of `$a`, so that memory must be one of the
//! plan's.
//!
//! | Component instance | Home |
//! |---|---|
//! | a parallel thread can call its unshared functions | its own |
//! | the unshared functions of it are called from several homes | its own |
//! | all calls of its unshared functions come from one home | that one |
//!
//! Flatten knows which instances need homes only after it has seen all adapters, and by then it has placed the core
//! modules. So if there are any homes, it runs a second time with them.
//!
//! **Rejected:** the adapter in the callee's home (it calls the caller's `realloc`, whose state may be in another store); one home
//! for all instances (a call of an export that waits for a thread would keep the thread from calling any of them).

use super::host_memory::{DefinedMemory, definers};
use super::instantiated::Modules;
use crate::plan::ComponentInstanceIndex;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use wasmtime_environ::component::{Component, CoreDef};

/// The calls from one component instance to another that reach unshared state.
#[derive(Default)]
pub(super) struct Calls {
    /// The instances whose unshared state a parallel thread reaches.
    pub from_threads: BTreeSet<ComponentInstanceIndex>,
    /// Callers and callees.
    pub edges: BTreeSet<(ComponentInstanceIndex, ComponentInstanceIndex)>,
    /// The memories that adapters are given, by the instance that owns them.
    pub memories: Vec<(ComponentInstanceIndex, CoreDef)>,
}

/// The homes other than the store of the host's calls.
#[derive(Default)]
pub(super) struct Homes {
    /// For each component instance in these homes, the instance that owns the home.
    owners: BTreeMap<ComponentInstanceIndex, ComponentInstanceIndex>,
    /// The memories of the owners, as far as adapters use them.
    pub memories: HashSet<DefinedMemory>,
}

impl Homes {
    pub fn of(calls: &Calls, component: &Component, modules: &Modules<'_>) -> Self {
        let mut homes = Homes::default();
        let callees = calls.edges.iter().map(|(_, callee)| *callee);
        let callees: BTreeSet<_> = callees.chain(calls.from_threads.iter().copied()).collect();
        // A callee is created before its callers, so in reverse order, the callers' homes are known.
        for callee in callees.into_iter().rev() {
            let callers = calls.edges.iter().filter(|(_, other)| *other == callee);
            let callers: BTreeSet<_> = callers.map(|(caller, _)| homes.owner(*caller)).collect();
            let only = callers.first().filter(|_| callers.len() == 1);
            match only.filter(|_| !calls.from_threads.contains(&callee)) {
                Some(Some(owner)) => homes.owners.insert(callee, *owner),
                Some(None) => None,
                None => homes.owners.insert(callee, callee),
            };
        }
        let owned = calls.memories.iter().filter(|(instance, _)| homes.is_owner(*instance));
        homes.memories = definers(component, modules, owned.map(|(_, memory)| memory));
        homes
    }

    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whether a component instance has a home of its own, which others enter to call it.
    pub fn is_owner(&self, instance: ComponentInstanceIndex) -> bool {
        self.owner(instance) == Some(instance)
    }

    /// Whether the unshared state of a component instance is not in the store of the host's calls.
    pub fn has_home(&self, instance: ComponentInstanceIndex) -> bool {
        self.owner(instance).is_some()
    }

    fn owner(&self, instance: ComponentInstanceIndex) -> Option<ComponentInstanceIndex> {
        self.owners.get(&instance).copied()
    }

    /// The component instances of each home, for the plan.
    pub fn instances(&self) -> Vec<Vec<ComponentInstanceIndex>> {
        let owners: BTreeSet<_> = self.owners.values().copied().collect();
        let instances = |owner| self.owners.iter().filter(move |(_, other)| **other == owner);
        let instances = |owner| instances(owner).map(|(instance, _)| *instance).collect();
        owners.into_iter().map(instances).collect()
    }
}
