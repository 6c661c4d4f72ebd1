//! Types of core modules whose tables and globals name a type, which the parser cannot encode.
//!
//! **Problem.** The parser (wast 254) resolves names in the types that a core module's type declares, but not in those of the
//! tables and globals that it imports and exports: the encoder meets the name and panics. **Before:**
//!
//! ```wat
//! (import "m" (core module (type $s (struct)) (export "g" (global (ref null $s)))))
//! ```
//!
//! **After:** an error at the name's position. An index, `(ref null 0)`, is no problem.
//!
//! **Rejected:** catching the panic (impossible in a program that is built with `panic = "abort"`).

use wast::Error;
use wast::component::{
    ComponentField, ComponentKind, ComponentType, ComponentTypeDecl, ComponentTypeUse, CoreModuleKind, CoreType,
    CoreTypeDef, CoreTypeUse, InstanceKind, InstanceType, InstanceTypeDecl, ItemSig, ItemSigKind, ModuleType,
    ModuleTypeDecl, NestedComponentKind, Type, TypeDef,
};
use wast::core::{HeapType, ItemKind, ValType};
use wast::token::Index;
use wast::{Wat, core};

type Result = std::result::Result<(), Error>;

/// Refuses a text that the encoder would panic at.
pub(super) fn check(wat: &Wat<'_>) -> Result {
    match wat {
        Wat::Module(_) => Ok(()),
        Wat::Component(component) => match &component.kind {
            ComponentKind::Text(fields) => all(fields, field),
            ComponentKind::Binary(_) => Ok(()),
        },
    }
}

fn all<T>(items: &[T], check: impl Fn(&T) -> Result) -> Result {
    items.iter().try_for_each(check)
}

fn field(field: &ComponentField<'_>) -> Result {
    match field {
        ComponentField::CoreModule(module) => match &module.kind {
            CoreModuleKind::Import { ty, .. } => module_use(ty),
            CoreModuleKind::Inline { .. } => Ok(()),
        },
        ComponentField::CoreType(ty) => core_type(ty),
        ComponentField::Component(component) => match &component.kind {
            NestedComponentKind::Import { ty, .. } => component_use(ty),
            NestedComponentKind::Inline(fields) => all(fields, self::field),
        },
        ComponentField::Instance(instance) => match &instance.kind {
            InstanceKind::Import { ty, .. } => instance_use(ty),
            InstanceKind::BundleOfExports(exports) => {
                all(exports, |export| export.ty.as_ref().map_or(Ok(()), |ty| item(&ty.0)))
            }
            InstanceKind::Instantiate { .. } => Ok(()),
        },
        ComponentField::Type(ty) => component_type_definition(ty),
        ComponentField::Import(import) => item(&import.item),
        ComponentField::Export(export) => export.ty.as_ref().map_or(Ok(()), |ty| item(&ty.0)),
        ComponentField::CoreInstance(_)
        | ComponentField::CoreRec(_)
        | ComponentField::Alias(_)
        | ComponentField::CanonicalFunc(_)
        | ComponentField::CoreFunc(_)
        | ComponentField::Func(_)
        | ComponentField::Start(_)
        | ComponentField::Custom(_)
        | ComponentField::Producers(_) => Ok(()),
    }
}

fn item(item: &ItemSig<'_>) -> Result {
    match &item.kind {
        ItemSigKind::CoreModule(ty) => module_use(ty),
        ItemSigKind::Component(ty) => component_use(ty),
        ItemSigKind::Instance(ty) => instance_use(ty),
        ItemSigKind::Func(_) | ItemSigKind::Value(_) | ItemSigKind::Type(_) => Ok(()),
    }
}

fn module_use(ty: &CoreTypeUse<'_, ModuleType<'_>>) -> Result {
    match ty {
        CoreTypeUse::Ref(_) => Ok(()),
        CoreTypeUse::Inline(ty) => module_type(ty),
    }
}

fn component_use(ty: &ComponentTypeUse<'_, ComponentType<'_>>) -> Result {
    match ty {
        ComponentTypeUse::Ref(_) => Ok(()),
        ComponentTypeUse::Inline(ty) => component_type(ty),
    }
}

fn instance_use(ty: &ComponentTypeUse<'_, InstanceType<'_>>) -> Result {
    match ty {
        ComponentTypeUse::Ref(_) => Ok(()),
        ComponentTypeUse::Inline(ty) => instance_type(ty),
    }
}

fn core_type(ty: &CoreType<'_>) -> Result {
    match &ty.def {
        CoreTypeDef::Def(_) => Ok(()),
        CoreTypeDef::Module(ty) => module_type(ty),
    }
}

fn component_type_definition(ty: &Type<'_>) -> Result {
    match &ty.def {
        TypeDef::Component(ty) => component_type(ty),
        TypeDef::Instance(ty) => instance_type(ty),
        TypeDef::Defined(_) | TypeDef::Func(_) | TypeDef::Resource(_) => Ok(()),
    }
}

fn component_type(ty: &ComponentType<'_>) -> Result {
    all(&ty.decls, |declaration| match declaration {
        ComponentTypeDecl::CoreType(ty) => core_type(ty),
        ComponentTypeDecl::Type(ty) => component_type_definition(ty),
        ComponentTypeDecl::Import(import) => item(&import.item),
        ComponentTypeDecl::Export(export) => item(&export.item),
        ComponentTypeDecl::Alias(_) => Ok(()),
    })
}

fn instance_type(ty: &InstanceType<'_>) -> Result {
    all(&ty.decls, |declaration| match declaration {
        InstanceTypeDecl::CoreType(ty) => core_type(ty),
        InstanceTypeDecl::Type(ty) => component_type_definition(ty),
        InstanceTypeDecl::Export(export) => item(&export.item),
        InstanceTypeDecl::Alias(_) => Ok(()),
    })
}

fn module_type(ty: &ModuleType<'_>) -> Result {
    all(&ty.decls, |declaration| match declaration {
        ModuleTypeDecl::Import(imports) => imports.item_sigs().into_iter().try_for_each(core_item),
        ModuleTypeDecl::Export(_, item) => core_item(item),
        ModuleTypeDecl::Type(_) | ModuleTypeDecl::Rec(_) | ModuleTypeDecl::Alias(_) => Ok(()),
    })
}

fn core_item(item: &core::ItemSig<'_>) -> Result {
    let heap = match &item.kind {
        ItemKind::Table(table) => &table.elem.heap,
        ItemKind::Global(global) => match &global.ty {
            ValType::Ref(ty) => &ty.heap,
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => return Ok(()),
        },
        ItemKind::Func(_) | ItemKind::Memory(_) | ItemKind::Tag(_) | ItemKind::FuncExact(_) => return Ok(()),
    };
    match heap {
        HeapType::Concrete(Index::Id(name)) | HeapType::Exact(Index::Id(name)) => {
            let message = format!(
                "the type of a core module has a table or global of type `${}`, which the text format's parser cannot \
                 resolve there: write the type's index instead of its name",
                name.name()
            );
            Err(Error::new(name.span(), message))
        }
        HeapType::Concrete(Index::Num(..)) | HeapType::Exact(Index::Num(..)) | HeapType::Abstract { .. } => Ok(()),
    }
}
