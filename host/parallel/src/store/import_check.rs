//! Checks that the functions of host modules have the types that a component imports.
//!
//! **Problem.** Wasmtime compares the types only once all imports of a module are defined. Memories are defined only
//! when an instance is made, but a type error should be reported before, when a program is prepared. **Here,** Wasmtime
//! links a second module that has only these imports. It has no code, so compiling it takes well under a millisecond.
//!
//! **Rejected:** looking the types up (Wasmtime's linker returns them only for a store, and a store's data needs an
//! instance).

use crate::engine::component::Component;
use crate::error::LinkError;
use crate::state::thread::Thread;
use wasm_encoder::{EntityType, ImportSection, Module as Encoder, TypeSection, ValType as Encoded};
use wasmtime::{FuncType, Linker, Module, ValType};
use weft_lower::plan::Definition;

/// A function of a host module that the run-time module imports.
struct HostImport<'a> {
    /// The names of the host module and the function in the component.
    path: (&'a str, &'a str),
    /// The names of the run-time module's import.
    module: &'a str,
    name: &'a str,
    ty: FuncType,
}

/// Checks the types of the functions in a linker. It defines them under the names of the run-time module's imports.
///
/// # Errors
///
/// A type differs: a [`LinkError`] names the function.
pub(super) fn check<T: 'static>(component: &Component, linker: &Linker<Thread<T>>) -> wasmtime::Result<()> {
    let imports: Vec<_> = host_imports(component).collect();
    if imports.is_empty() || fit(component, linker, &imports).is_ok() {
        return Ok(());
    }
    imports.iter().try_for_each(|import| {
        fit(component, linker, std::slice::from_ref(import)).map_err(|error| {
            let (module, function) = import.path;
            let reason = error.root_cause();
            LinkError(format!(
                "import `{module}/{function}` does not match the host's definition: {reason}"
            ))
            .into()
        })
    })
}

fn host_imports(component: &Component) -> impl Iterator<Item = HostImport<'_>> {
    let plan = component.plan();
    let arguments = plan.arguments.iter().zip(component.module().imports());
    arguments.filter_map(|(argument, import)| {
        let Definition::Import(host_module, function) = argument else {
            return None;
        };
        Some(HostImport {
            path: (&plan.imports[host_module.index()].name, function),
            module: import.module(),
            name: import.name(),
            ty: import.ty().func()?.clone(),
        })
    })
}

/// Whether the functions in a linker have these types.
fn fit<T: 'static>(
    component: &Component,
    linker: &Linker<Thread<T>>,
    functions: &[HostImport<'_>],
) -> wasmtime::Result<()> {
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    for HostImport { module, name, ty, .. } in functions {
        let params: Option<Vec<_>> = ty.params().map(|ty| encoded(&ty)).collect();
        let results: Option<Vec<_>> = ty.results().map(|ty| encoded(&ty)).collect();
        // Wasmtime compares types that the component declares itself when an instance is made.
        let (Some(params), Some(results)) = (params, results) else {
            continue;
        };
        imports.import(module, name, EntityType::Function(types.len()));
        types.ty().function(params, results);
    }
    let mut module = Encoder::new();
    module.section(&types).section(&imports);
    let module = Module::new(component.engine().wasmtime(), module.finish())?;
    linker.instantiate_pre(&module).map(drop)
}

fn encoded(ty: &ValType) -> Option<Encoded> {
    Some(match ty {
        ValType::I32 => Encoded::I32,
        ValType::I64 => Encoded::I64,
        ValType::F32 => Encoded::F32,
        ValType::F64 => Encoded::F64,
        ValType::V128 => Encoded::V128,
        ValType::Ref(_) if ty.is_funcref() => Encoded::FUNCREF,
        ValType::Ref(_) if ty.is_externref() => Encoded::EXTERNREF,
        ValType::Ref(_) => return None,
    })
}
