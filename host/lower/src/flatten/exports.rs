//! The lifted functions that a component exports, from the translator's tree of instances to a list of paths.

use super::{Flatten, places};
use crate::LowerError;
use crate::plan::{Export, ValueType};
use wasmtime_environ::component::{Export as ComponentExport, InterfaceType};

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
                    let function = self.export_function(func)?;
                    let ty = &self.types[*ty];
                    let options = &self.component().options[*options];
                    if options.async_ {
                        let item = format!("async-lifted function `{}`", path.join("#"));
                        let place = path.first().and_then(|name| places::export(self.input_bytes, name));
                        return Err(LowerError::unsupported(item, "lift it synchronously").at(place));
                    }
                    let post_return = options.post_return.and_then(|index| {
                        let found = self.post_returns.iter().find(|(other, _)| *other == index);
                        found.map(|(_, export)| export.clone())
                    });
                    let parameter_types = self.types[ty.params].types.iter();
                    let parameters = ty
                        .param_names
                        .iter()
                        .cloned()
                        .zip(parameter_types.map(|ty| self.value_type(ty)));
                    let result = self.types[ty.results].types.first().map(|ty| self.value_type(ty));
                    self.plan.exports.push(Export {
                        path,
                        function,
                        parameters: parameters.collect(),
                        result,
                        post_return,
                    });
                }
                ComponentExport::ModuleStatic { .. }
                | ComponentExport::ModuleImport { .. }
                | ComponentExport::Type(_) => {}
            }
        }
        self.plan.exports.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    fn value_type(&self, ty: &InterfaceType) -> ValueType {
        match ty {
            InterfaceType::Bool => ValueType::Bool,
            InterfaceType::S8 => ValueType::S8,
            InterfaceType::U8 => ValueType::U8,
            InterfaceType::S16 => ValueType::S16,
            InterfaceType::U16 => ValueType::U16,
            InterfaceType::S32 => ValueType::S32,
            InterfaceType::U32 => ValueType::U32,
            InterfaceType::S64 => ValueType::S64,
            InterfaceType::U64 => ValueType::U64,
            InterfaceType::Float32 => ValueType::Float32,
            InterfaceType::Float64 => ValueType::Float64,
            InterfaceType::Char => ValueType::Char,
            InterfaceType::Result(index) => match &self.types[*index] {
                result if result.ok.is_none() && result.err.is_none() => ValueType::Result,
                _ => ValueType::Other("result with a payload".to_owned()),
            },
            other => ValueType::Other(kind(other).to_owned()),
        }
    }
}

fn kind(ty: &InterfaceType) -> &'static str {
    match ty {
        InterfaceType::String => "string",
        InterfaceType::Record(_) => "record",
        InterfaceType::Variant(_) => "variant",
        InterfaceType::List(_) | InterfaceType::FixedLengthList(_) => "list",
        InterfaceType::Tuple(_) => "tuple",
        InterfaceType::Map(_) => "map",
        InterfaceType::Flags(_) => "flags",
        InterfaceType::Enum(_) => "enum",
        InterfaceType::Option(_) => "option",
        InterfaceType::Own(_) | InterfaceType::Borrow(_) => "resource",
        InterfaceType::Future(_) => "future",
        InterfaceType::Stream(_) => "stream",
        InterfaceType::ErrorContext(_) => "error-context",
        _ => "a type that is not supported",
    }
}
