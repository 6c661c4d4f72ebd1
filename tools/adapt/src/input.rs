//! Reads the input for everything that the crate does with it.
//!
//! The module is parsed first, then refused if it is made for another host, and only then is its WIT world decoded: what a
//! toolchain left in the module says more to its author than an error about a world.

use crate::error::AdaptError;
use crate::foreign;
use crate::info::ModuleInfo;
use crate::world_names::WorldNames;

/// Validates and parses a core module in the binary format that is made for weft.
pub(crate) fn read(wasm: &[u8]) -> Result<ModuleInfo<'_>, AdaptError> {
    let mut info = ModuleInfo::parse(wasm)?;
    foreign::refuse(&info)?;
    if info.has_world() {
        info.world = Some(WorldNames::decode(wasm)?);
    }
    Ok(info)
}
