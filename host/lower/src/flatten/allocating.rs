//! Lowered functions whose result needs memory in the guest.
//!
//! **Problem.** The host calls `realloc` for the list or the string that a host function gives. `realloc` is guest code that may suspend the
//! thread, so the host needs a fiber for that call, which takes longer than all else of a short call. **Before:** the core module
//! imports the host's function. **After:** it imports a function of a module around it, which makes the call of `realloc`:
//!
//! ```wat
//! (core func $read (canon lower (func $read) (memory $memory) (realloc $realloc)))     ;; before: returns a list<u8>
//! (module                                                                              ;; after: $read is the function 3
//!   (import "" "" (func $host (param i64 i32) (result i64)))     ;; calls what the host supplies, and gives what to allocate
//!   (import "" "" (func $realloc (param i32 i32 i32 i32) (result i32)))
//!   (import "" "" (func $store (param i32)))                     ;; stores the result
//!   (func (param i64 i32) (local $allocation i64)
//!     (block
//!       (br_if 0 (i64.eqz (local.tee $allocation (call $host (local.get 0) (local.get 1)))))
//!       (call $store (call $realloc (i32.const 0) (i32.const 0)
//!         (i32.wrap_i64 (i64.shr_u (local.get $allocation) (i64.const 32))) (i32.wrap_i64 (local.get $allocation)))))))
//! ```
//!
//! Between `$host` and `$store` the component instance may not be left, and the context slots are those of a new task. The host sees to
//! both. The module is there only for results that need one allocation at most. For all others the host calls `realloc`.
//!
//! **Rejected:** a loop, for results that need several allocations. The host would have to keep a half lowered result for each.

use super::{Flatten, added};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{ALLOCATE_NAME, Builtin, Definition, LoweredIndex};
use crate::threadify::{Argument, Item};
use std::borrow::Cow;
use std::sync::LazyLock;
use wasm_encoder::{EntityType, Function, ImportSection, InstructionSink, NameMap, TypeSection, ValType};
use wasmtime_environ::component::{self as environ, CanonicalOptionsDataModel, TypeFuncIndex};
use weft_abi::types::{CoreSignature, Direction, FlatType};
use weft_abi::{AddressWidth, FuncIndex};

const HOST: u32 = 0;
const REALLOC: u32 = 1;
const STORE: u32 = 2;
/// The index of the function that the core module imports.
const CALLS: u32 = 3;

/// Any thread can call the function, as it could call the host's.
static ITEMS: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    functions: vec![true; 4],
    ..SharedItems::default()
});

impl Flatten<'_> {
    /// The core function that stands for an imported function.
    pub(super) fn lowered(
        &mut self,
        index: LoweredIndex,
        ty: TypeFuncIndex,
        options: environ::OptionsIndex,
    ) -> Result<Argument, LowerError> {
        let function = |instance| Argument::Item(instance, Item::Function(CALLS));
        if let Some(known) = self.allocating.get(&index) {
            return Ok(function(*known));
        }
        let host = Argument::Host(Definition::Lowered(index));
        let Some((signature, width, realloc)) = self.allocating(ty, options)? else {
            return Ok(host);
        };
        let store = Argument::Host(Definition::Builtin(Builtin::StoreResult(width)));
        let arguments = vec![host, realloc, store];
        let instance = self.add_instance(module(&signature, width), Cow::Borrowed(&ITEMS), arguments);
        self.allocating.insert(index, instance);
        Ok(function(instance))
    }

    /// The core type, the width of addresses and `realloc`, if the run-time module is to call it for the result.
    fn allocating(
        &mut self,
        ty: TypeFuncIndex,
        options: environ::OptionsIndex,
    ) -> Result<Option<(CoreSignature, AddressWidth, Argument)>, LowerError> {
        let CanonicalOptionsDataModel::LinearMemory(memory) = self.component().options[options].data_model else {
            return Ok(None);
        };
        // The refusal comes last, because only then is the place known.
        let (Some(realloc), Ok(ty)) = (memory.realloc, self.func_type(ty, "an imported function")) else {
            return Ok(None);
        };
        let options = self.options(options, "an imported function")?;
        let form = self.plan.options[options.index()].form;
        let result = self.plan.types[ty].result;
        if !result.is_some_and(|result| self.plan.types.allocates_once(result, form.encoding)) {
            return Ok(None);
        }
        let realloc = self.extracted.realloc_of(realloc).ok_or_else(super::missing)?;
        let realloc = self.argument(realloc)?;
        Ok(Some((self.core_signature(ty, form.width), form.width, realloc)))
    }

    fn core_signature(&self, ty: FuncIndex, width: AddressWidth) -> CoreSignature {
        self.plan.types[ty].core_signature(width, Direction::Lower)
    }
}

fn module(signature: &CoreSignature, width: AddressWidth) -> Vec<u8> {
    let parameters: Vec<_> = signature.params.iter().copied().map(number).collect();
    let address = address(width);
    let mut types = TypeSection::new();
    types.ty().function(parameters.iter().copied(), [ValType::I64]);
    types.ty().function([address; 4], [address]);
    types.ty().function([address], []);
    types.ty().function(parameters.iter().copied(), []);
    let mut imports = ImportSection::new();
    for import in [HOST, REALLOC, STORE] {
        imports.import("", "", EntityType::Function(import));
    }
    let mut names = NameMap::new();
    names.append(CALLS, ALLOCATE_NAME);
    added::module(&types, &imports, &[(3, body(parameters.len() as u32, width))], &names)
}

fn body(parameters: u32, width: AddressWidth) -> Function {
    let allocation = parameters;
    let mut body = Function::new([(1, ValType::I64)]);
    let mut instructions = body.instructions();
    instructions.block(wasm_encoder::BlockType::Empty);
    for parameter in 0..parameters {
        instructions.local_get(parameter);
    }
    instructions.call(HOST).local_tee(allocation).i64_eqz().br_if(0);
    // No old allocation, and its size.
    for _ in 0..2 {
        instructions.i64_const(0);
        narrow(&mut instructions, width);
    }
    instructions.local_get(allocation).i64_const(32).i64_shr_u();
    narrow(&mut instructions, width);
    instructions.local_get(allocation).i64_const(0xffff_ffff).i64_and();
    narrow(&mut instructions, width);
    instructions.call(REALLOC).call(STORE).end().end();
    body
}

fn narrow(instructions: &mut InstructionSink<'_>, width: AddressWidth) {
    match width {
        AddressWidth::W32 => _ = instructions.i32_wrap_i64(),
        AddressWidth::W64 => {}
    }
}

const fn address(width: AddressWidth) -> ValType {
    match width {
        AddressWidth::W32 => ValType::I32,
        AddressWidth::W64 => ValType::I64,
    }
}

const fn number(ty: FlatType) -> ValType {
    match ty {
        FlatType::I32 => ValType::I32,
        FlatType::I64 => ValType::I64,
        FlatType::F32 => ValType::F32,
        FlatType::F64 => ValType::F64,
    }
}
