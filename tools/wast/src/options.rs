//! How a script is run: what the caller chooses, and what the script's head adds.
//!
//! Wasmtime's own scripts name in their heads the features that they need. All of these are on here, so the lines are
//! accepted, but for one that would turn a feature off.

use std::time::Duration;

/// How a script is run. The head of a script may add to it with lines like these, before the first directive:
///
/// ```text
/// ;;! shared-everything = true
/// ;;! strict = true
/// ;;! deterministic = true
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// Refuse what weft allows beyond the specification.
    pub strict: bool,
    /// Turn the shared-everything-threads proposal on, and with it the built-ins that spawn threads.
    pub shared_everything: bool,
    /// Run components in [the deterministic profile], in which nothing can be spawned.
    ///
    /// [the deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    pub deterministic: bool,
    /// How long the script may take. When it is over, what the script does is ended, and reported as failed.
    pub time_limit: Duration,
}

impl Default for Options {
    /// Nothing is on, and a script may take 60 seconds.
    fn default() -> Self {
        Options {
            strict: false,
            shared_everything: false,
            deterministic: false,
            time_limit: Duration::from_secs(60),
        }
    }
}

/// Features that Wasmtime's scripts ask for by name.
const FEATURES: &[&str] = &[
    "bulk_memory",
    "component_model_async",
    "component_model_async_builtins",
    "component_model_async_stackful",
    "component_model_error_context",
    "component_model_fixed_length_lists",
    "component_model_implements",
    "component_model_map",
    "component_model_memory64",
    "component_model_more_async_builtins",
    "component_model_threading",
    "custom_page_sizes",
    "exceptions",
    "extended_const",
    "function_references",
    "gc",
    "gc_types",
    "hogs_memory",
    "memory64",
    "multi_memory",
    "reference_types",
    "relaxed_simd",
    "simd",
    "spec_test",
    "tail_call",
    "threads",
    "wide_arithmetic",
];

/// A line of the head that cannot be followed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadOption {
    /// Where the line begins in the script, in bytes.
    pub offset: usize,
    pub message: String,
}

impl Options {
    /// With what the head of the script adds.
    pub(crate) fn with_head(&self, script: &str) -> Result<Options, BadOption> {
        let mut options = self.clone();
        let mut offset = 0;
        for line in script.split_inclusive('\n') {
            let trimmed = line.trim();
            if let Some(setting) = trimmed.strip_prefix(";;!") {
                options.set(setting).map_err(|message| BadOption { offset, message })?;
            } else if !trimmed.is_empty() && !trimmed.starts_with(";;") {
                break;
            }
            offset += line.len();
        }
        Ok(options)
    }

    fn set(&mut self, setting: &str) -> Result<(), String> {
        let (key, value) = match setting.split_once('=') {
            Some((key, value)) => (key.trim(), value.trim()),
            None => return Err(format!("`{}` is not of the form `key = true`", setting.trim())),
        };
        let value = match value {
            "true" => true,
            "false" => false,
            _ => return Err(format!("the value of `{key}` is `{value}`: use `true` or `false`")),
        };
        match key {
            "strict" => self.strict |= value,
            "deterministic" => self.deterministic |= value,
            "shared-everything" | "shared_everything_threads" => self.shared_everything |= value,
            _ if FEATURES.contains(&key) && value => {}
            _ if FEATURES.contains(&key) => return Err(format!("`{key}` cannot be turned off")),
            _ => return Err(format!("there is no option `{key}`")),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(script: &str) -> Result<Options, BadOption> {
        Options::default().with_head(script)
    }

    #[test]
    fn the_head_ends_at_the_first_directive() {
        let options = head(";; A comment\n\n;;! strict = true\n(module)\n;;! shared-everything = true\n");
        let options = options.map(|options| (options.strict, options.shared_everything));
        assert_eq!(options, Ok((true, false)));
    }

    #[test]
    fn a_head_adds_to_the_options_and_takes_nothing_away() {
        let strict = Options {
            strict: true,
            ..Options::default()
        };
        assert!(
            strict
                .with_head(";;! strict = false")
                .is_ok_and(|options| options.strict)
        );
    }

    #[test]
    fn a_key_or_value_that_is_not_known_is_refused_at_its_line() {
        for (script, offset, message) in [
            (";;! fails = true", 0, "there is no option `fails`"),
            (
                ";; one\n;;! strict = 1",
                7,
                "the value of `strict` is `1`: use `true` or `false`",
            ),
            (";;! strict", 0, "`strict` is not of the form `key = true`"),
            (";;! gc = false", 0, "`gc` cannot be turned off"),
        ] {
            let expected = BadOption {
                offset,
                message: message.to_owned(),
            };
            assert_eq!(head(script).err(), Some(expected));
        }
        assert!(head(";;! gc = true").is_ok());
    }
}
