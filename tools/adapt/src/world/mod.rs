//! Modules of a WIT world: their component has the world's imports and exports.
//!
//! # Problem
//!
//! wit-component makes components of such modules. It places and checks names, types, lifts and lowers, but it knows neither
//! shared functions nor imported memories, and its components import no core modules.
//!
//! # How it is done
//!
//! wit-component gets a *stand-in* (`stand_in`): a module without threads that imports and exports what the world asks of the
//! input, under the same names and types and with the same `component-type` sections, but has no code. In the component that
//! comes back, everything of component level is what the input needs: types, imports, exports, lifts. `parts` reads which
//! canonical definition each of the stand-in's imports is, and what each of its exports is used for. `splice` writes the
//! component anew, with `$state` and `$main` in place of the stand-in, so that lowers use the shared memory.
//!
//! `realloc` functions and destructors are needed before `$main` exists. So the component gets two more core modules:
//!
//! ```wat
//! (core module $early                                   ;; what lowers and resource types refer to
//!   (table (export "table") shared 1 1 (ref null (shared func)))
//!   (func (export "cabi_realloc") .. (call_indirect .. (i32.const 0))))
//! (core module $late                                    ;; instantiated after $main; runs `_initialize`, too
//!   (import "early" "table" ..) (import "main" "cabi_realloc" (func $f ..))
//!   (elem (i32.const 0) func $f))
//! ```
//!
//! A module without threads whose imports are all of its world, or of adapters that the caller gives, is left to wit-component
//! alone. So is a module with cooperative threads.
//!
//! **Rejected:** an encoder of our own for a world's types. It would repeat what wit-component does for nested interfaces,
//! resources and versions, and would drift from it.

mod cooperative;
mod options;
mod parts;
mod splice;
mod stand_in;
mod whole;

pub use options::Options;
pub(crate) use parts::{Parts, Use};
pub(crate) use splice::splice;
pub(crate) use whole::whole;

use crate::error::AdaptError;
use crate::info::ModuleInfo;

/// A module's world, encoded by wit-component, and what its parts are.
pub(crate) struct World {
    pub(crate) component: Vec<u8>,
    pub(crate) parts: Parts,
}

impl World {
    /// That of a module, if it has one.
    pub(crate) fn of(info: &ModuleInfo<'_>) -> Result<Option<World>, AdaptError> {
        if info.world.is_none() {
            return Ok(None);
        }
        let component = stand_in::encode(info)?;
        let parts = Parts::parse(&component)?;
        Ok(Some(World { component, parts }))
    }
}
