//! Errors of the crates that read and write modules, as [`AdaptError`]s.

use super::AdaptError;
use std::convert::Infallible;
use weft_lower::LowerError;

impl From<wasmparser::Error> for AdaptError {
    fn from(error: wasmparser::Error) -> Self {
        AdaptError::Invalid {
            message: error.message().to_string(),
            offset: error.offset(),
        }
    }
}

/// What [`weft_lower::check_module`] refuses.
impl From<LowerError> for AdaptError {
    fn from(error: LowerError) -> Self {
        match error {
            LowerError::Limit {
                name,
                limit,
                advice,
                offset,
            } => AdaptError::Limit {
                name,
                limit,
                advice,
                offset,
            },
            other => AdaptError::Invalid {
                message: other.to_string(),
                offset: 0,
            },
        }
    }
}

impl From<wasm_encoder::reencode::Error<Infallible>> for AdaptError {
    fn from(error: wasm_encoder::reencode::Error<Infallible>) -> Self {
        use wasm_encoder::reencode::Error;
        match error {
            Error::UserError(never) => match never {},
            Error::ParseError(error) => error.into(),
            other => AdaptError::Invalid {
                message: other.to_string(),
                offset: 0,
            },
        }
    }
}

impl From<wasm_encoder::reencode::Error<AdaptError>> for AdaptError {
    fn from(error: wasm_encoder::reencode::Error<AdaptError>) -> Self {
        use wasm_encoder::reencode::Error;
        match error {
            Error::UserError(error) => error,
            Error::ParseError(error) => error.into(),
            other => AdaptError::Invalid {
                message: other.to_string(),
                offset: 0,
            },
        }
    }
}
