//! The walk over a binary's sections, with the components and modules that are open.

use super::builtins::Definitions;
use super::module::ModuleReader;
use super::{Format, Item, Report};
use crate::binary::decoded::Decoded;
use crate::binary::definitions::canonical_definitions;
use crate::error::LowerError;
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentName, ComponentNameSectionReader, ComponentOuterAliasKind,
    Encoding, KnownCustom, Parser, Payload,
};

/// Reads a binary.
pub(crate) fn read(decoded: &Decoded<'_>, format: Format) -> Result<Report, LowerError> {
    let mut walk = Walk {
        report: Report {
            format,
            builtins: Vec::new(),
            context: Vec::new(),
            modules: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
        },
        components: Vec::new(),
        module: None,
    };
    for payload in Parser::new(0).parse_all(&decoded.bytes) {
        walk.payload(payload?)?;
    }
    let mut definitions = Definitions::default();
    canonical_definitions(decoded, |definition| definitions.add(definition))?;
    let (builtins, context) = definitions.finish();
    Ok(Report {
        builtins,
        context,
        ..walk.report
    })
}

struct Walk {
    report: Report,
    /// The components that are open, innermost last.
    components: Vec<Scope>,
    /// The module that is open.
    module: Option<ModuleReader>,
}

/// The index spaces of a component, as far as they matter here.
#[derive(Default)]
struct Scope {
    /// Positions in the report. `None` for a module that is not in the binary.
    core_modules: Vec<Option<usize>>,
}

impl Walk {
    fn payload(&mut self, payload: Payload<'_>) -> Result<(), LowerError> {
        match payload {
            Payload::Version { encoding, .. } => match encoding {
                Encoding::Component => self.components.push(Scope::default()),
                Encoding::Module => self.module = Some(ModuleReader::default()),
            },
            Payload::End(_) => self.end(),
            payload => match &mut self.module {
                Some(module) => module.payload(payload)?,
                None => self.component_payload(payload)?,
            },
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(module) = self.module.take() else {
            self.components.pop();
            return;
        };
        let (module, imports, exports) = module.finish();
        self.report.modules.push(module);
        if self.components.is_empty() {
            self.report.imports = imports;
            self.report.exports = exports;
        }
    }

    fn component_payload(&mut self, payload: Payload<'_>) -> Result<(), LowerError> {
        let is_outermost = self.components.len() == 1;
        let next_module = self.report.modules.len();
        match payload {
            Payload::ModuleSection { .. } => self.define_module(Some(next_module)),
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(&alias?);
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import?;
                    let kind = import.ty.kind();
                    if is_outermost {
                        self.report.imports.push(item(import.name.name, kind));
                    }
                    if kind == ComponentExternalKind::Module {
                        self.define_module(None);
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    if is_outermost {
                        self.report.exports.push(item(export.name.name, export.kind));
                    }
                    // An export is an item of its own.
                    if export.kind == ComponentExternalKind::Module {
                        self.define_module(None);
                    }
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    self.name_modules(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn define_module(&mut self, position: Option<usize>) {
        if let Some(scope) = self.components.last_mut() {
            scope.core_modules.push(position);
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match *alias {
            ComponentAlias::InstanceExport {
                kind: ComponentExternalKind::Module,
                ..
            } => self.define_module(None),
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::CoreModule,
                count,
                index,
            } => {
                let outer = self.components.iter().rev().nth(count as usize);
                let module = outer.and_then(|scope| scope.core_modules.get(index as usize));
                self.define_module(module.copied().flatten());
            }
            _ => {}
        }
    }

    /// The names that the component gives to its modules come before their own. What cannot be read names nothing.
    fn name_modules(&mut self, names: ComponentNameSectionReader<'_>) {
        let Some(scope) = self.components.last() else {
            return;
        };
        for name in names.into_iter().flatten() {
            let ComponentName::CoreModules(modules) = name else {
                continue;
            };
            for naming in modules.into_iter().flatten() {
                let position = scope.core_modules.get(naming.index as usize).copied().flatten();
                if let Some(module) = position.and_then(|position| self.report.modules.get_mut(position)) {
                    module.name = Some(naming.name.to_owned());
                }
            }
        }
    }
}

fn item(name: &str, kind: ComponentExternalKind) -> Item {
    let kind = match kind {
        ComponentExternalKind::Module => "core module",
        ComponentExternalKind::Func => "function",
        ComponentExternalKind::Value => "value",
        ComponentExternalKind::Type => "type",
        ComponentExternalKind::Instance => "instance",
        ComponentExternalKind::Component => "component",
    };
    Item {
        module: None,
        name: name.to_owned(),
        kind,
        ty: None,
    }
}
