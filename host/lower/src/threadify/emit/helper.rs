//! The functions that weft adds to those of the instances. [`functions`](super::functions) writes them.

use crate::chunks::ChunkFunction;
use crate::plan::{INITIALIZE_EXPORT, WrittenTableIndex};
use crate::threadify::input::{ContextAccess, InstanceIndex, SlotType, StartKind, TableOf};
use std::collections::HashMap;
use wasm_encoder::ValType;

/// An added function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Helper {
    /// Runs the initialization that happens once.
    Initialize,
    /// Runs the initialization that happens once for one instance, in its home.
    InitializeAtHome(InstanceIndex),
    /// A function of the type that threads start with.
    Start(StartKind),
    /// A canonical built-in that became an instruction, for code that refers to it as a function.
    Context(ContextAccess),
    /// Reads the vector at an address.
    GetVector,
    /// Writes a vector to an address.
    SetVector,
    /// Writes a handle to an index.
    SetElement(WrittenTableIndex),
    /// Writes a handle to a range of indices.
    Fill(WrittenTableIndex),
    /// Copies elements.
    Copy(TablePlace, Source),
    /// Does the work of a long instruction in chunks.
    Chunks(ChunkFunction),
}

/// The added functions, in the order of their indices.
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

    /// The index of a function. Adds the function if it was not added before.
    pub fn get(&mut self, helper: Helper) -> u32 {
        let position = *self.positions.entry(helper).or_insert_with(|| {
            self.helpers.push(helper);
            self.helpers.len() - 1
        });
        self.first + position as u32
    }
}

/// A table of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TablePlace {
    Written(WrittenTableIndex),
    /// A table that remains an ordinary WebAssembly table.
    Fixed(TableOf),
}

/// The source of copied elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Table(TablePlace),
    /// An element segment.
    Segment {
        /// The address of its handles.
        handles: u32,
        count: u32,
        /// The address of the flag whether the segment is dropped.
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
    /// A name for readers of the module or of a backtrace.
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
            Helper::Chunks(function) => function.name(),
        }
    }
}
