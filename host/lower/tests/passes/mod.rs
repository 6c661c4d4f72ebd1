//! The operations on an input, as functions of its bytes, so that tests can put them in tables.

#![allow(dead_code, reason = "each test uses some of them")]

use weft_lower::inspect::Report;
use weft_lower::{CanonicalEncoding, Component, Input, LowerError, Module, Plan, Profile, Rules, Threads};

pub fn lower(input: &[u8]) -> Result<Plan, LowerError> {
    Component::read(input)?.lower()
}

pub fn unshare(input: &[u8]) -> Result<Vec<u8>, LowerError> {
    unshare_for(input, Profile::Full)
}

pub fn unshare_for(input: &[u8], profile: Profile) -> Result<Vec<u8>, LowerError> {
    Ok(Component::read(input)?.unshare(profile)?.into_bytes())
}

pub fn unshare_module(input: &[u8]) -> Result<Vec<u8>, LowerError> {
    Module::read(input)?.unshare()
}

pub fn validate(input: &[u8], rules: Rules) -> Result<(), LowerError> {
    Input::read(input)?.validate(rules)
}

pub fn threads(input: &[u8]) -> Result<Threads, LowerError> {
    Component::read(input)?.threads()
}

pub fn inspect(input: &[u8]) -> Result<Report, LowerError> {
    Input::read(input)?.inspect()
}

/// The component in an encoding.
pub fn encode(input: &[u8], encoding: CanonicalEncoding) -> Result<Vec<u8>, LowerError> {
    Component::read(input)?.encode(encoding)
}
