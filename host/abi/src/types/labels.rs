//! Names of cases and flags, which are looked up in both directions.

use super::TypeError;
use serde::{Deserialize, Serialize};

/// The names of a type's cases or flags, which are all different, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Labels {
    names: Box<[String]>,
    /// The positions of the names, sorted by name.
    sorted: Box<[u32]>,
}

impl Labels {
    pub(super) fn new(names: Vec<String>) -> Result<Labels, TypeError> {
        let count = u32::try_from(names.len()).map_err(|_| TypeError::TooLarge)?;
        let mut sorted = Vec::from_iter(0..count);
        sorted.sort_unstable_by_key(|&position| &names[position as usize]);
        for pair in sorted.windows(2) {
            let name = &names[pair[0] as usize];
            if *name == names[pair[1] as usize] {
                return Err(TypeError::Duplicate(name.clone()));
            }
        }
        Ok(Labels {
            names: names.into(),
            sorted: sorted.into(),
        })
    }

    /// How many names there are.
    #[expect(clippy::len_without_is_empty, reason = "there is at least one name")]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The name at a position.
    pub fn get(&self, position: u32) -> Option<&str> {
        self.names.get(usize::try_from(position).ok()?).map(String::as_str)
    }

    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<u32> {
        let found = self
            .sorted
            .binary_search_by_key(&name, |&position| &self.names[position as usize])
            .ok()?;
        Some(self.sorted[found])
    }

    /// The names in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}
