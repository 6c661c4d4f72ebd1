//! The size of types with all that they refer to.

use crate::error::LowerError;
use std::collections::HashMap;
use std::rc::Rc;
use wasmparser::{
    ComponentAlias, ComponentDefinedType, ComponentExternalKind, ComponentFuncType, ComponentOuterAliasKind,
    ComponentType, ComponentTypeDeclaration, ComponentTypeRef, ComponentValType, CompositeInnerType, CoreType,
    InstanceTypeDeclaration, ModuleTypeDeclaration, RecGroup, TypeBounds,
};

/// What an item of an instance's or component's type counts beside its own type: a name and a place in a table.
const ITEM: u64 = 8;

/// A type of a component, or of something that has exports.
#[derive(Clone, Default)]
pub(super) struct Type<'a> {
    /// Its size with all that it refers to.
    pub size: u64,
    /// How many resource types are in it, those of instances within it included.
    pub resources: u64,
    /// What an instance of it exports, if it is the type of an instance or component.
    exports: Option<Rc<HashMap<&'a str, Type<'a>>>>,
}

impl<'a> Type<'a> {
    /// Of a type that refers to no other.
    pub fn of_size(size: u64) -> Self {
        Type {
            size,
            ..Type::default()
        }
    }

    /// That of an item that it exports. What is not there is of size one, and invalid.
    pub fn export(&self, name: &str) -> Type<'a> {
        let exports = self.exports.as_ref();
        let export = exports.and_then(|exports| exports.get(name));
        export.cloned().unwrap_or(Type::of_size(1))
    }
}

/// Makes the type of an instance or component.
#[derive(Default)]
pub(super) struct Items<'a> {
    ty: Type<'a>,
    exports: HashMap<&'a str, Type<'a>>,
}

impl<'a> Items<'a> {
    pub fn import(&mut self, ty: &Type<'a>) {
        self.ty.size = self.ty.size.saturating_add(ty.size).saturating_add(ITEM);
        self.ty.resources = self.ty.resources.saturating_add(ty.resources);
    }

    pub fn export(&mut self, name: &'a str, ty: Type<'a>) {
        self.import(&ty);
        self.exports.insert(name, ty);
    }

    pub fn finish(mut self) -> Type<'a> {
        self.ty.size = self.ty.size.saturating_add(ITEM);
        self.ty.exports = Some(Rc::new(self.exports));
        self.ty
    }
}

/// The index spaces of a component, or of the type of a component, instance or core module.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub core_types: Vec<u64>,
    pub types: Vec<Type<'a>>,
    pub functions: Vec<u64>,
    pub instances: Vec<Type<'a>>,
    pub components: Vec<Type<'a>>,
}

/// Scopes within scopes, innermost last.
#[derive(Default)]
pub(super) struct Scopes<'a>(pub Vec<Scope<'a>>);

impl<'a> Scopes<'a> {
    pub fn innermost(&mut self) -> &mut Scope<'a> {
        if self.0.is_empty() {
            self.0.push(Scope::default());
        }
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    fn outer<T: Clone>(&self, count: u32, space: impl for<'s> Fn(&'s Scope<'a>) -> &'s [T], index: u32) -> Option<T> {
        let scope = self.0.iter().rev().nth(count as usize)?;
        space(scope).get(index as usize).cloned()
    }

    pub fn ty(&self, index: u32) -> Type<'a> {
        self.outer(0, |scope| &scope.types, index).unwrap_or(Type::of_size(1))
    }

    pub fn instance(&self, index: u32) -> Type<'a> {
        self.outer(0, |scope| &scope.instances, index)
            .unwrap_or(Type::of_size(1))
    }

    pub fn component(&self, index: u32) -> Type<'a> {
        self.outer(0, |scope| &scope.components, index)
            .unwrap_or(Type::of_size(1))
    }

    pub fn function(&self, index: u32) -> u64 {
        self.outer(0, |scope| &scope.functions, index).unwrap_or(1)
    }

    pub fn value(&self, ty: ComponentValType) -> u64 {
        match ty {
            ComponentValType::Primitive(_) => 1,
            ComponentValType::Type(index) => self.ty(index).size,
        }
    }

    /// What is imported or exported with this type.
    pub fn entity(&self, ty: ComponentTypeRef) -> Type<'a> {
        match ty {
            ComponentTypeRef::Module(index) => {
                let size = self.outer(0, |scope| &scope.core_types, index);
                Type::of_size(size.unwrap_or(1))
            }
            ComponentTypeRef::Value(ty) => Type::of_size(self.value(ty)),
            ComponentTypeRef::Type(TypeBounds::SubResource) => Type {
                size: 1,
                resources: 1,
                exports: None,
            },
            ComponentTypeRef::Func(index)
            | ComponentTypeRef::Type(TypeBounds::Eq(index))
            | ComponentTypeRef::Instance(index)
            | ComponentTypeRef::Component(index) => self.ty(index),
        }
    }

    /// Adds what an import or export defines.
    pub fn define(&mut self, kind: ComponentExternalKind, ty: Type<'a>) {
        let scope = self.innermost();
        match kind {
            ComponentExternalKind::Type => scope.types.push(ty),
            ComponentExternalKind::Func => scope.functions.push(ty.size),
            ComponentExternalKind::Instance => scope.instances.push(ty),
            ComponentExternalKind::Component => scope.components.push(ty),
            ComponentExternalKind::Module | ComponentExternalKind::Value => {}
        }
    }

    pub fn alias(&mut self, alias: &ComponentAlias<'a>) {
        match *alias {
            ComponentAlias::InstanceExport {
                kind,
                instance_index,
                name,
            } => {
                let ty = self.instance(instance_index).export(name);
                self.define(kind, ty);
            }
            ComponentAlias::Outer { kind, count, index } => match kind {
                ComponentOuterAliasKind::CoreType => {
                    let size = self.outer(count, |scope| &scope.core_types, index).unwrap_or(1);
                    self.innermost().core_types.push(size);
                }
                ComponentOuterAliasKind::Type => {
                    let ty = self
                        .outer(count, |scope| &scope.types, index)
                        .unwrap_or(Type::of_size(1));
                    self.innermost().types.push(ty);
                }
                ComponentOuterAliasKind::Component => {
                    let ty = self
                        .outer(count, |scope| &scope.components, index)
                        .unwrap_or(Type::of_size(1));
                    self.innermost().components.push(ty);
                }
                ComponentOuterAliasKind::CoreModule => {}
            },
            ComponentAlias::CoreInstanceExport { .. } => {}
        }
    }

    pub fn core_type(&mut self, ty: &CoreType<'a>) -> Result<u64, LowerError> {
        let before = self.innermost().core_types.len();
        match ty {
            CoreType::Rec(group) => self.group(group),
            CoreType::Module(declarations) => {
                self.0.push(Scope::default());
                let mut size = ITEM;
                for declaration in declarations {
                    size = size.saturating_add(self.module_declaration(declaration)?);
                }
                self.0.pop();
                self.innermost().core_types.push(size);
            }
        }
        let added = self.innermost().core_types.iter().skip(before);
        Ok(added.fold(0, |sum: u64, size| sum.saturating_add(*size)))
    }

    fn group(&mut self, group: &RecGroup) {
        for ty in group.types() {
            let members = match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => ty.params().len() + ty.results().len(),
                CompositeInnerType::Struct(ty) => ty.fields.len(),
                CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => 1,
            };
            self.innermost().core_types.push(1 + members as u64);
        }
    }

    fn module_declaration(&mut self, declaration: &ModuleTypeDeclaration<'a>) -> Result<u64, LowerError> {
        Ok(match declaration {
            ModuleTypeDeclaration::Type(group) => {
                self.group(group);
                group.types().len() as u64
            }
            ModuleTypeDeclaration::OuterAlias { count, index, .. } => {
                let size = self.outer(*count, |scope| &scope.core_types, *index).unwrap_or(1);
                self.innermost().core_types.push(size);
                1
            }
            ModuleTypeDeclaration::Export { ty, .. } => self.core_item(*ty),
            ModuleTypeDeclaration::Import(import) => self.core_item(import.ty),
        })
    }

    fn core_item(&self, ty: wasmparser::TypeRef) -> u64 {
        let function = match ty {
            wasmparser::TypeRef::Func(index) | wasmparser::TypeRef::FuncExact(index) => {
                self.outer(0, |scope| &scope.core_types, index)
            }
            wasmparser::TypeRef::Tag(tag) => self.outer(0, |scope| &scope.core_types, tag.func_type_idx),
            wasmparser::TypeRef::Table(_) | wasmparser::TypeRef::Memory(_) | wasmparser::TypeRef::Global(_) => None,
        };
        ITEM.saturating_add(function.unwrap_or(1))
    }

    /// Defines a type, and gives its size.
    pub fn component_type(&mut self, ty: &ComponentType<'a>) -> Result<u64, LowerError> {
        let ty = match ty {
            ComponentType::Defined(ty) => Type::of_size(self.defined(ty)),
            ComponentType::Func(ty) => Type::of_size(self.func(ty)),
            ComponentType::Resource { .. } => Type {
                size: 1,
                resources: 1,
                exports: None,
            },
            ComponentType::Component(declarations) => {
                self.0.push(Scope::default());
                let mut items = Items::default();
                for declaration in declarations {
                    match declaration {
                        ComponentTypeDeclaration::CoreType(ty) => drop(self.core_type(ty)?),
                        ComponentTypeDeclaration::Type(ty) => drop(self.component_type(ty)?),
                        ComponentTypeDeclaration::Alias(alias) => self.alias(alias),
                        ComponentTypeDeclaration::Import(import) => {
                            let ty = self.entity(import.ty);
                            items.import(&ty);
                            self.define(import.ty.kind(), ty);
                        }
                        ComponentTypeDeclaration::Export { name, ty } => self.declare(&mut items, name.name, *ty),
                    }
                }
                self.0.pop();
                items.finish()
            }
            ComponentType::Instance(declarations) => {
                self.0.push(Scope::default());
                let mut items = Items::default();
                for declaration in declarations {
                    match declaration {
                        InstanceTypeDeclaration::CoreType(ty) => drop(self.core_type(ty)?),
                        InstanceTypeDeclaration::Type(ty) => drop(self.component_type(ty)?),
                        InstanceTypeDeclaration::Alias(alias) => self.alias(alias),
                        InstanceTypeDeclaration::Export { name, ty } => self.declare(&mut items, name.name, *ty),
                    }
                }
                self.0.pop();
                items.finish()
            }
        };
        let size = ty.size;
        self.innermost().types.push(ty);
        Ok(size)
    }

    fn declare(&mut self, items: &mut Items<'a>, name: &'a str, ty: ComponentTypeRef) {
        let entity = self.entity(ty);
        items.export(name, entity.clone());
        self.define(ty.kind(), entity);
    }

    fn sum(&self, types: impl IntoIterator<Item = ComponentValType>) -> u64 {
        let sizes = types.into_iter().map(|ty| self.value(ty));
        sizes.fold(1, u64::saturating_add)
    }

    fn func(&self, ty: &ComponentFuncType<'a>) -> u64 {
        self.sum(ty.params.iter().map(|(_, ty)| *ty).chain(ty.result))
    }

    fn defined(&self, ty: &ComponentDefinedType<'a>) -> u64 {
        match ty {
            ComponentDefinedType::Primitive(_) | ComponentDefinedType::Own(_) | ComponentDefinedType::Borrow(_) => 1,
            ComponentDefinedType::Record(fields) => self.sum(fields.iter().map(|(_, ty)| *ty)),
            ComponentDefinedType::Variant(cases) => {
                let payloads = self.sum(cases.iter().filter_map(|case| case.ty));
                payloads.saturating_add(cases.len() as u64)
            }
            ComponentDefinedType::List(ty)
            | ComponentDefinedType::FixedLengthList(ty, _)
            | ComponentDefinedType::Option(ty) => self.sum([*ty]),
            ComponentDefinedType::Map(key, value) => self.sum([*key, *value]),
            ComponentDefinedType::Tuple(types) => self.sum(types.iter().copied()),
            ComponentDefinedType::Flags(names) | ComponentDefinedType::Enum(names) => 1 + names.len() as u64,
            ComponentDefinedType::Result { ok, err } => self.sum(ok.iter().chain(err).copied()),
            ComponentDefinedType::Future(ty) | ComponentDefinedType::Stream(ty) => self.sum(*ty),
        }
    }
}
