//! Core modules as arguments for a component's imports.
//!
//! **Problem.** A component can import a core module. Its instances must be part of the run-time module, because all
//! threads share what is in them. So the passes need the core module itself, and not only its type.
//!
//! **Before:** a component, and a core module for its import `lib`.
//!
//! ```wat
//! (component
//!   (import "lib" (core module $lib (export "f" (func))))
//!   (core instance $i (instantiate $lib)))
//! ```
//!
//! **After:** the core module is behind the last item of the component, where it moves no index.
//! [Check](crate::check) compares its type with the import's, and [flatten](crate::flatten) instantiates it instead of
//! the import.
//!
//! ```wat
//! (component
//!   (import "lib" (core module $lib (export "f" (func))))
//!   (core instance $i (instantiate $lib))
//!   (core module (func (export "f"))))
//! ```
//!
//! **Rejected:** the core module in place of the import (an import can be an export of an imported instance, which
//! nested components take as an argument); a component around this one that passes the module on (it would have to
//! repeat the types of all other imports, which can refer to each other).

use crate::binary::decoded::Supplied;
use crate::decode::Located;
use wasm_encoder::Encode;

/// The id of a core module's section in a component.
const CORE_MODULE: u8 = 1;

/// Adds core modules, with the names of the imports that they are for.
pub(crate) fn supply<'m>(
    component: &Located<'_>,
    modules: impl Iterator<Item = (&'m str, &'m [u8])>,
) -> Located<'static> {
    let mut bytes = component.bytes().to_vec();
    let mut supplied = Vec::new();
    for (name, module) in modules {
        bytes.push(CORE_MODULE);
        module.len().encode(&mut bytes);
        let start = bytes.len();
        bytes.extend_from_slice(module);
        supplied.push(Supplied {
            name: name.to_owned(),
            range: start..bytes.len(),
        });
    }
    component.extended(bytes, supplied)
}
