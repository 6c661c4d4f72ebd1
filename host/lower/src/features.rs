//! The features of WebAssembly that weft supports. All commands and engines use this one set.
//!
//! **Problem.** If a validator has more features than an engine, it not only accepts proposals that the engine cannot
//! run. Some proposals also relax the rules of others: custom descriptors let `br_on_cast` cast to a type that is no
//! subtype, and stack switching lets a tag have results. So enabling an unsupported feature makes invalid modules
//! valid.
//!
//! **Here** every feature that wasmparser knows is either in [`FEATURES`] or in [`MISSING`], and a test says so. Errors about a
//! missing one name its proposal. `docs/features.md` lists both, and a test compares it with this file.
//!
//! **Rejected:** a set for each command (`weft validate` would accept what `weft run` refuses).

use crate::error::LowerError;
use wasmparser::WasmFeatures;

/// What core modules may use: WebAssembly 3.0 and the proposals beyond it that the engine has.
pub const CORE_FEATURES: WasmFeatures = WasmFeatures::WASM3
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::WIDE_ARITHMETIC);

/// What components and their core modules may use, apart from shared-everything-threads: what Wasmtime's component runtime
/// has.
pub const COMPONENT_FEATURES: WasmFeatures = CORE_FEATURES
    .union(WasmFeatures::COMPONENT_MODEL)
    .union(WasmFeatures::CM_ASYNC)
    .union(WasmFeatures::CM_ASYNC_STACKFUL)
    .union(WasmFeatures::CM_MORE_ASYNC_BUILTINS)
    .union(WasmFeatures::CM_THREADING)
    .union(WasmFeatures::CM_ERROR_CONTEXT)
    .union(WasmFeatures::CM_FIXED_LENGTH_LISTS)
    .union(WasmFeatures::CM_MAP)
    .union(WasmFeatures::CM64)
    .union(WasmFeatures::CM_IMPLEMENTS);

/// What the input of weft may use: [`COMPONENT_FEATURES`] and shared-everything-threads.
pub const FEATURES: WasmFeatures = COMPONENT_FEATURES.union(WasmFeatures::SHARED_EVERYTHING_THREADS);

/// A feature that weft does not have.
struct Missing {
    feature: WasmFeatures,
    proposal: &'static str,
    /// What to do instead.
    advice: &'static str,
}

const MISSING: &[Missing] = &[
    Missing {
        feature: WasmFeatures::LEGACY_EXCEPTIONS,
        proposal: "legacy-exceptions",
        advice: "compile with `-mllvm -wasm-use-legacy-eh=false`",
    },
    Missing {
        feature: WasmFeatures::STACK_SWITCHING,
        proposal: "stack-switching",
        advice: "start threads and switch between them with the thread built-ins",
    },
    Missing {
        feature: WasmFeatures::CUSTOM_DESCRIPTORS,
        proposal: "custom-descriptors",
        advice: "compile without it",
    },
    Missing {
        feature: WasmFeatures::MEMORY_CONTROL,
        proposal: "memory-control",
        advice: "compile without it",
    },
    Missing {
        feature: WasmFeatures::COMPACT_IMPORTS,
        proposal: "compact-import-section",
        advice: "write the name of the module with each import",
    },
    Missing {
        feature: WasmFeatures::CM_VALUES,
        proposal: "component-model-values",
        advice: "pass the value to a function",
    },
    Missing {
        feature: WasmFeatures::CM_NESTED_NAMES,
        proposal: "component-model-nested-names",
        advice: "use a name with one namespace, one package and one interface",
    },
    Missing {
        feature: WasmFeatures::CM_GC,
        proposal: "component-model-gc",
        advice: "leave out the option `gc`, and pass values through a memory",
    },
    Missing {
        feature: WasmFeatures::CM_CANON_NAMES,
        proposal: "component-model-canon-names",
        advice: "leave out `versionsuffix`, and write the whole version in the name",
    },
];

/// The error for a binary that only an unsupported feature would make valid, if `error` says so.
pub(crate) fn missing(error: &wasmparser::BinaryReaderError) -> Option<LowerError> {
    let feature = error.missing_wasm_feature()?;
    let missing = MISSING.iter().find(|missing| feature.intersects(missing.feature))?;
    Some(missing.error(error.message(), error.offset()))
}

/// The error for input that only `feature`, which weft does not support, would make valid.
pub(crate) fn missing_feature(feature: WasmFeatures, message: &str, offset: usize) -> LowerError {
    match MISSING.iter().find(|missing| missing.feature == feature) {
        Some(missing) => missing.error(message, offset),
        None => LowerError::Internal(format!("{message}, although weft has the feature")),
    }
}

impl Missing {
    fn error(&self, message: &str, offset: usize) -> LowerError {
        LowerError::MissingFeature {
            message: message.to_owned(),
            offset: offset as u64,
            proposal: self.proposal,
            advice: self.advice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_of_the_validator_is_either_on_or_named_as_missing() {
        for (name, feature) in WasmFeatures::all().iter_names() {
            let missing = MISSING.iter().filter(|missing| missing.feature == feature).count();
            let on = usize::from(FEATURES.contains(feature));
            assert_eq!(on + missing, 1, "{name}");
        }
    }

    /// The names of features in the table, which are not those of wasmparser's constants.
    const DOCUMENTED: &[(WasmFeatures, &str)] = &[
        (WasmFeatures::CUSTOM_PAGE_SIZES, "custom-page-sizes"),
        (WasmFeatures::WIDE_ARITHMETIC, "wide-arithmetic"),
        (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything-threads"),
        (WasmFeatures::COMPONENT_MODEL, "component-model"),
        (WasmFeatures::CM_ASYNC, "component-model-async"),
        (WasmFeatures::CM_ASYNC_STACKFUL, "component-model-async-stackful"),
        (
            WasmFeatures::CM_MORE_ASYNC_BUILTINS,
            "component-model-more-async-builtins",
        ),
        (WasmFeatures::CM_THREADING, "component-model-threading"),
        (WasmFeatures::CM_ERROR_CONTEXT, "component-model-error-context"),
        (
            WasmFeatures::CM_FIXED_LENGTH_LISTS,
            "component-model-fixed-length-lists",
        ),
        (WasmFeatures::CM_MAP, "component-model-map"),
        (WasmFeatures::CM64, "component-model-memory64"),
        (WasmFeatures::CM_IMPLEMENTS, "component-model-implements"),
    ];

    #[test]
    fn the_documentation_lists_each_feature() {
        // Read when the test runs, because a package does not contain the page.
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/features.md");
        let table = std::fs::read_to_string(page).expect("the page can be read");
        let rows = table.lines().filter(|line| line.starts_with("| `")).count();
        let is_listed = |name: &str, default: &str| {
            let row = format!("| `{name}` | {default} |");
            assert!(table.lines().any(|line| line.starts_with(&row)), "{row}");
        };
        for missing in MISSING {
            is_listed(missing.proposal, "off");
        }
        for (_, name) in DOCUMENTED {
            is_listed(name, "on");
        }
        assert_eq!(rows, MISSING.len() + DOCUMENTED.len());
        let documented = DOCUMENTED.iter().map(|(feature, _)| *feature);
        assert_eq!(
            documented.collect::<WasmFeatures>(),
            FEATURES.difference(WasmFeatures::WASM3)
        );
    }
}
