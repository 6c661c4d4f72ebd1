//! Whole numbers on the command line.
//!
//! **Rejected:** clap's own parsers, whose errors (`invalid digit found in string`) do not say which numbers are possible.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::str::FromStr;
use weft::MAX_WORKERS;

/// A year, which is as good as no limit. The clock cannot count to the largest number of seconds.
const MAX_SECONDS: u64 = 365 * 24 * 60 * 60;

/// How many workers to start.
pub fn parse_workers(text: &str) -> Result<NonZeroUsize, String> {
    const MOST: NonZeroUsize = NonZeroUsize::new(MAX_WORKERS).unwrap();
    parse(text, NonZeroUsize::MIN..=MOST)
}

/// How many threads a program can have.
pub fn parse_threads(text: &str) -> Result<u32, String> {
    parse(text, 1..=u32::MAX)
}

/// A time in seconds.
pub fn parse_seconds(text: &str) -> Result<u64, String> {
    parse(text, 1..=MAX_SECONDS)
}

fn parse<N: FromStr + PartialOrd + Display>(text: &str, range: RangeInclusive<N>) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("use {} to {}", range.start(), range.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_which_numbers_are_possible() {
        assert_eq!(parse_workers("1024").map(NonZeroUsize::get), Ok(1024));
        assert_eq!(parse_threads("4294967295"), Ok(u32::MAX));
        assert_eq!(parse_seconds("1"), Ok(1));
        for text in ["0", "1025", "x", "", "-1", "1.5"] {
            assert_eq!(parse_workers(text), Err("use 1 to 1024".to_owned()), "{text}");
        }
        for text in ["0", "4294967296", "x"] {
            assert_eq!(parse_threads(text), Err("use 1 to 4294967295".to_owned()), "{text}");
        }
        for text in ["0", "18446744073709551615", "1s"] {
            assert_eq!(parse_seconds(text), Err("use 1 to 31536000".to_owned()), "{text}");
        }
    }
}
