//! The items that a core module can get from an imported one: functions, and globals that never change. All threads
//! would have to share anything else, but the host instantiates the imported module for each thread.

use super::{Flatten, Source};
use crate::error::LowerError;
use wasmtime_environ::EntityType;
use wasmtime_environ::component::{CoreDef, StaticModuleIndex};

impl Flatten<'_> {
    pub(super) fn check_imported(&self, index: StaticModuleIndex, arguments: &[CoreDef]) -> Result<(), LowerError> {
        for ((from, name, ty), argument) in self.modules[index].module.imports().zip(arguments) {
            let CoreDef::Export(export) = argument else { continue };
            let Source::Import(_) = self.sources[export.instance.as_u32() as usize] else {
                continue;
            };
            let kind = match ty {
                EntityType::Memory(_) => "memory",
                EntityType::Table(_) => "table",
                EntityType::Global(global) if global.mutability => "mutable global",
                EntityType::Tag(_) => "tag",
                EntityType::Global(_) | EntityType::Function(_) => continue,
            };
            let item = format!("{kind} `{name}` of an imported core module");
            let refused = LowerError::unsupported(item, "define it in the component");
            return Err(refused.at(self.core_import_place(index, from, name)));
        }
        Ok(())
    }
}
