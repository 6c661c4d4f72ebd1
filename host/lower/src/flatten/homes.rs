//! Where the unshared state of component instances lives, if parallel threads call them.
//!
//! **Problem.** Each thread has a store with a copy of all state. Threads must agree on unshared state, so weft picks the copy in one
//! store, and runs the code that uses it there, one call at a time. The store of the host's calls cannot be that one for an instance that threads call: a call
//! may wait for a thread, which waits for the store. **Before:**
//!
//! ```wat
//! (component $a ...)                                  ;; a thread of $b calls $a, which is not shared
//! (component $b (import "f" (func $f)) (core func (canon lower (func $f))) ...)
//! ```
//!
//! **After:** `$a` has a store of its own, its *home*. An adapter that calls it takes the exclusive lock of that store and makes each
//! call of a core function of `$a` there. All else of the adapter runs where its caller runs, so it finds the caller's memory and
//! `realloc` there. It also reads and writes the memory of `$a`, so that is one of the plan's.
//!
//! | Component instance | Home |
//! |---|---|
//! | a parallel thread can call its unshared functions | its own |
//! | the unshared functions of it are called from several homes | its own |
//! | all calls of its unshared functions come from one home | that one |
//!
//! Which instances those are shows when all adapters are known, after the core modules are. So flatten runs once more, with the homes,
//! if there are any.
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
    /// The instances whose state a parallel thread reaches.
    pub from_threads: BTreeSet<ComponentInstanceIndex>,
    /// Callers and callees.
    pub edges: BTreeSet<(ComponentInstanceIndex, ComponentInstanceIndex)>,
    /// The memories that adapters are given, by the instance that owns them.
    pub memories: Vec<(ComponentInstanceIndex, CoreDef)>,
}

/// The homes other than the store of the host's calls.
#[derive(Default)]
pub(super) struct Homes {
    /// For a component instance the one that has the home to itself or was there first.
    owners: BTreeMap<ComponentInstanceIndex, ComponentInstanceIndex>,
    /// The memories of those that own homes, as far as adapters use them.
    pub memories: HashSet<DefinedMemory>,
}

impl Homes {
    pub fn of(calls: &Calls, component: &Component, modules: &Modules<'_>) -> Self {
        let mut homes = Homes::default();
        let callees = calls.edges.iter().map(|(_, callee)| *callee);
        let callees: BTreeSet<_> = callees.chain(calls.from_threads.iter().copied()).collect();
        // A callee is made before its callers, so the homes of those are known.
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
