//! What a deploy asks of the place that it publishes to, and the ways in which that can fail.
//!
//! A store holds objects by key, lists them, and does each request whole or not at all. That is all that a bucket and
//! a folder have in common, and all that the order of a deploy relies on. Never knows what is in an object.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::files::Bytes;
use crate::served::Headers;

/// A place that holds objects by key. Keys are relative to the prefix of the target.
pub trait Store: Sync {
    /// Every object, by key.
    ///
    /// # Errors
    /// The store does not answer, or refuses.
    fn list(&self) -> Result<BTreeMap<String, ListedObject>, Fault>;

    /// An object, if there is one.
    ///
    /// # Errors
    /// The store does not answer, or refuses.
    fn read(&self, key: &str) -> Result<Option<HeldObject>, Fault>;

    /// Writes an object whole, if the condition holds.
    ///
    /// # Errors
    /// The store does not answer, or refuses.
    fn write(&self, key: &str, object: &Object, when: Condition<'_>) -> Result<WriteResult, Fault>;

    /// Writes an object whole, whatever is there; its tag, where the store has such.
    ///
    /// # Errors
    /// The store does not answer, or refuses: also because something else is being done to the object.
    fn overwrite(&self, key: &str, object: &Object) -> Result<Option<String>, Fault> {
        match self.write(key, object, Condition::Always)? {
            WriteResult::Done(tag) => Ok(tag),
            WriteResult::Refused => {
                let message = format!("cannot write `{key}`: something else is being done to it");
                Err(Fault::passing(message).with_help("deploy again; what is published is whole"))
            }
        }
    }

    /// Copies an object with its headers, whole; does nothing if there is none.
    ///
    /// # Errors
    /// The store does not answer, or refuses.
    fn copy(&self, from: &str, to: &str) -> Result<(), Fault>;

    /// Deletes objects; those that are not there count as deleted.
    ///
    /// # Errors
    /// The store does not answer, or refuses to delete one of them; others may be gone.
    fn delete(&self, keys: &[String]) -> Result<(), Fault>;

    /// What time it is where the objects are: the clocks of machines that deploy differ.
    fn now(&self) -> Timestamp;

    /// How often the store has asked for fewer requests so far.
    fn throttled(&self) -> usize;
}

/// An object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Its length in bytes.
    pub size: u64,
    /// What changes whenever it is written, where the listing has it.
    pub tag: Option<String>,
}

/// An object that was read.
#[derive(Clone, Debug)]
pub struct HeldObject {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What changes whenever it is written, where the store has that.
    pub tag: Option<String>,
}

/// An object to be written.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its content.
    pub bytes: Bytes,
    /// The headers that it is served with.
    pub headers: Headers,
}

/// What must hold for an object to be written.
#[derive(Clone, Copy, Debug)]
pub enum Condition<'a> {
    /// Nothing.
    Always,
    /// There is no object at the key.
    Absent,
    /// The object at the key still has this tag.
    Unchanged(&'a str),
}

/// What became of an object that was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteResult {
    /// It was written, and has this tag where the store has such.
    Done(Option<String>),
    /// The condition did not hold. After an answer that was lost, the object may still be the one that was written.
    Refused,
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What can be done about it.
    pub kind: FaultKind,
    /// What happened, without anything secret.
    pub message: String,
    /// The next step, where one is known.
    pub help: Option<String>,
}

/// What can be done about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It may pass by itself: no network, too many requests, a server in trouble.
    Passing,
    /// The credentials are missing, wrong or expired, or lack a right.
    Denied,
    /// Somebody has to mend it: no such bucket, a full disk.
    Lasting,
}

impl Fault {
    /// A fault that somebody has to mend.
    pub fn lasting(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Lasting, message: message.into(), help: None }
    }

    /// Credentials that are missing or do not suffice.
    pub fn denied(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Denied, message: message.into(), help: None }
    }

    /// A fault that may pass by itself.
    pub fn passing(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Passing, message: message.into(), help: None }
    }

    /// The same with the next step.
    pub fn with_help(self, help: impl Into<String>) -> Fault {
        Fault { help: Some(help.into()), ..self }
    }
}
