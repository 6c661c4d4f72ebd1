//! A guest for the tests: a memory with a `realloc` that records its calls, and handles.

use weft_abi::types::{FuncType, Types};
use weft_abi::{
    Budget, GuestMemory, HandleError, Handles, Lifter, Lowering, Options, ReallocCall, ResourceAny, ResourceIndex,
    Step, Trap, Val,
};

/// Fills fresh memory, so that a comparison shows each byte that was never written.
pub const FILL: u8 = 0xa5;

/// A guest that allocates upwards and never frees.
pub struct Guest {
    pub memory: Vec<u8>,
    pub next: u64,
    pub calls: Vec<ReallocCall>,
    pub handles: Table,
}

impl Guest {
    pub fn new() -> Guest {
        Guest {
            memory: vec![FILL; 16],
            next: 16,
            calls: Vec::new(),
            handles: Table::default(),
        }
    }

    /// Memory of its own, to which it copies what was there before.
    pub fn realloc(&mut self, call: ReallocCall) -> u64 {
        self.calls.push(call);
        let pointer = self.next.next_multiple_of(call.alignment.into());
        self.next = pointer + call.new_size;
        if self.memory.len() < self.next as usize {
            self.memory.resize(self.next as usize, FILL);
        }
        let old = call.old_pointer as usize;
        let kept = call.old_size.min(call.new_size) as usize;
        self.memory.copy_within(old..old + kept, pointer as usize);
        pointer
    }

    pub fn finish(&mut self, mut lowering: Lowering<'_>) -> Result<Vec<u64>, Trap> {
        while let Step::Realloc(call) = lowering.step(&mut self.memory[..], &mut self.handles)? {
            let pointer = self.realloc(call);
            lowering.allocated(pointer);
        }
        Ok(lowering.flat().to_vec())
    }

    /// The core values of a call with these arguments.
    pub fn lower(
        &mut self,
        types: &Types,
        options: Options,
        func: &FuncType,
        arguments: &[Val],
    ) -> Result<Vec<u64>, Trap> {
        self.finish(Lowering::params(types, options, func, arguments)?)
    }

    /// The core values that a call gives, or where in memory the result is, as a guest's function would say.
    pub fn lower_result(
        &mut self,
        types: &Types,
        options: Options,
        func: &FuncType,
        result: Option<&Val>,
    ) -> Result<Vec<u64>, Trap> {
        if func.flat_result(options.width).is_some() {
            return self.finish(Lowering::result(types, options, func, result, &[], &self.memory[..])?);
        }
        let layout = func.result_layout();
        let pointer = self.next.next_multiple_of(layout.align(options.width).into());
        self.next = pointer + u64::from(layout.size(options.width));
        self.memory.resize(self.next as usize, FILL);
        let mut passed = vec![0; func.flat_params(options.width).map_or(1, |flat| flat.len())];
        passed.push(pointer);
        let flat = self.finish(Lowering::result(
            types,
            options,
            func,
            result,
            &passed,
            &self.memory[..],
        )?)?;
        assert!(flat.is_empty(), "the result is in memory");
        Ok(vec![pointer])
    }

    pub fn lift(&mut self, types: &Types, options: Options, func: &FuncType, flat: &[u64]) -> Result<Vec<Val>, Trap> {
        lift(types, options, func, flat, &self.memory[..], &mut self.handles)
    }
}

pub fn lift<M: GuestMemory + ?Sized>(
    types: &Types,
    options: Options,
    func: &FuncType,
    flat: &[u64],
    memory: &M,
    handles: &mut Table,
) -> Result<Vec<Val>, Trap> {
    lifter(types, options, memory, handles, &mut Budget::default()).params(func, flat)
}

pub fn lifter<'a, M: ?Sized>(
    types: &'a Types,
    options: Options,
    memory: &'a M,
    handles: &'a mut Table,
    budget: &'a mut Budget,
) -> Lifter<'a, M, Table> {
    Lifter {
        types,
        options,
        memory,
        handles,
        budget,
    }
}

/// Handles that remember what they were lowered from.
#[derive(Default)]
pub struct Table(Vec<ResourceAny>);

impl Table {
    fn add(&mut self, resource: ResourceAny) -> Result<u32, HandleError> {
        self.0.push(resource);
        Ok(self.0.len() as u32)
    }

    fn get(&self, index: u32) -> Result<ResourceAny, HandleError> {
        let position = (index as usize).checked_sub(1).ok_or(HandleError::Unknown(index))?;
        self.0.get(position).copied().ok_or(HandleError::Unknown(index))
    }
}

impl Handles for Table {
    fn lift_own_rep(&mut self, index: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(index)
    }

    fn lift_borrow_rep(&mut self, index: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(index)
    }

    fn lower_own_rep(&mut self, rep: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(rep)
    }

    fn lower_borrow_rep(&mut self, rep: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(rep)
    }

    fn lift_own(&mut self, index: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        self.get(index)
    }

    fn lift_borrow(&mut self, index: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        self.get(index)
    }

    fn lower_own(&mut self, resource: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        self.add(resource)
    }

    fn lower_borrow(&mut self, resource: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        self.add(resource)
    }
}
