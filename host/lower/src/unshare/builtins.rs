//! Canonical definitions: most are copied, and an instance of a core module replaces those that Wasmtime lacks.

use super::reencode::Unshare;
use super::start::UnsharedStart;
use super::tables::FunctionTable;
use super::{BUILTIN_EXPORT, Form, StandIn, StandInStart, TABLE_IMPORT, UnsharedModule, stand_ins};
use crate::builtins::{Replaced, definition_name};
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{
    Alias, CanonicalFunctionSection, Component, ComponentAliasSection, ExportKind, InstanceSection, Module, ModuleArg,
    ModuleSection, ValType,
};
use wasmparser::{CanonicalFunction, SectionLimited};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// The component that is being written, and the canonical definitions that are still to be added to it.
pub(super) struct ComponentWriter<'a> {
    pub component: &'a mut Component,
    pub canonical: CanonicalFunctionSection,
}

impl ComponentWriter<'_> {
    /// The component, to add other sections to.
    pub fn component(&mut self) -> &mut Component {
        if !self.canonical.is_empty() {
            self.component.section(&std::mem::take(&mut self.canonical));
        }
        self.component
    }
}

impl Unshare {
    /// Copies a section of canonical definitions. Splits it where something else replaces a definition.
    pub(super) fn canonical_section(
        &mut self,
        component: &mut Component,
        section: SectionLimited<'_, CanonicalFunction>,
    ) -> Result<()> {
        let mut output = ComponentWriter {
            component,
            canonical: CanonicalFunctionSection::new(),
        };
        for definition in section {
            let definition = definition?;
            let replaced = match self.form {
                Form::Stock(profile) => self.replace_with_shim(&mut output, &definition, profile)?,
                Form::Plan => self.replace_with_stand_in(&mut output, &definition)?,
            };
            if replaced {
                continue;
            }
            let is_lift = matches!(definition, CanonicalFunction::Lift { .. });
            if let CanonicalFunction::Lower { .. } = definition {
                let scope = self.scope();
                let function = scope.functions.len() as u32;
                scope.lowered.insert(function);
            }
            self.parse_component_canonical(&mut output.canonical, definition)?;
            if !is_lift {
                self.scope().functions.keep();
            }
        }
        output.component();
        Ok(())
    }

    /// Replaces a definition with a stand-in, if it needs one. Returns whether it did. Validation reports invalid
    /// definitions.
    fn replace_with_stand_in(
        &mut self,
        output: &mut ComponentWriter<'_>,
        definition: &CanonicalFunction,
    ) -> Result<bool> {
        let Some(replaced) = Replaced::of(definition).map_err(Error::UserError)? else {
            return Ok(false);
        };
        let mut arguments = Vec::new();
        let (stand_in, module) = match replaced {
            Replaced::SpawnRef { .. } => {
                let (start, _) = self.start(definition)?;
                (
                    StandIn::SpawnRef(stand_ins::start(&start)),
                    stand_ins::spawn_ref(&start),
                )
            }
            Replaced::SpawnIndirect { table, .. } => {
                arguments.push((TABLE_IMPORT, ExportKind::Table, self.table_index(table)?));
                let (start, module) = self.indirect(definition)?;
                (StandIn::SpawnIndirect(start), module)
            }
            Replaced::NewIndirect { table, .. } => {
                arguments.push((TABLE_IMPORT, ExportKind::Table, self.table_index(table)?));
                let (start, module) = self.indirect(definition)?;
                (StandIn::NewIndirect(start), module)
            }
            Replaced::AvailableParallelism => (StandIn::AvailableParallelism, stand_ins::available_parallelism()),
            Replaced::Context {
                ty,
                slot: slot @ 0..2,
                set,
            } if is_slot_type(ty) => context(ty, slot, set),
            // Validation refuses these.
            Replaced::Context { .. } => return Ok(false),
        };
        self.modules.push(UnsharedModule::StandIn(stand_in));
        let instance = self.instance(output, &module, &arguments);
        self.take_place(output, instance);
        Ok(true)
    }

    /// The stand-in for a built-in that takes the function from a table.
    fn indirect(&mut self, definition: &CanonicalFunction) -> Result<(StandInStart, Module)> {
        let (start, table) = self.start(definition)?;
        let no_table = || {
            let name = definition_name(definition);
            Error::UserError(LowerError::Internal(format!(
                "the table of `{name}` has not been checked"
            )))
        };
        let table = table.ok_or_else(no_table)?;
        Ok((stand_ins::start(&start), stand_ins::indirect(&start, &table)))
    }
}

/// CTX-04: the types that a context slot can hold.
fn is_slot_type(ty: wasmparser::ValType) -> bool {
    matches!(ty, wasmparser::ValType::I32 | wasmparser::ValType::I64)
}

fn context(ty: wasmparser::ValType, slot: u32, set: bool) -> (StandIn, Module) {
    let wide = ty == wasmparser::ValType::I64;
    let ty = if wide { ValType::I64 } else { ValType::I32 };
    let stand_in = StandIn::Context { slot, set, wide };
    (stand_in, stand_ins::context(ty, set))
}

/// What replaces a definition.
impl Unshare {
    /// The start type of the next definition that starts threads, and its table if it has one.
    pub(super) fn start(&mut self, definition: &CanonicalFunction) -> Result<(UnsharedStart, Option<FunctionTable>)> {
        let builtin = definition_name(definition);
        let checked = self
            .starts
            .next()
            .ok_or_else(|| Error::UserError(LowerError::Internal(format!("`{builtin}` has not been checked"))))?;
        let start = UnsharedStart::of(&checked.start).map_err(Error::UserError)?;
        let table = checked.table.map(|table| FunctionTable::of(table, &start, builtin));
        let table = table.transpose();
        Ok((start, table.map_err(Error::UserError)?))
    }

    /// Adds an alias of a table that a core instance exports, and returns its index.
    pub(super) fn alias_table(&mut self, output: &mut ComponentWriter<'_>, instance: u32, name: &str) -> u32 {
        add_alias(output, instance, ExportKind::Table, name);
        self.scope().tables.insert()
    }

    /// Adds an alias of a function that a core instance exports, and returns its index.
    pub(super) fn alias_function(&mut self, output: &mut ComponentWriter<'_>, instance: u32, name: &str) -> u32 {
        add_alias(output, instance, ExportKind::Func, name);
        self.scope().functions.insert()
    }

    /// Adds a module and an instance of it. The instance imports `arguments` from the module with the empty name.
    pub(super) fn instance(
        &mut self,
        output: &mut ComponentWriter<'_>,
        module: &Module,
        arguments: &[(&str, ExportKind, u32)],
    ) -> u32 {
        let component = output.component();
        component.section(&ModuleSection(module));
        let scope = self.scope();
        let module = scope.modules.insert();
        let mut instances = InstanceSection::new();
        if arguments.is_empty() {
            instances.instantiate::<_, &str>(module, []);
        } else {
            instances.export_items(arguments.iter().copied());
            let arguments = scope.instances.insert();
            instances.instantiate(module, [("", ModuleArg::Instance(arguments))]);
        }
        component.section(&instances);
        scope.instances.insert()
    }

    /// Replaces the definition with the function that an instance exports.
    pub(super) fn take_place(&mut self, output: &mut ComponentWriter<'_>, instance: u32) {
        add_alias(output, instance, ExportKind::Func, BUILTIN_EXPORT);
        self.scope().functions.keep();
    }
}

fn add_alias(output: &mut ComponentWriter<'_>, instance: u32, kind: ExportKind, name: &str) {
    let mut aliases = ComponentAliasSection::new();
    aliases.alias(Alias::CoreInstanceExport { instance, kind, name });
    output.component().section(&aliases);
}
