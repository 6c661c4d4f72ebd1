//! The plan's component level: functions whose parameters and results are values of the Component Model's types.
//!
//! **Before:** `canon lift` and `canon lower`, with options that name items of core instances. **After:** options that name what a
//! runtime finds in each store: a memory of the plan or an export of the run-time module, by name; and functions that name their
//! options by index. Equal options are one entry, so that a store looks each up once.
//!
//! **Rejected:** options inside of each function. A component lowers hundreds of functions with the same few.

use super::{ComponentInstanceIndex, FunctionImportIndex, MemoryIndex, OptionsIndex};
use serde::{Deserialize, Serialize};
use weft_abi::{FuncIndex, Options, Types, ValType};

/// How values are passed to and from core functions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanonicalOptions {
    /// The component instance whose definition has them.
    pub instance: ComponentInstanceIndex,
    /// The form of lowered values.
    pub form: Options,
    /// The memory for values that do not fit in core values.
    pub memory: Option<OptionMemory>,
    /// The run-time module's export that allocates memory for values that are passed to the component.
    pub realloc: Option<String>,
}

/// The memory that canonical options name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OptionMemory {
    /// One that the host creates, for all threads.
    Planned(MemoryIndex),
    /// One that each store has for itself.
    Unshared {
        /// The name under which the run-time module exports it.
        export: String,
    },
}

/// A component function that the component imports. The host must supply it, used or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionImport {
    /// The names of the instances that it is in, outermost first, and its own: `["wasi:cli/exit@0.2.6", "exit"]`.
    pub path: Vec<String>,
    /// Its type in [`Plan::types`](super::Plan::types), unless weft cannot pass its values.
    pub ty: Option<FuncIndex>,
}

/// A `canon lower` of an imported function: what core modules call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// The function that it calls.
    pub function: FunctionImportIndex,
    /// Its type in [`Plan::types`](super::Plan::types), as the component sees it.
    pub ty: FuncIndex,
    /// How its arguments are lifted and its result is lowered.
    pub options: OptionsIndex,
    /// Whether the run-time module calls `realloc` for the result. Then the host's function gives an `i64`: 0, or the alignment in the
    /// upper half and the size in the lower one of what [`Builtin::StoreResult`](super::Builtin::StoreResult) is to be given.
    pub allocates: bool,
}

/// A lifted function that the component exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The names of the instances that it is in, outermost first, and its own: `["wasi:cli/run@0.2.6", "run"]`.
    pub path: Vec<String>,
    /// The run-time module's export that calls what is lifted: see [`LIFT_EXPORT`](super::LIFT_EXPORT).
    pub function: String,
    /// Its type in [`Plan::types`](super::Plan::types).
    pub ty: FuncIndex,
    /// How its arguments are lowered and its result is lifted.
    pub options: OptionsIndex,
    /// The run-time module's export to call with the core result when it has been read. It has the same form.
    pub post_return: Option<String>,
    /// Whether all that a call uses is shared: the function, its memory, `realloc` and `post-return`. Then calls can overlap, each in
    /// any store.
    pub shared: bool,
}

impl Export {
    /// What messages call it: its path, joined by `#`.
    pub fn name(&self) -> String {
        self.path.join("#")
    }

    /// Why it cannot be called, if it cannot. `types` are those of its plan.
    pub fn obstacle(&self, types: &Types) -> Option<String> {
        let func = &types[self.ty];
        let passes = |ty: ValType| types.unsupported(ty).is_none();
        if let Some(ty) = func.result.filter(|ty| !passes(*ty)) {
            return Some(format!("its result has type `{}`", types.display(ty)));
        }
        let mut params = func.params.iter();
        let refused = params.find(|param| !passes(param.item.ty))?;
        let (name, ty) = (&refused.name, types.display(refused.item.ty));
        Some(format!("its parameter `{name}` has type `{ty}`"))
    }
}

impl FunctionImport {
    /// What messages call it: its path, joined by `#`.
    pub fn name(&self) -> String {
        self.path.join("#")
    }
}
