//! The core module types that the translator of `wasmtime-environ` panics on.
//!
//! **Problem.** They are of two kinds: those that have a table or global of a type with an index, and those of whose function types one
//! refers to a type that no core module defines. **Before:**
//!
//! ```wat
//! (import "m" (core module (type $s (struct)) (export "f" (func (param (ref $s))))))
//! ```
//!
//! **After:** an error that names the export `f`.
//!
//! **Rejected:** to refuse every core module type that refers to types. The translator knows those that a core module defines too.

use crate::error::LowerError;
use crate::features::FEATURES;
use std::collections::HashSet;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentCoreModuleTypeId, ComponentEntityType, ComponentInstanceTypeId, ComponentItem,
    ComponentTypeId,
};
use wasmparser::types::{CoreTypeId, EntityType, RecGroupId, TypesRef};
use wasmparser::{
    ComponentExternalKind, ComponentInstance, ComponentType, ComponentTypeDeclaration, CompositeInnerType, CoreType,
    HeapType, InstanceTypeDeclaration, Parser, Payload, RefType, StorageType, ValType, ValidPayload, Validator,
};

/// In a valid component of the unshared form, refuses the core module types on which the translator panics: those of
/// what it and its nested components import, export and instantiate.
pub(crate) fn refuse_module_types(component: &[u8]) -> Result<(), LowerError> {
    if !has_module_types(component)? {
        return Ok(());
    }
    let mut validator = Validator::new_with_features(FEATURES);
    let mut types = ModuleTypes::default();
    // The names of the imports and exports of each open component, innermost last; `None` for a module.
    let mut names: Vec<Option<Names>> = Vec::new();
    let mut ended = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match &payload {
            Payload::Version { encoding, .. } => {
                names.push((*encoding == wasmparser::Encoding::Component).then(Names::default));
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    let name = import?.name.name;
                    names
                        .iter_mut()
                        .rev()
                        .flatten()
                        .take(1)
                        .for_each(|names| names.imports.push(name.to_owned()));
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let name = export?.name.name;
                    names
                        .iter_mut()
                        .rev()
                        .flatten()
                        .take(1)
                        .for_each(|names| names.exports.push(name.to_owned()));
                }
            }
            _ => {}
        }
        // Function bodies are not validated again.
        if let ValidPayload::End(of) = validator.payload(&payload)? {
            match names.pop().flatten() {
                None => types.define(of.as_ref()),
                Some(names) => ended.push((of, names)),
            }
        }
    }
    // The outermost component is translated first, and its imports before all else.
    for (component, names) in ended.iter().rev() {
        types.component(component.as_ref(), names)?;
    }
    Ok(())
}

/// Whether the translator will see any core module type, which is rare: one is declared, or a component or an instance
/// made of exports exports a core module.
fn has_module_types(component: &[u8]) -> Result<bool, LowerError> {
    let is_module = |kind| kind == ComponentExternalKind::Module;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ComponentExportSection(section) => {
                for export in section {
                    if is_module(export?.kind) {
                        return Ok(true);
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    if let ComponentInstance::FromExports(exports) = instance?
                        && exports.iter().any(|export| is_module(export.kind))
                    {
                        return Ok(true);
                    }
                }
            }
            Payload::CoreTypeSection(section) => {
                for ty in section {
                    if let CoreType::Module(_) = ty? {
                        return Ok(true);
                    }
                }
            }
            Payload::ComponentTypeSection(section) => {
                for ty in section {
                    if has_module_type(&ty?) {
                        return Ok(true);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(false)
}

fn has_module_type(ty: &ComponentType<'_>) -> bool {
    match ty {
        ComponentType::Component(declarations) => declarations.iter().any(|declaration| match declaration {
            ComponentTypeDeclaration::CoreType(ty) => matches!(ty, CoreType::Module(_)),
            ComponentTypeDeclaration::Type(ty) => has_module_type(ty),
            ComponentTypeDeclaration::Alias(_)
            | ComponentTypeDeclaration::Export { .. }
            | ComponentTypeDeclaration::Import(_) => false,
        }),
        ComponentType::Instance(declarations) => declarations.iter().any(|declaration| match declaration {
            InstanceTypeDeclaration::CoreType(ty) => matches!(ty, CoreType::Module(_)),
            InstanceTypeDeclaration::Type(ty) => has_module_type(ty),
            InstanceTypeDeclaration::Alias(_) | InstanceTypeDeclaration::Export { .. } => false,
        }),
        ComponentType::Defined(_) | ComponentType::Func(_) | ComponentType::Resource { .. } => false,
    }
}

/// What a component imports and exports, in order.
#[derive(Default)]
struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
}

/// The types that the translator knows.
#[derive(Default)]
struct ModuleTypes {
    /// The recursion groups of these types.
    known: HashSet<RecGroupId>,
    modules: HashSet<ComponentCoreModuleTypeId>,
    instances: HashSet<ComponentInstanceTypeId>,
    components: HashSet<ComponentTypeId>,
}

impl ModuleTypes {
    /// Adds the types that a core module defines.
    fn define(&mut self, types: TypesRef<'_>) {
        let indices = 0..types.core_type_count_in_module();
        let groups = indices.map(|index| types.rec_group_id_of(types.core_type_at_in_module(index)));
        self.known.extend(groups);
    }

    fn component(&mut self, types: TypesRef<'_>, names: &Names) -> Result<(), LowerError> {
        let imports = names
            .imports
            .iter()
            .map(|name| (name, types.component_item_for_import(name)));
        let exports = names
            .exports
            .iter()
            .map(|name| (name, types.component_item_for_export(name)));
        for (name, item) in imports.chain(exports) {
            if let Some(item) = item {
                self.entity(types, name, &item.ty)?;
            }
        }
        for index in 0..types.component_instance_count() {
            self.instance(types, "an instance", types.component_instance_at(index))?;
        }
        Ok(())
    }

    fn entity(&mut self, types: TypesRef<'_>, path: &str, ty: &ComponentEntityType) -> Result<(), LowerError> {
        match ty {
            ComponentEntityType::Module(ty) => self.module(types, path, *ty),
            ComponentEntityType::Instance(ty) => self.instance(types, path, *ty),
            ComponentEntityType::Component(ty) => self.component_type(types, path, *ty),
            ComponentEntityType::Type { created, .. } => match created {
                ComponentAnyTypeId::Instance(ty) => self.instance(types, path, *ty),
                ComponentAnyTypeId::Component(ty) => self.component_type(types, path, *ty),
                ComponentAnyTypeId::Resource(_) | ComponentAnyTypeId::Defined(_) | ComponentAnyTypeId::Func(_) => {
                    Ok(())
                }
            },
            ComponentEntityType::Func(_) | ComponentEntityType::Value(_) => Ok(()),
        }
    }

    fn instance(&mut self, types: TypesRef<'_>, path: &str, id: ComponentInstanceTypeId) -> Result<(), LowerError> {
        match self.instances.insert(id) {
            true => self.items(types, path, &types[id].exports),
            false => Ok(()),
        }
    }

    fn component_type(&mut self, types: TypesRef<'_>, path: &str, id: ComponentTypeId) -> Result<(), LowerError> {
        if !self.components.insert(id) {
            return Ok(());
        }
        self.items(types, path, &types[id].imports)?;
        self.items(types, path, &types[id].exports)
    }

    fn items<'t>(
        &mut self,
        types: TypesRef<'_>,
        path: &str,
        items: impl IntoIterator<Item = (&'t String, &'t ComponentItem)>,
    ) -> Result<(), LowerError> {
        let mut items = items.into_iter();
        items.try_for_each(|(name, item)| self.entity(types, &format!("{path}/{name}"), &item.ty))
    }

    fn module(&mut self, types: TypesRef<'_>, path: &str, id: ComponentCoreModuleTypeId) -> Result<(), LowerError> {
        if !self.modules.insert(id) {
            return Ok(());
        }
        let module = &types[id];
        for ((from, name), item) in &module.imports {
            self.item(types, item)
                .map_err(|reason| reason.named(path, &format!("import `{from}` `{name}`")))?;
        }
        for (name, item) in &module.exports {
            self.item(types, item)
                .map_err(|reason| reason.named(path, &format!("export `{name}`")))?;
        }
        Ok(())
    }

    fn item(&mut self, types: TypesRef<'_>, item: &EntityType) -> Result<(), Reason> {
        match item {
            EntityType::Func(id) | EntityType::FuncExact(id) | EntityType::Tag(id) => self.group(types, *id),
            EntityType::Table(table) => refuse_index("table", table.element_type),
            EntityType::Global(global) => match global.content_type {
                ValType::Ref(ty) => refuse_index("global", ty),
                ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => Ok(()),
            },
            EntityType::Memory(_) => Ok(()),
        }
    }

    /// When the translator meets a type, it adds the type's recursion group, and must know all types to which that
    /// refers.
    fn group(&mut self, types: TypesRef<'_>, id: CoreTypeId) -> Result<(), Reason> {
        let group = types.rec_group_id_of(id);
        if self.known.contains(&group) {
            return Ok(());
        }
        for element in types.rec_group_elements(group) {
            let is_known = |other| {
                let other = types.rec_group_id_of(other);
                other == group || self.known.contains(&other)
            };
            if !references(types, element).into_iter().all(is_known) {
                return Err(Reason::Unknown);
            }
        }
        self.known.insert(group);
        Ok(())
    }
}

/// Why a core module's type is refused.
enum Reason {
    /// It has a table or global whose type has an index.
    Indexed(&'static str),
    /// It refers to a type that no core module defines.
    Unknown,
}

impl Reason {
    fn named(&self, path: &str, item: &str) -> LowerError {
        let (what, advice) = match self {
            Reason::Indexed(kind) => (
                format!("a {kind} whose type refers to a defined type"),
                "use an abstract type such as `funcref` or `structref`",
            ),
            Reason::Unknown => (
                "a type that refers to a type which no core module of the component defines".to_owned(),
                "use an abstract type such as `funcref`, or also define the type in a core module",
            ),
        };
        LowerError::unsupported(format!("{what} (in {item} of core module type `{path}`)"), advice)
    }
}

fn refuse_index(kind: &'static str, ty: RefType) -> Result<(), Reason> {
    match ty.heap_type() {
        HeapType::Abstract { .. } => Ok(()),
        HeapType::Concrete(_) | HeapType::Exact(_) => Err(Reason::Indexed(kind)),
    }
}

/// The types that a type refers to.
fn references(types: TypesRef<'_>, id: CoreTypeId) -> Vec<CoreTypeId> {
    let ty = &types[id];
    let field = |ty: &StorageType| match ty {
        StorageType::Val(ty) => Some(*ty),
        StorageType::I8 | StorageType::I16 => None,
    };
    let values: Vec<ValType> = match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => ty.params().iter().chain(ty.results()).copied().collect(),
        CompositeInnerType::Array(ty) => field(&ty.0.element_type).into_iter().collect(),
        CompositeInnerType::Struct(ty) => ty.fields.iter().filter_map(|ty| field(&ty.element_type)).collect(),
        CompositeInnerType::Cont(ty) => return ty.0.unpack().as_core_type_id().into_iter().collect(),
    };
    let heap = |ty: ValType| match ty {
        ValType::Ref(ty) => match ty.heap_type() {
            HeapType::Concrete(index) | HeapType::Exact(index) => index.as_core_type_id(),
            HeapType::Abstract { .. } => None,
        },
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => None,
    };
    values
        .into_iter()
        .filter_map(heap)
        .chain(types.supertype_of(id))
        .collect()
}
