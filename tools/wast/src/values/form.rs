//! The form of a value, according to its type.
//!
//! Scripts write all kinds of lists alike, and maps as lists of pairs. So this code converts an argument to the form of its
//! parameter's type, and a result to the form that scripts use.

use ::weft_parallel::{Types, ValType};
use wasmtime::component::{Type, Val};

/// The form of a type's values. If a case has no payload, its form is plain.
pub(crate) enum Form {
    /// The same in scripts and in the runtime.
    Plain,
    List(Box<Form>),
    FixedLengthList(Box<Form>),
    Map(Box<Form>, Box<Form>),
    Record(Vec<(String, Form)>),
    Tuple(Vec<Form>),
    Variant(Vec<(String, Form)>),
    Option(Box<Form>),
    Result(Box<Form>, Box<Form>),
}

impl Form {
    /// The form of one of Wasmtime's types.
    pub(crate) fn of_wasmtime(ty: &Type) -> Form {
        let of = |ty: Type| Box::new(Form::of_wasmtime(&ty));
        let payload = |ty: Option<Type>| ty.map_or(Form::Plain, |ty| Form::of_wasmtime(&ty));
        match ty {
            Type::List(list) => Form::List(of(list.ty())),
            Type::FixedLengthList(list) => Form::FixedLengthList(of(list.ty())),
            Type::Map(map) => Form::Map(of(map.key()), of(map.value())),
            Type::Record(record) => {
                let fields = record.fields();
                Form::Record(
                    fields
                        .map(|field| (field.name.to_owned(), Form::of_wasmtime(&field.ty)))
                        .collect(),
                )
            }
            Type::Tuple(tuple) => Form::Tuple(tuple.types().map(|ty| Form::of_wasmtime(&ty)).collect()),
            Type::Variant(variant) => {
                let cases = variant.cases();
                Form::Variant(cases.map(|case| (case.name.to_owned(), payload(case.ty))).collect())
            }
            Type::Option(option) => Form::Option(of(option.ty())),
            Type::Result(result) => Form::Result(Box::new(payload(result.ok())), Box::new(payload(result.err()))),
            Type::Bool
            | Type::S8
            | Type::U8
            | Type::S16
            | Type::U16
            | Type::S32
            | Type::U32
            | Type::S64
            | Type::U64
            | Type::Float32
            | Type::Float64
            | Type::Char
            | Type::String
            | Type::Enum(_)
            | Type::Flags(_)
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Future(_)
            | Type::Stream(_)
            | Type::ErrorContext => Form::Plain,
        }
    }

    /// The form of one of weft's types.
    pub(crate) fn of_weft(types: &Types, ty: ValType) -> Form {
        let of = |ty| Box::new(Form::of_weft(types, ty));
        let payload = |ty: Option<ValType>| ty.map_or(Form::Plain, |ty| Form::of_weft(types, ty));
        match ty {
            ValType::List(list) => Form::List(of(types[list].element)),
            ValType::FixedLengthList(list) => Form::FixedLengthList(of(types[list].element)),
            ValType::Map(map) => Form::Map(of(types[map].key.ty), of(types[map].value.ty)),
            ValType::Record(record) => {
                let fields = types[record].fields.iter();
                Form::Record(
                    fields
                        .map(|field| (field.name.clone(), Form::of_weft(types, field.item.ty)))
                        .collect(),
                )
            }
            ValType::Tuple(tuple) => {
                let items = types[tuple].items.iter();
                Form::Tuple(items.map(|item| Form::of_weft(types, item.ty)).collect())
            }
            ValType::Variant(variant) => {
                let cases = types[variant].cases.iter().zip(&types[variant].payloads);
                Form::Variant(cases.map(|(name, ty)| (name.to_owned(), payload(*ty))).collect())
            }
            ValType::Option(option) => Form::Option(of(types[option].some)),
            ValType::Result(result) => {
                let result = &types[result];
                Form::Result(Box::new(payload(result.ok)), Box::new(payload(result.error)))
            }
            ValType::Bool
            | ValType::S8
            | ValType::U8
            | ValType::S16
            | ValType::U16
            | ValType::S32
            | ValType::U32
            | ValType::S64
            | ValType::U64
            | ValType::Float32
            | ValType::Float64
            | ValType::Char
            | ValType::String
            | ValType::Enum(_)
            | ValType::Flags(_)
            | ValType::Own(_)
            | ValType::Borrow(_)
            | ValType::Unsupported(_) => Form::Plain,
        }
    }

    /// Converts a value to this form. A value of another kind stays as it is, and the call refuses it.
    pub(crate) fn shape(&self, value: Val) -> Val {
        let each = |values: Vec<Val>, form: &Form| values.into_iter().map(|value| form.shape(value)).collect();
        let named =
            |forms: &[(String, Form)], name: &str, value: Val| match forms.iter().find(|(known, _)| known == name) {
                Some((_, form)) => form.shape(value),
                None => value,
            };
        let payload = |form: &Form, value: Option<Box<Val>>| value.map(|value| Box::new(form.shape(*value)));
        match (self, value) {
            (Form::List(form), Val::List(values)) => Val::List(each(values, form)),
            (Form::FixedLengthList(form), Val::List(values)) => Val::FixedLengthList(each(values, form)),
            (Form::Map(key, value), Val::List(entries)) => entries_of(entries, key, value),
            (Form::Record(forms), Val::Record(fields)) => {
                let fields = fields.into_iter();
                Val::Record(
                    fields
                        .map(|(name, value)| {
                            let value = named(forms, &name, value);
                            (name, value)
                        })
                        .collect(),
                )
            }
            (Form::Tuple(forms), Val::Tuple(values)) if values.len() == forms.len() => Val::Tuple(
                values
                    .into_iter()
                    .zip(forms)
                    .map(|(value, form)| form.shape(value))
                    .collect(),
            ),
            (Form::Variant(forms), Val::Variant(case, value)) => {
                let value = value.map(|value| Box::new(named(forms, &case, *value)));
                Val::Variant(case, value)
            }
            (Form::Option(form), Val::Option(value)) => Val::Option(payload(form, value)),
            (Form::Result(ok, error), Val::Result(value)) => Val::Result(match value {
                Ok(value) => Ok(payload(ok, value)),
                Err(value) => Err(payload(error, value)),
            }),
            (_, value) => value,
        }
    }
}

/// Makes a map of a script's pairs.
fn entries_of(entries: Vec<Val>, key: &Form, value: &Form) -> Val {
    let is_pair = |entry: &Val| matches!(entry, Val::Tuple(pair) if pair.len() == 2);
    if !entries.iter().all(is_pair) {
        return Val::List(entries);
    }
    let pairs = entries.into_iter().filter_map(|entry| match entry {
        Val::Tuple(pair) => <[Val; 2]>::try_from(pair).ok(),
        _ => None,
    });
    Val::Map(pairs.map(|[k, v]| (key.shape(k), value.shape(v))).collect())
}

/// Converts a result to the form that scripts use.
pub(crate) fn as_written(value: Val) -> Val {
    let all = |values: Vec<Val>| values.into_iter().map(as_written).collect();
    let payload = |value: Option<Box<Val>>| value.map(|value| Box::new(as_written(*value)));
    match value {
        Val::List(values) | Val::FixedLengthList(values) => Val::List(all(values)),
        Val::Map(entries) => {
            let entries = entries.into_iter();
            Val::List(
                entries
                    .map(|(key, value)| Val::Tuple(vec![as_written(key), as_written(value)]))
                    .collect(),
            )
        }
        Val::Record(fields) => {
            let fields = fields.into_iter();
            Val::Record(fields.map(|(name, value)| (name, as_written(value))).collect())
        }
        Val::Tuple(values) => Val::Tuple(all(values)),
        Val::Variant(case, value) => Val::Variant(case, payload(value)),
        Val::Option(value) => Val::Option(payload(value)),
        Val::Result(Ok(value)) => Val::Result(Ok(payload(value))),
        Val::Result(Err(value)) => Val::Result(Err(payload(value))),
        other => other,
    }
}
