//! Check: validates a component or a core module as its author wrote it.
//!
//! **Problem.** wasmparser 0.254 enforces half of the rules of shared-everything-threads, refuses some of what they allow, and
//! cannot express all forms of the thread built-ins. Besides, weft accepts more at the level of components than the
//! specification does (docs/extensions.md). After [unshare](crate::unshare) no later pass can see what was shared.
//!
//! **Here,** the pass feeds wasmparser's validator the input item by item, so that the validator knows every type and
//! each error has its offset in the input. Between the items, the pass checks the rules that wasmparser lacks. For
//! items that wasmparser cannot express or wrongly refuses, it shows the validator a stub. **Before:**
//!
//! ```wat
//! (core type $start (shared (func (param i64))))
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! ```
//!
//! **After,** only for the validator, and after the pass has checked the rules for `$start` and `$t`:
//!
//! ```wat
//! (core module $m (func (export "stub") (type (shared (func (param i32 i64) (result i32)))) unreachable))
//! (core instance $i (instantiate $m))
//! (alias core export $i "stub" (core func $spawn))
//! ```
//!
//! Other items keep their bytes, except for indices that move because of such additions.
//!
//! The rules: [Overview.md] of the proposal for SETV and SETB, [CanonicalABI.md] for the built-ins.
//!
//! **Rejected:** validating the unshared form (it has lost what these rules are about, and has other offsets); our own
//! model of a component's types beside wasmparser's.
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
mod supplied;
mod unfinished;

pub use rules::Rules;
pub(crate) use unfinished::{Unfinished, Wide};

use crate::binary::decoded::{Decoded, Supplied};
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

/// What later passes need to know about a valid component.
#[derive(Default)]
pub(crate) struct Checked {
    /// The definitions that start threads, including nested ones, in the order of the binary.
    pub starts: Vec<ThreadStart>,
    /// The definitions that need features that Wasmtime implements only partly, in the order of the binary.
    pub unfinished: Vec<Unfinished>,
    /// For each `error-context.new`, in the order of the binary, whether its memory has 64-bit addresses.
    pub wide_error_contexts: Vec<bool>,
}

/// Checks a component or core module.
pub(crate) fn check(decoded: &Decoded<'_>, rules: Rules) -> Result<Checked, LowerError> {
    let _span = debug_span!(target: LOG, "check", ?rules).entered();
    let mut checker = Checker::new(&decoded.immediates, rules);
    checker.supplied = &decoded.supplied;
    checked(checker, &decoded.bytes)
}

/// For each `thread.available-parallelism` without a mark, in the order of the binary: whether it is used only as
/// shared, or `None` if it is not used. If the component is invalid, contains only those before the error.
pub(crate) fn used_as_shared(decoded: &Decoded<'_>) -> Vec<Option<bool>> {
    let mut checker = Checker::new(&decoded.immediates, Rules::Extended);
    // An error does not matter here.
    let _ = checker.read(&decoded.bytes);
    checker.uses_of_unsaid
}

/// `immediates` are the marks, recorded by decode, whether built-ins are shared.
fn check_binary(
    binary: &[u8],
    immediates: &[Option<bool>],
    rules: Rules,
    bodies: Bodies,
) -> Result<Checked, LowerError> {
    let mut checker = Checker::new(immediates, rules);
    checker.bodies = bodies;
    checked(checker, binary)
}

fn checked(mut checker: Checker<'_>, binary: &[u8]) -> Result<Checked, LowerError> {
    match checker.read(binary) {
        Ok(()) => Ok(checker.checked),
        Err(error) => Err(named::explained(error, binary)),
    }
}

/// Checks the output of a pass. It is larger than the input, and so may exceed the validator's limits.
///
/// Release builds do not check code again that was valid before the pass: the tests check it, and Wasmtime does so
/// before it compiles.
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

/// Whether to check the bodies of functions, or only what is around them.
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
    /// The open components, innermost last.
    scopes: Vec<Scope>,
    /// The core module that is being read.
    module: Option<CoreModule>,
    /// The marks of the remaining definitions.
    immediates: std::slice::Iter<'a, Option<bool>>,
    allocations: FuncValidatorAllocations,
    /// The core modules at the component's end that are arguments for its imports.
    supplied: &'a [Supplied],
    checked: Checked,
    /// For each `thread.available-parallelism` without a mark: whether all types at which it is used are shared. `None`
    /// while nothing uses it.
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
            supplied: &[],
            checked: Checked::default(),
            uses_of_unsaid: Vec::new(),
        }
    }

    fn read(&mut self, binary: &[u8]) -> Result<(), LowerError> {
        let mut parser = Parser::new(0);
        // The parser, not the validator, refuses some encodings.
        parser.set_features(FEATURES);
        for payload in parser.parse_all(binary) {
            match payload? {
                // The parser does not check that nested input is complete.
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
                    if self.scopes.len() == 1 {
                        self.check_supplied()?;
                    }
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

    /// Passes a part of the input to the validator unchanged.
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

    /// The validator's types of the module or component that is being read.
    fn types(&self) -> Result<TypesRef<'_>, LowerError> {
        let types = self.validator.types(0);
        types.ok_or_else(|| LowerError::Internal("the validator has no types".to_owned()))
    }
}
