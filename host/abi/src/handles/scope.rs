//! What a call borrows and lends.
//!
//! Both sides of a call have duties: until the call returns, the callee must drop the handles that it borrowed, and the
//! caller must not drop the handles that it lent.

use super::HandleError;
use crate::sync::atomic::{AtomicU32, Ordering};

/// The borrowed handles that a call has in the callee's table. Any thread of the callee may drop one.
#[derive(Debug, Default)]
pub struct Scope {
    borrows: AtomicU32,
}

impl Scope {
    /// Nothing is borrowed yet.
    pub fn new() -> Scope {
        Scope::default()
    }

    pub(super) fn borrowed(&self) {
        self.borrows.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn dropped(&self) {
        self.borrows.fetch_sub(1, Ordering::AcqRel);
    }

    /// Ends the call. The handles that it borrowed must have been dropped.
    pub fn finish(&self) -> Result<(), HandleError> {
        match self.borrows.load(Ordering::Acquire) {
            0 => Ok(()),
            _ => Err(HandleError::BorrowsRemain),
        }
    }
}

/// The handles that a caller has lent to a call, by index.
#[derive(Debug, Default)]
pub struct Lends(Vec<u32>);

impl Lends {
    /// Nothing is lent yet.
    pub fn new() -> Lends {
        Lends::default()
    }

    pub(super) fn add(&mut self, index: u32) {
        self.0.push(index);
    }

    pub(super) fn take(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.0)
    }
}
