//! Tuples as the parameters and the result of functions.

use super::{ComponentType, TypeCheck};
use crate::check::Mismatch;
use crate::types::ValType;

/// Whether an item fits a type.
pub(super) type Fits<'f> = dyn Fn(ValType) -> Result<(), Mismatch> + 'f;

/// Finds the type for the item at a position, and asks whether the item fits.
#[doc(hidden)]
pub type EachItem<'e> = dyn FnMut(usize, &Fits<'_>) -> Result<(), Mismatch> + 'e;

/// A tuple whose items stand for the parameters of a function, or for its result: `()` or a tuple of one.
pub trait ComponentNamedList: ComponentType {
    /// How many items there are.
    #[doc(hidden)]
    const LENGTH: usize;

    /// Has each item compared with a type that `each` knows by the item's position.
    ///
    /// # Errors
    ///
    /// One does not fit.
    #[doc(hidden)]
    fn typecheck_each(types: &TypeCheck<'_>, each: &mut EachItem<'_>) -> Result<(), Mismatch>;
}
