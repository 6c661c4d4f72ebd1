//! The cookies of a directory's entries.
//!
//! Problem: a cookie is a place in a directory. File systems can find their own places again, but some use 63 bits for
//! a place, of which C libraries keep 32 (`telldir`). Solution: a small place is its own cookie. Other places get
//! numbers, which all directories of a program share. At least the last half million of them are remembered, and at
//! most a million.
//!
//! Rejected: counting entries as cookies (entries get lost when others are removed meanwhile).

use crate::base::errno::{Errno, Result};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of the first place that needs one. Places below are their own cookies.
const FIRST: u64 = 1 << 30;
/// How many numbers there are before they are reused. All of them fit in a guest's `long`.
const NUMBERS: u64 = 1 << 30;
/// How many places a generation has.
const GENERATION: usize = 1 << 19;

/// Places in directories that need a number, in two generations: when the younger one is full, the older one is
/// forgotten. So the places that were numbered last are always known.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<[Generation; 2]>);

#[derive(Debug, Default)]
struct Generation {
    /// How many places were numbered before.
    before: u64,
    offsets: Vec<u64>,
    numbers: HashMap<u64, u64>,
}

impl Places {
    /// Where the place of that cookie is.
    pub(crate) fn find(&self, cookie: u64) -> Result<u64> {
        if cookie < FIRST {
            return Ok(cookie);
        }
        let known = |generation: &Generation| {
            let since = cookie.wrapping_sub(FIRST).wrapping_sub(generation.before) % NUMBERS;
            generation.offsets.get(since as usize).copied()
        };
        let in_range = cookie < FIRST + NUMBERS;
        let found = in_range.then(|| self.lock().iter().find_map(known)).flatten();
        found.ok_or(Errno::Inval)
    }

    /// The cookie of that place.
    pub(crate) fn cookie(&self, offset: u64) -> u64 {
        if offset < FIRST {
            return offset;
        }
        let mut generations = self.lock();
        let [younger, older] = &mut *generations;
        if let Some(number) = younger.numbers.get(&offset) {
            return FIRST + number % NUMBERS;
        }
        if younger.offsets.len() >= GENERATION {
            let before = younger.before + younger.offsets.len() as u64;
            *older = std::mem::take(younger);
            younger.before = before;
        }
        let number = younger.before + younger.offsets.len() as u64;
        younger.offsets.push(offset);
        younger.numbers.insert(offset, number);
        FIRST + number % NUMBERS
    }

    /// No code under this lock panics.
    fn lock(&self) -> MutexGuard<'_, [Generation; 2]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: u64 = u64::MAX >> 1;

    #[test]
    fn a_place_that_is_near_is_its_own_cookie() {
        let places = Places::default();
        for near in [0, 1, FIRST - 1] {
            assert_eq!((places.cookie(near), places.find(near)), (near, Ok(near)));
        }
    }

    #[test]
    fn a_place_that_is_far_keeps_its_number() {
        let places = Places::default();
        assert_eq!(places.find(FIRST), Err(Errno::Inval));
        assert_eq!((places.cookie(FAR), places.cookie(FIRST)), (FIRST, FIRST + 1));
        assert_eq!(places.cookie(FAR), FIRST);
        assert_eq!((places.find(FIRST), places.find(FIRST + 1)), (Ok(FAR), Ok(FIRST)));
        for unknown in [FIRST + 2, FIRST + NUMBERS - 1, FIRST + NUMBERS, u64::MAX] {
            assert_eq!(places.find(unknown), Err(Errno::Inval), "{unknown}");
        }
    }

    #[test]
    fn what_was_numbered_last_is_known() {
        let places = Places::default();
        let mut last = Vec::new();
        for offset in 0..3 * GENERATION as u64 + 1 {
            let cookie = places.cookie(FAR - offset);
            assert!((FIRST..FIRST + NUMBERS).contains(&cookie));
            last.push((cookie, FAR - offset));
        }
        for (cookie, offset) in &last[last.len() - GENERATION..] {
            assert_eq!(places.find(*cookie), Ok(*offset));
        }
        assert_eq!(places.find(last[0].0), Err(Errno::Inval), "long ago");
        let all: usize = places.lock().iter().map(|generation| generation.offsets.len()).sum();
        assert!(all <= 2 * GENERATION);
    }

    #[test]
    fn numbers_are_used_again_when_there_are_no_more() {
        let places = Places::default();
        places.lock()[0].before = NUMBERS - 1;
        assert_eq!(
            (places.cookie(FAR), places.cookie(FAR - 1)),
            (FIRST + NUMBERS - 1, FIRST)
        );
        assert_eq!(places.find(FIRST + NUMBERS - 1), Ok(FAR));
        assert_eq!(places.find(FIRST), Ok(FAR - 1));
    }
}
