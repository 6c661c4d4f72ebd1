//! Strings between two memories, in all encodings.

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use weft_abi::transcode::{Results, Transcoding, UTF16_TAG};
use weft_abi::{GuestMemory, Trap};

/// Runs a transcoder on a source at 0 with the target at 0 of another memory.
fn run(op: Transcoding, source: &[u8], units: usize, rest: &[u64], target: &mut [u8]) -> Result<Results, Trap> {
    let mut arguments = vec![0, units as u64, 0];
    arguments.extend(rest);
    op.read(&arguments, source)?.store(target)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}

/// As an adapter does it from UTF-8 or UTF-16 to the encoding that is Latin-1 or UTF-16.
fn to_compact(wide: bool, source: &[u8]) -> Result<(Vec<u8>, bool), Trap> {
    let unit = if wide { 2 } else { 1 };
    let units = source.len() / unit;
    let (narrow, rest) = match wide {
        true => (Transcoding::Utf16ToLatin1, Transcoding::Utf16ToCompactUtf16),
        false => (Transcoding::Utf8ToLatin1, Transcoding::Utf8ToCompactUtf16),
    };
    let mut target = vec![0xa5; 2 * units];
    let Results::Two(read, stored) = run(narrow, source, units, &[], &mut target)? else {
        panic!("a pair");
    };
    if read as usize == units {
        target.truncate(stored as usize);
        return Ok((target, false));
    }
    let left = &source[read as usize * unit..];
    let Results::One(length) = run(rest, left, units - read as usize, &[units as u64, stored], &mut target)? else {
        panic!("a length");
    };
    target.truncate(2 * length as usize);
    Ok((target, true))
}

/// As an adapter does it from UTF-16 or Latin-1 to UTF-8: first what is ASCII, then the rest with more room.
fn to_utf8(op: Transcoding, source: &[u8], unit: usize) -> Result<Vec<u8>, Trap> {
    let units = source.len() / unit;
    let mut target = vec![0xa5; 3 * units];
    let Results::Two(read, stored) = run(op, source, units, &[units as u64, 1], &mut target)? else {
        panic!("a pair");
    };
    let left = &source[read as usize * unit..];
    let room = (target.len() - stored as usize) as u64;
    let rest = run(
        op,
        left,
        units - read as usize,
        &[room, 0],
        &mut target[stored as usize..],
    )?;
    let Results::Two(more, end) = rest else {
        panic!("a pair");
    };
    assert_eq!(read + more, units as u64);
    target.truncate((stored + end) as usize);
    Ok(target)
}

#[test]
fn text_arrives_in_every_encoding() {
    for seed in 0..2_000 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let highest = [0x7f, 0xff, 0x2000, 0x10_ffff][random.random_range(0..4)];
        let characters =
            (0..random.random_range(0..30)).filter_map(|_| char::from_u32(random.random_range(0..=highest)));
        let text = &characters.collect::<String>();
        let (narrow, wide) = (latin1(text), utf16(text));
        let units = wide.len() / 2;

        let mut target = vec![0; text.len()];
        assert_eq!(
            run(Transcoding::Utf8ToUtf8, text.as_bytes(), text.len(), &[], &mut target),
            Ok(Results::None)
        );
        assert_eq!(target, text.as_bytes());

        let mut target = vec![0; wide.len()];
        assert_eq!(
            run(Transcoding::Utf16ToUtf16, &wide, units, &[], &mut target),
            Ok(Results::None)
        );
        assert_eq!(target, wide);

        let mut target = vec![0; 2 * text.len()];
        let stored = run(Transcoding::Utf8ToUtf16, text.as_bytes(), text.len(), &[], &mut target);
        assert_eq!(stored, Ok(Results::One(units as u64)));
        assert_eq!(target[..wide.len()], wide);

        let compact = narrow.clone().map_or((wide.clone(), true), |narrow| (narrow, false));
        assert_eq!(to_compact(false, text.as_bytes()), Ok(compact.clone()), "{text:?}");
        assert_eq!(to_compact(true, &wide), Ok(compact.clone()), "{text:?}");
        assert_eq!(
            to_utf8(Transcoding::Utf16ToUtf8, &wide, 2),
            Ok(text.clone().into_bytes())
        );

        let mut target = vec![0; wide.len()];
        let probably = run(Transcoding::Utf16ToCompactProbablyUtf16, &wide, units, &[], &mut target);
        let tag = if compact.1 { UTF16_TAG } else { 0 };
        assert_eq!(probably, Ok(Results::One(units as u64 | tag)));
        assert_eq!(target[..compact.0.len()], compact.0);

        if let Some(narrow) = narrow {
            let mut target = vec![0; narrow.len()];
            assert_eq!(
                run(Transcoding::Latin1ToLatin1, &narrow, units, &[], &mut target),
                Ok(Results::None)
            );
            assert_eq!(target, narrow);
            let mut target = vec![0; wide.len()];
            assert_eq!(
                run(Transcoding::Latin1ToUtf16, &narrow, units, &[], &mut target),
                Ok(Results::None)
            );
            assert_eq!(target, wide);
            assert_eq!(
                to_utf8(Transcoding::Latin1ToUtf8, &narrow, 1),
                Ok(text.clone().into_bytes())
            );
        }
    }
}

#[test]
fn text_that_is_not_in_its_encoding_traps() {
    use Transcoding::*;
    let (utf8, lone) = (&b"ab\xff"[..], &b"a\0\0\xd8"[..]);
    type Case<'a> = (Transcoding, &'a [u8], usize, &'a [u64], &'a str);
    let cases: [Case<'_>; 7] = [
        (Utf8ToUtf8, utf8, 3, &[], "invalid utf8 encoding"),
        (Utf8ToUtf16, utf8, 3, &[], "invalid utf8 encoding"),
        (Utf8ToCompactUtf16, utf8, 3, &[3, 0], "invalid utf8 encoding"),
        (Utf16ToUtf16, lone, 2, &[], "invalid utf16 encoding"),
        (Utf16ToUtf8, lone, 2, &[9, 0], "invalid utf16 encoding"),
        (Utf16ToCompactUtf16, lone, 2, &[2, 0], "invalid utf16 encoding"),
        (Utf16ToCompactProbablyUtf16, lone, 2, &[], "invalid utf16 encoding"),
    ];
    for (op, source, units, rest, message) in cases {
        let outcome = run(op, source, units, rest, &mut [0; 16])
            .err()
            .map(|error| error.to_string());
        assert!(
            outcome.as_deref().is_some_and(|found| found.starts_with(message)),
            "{op:?}: {outcome:?}"
        );
    }
}

/// Whatever an adapter passes, nothing beyond the room that it names is written, and nothing panics.
#[test]
fn any_arguments_give_results_or_a_trap() {
    use Transcoding::*;
    let all = [
        Utf8ToUtf8,
        Utf16ToUtf16,
        Latin1ToLatin1,
        Latin1ToUtf16,
        Utf8ToUtf16,
        Utf16ToUtf8,
        Latin1ToUtf8,
        Utf8ToLatin1,
        Utf16ToLatin1,
        Utf8ToCompactUtf16,
        Utf16ToCompactUtf16,
        Utf16ToCompactProbablyUtf16,
    ];
    let (mut done, mut traps) = (0, 0);
    for seed in 0..20_000 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let op = all[seed as usize % all.len()];
        let mut memory = [0_u8; 64];
        for byte in &mut memory {
            *byte = random.random_range(0..0xff) & if random.random() { 0x7f } else { 0xff };
        }
        let before = memory;
        let mut word = || match random.random_range(0..8) {
            0 => random.random(),
            _ => random.random_range(0..32),
        };
        let arguments: [u64; 5] = std::array::from_fn(|_| word());
        let outcome = op
            .read(&arguments, &memory[..])
            .and_then(|transcoded| transcoded.store(&mut memory[..]));
        match outcome {
            Ok(_) => done += 1,
            Err(_) => traps += 1,
        }
        if let (Ok(_), Utf8ToCompactUtf16 | Utf16ToCompactUtf16) = (outcome, op) {
            let end = arguments[2].saturating_add(arguments[3].saturating_mul(2)).min(64) as usize;
            assert_eq!(memory[end..], before[end..], "seed {seed}");
        }
    }
    assert!(done > 1_000 && traps > 1_000, "{done} done, {traps} traps");
    // There is room for one character, and there are two.
    let outcome = run(Utf16ToCompactUtf16, b"a\0b\0", 2, &[2, 1], &mut [0; 8]);
    assert!(
        matches!(outcome, Err(Trap::OutOfBounds { bytes: 6, size: 4, .. })),
        "{outcome:?}"
    );
    // A missing argument is the host's mistake.
    assert!(matches!(Utf16ToUtf8.read(&[0, 0, 0], &[][..]), Err(Trap::FlatValues)));
    assert_eq!([0; 4][..].size(), 4);
}
