//! The protocol over HTTP: one message a request, answered as JSON; no sessions, no streams.

use serde_json::Value;

use crate::text::base64;

use super::library::Library;
use super::protocol::{self, MODERN};

/// What a client posts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Posted<'a> {
    /// `MCP-Protocol-Version`.
    pub revision: Option<&'a str>,
    /// `Mcp-Method`.
    pub method: Option<&'a str>,
    /// `Mcp-Name`.
    pub name: Option<&'a str>,
    /// The message.
    pub body: &'a [u8],
}

/// What it gets: a status, and a message unless it sent a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code of HTTP.
    pub status: u16,
    /// The message.
    pub body: Option<String>,
}

/// Answers a message that was posted. In the current revision its headers say the same as the message.
pub fn post(library: &Library, posted: Posted<'_>) -> Reply {
    let message: Value = serde_json::from_slice(posted.body).unwrap_or_default();
    if let Some(wrong) = contradiction(&message, posted) {
        return Reply { status: 400, body: Some(protocol::contradicted(&message["id"], &wrong)) };
    }
    let Some(body) = protocol::answer(library, posted.body) else {
        return Reply { status: 202, body: None };
    };
    let answered: Value = serde_json::from_str(&body).unwrap_or_default();
    let status = match answered["error"]["code"].as_i64() {
        Some(protocol::NO_METHOD) if is_modern(&message) => 404,
        Some(protocol::PARSE | protocol::INVALID | protocol::NO_REVISION) => 400,
        _ => 200,
    };
    Reply { status, body: Some(body) }
}

fn is_modern(message: &Value) -> bool {
    protocol::revision(&message["params"]) == Some(MODERN)
}

/// The header that says something else than the message, if one does.
fn contradiction(message: &Value, posted: Posted<'_>) -> Option<String> {
    if !is_modern(message) {
        return None;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let name = match message["method"].as_str() {
        Some("tools/call" | "prompts/get") => text(&message["params"]["name"]),
        Some("resources/read") => text(&message["params"]["uri"]),
        _ => None,
    };
    let says = [
        ("MCP-Protocol-Version", posted.revision, Some(MODERN.to_owned())),
        ("Mcp-Method", posted.method, text(&message["method"])),
        ("Mcp-Name", posted.name, name),
    ];
    says.into_iter().find_map(|(header, said, expected)| {
        let expected = expected?;
        let is_same = |said: &str| {
            said == expected || said == format!("=?base64?{}?=", base64(expected.as_bytes()))
        };
        let reason = match said {
            Some(said) if is_same(said) => return None,
            Some(_) => "says something else than the message",
            None => "is missing",
        };
        Some(format!("the header `{header}` {reason}"))
    })
}
