//! The imports of the run-time module.

use super::{Emit, Result};
use crate::plan::{Definition, MemoryIndex};
use std::collections::{HashMap, HashSet};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{EntityType, ImportSection};

/// The module name of all imports of the run-time module. Only the order of the imports matters.
const IMPORT_MODULE: &str = "weft";

impl Emit<'_> {
    /// The arguments for the imports, in order: memories, the instances' imports, and the built-ins that weft adds.
    pub(super) fn arguments(&self) -> Vec<Definition> {
        let memories = (0..self.layout.memories.len() as u32).map(|index| Definition::Memory(MemoryIndex(index)));
        let imports = self.layout.imports.iter().map(|import| import.definition.clone());
        let added = self
            .layout
            .added
            .keys()
            .map(|added| Definition::Builtin(added.builtin()));
        memories.chain(imports).chain(added).collect()
    }

    pub(super) fn add_imports(&mut self, imports: &mut ImportSection) -> Result<()> {
        let mut names = ImportNames::default();
        for (memory, index) in self.layout.memories.iter().zip(0..) {
            let ty = wasm_encoder::MemoryType {
                minimum: memory.minimum,
                maximum: Some(memory.maximum),
                memory64: memory.memory64,
                shared: true,
                page_size_log2: None,
            };
            let name = names.name(&Definition::Memory(MemoryIndex(index)));
            imports.import(IMPORT_MODULE, &name, EntityType::Memory(ty));
        }
        let layout = self.layout;
        for import in &layout.imports {
            self.current = import.instance;
            let ty = self.entity_type(import.ty)?;
            imports.import(IMPORT_MODULE, &names.name(&import.definition), ty);
        }
        for added in layout.added.keys() {
            let (parameters, results) = self.added_type(*added);
            let ty = self.add_type(&parameters, &results);
            let name = names.name(&Definition::Builtin(added.builtin()));
            imports.import(IMPORT_MODULE, &name, EntityType::Function(ty));
        }
        Ok(())
    }
}

/// The names of imports, for readers of the module. All names differ, so that the module can be linked by names.
#[derive(Default)]
struct ImportNames {
    taken: HashSet<String>,
    /// How often each name was requested, or skipped because it equals another requested name.
    counts: HashMap<String, u32>,
}

impl ImportNames {
    fn name(&mut self, definition: &Definition) -> String {
        let plain = match definition {
            Definition::Memory(memory) => format!("memory {}", memory.0),
            Definition::Import(_, name) => name.clone(),
            Definition::Lowered(lowered) => format!("lowered {}", lowered.0),
            Definition::Builtin(builtin) => builtin.to_string(),
        };
        let count = self.counts.entry(plain.clone()).or_default();
        loop {
            *count += 1;
            let name = match *count {
                1 => plain.clone(),
                number => format!("{plain} {number}"),
            };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
