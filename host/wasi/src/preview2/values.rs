//! How values of the component model become the Rust types of the functions, and the reverse.

use super::io::StreamError;
use std::marker::PhantomData;
use weft::{Thread, Val};

/// A resource of the type that `R` stands for.
pub(crate) struct Resource<R> {
    rep: u32,
    marker: PhantomData<fn() -> R>,
}

impl<R> Resource<R> {
    pub(crate) fn new_own(rep: u32) -> Self {
        Resource {
            rep,
            marker: PhantomData,
        }
    }

    pub(crate) fn rep(&self) -> u32 {
        self.rep
    }
}

/// A type that can be made of a value.
pub(crate) trait Lift: Sized {
    fn lift<T>(thread: &Thread<T>, value: &Val) -> wasmtime::Result<Self>;
}

/// A type that can be made a value.
pub(crate) trait Lower: Sized {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val>;

    /// The payload of a case.
    fn payload<T>(self, thread: &Thread<T>) -> wasmtime::Result<Option<Box<Val>>> {
        Ok(Some(Box::new(self.lower(thread)?)))
    }
}

/// The parameters of a function.
pub(crate) trait Params: Sized {
    fn lift<T>(thread: &Thread<T>, values: &[Val]) -> wasmtime::Result<Self>;
}

pub(crate) fn unexpected(value: &Val) -> wasmtime::Error {
    wasmtime::Error::msg(format!("a function of WASI was given an unexpected {}", value.kind()))
}

macro_rules! scalar {
    ($($rust:ty = $variant:ident;)*) => {$(
        impl Lift for $rust {
            fn lift<T>(_: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
                match value {
                    Val::$variant(value) => Ok(value.clone()),
                    other => Err(unexpected(other)),
                }
            }
        }

        impl Lower for $rust {
            fn lower<T>(self, _: &Thread<T>) -> wasmtime::Result<Val> {
                Ok(Val::$variant(self))
            }
        }
    )*};
}

scalar! {
    bool = Bool;
    u8 = U8;
    u16 = U16;
    u32 = U32;
    u64 = U64;
    String = String;
}

macro_rules! params {
    ($($item:ident)*) => {
        #[allow(non_snake_case, unused_variables)]
        impl<$($item: Lift),*> Params for ($($item,)*) {
            fn lift<T>(thread: &Thread<T>, values: &[Val]) -> wasmtime::Result<Self> {
                match values {
                    [$($item),*] => Ok(($(Lift::lift(thread, $item)?,)*)),
                    _ => Err(wasmtime::Error::msg("a function of WASI was given an unexpected number of arguments")),
                }
            }
        }
    };
}

params!();
params!(A);
params!(A B);
params!(A B C);
params!(A B C D);
params!(A B C D E);

impl<A: Lower, B: Lower> Lower for (A, B) {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        Ok(Val::Tuple(vec![self.0.lower(thread)?, self.1.lower(thread)?]))
    }
}

impl<R: 'static> Lift for Resource<R> {
    fn lift<T>(thread: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
        match value {
            Val::Resource(resource) => Ok(Resource::new_own(thread.resource_rep::<R>(*resource)?)),
            other => Err(unexpected(other)),
        }
    }
}

impl<R: 'static> Lower for Resource<R> {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        Ok(Val::Resource(thread.new_resource::<R>(self.rep)?))
    }
}

impl<I: Lift> Lift for Vec<I> {
    fn lift<T>(thread: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
        match value {
            Val::List(elements) => elements.iter().map(|element| I::lift(thread, element)).collect(),
            other => Err(unexpected(other)),
        }
    }
}

impl<I: Lower> Lower for Vec<I> {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        let elements: wasmtime::Result<_> = self.into_iter().map(|element| element.lower(thread)).collect();
        Ok(Val::List(elements?))
    }
}

impl<I: Lift> Lift for Option<I> {
    fn lift<T>(thread: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
        match value {
            Val::Option(some) => some.as_ref().map(|some| I::lift(thread, some)).transpose(),
            other => Err(unexpected(other)),
        }
    }
}

impl<I: Lower> Lower for Option<I> {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        let some: Option<wasmtime::Result<Val>> = self.map(|value| value.lower(thread));
        Ok(Val::Option(some.transpose()?.map(Box::new)))
    }
}

impl Lift for Result<(), ()> {
    fn lift<T>(_: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
        match value {
            Val::Result(Ok(_)) => Ok(Ok(())),
            Val::Result(Err(_)) => Ok(Err(())),
            other => Err(unexpected(other)),
        }
    }
}

impl<I: Lower, E: Lower> Lower for Result<I, E> {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        Ok(Val::Result(match self {
            Ok(value) => Ok(value.payload(thread)?),
            Err(error) => Err(error.payload(thread)?),
        }))
    }
}

/// A case without a payload.
impl Lower for () {
    fn lower<T>(self, _: &Thread<T>) -> wasmtime::Result<Val> {
        Ok(Val::Tuple(Vec::new()))
    }

    fn payload<T>(self, _: &Thread<T>) -> wasmtime::Result<Option<Box<Val>>> {
        Ok(None)
    }
}

impl Lower for StreamError {
    fn lower<T>(self, thread: &Thread<T>) -> wasmtime::Result<Val> {
        Ok(match self {
            StreamError::LastOperationFailed(error) => {
                Val::Variant("last-operation-failed".to_owned(), Some(Box::new(error.lower(thread)?)))
            }
            StreamError::Closed => Val::Variant("closed".to_owned(), None),
        })
    }
}

/// A field of a record.
pub(crate) fn field<'v>(value: &'v Val, name: &str) -> wasmtime::Result<&'v Val> {
    let found = match value {
        Val::Record(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
        other => return Err(unexpected(other)),
    };
    found.ok_or_else(|| unexpected(value))
}

/// Defines a record.
macro_rules! record {
    ($(#[$attribute:meta])* $record:ident { $($(#[$of_field:meta])* $field:ident: $ty:ty = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) struct $record { $($(#[$of_field])* pub(crate) $field: $ty,)* }

        impl crate::preview2::values::Lift for $record {
            fn lift<T>(thread: &weft::Thread<T>, value: &weft::Val) -> wasmtime::Result<Self> {
                use crate::preview2::values::{Lift, field};
                Ok($record { $($field: Lift::lift(thread, field(value, $name)?)?,)* })
            }
        }

        impl crate::preview2::values::Lower for $record {
            fn lower<T>(self, thread: &weft::Thread<T>) -> wasmtime::Result<weft::Val> {
                Ok(weft::Val::Record(vec![$(($name.to_owned(), self.$field.lower(thread)?),)*]))
            }
        }
    };
}
pub(crate) use record;

/// Defines an enum.
macro_rules! enumeration {
    ($(#[$attribute:meta])* $enum:ident { $($case:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $enum { $($case,)* }

        impl crate::preview2::values::Lift for $enum {
            fn lift<T>(_: &weft::Thread<T>, value: &weft::Val) -> wasmtime::Result<Self> {
                match value {
                    weft::Val::Enum(name) => match name.as_str() {
                        $($name => Ok($enum::$case),)*
                        _ => Err(crate::preview2::values::unexpected(value)),
                    },
                    other => Err(crate::preview2::values::unexpected(other)),
                }
            }
        }

        impl crate::preview2::values::Lower for $enum {
            fn lower<T>(self, _: &weft::Thread<T>) -> wasmtime::Result<weft::Val> {
                Ok(weft::Val::Enum(match self { $($enum::$case => $name,)* }.to_owned()))
            }
        }
    };
}
pub(crate) use enumeration;

/// Defines flags.
macro_rules! flags {
    ($(#[$attribute:meta])* $flags:ident { $($flag:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub(crate) struct $flags { $(pub(crate) $flag: bool,)* }

        impl crate::preview2::values::Lift for $flags {
            fn lift<T>(_: &weft::Thread<T>, value: &weft::Val) -> wasmtime::Result<Self> {
                match value {
                    weft::Val::Flags(names) => Ok($flags { $($flag: names.iter().any(|name| name == $name),)* }),
                    other => Err(crate::preview2::values::unexpected(other)),
                }
            }
        }

        impl crate::preview2::values::Lower for $flags {
            fn lower<T>(self, _: &weft::Thread<T>) -> wasmtime::Result<weft::Val> {
                let names = [$((self.$flag, $name),)*];
                let set = names.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned());
                Ok(weft::Val::Flags(set.collect()))
            }
        }
    };
}
pub(crate) use flags;
