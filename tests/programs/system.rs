//! What Rust's standard library asks of a system besides files: `system HOW`, which says how it ends.
use std::collections::HashMap;
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::{self, ExitCode};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

fn environment() {
    println!("arguments {:?}", env::args().skip(1).collect::<Vec<_>>());
    println!("KEY {:?}", env::var("KEY"));
    println!("MISSING {:?}", env::var("MISSING"));
    let variables: HashMap<_, _> = env::vars().collect();
    println!("among the variables KEY {:?}", variables.get("KEY"));
    // Safe as long as no other thread looks.
    unsafe {
        env::set_var("NEW", "set here");
        env::remove_var("KEY");
    }
    println!("NEW {:?}, KEY {:?}", env::var("NEW"), env::var("KEY"));
}

fn time() {
    let (instant, system) = (Instant::now(), SystemTime::now());
    thread::sleep(Duration::from_millis(20));
    println!("slept {}", instant.elapsed() >= Duration::from_millis(20));
    // The system's clock may be set back meanwhile, but not by much.
    println!(
        "system {}",
        system.elapsed().map_or_else(|error| error.duration(), |time| time) < Duration::from_secs(60)
    );
    let seconds = system
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    println!("this century {}", (1_700_000_000..4_000_000_000).contains(&seconds));
    println!("never backwards {}", (0..1000).map(|_| Instant::now()).is_sorted());
}

fn randomness() {
    let hash = || RandomState::new().hash_one(7);
    println!("the same twice {}", hash() == hash());
}

fn streams() -> io::Result<()> {
    let stdin = io::stdin();
    println!("terminals {} {}", stdin.is_terminal(), io::stdout().is_terminal());
    let mut line = String::new();
    println!("{:?} {line:?}", stdin.lock().read_line(&mut line));
    let mut rest = Vec::new();
    println!("{:?}", stdin.lock().read_to_end(&mut rest));
    println!("{:?}", stdin.lock().read(&mut [0; 4]));
    print!("not yet a line, ");
    io::stdout().flush()?;
    eprintln!("an error message");
    println!("now it is");
    Ok(())
}

fn main() -> ExitCode {
    environment();
    time();
    randomness();
    if let Err(error) = streams() {
        println!("{error}");
    }
    match env::args().nth(1).as_deref() {
        Some("code") => ExitCode::from(200),
        Some("exit") => process::exit(17),
        Some("abort") => process::abort(),
        Some("panic") => panic!("as asked for"),
        // The panic of any thread ends the program, where panics abort.
        Some("thread") => thread::spawn(|| panic!("as asked for"))
            .join()
            .map_or(ExitCode::from(1), |()| ExitCode::SUCCESS),
        _ => ExitCode::SUCCESS,
    }
}
