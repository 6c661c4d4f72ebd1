//! Adding types to the arena.

use super::*;

/// How deeply types nest at most: the algorithms recurse over types.
const MAX_DEPTH: u8 = 100;

/// Why a type cannot be added. The types of a valid component always can, unless they are very large.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// A record, tuple, variant, enum or flags type has no parts, or a fixed-length list no elements.
    #[error("a `{0}` type has no parts: the component model requires at least one")]
    Empty(&'static str),

    /// There are more than 32 flags.
    #[error("a `flags` type has {0} flags: the component model allows 32 at most")]
    TooManyFlags(usize),

    /// Two parts have the same name.
    #[error("a type has two parts named `{0}`")]
    Duplicate(String),

    /// A value takes 4 GiB or more.
    #[error("a value of the type takes 4 GiB of memory or more")]
    TooLarge,

    /// Types nest too deeply.
    #[error("types nest more than {MAX_DEPTH} levels deep")]
    TooDeep,
}

fn checked(layout: Option<Layout>) -> Result<Layout, TypeError> {
    let layout = layout.ok_or(TypeError::TooLarge)?;
    match layout.depth > MAX_DEPTH {
        true => Err(TypeError::TooDeep),
        false => Ok(layout),
    }
}

fn index(length: usize) -> Result<u32, TypeError> {
    u32::try_from(length).map_err(|_| TypeError::TooLarge)
}

/// Refuses a type of this kind without members.
fn some(kind: &'static str, count: usize) -> Result<(), TypeError> {
    match count {
        0 => Err(TypeError::Empty(kind)),
        _ => Ok(()),
    }
}

impl Types {
    /// Lays parts out one after the other.
    pub(super) fn items(&self, types: impl Iterator<Item = ValType>) -> Result<(Vec<Item>, Layout), TypeError> {
        let mut layout = Layout::EMPTY;
        let mut items = Vec::new();
        for ty in types {
            let offset = layout.add_field(self.layout(ty)).ok_or(TypeError::TooLarge)?;
            items.push(Item { ty, offset });
        }
        Ok((items, checked(layout.finish())?))
    }

    fn form(&self, payloads: &[Option<ValType>]) -> Result<VariantForm, TypeError> {
        let discriminant = Discriminant::of(payloads.len());
        let layouts = payloads.iter().map(|payload| payload.map(|ty| self.layout(ty)));
        let (layout, payload) = Layout::variant(discriminant, layouts).ok_or(TypeError::TooLarge)?;
        Ok(VariantForm {
            discriminant,
            payload,
            layout: checked(Some(layout))?,
        })
    }

    /// Adds a record of these fields, in their order.
    pub fn add_record(&mut self, fields: Vec<(String, ValType)>) -> Result<ValType, TypeError> {
        some("record", fields.len())?;
        let (items, layout) = self.items(fields.iter().map(|(_, ty)| *ty))?;
        Labels::new(fields.iter().map(|(name, _)| name.clone()).collect())?;
        let names = fields.into_iter().map(|(name, _)| name);
        let fields = names.zip(items).map(|(name, item)| Field { name, item }).collect();
        let added = RecordIndex(index(self.records.len())?);
        self.records.push(Record { fields, layout });
        Ok(ValType::Record(added))
    }

    /// Adds a tuple of these types, in their order.
    pub fn add_tuple(&mut self, types: Vec<ValType>) -> Result<ValType, TypeError> {
        some("tuple", types.len())?;
        let (items, layout) = self.items(types.into_iter())?;
        let added = TupleIndex(index(self.tuples.len())?);
        self.tuples.push(Tuple {
            items: items.into(),
            layout,
        });
        Ok(ValType::Tuple(added))
    }

    /// Adds a list.
    pub fn add_list(&mut self, element: ValType) -> Result<ValType, TypeError> {
        let layout = checked(Some(Layout::pair_to(self.layout(element))))?;
        let added = ListIndex(index(self.lists.len())?);
        self.lists.push(List { element, layout });
        Ok(ValType::List(added))
    }

    /// Adds a list of a fixed length.
    pub fn add_fixed_length_list(&mut self, element: ValType, length: u32) -> Result<ValType, TypeError> {
        some("list", length as usize)?;
        let layout = checked(self.layout(element).repeated(length))?;
        let added = FixedLengthListIndex(index(self.fixed_length_lists.len())?);
        self.fixed_length_lists.push(FixedLengthList {
            element,
            length,
            layout,
        });
        Ok(ValType::FixedLengthList(added))
    }

    /// Adds a map.
    pub fn add_map(&mut self, key: ValType, value: ValType) -> Result<ValType, TypeError> {
        let mut entry = Layout::EMPTY;
        let mut item = |ty| {
            let offset = entry.add_field(self.layout(ty)).ok_or(TypeError::TooLarge)?;
            Ok(Item { ty, offset })
        };
        let (key, value) = (item(key)?, item(value)?);
        let entry = checked(entry.finish())?;
        let layout = checked(Some(Layout::pair_to(&entry)))?;
        let added = MapIndex(index(self.maps.len())?);
        self.maps.push(Map {
            key,
            value,
            entry,
            layout,
        });
        Ok(ValType::Map(added))
    }

    /// Adds a variant of these cases, in their order.
    pub fn add_variant(&mut self, cases: Vec<(String, Option<ValType>)>) -> Result<ValType, TypeError> {
        some("variant", cases.len())?;
        let (names, payloads): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
        let form = self.form(&payloads)?;
        let added = VariantIndex(index(self.variants.len())?);
        self.variants.push(Variant {
            cases: Labels::new(names)?,
            payloads: payloads.into(),
            form,
        });
        Ok(ValType::Variant(added))
    }

    /// Adds an enum of these cases, in their order.
    pub fn add_enum(&mut self, cases: Vec<String>) -> Result<ValType, TypeError> {
        some("enum", cases.len())?;
        let form = self.form(&vec![None; cases.len()])?;
        let added = EnumIndex(index(self.enums.len())?);
        let cases = Labels::new(cases)?;
        self.enums.push(Enum { cases, form });
        Ok(ValType::Enum(added))
    }

    /// Adds an option.
    pub fn add_option(&mut self, some: ValType) -> Result<ValType, TypeError> {
        let form = self.form(&[None, Some(some)])?;
        let added = OptionIndex(index(self.options.len())?);
        self.options.push(OptionType { some, form });
        Ok(ValType::Option(added))
    }

    /// Adds a result.
    pub fn add_result(&mut self, ok: Option<ValType>, error: Option<ValType>) -> Result<ValType, TypeError> {
        let form = self.form(&[ok, error])?;
        let added = ResultIndex(index(self.results.len())?);
        self.results.push(ResultType { ok, error, form });
        Ok(ValType::Result(added))
    }

    /// Adds flags of these names. The first one is the lowest bit.
    pub fn add_flags(&mut self, names: Vec<String>) -> Result<ValType, TypeError> {
        some("flags", names.len())?;
        let layout = match names.len() {
            0..=8 => Layout::scalar(1, FlatType::I32),
            9..=16 => Layout::scalar(2, FlatType::I32),
            17..=32 => Layout::scalar(4, FlatType::I32),
            count => return Err(TypeError::TooManyFlags(count)),
        };
        let added = FlagsIndex(index(self.flags.len())?);
        let names = Labels::new(names)?;
        self.flags.push(Flags { names, layout });
        Ok(ValType::Flags(added))
    }

    /// Adds the type of a function with these parameters, in their order.
    pub fn add_func(
        &mut self,
        params: Vec<(String, ValType)>,
        result: Option<ValType>,
    ) -> Result<FuncIndex, TypeError> {
        let func = FuncType::new(self, params, result)?;
        let added = FuncIndex(index(self.funcs.len())?);
        self.funcs.push(func);
        Ok(added)
    }
}
