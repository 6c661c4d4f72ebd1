//! The imported component functions that a component lowers.
//!
//! **Before:**
//!
//! ```wat
//! (import "example:text/log@1.0.0" (instance $log (export "line" (func (param "text" string)))))
//! (core func $line (canon lower (func $log "line") (memory $memory)))
//! ```
//!
//! **After:** [`Plan::lowered`](crate::Plan::lowered) has the type and options with which core modules call the function.
//! A function can be lowered more than once.

use super::Flatten;
use crate::error::LowerError;
use crate::plan::{self, FunctionImportIndex, Lowered};
use wasmtime_environ::component::{LoweredIndex, RuntimeImportIndex, Trampoline};

impl Flatten<'_> {
    /// Lists the lowered functions in the translator's order. The translator may extract a memory after the lowered
    /// function that uses it, so this runs when everything else is known.
    pub(super) fn lower_imports(&mut self) -> Result<(), LowerError> {
        for (index, import) in std::mem::take(&mut self.lowered).into_iter().enumerate() {
            self.lower_import(LoweredIndex::from_u32(index as u32), import)?;
        }
        Ok(())
    }

    fn lower_import(&mut self, index: LoweredIndex, import: RuntimeImportIndex) -> Result<(), LowerError> {
        let (root, path) = &self.component().imports[import];
        let (root, _) = &self.component().import_types[*root];
        let path: Vec<String> = [root].into_iter().chain(path).cloned().collect();
        let item = format!("imported component function `{}`", path.join("#"));
        let refused = |flatten: &Self, reason: String| {
            Err(LowerError::unsupported(item.clone(), reason).at(flatten.import_place(import)))
        };
        let lowering = self
            .translation
            .trampolines
            .values()
            .find_map(|trampoline| match trampoline {
                Trampoline::LowerImport {
                    index: other,
                    lower_ty,
                    options,
                } if *other == index => Some((*lower_ty, *options)),
                _ => None,
            });
        let function = self.plan.functions.iter().position(|function| function.path == path);
        let (Some((ty, options)), Some(function)) = (lowering, function) else {
            return Err(LowerError::Internal(format!("{item} is not among the imports")));
        };
        if self.component().options[options].async_ {
            return refused(
                self,
                "lower it without `async`: parallel threads wait in a call that blocks".to_owned(),
            );
        }
        if self.types[ty].async_ {
            return refused(
                self,
                "leave `async` out of its type: a call blocks the calling thread alone".to_owned(),
            );
        }
        let ty = self.func_type(ty, &item)?;
        if let Some(kind) = self.plan.types[ty].unsupported() {
            return refused(
                self,
                format!("components with parallel threads cannot pass values of the type `{kind}`: use another type"),
            );
        }
        let options = self.options(options, &item)?;
        self.plan.lowered.push(Lowered {
            function: FunctionImportIndex(function as u32),
            ty,
            options,
            allocates: self.allocating.contains_key(&plan::LoweredIndex(index.as_u32())),
        });
        Ok(())
    }
}
