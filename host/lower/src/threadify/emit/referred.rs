//! The functions to which code refers, and their handles.

use crate::plan::FunctionHandle;
use rustc_hash::FxHashMap;

/// The functions to which code refers. A function's handle is its position, counted from one.
#[derive(Default)]
pub(super) struct Handles {
    pub(super) functions: Vec<u32>,
    handles: FxHashMap<u32, FunctionHandle>,
}

impl Handles {
    /// The handle of a function. Assigns one if the function has none.
    pub fn refer(&mut self, function: u32) -> FunctionHandle {
        *self.handles.entry(function).or_insert_with(|| {
            self.functions.push(function);
            FunctionHandle(self.functions.len() as u32)
        })
    }
}
