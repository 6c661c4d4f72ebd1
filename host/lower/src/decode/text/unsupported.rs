//! Names items of the proposal that the parser cannot read.
//!
//! The parser reports `(global (thread_local i32) …)` and `waitqueue.new` as syntax errors, in words that depend on the
//! context. They are valid, but weft does not support them. So this module looks at the keyword at which the parser
//! stopped.

use crate::rules::Rule;
use wast::Error;
use wast::lexer::{Lexer, TokenKind};

/// Returns the error that names what the parser stopped at in `text`, or `error` itself if that is no such item.
pub(super) fn named(text: &str, error: Error) -> Error {
    let span = error.span();
    match keyword_at(text, span.offset()).and_then(message) {
        Some(message) => Error::new(span, message),
        None => error,
    }
}

fn message(keyword: &str) -> Option<String> {
    let (items, rule, advice) = match keyword {
        "thread_local" => ("thread-local globals", Rule::Setv14, "keep the value in a context slot"),
        "waitqueue" | "nowaitqueue" | "waitqueueref" | "nullwaitqueueref" | "waitqueue.new" | "waitqueue.notify"
        | "waitqueue.wait" | "struct.wait" | "array.wait" | "global.wait" | "table.wait" | "memory.wait" => {
            ("waiter queues", Rule::Setv15, "wait on a shared memory")
        }
        _ => return None,
    };
    Some(format!("{items} are not supported (rule {rule}): {advice}"))
}

/// The first keyword from an offset on, with nothing before it but opened lists.
fn keyword_at(text: &str, offset: usize) -> Option<&str> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    for token in lexer.iter(offset) {
        let token = token.ok()?;
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment | TokenKind::LParen => {}
            TokenKind::Keyword => return Some(token.src(text)),
            _ => return None,
        }
    }
    None
}
