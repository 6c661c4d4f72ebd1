//! Calls from one component instance to another: the translator's fused adapters.
//!
//! **Problem.** A function that one component instance lifts and another one lowers is a core module of the translator's, which checks
//! and copies the values between two memories. **Before:**
//!
//! ```wat
//! (func $f (canon lift (core func $callee "f")))    ;; in one component instance
//! (core func (canon lower (func $f)))               ;; in another one
//! ```
//!
//! **After:** the adapter is one more core module of the run-time module, so a call is a direct call on the calling thread. What it
//! imports beside items of the instances:
//!
//! | Import | What it is given |
//! |---|---|
//! | whether an instance may be left | the global [`MAY_LEAVE_EXPORT`], one for all instances: each store has one call stack. Adapters leave it on during `post-return`, so threadify turns it off there |
//! | whether the task may block | a global beside it |
//! | where the callee's task begins and ends | instructions that keep the caller's context slots, and end what the callee borrowed; built-ins that begin and end the task's thread, if the callee's instance has a thread table |
//! | `context.get` and `context.set` | accesses to context slots |
//! | transcoders, traps, and transfers of handles from one table to another | built-ins |
//!
//! One global serves all instances, since code of an instance that may not be left reaches no other instance.
//!
//! Most calls borrow nothing, so only the first handle that a call borrows asks the host for a scope. Its number is in the global
//! [`BORROW_SCOPE_EXPORT`]. Where the callee's task ends, the host is called if that is not 0.
//!
//! A parallel thread must not get to state that is not shared. A core module can import every lowered function as a shared one, so
//! an adapter counts as shared only if all that it uses is.
//!
//! **Rejected:** the adapters as host functions. A call between two components would go through the host twice.

use super::{Flatten, InstanceIndex};
use crate::LowerError;
use crate::binary::module_items::SharedItems;
use crate::plan::{BORROW_SCOPE_EXPORT, Builtin, Definition, MAY_LEAVE_EXPORT, MemoryIndex, OptionMemory};
use crate::threadify::{Argument, ContextAccess, ContextSlot, Instance, Item, SlotType, Task};
use std::borrow::Cow;
use std::sync::LazyLock;
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, Module, ValType};
use wasmparser::{Operator, Parser, Payload};
use wasmtime_environ::EntityType;
use wasmtime_environ::component::{
    CoreDef, FixedEncoding, RuntimeMemoryIndex, StaticModuleIndex, Transcode, UnsafeIntrinsic,
};
use weft_abi::Transcoding;

/// The flags, in the order of their globals. Both are set at first.
const MAY_LEAVE: u32 = 0;
const MAY_BLOCK: u32 = 1;

static FLAGS: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    globals: vec![false; 2],
    ..SharedItems::default()
});

static BORROW_SCOPE: LazyLock<SharedItems> = LazyLock::new(|| SharedItems {
    globals: vec![false],
    ..SharedItems::default()
});

/// What calls between components use that is in no component.
#[derive(Default)]
pub(super) struct Adapters {
    /// The instance that has the flags.
    flags: Option<InstanceIndex>,
    /// The instances of adapter modules.
    instances: Vec<InstanceIndex>,
}

impl<'a> Flatten<'a> {
    /// Takes an adapter module as one more core instance.
    pub(super) fn instantiate_adapter(
        &mut self,
        index: StaticModuleIndex,
        definitions: &[CoreDef],
    ) -> Result<InstanceIndex, LowerError> {
        let mut arguments = Vec::new();
        for definition in definitions {
            arguments.push(self.argument(definition)?);
        }
        self.scope_borrows(&mut arguments);
        let wasm = self.modules[index].wasm;
        let module = &self.modules[index].module;
        let mut memories = Vec::new();
        for ((_, _, ty), definition) in module.imports().zip(definitions) {
            if let EntityType::Memory(_) = ty {
                memories.push(self.planned_memory(definition));
            }
        }
        let items = SharedItems {
            functions: self.shared_functions(index, &arguments, &memories)?,
            globals: vec![false; module.globals.len()],
            memories: vec![false; module.memories.len()],
            ..SharedItems::default()
        };
        self.input.instances.push(Instance {
            wasm,
            items: Cow::Owned(items),
            arguments,
            memories,
            component: None,
        });
        let instance = InstanceIndex(self.input.instances.len() - 1);
        self.adapters.instances.push(instance);
        Ok(instance)
    }

    /// For each function of an adapter module, whether all that it uses is shared.
    fn shared_functions(
        &self,
        index: StaticModuleIndex,
        arguments: &[Argument],
        memories: &[Option<MemoryIndex>],
    ) -> Result<Vec<bool>, LowerError> {
        let module = &self.modules[index].module;
        let imports = module.imports().zip(arguments);
        let functions = imports.filter(|((_, _, ty), _)| matches!(ty, EntityType::Function(_)));
        let mut shared: Vec<bool> = functions.map(|(_, argument)| self.is_shared(argument)).collect();
        let shared_memory = |memory: u32| {
            let planned = memories.get(memory as usize).copied().flatten();
            planned.is_some_and(|memory| self.input.memories[memory.index()].shared)
        };
        let mut uses = Vec::new();
        for payload in Parser::new(0).parse_all(self.modules[index].wasm) {
            let Payload::CodeSectionEntry(body) = payload? else {
                continue;
            };
            let (mut calls, mut all_shared) = (Vec::new(), true);
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } => calls.push(function_index as usize),
                    operator => all_shared &= memories_of(&operator).into_iter().flatten().all(shared_memory),
                }
            }
            uses.push(calls);
            shared.push(all_shared);
        }
        // Functions call each other, so this goes on until nothing more turns out to be unshared.
        let imported = shared.len() - uses.len();
        loop {
            let unshared = |calls: &Vec<usize>| {
                calls
                    .iter()
                    .any(|call| !shared.get(*call).is_some_and(|shared| *shared))
            };
            let found = uses
                .iter()
                .zip(imported..)
                .find(|(calls, function)| shared[*function] && unshared(calls));
            let Some((_, function)) = found else {
                return Ok(shared);
            };
            shared[function] = false;
        }
    }

    /// Whether a function that an adapter is given can run on every thread.
    fn is_shared(&self, argument: &Argument) -> bool {
        match argument {
            Argument::Item(instance, Item::Function(function)) => {
                let functions = &self.input.instances[instance.0].items.functions;
                functions.get(*function as usize).is_some_and(|shared| *shared)
            }
            Argument::Item(..) => false,
            Argument::Host(Definition::Builtin(Builtin::Transcode { from, to, .. })) => {
                [from, to].into_iter().all(|memory| match memory {
                    OptionMemory::Planned(memory) => self.input.memories[memory.index()].shared,
                    OptionMemory::Unshared { .. } => false,
                })
            }
            Argument::Context(_)
            | Argument::Task(_)
            | Argument::SpawnIndirect(..)
            | Argument::NewIndirect(..)
            | Argument::SpawnRef(_)
            | Argument::Host(_) => true,
        }
    }

    /// A shared function that is given an adapter needs one that can run on every thread.
    pub(super) fn check_adapters(
        &self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[Argument],
    ) -> Result<(), LowerError> {
        let imports = self.modules[index].module.imports().zip(arguments);
        let functions = imports.filter(|((_, _, ty), _)| matches!(ty, EntityType::Function(_)));
        for (position, ((from, name, _), argument)) in functions.enumerate() {
            let is_adapter = matches!(argument, Argument::Item(from, _) if self.adapters.instances.contains(from));
            let as_shared = items.functions.get(position).is_some_and(|shared| *shared);
            if is_adapter && as_shared && !self.is_shared(argument) {
                let item = format!("a call of `{name}` of another component from a shared function");
                let advice = "lift a shared function there whose memory and `realloc` are shared, or import it as an \
                              unshared function";
                let refused = LowerError::unsupported(item, advice);
                return Err(refused.at(self.core_import_place(index, from, name)));
            }
        }
        Ok(())
    }

    /// What an adapter is given that says whether an instance may be left.
    pub(super) fn may_leave(&mut self) -> Argument {
        Argument::Item(self.flags(), Item::Global(MAY_LEAVE))
    }

    /// What an adapter is given that says whether the task may block.
    pub(super) fn may_block(&mut self) -> Argument {
        Argument::Item(self.flags(), Item::Global(MAY_BLOCK))
    }

    fn flags(&mut self) -> InstanceIndex {
        if let Some(flags) = self.adapters.flags {
            return flags;
        }
        let flags = self.instantiate_globals(&FLAGS, 1);
        let export = (MAY_LEAVE_EXPORT.to_owned(), flags, MAY_LEAVE);
        self.input.global_exports.push(export);
        self.input.may_leave = Some((flags, MAY_LEAVE));
        *self.adapters.flags.insert(flags)
    }

    /// If an adapter module lends handles, has its calls keep the number of the caller's scope and end the callee's.
    fn scope_borrows(&mut self, arguments: &mut [Argument]) {
        let lends =
            |argument: &Argument| matches!(argument, Argument::Host(Definition::Builtin(Builtin::TransferBorrow)));
        if !arguments.iter().any(lends) {
            return;
        }
        for argument in arguments {
            if let Argument::Task(Task::Enter { borrows } | Task::Exit { borrows }) = argument {
                *borrows = true;
            }
        }
        if self.input.borrow_scope.is_none() {
            let instance = self.instantiate_globals(&BORROW_SCOPE, 0);
            let export = (BORROW_SCOPE_EXPORT.to_owned(), instance, 0);
            self.input.global_exports.push(export);
            self.input.borrow_scope = Some((instance, 0));
        }
    }

    /// An instance of a module that has nothing but mutable globals of type `i32`, all of the same first value.
    fn instantiate_globals(&mut self, items: &'static SharedItems, first: i32) -> InstanceIndex {
        self.input.instances.push(Instance {
            wasm: self.scope.push(globals(items.globals.len(), first)),
            items: Cow::Borrowed(items),
            arguments: Vec::new(),
            memories: Vec::new(),
            component: None,
        });
        InstanceIndex(self.input.instances.len() - 1)
    }

    /// The built-in that copies a string from one memory to another.
    pub(super) fn transcoder(
        &mut self,
        op: Transcode,
        from: RuntimeMemoryIndex,
        to: RuntimeMemoryIndex,
    ) -> Result<Builtin, LowerError> {
        let transcoding = match op {
            Transcode::Copy(FixedEncoding::Utf8) => Transcoding::Utf8ToUtf8,
            Transcode::Copy(FixedEncoding::Utf16) => Transcoding::Utf16ToUtf16,
            Transcode::Copy(FixedEncoding::Latin1) => Transcoding::Latin1ToLatin1,
            Transcode::Latin1ToUtf16 => Transcoding::Latin1ToUtf16,
            Transcode::Latin1ToUtf8 => Transcoding::Latin1ToUtf8,
            Transcode::Utf16ToCompactProbablyUtf16 => Transcoding::Utf16ToCompactProbablyUtf16,
            Transcode::Utf16ToCompactUtf16 => Transcoding::Utf16ToCompactUtf16,
            Transcode::Utf16ToLatin1 => Transcoding::Utf16ToLatin1,
            Transcode::Utf16ToUtf8 => Transcoding::Utf16ToUtf8,
            Transcode::Utf8ToCompactUtf16 => Transcoding::Utf8ToCompactUtf16,
            Transcode::Utf8ToLatin1 => Transcoding::Utf8ToLatin1,
            Transcode::Utf8ToUtf16 => Transcoding::Utf8ToUtf16,
        };
        let (from, _) = self.option_memory(from)?;
        let (to, _) = self.option_memory(to)?;
        Ok(Builtin::Transcode { transcoding, from, to })
    }
}

/// The access to a context slot that an adapter's intrinsic is, if it is one.
pub(super) fn context_access(intrinsic: UnsafeIntrinsic) -> Option<ContextAccess> {
    let (slot, ty, set) = match intrinsic {
        UnsafeIntrinsic::ContextGetI32_0 => (0, SlotType::I32, false),
        UnsafeIntrinsic::ContextSetI32_0 => (0, SlotType::I32, true),
        UnsafeIntrinsic::ContextGetI32_1 => (1, SlotType::I32, false),
        UnsafeIntrinsic::ContextSetI32_1 => (1, SlotType::I32, true),
        _ => return None,
    };
    let slot = ContextSlot { slot, ty };
    Some(ContextAccess { slot, set })
}

macro_rules! note_memory {
    ($found:ident, memarg, $value:ident) => {
        $found[0] = Some($value.memory)
    };
    ($found:ident, mem, $value:ident) => {
        $found[0] = Some(*$value)
    };
    ($found:ident, dst_mem, $value:ident) => {
        $found[0] = Some(*$value)
    };
    ($found:ident, src_mem, $value:ident) => {
        $found[1] = Some(*$value)
    };
    ($found:ident, $other:ident, $value:ident) => {
        let _ = $value;
    };
}

/// The memories that an instruction names.
macro_rules! define_memories_of {
    ($(@$proposal:ident $op:ident $({ $($operand:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        fn memories_of(operator: &Operator<'_>) -> [Option<u32>; 2] {
            let mut found = [None; 2];
            match operator {
                $(Operator::$op { $($($operand,)*)? } => {
                    $($(note_memory!(found, $operand, $operand);)*)?
                })*
                // Adapters have none of these; it would count as one that uses an unshared memory.
                _ => found[0] = Some(u32::MAX),
            }
            found
        }
    };
}

wasmparser::for_each_operator!(define_memories_of);

/// `(module (global (mut i32) (i32.const FIRST)) ...)`
fn globals(count: usize, first: i32) -> Vec<u8> {
    let ty = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    let mut globals = GlobalSection::new();
    for _ in 0..count {
        globals.global(ty, &ConstExpr::i32_const(first));
    }
    let mut module = Module::new();
    module.section(&globals);
    module.finish()
}
