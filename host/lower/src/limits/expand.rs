//! A dry run of a component's instantiation, which only counts.

use super::program::{Component, ComponentIndex, Named, Program, Step};
use super::size::Size;
use crate::error::LowerError;
use std::collections::HashMap;
use std::rc::Rc;
use wasmparser::ComponentExternalKind;

/// Looking for a resource type in an instance copies the type, which costs an eighth of defining it.
const LOOKUPS_PER_DEFINITION: u64 = 8;

/// An instance of a component that is being made, or has been.
#[derive(Debug, Clone, Copy)]
struct FrameIndex(usize);

/// A component, and the instance of the component around it that it was defined in.
#[derive(Debug, Clone, Copy)]
struct Closure {
    component: ComponentIndex,
    outer: Option<FrameIndex>,
}

/// An item, as far as it can come to more than one.
#[derive(Clone)]
enum Value<'a> {
    /// `None` for one that the host supplies, or that is invalid: nothing is known of what it does.
    Component(Option<Closure>),
    Instance(Rc<Instance<'a>>),
    Other,
}

impl<'a> Value<'a> {
    /// One that nothing is known of.
    fn unknown(kind: ComponentExternalKind) -> Self {
        match kind {
            ComponentExternalKind::Component => Value::Component(None),
            ComponentExternalKind::Instance => Value::Instance(Rc::default()),
            ComponentExternalKind::Func
            | ComponentExternalKind::Module
            | ComponentExternalKind::Type
            | ComponentExternalKind::Value => Value::Other,
        }
    }

    fn items(&self) -> u64 {
        match self {
            Value::Instance(instance) => instance.items.saturating_add(1),
            Value::Component(_) | Value::Other => 1,
        }
    }
}

#[derive(Default)]
struct Instance<'a> {
    exports: HashMap<&'a str, Value<'a>>,
    /// How many items it exports, those of instances within it included.
    items: u64,
}

impl<'a> Instance<'a> {
    fn export(&mut self, name: &'a str, value: Value<'a>) {
        self.items = self.items.saturating_add(value.items());
        self.exports.insert(name, value);
    }
}

struct Frame<'a> {
    outer: Option<FrameIndex>,
    components: Vec<Option<Closure>>,
    instances: Vec<Rc<Instance<'a>>>,
    arguments: HashMap<&'a str, Value<'a>>,
    exports: Instance<'a>,
}

/// An instance that is being made.
struct Active<'p, 'a> {
    frame: FrameIndex,
    rest: std::slice::Iter<'p, (Step<'a>, u64)>,
    /// How many resource types are looked for in what it exports.
    resources: u64,
}

/// Refuses a program whose outermost component comes to more than the limits.
pub(super) fn count(program: &Program<'_>) -> Result<(), LowerError> {
    let mut expansion = Expansion {
        program,
        frames: Vec::new(),
        active: Vec::new(),
        size: Size::default(),
    };
    if let Some(outermost) = program.components.len().checked_sub(1) {
        let closure = Closure {
            component: ComponentIndex(outermost),
            outer: None,
        };
        expansion.enter(closure, HashMap::new(), 0);
    }
    expansion.run()
}

struct Expansion<'p, 'a> {
    program: &'p Program<'a>,
    /// All that there have been: a component that is defined in one may be instantiated later.
    frames: Vec<Frame<'a>>,
    /// Innermost last.
    active: Vec<Active<'p, 'a>>,
    size: Size,
}

impl<'p, 'a> Expansion<'p, 'a> {
    fn enter(&mut self, closure: Closure, arguments: HashMap<&'a str, Value<'a>>, resources: u64) {
        let steps = self
            .program
            .components
            .get(closure.component.0)
            .map(|Component { steps }| steps.as_slice());
        self.active.push(Active {
            frame: FrameIndex(self.frames.len()),
            rest: steps.unwrap_or_default().iter(),
            resources,
        });
        self.frames.push(Frame {
            outer: closure.outer,
            components: Vec::new(),
            instances: Vec::new(),
            arguments,
            exports: Instance::default(),
        });
    }

    fn run(&mut self) -> Result<(), LowerError> {
        while let Some(active) = self.active.last_mut() {
            let frame = active.frame;
            match active.rest.next() {
                Some((step, offset)) => {
                    self.size.add(Size::definitions(1));
                    self.step(frame, step);
                    self.size.check(*offset)?;
                }
                None => self.leave(),
            }
        }
        Ok(())
    }

    /// Ends the innermost instance, which the one around it gets.
    fn leave(&mut self) {
        let Some(ended) = self.active.pop() else { return };
        let exports = std::mem::take(&mut self.frames[ended.frame.0].exports);
        self.look_up(ended.resources, exports.items);
        if let Some(around) = self.active.last() {
            self.frames[around.frame.0].instances.push(Rc::new(exports));
        }
    }

    fn look_up(&mut self, resources: u64, items: u64) {
        let lookups = resources.saturating_mul(items) / LOOKUPS_PER_DEFINITION;
        self.size.add(Size::definitions(lookups));
    }

    fn step(&mut self, frame: FrameIndex, step: &'p Step<'a>) {
        match step {
            Step::Fixed(size) => self.size.add(*size),
            Step::Import {
                name,
                kind,
                size,
                resources,
            } => {
                self.size.add(*size);
                let argument = self.frames[frame.0].arguments.get(name).cloned();
                let value = argument.unwrap_or_else(|| Value::unknown(*kind));
                self.look_up(*resources, value.items());
                self.define(frame, *kind, value);
            }
            Step::Define(component) => {
                let closure = Closure {
                    component: *component,
                    outer: Some(frame),
                };
                self.define(frame, ComponentExternalKind::Component, Value::Component(Some(closure)));
            }
            Step::Outer { count, index } => {
                let component = self.outer(frame, *count, *index);
                self.define(frame, ComponentExternalKind::Component, Value::Component(component));
            }
            Step::Alias { kind, instance, name } => {
                let instance = self.frames[frame.0].instances.get(*instance as usize);
                let value = instance.and_then(|instance| instance.exports.get(name)).cloned();
                self.define(frame, *kind, value.unwrap_or_else(|| Value::unknown(*kind)));
            }
            Step::Instantiate {
                component,
                arguments,
                size,
                resources,
            } => {
                self.size.add(*size);
                let arguments = self.named(frame, arguments);
                match self.outer(frame, 0, *component) {
                    Some(closure) => self.enter(closure, arguments, *resources),
                    None => self.frames[frame.0].instances.push(Rc::default()),
                }
            }
            Step::Bundle { items, size } => {
                self.size.add(*size);
                let mut instance = Instance::default();
                for (name, value) in self.named(frame, items) {
                    instance.export(name, value);
                }
                self.define(
                    frame,
                    ComponentExternalKind::Instance,
                    Value::Instance(Rc::new(instance)),
                );
            }
            Step::Export { item, size } => {
                self.size.add(*size);
                let value = self.value(frame, item);
                self.size.add(Size::definitions(value.items()));
                self.frames[frame.0].exports.export(item.name, value.clone());
                self.define(frame, item.kind, value);
            }
        }
    }

    /// The items of a list, each of which is copied.
    fn named(&mut self, frame: FrameIndex, items: &[Named<'a>]) -> HashMap<&'a str, Value<'a>> {
        let mut values = HashMap::new();
        for item in items {
            let value = self.value(frame, item);
            self.size.add(Size::definitions(value.items()));
            values.insert(item.name, value);
        }
        values
    }

    fn value(&self, frame: FrameIndex, item: &Named<'a>) -> Value<'a> {
        let frame = &self.frames[frame.0];
        let index = item.index as usize;
        let value = match item.kind {
            ComponentExternalKind::Component => frame.components.get(index).copied().map(Value::Component),
            ComponentExternalKind::Instance => frame.instances.get(index).cloned().map(Value::Instance),
            ComponentExternalKind::Func
            | ComponentExternalKind::Module
            | ComponentExternalKind::Type
            | ComponentExternalKind::Value => None,
        };
        value.unwrap_or_else(|| Value::unknown(item.kind))
    }

    fn outer(&self, frame: FrameIndex, count: u32, index: u32) -> Option<Closure> {
        let mut frame = &self.frames[frame.0];
        for _ in 0..count {
            frame = &self.frames[frame.outer?.0];
        }
        frame.components.get(index as usize).copied().flatten()
    }

    /// Adds an item to its index space. A value of another kind than is asked for is invalid.
    fn define(&mut self, frame: FrameIndex, kind: ComponentExternalKind, value: Value<'a>) {
        self.size.add(Size::definitions(value.items()));
        let frame = &mut self.frames[frame.0];
        match (kind, value) {
            (ComponentExternalKind::Component, Value::Component(component)) => frame.components.push(component),
            (ComponentExternalKind::Component, _) => frame.components.push(None),
            (ComponentExternalKind::Instance, Value::Instance(instance)) => frame.instances.push(instance),
            (ComponentExternalKind::Instance, _) => frame.instances.push(Rc::default()),
            // Nothing is made of these.
            (
                ComponentExternalKind::Module
                | ComponentExternalKind::Func
                | ComponentExternalKind::Value
                | ComponentExternalKind::Type,
                _,
            ) => {}
        }
    }
}
