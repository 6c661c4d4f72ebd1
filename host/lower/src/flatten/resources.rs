//! Resource types, and the built-ins on their handles.
//!
//! A destructor runs on the thread that drops the resource. An unshared destructor runs in the store with the unshared
//! state of its component instance. If another instance drops the resource, that is a call, which waits for the
//! [home](super::homes) if parallel threads can make it. An instance cannot wait for itself. So flatten refuses a core
//! module that imports `resource.drop` as a shared function if its own component instance defines the resource with an
//! unshared destructor.

use super::{Flatten, Source, places};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{
    Builtin, ComponentInstanceIndex, Destructor, ResourceName, ResourceType, ResourceTypeIndex, ResourceView,
};
use crate::threadify::{Argument, InstanceIndex, Item};
use crate::unshare::UnsharedModule;
use wasmtime_environ::component::{
    CoreDef, Resource, StaticModuleIndex, Trampoline, TypeResourceTable, TypeResourceTableIndex,
};
use wasmtime_environ::{EntityType, WasmValType};
use weft_abi::ResourceIndex;

impl Flatten<'_> {
    /// Lists the resource types, with the translator's indices. `views` is how many it has.
    pub(super) fn resource_types(&mut self, views: usize) {
        let component = self.component();
        let imported = component.imported_resources.values().map(|import| {
            let (root, path) = &component.imports[*import];
            let (root, _) = &component.import_types[*root];
            let path = [root].into_iter().chain(path).cloned().collect();
            ResourceType::Imported { path }
        });
        let defined = component.defined_resource_instances.values().map(|instance| {
            let instance = ComponentInstanceIndex(instance.as_u32());
            ResourceType::Defined {
                instance,
                destructor: None,
            }
        });
        let resource_types = imported.chain(defined).collect();
        let views = (0..views as u32).map(|index| match &self.types[TypeResourceTableIndex::from_u32(index)] {
            TypeResourceTable::Concrete { ty, instance } => Some(ResourceView {
                instance: ComponentInstanceIndex(instance.as_u32()),
                ty: ResourceTypeIndex(ty.as_u32()),
            }),
            TypeResourceTable::Abstract(_) => None,
        });
        (self.plan.resources, self.plan.resource_types) = (views.collect(), resource_types);
    }

    /// A resource type under a name.
    pub(super) fn resource_name(&self, path: Vec<String>, ty: TypeResourceTableIndex) -> Option<ResourceName> {
        let (view, _) = self.plan.resource(ResourceIndex(ty.as_u32()))?;
        Some(ResourceName { path, ty: view.ty })
    }

    /// A resource type that the component defines.
    pub(super) fn define_resource(&mut self, resource: &Resource) -> Result<(), LowerError> {
        if resource.rep != WasmValType::I32 {
            let (name, place) = places::resource(self.input_bytes).unzip();
            let item = match name.flatten() {
                Some(name) => format!("resource type `{name}` with a representation of 64 bits"),
                None => "a resource type with a representation of 64 bits".to_owned(),
            };
            let advice = "define it with `(rep i32)`";
            return Err(LowerError::unsupported(item, advice).at(place));
        }
        let Some(function) = &resource.dtor else {
            return Ok(());
        };
        let export = self.export_function(function)?;
        let argument = self.argument(function)?;
        let index = self.component().resource_index(resource.index);
        let index = ResourceTypeIndex(index.as_u32());
        let shared = self.is_shared_destructor(function);
        match self.plan.resource_types.get_mut(index.index()) {
            Some(ResourceType::Defined { destructor, .. }) => {
                *destructor = Some(Destructor { export, shared });
                self.destructors.insert(index, argument);
            }
            Some(ResourceType::Imported { .. }) | None => {
                let message = format!("resource type {} is not among those that are defined", index.0);
                return Err(LowerError::Internal(message));
            }
        }
        Ok(())
    }

    /// Whether any thread can call a destructor in its own store. If [unshare](crate::unshare) added the function, the one that it
    /// calls decides.
    fn is_shared_destructor(&self, definition: &CoreDef) -> bool {
        // A function that no core module of the component defines runs alike in each store.
        let Some((instance, item)) = self.item(definition) else {
            return true;
        };
        if !self.is_added(definition) {
            return self.is_shared_function(instance, item);
        }
        match self.input.instances[instance.0].arguments.first() {
            Some(Argument::Item(called, item)) => self.is_shared_function(*called, *item),
            Some(Argument::Host(_)) => true,
            Some(
                Argument::Context(_)
                | Argument::Task(_)
                | Argument::SpawnIndirect(..)
                | Argument::NewIndirect(..)
                | Argument::SpawnRef(_),
            )
            | None => false,
        }
    }

    fn is_shared_function(&self, instance: InstanceIndex, item: Item) -> bool {
        match item {
            Item::Function(function) => {
                let shared = self.input.instances[instance.0].items.functions.get(function as usize);
                shared.is_some_and(|shared| *shared)
            }
            Item::Table(_) | Item::Memory(_) | Item::Global(_) | Item::Tag(_) => false,
        }
    }

    /// Whether a definition is of an instance whose module [unshare](crate::unshare) added.
    fn is_added(&self, definition: &CoreDef) -> bool {
        let CoreDef::Export(export) = definition else {
            return false;
        };
        let Some(Source::Instance(_, module)) = self.sources.get(export.instance.as_u32() as usize) else {
            return false;
        };
        let module = self.unshared.modules.get(module.as_u32() as usize);
        matches!(module, Some(UnsharedModule::Added(_)))
    }

    /// Records whose unshared destructors a core module can call, and refuses those of the module's own component
    /// instance.
    pub(super) fn check_drops(
        &mut self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[CoreDef],
        component: Option<ComponentInstanceIndex>,
    ) -> Result<(), LowerError> {
        let imports = self.modules[index].module.imports().zip(arguments);
        let functions = imports.filter(|((_, _, ty), _)| matches!(ty, EntityType::Function(_)));
        for (((from, name, _), argument), shared) in functions.zip(&items.functions) {
            let CoreDef::Trampoline(trampoline) = argument else {
                continue;
            };
            let Trampoline::ResourceDrop { ty, .. } = &self.translation.trampolines[*trampoline] else {
                continue;
            };
            let owner = match self.plan.resource(ResourceIndex(ty.as_u32())) {
                Some((_, ResourceType::Defined { instance, destructor })) => {
                    let unshared = destructor.as_ref().filter(|destructor| !destructor.shared);
                    unshared.map(|_| *instance)
                }
                Some((_, ResourceType::Imported { .. })) | None => None,
            };
            let Some(owner) = owner else { continue };
            if component != Some(owner) {
                match (shared, component) {
                    (true, _) => self.calls.from_threads.extend([owner]),
                    (false, Some(caller)) => self.calls.edges.extend([(caller, owner)]),
                    (false, None) => {}
                }
            } else if *shared {
                let item = format!(
                    "import `{name}` of a shared `resource.drop` for a resource whose destructor is not shared"
                );
                let refused = LowerError::unsupported(item, "declare the destructor as a shared function");
                return Err(refused.at(self.core_import_place(index, from, name)));
            }
        }
        Ok(())
    }
}

/// The built-in on handles for a trampoline.
pub(super) fn resource_builtin(trampoline: &Trampoline) -> Result<Builtin, LowerError> {
    let index = |ty: &TypeResourceTableIndex| ResourceIndex(ty.as_u32());
    match trampoline {
        Trampoline::ResourceNew { ty, .. } => Ok(Builtin::ResourceNew(index(ty))),
        Trampoline::ResourceRep { ty, .. } => Ok(Builtin::ResourceRep(index(ty))),
        Trampoline::ResourceDrop { ty, .. } => Ok(Builtin::ResourceDrop(index(ty))),
        other => Err(LowerError::Internal(format!("{other:?} is no built-in on handles"))),
    }
}
