//! Checks that core modules have the types of the imports that they are supplied for.
//!
//! The validator compares types that are in one binary, and [supply](crate::supply) puts the modules into the
//! component's. So the rules are those for an argument of an instance, with SETV-11.

use super::Checker;
use super::matching::module_mismatch;
use crate::error::LowerError;
use crate::rules::Rule;
use wasmparser::component_types::{ComponentCoreModuleTypeId, ComponentEntityType, ModuleType};
use wasmparser::types::{EntityType, TypesRef};

impl Checker<'_> {
    /// Checks the core modules that are supplied for the component, when its end has been read.
    pub(super) fn check_supplied(&self) -> Result<(), LowerError> {
        let Some(scope) = self.scopes.last() else {
            return Ok(());
        };
        let types = self.types()?;
        let first = scope.core.modules.len().checked_sub(self.supplied.len());
        let first = first.ok_or_else(|| LowerError::Internal("supplied core modules are missing".to_owned()))?;
        for (position, supplied) in self.supplied.iter().enumerate() {
            let index = scope.core.modules.get((first + position) as u32);
            let index = index.ok_or_else(|| LowerError::Internal("a supplied core module is missing".to_owned()))?;
            let refused = |difference| LowerError::SuppliedType {
                name: supplied.name.clone(),
                difference,
            };
            let Some(wanted) = imported(types, &supplied.name) else {
                return Err(refused("the component imports no core module by that name".to_owned()));
            };
            if let Some(difference) = difference(types, types.module_at(index), wanted) {
                return Err(refused(difference));
            }
        }
        Ok(())
    }
}

/// The type of an imported core module, by the names of the instances that it is in and its own, with `/` between them.
fn imported(types: TypesRef<'_>, name: &str) -> Option<ComponentCoreModuleTypeId> {
    // The name of an interface has such a character, too.
    let ends = name.match_indices('/').map(|(end, _)| end).chain([name.len()]);
    ends.filter_map(|end| {
        let item = types.component_item_for_import(&name[..end])?;
        within(types, item.ty, name.get(end + 1..))
    })
    .next()
}

fn within(types: TypesRef<'_>, ty: ComponentEntityType, rest: Option<&str>) -> Option<ComponentCoreModuleTypeId> {
    match (ty, rest) {
        (ComponentEntityType::Module(module), None) => Some(module),
        (ComponentEntityType::Instance(instance), Some(rest)) => {
            let mut exports = types[instance].exports.iter();
            exports.find_map(|(name, item)| match rest.strip_prefix(name.as_str())? {
                "" => within(types, item.ty, None),
                inner => within(types, item.ty, Some(inner.strip_prefix('/')?)),
            })
        }
        _ => None,
    }
}

/// How a core module's type differs from the type of the import, unless it is a subtype.
fn difference(
    types: TypesRef<'_>,
    given: ComponentCoreModuleTypeId,
    wanted: ComponentCoreModuleTypeId,
) -> Option<String> {
    let (given_type, wanted_type) = (&types[given], &types[wanted]);
    if let Some(item) = module_mismatch(types, given_type, wanted_type) {
        return Some(format!(
            "`{item}` is shared in only one of the two types: make both shared or neither (rule {})",
            Rule::Setv11
        ));
    }
    let [given, wanted] = [given, wanted].map(ComponentEntityType::Module);
    match ComponentEntityType::is_subtype_of(&given, types, &wanted, types) {
        true => None,
        false => Some(in_words(given_type, wanted_type)),
    }
}

/// Finds what differs in two types that do not match.
fn in_words(given: &ModuleType, wanted: &ModuleType) -> String {
    let absent = wanted
        .exports
        .iter()
        .find(|(name, _)| !given.exports.contains_key(*name));
    if let Some((name, item)) = absent {
        return format!("it does not export the {} `{name}`", kind(item));
    }
    let added = given
        .imports
        .iter()
        .find(|(name, _)| !wanted.imports.contains_key(*name));
    if let Some(((module, name), item)) = added {
        return format!(
            "it imports the {} `{name}` from `{module}`, and that type does not",
            kind(item)
        );
    }
    let exports = wanted.exports.iter().filter_map(|(name, wanted)| {
        let given = given.exports.get(name)?;
        Some((format!("export `{name}`"), given, wanted))
    });
    let imports = given.imports.iter().filter_map(|((module, name), given)| {
        let wanted = wanted.imports.get(&(module.clone(), name.clone()))?;
        Some((format!("import `{module}` `{name}`"), given, wanted))
    });
    let items: Vec<_> = exports.chain(imports).collect();
    if let Some((item, given, wanted)) = items.iter().find(|(_, given, wanted)| kind(given) != kind(wanted)) {
        return format!("{item} is a {}, and it should be a {}", kind(given), kind(wanted));
    }
    match items.iter().find(|(_, given, wanted)| !fits(given, wanted)) {
        Some((item, given, _)) => format!("{item} is a {} of another type", kind(given)),
        None => "an export or an import has another type".to_owned(),
    }
}

/// Compares two items of one kind by the properties in which most items differ. It ignores subtyping of functions and references.
fn fits(given: &EntityType, wanted: &EntityType) -> bool {
    let within = |given: (u64, Option<u64>), wanted: (u64, Option<u64>)| {
        given.0 >= wanted.0 && wanted.1.is_none_or(|most| given.1.is_some_and(|given| given <= most))
    };
    match (given, wanted) {
        (EntityType::Memory(given), EntityType::Memory(wanted)) => {
            let is_same = given.memory64 == wanted.memory64 && given.page_size_log2 == wanted.page_size_log2;
            is_same && within((given.initial, given.maximum), (wanted.initial, wanted.maximum))
        }
        (EntityType::Table(given), EntityType::Table(wanted)) => {
            let is_same = given.table64 == wanted.table64 && given.element_type == wanted.element_type;
            is_same && within((given.initial, given.maximum), (wanted.initial, wanted.maximum))
        }
        (given, wanted) => given == wanted,
    }
}

fn kind(item: &EntityType) -> &'static str {
    match item {
        EntityType::Func(_) | EntityType::FuncExact(_) => "function",
        EntityType::Table(_) => "table",
        EntityType::Memory(_) => "memory",
        EntityType::Global(_) => "global",
        EntityType::Tag(_) => "tag",
    }
}
