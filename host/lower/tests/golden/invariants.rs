//! What holds of every output, whatever the input.

use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValidPayload, Validator, WasmFeatures};
use weft_lower::plan::{Builtin, CONTEXT_SLOT_EXPORTS, CoreExport, Definition, INITIALIZE_EXPORT, Plan};

/// What run-time modules may use: what the engine has. Threads are in it, shared-everything is not.
const ENGINE_FEATURES: WasmFeatures = WasmFeatures::WASM3.union(WasmFeatures::THREADS);

/// The unshared form is valid, and valid without shared-everything: it neither says `shared` nor has thread built-ins
/// that stock tools lack.
pub fn unshared(component: &[u8]) -> Result<()> {
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(component)
        .context("the unshared form is not valid")?;
    let features = WasmFeatures::all().difference(WasmFeatures::SHARED_EVERYTHING_THREADS);
    Validator::new_with_features(features)
        .validate_all(component)
        .context("the unshared form needs shared-everything")?;
    let text = wasmprinter::print_bytes(component)?;
    let mut words = text.split(|character: char| character.is_whitespace() || "()".contains(character));
    ensure!(!words.any(|word| word == "shared"), "the unshared form says `shared`");
    Ok(())
}

/// The unshared form of a core module is what the engine has.
pub fn unshared_module(module: &[u8]) -> Result<()> {
    Validator::new_with_features(ENGINE_FEATURES)
        .validate_all(module)
        .context("the unshared form is not valid")?;
    Ok(())
}

/// The modules are valid, and the plan links them: arguments are as many and of the same kinds as imports, and what is
/// named exists, in an instance that stands earlier.
pub fn plan(plan: &Plan) -> Result<()> {
    let modules = plan.modules.iter().map(|module| Interface::of(&module.wasm));
    let modules = modules.collect::<Result<Vec<_>>>()?;
    for (module, interface) in plan.modules.iter().zip(&modules) {
        let exported = interface.exports.contains_key(INITIALIZE_EXPORT);
        ensure!(
            module.initialize == exported,
            "`initialize` is not what the module exports"
        );
    }
    let links = Links { plan, modules };
    for (number, instance) in plan.instances.iter().enumerate() {
        let imports = &links.modules[instance.module.index()].imports;
        ensure!(
            imports.len() == instance.arguments.len(),
            "instance {number} has {} imports and {} arguments",
            imports.len(),
            instance.arguments.len()
        );
        for (import, argument) in imports.iter().zip(&instance.arguments) {
            links
                .argument(number, argument, import)
                .with_context(|| format!("instance {number}, argument {argument:?}"))?;
        }
    }
    for export in &plan.exports {
        let functions = [Some(&export.function), export.post_return.as_ref()];
        for function in functions.into_iter().flatten() {
            let kind = links.export(plan.instances.len(), function)?;
            ensure!(kind == ExternalKind::Func, "`{}` is no function", function.name);
        }
    }
    if let Some(instance) = plan.context {
        for name in CONTEXT_SLOT_EXPORTS.map(str::to_owned) {
            let kind = links.export(plan.instances.len(), &CoreExport { instance, name })?;
            ensure!(kind == ExternalKind::Global, "a context slot is no global");
        }
    }
    Ok(())
}

/// What a module imports, in order, and exports.
struct Interface {
    imports: Vec<TypeRef>,
    exports: HashMap<String, ExternalKind>,
}

impl Interface {
    fn of(module: &[u8]) -> Result<Self> {
        Validator::new_with_features(ENGINE_FEATURES)
            .validate_all(module)
            .context("a run-time module is not valid")?;
        let (mut imports, mut exports) = (Vec::new(), HashMap::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imports.push(import?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        exports.insert(export.name.to_owned(), export.kind);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        ensure!(!memory?.shared, "a run-time module defines a shared memory");
                    }
                }
                Payload::StartSection { .. } => bail!("a run-time module has a start function"),
                _ => {}
            }
        }
        Ok(Interface { imports, exports })
    }
}

struct Links<'a> {
    plan: &'a Plan,
    modules: Vec<Interface>,
}

impl Links<'_> {
    fn argument(&self, before: usize, argument: &Definition, import: &TypeRef) -> Result<()> {
        let kind = match argument {
            Definition::Memory(memory) => {
                ensure!(memory.index() < self.plan.memories.len(), "there is no such memory");
                ensure!(
                    matches!(import, TypeRef::Memory(ty) if ty.shared),
                    "the import is no shared memory"
                );
                return Ok(());
            }
            Definition::Export(export) => self.export(before, export)?,
            Definition::Import(import, name) => {
                let import = self
                    .plan
                    .imports
                    .get(import.index())
                    .context("there is no such import")?;
                ensure!(import.uses.contains(name), "the import's uses do not name it");
                return Ok(());
            }
            Definition::Builtin(builtin) => {
                if let Builtin::SpawnIndirect(table) = builtin {
                    ensure!(
                        self.export(before, table)? == ExternalKind::Table,
                        "it is not on a table"
                    );
                }
                ExternalKind::Func
            }
        };
        let expected = match import {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => ExternalKind::Func,
            TypeRef::Table(_) => ExternalKind::Table,
            TypeRef::Memory(_) => ExternalKind::Memory,
            TypeRef::Global(_) => ExternalKind::Global,
            TypeRef::Tag(_) => ExternalKind::Tag,
        };
        ensure!(kind == expected, "a {kind:?} where a {expected:?} is imported");
        Ok(())
    }

    /// The kind of an export of one of the first `before` instances.
    fn export(&self, before: usize, export: &CoreExport) -> Result<ExternalKind> {
        ensure!(export.instance.index() < before, "the instance stands later");
        let module = self.plan.instances[export.instance.index()].module;
        let kind = self.modules[module.index()].exports.get(&export.name);
        kind.copied()
            .with_context(|| format!("there is no export `{}`", export.name))
    }
}

/// The bodies of all functions, in order, nested modules included.
pub fn function_bodies(binary: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut bodies = Vec::new();
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    for payload in Parser::new(0).parse_all(binary) {
        if let ValidPayload::Func(_, body) = validator.payload(&payload?)? {
            bodies.push(body.as_bytes().to_vec());
        }
    }
    Ok(bodies)
}
