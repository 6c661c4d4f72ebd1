//! `weft run --invoke`: calls one exported function, with its arguments and its result as text.
//!
//! The text is WAVE, which [`weft::wave`] reads and prints. [`Invocation`] is the option as it was typed. It chooses one of the functions
//! that a component exports.
//!
//! **Rejected:** taking the types from the component's bytes, since a program that comes from the cache is not parsed.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use weft::{Component, FuncType, Instance, Types, Val, wave};

/// The function to call, and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The exported interface that the function is in. Without it the function may be in any.
    interface: Option<String>,
    function: String,
    /// In parentheses. Without them, the program's arguments on the command line are those of the function.
    arguments: Option<String>,
}

/// Reads the option's value: `function`, `function(arguments)`, or one of them behind `interface#`.
pub fn parse(text: &str) -> Result<Invocation, String> {
    let (path, arguments) = match text.find('(') {
        Some(start) => (&text[..start], Some(text[start..].to_owned())),
        None => (text, None),
    };
    let (interface, function) = match path.trim().rsplit_once('#') {
        Some((interface, function)) => (Some(interface.to_owned()), function),
        None => (None, path.trim()),
    };
    if function.is_empty() || interface.as_deref() == Some("") {
        return Err("expected `function(arguments)` or `interface#function(arguments)`".to_owned());
    }
    Ok(Invocation {
        interface,
        function: function.to_owned(),
        arguments,
    })
}

impl Invocation {
    /// Chooses the function among those that are exported. A function that is in no instance comes first; an interface may be named
    /// without its version.
    ///
    /// Each function is given by its path: its own name, behind those of the instances that it is in. A name with underscores is that of
    /// an adapted core module's function, which has hyphens in their place.
    fn choose<'a>(&self, exported: &[&'a [String]]) -> Result<&'a [String]> {
        let wanted = self.function.replace('_', "-");
        let named = |path: &[String]| path.last().is_some_and(|name| *name == wanted);
        let is_wanted = |path: &&'a [String]| match (&self.interface, *path) {
            (None, path) => named(path),
            (Some(wanted), [interface, _]) => {
                let version = interface.strip_prefix(wanted.as_str());
                named(path) && version.is_some_and(|version| version.is_empty() || version.starts_with('@'))
            }
            (Some(_), _) => false,
        };
        let candidates: Vec<&'a [String]> = exported.iter().copied().filter(is_wanted).collect();
        let exact = candidates.iter().find(|path| match &self.interface {
            None => path.len() == 1,
            Some(interface) => path.first() == Some(interface),
        });
        match (exact, candidates.as_slice()) {
            (Some(path), _) => Ok(path),
            (None, [path]) => Ok(path),
            (None, []) => bail!(
                "it exports no function `{}`{}",
                self.name(),
                list("; it exports", exported.iter().copied())
            ),
            (None, several) => bail!(
                "`{}` is ambiguous{}",
                self.name(),
                list(": use one of", several.iter().copied())
            ),
        }
    }

    fn name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.function),
            None => self.function.clone(),
        }
    }

    /// The arguments as values of the function's parameters. `rest` are those of the command line.
    fn values(&self, types: &Types, ty: &FuncType, rest: &[OsString]) -> Result<Vec<Val>> {
        let arguments = match &self.arguments {
            Some(arguments) => arguments.clone(),
            None => {
                let rest: Option<Vec<&str>> = rest.iter().map(|argument| argument.to_str()).collect();
                let rest = rest.with_context(|| format!("an argument of `{}` is not UTF-8", self.name()))?;
                format!("({})", rest.join(", "))
            }
        };
        let func = wave::func_to_wave(types, ty)?;
        wave::params_from_wave(types, ty, &arguments)
            .with_context(|| format!("cannot read the arguments `{arguments}` of `{}: {func}`", self.name()))
    }
}

/// Calls the function, ends the instance's threads, and gives the result as text.
pub fn call<T: Send + Sync + 'static>(
    invocation: &Invocation,
    component: &Component,
    instance: Instance<T>,
    rest: &[OsString],
) -> Result<String> {
    let path: Vec<&str> = invocation
        .choose(&component.functions())?
        .iter()
        .map(String::as_str)
        .collect();
    let function = instance
        .get_func(&path)
        .context("the instance lacks a function that the component lists")?;
    let (types, ty) = (function.types(), function.ty());
    let arguments = invocation.values(types, ty, rest)?;
    // A function whose result cannot be printed is not called.
    ty.result.map(|ty| wave::check_type(types, ty)).transpose()?;
    let called = function.call(&arguments);
    drop(function);
    instance.end()?;
    text(called?)
}

/// The result as text; a function without one has `()`.
fn text(result: Option<Val>) -> Result<String> {
    match result {
        Some(value) => wave::to_wave(&value).context("cannot print the result"),
        None => Ok("()".to_owned()),
    }
}

/// The names of functions, one a line.
fn list<'a>(introduction: &str, paths: impl IntoIterator<Item = &'a [String]>) -> String {
    let names: Vec<String> = paths
        .into_iter()
        .map(|path| format!("\n       {}", path.join("#").escape_debug()))
        .collect();
    match names.is_empty() {
        true => "; it exports no function at all".to_owned(),
        false => format!("{introduction}:{}", names.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Invocation, parse};

    fn invocation(interface: Option<&str>, function: &str, arguments: Option<&str>) -> Invocation {
        Invocation {
            interface: interface.map(str::to_owned),
            function: function.to_owned(),
            arguments: arguments.map(str::to_owned),
        }
    }

    #[test]
    fn names_and_arguments_are_told_apart() {
        for (text, expected) in [
            ("add", invocation(None, "add", None)),
            ("add(1, 2)", invocation(None, "add", Some("(1, 2)"))),
            (
                "a:b/c@1.0.0#d(\"#(\")",
                invocation(Some("a:b/c@1.0.0"), "d", Some("(\"#(\")")),
            ),
            (
                "[method]counter.get()",
                invocation(None, "[method]counter.get", Some("()")),
            ),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        for text in ["", "()", "a:b/c#", "#f()"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_function_is_chosen() {
        let paths = |paths: &[&[&str]]| -> Vec<Vec<String>> {
            paths
                .iter()
                .map(|path| path.iter().map(|name| (*name).to_owned()).collect())
                .collect()
        };
        let exported = paths(&[
            &["a:b/c@1.0.0", "f"],
            &["a:b/c@2.0.0", "f"],
            &["a:b/d", "f"],
            &["g"],
            &["a:b/d", "g"],
        ]);
        let choose = |text: &str| -> Option<String> {
            let invocation = parse(text).expect("an invocation");
            let exported: Vec<&[String]> = exported.iter().map(Vec::as_slice).collect();
            invocation.choose(&exported).ok().map(|path| path.join("#"))
        };
        assert_eq!(choose("g").as_deref(), Some("g"));
        assert_eq!(choose("a:b/d#g").as_deref(), Some("a:b/d#g"));
        assert_eq!(choose("a:b/c@2.0.0#f").as_deref(), Some("a:b/c@2.0.0#f"));
        assert_eq!(choose("a:b/d#f").as_deref(), Some("a:b/d#f"));
        // Two versions; three interfaces; the beginning of a name; and no such function.
        for text in ["a:b/c#f", "f", "a:b/#f", "h"] {
            assert_eq!(choose(text), None, "{text}");
        }
    }
}
