//! The names of a core module's imports.

use std::collections::HashMap;

/// The names of imports in a core module, by their names in the adapted component. Empty for a component, which weft
/// does not adapt.
#[derive(Default)]
pub(super) struct SourceNames(HashMap<String, String>);

impl SourceNames {
    /// Of a core module that can be adapted.
    pub(super) fn of(module: &[u8]) -> SourceNames {
        let mut names = HashMap::new();
        for item in weft_adapt::imported_items(module) {
            // If the module has an import twice, the first is reported.
            let name = names.entry(item.adapted);
            name.or_insert_with(|| format!("{} (at offset {:#x})", item.source, item.offset));
        }
        SourceNames(names)
    }

    /// An import of the component as the module's author knows it, and where it is.
    pub(super) fn source(&self, import: &str) -> String {
        self.0.get(import).cloned().unwrap_or_else(|| import.to_owned())
    }
}
