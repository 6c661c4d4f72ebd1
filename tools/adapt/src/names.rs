//! Converts core names to component names.
//!
//! Core WebAssembly names are any strings; a component's imports and exports are kebab-case labels. The mapping: a
//! name is split into words at every ASCII character that is neither a letter nor a digit, and where a capital follows
//! a small letter or a digit; the words are made lower case and joined by hyphens. So `_initialize` becomes
//! `initialize`, `napi_register_module_v1` becomes `napi-register-module-v1`, and `getItem` becomes `get-item`.
//!
//! Different names can have the same form (`free` and `__free`), so the caller decides between them or refuses both.
//! **Rejected:** an escape for the lost characters, which would make every ordinary name ugly to distinguish rare ones.
//!
//! A label: [Component Model,
//! `label`](https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#import-and-export-definitions).

/// The kebab-case form of a core name, or `None` if it has none: it is empty, begins with a digit, or is not ASCII.
pub(crate) fn kebab(name: &str) -> Option<String> {
    let mut label = String::with_capacity(name.len());
    let mut previous = None;
    for c in name.chars() {
        if !c.is_ascii() {
            return None;
        }
        if c.is_ascii_alphanumeric() {
            let word_begins = match previous {
                None => true,
                Some(p) => is_separator(p) || (c.is_ascii_uppercase() && !p.is_ascii_uppercase()),
            };
            if word_begins && !label.is_empty() {
                label.push('-');
            }
            label.push(c.to_ascii_lowercase());
        }
        previous = Some(c);
    }
    label.starts_with(|c: char| c.is_ascii_lowercase()).then_some(label)
}

fn is_separator(c: char) -> bool {
    !c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn words_are_joined_by_hyphens() {
        for (name, label) in [
            ("_initialize", "initialize"),
            ("wasi_snapshot_preview1", "wasi-snapshot-preview1"),
            ("getItem", "get-item"),
            ("HTTPServer", "httpserver"),
            ("v2Parse_3", "v2-parse-3"),
            ("./glue.js", "glue-js"),
            ("__a__b__", "a-b"),
        ] {
            assert_eq!(kebab(name).as_deref(), Some(label), "{name}");
        }
    }

    #[test]
    fn names_without_a_label() {
        for name in ["", "__", "2d", "_2d", "größe"] {
            assert_eq!(kebab(name), None, "{name}");
        }
    }

    #[test]
    fn every_label_is_valid_to_wasmparser() {
        for name in [
            "_initialize",
            "getItem",
            "HTTPServer",
            "v2Parse_3",
            "./glue.js",
            "a1B2c3",
            "x_2d",
        ] {
            let label = kebab(name).expect("the name has a label");
            assert!(wasmparser::names::KebabStr::new(&label).is_some(), "{label}");
        }
    }
}
