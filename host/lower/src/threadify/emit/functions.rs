//! The functions that weft adds to those of the instances. Emit requests them while it writes code, and writes them at
//! the end.

use super::helper::{Helper, TablePlace};
use super::sections::Sections;
use super::{Emit, Result, internal};
use crate::chunks::ChunkFunction;
use crate::chunks::body::Body;
use crate::chunks::table_growth::Reserve;
use crate::plan::{INITIALIZE_EXPORT, WrittenTableIndex};
use crate::threadify::input::{InstanceIndex, StartKind};
use crate::threadify::layout::Added;
use crate::threadify::start_types::DeclaredStart;
use wasm_encoder::{ExportKind, Instruction, ValType};

impl<'a> Emit<'a> {
    pub(super) fn add_initialize(&mut self, sections: &mut Sections) {
        let index = self.functions.get(Helper::Initialize);
        sections.exports.export(INITIALIZE_EXPORT, ExportKind::Func, index);
        for (instance, part) in self
            .input
            .instances
            .iter()
            .zip(0..)
            .map(|(instance, part)| (instance, InstanceIndex(part)))
        {
            if self.input.home(instance).is_some() {
                let index = self.functions.get(Helper::InitializeAtHome(part));
                sections
                    .exports
                    .export(&part.initialize_export(), ExportKind::Func, index);
            }
        }
    }

    pub(super) fn add_start_types(&mut self, sections: &mut Sections) {
        for start in &self.layout.starts {
            let index = self.functions.get(Helper::Start(*start));
            sections.exports.export(&start.plan().export, ExportKind::Func, index);
        }
    }

    /// Writes the added functions, and those that they request in turn.
    pub(super) fn add_helpers(&mut self, sections: &mut Sections) -> Result<()> {
        let mut written = 0;
        while let Some(helper) = self.functions.helpers.get(written).copied() {
            let (parameters, results) = self.signature(helper);
            let ty = match helper {
                Helper::Start(start) => self.start_type(start),
                Helper::Initialize
                | Helper::InitializeAtHome(_)
                | Helper::Context(_)
                | Helper::GetVector
                | Helper::SetVector
                | Helper::SetElement(_)
                | Helper::Fill(_)
                | Helper::Copy(..)
                | Helper::Chunks(_) => self.add_type(&parameters, &results),
            };
            let mut body = Body::new(parameters.len() as u32, Vec::new());
            self.helper(helper, &mut body)?;
            body.push(Instruction::End);
            sections.functions.function(ty);
            sections.code.function(&body.finish());
            let index = self.functions.first + written as u32;
            self.names.insert(index, helper.name());
            written += 1;
        }
        Ok(())
    }

    fn helper(&mut self, helper: Helper, body: &mut Body) -> Result<()> {
        match helper {
            Helper::Initialize => self
                .initialize
                .take()
                .into_iter()
                .for_each(|instruction| body.push(instruction)),
            Helper::InitializeAtHome(instance) => {
                let instructions = self.initialize.take_at_home(instance);
                let nothing = || internal(format!("nothing initializes instance {} at its home", instance.0));
                for instruction in instructions.ok_or_else(nothing)? {
                    body.push(instruction);
                }
            }
            Helper::Start(_) => body.push(Instruction::Unreachable),
            Helper::Context(access) => {
                if access.set {
                    body.push(Instruction::LocalGet(0));
                }
                body.push(self.access(access)?);
            }
            Helper::GetVector => return self.get_vector(body),
            Helper::SetVector => return self.set_vector(body),
            Helper::SetElement(table) => self.set_element(body, table),
            Helper::Fill(table) => self.fill(body, table),
            Helper::Copy(to, from) => return self.copy(body, to, from),
            Helper::Chunks(function) => {
                // Only tables that grow need it, and only then is there such a function.
                let reserve = match function {
                    ChunkFunction::GrowTable(_) => self.added(Added::ReserveTable)?,
                    ChunkFunction::Bulk(_) | ChunkFunction::Array(_) | ChunkFunction::NewArray(_) => {
                        Instruction::Unreachable
                    }
                };
                function.write(body, &Reserve::Host(reserve), self);
            }
        }
        Ok(())
    }

    fn start_type(&mut self, start: StartKind) -> u32 {
        match start.declared {
            Some(DeclaredStart(number)) => {
                let number = number as usize;
                self.layout.start_types[number] + self.input.start_types[number].ty
            }
            None => self.add_function_type(&[start.parameter()], &[], start.is_final),
        }
    }

    fn signature(&self, helper: Helper) -> (Vec<ValType>, Vec<ValType>) {
        let index = |table: WrittenTableIndex| self.place_index(TablePlace::Written(table));
        match helper {
            Helper::Initialize | Helper::InitializeAtHome(_) => (vec![], vec![]),
            Helper::Start(start) => (vec![start.parameter()], vec![]),
            Helper::Context(access) => {
                let ty = access.slot.ty.val_type();
                if access.set {
                    (vec![ty], vec![])
                } else {
                    (vec![], vec![ty])
                }
            }
            Helper::GetVector => (vec![ValType::I32], vec![ValType::V128]),
            Helper::SetVector => (vec![ValType::V128, ValType::I32], vec![]),
            Helper::SetElement(table) => (vec![index(table), ValType::I32], vec![]),
            Helper::Fill(table) => (vec![index(table), ValType::I32, index(table)], vec![]),
            Helper::Copy(to, from) => (self.copy_parameters(to, from).to_vec(), vec![]),
            Helper::Chunks(function) => function.signature(),
        }
    }
}
