//! How each import is adapted.
//!
//! - Memories and tables are defined in the component, whatever names they are imported under: WASI's hosts never supplied
//!   them by name, but by type.
//! - `wasi.thread-spawn` becomes a function of `$main`.
//! - Functions of `$root` and of the WIT package `weft:threads` are canonical built-ins.
//! - The component imports the items of the module's world.
//! - Everything else comes from a *host module*: a core module that the component imports, one for each module name,
//!   under the kebab-case form of that name.
//!
//! A core module may import one name many times, a core module of a component only once: imports of the same function
//! are merged.

use crate::builtin::{Builtin, ROOT, TypeText};
use crate::error::AdaptError;
use crate::index::{FuncIndex, GlobalIndex};
use crate::input::info::{ModuleInfo, names_type};
use crate::names::kebab;
use crate::package::{self, Start};
use std::collections::{BTreeSet, HashMap};
use wasmparser::{FuncType, Import, TypeRef, ValType};

/// The module name under which `$main` imports what `$state` defines.
pub(crate) const STATE: &str = "$state";

/// How `$main` gets an imported function of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionSource {
    /// The imported function with this number among the distinct functions of host modules.
    Host(HostFunction),
    Builtin(Builtin),
    /// The function that the adapter adds for `wasi.thread-spawn`.
    ThreadSpawn,
    /// The function that the adapter adds for a built-in whose threads get a stack.
    InContext(Start),
}

/// Number of a distinct function of a host module, in the order in which `$main` imports them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostFunction(pub(crate) usize);

/// A core module that the component imports.
pub(crate) struct HostModule<'a> {
    /// The module name in the input's imports.
    pub(crate) name: &'a str,
    /// The component's name for it.
    pub(crate) label: String,
    pub(crate) functions: Vec<(&'a str, FuncIndex)>,
    pub(crate) globals: Vec<(&'a str, GlobalIndex)>,
}

/// All imports, sorted by what becomes of them.
#[derive(Default)]
pub(crate) struct Imports<'a> {
    pub(crate) hosts: Vec<HostModule<'a>>,
    /// By index of the imported function.
    pub(crate) functions: Vec<FunctionSource>,
    /// The distinct functions of host modules, with their module's name.
    pub(crate) host_functions: Vec<(&'a str, &'a str, FuncIndex)>,
    /// The imported globals, with their module's name.
    pub(crate) host_globals: Vec<(&'a str, &'a str, GlobalIndex)>,
    seen: HashMap<(&'a str, &'a str), Option<HostFunction>>,
    /// Positions of host modules, by name.
    positions: HashMap<&'a str, usize>,
    /// Names of host modules, by label.
    labels: HashMap<String, &'a str>,
}

impl<'a> Imports<'a> {
    /// Sorts the imports of a module.
    pub(crate) fn new(info: &ModuleInfo<'a>) -> Result<Imports<'a>, AdaptError> {
        let mut imports = Imports::default();
        let mut globals = 0;
        for import in &info.imports {
            match import.ty {
                TypeRef::Func(_) | TypeRef::FuncExact(_) => imports.function(info, import)?,
                TypeRef::Global(ty) => {
                    let (module, name) = (import.module.to_string(), import.name.to_string());
                    if ty.mutable {
                        return Err(AdaptError::ImportedMutableGlobal { module, name });
                    }
                    if names_type(ty.content_type) {
                        let (ty, offset) = (ty.content_type.to_string(), import.offset);
                        return Err(AdaptError::ImportedTypedGlobal {
                            module,
                            name,
                            ty,
                            offset,
                        });
                    }
                    imports.see(import, None)?;
                    imports.host(import)?.globals.push((import.name, GlobalIndex(globals)));
                    imports
                        .host_globals
                        .push((import.module, import.name, GlobalIndex(globals)));
                    globals += 1;
                }
                TypeRef::Table(ty) if !ty.element_type.is_nullable() => {
                    let (module, name) = (import.module.to_string(), import.name.to_string());
                    return Err(AdaptError::ImportedTable { module, name });
                }
                TypeRef::Memory(_) | TypeRef::Table(_) => imports.see(import, None)?,
                TypeRef::Tag(_) => {
                    let (module, name) = (import.module.to_string(), import.name.to_string());
                    return Err(AdaptError::ImportedTag { module, name });
                }
            }
        }
        Ok(imports)
    }

    /// Whether the module imports `wasi.thread-spawn`.
    pub(crate) fn thread_spawn(&self) -> bool {
        self.functions.contains(&FunctionSource::ThreadSpawn)
    }

    /// A distinct function of a host module, with its module's name.
    pub(crate) fn host_function(&self, host: HostFunction) -> Result<(&'a str, &'a str, FuncIndex), AdaptError> {
        let function = self.host_functions.get(host.0);
        function
            .copied()
            .ok_or_else(|| AdaptError::missing("host function", host.0))
    }

    /// The built-ins that the module imports by name.
    pub(crate) fn builtins(&self) -> impl Iterator<Item = Builtin> {
        self.functions.iter().filter_map(|source| match source {
            FunctionSource::Builtin(builtin) => Some(*builtin),
            FunctionSource::Host(_) | FunctionSource::ThreadSpawn | FunctionSource::InContext(_) => None,
        })
    }

    /// The ways in which the module starts threads that get a stack.
    pub(crate) fn starts(&self) -> BTreeSet<Start> {
        let starts = self.functions.iter().filter_map(|source| match source {
            FunctionSource::InContext(start) => Some(*start),
            FunctionSource::Host(_) | FunctionSource::ThreadSpawn | FunctionSource::Builtin(_) => None,
        });
        starts.collect()
    }

    fn function(&mut self, info: &ModuleInfo<'a>, import: &Import<'a>) -> Result<(), AdaptError> {
        let index = FuncIndex(self.functions.len() as u32);
        let ty = info.function_type(index)?;
        let source = match (import.module, import.name) {
            ("wasi", "thread-spawn") => {
                if (ty.params(), ty.results()) != (&[ValType::I32], &[ValType::I32]) {
                    return Err(AdaptError::AbiType {
                        name: "wasi.thread-spawn".to_string(),
                        found: TypeText(ty).to_string(),
                        expected: "(func (param i32) (result i32))",
                    });
                }
                FunctionSource::ThreadSpawn
            }
            (ROOT, name) if !info.is_of_world(ROOT, name) => {
                let builtin = Builtin::named(name).ok_or_else(|| unknown_builtin(ROOT, name))?;
                FunctionSource::Builtin(check(import, builtin, ty)?)
            }
            (module, name) if package::is_of_package(module) => match package::import(module, name) {
                Some(package::Import::Builtin(builtin)) => FunctionSource::Builtin(check(import, builtin, ty)?),
                Some(package::Import::InContext(start)) => {
                    check(import, start.builtin(), ty)?;
                    FunctionSource::InContext(start)
                }
                None => return Err(unknown_builtin(module, name)),
            },
            _ => FunctionSource::Host(self.number_host_function(info, import, index)?),
        };
        self.functions.push(source);
        Ok(())
    }

    fn number_host_function(
        &mut self,
        info: &ModuleInfo<'a>,
        import: &Import<'a>,
        index: FuncIndex,
    ) -> Result<HostFunction, AdaptError> {
        if let Some(Some(seen)) = self.seen.get(&(import.module, import.name)).copied()
            && let Some((_, _, first)) = self.host_functions.get(seen.0)
            && info.is_same_plain_type(info.type_of(*first)?, info.type_of(index)?)
        {
            return Ok(seen);
        }
        let number = HostFunction(self.host_functions.len());
        self.see(import, Some(number))?;
        // The functions of the world come from the component's imports.
        if !info.is_of_world(import.module, import.name) {
            self.host(import)?.functions.push((import.name, index));
        }
        self.host_functions.push((import.module, import.name, index));
        Ok(number)
    }

    fn see(&mut self, import: &Import<'a>, function: Option<HostFunction>) -> Result<(), AdaptError> {
        match self.seen.insert((import.module, import.name), function) {
            None => Ok(()),
            Some(_) => {
                let (module, name) = (import.module.to_string(), import.name.to_string());
                Err(AdaptError::DuplicateImport { module, name })
            }
        }
    }

    fn host(&mut self, import: &Import<'a>) -> Result<&mut HostModule<'a>, AdaptError> {
        if import.module == ROOT || package::is_of_package(import.module) {
            return Err(unknown_builtin(import.module, import.name));
        }
        if import.module == STATE {
            let (module, name) = (import.module.to_string(), import.name.to_string());
            return Err(AdaptError::ReservedModule { module, name });
        }
        let position = match self.positions.get(import.module) {
            Some(position) => *position,
            None => self.add_host(import.module)?,
        };
        Ok(&mut self.hosts[position])
    }

    fn add_host(&mut self, name: &'a str) -> Result<usize, AdaptError> {
        let what = "import module";
        let label = kebab(name).ok_or_else(|| AdaptError::NoKebabName {
            what,
            name: name.to_string(),
        })?;
        if let Some(first) = self.labels.insert(label.clone(), name) {
            let (first, second) = (first.to_string(), name.to_string());
            return Err(AdaptError::SameKebabName {
                what,
                first,
                second,
                label,
            });
        }
        self.positions.insert(name, self.hosts.len());
        self.hosts.push(HostModule {
            name,
            label,
            functions: Vec::new(),
            globals: Vec::new(),
        });
        Ok(self.hosts.len() - 1)
    }
}

/// Checks the type of a built-in's import.
fn check(import: &Import<'_>, builtin: Builtin, ty: &FuncType) -> Result<Builtin, AdaptError> {
    if *ty == builtin.ty() {
        return Ok(builtin);
    }
    Err(AdaptError::BuiltinType {
        module: import.module.to_string(),
        name: import.name.to_string(),
        found: TypeText(ty).to_string(),
        expected: builtin.ty_text(),
    })
}

fn unknown_builtin(module: &str, name: &str) -> AdaptError {
    let known = match module {
        ROOT => Builtin::known_names(),
        module => package::known_names(module),
    };
    AdaptError::UnknownBuiltin {
        module: module.to_string(),
        name: name.to_string(),
        known,
    }
}
