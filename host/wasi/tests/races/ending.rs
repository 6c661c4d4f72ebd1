//! A program that exits while other threads are in calls that wait forever: all of them end, and so does the program.

use crate::calls::Numbers;
use crate::driver::{Program, Thread};
use rustix::pipe::pipe;
use weft_parallel::Error;
use weft_wasi::WasiCtxBuilder;

const ROUNDS: u32 = 1000;

/// Waits for ever in one call or another.
async fn wait(thread: Thread, how: u32) {
    match how {
        0 => drop(thread.read(0, &[100]).await),
        1 => loop {
            // Nobody reads it, so it is full soon.
            if thread.write(1, &[&[b'x'; 50_000]]).await.is_err() {
                break;
            }
        },
        // A clock in the far future, and standard input.
        _ => {
            let mut records = [0; 96];
            records[16] = 1;
            records[24..32].copy_from_slice(&(1u64 << 60).to_le_bytes());
            records[48 + 8] = 1;
            thread.store(thread.buffer(), records).await;
            let (buffer, count) = (u64::from(thread.buffer()), u64::from(how - 1));
            let arguments = [buffer, buffer + 1024, count, thread.answer()];
            let _: crate::calls::Result<()> = thread.wasi("poll_oneoff", &arguments).await;
        }
    }
    unreachable!("the program ends first");
}

#[test]
fn an_exit_ends_calls_that_wait() {
    let mut numbers = Numbers::new(5);
    for round in 0..ROUNDS {
        let mut program = Program::default();
        for _ in 0..4 {
            let how = numbers.below(4);
            program.thread(|thread| wait(thread, how));
        }
        let turns = numbers.below(30);
        program.thread(|thread| async move {
            for _ in 0..turns {
                thread.give_way().await;
            }
            thread
                .wasi("proc_exit", &[round.into()])
                .await
                .expect_err("it does not return");
        });
        // The other ends stay open, so that nothing comes and nothing breaks.
        let ((input, _nobody_writes), (_nobody_reads, output)) = (pipe().expect("a pipe"), pipe().expect("a pipe"));
        let ended = program.run(WasiCtxBuilder::new().stdin(input).stdout(output));
        assert!(
            matches!(ended, Err(Error::Exit(code)) if code as u32 == round),
            "{ended:?}"
        );
    }
}
