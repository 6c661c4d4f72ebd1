//! WASI preview 1 in other environments: with other file systems, limits and users. If an environment cannot be set up,
//! because this machine has no user namespaces or lacks a program, its test is reported as ignored.

mod alone;
#[allow(dead_code, unused_imports, reason = "the suite `preview1` uses all of it")]
#[path = "../preview1/harness/mod.rs"]
mod harness;
mod tests;

use alone::trial;
use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let trials = vec![
        trial(
            "a_merged_directory_is_listed_whole",
            tests::MERGED,
            tests::a_merged_directory_is_listed_whole,
        ),
        trial(
            "what_is_open_works_where_nothing_more_can_be_opened",
            tests::FEW_DESCRIPTORS,
            tests::what_is_open_works_where_nothing_more_can_be_opened,
        ),
        trial(
            "what_the_host_forbids_its_user_is_acces",
            tests::USER,
            tests::what_the_host_forbids_its_user_is_acces,
        ),
        trial(
            "times_are_set_without_proc",
            tests::NO_PROC,
            tests::times_are_set_without_proc,
        ),
        trial(
            "errors_of_file_systems_arrive",
            tests::OTHERS,
            tests::errors_of_file_systems_arrive,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
