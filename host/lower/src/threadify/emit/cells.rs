//! Rewrites accesses to shared globals that code writes: they are cells in a hidden memory.
//!
//! ```wat
//! (global.set $g (V))                 ;; before
//! (local.set $v (V)) (i64.store $cells (i32.const ADDRESS) (local.get $v))    ;; after
//! ```
//!
//! Cells are aligned, so no access to one is torn. A vector's cell has a version number, which is odd while a thread
//! writes the vector; readers compare it before and after they read ([SETS-02, SETS-03]). Atomic accesses are
//! sequentially consistent, whatever weaker order they ask for.
//!
//! [SETS-02, SETS-03]: https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md#globals

use super::helper::Helper;
use super::{Emit, Result, internal, unknown};
use crate::chunks::body::Body;
use crate::threadify::layout::{Added, Cell, CellType, GlobalAt};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{GlobalSection, Instruction, MemArg, ValType};
use wasmparser::Operator;

impl<'a> Emit<'a> {
    /// Defines the globals. Cells get their initial values once; other globals are initialized on each thread.
    pub(super) fn globals(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'a>,
    ) -> Result<()> {
        for (global, index) in section.into_iter().zip(self.facts().module.imported.globals..) {
            let global = global?;
            match self.spaces().globals.get(index as usize) {
                None => return Err(unknown("global", index)),
                Some(GlobalAt::Cell(cell)) => self.initialize_cell(*cell, &global.init_expr)?,
                Some(GlobalAt::Index(_)) => {
                    let mut ty = self.global_type(global.ty)?;
                    ty.shared = false;
                    let value = self.const_expr(global.init_expr)?;
                    globals.global(ty, &value);
                }
            }
        }
        Ok(())
    }

    fn initialize_cell(&mut self, cell: Cell, value: &wasmparser::ConstExpr<'a>) -> Result<()> {
        let address = Instruction::I32Const(cell.address as i32);
        let value = self.constant(value)?;
        match cell.ty {
            CellType::V128 => {
                let helper = self.functions.get(Helper::SetVector);
                self.initialize.extend(value);
                self.initialize.extend([address, Instruction::Call(helper)]);
            }
            ty => {
                self.initialize.extend([address]);
                self.initialize.extend(value);
                if ty == CellType::Handle {
                    let handle = self.added(Added::FunctionHandle)?;
                    self.initialize.extend([handle]);
                }
                self.initialize.extend([self.plain(ty)?.1]);
            }
        }
        Ok(())
    }

    /// The instructions of a constant expression, without its `end`.
    pub(super) fn constant(&mut self, expression: &wasmparser::ConstExpr<'a>) -> Result<Vec<Instruction<'a>>> {
        let mut instructions = Vec::new();
        let mut operators = expression.get_operators_reader();
        while !operators.is_end_then_eof() {
            instructions.push(self.instruction(operators.read()?)?);
        }
        Ok(instructions)
    }

    /// The call of a built-in that weft adds.
    pub(super) fn added(&self, added: Added) -> Result<Instruction<'static>> {
        let index = self.layout.added.get(&added).copied();
        Ok(Instruction::Call(index.ok_or_else(|| unknown("built-in", 0))?))
    }

    pub(super) fn cell_access(
        &mut self,
        body: &mut Body,
        operator: &Operator<'_>,
        global: u32,
        cell: Cell,
    ) -> Result<()> {
        let address = Instruction::I32Const(cell.address as i32);
        match operator {
            Operator::GlobalGet { .. } => return self.cell_get(body, global, cell),
            Operator::GlobalSet { .. } => return self.cell_set(body, cell),
            _ => {}
        }
        // SETV-16: no other type has atomic accesses, except references that cannot be shared.
        let wide = match cell.ty {
            CellType::I32 => false,
            CellType::I64 => true,
            CellType::F32 | CellType::F64 | CellType::V128 | CellType::Handle => {
                let message = format!("an atomic access of global {global}, a cell of type {:?}", cell.ty);
                return Err(internal(message));
            }
        };
        match operator {
            Operator::GlobalAtomicGet { .. } => {
                let memarg = self.cell_memarg(cell.ty)?;
                let load = if wide {
                    Instruction::I64AtomicLoad(memarg)
                } else {
                    Instruction::I32AtomicLoad(memarg)
                };
                body.extend([address, load]);
                Ok(())
            }
            Operator::GlobalAtomicRmwCmpxchg { .. } => {
                let ty = if wide { ValType::I64 } else { ValType::I32 };
                let memarg = self.cell_memarg(cell.ty)?;
                let [expected, replacement] = body.scratch([ty, ty]);
                body.extend([Instruction::LocalSet(replacement), Instruction::LocalSet(expected)]);
                body.extend([
                    address,
                    Instruction::LocalGet(expected),
                    Instruction::LocalGet(replacement),
                ]);
                body.push(match wide {
                    true => Instruction::I64AtomicRmwCmpxchg(memarg),
                    false => Instruction::I32AtomicRmwCmpxchg(memarg),
                });
                Ok(())
            }
            other => {
                let instruction = atomic_write(other, wide, self.cell_memarg(cell.ty)?);
                let instruction = instruction.ok_or_else(|| unknown("global", global))?;
                let ty = if wide { ValType::I64 } else { ValType::I32 };
                let [value] = body.scratch([ty]);
                body.extend([
                    Instruction::LocalSet(value),
                    address,
                    Instruction::LocalGet(value),
                    instruction,
                ]);
                Ok(())
            }
        }
    }

    fn cell_get(&mut self, body: &mut Body, global: u32, cell: Cell) -> Result<()> {
        body.push(Instruction::I32Const(cell.address as i32));
        match cell.ty {
            CellType::V128 => body.push(Instruction::Call(self.functions.get(Helper::GetVector))),
            ty => body.push(self.plain(ty)?.0),
        }
        if cell.ty == CellType::Handle {
            let ty = self
                .facts()
                .module
                .globals
                .get(global as usize)
                .map(|ty| ty.content_type);
            let Some(wasmparser::ValType::Ref(ty)) = ty else {
                return Err(unknown("global", global));
            };
            self.reference(body, ty)?;
        }
        Ok(())
    }

    fn cell_set(&mut self, body: &mut Body, cell: Cell) -> Result<()> {
        let address = Instruction::I32Const(cell.address as i32);
        let scratch = match cell.ty {
            CellType::V128 => {
                body.extend([address, Instruction::Call(self.functions.get(Helper::SetVector))]);
                return Ok(());
            }
            CellType::I32 | CellType::Handle => ValType::I32,
            CellType::I64 => ValType::I64,
            CellType::F32 => ValType::F32,
            CellType::F64 => ValType::F64,
        };
        if cell.ty == CellType::Handle {
            body.push(self.added(Added::FunctionHandle)?);
        }
        let [value] = body.scratch([scratch]);
        let store = self.plain(cell.ty)?.1;
        body.extend([
            Instruction::LocalSet(value),
            address,
            Instruction::LocalGet(value),
            store,
        ]);
        Ok(())
    }

    /// The instructions that load and store a cell that is no vector.
    fn plain(&self, ty: CellType) -> Result<(Instruction<'static>, Instruction<'static>)> {
        let memarg = self.cell_memarg(ty)?;
        Ok(match ty {
            CellType::I32 | CellType::Handle | CellType::V128 => {
                (Instruction::I32Load(memarg), Instruction::I32Store(memarg))
            }
            CellType::I64 => (Instruction::I64Load(memarg), Instruction::I64Store(memarg)),
            CellType::F32 => (Instruction::F32Load(memarg), Instruction::F32Store(memarg)),
            CellType::F64 => (Instruction::F64Load(memarg), Instruction::F64Store(memarg)),
        })
    }

    fn cell_memarg(&self, ty: CellType) -> Result<MemArg> {
        match ty {
            CellType::I64 | CellType::F64 => self.cells_memarg(0, 3),
            CellType::I32 | CellType::F32 | CellType::Handle | CellType::V128 => self.cells_memarg(0, 2),
        }
    }

    /// The immediate of an access to the cells' memory. `align` is a logarithm.
    pub(super) fn cells_memarg(&self, offset: u64, align: u32) -> Result<MemArg> {
        let no_memory = || internal("cells are accessed, and have no memory");
        Ok(MemArg {
            offset,
            align,
            memory_index: self.layout.cells.ok_or_else(no_memory)?.0,
        })
    }
}

/// An atomic write access, on a cell.
fn atomic_write(operator: &Operator<'_>, wide: bool, memarg: MemArg) -> Option<Instruction<'static>> {
    Some(match (operator, wide) {
        (Operator::GlobalAtomicSet { .. }, false) => Instruction::I32AtomicStore(memarg),
        (Operator::GlobalAtomicSet { .. }, true) => Instruction::I64AtomicStore(memarg),
        (Operator::GlobalAtomicRmwAdd { .. }, false) => Instruction::I32AtomicRmwAdd(memarg),
        (Operator::GlobalAtomicRmwAdd { .. }, true) => Instruction::I64AtomicRmwAdd(memarg),
        (Operator::GlobalAtomicRmwSub { .. }, false) => Instruction::I32AtomicRmwSub(memarg),
        (Operator::GlobalAtomicRmwSub { .. }, true) => Instruction::I64AtomicRmwSub(memarg),
        (Operator::GlobalAtomicRmwAnd { .. }, false) => Instruction::I32AtomicRmwAnd(memarg),
        (Operator::GlobalAtomicRmwAnd { .. }, true) => Instruction::I64AtomicRmwAnd(memarg),
        (Operator::GlobalAtomicRmwOr { .. }, false) => Instruction::I32AtomicRmwOr(memarg),
        (Operator::GlobalAtomicRmwOr { .. }, true) => Instruction::I64AtomicRmwOr(memarg),
        (Operator::GlobalAtomicRmwXor { .. }, false) => Instruction::I32AtomicRmwXor(memarg),
        (Operator::GlobalAtomicRmwXor { .. }, true) => Instruction::I64AtomicRmwXor(memarg),
        (Operator::GlobalAtomicRmwXchg { .. }, false) => Instruction::I32AtomicRmwXchg(memarg),
        (Operator::GlobalAtomicRmwXchg { .. }, true) => Instruction::I64AtomicRmwXchg(memarg),
        _ => return None,
    })
}
