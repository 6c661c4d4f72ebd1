//! The keys of entries.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::os::unix::fs::MetadataExt;

/// Separates these hashes from those for other purposes and other layouts of entries.
const CONTEXT: &str = "weft 2026-11 cache key";

/// The name of an entry: a hash of all that its contents depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub(crate) [u8; 32]);

/// In hexadecimal: the entry's file name.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes a [`Key`] from everything that an entry depends on. This always includes the build of the running executable.
#[derive(Debug)]
pub struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    /// Makes keys for one purpose. No other caller must use the same purpose.
    pub fn new(purpose: &str) -> Self {
        let mut hasher = KeyHasher(blake3::Hasher::new_derive_key(CONTEXT));
        hasher.bytes(purpose.as_bytes());
        hasher.bytes(env!("CARGO_PKG_VERSION").as_bytes());
        this_build().hash(&mut hasher);
        hasher
    }

    /// Adds bytes. Their length is added too: what follows cannot be mistaken for a part of them.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        self
    }

    /// The key of all that was added.
    pub fn finish(&self) -> Key {
        Key(self.0.finalize().into())
    }
}

/// Allows types that implement only [`Hash`] in a key. Their hash must be the same in every process.
impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes(bytes);
    }

    /// The first bytes of the key.
    fn finish(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = KeyHasher::finish(self).0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

/// Identifies the build of the executable. The version alone does not, while weft is developed.
fn this_build() -> Option<(u64, i64, i64)> {
    let executable = std::env::current_exe().ok()?;
    let metadata = std::fs::metadata(executable).ok()?;
    Some((metadata.len(), metadata.mtime(), metadata.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::KeyHasher;

    #[test]
    fn keys_tell_purposes_and_parts_apart() {
        let key = |purpose: &str, parts: &[&str]| {
            let mut hasher = KeyHasher::new(purpose);
            for part in parts {
                hasher.bytes(part.as_bytes());
            }
            hasher.finish()
        };
        assert_eq!(key("a", &["b", "c"]), key("a", &["b", "c"]));
        for (other, parts) in [
            ("a", ["bc", ""]),
            ("a", ["c", "b"]),
            ("b", ["b", "c"]),
            ("ab", ["", "c"]),
        ] {
            assert_ne!(key("a", &["b", "c"]), key(other, &parts), "{other} {parts:?}");
        }
    }

    #[test]
    fn a_key_is_spelt_in_hexadecimal() {
        let name = KeyHasher::new("name").finish().to_string();
        assert_eq!(name.len(), 64);
        assert!(name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
}
