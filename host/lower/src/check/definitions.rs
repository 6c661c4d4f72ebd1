//! Checks canonical definitions. Each defines a core function or a lifted one.
//!
//! By the specification, all core functions that canonical definitions define are unshared, except built-ins that say
//! `shared`; and the definitions take unshared functions and memories (SETV-22, SETV-23). Under [`Rules::Extended`], a
//! definition may be used at a shared type, and may take shared items: the validator then sees an unshared
//! [stub](super::stubs) instead.

use super::Checker;
use super::refusal::{broken, invalid};
use super::renumber::Renumber;
use super::rules::Rules;
use super::scope::{CheckedBuiltin, Sharing};
use crate::binary::single_item::{contents, reader};
use crate::binary::thread_start::{StartTableType, StartType, ThreadStart};
use crate::builtins::{CanonicalBuiltin, Start, StartRules, Threading};
use crate::error::LowerError;
use crate::rules::Rule;
use std::collections::BTreeMap;
use wasm_encoder::CanonicalFunctionSection;
use wasm_encoder::reencode::ReencodeComponent;
use wasmparser::types::{CoreTypeId, TypesRef};
use wasmparser::{CanonicalFunction, ComponentCanonicalSectionReader, FuncType, SubType, ValType};

impl Checker<'_> {
    pub(super) fn canonical_section(&mut self, section: ComponentCanonicalSectionReader<'_>) -> Result<(), LowerError> {
        for definition in section.into_iter_with_offsets() {
            let (offset, definition) = definition?;
            let builtin = CanonicalBuiltin::of(&definition);
            match builtin.map(|builtin| builtin.row().threads) {
                Some(Threading::Starts(rules)) => self.starts(rules, &definition, offset)?,
                Some(Threading::PreemptiveIfShared) => self.available_parallelism(offset)?,
                Some(Threading::Switches | Threading::Unsaid) | None => self.plain_definition(definition, offset)?,
            }
        }
        Ok(())
    }

    /// The mark of the next definition that can say whether it is shared.
    fn immediate(&mut self) -> Option<bool> {
        self.immediates.next().copied().flatten()
    }

    /// A built-in that starts threads.
    fn starts(&mut self, rules: StartRules, definition: &CanonicalFunction, offset: usize) -> Result<(), LowerError> {
        let Some(Start { ty, table }) = Start::of(definition)? else {
            let name = rules.builtin.name();
            return Err(LowerError::Internal(format!("`{name}` has no start type")));
        };
        let immediate = rules.builtin.row().immediate.and_then(|_| self.immediate());
        let start = self.start_type(rules, ty, immediate, offset)?;
        self.refuse_shared_start(rules, ty, &start, offset)?;
        match table {
            Some(table) => {
                let table = self.start_table(rules, table, &start, offset)?;
                self.indirect(rules, start, table, offset)
            }
            None => self.by_reference(rules, start, offset),
        }
    }

    /// `(shared? (func (param (ref null $ft)) (param T) (result i32)))`
    fn by_reference(&mut self, rules: StartRules, start: StartType, offset: usize) -> Result<(), LowerError> {
        let stub = self.spawn_ref_stub(&start, offset)?;
        self.scope().core.functions.replace(stub);
        self.checked.starts.push(ThreadStart { start, table: None });
        self.scope().builtins.push(Some(CheckedBuiltin {
            name: rules.builtin.name(),
            rule: rules.builtin.row().rule,
            sharing: Sharing::Fixed,
        }));
        Ok(())
    }

    /// `(shared? (func (param U) (param T) (result i32)))`
    fn indirect(
        &mut self,
        rules: StartRules,
        start: StartType,
        table: StartTableType,
        offset: usize,
    ) -> Result<(), LowerError> {
        let index = match table.table64 {
            true => ValType::I64,
            false => ValType::I32,
        };
        let ty = FuncType::new([index, start.parameter], [ValType::I32]);
        let shared = start.shared && rules.follows_start;
        let table = Some(table);
        self.checked.starts.push(ThreadStart { start, table });
        let builtin = CheckedBuiltin {
            name: rules.builtin.name(),
            rule: rules.builtin.row().rule,
            sharing: if shared { Sharing::Fixed } else { Sharing::Extended },
        };
        self.stubbed(shared, &ty, builtin, offset)
    }

    /// `(shared? (func (result i32)))`
    fn available_parallelism(&mut self, offset: usize) -> Result<(), LowerError> {
        let (shared, sharing) = match self.immediate() {
            Some(true) => (true, Sharing::Fixed),
            Some(false) => (false, Sharing::Extended),
            // Without a mark, the specification's text format means `unshared`, and that of wasm-tools means `shared`.
            None => {
                self.uses_of_unsaid.push(None);
                (false, Sharing::Unsaid(self.uses_of_unsaid.len() - 1))
            }
        };
        let definition = CanonicalBuiltin::ThreadAvailableParallelism;
        let builtin = CheckedBuiltin {
            name: definition.name(),
            rule: definition.row().rule,
            sharing,
        };
        self.stubbed(shared, &definition.fixed_type()?, builtin, offset)
    }

    /// Records that a definition is used at a shared or an unshared type. Strictly, it has only one of them, whether
    /// the input says which or not.
    pub(super) fn note_use(&mut self, builtin: CheckedBuiltin, shared: bool, offset: usize) -> Result<(), LowerError> {
        if let Sharing::Unsaid(index) = builtin.sharing
            && let Some(all_shared) = self.uses_of_unsaid.get_mut(index)
        {
            if self.rules == Rules::Strict && *all_shared == Some(!shared) {
                let message = format!(
                    "`{}` is used both as a shared and as an unshared function: define it twice",
                    builtin.name
                );
                return Err(broken(builtin.rule, offset, message));
            }
            *all_shared = Some(all_shared.unwrap_or(true) && shared);
        }
        Ok(())
    }

    fn stubbed(
        &mut self,
        shared: bool,
        ty: &FuncType,
        builtin: CheckedBuiltin,
        offset: usize,
    ) -> Result<(), LowerError> {
        let Some(stub) = self.function_stub(shared, ty, offset)? else {
            return Err(LowerError::Internal(format!(
                "`{}` has references in its type",
                builtin.name
            )));
        };
        let scope = self.scope();
        scope.core.functions.replace(stub);
        scope.builtins.push(Some(builtin));
        Ok(())
    }

    /// A definition that the validator knows.
    fn plain_definition(&mut self, definition: CanonicalFunction, offset: usize) -> Result<(), LowerError> {
        if let CanonicalFunction::Lift { core_func_index, .. } = definition
            && let Some(Some(builtin)) = self.scope().builtins.get(core_func_index as usize).copied()
        {
            self.note_use(builtin, false, offset)?;
        }
        let mut seen = Renumber::new(&self.scopes);
        let result = seen.parse_component_canonical(&mut CanonicalFunctionSection::new(), definition.clone());
        let (functions, memories) = (std::mem::take(&mut seen.functions), std::mem::take(&mut seen.memories));
        seen.finish(result, offset)?;
        let other_functions = self.unshared_functions(functions, offset)?;
        let other_memories = self.unshared_memories(&memories, offset)?;

        let mut section = CanonicalFunctionSection::new();
        let mut renumber = Renumber::new(&self.scopes);
        renumber.other_functions = other_functions;
        renumber.other_memories = other_memories;
        let result = renumber.parse_component_canonical(&mut section, definition.clone());
        renumber.finish(result, offset)?;
        self.pass_definition(&section, offset)?;
        self.note_unfinished(&definition, &memories, offset)?;
        if !matches!(definition, CanonicalFunction::Lift { .. }) {
            let scope = self.scope();
            scope.core.functions.keep();
            scope.builtins.push(Some(CheckedBuiltin::of(&definition)));
        }
        Ok(())
    }

    fn pass_definition(&mut self, section: &CanonicalFunctionSection, offset: usize) -> Result<(), LowerError> {
        let contents = contents(section)?;
        Ok(self
            .validator
            .component_canonical_section(&reader(&contents, offset)?)?)
    }

    /// SETV-23: the stubs for those functions that are shared.
    fn unshared_functions(&mut self, functions: Vec<u32>, offset: usize) -> Result<BTreeMap<u32, u32>, LowerError> {
        let mut others = BTreeMap::new();
        for function in functions {
            let types = self.types()?;
            let id = types.core_function_at(function);
            let SubType {
                is_final,
                composite_type: ty,
                ..
            } = &types[id];
            if !ty.shared {
                continue;
            }
            if self.rules == Rules::Strict {
                let message =
                    format!("a canonical definition takes a shared core function, `{ty}`: remove `shared` from it");
                return Err(broken(Rule::Setv23, offset, message));
            }
            // Canonical definitions have only such types, and no other types are equal to them.
            let stands_alone = types.supertype_of(id).is_none() && is_alone(types, id);
            if !(*is_final && stands_alone) {
                let message = format!(
                    "type mismatch: a canonical definition takes core function {function}, whose type `{ty}` is not final, \
                     has a supertype, or shares its recursion group with other types: give the function its own type"
                );
                return Err(invalid(offset, message));
            }
            let ty = ty.unwrap_func().clone();
            if let Some(stub) = self.function_stub(false, &ty, offset)? {
                others.insert(function, stub);
            }
        }
        Ok(others)
    }

    /// SETV-22: the stubs for those memories that are shared.
    fn unshared_memories(&mut self, memories: &[u32], offset: usize) -> Result<BTreeMap<u32, u32>, LowerError> {
        let mut others = BTreeMap::new();
        for &memory in memories {
            let ty = self.types()?.memory_at(memory);
            if !ty.shared {
                continue;
            }
            if self.rules == Rules::Strict {
                let message = format!(
                    "mismatch in the shared flag for memories: a canonical definition takes core memory {memory}, which is \
                     shared: remove `shared` from it"
                );
                return Err(broken(Rule::Setv22, offset, message));
            }
            others.insert(memory, self.memory_stub(&ty, offset)?);
        }
        Ok(others)
    }
}

/// Whether a type is alone in its recursion group.
fn is_alone(types: TypesRef<'_>, id: CoreTypeId) -> bool {
    types.rec_group_elements(types.rec_group_id_of(id)).len() == 1
}
