//! The options of a script: the caller's, and those in the script's head.
//!
//! The heads of Wasmtime's own scripts name the features that must be on or off.

use std::time::Duration;
use wasmparser::WasmFeatures;
use weft_lower::COMPONENT_FEATURES;

/// The runtime for components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runtime {
    /// weft's own runtime for components with parallel threads, and Wasmtime's component runtime for all others.
    #[default]
    ByThreads,
    /// weft's own runtime for all components.
    Weft,
}

/// How to run a script. Lines like these at the head of a script, before the first directive, add to the options:
///
/// ```text
/// ;;! shared-everything = true
/// ;;! strict = true
/// ;;! deterministic = true
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// Refuses what weft allows beyond the specification.
    pub strict: bool,
    /// Turns the shared-everything-threads proposal on, and with it the built-ins that spawn threads.
    pub shared_everything: bool,
    /// Runs components in [the deterministic profile], in which a spawn starts nothing.
    ///
    /// [the deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    pub deterministic: bool,
    /// The runtime for components.
    pub runtime: Runtime,
    /// Features that weft supports and that are off for this script. While `shared_everything` is on, there cannot be any.
    pub without: WasmFeatures,
    /// How many bytes of memory each instance of a component may use, and the core modules of each thread of the script together.
    /// What Wasmtime runs counts memories that are not shared, tables and garbage-collected objects, and has no limit if this is
    /// `None`. weft's own runtime counts as [`Config::max_memory`](weft_parallel::Config::max_memory) does, and then has the default
    /// limit.
    pub max_memory: Option<u64>,
    /// How long the script may take. When the time is over, weft ends what the script is doing and reports it as failed.
    pub time_limit: Duration,
}

impl Default for Options {
    /// All options are off, and a script may take 60 seconds.
    fn default() -> Self {
        Options {
            strict: false,
            shared_everything: false,
            deterministic: false,
            runtime: Runtime::ByThreads,
            without: WasmFeatures::empty(),
            max_memory: None,
            time_limit: Duration::from_secs(60),
        }
    }
}

/// Features that Wasmtime's scripts ask for by name.
const FEATURES: &[(&str, WasmFeatures)] = &[
    ("bulk_memory", WasmFeatures::BULK_MEMORY),
    ("component_model_async", WasmFeatures::CM_ASYNC),
    ("component_model_async_builtins", WasmFeatures::CM_MORE_ASYNC_BUILTINS),
    ("component_model_async_stackful", WasmFeatures::CM_ASYNC_STACKFUL),
    ("component_model_error_context", WasmFeatures::CM_ERROR_CONTEXT),
    (
        "component_model_fixed_length_lists",
        WasmFeatures::CM_FIXED_LENGTH_LISTS,
    ),
    ("component_model_gc", WasmFeatures::CM_GC),
    ("component_model_implements", WasmFeatures::CM_IMPLEMENTS),
    ("component_model_map", WasmFeatures::CM_MAP),
    ("component_model_memory64", WasmFeatures::CM64),
    (
        "component_model_more_async_builtins",
        WasmFeatures::CM_MORE_ASYNC_BUILTINS,
    ),
    ("component_model_threading", WasmFeatures::CM_THREADING),
    ("custom_page_sizes", WasmFeatures::CUSTOM_PAGE_SIZES),
    ("exceptions", WasmFeatures::EXCEPTIONS),
    ("extended_const", WasmFeatures::EXTENDED_CONST),
    ("function_references", WasmFeatures::FUNCTION_REFERENCES),
    ("gc", WasmFeatures::GC),
    ("gc_types", WasmFeatures::GC_TYPES),
    ("legacy_exceptions", WasmFeatures::LEGACY_EXCEPTIONS),
    ("memory64", WasmFeatures::MEMORY64),
    ("multi_memory", WasmFeatures::MULTI_MEMORY),
    ("reference_types", WasmFeatures::REFERENCE_TYPES),
    ("relaxed_simd", WasmFeatures::RELAXED_SIMD),
    ("simd", WasmFeatures::SIMD),
    ("stack_switching", WasmFeatures::STACK_SWITCHING),
    ("tail_call", WasmFeatures::TAIL_CALL),
    ("threads", WasmFeatures::THREADS),
    ("wide_arithmetic", WasmFeatures::WIDE_ARITHMETIC),
];

/// Keys for Wasmtime's test runner that do not name features.
const NOTES: &[&str] = &["hogs_memory", "spec_test"];

/// A line of the head that asks for something impossible.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadOption {
    /// Where the line begins in the script, in bytes.
    pub offset: usize,
    pub message: String,
}

impl Options {
    /// Adds the options in the script's head.
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
        if options.shared_everything && !options.without.is_empty() {
            let message = "a feature cannot be turned off while `shared-everything` is on".to_owned();
            return Err(BadOption { offset: 0, message });
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
            _ if NOTES.contains(&key) => {}
            _ => match FEATURES.iter().find(|(name, _)| *name == key) {
                Some((_, feature)) => return self.set_feature(key, *feature, value),
                None => return Err(format!("there is no option `{key}`")),
            },
        }
        Ok(())
    }

    fn set_feature(&mut self, key: &str, feature: WasmFeatures, value: bool) -> Result<(), String> {
        match (value, COMPONENT_FEATURES.contains(feature)) {
            (true, false) => Err(format!("weft does not support the feature `{key}`")),
            (true, true) | (false, false) => Ok(()),
            (false, true) => {
                self.without |= feature;
                Ok(())
            }
        }
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
            (
                ";;! stack_switching = true",
                0,
                "weft does not support the feature `stack_switching`",
            ),
            (
                ";;! gc = false\n;;! shared-everything = true",
                0,
                "a feature cannot be turned off while `shared-everything` is on",
            ),
        ] {
            let expected = BadOption {
                offset,
                message: message.to_owned(),
            };
            assert_eq!(head(script).err(), Some(expected));
        }
    }

    #[test]
    fn a_head_turns_features_off_by_their_names() {
        let without = |script| head(script).map(|options| options.without);
        assert_eq!(without(";;! gc = true"), Ok(WasmFeatures::empty()));
        assert_eq!(
            without(";;! component_model_implements = false"),
            Ok(WasmFeatures::CM_IMPLEMENTS)
        );
        assert_eq!(without(";;! stack_switching = false"), Ok(WasmFeatures::empty()));
    }
}
