//! The form of a Rust type's values in a guest's memory and as core values, computed at compile time.
//!
//! It is computed like the interface type's [`Layout`](crate::types::Layout), and is the same for a matching type:
//! tests compare the two.

use crate::AddressWidth;
use crate::types::{Discriminant, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    size: [u32; 2],
    align: [u32; 2],
    /// How many core values there are, of which a variant shares some.
    pub flat: usize,
    /// Whether lowering a value calls `realloc`.
    pub pointers: bool,
    /// Whether a value contains a handle.
    pub handles: bool,
}

impl Form {
    /// Nothing, to which a record adds its fields.
    pub const EMPTY: Form = Form {
        size: [0; 2],
        align: [1; 2],
        flat: 0,
        pointers: false,
        handles: false,
    };

    /// One core value, of this many bytes in memory.
    pub const fn scalar(size: u32) -> Form {
        Form {
            size: [size; 2],
            align: [size; 2],
            flat: 1,
            pointers: false,
            handles: false,
        }
    }

    /// A handle.
    pub const fn handle() -> Form {
        let mut form = Form::scalar(4);
        form.handles = true;
        form
    }

    /// A pointer and a length that lead to elements of a form.
    pub const fn pair(element: Form) -> Form {
        Form {
            size: [8, 16],
            align: [4, 8],
            flat: 2,
            pointers: true,
            handles: element.handles,
        }
    }

    /// Fields, one after the other.
    pub const fn record(fields: &[Form]) -> Form {
        let mut all = Form::EMPTY;
        let mut position = 0;
        while position < fields.len() {
            all.add(fields[position]);
            position += 1;
        }
        all.finish()
    }

    /// Where the fields of a record are.
    pub const fn offsets<const N: usize>(fields: [Form; N]) -> [[u32; 2]; N] {
        let mut all = Form::EMPTY;
        let mut offsets = [[0; 2]; N];
        let mut position = 0;
        while position < N {
            offsets[position] = all.add(fields[position]);
            position += 1;
        }
        offsets
    }

    /// As many elements, side by side.
    pub const fn repeated(self, count: usize) -> Form {
        assert!(
            count > 0,
            "a fixed-length list has no elements: the component model requires at least one"
        );
        assert!(
            count <= u32::MAX as usize,
            "a fixed-length list has 2^32 elements or more: use fewer"
        );
        let count = count as u32;
        Form {
            size: [self.size[0] * count, self.size[1] * count],
            flat: self.flat * count as usize,
            ..self
        }
    }

    /// One of several payloads. A case without payload has an empty form.
    pub const fn variant(payloads: &[Form]) -> Form {
        let mut all = Form::EMPTY;
        let mut position = 0;
        while position < payloads.len() {
            let payload = payloads[position];
            let mut width = 0;
            while width < 2 {
                all.size[width] = max(all.size[width], payload.size[width]);
                all.align[width] = max(all.align[width], payload.align[width]);
                width += 1;
            }
            if payload.flat > all.flat {
                all.flat = payload.flat;
            }
            all.pointers |= payload.pointers;
            all.handles |= payload.handles;
            position += 1;
        }
        let tag = Discriminant::of(payloads.len()).size();
        let mut width = 0;
        while width < 2 {
            let offset = tag.next_multiple_of(all.align[width]);
            all.align[width] = max(all.align[width], tag);
            all.size[width] = (offset + all.size[width]).next_multiple_of(all.align[width]);
            width += 1;
        }
        all.flat += 1;
        all
    }

    /// Where the payload of a variant is.
    pub const fn payload_offset(payloads: &[Form]) -> [u32; 2] {
        let tag = Discriminant::of(payloads.len()).size();
        let mut align = [1; 2];
        let mut position = 0;
        while position < payloads.len() {
            align[0] = max(align[0], payloads[position].align[0]);
            align[1] = max(align[1], payloads[position].align[1]);
            position += 1;
        }
        [tag.next_multiple_of(align[0]), tag.next_multiple_of(align[1])]
    }

    const fn add(&mut self, field: Form) -> [u32; 2] {
        let mut offsets = [0; 2];
        let mut width = 0;
        while width < 2 {
            offsets[width] = self.size[width].next_multiple_of(field.align[width]);
            self.size[width] = offsets[width] + field.size[width];
            self.align[width] = max(self.align[width], field.align[width]);
            width += 1;
        }
        self.flat += field.flat;
        self.pointers |= field.pointers;
        self.handles |= field.handles;
        offsets
    }

    const fn finish(mut self) -> Form {
        self.size[0] = self.size[0].next_multiple_of(self.align[0]);
        self.size[1] = self.size[1].next_multiple_of(self.align[1]);
        self
    }

    /// The size in bytes.
    #[inline]
    pub const fn size(&self, width: AddressWidth) -> u32 {
        self.size[width.index()]
    }

    /// The alignment in bytes.
    #[inline]
    pub const fn align(&self, width: AddressWidth) -> u32 {
        self.align[width.index()]
    }

    /// Whether parameters of this form are passed as core values.
    pub const fn is_flat_params(&self) -> bool {
        self.flat <= MAX_FLAT_PARAMS
    }

    /// Whether a result of this form is passed as a core value.
    pub const fn is_flat_result(&self) -> bool {
        self.flat <= MAX_FLAT_RESULTS
    }
}

const fn max(a: u32, b: u32) -> u32 {
    match a > b {
        true => a,
        false => b,
    }
}
