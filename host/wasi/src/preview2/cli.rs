//! `wasi:cli`: arguments, environment, standard streams and terminals, and the end of the program.

use super::call::Call;
use super::io::{InputStream, OutputStream};
use crate::base::ctx::StringList;
use crate::base::rights::Rights;
use wasmtime::Result;
use weft_parallel::{Exit, Resource};

/// The numbers of the standard streams.
const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

/// The resource `terminal-input`.
pub(crate) struct TerminalInput;
/// The resource `terminal-output`.
pub(crate) struct TerminalOutput;

pub(crate) fn get_arguments(call: Call<'_>) -> Result<Vec<String>> {
    texts("argument", &call.ctx.args).collect()
}

pub(crate) fn get_environment(call: Call<'_>) -> Result<Vec<(String, String)>> {
    let variables = texts("environment variable", &call.ctx.env);
    let pairs = variables.map(|variable| {
        let variable = variable?;
        let (name, value) = variable.split_once('=').unwrap_or((&variable, ""));
        Ok((name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

/// Strings of WASI 0.2 are UTF-8. The interface has no error for others, so the program traps.
fn texts<'a>(what: &'static str, list: &'a StringList) -> impl Iterator<Item = Result<String>> + 'a {
    list.strings().map(move |bytes| match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            let shown = String::from_utf8_lossy(bytes);
            Err(wasmtime::Error::msg(format!(
                "the {what} `{shown}` is not UTF-8, and WASI 0.2 and 0.3 pass only UTF-8 strings"
            )))
        }
    })
}

/// A program has no current directory except the one that its C library emulates.
pub(crate) fn initial_cwd(_: Call<'_>) -> Result<Option<String>> {
    Ok(None)
}

pub(crate) fn exit(_: Call<'_>, status: std::result::Result<(), ()>) -> Result<()> {
    Err(Exit(status.is_err().into()).into())
}

pub(crate) fn exit_with_code(_: Call<'_>, code: u8) -> Result<()> {
    Err(Exit(code.into()).into())
}

pub(crate) fn get_stdin(call: Call<'_>) -> Result<Resource<InputStream>> {
    let descriptor = call.ctx.table.get_for(STDIN, Rights::FD_READ);
    call.push(descriptor.map_or_else(|_| InputStream::ended(), InputStream::of))
}

pub(crate) fn get_stdout(call: Call<'_>) -> Result<Resource<OutputStream>> {
    output(call, STDOUT)
}

pub(crate) fn get_stderr(call: Call<'_>) -> Result<Resource<OutputStream>> {
    output(call, STDERR)
}

fn output(call: Call<'_>, number: u32) -> Result<Resource<OutputStream>> {
    let descriptor = call.ctx.table.get_for(number, Rights::FD_WRITE);
    call.push(descriptor.map_or_else(|_| OutputStream::closed(), OutputStream::of))
}

pub(crate) fn get_terminal_stdin(call: Call<'_>) -> Result<Option<Resource<TerminalInput>>> {
    terminal(call, STDIN, TerminalInput)
}

pub(crate) fn get_terminal_stdout(call: Call<'_>) -> Result<Option<Resource<TerminalOutput>>> {
    terminal(call, STDOUT, TerminalOutput)
}

pub(crate) fn get_terminal_stderr(call: Call<'_>) -> Result<Option<Resource<TerminalOutput>>> {
    terminal(call, STDERR, TerminalOutput)
}

fn terminal<R: Send + Sync + 'static>(call: Call<'_>, number: u32, resource: R) -> Result<Option<Resource<R>>> {
    let is_terminal = call
        .ctx
        .table
        .get(number)
        .is_ok_and(|descriptor| descriptor.is_terminal());
    is_terminal.then(|| call.push(resource)).transpose()
}
