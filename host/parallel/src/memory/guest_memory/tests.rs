use super::*;
use wasmtime::{Config, Engine, MemoryType};

const PAGE: u64 = 65536;

fn shared_memory(pages: u32, most: u32) -> SharedMemory {
    let mut config = Config::new();
    config.shared_memory(true);
    let engine = Engine::new(&config).expect("an engine");
    SharedMemory::new(&engine, MemoryType::shared(pages, most)).expect("a memory")
}

#[test]
fn copies_are_exact_at_every_alignment_and_length() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    let pattern: Vec<u8> = (1..=40).collect();
    for address in 0..16 {
        for length in 0..pattern.len() {
            memory.write(0, &[0xee; 64]).expect("in bounds");
            memory.write(address, &pattern[..length]).expect("in bounds");
            let mut all = [0; 64];
            memory.read(0, &mut all).expect("in bounds");
            let mut expected = [0xee; 64];
            expected[address as usize..][..length].copy_from_slice(&pattern[..length]);
            assert_eq!(all, expected, "address {address}, length {length}");
            let mut part = vec![0; length];
            memory.read(address, &mut part).expect("in bounds");
            assert_eq!(part, &pattern[..length], "address {address}, length {length}");
            let part = memory.now().read_vec(address, length).expect("in bounds");
            assert_eq!(part, &pattern[..length], "address {address}, length {length}");
        }
    }
}

#[test]
fn long_copies_are_exact_up_to_the_end_of_the_memory() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    for length in [511, 512, 513, 4099] {
        let pattern: Vec<u8> = (0..length).map(|at| (at % 251) as u8 + 1).collect();
        for address in [1, 8, 13, PAGE - length] {
            memory.write(0, &[0; PAGE as usize]).expect("in bounds");
            memory.write(address, &pattern).expect("in bounds");
            let mut all = vec![0xee; PAGE as usize];
            memory.read(0, &mut all).expect("in bounds");
            let mut expected = vec![0; PAGE as usize];
            expected[address as usize..][..pattern.len()].copy_from_slice(&pattern);
            assert!(all == expected, "address {address}, length {length}");
            let part = memory.now().read_vec(address, pattern.len()).expect("in bounds");
            assert!(part == pattern, "address {address}, length {length}");
        }
        memory.write(PAGE - length + 1, &pattern).expect_err("one too many");
        memory
            .now()
            .read_vec(PAGE - length + 1, pattern.len())
            .expect_err("one too many");
    }
}

#[test]
fn the_last_byte_is_inside_and_the_next_is_not() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    assert_eq!(memory.size(), PAGE);
    memory.write_u8(PAGE - 1, 7).expect("the last byte");
    assert_eq!(memory.read_u8(PAGE - 1), Ok(7));
    memory.write_u64(PAGE - 8, u64::MAX).expect("the last word");
    memory.write(PAGE, &[]).expect("nothing at the end");
    let outside = |address, length| Some(OutOfBounds { address, length });
    assert_eq!(memory.read_u8(PAGE).err(), outside(PAGE, 1));
    assert_eq!(memory.write_u32(PAGE - 3, 0).err(), outside(PAGE - 3, 4));
    assert_eq!(memory.write(PAGE + 1, &[]).err(), outside(PAGE + 1, 0));
    assert_eq!(
        memory.read_u64(PAGE - 8),
        Ok(u64::MAX),
        "a refused write changes nothing"
    );
}

#[test]
fn addresses_do_not_wrap_around() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    for address in [u64::MAX, u64::MAX - 3, u64::from(u32::MAX), 1 << 32, 1 << 63] {
        assert!(memory.read_u32(address).is_err(), "{address:#x}");
        assert!(memory.write(address, &[1, 2, 3, 4]).is_err(), "{address:#x}");
        assert!(memory.check(address, u64::MAX).is_err(), "{address:#x}");
        assert!(memory.atomic_u64(address & !7).is_err(), "{address:#x}");
    }
}

#[test]
fn integers_are_little_endian() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    memory.write_u32(3, 0x0403_0201).expect("in bounds");
    let mut bytes = [0; 4];
    memory.read(3, &mut bytes).expect("in bounds");
    assert_eq!(bytes, [1, 2, 3, 4]);
    assert_eq!(memory.read_u16(4), Ok(0x0302));
    assert_eq!(memory.read_u32(3), Ok(0x0403_0201));
}

#[test]
fn atomic_cells_are_aligned_and_inside() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    memory
        .atomic_u32(PAGE - 4)
        .expect("the last cell")
        .store(5u32.to_le(), Relaxed);
    assert_eq!(memory.read_u32(PAGE - 4), Ok(5));
    memory.atomic_u64(PAGE - 8).expect("the last cell");
    assert_eq!(
        memory.atomic_u32(2).map(|_| ()),
        Err(AtomicAccessError::Misaligned { address: 2, length: 4 })
    );
    assert_eq!(
        memory.atomic_u64(4).map(|_| ()),
        Err(AtomicAccessError::Misaligned { address: 4, length: 8 })
    );
    let outside = OutOfBounds {
        address: PAGE,
        length: 4,
    };
    assert_eq!(memory.atomic_u32(PAGE).map(|_| ()), Err(outside.into()));
}

#[test]
fn growth_is_seen_and_keeps_the_contents() {
    let shared = shared_memory(1, 2);
    let memory = GuestMemory::new(&shared);
    memory.write_u32(PAGE - 4, 9).expect("in bounds");
    memory.read_u8(PAGE).expect_err("not yet there");
    shared.grow(1).expect("room for a page");
    assert_eq!(memory.read_u8(PAGE), Ok(0));
    assert_eq!(memory.read_u32(PAGE - 4), Ok(9));
}

#[test]
fn an_aligned_word_never_tears_under_races() {
    let shared = shared_memory(1, 1);
    let memory = GuestMemory::new(&shared);
    std::thread::scope(|scope| {
        for half in 1..=2u32 {
            scope.spawn(move || {
                for _ in 0..20_000 {
                    let word = u64::from(half) << 32 | u64::from(half);
                    memory.write(8, &[word.to_le_bytes(); 4].concat()).expect("in bounds");
                }
            });
        }
        for _ in 0..20_000 {
            let mut copy = [0; 32];
            memory.read(8, &mut copy).expect("in bounds");
            for word in copy.as_chunks::<8>().0 {
                let word = u64::from_le_bytes(*word);
                assert_eq!(word >> 32, word & 0xffff_ffff);
            }
        }
    });
}
