//! How many parameters host functions with Rust types may have.

/// Calls a macro once for each number of parameters, 0 to 16, with a name for the type of each.
macro_rules! for_each_arity {
    ($call:ident) => {
        $crate::builtins::arities::for_each_arity! { $call: ; A B C D E G H I J K L M N O P Q }
    };
    ($call:ident: $($name:ident)*;) => {
        $call! { $($name)* }
    };
    ($call:ident: $($name:ident)*; $next:ident $($rest:ident)*) => {
        $call! { $($name)* }
        $crate::builtins::arities::for_each_arity! { $call: $($name)* $next; $($rest)* }
    };
}

pub(crate) use for_each_arity;
