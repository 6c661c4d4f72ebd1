//! Properties of every output, whatever the input.

use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, HashMap, HashSet};
use wasmparser::{ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef, ValidPayload, Validator};
use weft_lower::plan::{
    Builtin, Definition, FUNCTIONS_EXPORT, INITIALIZE_EXPORT, OptionMemory, OptionsIndex, Plan, StartTable,
};
use weft_lower::{COMPONENT_FEATURES, CORE_FEATURES, FEATURES};

/// The unshared form is valid without shared-everything: it neither says `shared` nor has thread built-ins that stock tools
/// lack.
pub fn unshared(component: &[u8]) -> Result<()> {
    Validator::new_with_features(COMPONENT_FEATURES)
        .validate_all(component)
        .context("the unshared form is not what stock tools have")?;
    let text = wasmprinter::print_bytes(component)?;
    let mut words = text.split(|character: char| character.is_whitespace() || "()".contains(character));
    ensure!(!words.any(|word| word == "shared"), "the unshared form says `shared`");
    Ok(())
}

/// The unshared form of a core module is what the engine has.
pub fn unshared_module(module: &[u8]) -> Result<()> {
    Validator::new_with_features(CORE_FEATURES)
        .validate_all(module)
        .context("the unshared form is not valid")?;
    Ok(())
}

/// The run-time module is valid, and the plan links it: arguments are as many and of the same kinds as imports, and what is
/// named exists.
pub fn plan(plan: &Plan) -> Result<()> {
    let interface = Interface::of(&plan.wasm)?;
    interface.check(INITIALIZE_EXPORT, ExternalKind::Func)?;
    ensure!(
        interface.imports.len() == plan.arguments.len(),
        "{} imports and {} arguments",
        interface.imports.len(),
        plan.arguments.len()
    );
    for (import, argument) in interface.imports.iter().zip(&plan.arguments) {
        check_argument(plan, &interface, argument, import).with_context(|| format!("argument {argument:?}"))?;
    }
    for export in &plan.exports {
        let functions = [Some(&export.function), export.post_return.as_ref()];
        for function in functions.into_iter().flatten() {
            interface.check(function, ExternalKind::Func)?;
        }
        check_options(plan, &interface, export.options)?;
    }
    for slot in &plan.context_slots {
        interface.check(slot, ExternalKind::Global)?;
    }
    for table in &plan.tables {
        let memory = plan
            .memories
            .get(table.memory.index())
            .context("a table without a memory")?;
        ensure!(memory.hidden && !memory.memory64, "a table in a memory of another kind");
    }
    helpers_read_once(&plan.wasm)
}

/// The functions that are added look once at what another thread may change meanwhile, so that all their checks are against
/// the same value.
fn helpers_read_once(module: &[u8]) -> Result<()> {
    let (mut bodies, mut names) = (Vec::new(), BTreeMap::new());
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else {
                    continue;
                };
                for subsection in subsections {
                    if let Name::Function(functions) = subsection? {
                        for naming in functions {
                            let naming = naming?;
                            names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (body, index) in bodies.into_iter().zip(imported..) {
        let Some(name) = names.get(&index).filter(|name| name.starts_with("weft:")) else {
            continue;
        };
        let mut reads = HashSet::new();
        let mut address = None;
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::I32Const { value } => address = Some(value),
                Operator::I32AtomicLoad { memarg } | Operator::I64AtomicLoad { memarg } => ensure!(
                    reads.insert((memarg.memory, memarg.offset, address)),
                    "`{name}` reads address {address:?} of memory {} twice",
                    memarg.memory
                ),
                _ => address = None,
            }
        }
    }
    Ok(())
}

fn check_argument(plan: &Plan, interface: &Interface, argument: &Definition, import: &TypeRef) -> Result<()> {
    match argument {
        Definition::Memory(memory) => {
            let memory = plan.memories.get(memory.index()).context("there is no such memory")?;
            let TypeRef::Memory(ty) = import else {
                bail!("the import is no memory")
            };
            ensure!(ty.shared, "the import is no shared memory");
            ensure!(
                (ty.initial, ty.maximum, ty.memory64) == (memory.minimum, Some(memory.maximum), memory.memory64),
                "the import has other limits"
            );
            return Ok(());
        }
        Definition::Import(import, name) => {
            let import = plan.imports.get(import.index()).context("there is no such import")?;
            ensure!(import.uses.contains(name), "the import's uses do not name it");
            return Ok(());
        }
        Definition::Builtin(Builtin::SpawnIndirect(table, start) | Builtin::NewIndirect(table, start)) => {
            interface.check(&start.export, ExternalKind::Func)?;
            match table {
                StartTable::Fixed { export, .. } => interface.check(export, ExternalKind::Table)?,
                StartTable::Written(table) => {
                    plan.tables.get(table.index()).context("there is no such table")?;
                    interface.check(FUNCTIONS_EXPORT, ExternalKind::Table)?;
                }
            }
        }
        Definition::Builtin(Builtin::SpawnRef(start)) => {
            interface.check(&start.export, ExternalKind::Func)?;
            interface.check(FUNCTIONS_EXPORT, ExternalKind::Table)?;
        }
        Definition::Builtin(Builtin::FunctionHandle | Builtin::GrowTable(_)) => {
            interface.check(FUNCTIONS_EXPORT, ExternalKind::Table)?;
        }
        Definition::Lowered(lowered) => {
            let lowered = plan.lowered.get(lowered.index()).context("there is no such function")?;
            plan.functions
                .get(lowered.function.index())
                .context("a lowered function that is not imported")?;
            check_options(plan, interface, lowered.options)?;
        }
        Definition::Builtin(_) => {}
    }
    ensure!(matches!(import, TypeRef::Func(_)), "the import is no function");
    Ok(())
}

/// What options name is there.
fn check_options(plan: &Plan, interface: &Interface, options: OptionsIndex) -> Result<()> {
    let options = plan.options.get(options.index()).context("there are no such options")?;
    match &options.memory {
        Some(OptionMemory::Planned(memory)) => {
            plan.memories.get(memory.index()).context("there is no such memory")?;
        }
        Some(OptionMemory::Unshared { export }) => interface.check(export, ExternalKind::Memory)?,
        None => {}
    }
    if let Some(realloc) = &options.realloc {
        interface.check(realloc, ExternalKind::Func)?;
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
        Validator::new_with_features(CORE_FEATURES)
            .validate_all(module)
            .context("the run-time module is not valid")?;
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
                        ensure!(!memory?.shared, "the run-time module defines a shared memory");
                    }
                }
                Payload::StartSection { .. } => bail!("the run-time module has a start function"),
                _ => {}
            }
        }
        Ok(Interface { imports, exports })
    }

    fn check(&self, name: &str, kind: ExternalKind) -> Result<()> {
        let found = self
            .exports
            .get(name)
            .with_context(|| format!("there is no export `{name}`"))?;
        ensure!(*found == kind, "export `{name}` is a {found:?}");
        Ok(())
    }
}

/// The bodies of all functions, in order, nested modules included.
pub fn function_bodies(binary: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut bodies = Vec::new();
    let mut validator = Validator::new_with_features(FEATURES);
    for payload in Parser::new(0).parse_all(binary) {
        if let ValidPayload::Func(_, body) = validator.payload(&payload?)? {
            bodies.push(body.as_bytes().to_vec());
        }
    }
    Ok(bodies)
}
