//! Converts function names to the form that they have in the source.
//!
//! **Problem.** Compilers encode a function's path, and in C++ its parameters, in one symbol that is hard to read.
//! **Before:** `_RNvNtCs1234_4core9panicking5panic`. **After:** `core::panicking::panic`. This handles both manglings
//! of Rust and that of C++; any other name stays unchanged. As in Rust's own backtraces, hashes are left out.
//!
//! A symbol can refer to its own parts, so a hundred bytes can expand to terabytes of text. So weft formats everything
//! that contains demangled names with a limit. A name that would be longer stays unchanged. Wasmtime's text of a
//! backtrace has no limit, because it demangles each name as a whole. So [`cause`] stops before the first name.
//!
//! A module's author chooses the names, and weft prints them on a terminal. So it escapes control characters.

use cpp_demangle::DemangleOptions;
use std::fmt::{self, Display, Write};
use weft_lower::messages::is_backtrace;

/// The most bytes that a demangled name may have.
const LONGEST_NAME: usize = 8 << 10;

/// The prefixes of symbols. The demanglers accept more than that: one of them takes `s` for the code of a type,
/// `short`.
const PREFIXES: [&str; 2] = ["_R", "_Z"];

/// A function's name, demangled if it is a symbol of Rust or C++, and without control characters.
pub(crate) fn demangle(name: &str) -> String {
    printable(&demangled(name))
}

/// A name of a program's, with escapes for control characters.
pub(crate) fn printable(name: &str) -> String {
    let escaped = |character: char| match character.is_control() {
        true => character.escape_debug().to_string(),
        false => character.to_string(),
    };
    match name.contains(char::is_control) {
        true => name.chars().map(escaped).collect(),
        false => name.to_owned(),
    }
}

fn demangled(name: &str) -> String {
    if !PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return name.to_owned();
    }
    let mut demangled = Bounded::new(LONGEST_NAME);
    let written = if let Ok(symbol) = rustc_demangle::try_demangle(name) {
        write!(demangled, "{symbol:#}")
    } else if let Ok(symbol) = cpp_demangle::Symbol::new(name) {
        symbol.structured_demangle(&mut demangled, &DemangleOptions::new())
    } else {
        return name.to_owned();
    };
    match written {
        Ok(()) => demangled.text,
        Err(fmt::Error) => name.to_owned(),
    }
}

/// The first `longest` bytes of a cause of an error. None if it is the engine's text of a backtrace.
pub(crate) fn cause(cause: &dyn Display, longest: usize) -> Option<String> {
    let mut beginning = NoBacktrace(Bounded::new(longest));
    let written = write!(beginning, "{cause}");
    let text = beginning.0.text;
    match written {
        _ if is_backtrace(&text) => None,
        Ok(()) => Some(text),
        Err(fmt::Error) => Some(text + "..."),
    }
}

/// An error to write more to as soon as it is the engine's text of a backtrace. That begins with a line of its own.
struct NoBacktrace(Bounded);

impl Write for NoBacktrace {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.0.write_str(piece)?;
        match is_backtrace(&self.0.text) {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}

/// A text of limited size. Writing more is an error.
struct Bounded {
    text: String,
    room: usize,
}

impl Bounded {
    fn new(room: usize) -> Self {
        let text = String::new();
        Bounded { text, room }
    }
}

impl Write for Bounded {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let fits = &piece[..piece.floor_char_boundary(self.room)];
        self.text.push_str(fits);
        self.room -= fits.len();
        match fits.len() == piece.len() {
            true => Ok(()),
            false => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, cause, demangle};
    use std::fmt::{self, Display, Formatter};

    #[test]
    fn symbols_of_rust_and_cpp_are_demangled() {
        for (symbol, name) in [
            // Rust v0, with generic arguments, a closure, a suffix of LLVM's.
            ("_RNvNtCs6tBTu2KQ5p_4core9panicking5panic", "core::panicking::panic"),
            ("_RINvNtC3std3mem8align_ofjdE", "std::mem::align_of::<usize, f64>"),
            ("_RNCNvC4prog4main0", "prog::main::{closure#0}"),
            ("_RNvC4prog4main.llvm.1234", "prog::main"),
            // Rust's older mangling.
            ("_ZN4core9panicking5panic17h0123456789abcdefE", "core::panicking::panic"),
            (
                "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
                "<Test + 'static as foo::Bar<Test>>::bar",
            ),
            // C++.
            ("_ZN5space3fooEibc", "space::foo(int, bool, char)"),
            (
                "_ZNSt6vectorIiSaIiEE9push_backERKi",
                "std::vector<int, std::allocator<int> >::push_back(int const&)",
            ),
            ("_ZN3FooD1Ev", "Foo::~Foo()"),
            ("_Z3foov.cold", "foo() [clone .cold]"),
        ] {
            assert_eq!(demangle(symbol), name);
        }
    }

    #[test]
    fn other_names_stay_as_they_are() {
        for name in [
            "",
            "main",
            "_start",
            "_Z",
            "_R",
            "_ZN",
            "_ZN3fo",
            "_RNvC4prog",
            "memcpy",
            "s",
            "PKc",
            "St",
            "ZN3foo3barE",
            "RNvC4prog4main",
            "naïve",
        ] {
            assert_eq!(demangle(name), name);
        }
    }

    /// Each parameter is a function that takes the previous one twice.
    #[test]
    fn a_symbol_that_is_too_long_stays_as_it_is() {
        let doubling = |times: u32| {
            let parameter = |number: u32| {
                let digit = char::from_digit(2 * number, 36).expect("a digit").to_ascii_uppercase();
                format!("PFvS{digit}_S{digit}_E")
            };
            "_Z1fPFvvE".to_owned() + &(0..times).map(parameter).collect::<String>()
        };
        assert_eq!(
            demangle(&doubling(1)),
            "f(void (*)(), void (*)(void (*)(), void (*)()))"
        );
        assert_eq!(demangle(&doubling(18)), doubling(18), "megabytes");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(demangle("a\0b\n\u{1b}[31m"), "a\\0b\\n\\u{1b}[31m");
        assert_eq!(demangle("_Z1a\r"), "_Z1a\\r");
    }

    #[test]
    fn a_beginning_ends_between_characters() {
        let cause = |text: &str, longest| cause(&text, longest).expect("no backtrace");
        assert_eq!(cause("naïve", 3), "na...");
        assert_eq!(cause("naïve", 6), "naïve");
        assert_eq!(cause("", 0), "");
        assert_eq!(cause(&"x".repeat(LONGEST_NAME), 1), "x...");
    }

    /// The engine's text of a backtrace, which must not come to the names.
    struct Backtrace;

    impl Display for Backtrace {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            writeln!(f, "error while executing at wasm backtrace:")?;
            unreachable!("a name is formatted");
        }
    }

    #[test]
    fn names_of_the_engines_text_are_not_formatted() {
        assert_eq!(cause(&Backtrace, 1000), None);
    }
}
