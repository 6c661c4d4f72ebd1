//! Sockets. No descriptor that a program can get today is a socket of its own, so each gives `notsock` (or `badf`).

use super::Call;
use crate::errno::{Errno, Result};

pub(crate) fn accept(call: Call<'_>, fd: u32, _flags: u32, _answer: u32) -> Result<()> {
    not_a_socket(call, fd)
}

pub(crate) fn recv(call: Call<'_>, fd: u32, _: u32, _: u32, _flags: u32, _: u32, _: u32) -> Result<()> {
    not_a_socket(call, fd)
}

pub(crate) fn send(call: Call<'_>, fd: u32, _: u32, _: u32, _flags: u32, _answer: u32) -> Result<()> {
    not_a_socket(call, fd)
}

pub(crate) fn shutdown(call: Call<'_>, fd: u32, _how: u32) -> Result<()> {
    not_a_socket(call, fd)
}

fn not_a_socket(call: Call<'_>, fd: u32) -> Result<()> {
    call.ctx.table.get(fd)?;
    Err(Errno::NotSock)
}
