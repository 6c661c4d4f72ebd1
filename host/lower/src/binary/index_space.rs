//! One index space of a component that is rewritten with definitions added between those of the input.

/// For each index of the input, the index in the output.
#[derive(Default)]
pub(crate) struct IndexSpace {
    renumbered: Vec<u32>,
    next: u32,
}

impl IndexSpace {
    /// A definition of the input that stands in the output as well.
    pub fn keep(&mut self) {
        let index = self.insert();
        self.renumbered.push(index);
    }

    /// A definition of the input that the output replaces with the definition at index `output`.
    pub fn replace(&mut self, output: u32) {
        self.renumbered.push(output);
    }

    /// A definition that only the output has. Returns its index.
    pub fn insert(&mut self) -> u32 {
        let index = self.next;
        self.next += 1;
        index
    }

    /// How many definitions of the input there are.
    pub fn len(&self) -> usize {
        self.renumbered.len()
    }

    /// The index in the output of a definition of the input.
    pub fn get(&self, index: u32) -> Option<u32> {
        self.renumbered.get(index as usize).copied()
    }

    /// As [`get`](Self::get), but maps an index that the input does not define to one that the output does not define,
    /// so that validation refuses it later.
    pub fn get_or_undefined(&self, index: u32) -> u32 {
        let inserted = self.next.saturating_sub(self.renumbered.len() as u32);
        self.get(index).unwrap_or(index.saturating_add(inserted))
    }
}
