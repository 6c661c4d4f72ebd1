//! The memories that all threads of an instance share.
//!
//! **Problem.** Each memory takes some of the process's mappings, and 4 GiB of its address space. If no mappings are
//! left for an instance, its creation must fail with an error that says so, before the host itself runs out of
//! mappings. **Here**, an instance first takes the mappings from the account of the process, and then the pages from
//! its own budget.
//!
//! All instances of an engine share one memory for the [counts of waiting threads](weft_lower::Plan::waiter_counts), so
//! no instance pays for it. See [`SharedCounts`](crate::memory::shared_counts::SharedCounts).

use crate::engine::handle::Engine;
use crate::error::Error;
use crate::limits::budget::PAGE;
use crate::limits::instance_limits::Allowance;
use crate::limits::limiter::Resource;
use crate::system::mappings::Mappings;
use wasmtime::{MemoryType, MemoryTypeBuilder, SharedMemory};
use weft_lower::Plan;
use weft_lower::plan::{Memory, MemoryIndex};

/// How many mappings a memory takes: the accessible part, and the inaccessible part up to the next memory.
const MAPPINGS: u64 = 2;

/// See the module.
pub(crate) struct Memories {
    /// By the plan's index.
    memories: Vec<SharedMemory>,
    _mappings: Mappings,
}

impl Memories {
    /// Makes the memories of an instance with this allowance.
    pub(crate) fn new(engine: &Engine, plan: &Plan, allowance: &Allowance) -> Result<Self, Error> {
        let is_own = |index: usize| plan.waiter_counts.is_none_or(|counts| counts.index() != index);
        let own = plan.memories.iter().zip(0..).filter(|(_, index)| is_own(*index));
        let sizes = own.clone().map(|(memory, _)| memory.minimum.saturating_mul(PAGE));
        let needed = sizes.fold(0, u64::saturating_add);
        let taken = allowance.budget.take(needed);
        taken.map_err(|error| Error::Limit(error.to_string()))?;
        for (memory, _) in own.clone().filter(|(memory, _)| !memory.hidden) {
            let [minimum, maximum] = [memory.minimum, memory.maximum].map(|pages| pages.saturating_mul(PAGE));
            let allowed = allowance.budget.limiter.check(Resource::Memory, minimum, Some(maximum));
            allowed.map_err(|refused| Error::Limit(refused.to_string()))?;
        }
        let mappings = Mappings::take(MAPPINGS.saturating_mul(own.count() as u64), &allowance.share);
        let mappings =
            mappings.map_err(|error| Error::Limit(format!("cannot create the memories of the instance: {error}")))?;
        let memories = plan
            .memories
            .iter()
            .zip(0..)
            .map(|(memory, index)| match is_own(index) {
                true => make(engine.wasmtime(), memory),
                false => engine.waiter_counts(|wasmtime| make(wasmtime, memory)),
            });
        Ok(Memories {
            memories: memories.collect::<Result<_, _>>()?,
            _mappings: mappings,
        })
    }

    pub(crate) fn get(&self, index: MemoryIndex) -> &SharedMemory {
        &self.memories[index.index()]
    }
}

fn make(engine: &wasmtime::Engine, memory: &Memory) -> Result<SharedMemory, Error> {
    let ty = MemoryTypeBuilder::default()
        .memory64(memory.memory64)
        .shared(true)
        .min(memory.minimum)
        .max(Some(memory.maximum))
        .build();
    ty.and_then(|ty: MemoryType| SharedMemory::new(engine, ty))
        .map_err(|error| Error::engine("cannot create a shared memory", &error))
}
