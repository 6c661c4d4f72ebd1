//! Lowering: from values to core values and a guest's memory.
//!
//! **Problem.** Lowering calls the guest's `realloc` at places deep inside a value. That call may suspend, and while it
//! runs the host must hold no reference to the memory. A recursive function that takes `realloc` as a callback needs an
//! allocation per level to suspend, and borrows the store across the call. **Here,** [`Lowering`] is a state machine
//! that stops when it needs memory: [`Lowering::step`] returns the arguments for `realloc`. The caller calls `realloc`
//! in its own way, and passes the pointer to [`Lowering::allocated`].
//!
//! ```text
//! while let Step::Realloc(call) = lowering.step(memory, handles)? {
//!     lowering.allocated(guest_realloc(call).await?);
//! }
//! pass(lowering.flat());
//! ```
//!
//! The calls of `realloc` and the stores come in the specification's order. Values without strings, lists and maps are stored by plain
//! recursion, and the machine keeps a stack only for values that contain others with pointers, so small calls allocate nothing.
//!
//! **Rejected:** counting the bytes first and allocating them at once (the guest observes the calls of `realloc`).
//!
//! Specification: [storing](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#storing),
//! [flat lowering](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#flat-lowering).

mod bulk;
mod frame;
mod place;
mod plain;
mod scalar;
pub(crate) mod text;

pub use place::ReallocCall;

use crate::AddressWidth;
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lower::frame::{Frame, Part, Parts};
use crate::lower::place::Place;
use crate::lower::text::TextState;
use crate::memory::GuestMemory;
use crate::options::Options;
use crate::trap::{Region, Trap};
use crate::types::{FuncType, Layout, MAX_FLAT_PARAMS, Map, Types, ValType};
use crate::val::Val;

/// How far a lowering has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The caller must call `realloc`, and pass its result to [`Lowering::allocated`].
    Realloc(ReallocCall),
    /// All values are lowered. [`Lowering::flat`] has the core values.
    Done,
}

/// What waits for memory.
#[derive(Debug)]
enum Pending<'a> {
    /// The parameters, which do not fit in core values.
    Params(&'a FuncType, &'a [Val]),
    /// A string.
    Text(TextState<'a>, Place),
    /// The elements of a list.
    List(ValType, &'a [Val], Place),
    /// The entries of a map.
    Map(&'a Map, &'a [(Val, Val)], Place),
}

/// Lowers the values of one call. See the [module](self) for how.
#[derive(Debug)]
pub struct Lowering<'a> {
    types: &'a Types,
    options: Options,
    flat: [u64; MAX_FLAT_PARAMS],
    count: usize,
    /// What is being lowered, and around it what is half done.
    current: Option<Frame<'a>>,
    outer: Vec<Frame<'a>>,
    pending: Option<(Pending<'a>, ReallocCall)>,
    allocated: Option<u64>,
    /// Bytes on their way to the memory.
    buffer: Vec<u8>,
}

impl<'a> Lowering<'a> {
    #[inline]
    fn new(types: &'a Types, options: Options) -> Lowering<'a> {
        Lowering {
            types,
            options,
            flat: [0; MAX_FLAT_PARAMS],
            count: 0,
            current: None,
            outer: Vec::new(),
            pending: None,
            allocated: None,
            buffer: Vec::new(),
        }
    }

    /// Lowers the arguments of a call by the host.
    ///
    /// Check them with [`check_arguments`](crate::check_arguments) first. Otherwise an argument of the wrong type is
    /// found only on the way, after the guest has seen calls of `realloc`.
    #[inline]
    pub fn params(
        types: &'a Types,
        options: Options,
        func: &'a FuncType,
        arguments: &'a [Val],
    ) -> Result<Lowering<'a>, Trap> {
        let (expected, found) = (func.params.len(), arguments.len());
        if expected != found {
            let reason = format!("expected {expected} argument(s), found {found}");
            return Err(Mismatch::new(reason).into());
        }
        let mut lowering = Lowering::new(types, options);
        match func.flat_params(options.width) {
            Some(flat) => {
                lowering.count = flat.len();
                lowering.current = Some(Frame::new(Parts::params(func, arguments), Place::Flat(0)));
            }
            None => {
                let layout = func.params_layout();
                let call = ReallocCall::new(layout.align(options.width), layout.size(options.width).into());
                lowering.count = 1;
                lowering.pending = Some((Pending::Params(func, arguments), call));
            }
        }
        Ok(lowering)
    }

    /// Lowers the result of a call by the guest. `flat` contains the core values that the guest passed. If the result
    /// does not fit in a core value, the last one is the address for it.
    #[inline]
    pub fn result<M: GuestMemory + ?Sized>(
        types: &'a Types,
        options: Options,
        func: &FuncType,
        result: Option<&'a Val>,
        flat: &[u64],
        memory: &M,
    ) -> Result<Lowering<'a>, Trap> {
        let mut lowering = Lowering::new(types, options);
        let (Some(ty), Some(value)) = (func.result, result) else {
            return match func.result.is_some() == result.is_some() {
                true => Ok(lowering),
                false => Err(Mismatch::new(
                    "a function returns one value if its type has a result, and none otherwise",
                )
                .into()),
            };
        };
        let place = match func.flat_result(options.width) {
            Some(flat) => {
                lowering.count = flat.len();
                Place::Flat(0)
            }
            None => {
                let params = func.flat_params(options.width).map_or(1, |flat| flat.len());
                let pointer = lowering.pointer(*flat.get(params).ok_or(Trap::FlatValues)?);
                let layout = func.result_layout();
                let (size, align) = (layout.size(options.width), layout.align(options.width));
                Region::Values.check(pointer, size.into(), align, memory.size())?;
                Place::Memory(pointer)
            }
        };
        lowering.current = Some(Frame::new(Parts::One(Some((ty, value))), place));
        Ok(lowering)
    }

    /// Passes the pointer that `realloc` returned. When the lowering continues, it checks the pointer against the
    /// memory's size at that time.
    #[inline]
    pub fn allocated(&mut self, pointer: u64) {
        self.allocated = Some(pointer);
    }

    /// The core values, as bits. They are complete when [`Lowering::step`] has returned [`Step::Done`].
    #[inline]
    pub fn flat(&self) -> &[u64] {
        &self.flat[..self.count]
    }

    /// Continues until memory is needed, or to the end.
    pub fn step<M, H>(&mut self, memory: &mut M, handles: &mut H) -> Result<Step, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        loop {
            if let Some((pending, call)) = self.pending.take() {
                let Some(pointer) = self.allocated.take() else {
                    self.pending = Some((pending, call));
                    return Ok(Step::Realloc(call));
                };
                let pointer = self.pointer(pointer);
                Region::Allocation.check(pointer, call.new_size, call.alignment, memory.size())?;
                self.resume(pending, call, pointer, memory, handles)?;
                continue;
            }
            let Some(frame) = &mut self.current else {
                return Ok(Step::Done);
            };
            frame.scalars(self.types, &mut self.flat, handles)?;
            match frame.next(self.types, self.options.width) {
                Some((Part::Value(ty, value), place)) => self.value(ty, value, place, memory, handles)?,
                Some((Part::Pair(pointer, length), place)) => self.pair(pointer, length, place, memory)?,
                None => self.current = self.outer.pop(),
            }
        }
    }

    const fn pointer(&self, value: u64) -> u64 {
        match self.options.width {
            AddressWidth::W32 => value & 0xffff_ffff,
            AddressWidth::W64 => value,
        }
    }

    /// Parts are lowered next, before the rest of what they are parts of.
    fn enter(&mut self, parts: Parts<'a>, place: Place) {
        let inner = Frame::new(parts, place);
        if let Some(outer) = self.current.replace(inner) {
            self.outer.push(outer);
        }
    }

    /// Lowers a value, or begins to.
    fn value<M, H>(
        &mut self,
        ty: ValType,
        value: &'a Val,
        place: Place,
        memory: &mut M,
        handles: &mut H,
    ) -> Result<(), Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let types = self.types;
        if !types.layout(ty).has_pointers() {
            return self.plain(ty, value, place, memory, handles);
        }
        match (ty, value) {
            (ValType::String, Val::String(text)) => {
                let (state, call) = TextState::begin(text, self.options)?;
                self.pending = Some((Pending::Text(state, place), call));
            }
            (ValType::List(index), Val::List(elements)) => {
                let element = types[index].element;
                let call = self.allocation(Region::List, types.layout(element), elements.len())?;
                self.pending = Some((Pending::List(element, elements, place), call));
            }
            (ValType::Map(index), Val::Map(entries)) => {
                let map = &types[index];
                let call = self.allocation(Region::Map, &map.entry, entries.len())?;
                self.pending = Some((Pending::Map(map, entries, place), call));
            }
            (ty, value) => {
                let (case, parts) = Parts::of(types, ty, value)?;
                let place = match case {
                    Some(case) => self.case(case, place, memory)?,
                    None => place,
                };
                self.enter(parts, place);
            }
        }
        Ok(())
    }

    fn allocation(&self, region: Region, element: &Layout, count: usize) -> Result<ReallocCall, Trap> {
        let (size, align) = (element.size(self.options.width), element.align(self.options.width));
        Ok(ReallocCall::new(align, region.bytes(count as u64, size)?))
    }

    /// Continues with the part that waited for memory.
    fn resume<M, H>(
        &mut self,
        pending: Pending<'a>,
        call: ReallocCall,
        pointer: u64,
        memory: &mut M,
        handles: &mut H,
    ) -> Result<(), Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        match pending {
            Pending::Params(func, arguments) => {
                self.flat[0] = pointer;
                self.enter(Parts::params(func, arguments), Place::Memory(pointer));
            }
            Pending::Text(state, place) => match state.resume(pointer, call, memory, &mut self.buffer, self.options)? {
                text::Progress::More(state, call) => self.pending = Some((Pending::Text(state, place), call)),
                text::Progress::Done(pointer, length) => self.pair(pointer, length, place, memory)?,
            },
            Pending::List(element, elements, place) => {
                self.list(element, elements, pointer, place, memory, handles)?;
            }
            Pending::Map(map, entries, place) => {
                // The pair is stored after what it leads to.
                self.enter(Parts::Pair(Some((pointer, entries.len() as u64))), place);
                self.enter(Parts::entries(map, entries), Place::Memory(pointer));
            }
        }
        Ok(())
    }
}
