use super::*;
use std::io::Read;

/// Where the system does not let us open a pipe anew, small pieces are probed, and flags stay as they are.
#[test]
fn a_probed_pipe_never_blocks_and_stays_in_order() {
    let (from, to) = rustix::pipe::pipe().expect("a pipe");
    let probed = |fd: OwnedFd, access| {
        let stat = fstat(&fd).expect("open");
        Stream::new(fd, Attempt::Probe, &stat, access, WriteLock::default())
    };
    let writer = probed(to, Rights::FD_WRITE);
    let reader = probed(from.try_clone().expect("a duplicate"), Rights::FD_READ);
    let mut buffer = [0; 16];
    assert_eq!(reader.read_now(&mut buffer, RecvFlags::empty()), Err(Os::AGAIN));
    let bytes: Vec<u8> = (0..200_000u32).map(|number| (number % 251) as u8).collect();
    let (written, outcome) = writer.write_now(&bytes);
    assert_eq!(outcome, Err(Os::AGAIN), "a full pipe");
    assert!(written > 0 && written < bytes.len());
    assert!(!fcntl_getfl(&from).expect("open").contains(OFlags::NONBLOCK));
    drop((writer, reader));
    let mut all = Vec::new();
    std::fs::File::from(from).read_to_end(&mut all).expect("bytes");
    assert_eq!(all, bytes[..written]);
}
