//! What the names of a module's imports and exports mean in its world: which imports are not those of host modules, and which exports
//! return their results in memory.

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
use crate::guarded::guarded;
use crate::package;
use std::collections::BTreeSet;
use wit_parser::abi::AbiVariant;
use wit_parser::{
    Function, LiftLowerAbi, ManglingAndAbi, Resolve, WasmExport, WasmExportKind, World, WorldItem, WorldKey,
};

/// The name of a custom section with a world's types. A further name may follow it.
pub(crate) const SECTION: &str = "component-type";

/// The names of a module's world.
pub(crate) struct WorldNames {
    /// Imported interfaces that have a plain name: `import name: interface { .. }`.
    interfaces: BTreeSet<String>,
    /// The exports that return a pointer to their results.
    in_memory: BTreeSet<String>,
}

impl WorldNames {
    /// The names of the world that is embedded in a module.
    pub(crate) fn decode(wasm: &[u8]) -> Result<WorldNames, AdaptError> {
        let (_, bindgen) = guarded(|| wit_component::metadata::decode(wasm))?;
        let resolve = &bindgen.resolve;
        let world = resolve.worlds.get(bindgen.world);
        let world = world.ok_or_else(|| AdaptError::missing("world", bindgen.world.index()))?;
        let imports = world.imports.iter();
        let interfaces = imports.filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Interface { .. }) => Some(name.clone()),
            (WorldKey::Name(_), WorldItem::Function(_) | WorldItem::Type { .. }) | (WorldKey::Interface(_), _) => None,
        });
        Ok(WorldNames {
            interfaces: interfaces.collect(),
            in_memory: guarded(|| returned_in_memory(resolve, world))?,
        })
    }

    /// Whether an export returns a pointer to its results.
    pub(crate) fn is_returned_in_memory(&self, export: &str) -> bool {
        self.in_memory.contains(export)
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

/// The exports of a world that return a pointer to their results, under each name that they can have.
fn returned_in_memory(resolve: &Resolve, world: &World) -> Result<BTreeSet<String>, AdaptError> {
    let mut names = BTreeSet::new();
    let mut add = |interface: Option<&WorldKey>, func: &Function| {
        if !resolve.wasm_signature(AbiVariant::GuestExport, func).retptr {
            return;
        }
        for mangling in [ManglingAndAbi::Standard32, ManglingAndAbi::Legacy(LiftLowerAbi::Sync)] {
            let kind = WasmExportKind::Normal;
            names.insert(resolve.wasm_export_name(mangling, WasmExport::Func { interface, func, kind }));
        }
    };
    for (key, item) in &world.exports {
        match item {
            WorldItem::Function(func) => add(None, func),
            WorldItem::Interface { id, .. } => {
                let interface = resolve.interfaces.get(*id);
                let interface = interface.ok_or_else(|| AdaptError::missing("interface", id.index()))?;
                interface.functions.values().for_each(|func| add(Some(key), func));
            }
            WorldItem::Type { .. } => {}
        }
    }
    Ok(names)
}
