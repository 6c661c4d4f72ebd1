//! Classifies traps. The messages of both runtimes begin with the same words, to which weft adds where and why.

const KINDS: &[&[&str]] = &[
    &["out of bounds", "beyond end of memory"],
    &["aligned"],
    &["discriminant"],
    &["integer out of range"],
    &["utf-8"],
    &["surrogate"],
    &["unknown handle index"],
    &["used with the wrong type"],
    &["remove owned resource while borrowed", "resource that is lent"],
    &["borrow handles still remain"],
    &["unreachable"],
    &["too long", "too large", "too much data", "exceeds", "overflow"],
    &["borrow"],
];

/// Whether the traps of both runtimes are about the same.
pub fn agree(ours: &str, theirs: &str) -> bool {
    match (kind(ours), kind(theirs)) {
        (Some(one), Some(other)) if one == other => true,
        // The specification looks at the length first, then at the alignment, then at the bounds. Wasmtime has no limit to the length but
        // the memory's size, and looks at the bounds of some pointers first.
        (Some(_), Some(_)) => {
            let is_first = ours.contains("too long: ") || ours.contains("aligned");
            is_first && (theirs.contains("out of bounds") || theirs.contains("aligned"))
        }
        (None, _) | (_, None) => false,
    }
}

fn kind(message: &str) -> Option<usize> {
    KINDS
        .iter()
        .position(|words| words.iter().any(|word| message.contains(word)))
}
