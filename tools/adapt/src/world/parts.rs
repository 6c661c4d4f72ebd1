//! Finds the parts of wit-component's component: the canonical definition behind each import of the main module, and
//! the purpose of each of the module's exports.
//!
//! wit-component gives its main module functions of a *shim*: a table of functions, which a *fixup* fills once the memory exists.
//! The fixup gets the functions under the names that the shim exports, so a function of the shim is looked up there.

use super::operands::{Use, operands, option_function};
use crate::error::AdaptError;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentType, ComponentTypeSectionReader, ExternalKind, Instance, Parser,
    Payload,
};

/// A core function of wit-component's component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The canonical definition with this core function index.
    Canon(u32),
    /// An export of the main module.
    Main(String),
}

enum CoreInstance {
    Module { module: u32, args: Vec<(String, u32)> },
    Exports(Vec<(String, ExternalKind, u32)>),
}

enum CoreFunc {
    Canon,
    Export { instance: u32, name: String },
}

/// The parts that concern the main module.
#[derive(Default)]
pub(crate) struct Parts {
    instances: Vec<CoreInstance>,
    funcs: Vec<CoreFunc>,
    /// The functions that the main module imports, with their modules.
    pub(crate) imports: Vec<(String, String, Source)>,
    /// The main module's exports that are used.
    pub(crate) uses: BTreeMap<String, Use>,
    /// The exports that are referred to before the main module is instantiated.
    pub(crate) early: BTreeSet<String>,
    /// The export that runs when the component is instantiated.
    pub(crate) start: Option<String>,
    /// Whether the world exports any function.
    pub(crate) exports_any: bool,
    /// Whether the world exports `wasi:cli/run`.
    pub(crate) exports_run: bool,
}

/// The main module is the first that wit-component defines.
const MAIN: u32 = 0;

impl Parts {
    /// Reads a component.
    pub(crate) fn parse(component: &[u8]) -> Result<Parts, AdaptError> {
        let mut parts = Parts::default();
        let mut canons = Vec::new();
        let mut destructors = Vec::new();
        for payload in top_level(component) {
            match payload? {
                Payload::InstanceSection(section) => {
                    for instance in section {
                        parts.instances.push(core_instance(instance?));
                    }
                }
                Payload::ComponentAliasSection(section) => {
                    for alias in section {
                        parts.alias(alias?);
                    }
                }
                Payload::ComponentCanonicalSection(section) => {
                    for canon in section {
                        let canon = canon?;
                        match canon {
                            CanonicalFunction::Lift { .. } => parts.exports_any = true,
                            _ => parts.funcs.push(CoreFunc::Canon),
                        }
                        canons.push(canon);
                    }
                }
                Payload::ComponentTypeSection(section) => destructors.extend(destructors_of(section)?),
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        parts.exports_run |= export?.name.name.starts_with("wasi:cli/run@");
                    }
                }
                _ => {}
            }
        }
        for canon in &canons {
            parts.used_by(canon)?;
        }
        for destructor in destructors {
            parts.use_as(destructor, Use::Callee, true)?;
        }
        parts.of_instances()?;
        Ok(parts)
    }

    fn alias(&mut self, alias: ComponentAlias<'_>) {
        if let ComponentAlias::CoreInstanceExport {
            kind: ExternalKind::Func,
            instance_index,
            name,
        } = alias
        {
            self.funcs.push(CoreFunc::Export {
                instance: instance_index,
                name: name.to_owned(),
            });
        }
    }

    /// The origin of a core function.
    pub(crate) fn source(&self, func: u32) -> Result<Source, AdaptError> {
        match self.funcs.get(func as usize) {
            None => Err(AdaptError::missing("core function", func)),
            Some(CoreFunc::Canon) => Ok(Source::Canon(func)),
            Some(CoreFunc::Export { instance, name }) => match self.instances.get(*instance as usize) {
                Some(CoreInstance::Module { module: MAIN, .. }) => Ok(Source::Main(name.clone())),
                Some(CoreInstance::Module { .. }) => self.source(self.behind_shim(name)?),
                Some(CoreInstance::Exports(_)) | None => Err(AdaptError::missing("core instance", *instance)),
            },
        }
    }

    /// The core function that the fixup puts into the shim's element for a name.
    fn behind_shim(&self, name: &str) -> Result<u32, AdaptError> {
        let exports = self.instances.iter().find_map(|instance| match instance {
            CoreInstance::Exports(exports) if exports.iter().any(|(_, kind, _)| *kind == ExternalKind::Table) => {
                Some(exports)
            }
            CoreInstance::Exports(_) | CoreInstance::Module { .. } => None,
        });
        let mut exports = exports.into_iter().flatten();
        let func = exports.find(|(export, kind, _)| export == name && *kind == ExternalKind::Func);
        let (_, _, func) = func.ok_or_else(|| AdaptError::missing("function behind the shim", name))?;
        Ok(*func)
    }

    fn used_by(&mut self, canon: &CanonicalFunction) -> Result<(), AdaptError> {
        let (lifted, options) = operands(canon);
        if let Some(func) = lifted {
            self.use_as(func, Use::Call, false)?;
        }
        for (func, how) in options.iter().filter_map(option_function) {
            self.use_as(func, how, lifted.is_none())?;
        }
        Ok(())
    }

    fn use_as(&mut self, func: u32, how: Use, early: bool) -> Result<(), AdaptError> {
        let Source::Main(name) = self.source(func)? else {
            return Ok(());
        };
        if early {
            self.early.insert(name.clone());
        }
        let known = self.uses.entry(name).or_insert(how);
        *known = (*known).max(how);
        Ok(())
    }

    /// The imports of the main module, and the function with which another module starts.
    fn of_instances(&mut self) -> Result<(), AdaptError> {
        let mut imports = Vec::new();
        let mut start = None;
        for instance in &self.instances {
            let CoreInstance::Module { module, args } = instance else {
                continue;
            };
            for (argument, given) in args {
                let Some(CoreInstance::Exports(exports)) = self.instances.get(*given as usize) else {
                    continue;
                };
                for (name, kind, func) in exports {
                    match (*module, kind) {
                        (MAIN, ExternalKind::Func) => {
                            imports.push((argument.clone(), name.clone(), self.source(*func)?))
                        }
                        (_, ExternalKind::Func) if argument.is_empty() && name.is_empty() => start = Some(*func),
                        _ => {}
                    }
                }
            }
        }
        self.imports = imports;
        if let Some(func) = start {
            self.use_as(func, Use::Call, false)?;
            if let Source::Main(name) = self.source(func)? {
                self.start = Some(name);
            }
        }
        Ok(())
    }
}

/// The payloads of a component that are not those of modules and components in it.
pub(crate) fn top_level(component: &[u8]) -> impl Iterator<Item = wasmparser::Result<Payload<'_>>> {
    let mut depth = 0_u32;
    Parser::new(0)
        .parse_all(component)
        .filter(move |payload| match payload {
            Ok(Payload::ModuleSection { .. } | Payload::ComponentSection { .. }) => {
                depth += 1;
                depth == 1
            }
            Ok(Payload::End(_)) => {
                depth = depth.saturating_sub(1);
                false
            }
            Ok(_) => depth == 0,
            Err(_) => true,
        })
}

fn core_instance(instance: Instance<'_>) -> CoreInstance {
    match instance {
        Instance::Instantiate { module_index, args } => CoreInstance::Module {
            module: module_index,
            args: args.iter().map(|arg| (arg.name.to_owned(), arg.index)).collect(),
        },
        Instance::FromExports(exports) => {
            let exports = exports.iter();
            CoreInstance::Exports(
                exports
                    .map(|export| (export.name.to_owned(), export.kind, export.index))
                    .collect(),
            )
        }
    }
}

/// The destructors of a section's resource types.
pub(crate) fn destructors_of(section: ComponentTypeSectionReader<'_>) -> Result<Vec<u32>, AdaptError> {
    let mut destructors = Vec::new();
    for ty in section {
        if let ComponentType::Resource { dtor: Some(func), .. } = ty? {
            destructors.push(func);
        }
    }
    Ok(destructors)
}
