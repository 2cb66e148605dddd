//! What a caller typed, read with patience: an error says what to type instead.

use std::ops::RangeInclusive;

use serde_json::Value;

/// What a caller did wrong, in a sentence that it can act on.
pub(super) type Refused = String;

/// What a tool found.
pub(super) type ToolAnswer = Result<Value, Refused>;

/// A text of an argument, of at most so many bytes.
pub(super) fn text<'a>(
    arguments: &'a Value,
    name: &str,
    most: usize,
) -> Result<Option<&'a str>, Refused> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() > most => {
            Err(format!("`{name}` has {} bytes, at most {most} are read; shorten it", text.len()))
        }
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` must be a string")),
    }
}

/// The same of an argument that must be there.
pub(super) fn required<'a>(
    arguments: &'a Value,
    name: &str,
    most: usize,
) -> Result<&'a str, Refused> {
    let found = text(arguments, name, most)?.filter(|text| !text.trim().is_empty());
    found.ok_or_else(|| format!("`{name}` is missing"))
}

/// A number of an argument, within bounds.
pub(super) fn number(
    arguments: &Value,
    name: &str,
    bounds: RangeInclusive<usize>,
    default: usize,
) -> Result<usize, Refused> {
    let Some(value) = arguments.get(name).filter(|value| !value.is_null()) else {
        return Ok(default);
    };
    let (least, most) = (*bounds.start(), *bounds.end());
    let whole = value.as_u64().or_else(|| {
        let float = value.as_f64().filter(|float| float.fract() == 0.0 && *float >= 0.0)?;
        // Clients in JavaScript know no integers.
        format!("{float:.0}").parse().ok()
    });
    whole
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| bounds.contains(number))
        .ok_or_else(|| format!("`{name}` must be a whole number from {least} to {most}"))
}

/// Texts by name, of an argument that is an object.
pub(super) fn texts<'a>(
    arguments: &'a Value,
    name: &str,
) -> Result<Vec<(&'a str, &'a str)>, Refused> {
    const MOST: usize = 200;
    const LONGEST: usize = 4096;
    let entries = match arguments.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(entries)) => entries,
        Some(_) => return Err(format!("`{name}` must be an object of strings")),
    };
    if entries.len() > MOST {
        return Err(format!("`{name}` has {} entries, at most {MOST} are read", entries.len()));
    }
    let read = |(key, value): (&'a String, &'a Value)| match value.as_str() {
        Some(text) if text.len() + key.len() > LONGEST => {
            Err(format!("a value of `{name}` is longer than {LONGEST} bytes"))
        }
        Some(text) => Ok((key.as_str(), text)),
        None => Err(format!("each value of `{name}` must be a string; `{}` is none", shown(key))),
    };
    entries.iter().map(read).collect()
}

/// The beginning of what a caller typed, for saying it back.
pub(super) fn shown(typed: &str) -> String {
    const FITS: usize = 80;
    match typed.char_indices().nth(FITS) {
        Some((end, _)) => format!("{}…", &typed[..end]),
        None => typed.to_owned(),
    }
}
