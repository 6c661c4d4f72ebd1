//! Converts component types from the translator's form to that of a plan.
//!
//! The translator numbers types by kind and computes sizes for its own runtime. A plan outlives the translator, so
//! flatten adds each type to [`Plan::types`](crate::Plan::types) when a lifted or lowered function first uses it.

use super::Flatten;
use crate::error::LowerError;
use wasmtime_environ::component::{InterfaceType, TypeFuncIndex};
use weft_abi::types::{TypeError, Unsupported};
use weft_abi::{FuncIndex, ResourceIndex, ValType};

impl Flatten<'_> {
    /// The plan's type of a function. `item` names the function in messages.
    pub(super) fn func_type(&mut self, index: TypeFuncIndex, item: &str) -> Result<FuncIndex, LowerError> {
        if let Some(known) = self.type_map.functions.get(&index) {
            return Ok(*known);
        }
        let added = self.add_func(index);
        let added = added.map_err(|error| LowerError::unsupported(format!("the type of {item}"), error.to_string()))?;
        self.type_map.functions.insert(index, added);
        Ok(added)
    }

    fn add_func(&mut self, index: TypeFuncIndex) -> Result<FuncIndex, TypeError> {
        let types = self.types;
        let func = &types[index];
        let parameters = func.param_names.iter().zip(&types[func.params].types);
        let parameters = parameters.map(|(name, ty)| Ok((name.clone(), self.val_type(*ty)?)));
        let parameters = parameters.collect::<Result<Vec<_>, TypeError>>()?;
        let result = types[func.results].types.first();
        let result = result.map(|ty| self.val_type(*ty)).transpose()?;
        self.plan.types.add_func(parameters, result)
    }

    fn val_type(&mut self, ty: InterfaceType) -> Result<ValType, TypeError> {
        if let Some(known) = self.type_map.values.get(&ty) {
            return Ok(*known);
        }
        let added = self.add_val_type(ty)?;
        self.type_map.values.insert(ty, added);
        Ok(added)
    }

    /// Adds the parts of a type before the type itself. The limits bound how deeply types nest.
    fn add_val_type(&mut self, ty: InterfaceType) -> Result<ValType, TypeError> {
        let types = self.types;
        Ok(match ty {
            InterfaceType::Bool => ValType::Bool,
            InterfaceType::S8 => ValType::S8,
            InterfaceType::U8 => ValType::U8,
            InterfaceType::S16 => ValType::S16,
            InterfaceType::U16 => ValType::U16,
            InterfaceType::S32 => ValType::S32,
            InterfaceType::U32 => ValType::U32,
            InterfaceType::S64 => ValType::S64,
            InterfaceType::U64 => ValType::U64,
            InterfaceType::Float32 => ValType::Float32,
            InterfaceType::Float64 => ValType::Float64,
            InterfaceType::Char => ValType::Char,
            InterfaceType::String => ValType::String,
            InterfaceType::Record(index) => {
                let fields = types[index].fields.iter();
                let fields = fields.map(|field| Ok((field.name.clone(), self.val_type(field.ty)?)));
                let fields = fields.collect::<Result<_, TypeError>>()?;
                self.plan.types.add_record(fields)?
            }
            InterfaceType::Variant(index) => {
                let cases = types[index].cases.iter();
                let cases = cases.map(|(name, ty)| Ok((name.clone(), self.payload(*ty)?)));
                let cases = cases.collect::<Result<_, TypeError>>()?;
                self.plan.types.add_variant(cases)?
            }
            InterfaceType::List(index) => {
                let element = self.val_type(types[index].element)?;
                self.plan.types.add_list(element)?
            }
            InterfaceType::FixedLengthList(index) => {
                let element = self.val_type(types[index].element)?;
                self.plan.types.add_fixed_length_list(element, types[index].size)?
            }
            InterfaceType::Tuple(index) => {
                let parts = types[index].types.iter().map(|ty| self.val_type(*ty));
                let parts = parts.collect::<Result<_, TypeError>>()?;
                self.plan.types.add_tuple(parts)?
            }
            InterfaceType::Map(index) => {
                let (key, value) = (self.val_type(types[index].key)?, self.val_type(types[index].value)?);
                self.plan.types.add_map(key, value)?
            }
            InterfaceType::Flags(index) => self
                .plan
                .types
                .add_flags(types[index].names.iter().cloned().collect())?,
            InterfaceType::Enum(index) => self.plan.types.add_enum(types[index].names.iter().cloned().collect())?,
            InterfaceType::Option(index) => {
                let some = self.val_type(types[index].ty)?;
                self.plan.types.add_option(some)?
            }
            InterfaceType::Result(index) => {
                let (ok, error) = (self.payload(types[index].ok)?, self.payload(types[index].err)?);
                self.plan.types.add_result(ok, error)?
            }
            InterfaceType::Own(resource) => ValType::Own(ResourceIndex(resource.as_u32())),
            InterfaceType::Borrow(resource) => ValType::Borrow(ResourceIndex(resource.as_u32())),
            InterfaceType::Future(_) => ValType::Unsupported(Unsupported::Future),
            InterfaceType::Stream(_) => ValType::Unsupported(Unsupported::Stream),
            InterfaceType::ErrorContext(_) => ValType::Unsupported(Unsupported::ErrorContext),
        })
    }

    fn payload(&mut self, ty: Option<InterfaceType>) -> Result<Option<ValType>, TypeError> {
        ty.map(|ty| self.val_type(ty)).transpose()
    }
}
