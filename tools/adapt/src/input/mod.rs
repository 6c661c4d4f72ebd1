//! Reads and checks the input. All functions of the crate begin here.
//!
//! The order matters: first the module is parsed, then it is refused if it was made for another host, and then its WIT world is
//! decoded. If the module was made for another host, naming that host helps its author more than an error about the world.

pub(crate) mod foreign;
pub(crate) mod info;
pub(crate) mod refused;
pub(crate) mod spawns;
pub(crate) mod tls;
pub(crate) mod wasi_libc;
pub(crate) mod world_names;

use crate::error::AdaptError;
use crate::input::info::ModuleInfo;
use crate::input::world_names::WorldNames;

/// Validates and parses a binary core module, and refuses one that was made for another host.
pub(crate) fn read(wasm: &[u8]) -> Result<ModuleInfo<'_>, AdaptError> {
    let mut info = ModuleInfo::parse(wasm)?;
    foreign::refuse(&info)?;
    if info.has_world() {
        info.world = Some(WorldNames::decode(wasm)?);
    }
    Ok(info)
}
