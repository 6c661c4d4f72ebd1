//! NaNs: every NaN becomes the canonical one, in both directions, as in the specification's deterministic profile.

/// A number, or the canonical NaN.
pub(crate) const fn canonical32(value: f32) -> f32 {
    match value.is_nan() {
        true => f32::from_bits(0x7fc0_0000),
        false => value,
    }
}

/// A number, or the canonical NaN.
pub(crate) const fn canonical64(value: f64) -> f64 {
    match value.is_nan() {
        true => f64::from_bits(0x7ff8_0000_0000_0000),
        false => value,
    }
}
