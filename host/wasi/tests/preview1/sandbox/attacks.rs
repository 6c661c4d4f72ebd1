//! Every path that might escape, or that is invalid, with every function that takes a path, and the result of each.
//!
//! The table is text, with a row for each path and a column for each function. `ok` means that the call acts on the
//! guest's own files, for example on a link itself. In all cases, nothing outside is opened or changed.

use super::prison::{Prison, SECRET};
use crate::harness::abi::{oflags, rights};
use crate::harness::{DIR, Errno, FOLLOW, Guest, NOFOLLOW, Open};

pub type Attack = fn(&Guest, &[u8]) -> Result<(), Errno>;

/// The columns of the table.
pub const FUNCTIONS: [(&str, Attack); 17] = [
    ("open", |guest, path| open(guest, path, FOLLOW, 0, rights::FD_READ)),
    ("create", |guest, path| {
        open(guest, path, FOLLOW, oflags::CREAT | oflags::TRUNC, rights::READ_WRITE)
    }),
    ("open-dir", |guest, path| {
        open(guest, path, FOLLOW, oflags::DIRECTORY, rights::ALL)
    }),
    ("stat", |guest, path| {
        guest.path_filestat_get(DIR, FOLLOW, path).map(drop)
    }),
    ("times", |guest, path| {
        guest.path_filestat_set_times(DIR, FOLLOW, path, [1, 1], 5)
    }),
    ("open-link", |guest, path| {
        open(guest, path, NOFOLLOW, 0, rights::FD_READ)
    }),
    ("stat-link", |guest, path| {
        guest.path_filestat_get(DIR, NOFOLLOW, path).map(drop)
    }),
    ("times-link", |guest, path| {
        guest.path_filestat_set_times(DIR, NOFOLLOW, path, [1, 1], 5)
    }),
    ("readlink", |guest, path| guest.path_readlink(DIR, path, 100).map(drop)),
    ("unlink", |guest, path| guest.path_unlink_file(DIR, path)),
    ("rmdir", |guest, path| guest.path_remove_directory(DIR, path)),
    ("rename-from", |guest, path| guest.path_rename(DIR, path, 4, "stolen")),
    ("link-from", |guest, path| guest.path_link(DIR, 0, path, 4, "stolen")),
    ("mkdir", |guest, path| guest.path_create_directory(DIR, path)),
    ("symlink", |guest, path| guest.path_symlink("own", DIR, path)),
    ("link-to", |guest, path| guest.path_link(4, 0, "own", DIR, path)),
    ("rename-to", |guest, path| guest.path_rename(4, "own", DIR, path)),
];

/// Opens, and finds out what was opened: it must not be anything of the outside.
fn open(guest: &Guest, path: &[u8], lookup: u32, oflags: u32, rights: u64) -> Result<(), Errno> {
    let how = Open {
        lookup,
        oflags,
        rights,
        ..Open::default()
    };
    let fd = guest.path_open(DIR, path, how)?;
    if let Ok(bytes) = guest.fd_read(fd, 100) {
        assert_ne!(bytes, SECRET, "{}", path.escape_ascii());
    }
    guest.fd_close(fd)
}

/// Paths that every function refuses, and how.
const REFUSED: &str = "
    ../secret           perm
    ../new              perm
    ..                  perm
    ../                 perm
    ../.                perm
    ../in/own           perm
    d/../../secret      perm
    d/../..             perm
    d/../../in/own      perm
    ./../secret         perm
    d/e/../../../secret perm
    //etc/passwd        perm
    /                   perm
    {root}/secret       perm
    {root}/in/own       perm
    parent/secret       perm
    parent/in/own       perm
    outside/f           perm
    outside/new         perm
    absolute-dir/f      perm
    absolute-dir/new    perm
    slash/etc           perm
    loop/x              loop
    chain-40/x          loop
    dangling/x          noent
    own/.               notdir
    own/..              notdir
    own/x               notdir
    d/f/x               notdir
    absent/x            noent
    absent/../own       noent
    {empty}             noent
    own{nul}            inval
    {nul}               inval
    d/{nul}/x           inval
    {bad}               ilseq
    d/{bad}/x           ilseq
    {256}               nametoolong
    d/{bad}             ilseq
    {4097}              nametoolong
    {5000}              nametoolong
";

/// What the functions that look answer: the first nine. Several answers: any of them.
const LOOKING: &str = "
    outside/     perm   isdir perm   perm   perm   perm   perm   perm   perm
    up           perm   perm  perm   perm   perm   loop   ok     ok     ok
    zigzag       perm   perm  perm   perm   perm   loop   ok     ok     ok
    absolute     perm   perm  perm   perm   perm   loop   ok     ok     perm
    absolute-dir perm   perm  perm   perm   perm   loop   ok     ok     perm
    absolute-own perm   perm  perm   perm   perm   loop   ok     ok     perm
    slash        perm   perm  perm   perm   perm   loop   ok     ok     perm
    parent       perm   perm  perm   perm   perm   loop   ok     ok     ok
    outside      perm   perm  perm   perm   perm   loop   ok     ok     ok
    chained      perm   perm  perm   perm   perm   loop   ok     ok     ok
    hole         perm   perm  perm   perm   perm   loop   ok     ok     ok
    up/          perm   isdir perm   perm   perm   perm   perm   perm   perm
    hole/        perm   isdir perm   perm   perm   perm   perm   perm   perm
    loop         loop   loop  loop   loop   loop   loop   ok     ok     ok
    loop-a       loop   loop  loop   loop   loop   loop   ok     ok     ok
    chain-40     loop   loop  loop   loop   loop   loop   ok     ok     ok
    dangling     noent  ok    noent  noent  noent  loop   ok     ok     ok
    dangling/    noent  isdir noent  noent  noent  noent  noent  noent  noent
    own          ok     ok    notdir ok     ok     ok     ok     ok     inval
    own/         notdir isdir notdir notdir notdir notdir notdir notdir notdir
    .            ok     isdir ok     ok     ok     ok     ok     ok     inval
    ./           ok     isdir ok     ok     ok     ok     ok     ok     inval
    d            ok     isdir ok     ok     ok     ok     ok     ok     inval
    d/           ok     isdir ok     ok     ok     ok     ok     ok     inval
    d/.          ok     isdir ok     ok     ok     ok     ok     ok     inval
    d/..         ok     isdir ok     ok     ok     ok     ok     ok     inval
    d//f         ok     ok    notdir ok     ok     ok     ok     ok     inval
    ./own        ok     ok    notdir ok     ok     ok     ok     ok     inval
    d/./f        ok     ok    notdir ok     ok     ok     ok     ok     inval
    d/../own     ok     ok    notdir ok     ok     ok     ok     ok     inval
    d/back       ok     ok    notdir ok     ok     loop   ok     ok     ok
    to-own       ok     ok    notdir ok     ok     loop   ok     ok     ok
    to-own/      notdir isdir notdir notdir notdir notdir notdir notdir notdir
    to-d         ok     isdir ok     ok     ok     loop   ok     ok     ok
    to-d/        ok     isdir ok     ok     ok     ok     ok     ok     inval
    to-d/f       ok     ok    notdir ok     ok     ok     ok     ok     inval
    absent       noent  ok    noent  noent  noent  noent  noent  noent  noent
    absent/      noent  isdir noent  noent  noent  noent  noent  noent  noent
    {255}        noent  ok    noent  noent  noent  noent  noent  noent  noent
";

/// What the functions that change answer: the others.
const CHANGING: &str = "
    outside/     perm         notdir         notdir     perm   exist perm         perm         notdir
    up           ok           notdir         ok         ok     exist exist        exist        ok
    zigzag       ok           notdir         ok         ok     exist exist        exist        ok
    absolute     ok           notdir         ok         ok     exist exist        exist        ok
    absolute-dir ok           notdir         ok         ok     exist exist        exist        ok
    absolute-own ok           notdir         ok         ok     exist exist        exist        ok
    slash        ok           notdir         ok         ok     exist exist        exist        ok
    parent       ok           notdir         ok         ok     exist exist        exist        ok
    outside      ok           notdir         ok         ok     exist exist        exist        ok
    chained      ok           notdir         ok         ok     exist exist        exist        ok
    hole         ok           notdir         ok         ok     exist exist        exist        ok
    up/          perm         notdir         notdir     perm   exist perm         perm         notdir
    hole/        perm         notdir         notdir     perm   exist perm         perm         notdir
    loop         ok           notdir         ok         ok     exist exist        exist        ok
    loop-a       ok           notdir         ok         ok     exist exist        exist        ok
    chain-40     ok           notdir         ok         ok     exist exist        exist        ok
    dangling     ok           notdir         ok         ok     exist exist        exist        ok
    dangling/    noent        notdir         notdir     noent  exist noent|exist  noent|exist  notdir
    own          ok           notdir         ok         ok     exist exist        exist        ok
    own/         notdir       notdir         notdir     notdir exist notdir|exist notdir|exist notdir
    .            isdir        inval          busy|inval perm   exist exist        exist        busy|inval
    ./           isdir        inval          busy|inval perm   exist exist        exist        busy|inval
    d            isdir        notempty       ok         perm   exist exist        exist        isdir
    d/           isdir        notempty       ok         perm   exist exist        exist        isdir|notdir
    d/.          isdir        inval          busy|inval perm   exist exist        exist        busy|inval
    d/..         isdir        inval|notempty busy|inval perm   exist exist        exist        busy|inval
    d//f         ok           notdir         ok         ok     exist exist        exist        ok
    ./own        ok           notdir         ok         ok     exist exist        exist        ok
    d/./f        ok           notdir         ok         ok     exist exist        exist        ok
    d/../own     ok           notdir         ok         ok     exist exist        exist        ok
    d/back       ok           notdir         ok         ok     exist exist        exist        ok
    to-own       ok           notdir         ok         ok     exist exist        exist        ok
    to-own/      notdir       notdir         notdir     notdir exist notdir|exist notdir|exist notdir
    to-d         ok           notdir         ok         ok     exist exist        exist        ok
    to-d/        isdir|notdir notdir         notdir     perm   exist exist        exist        notdir
    to-d/f       ok           notdir         ok         ok     exist exist        exist        ok
    absent       noent        noent          noent      noent  ok    ok           ok           ok
    absent/      noent        noent          noent      noent  ok    noent        noent        notdir
    {255}        noent        noent          noent      noent  ok    ok           ok           ok
";

/// A row's path: a marker stands for what text cannot show well.
fn expand(path: &str, prison: &Prison) -> Vec<u8> {
    let root = prison.root().to_str().expect("ASCII");
    let text = match path {
        "{empty}" => String::new(),
        "{255}" => "x".repeat(255),
        "{256}" => "x".repeat(256),
        "{4097}" => "./".repeat(2048) + "x",
        "{5000}" => "d/../".repeat(1000),
        _ => path.replace("{root}", root).replace("{nul}", "\0"),
    };
    let mut bytes = text.into_bytes();
    if let Some(at) = path.find("{bad}") {
        bytes.splice(at..at + 5, [0xff, 0xfe]);
    }
    bytes
}

/// Tries every function on each path of a table, and collects what is not as expected.
fn try_all(table: &str, functions: &[(&str, Attack)]) {
    let mut wrong = String::new();
    let mut prison = Prison::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let path = words.next().expect("a path");
        let answers: Vec<_> = words.collect();
        // One answer is that of all.
        let expected = answers.iter().cycle().take(functions.len());
        assert!(
            [1, functions.len()].contains(&answers.len()),
            "a column for each function: {line}"
        );
        for ((function, attack), expected) in functions.iter().zip(expected) {
            let outcome = attack(&prison.guest, &expand(path, &prison));
            prison.assert_untouched(&format!("{function} of {path}"));
            let answer = outcome.map_or_else(|error| format!("{error:?}").to_lowercase(), |()| "ok".to_owned());
            if !expected.split('|').any(|one| one == answer) {
                wrong += &format!("{function} of {path}: {answer}, not {expected}\n");
            }
            // What worked has changed the guest's own things.
            if outcome.is_ok() {
                prison = Prison::new();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_function_takes_a_path_that_leads_out_or_is_none() {
    try_all(REFUSED, &FUNCTIONS);
}

#[test]
fn looking_stays_inside() {
    try_all(LOOKING, &FUNCTIONS[..9]);
}

#[test]
fn changing_stays_inside() {
    try_all(CHANGING, &FUNCTIONS[9..]);
}

/// A guest may write down any relative target, but not follow it out.
#[test]
fn links_that_the_guest_makes_lead_nowhere() {
    let prison = Prison::new();
    let guest = &prison.guest;
    let absolute = prison.root().join("secret");
    for (target, outcome) in [
        (absolute.to_str().expect("ASCII"), Err(Errno::Perm)),
        ("/", Err(Errno::Perm)),
        ("", Err(Errno::NoEnt)),
        ("own\0", Err(Errno::Inval)),
        (&"x".repeat(5000), Err(Errno::NameTooLong)),
        ("../secret", Ok(())),
        ("d/../../outside/f", Ok(())),
        ("..", Ok(())),
    ] {
        assert_eq!(guest.path_symlink(target, DIR, "mine"), outcome, "{target}");
        if outcome.is_ok() {
            assert_eq!(
                guest.path_open(DIR, "mine", Open::default()),
                Err(Errno::Perm),
                "{target}"
            );
            let below = guest.path_open(DIR, "mine/secret", Open::default());
            assert!(matches!(below, Err(Errno::Perm | Errno::NotDir)), "{target}: {below:?}");
            // Neither by another name, nor from another directory.
            guest
                .path_link(DIR, 0, "mine", DIR, "d/mine")
                .expect("a link to the link");
            assert_eq!(
                guest.path_open(DIR, "d/mine", Open::default()).err(),
                leads_out(target),
                "{target}"
            );
            guest.path_rename(DIR, "d/mine", 4, "mine").expect("moved");
            let moved = guest.path_open(4, "mine", Open::default());
            // There is no `d` in that directory.
            let expected = if target.starts_with('d') {
                Errno::NoEnt
            } else {
                Errno::Perm
            };
            assert_eq!(moved, Err(expected), "{target}");
            guest.path_unlink_file(DIR, "mine").expect("there");
            guest.path_unlink_file(4, "mine").expect("there");
        }
    }
    assert_eq!(guest.path_symlink(b"\xff", DIR, "mine"), Err(Errno::IlSeq));
    prison.assert_untouched("links of the guest's own");
}

/// What following `target` from inside of `d` gives.
fn leads_out(target: &str) -> Option<Errno> {
    match target {
        "../secret" => Some(Errno::NoEnt),
        "d/../../outside/f" => Some(Errno::NoEnt),
        _ => None,
    }
}

/// A slash at the end asks for what a link names, also where links are not followed.
#[test]
fn a_slash_resolves_a_link() {
    let prison = Prison::new();
    let stat = |path| prison.guest.path_filestat_get(DIR, NOFOLLOW, path);
    assert_eq!(stat("to-d/"), stat("d"));
    assert_ne!(stat("to-d"), stat("d"));
}
