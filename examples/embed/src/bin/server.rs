//! An HTTP server that runs a threaded program for each request: the request's body is its standard input, and its standard output is
//! the response's body.
//!
//!     cargo run --release --bin server tests/guests/pgzip.wasm 4
//!     curl --data-binary @README.md http://127.0.0.1:8080 | gzip -d
//!
//! The program is compiled and linked once. Each request has an instance of its own, with limits of its own: whatever it does, the others
//! do not notice.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use weft::{Component, Config, EndReason, Engine, Error, InstanceLimits, InstancePre, Linker};
use weft_wasi::{MemoryInputPipe, MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// The longest bodies of requests and responses, in bytes.
const MAX_BODY: usize = 8 << 20;

struct Program {
    pre: InstancePre<WasiCtx>,
    arguments: Vec<String>,
    limits: InstanceLimits,
}

impl Program {
    fn new(arguments: Vec<String>) -> anyhow::Result<Self> {
        let path = arguments.first().context("usage: server PROGRAM [ARGUMENTS]")?;
        let engine = Engine::new(&Config::new())?;
        let component = Component::from_file(&engine, path)?;
        let mut linker = Linker::new(&engine);
        weft_wasi::add_to_linker(&mut linker, |wasi| wasi)?;
        let pre = linker.instantiate_pre(&component)?;

        let mut limits = InstanceLimits::new();
        limits
            .max_threads(16)
            .max_memory(256 << 20)
            .deadline(Duration::from_secs(2));
        Ok(Program { pre, arguments, limits })
    }

    fn context(&self, input: Bytes, output: &MemoryOutputPipe) -> Result<WasiCtx, weft_wasi::Error> {
        WasiCtxBuilder::new()
            .args(&self.arguments)
            .stdin(MemoryInputPipe::new(input))
            .stdout(output.clone())
            .build()
    }

    async fn run(&self, wasi: WasiCtx) -> Result<i32, Error> {
        let instance = self.pre.instantiate_with_async(wasi, &self.limits).await?;
        let _guard = instance.end_handle().drop_guard("the client has gone");
        instance.run_async().await
    }
}

async fn answer(program: Arc<Program>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let input = match Limited::new(request.into_body(), MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Ok(response(StatusCode::BAD_REQUEST, error.to_string())),
    };
    let output = MemoryOutputPipe::new(MAX_BODY);
    let wasi = match program.context(input, &output) {
        Ok(wasi) => wasi,
        Err(error) => return Ok(response(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n"))),
    };
    // If the client goes away, hyper drops this future, and the guard in it ends the program.
    Ok(match program.run(wasi).await {
        Ok(0) => response(StatusCode::OK, output.contents()),
        Ok(status) => response(StatusCode::UNPROCESSABLE_ENTITY, format!("exit status {status}\n")),
        Err(error @ Error::EndedBy(EndReason::Deadline(_))) => {
            response(StatusCode::GATEWAY_TIMEOUT, format!("{error}\n"))
        }
        Err(error) => response(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    })
}

fn response(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}

async fn serve(program: Arc<Program>, address: SocketAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let program = Arc::clone(&program);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&program), request));
            let connection = hyper::server::conn::http1::Builder::new();
            if let Err(error) = connection.serve_connection(TokioIo::new(stream), service).await {
                eprintln!("connection: {error}");
            }
        });
    }
}

fn main() -> anyhow::Result<()> {
    let program = Arc::new(Program::new(std::env::args().skip(1).collect())?);
    let address = std::env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    // The guests run on the engine's workers, so one thread is enough for the connections.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(serve(program, address.parse()?))?)
}
