//! Passing handles from one component instance's table to another's.

use super::{Found, HandleError, HandleTable, Lends, Scope};
use crate::types::ResourceIndex;
use std::sync::Arc;

/// A resource type as one component instance sees it, and the instance's handle table.
#[derive(Debug, Clone, Copy)]
pub struct HandlesOf<'a> {
    /// The instance's handles.
    pub table: &'a HandleTable<ResourceIndex>,
    /// The type as the instance sees it.
    pub ty: ResourceIndex,
}

/// Moves an owned handle from one table to another: from the caller to the callee, or for a result from the callee to
/// the caller.
///
/// Specification: `lift_own`, then `lower_own`.
pub fn transfer_own(index: u32, from: HandlesOf<'_>, to: HandlesOf<'_>) -> Result<u32, HandleError> {
    let rep = from.table.remove_own(index, &from.ty)?;
    to.table.insert_own(to.ty, rep)
}

/// What one call from one component instance to another has borrowed and lent.
#[derive(Debug, Default)]
pub struct CallBorrows {
    /// The handles that the callee must drop before it returns. Created with the first handle.
    scope: Option<Arc<Scope>>,
    /// What the caller lends.
    lends: Lends,
}

impl CallBorrows {
    /// Lends a handle of the caller to the callee. If the callee defines the resource type itself, it gets the
    /// representation instead of a handle.
    ///
    /// Specification: `lift_borrow`, then `lower_borrow`.
    pub fn transfer(
        &mut self,
        index: u32,
        from: HandlesOf<'_>,
        to: HandlesOf<'_>,
        defined_by_callee: bool,
    ) -> Result<u32, HandleError> {
        let Found { rep, .. } = from.table.lend(index, &from.ty, &mut self.lends)?;
        if defined_by_callee {
            return Ok(rep);
        }
        let scope = self.scope.get_or_insert_with(|| Arc::new(Scope::new()));
        to.table.insert_borrow(to.ty, rep, scope)
    }

    /// Ends the call. Returns an error if the callee keeps handles that it borrowed. `lender` is the caller's table.
    pub fn finish(mut self, lender: &HandleTable<ResourceIndex>) -> Result<(), HandleError> {
        self.scope.as_ref().map_or(Ok(()), |scope| scope.finish())?;
        lender.unlend(&mut self.lends);
        Ok(())
    }
}
