//! tokio's multi-threaded runtime: tasks on several threads, timers, channels, and blocking work.
//!
//! tokio offers this runtime on WebAssembly only with `--cfg=tokio_unstable`, which ../../.cargo/config.toml sets. It has no network here:
//! WASI preview 1 cannot open a connection.
//!
//!     cargo build --release
//!     weft run --thread-variables target/wasm32-wasip1-threads/release/tokio_runtime.wasm

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::{runtime, task, time};

fn main() {
    let runtime = runtime::Builder::new_multi_thread().enable_time().build().expect("threads start");
    println!("workers: {}", runtime.metrics().num_workers());
    runtime.block_on(async {
        tasks().await;
        channels().await;
        timers().await;
        blocking().await;
    });
    // The threads of the runtime end here.
    drop(runtime);
    println!("tokio: all done");
}

async fn tasks() {
    let total = Arc::new(Mutex::new(0));
    let few = Arc::new(Semaphore::new(3));
    let mut tasks = JoinSet::new();
    for number in 0..1000_u64 {
        let (total, few) = (total.clone(), few.clone());
        tasks.spawn(async move {
            let _permit = few.acquire().await.expect("it stays open");
            task::yield_now().await;
            *total.lock().await += number;
            number
        });
    }
    let returned: u64 = tasks.join_all().await.into_iter().sum();
    println!("tasks: {} {returned}", total.lock().await);
}

async fn channels() {
    let (sender, mut receiver) = mpsc::channel(4);
    for first in 0..4_u32 {
        let sender = sender.clone();
        tokio::spawn(async move {
            for number in (first..1000).step_by(4) {
                sender.send(number).await.expect("somebody receives");
            }
        });
    }
    drop(sender);
    let mut sum = 0;
    while let Some(number) = receiver.recv().await {
        sum += number;
    }
    let (answer, question) = oneshot::channel();
    tokio::spawn(async move { answer.send(sum) });
    println!("channels: {}", question.await.expect("somebody answers"));
}

async fn timers() {
    let start = time::Instant::now();
    let naps = (1..=10).map(|length| tokio::spawn(time::sleep(Duration::from_millis(length))));
    for nap in naps.collect::<Vec<_>>() {
        nap.await.expect("nobody panics");
    }
    assert!(start.elapsed() >= Duration::from_millis(10));
    let never = time::timeout(Duration::from_millis(1), std::future::pending::<()>());
    assert!(never.await.is_err());
    println!("timers: done");
}

async fn blocking() {
    let waits = (0..8).map(|number| task::spawn_blocking(move || (0..=number).sum::<u32>()));
    let mut sum = 0;
    for wait in waits.collect::<Vec<_>>() {
        sum += wait.await.expect("nobody panics");
    }
    println!("blocking: {sum}");
    println!("in place: {}", tokio::spawn(async { task::block_in_place(|| 7) }).await.expect("nobody panics"));
}
