//! Runs a script from its text to its report, within its time limit.
//!
//! The script runs on a thread of its own. When its time is over, the engine's epoch ends running WebAssembly code, and
//! nothing else begins. If something cannot be ended in this way, such as a wait for a notification that never comes, it
//! keeps its OS thread, and the report does not wait for it.

use crate::Options;
use crate::context::Context;
use crate::form::Head;
use crate::report::{Directive, Failure, Kind, Outcome, Report};
use crate::session::Session;
use crate::source::Source;
use crate::thread::STACK_SIZE;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// How often and how many times weft asks a script to end when its time is over.
const EXPIRE_INTERVAL: Duration = Duration::from_millis(10);
const EXPIRE_TIMES: u32 = 200;

/// Runs a script on an OS thread of its own. If the script never ends and cannot be interrupted, the thread stays.
pub fn run(text: &str, options: &Options) -> Report {
    let options = match options.with_head(text) {
        Ok(options) => options,
        Err(bad) => {
            let (line, column) = Source::new(text).position(bad.offset);
            return single(
                line,
                column,
                Kind::Option,
                Failure::new("an option that is known", bad.message),
            );
        }
    };
    let cannot_start = |message| single(1, 1, Kind::Text, Failure::new("an engine to run the script", message));
    let context = match Context::new(Source::new(text), options) {
        Ok(context) => Arc::new(context),
        Err(error) => return cannot_start(format!("{error:#}")),
    };
    let (ends, ended) = channel::<()>();
    let script = Arc::clone(&context);
    let spawned = Builder::new().stack_size(STACK_SIZE).spawn(move || {
        run_forms(&script);
        drop(ends);
    });
    if let Err(error) = spawned {
        return cannot_start(error.to_string());
    }
    wait(&context, &ended);
    context.report()
}

fn single(line: usize, column: usize, kind: Kind, failure: Failure) -> Report {
    let outcome = Outcome::Failed(failure);
    Report {
        directives: vec![Directive {
            line,
            column,
            kind,
            outcome,
        }],
    }
}

fn run_forms(context: &Arc<Context>) {
    let mut session = match Session::new(context) {
        Ok(session) => session,
        Err(error) => {
            let failure = Failure::new("a store for the script", format!("{error:#}"));
            return context.record(0, Kind::Text, Outcome::Failed(failure));
        }
    };
    let source = &context.source;
    let (forms, stopped) = source.forms();
    let are_fields = forms
        .first()
        .is_some_and(|form| Head::of(source.slice(form)).is_field());
    if are_fields {
        session.form(&(0..source.text().len()), false);
    } else {
        for form in &forms {
            session.form(form, false);
        }
    }
    session.finish();
    if let Some(unreadable) = stopped {
        let failure = Failure::new("a directive", unreadable.message);
        context.record(unreadable.offset, Kind::Text, Outcome::Failed(failure));
    }
}

/// Waits for the script's end: its thread drops the sender.
fn wait(context: &Context, ended: &Receiver<()>) {
    if ended.recv_timeout(context.options.time_limit) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    for _ in 0..EXPIRE_TIMES {
        context.expire();
        if ended.recv_timeout(EXPIRE_INTERVAL) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
