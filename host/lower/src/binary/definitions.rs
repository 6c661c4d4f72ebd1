//! The canonical definitions of a component, each with the core types that it may name: what a thread does depends on the type
//! with which it starts.

use super::decoded::Decoded;
use crate::builtins::{CanonicalBuiltin, Start};
use crate::error::LowerError;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentOuterAliasKind, CompositeInnerType, CoreType, Parser, Payload, SubType,
    ValType,
};

/// What matters about a core type for starting threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartSignature {
    /// Whether it is shared.
    pub(crate) shared: bool,
    /// The type of the one parameter of a function. A type of another form starts no thread.
    pub(crate) parameter: Option<ValType>,
    has_results: bool,
}

impl StartSignature {
    fn of(ty: &SubType) -> StartSignature {
        let ty = &ty.composite_type;
        let (parameters, results) = match &ty.inner {
            CompositeInnerType::Func(ty) => (ty.params(), ty.results()),
            CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => {
                (&[][..], &[][..])
            }
        };
        StartSignature {
            shared: ty.shared,
            parameter: match parameters {
                [parameter] => Some(*parameter),
                _ => None,
            },
            has_results: !results.is_empty(),
        }
    }

    /// Whether it is a function type of one integer parameter and no results.
    pub(crate) fn starts_thread(self) -> bool {
        matches!(self.parameter, Some(ValType::I32 | ValType::I64)) && !self.has_results
    }
}

/// A canonical definition, where it stands.
pub(crate) struct CanonicalDefinition<'a> {
    pub(crate) function: &'a CanonicalFunction,
    /// The `shared` immediate: see [`Decoded::immediates`].
    pub(crate) shared: Option<bool>,
    /// The core types defined so far, `None` for module types and unknown ones.
    pub(crate) types: &'a [Option<StartSignature>],
    pub(crate) offset: u64,
}

impl CanonicalDefinition<'_> {
    /// The start type, if the definition starts threads and the type exists.
    pub(crate) fn start_type(&self) -> Result<Option<StartSignature>, LowerError> {
        let start = Start::of(self.function)?;
        Ok(start.and_then(|start| self.types.get(start.ty as usize).copied().flatten()))
    }
}

/// Visits the canonical definitions of a component, nested components included, in the order of the binary.
///
/// # Errors
///
/// Those of `visit`, or the component is malformed.
pub(crate) fn canonical_definitions(
    component: &Decoded<'_>,
    mut visit: impl FnMut(&CanonicalDefinition<'_>) -> Result<(), LowerError>,
) -> Result<(), LowerError> {
    let mut immediates = component.immediates.iter();
    // The core types of the component that is being read, innermost last.
    let mut scopes: Vec<Vec<Option<StartSignature>>> = Vec::new();
    for payload in Parser::new(0).parse_all(&component.bytes) {
        match payload? {
            Payload::Version { .. } => scopes.push(Vec::new()),
            Payload::End(_) => drop(scopes.pop()),
            Payload::CoreTypeSection(section) => {
                for ty in section {
                    define(&mut scopes, core_types(&ty?));
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    if let ComponentAlias::Outer {
                        kind: ComponentOuterAliasKind::CoreType,
                        count,
                        index,
                    } = alias?
                    {
                        let outer = scopes.iter().rev().nth(count as usize);
                        let ty = outer.and_then(|types| types.get(index as usize).copied());
                        define(&mut scopes, vec![ty.flatten()]);
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for definition in section.into_iter_with_offsets() {
                    let (offset, function) = definition?;
                    let immediate = CanonicalBuiltin::of(&function).and_then(|builtin| builtin.row().immediate);
                    let shared = immediate.and_then(|_| immediates.next().copied().flatten());
                    visit(&CanonicalDefinition {
                        function: &function,
                        shared,
                        types: scopes.last().map_or(&[], Vec::as_slice),
                        offset: offset as u64,
                    })?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn core_types(ty: &CoreType<'_>) -> Vec<Option<StartSignature>> {
    match ty {
        CoreType::Rec(group) => group.types().map(StartSignature::of).map(Some).collect(),
        CoreType::Module(_) => vec![None],
    }
}

fn define(scopes: &mut [Vec<Option<StartSignature>>], types: Vec<Option<StartSignature>>) {
    if let Some(scope) = scopes.last_mut() {
        scope.extend(types);
    }
}
