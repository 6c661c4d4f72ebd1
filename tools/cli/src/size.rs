//! Sizes on the command line.

use weft::WASM_STACK_SIZES;

/// A size in bytes, with a suffix or without.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let number = digits.parse::<u64>();
    let number =
        number.map_err(|_| "expected a whole number, optionally followed by KiB, MiB, GiB or TiB".to_owned())?;
    let suffix = &text[digits.len()..];
    let shift = match suffix.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(format!("unknown suffix `{suffix}`: use KiB, MiB, GiB or TiB")),
    };
    number.checked_mul(1 << shift).ok_or_else(|| "too large".to_owned())
}

/// A size of stacks. WebAssembly code needs some.
pub fn parse_stack_size(text: &str) -> Result<usize, String> {
    let bytes = usize::try_from(parse_size(text)?).map_err(|_| "too large".to_owned())?;
    let (least, most) = WASM_STACK_SIZES.into_inner();
    if bytes < least {
        Err(format!("too small: use at least {least} bytes"))
    } else if bytes > most {
        Err(format!("too large: use at most {most} bytes"))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_binary_suffixes() {
        assert_eq!(parse_size("65536"), Ok(65536));
        assert_eq!(parse_size("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size("2g"), Ok(2 << 30));
        assert_eq!(parse_size("1TiB"), Ok(1 << 40));
        let error = parse_size("64MiX").expect_err("no such suffix");
        assert!(error.contains("`MiX`"), "{error}");
        assert!(parse_size("MiB").is_err());
        assert!(parse_size("99999999999G").is_err());
    }
}
