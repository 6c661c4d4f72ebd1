//! Converts Wasmtime's types to weft's.
//!
//! A resource type becomes an index into a list of Wasmtime's resource types, as an instance or a linker has them.
//! There, the host's types are already resolved.

use std::sync::Arc;
use wasmtime::component::ResourceType;
use wasmtime::component::types::{ComponentFunc, Type};
use weft_abi::types::Unsupported;
use weft_abi::{FuncIndex, FuncType, ResourceIndex, Signature, TypeError, Types, ValType};

/// The types of some functions.
#[derive(Debug, Default)]
pub struct Described {
    /// They refer to resource types by positions in the list.
    pub types: Types,
    resources: Vec<ResourceType>,
}

/// The type of a function.
#[derive(Debug, Clone)]
pub struct Description {
    /// The type.
    pub func: FuncIndex,
    /// Whether it is asynchronous.
    pub is_async: bool,
    /// The type of a function that takes what this one gives: one parameter, or none.
    pub result: FuncIndex,
    /// Why the function cannot be called, if so.
    pub obstacle: Option<String>,
}

impl Described {
    /// Adds a function.
    ///
    /// # Errors
    ///
    /// A type is too large.
    pub fn add(&mut self, func: &ComponentFunc) -> Result<Description, TypeError> {
        let mut params = Vec::new();
        for (name, ty) in func.params() {
            params.push((name.to_owned(), self.value(&ty)?));
        }
        let result = func.results().next().map(|ty| self.value(&ty)).transpose()?;
        let passed = result.map(|ty| ("result".to_owned(), ty));
        let asynchronous = func.async_();
        let func = self.types.add_func(params, result)?;
        Ok(Description {
            func,
            is_async: asynchronous,
            result: self.types.add_func(passed.into_iter().collect(), None)?,
            obstacle: obstacle(&self.types, &self.types[func]),
        })
    }

    /// A function's type, to be compared with types of other components. `resource` says which resource types Wasmtime's
    /// are.
    pub fn signature(
        &self,
        description: &Description,
        resource: impl Fn(ResourceType) -> Option<weft_abi::ResourceType>,
    ) -> Signature {
        let resources = self.resources.iter().map(|ty| resource(*ty)).collect();
        let signature = Signature::new(Arc::new(self.types.clone()), description.func, resources);
        signature.with_async(description.is_async)
    }

    /// What an index means.
    pub fn resource(&self, index: ResourceIndex) -> Option<ResourceType> {
        self.resources.get(index.0 as usize).copied()
    }

    fn index_of(&mut self, resource: ResourceType) -> ResourceIndex {
        let known = self.resources.iter().position(|known| *known == resource);
        let position = known.unwrap_or_else(|| {
            self.resources.push(resource);
            self.resources.len() - 1
        });
        ResourceIndex(position as u32)
    }

    fn optional(&mut self, ty: Option<Type>) -> Result<Option<ValType>, TypeError> {
        ty.map(|ty| self.value(&ty)).transpose()
    }

    fn value(&mut self, ty: &Type) -> Result<ValType, TypeError> {
        Ok(match ty {
            Type::Bool => ValType::Bool,
            Type::S8 => ValType::S8,
            Type::U8 => ValType::U8,
            Type::S16 => ValType::S16,
            Type::U16 => ValType::U16,
            Type::S32 => ValType::S32,
            Type::U32 => ValType::U32,
            Type::S64 => ValType::S64,
            Type::U64 => ValType::U64,
            Type::Float32 => ValType::Float32,
            Type::Float64 => ValType::Float64,
            Type::Char => ValType::Char,
            Type::String => ValType::String,
            Type::List(list) => {
                let element = self.value(&list.ty())?;
                self.types.add_list(element)?
            }
            Type::FixedLengthList(list) => {
                let element = self.value(&list.ty())?;
                self.types.add_fixed_length_list(element, list.len())?
            }
            Type::Map(map) => {
                let (key, value) = (self.value(&map.key())?, self.value(&map.value())?);
                self.types.add_map(key, value)?
            }
            Type::Record(record) => {
                let fields = record.fields();
                let fields = fields.map(|field| Ok((field.name.to_owned(), self.value(&field.ty)?)));
                let fields = fields.collect::<Result<_, _>>()?;
                self.types.add_record(fields)?
            }
            Type::Tuple(tuple) => {
                let items = tuple.types().map(|ty| self.value(&ty)).collect::<Result<_, _>>()?;
                self.types.add_tuple(items)?
            }
            Type::Variant(variant) => {
                let cases = variant.cases();
                let cases = cases.map(|case| Ok((case.name.to_owned(), self.optional(case.ty)?)));
                let cases = cases.collect::<Result<_, _>>()?;
                self.types.add_variant(cases)?
            }
            Type::Enum(cases) => self.types.add_enum(cases.names().map(str::to_owned).collect())?,
            Type::Option(option) => {
                let some = self.value(&option.ty())?;
                self.types.add_option(some)?
            }
            Type::Result(result) => {
                let (ok, error) = (self.optional(result.ok())?, self.optional(result.err())?);
                self.types.add_result(ok, error)?
            }
            Type::Flags(flags) => self.types.add_flags(flags.names().map(str::to_owned).collect())?,
            Type::Own(resource) => ValType::Own(self.index_of(*resource)),
            Type::Borrow(resource) => ValType::Borrow(self.index_of(*resource)),
            Type::Future(_) => ValType::Unsupported(Unsupported::Future),
            Type::Stream(_) => ValType::Unsupported(Unsupported::Stream),
            Type::ErrorContext => ValType::Unsupported(Unsupported::ErrorContext),
        })
    }
}

/// Why a function cannot be called: a type that the host cannot pass.
fn obstacle(types: &Types, func: &FuncType) -> Option<String> {
    let refused = |ty: &ValType| types.unsupported(*ty).is_some();
    if let Some(ty) = func.result.filter(refused) {
        return Some(format!("its result has type `{}`", types.display(ty)));
    }
    let mut params = func.params.iter();
    let param = params.find(|param| refused(&param.item.ty))?;
    let (name, ty) = (&param.name, types.display(param.item.ty));
    Some(format!("its parameter `{name}` has type `{ty}`"))
}
