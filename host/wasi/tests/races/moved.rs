//! A directory that is moved out of the guest's directory and back during calls on paths through it: `..` never leads
//! outside from there.

use crate::calls::{DIR, DIRECTORY, Numbers, READ};
use crate::driver::Program;
use crate::prison::{OWN, Prison};
use crate::swapped::attack;
use std::fs;

const ROUNDS: u32 = 30_000;

#[test]
fn a_parent_that_is_moved_out_is_no_way_out() {
    let prison = Prison::new();
    let (inside, outside) = (prison.path("in/moving"), prison.path("hidden/moving"));
    fs::create_dir_all(inside.join("deep/deeper")).expect("a directory");
    let mut program = Program::default();
    let ways = ["moving/..", "moving/deep/../..", "moving/deep/deeper/../../.."];
    for way in ways {
        program.thread(|thread| async move {
            let mut numbers = Numbers::new(thread.number());
            for _ in 0..ROUNDS {
                attack(&thread, &mut numbers, way, &format!("{way}/f")).await;
            }
        });
    }
    // A descriptor goes with its directory. What lies above it was never its own.
    program.thread(|thread| async move {
        let mut opened = None;
        for _ in 0..ROUNDS {
            let Some(dir) = opened else {
                opened = thread.open(DIR, "moving/deep", DIRECTORY, READ, 0).await.ok();
                continue;
            };
            for path in ["../../f", "../../../secret", "deeper/../../../f", ".."] {
                thread.open(dir, path, 0, READ, 0).await.expect_err(path);
            }
            let same = thread.open(dir, "deeper/..", DIRECTORY, READ, 0).await;
            if let Ok(same) = same {
                thread.close(same).await.expect("open");
            }
        }
    });
    let swap = || {
        fs::rename(&inside, &outside).expect("there");
        fs::rename(&outside, &inside).expect("there");
    };
    prison.disturbed(swap, || program.run(&mut prison.wasi()).expect("no trap"));
    prison.assert_untouched();
    // What is inside may have been moved about, but it was never exchanged for what is outside.
    let left = fs::read_to_string(prison.path("in/f")).unwrap_or_default();
    assert!(left.is_empty() || left == OWN, "{left}");
}
