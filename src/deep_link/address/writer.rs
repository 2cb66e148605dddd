//! Writes an address and its template side by side, each value in the encoding of its place.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::deep_link::piece::{ValuePiece, pieces};
use crate::token::parameter_name;

/// How a value is written into an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueEncoding {
    /// Percent-encoding, once.
    Percent,
    /// Percent-encoding twice, each `%` as `$`: the router of the `CloudWatch` console.
    Twice,
    /// `*xx` for each byte: a string of the console's `~()` objects.
    Star,
    /// Inside a string of percent-encoded JSON.
    Json,
}

impl ValueEncoding {
    fn encode(self, text: &str) -> String {
        match self {
            ValueEncoding::Percent => percent(text),
            ValueEncoding::Twice => percent(&percent(text)).replace('%', "$"),
            ValueEncoding::Star => star(text),
            ValueEncoding::Json => {
                let quoted = serde_json::Value::from(text).to_string();
                percent(&quoted[1..quoted.len() - 1])
            }
        }
    }

    /// How a template names the encoding.
    fn suffix(self) -> &'static str {
        match self {
            ValueEncoding::Percent => "",
            ValueEncoding::Twice => ":twice",
            ValueEncoding::Star => ":star",
            ValueEncoding::Json => ":json",
        }
    }
}

/// What stands for itself in every part of an address.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn percent(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn star(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('*');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
    }
    encoded
}

/// Writes an address and its template side by side.
pub(super) struct AddressWriter<'a> {
    pub(super) url: String,
    pub(super) template: String,
    pub(super) has_parameter: bool,
    pub(super) parameters: &'a BTreeMap<&'a str, Option<&'a str>>,
}

impl AddressWriter<'_> {
    /// A part of the address that is the same for every value.
    pub(super) fn literal(&mut self, text: &str) {
        self.url.push_str(text);
        self.template.push_str(text);
    }

    /// A value, with parameters wherever it uses them.
    pub(super) fn value(&mut self, text: &str, encoding: ValueEncoding) {
        for piece in pieces(text, self.parameters) {
            match piece {
                ValuePiece::Text(text) | ValuePiece::Unknown(text, _) => {
                    self.literal(&encoding.encode(text));
                }
                ValuePiece::Parameter(name) => self.parameter(name, encoding),
            }
        }
    }

    fn parameter(&mut self, name: &str, encoding: ValueEncoding) {
        self.has_parameter = true;
        let value = self.parameter_default(name);
        self.url.push_str(&encoding.encode(&value));
        let name = parameter_name(name);
        self.template.push_str(&format!("{{{name}{}}}", encoding.suffix()));
    }

    fn parameter_default(&self, name: &str) -> String {
        let default = self.parameters.get(name).copied().flatten();
        default.map_or_else(|| format!("<{name}>"), ToString::to_string)
    }

    /// The host of the AWS console for a region, which may itself be a parameter.
    fn console(&mut self, region: &str) {
        self.literal("https://");
        if let [ValuePiece::Parameter(name)] = pieces(region, self.parameters).as_slice() {
            self.has_parameter = true;
            let default = self.parameters.get(name).copied().flatten().unwrap_or_default();
            self.url.push_str(&console_host(default));
            self.template.push_str(&format!("{{{}:console}}", parameter_name(name)));
        } else {
            self.literal(&console_host(region));
        }
    }

    /// The beginning of every address of a service's console.
    pub(super) fn service(&mut self, region: &str, path: &str) {
        self.console(region);
        self.literal(path);
        self.literal("?region=");
        self.value(region, ValueEncoding::Percent);
        self.literal("#");
    }

    /// An address as typed, with a value for each parameter that it uses.
    pub(super) fn address(&mut self, typed: &str) {
        for piece in pieces(typed, self.parameters) {
            match piece {
                ValuePiece::Text(text) => self.literal(text),
                ValuePiece::Unknown(text, _) => self.literal(&percent(text)),
                ValuePiece::Parameter(name) => self.parameter(name, ValueEncoding::Percent),
            }
        }
    }

    /// The address of a site's own kind, each `{name}` of it filled from the link's values.
    pub(super) fn filled(&mut self, template: &str, values: &BTreeMap<String, String>) {
        for piece in pieces(template, &BTreeMap::new()) {
            match piece {
                ValuePiece::Text(text) | ValuePiece::Parameter(text) => self.literal(text),
                ValuePiece::Unknown(typed, _) => match values.get(&typed[1..typed.len() - 1]) {
                    Some(value) => self.value(value, ValueEncoding::Percent),
                    None => self.literal(&percent(typed)),
                },
            }
        }
    }
}

/// The console's host: AWS, AWS in China and AWS `GovCloud` are separate, each under its own name.
///
/// Source: the endpoints that <https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html>,
/// <https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html> and
/// <https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html> name.
pub(super) fn console_host(region: &str) -> String {
    let domain = if region.starts_with("cn-") {
        "console.amazonaws.cn"
    } else if region.starts_with("us-gov-") {
        "console.amazonaws-us-gov.com"
    } else {
        "console.aws.amazon.com"
    };
    let separator = if region.is_empty() { "" } else { "." };
    format!("{}{separator}{domain}", percent(region))
}
