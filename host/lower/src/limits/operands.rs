//! Limits instructions that pop or push many operands for their size.
//!
//! **Problem.** In unreachable code, `array.new_fixed $t 4294967295` is valid without a single operand, but a validator
//! still pops each of them: 20 seconds for 136 bytes. A call of a function with a thousand results takes two bytes, and
//! a branch with as many operands takes one byte of a `br_table`.
//!
//! **Here**, weft counts the operands of `array.new_fixed`, and of instructions with more than a hundred operands.
//! Reachable code has an instruction for nearly each operand of the former, and compilers do not generate the latter,
//! so a real program has fewer such operands than bytes of code.
//!
//! **Rejected:** a limit for each instruction, of which a small module has thousands; following the labels of blocks, which a validator
//! does (the widest block of a function bounds its branches).

use crate::error::LowerError;
use wasmparser::{BlockType, CompositeInnerType, FunctionBody, Operator, Parser, Payload, TypeRef};

/// How many operands there may be beyond one for each byte of code.
const OPERANDS: u64 = 10_000_000;

/// So many operands of an instruction are not counted: it would take megabytes of code to make them matter.
const FEW: u32 = 100;

/// Refuses a binary, a component or a core module, of which some core module has too many operands.
pub(crate) fn check(binary: &[u8]) -> Result<(), LowerError> {
    let mut module = Module::default();
    // What is malformed is left to validation, which says so in its order.
    for payload in Parser::new(0).parse_all(binary).map_while(Result::ok) {
        match payload {
            Payload::Version { .. } => module = Module::default(),
            Payload::TypeSection(types) => {
                for group in types.into_iter().map_while(Result::ok) {
                    group.types().for_each(|ty| module.define(&ty.composite_type.inner));
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports().map_while(Result::ok) {
                    match import.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            module.functions.push(ty);
                            module.next_body += 1;
                        }
                        TypeRef::Tag(tag) => module.tags.push(tag.func_type_idx),
                        TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Global(_) => {}
                    }
                }
            }
            Payload::FunctionSection(functions) => module.functions.extend(functions.into_iter().map_while(Result::ok)),
            Payload::TagSection(tags) => {
                let tags = tags.into_iter().map_while(Result::ok);
                module.tags.extend(tags.map(|tag| tag.func_type_idx));
            }
            Payload::CodeSectionEntry(body) if module.counts() => module.body(&body)?,
            _ => {}
        }
    }
    Ok(())
}

/// What is known of a core module so far.
#[derive(Default)]
struct Module {
    /// How many operands an instruction with a type takes and gives.
    operands_of_types: Vec<u32>,
    has_arrays: bool,
    /// The types of functions and tags.
    functions: Vec<u32>,
    tags: Vec<u32>,
    /// The function whose body is read next.
    next_body: usize,
    operands: u64,
    /// Of the code that was read so far.
    bytes: u64,
}

impl Module {
    fn define(&mut self, ty: &CompositeInnerType) {
        let operands = match ty {
            CompositeInnerType::Func(ty) => ty.params().len() + ty.results().len(),
            CompositeInnerType::Struct(ty) => ty.fields.len(),
            CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => 0,
        };
        self.operands_of_types.push(u32::try_from(operands).unwrap_or(u32::MAX));
        self.has_arrays |= matches!(ty, CompositeInnerType::Array(_));
    }

    fn counts(&self) -> bool {
        self.has_arrays || self.operands_of_types.iter().any(|operands| *operands > FEW)
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), LowerError> {
        self.bytes = self.bytes.saturating_add(body.range().len() as u64);
        let mut widest = self.of_item(&self.functions, self.next_body);
        self.next_body += 1;
        let operators = body.get_operators_reader().into_iter();
        for (operator, offset) in
            operators.flat_map(|operators| operators.into_iter_with_offsets().map_while(Result::ok))
        {
            let operands = self.of(&operator, &mut widest);
            self.operands = self.operands.saturating_add(operands);
            let limit = OPERANDS.saturating_add(self.bytes);
            if self.operands > limit {
                return Err(LowerError::Limit {
                    name: "operands",
                    limit,
                    advice: "use fewer parameters and results, and smaller structs and arrays",
                    offset: offset as u64,
                });
            }
        }
        Ok(())
    }

    /// How many operands of an instruction count. `widest` is how many the branches of the function have so far.
    fn of(&self, operator: &Operator<'_>, widest: &mut u32) -> u64 {
        let operands = match *operator {
            Operator::ArrayNewFixed { array_size, .. } => return array_size.into(),
            Operator::StructNew { struct_type_index } => self.of_type(struct_type_index),
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.of_item(&self.functions, function_index as usize)
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => self.of_type(type_index),
            Operator::Throw { tag_index } => self.of_item(&self.tags, tag_index as usize),
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                self.of_block(blockty, widest)
            }
            Operator::TryTable { ref try_table } => self.of_block(try_table.ty, widest),
            Operator::BrTable { ref targets } => {
                return u64::from(counted(*widest)).saturating_mul(u64::from(targets.len()) + 1);
            }
            Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
            | Operator::Return
            | Operator::Else
            | Operator::End => *widest,
            _ => 0,
        };
        counted(operands).into()
    }

    fn of_block(&self, ty: BlockType, widest: &mut u32) -> u32 {
        let BlockType::FuncType(ty) = ty else {
            return 0;
        };
        let operands = self.of_type(ty);
        *widest = (*widest).max(operands);
        operands
    }

    fn of_item(&self, types: &[u32], index: usize) -> u32 {
        types.get(index).map_or(0, |ty| self.of_type(*ty))
    }

    fn of_type(&self, ty: u32) -> u32 {
        let operands = self.operands_of_types.get(ty as usize);
        operands.copied().unwrap_or_default()
    }
}

fn counted(operands: u32) -> u32 {
    if operands > FEW { operands } else { 0 }
}
