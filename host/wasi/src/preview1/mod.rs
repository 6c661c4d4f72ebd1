//! The functions of preview 1, and how they become host functions.
//!
//! A function's body takes the call's context and the arguments, and returns a result. It writes other answers to guest
//! memory itself. It checks the addresses for these before it does anything that cannot be undone. Only the list in
//! this file assigns a signature and a body to each name. A body that may have to wait is `async`: its call costs an
//! allocation and may suspend the guest thread. All others are plain calls.
//!
//! Rejected: generating the list from the specification's interface files (a build step and a second notation for forty
//! lines that never change again).

pub(crate) mod abi;
pub(crate) mod args_env;
pub(crate) mod buffers;
pub(crate) mod call;
pub(crate) mod fd;
pub(crate) mod path;
pub(crate) mod poll;
pub(crate) mod proc;
mod readdir;
mod sock;

use crate::base::ctx::WasiCtx;
use crate::base::errno::Result;
use abi::Abi;
use call::Call;
use tracing::{field, trace};
use weft_parallel::{Caller, HostModule, Thread};

/// The number that a function returns to the guest.
pub(crate) fn code(result: Result<()>) -> u32 {
    result.err().map_or(0, |error| error.code().into())
}

/// The log target for the calls of each thread and their results.
const LOG: &str = "weft::wasi";

/// Logs that a call begins that may have to wait.
fn log_begin(thread: Thread<'_, WasiCtx>, function: &str) {
    trace!(target: LOG, instance = thread.instance_number(), thread = thread.index(), function, "calls");
}

/// Logs the result of a call, and returns the number for the guest.
fn log_end(thread: Thread<'_, WasiCtx>, function: &str, result: Result<()>) -> u32 {
    let (instance, index) = (thread.instance_number(), thread.index());
    trace!(target: LOG, instance, thread = index, function, error = result.err().map(field::debug), "called");
    code(result)
}

/// Defines host functions by name, signature and body.
macro_rules! define {
    ($module:ident; $($kind:ident $name:ident($($arg:ident: $ty:ty),*) = $body:expr;)*) => {$(
        define!(@$kind $module $name ($($arg: $ty),*) $body);
    )*};
    (@plain $module:ident $name:ident ($($arg:ident: $ty:ty),*) $body:expr) => {
        $module.func_wrap(
            stringify!($name),
            move |caller: Caller<'_, WasiCtx>, $($arg: $ty),*| -> wasmtime::Result<u32> {
                let call = Call::new(caller.data())?;
                let result = $body(call, $($arg),*);
                Ok(log_end(caller.data(), stringify!($name), result))
            },
        )?;
    };
    (@waits $module:ident $name:ident ($($arg:ident: $ty:ty),*) $body:expr) => {
        $module.func_wrap_async(
            stringify!($name),
            move |caller: Caller<'_, WasiCtx>, ($($arg,)*): ($($ty,)*)| {
                Box::new(async move {
                    let call = Call::new(caller.data())?;
                    log_begin(caller.data(), stringify!($name));
                    let result = $body(call, $($arg),*).await;
                    wasmtime::Result::<u32>::Ok(log_end(caller.data(), stringify!($name), result))
                })
            },
        )?;
    };
}

/// Defines the functions that both ABIs have.
pub(crate) fn add_to_module(
    module: &mut HostModule<'_, WasiCtx>,
    abi: Abi,
) -> std::result::Result<(), weft_parallel::Error> {
    define! { module;
        plain args_get(list: u32, bytes: u32) = args_env::args_get;
        plain args_sizes_get(count: u32, size: u32) = args_env::args_sizes_get;
        plain environ_get(list: u32, bytes: u32) = args_env::environ_get;
        plain environ_sizes_get(count: u32, size: u32) = args_env::environ_sizes_get;
        plain clock_res_get(id: u32, answer: u32) = proc::clock_res_get;
        plain clock_time_get(id: u32, precision: u64, answer: u32) = proc::clock_time_get;
        waits random_get(address: u32, length: u32) = proc::random_get;
        waits sched_yield() = proc::sched_yield;
        plain proc_raise(signal: u32) = proc::raise;

        waits fd_read(fd: u32, buffers: u32, count: u32, answer: u32) = fd::read;
        waits fd_write(fd: u32, buffers: u32, count: u32, answer: u32) = fd::write;
        plain fd_pread(fd: u32, buffers: u32, count: u32, offset: u64, answer: u32) = fd::pread;
        waits fd_pwrite(fd: u32, buffers: u32, count: u32, offset: u64, answer: u32) = fd::pwrite;
        plain fd_tell(fd: u32, answer: u32) = fd::tell;
        plain fd_close(fd: u32) = fd::close;
        plain fd_renumber(from: u32, to: u32) = fd::renumber;
        plain fd_advise(fd: u32, offset: u64, length: u64, advice: u32) = fd::advise;
        waits fd_allocate(fd: u32, offset: u64, length: u64) = fd::allocate;
        waits fd_sync(fd: u32) = fd::sync;
        waits fd_datasync(fd: u32) = fd::datasync;
        plain fd_fdstat_get(fd: u32, answer: u32) = fd::fdstat_get;
        plain fd_fdstat_set_flags(fd: u32, flags: u32) = fd::fdstat_set_flags;
        plain fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64) = fd::fdstat_set_rights;
        plain fd_filestat_set_size(fd: u32, size: u64) = fd::filestat_set_size;
        plain fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, which: u32) = fd::filestat_set_times;
        plain fd_prestat_get(fd: u32, answer: u32) = fd::prestat_get;
        plain fd_prestat_dir_name(fd: u32, address: u32, length: u32) = fd::prestat_dir_name;
        waits fd_readdir(fd: u32, address: u32, length: u32, cookie: u64, answer: u32) = fd::readdir;

        plain path_create_directory(fd: u32, path: u32, length: u32) = path::create_directory;
        plain path_remove_directory(fd: u32, path: u32, length: u32) = path::remove_directory;
        plain path_unlink_file(fd: u32, path: u32, length: u32) = path::unlink_file;
        plain path_filestat_set_times(
            fd: u32, lookup: u32, path: u32, length: u32, accessed: u64, modified: u64, which: u32
        ) = path::filestat_set_times;
        plain path_link(fd: u32, lookup: u32, path: u32, length: u32, to: u32, to_path: u32, to_length: u32) = path::link;
        plain path_open(
            fd: u32, lookup: u32, path: u32, length: u32, open: u32, base: u64, inheriting: u64, flags: u32, answer: u32
        ) = path::open;
        plain path_readlink(fd: u32, path: u32, length: u32, address: u32, room: u32, answer: u32) = path::readlink;
        plain path_rename(fd: u32, path: u32, length: u32, to: u32, to_path: u32, to_length: u32) = path::rename;
        plain path_symlink(target: u32, target_length: u32, fd: u32, path: u32, length: u32) = path::symlink;

        plain fd_filestat_get(fd: u32, answer: u32) = |call, fd, answer| fd::filestat_get(call, abi, fd, answer);
        plain path_filestat_get(fd: u32, lookup: u32, path: u32, length: u32, answer: u32) =
            |call, fd, lookup, path, length, answer| {
                path::filestat_get(call, abi, fd, lookup, path, length, answer)
            };
        plain fd_seek(fd: u32, offset: i64, whence: u32, answer: u32) = |call, fd, offset, whence, answer| {
            fd::seek(call, fd, offset, abi.whence(whence)?, answer)
        };
        waits poll_oneoff(subscriptions: u32, events: u32, count: u32, answer: u32) =
            |call, subscriptions, events, count, answer| {
                poll::oneoff(call, abi.subscription, subscriptions, events, count, answer)
            };

        waits sock_recv(fd: u32, buffers: u32, count: u32, flags: u32, answer: u32, answer_flags: u32) = sock::recv;
        waits sock_send(fd: u32, buffers: u32, count: u32, flags: u32, answer: u32) = sock::send;
        plain sock_shutdown(fd: u32, how: u32) = sock::shutdown;
    }
    module.func_wrap("proc_exit", |code: u32| -> wasmtime::Result<()> {
        Err(weft_parallel::Exit(code.cast_signed()).into())
    })?;
    Ok(())
}

/// Defines what only preview 1 has.
pub(crate) fn add_sock_accept(module: &mut HostModule<'_, WasiCtx>) -> std::result::Result<(), weft_parallel::Error> {
    define! { module;
        waits sock_accept(fd: u32, flags: u32, answer: u32) = sock::accept;
    }
    Ok(())
}
