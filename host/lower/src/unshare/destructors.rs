//! Destructors that are lowered functions of other component instances.
//!
//! **Problem.** Wasmtime's translator puts the adapters of a component into as few core modules as possible. If the
//! destructor of a resource type is such an adapter, and an adapter in the same module passes resources of the type, the
//! module and the resource type need each other, and the translator panics. **Before:**
//!
//! ```wat
//! (core func $log (canon lower (func $log)))
//! (type $r (resource (rep i32) (dtor (func $log))))
//! ```
//!
//! **After:** the destructor is a function that calls the adapter, so that the translator can define the resource type
//! between the two.
//!
//! ```wat
//! (core func $log (canon lower (func $log)))
//! (core module $m (import "" "called" (func $f (param i32))) (func (export "builtin") (param i32) (call $f (local.get 0))))
//! (core instance $arguments (export "called" (func $log)))
//! (core instance $i (instantiate $m (with "" (instance $arguments))))
//! (alias core export $i "builtin" (core func $dtor))
//! (type $r (resource (rep i32) (dtor (func $dtor))))
//! ```
//!
//! **Rejected:** refusing such a component (in most of them nothing passes the resource, and the translator accepts them).

use super::builtins::ComponentWriter;
use super::form::{Form, UnsharedModule};
use super::items;
use super::one_function_module;
use super::reencode::Unshare;
use crate::error::LowerError;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CanonicalFunctionSection, Component, EntityType, ExportKind, Function, ImportSection, TypeSection};
use wasm_encoder::{Module, ValType};
use wasmparser::{ComponentType, SectionLimited};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// The name under which the module imports the lowered function.
const CALLED: &str = "called";

impl Unshare {
    /// Adds such functions for the resource types of a section. The outermost component needs none: what it lowers are
    /// functions of the host, or of instances that cannot be entered from there.
    pub(super) fn wrap_destructors(
        &mut self,
        component: &mut Component,
        types: SectionLimited<'_, ComponentType<'_>>,
    ) -> Result<()> {
        self.destructors.clear();
        if self.scopes.len() <= 1 {
            return Ok(());
        }
        let mut output = ComponentWriter {
            component,
            canonical: CanonicalFunctionSection::new(),
        };
        let mut wrapped = BTreeMap::new();
        for ty in types {
            let ComponentType::Resource { dtor: Some(dtor), .. } = ty? else {
                continue;
            };
            if !self.scope().lowered.contains(&dtor) || wrapped.contains_key(&dtor) {
                continue;
            }
            let module = caller();
            if self.form == Form::Plan {
                let items = items::read(module.as_slice()).map_err(Error::UserError)?;
                self.modules.push(UnsharedModule::Added(items.shared()));
            }
            let arguments = [(CALLED, ExportKind::Func, self.function_index(dtor)?)];
            let instance = self.instance(&mut output, &module, &arguments);
            wrapped.insert(dtor, self.alias_function(&mut output, instance, super::BUILTIN_EXPORT));
        }
        self.destructors = wrapped;
        Ok(())
    }
}

/// A module whose function calls the one that it imports.
fn caller() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("", CALLED, EntityType::Function(0));
    let mut body = Function::new([]);
    body.instructions().local_get(0).call(0).end();
    one_function_module(&types, &imports, 1, 0, &body)
}
