//! The text of a script: where its lines and its top-level forms begin.
//!
//! Only the lexer finds the forms, so a form that does not parse does not affect the others.

use std::ops::Range;
use wast::lexer::{Lexer, Token, TokenKind};

/// The text of a script.
pub(crate) struct Source {
    text: String,
    /// The offsets in bytes at which lines begin.
    lines: Vec<usize>,
}

/// A place where the text is malformed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// In bytes.
    pub offset: usize,
    pub message: String,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Source {
            text: text.to_owned(),
            lines: std::iter::once(0).chain(ends).collect(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text of a range that [`Self::forms`] or [`Self::around`] gave.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// The line and the column of an offset, both from 1.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines[line - 1];
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The ranges of the top-level forms, and what stopped the search, if anything did.
    pub(crate) fn forms(&self) -> (Vec<Range<usize>>, Option<Unreadable>) {
        let mut forms = Vec::new();
        let mut open = Vec::new();
        for token in lexer(&self.text).iter(0) {
            let token = match token {
                Ok(token) => token,
                Err(error) => return (forms, Some(Unreadable::at(0, &error))),
            };
            match token.kind {
                TokenKind::LParen => open.push(token.offset),
                TokenKind::RParen => match (open.pop(), open.is_empty()) {
                    (Some(start), true) if !self.is_annotation(start) => forms.push(start..end(&token)),
                    (Some(_), _) => {}
                    (None, _) => return (forms, Some(Unreadable::new(token.offset, "an unmatched `)`"))),
                },
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
                _ if open.is_empty() => return (forms, Some(Unreadable::new(token.offset, "expected `(`"))),
                _ => {}
            }
        }
        let unclosed = open.first().map(|start| Unreadable::new(*start, "an unmatched `(`"));
        (forms, unclosed)
    }

    /// Annotations between directives have no meaning.
    fn is_annotation(&self, start: usize) -> bool {
        self.text.get(start..).is_some_and(|text| text.starts_with("(@"))
    }

    /// The range of the form whose keyword is at `keyword`: the form in `range`, or one inside it.
    pub(crate) fn around(&self, range: &Range<usize>, keyword: usize) -> Option<Range<usize>> {
        let mut open = Vec::new();
        let mut depth = None;
        for token in lexer(self.slice(range)).iter(0).flatten() {
            let offset = range.start + token.offset;
            match token.kind {
                TokenKind::LParen => open.push(offset),
                TokenKind::RParen => {
                    let start = open.pop()?;
                    if depth == Some(open.len()) {
                        return Some(start..range.start + end(&token));
                    }
                }
                TokenKind::Keyword if offset == keyword => depth = Some(open.len().checked_sub(1)?),
                _ => {}
            }
        }
        None
    }
}

impl Unreadable {
    fn new(offset: usize, message: &str) -> Self {
        Unreadable {
            offset,
            message: message.to_owned(),
        }
    }

    /// An error of a parser that read the text from offset `base`.
    pub(crate) fn at(base: usize, error: &wast::Error) -> Self {
        Unreadable {
            offset: base + error.span().offset(),
            message: error.message(),
        }
    }
}

/// Scripts test names in all of Unicode.
pub(crate) fn lexer(text: &str) -> Lexer<'_> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    lexer
}

fn end(token: &Token) -> usize {
    token.offset + token.len as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_between_comments_and_in_spite_of_strings() {
        let source = Source::new("(module (; ) ;)) ;; )\n (@custom (a)) (invoke \"(\")");
        let (forms, stopped) = source.forms();
        let texts: Vec<_> = forms.iter().map(|form| source.slice(form)).collect();
        assert_eq!(texts, ["(module (; ) ;))", "(invoke \"(\")"]);
        assert_eq!(stopped, None);
    }

    #[test]
    fn what_is_no_form_stops_the_search_where_it_stands() {
        for (text, offset, message) in [
            ("(module) module", 9, "expected `(`"),
            ("(module))", 8, "an unmatched `)`"),
            ("(module (func)", 0, "an unmatched `(`"),
        ] {
            let (_, stopped) = Source::new(text).forms();
            assert_eq!(stopped, Some(Unreadable::new(offset, message)));
        }
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("é(module)\n  (invoke)");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(2), (1, 2));
        assert_eq!(source.position(13), (2, 3));
        assert_eq!(source.position(usize::MAX), (2, 1));
    }

    #[test]
    fn the_form_around_a_keyword_is_the_innermost() {
        let text = "(thread $A (thread $B (wait $C)) (wait $B))";
        let source = Source::new(text);
        let inner = source.around(&(0..text.len()), 12);
        assert_eq!(inner.map(|range| source.slice(&range)), Some("(thread $B (wait $C))"));
        assert_eq!(source.around(&(0..text.len()), 1), Some(0..text.len()));
    }
}
