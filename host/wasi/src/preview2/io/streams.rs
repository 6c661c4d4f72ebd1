//! `wasi:io/streams`.

use super::error::{Answer, Failure, answer};
use super::{InputStream, OutputStream, Pollable};
use crate::preview2::call::Call;
use std::sync::Arc;
use weft_parallel::Resource;

type Input = Resource<InputStream>;
type Output = Resource<OutputStream>;

pub(crate) fn read(call: Call<'_>, stream: Input, length: u64) -> Answer<Vec<u8>> {
    answer(call, call.get(&stream)?.read(call, length))
}

pub(crate) async fn blocking_read(call: Call<'_>, stream: Input, length: u64) -> Answer<Vec<u8>> {
    let stream = call.get(&stream)?;
    answer(call, stream.blocking_read(call, length).await)
}

pub(crate) fn skip(call: Call<'_>, stream: Input, length: u64) -> Answer<u64> {
    let bytes = call.get(&stream)?.read(call, length);
    answer(call, bytes.map(|bytes| bytes.len() as u64))
}

pub(crate) async fn blocking_skip(call: Call<'_>, stream: Input, length: u64) -> Answer<u64> {
    let stream = call.get(&stream)?;
    let bytes = stream.blocking_read(call, length).await;
    answer(call, bytes.map(|bytes| bytes.len() as u64))
}

pub(crate) fn subscribe_input(call: Call<'_>, stream: Input) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&stream)?))
}

pub(crate) fn check_write(call: Call<'_>, stream: Output) -> Answer<u64> {
    answer(call, call.get(&stream)?.check_write())
}

pub(crate) async fn write(call: Call<'_>, stream: Output, bytes: Vec<u8>) -> Answer<()> {
    let stream = call.get(&stream)?;
    answer(call, stream.write(call, &bytes).await)
}

pub(crate) async fn blocking_write_and_flush(call: Call<'_>, stream: Output, bytes: Vec<u8>) -> Answer<()> {
    let stream = call.get(&stream)?;
    answer(call, stream.write_and_flush(call, &bytes).await)
}

pub(crate) async fn write_zeroes(call: Call<'_>, stream: Output, count: u64) -> Answer<()> {
    let stream = call.get(&stream)?;
    answer(call, stream.zeroes(call, count).await)
}

pub(crate) async fn blocking_write_zeroes_and_flush(call: Call<'_>, stream: Output, count: u64) -> Answer<()> {
    let stream = call.get(&stream)?;
    answer(call, stream.zeroes_and_flush(call, count).await)
}

pub(crate) fn flush(call: Call<'_>, stream: Output) -> Answer<()> {
    answer(call, call.get(&stream)?.flush())
}

pub(crate) async fn blocking_flush(call: Call<'_>, stream: Output) -> Answer<()> {
    let stream = call.get(&stream)?;
    answer(call, stream.blocking_flush().await)
}

pub(crate) fn subscribe_output(call: Call<'_>, stream: Output) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&stream)?))
}

pub(crate) async fn splice(call: Call<'_>, to: Output, from: Input, length: u64) -> Answer<u64> {
    let (to, from) = (call.get(&to)?, call.get(&from)?);
    let permitted = match to.check_write() {
        Ok(permitted) => permitted,
        Err(failure) => return answer(call, Err(failure)),
    };
    let bytes = from.read(call, length.min(permitted));
    answer(call, pass_on(call, &to, bytes).await)
}

pub(crate) async fn blocking_splice(call: Call<'_>, to: Output, from: Input, length: u64) -> Answer<u64> {
    let (to, from) = (call.get(&to)?, call.get(&from)?);
    let permitted = match to.permitted(call).await {
        Ok(permitted) => permitted,
        Err(failure) => return answer(call, Err(failure)),
    };
    let bytes = from.blocking_read(call, length.min(permitted)).await;
    answer(call, pass_on(call, &to, bytes).await)
}

/// Writes the bytes that were read, and returns how many.
async fn pass_on(call: Call<'_>, to: &Arc<OutputStream>, bytes: Result<Vec<u8>, Failure>) -> Result<u64, Failure> {
    let bytes = bytes?;
    to.write(call, &bytes).await?;
    Ok(bytes.len() as u64)
}
