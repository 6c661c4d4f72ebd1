//! The names under which `$main` of a module without threads imports functions.
//!
//! A core module may import one function many times under one name. A core module of a component may not. So the second import gets
//! another name, and `$main` is instantiated with an instance that has the function under both names. That instance also has the
//! functions of the trampolines.

use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::spawns::SPAWN;
use crate::plain::trampolines::{Trampolines, export_name};
use crate::plan::imports::{FunctionSource, Imports};
use std::collections::{BTreeSet, HashMap, HashSet};
use wasm_encoder::ExportKind;

/// The names of an imported function.
pub(crate) struct ImportName<'a> {
    pub(crate) module: &'a str,
    /// In the host module.
    host_name: &'a str,
    /// In `$main`.
    pub(crate) name: String,
    /// Among the trampolines, if it is one.
    trampoline: Option<String>,
}

/// The names of all imported functions.
pub(crate) struct Names<'a> {
    /// By index of the imported function.
    pub(crate) functions: Vec<ImportName<'a>>,
    /// The modules from which a function is imported more than once, or from the trampolines.
    pub(crate) rearranged: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(imports: &Imports<'a>, trampolines: &Trampolines<'a>) -> Result<Self, AdaptError> {
        let hosts = imports.host_functions.iter().map(|(module, name, _)| (*module, *name));
        let globals = imports.host_globals.iter().map(|(module, name, _)| (*module, *name));
        let taken: HashSet<(&str, &str)> = hosts.chain(globals).collect();
        let mut times: HashMap<(&str, &str), u32> = HashMap::new();
        let mut names = Names {
            functions: Vec::new(),
            rearranged: BTreeSet::new(),
        };
        for (func, source) in (0..).map(FuncIndex).zip(&imports.functions) {
            let (module, host_name) = match *source {
                FunctionSource::Host(host) => {
                    let (module, name, _) = imports.host_function(host)?;
                    (module, name)
                }
                FunctionSource::ThreadSpawn => SPAWN,
                FunctionSource::Builtin(_) | FunctionSource::InContext(_) => continue,
            };
            let times = times.entry((module, host_name)).or_default();
            *times += 1;
            let mut name = host_name.to_string();
            if *times > 1 {
                name = format!("{host_name}#{times}");
                while taken.contains(&(module, name.as_str())) {
                    name.push('#');
                }
            }
            let trampoline = trampolines.contain(func).then(|| export_name(func));
            if *times > 1 || trampoline.is_some() {
                names.rearranged.insert(module);
            }
            names.functions.push(ImportName {
                module,
                host_name,
                name,
                trampoline,
            });
        }
        Ok(names)
    }
    /// The instance that `$main` imports as this module: that of the host module, or one that has each function under all the names
    /// that `$main` uses, some of them from the instance of the trampolines.
    pub(crate) fn argument(
        &self,
        writer: &mut Writer,
        imports: &Imports<'_>,
        module: &str,
        host: Option<u32>,
        trampolines: Option<u32>,
    ) -> Result<u32, AdaptError> {
        let missing = || AdaptError::missing("instance of", module);
        if !self.rearranged.contains(module) {
            return host.ok_or_else(missing);
        }
        let mut exports = Vec::new();
        for name in self.functions.iter().filter(|name| name.module == module) {
            let func = match &name.trampoline {
                Some(trampoline) => writer.alias(trampolines.ok_or_else(missing)?, ExportKind::Func, trampoline),
                None => writer.alias(host.ok_or_else(missing)?, ExportKind::Func, name.host_name),
            };
            exports.push((name.name.as_str(), ExportKind::Func, func));
        }
        let host_module = imports.hosts.iter().find(|host| host.name == module);
        for (name, _) in host_module.iter().flat_map(|host| &host.globals) {
            let global = writer.alias(host.ok_or_else(missing)?, ExportKind::Global, name);
            exports.push((*name, ExportKind::Global, global));
        }
        let label = host_module.map_or(module, |host| &host.label);
        Ok(writer.core_instance(label, &exports))
    }
}
