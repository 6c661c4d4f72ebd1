//! Which unshared state the functions of an adapter module use, and which component instances own it.
//!
//! The translator passes an adapter items of the caller's and of the callee's component instance. At the start of a
//! task, it says which instances those are: see [`Task::Enter`].

use super::Flatten;
use super::adapter_modules::{AdapterFunction, Owners};
use crate::error::LowerError;
use crate::plan::ComponentInstanceIndex;
use crate::threadify::{Argument, InstanceIndex, Item, Task, entered};
use wasmparser::{Operator, Parser, Payload};
use wasmtime_environ::EntityType;
use wasmtime_environ::component::{CoreDef, StaticModuleIndex, Trampoline};

impl Flatten<'_> {
    /// The component instances whose unshared state an adapter uses through `definition`.
    pub(super) fn owners(&self, definition: &CoreDef) -> Result<Owners, LowerError> {
        let owner = |flatten: &Self, instance: InstanceIndex| flatten.input.instances[instance.0].component;
        if let CoreDef::Trampoline(trampoline) = definition
            && let Trampoline::Transcoder { from, to, .. } = self.translation.trampolines[*trampoline]
        {
            let mut owners = Owners::new();
            for memory in [from, to] {
                owners.extend(self.owners(&self.extracted_memory(memory)?)?);
            }
            return Ok(owners);
        }
        let Some((instance, item)) = self.item(definition) else {
            return Ok(Owners::new());
        };
        let is_shared = match item {
            Item::Function(function) => {
                if let Some(adapter) = self.adapters.function(instance, function) {
                    return Ok(self.owners_outside(adapter).collect());
                }
                let functions = &self.input.instances[instance.0].items.functions;
                functions.get(function as usize).is_some_and(|shared| *shared)
            }
            Item::Memory(_) => {
                let planned = self.planned_memory(definition);
                planned.is_some_and(|memory| self.input.memories[memory.index()].shared)
            }
            Item::Table(_) | Item::Global(_) | Item::Tag(_) => false,
        };
        Ok(match is_shared {
            true => Owners::new(),
            false => owner(self, instance).into_iter().collect(),
        })
    }

    /// For each function of an adapter module, including imported ones, what it uses.
    pub(super) fn adapter_functions(
        &self,
        index: StaticModuleIndex,
        arguments: &[Argument],
        owners: Vec<Owners>,
    ) -> Result<Vec<AdapterFunction>, LowerError> {
        let module = &self.modules[index].module;
        let (mut functions, mut memories, mut enters) = (Vec::new(), Vec::new(), Vec::new());
        for (((_, _, ty), argument), owners) in module.imports().zip(arguments).zip(owners) {
            match ty {
                EntityType::Function(_) => {
                    enters.push(matches!(argument, Argument::Task(Task::Enter { .. })));
                    functions.push(AdapterFunction {
                        owners,
                        ..AdapterFunction::default()
                    });
                }
                EntityType::Memory(_) => memories.push(owners),
                EntityType::Global(_) | EntityType::Table(_) | EntityType::Tag(_) => {}
            }
        }
        let mut calls = Vec::new();
        for payload in Parser::new(0).parse_all(self.modules[index].wasm) {
            let Payload::CodeSectionEntry(body) = payload? else {
                continue;
            };
            let (mut function, mut called) = (AdapterFunction::default(), Vec::new());
            // The last three constants.
            let mut constants = [None; 3];
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::I32Const { value } => constants = [constants[1], constants[2], Some(value)],
                    Operator::Call { function_index } => {
                        if enters.get(function_index as usize) == Some(&true) {
                            let [caller, _, callee] = constants;
                            (function.caller, function.callee) = (Some(entered(caller)?), Some(entered(callee)?));
                        }
                        called.push(function_index as usize);
                    }
                    operator => {
                        for memory in memories_of(&operator).into_iter().flatten() {
                            let unknown = || {
                                LowerError::Internal(format!("an adapter uses memory {memory}, which it is not given"))
                            };
                            function
                                .owners
                                .extend(memories.get(memory as usize).ok_or_else(unknown)?);
                        }
                    }
                }
            }
            calls.push(called);
            functions.push(function);
        }
        // Functions call each other, so this repeats until it finds nothing new.
        let imported = functions.len() - calls.len();
        let mut changed = true;
        while changed {
            changed = false;
            for (called, function) in calls.iter().zip(imported..) {
                let of_called = called.iter().filter_map(|called| functions.get(*called));
                let used: Owners = of_called.flat_map(|called| called.owners.iter().copied()).collect();
                let before = functions[function].owners.len();
                functions[function].owners.extend(used);
                changed |= functions[function].owners.len() > before;
            }
        }
        Ok(functions)
    }

    /// The component instance whose exclusive lock a function of an adapter takes.
    pub(super) fn entered(&self, function: &AdapterFunction) -> Option<ComponentInstanceIndex> {
        let callee = function.callee.filter(|callee| function.owners.contains(callee));
        callee.filter(|callee| self.homes.is_owner(*callee))
    }

    /// The component instances whose unshared state the adapter uses outside of the callee's home.
    pub(super) fn owners_outside<'f>(
        &self,
        function: &'f AdapterFunction,
    ) -> impl Iterator<Item = ComponentInstanceIndex> + use<'f> {
        let entered = self.entered(function);
        function
            .owners
            .iter()
            .copied()
            .filter(move |owner| Some(*owner) != entered)
    }
}

macro_rules! note_memory {
    ($found:ident, memarg, $value:ident) => {
        $found[0] = Some($value.memory)
    };
    ($found:ident, mem, $value:ident) => {
        $found[0] = Some(*$value)
    };
    ($found:ident, dst_mem, $value:ident) => {
        $found[0] = Some(*$value)
    };
    ($found:ident, src_mem, $value:ident) => {
        $found[1] = Some(*$value)
    };
    ($found:ident, $other:ident, $value:ident) => {
        let _ = $value;
    };
}

/// The memories that an instruction names.
macro_rules! define_memories_of {
    ($(@$proposal:ident $op:ident $({ $($operand:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        fn memories_of(operator: &Operator<'_>) -> [Option<u32>; 2] {
            let mut found = [None; 2];
            match operator {
                $(Operator::$op { $($($operand,)*)? } => {
                    $($(note_memory!(found, $operand, $operand);)*)?
                })*
                // Adapters contain no such instruction. If one did, it would count as using an unshared memory.
                _ => found[0] = Some(u32::MAX),
            }
            found
        }
    };
}

wasmparser::for_each_operator!(define_memories_of);
