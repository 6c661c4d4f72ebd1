//! Input: a value for a component or a core module that has been read, with a method for each thing to do with it.
//!
//! **Problem.** A command asks several questions about one input: is it a component, what threads does it have, is it
//! valid, what does it lower to. If each question were a function of the bytes, each would decode the input, detect its
//! encoding and check it again. **Before:** the bytes that a person or a tool hands over.
//!
//! ```
//! use weft_lower::{Component, Rules, Threads};
//!
//! let component = Component::read(b"(component)")?;
//! component.validate(Rules::Extended)?;
//! if component.threads()? != Threads::Cooperative {
//!     let _plan = component.lower()?;
//! }
//! # Ok::<(), weft_lower::LowerError>(())
//! ```
//!
//! **After:** [`Component::read`] decodes once. When a method first needs the limits, the built-ins or the check under
//! [`Rules::Extended`], it computes and keeps them. So inspecting a component never pays for validation.
//!
//! The passes report offsets in the decoded bytes, and [`Located::read`] is the only place that maps them to the input's. So all
//! passes run inside it.
//!
//! A core module supports only a few of these methods. It has its own type, [`Module`], so that the compiler knows
//! which; [`Input`] is for callers that take either.
//!
//! **Rejected:** one type for both (half of its methods would return errors for modules); checking in
//! [`Component::read`] (an invalid component can still be inspected).

mod core_modules;

use crate::binary::decoded::Decoded;
use crate::binary::encoding::CanonicalEncoding;
use crate::check::{self, Checked, Rules};
use crate::chunks::interruptible;
use crate::decode::{self, Located, text};
use crate::error::LowerError;
use crate::inspect::{self, Format, Report};
use crate::log::LOG;
use crate::plan::Plan;
use crate::print::print;
use crate::threads::{Threads, Uses};
use crate::unshare::{self, Form, Profile, SharedMemories};
use crate::unshared::Unshared;
use crate::{flatten, imports, limits};
use std::sync::OnceLock;
use tracing::info_span;

/// A component or a core module that has been read.
pub enum Input<'a> {
    /// A component.
    Component(Component<'a>),
    /// A core module.
    Module(Module<'a>),
}

impl<'a> Input<'a> {
    /// Reads a component or a core module, text or binary.
    ///
    /// # Errors
    ///
    /// The input is malformed.
    pub fn read(bytes: &'a [u8]) -> Result<Self, LowerError> {
        let _span = info_span!(target: LOG, "read", bytes = bytes.len()).entered();
        let (encoding, located) = decode::decode(bytes)?;
        Ok(match encoding {
            wasmparser::Encoding::Component => Input::Component(Component {
                located,
                within_limits: OnceLock::new(),
                uses: OnceLock::new(),
                checked: OnceLock::new(),
            }),
            wasmparser::Encoding::Module => Input::Module(Module { located }),
        })
    }

    /// Validates the input: see [`Component::validate`].
    ///
    /// # Errors
    ///
    /// The input is invalid. The error says where, and which rule it breaks if the rule has an id.
    pub fn validate(&self, rules: Rules) -> Result<(), LowerError> {
        match self {
            Input::Component(component) => component.validate(rules),
            Input::Module(module) => module.validate(rules),
        }
    }

    /// Reports what the input needs from its host.
    ///
    /// # Errors
    ///
    /// The input is malformed. This does not check whether it is valid or whether weft can run it.
    ///
    /// # Example
    ///
    /// ```
    /// let report = weft_lower::Input::read(b"(module (memory 1 4 shared))")?.inspect()?;
    /// assert!(report.modules[0].memories[0].shared);
    /// # Ok::<(), weft_lower::LowerError>(())
    /// ```
    pub fn inspect(&self) -> Result<Report, LowerError> {
        match self {
            Input::Component(component) => component.inspect(),
            Input::Module(module) => module.inspect(),
        }
    }
}

/// A component that has been read.
pub struct Component<'a> {
    located: Located<'a>,
    within_limits: OnceLock<()>,
    uses: OnceLock<Uses>,
    /// Under [`Rules::Extended`].
    checked: OnceLock<Checked>,
}

impl<'a> Component<'a> {
    /// Reads a component, text or binary.
    ///
    /// # Errors
    ///
    /// The input is malformed, or a core module.
    pub fn read(bytes: &'a [u8]) -> Result<Self, LowerError> {
        match Input::read(bytes)? {
            Input::Component(component) => Ok(component),
            Input::Module(_) => Err(LowerError::CoreModule),
        }
    }

    /// The kind of threads that the component starts. This does not validate it.
    ///
    /// # Errors
    ///
    /// The component is malformed, or starts threads of both kinds.
    pub fn threads(&self) -> Result<Threads, LowerError> {
        self.located.read(|decoded| {
            self.within_limits(decoded)?;
            self.uses(decoded)?.threads()
        })
    }

    /// Tells whether the component imports a core module. If it does not, the components inside it cannot either. This does not validate
    /// it.
    ///
    /// # Errors
    ///
    /// The input is malformed.
    pub fn imports_core_module(&self) -> Result<bool, LowerError> {
        self.located
            .read(|decoded| imports::imports_core_module(&decoded.bytes))
    }

    /// Reports what the input needs from its host: see [`Input::inspect`].
    ///
    /// # Errors
    ///
    /// The input is malformed. This does not check whether it is valid or whether weft can run it.
    pub fn inspect(&self) -> Result<Report, LowerError> {
        self.located.read(|decoded| inspect::read(decoded, Format::Component))
    }

    /// Validates the component. Under [`Rules::Extended`], a valid component may still use something that weft cannot run.
    ///
    /// # Errors
    ///
    /// The input is invalid. The error says where, and which rule it breaks if the rule has an id.
    pub fn validate(&self, rules: Rules) -> Result<(), LowerError> {
        self.located.read(|decoded| match rules {
            Rules::Extended => {
                self.checked(decoded)?;
                self.runtime_limits(decoded)
            }
            Rules::Strict => {
                self.within_limits(decoded)?;
                check::check(decoded, rules).map(drop)
            }
        })
    }

    /// Refuses a component for weft's own runtime that exceeds the limits of the run-time module.
    fn runtime_limits(&self, decoded: &Decoded<'_>) -> Result<(), LowerError> {
        let has_plan = match self.uses(decoded)?.threads() {
            Ok(Threads::Preemptive) => true,
            Ok(Threads::None) => imports::imports_core_module(&decoded.bytes)?,
            Ok(Threads::Cooperative) | Err(_) => false,
        };
        if !has_plan {
            return Ok(());
        }
        match self.plan(decoded) {
            Err(error @ LowerError::Limit { .. }) => Err(error),
            // The component is valid, whether or not weft can run it.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Writes the component as a binary in this encoding.
    ///
    /// The specification's encoding writes the ordering of a read-modify-write access in both halves of a byte;
    /// wasm-tools' encoding writes it once.
    ///
    /// The specification's encoding marks each `thread.spawn-ref`, `thread.spawn-indirect` and
    /// `thread.available-parallelism` as `shared` or not. If the component does not say which, a spawn is shared if its
    /// start type is; `thread.available-parallelism` is shared if all its imports require a shared function, or if no
    /// module imports it and the component has no cooperative threads. wasm-tools' encoding drops the mark. This does
    /// not validate the component, so an invalid one stays invalid.
    ///
    /// # Errors
    ///
    /// The input is malformed.
    pub fn encode(&self, encoding: CanonicalEncoding) -> Result<Vec<u8>, LowerError> {
        self.located.read(|decoded| {
            self.within_limits(decoded)?;
            match encoding {
                CanonicalEncoding::Specification => decode::to_specification(decoded),
                CanonicalEncoding::WasmTools => Ok(decoded.bytes.to_vec()),
            }
        })
    }

    /// Prints the component as text, in the spelling that belongs to this encoding.
    ///
    /// # Errors
    ///
    /// The component is malformed, or contains something that the printer does not know.
    pub fn to_text(&self, encoding: CanonicalEncoding) -> Result<String, LowerError> {
        self.located.read(|decoded| {
            self.within_limits(decoded)?;
            let printed = print(&decoded.bytes)?;
            match encoding {
                CanonicalEncoding::Specification => text::to_specification(&printed, decoded),
                CanonicalEncoding::WasmTools => Ok(printed),
            }
        })
    }

    /// Converts text that another tool printed for this component to the specification's spelling.
    ///
    /// # Errors
    ///
    /// The text is malformed, or was not printed for this component.
    pub fn respell_text(&self, printed: &str) -> Result<String, LowerError> {
        self.located.read(|decoded| {
            self.within_limits(decoded)?;
            text::to_specification(printed, decoded)
        })
    }

    /// Converts the component to the unshared form: no type says `shared`, and shims implement the thread built-ins
    /// that stock tools lack with those that they have. The result runs on Wasmtime's own component runtime, where
    /// threads take turns.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid, uses something that has no unshared form, or starts threads of both
    /// kinds.
    pub fn unshare(&self, profile: Profile) -> Result<Unshared<'_>, LowerError> {
        self.located.read(|decoded| {
            let checked = self.checked(decoded)?;
            let threads = self.uses(decoded)?.threads()?;
            let output = unshare::unshare(&decoded.bytes, Form::Stock(profile), checked)?;
            check::check_output(&output.bytes)?;
            flatten::refuse_module_types(&output.bytes)?;
            flatten::refuse_unfinished(&output.bytes, &checked.unfinished)?;
            Ok(Unshared::new(&self.located, threads, output.bytes))
        })
    }

    /// Lowers the component to a plan.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid, or uses something that weft cannot run. The error says which, and where.
    /// One of them is
    /// [`LowerError::Cooperative`]: its threads take turns, which [`unshare`](Component::unshare) is for.
    pub fn lower(&self) -> Result<Plan, LowerError> {
        let _span = info_span!(target: LOG, "lower", bytes = self.located.bytes().len()).entered();
        self.located.read(|decoded| self.plan(decoded))
    }

    fn plan(&self, decoded: &Decoded<'_>) -> Result<Plan, LowerError> {
        let checked = self.checked(decoded)?;
        let uses = self.uses(decoded)?;
        uses.refuse_cooperative()
            .map_err(|error| self.without_advice(decoded, error))?;
        let unshared = unshare::unshare(&decoded.bytes, Form::Plan, checked)?;
        check::check_output(&unshared.bytes)?;
        let mut plan = flatten::flatten(&unshared, decoded, &uses.builtins, &checked.unfinished)?;
        imports::add_unused(&mut plan, &unshared.bytes, &decoded.supplied)?;
        Ok(plan)
    }

    /// Neither runtime runs a component with cooperative threads that imports a core module.
    fn without_advice(&self, decoded: &Decoded<'_>, error: LowerError) -> LowerError {
        let LowerError::Cooperative { builtin, offset } = error else {
            return error;
        };
        match imports::imported_core_module(&decoded.bytes) {
            Ok(Some((name, at))) => {
                let item =
                    format!("imported core module `{name}` in a component with cooperative threads (`{builtin}`)");
                let advice = "define the module in the component; only weft's own runtime supports imported core modules, and it runs \
                              no cooperative threads";
                LowerError::unsupported(item, advice).at(Some(at))
            }
            Ok(None) => LowerError::Cooperative { builtin, offset },
            Err(error) => error,
        }
    }

    fn within_limits(&self, decoded: &Decoded<'_>) -> Result<(), LowerError> {
        once(&self.within_limits, || limits::check(&decoded.bytes)).copied()
    }

    fn uses(&self, decoded: &Decoded<'_>) -> Result<&Uses, LowerError> {
        once(&self.uses, || Uses::of(decoded))
    }

    /// The result of the check under [`Rules::Extended`].
    fn checked(&self, decoded: &Decoded<'_>) -> Result<&Checked, LowerError> {
        once(&self.checked, || {
            self.within_limits(decoded)?;
            check::check(decoded, Rules::Extended)
        })
    }
}

/// A core module that has been read.
pub struct Module<'a> {
    located: Located<'a>,
}

impl<'a> Module<'a> {
    /// Reads a core module, text or binary.
    ///
    /// # Errors
    ///
    /// The input is malformed, or a component.
    pub fn read(bytes: &'a [u8]) -> Result<Self, LowerError> {
        match Input::read(bytes)? {
            Input::Module(module) => Ok(module),
            Input::Component(_) => Err(LowerError::Component),
        }
    }

    /// The binary, with memory orderings in wasm-tools' encoding.
    pub fn bytes(&self) -> &[u8] {
        self.located.bytes()
    }

    /// Reports what the input needs from its host: see [`Input::inspect`].
    ///
    /// # Errors
    ///
    /// The input is malformed.
    pub fn inspect(&self) -> Result<Report, LowerError> {
        self.located.read(|decoded| inspect::read(decoded, Format::Module))
    }

    /// Validates the module.
    ///
    /// # Errors
    ///
    /// The input is invalid. The error says where, and which rule it breaks if the rule has an id.
    pub fn validate(&self, rules: Rules) -> Result<(), LowerError> {
        self.located.read(|decoded| {
            limits::check_module(&decoded.bytes)?;
            check::check(decoded, rules).map(drop)
        })
    }

    /// Converts the module to a form that runs in one store: only types of memories say `shared`, and atomic accesses
    /// of globals, tables, structs and arrays become plain ones. While one thread at a time runs in the store, no
    /// program can observe the difference.
    ///
    /// # Errors
    ///
    /// The input is malformed. It is not validated.
    pub fn unshare(&self) -> Result<Vec<u8>, LowerError> {
        self.located
            .read(|decoded| unshare::unshare_module(&decoded.bytes, SharedMemories::Keep))
    }

    /// Converts the module to the form that [`Component::unshare`] gives the core modules of a component, so that a component in that form
    /// can import it. If `interruptible`, splits long instructions as [`Unshared::interruptible`] does.
    ///
    /// # Errors
    ///
    /// The input is malformed. It is not validated.
    pub fn unshare_for_component(&self, interruptible: bool) -> Result<Vec<u8>, LowerError> {
        self.located.read(|decoded| {
            let unshared = unshare::unshare_module(&decoded.bytes, SharedMemories::Unshare)?;
            match interruptible {
                true => Ok(interruptible::module(&unshared)?.into_owned()),
                false => Ok(unshared),
            }
        })
    }
}

/// Returns the value of a cell, computing it on first use. Does not store errors: a second call computes the same one again.
fn once<T>(cell: &OnceLock<T>, compute: impl FnOnce() -> Result<T, LowerError>) -> Result<&T, LowerError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = compute()?;
    Ok(cell.get_or_init(|| value))
}
