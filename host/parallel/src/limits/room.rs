//! The room that a thread's store takes: a stack, memory mappings, and a share of the budget.

use super::budget::{Budget, Charge, OverBudget, THREAD};
use super::store_account::StoreCost;
use crate::system::mappings::{Mappings, NoMappings, Share};
use crate::system::stack_slab::NoStack;
use crate::system::stacks::{StackPermit, Stacks};
use std::sync::Arc;

/// What a store with a thread takes from the system and from the program's budget.
pub(crate) struct Room {
    _permit: StackPermit,
    _mappings: Mappings,
    _charge: Charge,
    /// The part of the charge that is for instantiation.
    pub(crate) prepaid: u64,
}

/// Why there is no room for another store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRoom {
    #[error(transparent)]
    Memory(#[from] OverBudget),
    #[error(transparent)]
    Mappings(#[from] NoMappings),
    #[error(transparent)]
    Stack(#[from] NoStack),
}

impl Room {
    /// Takes the room for one store of the instance with this budget and share. The engine keeps `records` bytes of
    /// records in the store.
    pub(crate) fn new(
        stacks: &Arc<Stacks>,
        budget: &Arc<Budget>,
        share: &Arc<Share>,
        cost: StoreCost,
        records: u64,
    ) -> Result<Self, NoRoom> {
        let bytes = THREAD.saturating_add(cost.bytes).saturating_add(records);
        let charge = Charge::new(budget, bytes)?;
        Ok(Room {
            _mappings: Mappings::take(cost.mappings, share)?,
            _permit: stacks.permit()?,
            _charge: charge,
            prepaid: cost.bytes,
        })
    }
}
