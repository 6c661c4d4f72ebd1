//! The names that distinguish the imports of a module's world from those of host modules.

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
use crate::guarded::guarded;
use crate::package;
use std::collections::BTreeSet;
use wit_parser::{WorldItem, WorldKey};

/// The name of a custom section with a world's types. A further name may follow it.
pub(crate) const SECTION: &str = "component-type";

/// The names of a module's world that distinguish its imports from those of host modules.
pub(crate) struct WorldNames {
    /// Imported interfaces that have a plain name: `import name: interface { .. }`.
    interfaces: BTreeSet<String>,
}

impl WorldNames {
    /// The names of the world that is embedded in a module.
    pub(crate) fn decode(wasm: &[u8]) -> Result<WorldNames, AdaptError> {
        let (_, bindgen) = guarded(|| wit_component::metadata::decode(wasm))?;
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

    /// Whether an import belongs to the world, or has such a name.
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
