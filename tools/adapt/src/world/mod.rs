//! Modules of a WIT world: their component has the world's imports and exports.
//!
//! # Problem
//!
//! wit-component makes components of such modules. It places and checks names, types, lifts and lowers, but it knows neither
//! shared functions nor imported memories, and its components import no core modules.
//!
//! # How it is done
//!
//! wit-component gets a *stand-in* (`stand_in`): a module without threads that imports and exports what the world asks
//! of the input, under the same names and types and with the same `component-type` sections, but has no code. The
//! component that it returns contains everything at component level that the input needs: types, imports, exports,
//! lifts. `parts` reads the canonical definition behind each of the stand-in's imports, and the use of each of its
//! exports. `splice` rewrites the component with `$state` and `$main` instead of the stand-in, so that lowers use the
//! shared memory.
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
//! If a module has no threads, and its world or the caller's adapters supply all of its imports, wit-component alone
//! makes the component. The same holds for a module with cooperative threads, after `cooperative` and `task_hook` have
//! rewritten what wit-component does not know.
//!
//! **Rejected:** our own encoder for a world's types (it would repeat what wit-component does for nested interfaces,
//! resources and versions, and would drift from it).

pub(crate) mod cooperative;
pub(crate) mod operands;
mod options;
pub(crate) mod parts;
mod stand_in;
pub(crate) mod task_hook;

pub(crate) use operands::Use;
pub use options::Options;
pub(crate) use parts::Parts;

use crate::error::AdaptError;
use crate::input::foreign::refuse_async;
use crate::input::info::ModuleInfo;

/// A module's world, encoded by wit-component, and its parts.
pub(crate) struct World {
    pub(crate) component: Vec<u8>,
    pub(crate) parts: Parts,
}

impl World {
    /// The world of a module, if it has one.
    pub(crate) fn of(info: &ModuleInfo<'_>) -> Result<Option<World>, AdaptError> {
        if info.world.is_none() {
            return Ok(None);
        }
        refuse_async(info)?;
        let component = stand_in::encode(info)?;
        let parts = Parts::parse(&component)?;
        Ok(Some(World { component, parts }))
    }
}
