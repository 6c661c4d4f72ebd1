//! Modules that export `__wasm_task_hook`. The component calls that function with a number when it enters the module and when that
//! call ends, so that the C library can set up a stack and thread-local storage. The wit-component of Wasmtime 48 does not
//! know the function, so each export gets a function around it, of the same type:
//!
//! ```wat
//! (export "answer" (func $answer))    ;; before
//! (export "answer" (func $around))    ;; after
//! (func $around (result i32)
//!   (call $hook (i32.const 0)) (call $answer) (call $hook (i32.const 1)))
//! ```
//!
//! The names of exports, which wit-component checks afterwards, say how each one is called. **Rejected:** a core module between the
//! module and the component, as newer versions of wit-component write. It would repeat what wit-component does with exports.

use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::foreign::task_hook;
use crate::input::info::ModuleInfo;
use std::borrow::Cow;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{CodeSection, ExportSection, Function, FunctionSection, InstructionSink, Module, RawSection};
use wasmparser::{
    BinaryReader, CodeSectionReader, Export, ExportSectionReader, ExternalKind, Parser, Payload, ValType,
};

/// The hook's argument.
#[derive(Clone, Copy)]
enum Event {
    SyncStart = 0,
    SyncFinish = 1,
    AsyncStart = 2,
    AsyncResume = 3,
    AsyncBlock = 4,
    AsyncFinish = 5,
    InitializeStart = 6,
    InitializeFinish = 7,
    DestructorStart = 8,
    DestructorFinish = 9,
    ReallocStart = 12,
    ReallocFinish = 13,
}

/// The hook's argument after a call.
#[derive(Clone, Copy)]
enum End {
    /// No call of the hook: the task ends with its `post-return` function.
    Later,
    Event(Event),
    /// Whether the task blocks or has finished. The call's result says which: 0 is `EXIT`.
    ByResult,
}

/// A function around an export.
struct Around<'a> {
    name: &'a str,
    func: FuncIndex,
    params: u32,
    start: Option<Event>,
    end: End,
}

impl<'a> Around<'a> {
    fn new(info: &ModuleInfo<'_>, export: &Export<'a>) -> Result<Option<Self>, AdaptError> {
        let (ExternalKind::Func | ExternalKind::FuncExact) = export.kind else {
            return Ok(None);
        };
        let Some((start, end)) = events(info, export.name) else {
            return Ok(None);
        };
        let func = FuncIndex(export.index);
        let ty = info.function_type(func)?;
        // wit-component refuses a function of another type.
        if matches!(end, End::ByResult) && ty.results() != [ValType::I32] {
            return Ok(None);
        }
        let (name, params) = (export.name, ty.params().len() as u32);
        Ok(Some(Around {
            name,
            func,
            params,
            start,
            end,
        }))
    }

    fn body(&self, hook: FuncIndex) -> Function {
        let tell = |code: &mut InstructionSink<'_>, event: Event| _ = code.i32_const(event as i32).call(hook.0);
        let mut body = Function::new(match self.end {
            End::ByResult => vec![(1, wasm_encoder::ValType::I32)],
            End::Later | End::Event(_) => Vec::new(),
        });
        let mut code = body.instructions();
        if let Some(event) = self.start {
            tell(&mut code, event);
        }
        for param in 0..self.params {
            code.local_get(param);
        }
        code.call(self.func.0);
        match self.end {
            End::Later => {}
            End::Event(event) => tell(&mut code, event),
            End::ByResult => {
                let result = self.params;
                code.local_set(result);
                code.i32_const(Event::AsyncBlock as i32)
                    .i32_const(Event::AsyncFinish as i32);
                code.local_get(result).select().call(hook.0).local_get(result);
            }
        }
        code.end();
        body
    }
}

/// The hook's arguments before and after a call of an export. `None` if the component does not call the hook.
fn events(info: &ModuleInfo<'_>, name: &str) -> Option<(Option<Event>, End)> {
    let (start, end) = match name {
        "_start" => return None,
        "_initialize" => (Event::InitializeStart, End::Event(Event::InitializeFinish)),
        "cabi_realloc" | "cabi_import_realloc" | "cabi_export_realloc" => {
            (Event::ReallocStart, End::Event(Event::ReallocFinish))
        }
        name if name.starts_with("__") => return None,
        name if name.starts_with("cabi_post_") => return Some((None, End::Event(Event::SyncFinish))),
        name if name.contains("#[dtor]") => (Event::DestructorStart, End::Event(Event::DestructorFinish)),
        name if name.starts_with("[callback][async-lift]") => (Event::AsyncResume, End::ByResult),
        name if name.starts_with("[async-lift]") => (Event::AsyncStart, End::ByResult),
        name if name.starts_with("[async-lift-stackful]") => (Event::AsyncStart, End::Event(Event::AsyncFinish)),
        name => {
            let post_return = format!("cabi_post_{name}");
            let end = match info.exports.iter().any(|export| export.name == post_return) {
                true => End::Later,
                false => End::Event(Event::SyncFinish),
            };
            (Event::SyncStart, end)
        }
    };
    Some((Some(start), end))
}

/// A module whose exports call its hook, if it has one. Its indices are those of `wasm`, which `info` describes.
pub(crate) fn with_hooked_exports<'w>(info: &ModuleInfo<'_>, wasm: Cow<'w, [u8]>) -> Result<Cow<'w, [u8]>, AdaptError> {
    let Some(hook) = task_hook(info) else {
        return Ok(wasm);
    };
    let hook = FuncIndex(hook.index);
    let arounds = info.exports.iter().map(|export| Around::new(info, export));
    let arounds: Vec<_> = arounds.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        let payload = payload?;
        match &payload {
            Payload::FunctionSection(section) => {
                let mut functions = FunctionSection::new();
                for ty in section.clone() {
                    functions.function(ty?);
                }
                for around in &arounds {
                    functions.function(info.type_of(around.func)?.0);
                }
                module.section(&functions);
            }
            Payload::ExportSection(section) => {
                module.section(&exports(info, section.clone(), &arounds)?);
            }
            Payload::CodeSectionStart { range, .. } => {
                let mut code = CodeSection::new();
                let section = wasm
                    .get(range.clone())
                    .ok_or_else(|| AdaptError::missing("code section", 0))?;
                for body in CodeSectionReader::new(BinaryReader::new(section, range.start))? {
                    code.raw(body?.as_bytes());
                }
                for around in &arounds {
                    code.function(&around.body(hook));
                }
                module.section(&code);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = wasm.get(range).ok_or_else(|| AdaptError::missing("section", id))?;
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(Cow::Owned(module.finish()))
}

fn exports(
    info: &ModuleInfo<'_>,
    section: ExportSectionReader<'_>,
    arounds: &[Around<'_>],
) -> Result<ExportSection, AdaptError> {
    let mut exports = ExportSection::new();
    for export in section {
        let export = export?;
        let around = arounds.iter().position(|around| around.name == export.name);
        let index = around.map_or(export.index, |position| (info.functions.len() + position) as u32);
        exports.export(export.name, RoundtripReencoder.export_kind(export.kind)?, index);
    }
    Ok(exports)
}
