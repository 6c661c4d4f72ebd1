//! The handle tables, alone and with the host's.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use weft_abi::handles::{Account, Found, HandleCheck, Lends, MAX_INDEX, Removed, Scope, TypeNumber};
use weft_abi::{
    CallHandles, HandleError, HandleTable, Handles, ResourceAny, ResourceIndex, ResourceType, ResourceTypes,
};

type Outcome = Result<(), HandleError>;

fn table() -> HandleTable<u32> {
    HandleTable::new(MAX_INDEX)
}

/// The index that was freed last is given out first.
#[test]
fn indices_come_in_the_specifications_order() -> Outcome {
    let table = table();
    for expected in 1..=100 {
        assert_eq!(table.insert_own(0, expected)?, expected);
    }
    for index in [7, 50, 3] {
        table.remove(index, &0)?;
    }
    for expected in [3, 50, 7, 101] {
        assert_eq!(table.insert_own(0, 0)?, expected);
    }
    Ok(())
}

/// Threads that take turns see the same order as one.
#[test]
fn threads_that_take_turns_see_the_specifications_order() {
    let table = table();
    for round in 0..50 {
        let taken = thread::scope(|scope| {
            let turn = scope.spawn(|| {
                let first = table.insert_own(0, round)?;
                let second = table.insert_own(0, round)?;
                table.remove(first, &0)?;
                table.remove(second, &0)?;
                Ok::<_, HandleError>((first, second))
            });
            turn.join().ok()
        });
        let expected = if round % 2 == 0 { (1, 2) } else { (2, 1) };
        assert_eq!(taken, Some(Ok(expected)), "round {round}");
    }
}

#[test]
fn handles_that_are_none_are_found_out() -> Outcome {
    let table = table();
    let index = table.insert_own(1, 42)?;
    assert_eq!(table.get(index, &1), Ok(Found { rep: 42, owned: true }));
    for unknown in [0, 2, MAX_INDEX, MAX_INDEX + 1, u32::MAX] {
        assert_eq!(table.get(unknown, &1), Err(HandleError::Unknown(unknown)));
        assert_eq!(table.remove(unknown, &1), Err(HandleError::Unknown(unknown)));
    }
    assert_eq!(table.get(index, &2), Err(HandleError::WrongType(index)));
    assert_eq!(table.remove(index, &2), Err(HandleError::WrongType(index)));
    assert_eq!(table.remove(index, &1), Ok(Removed { rep: 42, owned: true }));
    assert_eq!(table.remove(index, &1), Err(HandleError::Unknown(index)));
    Ok(())
}

#[test]
fn a_lent_handle_stays() -> Outcome {
    let table = table();
    let index = table.insert_own(1, 42)?;
    let (mut first, mut second) = (Lends::new(), Lends::new());
    table.lend(index, &1, &mut first)?;
    table.lend(index, &1, &mut first)?;
    table.lend(index, &1, &mut second)?;
    table.unlend(&mut first);
    assert_eq!(table.remove(index, &1), Err(HandleError::Lent(index)));
    assert_eq!(table.remove_own(index, &1), Err(HandleError::Lent(index)));
    table.unlend(&mut second);
    assert_eq!(table.remove_own(index, &1), Ok(42));
    Ok(())
}

#[test]
fn a_call_ends_without_borrowed_handles() -> Outcome {
    let table = table();
    let scope = Arc::new(Scope::new());
    let index = table.insert_borrow(1, 42, &scope)?;
    assert_eq!(table.get(index, &1), Ok(Found { rep: 42, owned: false }));
    assert_eq!(table.remove_own(index, &1), Err(HandleError::NotOwned(index)));
    assert_eq!(scope.finish(), Err(HandleError::BorrowsRemain));
    assert_eq!(table.remove(index, &1), Ok(Removed { rep: 42, owned: false }));
    assert_eq!(scope.finish(), Ok(()));
    Ok(())
}

#[test]
fn a_full_table_says_so() -> Outcome {
    let table = HandleTable::new(20);
    for _ in 0..20 {
        table.insert_own((), 0)?;
    }
    assert_eq!(table.insert_own((), 0), Err(HandleError::Full));
    table.remove(5, &())?;
    assert_eq!(table.insert_own((), 0), Ok(5));
    Ok(())
}

/// Threads add, look up, lend and remove handles, their own and the same ones. No two get one index at once, of each handle that
/// two remove one does, and the table does not grow beyond what is in use.
#[test]
fn threads_use_a_table_at_once() {
    const THREADS: u32 = 4;
    const ROUNDS: u32 = 2_000;
    let table = HandleTable::new(MAX_INDEX);
    let barrier = Barrier::new(THREADS as usize);
    let common = Vec::from_iter((0..ROUNDS).filter_map(|rep| table.insert_own(1, rep).ok()));
    let work = |thread: u32| {
        barrier.wait();
        let mut removed = 0;
        let mut largest = 0;
        for round in 0..ROUNDS {
            let rep = thread * ROUNDS + round;
            let own = [(); 3].map(|()| table.insert_own(0, rep));
            for index in own {
                let index = index.expect("there is room");
                largest = largest.max(index);
                let mut lends = Lends::new();
                assert_eq!(table.lend(index, &0, &mut lends), Ok(Found { rep, owned: true }));
                assert_eq!(table.remove(index, &0), Err(HandleError::Lent(index)));
                table.unlend(&mut lends);
                assert_eq!(table.remove(index, &0), Ok(Removed { rep, owned: true }));
            }
            removed += u32::from(table.remove(common[round as usize], &1).is_ok());
        }
        (removed, largest)
    };
    let outcomes = thread::scope(|scope| {
        let threads = Vec::from_iter((0..THREADS).map(|thread| scope.spawn(move || work(thread))));
        Vec::from_iter(
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no thread fails")),
        )
    });
    assert_eq!(
        outcomes.iter().map(|(removed, _)| removed).sum::<u32>(),
        ROUNDS,
        "{outcomes:?}"
    );
    let largest = outcomes.iter().map(|(_, largest)| *largest).max();
    assert!(largest.is_some_and(|largest| largest < 2 * ROUNDS), "{largest:?}");
    // All indices are free again, each once.
    let again = HashSet::<u32>::from_iter((0..3 * ROUNDS).filter_map(|_| table.insert_own(0, 0).ok()));
    assert_eq!(again.len() as u32, 3 * ROUNDS);
}

/// One resource type, which the guest imports or defines.
struct Types {
    defined: bool,
}

const FILE: ResourceIndex = ResourceIndex(3);

const FILES: TypeNumber = TypeNumber::defined(1);
const SOCKETS: TypeNumber = TypeNumber::defined(2);

/// The number of the host's table.
const TABLE: u64 = 5;

impl ResourceTypes for Types {
    fn id(&self, ty: ResourceIndex) -> Option<TypeNumber> {
        (ty == FILE).then_some(FILES)
    }

    fn defined_here(&self, _: ResourceIndex) -> bool {
        self.defined
    }
}

fn tables() -> (HandleTable<ResourceIndex>, HandleTable<TypeNumber>) {
    (HandleTable::new(MAX_INDEX), HandleTable::new(MAX_INDEX))
}

#[test]
fn an_owned_handle_goes_to_the_host_and_back_once() -> Outcome {
    let (types, (guest, host)) = (Types { defined: false }, tables());
    let index = guest.insert_own(FILE, 42)?;
    let mut call = CallHandles::new(&types, &guest, &host, TABLE);
    let resource = call.lift_own(index, FILE)?;
    assert!(resource.owned());
    assert_eq!(guest.get(index, &FILE), Err(HandleError::Unknown(index)));
    assert_eq!(call.lift_own(index, FILE), Err(HandleError::Unknown(index)));

    let index = call.lower_own(resource, FILE)?;
    assert_eq!(guest.get(index, &FILE), Ok(Found { rep: 42, owned: true }));
    // A copy of it is worth nothing, also when its index is used again.
    assert_eq!(call.lower_own(resource, FILE), Err(HandleError::Consumed));
    let other = guest.insert_own(FILE, 43)?;
    call.lift_own(other, FILE)?;
    assert_eq!(call.lower_own(resource, FILE), Err(HandleError::Consumed));
    assert_eq!(call.lower_borrow(resource, FILE), Err(HandleError::Consumed));
    Ok(())
}

#[test]
fn a_guest_gets_its_handle_back_when_the_host_returns() -> Outcome {
    let (types, (guest, host)) = (Types { defined: false }, tables());
    let index = guest.insert_own(FILE, 42)?;
    let mut call = CallHandles::new(&types, &guest, &host, TABLE);
    let borrowed = call.lift_borrow(index, FILE)?;
    assert!(!borrowed.owned());
    assert_eq!(guest.remove(index, &FILE), Err(HandleError::Lent(index)));
    assert_eq!(
        call.lower_own(borrowed, FILE)
            .err()
            .map(|error| error.to_string())
            .as_deref(),
        Some("cannot lift own resource from a borrow")
    );
    call.finish()?;
    // It is the host's no longer.
    let mut later = CallHandles::new(&types, &guest, &host, TABLE);
    assert_eq!(later.lower_borrow(borrowed, FILE), Err(HandleError::Consumed));
    assert_eq!(guest.remove_own(index, &FILE), Ok(42));
    Ok(())
}

#[test]
fn what_the_host_lends_is_a_handle_or_the_representation() -> Outcome {
    for defined in [false, true] {
        let (types, (guest, host)) = (Types { defined }, tables());
        let index = guest.insert_own(FILE, 42)?;
        let mut earlier = CallHandles::new(&types, &guest, &host, TABLE);
        let resource = earlier.lift_own(index, FILE)?;
        earlier.finish()?;

        let mut call = CallHandles::new(&types, &guest, &host, TABLE);
        let passed = call.lower_borrow(resource, FILE)?;
        assert_eq!(call.lower_own(resource, FILE), Err(HandleError::Lent(1)));
        if defined {
            assert_eq!(passed, 42);
        } else {
            assert_eq!(guest.get(passed, &FILE), Ok(Found { rep: 42, owned: false }));
            guest.remove(passed, &FILE)?;
        }
        call.finish()?;
        let mut call = CallHandles::new(&types, &guest, &host, TABLE);
        call.lower_borrow(resource, FILE)?;
        assert_eq!(
            call.finish(),
            if defined {
                Ok(())
            } else {
                Err(HandleError::BorrowsRemain)
            }
        );
        // The trap gave back what the host had lent.
        let mut call = CallHandles::new(&types, &guest, &host, TABLE);
        assert!(call.lower_own(resource, FILE).is_ok());
    }
    Ok(())
}

#[test]
fn a_handle_of_another_type_is_refused() -> Outcome {
    let (types, (guest, host)) = (Types { defined: false }, tables());
    let index = guest.insert_own(ResourceIndex(9), 42)?;
    let other = host.insert_own(SOCKETS, 1)?;
    let mut call = CallHandles::new(&types, &guest, &host, TABLE);
    assert_eq!(call.lift_own(index, FILE), Err(HandleError::WrongType(index)));
    assert_eq!(call.lift_borrow(index, FILE), Err(HandleError::WrongType(index)));
    assert_eq!(call.lift_own(index, ResourceIndex(9)), Err(HandleError::None));
    let resource = ResourceAny::new(TABLE, (other, 1), SOCKETS, true);
    assert_eq!(call.lower_own(resource, FILE), Err(HandleError::HostType));
    // The table of another program has a handle of this index, too.
    let file = host.insert_own(FILES, 1)?;
    let elsewhere = ResourceAny::new(TABLE + 1, (file, 1), FILES, true);
    assert_eq!(call.lower_own(elsewhere, FILE), Err(HandleError::HostType));
    assert_eq!(call.lower_borrow(elsewhere, FILE), Err(HandleError::HostType));
    Ok(())
}

/// What the host has is checked before anything of it is passed, and stays with the host.
#[test]
fn handles_that_the_host_does_not_have_are_found_before_a_call() -> Outcome {
    let (types, (_, host)) = (Types { defined: false }, tables());
    let [first, second, socket] = [(FILES, 1), (FILES, 2), (SOCKETS, 3)].map(|(ty, rep)| {
        let handle = host.insert(ty, rep, None)?;
        Ok::<_, HandleError>(ResourceAny::new(TABLE, handle, ty, true))
    });
    let (first, second, socket) = (first?, second?, socket?);
    let check = |handles: &[(ResourceAny, bool)]| {
        let mut check = HandleCheck::new(&types, &host, TABLE);
        handles
            .iter()
            .try_for_each(|(handle, owned)| check.handle(*handle, FILE, *owned))
    };
    assert_eq!(check(&[(first, true), (second, false), (second, false)]), Ok(()));
    assert_eq!(check(&[(first, true), (first, true)]), Err(HandleError::Consumed));
    assert_eq!(check(&[(first, true), (first, false)]), Err(HandleError::Consumed));
    assert_eq!(check(&[(first, false), (first, true)]), Err(HandleError::Lent(1)));
    assert_eq!(check(&[(socket, false)]), Err(HandleError::HostType));
    let mut lends = Lends::new();
    host.lend(2, &FILES, &mut lends)?;
    assert_eq!(check(&[(second, false)]), Ok(()));
    assert_eq!(check(&[(second, true)]), Err(HandleError::Lent(2)));
    host.unlend(&mut lends);
    assert_eq!(check(&[(first, true), (second, true)]), Ok(()));
    host.remove(1, &FILES)?;
    assert_eq!(check(&[(first, false)]), Err(HandleError::Consumed));
    Ok(())
}

#[test]
fn types_of_the_host_count_for_all_programs_and_others_for_one() {
    struct File;
    struct Socket;
    let of_host = |table, ty: ResourceType| {
        let number = ty.number().expect("the host's types have numbers");
        ResourceAny::new(table, (1, 1), number, true).ty()
    };
    assert_eq!(of_host(1, ResourceType::host::<File>()), ResourceType::host::<File>());
    assert_eq!(of_host(2, ResourceType::host::<File>()), ResourceType::host::<File>());
    assert_ne!(of_host(1, ResourceType::host::<Socket>()), ResourceType::host::<File>());
    for payload in [0, 1, u32::MAX] {
        let dynamic = ResourceType::host_dynamic(payload);
        assert_eq!(of_host(1, dynamic), dynamic);
        assert_eq!(of_host(2, dynamic), dynamic);
        assert_ne!(dynamic, ResourceType::host::<File>());
        assert_ne!(dynamic, ResourceType::host_dynamic(2));
    }
    let defined = |table, number| ResourceAny::new(table, (1, 1), number, true).ty();
    assert_eq!(defined(1, FILES), defined(1, FILES));
    assert_ne!(defined(1, FILES), defined(1, SOCKETS));
    assert_ne!(defined(1, FILES), defined(2, FILES));
    assert_eq!(defined(1, FILES).number(), None);
    assert_ne!(defined(1, FILES), ResourceType::host_dynamic(1));
}

/// An account with room for so many bytes.
#[derive(Debug)]
struct Room(Arc<AtomicU64>);

impl Account for Room {
    fn take(&self, bytes: u64) -> bool {
        let taken = |left: u64| left.checked_sub(bytes);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, taken).is_ok()
    }

    fn give_back(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::SeqCst);
    }
}

#[test]
fn a_table_without_memory_for_more_handles_says_so_and_stays_as_it_is() -> Outcome {
    let left = Arc::new(AtomicU64::new(2000));
    let table = HandleTable::charged(MAX_INDEX, Box::new(Room(Arc::clone(&left))));
    let mut handles = Vec::new();
    let full = loop {
        match table.insert_own((), 7) {
            Ok(index) => handles.push(index),
            Err(error) => break error,
        }
    };
    assert_eq!(full, HandleError::NoMemory);
    assert!(!handles.is_empty() && left.load(Ordering::SeqCst) < 2000);
    // What is dropped makes room, and memory that becomes free is used.
    table.remove(handles[0], &())?;
    assert_eq!(table.insert_own((), 8)?, handles[0]);
    left.store(1 << 20, Ordering::SeqCst);
    assert_eq!(table.insert_own((), 9)? as usize, handles.len() + 1);
    Ok(())
}
