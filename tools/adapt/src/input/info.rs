//! The parsed input: the index spaces that decisions need, decoded, and readers of the other sections, which are read when
//! `$main` is written.

use crate::error::AdaptError;
use crate::index::{FuncIndex, GlobalIndex, MemoryIndex, TypeIndex};
use crate::input::refused::refused;
use crate::input::world_names::{SECTION, WorldNames};
use std::ops::Deref;
use wasmparser::{
    CodeSectionReader, CompositeInnerType, ConstExpr, CustomSectionReader, DataSectionReader, ElementSectionReader,
    Encoding, Export, ExternalKind, FuncType, GlobalType, HeapType, Import, KnownCustom, MemoryType, NameSectionReader,
    Parser, Payload, RecGroup, TableInit, TableType, TagSectionReader, TypeRef, TypeSectionReader, ValType, Validator,
};
use weft_lower::CORE_FEATURES;

/// Custom sections that stay valid when code is rewritten.
const KEPT_CUSTOM_SECTIONS: [&str; 2] = ["producers", "target_features"];

/// A global of the input.
pub(crate) struct GlobalInfo<'a> {
    pub(crate) ty: GlobalType,
    /// `None` if the global is imported.
    pub(crate) init: Option<ConstExpr<'a>>,
    pub(crate) offset: usize,
}

/// A table of the input.
pub(crate) struct TableInfo<'a> {
    pub(crate) ty: TableType,
    /// The initial value of its elements, if it is not null.
    pub(crate) init: Option<ConstExpr<'a>>,
    pub(crate) offset: usize,
}

/// An import or export, and where it is in the input.
pub(crate) struct Located<T> {
    item: T,
    pub(crate) offset: usize,
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

/// A valid core module, parsed.
#[derive(Default)]
pub(crate) struct ModuleInfo<'a> {
    /// By type index; `None` where the type is not a function type.
    pub(crate) types: Vec<Option<FuncType>>,
    /// By type index, whether another module can write the same type with its parameters and results alone: it refers to no type
    /// of the module, has no supertype, can have no subtypes, and is alone in its recursion group.
    is_plain: Vec<bool>,
    pub(crate) imports: Vec<Located<Import<'a>>>,
    /// By function index, imported functions first.
    pub(crate) functions: Vec<TypeIndex>,
    pub(crate) imported_functions: usize,
    pub(crate) tables: Vec<TableInfo<'a>>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<GlobalInfo<'a>>,
    pub(crate) exports: Vec<Located<Export<'a>>>,
    pub(crate) start: Option<FuncIndex>,
    pub(crate) data_count: Option<u32>,
    pub(crate) type_section: Option<TypeSectionReader<'a>>,
    pub(crate) tag_section: Option<TagSectionReader<'a>>,
    pub(crate) element_section: Option<ElementSectionReader<'a>>,
    pub(crate) code_section: Option<CodeSectionReader<'a>>,
    pub(crate) data_section: Option<DataSectionReader<'a>>,
    pub(crate) name_section: Option<NameSectionReader<'a>>,
    pub(crate) kept_custom_sections: Vec<CustomSectionReader<'a>>,
    pub(crate) other_custom_sections: Vec<CustomSectionReader<'a>>,
    /// Whether the component keeps the debugging information.
    pub(crate) keeps_debug_info: bool,
    /// Whether a WIT world is embedded. `input.rs` decodes it.
    pub(crate) world: Option<WorldNames>,
}

impl<'a> ModuleInfo<'a> {
    /// Validates and parses a core module in the binary format.
    pub(crate) fn parse(wasm: &'a [u8]) -> Result<ModuleInfo<'a>, AdaptError> {
        check_kind(wasm)?;
        weft_lower::check_module(wasm)?;
        if let Err(error) = Validator::new_with_features(CORE_FEATURES).validate_all(wasm) {
            return Err(refused(wasm, &error));
        }
        let mut info = ModuleInfo::default();
        for payload in Parser::new(0).parse_all(wasm) {
            info.payload(wasm, payload?)?;
        }
        Ok(info)
    }

    /// Whether the name section has a function of this name.
    pub(crate) fn defines_function_named(&self, name: &str) -> bool {
        let subsections = self.name_section.clone().into_iter().flatten().map_while(Result::ok);
        let maps = subsections.filter_map(|subsection| match subsection {
            wasmparser::Name::Function(map) => Some(map),
            _ => None,
        });
        let mut names = maps.flat_map(|map| map.into_iter().map_while(Result::ok));
        names.any(|naming| naming.name == name && naming.index as usize >= self.imported_functions)
    }

    /// Whether a WIT world is embedded, judging by the names of sections.
    pub(crate) fn has_world(&self) -> bool {
        let mut sections = self.other_custom_sections.iter();
        sections.any(|section| section.name().starts_with(SECTION))
    }

    /// Whether an import is one of the module's world, or claims to be.
    pub(crate) fn is_of_world(&self, module: &str, name: &str) -> bool {
        self.world.as_ref().is_some_and(|world| world.claims(module, name))
    }

    /// The type of a function.
    pub(crate) fn function_type(&self, func: FuncIndex) -> Result<&FuncType, AdaptError> {
        self.func_type(self.type_of(func)?)
    }

    /// The index of a function's type.
    pub(crate) fn type_of(&self, func: FuncIndex) -> Result<TypeIndex, AdaptError> {
        let ty = self.functions.get(func.0 as usize);
        ty.copied().ok_or_else(|| AdaptError::missing("function", func.0))
    }

    /// The function type with this index.
    pub(crate) fn func_type(&self, ty: TypeIndex) -> Result<&FuncType, AdaptError> {
        let func = self.types.get(ty.0 as usize).and_then(Option::as_ref);
        func.ok_or_else(|| AdaptError::missing("function type", ty.0))
    }

    /// The global with this index.
    pub(crate) fn global(&self, global: GlobalIndex) -> Result<&GlobalInfo<'a>, AdaptError> {
        let found = self.globals.get(global.0 as usize);
        found.ok_or_else(|| AdaptError::missing("global", global.0))
    }

    /// Whether two types are certainly equal.
    pub(crate) fn is_same_plain_type(&self, a: TypeIndex, b: TypeIndex) -> bool {
        let func = |ty: TypeIndex| self.types.get(ty.0 as usize);
        a == b || self.is_plain(a) && self.is_plain(b) && func(a) == func(b)
    }

    /// Whether another module can write the same type with its parameters and results alone.
    pub(crate) fn is_plain(&self, ty: TypeIndex) -> bool {
        self.is_plain.get(ty.0 as usize) == Some(&true)
    }

    /// Whether a function type needs the module's other types, because a parameter or a result refers to one.
    pub(crate) fn names_types(&self, ty: TypeIndex) -> Result<bool, AdaptError> {
        let func = self.func_type(ty)?;
        Ok(func.params().iter().chain(func.results()).any(|ty| names_type(*ty)))
    }

    /// Whether a function's type has subtypes, a supertype or a recursion group with other types. The types of host functions,
    /// built-ins and lifted functions have none of these.
    pub(crate) fn is_open(&self, func: FuncIndex) -> Result<bool, AdaptError> {
        let ty = self.type_of(func)?;
        Ok(!self.is_plain(ty) && !self.names_types(ty)?)
    }

    fn types(&mut self, group: RecGroup) {
        let is_alone = group.types().len() == 1;
        for ty in group.into_types() {
            let is_closed = is_alone && ty.is_final && ty.supertype_idx.is_none();
            let func = match ty.composite_type.inner {
                CompositeInnerType::Func(func) => Some(func),
                CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => None,
            };
            self.is_plain.push(func.as_ref().is_some_and(|func| {
                let mut members = func.params().iter().chain(func.results());
                is_closed && members.all(|ty| !names_type(*ty))
            }));
            self.types.push(func);
        }
    }

    fn payload(&mut self, wasm: &'a [u8], payload: Payload<'a>) -> Result<(), AdaptError> {
        match payload {
            Payload::TypeSection(reader) => {
                self.type_section = Some(reader.clone());
                for group in reader {
                    self.types(group?);
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports_with_offsets() {
                    let (offset, import) = import?;
                    self.import(import, offset);
                }
                self.imported_functions = self.functions.len();
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.functions.push(TypeIndex(ty?));
                }
            }
            Payload::TableSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, table) = item?;
                    let init = match table.init {
                        TableInit::RefNull => None,
                        TableInit::Expr(init) => Some(init),
                    };
                    let ty = table.ty;
                    self.tables.push(TableInfo { ty, init, offset });
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, global) = item?;
                    self.globals.push(GlobalInfo {
                        ty: global.ty,
                        init: Some(global.init_expr),
                        offset,
                    });
                }
            }
            Payload::ExportSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, item) = item?;
                    self.exports.push(Located { item, offset });
                }
            }
            Payload::TagSection(reader) => self.tag_section = Some(reader),
            Payload::StartSection { func, .. } => self.start = Some(FuncIndex(func)),
            Payload::ElementSection(reader) => self.element_section = Some(reader),
            Payload::DataCountSection { count, .. } => self.data_count = Some(count),
            Payload::DataSection(reader) => self.data_section = Some(reader),
            Payload::CodeSectionStart { range, .. } => {
                let bytes = wasm
                    .get(range.clone())
                    .ok_or_else(|| AdaptError::missing("code section at offset", range.start))?;
                self.code_section = Some(CodeSectionReader::new(wasmparser::BinaryReader::new(
                    bytes,
                    range.start,
                ))?);
            }
            Payload::CustomSection(reader) => self.custom_section(reader),
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: Import<'a>, offset: usize) {
        self.imports.push(Located { item: import, offset });
        match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.functions.push(TypeIndex(ty)),
            TypeRef::Table(ty) => self.tables.push(TableInfo { ty, init: None, offset }),
            TypeRef::Memory(ty) => self.memories.push(ty),
            TypeRef::Global(ty) => self.globals.push(GlobalInfo { ty, init: None, offset }),
            TypeRef::Tag(_) => {}
        }
    }

    fn custom_section(&mut self, reader: CustomSectionReader<'a>) {
        match reader.as_known() {
            KnownCustom::Name(names) => self.name_section = Some(names),
            _ if KEPT_CUSTOM_SECTIONS.contains(&reader.name()) => self.kept_custom_sections.push(reader),
            _ => self.other_custom_sections.push(reader),
        }
    }

    /// The thread built-ins take 32-bit indices.
    pub(crate) fn check_index_types(&self) -> Result<(), AdaptError> {
        let memory = self
            .memories
            .iter()
            .position(|memory| memory.memory64)
            .map(|index| format!("memory {index}"));
        let table = self
            .tables
            .iter()
            .position(|table| table.ty.table64)
            .map(|index| format!("table {index}"));
        match memory.or(table) {
            Some(item) => Err(AdaptError::Index64 { item }),
            None => Ok(()),
        }
    }

    /// The memories that are imported or exported under the given name.
    pub(crate) fn memories_named(&self, name: &str) -> Vec<MemoryIndex> {
        let imported = self
            .imports
            .iter()
            .filter(|import| matches!(import.ty, TypeRef::Memory(_)))
            .enumerate();
        let imported = imported
            .filter(|(_, import)| import.name == name)
            .map(|(index, _)| MemoryIndex(index as u32));
        let exported = self
            .exports
            .iter()
            .filter(|export| export.kind == ExternalKind::Memory && export.name == name);
        let mut named: Vec<_> = imported
            .chain(exported.map(|export| MemoryIndex(export.index)))
            .collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The input's globals, with their indices.
    pub(crate) fn indexed_globals(&self) -> impl Iterator<Item = (GlobalIndex, &GlobalInfo<'a>)> {
        self.globals
            .iter()
            .enumerate()
            .map(|(index, global)| (GlobalIndex(index as u32), global))
    }
}

/// Whether a value type is a reference to a type of the module.
pub(crate) fn names_type(ty: ValType) -> bool {
    match ty {
        ValType::Ref(ty) => match ty.heap_type() {
            HeapType::Concrete(_) | HeapType::Exact(_) => true,
            HeapType::Abstract { .. } => false,
        },
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => false,
    }
}

/// Refuses text, components and other files by name.
fn check_kind(wasm: &[u8]) -> Result<(), AdaptError> {
    if wasm.starts_with(b"\0asm") {
        return match Parser::new(0).parse_all(wasm).next() {
            Some(Ok(Payload::Version {
                encoding: Encoding::Component,
                ..
            })) => Err(AdaptError::Component),
            _ => Ok(()),
        };
    }
    let is_text = std::str::from_utf8(wasm)
        .map(str::trim_start)
        .is_ok_and(|text| text.starts_with('(') || text.starts_with(";;"));
    if is_text {
        Err(AdaptError::Text)
    } else {
        Err(AdaptError::NotWasm)
    }
}
