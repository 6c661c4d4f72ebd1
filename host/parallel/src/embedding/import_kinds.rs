//! Checks that the host defines each import of a component as an item of the import's kind.
//!
//! **Problem.** If an import is a function, and the host defines a resource type by its name, then it is wrong to say that the
//! host does not supply it. And an instance in which the component uses nothing is not missing if the host has none.
//!
//! The specification and Wasmtime require that an import's kind matches.

use super::linker::Linker;
use crate::error::Error;
use std::fmt;
use weft_lower::Plan;
use weft_lower::plan::ResourceType;

/// The kind of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Instance,
    ResourceType,
    Module,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Function => "a function",
            Kind::Instance => "an instance",
            Kind::ResourceType => "a resource type",
            Kind::Module => "a core module",
        })
    }
}

impl<T: 'static> Linker<T> {
    /// Checks everything that a plan imports.
    pub(super) fn check_kinds(&self, plan: &Plan) -> Result<(), Error> {
        for import in &plan.functions {
            self.check_kind(Kind::Function, &import.path)?;
        }
        for ty in &plan.resource_types {
            if let ResourceType::Imported { path } = ty {
                self.check_kind(Kind::ResourceType, path)?;
            }
        }
        for import in &plan.equal_resources {
            self.check_kind(Kind::ResourceType, &import.path)?;
        }
        for path in &plan.instances {
            self.check_kind(Kind::Instance, path)?;
        }
        for import in &plan.imports {
            self.check_kind(Kind::Module, &import.path)?;
        }
        Ok(())
    }

    /// Checks that the host defines the item of a path as this kind, or not at all.
    fn check_kind(&self, wanted: Kind, path: &[String]) -> Result<(), Error> {
        if self.defines(wanted, path) {
            return Ok(());
        }
        let kinds = [Kind::Function, Kind::Instance, Kind::ResourceType, Kind::Module];
        match kinds.into_iter().find(|kind| self.defines(*kind, path)) {
            Some(found) => Err(Error::Link(format!(
                "the component imports `{}` as {wanted}, and the host defines it as {found}",
                path.join("#")
            ))),
            None => Ok(()),
        }
    }

    fn defines(&self, kind: Kind, path: &[String]) -> bool {
        match (kind, path) {
            (Kind::Function, _) => self.functions.find(&self.functions.by_path, path).is_some(),
            (Kind::ResourceType, _) => self.functions.find(&self.functions.resources, path).is_some(),
            (Kind::Instance, [name]) => self.functions.has_instance(name),
            (Kind::Instance, _) => {
                let items = self.functions.by_path.keys().chain(self.functions.resources.keys());
                let mut items = items.chain(self.functions.modules.keys());
                items.any(|item| item.len() > path.len() && item.starts_with(path))
            }
            (Kind::Module, _) => {
                self.modules.contains(&path.join("/")) || self.functions.find(&self.functions.modules, path).is_some()
            }
        }
    }
}
