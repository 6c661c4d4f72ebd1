//! A decoded binary, and the only place that maps offsets in it to the input's.

use super::offsets::Offsets;
use crate::binary::decoded::Decoded;
use crate::error::LowerError;

/// A binary that was decoded, to be [read](Located::read), and where in the input it was.
pub(crate) struct Located<'a> {
    pub(super) decoded: Decoded<'a>,
    pub(super) offsets: Offsets,
}

impl<'a> Located<'a> {
    /// Of the same bytes as the input.
    pub(super) fn new(decoded: Decoded<'a>) -> Self {
        Located {
            decoded,
            offsets: Offsets::default(),
        }
    }

    /// Has it read, by one pass or several. No pass gets at it in another way: offsets of errors are those of its bytes, and
    /// become those of the input here.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Decoded<'a>) -> Result<T, LowerError>) -> Result<T, LowerError> {
        read(&self.decoded).map_err(|error| error.map_offsets(|offset| self.offsets.in_input(offset)))
    }

    /// The decoded bytes, for callers outside of this crate.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.decoded.bytes
    }
}
