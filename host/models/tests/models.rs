//! Checks each claim under random schedules and under those of two strategies that look for rare interleavings (PCT and
//! bursts), and small claims under all schedules.

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};
use weft_models::bursts::BurstScheduler;
use weft_models::scheduler::Turns;
use weft_models::scheduler::claims as scheduling;
use weft_models::scheduler::woken_here;
use weft_models::{handle_table, instance_locks, table, waiting};

/// How many schedules of each kind.
const SCHEDULES: usize = 1_000;

fn config() -> Config {
    let mut config = Config::default();
    config.silence_warnings = true;
    // A model that neither ends nor deadlocks has lost a wake-up, too.
    config.max_steps = MaxSteps::FailAfter(100_000);
    config
}

/// Runs a model under many schedules.
fn often(model: impl Fn() + Send + Sync + Clone + 'static) {
    Runner::new(RandomScheduler::new(SCHEDULES), config()).run(model.clone());
    Runner::new(PctScheduler::new(3, SCHEDULES), config()).run(model.clone());
    Runner::new(BurstScheduler::new(SCHEDULES), config()).run(model);
}

/// Runs a model under all schedules.
fn always(model: impl Fn() + Send + Sync + 'static) {
    Runner::new(DfsScheduler::new(None, false), config()).run(model);
}

#[test]
fn tasks_from_outside_run() {
    often(|| scheduling::tasks_from_outside_run(2, 3));
    often(|| scheduling::tasks_from_outside_run(3, 2));
}

#[test]
fn a_busy_workers_tasks_are_taken() {
    for turns in [Turns::ByCost, Turns::ByArrival] {
        often(move || scheduling::a_busy_workers_tasks_are_taken(2, turns, 2));
        often(move || scheduling::a_busy_workers_tasks_are_taken(3, turns, 3));
    }
}

#[test]
fn tasks_that_were_woken_here_are_taken() {
    often(|| woken_here::tasks_that_were_woken_here_are_taken(2, 2));
    often(|| woken_here::tasks_that_were_woken_here_are_taken(3, 8));
}

#[test]
fn each_task_of_a_busy_worker_is_taken() {
    often(|| scheduling::each_task_of_a_busy_worker_is_taken(2, 8));
}

#[test]
fn a_task_is_taken_although_the_watcher_resigns() {
    often(|| scheduling::a_task_is_taken_although_the_watcher_resigns(2, 4));
}

#[test]
fn tasks_that_were_woken_here_get_a_worker_each() {
    often(|| woken_here::tasks_that_were_woken_here_get_a_worker_each(3));
}

#[test]
fn tasks_that_were_woken_here_and_left_get_a_worker_each() {
    often(woken_here::tasks_that_were_woken_here_and_left_get_a_worker_each);
}

#[test]
fn what_was_woken_here_stays_for_a_while() {
    always(woken_here::what_was_woken_here_stays_for_a_while);
}

#[test]
fn a_task_that_yields_to_a_busy_one_goes_on() {
    often(scheduling::a_task_that_yields_to_a_busy_one_goes_on);
}

#[test]
fn work_from_outside_leaves_a_watcher() {
    often(scheduling::work_from_outside_leaves_a_watcher);
}

#[test]
fn no_worker_sleeps_with_work_queued() {
    for from_outside in [true, false] {
        often(move || scheduling::no_worker_sleeps_with_work_queued(2, from_outside));
        often(move || scheduling::no_worker_sleeps_with_work_queued(3, from_outside));
    }
}

#[test]
fn tasks_that_wake_each_other_go_on() {
    often(|| scheduling::tasks_that_wake_each_other_go_on(2, Turns::ByCost, 2));
}

#[test]
fn tasks_that_wake_each_other_go_on_by_arrival() {
    often(|| scheduling::tasks_that_wake_each_other_go_on(2, Turns::ByArrival, 2));
}

#[test]
fn tasks_that_yield_go_on() {
    often(|| scheduling::tasks_that_yield_go_on(2, 3));
}

#[test]
fn a_tenants_task_is_picked_soon() {
    often(|| scheduling::a_tenants_task_is_picked_soon(6));
}

#[test]
fn a_task_in_a_slot_has_one_taker() {
    often(|| scheduling::a_task_in_a_slot_has_one_taker(2, 3));
}

#[test]
fn the_ticker_ticks_while_a_worker_is_awake() {
    often(scheduling::the_ticker_ticks_while_a_worker_is_awake);
}

#[test]
fn a_store_before_a_notification_is_seen() {
    always(|| waiting::a_store_before_a_notification_is_seen(1));
    often(|| waiting::a_store_before_a_notification_is_seen(3));
}

#[test]
fn a_count_that_others_share_hides_nobody() {
    often(waiting::a_count_that_others_share_hides_nobody);
}

#[test]
fn a_notification_wakes_one_thread() {
    often(|| waiting::a_notification_wakes_one_thread(3));
}

#[test]
fn a_timeout_loses_no_notification() {
    often(waiting::a_timeout_loses_no_notification);
}

#[test]
fn one_of_two_resumes_a_thread() {
    always(table::one_of_two_resumes_a_thread);
}

#[test]
fn a_resumption_is_not_lost() {
    often(table::a_resumption_is_not_lost);
}

#[test]
fn a_deadlock_is_found() {
    always(table::a_deadlock_is_found);
}

#[test]
fn a_chain_of_locks_behind_a_suspended_call_is_a_deadlock() {
    often(|| instance_locks::a_chain_of_locks_behind_a_suspended_call_is_a_deadlock(1));
    often(|| instance_locks::a_chain_of_locks_behind_a_suspended_call_is_a_deadlock(2));
}

#[test]
fn a_thread_that_gets_a_lock_is_not_stuck() {
    often(|| instance_locks::a_thread_that_gets_a_lock_is_not_stuck(0));
    often(|| instance_locks::a_thread_that_gets_a_lock_is_not_stuck(2));
}

#[test]
fn a_call_that_is_about_to_begin_is_not_stuck() {
    often(|| instance_locks::a_call_that_is_about_to_begin_is_not_stuck(true));
    often(|| instance_locks::a_call_that_is_about_to_begin_is_not_stuck(false));
}

#[test]
fn a_wait_that_is_given_up_passes_the_lock_on() {
    for missed in [false, true] {
        always(move || instance_locks::a_wait_that_is_given_up_passes_the_lock_on(missed));
    }
}

#[test]
fn one_that_has_missed_the_lock_is_stuck_again() {
    for is_host in [false, true] {
        always(move || instance_locks::one_that_has_missed_the_lock_is_stuck_again(is_host));
    }
}

#[test]
fn a_call_without_its_thread_is_not_stuck() {
    always(instance_locks::a_call_without_its_thread_is_not_stuck);
}

#[test]
fn a_call_that_has_begun_can_be_stuck() {
    always(instance_locks::a_call_that_has_begun_can_be_stuck);
}

#[test]
fn the_thread_at_the_end_of_a_chain_of_locks_traps() {
    for is_host in [false, true] {
        always(move || instance_locks::the_thread_at_the_end_of_a_chain_of_locks_traps(is_host));
    }
}

#[test]
fn one_at_a_time_holds_a_lock() {
    often(|| instance_locks::one_at_a_time_holds_a_lock(2));
    often(|| instance_locks::one_at_a_time_holds_a_lock(4));
}

#[test]
fn one_of_two_drops_a_handle() {
    always(handle_table::one_of_two_drops_a_handle);
}

#[test]
fn a_lent_handle_is_not_dropped() {
    always(handle_table::a_lent_handle_is_not_dropped);
}

#[test]
fn a_call_ends_without_handles_that_others_drop() {
    always(handle_table::a_call_ends_without_handles_that_others_drop);
}

#[test]
fn no_two_handles_have_one_index() {
    often(|| handle_table::no_two_handles_have_one_index(2, 2));
    often(|| handle_table::no_two_handles_have_one_index(3, 2));
}

#[test]
fn a_full_table_gives_out_what_is_free() {
    often(handle_table::a_full_table_gives_out_what_is_free);
}
