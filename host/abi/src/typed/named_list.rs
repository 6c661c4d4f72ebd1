//! Tuples as the parameters and the result of functions.

use super::{ComponentType, TypeCheck};
use crate::check::{ArgumentError, Mismatch, PathStep};
use crate::types::{FuncType, ValType};

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

impl TypeCheck<'_> {
    /// Compares the type of a function with the parameters and the result that the host expects.
    ///
    /// # Errors
    ///
    /// They differ.
    pub fn func<P, R>(&self, func: &FuncType) -> Result<(), ArgumentError>
    where
        P: ComponentNamedList,
        R: ComponentNamedList,
    {
        let params = &func.params;
        if params.len() != P::LENGTH {
            return Err(ArgumentError::Count {
                expected: params.len(),
                found: P::LENGTH,
            });
        }
        P::typecheck_each(self, &mut |position, result| match params.get(position) {
            Some(param) => result(param.item.ty).map_err(|error| error.at(PathStep::Argument(param.name.clone()))),
            None => Ok(()),
        })?;
        let expected = usize::from(func.result.is_some());
        if expected != R::LENGTH {
            return Err(ArgumentError::ResultCount {
                expected,
                found: R::LENGTH,
            });
        }
        R::typecheck_each(self, &mut |_, result| match func.result {
            Some(ty) => result(ty).map_err(|error| error.at(PathStep::Result)),
            None => Ok(()),
        })?;
        Ok(())
    }
}
