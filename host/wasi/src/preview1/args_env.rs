//! Arguments and environment.

use super::call::Call;
use crate::base::ctx::StringList;
use crate::base::errno::{Errno, Result};

pub(crate) fn args_get(call: Call<'_>, list: u32, bytes: u32) -> Result<()> {
    write_list(call, &call.ctx.args, list, bytes)
}

pub(crate) fn args_sizes_get(call: Call<'_>, count: u32, size: u32) -> Result<()> {
    write_sizes(call, &call.ctx.args, count, size)
}

pub(crate) fn environ_get(call: Call<'_>, list: u32, bytes: u32) -> Result<()> {
    write_list(call, &call.ctx.env, list, bytes)
}

pub(crate) fn environ_sizes_get(call: Call<'_>, count: u32, size: u32) -> Result<()> {
    write_sizes(call, &call.ctx.env, count, size)
}

/// Writes the strings from `bytes` on, and the address of each into the array at `list`.
fn write_list(call: Call<'_>, strings: &StringList, list: u32, bytes: u32) -> Result<()> {
    let addresses: Option<Vec<[u8; 4]>> = strings
        .offsets
        .iter()
        .map(|offset| Some(bytes.checked_add(*offset)?.to_le_bytes()))
        .collect();
    let addresses = addresses.ok_or(Errno::Fault)?;
    call.memory.check(list.into(), addresses.as_flattened().len() as u64)?;
    call.memory.write(bytes.into(), &strings.bytes)?;
    Ok(call.memory.write(list.into(), addresses.as_flattened())?)
}

fn write_sizes(call: Call<'_>, strings: &StringList, count: u32, size: u32) -> Result<()> {
    call.check_answer(size, 4)?;
    call.memory.write_u32(count.into(), strings.offsets.len() as u32)?;
    Ok(call.memory.write_u32(size.into(), strings.bytes.len() as u32)?)
}
