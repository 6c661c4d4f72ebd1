//! The items that a component's core modules export for the host, by name.

use super::func::{Func, TypedFunc};
use super::memory::Memory;
use super::table::Table;
use crate::engine::component::Component;
use crate::error::Error;
use wasmtime::{WasmParams, WasmResults};
use weft_lower::plan::{CoreExport, CoreItem};

/// What a core module exports: functions, memories and tables of functions, by name.
///
/// `weft adapt` keeps the exports of the core modules that it adapts, unless the module has a WIT world. A component hides its core modules,
/// and has no such exports, unless a core module names them for the host.
#[derive(Clone)]
pub struct Exports {
    component: Component,
}

impl Exports {
    pub(in crate::surface) fn new(component: &Component) -> Self {
        Exports {
            component: component.clone(),
        }
    }

    /// The names of all items, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let items = self.component.plan().core_exports.items.iter();
        items.map(|export| export.name.as_str())
    }

    /// The memory of this name.
    pub fn get_memory(&self, name: &str) -> Option<Memory> {
        let export = self.find(name, |item| matches!(item, CoreItem::Memory(_)))?;
        Some(Memory::new(&self.component, export))
    }

    /// The table of functions of this name.
    pub fn get_table(&self, name: &str) -> Option<Table> {
        let export = self.find(name, |item| matches!(item, CoreItem::Table(_)))?;
        Some(Table::new(&self.component, export))
    }

    /// The function of this name, of any core type.
    pub fn get_func(&self, name: &str) -> Option<Func> {
        let export = self.find(name, |item| matches!(item, CoreItem::Function(_)))?;
        Some(Func::exported(&self.component, export))
    }

    /// The function of this name, with parameters and results of these Rust types.
    ///
    /// # Errors
    ///
    /// There is no such function, or it is of another type.
    pub fn get_typed_func<Params: WasmParams, Results: WasmResults>(
        &self,
        name: &str,
    ) -> Result<TypedFunc<Params, Results>, Error> {
        let func = self.get_func(name).ok_or_else(|| Error::NoExport(name.to_owned()))?;
        func.typed()
    }

    fn find(&self, name: &str, is_wanted: impl Fn(&CoreItem) -> bool) -> Option<usize> {
        let exports = &self.component.plan().core_exports;
        let position = exports.find(name)?;
        let found: &CoreExport = &exports.items[position];
        is_wanted(&found.item).then_some(position)
    }
}
