//! What instantiating a component does, as far as its size goes: one list for each component of the binary.

use super::size::Size;
use super::types::{Items, Scope, Scopes, Type};
use crate::error::LowerError;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExport, ComponentExternalKind, ComponentImport, ComponentInstance,
    ComponentOuterAliasKind, ComponentValType, Instance, Parser, Payload,
};

/// The components of a binary. The last one is the outermost.
#[derive(Default)]
pub(super) struct Program<'a> {
    pub components: Vec<Component<'a>>,
}

/// What instantiating one component does, in order, and where each step stands in the binary.
#[derive(Default)]
pub(super) struct Component<'a> {
    pub steps: Vec<(Step<'a>, u64)>,
}

/// An index of [`Program::components`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ComponentIndex(pub usize);

/// An item that is passed or exported, by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub name: &'a str,
    pub kind: ComponentExternalKind,
    pub index: u32,
}

pub(super) enum Step<'a> {
    /// Definitions that always come to this.
    Fixed(Size),
    Import {
        name: &'a str,
        kind: ComponentExternalKind,
        size: Size,
        /// How many resource types are looked for in what is passed.
        resources: u64,
    },
    /// A component is defined.
    Define(ComponentIndex),
    /// A component of a component around this one.
    Outer {
        count: u32,
        index: u32,
    },
    /// Something that an instance exports.
    Alias {
        kind: ComponentExternalKind,
        instance: u32,
        name: &'a str,
    },
    Instantiate {
        component: u32,
        arguments: Vec<Named<'a>>,
        size: Size,
        /// How many resource types are looked for in what it exports.
        resources: u64,
    },
    /// An instance that is made of items.
    Bundle {
        items: Vec<Named<'a>>,
        size: Size,
    },
    Export {
        item: Named<'a>,
        size: Size,
    },
}

/// Reads a binary.
#[derive(Default)]
pub(super) struct Reader<'a> {
    program: Program<'a>,
    scopes: Scopes<'a>,
    /// The components that are being read, innermost last, with what each imports and exports.
    open: Vec<Option<(Component<'a>, Items<'a>)>>,
    /// What a validator makes of it, which follows no instantiation.
    validated: Size,
    offset: u64,
}

impl<'a> Reader<'a> {
    /// # Errors
    ///
    /// The component is malformed, or its types come to more than the limit.
    pub fn read(component: &'a [u8]) -> Result<Program<'a>, LowerError> {
        let mut reader = Reader::default();
        for payload in Parser::new(0).parse_all(component) {
            reader.payload(payload?)?;
        }
        Ok(reader.program)
    }

    fn payload(&mut self, payload: Payload<'a>) -> Result<(), LowerError> {
        match payload {
            Payload::Version { encoding, .. } => {
                let is_component = encoding == wasmparser::Encoding::Component;
                self.open.push(is_component.then(Default::default));
                if is_component {
                    self.scopes.0.push(Scope::default());
                }
            }
            Payload::End(_) => self.end(),
            Payload::CoreTypeSection(section) => {
                for ty in section.into_iter_with_offsets() {
                    let (offset, ty) = ty?;
                    let size = self.scopes.core_type(&ty)?;
                    self.validate(Size::types(size), offset)?;
                }
            }
            Payload::ComponentTypeSection(section) => {
                for ty in section.into_iter_with_offsets() {
                    let (offset, ty) = ty?;
                    let size = self.scopes.component_type(&ty)?;
                    self.validate(Size::types(size), offset)?;
                    self.fixed(0);
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section.into_iter_with_offsets() {
                    let (offset, import) = import?;
                    self.import(&import, offset)?;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.into_iter_with_offsets() {
                    let (offset, alias) = alias?;
                    self.offset = offset as u64;
                    self.alias(&alias);
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section.into_iter_with_offsets() {
                    let (offset, instance) = instance?;
                    self.offset = offset as u64;
                    let (core_instances, definitions) = match instance {
                        Instance::Instantiate { args, .. } => (1, 1 + args.len() as u64),
                        Instance::FromExports(exports) => (0, 1 + exports.len() as u64),
                    };
                    self.step(Step::Fixed(Size {
                        core_instances,
                        definitions,
                        types: 0,
                    }));
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section.into_iter_with_offsets() {
                    let (offset, instance) = instance?;
                    self.instance(instance, offset)?;
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for definition in section.into_iter_with_offsets() {
                    let (offset, definition) = definition?;
                    self.offset = offset as u64;
                    self.canonical(&definition);
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.into_iter_with_offsets() {
                    let (offset, export) = export?;
                    self.export(&export, offset)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: &ComponentImport<'a>, offset: usize) -> Result<(), LowerError> {
        let ty = self.scopes.entity(import.ty);
        self.validate(Size::types(ty.size), offset)?;
        self.step(Step::Import {
            name: import.name.name,
            kind: import.ty.kind(),
            size: Size::types(ty.size),
            resources: ty.resources,
        });
        if let Some(Some((_, items))) = self.open.last_mut() {
            items.import(&ty);
        }
        self.scopes.define(import.ty.kind(), ty);
        Ok(())
    }

    fn export(&mut self, export: &ComponentExport<'a>, offset: usize) -> Result<(), LowerError> {
        let item = Named {
            name: export.name.name,
            kind: export.kind,
            index: export.index,
        };
        let ty = match export.ty {
            Some(ty) => self.scopes.entity(ty),
            None => self.item(&item),
        };
        self.validate(Size::types(ty.size), offset)?;
        let size = Size::types(ty.size);
        self.step(Step::Export { item, size });
        if let Some(Some((_, items))) = self.open.last_mut() {
            items.export(item.name, ty.clone());
        }
        self.scopes.define(export.kind, ty);
        Ok(())
    }

    /// Counts what the validator makes of a definition.
    fn validate(&mut self, size: Size, offset: usize) -> Result<(), LowerError> {
        self.offset = offset as u64;
        self.validated.add(size);
        self.validated.check(self.offset)
    }

    fn step(&mut self, step: Step<'a>) {
        let offset = self.offset;
        let Some(Some((component, _))) = self.open.last_mut() else {
            return;
        };
        // Long lists of the same are one step, which is what makes counting quick.
        if let (Step::Fixed(size), Some((Step::Fixed(last), _))) = (&step, component.steps.last_mut()) {
            last.add(*size);
        } else {
            component.steps.push((step, offset));
        }
    }

    /// A definition that is the same whatever the component is given.
    fn fixed(&mut self, types: u64) {
        self.step(Step::Fixed(Size {
            definitions: 1,
            types,
            core_instances: 0,
        }));
    }

    fn end(&mut self) {
        let Some(Some((component, items))) = self.open.pop() else {
            return;
        };
        self.scopes.0.pop();
        let index = ComponentIndex(self.program.components.len());
        self.program.components.push(component);
        if !self.open.is_empty() {
            self.step(Step::Define(index));
            self.scopes.innermost().components.push(items.finish());
        }
    }

    /// The type of an item.
    fn item(&self, item: &Named<'a>) -> Type<'a> {
        match item.kind {
            ComponentExternalKind::Func => Type::of_size(self.scopes.function(item.index)),
            ComponentExternalKind::Type => self.scopes.ty(item.index),
            ComponentExternalKind::Instance => self.scopes.instance(item.index),
            ComponentExternalKind::Component => self.scopes.component(item.index),
            ComponentExternalKind::Module | ComponentExternalKind::Value => Type::of_size(1),
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'a>) {
        self.scopes.alias(alias);
        match *alias {
            ComponentAlias::InstanceExport {
                kind,
                instance_index,
                name,
            } => self.step(Step::Alias {
                kind,
                instance: instance_index,
                name,
            }),
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::Component,
                count,
                index,
            } => self.step(Step::Outer { count, index }),
            ComponentAlias::Outer {
                kind:
                    ComponentOuterAliasKind::CoreModule | ComponentOuterAliasKind::CoreType | ComponentOuterAliasKind::Type,
                ..
            }
            | ComponentAlias::CoreInstanceExport { .. } => self.fixed(0),
        }
    }

    fn instance(&mut self, instance: ComponentInstance<'a>, offset: usize) -> Result<(), LowerError> {
        match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                let ty = self.scopes.component(component_index);
                let arguments: Vec<_> = args
                    .iter()
                    .map(|argument| Named {
                        name: argument.name,
                        kind: argument.kind,
                        index: argument.index,
                    })
                    .collect();
                let mut size = Size::types(ty.size);
                for argument in &arguments {
                    size.add(Size::types(self.item(argument).size));
                }
                self.validate(size, offset)?;
                self.step(Step::Instantiate {
                    component: component_index,
                    arguments,
                    size,
                    resources: ty.resources,
                });
                self.scopes.define(ComponentExternalKind::Instance, ty);
            }
            ComponentInstance::FromExports(exports) => {
                let mut ty = Items::default();
                let items: Vec<_> = exports
                    .iter()
                    .map(|export| Named {
                        name: export.name.name,
                        kind: export.kind,
                        index: export.index,
                    })
                    .collect();
                for item in &items {
                    ty.export(item.name, self.item(item));
                }
                let ty = ty.finish();
                let size = Size::types(ty.size);
                self.validate(size, offset)?;
                self.step(Step::Bundle { items, size });
                self.scopes.define(ComponentExternalKind::Instance, ty);
            }
        }
        Ok(())
    }

    fn canonical(&mut self, definition: &CanonicalFunction) {
        let types = match definition {
            CanonicalFunction::Lift { type_index, .. } => {
                let size = self.scopes.ty(*type_index).size;
                self.scopes.define(ComponentExternalKind::Func, Type::of_size(size));
                size
            }
            CanonicalFunction::Lower { func_index, .. } => self.scopes.function(*func_index),
            CanonicalFunction::TaskReturn { result: Some(ty), .. } => self.scopes.value(*ty),
            CanonicalFunction::StreamNew { ty }
            | CanonicalFunction::StreamRead { ty, .. }
            | CanonicalFunction::StreamWrite { ty, .. }
            | CanonicalFunction::StreamCancelRead { ty, .. }
            | CanonicalFunction::StreamCancelWrite { ty, .. }
            | CanonicalFunction::StreamDropReadable { ty }
            | CanonicalFunction::StreamDropWritable { ty }
            | CanonicalFunction::FutureNew { ty }
            | CanonicalFunction::FutureRead { ty, .. }
            | CanonicalFunction::FutureWrite { ty, .. }
            | CanonicalFunction::FutureCancelRead { ty, .. }
            | CanonicalFunction::FutureCancelWrite { ty, .. }
            | CanonicalFunction::FutureDropReadable { ty }
            | CanonicalFunction::FutureDropWritable { ty } => self.scopes.value(ComponentValType::Type(*ty)),
            // These definitions name no type, or a resource type, which has no parts.
            CanonicalFunction::TaskReturn { result: None, .. }
            | CanonicalFunction::ResourceNew { .. }
            | CanonicalFunction::ResourceDrop { .. }
            | CanonicalFunction::ResourceRep { .. }
            | CanonicalFunction::ThreadSpawnRef { .. }
            | CanonicalFunction::ThreadSpawnIndirect { .. }
            | CanonicalFunction::ThreadAvailableParallelism
            | CanonicalFunction::BackpressureInc
            | CanonicalFunction::BackpressureDec
            | CanonicalFunction::TaskCancel
            | CanonicalFunction::ContextGet { .. }
            | CanonicalFunction::ContextSet { .. }
            | CanonicalFunction::ThreadYield { .. }
            | CanonicalFunction::SubtaskDrop
            | CanonicalFunction::SubtaskCancel { .. }
            | CanonicalFunction::ErrorContextNew { .. }
            | CanonicalFunction::ErrorContextDebugMessage { .. }
            | CanonicalFunction::ErrorContextDrop
            | CanonicalFunction::WaitableSetNew
            | CanonicalFunction::WaitableSetWait { .. }
            | CanonicalFunction::WaitableSetPoll { .. }
            | CanonicalFunction::WaitableSetDrop
            | CanonicalFunction::WaitableJoin
            | CanonicalFunction::ThreadIndex
            | CanonicalFunction::ThreadNewIndirect { .. }
            | CanonicalFunction::ThreadResumeLater
            | CanonicalFunction::ThreadSuspend { .. }
            | CanonicalFunction::ThreadSuspendThenResume { .. }
            | CanonicalFunction::ThreadYieldThenResume { .. }
            | CanonicalFunction::ThreadSuspendThenPromote { .. }
            | CanonicalFunction::ThreadYieldThenPromote { .. } => 1,
        };
        self.fixed(types);
    }
}
