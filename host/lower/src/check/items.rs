//! Finds the item of a core module at an offset, so that an error can name it.
//!
//! The validator reports only an offset. After an error, this module reads the binary again up to that offset, counts
//! the items, and looks into the module's name section. So valid input pays nothing.
//!
//! **Rejected:** passing the item to each check (most checks are the validator's, which would not pass it on).

use crate::binary::module_items::ModuleItems;
use wasmparser::{
    FromReader, KnownCustom, Name, NameMap, NameSectionReader, Parser, Payload, RecGroup, Result, SectionLimited,
};

/// A kind of items, each with an index space of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Type,
    Function,
    Table,
    Memory,
    Tag,
    Global,
    ElementSegment,
    DataSegment,
}

/// An item of a core module.
#[derive(Debug)]
pub(super) struct Item {
    kind: Kind,
    index: u32,
    /// If the offset is that of a recursion group, the last type in it.
    last: Option<u32>,
    /// The name from the name section.
    name: Option<String>,
    pub mismatch: Option<Mismatch>,
}

/// A type and its supertype, one of which is shared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mismatch {
    pub ty: u32,
    pub supertype: u32,
    /// Whether the type, and not the supertype, is shared.
    pub shared: bool,
}

impl std::fmt::Display for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            Kind::Type => "type",
            Kind::Function => "function",
            Kind::Table => "table",
            Kind::Memory => "memory",
            Kind::Tag => "tag",
            Kind::Global => "global",
            Kind::ElementSegment => "element segment",
            Kind::DataSegment => "data segment",
        };
        match (&self.name, self.last) {
            (_, Some(last)) => write!(f, "{kind}s `{}` to `{last}`", self.index),
            (Some(name), None) => write!(f, "{kind} `{name}` ({})", self.index),
            (None, None) => write!(f, "{kind} `{}`", self.index),
        }
    }
}

/// The items so far.
#[derive(Default)]
struct Module {
    items: ModuleItems,
    /// How many bodies of functions.
    bodies: u32,
}

/// The item at an offset of a component or core module.
pub(super) fn item_at(binary: &[u8], offset: usize) -> Option<Item> {
    // The open modules, innermost last. Components are treated as modules without items.
    let mut modules: Vec<Module> = Vec::new();
    let mut found: Option<(Item, usize)> = None;
    for payload in Parser::new(0).parse_all(binary) {
        // Names after unreadable input are not found.
        let Ok(payload) = payload else { break };
        let depth = modules.len();
        match (&payload, &mut found) {
            (Payload::Version { .. }, _) => modules.push(Module::default()),
            (Payload::End(_), Some((_, of))) if *of == depth => break,
            (Payload::End(_), _) => drop(modules.pop()),
            (Payload::CustomSection(section), Some((item, of))) if *of == depth => {
                if let KnownCustom::Name(names) = section.as_known() {
                    item.name = name(names, item.kind, item.index);
                }
            }
            (_, None) => {
                let item = modules.last_mut().and_then(|module| module.section(&payload, offset));
                found = item.map(|item| (item, depth));
            }
            _ => {}
        }
    }
    found.map(|(item, _)| item)
}

impl Module {
    /// Adds the items of a section, or returns the one at an offset.
    fn section(&mut self, payload: &Payload<'_>, offset: usize) -> Option<Item> {
        let items = &self.items;
        let (kind, first, position) = match payload {
            Payload::TypeSection(section) => return self.types(section.clone(), offset),
            Payload::FunctionSection(section) => (Kind::Function, items.functions.len(), position(section, offset)),
            Payload::TableSection(section) => (Kind::Table, items.tables.len(), position(section, offset)),
            Payload::MemorySection(section) => (Kind::Memory, items.memories.len(), position(section, offset)),
            Payload::TagSection(section) => (Kind::Tag, items.tags.len(), position(section, offset)),
            Payload::GlobalSection(section) => (Kind::Global, items.globals.len(), position(section, offset)),
            Payload::ElementSection(section) => (Kind::ElementSegment, 0, position(section, offset)),
            Payload::DataSection(section) => (Kind::DataSegment, 0, position(section, offset)),
            Payload::CodeSectionEntry(body) => {
                let position = body.range().contains(&offset).then_some(self.bodies);
                self.bodies += 1;
                (Kind::Function, self.items.imported.functions as usize, position)
            }
            // Errors in other sections name no item.
            _ => {
                self.items.section(payload).ok()?;
                return None;
            }
        };
        let Some(position) = position else {
            self.items.section(payload).ok()?;
            return None;
        };
        Some(Item {
            kind,
            index: first as u32 + position,
            last: None,
            name: None,
            mismatch: None,
        })
    }

    /// The type at an offset, or the recursion group.
    fn types(&mut self, section: SectionLimited<'_, RecGroup>, offset: usize) -> Option<Item> {
        let end = section.range().end;
        let mut found = None;
        for group in section.into_iter_with_offsets() {
            let (start, group) = group.ok()?;
            if start > offset {
                return found;
            }
            let first = self.items.types.len() as u32;
            let mut item = Item {
                kind: Kind::Type,
                index: first,
                last: (group.types().len() > 1).then(|| first + group.types().len() as u32 - 1),
                name: None,
                mismatch: None,
            };
            for ty in group.types() {
                let shared = ty.composite_type.shared;
                self.items.types.push(ty.clone());
                let supertype = ty.supertype_idx.and_then(|index| index.unpack().as_module_index());
                if let Some(supertype) = supertype
                    && let Some(of_supertype) = self.items.types.get(supertype as usize)
                    && of_supertype.composite_type.shared != shared
                {
                    let ty = self.items.types.len() as u32 - 1;
                    item.mismatch.get_or_insert(Mismatch { ty, supertype, shared });
                }
            }
            found = Some(item);
        }
        found.filter(|_| offset < end)
    }
}

/// The position in a section of the item at an offset, even if that item cannot be read.
fn position<'a, T: FromReader<'a>>(section: &SectionLimited<'a, T>, offset: usize) -> Option<u32> {
    if !section.range().contains(&offset) {
        return None;
    }
    let mut items = section.clone().into_iter();
    let mut position = 0;
    while let Some(Ok(_)) = items.next() {
        if items.original_position() > offset {
            break;
        }
        position += 1;
    }
    Some(position)
}

/// The name that a name section gives to an item.
fn name(names: NameSectionReader<'_>, kind: Kind, index: u32) -> Option<String> {
    for names in names {
        let names: NameMap<'_> = match (names.ok()?, kind) {
            (Name::Type(names), Kind::Type)
            | (Name::Function(names), Kind::Function)
            | (Name::Table(names), Kind::Table)
            | (Name::Memory(names), Kind::Memory)
            | (Name::Tag(names), Kind::Tag)
            | (Name::Global(names), Kind::Global)
            | (Name::Element(names), Kind::ElementSegment)
            | (Name::Data(names), Kind::DataSegment) => names,
            _ => continue,
        };
        let mut names = names.into_iter().map_while(Result::ok);
        return Some(names.find(|naming| naming.index == index)?.name.to_owned());
    }
    None
}
