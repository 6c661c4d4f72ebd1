//! Function types, and the core functions that stand for them.
//!
//! Specification: [flattening](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#flattening).

use super::*;

/// The type of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FuncType {
    /// The parameters in their order. Their offsets are those of a tuple, which the caller stores if there are too many.
    pub params: Box<[Param]>,
    /// The result.
    pub result: Option<ValType>,
    /// The layout of the tuple of all parameters.
    params_layout: Layout,
    result_layout: Layout,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Param {
    /// The parameter's name.
    pub name: String,
    /// Its type and place.
    pub item: Item,
}

/// Which way a core function stands for a function of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The core function is the guest's, and `canon lift` makes a component function of it.
    Lift,
    /// The core function is what `canon lower` makes, and the guest calls it.
    Lower,
}

/// The type of a core function that stands for a function of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CoreSignature {
    /// The parameters.
    pub params: FlatTypes,
    /// The result.
    pub result: Option<FlatType>,
}

impl FuncType {
    pub(super) fn new(
        types: &Types,
        params: Vec<(String, ValType)>,
        result: Option<ValType>,
    ) -> Result<FuncType, TypeError> {
        let (items, params_layout) = types.items(params.iter().map(|(_, ty)| *ty))?;
        let names = params.into_iter().map(|(name, _)| name);
        Ok(FuncType {
            params: names.zip(items).map(|(name, item)| Param { name, item }).collect(),
            result,
            params_layout,
            result_layout: result.map_or(Layout::EMPTY, |ty| *types.layout(ty)),
        })
    }

    /// The names and types of the parameters, in their order.
    pub fn params(&self) -> impl ExactSizeIterator<Item = (&str, ValType)> {
        self.params.iter().map(|param| (param.name.as_str(), param.item.ty))
    }

    /// The type of the result, if there is one.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> {
        self.result.into_iter()
    }

    /// The form of all parameters together, which is that of a tuple.
    pub const fn params_layout(&self) -> &Layout {
        &self.params_layout
    }

    /// The layout of the result. A function without a result has an empty layout, with no core values.
    pub const fn result_layout(&self) -> &Layout {
        &self.result_layout
    }

    /// The core types of the parameters. `None` if there are too many, so that the caller stores them in memory.
    #[inline]
    pub fn flat_params(&self, width: AddressWidth) -> Option<&FlatTypes> {
        self.params_layout.flat(width)
    }

    /// The core type of the result, if there is a result. `None` if it takes more, so that the callee stores it in memory.
    #[inline]
    pub fn flat_result(&self, width: AddressWidth) -> Option<&FlatTypes> {
        self.result_layout
            .flat(width)
            .filter(|flat| flat.len() <= MAX_FLAT_RESULTS)
    }

    /// The type of the core function.
    pub fn core_signature(&self, width: AddressWidth, direction: Direction) -> CoreSignature {
        let pointer = match width {
            AddressWidth::W32 => FlatType::I32,
            AddressWidth::W64 => FlatType::I64,
        };
        let single = [pointer];
        let spilled = FlatTypes::EMPTY.with(&single, 1).unwrap_or(FlatTypes::EMPTY);
        let params = *self.flat_params(width).unwrap_or(&spilled);
        match (self.flat_result(width), direction) {
            (Some(flat), Direction::Lift | Direction::Lower) => CoreSignature {
                params,
                result: flat.first().copied(),
            },
            (None, Direction::Lift) => CoreSignature {
                params,
                result: Some(pointer),
            },
            (None, Direction::Lower) => CoreSignature {
                params: params.with(&single, MAX_FLAT_PARAMS + 1).unwrap_or(params),
                result: None,
            },
        }
    }

    /// A type among the parameters and the result that weft does not pass, if there is one.
    pub fn unsupported(&self) -> Option<Unsupported> {
        self.params_layout.unsupported.or(self.result_layout.unsupported)
    }
}
