//! The keys of a format as tables: each key once, with what it means, what it holds and where that goes.
//!
//! A table reads what a file says, knows the nearest name for a key that it does not know, and is what the handbook and
//! the schemas for editors are held to. Which tables there are is said where the formats are.

use jiff::civil::Date;

use super::Entry;
use super::read::{Reader, Spanned};
use crate::calendar::Interval;
use crate::glob::Globs;

/// A key of a table that fills a `T`.
pub struct Key<T: 'static> {
    /// The key as typed.
    pub name: &'static str,
    /// What it means, as the handbook begins to say it.
    pub says: &'static str,
    pub(crate) target: KeyTarget<T>,
}

/// What a key holds, and the place for it.
pub(crate) enum KeyTarget<T: 'static> {
    /// A text in place of a default.
    Word(fn(&mut T) -> &mut String),
    /// A text.
    Text(fn(&mut T) -> &mut Option<String>),
    /// A text with its place.
    Placed(fn(&mut T) -> &mut Option<Spanned<String>>),
    /// A name with its place; one of blanks alone is left to be written, and says no more than none.
    Name(fn(&mut T) -> &mut Option<Spanned<String>>),
    /// A list of texts.
    Texts(fn(&mut T) -> &mut Vec<String>),
    /// A list of texts with their places.
    PlacedTexts(fn(&mut T) -> &mut Vec<Spanned<String>>),
    /// Globs; those that cannot be read match nothing.
    Globs(fn(&mut T) -> &mut Globs),
    /// True or false; anything else is false.
    Bool(fn(&mut T) -> &mut bool),
    /// A whole number.
    Integer(fn(&mut T) -> &mut Option<i64>),
    /// A day with its place.
    Date(fn(&mut T) -> &mut Option<Spanned<Date>>),
    /// A length of time in place of a default.
    Period(fn(&mut T) -> &mut Interval),
    /// A length of time with its place.
    Interval(fn(&mut T) -> &mut Option<Spanned<Interval>>),
    /// Keys of a table of its own.
    Table(&'static [Key<T>]),
    /// What only code can read.
    Read(Shape, fn(&mut T, &mut Reader<'_>, &Entry)),
    /// What is read before the other keys, since without it there is no `T`.
    Required(Shape),
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text, or what is read as the text that it was typed as.
    Text,
    /// A list of texts, or one.
    Texts,
    /// `true` or `false`.
    Bool,
    /// `true`, `false` or this word.
    BoolOr(&'static str),
    /// A whole number.
    Integer,
    /// A day.
    Date,
    /// A number and a unit of time.
    Interval,
    /// One of a few words.
    OneOf(fn() -> Vec<&'static str>),
    /// A list of some of a few words.
    SomeOf(fn() -> Vec<&'static str>),
    /// A list of lists of texts.
    Groups,
    /// Keys.
    Keys,
    /// Tables with the same keys, by names that an author chooses.
    Named(fn() -> Vec<KnownKey>),
    /// A list of texts and tables; a text stands for the first key of its table.
    Entries(fn() -> Vec<KnownKey>),
    /// Texts by names that an author chooses.
    NamedTexts,
    /// Something that has rules of its own.
    Any,
}

/// A key as it is told to others than the reader.
#[derive(Clone, Debug)]
pub struct KnownKey {
    /// The key as typed.
    pub name: &'static str,
    /// What it means, as the handbook begins to say it.
    pub says: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// The keys of its table, where it has one.
    pub keys: Vec<KnownKey>,
}

/// A key of a table.
pub(crate) const fn key<T>(name: &'static str, says: &'static str, target: KeyTarget<T>) -> Key<T> {
    Key { name, says, target }
}

/// The names of a table's keys.
pub(crate) fn names<T>(table: &[Key<T>]) -> Vec<&'static str> {
    table.iter().map(|key| key.name).collect()
}

/// The keys of a table in its order.
pub fn known_keys<T>(table: &[Key<T>]) -> Vec<KnownKey> {
    let known = |key: &Key<T>| KnownKey {
        name: key.name,
        says: key.says,
        shape: key.target.shape(),
        keys: if let KeyTarget::Table(table) = key.target { known_keys(table) } else { Vec::new() },
    };
    table.iter().map(known).collect()
}

/// Reads entries by a table, and reports keys that it does not have.
pub(crate) fn read_keys<T>(
    table: &[Key<T>],
    value: &mut T,
    reader: &mut Reader<'_>,
    entries: &[Entry],
) {
    for entry in entries {
        match table.iter().find(|key| key.name == entry.key) {
            Some(key) => key.read(value, reader, entry),
            None => reader.unknown_key(entry, &names(table)),
        }
    }
}

impl<T> Key<T> {
    /// Reads the value of an entry with this key.
    pub(crate) fn read(&self, value: &mut T, reader: &mut Reader<'_>, entry: &Entry) {
        let (key, node) = (self.name, &entry.value);
        match self.target {
            KeyTarget::Word(target) => {
                if let Some(text) = reader.text(key, node) {
                    *target(value) = text.value;
                }
            }
            KeyTarget::Text(target) => {
                *target(value) = reader.text(key, node).map(|text| text.value);
            }
            KeyTarget::Placed(target) => *target(value) = reader.text(key, node),
            KeyTarget::Name(target) => {
                let said = reader.text(key, node);
                *target(value) = said.filter(|text| !text.value.trim().is_empty());
            }
            KeyTarget::Texts(target) => *target(value) = plain(reader.texts(key, node)),
            KeyTarget::PlacedTexts(target) => *target(value) = reader.texts(key, node),
            KeyTarget::Globs(target) => {
                let patterns = reader.globs(key, node);
                let patterns = patterns.iter().map(|pattern| pattern.value.as_str());
                *target(value) = Globs::new(patterns).unwrap_or_default();
            }
            KeyTarget::Bool(target) => *target(value) = reader.bool(key, node).unwrap_or_default(),
            KeyTarget::Integer(target) => *target(value) = reader.integer(key, node),
            KeyTarget::Date(target) => *target(value) = reader.date(key, node),
            KeyTarget::Period(target) => {
                if let Some(interval) = reader.interval(key, node) {
                    *target(value) = interval.value;
                }
            }
            KeyTarget::Interval(target) => *target(value) = reader.interval(key, node),
            KeyTarget::Table(table) => {
                let entries = reader.map(key, node);
                read_keys(table, value, reader, entries);
            }
            KeyTarget::Read(_, read) => read(value, reader, entry),
            KeyTarget::Required(_) => {}
        }
    }
}

impl<T> KeyTarget<T> {
    fn shape(&self) -> Shape {
        match self {
            KeyTarget::Word(_) | KeyTarget::Text(_) | KeyTarget::Placed(_) | KeyTarget::Name(_) => {
                Shape::Text
            }
            KeyTarget::Texts(_) | KeyTarget::PlacedTexts(_) | KeyTarget::Globs(_) => Shape::Texts,
            KeyTarget::Bool(_) => Shape::Bool,
            KeyTarget::Integer(_) => Shape::Integer,
            KeyTarget::Date(_) => Shape::Date,
            KeyTarget::Period(_) | KeyTarget::Interval(_) => Shape::Interval,
            KeyTarget::Table(_) => Shape::Keys,
            KeyTarget::Read(shape, _) | KeyTarget::Required(shape) => *shape,
        }
    }
}

/// Texts without their places.
pub(crate) fn plain(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
