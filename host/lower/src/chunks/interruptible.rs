//! Makes the long instructions of a component interruptible, for a host that checks at function entries and in loops
//! whether a guest has to end.
//!
//! **Before:** a core module with an instruction that may take seconds.
//!
//! ```wat
//! (memory.fill (TO) (VALUE) (COUNT))
//! ```
//!
//! **After:** a call in its place, of a function at the end of the module, which works in chunks if the count is large.
//!
//! ```wat
//! (call $fill (TO) (VALUE) (COUNT))
//! ...
//! (func $fill (param i32 i32 i32) ...)
//! ```
//!
//! The call takes as many bytes as the instruction, so nothing else in the module moves, and debugging information
//! stays true. There are two exceptions. If a module has so many functions that the call is longer, the rest of that
//! function moves. If the number of functions takes one more byte than before, all code moves by one byte. A module
//! without such instructions stays as it is, and so does an instruction with a small constant count.
//!
//! **Rejected:** writing the test of the count where the instruction was, as [threadify](crate::threadify) does, which
//! moves all code behind it. The call takes about a nanosecond, and the instruction itself is a call of the host's.

use super::body::Body;
use super::bulk_operators::BulkOperators;
use super::sections::{HEADER, named, push_section, sections, with_entries};
use super::table_growth::Reserve;
use super::{ChunkFunction, Chunks, Result, unknown};
use crate::binary::module_items::ModuleItems;
use crate::error::LowerError;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{Encode, Instruction, ValType};
use wasmparser::{BinaryReader, ElementItems, FunctionBody, Operator, Parser, Payload};

/// The sections of a component that contain modules and components.
const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// The sections of a core module to which functions add entries.
const CUSTOM: u8 = 0;
const TYPES: u8 = 1;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// The prefixes of instructions on arrays, and of bulk instructions.
const PREFIXES: [u8; 2] = [0xfb, 0xfc];

/// Rewrites all core modules of a binary component.
pub(crate) fn component(component: &[u8]) -> Result<Vec<u8>> {
    let mut output = component[..HEADER].to_vec();
    for (id, contents) in sections(component)? {
        let contents = match id {
            CORE_MODULE => module(contents)?,
            COMPONENT => Cow::Owned(self::component(contents)?),
            _ => Cow::Borrowed(contents),
        };
        push_section(&mut output, id, &contents);
    }
    Ok(output)
}

/// Rewrites a core module.
pub(crate) fn module(module: &[u8]) -> Result<Cow<'_, [u8]>> {
    if !module.iter().any(|byte| PREFIXES.contains(byte)) {
        return Ok(Cow::Borrowed(module));
    }
    let mut split = Split::of(module)?;
    let mut code = Code::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { range, .. } => code.begin(module, range)?,
            Payload::CodeSectionEntry(body) => code.body(module, &body, &mut split)?,
            _ => {}
        }
    }
    match split.added.is_empty() {
        true => Ok(Cow::Borrowed(module)),
        false => split.finish(module, code).map(Cow::Owned),
    }
}

/// The functions of a module's code section.
#[derive(Default)]
struct Code {
    count: u32,
    /// The entries, with their sizes.
    entries: Vec<u8>,
    /// Where in the module the last entry ends.
    read: usize,
}

impl Code {
    fn begin(&mut self, module: &[u8], range: Range<usize>) -> Result<()> {
        let mut reader = BinaryReader::new(&module[range.clone()], range.start);
        self.count = reader.read_var_u32()?;
        self.read = reader.original_position();
        Ok(())
    }

    fn body<'a>(&mut self, module: &'a [u8], body: &FunctionBody<'a>, split: &mut Split<'a>) -> Result<()> {
        let range = body.range();
        let code = split.body(body)?;
        match code.len() == range.len() {
            true => self.entries.extend_from_slice(&module[self.read..range.start]),
            false => (code.len() as u32).encode(&mut self.entries),
        }
        self.entries.extend_from_slice(&code);
        self.read = range.end;
        Ok(())
    }
}

/// A function that is added.
#[derive(Clone)]
enum Added<'a> {
    /// It takes the place of an instruction.
    Instead(Operator<'a>, ChunkFunction),
    Chunks(ChunkFunction),
}

/// The functions that a module needs.
struct Split<'a> {
    items: ModuleItems,
    data_sizes: Vec<u32>,
    element_counts: Vec<u32>,
    added: Vec<Added<'a>>,
    chunks: HashMap<ChunkFunction, u32>,
    /// By the encoded instruction.
    instead: HashMap<&'a [u8], u32>,
    /// The function that was last asked for.
    asked: Option<ChunkFunction>,
}

impl<'a> Split<'a> {
    fn of(module: &'a [u8]) -> Result<Self> {
        let (mut data_sizes, mut element_counts) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::DataSection(section) => {
                    for data in section {
                        data_sizes.push(data?.data.len() as u32);
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        element_counts.push(match element?.items {
                            ElementItems::Functions(functions) => functions.count(),
                            ElementItems::Expressions(_, expressions) => expressions.count(),
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(Split {
            items: ModuleItems::of(module).map_err(wasm_encoder::reencode::Error::UserError)?,
            data_sizes,
            element_counts,
            added: Vec::new(),
            chunks: HashMap::new(),
            instead: HashMap::new(),
            asked: None,
        })
    }

    /// The body of a function with calls instead of long instructions.
    fn body(&mut self, body: &FunctionBody<'a>) -> Result<Cow<'a, [u8]>> {
        let bytes = body.as_bytes();
        if !bytes.iter().any(|byte| PREFIXES.contains(byte)) {
            return Ok(Cow::Borrowed(bytes));
        }
        let start = body.range().start;
        let mut operators = body.get_operators_reader()?;
        let (mut output, mut copied, mut constant) = (Vec::new(), 0, None);
        while !operators.eof() {
            let from = operators.original_position() - start;
            let operator = operators.read()?;
            let to = operators.original_position() - start;
            if PREFIXES.contains(&bytes[from])
                && let Some(function) = self.instead_of(&operator, &bytes[from..to], constant.take())?
            {
                output.extend_from_slice(&bytes[copied..from]);
                push_call(&mut output, function, to - from);
                copied = to;
            }
            constant = match operator {
                Operator::I32Const { value } => Some(Instruction::I32Const(value)),
                Operator::I64Const { value } => Some(Instruction::I64Const(value)),
                _ => None,
            };
        }
        if copied == 0 {
            return Ok(Cow::Borrowed(bytes));
        }
        output.extend_from_slice(&bytes[copied..]);
        Ok(Cow::Owned(output))
    }

    /// The function to call instead of an instruction, if the instruction can take long. `count` is its last operand, if
    /// that is known.
    fn instead_of(
        &mut self,
        operator: &Operator<'a>,
        encoded: &'a [u8],
        count: Option<Instruction<'static>>,
    ) -> Result<Option<u32>> {
        // No instruction makes an array that is filled later, and filling it twice would take longer.
        if matches!(operator, Operator::ArrayNew { .. } | Operator::ArrayNewDefault { .. }) {
            return Ok(None);
        }
        let mut unused = Body::default();
        if let Some(count) = count {
            unused.push(count);
        }
        self.asked = None;
        self.bulk_operator(&mut unused, operator)?;
        let Some(function) = self.asked else { return Ok(None) };
        if let Some(index) = self.instead.get(encoded) {
            return Ok(Some(*index));
        }
        let index = self.add(Added::Instead(operator.clone(), function));
        self.instead.insert(encoded, index);
        Ok(Some(index))
    }

    fn add(&mut self, function: Added<'a>) -> u32 {
        self.added.push(function);
        (self.items.functions.len() + self.added.len() - 1) as u32
    }

    /// The module with the functions.
    fn finish(mut self, module: &[u8], code: Code) -> Result<Vec<u8>> {
        let first_type = self.items.types.len() as u32;
        let (mut types, mut functions, mut names, mut bodies) = (Vec::new(), Vec::new(), Vec::new(), code.entries);
        let mut written = 0;
        while let Some(added) = self.added.get(written).cloned() {
            let (parameters, results) = added.signature();
            types.push(0x60);
            parameters.encode(&mut types);
            results.encode(&mut types);
            (first_type + written as u32).encode(&mut functions);
            (self.items.functions.len() as u32 + written as u32).encode(&mut names);
            added.name().encode(&mut names);
            let mut body = Body::new(parameters.len() as u32, Vec::new());
            match added {
                Added::Instead(operator, _) => {
                    for parameter in 0..parameters.len() {
                        body.push(Instruction::LocalGet(parameter as u32));
                    }
                    self.bulk_operator(&mut body, &operator)?;
                }
                Added::Chunks(function) => function.write(&mut body, &Reserve::Limiter, &mut self),
            }
            body.push(Instruction::End);
            body.finish().encode(&mut bodies);
            written += 1;
        }
        let mut output = module[..HEADER].to_vec();
        for (id, contents) in sections(module)? {
            let contents = match id {
                TYPES => Cow::Owned(with_entries(contents, written, &types)?),
                FUNCTIONS => Cow::Owned(with_entries(contents, written, &functions)?),
                CODE => {
                    let mut section = Vec::new();
                    (code.count + written as u32).encode(&mut section);
                    section.extend_from_slice(&bodies);
                    Cow::Owned(section)
                }
                CUSTOM => named(contents, written, &names),
                _ => Cow::Borrowed(contents),
            };
            push_section(&mut output, id, &contents);
        }
        Ok(output)
    }
}

impl Added<'_> {
    fn signature(&self) -> (Vec<ValType>, Vec<ValType>) {
        match self {
            Added::Chunks(function) => function.signature(),
            Added::Instead(_, function) => {
                let (parameters, results) = function.signature();
                let results = match function {
                    ChunkFunction::Bulk(_) | ChunkFunction::Array(_) => Vec::new(),
                    ChunkFunction::GrowTable(_) | ChunkFunction::NewArray(_) => results,
                };
                (parameters, results)
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Added::Chunks(function) => format!("{}, in chunks", function.name()),
            Added::Instead(_, function) => function.name(),
        }
    }
}

/// A call that takes `length` bytes, or more if its function's index needs more.
fn push_call(output: &mut Vec<u8>, function: u32, length: usize) {
    const CALL: u8 = 0x10;
    const NOP: u8 = 0x01;
    const LONGEST: usize = 6;
    let start = output.len();
    output.push(CALL);
    function.encode(output);
    // An integer may be padded with zeros.
    while output.len() - start < length.min(LONGEST) {
        if let Some(last) = output.last_mut() {
            *last |= 0x80;
        }
        output.push(0);
    }
    while output.len() - start < length {
        output.push(NOP);
    }
}

impl Reencode for Split<'_> {
    type Error = LowerError;
}

impl Chunks for Split<'_> {
    fn items(&self) -> &ModuleItems {
        &self.items
    }

    fn chunk_function(&mut self, function: ChunkFunction) -> u32 {
        self.asked = Some(function);
        if let Some(index) = self.chunks.get(&function) {
            return *index;
        }
        let index = self.add(Added::Chunks(function));
        self.chunks.insert(function, index);
        index
    }

    fn data_size(&self, segment: u32) -> Result<u32> {
        let size = self.data_sizes.get(segment as usize).copied();
        size.ok_or_else(|| unknown("data segment", segment))
    }

    fn element_count(&self, segment: u32) -> Result<u32> {
        let count = self.element_counts.get(segment as usize).copied();
        count.ok_or_else(|| unknown("element segment", segment))
    }

    fn maximum_of_table(&self, table: u32, wide: bool) -> u64 {
        let all = if wide { u64::MAX } else { u64::from(u32::MAX) };
        let ty = self.items.tables.get(table as usize);
        ty.and_then(|ty| ty.maximum).map_or(all, |maximum| maximum.min(all))
    }
}
