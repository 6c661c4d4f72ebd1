//! Core modules that a component imports or exports.

use super::{Component, Module};
use crate::error::LowerError;
use crate::log::LOG;
use crate::plan::{ExportedModule, Plan, Template};
use crate::unshare::{self, Form};
use crate::{decode, flatten, imports, supply};
use std::sync::OnceLock;
use tracing::info_span;

impl Component<'_> {
    /// Lowers the component as [`lower`](Component::lower) does, for a linker that may supply core modules for its
    /// imports: see [`Plan::template`].
    ///
    /// # Errors
    ///
    /// Those of [`lower`](Component::lower). But if the component imports a core module that the host cannot implement
    /// with functions, that is no error yet.
    pub fn lower_for_linker(&self) -> Result<Plan, LowerError> {
        let _span = info_span!(target: LOG, "lower", bytes = self.located.bytes().len()).entered();
        self.located.read(|decoded| {
            let (mut plan, refused) = match self.plan(decoded) {
                Ok(plan) => (plan, None),
                Err(error @ LowerError::Unsupported { .. }) => {
                    let refused = error.to_string();
                    let mut plan = Plan::default();
                    let unshared = unshare::unshare(&decoded.bytes, Form::Plan, self.checked(decoded)?)?;
                    imports::add_unused(&mut plan, &unshared.bytes, &decoded.supplied)?;
                    if plan.imports.is_empty() {
                        return Err(error);
                    }
                    plan.wasm = wasm_encoder::Module::new().finish();
                    (plan, Some(refused))
                }
                Err(error) => return Err(error),
            };
            if !plan.imports.is_empty() {
                let component = decode::to_specification(decoded)?;
                plan.template = Some(Template { component, refused });
            }
            Ok(plan)
        })
    }

    /// The core modules that the component defines and exports, of itself or in an instance. For a component that is not for the
    /// parallel runtime, it may be that none are known.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid.
    pub fn exported_modules(&self) -> Result<Vec<ExportedModule>, LowerError> {
        self.located.read(|decoded| {
            if !imports::exports_core_module(&decoded.bytes)? {
                return Ok(Vec::new());
            }
            let unshared = unshare::unshare(&decoded.bytes, Form::Plan, self.checked(decoded)?);
            match unshared.and_then(|unshared| flatten::exported_modules(&unshared, &decoded.bytes)) {
                // If only the parallel runtime does not support the component, that is no error here.
                Err(LowerError::Unsupported { .. }) => Ok(Vec::new()),
                modules => modules,
            }
        })
    }

    /// The component with core modules as the arguments for some of its imports, which it then no longer has. Each
    /// module comes with the import's name, after those of the instances that it is in, with `/` between them.
    ///
    /// # Errors
    ///
    /// An import's type does not match its module, or there is no such import of a core module, or the component or a
    /// module is malformed or invalid.
    pub fn supply(&self, modules: &[(&str, &Module<'_>)]) -> Result<Component<'static>, LowerError> {
        let modules = modules.iter().map(|(name, module)| (*name, module.bytes()));
        let supplied = Component {
            located: supply::supply(&self.located, modules),
            within_limits: OnceLock::new(),
            uses: OnceLock::new(),
            checked: OnceLock::new(),
        };
        supplied.located.read(|decoded| supplied.checked(decoded).map(drop))?;
        Ok(supplied)
    }
}

impl Template {
    /// Lowers the component with core modules as the arguments for some of its imports: see [`Component::supply`].
    ///
    /// # Errors
    ///
    /// Those of [`Component::supply`] and [`Component::lower`].
    pub fn supply(&self, modules: &[(&str, &Module<'_>)]) -> Result<Plan, LowerError> {
        Component::read(&self.component)?.supply(modules)?.lower()
    }
}
