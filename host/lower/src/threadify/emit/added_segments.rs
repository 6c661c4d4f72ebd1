//! The run-time module's own segments, after those of the instances.

use super::sections::Sections;
use wasm_encoder::{ConstExpr, Elements, RefType};

/// The segments, in the order of their indices.
pub(super) struct AddedSegments {
    first_data: u32,
    data: Vec<Vec<u8>>,
    empty_data: Option<u32>,
    first_elements: u32,
    /// Empty segments, by the type of their elements.
    empty_elements: Vec<RefType>,
    /// The segment that comes last: active, with its table and offset, or declared.
    pub last_elements: Option<(Option<(u32, ConstExpr)>, Elements<'static>)>,
}

impl AddedSegments {
    pub fn new(first_data: u32, first_elements: u32) -> Self {
        AddedSegments {
            first_data,
            data: Vec::new(),
            empty_data: None,
            first_elements,
            empty_elements: Vec::new(),
            last_elements: None,
        }
    }

    pub fn add_data(&mut self, data: Vec<u8>) -> u32 {
        self.data.push(data);
        self.first_data + self.data.len() as u32 - 1
    }

    pub fn empty_data(&mut self) -> u32 {
        match self.empty_data {
            Some(index) => index,
            None => {
                let index = self.add_data(Vec::new());
                *self.empty_data.insert(index)
            }
        }
    }

    pub fn empty_elements(&mut self, ty: RefType) -> u32 {
        let found = self.empty_elements.iter().position(|known| *known == ty);
        let position = found.unwrap_or_else(|| {
            self.empty_elements.push(ty);
            self.empty_elements.len() - 1
        });
        self.first_elements + position as u32
    }

    pub fn write(&mut self, sections: &mut Sections) {
        for data in self.data.drain(..) {
            sections.data.passive(data);
        }
        for ty in self.empty_elements.drain(..) {
            sections
                .elements
                .passive(Elements::Expressions(ty, [].as_slice().into()));
        }
        match self.last_elements.take() {
            Some((Some((table, offset)), elements)) => {
                sections.elements.active(Some(table), &offset, elements);
            }
            Some((None, elements)) => {
                sections.elements.declared(elements);
            }
            None => {}
        }
    }
}
