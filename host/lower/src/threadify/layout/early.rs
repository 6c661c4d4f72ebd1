//! Finds the shared tables that weft must fill in the order of the instances.
//!
//! **Problem.** A shared table that no code writes remains a table of the run-time module, which is filled on every
//! thread before any code runs. But by the specification, a module's active segments are copied when that module is
//! instantiated. So the start function of an earlier module must find null elements, and must have run before a segment
//! that does not fit traps. **Before:**
//!
//! ```wat
//! (module $a (table (export "t") shared 1 (ref null (shared func))) (start $s)
//!   (func $s (call_indirect (type $f) (i32.const 0))))                         ;; traps
//! (module $b (import "a" "t" (table $t shared 1 (ref null (shared func))))
//!   (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $f)))
//! ```
//!
//! **After:** `$t` counts as written, so that `weft:initialize` copies the segment in its turn. This makes all calls
//! through the table slower, so weft does it only if a start function may read the table or call unknown code, and if
//! the segment may not fit. A C program's start function writes only its memory and calls nothing.
//!
//! **Rejected:** filling the table in `weft:initialize` on the first thread, and on all others before they start (a
//! thread that a start function starts would never see later elements).

use super::at;
use super::definers::{Definer, Definers};
use crate::error::LowerError;
use crate::threadify::input::{Argument, Input, InstanceIndex, Item};
use crate::threadify::scan::{Facts, shared};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{ConstExpr, ElementKind, FunctionBody, Operator, Parser, Payload};

/// What a start function may do with tables.
#[derive(Default)]
struct Reach {
    /// It calls unknown code, or starts a thread.
    anything: bool,
    /// The tables that it reads.
    tables: BTreeSet<Definer>,
}

struct Early<'a> {
    input: &'a Input<'a>,
    facts: &'a [Facts],
    definers: &'a Definers,
    /// For each instance, the values of its globals, as far as they are known.
    globals: Vec<Vec<Option<u64>>>,
    /// The function bodies of the instances for which they were needed.
    bodies: BTreeMap<InstanceIndex, Vec<FunctionBody<'a>>>,
}

/// The shared tables of functions that weft must fill in the order of the instances.
pub(super) fn tables(input: &Input<'_>, facts: &[Facts], definers: &Definers) -> Result<BTreeSet<Definer>, LowerError> {
    let mut early = BTreeSet::new();
    if !input
        .instances
        .iter()
        .any(|instance| instance.items.tables.contains(&true))
    {
        return Ok(early);
    }
    let mut finder = Early {
        input,
        facts,
        definers,
        globals: Vec::new(),
        bodies: BTreeMap::new(),
    };
    finder.evaluate_globals()?;
    let mut reaches: Vec<(InstanceIndex, Reach)> = Vec::new();
    for index in (0..input.instances.len()).map(InstanceIndex) {
        for (table, end) in finder.segments(index)? {
            let is_in_bounds = end.map(|end| end <= finder.initial(table));
            let may_be_seen = |(from, reach): &(InstanceIndex, Reach)| {
                *from >= table.0 && (reach.anything || reach.tables.contains(&table))
            };
            let in_order = match is_in_bounds {
                Some(true) => reaches.iter().any(may_be_seen),
                // A program that traps need not be fast.
                Some(false) => true,
                None => !reaches.is_empty(),
            };
            if in_order {
                early.insert(table);
            }
        }
        if let Some(start) = facts[index.0].start {
            reaches.push((index, finder.reach(index, start)?));
        }
    }
    Ok(early)
}

impl<'a> Early<'a> {
    /// The shared tables of functions into which an instance's active segments are copied, and the end of each segment,
    /// if known.
    fn segments(&self, index: InstanceIndex) -> Result<Vec<(Definer, Option<u64>)>, LowerError> {
        let mut segments = Vec::new();
        for payload in Parser::new(0).parse_all(self.input.instances[index.0].wasm) {
            let Payload::ElementSection(section) = payload? else {
                continue;
            };
            for (element, count) in section.into_iter().zip(&self.facts[index.0].element_counts) {
                let ElementKind::Active {
                    table_index,
                    offset_expr,
                } = element?.kind
                else {
                    continue;
                };
                let table = at(&self.definers.tables[index.0], table_index.unwrap_or(0))?;
                let (facts, items) = (&self.facts[table.0.0], &self.input.instances[table.0.0].items);
                let ty = facts.module.tables.get(table.1 as usize);
                if shared(&items.tables, table.1)?
                    && ty.is_some_and(|ty| facts.module.is_function_reference(ty.element_type))
                {
                    let offset = value(&self.globals[index.0], &offset_expr)?;
                    segments.push((table, offset.and_then(|offset| offset.checked_add(u64::from(*count)))));
                }
            }
            break;
        }
        Ok(segments)
    }

    fn initial(&self, table: Definer) -> u64 {
        let ty = self.facts[table.0.0].module.tables.get(table.1 as usize);
        ty.map_or(0, |ty| ty.initial)
    }

    fn evaluate_globals(&mut self) -> Result<(), LowerError> {
        for (instance, definers) in self.input.instances.iter().zip(&self.definers.globals) {
            let known = |(from, global): &Definer| self.globals.get(from.0)?.get(*global as usize).copied().flatten();
            let imported = self.facts[self.globals.len()].module.imported.globals as usize;
            let mut globals: Vec<_> = definers.iter().take(imported).map(known).collect();
            for payload in Parser::new(0).parse_all(instance.wasm) {
                if let Payload::GlobalSection(section) = payload? {
                    for global in section {
                        let value = value(&globals, &global?.init_expr)?;
                        globals.push(value);
                    }
                }
            }
            self.globals.push(globals);
        }
        Ok(())
    }

    /// What a function and the functions that it calls may do.
    fn reach(&mut self, index: InstanceIndex, function: u32) -> Result<Reach, LowerError> {
        let mut reach = Reach::default();
        let mut seen = BTreeSet::new();
        let mut open = vec![(index, function)];
        while let Some((index, function)) = open.pop() {
            if reach.anything || !seen.insert((index, function)) {
                continue;
            }
            let Some(defined) = function.checked_sub(self.facts[index.0].module.imported.functions) else {
                match self.imported(index, function) {
                    Some(Argument::Item(from, Item::Function(function))) => open.push((*from, *function)),
                    // The host does not call back during the instantiation of modules.
                    Some(Argument::Host(_) | Argument::Context(_) | Argument::Task(_)) => {}
                    Some(
                        Argument::Item(..)
                        | Argument::SpawnIndirect(..)
                        | Argument::NewIndirect(..)
                        | Argument::SpawnRef(_),
                    )
                    | None => reach.anything = true,
                }
                continue;
            };
            let body = self.bodies(index)?.get(defined as usize).cloned();
            let no_body = || LowerError::Internal(format!("function {function} has no body"));
            let body = body.ok_or_else(no_body)?;
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                        open.push((index, function_index));
                    }
                    Operator::CallIndirect { .. }
                    | Operator::ReturnCallIndirect { .. }
                    | Operator::CallRef { .. }
                    | Operator::ReturnCallRef { .. } => reach.anything = true,
                    Operator::TableGet { table } | Operator::TableCopy { src_table: table, .. } => {
                        reach.tables.insert(at(&self.definers.tables[index.0], table)?);
                    }
                    _ => {}
                }
            }
        }
        Ok(reach)
    }

    fn imported(&self, index: InstanceIndex, function: u32) -> Option<&'a Argument> {
        let arguments = self.input.instances[index.0].arguments.iter();
        let imports = self.facts[index.0].module.imports.iter().zip(arguments);
        let mut functions = imports.filter(|(ty, _)| super::is_function(ty));
        functions.nth(function as usize).map(|(_, argument)| argument)
    }

    fn bodies(&mut self, index: InstanceIndex) -> Result<&[FunctionBody<'a>], LowerError> {
        match self.bodies.entry(index) {
            Entry::Occupied(bodies) => Ok(bodies.into_mut()),
            Entry::Vacant(place) => {
                let mut bodies = Vec::new();
                for payload in Parser::new(0).parse_all(self.input.instances[index.0].wasm) {
                    if let Payload::CodeSectionEntry(body) = payload? {
                        bodies.push(body);
                    }
                }
                Ok(place.insert(bodies))
            }
        }
    }
}

/// The value of a constant expression of one instruction, if known.
fn value(globals: &[Option<u64>], expression: &ConstExpr<'_>) -> Result<Option<u64>, LowerError> {
    let mut operators = expression.get_operators_reader();
    let value = match operators.read()? {
        Operator::I32Const { value } => Some(u64::from(value as u32)),
        Operator::I64Const { value } => Some(value as u64),
        Operator::GlobalGet { global_index } => globals.get(global_index as usize).copied().flatten(),
        _ => None,
    };
    Ok(value.filter(|_| operators.is_end_then_eof()))
}
