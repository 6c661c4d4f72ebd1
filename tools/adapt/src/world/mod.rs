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

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
use crate::info::ModuleInfo;
use crate::package;
use std::collections::BTreeSet;
use wit_parser::{WorldItem, WorldKey};

/// What custom sections with a world's types are called: this, or this with a name behind it.
pub(crate) const SECTION: &str = "component-type";

/// The names of a module's world that tell its imports from those of host modules.
pub(crate) struct WorldNames {
    /// Imported interfaces that have a plain name: `import name: interface { .. }`.
    interfaces: BTreeSet<String>,
}

impl WorldNames {
    /// Those of the world that is embedded in a module.
    pub(crate) fn decode(wasm: &[u8]) -> Result<WorldNames, AdaptError> {
        let (_, bindgen) = wit_component::metadata::decode(wasm).map_err(mismatch)?;
        let world = bindgen.resolve.worlds.get(bindgen.world);
        let imports = world.into_iter().flat_map(|world| &world.imports);
        let interfaces = imports.filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Interface { .. }) => Some(name.clone()),
            (WorldKey::Name(_), WorldItem::Function(_) | WorldItem::Type { .. }) | (WorldKey::Interface(_), _) => None,
        });
        Ok(WorldNames {
            interfaces: interfaces.collect(),
        })
    }

    /// Whether an import is one of the world's, or claims to be.
    pub(crate) fn claims(&self, module: &str, name: &str) -> bool {
        match module {
            ROOT => Builtin::named(name).is_none(),
            module if package::is_of_package(module) => false,
            module => {
                module.contains(':')
                    || module.starts_with("[export]")
                    || module.starts_with("cm32p2")
                    || self.interfaces.contains(module)
            }
        }
    }
}

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

/// What wit-component or wit-parser says against a module or a world.
fn mismatch(error: impl std::fmt::Display) -> AdaptError {
    AdaptError::World {
        message: format!("{error:#}"),
    }
}
