//! Text that is safe to print on a terminal.
//!
//! A program's author chooses the names in it, and messages contain them. A name may contain escape sequences, which
//! could clear the screen or change its title, and marks that reverse the order of what follows.

use std::fmt::{self, Display, Formatter, Write};

/// Displays what `T` displays, with escapes for the characters that control a terminal. Line feeds and tabs remain.
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            '\n' | '\t' => self.0.write_char(character),
            _ if character.is_control() || is_direction(character) => write!(self.0, "{}", character.escape_default()),
            _ => self.0.write_char(character),
        })
    }
}

/// Whether a character changes the direction of the text after it.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::Printable;

    #[test]
    fn what_controls_a_terminal_is_escaped() {
        assert_eq!(
            Printable("a\u{1b}[2Jb\r\u{9b}1m").to_string(),
            "a\\u{1b}[2Jb\\r\\u{9b}1m"
        );
        assert_eq!(Printable("a\u{202e}b\u{2066}c").to_string(), "a\\u{202e}b\\u{2066}c");
    }

    #[test]
    fn text_stays_as_it_is() {
        let text = "caused by:\n\t`größe`, \\ and \"日本\"";
        assert_eq!(Printable(text).to_string(), text);
    }
}
