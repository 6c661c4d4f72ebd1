//! Start types that are in a recursion group with others, or have a supertype.
//!
//! **Problem.** A thread starts with a function of the start type, and the recursion group distinguishes that type from
//! others of the same shape. So the run-time module must declare the group, even if no instance does. **Before:** a
//! module that stands for the built-in and declares the type and those to which it refers. **After:** all types of that
//! module, between those of the instances and the added ones.

use crate::error::LowerError;
use wasm_encoder::TypeSection;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{Parser, Payload, TypeSectionReader};

/// A position in [`Input::start_types`](super::Input::start_types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DeclaredStart(pub u32);

/// A module that declares a start type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StartTypes<'a> {
    pub wasm: &'a [u8],
    /// The type's index.
    pub ty: u32,
}

impl<'a> StartTypes<'a> {
    /// How many types the module declares.
    pub fn count(&self) -> Result<u32, LowerError> {
        let mut count = 0;
        for section in self.sections() {
            for group in section? {
                count += group?.types().len() as u32;
            }
        }
        Ok(count)
    }

    /// Declares the types, the first of them as type `first`.
    pub fn declare(&self, types: &mut TypeSection, first: u32) -> Result<(), LowerError> {
        for section in self.sections() {
            Moved { by: first }.parse_type_section(types, section?)?;
        }
        Ok(())
    }

    fn sections(&self) -> impl Iterator<Item = Result<TypeSectionReader<'a>, LowerError>> + use<'a> {
        let payloads = Parser::new(0).parse_all(self.wasm);
        payloads.filter_map(|payload| match payload {
            Ok(Payload::TypeSection(section)) => Some(Ok(section)),
            Ok(_) => None,
            Err(error) => Some(Err(error.into())),
        })
    }
}

/// Adds to the indices of types.
struct Moved {
    by: u32,
}

impl Reencode for Moved {
    type Error = LowerError;

    fn type_index(&mut self, ty: u32) -> Result<u32, Error<LowerError>> {
        Ok(self.by + ty)
    }
}
