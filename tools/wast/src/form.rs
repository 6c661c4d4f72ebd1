//! One top-level form of a script, parsed.

use crate::report::Kind;
use crate::source::lexer;
use wast::lexer::TokenKind;
use wast::parser::{self, Parse, ParseBuffer, Parser, Result};
use wast::token::Span;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, Wat, kw};

/// A top-level form.
pub(crate) enum Form<'a> {
    Directive(WastDirective<'a>),
    /// A `get` outside of an assertion, which the format's parser does not know.
    Get(WastExecute<'a>),
}

impl<'a> Parse<'a> for Form<'a> {
    fn parse(parser: Parser<'a>) -> Result<Self> {
        let _custom = parser.register_annotation("custom");
        let _producers = parser.register_annotation("producers");
        let _name = parser.register_annotation("name");
        let _dylink = parser.register_annotation("dylink.0");
        let _branch_hint = parser.register_annotation("metadata.code.branch_hint");
        parser.parens(|parser| match parser.peek::<kw::get>()? {
            true => Ok(Form::Get(parser.parse()?)),
            false => Ok(Form::Directive(parser.parse()?)),
        })
    }
}

/// A script whose whole text is the fields of one module, without `(module` around them.
struct Fields<'a>(Wast<'a>);

impl<'a> Parse<'a> for Fields<'a> {
    fn parse(parser: Parser<'a>) -> Result<Self> {
        Ok(Fields(parser.parse()?))
    }
}

/// Parses a top-level form, or the fields of one module.
pub(crate) fn parse_form<'a>(buffer: &'a ParseBuffer<'a>, are_fields: bool) -> Result<Form<'a>> {
    if !are_fields {
        return parser::parse(buffer);
    }
    // This parser distinguishes fields from directives by the first keyword, and returns fields as one module.
    let Fields(mut script) = parser::parse(buffer)?;
    let module = script.directives.pop();
    module
        .map(Form::Directive)
        .ok_or_else(|| wast::Error::new(Span::from_offset(0), "expected a field".to_owned()))
}

/// What a form's tokens show without parsing it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head<'a> {
    pub keyword: &'a str,
    /// The name of the module, definition or instance.
    pub name: Option<&'a str>,
}

impl<'a> Head<'a> {
    pub(crate) fn of(form: &'a str) -> Self {
        let mut head = Head {
            keyword: "",
            name: None,
        };
        for token in lexer(form).iter(0).flatten() {
            let end = token.offset + token.len as usize;
            let text = form.get(token.offset..end).unwrap_or_default();
            match token.kind {
                TokenKind::LParen if head.keyword.is_empty() => {}
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
                TokenKind::Keyword if head.keyword.is_empty() => head.keyword = text,
                TokenKind::Keyword if matches!(text, "definition" | "instance") => head.keyword = text,
                TokenKind::Id => {
                    head.name = text.strip_prefix('$');
                    break;
                }
                _ => break,
            }
        }
        head
    }

    /// `None` if it is not a directive.
    pub(crate) fn kind(&self) -> Option<Kind> {
        Some(match self.keyword {
            "module" => Kind::Module,
            "component" => Kind::Component,
            "definition" => Kind::Definition,
            "instance" => Kind::Instance,
            "register" => Kind::Register,
            "invoke" => Kind::Invoke,
            "get" => Kind::Get,
            "assert_return" => Kind::AssertReturn,
            "assert_trap" => Kind::AssertTrap,
            "assert_exhaustion" => Kind::AssertExhaustion,
            "assert_exception" => Kind::AssertException,
            "assert_suspension" => Kind::AssertSuspension,
            "assert_malformed" => Kind::AssertMalformed,
            "assert_invalid" => Kind::AssertInvalid,
            "assert_unlinkable" => Kind::AssertUnlinkable,
            "assert_malformed_custom" => Kind::AssertMalformedCustom,
            "assert_invalid_custom" => Kind::AssertInvalidCustom,
            "thread" => Kind::Thread,
            "wait" => Kind::Wait,
            _ => return None,
        })
    }

    /// Whether it is a field of a module. The whole text is then one module.
    pub(crate) fn is_field(&self) -> bool {
        const FIELDS: &[&str] = &[
            "type", "rec", "import", "func", "table", "memory", "global", "export", "start", "elem", "data", "tag",
        ];
        FIELDS.contains(&self.keyword)
    }
}

/// The kind of a directive.
pub(crate) fn kind(directive: &WastDirective<'_>) -> Kind {
    match directive {
        WastDirective::Module(QuoteWat::Wat(Wat::Module(_)) | QuoteWat::QuoteModule(..)) => Kind::Module,
        WastDirective::Module(QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)) => Kind::Component,
        WastDirective::ModuleDefinition(_) => Kind::Definition,
        WastDirective::ModuleInstance { .. } => Kind::Instance,
        WastDirective::AssertMalformed { .. } => Kind::AssertMalformed,
        WastDirective::AssertInvalid { .. } => Kind::AssertInvalid,
        WastDirective::AssertInvalidCustom { .. } => Kind::AssertInvalidCustom,
        WastDirective::AssertMalformedCustom { .. } => Kind::AssertMalformedCustom,
        WastDirective::Register { .. } => Kind::Register,
        WastDirective::Invoke(_) => Kind::Invoke,
        WastDirective::AssertTrap { .. } => Kind::AssertTrap,
        WastDirective::AssertReturn { .. } => Kind::AssertReturn,
        WastDirective::AssertExhaustion { .. } => Kind::AssertExhaustion,
        WastDirective::AssertUnlinkable { .. } => Kind::AssertUnlinkable,
        WastDirective::AssertException { .. } => Kind::AssertException,
        WastDirective::AssertSuspension { .. } => Kind::AssertSuspension,
        WastDirective::Thread(_) => Kind::Thread,
        WastDirective::Wait { .. } => Kind::Wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_form_is_known_although_the_rest_cannot_be_parsed() {
        let head = Head::of("( (; x ;) component definition $a (nonsense))");
        assert_eq!(
            head,
            Head {
                keyword: "definition",
                name: Some("a")
            }
        );
        assert_eq!(Head::of("(assert_nothing $x)").kind(), None);
        assert_eq!(Head::of("(module (func $f))").name, None);
        assert!(Head::of("(func $f)").is_field());
    }
}
