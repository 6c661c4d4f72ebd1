//! Finds the item of a core module that the translator names, by its index or by the name of an export.

use wasmtime_environ::component::ExportItem;
use wasmtime_environ::{EntityIndex, Module};

/// The item of `module`, or `None` if it exports nothing by that name.
pub(super) fn exported<T: Copy + Into<EntityIndex>>(module: &Module, item: &ExportItem<T>) -> Option<EntityIndex> {
    match item {
        ExportItem::Index(entity) => Some((*entity).into()),
        ExportItem::Name(name) => {
            let mut exports = module.exports.iter();
            let (_, entity) = exports.find(|(export, _)| module.strings[**export] == **name)?;
            Some(*entity)
        }
    }
}
