//! Splits instructions that may take long into chunks, so that their thread can be interrupted between two of them.
//!
//! [`bulk`] has memories and tables, [`array_bulk`] has arrays, and [`table_growth`] has `table.grow`. Threadify does
//! this for the run-time module, and [`interruptible`] for the modules of components whose threads take turns.

pub(crate) mod array_bulk;
pub(crate) mod array_operators;
pub(crate) mod body;
pub(crate) mod bulk;
pub(crate) mod bulk_operators;
pub(crate) mod growth;
pub(crate) mod interruptible;
mod sections;
pub(crate) mod table_growth;

use crate::binary::module_items::ModuleItems;
use crate::error::LowerError;
use array_bulk::{ArrayBulk, NewArray};
use body::Body;
use bulk::Bulk;
use growth::Growth;
use table_growth::Reserve;
use wasm_encoder::ValType;
use wasm_encoder::reencode::{Error, Reencode};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// A module that is being written with functions that work in chunks.
pub(crate) trait Chunks: Reencode<Error = LowerError> + Sized {
    /// The items of the module that is read.
    fn items(&self) -> &ModuleItems;

    /// The index of a function. Adds the function if it was not added before.
    fn chunk_function(&mut self, function: ChunkFunction) -> u32;

    /// How many bytes a data segment has.
    fn data_size(&self, segment: u32) -> Result<u32>;

    /// How many elements a segment has.
    fn element_count(&self, segment: u32) -> Result<u32>;

    /// How many elements the table with this index in the output can have.
    fn maximum_of_table(&self, table: u32, wide: bool) -> u64;
}

/// A function that does the work of an instruction in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ChunkFunction {
    /// A bulk instruction on memories or tables.
    Bulk(Bulk),
    /// `table.grow`.
    GrowTable(Growth),
    /// An instruction on an array.
    Array(ArrayBulk),
    /// Creates an array, and fills it.
    NewArray(NewArray),
}

impl ChunkFunction {
    /// A name for readers of the module or of a backtrace.
    pub fn name(self) -> String {
        match self {
            ChunkFunction::Bulk(bulk) => bulk.name(),
            ChunkFunction::GrowTable(growth) => growth.name(),
            ChunkFunction::Array(bulk) => bulk.name(),
            ChunkFunction::NewArray(new) => new.name(),
        }
    }

    /// The types of its parameters and results.
    pub fn signature(self) -> (Vec<ValType>, Vec<ValType>) {
        match self {
            ChunkFunction::Bulk(bulk) => {
                let [first, second, count] = bulk.parameters();
                (vec![first, second, count], vec![count])
            }
            ChunkFunction::GrowTable(growth) => (growth.parameters().to_vec(), vec![growth.parameters()[1]]),
            ChunkFunction::Array(bulk) => (bulk.parameters(), vec![ValType::I32]),
            ChunkFunction::NewArray(new) => (new.parameters().to_vec(), vec![new.result()]),
        }
    }

    /// Writes the function.
    pub fn write(self, body: &mut Body, reserve: &Reserve, module: &mut impl Chunks) {
        match self {
            ChunkFunction::Bulk(bulk) => bulk.helper(body),
            ChunkFunction::GrowTable(growth) => growth.helper(body, reserve),
            ChunkFunction::Array(bulk) => bulk.helper(body),
            ChunkFunction::NewArray(new) if new.is_one_loop() => new.one_loop(body),
            ChunkFunction::NewArray(new) => {
                let fill = module.chunk_function(ChunkFunction::Array(new.0));
                new.helper(body, fill);
            }
        }
    }
}

/// The error for invalid input. Validation refuses that, so only a bug in weft leads here.
fn unknown(kind: &str, index: u32) -> Error<LowerError> {
    Error::UserError(LowerError::Internal(format!("{kind} {index} has no index of its own")))
}
