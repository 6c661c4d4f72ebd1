//! Checks that the argument of an import is shared exactly if the import says so (SETV-11).
//!
//! **Problem.** Core modules run in their unshared form. So Wasmtime, which links them, sees no difference between
//! `(global (shared mut i32))` and `(global (mut i32))`, nor between references to shared functions and to unshared
//! ones.
//!
//! **Here**, each instance knows the types of its exports as their authors wrote them: in its own module, or in the
//! module from which it imports them. To compare types of two modules, this code puts both into one module, which
//! wasmparser validates: wasmparser identifies equal types.
//!
//! ```wat
//! (module                                               ;; of the module that is linked
//!   (type $wanted (shared (func)))
//!   (type $given (func))                                ;; of the one that it imports from
//!   (import "" "" (func (type $given)))                 ;; what the first import is given,
//!   (import "" "" (func (type $wanted))))               ;; and what it asks for
//! ```
//!
//! Wasmtime checks everything else, such as limits, and also memories, which stay shared in the unshared form.
//!
//! **Rejected:** linking the modules as instances in a component, for which weft checks the rule (a re-exported import
//! would have the type that the import requires, not that of the item).

use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ImportSection, Module, TypeSection};
use wasmparser::types::{CoreTypeId, EntityType, TypesRef};
use wasmparser::{ExternalKind, HeapType, Parser, Payload, RecGroup, RefType, TypeRef, ValType, Validator};
use weft_lower::{FEATURES, Rule};

/// A core module's imports and exports, as its author wrote them.
#[derive(Default)]
pub(crate) struct Interface {
    types: Vec<RecGroup>,
    type_count: u32,
    imports: Vec<TypeRef>,
    exports: Vec<(String, ExternalKind, u32)>,
    /// By index, imported ones first.
    functions: Vec<TypeRef>,
    tables: Vec<TypeRef>,
    globals: Vec<TypeRef>,
    tags: Vec<TypeRef>,
}

/// An item that can be the argument of an import, with the module that defines it.
#[derive(Clone)]
pub(crate) struct Given {
    module: Rc<Interface>,
    ty: TypeRef,
}

/// The exports of an instance, except memories.
pub(crate) type Exports = HashMap<String, Given>;

impl Interface {
    /// # Errors
    ///
    /// The module is malformed.
    pub(crate) fn of(module: &[u8]) -> wasmparser::Result<Self> {
        let mut interface = Interface::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        let group = group?;
                        interface.type_count += group.types().len() as u32;
                        interface.types.push(group);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let ty = import?.ty;
                        interface.imports.push(ty);
                        interface.define(ty);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        interface.functions.push(TypeRef::Func(ty?));
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        interface.tables.push(TypeRef::Table(table?.ty));
                    }
                }
                Payload::TagSection(section) => {
                    for tag in section {
                        interface.tags.push(TypeRef::Tag(tag?));
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        interface.globals.push(TypeRef::Global(global?.ty));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        interface
                            .exports
                            .push((export.name.to_owned(), export.kind, export.index));
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }

    fn define(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => self.functions.push(ty),
            TypeRef::Table(_) => self.tables.push(ty),
            TypeRef::Global(_) => self.globals.push(ty),
            TypeRef::Tag(_) => self.tags.push(ty),
            TypeRef::Memory(_) => {}
        }
    }

    /// The exports of an instance that gets these arguments for its imports. Memories and the host's items are `None`.
    pub(crate) fn exports(self: &Rc<Self>, given: &[Option<Given>]) -> Exports {
        let mut exports = Exports::new();
        for (name, kind, index) in &self.exports {
            let (items, is_of_kind): (_, fn(&TypeRef) -> bool) = match kind {
                ExternalKind::Func | ExternalKind::FuncExact => (&self.functions, is_function),
                ExternalKind::Table => (&self.tables, |ty| matches!(ty, TypeRef::Table(_))),
                ExternalKind::Global => (&self.globals, |ty| matches!(ty, TypeRef::Global(_))),
                ExternalKind::Tag => (&self.tags, |ty| matches!(ty, TypeRef::Tag(_))),
                ExternalKind::Memory => continue,
            };
            let imports = self.imports.iter().zip(given).filter(|(ty, _)| is_of_kind(ty));
            let imported = imports.map(|(_, given)| given).nth(*index as usize).cloned();
            let own = items.get(*index as usize).map(|ty| Given {
                module: Rc::clone(self),
                ty: *ty,
            });
            if let Some(item) = imported.flatten().or(own) {
                exports.insert(name.clone(), item);
            }
        }
        exports
    }

    /// Compares each import with its argument. `None` is an item of the host, which is never shared.
    ///
    /// # Errors
    ///
    /// An import and its argument are not shared alike. The error has the import's position and a message.
    pub(crate) fn check_sharing(self: &Rc<Self>, given: &[Option<Given>]) -> Result<(), (usize, String)> {
        let internal = |error: &dyn std::fmt::Display| (0, format!("its types cannot be compared: {error}"));
        let module = merged(self, given).map_err(|error| internal(&error))?;
        let types = Validator::new_with_features(FEATURES).validate_all(&module);
        let types = types.map_err(|error| internal(&error))?;
        let types = types.as_ref();
        let mut imports = types.core_imports().into_iter().flatten().map(|(_, _, ty)| ty);
        for (position, (wanted, given)) in self.imports.iter().zip(given).enumerate() {
            if let TypeRef::Memory(_) = wanted {
                continue;
            }
            let (Some(wanted), given) = (imports.next(), given.as_ref().and_then(|_| imports.next())) else {
                break;
            };
            let problem = match given {
                Some(given) => mismatch(types, &given, &wanted),
                None if is_shared(types, &wanted) => Some("it expects a shared item, but the argument is not shared"),
                None => None,
            };
            if let Some(problem) = problem {
                return Err((position, format!("{problem} (rule {})", Rule::Setv11)));
            }
        }
        Ok(())
    }
}

/// A module that imports, for each import except memories, the type that the import requires, and then the type of its
/// argument, unless the argument is the host's.
fn merged(wanted: &Rc<Interface>, given: &[Option<Given>]) -> Result<Vec<u8>, Error<Infallible>> {
    let mut types = TypeSection::new();
    let mut modules: Vec<(&Rc<Interface>, u32)> = Vec::new();
    let mut count = 0;
    for module in std::iter::once(wanted).chain(given.iter().flatten().map(|given| &given.module)) {
        if modules.iter().any(|(known, _)| Rc::ptr_eq(known, module)) {
            continue;
        }
        for group in &module.types {
            Behind(count).parse_recursive_type_group(types.ty(), group.clone())?;
        }
        modules.push((module, count));
        count += module.type_count;
    }
    let mut imports = ImportSection::new();
    let mut import = |module: &Rc<Interface>, ty: TypeRef| {
        let position = modules.iter().find(|(known, _)| Rc::ptr_eq(known, module));
        let ty = Behind(position.map_or(0, |(_, types)| *types)).entity_type(ty)?;
        imports.import("", "", ty);
        Ok::<_, Error<Infallible>>(())
    };
    for (ty, given) in wanted.imports.iter().zip(given) {
        if let TypeRef::Memory(_) = ty {
            continue;
        }
        import(wanted, *ty)?;
        if let Some(given) = given {
            import(&given.module, given.ty)?;
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&imports);
    Ok(module.finish())
}

/// Writes types whose indices start at this number.
struct Behind(u32);

impl Reencode for Behind {
    type Error = Infallible;

    fn type_index(&mut self, ty: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.0 + ty)
    }
}

/// Says why an item does not match the one that a module wants, in the respects that the engine does not check.
fn mismatch(types: TypesRef<'_>, given: &EntityType, wanted: &EntityType) -> Option<&'static str> {
    match (
        fits(types, given, wanted),
        is_shared(types, given),
        is_shared(types, wanted),
    ) {
        (true, _, _) => None,
        (false, true, false) => Some("it expects an unshared item, but the argument is shared"),
        (false, false, true) => Some("it expects a shared item, but the argument is not shared"),
        (false, ..) => Some("the argument has another type, or its type differs in what is shared"),
    }
}

/// Whether an item matches the one that a module wants, in those respects. The engine compares the rest: memories, types
/// of numbers, and kinds of items.
fn fits(types: TypesRef<'_>, given: &EntityType, wanted: &EntityType) -> bool {
    match wanted {
        EntityType::Func(wanted) | EntityType::FuncExact(wanted) => match given {
            EntityType::Func(given) | EntityType::FuncExact(given) => is_subtype(types, *given, *wanted),
            EntityType::Table(_) | EntityType::Memory(_) | EntityType::Global(_) | EntityType::Tag(_) => true,
        },
        EntityType::Tag(wanted) => !matches!(given, EntityType::Tag(given) if given != wanted),
        EntityType::Table(wanted) => !matches!(given, EntityType::Table(given)
            if given.shared != wanted.shared || !fits_reference(types, given.element_type, wanted.element_type)),
        EntityType::Global(wanted) => !matches!(given, EntityType::Global(given)
            if given.shared != wanted.shared || !fits_value(types, given.content_type, wanted.content_type)),
        EntityType::Memory(_) => true,
    }
}

fn fits_value(types: TypesRef<'_>, given: ValType, wanted: ValType) -> bool {
    match (given, wanted) {
        (ValType::Ref(given), ValType::Ref(wanted)) => fits_reference(types, given, wanted),
        (ValType::Ref(_) | ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128, _) => true,
    }
}

fn is_shared(types: TypesRef<'_>, item: &EntityType) -> bool {
    match item {
        EntityType::Func(id) | EntityType::FuncExact(id) | EntityType::Tag(id) => types[*id].composite_type.shared,
        EntityType::Table(ty) => ty.shared || is_shared_reference(types, ty.element_type),
        EntityType::Global(ty) => match ty.content_type {
            ValType::Ref(reference) => ty.shared || is_shared_reference(types, reference),
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => ty.shared,
        },
        EntityType::Memory(ty) => ty.shared,
    }
}

/// Whether a reference type is a subtype of another, in the respects that the engine does not check.
fn fits_reference(types: TypesRef<'_>, given: RefType, wanted: RefType) -> bool {
    match (type_id(given), type_id(wanted)) {
        (Some(given), Some(wanted)) => is_subtype(types, given, wanted),
        (Some(_) | None, None) | (None, Some(_)) => {
            is_shared_reference(types, given) == is_shared_reference(types, wanted)
        }
    }
}

fn is_shared_reference(types: TypesRef<'_>, ty: RefType) -> bool {
    match ty.heap_type() {
        HeapType::Abstract { shared, .. } => shared,
        HeapType::Concrete(_) | HeapType::Exact(_) => type_id(ty).is_some_and(|id| types[id].composite_type.shared),
    }
}

fn type_id(ty: RefType) -> Option<CoreTypeId> {
    match ty.heap_type() {
        HeapType::Concrete(index) | HeapType::Exact(index) => index.as_core_type_id(),
        HeapType::Abstract { .. } => None,
    }
}

fn is_subtype(types: TypesRef<'_>, ty: CoreTypeId, of: CoreTypeId) -> bool {
    std::iter::successors(Some(ty), |ty| types.supertype_of(*ty)).any(|ty| ty == of)
}

fn is_function(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_))
}
