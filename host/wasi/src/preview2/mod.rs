//! The functions of WASI 0.2, and how they become host functions.
//!
//! A function's body takes the call's context and the arguments, and gives the result. The list in this file is the one place where
//! a name gets its body. A body that may have to wait is `async`: it suspends the guest thread that calls it, and no other.
//!
//! The interfaces have the version that Wasmtime has. A component that imports an earlier 0.2 is linked with them too.
//!
//! **Rejected:** wasmtime-wasi, whose functions need the program's state for themselves alone, so that one thread that reads
//! would keep all others from calling.

pub(crate) mod call;
pub(crate) mod cli;
pub(crate) mod clocks;
pub(crate) mod filesystem;
pub(crate) mod io;
pub(crate) mod random;
pub(crate) mod values;

use crate::base::ctx::WasiCtx;
use call::Call;
use filesystem::{descriptor, entries, paths};
use io::{error, poll, streams};
use tracing::trace;
use values::{Lower, Params};
use weft::{Linker, ResourceType, Thread, ThreadContext, Val};

/// The target of what is logged with `tracing`.
const LOG: &str = "weft::wasi";

fn log<T>(thread: &Thread<T>, function: &str) {
    trace!(target: LOG, instance = thread.instance_number(), thread = thread.index(), function, "calls");
}

/// Defines the functions and resources of interfaces.
macro_rules! define {
    ($linker:ident, $get:ident; $($interface:literal {
        $($kind:ident $name:literal ($($arg:ident),*) = $body:path;)*
    })*) => {$(
        let mut instance = $linker.instance(concat!("wasi:", $interface, "@0.2.12"))?;
        $(define!(@$kind instance $get $name ($($arg),*) $body);)*
    )*};
    (@resource $instance:ident $get:ident $name:literal () $resource:path) => {
        $instance.resource($name, ResourceType::host::<$resource>(), move |thread: ThreadContext<'_, T>, rep| {
            $get(thread.data().host()).resources.remove(rep);
            Ok(())
        })?;
    };
    // One that returns at once.
    (@plain $instance:ident $get:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_new($name, move |thread: ThreadContext<'_, T>, values: &[Val]| {
            let thread = thread.data();
            log(thread, $name);
            let ($($arg,)*) = Params::lift(thread, values)?;
            let result = $body(Call::new(thread, $get), $($arg),*)?;
            result.lower(thread).map(Some)
        })?;
    };
    // One that may suspend the guest thread.
    (@waits $instance:ident $get:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_new_async($name, move |thread: ThreadContext<'_, T>, values: &[Val]| {
            Box::new(async move {
                let thread = thread.data();
                log(thread, $name);
                let ($($arg,)*) = Params::lift(thread, values)?;
                let result = $body(Call::new(thread, $get), $($arg),*).await?;
                result.lower(thread).map(Some)
            })
        })?;
    };
    // One that may suspend it, and has no result.
    (@waits_only $instance:ident $get:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_new_async($name, move |thread: ThreadContext<'_, T>, values: &[Val]| {
            Box::new(async move {
                let thread = thread.data();
                log(thread, $name);
                let ($($arg,)*) = Params::lift(thread, values)?;
                $body(Call::new(thread, $get), $($arg),*).await?;
                Ok(None)
            })
        })?;
    };
    // One that ends the program.
    (@ends $instance:ident $get:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_new($name, move |thread: ThreadContext<'_, T>, values: &[Val]| {
            let thread = thread.data();
            log(thread, $name);
            let ($($arg,)*) = Params::lift(thread, values)?;
            $body(Call::new(thread, $get), $($arg),*)?;
            Ok(None)
        })?;
    };
}

/// Defines the interfaces of WASI 0.2, on the context that `get` finds in the host state.
pub(crate) fn add_to_linker<T: Send + Sync + 'static>(
    linker: &mut Linker<T>,
    get: impl Fn(&T) -> &WasiCtx + Copy + Send + Sync + 'static,
) -> Result<(), weft::Error> {
    define! { linker, get;
        "io/error" {
            resource "error"() = io::IoError;
            plain "[method]error.to-debug-string"(error) = error::to_debug_string;
        }
        "io/poll" {
            resource "pollable"() = io::Pollable;
            plain "[method]pollable.ready"(pollable) = poll::ready;
            waits_only "[method]pollable.block"(pollable) = poll::block;
            waits "poll"(pollables) = poll::poll;
        }
        "io/streams" {
            resource "input-stream"() = io::InputStream;
            plain "[method]input-stream.read"(stream, length) = streams::read;
            waits "[method]input-stream.blocking-read"(stream, length) = streams::blocking_read;
            plain "[method]input-stream.skip"(stream, length) = streams::skip;
            waits "[method]input-stream.blocking-skip"(stream, length) = streams::blocking_skip;
            plain "[method]input-stream.subscribe"(stream) = streams::subscribe_input;
            resource "output-stream"() = io::OutputStream;
            plain "[method]output-stream.check-write"(stream) = streams::check_write;
            waits "[method]output-stream.write"(stream, contents) = streams::write;
            waits "[method]output-stream.blocking-write-and-flush"(stream, contents) = streams::blocking_write_and_flush;
            plain "[method]output-stream.flush"(stream) = streams::flush;
            plain "[method]output-stream.blocking-flush"(stream) = streams::flush;
            plain "[method]output-stream.subscribe"(stream) = streams::subscribe_output;
            waits "[method]output-stream.write-zeroes"(stream, length) = streams::write_zeroes;
            waits "[method]output-stream.blocking-write-zeroes-and-flush"(stream, length) =
                streams::blocking_write_zeroes_and_flush;
            waits "[method]output-stream.splice"(stream, source, length) = streams::splice;
            waits "[method]output-stream.blocking-splice"(stream, source, length) = streams::blocking_splice;
        }
        "cli/environment" {
            plain "get-environment"() = cli::get_environment;
            plain "get-arguments"() = cli::get_arguments;
            plain "initial-cwd"() = cli::initial_cwd;
        }
        "cli/exit" {
            ends "exit"(status) = cli::exit;
            ends "exit-with-code"(code) = cli::exit_with_code;
        }
        "cli/stdin" {
            plain "get-stdin"() = cli::get_stdin;
        }
        "cli/stdout" {
            plain "get-stdout"() = cli::get_stdout;
        }
        "cli/stderr" {
            plain "get-stderr"() = cli::get_stderr;
        }
        "cli/terminal-input" {
            resource "terminal-input"() = cli::TerminalInput;
        }
        "cli/terminal-output" {
            resource "terminal-output"() = cli::TerminalOutput;
        }
        "cli/terminal-stdin" {
            plain "get-terminal-stdin"() = cli::get_terminal_stdin;
        }
        "cli/terminal-stdout" {
            plain "get-terminal-stdout"() = cli::get_terminal_stdout;
        }
        "cli/terminal-stderr" {
            plain "get-terminal-stderr"() = cli::get_terminal_stderr;
        }
        "clocks/monotonic-clock" {
            plain "now"() = clocks::now;
            plain "resolution"() = clocks::resolution;
            plain "subscribe-instant"(when) = clocks::subscribe_instant;
            plain "subscribe-duration"(duration) = clocks::subscribe_duration;
        }
        "clocks/wall-clock" {
            plain "now"() = clocks::wall_now;
            plain "resolution"() = clocks::wall_resolution;
        }
        "filesystem/types" {
            resource "descriptor"() = filesystem::Node;
            plain "[method]descriptor.read-via-stream"(fd, offset) = descriptor::read_via_stream;
            plain "[method]descriptor.write-via-stream"(fd, offset) = descriptor::write_via_stream;
            plain "[method]descriptor.append-via-stream"(fd) = descriptor::append_via_stream;
            plain "[method]descriptor.advise"(fd, offset, length, advice) = descriptor::advise;
            waits "[method]descriptor.sync-data"(fd) = descriptor::sync_data;
            plain "[method]descriptor.get-flags"(fd) = descriptor::get_flags;
            plain "[method]descriptor.get-type"(fd) = descriptor::get_type;
            plain "[method]descriptor.set-size"(fd, size) = descriptor::set_size;
            plain "[method]descriptor.set-times"(fd, accessed, modified) = descriptor::set_times;
            plain "[method]descriptor.read"(fd, length, offset) = descriptor::read;
            waits "[method]descriptor.write"(fd, buffer, offset) = descriptor::write;
            plain "[method]descriptor.read-directory"(fd) = entries::read_directory;
            waits "[method]descriptor.sync"(fd) = descriptor::sync;
            plain "[method]descriptor.create-directory-at"(fd, path) = paths::create_directory_at;
            plain "[method]descriptor.stat"(fd) = descriptor::stat;
            plain "[method]descriptor.stat-at"(fd, flags, path) = paths::stat_at;
            plain "[method]descriptor.set-times-at"(fd, flags, path, accessed, modified) = paths::set_times_at;
            plain "[method]descriptor.link-at"(fd, flags, path, to, to_path) = paths::link_at;
            plain "[method]descriptor.open-at"(fd, path_flags, path, open_flags, flags) = paths::open_at;
            plain "[method]descriptor.readlink-at"(fd, path) = paths::readlink_at;
            plain "[method]descriptor.remove-directory-at"(fd, path) = paths::remove_directory_at;
            plain "[method]descriptor.rename-at"(fd, path, to, to_path) = paths::rename_at;
            plain "[method]descriptor.symlink-at"(fd, target, path) = paths::symlink_at;
            plain "[method]descriptor.unlink-file-at"(fd, path) = paths::unlink_file_at;
            plain "[method]descriptor.is-same-object"(fd, other) = descriptor::is_same_object;
            plain "[method]descriptor.metadata-hash"(fd) = descriptor::metadata_hash;
            plain "[method]descriptor.metadata-hash-at"(fd, flags, path) = paths::metadata_hash_at;
            resource "directory-entry-stream"() = filesystem::Entries;
            plain "[method]directory-entry-stream.read-directory-entry"(stream) = entries::read_directory_entry;
            plain "filesystem-error-code"(error) = descriptor::filesystem_error_code;
        }
        "filesystem/preopens" {
            plain "get-directories"() = descriptor::get_directories;
        }
        "random/random" {
            waits "get-random-bytes"(length) = random::bytes;
            plain "get-random-u64"() = random::number;
        }
        "random/insecure" {
            waits "get-insecure-random-bytes"(length) = random::bytes;
            plain "get-insecure-random-u64"() = random::number;
        }
        "random/insecure-seed" {
            plain "insecure-seed"() = random::seed;
        }
    }
    Ok(())
}
