//! The server of `server.rs` answers requests, each with a program of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Runs a program, with arguments, for each request.
    fn start(program: &str, arguments: &[&str]) -> Self {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests");
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .arg(format!("{tests}/{program}"))
            .args(arguments)
            .env("ADDRESS", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("text");
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .expect("an address")
            .to_owned();
        Server { process, address }
    }

    /// The status and the body of the response.
    fn post(&self, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("the server reads");
        stream.write_all(body).expect("the server reads");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("the server answers");
        let end = response.windows(4).position(|window| window == b"\r\n\r\n");
        let body = response.split_off(end.expect("a head") + 4);
        let head = String::from_utf8(response).expect("a head in text");
        let status = head.split(' ').nth(1).expect("a status");
        (status.parse().expect("a status"), body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn concurrent_requests_get_what_their_programs_write() {
    let compress = Server::start("guests/pgzip.wasm", &["4"]);
    let decompress = Server::start("guests/pgzip.wasm", &["--decompress"]);
    std::thread::scope(|scope| {
        for client in 0..8_usize {
            let (compress, decompress) = (&compress, &decompress);
            scope.spawn(move || {
                for round in 0..5 {
                    let text = format!("client {client}, round {round}\n").repeat(20_000);
                    let (status, compressed) = compress.post(text.as_bytes());
                    assert_eq!(status, 200);
                    assert!(compressed.len() < text.len() / 10);
                    let (status, decompressed) = decompress.post(&compressed);
                    assert_eq!(status, 200);
                    assert!(decompressed == text.as_bytes(), "another text");
                }
            });
        }
    });
}

#[test]
fn each_end_of_a_program_has_its_status() {
    let cases = [
        (&["exit", "wait"][..], 422, "exit status 7"),
        (&["trap", "spin"], 500, "unreachable"),
        // It spins for an hour.
        (&["trap", "spin", "3600000"], 504, "deadline of 2s"),
    ];
    for (arguments, status, text) in cases {
        let server = Server::start("programs/ending.wasm", arguments);
        let (got, body) = server.post(b"");
        let body = String::from_utf8(body).expect("text");
        assert_eq!(got, status, "{arguments:?}: {body}");
        assert!(body.contains(text), "{arguments:?}: {body}");
    }
}
