//! What the errors of the crates that read and write binaries become.
//!
//! It stands apart from [`error`](crate::error), on which everything depends: it translates errors by the tables of
//! [`features`] and [`messages`].

use crate::error::LowerError;
use crate::{features, messages};
use wasm_encoder::reencode::Error;
use wasmparser::BinaryReaderError;

impl From<BinaryReaderError> for LowerError {
    fn from(error: BinaryReaderError) -> Self {
        if let Some(error) = features::missing(&error) {
            return error;
        }
        let message = error.message().to_owned();
        let offset = error.offset() as u64;
        match messages::rule(&message) {
            Some(rule) => LowerError::Rule { rule, message, offset },
            None => LowerError::Invalid { message, offset },
        }
    }
}

/// The passes that re-encode return their own errors through wasm-encoder's.
impl From<Error<LowerError>> for LowerError {
    fn from(error: Error<LowerError>) -> Self {
        match error {
            Error::UserError(error) => error,
            Error::ParseError(error) => error.into(),
            other => LowerError::unsupported(other.to_string(), "the encoder has no form for it"),
        }
    }
}
