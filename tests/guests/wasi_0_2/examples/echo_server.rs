//! A TCP server with a thread for each connection, by WASI 0.2: it sends back what it receives, until a connection begins with the
//! byte 255, which ends the program.

use std::process;
use std::thread;

use wasip2::io::streams::StreamError;
use wasip2::sockets::instance_network::instance_network;
use wasip2::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use wasip2::sockets::tcp::{InputStream, OutputStream, TcpSocket};
use wasip2::sockets::tcp_create_socket::create_tcp_socket;

wasip2::cli::command::export!(Command);

struct Command;

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let Err(error) = serve();
        eprintln!("{error}");
        Err(())
    }
}

enum Never {}

fn serve() -> Result<Never, ErrorCode> {
    let network = instance_network();
    let socket = create_tcp_socket(IpAddressFamily::Ipv4)?;
    let any_port = IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (127, 0, 0, 1) });
    socket.start_bind(&network, any_port)?;
    blocking(&socket, TcpSocket::finish_bind)?;
    socket.set_listen_backlog_size(1000)?;
    socket.start_listen()?;
    blocking(&socket, TcpSocket::finish_listen)?;
    if let IpSocketAddress::Ipv4(address) = socket.local_address()? {
        println!("{}", address.port);
    }
    loop {
        let (connection, input, output) = blocking(&socket, TcpSocket::accept)?;
        // The default of a megabyte times a thousand is more than the memory may have.
        let thread = thread::Builder::new().stack_size(32 * 1024).spawn(move || {
            if let Err(error) = echo(&input, &output) {
                eprintln!("{error}");
            }
            // The streams are children of the connection.
            drop((input, output));
            drop(connection);
        });
        thread.map_err(|_| ErrorCode::OutOfMemory)?;
    }
}

fn blocking<T>(socket: &TcpSocket, call: impl Fn(&TcpSocket) -> Result<T, ErrorCode>) -> Result<T, ErrorCode> {
    loop {
        match call(socket) {
            Err(ErrorCode::WouldBlock) => socket.subscribe().block(),
            result => return result,
        }
    }
}

fn echo(input: &InputStream, output: &OutputStream) -> Result<(), StreamError> {
    loop {
        match input.blocking_read(1024) {
            Ok(bytes) if bytes.first() == Some(&255) => process::exit(0),
            Ok(bytes) => output.blocking_write_and_flush(&bytes)?,
            Err(StreamError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
