//! The interface types of a component, as plain data.
//!
//! **Problem.** A runtime needs the types of every function that a host calls or supplies, long after the translator that found them
//! has gone, and it needs sizes and flattened forms at each call. **Here,** [`Types`] is a flat arena: a type that has parts is an
//! index into the list of its kind, [`ValType`] is small and `Copy`, and each entry carries its [`Layout`]. Code that
//! builds an arena adds the parts of a type before the type, so no type contains itself.
//!
//! **Rejected:** types as trees, which a plan would store once per use.

mod build;
mod display;
mod func;
mod labels;
mod layout;
mod number;
mod parts;
mod signature;

pub use build::TypeError;
pub use func::{CoreSignature, Direction, FuncType, Param};
pub use labels::Labels;
pub use layout::{Discriminant, FlatType, FlatTypes, Layout, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};
pub(crate) use number::Number;
pub use signature::{Signature, SignatureMismatch};

use crate::AddressWidth;
use serde::{Deserialize, Serialize};

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub(crate) u32);
    )*};
}

indices! {
    /// Index of a [`Record`].
    RecordIndex
    /// Index of a [`Tuple`].
    TupleIndex
    /// Index of a [`List`].
    ListIndex
    /// Index of a [`FixedLengthList`].
    FixedLengthListIndex
    /// Index of a [`Map`].
    MapIndex
    /// Index of a [`Variant`].
    VariantIndex
    /// Index of an [`Enum`].
    EnumIndex
    /// Index of an [`OptionType`].
    OptionIndex
    /// Index of a [`ResultType`].
    ResultIndex
    /// Index of a [`Flags`].
    FlagsIndex
    /// Index of a [`FuncType`].
    FuncIndex
}

/// Index of a resource type in the view of one component instance. The plan has the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceIndex(pub u32);

/// A type that weft decodes and does not pass. A message names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the component model's types")]
pub enum Unsupported {
    Stream,
    Future,
    ErrorContext,
}

/// An interface type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the component model's types")]
pub enum ValType {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    Float32,
    Float64,
    Char,
    String,
    List(ListIndex),
    FixedLengthList(FixedLengthListIndex),
    Map(MapIndex),
    Record(RecordIndex),
    Tuple(TupleIndex),
    Variant(VariantIndex),
    Enum(EnumIndex),
    Option(OptionIndex),
    Result(ResultIndex),
    Flags(FlagsIndex),
    Own(ResourceIndex),
    Borrow(ResourceIndex),
    Unsupported(Unsupported),
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// The fields in their order.
    pub fields: Box<[Field]>,
    pub(crate) layout: Layout,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Field {
    /// The field's name.
    pub name: String,
    /// Its type and place.
    pub item: Item,
}

/// A part of a record, tuple or parameter list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Item {
    /// The part's type.
    pub ty: ValType,
    offset: [u32; 2],
}

impl Item {
    /// How far from the beginning of the whole it is stored.
    #[inline]
    pub const fn offset(&self, width: AddressWidth) -> u32 {
        self.offset[width.index()]
    }
}

/// A tuple.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tuple {
    /// The parts in their order.
    pub items: Box<[Item]>,
    pub(crate) layout: Layout,
}

/// A list of any length.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct List {
    /// The elements' type.
    pub element: ValType,
    pub(crate) layout: Layout,
}

/// A list of one length, whose elements are stored in place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FixedLengthList {
    /// The elements' type.
    pub element: ValType,
    /// How many there are.
    pub length: u32,
    pub(crate) layout: Layout,
}

/// A map, which is stored as a list of pairs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Map {
    /// The key of an entry.
    pub key: Item,
    /// The value of an entry.
    pub value: Item,
    /// The layout of an entry.
    pub(crate) entry: Layout,
    pub(crate) layout: Layout,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Variant {
    /// The cases' names.
    pub cases: Labels,
    /// The cases' payloads, in the same order.
    pub payloads: Box<[Option<ValType>]>,
    pub(crate) form: VariantForm,
}

/// How a variant, an enum, an option or a result is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VariantForm {
    /// How the case is stored.
    pub discriminant: Discriminant,
    payload: [u32; 2],
    pub(crate) layout: Layout,
}

impl VariantForm {
    /// How far from the beginning the payload is stored.
    pub const fn payload_offset(&self, width: AddressWidth) -> u32 {
        self.payload[width.index()]
    }
}

/// An enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enum {
    /// The cases' names.
    pub cases: Labels,
    pub(crate) form: VariantForm,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OptionType {
    /// The type of what there may be.
    pub some: ValType,
    pub(crate) form: VariantForm,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResultType {
    /// The payload of `ok`.
    pub ok: Option<ValType>,
    /// The payload of `error`.
    pub error: Option<ValType>,
    pub(crate) form: VariantForm,
}

/// Flags: 32 at most.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flags {
    /// The flags' names. The first one is the lowest bit.
    pub names: Labels,
    pub(crate) layout: Layout,
}

/// All interface types and function types of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Types {
    records: Vec<Record>,
    tuples: Vec<Tuple>,
    lists: Vec<List>,
    fixed_length_lists: Vec<FixedLengthList>,
    maps: Vec<Map>,
    variants: Vec<Variant>,
    enums: Vec<Enum>,
    options: Vec<OptionType>,
    results: Vec<ResultType>,
    flags: Vec<Flags>,
    funcs: Vec<FuncType>,
}

/// No types, for values whose types nobody looks up.
pub(crate) static NO_TYPES: Types = Types {
    records: Vec::new(),
    tuples: Vec::new(),
    lists: Vec::new(),
    fixed_length_lists: Vec::new(),
    maps: Vec::new(),
    variants: Vec::new(),
    enums: Vec::new(),
    options: Vec::new(),
    results: Vec::new(),
    flags: Vec::new(),
    funcs: Vec::new(),
};

macro_rules! lists {
    ($($list:ident: $index:ident => $entry:ident,)*) => {$(
        impl std::ops::Index<$index> for Types {
            type Output = $entry;

            #[inline]
            fn index(&self, index: $index) -> &$entry {
                &self.$list[index.0 as usize]
            }
        }
    )*};
}

lists! {
    records: RecordIndex => Record,
    tuples: TupleIndex => Tuple,
    lists: ListIndex => List,
    fixed_length_lists: FixedLengthListIndex => FixedLengthList,
    maps: MapIndex => Map,
    variants: VariantIndex => Variant,
    enums: EnumIndex => Enum,
    options: OptionIndex => OptionType,
    results: ResultIndex => ResultType,
    flags: FlagsIndex => Flags,
    funcs: FuncIndex => FuncType,
}

static SCALAR1: Layout = Layout::scalar(1, FlatType::I32);
static SCALAR2: Layout = Layout::scalar(2, FlatType::I32);
static SCALAR4: Layout = Layout::scalar(4, FlatType::I32);
static SCALAR8: Layout = Layout::scalar(8, FlatType::I64);
static FLOAT4: Layout = Layout::scalar(4, FlatType::F32);
static FLOAT8: Layout = Layout::scalar(8, FlatType::F64);
static PAIR: Layout = Layout::pair();
static BORROW: Layout = Layout::borrow();
static STREAM: Layout = Layout::unsupported(Unsupported::Stream);
static FUTURE: Layout = Layout::unsupported(Unsupported::Future);
static ERROR_CONTEXT: Layout = Layout::unsupported(Unsupported::ErrorContext);

impl Types {
    /// An arena without types.
    pub fn new() -> Types {
        Types::default()
    }

    /// The form of a type's values.
    ///
    /// # Panics
    ///
    /// The type is of another arena.
    #[inline]
    pub fn layout(&self, ty: ValType) -> &Layout {
        match ty {
            ValType::Bool | ValType::S8 | ValType::U8 => &SCALAR1,
            ValType::S16 | ValType::U16 => &SCALAR2,
            ValType::S32 | ValType::U32 | ValType::Char | ValType::Own(_) => &SCALAR4,
            ValType::S64 | ValType::U64 => &SCALAR8,
            ValType::Float32 => &FLOAT4,
            ValType::Float64 => &FLOAT8,
            ValType::String => &PAIR,
            ValType::Borrow(_) => &BORROW,
            ValType::List(index) => &self[index].layout,
            ValType::FixedLengthList(index) => &self[index].layout,
            ValType::Map(index) => &self[index].layout,
            ValType::Record(index) => &self[index].layout,
            ValType::Tuple(index) => &self[index].layout,
            ValType::Variant(index) => &self[index].form.layout,
            ValType::Enum(index) => &self[index].form.layout,
            ValType::Option(index) => &self[index].form.layout,
            ValType::Result(index) => &self[index].form.layout,
            ValType::Flags(index) => &self[index].layout,
            ValType::Unsupported(Unsupported::Stream) => &STREAM,
            ValType::Unsupported(Unsupported::Future) => &FUTURE,
            ValType::Unsupported(Unsupported::ErrorContext) => &ERROR_CONTEXT,
        }
    }

    /// A type in `ty` that weft does not pass, if there is one.
    pub fn unsupported(&self, ty: ValType) -> Option<Unsupported> {
        self.layout(ty).unsupported
    }
}
