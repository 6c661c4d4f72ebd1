//! Contenders that take turns, and the ratios of their times.

use crate::Figures;
use anyhow::Result;
use std::time::Duration;

/// Something that runs once for each round and tells how long it took.
pub(crate) type Contender<'a> = Box<dyn FnMut() -> Result<Duration> + 'a>;

/// The times of some contenders: one list for each, with one time for each round.
pub(crate) struct Rounds(Vec<Vec<f64>>);

impl Rounds {
    /// Runs each contender once in each round, every other round in the opposite order.
    ///
    /// There is one round more that does not count, since whatever runs first has to warm up.
    pub(crate) fn run(rounds: usize, contenders: &mut [Contender<'_>]) -> Result<Self> {
        let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
        for round in 0..=rounds {
            let mut order: Vec<usize> = (0..contenders.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for contender in order {
                let time = contenders[contender]()?;
                if round > 0 {
                    times[contender].push(time.as_secs_f64());
                }
            }
        }
        Ok(Rounds(times))
    }

    /// The times of one call, if each time so far is that of `calls` calls. A [`Duration`] counts whole nanoseconds, which is too coarse
    /// for short calls: 7.4 against 5.6 would be 1.4 times as long.
    pub(crate) fn per(mut self, calls: u32) -> Self {
        for time in self.0.iter_mut().flatten() {
            *time /= f64::from(calls);
        }
        self
    }

    /// The times in seconds of one contender.
    pub(crate) fn times(&self, contender: usize) -> Figures {
        Figures::of(&self.0[contender])
    }

    /// How many times as long as `less` the contender `more` took, within each round.
    pub(crate) fn ratio(&self, more: usize, less: usize) -> Figures {
        let rounds = self.0[more].iter().zip(&self.0[less]);
        let ratios: Vec<f64> = rounds.map(|(more, less)| more / less).collect();
        Figures::of(&ratios)
    }

    /// Which of two contenders has the smaller median.
    pub(crate) fn faster(&self, one: usize, other: usize) -> usize {
        match self.times(one).median <= self.times(other).median {
            true => one,
            false => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn contenders_take_turns_in_both_orders() -> Result<()> {
        let order = RefCell::new(String::new());
        let contender = |name, millis| -> Contender<'_> {
            let order = &order;
            Box::new(move || {
                order.borrow_mut().push(name);
                Ok(Duration::from_millis(millis))
            })
        };
        let rounds = Rounds::run(2, &mut [contender('a', 6), contender('b', 3)])?;
        assert_eq!(rounds.times(0).median, 0.006);
        assert_eq!(rounds.ratio(0, 1).median, 2.0);
        assert_eq!(rounds.faster(0, 1), 1);
        let rounds = rounds.per(4_000_000);
        assert_eq!(rounds.times(0).median, 0.006 / 4e6);
        drop(rounds);
        assert_eq!(order.into_inner(), "abbaab");
        Ok(())
    }
}
