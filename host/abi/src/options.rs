//! What the canonical options of a function say about its values.
//!
//! Specification: [canonical ABI options](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#canonical-abi-options).

use serde::{Deserialize, Serialize};

/// The options on which the form of lowered values depends. The runtime handles the memory, `realloc` and
/// `post-return`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Options {
    /// Whether the memory's addresses have 32 or 64 bits. A function without a memory has 32.
    pub width: AddressWidth,
    /// How strings are stored.
    pub encoding: StringEncoding,
}

/// The width of a memory's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum AddressWidth {
    /// An `i32` memory.
    #[default]
    W32,
    /// An `i64` memory.
    W64,
}

impl AddressWidth {
    /// How many bytes a pointer takes, which is its alignment too.
    pub const fn bytes(self) -> u32 {
        match self {
            AddressWidth::W32 => 4,
            AddressWidth::W64 => 8,
        }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            AddressWidth::W32 => 0,
            AddressWidth::W64 => 1,
        }
    }
}

/// How a guest stores strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum StringEncoding {
    /// UTF-8. The length counts bytes.
    #[default]
    Utf8,
    /// UTF-16, little endian. The length counts code units of two bytes.
    Utf16,
    /// Latin-1 or UTF-16, as the highest bit of the length says: 1 for UTF-16. The length counts bytes or code units.
    Latin1OrUtf16,
}
