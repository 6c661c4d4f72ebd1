//! Rust values have the same bytes as [`Val`]s of the same type, in both directions and in each encoding.

use crate::support::{FILL, Guest, lifter};
use std::collections::{BTreeMap, HashMap};
use weft_abi::typed::{Form, Lowerer, TypeCheck, now};
use weft_abi::types::{FuncType, Types};
use weft_abi::{
    AddressWidth, Budget, ComponentNamedList, ComponentType, HandleError, Lift, Lower, Options, Resource,
    StringEncoding, Trap, Val, ValType,
};

/// All ways to pass values.
fn options() -> impl Iterator<Item = Options> {
    let widths = [AddressWidth::W32, AddressWidth::W64];
    let encodings = [
        StringEncoding::Utf8,
        StringEncoding::Utf16,
        StringEncoding::Latin1OrUtf16,
    ];
    widths
        .into_iter()
        .flat_map(move |width| encodings.map(|encoding| Options { width, encoding }))
}

fn fits<P: ComponentNamedList, R: ComponentNamedList>(types: &Types, func: &FuncType) -> Result<(), String> {
    let check = TypeCheck {
        types,
        is_host_resource: &|_, _| true,
    };
    check.func::<P, R>(func).map_err(|error| error.to_string())
}

/// Passes a Rust value and the [`Val`] that it should be, as a parameter and as a result, and compares all that a guest sees.
fn same<V>(types: &mut Types, ty: ValType, value: V, expected: &Val)
where
    V: Lift + Lower + PartialEq + std::fmt::Debug + Clone,
{
    let layout = *types.layout(ty);
    for width in [AddressWidth::W32, AddressWidth::W64] {
        assert_eq!(V::FORM.size(width), layout.size(width), "{value:?}");
        assert_eq!(V::FORM.align(width), layout.align(width), "{value:?}");
    }
    assert_eq!(V::FORM.pointers, layout.has_pointers());
    match layout.flat(AddressWidth::W32) {
        Some(flat) => assert_eq!(V::FORM.flat, flat.len(), "{value:?}"),
        None => assert!(V::FORM.flat > 16, "{value:?}"),
    }
    let func = types
        .add_func(vec![("first".into(), ValType::U8), ("value".into(), ty)], Some(ty))
        .expect("a type");
    let func = types[func].clone();
    fits::<(u8, V), (V,)>(types, &func).expect("the types fit");
    for options in options() {
        params(
            types,
            options,
            &func,
            (7_u8, value.clone()),
            &[Val::U8(7), expected.clone()],
        );
        result(types, options, &func, (value.clone(),), expected);
    }
}

fn params<P>(types: &Types, options: Options, func: &FuncType, params: P, expected: &[Val])
where
    P: ComponentNamedList + Lift + Lower + PartialEq + std::fmt::Debug,
{
    let mut guest = Guest::new();
    let flat = now(Lowerer::new(types, options, &mut guest).params(func, &params)).expect("lowered");
    let mut other = Guest::new();
    let other_flat = other.lower(types, options, func, expected).expect("lowered");
    assert_eq!(flat[..other_flat.len()], other_flat, "{params:?}");
    assert_eq!(guest.calls, other.calls, "{params:?}");
    assert_eq!(guest.memory, other.memory, "{params:?}");
    let mut budget = Budget::default();
    let lifted =
        lifter(types, options, &guest.memory[..], &mut guest.handles, &mut budget).typed_params::<P>(func, &flat);
    assert_eq!(lifted.expect("lifted"), params);
}

fn result<R>(types: &Types, options: Options, func: &FuncType, result: R, expected: &Val)
where
    R: ComponentNamedList + Lift + Lower + PartialEq + std::fmt::Debug,
{
    let mut other = Guest::new();
    let other_flat = other
        .lower_result(types, options, func, Some(expected))
        .expect("lowered");
    let mut guest = Guest::new();
    let mut passed = vec![0; func.flat_params(options.width).map_or(1, |flat| flat.len())];
    let spilled = func.flat_result(options.width).is_none();
    if spilled {
        let pointer = other_flat[0];
        passed.push(pointer);
        guest.next = pointer + u64::from(func.result_layout().size(options.width));
        guest.memory.resize(guest.next as usize, FILL);
    }
    // Parameters take as many core values as the function's do.
    let bits = match func.flat_params(options.width).map(|flat| flat.len()) {
        Some(count) => lower_after(count, types, options, func, &mut guest, &result, &passed),
        None => lower_after(17, types, options, func, &mut guest, &result, &passed),
    };
    let flat = match spilled {
        true => other_flat.clone(),
        false => vec![bits],
    };
    assert_eq!(flat, other_flat, "{result:?}");
    assert_eq!(guest.calls, other.calls, "{result:?}");
    assert_eq!(guest.memory, other.memory, "{result:?}");
    let mut budget = Budget::default();
    let lifted =
        lifter(types, options, &guest.memory[..], &mut guest.handles, &mut budget).typed_result::<R>(func, &flat);
    assert_eq!(lifted.expect("lifted"), result);
}

/// Lowers a result after this many core values of parameters.
fn lower_after<R: ComponentNamedList + Lower>(
    count: usize,
    types: &Types,
    options: Options,
    func: &FuncType,
    guest: &mut Guest,
    result: &R,
    passed: &[u64],
) -> u64 {
    struct After<const N: usize>;
    impl<const N: usize> ComponentType for After<N> {
        const FORM: Form = Form::scalar(1).repeated(N);
        type Flat = weft_abi::typed::flat::Unknown;

        fn typecheck(_: ValType, _: &TypeCheck<'_>) -> Result<(), weft_abi::Mismatch> {
            Ok(())
        }
    }
    let mut lowerer = Lowerer::new(types, options, guest);
    let lowered = match count {
        1 => now(lowerer.result::<After<1>, R>(func, result, passed)),
        2 => now(lowerer.result::<After<2>, R>(func, result, passed)),
        3 => now(lowerer.result::<After<3>, R>(func, result, passed)),
        4 => now(lowerer.result::<After<4>, R>(func, result, passed)),
        5 => now(lowerer.result::<After<5>, R>(func, result, passed)),
        6..=16 => panic!("no test value takes so many core values: {count}"),
        _ => now(lowerer.result::<After<17>, R>(func, result, passed)),
    };
    lowered.expect("lowered")
}

#[test]
fn numbers_and_text_take_the_same_form() {
    let types = &mut Types::new();
    same(types, ValType::Bool, true, &Val::Bool(true));
    same(types, ValType::S8, -3_i8, &Val::S8(-3));
    same(types, ValType::U8, 200_u8, &Val::U8(200));
    same(types, ValType::S16, -300_i16, &Val::S16(-300));
    same(types, ValType::U16, 60_000_u16, &Val::U16(60_000));
    same(types, ValType::S32, -7_i32, &Val::S32(-7));
    same(types, ValType::U32, u32::MAX, &Val::U32(u32::MAX));
    same(types, ValType::S64, i64::MIN, &Val::S64(i64::MIN));
    same(types, ValType::U64, u64::MAX, &Val::U64(u64::MAX));
    same(types, ValType::Float32, 1.5_f32, &Val::Float32(1.5));
    same(types, ValType::Float64, -0.0_f64, &Val::Float64(-0.0));
    same(types, ValType::Char, 'ß', &Val::Char('ß'));
    for text in ["", "plain", "Straße", "日本", "a\u{10ffff}"] {
        same(types, ValType::String, text.to_owned(), &Val::String(text.to_owned()));
        same(
            types,
            ValType::String,
            Box::<str>::from(text),
            &Val::String(text.to_owned()),
        );
    }
}

#[test]
fn maps_take_the_same_form() {
    let types = &mut Types::new();
    let map = types.add_map(ValType::String, ValType::U64).expect("a type");
    let text = |text: &str| Val::String(text.to_owned());
    let one = || [("one".to_owned(), 1_u64)];
    same(
        types,
        map,
        HashMap::from(one()),
        &Val::Map(vec![(text("one"), Val::U64(1))]),
    );
    same(types, map, HashMap::<String, u64>::new(), &Val::Map(Vec::new()));
    let [first, second] = [one()[0].clone(), ("two".to_owned(), 2)];
    let both = Val::Map(vec![(text("one"), Val::U64(1)), (text("two"), Val::U64(2))]);
    same(types, map, BTreeMap::from([second, first]), &both);
    let nested = types.add_map(ValType::U8, map).expect("a type");
    let value = Val::Map(vec![(Val::U8(7), Val::Map(vec![(text("one"), Val::U64(1))]))]);
    same(types, nested, HashMap::from([(7_u8, HashMap::from(one()))]), &value);

    let func = types.add_func(vec![("m".to_owned(), map)], None).expect("a function");
    let fits = fits::<(HashMap<String, u32>,), ()>(types, &types[func]);
    assert!(fits.is_err_and(|error| error.contains("u64")));
}

/// The types whose values the run-time module allocates memory for.
#[test]
fn types_that_allocate_once_are_told_from_others() {
    let types = &mut Types::new();
    let bytes = types.add_list(ValType::U8).expect("a type");
    let words = types.add_list(ValType::String).expect("a type");
    let pair = types.add_tuple(vec![bytes, ValType::Bool]).expect("a type");
    let two = types.add_tuple(vec![bytes, ValType::String]).expect("a type");
    let either = types.add_result(Some(pair), Some(ValType::String)).expect("a type");
    let some = types.add_option(two).expect("a type");
    let map = types.add_map(ValType::U8, ValType::U8).expect("a type");
    let utf8 = |ty| types.allocates_once(ty, StringEncoding::Utf8);
    assert_eq!(
        [ValType::U8, ValType::String, bytes, words, pair, two, either, some, map].map(utf8),
        [false, true, true, false, true, false, true, false, true]
    );
    let utf16 = |ty| types.allocates_once(ty, StringEncoding::Utf16);
    assert_eq!([ValType::String, bytes, either].map(utf16), [false, true, false]);
}

#[test]
fn compound_values_take_the_same_form() {
    let types = &mut Types::new();
    let bytes = types.add_list(ValType::U8).expect("a type");
    same(
        types,
        bytes,
        vec![1_u8, 2, 3],
        &Val::List(vec![Val::U8(1), Val::U8(2), Val::U8(3)]),
    );
    let floats = types.add_list(ValType::Float64).expect("a type");
    same(types, floats, vec![0.5_f64], &Val::List(vec![Val::Float64(0.5)]));
    let words = types.add_list(ValType::String).expect("a type");
    let text = |text: &str| Val::String(text.to_owned());
    same(
        types,
        words,
        vec!["one".to_owned(), "zwölf".to_owned()],
        &Val::List(vec![text("one"), text("zwölf")]),
    );
    let pair = types.add_tuple(vec![ValType::U8, ValType::U64]).expect("a type");
    same(types, pair, (1_u8, 2_u64), &Val::Tuple(vec![Val::U8(1), Val::U64(2)]));
    let pairs = types.add_list(pair).expect("a type");
    same(
        types,
        pairs,
        vec![(1_u8, 2_u64)],
        &Val::List(vec![Val::Tuple(vec![Val::U8(1), Val::U64(2)])]),
    );
    let some = types.add_option(words).expect("a type");
    same(types, some, None::<Vec<String>>, &Val::Option(None));
    same(
        types,
        some,
        Some(vec!["x".to_owned()]),
        &Val::Option(Some(Box::new(Val::List(vec![text("x")])))),
    );
    let result = types
        .add_result(Some(ValType::Float32), Some(ValType::U64))
        .expect("a type");
    same(
        types,
        result,
        Ok::<f32, u64>(2.5),
        &Val::Result(Ok(Some(Box::new(Val::Float32(2.5))))),
    );
    same(
        types,
        result,
        Err::<f32, u64>(9),
        &Val::Result(Err(Some(Box::new(Val::U64(9))))),
    );
    let unit = types.add_result(None, None).expect("a type");
    same(types, unit, Ok::<(), ()>(()), &Val::Result(Ok(None)));
    same(types, unit, Err::<(), ()>(()), &Val::Result(Err(None)));
    let three = types.add_fixed_length_list(ValType::U16, 3).expect("a type");
    let numbers = [1_u16, 2, 3];
    same(
        types,
        three,
        numbers,
        &Val::FixedLengthList(numbers.map(Val::U16).to_vec()),
    );
    // More than what is passed in core values.
    let nine = types.add_tuple(vec![ValType::U32; 9]).expect("a type");
    let many = types.add_tuple(vec![nine; 2]).expect("a type");
    let part = (1_u32, 2_u32, 3_u32, 4_u32, 5_u32, 6_u32, 7_u32, 8_u32, 9_u32);
    let item = Val::Tuple((1..=9).map(Val::U32).collect());
    same(types, many, (part, part), &Val::Tuple(vec![item.clone(), item]));
}

#[test]
fn types_that_do_not_fit_are_named() {
    let mut types = Types::new();
    let list = types.add_list(ValType::S8).expect("a type");
    let option = types.add_option(list).expect("a type");
    let func = types
        .add_func(vec![("a".into(), option), ("b".into(), ValType::U32)], None)
        .expect("a type");
    let func = types[func].clone();
    let refused = |fits: Result<(), String>| fits.expect_err("the types differ");
    assert_eq!(fits::<(Option<Vec<i8>>, u32), ()>(&types, &func), Ok(()));
    assert_eq!(
        refused(fits::<(Option<Vec<u8>>, u32), ()>(&types, &func)),
        "argument `a`: case `some`: elements: expected u8, found s8"
    );
    assert_eq!(
        refused(fits::<(Option<Vec<i8>>, String), ()>(&types, &func)),
        "argument `b`: expected string, found u32"
    );
    assert_eq!(
        refused(fits::<(Option<Vec<i8>>,), ()>(&types, &func)),
        "expected 2 argument(s), found 1"
    );
    assert_eq!(
        refused(fits::<(Option<Vec<i8>>, u32), (u8,)>(&types, &func)),
        "expected 0 result(s), found 1"
    );
}

#[test]
fn a_hostile_value_is_refused_as_a_value_without_a_rust_type_is() {
    let mut types = Types::new();
    let option = types.add_option(ValType::Char).expect("a type");
    let func = types
        .add_func(vec![("a".into(), option), ("b".into(), ValType::String)], None)
        .expect("a type");
    let func = types[func].clone();
    let mut memory = [0; 32];
    memory[16] = 0xff;
    for flat in [
        [2, 0, 0, 0],
        [1, 0xd800, 0, 0],
        [0, 0, 16, 1],
        [0, 0, 31, 2],
        [0, 0, u64::from(u32::MAX), 1],
        [0, 0, 0, 1 << 28],
    ] {
        let options = Options::default();
        let (mut handles, mut budget) = (crate::support::Table::default(), Budget::default());
        let mut lifter = lifter(&types, options, &memory[..], &mut handles, &mut budget);
        let typed = lifter.typed_params::<(Option<char>, String)>(&func, &flat);
        assert_eq!(
            typed.expect_err("refused").to_string(),
            lifter.params(&func, &flat).expect_err("refused").to_string()
        );
    }
}

#[test]
fn the_budget_bounds_what_a_list_takes() {
    let mut types = Types::new();
    let list = types.add_list(ValType::U8).expect("a type");
    let lists = types.add_list(list).expect("a type");
    let func = types.add_func(vec![("a".into(), lists)], None).expect("a type");
    let func = types[func].clone();
    // Four lists that are the same kilobyte.
    let mut memory = [0; 2048];
    for list in memory[1024..1056].as_chunks_mut::<8>().0 {
        list[4..].copy_from_slice(&1024_u32.to_le_bytes());
    }
    let mut handles = crate::support::Table::default();
    let mut lift = |bytes| {
        let mut budget = Budget::new(bytes);
        let mut lifter = lifter(&types, Options::default(), &memory[..], &mut handles, &mut budget);
        lifter.typed_params::<(Vec<Vec<u8>>,)>(&func, &[1024, 4])
    };
    assert_eq!(lift(5000).expect("enough").0.len(), 4);
    assert_eq!(lift(4000), Err(Trap::Budget(4000)));
}

#[test]
fn an_owned_resource_is_given_once() {
    let mut types = Types::new();
    let own = ValType::Own(weft_abi::ResourceIndex(0));
    let func = types.add_func(vec![("a".into(), own)], None).expect("a type");
    let func = types[func].clone();
    let mut guest = Guest::new();
    let resource = Resource::<u8>::new_own(5);
    let mut lower = |resource: &Resource<u8>| {
        now(Lowerer::new(&types, Options::default(), &mut guest).params(&func, &(resource,))).map(|flat| flat[0])
    };
    assert_eq!(lower(&resource), Ok(5));
    assert_eq!(lower(&resource), Err(Trap::Handle(HandleError::Consumed)));
    assert_eq!(
        lower(&Resource::new_borrow(5)),
        Err(Trap::Handle(HandleError::NotOwned(5)))
    );
}
