//! Two runs of the benchmark side by side.
//!
//! Only ratios are compared: they are measured within one process, so they depend little on how busy the machine was.

use crate::{Figures, Results, Row, Target, Unit};
use std::fmt;

/// By how much a median must differ for a ratio to count as worse.
const TOLERANCE: f64 = 0.03;

/// A ratio in two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What was measured.
    pub name: String,
    /// In the earlier run.
    pub before: Figures,
    /// In the later run.
    pub after: Figures,
    /// What it means.
    pub verdict: Verdict,
}

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The spreads overlap, or the medians are about the same.
    Same,
    /// Nearer to the target, or beyond.
    Better,
    /// Farther from the target.
    Worse,
    /// The row has no target, so neither figure is better.
    Different,
}

/// The ratios that both runs have.
pub fn compare(before: &Results, after: &Results) -> Vec<Change> {
    let mut changes = Vec::new();
    for group in &after.groups {
        let earlier = before.group(&group.title).unwrap_or_default();
        for row in group.rows.iter().filter(|row| row.unit == Unit::Ratio) {
            if let Some(earlier) = earlier.iter().find(|earlier| earlier.name == row.name) {
                changes.push(Change {
                    name: format!("{}: {}", group.title, row.name),
                    before: earlier.figures,
                    after: row.figures,
                    verdict: verdict(earlier, row),
                });
            }
        }
    }
    changes
}

fn verdict(before: &Row, after: &Row) -> Verdict {
    let (old, new) = (before.figures, after.figures);
    let spread = |figures: Figures| figures.spread.unwrap_or((figures.median, figures.median));
    let (old_spread, new_spread) = (spread(old), spread(new));
    let overlap = old_spread.0 <= new_spread.1 && new_spread.0 <= old_spread.1;
    if overlap || (new.median - old.median).abs() <= old.median * TOLERANCE {
        return Verdict::Same;
    }
    match after.target {
        None => Verdict::Different,
        Some(Target::AtMost(_)) if new.median < old.median => Verdict::Better,
        Some(Target::AtLeast(_)) if new.median > old.median => Verdict::Better,
        Some(Target::AtMost(_) | Target::AtLeast(_)) => Verdict::Worse,
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Same => "",
            Verdict::Better => "better",
            Verdict::Worse => "WORSE",
            Verdict::Different => "different",
        };
        let (before, after) = (self.before.median, self.after.median);
        write!(f, "{:<72} {before:>9.3} {after:>9.3}  {verdict}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(samples: [f64; 2], target: Option<Target>) -> Row {
        Row {
            target,
            ..Row::new("a ratio", Unit::Ratio, Figures::of(&samples))
        }
    }

    #[test]
    fn a_change_beyond_the_spread_is_judged_by_the_target() {
        let (low, high) = ([1.0, 1.01], [1.2, 1.21]);
        let judge = |before, after, target| verdict(&row(before, target), &row(after, target));
        assert_eq!(judge(low, high, Some(Target::AtMost(1.5))), Verdict::Worse);
        assert_eq!(judge(high, low, Some(Target::AtMost(1.5))), Verdict::Better);
        assert_eq!(judge(low, high, Some(Target::AtLeast(0.5))), Verdict::Better);
        assert_eq!(judge(high, low, Some(Target::AtLeast(0.5))), Verdict::Worse);
        assert_eq!(judge(low, high, None), Verdict::Different);
    }

    #[test]
    fn what_the_spread_explains_is_the_same() {
        let judge = |before, after| verdict(&row(before, None), &row(after, None));
        assert_eq!(judge([1.0, 1.3], [1.1, 1.6]), Verdict::Same);
        assert_eq!(judge([1.0, 1.001], [1.01, 1.011]), Verdict::Same);
    }
}
