//! Calls from one component instance to another: the translator's fused adapters.
//!
//! **Problem.** If one component instance lifts a function and another one lowers it, the translator generates a core
//! module, which checks the values and copies them between two memories. **Before:**
//!
//! ```wat
//! (func $f (canon lift (core func $callee "f")))    ;; in one component instance
//! (core func (canon lower (func $f)))               ;; in another one
//! ```
//!
//! **After:** the adapter is one more core module in the run-time module, so a call is a direct call on the calling
//! thread. Beside items of the instances, it imports:
//!
//! | Import | What it is given |
//! |---|---|
//! | whether an instance may be left | the global [`MAY_LEAVE_EXPORT`], one for all instances: each store has one call stack. Adapters leave it on during `post-return`, so threadify turns it off there |
//! | whether the task may block | a global beside it |
//! | where the callee's task begins and ends | instructions that keep the caller's context slots, and end what the callee borrowed; built-ins that begin and end the task's thread, if the callee's instance has a thread table |
//! | `context.get` and `context.set` | accesses to context slots |
//! | transcoders, traps, and transfers of handles from one table to another | built-ins |
//!
//! All instances share one flag, since code of an instance that may not be left reaches no other instance.
//!
//! Most calls borrow nothing, so the host makes a scope only when a call borrows its first handle. The scope's number
//! is in the global [`BORROW_SCOPE_EXPORT`]. At the end of the callee's task, the adapter calls the host if the number
//! is not 0.
//!
//! Parallel threads must not reach unshared state at the same time, but a core module can import every lowered function
//! as a shared one. So if the adapter uses unshared state of the callee's instance, it takes that instance's exclusive
//! lock, and calls the instance's core functions in its [home](super::homes). What it uses of the caller's instance
//! must be shared.
//!
//! **Rejected:** adapters as host functions (a call between two components would go through the host twice).

use super::Flatten;
use super::adapter_modules::{AdapterFunction, Owners};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{BORROW_SCOPE_EXPORT, Builtin, ComponentInstanceIndex, Definition, MAY_LEAVE_EXPORT};
use crate::rules::Rule;
use crate::threadify::{Argument, ContextAccess, ContextSlot, Instance, InstanceIndex, Item, SlotType, Task};
use std::borrow::Cow;
use std::sync::LazyLock;
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, Module, ValType};
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

impl<'a> Flatten<'a> {
    /// Adds an adapter module as one more core instance.
    pub(super) fn instantiate_adapter(
        &mut self,
        index: StaticModuleIndex,
        definitions: &[CoreDef],
    ) -> Result<InstanceIndex, LowerError> {
        let owners = definitions.iter().map(|definition| self.owners(definition));
        let owners = owners.collect::<Result<Vec<_>, _>>()?;
        let mut arguments = Vec::new();
        for (definition, owners) in definitions.iter().zip(&owners) {
            arguments.push(self.adapter_argument(definition, owners)?);
        }
        self.scope_borrows(&mut arguments);
        let module = &self.modules[index].module;
        let mut memories = Vec::new();
        for (((_, _, ty), definition), owners) in module.imports().zip(definitions).zip(&owners) {
            if let EntityType::Memory(_) = ty {
                memories.push(self.planned_memory(definition));
                let owned = owners.iter().map(|owner| (*owner, definition.clone()));
                self.calls.memories.extend(owned);
            }
        }
        let functions = self.adapter_functions(index, &arguments, owners)?;
        for function in &functions {
            let Some(caller) = function.caller else { continue };
            let callees = self.owners_outside(function).filter(|owner| *owner != caller);
            self.calls.edges.extend(callees.map(|callee| (caller, callee)));
        }
        let instance = InstanceIndex(self.input.instances.len());
        let is_shared = |function: &AdapterFunction| self.owners_outside(function).next().is_none();
        let items = SharedItems {
            functions: functions.iter().map(is_shared).collect(),
            globals: vec![false; module.globals.len()],
            memories: vec![false; module.memories.len()],
            ..SharedItems::default()
        };
        let exclusive = functions.iter().zip(0..);
        let exclusive = exclusive.filter(|(function, _)| self.entered(function).is_some());
        self.input.instances.push(Instance {
            wasm: self.modules[index].wasm,
            items: Cow::Owned(items),
            arguments,
            memories,
            component: None,
            exclusive: exclusive.map(|(_, function)| function).collect(),
        });
        self.adapters.instances.insert(instance, functions);
        Ok(instance)
    }

    /// The argument for an adapter's import. A function that uses unshared state runs in the home of its component
    /// instance.
    fn adapter_argument(&mut self, definition: &CoreDef, owners: &Owners) -> Result<Argument, LowerError> {
        let function = match self.item(definition) {
            Some((instance, Item::Function(_))) => self.input.instances[instance.0].component,
            Some(_) | None => None,
        };
        match function.filter(|component| owners.contains(component) && self.homes.is_owner(*component)) {
            Some(instance) => {
                let export = self.export_function(definition)?;
                let call = Builtin::CallExclusively { instance, export };
                Ok(Argument::Host(Definition::Builtin(call)))
            }
            None => self.argument(definition),
        }
    }

    /// Records which component instances parallel threads can call from a core module, and refuses such calls if they
    /// use unshared state of the core module's own component instance.
    pub(super) fn check_adapters(
        &mut self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[Argument],
        component: Option<ComponentInstanceIndex>,
    ) -> Result<(), LowerError> {
        let imports = self.modules[index].module.imports().zip(arguments);
        let functions = imports.filter(|((_, _, ty), _)| matches!(ty, EntityType::Function(_)));
        for (position, ((from, name, _), argument)) in functions.enumerate() {
            let Argument::Item(adapter, Item::Function(function)) = argument else {
                continue;
            };
            let Some(function) = self.adapters.function(*adapter, *function) else {
                continue;
            };
            let owners: Owners = self.owners_outside(function).collect();
            let as_shared = items.functions.get(position).is_some_and(|shared| *shared);
            if as_shared && owners.iter().any(|owner| Some(*owner) == component) {
                let item = format!("a call of `{name}` of another component from a shared function");
                let advice = format!(
                    "lower the function with a shared memory and a shared `realloc`, which the calling thread uses (rule {}), or \
                     import it as an unshared function",
                    Rule::Setv02
                );
                let refused = LowerError::unsupported(item, advice);
                return Err(refused.at(self.core_import_place(index, from, name)));
            }
            if as_shared {
                self.calls.from_threads.extend(owners);
            }
        }
        Ok(())
    }

    /// The adapter's argument for the flag whether an instance may be left.
    pub(super) fn may_leave(&mut self) -> Argument {
        Argument::Item(self.flags(), Item::Global(MAY_LEAVE))
    }

    /// The adapter's argument for the flag whether the task may block.
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

    /// If an adapter module lends handles, makes its calls save the number of the caller's scope and end the callee's
    /// scope.
    fn scope_borrows(&mut self, arguments: &mut [Argument]) {
        let lends =
            |argument: &Argument| matches!(argument, Argument::Host(Definition::Builtin(Builtin::TransferBorrow)));
        if !arguments.iter().any(lends) {
            return;
        }
        for argument in arguments {
            if let Argument::Task(Task::Enter { borrows, .. } | Task::Exit { borrows }) = argument {
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

    /// An instance of a module that contains only mutable globals of type `i32`, all with the same initial value.
    pub(super) fn instantiate_globals(&mut self, items: &'static SharedItems, first: i32) -> InstanceIndex {
        let module = globals(items.globals.len(), first);
        self.add_instance(module, Cow::Borrowed(items), Vec::new())
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

/// The access to a context slot for an adapter's intrinsic, if it is one.
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
