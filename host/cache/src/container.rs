//! The layout of a compiled program that its owner keeps, in a file or elsewhere.
//!
//! **Problem.** A compiled program is machine code for one version of weft and of Wasmtime, one target and one
//! configuration of an engine. Unlike a cache entry, it may be copied to another machine, or be used after an update.
//! **Before:** a [`Description`] of what can load the program, and the bytes. **After:** bytes from which any later
//! version can read the description and detect damage:
//!
//! ```text
//! 0    magic and version of this layout      8 bytes
//! 8    checksum of all that follows         32
//! 40   length of the description             4, little endian
//! 44   the description: lines of `name value`
//! ..   the payload
//! ```
//!
//! The checksum detects accidents, not attacks: an attacker who changes the payload can also compute a checksum.
//!
//! **Rejected:** a description in the format of the payload (another version could not read why it cannot load the
//! payload); the layout of the cache's entries (a key does not say what differs).

use std::fmt;

/// The last byte is the version of the layout. The first one is in no text, and no core module or component begins so.
const MAGIC: [u8; 8] = *b"\x7fweft\r\n\x01";
const CHECKSUM: usize = 32;
const LENGTH: usize = 4;
const HEADER: usize = MAGIC.len() + CHECKSUM;

/// What can load a compiled program, as names with values. Neither contains a line break, or a space at its ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description(Vec<(String, String)>);

/// Why bytes are not a compiled program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContainerError {
    /// The bytes do not begin like a compiled program.
    #[error("it is not a program that weft compiled: compile the source with `weft compile`")]
    Foreign,
    /// Wasmtime compiled them.
    #[error("Wasmtime compiled it, and weft runs only what weft compiled: compile the source with `weft compile`")]
    Wasmtime,
    /// A later or an earlier version of weft wrote them.
    #[error("another version of weft compiled it (its layout is {0}): compile the source again with `weft compile`")]
    Layout(u8),
    /// Bytes are missing, or wrong, or were added.
    #[error("it is damaged: copy it again, or compile the source again with `weft compile`")]
    Damaged,
}

impl Description {
    /// Adds a value.
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All names and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        Description(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// Whether bytes begin as a compiled program does, of whatever version.
pub fn is_container(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC[..MAGIC.len() - 1])
}

/// The description, if the bytes begin as a compiled program of this layout. It is not checked: the bytes may be damaged.
pub fn peek(bytes: &[u8]) -> Option<Description> {
    let contents = is_container(bytes).then(|| bytes.get(HEADER..))?.unwrap_or_default();
    Some(split(contents).map(|(description, _)| description).unwrap_or_default())
}

/// Joins the description and the parts, in order.
pub fn seal(description: &Description, parts: &[&[u8]]) -> Vec<u8> {
    let text: String = description
        .iter()
        .map(|(name, value)| format!("{name} {value}\n"))
        .collect();
    let payload: usize = parts.iter().map(|part| part.len()).sum();
    let mut sealed = Vec::with_capacity(HEADER + LENGTH + text.len() + payload);
    sealed.extend(MAGIC);
    sealed.extend([0; CHECKSUM]);
    // A description is some lines.
    sealed.extend((text.len() as u32).to_le_bytes());
    sealed.extend(text.as_bytes());
    parts.iter().for_each(|part| sealed.extend(*part));
    let checksum = blake3::hash(&sealed[HEADER..]);
    sealed[MAGIC.len()..HEADER].copy_from_slice(checksum.as_bytes());
    sealed
}

/// The description and the payload, checked.
///
/// # Errors
///
/// The bytes are something else, of another version, or damaged.
pub fn open(bytes: &[u8]) -> Result<(Description, &[u8]), ContainerError> {
    if !is_container(bytes) {
        return Err(match bytes.starts_with(b"\x7fELF") {
            true => ContainerError::Wasmtime,
            false => ContainerError::Foreign,
        });
    }
    let (header, contents) = bytes.split_at_checked(HEADER).ok_or(ContainerError::Damaged)?;
    match header[MAGIC.len() - 1] {
        layout if layout == MAGIC[MAGIC.len() - 1] => {}
        other => return Err(ContainerError::Layout(other)),
    }
    if blake3::hash(contents).as_bytes() != &header[MAGIC.len()..] {
        return Err(ContainerError::Damaged);
    }
    split(contents).ok_or(ContainerError::Damaged)
}

/// The description and the payload behind it.
fn split(contents: &[u8]) -> Option<(Description, &[u8])> {
    let (length, rest) = contents.split_first_chunk::<LENGTH>()?;
    let (text, payload) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((Description::parse(std::str::from_utf8(text).ok()?), payload))
}

#[cfg(test)]
mod tests {
    use super::{ContainerError, Description, HEADER, MAGIC, is_container, open, seal};

    fn sealed() -> Vec<u8> {
        let description = Description::default().with("weft", "1.2.3").with("target", "a b");
        seal(&description, &[b"first", b"", b"second"])
    }

    #[test]
    fn what_was_sealed_is_opened() {
        let sealed = sealed();
        assert!(is_container(&sealed));
        let (description, payload) = open(&sealed).expect("sound");
        assert_eq!(payload, b"firstsecond");
        assert_eq!(description.get("weft"), Some("1.2.3"));
        assert_eq!(description.get("target"), Some("a b"));
        assert_eq!(description.get("targe"), None);
        let empty = seal(&Description::default(), &[]);
        assert_eq!(open(&empty), Ok((Description::default(), &[][..])));
    }

    #[test]
    fn each_byte_that_differs_or_lacks_is_found() {
        let sealed = sealed();
        for position in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[position] ^= 0x10;
            let expected = match position {
                7 => ContainerError::Layout(MAGIC[7] ^ 0x10),
                0..7 => ContainerError::Foreign,
                _ => ContainerError::Damaged,
            };
            assert_eq!(open(&damaged), Err(expected), "byte {position}");
            let error = open(&sealed[..position]).expect_err("bytes lack");
            assert!(
                matches!(error, ContainerError::Damaged | ContainerError::Foreign),
                "{position}: {error:?}"
            );
        }
        assert_eq!(open(&[&sealed[..], b"x"].concat()), Err(ContainerError::Damaged));
    }

    #[test]
    fn a_description_that_is_longer_than_all_is_damage() {
        let mut sealed = sealed();
        sealed[HEADER..HEADER + 4].fill(0xff);
        let checksum = *blake3::hash(&sealed[HEADER..]).as_bytes();
        sealed[MAGIC.len()..HEADER].copy_from_slice(&checksum);
        assert_eq!(open(&sealed), Err(ContainerError::Damaged));
    }

    #[test]
    fn what_others_compile_or_write_is_told_apart() {
        assert_eq!(open(b"\x7fELF\x02\x01"), Err(ContainerError::Wasmtime));
        assert_eq!(open(b"\0asm\x01\0\0\0"), Err(ContainerError::Foreign));
        assert_eq!(open(b""), Err(ContainerError::Foreign));
    }
}
