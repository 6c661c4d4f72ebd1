//! The names by which the imports of a module's world are told from those of host modules.

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
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

/// What wit-component or wit-parser says against a module or a world.
pub(super) fn mismatch(error: impl std::fmt::Display) -> AdaptError {
    AdaptError::World {
        message: format!("{error:#}"),
    }
}
