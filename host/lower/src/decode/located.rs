//! A decoded binary, and the only place that maps offsets in it to the input's.

use super::offsets::Offsets;
use crate::binary::decoded::{Decoded, Supplied};
use crate::error::LowerError;
use std::borrow::Cow;

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
    /// and this maps them to the input's, or to those of the supplied core module that contains them.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Decoded<'a>) -> Result<T, LowerError>) -> Result<T, LowerError> {
        read(&self.decoded).map_err(|error| {
            let offset = error.offset().and_then(|offset| usize::try_from(offset).ok());
            let mut supplied = self.decoded.supplied.iter();
            match supplied.find(|module| offset.is_some_and(|offset| module.range.contains(&offset))) {
                Some(module) => LowerError::Supplied {
                    name: module.name.clone(),
                    error: Box::new(error.map_offsets(|offset| offset.saturating_sub(module.range.start as u64))),
                },
                None => error.map_offsets(|offset| self.offsets.in_input(offset)),
            }
        })
    }

    /// The decoded bytes, for callers outside of this crate.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.decoded.bytes
    }

    /// The same binary with other bytes at its end, in which these core modules are.
    pub(crate) fn extended(&self, bytes: Vec<u8>, supplied: Vec<Supplied>) -> Located<'static> {
        Located {
            decoded: Decoded {
                bytes: Cow::Owned(bytes),
                immediates: self.decoded.immediates.clone(),
                supplied,
            },
            offsets: self.offsets.clone(),
        }
    }
}
