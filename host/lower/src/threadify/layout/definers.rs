//! Which instance defines each table and global that instances pass to each other.

use super::at;
use crate::error::LowerError;
use crate::threadify::input::{Argument, Input, InstanceIndex, Item};
use crate::threadify::scan::Facts;
use wasmparser::TypeRef;

/// An instance and the index of an item that it defines.
pub(super) type Definer = (InstanceIndex, u32);

/// For each instance, the definers of its tables and globals, by index. An item from the host counts as defined by the
/// instance that imports it.
pub(super) struct Definers {
    pub tables: Vec<Vec<Definer>>,
    pub globals: Vec<Vec<Definer>>,
}

impl Definers {
    pub fn new(input: &Input<'_>, facts: &[Facts]) -> Result<Self, LowerError> {
        let mut definers = Definers {
            tables: Vec::new(),
            globals: Vec::new(),
        };
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            let own = |item: usize| (InstanceIndex(index), item as u32);
            let (mut tables, mut globals) = (Vec::new(), Vec::new());
            for (ty, argument) in facts.module.imports.iter().zip(&instance.arguments) {
                match (ty, argument) {
                    (_, Argument::Item(from, Item::Table(table))) => tables.push(at(&definers.tables[from.0], *table)?),
                    (_, Argument::Item(from, Item::Global(global))) => {
                        globals.push(at(&definers.globals[from.0], *global)?);
                    }
                    (TypeRef::Table(_), _) => tables.push(own(tables.len())),
                    (TypeRef::Global(_), _) => globals.push(own(globals.len())),
                    (TypeRef::Func(_) | TypeRef::FuncExact(_) | TypeRef::Memory(_) | TypeRef::Tag(_), _) => {}
                }
            }
            tables.extend((tables.len()..facts.module.tables.len()).map(own));
            globals.extend((globals.len()..facts.module.globals.len()).map(own));
            definers.tables.push(tables);
            definers.globals.push(globals);
        }
        Ok(definers)
    }
}
