//! Logs to standard error, as `-v` or the variable `WEFT_LOG` selects.
//!
//! Without either, there is no subscriber, and logging costs next to nothing. The thread that logs writes the line at
//! once, so that the lines before a crash are not lost.

use anyhow::{Context, Result, anyhow, bail};
use std::env::VarError;
use std::io::{IsTerminal, stderr};
use tracing::subscriber::set_global_default;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, format::FmtSpan};

/// The variable with a filter, in the syntax of [`EnvFilter`].
const VARIABLE: &str = "WEFT_LOG";

/// Logs as often as `-v` was given, unless the variable is set.
pub fn install(verbosity: u8) -> Result<()> {
    let Some(filter) = filter(verbosity)? else {
        return Ok(());
    };
    let subscriber = fmt::Subscriber::builder()
        .with_env_filter(filter)
        // Lines without the time, but with how long a span took.
        .event_format(fmt::format().without_time())
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
        .with_writer(stderr)
        // It would panic if standard error is closed, and then there is no reader to inform.
        .log_internal_errors(false)
        .finish();
    set_global_default(subscriber).context("cannot start logging")
}

fn filter(verbosity: u8) -> Result<Option<EnvFilter>> {
    let chosen = match std::env::var(VARIABLE) {
        Ok(filter) => filter,
        Err(VarError::NotPresent) => String::new(),
        Err(VarError::NotUnicode(_)) => bail!("the environment variable `{VARIABLE}` is not UTF-8"),
    };
    let directives = match (chosen.as_str(), verbosity) {
        ("", 0) => return Ok(None),
        ("", 1) => "weft=info",
        ("", 2) => "weft=debug",
        ("", 3..) => "weft=trace",
        (chosen, _) => chosen,
    };
    let filter = EnvFilter::builder().parse(directives).map_err(|error| {
        anyhow!(
            "the environment variable `{VARIABLE}` is not a filter: {error}; write a filter such as `weft::threads=debug` or `weft=info`"
        )
    })?;
    Ok(Some(filter))
}
