//! Both sides: the engine with the component, and `weft-abi` with a memory like the component's.

use crate::component::{CALLS, FILL, FLAT, HEAP, SECOND, SIZE};
use wasmtime::Store;
use wasmtime::component::{Component, Instance, Linker, Val as Theirs};
use weft_abi::types::{FlatType, FuncType, Types};
use weft_abi::{AddressWidth, Budget, Lifter, Lowering, NoHandles, Options, ReallocCall, Step, Trap, Val};
use weft_cooperative::{from_wasmtime, to_wasmtime};

pub fn engine() -> wasmtime::Engine {
    let mut config = wasmtime::Config::new();
    config.wasm_component_model_map(true);
    config.wasm_component_model_fixed_length_lists(true);
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    wasmtime::Engine::new(&config).expect("the engine has these features")
}

/// The validator compares the core types with ours here.
pub fn compile(engine: &wasmtime::Engine, text: &str, seed: u64) -> Component {
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
    Component::new(engine, bytes).unwrap_or_else(|error| panic!("seed {seed}: {error:#}\n{text}"))
}

/// The component on the engine.
pub struct Engine {
    store: Store<()>,
    instance: Instance,
}

impl Engine {
    pub fn new(engine: &wasmtime::Engine, component: &Component) -> Engine {
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, component);
        let instance = instance.expect("the component needs nothing");
        Engine { store, instance }
    }

    pub fn lower(&mut self, arguments: &[Val]) {
        let to_engine = |value: &Val| to_wasmtime(value.clone(), &mut |part| Err(part)).expect("no type has handles");
        let arguments = Vec::from_iter(arguments.iter().map(to_engine));
        let f = self.instance.get_func(&mut self.store, "f").expect("it is exported");
        f.call(&mut self.store, &arguments, &mut []).expect("nothing traps");
    }

    /// The lower half of the memory.
    pub fn memory(&mut self) -> Vec<u8> {
        let get = self.instance.get_typed_func::<(), (Vec<u8>,)>(&mut self.store, "get");
        get.and_then(|get| get.call(&mut self.store, ()))
            .expect("it is exported")
            .0
    }

    pub fn lift(&mut self, func: &FuncType, passed: u64, content: &[u8]) -> Result<Val, String> {
        let set = self.instance.get_typed_func::<(Vec<u8>,), ()>(&mut self.store, "set");
        set.and_then(|set| set.call(&mut self.store, (content.to_vec(),)))
            .expect("it is exported");
        let passed = match func.flat_result(AddressWidth::W32).and_then(|flat| flat.first()) {
            Some(FlatType::I32) | None => Theirs::U32(passed as u32),
            Some(FlatType::I64) => Theirs::U64(passed),
            Some(FlatType::F32) => Theirs::Float32(f32::from_bits(passed as u32)),
            Some(FlatType::F64) => Theirs::Float64(f64::from_bits(passed)),
        };
        let g = self.instance.get_func(&mut self.store, "g").expect("it is exported");
        let mut results = [Theirs::Bool(false)];
        let called = g.call(&mut self.store, &[passed], &mut results);
        called.map_err(|error| format!("{error:#}"))?;
        let [result] = results;
        Ok(from_wasmtime(result, &mut |part| Err(part)).expect("no type has handles"))
    }
}

/// What the component has, without a component.
pub struct Ours {
    pub memory: Vec<u8>,
    next: u32,
    call: u32,
}

impl Ours {
    pub fn new() -> Ours {
        Ours {
            memory: vec![FILL; SIZE as usize],
            next: HEAP,
            call: CALLS,
        }
    }

    fn realloc(&mut self, call: ReallocCall) -> Option<u64> {
        let words = [
            call.old_pointer as u32,
            call.old_size as u32,
            call.alignment,
            call.new_size as u32,
        ];
        for word in words {
            self.put(self.call, &word.to_le_bytes());
            self.call += 4;
        }
        let at = self.next.next_multiple_of(call.alignment);
        self.next = at + call.new_size as u32;
        let kept = call.old_size.min(call.new_size) as usize;
        let old = call.old_pointer as usize;
        // Else the values are too large for the memory.
        (self.next < CALLS && self.call < FLAT).then(|| {
            self.memory.copy_within(old..old + kept, at as usize);
            at.into()
        })
    }

    fn put(&mut self, at: u32, bytes: &[u8]) {
        self.memory[at as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    /// Lowers arguments and stores their core values. `None` if the memory has no room for them.
    pub fn lower(&mut self, types: &Types, options: Options, func: &FuncType, arguments: &[Val]) -> Option<()> {
        let mut lowering = Lowering::params(types, options, func, arguments).expect("the arguments fit");
        let step = |lowering: &mut Lowering<'_>, memory: &mut [u8]| {
            let step = lowering.step(memory, &mut NoHandles);
            step.expect("nothing traps")
        };
        while let Step::Realloc(call) = step(&mut lowering, &mut self.memory) {
            lowering.allocated(self.realloc(call)?);
        }
        let flat = lowering.flat().to_vec();
        let signature = func.core_signature(options.width, weft_abi::types::Direction::Lift);
        for (position, (bits, ty)) in flat.iter().zip(signature.params.iter()).enumerate() {
            let size = match ty {
                FlatType::I32 | FlatType::F32 => 4,
                FlatType::I64 | FlatType::F64 => 8,
            };
            self.put(FLAT + 8 * position as u32, &bits.to_le_bytes()[..size]);
        }
        self.memory.truncate(SECOND as usize);
        Some(())
    }

    /// A memory in which the first argument is a result, and what the core function returns then.
    pub fn result(&self, types: &Types, options: Options, func: &FuncType, value: &Val) -> (Vec<u8>, u64) {
        let mut ours = Ours::new();
        let layout = func.result_layout();
        let pointer = ours.next.next_multiple_of(layout.align(options.width));
        let mut passed = vec![0; func.flat_params(options.width).map_or(1, |flat| flat.len())];
        passed.push(pointer.into());
        ours.next = pointer + layout.size(options.width);
        let lowering = Lowering::result(types, options, func, Some(value), &passed, &ours.memory[..]);
        let mut lowering = lowering.expect("the result fits");
        while let Ok(Step::Realloc(call)) = lowering.step(&mut ours.memory[..], &mut NoHandles) {
            lowering.allocated(ours.realloc(call).unwrap_or(0));
        }
        let returned = lowering.flat().first().copied().unwrap_or(pointer.into());
        ours.memory
            .truncate((ours.next.max(HEAP + 1) as usize).min(SECOND as usize));
        (ours.memory, returned)
    }
}

pub fn lift(types: &Types, options: Options, func: &FuncType, passed: u64, content: &[u8]) -> Result<Val, Trap> {
    let mut memory = vec![FILL; SIZE as usize];
    memory[..content.len()].copy_from_slice(content);
    memory[SECOND as usize..][..content.len()].copy_from_slice(content);
    let lifter = &mut Lifter {
        types,
        options,
        memory: &memory[..],
        handles: &mut NoHandles,
        budget: &mut Budget::default(),
    };
    lifter
        .result(func, &[passed])
        .map(|value| value.expect("the function has a result"))
}
