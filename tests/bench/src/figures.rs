//! The result of a measurement: the median of its samples and their spread, in a unit, with a target if there is one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The median and the spread of some samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Half of the samples are below.
    pub median: f64,
    /// The 10th and the 90th percentile. `None` if there is one sample.
    pub spread: Option<(f64, f64)>,
}

impl Figures {
    /// The figures of `samples`, which are all zero if there are none.
    pub fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        Figures {
            median: percentile(&sorted, 0.5),
            spread: (sorted.len() > 1).then(|| (percentile(&sorted, 0.1), percentile(&sorted, 0.9))),
        }
    }

    /// The figures in seconds of some durations.
    pub fn of_durations(samples: &[Duration]) -> Self {
        let seconds: Vec<f64> = samples.iter().map(Duration::as_secs_f64).collect();
        Figures::of(&seconds)
    }
}

/// Between the two nearest samples it is interpolated.
fn percentile(sorted: &[f64], fraction: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let rank = fraction * last as f64;
    let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    below + (above - below) * rank.fract()
}

/// What figures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Seconds.
    Time,
    /// Bytes.
    Size,
    /// How many times as much.
    Ratio,
    /// Seconds of processor time per second.
    Load,
}

impl Unit {
    /// A value in this unit, for people.
    pub fn show(self, value: f64) -> String {
        match self {
            Unit::Time if value.abs() < 1e-7 => format!("{:.1} ns", value * 1e9),
            Unit::Time if value.abs() < 1e-6 => format!("{:.0} ns", value * 1e9),
            Unit::Time if value.abs() < 1e-3 => format!("{:.2} us", value * 1e6),
            Unit::Time if value.abs() < 1.0 => format!("{:.2} ms", value * 1e3),
            Unit::Time => format!("{value:.2} s"),
            Unit::Size if value < 1e6 => format!("{:.2} kB", value / 1e3),
            Unit::Size => format!("{:.2} MB", value / 1e6),
            Unit::Ratio => format!("{value:.3} x"),
            Unit::Load => format!("{:.3} %", value * 100.0),
        }
    }
}

/// What a median should be, in the unit of its row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Target {
    /// Whether a median is what it should be.
    pub fn is_met(self, median: f64) -> bool {
        match self {
            Target::AtMost(limit) => median <= limit,
            Target::AtLeast(limit) => median >= limit,
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// What came out.
    pub figures: Figures,
    /// In what the figures are.
    pub unit: Unit,
    /// What the median should be, if the project has a goal for it.
    pub target: Option<Target>,
}

impl Row {
    /// A row without a target.
    pub fn new(name: impl Into<String>, unit: Unit, figures: Figures) -> Self {
        Row {
            name: name.into(),
            figures,
            unit,
            target: None,
        }
    }

    /// The row with a target.
    pub fn with_target(self, target: Target) -> Self {
        Row {
            target: Some(target),
            ..self
        }
    }

    /// The head of the table that rows are lines of.
    pub fn head(title: &str) -> String {
        format!("{title:<48} {:>11} {:>11} {:>11}   target", "median", "p10", "p90")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value| self.unit.show(value);
        let (p10, p90) = match self.figures.spread {
            Some((p10, p90)) => (show(p10), show(p90)),
            None => Default::default(),
        };
        write!(
            f,
            "  {:<46} {:>11} {p10:>11} {p90:>11}",
            self.name,
            show(self.figures.median)
        )?;
        let Some(target) = self.target else { return Ok(()) };
        let verdict = if target.is_met(self.figures.median) {
            "met"
        } else {
            "NOT MET"
        };
        match target {
            Target::AtMost(limit) => write!(f, "   at most {}: {verdict}", show(limit)),
            Target::AtLeast(limit) => write!(f, "   at least {}: {verdict}", show(limit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_interpolated() {
        let figures = Figures::of(&[40.0, 10.0, 30.0, 20.0]);
        assert_eq!(figures.median, 25.0);
        assert_eq!(figures.spread, Some((13.0, 37.0)));
    }

    #[test]
    fn one_sample_has_no_spread() {
        let figures = Figures::of(&[7.0]);
        assert_eq!((figures.median, figures.spread), (7.0, None));
    }

    #[test]
    fn a_row_tells_whether_its_target_is_met() {
        let row = Row::new("start", Unit::Time, Figures::of(&[0.0003]));
        assert!(!row.to_string().contains("met"));
        let missed = row.clone().with_target(Target::AtMost(0.0002)).to_string();
        assert!(
            missed.contains("300.00 us") && missed.ends_with("at most 200.00 us: NOT MET"),
            "{missed}"
        );
        let met = row.with_target(Target::AtLeast(0.0003)).to_string();
        assert!(met.ends_with("at least 300.00 us: met"), "{met}");
    }
}
