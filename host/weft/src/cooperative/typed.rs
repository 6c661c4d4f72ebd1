//! Rust values as [`Val`]s and back.
//!
//! **Problem.** A Rust type knows only how it is stored in a guest's memory, but Wasmtime's untyped calls take values.
//! **Before:** a tuple of Rust values, or values. **After:** the other form. weft lowers one form into a memory of the
//! host by the Canonical ABI, and lifts the other form from it.
//!
//! **Rejected:** a third method in the traits, for each type and each derive.

use super::handles::{Content, HandleTable};
use weft_abi::lower::{Lowering, ReallocCall, Step};
use weft_abi::typed::{Guest, Lowerer, now};
use weft_abi::{
    Budget, ComponentNamedList, FuncType, GuestMemory, HandleError, Handles, Lift, Lifter, Lower, Options, OutOfBounds,
    ResourceAny, ResourceIndex, Trap, Types, Val,
};

/// Where handles are looked up.
#[derive(Clone, Copy)]
pub(crate) struct Resources<'a> {
    pub(crate) table: &'a HandleTable,
    /// What the resource types are, by the positions that the table has.
    pub(crate) host_type: &'a (dyn Fn(ResourceIndex) -> Option<u32> + Sync),
}

/// The values of Rust values, which are the parameters of a function of type `func`.
pub(crate) fn to_values<P: ComponentNamedList + Lower>(
    types: &Types,
    func: &FuncType,
    params: &P,
    resources: Resources<'_>,
) -> Result<Vec<Val>, Trap> {
    let mut lowerer = Lowerer::new(types, Options::default(), Scratch::new(resources));
    let flat = now(lowerer.params(func, params))?;
    let Scratch { memory, mut handles } = lowerer.guest;
    let mut budget = Budget::new(usize::MAX);
    let mut lifter = Lifter {
        types,
        options: Options::default(),
        memory: &memory[..],
        handles: &mut handles,
        budget: &mut budget,
    };
    lifter.params(func, &flat)
}

/// The Rust values of values, which are the parameters of a function of type `func`.
pub(crate) fn of_values<P: ComponentNamedList + Lift>(
    types: &Types,
    func: &FuncType,
    values: &[Val],
    resources: Resources<'_>,
) -> Result<P, Trap> {
    let Scratch {
        mut memory,
        mut handles,
    } = Scratch::new(resources);
    let mut lowering = Lowering::params(types, Options::default(), func, values)?;
    while let Step::Realloc(call) = lowering.step(&mut memory[..], &mut handles)? {
        lowering.allocated(reallocate(&mut memory, call));
    }
    let mut flat = [0; weft_abi::types::MAX_FLAT_PARAMS];
    flat[..lowering.flat().len()].copy_from_slice(lowering.flat());
    let mut budget = Budget::new(usize::MAX);
    let mut lifter = Lifter {
        types,
        options: Options::default(),
        memory: &memory[..],
        handles: &mut handles,
        budget: &mut budget,
    };
    lifter.typed_params(func, &flat)
}

/// The memory in between.
struct Scratch<'a> {
    memory: Vec<u8>,
    handles: InBetween<'a>,
}

impl<'a> Scratch<'a> {
    fn new(resources: Resources<'a>) -> Self {
        Scratch {
            memory: Vec::new(),
            handles: InBetween {
                resources,
                passed: Vec::new(),
            },
        }
    }
}

/// Takes more memory. What was allocated stays where it is, unless it grows.
fn reallocate(memory: &mut Vec<u8>, call: ReallocCall) -> u64 {
    let begin = memory.len().next_multiple_of(call.alignment as usize);
    memory.resize(begin + call.new_size as usize, 0);
    let old = call.old_pointer as usize..(call.old_pointer + call.old_size.min(call.new_size)) as usize;
    memory.copy_within(old, begin);
    begin as u64
}

impl<'a> Guest for Scratch<'a> {
    type Error = Trap;
    type Handles = InBetween<'a>;

    fn memory_size(&mut self) -> u64 {
        self.memory.len() as u64
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        GuestMemory::write(&mut self.memory[..], address, bytes)
    }

    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R {
        work(&mut Memory(&mut self.memory))
    }

    fn handles(&mut self) -> &mut InBetween<'a> {
        &mut self.handles
    }

    async fn realloc(&mut self, call: ReallocCall) -> Result<u64, Trap> {
        Ok(reallocate(&mut self.memory, call))
    }
}

/// A memory behind a reference that has a size.
struct Memory<'a>(&'a mut [u8]);

impl GuestMemory for Memory<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        GuestMemory::read(&*self.0, address, into)
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        GuestMemory::write(&mut *self.0, address, bytes)
    }
}

/// The handles in between: an index is a position.
struct InBetween<'a> {
    resources: Resources<'a>,
    passed: Vec<Handle>,
}

#[derive(Clone, Copy)]
enum Handle {
    Host { rep: u32, owned: bool },
    Any(ResourceAny),
}

impl InBetween<'_> {
    fn pass(&mut self, handle: Handle) -> Result<u32, HandleError> {
        self.passed.push(handle);
        Ok(self.passed.len() as u32 - 1)
    }

    fn get(&self, index: u32) -> Result<Handle, HandleError> {
        let handle = self.passed.get(index as usize);
        handle.copied().ok_or(HandleError::Unknown(index))
    }

    /// A handle in the host's table.
    fn any(&self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError> {
        match self.get(index)? {
            Handle::Any(resource) => Ok(resource),
            Handle::Host { rep, owned } => {
                let ty = (self.resources.host_type)(ty).ok_or(HandleError::HostType)?;
                Ok(self.resources.table.insert(Content::Host { ty, rep, owned }))
            }
        }
    }

    /// Takes a handle out of the host's table. A borrowed one is the host's as long as the Rust value is.
    fn rep(&self, index: u32) -> Result<u32, HandleError> {
        match self.get(index)? {
            Handle::Host { rep, .. } => Ok(rep),
            Handle::Any(resource) => match self.resources.table.remove(resource)? {
                Content::Host { rep, .. } => Ok(rep),
                Content::Guest(_) => Err(HandleError::HostType),
            },
        }
    }
}

impl Handles for InBetween<'_> {
    fn lift_own(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError> {
        self.any(index, ty)
    }

    fn lift_borrow(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError> {
        self.any(index, ty)
    }

    fn lift_own_rep(&mut self, index: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        self.rep(index)
    }

    fn lift_borrow_rep(&mut self, index: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        self.rep(index)
    }

    fn lower_own_rep(&mut self, rep: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        self.pass(Handle::Host { rep, owned: true })
    }

    fn lower_borrow_rep(&mut self, rep: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        self.pass(Handle::Host { rep, owned: false })
    }

    fn lower_own(&mut self, resource: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        self.pass(Handle::Any(resource))
    }

    fn lower_borrow(&mut self, resource: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        self.pass(Handle::Any(resource))
    }
}
