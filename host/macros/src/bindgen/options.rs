//! The options of `bindgen!`.

use std::collections::HashMap;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitStr, Path, Result, Token, braced, bracketed};

/// See the module.
#[derive(Default)]
pub(crate) struct Options {
    /// The world's name. Without one, the package has one world.
    pub(super) world: Option<String>,
    /// Files and folders, from the folder of the crate.
    pub(super) paths: Vec<String>,
    /// A package in the macro's input.
    pub(super) inline: Option<String>,
    /// Types and interfaces that the host has already, by name.
    pub(super) with: Vec<(String, Path)>,
    /// How functions are imported that have no options of their own.
    pub(super) default_import: ImportOptions,
    /// How functions are imported, by name.
    pub(super) imports: HashMap<String, ImportOptions>,
    /// The Rust types that stand for error types, by name.
    pub(super) trappable_errors: Vec<(String, Path)>,
    /// What types derive besides.
    pub(super) derives: Vec<Path>,
}

/// How a function is imported.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ImportOptions {
    /// Its method is asynchronous.
    pub(super) is_async: bool,
    /// Its method may block.
    pub(super) blocking: bool,
    /// Its method can end the program with an error.
    pub(super) trappable: bool,
}

impl Parse for ImportOptions {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = ImportOptions::default();
        loop {
            if input.peek(Token![async]) {
                input.parse::<Token![async]>()?;
                options.is_async = true;
            } else {
                let word: Ident = input.parse()?;
                match word.to_string().as_str() {
                    "trappable" => options.trappable = true,
                    "blocking" => options.blocking = true,
                    _ => {
                        let message = "expected `async`, `blocking` or `trappable`";
                        return Err(Error::new(word.span(), message));
                    }
                }
            }
            if !input.peek(Token![|]) {
                break;
            }
            input.parse::<Token![|]>()?;
        }
        match options.is_async && options.blocking {
            true => Err(input.error("a function cannot be both `async` and `blocking`: remove one")),
            false => Ok(options),
        }
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Options::default();
        if input.peek(LitStr) {
            options.world = Some(input.parse::<LitStr>()?.value());
            if input.peek(Token![in]) {
                input.parse::<Token![in]>()?;
                options.paths.push(input.parse::<LitStr>()?.value());
            }
            return Ok(options);
        }
        if input.is_empty() {
            return Ok(options);
        }
        let content;
        braced!(content in input);
        while !content.is_empty() {
            options.field(&content)?;
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn field(&mut self, content: ParseStream<'_>) -> Result<()> {
        if content.peek(Token![async]) {
            let keyword = content.parse::<Token![async]>()?;
            content.parse::<Token![:]>()?;
            return match content.parse::<syn::LitBool>()?.value {
                true => {
                    self.default_import.is_async = true;
                    Ok(())
                }
                false => Err(Error::new(
                    keyword.span,
                    "leave `async` out: functions are not asynchronous by default",
                )),
            };
        }
        let name: Ident = content.parse()?;
        content.parse::<Token![:]>()?;
        match name.to_string().as_str() {
            "world" => self.world = Some(content.parse::<LitStr>()?.value()),
            "inline" => self.inline = Some(content.parse::<LitStr>()?.value()),
            "path" if content.peek(LitStr) => self.paths.push(content.parse::<LitStr>()?.value()),
            "path" => {
                let list;
                bracketed!(list in content);
                let paths = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
                self.paths.extend(paths.iter().map(LitStr::value));
            }
            "with" => self.with = entries(content, |input| input.parse::<Token![:]>().map(drop))?,
            "trappable_error_type" => {
                self.trappable_errors = entries(content, |input| input.parse::<Token![=>]>().map(drop))?;
            }
            "additional_derives" => {
                let list;
                bracketed!(list in content);
                let derives = Punctuated::<Path, Token![,]>::parse_terminated(&list)?;
                self.derives = derives.into_iter().collect();
            }
            "imports" => self.imports(content)?,
            _ => {
                let message = "expected `world`, `path`, `inline`, `async`, `imports`, `with`, `trappable_error_type` or \
                               `additional_derives`";
                return Err(Error::new(name.span(), message));
            }
        }
        Ok(())
    }

    fn imports(&mut self, input: ParseStream<'_>) -> Result<()> {
        let content;
        braced!(content in input);
        while !content.is_empty() {
            if content.peek(LitStr) {
                let function = content.parse::<LitStr>()?.value();
                content.parse::<Token![:]>()?;
                self.imports.insert(function, content.parse()?);
            } else {
                let word: Ident = content.parse()?;
                if word != "default" {
                    return Err(Error::new(word.span(), "expected `default` or the name of a function"));
                }
                content.parse::<Token![:]>()?;
                self.default_import = content.parse()?;
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }
}

/// Names with the Rust paths that stand for them.
fn entries(input: ParseStream<'_>, separator: impl Fn(ParseStream<'_>) -> Result<()>) -> Result<Vec<(String, Path)>> {
    let content;
    braced!(content in input);
    let mut entries = Vec::new();
    while !content.is_empty() {
        let name = content.parse::<LitStr>()?.value();
        separator(&content)?;
        entries.push((name, content.parse()?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(entries)
}
