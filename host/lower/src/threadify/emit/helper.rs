//! Which functions are added to those of the instances, and what tells them apart. [`functions`](super::functions) writes them.

use super::array_bulk::{ArrayBulk, NewArray};
use super::bulk::Bulk;
use super::growth::Growth;
use crate::plan::{INITIALIZE_EXPORT, WrittenTableIndex};
use crate::threadify::input::{ContextAccess, InstanceIndex, SlotType, StartKind, TableOf};
use std::collections::HashMap;
use wasm_encoder::ValType;

/// A function that is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Helper {
    /// What runs once.
    Initialize,
    /// What runs once, for one instance.
    InitializeAtHome(InstanceIndex),
    /// A function of the type that threads start with.
    Start(StartKind),
    /// A canonical built-in that became an instruction, for what refers to it as a function.
    Context(ContextAccess),
    /// The vector at an address.
    GetVector,
    /// Puts a vector at an address.
    SetVector,
    /// Puts a handle at an index.
    SetElement(WrittenTableIndex),
    /// Puts a handle at many indices.
    Fill(WrittenTableIndex),
    /// Copies elements.
    Copy(TablePlace, Source),
    /// Does a bulk instruction in chunks.
    Bulk(Bulk),
    /// Grows a table in steps.
    GrowTable(Growth),
    /// Does an instruction on an array in chunks.
    Array(ArrayBulk),
    /// Makes an array, and fills it in chunks.
    NewArray(NewArray),
}

/// The functions that are added, in the order of their indices.
pub(super) struct AddedFunctions {
    pub(super) first: u32,
    pub(super) helpers: Vec<Helper>,
    /// Positions in `helpers`.
    positions: HashMap<Helper, usize>,
}

impl AddedFunctions {
    pub fn new(first: u32) -> Self {
        AddedFunctions {
            first,
            helpers: Vec::new(),
            positions: HashMap::new(),
        }
    }

    /// The index of a function, which is added unless it has been before.
    pub fn get(&mut self, helper: Helper) -> u32 {
        let position = *self.positions.entry(helper).or_insert_with(|| {
            self.helpers.push(helper);
            self.helpers.len() - 1
        });
        self.first + position as u32
    }
}

/// Where elements are: a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TablePlace {
    Written(WrittenTableIndex),
    /// One that stays a table of the engine's.
    Fixed(TableOf),
}

/// Where elements are copied from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Table(TablePlace),
    /// An element segment.
    Segment {
        /// The address of its handles.
        handles: u32,
        count: u32,
        /// The address of what says whether it is dropped.
        dropped: Option<u32>,
    },
}

impl SlotType {
    pub(super) fn val_type(self) -> ValType {
        match self {
            SlotType::I32 => ValType::I32,
            SlotType::I64 => ValType::I64,
        }
    }
}

impl StartKind {
    pub(super) fn parameter(self) -> ValType {
        if self.wide { ValType::I64 } else { ValType::I32 }
    }
}

impl Helper {
    /// For those who read the module, or a backtrace.
    pub(super) fn name(self) -> String {
        match self {
            Helper::Initialize => INITIALIZE_EXPORT.to_owned(),
            Helper::InitializeAtHome(instance) => instance.initialize_export(),
            Helper::Start(start) => start.plan().export,
            Helper::Context(access) => {
                let verb = if access.set { "set" } else { "get" };
                format!("{} {verb}", access.slot.export_name())
            }
            Helper::GetVector => "weft:get-vector".to_owned(),
            Helper::SetVector => "weft:set-vector".to_owned(),
            Helper::SetElement(table) => format!("weft:set-element {}", table.0),
            Helper::Fill(table) => format!("weft:fill {}", table.0),
            Helper::Copy(..) => "weft:copy".to_owned(),
            Helper::Bulk(bulk) => bulk.name(),
            Helper::GrowTable(growth) => growth.name(),
            Helper::Array(bulk) => bulk.name(),
            Helper::NewArray(new) => new.name(),
        }
    }
}
