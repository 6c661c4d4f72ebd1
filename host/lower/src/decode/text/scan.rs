//! Finds what to respell in a text. Of the grammar, it knows only which list a token is in, and with which keyword that
//! list begins.

use crate::builtins::CanonicalBuiltin;
use std::borrow::Cow;
use std::ops::Range;
use wast::lexer::{Lexer, Token, TokenKind};

/// Replaces `range` with other text.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: Cow<'static, str>,
}

/// A definition of a built-in with a `shared` immediate.
pub(super) struct ScannedDefinition {
    pub(super) builtin: CanonicalBuiltin,
    pub(super) keyword: Range<usize>,
    pub(super) is_marked: bool,
    /// Whether the keyword is spelt with a hyphen where the parser wants an underscore.
    pub(super) has_hyphen: bool,
}

/// What was found.
#[derive(Default)]
pub(super) struct Scan {
    /// In order, and apart from each other.
    pub(super) edits: Vec<Edit>,
    pub(super) definitions: Vec<ScannedDefinition>,
    /// From the keyword `component` to the end of its list.
    pub(super) components: Vec<Range<usize>>,
}

/// An open list.
struct List {
    /// Where its parenthesis is.
    opened: usize,
    state: State,
}

/// What was read of a list, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but the parenthesis.
    Begun,
    /// `(canon`
    Canon,
    /// `(canon` and the keyword of a built-in with a `shared` immediate.
    Builtin,
    /// `(shared`
    Shared,
    /// `(mut` directly behind `(shared`. Its parentheses are removed.
    SharedMut,
    /// `(component` at this place of [`Scan::components`].
    Component(usize),
    /// `(@…`: an annotation, or a list within one. The parser does not look at it.
    Annotation,
    Other,
}

impl Scan {
    pub(super) fn of(text: &str) -> Scan {
        let mut scan = Scan::default();
        let mut lists = Vec::new();
        let mut lexer = Lexer::new(text);
        // The caller that parses decides whether to accept these: scripts test names in all of Unicode.
        lexer.allow_confusing_unicode(true);
        for token in lexer.iter(0) {
            let Ok(token) = token else { break };
            scan.token(text, &token, &mut lists);
        }
        scan
    }

    fn token(&mut self, text: &str, token: &Token, lists: &mut Vec<List>) {
        let state = lists.last().map_or(State::Other, |list| list.state);
        let range = token.offset..token.offset + token.src(text).len();
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
            TokenKind::RParen => {
                match lists.pop().map(|list| list.state) {
                    Some(State::SharedMut) => self.blank(range),
                    Some(State::Component(number)) => {
                        if let Some(component) = self.components.get_mut(number) {
                            component.end = range.end;
                        }
                    }
                    _ => {}
                }
                if let Some(outer) = lists.last_mut() {
                    outer.state = after(outer.state);
                }
            }
            TokenKind::LParen => {
                let inner = match state {
                    State::Annotation => State::Annotation,
                    State::Begun
                    | State::Canon
                    | State::Builtin
                    | State::Shared
                    | State::SharedMut
                    | State::Component(_)
                    | State::Other => State::Begun,
                };
                lists.push(List {
                    opened: token.offset,
                    state: inner,
                });
            }
            _ if state == State::Annotation => {}
            kind => {
                let next = match kind {
                    TokenKind::Keyword => self.keyword(token.src(text), range, lists),
                    TokenKind::Annotation if state == State::Begun => State::Annotation,
                    _ => after(state),
                };
                if let Some(list) = lists.last_mut() {
                    list.state = next;
                }
            }
        }
    }

    /// Returns the state of the list after this keyword.
    fn keyword(&mut self, keyword: &str, range: Range<usize>, lists: &[List]) -> State {
        match keyword {
            "seqcst" => self.replace(range.clone(), "seq_cst"),
            "acqrel" => self.replace(range.clone(), "acq_rel"),
            _ => {}
        }
        let (list, outer) = match lists {
            [.., outer, list] => (list, outer.state),
            [list] => (list, State::Other),
            [] => return State::Other,
        };
        match (list.state, keyword) {
            (State::Begun, "canon") => State::Canon,
            (State::Begun, "shared") => State::Shared,
            (State::Begun, "mut") if outer == State::Shared => {
                self.blank(list.opened..list.opened + 1);
                State::SharedMut
            }
            (State::Begun, "component") => {
                self.components.push(range.start..range.end);
                State::Component(self.components.len() - 1)
            }
            (State::Canon, _) => self.builtin(keyword, range),
            (State::Builtin, "shared") => {
                if let Some(definition) = self.definitions.last_mut() {
                    definition.is_marked = true;
                }
                self.blank(range);
                State::Other
            }
            (state, _) => after(state),
        }
    }

    fn builtin(&mut self, keyword: &str, range: Range<usize>) -> State {
        let parsed = CanonicalBuiltin::ALL
            .iter()
            .filter_map(|builtin| Some((*builtin, builtin.row().immediate?.keyword)));
        let is_named = |(builtin, parsed): &(CanonicalBuiltin, &str)| keyword == builtin.name() || keyword == *parsed;
        let Some((builtin, parsed)) = parsed.into_iter().find(is_named) else {
            return State::Other;
        };
        let has_hyphen = keyword != parsed;
        if has_hyphen {
            self.replace(range.clone(), parsed);
        }
        self.definitions.push(ScannedDefinition {
            builtin,
            keyword: range,
            is_marked: false,
            has_hyphen,
        });
        State::Builtin
    }

    fn replace(&mut self, range: Range<usize>, text: &'static str) {
        let text = Cow::Borrowed(text);
        self.edits.push(Edit { range, text });
    }

    fn blank(&mut self, range: Range<usize>) {
        let text = Cow::Owned(" ".repeat(range.len()));
        self.edits.push(Edit { range, text });
    }
}

/// The state of a list after a token or list in it that does not matter.
fn after(state: State) -> State {
    match state {
        State::SharedMut | State::Component(_) | State::Annotation => state,
        State::Begun | State::Canon | State::Builtin | State::Shared | State::Other => State::Other,
    }
}
