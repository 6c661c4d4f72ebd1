//! Rewrites atomic accesses of globals, tables, structs and arrays as plain accesses, which do the same if threads take
//! turns.
//!
//! **Before:** `(global.atomic.rmw.add seqcst $g (v))`. **After,** with new scratch locals:
//!
//! ```wat
//! (local.set $v (v))
//! (local.set $old (global.get $g))
//! (global.set $g (i32.add (local.get $old) (local.get $v)))
//! (local.get $old)
//! ```
//!
//! Other places have operands of their own, such as the index of a table's element. These are also kept in locals.

use super::body::Body;
use crate::binary::module_items::ModuleItems;
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{BlockType, Instruction, ValType};
use wasmparser::{Operator, RefType, UnpackedIndex};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// An atomic access.
pub(super) struct Access {
    place: AccessPlace,
    operation: Operation,
}

#[derive(Clone, Copy)]
enum AccessPlace {
    Global(u32),
    Table(u32),
    /// A field of structs of a type.
    Field(u32, u32),
    /// An element of arrays of a type.
    Element(u32),
}

#[derive(Clone, Copy)]
enum Operation {
    Get(Extension),
    Set,
    Arithmetic(Arithmetic),
    Exchange,
    CompareExchange,
}

/// How a value that is stored in fewer bits is extended to an `i32`.
#[derive(Clone, Copy)]
enum Extension {
    None,
    Signed,
    Unsigned,
}

#[derive(Clone, Copy)]
enum Arithmetic {
    Add,
    Sub,
    And,
    Or,
    Xor,
}

impl Access {
    /// Whether threads share the place.
    pub fn is_shared(&self, items: &ModuleItems) -> bool {
        match self.place {
            AccessPlace::Global(global) => items.is_shared_global(global),
            AccessPlace::Table(table) => items.is_shared_table(table),
            // Where this matters, shared heap types are refused.
            AccessPlace::Field(..) | AccessPlace::Element(_) => false,
        }
    }

    /// The access that an instruction makes, if it is an atomic access to something other than a memory.
    pub fn of(instruction: &Operator<'_>) -> Option<Self> {
        let (place, operation) = global_access(instruction)
            .or_else(|| table_access(instruction))
            .or_else(|| struct_access(instruction))
            .or_else(|| array_access(instruction))?;
        Some(Access { place, operation })
    }
}

/// Defines a function that returns the access that an instruction makes to one kind of place.
macro_rules! accesses {
    ($function:ident, $indices:tt => $place:expr, $($instruction:ident => $operation:expr,)+) => {
        fn $function(instruction: &Operator<'_>) -> Option<(AccessPlace, Operation)> {
            match *instruction {
                $(Operator::$instruction $indices => Some(($place, $operation)),)+
                _ => None,
            }
        }
    };
}

accesses! {
    global_access, { global_index, .. } => AccessPlace::Global(global_index),
    GlobalAtomicGet => Operation::Get(Extension::None),
    GlobalAtomicSet => Operation::Set,
    GlobalAtomicRmwAdd => Operation::Arithmetic(Arithmetic::Add),
    GlobalAtomicRmwSub => Operation::Arithmetic(Arithmetic::Sub),
    GlobalAtomicRmwAnd => Operation::Arithmetic(Arithmetic::And),
    GlobalAtomicRmwOr => Operation::Arithmetic(Arithmetic::Or),
    GlobalAtomicRmwXor => Operation::Arithmetic(Arithmetic::Xor),
    GlobalAtomicRmwXchg => Operation::Exchange,
    GlobalAtomicRmwCmpxchg => Operation::CompareExchange,
}

accesses! {
    table_access, { table_index, .. } => AccessPlace::Table(table_index),
    TableAtomicGet => Operation::Get(Extension::None),
    TableAtomicSet => Operation::Set,
    TableAtomicRmwXchg => Operation::Exchange,
    TableAtomicRmwCmpxchg => Operation::CompareExchange,
}

accesses! {
    struct_access, { struct_type_index, field_index, .. } => AccessPlace::Field(struct_type_index, field_index),
    StructAtomicGet => Operation::Get(Extension::None),
    StructAtomicGetS => Operation::Get(Extension::Signed),
    StructAtomicGetU => Operation::Get(Extension::Unsigned),
    StructAtomicSet => Operation::Set,
    StructAtomicRmwAdd => Operation::Arithmetic(Arithmetic::Add),
    StructAtomicRmwSub => Operation::Arithmetic(Arithmetic::Sub),
    StructAtomicRmwAnd => Operation::Arithmetic(Arithmetic::And),
    StructAtomicRmwOr => Operation::Arithmetic(Arithmetic::Or),
    StructAtomicRmwXor => Operation::Arithmetic(Arithmetic::Xor),
    StructAtomicRmwXchg => Operation::Exchange,
    StructAtomicRmwCmpxchg => Operation::CompareExchange,
}

accesses! {
    array_access, { array_type_index, .. } => AccessPlace::Element(array_type_index),
    ArrayAtomicGet => Operation::Get(Extension::None),
    ArrayAtomicGetS => Operation::Get(Extension::Signed),
    ArrayAtomicGetU => Operation::Get(Extension::Unsigned),
    ArrayAtomicSet => Operation::Set,
    ArrayAtomicRmwAdd => Operation::Arithmetic(Arithmetic::Add),
    ArrayAtomicRmwSub => Operation::Arithmetic(Arithmetic::Sub),
    ArrayAtomicRmwAnd => Operation::Arithmetic(Arithmetic::And),
    ArrayAtomicRmwOr => Operation::Arithmetic(Arithmetic::Or),
    ArrayAtomicRmwXor => Operation::Arithmetic(Arithmetic::Xor),
    ArrayAtomicRmwXchg => Operation::Exchange,
    ArrayAtomicRmwCmpxchg => Operation::CompareExchange,
}

impl AccessPlace {
    /// The types of the operands that select the place, and the type of the value there.
    fn types(self, items: &ModuleItems) -> Option<(Vec<wasmparser::ValType>, wasmparser::ValType)> {
        use wasmparser::ValType;
        let heap = |ty| Some(ValType::Ref(RefType::concrete(true, UnpackedIndex::Module(ty).pack()?)));
        Some(match self {
            AccessPlace::Global(global) => (vec![], items.global(global)?),
            AccessPlace::Table(table) => {
                let (index, element) = items.table(table)?;
                (vec![index], ValType::Ref(element))
            }
            AccessPlace::Field(ty, field) => (vec![heap(ty)?], items.field(ty, field)?.unpack()),
            AccessPlace::Element(ty) => (vec![heap(ty)?, ValType::I32], items.element(ty)?.unpack()),
        })
    }

    fn get(self, extension: Extension) -> Instruction<'static> {
        match (self, extension) {
            (AccessPlace::Global(global), _) => Instruction::GlobalGet(global),
            (AccessPlace::Table(table), _) => Instruction::TableGet(table),
            (AccessPlace::Field(struct_type_index, field_index), extension) => match extension {
                Extension::None => Instruction::StructGet {
                    struct_type_index,
                    field_index,
                },
                Extension::Signed => Instruction::StructGetS {
                    struct_type_index,
                    field_index,
                },
                Extension::Unsigned => Instruction::StructGetU {
                    struct_type_index,
                    field_index,
                },
            },
            (AccessPlace::Element(ty), Extension::None) => Instruction::ArrayGet(ty),
            (AccessPlace::Element(ty), Extension::Signed) => Instruction::ArrayGetS(ty),
            (AccessPlace::Element(ty), Extension::Unsigned) => Instruction::ArrayGetU(ty),
        }
    }

    fn set(self) -> Instruction<'static> {
        match self {
            AccessPlace::Global(global) => Instruction::GlobalSet(global),
            AccessPlace::Table(table) => Instruction::TableSet(table),
            AccessPlace::Field(struct_type_index, field_index) => Instruction::StructSet {
                struct_type_index,
                field_index,
            },
            AccessPlace::Element(ty) => Instruction::ArraySet(ty),
        }
    }
}

impl Arithmetic {
    fn instruction(self, wide: bool) -> Instruction<'static> {
        match (self, wide) {
            (Arithmetic::Add, false) => Instruction::I32Add,
            (Arithmetic::Add, true) => Instruction::I64Add,
            (Arithmetic::Sub, false) => Instruction::I32Sub,
            (Arithmetic::Sub, true) => Instruction::I64Sub,
            (Arithmetic::And, false) => Instruction::I32And,
            (Arithmetic::And, true) => Instruction::I64And,
            (Arithmetic::Or, false) => Instruction::I32Or,
            (Arithmetic::Or, true) => Instruction::I64Or,
            (Arithmetic::Xor, false) => Instruction::I32Xor,
            (Arithmetic::Xor, true) => Instruction::I64Xor,
        }
    }
}

impl Access {
    /// Adds the access to a body as plain instructions. Returns false if an item does not exist, which validation
    /// reports.
    pub fn write(
        &self,
        body: &mut Body,
        items: &ModuleItems,
        reencoder: &mut impl Reencode<Error = LowerError>,
    ) -> Result<bool> {
        let place = self.place;
        match self.operation {
            Operation::Get(extension) => body.instruction(&place.get(extension)),
            Operation::Set => body.instruction(&place.set()),
            Operation::Arithmetic(_) | Operation::Exchange | Operation::CompareExchange => {
                let Some((operands, value)) = place.types(items) else {
                    return Ok(false);
                };
                let operands = operands.into_iter().map(|ty| reencoder.val_type(ty));
                let operands = operands.collect::<Result<Vec<_>>>()?;
                let value = reencoder.val_type(value)?;
                let equal = match value {
                    ValType::I32 => Instruction::I32Eq,
                    ValType::I64 => Instruction::I64Eq,
                    ValType::Ref(_) => Instruction::RefEq,
                    ValType::F32 | ValType::F64 | ValType::V128 => return Ok(false),
                };
                self.read_modify_write(body, &operands, value, &equal);
            }
        }
        Ok(true)
    }

    /// `equal` compares two values.
    fn read_modify_write(&self, body: &mut Body, operands: &[ValType], value: ValType, equal: &Instruction<'_>) {
        body.free_scratch();
        let wide = value == ValType::I64;
        let new = body.scratch(value);
        let expected = match self.operation {
            // The expected reference may have any type that can be compared.
            Operation::CompareExchange => Some(body.scratch(match value {
                ValType::Ref(_) => ValType::Ref(wasm_encoder::RefType::EQREF),
                number => number,
            })),
            Operation::Get(_) | Operation::Set | Operation::Arithmetic(_) | Operation::Exchange => None,
        };
        let old = body.scratch(value);
        let operands = operands.iter().map(|ty| body.scratch(*ty)).collect::<Vec<_>>();
        let which = |body: &mut Body| {
            for operand in &operands {
                body.instruction(&Instruction::LocalGet(*operand));
            }
        };
        // The last operand is on top of the stack.
        for local in [new].iter().chain(&expected).chain(operands.iter().rev()) {
            body.instruction(&Instruction::LocalSet(*local));
        }
        which(body);
        body.instruction(&self.place.get(Extension::None));
        body.instruction(&Instruction::LocalSet(old));
        if let Some(expected) = expected {
            body.instruction(&Instruction::LocalGet(old));
            body.instruction(&Instruction::LocalGet(expected));
            body.instruction(equal);
            body.instruction(&Instruction::If(BlockType::Empty));
        }
        which(body);
        if let Operation::Arithmetic(arithmetic) = self.operation {
            body.instruction(&Instruction::LocalGet(old));
            body.instruction(&Instruction::LocalGet(new));
            body.instruction(&arithmetic.instruction(wide));
        } else {
            body.instruction(&Instruction::LocalGet(new));
        }
        body.instruction(&self.place.set());
        if expected.is_some() {
            body.instruction(&Instruction::End);
        }
        body.instruction(&Instruction::LocalGet(old));
    }
}
