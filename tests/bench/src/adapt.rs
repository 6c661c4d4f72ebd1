//! How long it takes to adapt and to lower a module as large as the largest that compilers make.

use crate::synthetic;
use crate::{Figures, Row, Target, Unit};
use anyhow::{Result, ensure};
use std::time::Instant;

const FUNCTIONS: u32 = 34_000;
const SAMPLES: usize = 5;

/// A goal of the project, in seconds.
const BOTH: Target = Target::AtMost(0.8);

/// See the module.
///
/// # Errors
///
/// The module is refused.
pub fn measure() -> Result<Vec<Row>> {
    let module = synthetic::module(FUNCTIONS);
    let (mut adapted, mut lowered, mut both) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        let start = Instant::now();
        let component = weft_adapt::adapt(&module)?;
        adapted.push(start.elapsed());
        let between = Instant::now();
        let plan = weft_lower::Component::read(&component)?.lower()?;
        lowered.push(between.elapsed());
        both.push(start.elapsed());
        ensure!(plan.wasm.len() >= module.len() / 2, "the module is not in the plan");
    }
    let size = Figures::of(&[module.len() as f64]);
    Ok(vec![
        Row::new("size of the module", Unit::Size, size),
        Row::new("adapt", Unit::Time, Figures::of_durations(&adapted)),
        Row::new(
            "lower the adapted component",
            Unit::Time,
            Figures::of_durations(&lowered),
        ),
        Row::new("both", Unit::Time, Figures::of_durations(&both)).with_target(BOTH),
    ])
}
