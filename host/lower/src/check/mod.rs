//! Check: whether a component or a core module is valid, as its author wrote it.
//!
//! **Problem.** wasmparser 0.254 enforces half of the rules of shared-everything-threads, refuses some of what they allow, and
//! cannot express all forms of the thread built-ins. Besides, weft accepts more at the level of components than the
//! specification does (docs/extensions.md). After [unshare](crate::unshare) no later pass can see what was shared.
//!
//! **Here,** wasmparser's validator is fed with the input item by item, so that it knows every type and each error has its
//! offset in the input. What wasmparser lets through is looked at between the items, and what it has no form for or refuses
//! for no reason is put in terms that it has. **Before:**
//!
//! ```wat
//! (core type $start (shared (func (param i64))))
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! ```
//!
//! **After,** for the validator alone, and once the rules for `$start` and `$t` have been seen to hold:
//!
//! ```wat
//! (core module $m (func (export "stub") (type (shared (func (param i32 i64) (result i32)))) unreachable))
//! (core instance $i (instantiate $m))
//! (alias core export $i "stub" (core func $spawn))
//! ```
//!
//! Items of other parts of the input keep their bytes, or their indices are moved on behind such additions.
//!
//! The rules: [Overview.md] of the proposal for SETV and SETB, [CanonicalABI.md] for the built-ins.
//!
//! **Rejected:** validating the unshared form. It is blind to the rules at hand, and its offsets are its own. Rejected as
//! well: a model of a component's types of our own, beside the one that wasmparser keeps.
//!
//! [Overview.md]: https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md
//! [CanonicalABI.md]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md

mod arguments;
mod body;
mod core_module;
mod definitions;
mod exact;
mod items;
mod matching;
mod module;
mod named;
mod named_items;
mod refusal;
mod renumber;
mod resources;
mod rules;
mod scope;
mod sections;
mod start;
mod stubs;
mod unfinished;

pub use rules::Rules;
pub(crate) use unfinished::{Unfinished, Wide};

use crate::binary::decoded::Decoded;
use crate::binary::thread_start::ThreadStart;
use crate::error::LowerError;
use crate::features::FEATURES;
use crate::log::LOG;
use crate::messages;
use core_module::CoreModule;
use scope::Scope;
use tracing::debug_span;
use wasmparser::types::TypesRef;
use wasmparser::{Encoding, FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator};

/// What of a valid component later passes have to know.
#[derive(Default)]
pub(crate) struct Checked {
    /// The definitions that start threads, nested ones included, as they stand in the binary.
    pub starts: Vec<ThreadStart>,
    /// The definitions of what Wasmtime has begun and not finished, in the order of the binary.
    pub unfinished: Vec<Unfinished>,
}

/// Checks a component or core module.
pub(crate) fn check(decoded: &Decoded<'_>, rules: Rules) -> Result<Checked, LowerError> {
    let _span = debug_span!(target: LOG, "check", ?rules).entered();
    check_binary(&decoded.bytes, &decoded.immediates, rules, Bodies::Check)
}

/// For each `thread.available-parallelism` that does not say whether it is shared, in the order of the binary, whether it is
/// used as shared and nothing else, or `None` if it is not used. Of an invalid component, those before the error.
pub(crate) fn used_as_shared(decoded: &Decoded<'_>) -> Vec<Option<bool>> {
    let mut checker = Checker::new(&decoded.immediates, Rules::Extended);
    // Why it is invalid is not the question.
    let _ = checker.read(&decoded.bytes);
    checker.uses_of_unsaid
}

/// `immediates` is what the binary's canonical section was said to say of whether a built-in is shared.
fn check_binary(
    binary: &[u8],
    immediates: &[Option<bool>],
    rules: Rules,
    bodies: Bodies,
) -> Result<Checked, LowerError> {
    let mut checker = Checker::new(immediates, rules);
    checker.bodies = bodies;
    match checker.read(binary) {
        Ok(()) => Ok(checker.checked),
        Err(error) => Err(named::explained(error, binary)),
    }
}

/// Checks what a pass has made. There is more of it than of the input, and so the validator's limits may be met.
///
/// Code that was valid before the pass is not checked again in release builds: the tests do, and Wasmtime does before it compiles.
pub(crate) fn check_output(output: &[u8]) -> Result<(), LowerError> {
    let _span = debug_span!(target: LOG, "check_output", bytes = output.len()).entered();
    let bodies = match cfg!(debug_assertions) {
        true => Bodies::Check,
        false => Bodies::Skip,
    };
    match check_binary(output, &[], Rules::Extended, bodies) {
        Ok(_) => Ok(()),
        Err(LowerError::Invalid { message, .. }) if messages::is_item_limit(&message) => Err(LowerError::unsupported(
            format!("a component with so many definitions ({message} in its unshared form)"),
            "define each built-in once for each start type",
        )),
        Err(error) => Err(LowerError::Internal(error.to_string())),
    }
}

/// Whether the bodies of functions are checked, or only what is around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bodies {
    Check,
    Skip,
}

/// The pass, at one place of the input.
struct Checker<'a> {
    rules: Rules,
    bodies: Bodies,
    validator: Validator,
    /// The components that are being read, innermost last.
    scopes: Vec<Scope>,
    /// The core module that is being read.
    module: Option<CoreModule>,
    /// Those of the definitions that are still to come.
    immediates: std::slice::Iter<'a, Option<bool>>,
    allocations: FuncValidatorAllocations,
    checked: Checked,
    /// For each `thread.available-parallelism` that does not say whether it is shared, whether all that it is used at are
    /// shared types. `None` as long as nothing uses it.
    uses_of_unsaid: Vec<Option<bool>>,
}

impl<'a> Checker<'a> {
    fn new(immediates: &'a [Option<bool>], rules: Rules) -> Self {
        Checker {
            rules,
            bodies: Bodies::Check,
            validator: Validator::new_with_features(FEATURES),
            scopes: Vec::new(),
            module: None,
            immediates: immediates.iter(),
            allocations: FuncValidatorAllocations::default(),
            checked: Checked::default(),
            uses_of_unsaid: Vec::new(),
        }
    }

    fn read(&mut self, binary: &[u8]) -> Result<(), LowerError> {
        let mut parser = Parser::new(0);
        // Some encodings are the parser's to refuse.
        parser.set_features(FEATURES);
        for payload in parser.parse_all(binary) {
            match payload? {
                // The parser does not look whether what is nested is there as a whole.
                Payload::ComponentSection { unchecked_range, .. } | Payload::ModuleSection { unchecked_range, .. }
                    if unchecked_range.end > binary.len() =>
                {
                    return Err(LowerError::Invalid {
                        message: "unexpected end of the binary".to_owned(),
                        offset: binary.len() as u64,
                    });
                }
                payload => self.payload(payload)?,
            }
        }
        Ok(())
    }

    fn payload(&mut self, payload: Payload<'_>) -> Result<(), LowerError> {
        match payload {
            Payload::Version { encoding, .. } => {
                self.validator.payload(&payload)?;
                match encoding {
                    Encoding::Module => self.module = Some(CoreModule::default()),
                    Encoding::Component => self.scopes.push(Scope::default()),
                }
                Ok(())
            }
            Payload::End(_) => {
                if self.module.take().is_none() {
                    self.scopes.pop();
                }
                self.pass(&payload)
            }
            Payload::TableSection(_) | Payload::GlobalSection(_) => self.initialised_section(&payload),
            Payload::ElementSection(section) => self.element_section(section),
            Payload::CodeSectionStart { .. } => {
                self.pass(&payload)?;
                self.code_section()
            }
            Payload::ImportSection(ref section) => {
                Self::inexact_imports(section)?;
                self.pass(&payload)
            }
            Payload::ExportSection(ref section) => {
                Self::inexact_exports(section)?;
                self.pass(&payload)
            }
            Payload::CoreTypeSection(ref section) => {
                Self::inexact_core_types(section)?;
                self.pass(&payload)?;
                for ty in section.clone() {
                    self.scope().core.keep_types(&ty?);
                }
                Ok(())
            }
            Payload::ModuleSection { .. } => {
                self.pass(&payload)?;
                self.scope().core.modules.keep();
                Ok(())
            }
            Payload::InstanceSection(section) => self.instance_section(section),
            Payload::ComponentTypeSection(section) => self.component_type_section(section),
            Payload::ComponentInstanceSection(section) => self.component_instance_section(section),
            Payload::ComponentAliasSection(section) => self.alias_section(section),
            Payload::ComponentCanonicalSection(section) => self.canonical_section(section),
            Payload::ComponentImportSection(section) => self.import_section(section),
            Payload::ComponentExportSection(section) => self.export_section(section),
            payload => self.pass(&payload),
        }
    }

    /// Hands a part of the input to the validator as it is.
    fn pass(&mut self, payload: &Payload<'_>) -> Result<(), LowerError> {
        match self.validator.payload(payload)? {
            ValidPayload::Func(function, body) if self.bodies == Bodies::Check => self.body(function, &body),
            _ => Ok(()),
        }
    }

    /// The component that is being read.
    fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    /// What the validator knows of the module or component that is being read.
    fn types(&self) -> Result<TypesRef<'_>, LowerError> {
        let types = self.validator.types(0);
        types.ok_or_else(|| LowerError::Internal("the validator has no types".to_owned()))
    }
}
