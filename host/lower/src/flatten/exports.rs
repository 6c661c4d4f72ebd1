//! The lifted functions, resource types and core modules that a component exports: converts the translator's tree of
//! instances to lists of paths.

use super::lifts::Lifts;
use super::{Flatten, missing, places};
use crate::error::LowerError;
use crate::plan::Export;
use crate::threadify::Item;
use wasmtime_environ::component::{
    CanonicalOptions, CanonicalOptionsDataModel, Component, CoreDef, Export as ComponentExport, OptionsIndex, TypeDef,
    TypeFuncIndex,
};

/// Everything that a component exports, in whatever instance, with the names of the instances that each item is in,
/// outermost first, and its own.
pub(super) fn exported_items(component: &Component) -> Vec<(Vec<String>, &ComponentExport)> {
    let mut items = Vec::new();
    let mut pending = Vec::new();
    for (name, (index, _)) in component.exports.raw_iter() {
        pending.push((vec![name.to_string()], *index));
    }
    while let Some((path, index)) = pending.pop() {
        let item = &component.export_items[index];
        if let ComponentExport::Instance { exports, .. } = item {
            for (name, (index, _)) in exports.raw_iter() {
                let path = path.iter().cloned().chain([name.to_string()]).collect();
                pending.push((path, *index));
            }
        }
        items.push((path, item));
    }
    items
}

impl Flatten<'_> {
    pub(super) fn exports(&mut self) -> Result<(), LowerError> {
        let mut lifts = Lifts::default();
        for (path, item) in exported_items(self.component()) {
            match item {
                ComponentExport::LiftedFunction { ty, func, options } => {
                    self.lifted(&mut lifts, path, *ty, func, *options)?;
                }
                ComponentExport::Type(TypeDef::Resource(ty)) => {
                    let exported = self.resource_name(path, *ty);
                    self.plan.exported_resources.extend(exported);
                }
                ComponentExport::ModuleStatic { index, .. } => self.exported_module(path, *index),
                ComponentExport::ModuleImport { import, .. } => self.reexported_module(path, *import),
                ComponentExport::Instance { .. } | ComponentExport::Type(_) => {}
            }
        }
        lifts.finish(self);
        self.plan.exports.sort_by(|one, other| one.path.cmp(&other.path));
        let resources = &mut self.plan.exported_resources;
        resources.sort_by(|one, other| one.path.cmp(&other.path));
        let modules = &mut self.plan.exported_modules;
        modules.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    fn lifted(
        &mut self,
        lifts: &mut Lifts,
        path: Vec<String>,
        ty: TypeFuncIndex,
        func: &CoreDef,
        options: OptionsIndex,
    ) -> Result<(), LowerError> {
        let item = format!("function `{}`", path.join("#"));
        let place = |flatten: &Self| path.first().and_then(|name| places::export(flatten.input_bytes, name));
        let function = lifts.export(self, func)?;
        let definition = &self.component().options[options];
        if definition.async_ {
            let refused = LowerError::unsupported(format!("async-lifted {item}"), "lift it synchronously");
            return Err(refused.at(place(self)));
        }
        let post_return = definition.post_return.map(|index| {
            let function = self.extracted.post_return_of(index).ok_or_else(missing)?;
            lifts.export(self, function)
        });
        let shared = self.is_shared_lift(func, definition);
        let ty = self.func_type(ty, &item).map_err(|error| error.at(place(self)))?;
        let options = self.options(options, &item).map_err(|error| error.at(place(self)))?;
        self.plan.exports.push(Export {
            path,
            function,
            ty,
            options,
            post_return: post_return.transpose()?,
            shared,
        });
        Ok(())
    }

    /// Whether everything that a call of a lifted function uses is shared.
    fn is_shared_lift(&self, func: &CoreDef, options: &CanonicalOptions) -> bool {
        let is_shared = |definition: &CoreDef| match self.item(definition) {
            Some((instance, Item::Function(function))) => {
                let functions = &self.input.instances[instance.0].items.functions;
                functions.get(function as usize).is_some_and(|shared| *shared)
            }
            Some(_) | None => false,
        };
        let (memory, realloc) = match options.data_model {
            CanonicalOptionsDataModel::LinearMemory(options) => (options.memory, options.realloc),
            CanonicalOptionsDataModel::Gc {} => return false,
        };
        let realloc = realloc.map(|realloc| self.extracted.realloc_of(realloc));
        let post_return = options
            .post_return
            .map(|function| self.extracted.post_return_of(function));
        let mut functions = [Some(Some(func)), realloc, post_return].into_iter().flatten();
        functions.all(|function| function.is_some_and(is_shared))
            && memory.is_none_or(|memory| self.is_shared_memory(memory))
    }
}
