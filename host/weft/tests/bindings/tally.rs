//! A component in Zig with bindings of `wit-bindgen c`: it exports a resource, and its threads use one of the host.

use std::sync::Mutex;
use weft::{Component, Config, Engine, Linker, Resource, Runtime, wasmtime};

weft::bindgen!({ path: "../../examples/wit/tally", world: "counting" });

use example::tally::documents::{Document, Host, HostDocument};
use exports::example::tally::tallies::Frequency;

const MODULE: &[u8] = include_bytes!("../../../../tests/guests/tally_zig.wasm");

/// The documents, and how many of them were dropped.
#[derive(Default)]
struct Documents {
    texts: Mutex<Vec<String>>,
    dropped: Mutex<usize>,
}

impl Documents {
    fn add(&self, text: String) -> Resource<Document> {
        let mut texts = self.texts.lock().expect("no panic under the lock");
        texts.push(text);
        Resource::new_own(texts.len() as u32 - 1)
    }
}

impl Host for Documents {}

impl HostDocument for Documents {
    fn text(&self, document: Resource<Document>) -> String {
        self.texts.lock().expect("no panic under the lock")[document.rep() as usize].clone()
    }

    fn drop(&self, _: Resource<Document>) -> wasmtime::Result<()> {
        *self.dropped.lock().expect("no panic under the lock") += 1;
        Ok(())
    }
}

#[test]
fn a_resource_in_zig_counts_with_threads() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = Component::new(&engine, MODULE).expect("a module with a world");
    assert_eq!(component.runtime(), Runtime::Parallel);
    let mut linker = Linker::new(&engine);
    Counting::add_to_linker(&mut linker, |documents: &Documents| documents).expect("an empty linker");
    let counting = Counting::instantiate(&linker, &component, Documents::default()).expect("an instance");
    let host = counting.instance().host();
    let tallies = counting.example_tally_tallies();
    let tally = tallies.tally().call_constructor().expect("no trap");
    for round in 1..=3_u32 {
        let documents = (0..40).map(|number| host.add(format!("the {number} ä\nthe {}", number % 4)));
        tallies.tally().call_add(tally, documents.collect()).expect("no trap");
        let most = tallies.tally().call_most(tally, 4).expect("no trap");
        let expected = [("the", 80), ("ä", 40), ("0", 11), ("1", 11)];
        let expected = expected.map(|(word, count)| Frequency {
            word: word.to_owned(),
            count: count * round,
        });
        assert_eq!(format!("{most:?}"), format!("{expected:?}"));
        assert_eq!(
            *host.dropped.lock().expect("no panic under the lock"),
            40 * round as usize
        );
    }
    tallies.tally().call_add(tally, Vec::new()).expect("no trap");
    let all = tallies.tally().call_most(tally, u32::MAX).expect("no trap");
    assert_eq!(all.len(), 42);
    counting.instance().resource_drop(tally).expect("it is the host's");
    let other = tallies.tally().call_constructor().expect("no trap");
    let none = tallies.tally().call_most(other, 5).expect("no trap");
    assert!(none.is_empty());
}
