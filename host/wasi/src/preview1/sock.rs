//! The functions on sockets. A program cannot create sockets; it has those that the embedder passes, and the
//! connections that these accept.

use super::call::Call;
use crate::base::descriptor::Descriptor;
use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use crate::base::stream::Receive;
use crate::base::types::{FdFlags, RiFlags, SdFlags, flags};
use rustix::net::Shutdown;

pub(crate) async fn accept(call: Call<'_>, fd: u32, fd_flags: u32, answer: u32) -> Result<()> {
    call.check_answer(answer, 4)?;
    let open = call.descriptor(fd, Rights::SOCK_ACCEPT)?;
    let listener = match &**open {
        Descriptor::Listener(listener) => listener,
        other => return Err(other.connection().map_or_else(|error| error, |_| Errno::Inval)),
    };
    let fd_flags = flags::<FdFlags>(fd_flags)?;
    if !FdFlags::NONBLOCK.contains(fd_flags) {
        return Err(Errno::Inval);
    }
    let given_up = open.given_up.inherit(Rights::empty())?;
    // Taken before the wait, so that no connection is accepted that then has no number.
    let number = call.ctx.table.reserve()?;
    let connection = listener.accept(fd_flags).await?;
    let number = number.fill(Descriptor::Stream(connection), given_up);
    Ok(call.memory.write_u32(answer.into(), number)?)
}

/// No stream socket cuts anything off, so the answer's flags are none.
pub(crate) async fn recv(
    call: Call<'_>,
    fd: u32,
    buffers: u32,
    count: u32,
    how: u32,
    answer: u32,
    answer_flags: u32,
) -> Result<()> {
    let open = call.descriptor(fd, Rights::FD_READ)?;
    let connection = open.connection()?;
    let how = flags::<RiFlags>(how)?;
    // Peeking leaves all where it is, so that more cannot be waited for without looking again and again.
    let how = match (how.contains(RiFlags::PEEK), how.contains(RiFlags::WAITALL)) {
        (true, _) => Receive::Peek,
        (false, true) => Receive::All,
        (false, false) => Receive::Some,
    };
    call.check_answer(answer, 4)?;
    call.check_answer(answer_flags, 2)?;
    let received = connection.receive(&call.buffers(buffers, count)?, how).await?;
    call.memory.write(answer_flags.into(), &0u16.to_le_bytes())?;
    Ok(call.memory.write_u32(answer.into(), received)?)
}

pub(crate) async fn send(
    call: Call<'_>,
    fd: u32,
    buffers: u32,
    count: u32,
    reserved_flags: u32,
    answer: u32,
) -> Result<()> {
    let open = call.descriptor(fd, Rights::FD_WRITE)?;
    let connection = open.connection()?;
    if reserved_flags != 0 {
        return Err(Errno::Inval);
    }
    call.check_answer(answer, 4)?;
    let sent = connection.write(&call.buffers(buffers, count)?).await?;
    Ok(call.memory.write_u32(answer.into(), sent)?)
}

pub(crate) fn shutdown(call: Call<'_>, fd: u32, how: u32) -> Result<()> {
    let open = call.descriptor(fd, Rights::SOCK_SHUTDOWN)?;
    let socket = match &**open {
        Descriptor::Listener(listener) => listener.watched(),
        other => other.connection()?.watched(),
    };
    let how = flags::<SdFlags>(how)?;
    let how = match (how.contains(SdFlags::RD), how.contains(SdFlags::WR)) {
        (true, true) => Shutdown::Both,
        (true, false) => Shutdown::Read,
        (false, true) => Shutdown::Write,
        (false, false) => return Err(Errno::Inval),
    };
    Ok(rustix::net::shutdown(socket, how)?)
}
