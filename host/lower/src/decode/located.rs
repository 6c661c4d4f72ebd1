//! A decoded binary, and the only place that maps offsets in it to the input's.

use super::offsets::Offsets;
use crate::binary::decoded::Decoded;
use crate::error::LowerError;

/// A decoded binary, to be [read](Located::read), and the mapping of its offsets to the input's.
pub(crate) struct Located<'a> {
    pub(super) decoded: Decoded<'a>,
    pub(super) offsets: Offsets,
}

impl<'a> Located<'a> {
    /// A binary with the same bytes as the input.
    pub(super) fn new(decoded: Decoded<'a>) -> Self {
        Located {
            decoded,
            offsets: Offsets::default(),
        }
    }

    /// Lets one or several passes read the binary. There is no other access to it: passes report offsets in its bytes,
    /// and this maps them to the input's.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Decoded<'a>) -> Result<T, LowerError>) -> Result<T, LowerError> {
        read(&self.decoded).map_err(|error| error.map_offsets(|offset| self.offsets.in_input(offset)))
    }

    /// The decoded bytes, for callers outside of this crate.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.decoded.bytes
    }
}
