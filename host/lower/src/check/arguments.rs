//! Checks the arguments of core instances: shared and unshared items do not match each other (SETV-11), and canonical
//! definitions may only be used at certain types.

use super::Checker;
use super::matching::{function, given_shared, is_shared};
use super::refusal::broken;
use super::renumber::Renumber;
use super::scope::CheckedBuiltin;
use crate::error::LowerError;
use crate::rules::Rule;
use std::collections::{BTreeMap, HashMap};
use wasm_encoder::reencode::{Reencode, ReencodeComponent};
use wasm_encoder::{ExportKind, InstanceSection, ModuleArg};
use wasmparser::InstantiationArg;
use wasmparser::types::{CoreTypeId, TypesRef};

/// An import whose argument is a canonical definition.
struct Use {
    /// The position of the argument.
    position: usize,
    module: String,
    name: String,
    builtin: CheckedBuiltin,
    given: CoreTypeId,
    wanted: CoreTypeId,
}

/// The items of an argument that are replaced by others, with the validator's indices.
type Others = BTreeMap<String, u32>;

impl Checker<'_> {
    /// An instance of a core module of the input.
    pub(super) fn instantiate(
        &mut self,
        module: u32,
        arguments: &[InstantiationArg<'_>],
        offset: usize,
    ) -> Result<(), LowerError> {
        let mut renumber = Renumber::new(&self.scopes);
        let module = renumber.module_index(module);
        let mut indices = Vec::new();
        for argument in arguments {
            indices.push(renumber.instance_index(argument.index));
        }
        renumber.finish(Ok(()), offset)?;

        let mut others: BTreeMap<usize, Others> = BTreeMap::new();
        for use_ in self.uses(module, arguments, &indices, offset)? {
            if let Some(other) = self.check_use(&use_, offset)? {
                others.entry(use_.position).or_default().insert(use_.name, other);
            }
        }
        for (position, others) in others {
            let (Some(argument), Some(index)) = (arguments.get(position), indices.get_mut(position)) else {
                continue;
            };
            *index = self.instance_with(argument.index, &others, offset)?;
        }
        let mut instances = InstanceSection::new();
        let arguments = arguments.iter().zip(indices);
        instances.instantiate(
            module,
            arguments.map(|(argument, index)| (argument.name, ModuleArg::Instance(index))),
        );
        self.pass_core_instance(&instances, offset)
    }

    /// Checks the argument of each import. `indices` are the validator's indices of the arguments.
    fn uses(
        &self,
        module: u32,
        arguments: &[InstantiationArg<'_>],
        indices: &[u32],
        offset: usize,
    ) -> Result<Vec<Use>, LowerError> {
        let types = self.types()?;
        let positions = arguments.iter().enumerate();
        let positions: HashMap<&str, usize> = positions
            .map(|(position, argument)| (argument.name, position))
            .collect();
        let mut uses = Vec::new();
        for ((module, name), wanted) in &types[types.module_at(module)].imports {
            let Some(&position) = positions.get(module.as_str()) else {
                continue;
            };
            let (Some(argument), Some(index)) = (arguments.get(position), indices.get(position)) else {
                continue;
            };
            let instance = &types[types.core_instance_at(*index)];
            let Some(given) = instance.exports(types).get(name) else {
                continue;
            };
            let builtin = self.scopes.last().and_then(|scope| scope.builtin(argument.index, name));
            if let (Some(builtin), Some(given), Some(wanted)) = (builtin, function(given), function(wanted)) {
                uses.push(Use {
                    position,
                    module: module.clone(),
                    name: name.clone(),
                    builtin,
                    given,
                    wanted,
                });
                continue;
            }
            if let Some(shared) = given_shared(types, given, wanted) {
                let (expected, given) = match shared {
                    true => ("an unshared", "is"),
                    false => ("a shared", "is not"),
                };
                let message = format!(
                    "import `{module}/{name}` expects {expected} item, but its argument {given} shared: make both shared or \
                     neither"
                );
                return Err(broken(Rule::Setv11, offset, message));
            }
        }
        Ok(uses)
    }

    /// Checks that a canonical definition matches an import. Returns the stub to show to the validator instead, if one
    /// is needed.
    fn check_use(&mut self, use_: &Use, offset: usize) -> Result<Option<u32>, LowerError> {
        let wanted_shared = is_shared(self.types()?, use_.wanted);
        self.note_use(use_.builtin, wanted_shared, offset)?;
        let types = self.types()?;
        if is_subtype(types, use_.given, use_.wanted) {
            return Ok(None);
        }
        let (given, wanted) = (&types[use_.given].composite_type, &types[use_.wanted].composite_type);
        let mismatch = format!(
            "type mismatch: import `{}/{}` has type `{wanted}`, but `{}` has type `{given}`",
            use_.module, use_.name, use_.builtin.name
        );
        if wanted.shared && !given.shared && use_.builtin.may_be_shared(self.rules) {
            let ty = given.unwrap_func().clone();
            if let Some(stub) = self.function_stub(true, &ty, offset)? {
                let types = self.types()?;
                if is_subtype(types, types.core_function_at(stub), use_.wanted) {
                    return Ok(Some(stub));
                }
            }
        }
        Err(broken(use_.builtin.rule, offset, mismatch))
    }

    /// Copies a core instance of the input, with some of its items replaced.
    fn instance_with(&mut self, instance: u32, others: &Others, offset: usize) -> Result<u32, LowerError> {
        let mut items = Vec::new();
        let mut renumber = Renumber::new(&self.scopes);
        let inline = self
            .scopes
            .last()
            .and_then(|scope| scope.inline.get(instance as usize)?.as_ref());
        let mut result = Ok(());
        for (name, (kind, index)) in inline.into_iter().flatten() {
            match renumber.external_index(*kind, *index) {
                Ok(index) => {
                    let index = others.get(name).copied().unwrap_or(index);
                    items.push((name.as_str(), ExportKind::from(*kind), index));
                }
                Err(error) => result = Err(error),
            }
        }
        renumber.finish(result, offset)?;
        let mut instances = InstanceSection::new();
        instances.export_items(items);
        self.pass_core_instance(&instances, offset)?;
        Ok(self.scope().core.instances.insert())
    }
}

fn is_subtype(types: TypesRef<'_>, mut ty: CoreTypeId, of: CoreTypeId) -> bool {
    while ty != of {
        match types.supertype_of(ty) {
            Some(supertype) => ty = supertype,
            None => return false,
        }
    }
    true
}
