//! The unshared form of a component, for stock tools and for a host with Wasmtime's component runtime.

use crate::check;
use crate::chunks::interruptible;
use crate::decode::Located;
use crate::error::LowerError;
use crate::log::LOG;
use crate::print::print;
use crate::probes::Probe;
use crate::threads::Threads;
use crate::{flatten, imports, imports_alone, probes};
use tracing::debug_span;

/// A component in the unshared form: see [`Component::unshare`](crate::Component::unshare).
pub struct Unshared<'a> {
    /// The component that it is the form of.
    component: &'a Located<'a>,
    threads: Threads,
    bytes: Vec<u8>,
}

impl<'a> Unshared<'a> {
    pub(crate) fn new(component: &'a Located<'a>, threads: Threads, bytes: Vec<u8>) -> Self {
        Unshared {
            component,
            threads,
            bytes,
        }
    }

    /// The binary.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The binary.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What kind of threads the component starts that this is the form of.
    pub fn threads(&self) -> Threads {
        self.threads
    }

    /// Splits the instructions that may take long, such as `memory.fill`, into loops of short ones. A host that checks in
    /// loops whether a guest has to end can then end the guest soon. Other code stays as it is.
    ///
    /// # Errors
    ///
    /// The component cannot be read.
    pub fn interruptible(mut self) -> Result<Self, LowerError> {
        let _span = debug_span!(target: LOG, "interruptible").entered();
        self.bytes = interruptible::component(&self.bytes)?;
        check::check_output(&self.bytes)?;
        Ok(self)
    }

    /// The text of the binary.
    ///
    /// # Errors
    ///
    /// The printer does not know what is in it.
    pub fn to_text(&self) -> Result<String, LowerError> {
        print(&self.bytes)
    }

    /// Refuses what Wasmtime refuses before it compiles anything.
    ///
    /// # Errors
    ///
    /// Wasmtime does not have what the component uses.
    pub fn check(&self) -> Result<(), LowerError> {
        flatten::check(&self.bytes)
    }

    /// Names a component that the component imports or exports, by itself or in an instance: no runtime takes or gives one.
    ///
    /// # Errors
    ///
    /// There is one: the error names it, and says where the component imports or exports it.
    pub fn refuse_component_items(&self) -> Result<(), LowerError> {
        self.component
            .read(|component| imports::refuse_components(&component.bytes, &self.bytes))
    }

    /// A component that has the same imports, and no code.
    ///
    /// # Errors
    ///
    /// It cannot be encoded.
    pub fn imports_alone(&self) -> Result<Vec<u8>, LowerError> {
        imports_alone::imports_alone(&self.bytes)
    }

    /// Makes a probe for each import that a linker must supply and that is no core module.
    ///
    /// # Errors
    ///
    /// An import cannot be read.
    pub fn probes(&self) -> Result<Vec<Probe>, LowerError> {
        probes::probes(&self.bytes)
    }
}
