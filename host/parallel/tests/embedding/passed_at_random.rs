//! Random sequences of operations on resources that component instances pass to each other, on both runtimes.

use crate::passed_resources::{Call, Here, Outcome, There, call, call_there, check};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What each of the component instances owns, by index.
#[derive(Default)]
struct Owned {
    by_owner: Vec<u32>,
    by_user: Vec<u32>,
    of_plain: Vec<u32>,
    of_host: Vec<u32>,
    by_other: Vec<u32>,
    of_host_by_other: Vec<u32>,
}

/// An index that is mostly one of these.
fn index(random: &mut StdRng, known: &[u32]) -> u32 {
    match known.is_empty() || random.random_ratio(1, 60) {
        true => random.random_range(0..6),
        false => known[random.random_range(0..known.len())],
    }
}

/// Which of the lists an operation takes a handle from, and to which its result belongs.
type Part = fn(&mut Owned) -> &mut Vec<u32>;

fn owner(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.by_owner
}

fn user(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.by_user
}

fn plain(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.of_plain
}

fn host(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.of_host
}

fn other(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.by_other
}

fn other_host(owned: &mut Owned) -> &mut Vec<u32> {
    &mut owned.of_host_by_other
}

/// An operation on handles: what it takes, and whose handle its result is.
struct Operation {
    export: &'static str,
    takes: Takes,
    gives: Option<Part>,
}

enum Takes {
    Rep,
    Own(Part),
    Borrow(Part),
    /// And what the callee does with it.
    Mode(Part),
    BothBorrow(Part),
    BorrowOwn(Part),
    OwnBorrow(Part),
    Nothing,
}

const fn operation(export: &'static str, takes: Takes, gives: Option<Part>) -> Operation {
    Operation { export, takes, gives }
}

const OPERATIONS: &[Operation] = &[
    operation("owner-new", Takes::Rep, Some(owner)),
    operation("owner-rep", Takes::Borrow(owner), None),
    operation("owner-drop", Takes::Own(owner), None),
    operation("make-r", Takes::Rep, Some(user)),
    operation("make-s", Takes::Rep, Some(plain)),
    operation("make-h", Takes::Rep, Some(host)),
    operation("rep-h", Takes::Borrow(host), None),
    operation("take", Takes::Own(user), None),
    operation("keep", Takes::Own(user), Some(owner)),
    operation("give", Takes::Own(owner), Some(user)),
    operation("peek", Takes::Borrow(user), None),
    operation("both", Takes::BorrowOwn(user), None),
    operation("both-reversed", Takes::OwnBorrow(user), None),
    operation("all", Takes::BothBorrow(user), None),
    operation("hold", Takes::Own(user), Some(other)),
    operation("return", Takes::Own(user), Some(user)),
    operation("hold-h", Takes::Own(host), Some(other_host)),
    operation("look", Takes::Mode(user), None),
    operation("look-h", Takes::Mode(host), None),
    operation("drop-r", Takes::Own(user), None),
    operation("drop-s", Takes::Own(plain), None),
    operation("drop-h", Takes::Own(host), None),
    operation("drop-other", Takes::Own(user), None),
    operation("other-take", Takes::Own(other), None),
    operation("other-drop", Takes::Own(other), None),
    operation("other-drop-h", Takes::Own(other_host), None),
    operation("log", Takes::Nothing, None),
];

impl Takes {
    /// Whether there is a handle that it can take.
    fn fits(&self, owned: &mut Owned) -> bool {
        match self {
            Takes::Nothing | Takes::Rep => true,
            Takes::Borrow(part) | Takes::Own(part) | Takes::Mode(part) | Takes::BothBorrow(part) => {
                !part(owned).is_empty()
            }
            Takes::BorrowOwn(part) | Takes::OwnBorrow(part) => part(owned).len() > 1,
        }
    }

    fn arguments(&self, random: &mut StdRng, owned: &mut Owned) -> Vec<u32> {
        match self {
            Takes::Nothing => vec![],
            Takes::Rep => vec![random.random()],
            Takes::Borrow(part) => vec![index(random, part(owned))],
            Takes::Own(part) => {
                let taken = index(random, part(owned));
                part(owned).retain(|known| *known != taken);
                vec![taken]
            }
            Takes::Mode(part) => {
                let mode = if random.random_ratio(1, 20) {
                    random.random_range(0..6)
                } else {
                    3
                };
                vec![index(random, part(owned)), mode]
            }
            Takes::BothBorrow(part) => vec![index(random, part(owned)), index(random, part(owned))],
            Takes::BorrowOwn(part) | Takes::OwnBorrow(part) => {
                let given = index(random, part(owned));
                part(owned).retain(|known| *known != given);
                let lent = match random.random_ratio(1, 20) {
                    true => given,
                    false => index(random, part(owned)),
                };
                match self {
                    Takes::BorrowOwn(_) => vec![lent, given],
                    _ => vec![given, lent],
                }
            }
        }
    }
}

/// So many calls, which are made on both runtimes.
fn random_calls(here: &Here, there: &There, random: &mut StdRng, count: usize) -> Outcome {
    let instance = here.instance();
    let (mut store, stock_instance) = there.instance();
    let mut owned = Owned::default();
    let mut calls: Vec<Call> = Vec::new();
    for _ in 0..count {
        let operation = loop {
            let operation = &OPERATIONS[random.random_range(0..OPERATIONS.len())];
            // What nothing is there for traps at once.
            if operation.takes.fits(&mut owned) || random.random_ratio(1, 60) {
                break operation;
            }
        };
        let made = (operation.export, operation.takes.arguments(random, &mut owned));
        calls.push(made.clone());
        let result = call(&instance, &made);
        check(&result, &call_there(&mut store, &stock_instance, &made), &calls);
        match (result, operation.gives) {
            (Ok(Some(handle)), Some(part)) => part(&mut owned).push(handle),
            (Ok(_), _) => {}
            (Err(reason), _) => return Err(reason),
        }
    }
    let log = ("log", vec![]);
    let result = call(&instance, &log);
    check(&result, &call_there(&mut store, &stock_instance, &log), &calls);
    assert_eq!(*instance.host().lock().expect("no panic"), *store.data(), "{calls:?}");
    result
}

/// `PASSED_RESOURCES` is how many sequences of calls are tried.
#[test]
fn random_sequences_of_operations_do_what_they_do_on_wasmtime() {
    let (here, there) = (Here::new(), There::new());
    let sequences = std::env::var("PASSED_RESOURCES").map_or(600, |count| count.parse().expect("a number"));
    let (mut ends, mut traps) = (0, Vec::new());
    for seed in 0..sequences {
        let mut random = StdRng::seed_from_u64(seed);
        match random_calls(&here, &there, &mut random, 40) {
            Ok(_) => ends += 1,
            Err(reason) => traps.push(reason),
        }
    }
    assert!(ends > sequences / 10, "{ends} of {sequences} do not trap");
    let kinds = [
        "unknown handle index",
        "used with the wrong type",
        "cannot remove owned resource while borrowed",
        "cannot lift own resource from a borrow",
        "borrow handles still remain at the end of the call",
    ];
    for kind in kinds {
        assert!(traps.iter().any(|trap| trap.contains(kind)), "no trap `{kind}`");
    }
}
