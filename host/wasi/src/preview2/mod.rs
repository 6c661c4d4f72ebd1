//! The functions of WASI 0.2, and how they become host functions.
//!
//! A function's body takes the call's context and the arguments, and returns the result. Only the list in this file
//! assigns a body to each name. A body that may have to wait is `async`: it suspends only the guest thread that calls
//! it.
//!
//! The interfaces have the version that Wasmtime has. A component that imports an earlier 0.2 is linked with them too.
//!
//! **Rejected:** wasmtime-wasi (its functions need exclusive access to the program's state, so one thread that reads
//! would keep all others from calling).

pub(crate) mod call;
pub(crate) mod cli;
pub(crate) mod clocks;
pub(crate) mod filesystem;
pub(crate) mod io;
pub(crate) mod random;
pub(crate) mod sockets;

use crate::base::ctx::WasiCtx;
use call::Call;
use filesystem::{descriptor, entries, paths};
use io::{error, poll, streams};
use sockets::{lookup, network, tcp, udp};
use tracing::trace;
use weft_parallel::{LinkerPart, ResourceType, Thread, ThreadContext};

/// The target of log events.
const LOG: &str = "weft::wasi";

fn log(thread: Thread<'_, WasiCtx>, function: &str) {
    trace!(target: LOG, instance = thread.instance_number(), thread = thread.index(), function, "calls");
}

/// Defines the functions and resources of interfaces.
macro_rules! define {
    ($linker:ident; $($interface:literal {
        $($kind:ident $name:literal ($($arg:ident),*) = $body:path;)*
    })*) => {$(
        let mut instance = $linker.instance(concat!("wasi:", $interface, "@0.2.12"))?;
        $(define!(@$kind instance $name ($($arg),*) $body);)*
    )*};
    (@resource $instance:ident $name:literal () $resource:path) => {
        $instance.resource($name, ResourceType::host::<$resource>(), move |thread: ThreadContext<'_, WasiCtx>, rep| {
            thread.data().host().resources.remove(rep);
            Ok(())
        })?;
    };
    // One that returns at once.
    (@plain $instance:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_wrap($name, move |thread: ThreadContext<'_, WasiCtx>, ($($arg,)*)| {
            let thread = thread.data();
            log(thread, $name);
            Ok(($body(Call::new(thread), $($arg),*)?,))
        })?;
    };
    // One that may suspend the guest thread.
    (@waits $instance:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_wrap_async($name, move |thread: ThreadContext<'_, WasiCtx>, ($($arg,)*)| {
            Box::new(async move {
                let thread = thread.data();
                log(thread, $name);
                Ok(($body(Call::new(thread), $($arg),*).await?,))
            })
        })?;
    };
    // One that may suspend it, and has no result.
    (@waits_only $instance:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_wrap_async($name, move |thread: ThreadContext<'_, WasiCtx>, ($($arg,)*)| {
            Box::new(async move {
                let thread = thread.data();
                log(thread, $name);
                $body(Call::new(thread), $($arg),*).await
            })
        })?;
    };
    // One that ends the program.
    (@ends $instance:ident $name:literal ($($arg:ident),*) $body:path) => {
        $instance.func_wrap($name, move |thread: ThreadContext<'_, WasiCtx>, ($($arg,)*)| {
            let thread = thread.data();
            log(thread, $name);
            $body(Call::new(thread), $($arg),*)
        })?;
    };
}

/// Defines the interfaces of WASI 0.2.
pub(crate) fn add_to_linker(linker: &mut LinkerPart<'_, WasiCtx>) -> Result<(), weft_parallel::Error> {
    define! { linker;
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
            waits "[method]output-stream.blocking-flush"(stream) = streams::blocking_flush;
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
        "sockets/network" {
            resource "network"() = sockets::Network;
        }
        "sockets/instance-network" {
            plain "instance-network"() = network::instance_network;
        }
        "sockets/ip-name-lookup" {
            resource "resolve-address-stream"() = sockets::Addresses;
            plain "[method]resolve-address-stream.resolve-next-address"(stream) = lookup::resolve_next_address;
            plain "[method]resolve-address-stream.subscribe"(stream) = lookup::subscribe;
            plain "resolve-addresses"(network, name) = lookup::resolve_addresses;
        }
        "sockets/tcp-create-socket" {
            plain "create-tcp-socket"(family) = tcp::create;
        }
        "sockets/tcp" {
            resource "tcp-socket"() = sockets::TcpSocket;
            plain "[method]tcp-socket.start-bind"(socket, network, address) = tcp::start_bind;
            plain "[method]tcp-socket.finish-bind"(socket) = tcp::finish_bind;
            plain "[method]tcp-socket.start-connect"(socket, network, address) = tcp::start_connect;
            plain "[method]tcp-socket.finish-connect"(socket) = tcp::finish_connect;
            plain "[method]tcp-socket.start-listen"(socket) = tcp::start_listen;
            plain "[method]tcp-socket.finish-listen"(socket) = tcp::finish_listen;
            plain "[method]tcp-socket.accept"(socket) = tcp::accept;
            plain "[method]tcp-socket.local-address"(socket) = tcp::local_address;
            plain "[method]tcp-socket.remote-address"(socket) = tcp::remote_address;
            plain "[method]tcp-socket.is-listening"(socket) = tcp::is_listening;
            plain "[method]tcp-socket.address-family"(socket) = tcp::address_family;
            plain "[method]tcp-socket.set-listen-backlog-size"(socket, value) = tcp::set_listen_backlog_size;
            plain "[method]tcp-socket.keep-alive-enabled"(socket) = tcp::keep_alive_enabled;
            plain "[method]tcp-socket.set-keep-alive-enabled"(socket, value) = tcp::set_keep_alive_enabled;
            plain "[method]tcp-socket.keep-alive-idle-time"(socket) = tcp::keep_alive_idle_time;
            plain "[method]tcp-socket.set-keep-alive-idle-time"(socket, value) = tcp::set_keep_alive_idle_time;
            plain "[method]tcp-socket.keep-alive-interval"(socket) = tcp::keep_alive_interval;
            plain "[method]tcp-socket.set-keep-alive-interval"(socket, value) = tcp::set_keep_alive_interval;
            plain "[method]tcp-socket.keep-alive-count"(socket) = tcp::keep_alive_count;
            plain "[method]tcp-socket.set-keep-alive-count"(socket, value) = tcp::set_keep_alive_count;
            plain "[method]tcp-socket.hop-limit"(socket) = tcp::hop_limit;
            plain "[method]tcp-socket.set-hop-limit"(socket, value) = tcp::set_hop_limit;
            plain "[method]tcp-socket.receive-buffer-size"(socket) = tcp::receive_buffer_size;
            plain "[method]tcp-socket.set-receive-buffer-size"(socket, value) = tcp::set_receive_buffer_size;
            plain "[method]tcp-socket.send-buffer-size"(socket) = tcp::send_buffer_size;
            plain "[method]tcp-socket.set-send-buffer-size"(socket, value) = tcp::set_send_buffer_size;
            plain "[method]tcp-socket.subscribe"(socket) = tcp::subscribe;
            plain "[method]tcp-socket.shutdown"(socket, how) = tcp::shutdown;
        }
        "sockets/udp-create-socket" {
            plain "create-udp-socket"(family) = udp::create;
        }
        "sockets/udp" {
            resource "udp-socket"() = sockets::UdpSocket;
            plain "[method]udp-socket.start-bind"(socket, network, address) = udp::start_bind;
            plain "[method]udp-socket.finish-bind"(socket) = udp::finish_bind;
            plain "[method]udp-socket.stream"(socket, remote) = udp::stream;
            plain "[method]udp-socket.local-address"(socket) = udp::local_address;
            plain "[method]udp-socket.remote-address"(socket) = udp::remote_address;
            plain "[method]udp-socket.address-family"(socket) = udp::address_family;
            plain "[method]udp-socket.unicast-hop-limit"(socket) = udp::unicast_hop_limit;
            plain "[method]udp-socket.set-unicast-hop-limit"(socket, value) = udp::set_unicast_hop_limit;
            plain "[method]udp-socket.receive-buffer-size"(socket) = udp::receive_buffer_size;
            plain "[method]udp-socket.set-receive-buffer-size"(socket, value) = udp::set_receive_buffer_size;
            plain "[method]udp-socket.send-buffer-size"(socket) = udp::send_buffer_size;
            plain "[method]udp-socket.set-send-buffer-size"(socket, value) = udp::set_send_buffer_size;
            plain "[method]udp-socket.subscribe"(socket) = udp::subscribe;
            resource "incoming-datagram-stream"() = sockets::Incoming;
            plain "[method]incoming-datagram-stream.receive"(stream, most) = udp::receive;
            plain "[method]incoming-datagram-stream.subscribe"(stream) = udp::subscribe_incoming;
            resource "outgoing-datagram-stream"() = sockets::Outgoing;
            plain "[method]outgoing-datagram-stream.check-send"(stream) = udp::check_send;
            plain "[method]outgoing-datagram-stream.send"(stream, datagrams) = udp::send_all;
            plain "[method]outgoing-datagram-stream.subscribe"(stream) = udp::subscribe_outgoing;
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
