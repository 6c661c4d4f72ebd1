//! The lifted functions that a component exports, from the translator's tree of instances to a list of paths.

use super::{Flatten, places};
use crate::LowerError;
use crate::plan::Export;
use wasmtime_environ::component::{CoreDef, Export as ComponentExport, OptionsIndex, TypeFuncIndex};

impl Flatten<'_> {
    pub(super) fn exports(&mut self) -> Result<(), LowerError> {
        let mut pending = Vec::new();
        for (name, (index, _)) in self.component().exports.raw_iter() {
            pending.push((vec![name.to_string()], *index));
        }
        while let Some((path, index)) = pending.pop() {
            match &self.component().export_items[index] {
                ComponentExport::Instance { exports, .. } => {
                    for (name, (index, _)) in exports.raw_iter() {
                        let path = path.iter().cloned().chain([name.to_string()]).collect();
                        pending.push((path, *index));
                    }
                }
                ComponentExport::LiftedFunction { ty, func, options } => {
                    self.lifted(path, *ty, func, *options)?;
                }
                ComponentExport::ModuleStatic { .. }
                | ComponentExport::ModuleImport { .. }
                | ComponentExport::Type(_) => {}
            }
        }
        self.plan.exports.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    fn lifted(
        &mut self,
        path: Vec<String>,
        ty: TypeFuncIndex,
        func: &CoreDef,
        options: OptionsIndex,
    ) -> Result<(), LowerError> {
        let item = format!("function `{}`", path.join("#"));
        let place = |flatten: &Self| path.first().and_then(|name| places::export(flatten.input_bytes, name));
        let function = self.export_function(func)?;
        let definition = &self.component().options[options];
        if definition.async_ {
            let refused = LowerError::unsupported(format!("async-lifted {item}"), "lift it synchronously");
            return Err(refused.at(place(self)));
        }
        let post_return = definition.post_return.and_then(|index| {
            let found = self.post_returns.iter().find(|(other, _)| *other == index);
            found.map(|(_, export)| export.clone())
        });
        let ty = self.func_type(ty, &item).map_err(|error| error.at(place(self)))?;
        let options = self.options(options, &item).map_err(|error| error.at(place(self)))?;
        self.plan.exports.push(Export {
            path,
            function,
            ty,
            options,
            post_return,
        });
        Ok(())
    }
}
