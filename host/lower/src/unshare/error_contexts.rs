//! Bounds the debug messages of error contexts, in [`Form::Stock`](super::Form).
//!
//! **Problem.** The host keeps a copy of each message until the guest drops the error context. No limit of Wasmtime
//! counts these copies, so a guest with a few messages of megabytes makes the host hold gigabytes. **Before:**
//!
//! ```wat
//! (core func $new (canon error-context.new (memory $m)))
//! ```
//!
//! **After:** a core module passes the message on if it is short, and otherwise an empty one, which the specification
//! allows: a host may change or drop a message.
//!
//! ```wat
//! (core func $host (canon error-context.new (memory $m)))
//! (core module $m ...)                     ;; calls $host, with the length 0 if the message is long
//! (core instance $i (instantiate $m ...))
//! (alias core export $i "builtin" (core func $new))
//! ```
//!
//! A host that limits the number of handles thereby limits their memory.
//!
//! **Rejected:** cutting the message, because a cut may split a character; counting the bytes in the module, because a
//! component can pass an error context to another one, and drop its own handle.
//!
//! Specification: [`error-context.new`].
//!
//! [`error-context.new`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-error-contextnew

use super::builtins::ComponentWriter;
use super::reencode::Unshare;
use super::shim_modules::{self, NEW};
use crate::error::LowerError;
use wasm_encoder::ExportKind;
use wasm_encoder::reencode::{Error, ReencodeComponent};
use wasmparser::{CanonicalFunction, CanonicalOption};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// How many bytes of UTF-8 a message can take in the host.
const MAX_BYTES: i32 = 1 << 10;

/// How many bytes of UTF-8 a code unit of UTF-16 or Latin-1 can become.
const BYTES_OF_UNIT: i32 = 3;

impl Unshare {
    /// Replaces `error-context.new`. Returns whether it did.
    pub(super) fn replace_error_context(
        &mut self,
        output: &mut ComponentWriter<'_>,
        definition: &CanonicalFunction,
        options: &[CanonicalOption],
    ) -> Result<bool> {
        let Some(wide) = self.wide_error_contexts.next() else {
            return Err(Error::UserError(LowerError::Internal(
                "an `error-context.new` has not been checked".to_owned(),
            )));
        };
        // Another pass refuses it if something uses it.
        if wide {
            return Ok(false);
        }
        let has_units = options
            .iter()
            .any(|option| matches!(option, CanonicalOption::UTF16 | CanonicalOption::CompactUTF16));
        let most = if has_units {
            MAX_BYTES / BYTES_OF_UNIT
        } else {
            MAX_BYTES
        };
        self.parse_component_canonical(&mut output.canonical, definition.clone())?;
        let new = (NEW, ExportKind::Func, self.scope().functions.insert());
        let instance = self.instance(output, &shim_modules::new_error_context(most), &[new]);
        self.take_place(output, instance);
        Ok(true)
    }
}
