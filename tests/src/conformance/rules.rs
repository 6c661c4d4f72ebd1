//! The rules as data: `tests/conformance/rules.toml`, whose head describes the format.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// What a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the variants are explained in the data")]
pub enum Kind {
    Binary,
    Text,
    Validation,
    Trap,
    Run,
    Deterministic,
    Remark,
}

impl Kind {
    /// As the page names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Binary => "binary",
            Kind::Text => "text",
            Kind::Validation => "validation",
            Kind::Trap => "trap",
            Kind::Run => "run",
            Kind::Deterministic => "deterministic",
            Kind::Remark => "remark",
        }
    }
}

/// A rule of the specification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Its name, such as `CTX-09`.
    pub id: String,
    /// What it speaks of.
    pub kind: Kind,
    /// Where it stands: documents, with lines or without.
    pub spec: Vec<String>,
    /// The rule.
    pub rule: String,
    /// It does nothing but refuse, so that only refusals can show it.
    #[serde(default)]
    pub restriction: bool,
    /// What weft does where there is a choice.
    pub decision: Option<String>,
    /// What weft refuses by name.
    pub refused: Option<String>,
    /// Why nothing can be shown.
    pub not_applicable: Option<String>,
}

/// Rules about one subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The rules, in order.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// All rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    documents: BTreeMap<String, String>,
    /// The sections, in order.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

impl Rules {
    /// Reads the data, and checks what a reader of the page relies on.
    ///
    /// # Errors
    ///
    /// The data are malformed, an id is there twice, a document is unknown, or a rule has two ends at once.
    pub fn parse(text: &str) -> Result<Rules> {
        let rules: Rules = toml::from_str(text)?;
        let mut ids = HashSet::new();
        for rule in rules.iter() {
            ensure!(ids.insert(&rule.id), "rule `{}` is there twice", rule.id);
            ensure!(!rule.spec.is_empty(), "rule `{}` stands nowhere", rule.id);
            for place in &rule.spec {
                rules.link(place).with_context(|| format!("rule `{}`", rule.id))?;
            }
            match (&rule.refused, &rule.not_applicable) {
                (Some(_), Some(_)) => bail!("rule `{}` is refused and not applicable at once", rule.id),
                (None, None) if rule.kind == Kind::Remark => bail!("rule `{}` is a remark, and applies", rule.id),
                _ => {}
            }
        }
        Ok(rules)
    }

    /// The rules of all sections, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.sections.iter().flat_map(|section| &section.rules)
    }

    /// The rule of this id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.iter().find(|rule| rule.id == id)
    }

    /// The address of a place such as `Binary 343` or `CanonicalABI 5240-5241`.
    ///
    /// # Errors
    ///
    /// The document is not in the list, or the lines are none.
    pub fn link(&self, place: &str) -> Result<String> {
        let (document, lines) = match place.split_once(' ') {
            Some((document, lines)) => (document, Some(lines)),
            None => (place, None),
        };
        let address = self.documents.get(document);
        let address = address.with_context(|| format!("`{document}` is not among the documents"))?;
        let Some(lines) = lines else {
            return Ok(address.clone());
        };
        let numbers = lines.split('-').map(str::parse::<u32>);
        let numbers: Vec<u32> = numbers
            .collect::<Result<_, _>>()
            .with_context(|| format!("`{lines}`"))?;
        match numbers[..] {
            [line] => Ok(format!("{address}#L{line}")),
            [first, last] if first < last => Ok(format!("{address}#L{first}-L{last}")),
            _ => bail!("`{lines}` is neither a line nor a range of lines"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[documents]\nDoc = \"https://example.org/doc.md\"\n[[section]]\ntitle = \"One\"\n";

    fn rule(id: &str, more: &str) -> String {
        format!("[[section.rule]]\nid = \"{id}\"\nkind = \"run\"\nrule = \"It runs.\"\n{more}\n")
    }

    #[test]
    fn a_place_is_a_document_a_line_or_a_range() {
        let data = format!("{HEAD}{}", rule("A-01", "spec = [\"Doc\"]"));
        let rules = Rules::parse(&data).expect("the data are sound");
        assert_eq!(rules.link("Doc").unwrap(), "https://example.org/doc.md");
        assert_eq!(rules.link("Doc 3").unwrap(), "https://example.org/doc.md#L3");
        assert_eq!(rules.link("Doc 3-7").unwrap(), "https://example.org/doc.md#L3-L7");
        assert!(rules.link("Doc 7-3").is_err());
        assert!(rules.link("Doc three").is_err());
        assert!(rules.link("Another 3").is_err());
    }

    #[test]
    fn wrong_data_are_refused() {
        let sound = rule("A-01", "spec = [\"Doc 1\"]");
        assert!(Rules::parse(&format!("{HEAD}{sound}")).is_ok());
        let twice = format!("{HEAD}{sound}{sound}");
        assert!(Rules::parse(&twice).unwrap_err().to_string().contains("twice"));
        for more in [
            "spec = []",
            "spec = [\"Another 1\"]",
            "spec = [\"Doc 1\"]\nrefused = \"it\"\nnot-applicable = \"because\"",
            "spec = [\"Doc 1\"]\nunknown = \"x\"",
        ] {
            assert!(
                Rules::parse(&format!("{HEAD}{}", rule("A-01", more))).is_err(),
                "{more}"
            );
        }
    }
}
