//! A type as a core module declares it: in its recursion group, after all types to which the group refers.
//!
//! **Problem.** Two types are the same if their recursion groups are equal. So a module with functions of a component's
//! start type must declare more than that type's parameters and results. **Before:**
//!
//! ```wat
//! (core type $open (sub (shared (func (param i32)))))
//! (core rec
//!   (type $start (sub $open (shared (func (param i32)))))
//!   (type $other (shared (func (param (ref $start))))))
//! ```
//!
//! **After:** the same two groups and nothing else, as the first types of a module.
//!
//! The validator numbers groups in the order in which it finds new ones, and each refers only to earlier ones. So they
//! can be declared in that order.

use super::single_item::{contents, reader};
use crate::error::LowerError;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{SubType, TypeSection};
use wasmparser::UnpackedIndex;
use wasmparser::types::{CoreTypeId, RecGroupId, TypesRef};

/// How many types a start type may need. Each definition of a built-in declares them again.
const MAX_TYPES: usize = 1000;

/// A type, and the types to declare before it.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredType {
    /// The contents of a section of types.
    section: Arc<[u8]>,
    /// How many types there are.
    count: u32,
    /// The index of this one.
    index: u32,
}

/// The first types of a module.
#[derive(Debug, Clone)]
pub(crate) struct FirstTypes {
    pub section: TypeSection,
    /// The index of the declared type.
    pub index: u32,
    /// The index of what is added.
    pub next: u32,
}

impl DeclaredType {
    /// It is core type `index` of the component.
    pub(crate) fn of(types: TypesRef<'_>, id: CoreTypeId, index: u32) -> Result<Self, LowerError> {
        let mut declare = Declare {
            types,
            indices: HashMap::new(),
            are_known: false,
            referred: vec![id],
        };
        let mut found = BTreeSet::new();
        let mut count = 0;
        while let Some(id) = declare.referred.pop() {
            let group = types.rec_group_id_of(id);
            if found.insert(group) {
                count += types.rec_group_elements(group).len();
                if count > MAX_TYPES {
                    return Err(LowerError::unsupported(
                        format!("start type {index} that refers to more than {MAX_TYPES} types"),
                        "declare it in a smaller recursion group",
                    ));
                }
                declare.group(group)?;
            }
        }
        for group in &found {
            for id in types.rec_group_elements(*group) {
                let index = declare.indices.len() as u32;
                declare.indices.insert(id, index);
            }
        }
        declare.are_known = true;
        let mut section = TypeSection::new();
        for group in found {
            match declare.group(group)?.as_slice() {
                [ty] => section.ty().subtype(ty),
                types => section.ty().rec(types.iter().cloned()),
            }
        }
        Ok(DeclaredType {
            section: contents(&section)?.into(),
            count: declare.indices.len() as u32,
            index: declare.index(id)?,
        })
    }

    /// The types that declare it, as `reencoder` has them.
    pub fn declare(&self, reencoder: &mut impl Reencode<Error = LowerError>) -> Result<FirstTypes, LowerError> {
        let mut section = TypeSection::new();
        reencoder.parse_type_section(&mut section, reader(&self.section, 0)?)?;
        Ok(FirstTypes {
            section,
            index: self.index,
            next: self.count,
        })
    }
}

/// Builds groups, and records to which types they refer.
struct Declare<'a> {
    types: TypesRef<'a>,
    indices: HashMap<CoreTypeId, u32>,
    /// Whether all indices are known. Until then, types are only visited and not written.
    are_known: bool,
    referred: Vec<CoreTypeId>,
}

impl Declare<'_> {
    fn index(&self, id: CoreTypeId) -> Result<u32, LowerError> {
        let index = self.indices.get(&id).copied();
        index.ok_or_else(|| LowerError::Internal("a type that a start type refers to is not declared".to_owned()))
    }

    fn group(&mut self, group: RecGroupId) -> Result<Vec<SubType>, LowerError> {
        let types = self.types;
        let elements = types.rec_group_elements(group);
        let types = elements.map(|id| self.sub_type(types[id].clone()));
        Ok(types.collect::<Result<_, _>>()?)
    }
}

impl Reencode for Declare<'_> {
    type Error = LowerError;

    fn type_index_unpacked(&mut self, ty: UnpackedIndex) -> Result<u32, Error<LowerError>> {
        let UnpackedIndex::Id(id) = ty else {
            let message = format!("type {ty} of a group has not been resolved");
            return Err(Error::UserError(LowerError::Internal(message)));
        };
        self.referred.push(id);
        match self.are_known {
            true => self.index(id).map_err(Error::UserError),
            false => Ok(0),
        }
    }
}
