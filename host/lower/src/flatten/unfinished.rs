//! Refuses features that Wasmtime 48 implements only partly, if a component uses them.
//!
//! **Problem.** weft enables Wasmtime's feature for 64-bit components. But its compiler panics at a `resource.new` with
//! a 64-bit representation. And when values pass between a 64-bit memory and the host, or a built-in takes an address
//! in such a memory, Wasmtime treats the addresses as 32-bit ones, so lists contain garbage. For a fixed-length list that a
//! component passes from a 64-bit memory to another one, the translator generates invalid code. **Before:**
//!
//! ```wat
//! (type $r (resource (rep i64)))
//! (core func $new (canon resource.new $r))
//! ```
//!
//! **After:** an error that names the definition, if a core module imports the function. Wasmtime does not compile
//! unused definitions, and calls between two components with 64-bit memories work. So this pass asks the translator
//! what is used.
//!
//! **Rejected:** turning the feature off (that would also refuse the cases that work).

use super::exported::exported;
use super::instantiated::{Modules, instantiated};
use super::trampolines::canonical;
use super::translate::{Translated, translate};
use crate::builtins::CanonicalBuiltin;
use crate::check::{Unfinished, Wide};
use crate::error::LowerError;
use crate::features::FEATURES;
use std::collections::BTreeSet;
use wasmparser::{
    ComponentDefinedType, ComponentType, ComponentTypeDeclaration, InstanceTypeDeclaration, Parser, Payload, Validator,
};
use wasmtime_environ::component::{
    ComponentTypes, Export, ExportIndex, GlobalInitializer, MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS,
    OptionsIndex, RuntimeMemoryIndex, Trampoline, TypeFuncIndex, TypeTupleIndex,
};
use wasmtime_environ::{EntityIndex, IndexType, ModuleInternedTypeIndex, ScopeVec, WasmValType};

/// Refuses the first definition that is used. `unshared` is the component in the unshared form.
pub(crate) fn refuse_unfinished(unshared: &[u8], unfinished: &[Unfinished]) -> Result<(), LowerError> {
    if unfinished.is_empty() {
        return Ok(());
    }
    let scope = ScopeVec::new();
    let translated = translate(unshared, &scope)?;
    let used = Used::of(&translated)?;
    match unfinished
        .iter()
        .find(|definition| used.0.contains(&(definition.wide, definition.name)))
    {
        Some(definition) => Err(refused(definition)),
        None => refuse_invalid_adapters(&translated.modules, unshared, count_modules(unshared)?, unfinished),
    }
}

/// Refuses a component if the translator has generated invalid code for a call between two of its instances. It does so if a
/// fixed-length list is in a 64-bit memory from which it is passed. The error gives the offset of the first `canon lift` or
/// `canon lower` with such a memory. `unshared` is the component in the unshared form, and `defined` is how many core modules
/// are its own.
pub(super) fn refuse_invalid_adapters(
    modules: &Modules<'_>,
    unshared: &[u8],
    defined: usize,
    unfinished: &[Unfinished],
) -> Result<(), LowerError> {
    let mut wide = unfinished.iter().filter(|definition| definition.wide == Wide::Memory);
    let Some(definition) = wide.find(|definition| matches!(definition.name, "canon lift" | "canon lower")) else {
        return Ok(());
    };
    for adapter in modules.values().skip(defined) {
        if let Err(error) = Validator::new_with_features(FEATURES).validate_all(adapter.wasm) {
            if !has_fixed_length_list(unshared)? {
                let message = format!("the translator generated an invalid adapter: {error}");
                return Err(LowerError::Internal(message));
            }
            let refused = LowerError::unsupported(
                "a fixed-length list that is passed from a 64-bit memory to another component instance",
                "Wasmtime 48 generates invalid code for it: use a list, a tuple or a 32-bit memory",
            );
            return Err(refused.at(Some(definition.offset)));
        }
    }
    Ok(())
}

/// Whether a component, or one in it, defines a type of fixed-length lists.
fn has_fixed_length_list(component: &[u8]) -> Result<bool, LowerError> {
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ComponentTypeSection(types) = payload? {
            for ty in types {
                if is_or_declares_fixed_length_list(&ty?) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

fn is_or_declares_fixed_length_list(ty: &ComponentType<'_>) -> bool {
    match ty {
        ComponentType::Defined(ty) => matches!(ty, ComponentDefinedType::FixedLengthList(..)),
        ComponentType::Component(declarations) => declarations.iter().any(|declaration| match declaration {
            ComponentTypeDeclaration::Type(ty) => is_or_declares_fixed_length_list(ty),
            ComponentTypeDeclaration::CoreType(_)
            | ComponentTypeDeclaration::Alias(_)
            | ComponentTypeDeclaration::Export { .. }
            | ComponentTypeDeclaration::Import(_) => false,
        }),
        ComponentType::Instance(declarations) => declarations.iter().any(|declaration| match declaration {
            InstanceTypeDeclaration::Type(ty) => is_or_declares_fixed_length_list(ty),
            InstanceTypeDeclaration::CoreType(_)
            | InstanceTypeDeclaration::Alias(_)
            | InstanceTypeDeclaration::Export { .. } => false,
        }),
        ComponentType::Func(_) | ComponentType::Resource { .. } => false,
    }
}

/// How many core modules a component and those in it define.
fn count_modules(component: &[u8]) -> Result<usize, LowerError> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ModuleSection { .. } = payload? {
            count += 1;
        }
    }
    Ok(count)
}

fn refused(definition: &Unfinished) -> LowerError {
    let Unfinished { name, wide, offset } = definition;
    let refused = match wide {
        Wide::Representation => LowerError::unsupported(
            format!("`{name}` of a resource whose representation is an `i64`"),
            "representations have 32 bits in Wasmtime 48: define the resource with `(rep i32)`",
        ),
        Wide::Memory => LowerError::unsupported(
            format!("`{name}` with a 64-bit memory"),
            "Wasmtime 48 accesses only memories with 32-bit addresses there: use such a memory",
        ),
    };
    refused.at(Some(*offset))
}

/// The wide definitions that a component uses: what is wide, and the definition's name.
#[derive(Default)]
struct Used(BTreeSet<(Wide, &'static str)>);

impl Used {
    fn of(translated: &Translated<'_>) -> Result<Self, LowerError> {
        let wide = wide_memories(translated)?;
        let is_wide = |options: &OptionsIndex| {
            let memory = translated.component.component.options[*options].memory();
            memory.is_some_and(|memory| wide.contains(&memory))
        };
        let mut used = Used::default();
        for (index, trampoline) in &translated.component.trampolines {
            let ty = translated.component.component.trampolines[index];
            let wide = match trampoline {
                Trampoline::ResourceNew { .. } | Trampoline::ResourceRep { .. } => {
                    has_i64(&translated.types, ty).then_some(Wide::Representation)
                }
                Trampoline::WaitableSetWait { options, .. }
                | Trampoline::WaitableSetPoll { options, .. }
                | Trampoline::StreamRead { options, .. }
                | Trampoline::StreamWrite { options, .. }
                | Trampoline::FutureRead { options, .. }
                | Trampoline::FutureWrite { options, .. }
                | Trampoline::ErrorContextNew { options, .. }
                | Trampoline::ErrorContextDebugMessage { options, .. } => is_wide(options).then_some(Wide::Memory),
                Trampoline::LowerImport { lower_ty, options, .. } => {
                    let is_async = translated.component.component.options[*options].async_;
                    let params = if is_async {
                        MAX_FLAT_ASYNC_PARAMS
                    } else {
                        MAX_FLAT_PARAMS
                    };
                    let results = if is_async { 0 } else { MAX_FLAT_RESULTS };
                    let addresses = has_addresses(&translated.types, *lower_ty, params, results);
                    (is_wide(options) && addresses).then_some(Wide::Memory)
                }
                Trampoline::TaskReturn { results, options, .. } => {
                    let addresses = uses_memory(&translated.types, *results, MAX_FLAT_PARAMS);
                    (is_wide(options) && addresses).then_some(Wide::Memory)
                }
                // These work between two components.
                Trampoline::Transcoder { .. }
                | Trampoline::ResourceTransferOwn
                | Trampoline::ResourceTransferBorrow
                | Trampoline::PrepareCall { .. }
                | Trampoline::SyncStartCall { .. }
                | Trampoline::AsyncStartCall { .. }
                | Trampoline::FutureTransfer
                | Trampoline::StreamTransfer
                | Trampoline::ErrorContextTransfer
                | Trampoline::Trap
                | Trampoline::EnterSyncCall
                | Trampoline::ExitSyncCall => continue,
                // These take no address.
                Trampoline::TaskCancel { .. }
                | Trampoline::ResourceDrop { .. }
                | Trampoline::BackpressureInc { .. }
                | Trampoline::BackpressureDec { .. }
                | Trampoline::WaitableSetNew { .. }
                | Trampoline::WaitableSetDrop { .. }
                | Trampoline::WaitableJoin { .. }
                | Trampoline::SubtaskDrop { .. }
                | Trampoline::SubtaskCancel { .. }
                | Trampoline::StreamNew { .. }
                | Trampoline::StreamCancelRead { .. }
                | Trampoline::StreamCancelWrite { .. }
                | Trampoline::StreamDropReadable { .. }
                | Trampoline::StreamDropWritable { .. }
                | Trampoline::FutureNew { .. }
                | Trampoline::FutureCancelRead { .. }
                | Trampoline::FutureCancelWrite { .. }
                | Trampoline::FutureDropReadable { .. }
                | Trampoline::FutureDropWritable { .. }
                | Trampoline::ErrorContextDrop { .. }
                | Trampoline::ThreadIndex { .. }
                | Trampoline::ThreadNewIndirect { .. }
                | Trampoline::ThreadResumeLater { .. }
                | Trampoline::ThreadSuspend { .. }
                | Trampoline::ThreadYield { .. }
                | Trampoline::ThreadSuspendThenResume { .. }
                | Trampoline::ThreadYieldThenResume { .. }
                | Trampoline::ThreadSuspendThenPromote { .. }
                | Trampoline::ThreadYieldThenPromote { .. } => continue,
            };
            let name = canonical(trampoline).map_or("canon lower", CanonicalBuiltin::name);
            used.0.extend(wide.map(|wide| (wide, name)));
        }
        let component = &translated.component.component;
        let mut exports: Vec<ExportIndex> = component.exports.raw_iter().map(|(_, (index, _))| *index).collect();
        while let Some(export) = exports.pop() {
            match &component.export_items[export] {
                Export::Instance { exports: inner, .. } => {
                    exports.extend(inner.raw_iter().map(|(_, (index, _))| *index))
                }
                Export::LiftedFunction { ty, options, .. } => {
                    let results = MAX_FLAT_RESULTS;
                    if is_wide(options) && has_addresses(&translated.types, *ty, MAX_FLAT_PARAMS, results) {
                        used.0.insert((Wide::Memory, "canon lift"));
                    }
                }
                Export::ModuleStatic { .. } | Export::ModuleImport { .. } | Export::Type(_) => {}
            }
        }
        Ok(used)
    }
}

/// The memories that canonical definitions use and that have 64-bit addresses.
fn wide_memories(translated: &Translated<'_>) -> Result<Vec<RuntimeMemoryIndex>, LowerError> {
    let initializers = &translated.component.component.initializers;
    let instances = instantiated(&translated.component.component, &translated.modules);
    let mut wide = Vec::new();
    for initializer in initializers {
        let GlobalInitializer::ExtractMemory(extracted) = initializer else {
            continue;
        };
        let Some(Some((module, _))) = instances.get(extracted.export.instance.as_u32() as usize) else {
            continue;
        };
        let is_wide = match exported(module, &extracted.export.item) {
            Some(EntityIndex::Memory(memory)) => module.memories[memory].idx_type == IndexType::I64,
            Some(EntityIndex::Function(_) | EntityIndex::Table(_) | EntityIndex::Global(_) | EntityIndex::Tag(_))
            | None => {
                let message = "a canonical definition takes a memory that its instance does not export";
                return Err(LowerError::Internal(message.to_owned()));
            }
        };
        if is_wide {
            wide.push(extracted.index);
        }
    }
    Ok(wide)
}

fn has_i64(types: &ComponentTypes, ty: ModuleInternedTypeIndex) -> bool {
    let ty = types[ty].unwrap_func();
    let mut values = ty.params().iter().chain(ty.results());
    values.any(|ty| *ty == WasmValType::I64)
}

/// Whether a call passes addresses: of strings, lists and the like, or of values that are too many to pass without a
/// memory.
fn has_addresses(types: &ComponentTypes, ty: TypeFuncIndex, max_params: usize, max_results: usize) -> bool {
    let ty = &types[ty];
    uses_memory(types, ty.params, max_params) || uses_memory(types, ty.results, max_results)
}

/// Whether values are passed by address, or contain addresses.
fn uses_memory(types: &ComponentTypes, values: TypeTupleIndex, max: usize) -> bool {
    let abi = &types[values].abi;
    abi.size32 != abi.size64 || abi.flat_count(max).is_none()
}
