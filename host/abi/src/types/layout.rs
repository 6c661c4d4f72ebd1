//! The form that values of a type take in memory and as core values.
//!
//! Specification: [alignment](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#alignment),
//! [element size](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#element-size),
//! [flattening](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#flattening).
//!
//! All of it is calculated when a type is added to the arena, for both widths of addresses, so that calls only look it up.

use super::Unsupported;
use crate::AddressWidth;
use serde::{Deserialize, Serialize};

/// How many core values the parameters of a function take at most. Of more, the caller stores them in memory and passes a pointer.
pub const MAX_FLAT_PARAMS: usize = 16;

/// How many core values the result of a function takes at most.
pub const MAX_FLAT_RESULTS: usize = 1;

/// A core type that flattened values have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are WebAssembly's number types")]
pub enum FlatType {
    I32,
    I64,
    F32,
    F64,
}

impl FlatType {
    /// The type in which a variant passes either of two types.
    const fn join(self, other: FlatType) -> FlatType {
        match (self, other) {
            (FlatType::I32, FlatType::I32) => FlatType::I32,
            (FlatType::F32, FlatType::F32) => FlatType::F32,
            (FlatType::F64, FlatType::F64) => FlatType::F64,
            (FlatType::I32, FlatType::F32) | (FlatType::F32, FlatType::I32) => FlatType::I32,
            (FlatType::I64, _) | (_, FlatType::I64) => FlatType::I64,
            (FlatType::F64, FlatType::I32 | FlatType::F32) | (FlatType::I32 | FlatType::F32, FlatType::F64) => {
                FlatType::I64
            }
        }
    }
}

/// The core types of a flattened value: one more than [`MAX_FLAT_PARAMS`] at most, since a spilled result adds a pointer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlatTypes {
    count: u8,
    types: [FlatType; MAX_FLAT_PARAMS + 1],
}

impl FlatTypes {
    pub(crate) const EMPTY: FlatTypes = FlatTypes {
        count: 0,
        types: [FlatType::I32; MAX_FLAT_PARAMS + 1],
    };

    const fn of(types: &[FlatType]) -> FlatTypes {
        let mut flat = FlatTypes::EMPTY;
        while (flat.count as usize) < types.len() {
            flat.types[flat.count as usize] = types[flat.count as usize];
            flat.count += 1;
        }
        flat
    }

    /// `None` if there is no room.
    #[must_use]
    pub(crate) fn with(mut self, types: &[FlatType], limit: usize) -> Option<FlatTypes> {
        let begin = usize::from(self.count);
        let end = begin + types.len();
        if end > limit {
            return None;
        }
        self.types.get_mut(begin..end)?.copy_from_slice(types);
        self.count = u8::try_from(end).ok()?;
        Some(self)
    }

    fn join(mut self, payload: &FlatTypes) -> FlatTypes {
        for (index, ty) in payload.iter().enumerate() {
            self.types[index] = match index < usize::from(self.count) {
                true => self.types[index].join(*ty),
                false => *ty,
            };
        }
        self.count = self.count.max(payload.count);
        self
    }
}

impl std::ops::Deref for FlatTypes {
    type Target = [FlatType];

    #[inline]
    fn deref(&self) -> &[FlatType] {
        &self.types[..usize::from(self.count)]
    }
}

impl std::fmt::Debug for FlatTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The form of a type's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layout {
    size: [u32; 2],
    align: [u32; 2],
    /// `None` if they are more than [`MAX_FLAT_PARAMS`].
    flat: Option<[FlatTypes; 2]>,
    /// How deeply the type nests.
    pub(crate) depth: u8,
    /// Whether a value fills each of its bytes in memory: there is no padding, and no payload that a case lacks.
    pub(crate) dense: bool,
    /// Whether a value points to further memory: it has a string, a list or a map in it.
    pub(crate) pointers: bool,
    /// Whether a value contains a handle that it borrows.
    pub(crate) borrows: bool,
    /// A type in it that weft does not pass.
    pub(crate) unsupported: Option<Unsupported>,
}

const fn round_up(offset: u64, align: u32) -> u64 {
    offset.next_multiple_of(align as u64)
}

impl Layout {
    /// The size in bytes.
    #[inline]
    pub const fn size(&self, width: AddressWidth) -> u32 {
        self.size[width.index()]
    }

    /// The alignment in bytes, which is a power of two.
    #[inline]
    pub const fn align(&self, width: AddressWidth) -> u32 {
        self.align[width.index()]
    }

    /// The core types of the flattened form. `None` if they are more than [`MAX_FLAT_PARAMS`].
    #[inline]
    pub fn flat(&self, width: AddressWidth) -> Option<&FlatTypes> {
        self.flat.as_ref().map(|flat| &flat[width.index()])
    }

    /// Whether lowering a value calls `realloc`: there is a string, a list or a map in it.
    #[inline]
    pub const fn has_pointers(&self) -> bool {
        self.pointers
    }

    /// Whether a value contains a handle that it borrows.
    pub const fn has_borrows(&self) -> bool {
        self.borrows
    }

    pub(super) const fn scalar(size: u32, flat: FlatType) -> Layout {
        let flat = FlatTypes::of(&[flat]);
        Layout {
            size: [size; 2],
            align: [size; 2],
            flat: Some([flat, flat]),
            depth: 1,
            dense: true,
            pointers: false,
            borrows: false,
            unsupported: None,
        }
    }

    pub(super) const fn borrow() -> Layout {
        let mut layout = Layout::scalar(4, FlatType::I32);
        layout.borrows = true;
        layout
    }

    pub(super) const fn unsupported(kind: Unsupported) -> Layout {
        let mut layout = Layout::scalar(4, FlatType::I32);
        layout.unsupported = Some(kind);
        layout
    }

    /// A pointer and a length.
    pub(super) const fn pair() -> Layout {
        Layout {
            size: [8, 16],
            align: [4, 8],
            flat: Some([
                FlatTypes::of(&[FlatType::I32, FlatType::I32]),
                FlatTypes::of(&[FlatType::I64, FlatType::I64]),
            ]),
            pointers: true,
            ..Layout::scalar(1, FlatType::I32)
        }
    }

    /// A pair of pointer and length that leads to elements of this layout.
    pub(super) const fn pair_to(element: &Layout) -> Layout {
        Layout {
            depth: element.depth.saturating_add(1),
            borrows: element.borrows,
            unsupported: element.unsupported,
            ..Layout::pair()
        }
    }

    /// Nothing yet, to which a record adds its fields.
    pub(super) const EMPTY: Layout = Layout {
        size: [0; 2],
        align: [1; 2],
        flat: Some([FlatTypes::EMPTY; 2]),
        depth: 1,
        dense: true,
        pointers: false,
        borrows: false,
        unsupported: None,
    };

    /// What holds of a type if it holds of one of its parts.
    fn contain(&mut self, part: &Layout) {
        self.depth = self.depth.max(part.depth.saturating_add(1));
        self.pointers |= part.pointers;
        self.borrows |= part.borrows;
        self.unsupported = self.unsupported.or(part.unsupported);
    }

    /// Adds a field and returns its offsets. `None` if the record gets too large.
    pub(super) fn add_field(&mut self, field: &Layout) -> Option<[u32; 2]> {
        self.contain(field);
        self.dense &= field.dense;
        let mut offsets = [0; 2];
        for width in [AddressWidth::W32, AddressWidth::W64] {
            let index = width.index();
            let offset = round_up(self.size[index].into(), field.align[index]);
            self.dense &= offset == u64::from(self.size[index]);
            offsets[index] = u32::try_from(offset).ok()?;
            self.size[index] = offsets[index].checked_add(field.size[index])?;
            self.align[index] = self.align[index].max(field.align[index]);
        }
        self.flat = self.flat.zip(field.flat).and_then(|(before, field)| {
            let both = |index: usize| before[index].with(&field[index], MAX_FLAT_PARAMS);
            Some([both(0)?, both(1)?])
        });
        Some(offsets)
    }

    /// Rounds the size up to the alignment. `None` if the record gets too large.
    pub(super) fn finish(mut self) -> Option<Layout> {
        for index in 0..2 {
            let size = round_up(self.size[index].into(), self.align[index]);
            self.dense &= size == u64::from(self.size[index]);
            self.size[index] = u32::try_from(size).ok()?;
        }
        Some(self)
    }

    /// The layout of `count` elements side by side, or `None` if it is too large.
    pub(super) fn repeated(&self, count: u32) -> Option<Layout> {
        let flat = self.flat.and_then(|flat| {
            let mut all = [FlatTypes::EMPTY; 2];
            // Each element adds a type, so this ends soon.
            for _ in 0..count {
                for (all, flat) in all.iter_mut().zip(&flat) {
                    *all = all.with(flat, MAX_FLAT_PARAMS)?;
                }
            }
            Some(all)
        });
        Some(Layout {
            size: [self.size[0].checked_mul(count)?, self.size[1].checked_mul(count)?],
            depth: self.depth.saturating_add(1),
            flat,
            ..*self
        })
    }

    /// The layout of a variant, and the offsets of its payload. `None` if it gets too large.
    pub(super) fn variant<'a>(
        discriminant: Discriminant,
        payloads: impl Iterator<Item = Option<&'a Layout>>,
    ) -> Option<(Layout, [u32; 2])> {
        let mut all = Layout::EMPTY;
        let mut align = [1; 2];
        for payload in payloads.flatten() {
            all.contain(payload);
            all.dense = false;
            for (index, align) in align.iter_mut().enumerate() {
                all.size[index] = all.size[index].max(payload.size[index]);
                *align = payload.align[index].max(*align);
            }
            all.flat = all
                .flat
                .zip(payload.flat)
                .map(|(a, b)| [a[0].join(&b[0]), a[1].join(&b[1])]);
        }
        let tag = FlatTypes::of(&[FlatType::I32]);
        all.flat = all.flat.and_then(|flat| {
            Some([
                tag.with(&flat[0], MAX_FLAT_PARAMS)?,
                tag.with(&flat[1], MAX_FLAT_PARAMS)?,
            ])
        });
        let mut offsets = [0; 2];
        for (index, align) in align.into_iter().enumerate() {
            let offset = round_up(discriminant.size().into(), align);
            let size = offset + u64::from(all.size[index]);
            all.align[index] = align.max(discriminant.size());
            all.size[index] = u32::try_from(round_up(size, all.align[index])).ok()?;
            offsets[index] = u32::try_from(offset).ok()?;
        }
        Some((all, offsets))
    }
}

/// How a variant stores which case it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Discriminant {
    /// In one byte: up to 256 cases.
    U8,
    /// In two bytes: up to 65,536 cases.
    U16,
    /// In four bytes.
    U32,
}

impl Discriminant {
    pub(crate) const fn of(cases: usize) -> Discriminant {
        match cases {
            0..=0x100 => Discriminant::U8,
            0x101..=0x1_0000 => Discriminant::U16,
            _ => Discriminant::U32,
        }
    }

    /// The size in bytes.
    pub const fn size(self) -> u32 {
        match self {
            Discriminant::U8 => 1,
            Discriminant::U16 => 2,
            Discriminant::U32 => 4,
        }
    }
}
