//! What a site says about alerts, in memory and as the `api/alerts.json` that it publishes.
//!
//! The JSON lets the repository that holds the alert rules check them without the site's content:
//!
//! ```json
//! {
//!   "base_url": "https://runbooks.example.org/",
//!   "case_sensitive": false,
//!   "alerts": [{"name": "QueueStuck", "url": "/alerts/QueueStuck/", "page": "/agents/review/",
//!               "anchor": "queue-stuck", "severity": "P2", "owner": "devops"}],
//!   "aliases": {"QueueBlocked": "QueueStuck"},
//!   "addresses": [{"url": "/agents/review/", "anchors": ["queue-stuck"]}]
//! }
//! ```
//!
//! Addresses begin with `/` at the site's root, wherever the site itself is published.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Location;
use crate::value::{Node, SyntaxError, Value, json};

/// What a site says about alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Where the site is published; without it no link can be told to lead elsewhere.
    pub base_url: Option<String>,
    /// The pages that claim an alert, by its name.
    pub alerts: BTreeMap<String, Vec<Claim>>,
    /// Further names of alerts, and the claimed name that each stands for.
    pub aliases: BTreeMap<String, String>,
    /// Every published address, redirects included, with the anchors that a link to it may use.
    pub addresses: BTreeMap<String, Vec<String>>,
    /// Whether names and addresses that differ only in case are different.
    pub case_sensitive: bool,
}

/// One page's claim to be an alert's runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The alert's stable address, `/alerts/NAME/`.
    pub url: String,
    /// The page's address.
    pub page: String,
    /// The section that answers the alert.
    pub anchor: Option<String>,
    /// The severity that the page gives.
    pub severity: Option<String>,
    /// The page's owner.
    pub owner: Option<String>,
    /// Where the page says so; `None` if the claims were read from JSON.
    pub at: Option<Location>,
}

impl Claims {
    /// The content of `api/alerts.json`.
    ///
    /// # Panics
    /// Never: it is made of texts.
    pub fn to_json(&self) -> String {
        let claims = self.alerts.iter().flat_map(|(name, claims)| {
            claims.iter().map(move |claim| PublishedClaim {
                name,
                url: &claim.url,
                page: &claim.page,
                anchor: claim.anchor.as_deref(),
                severity: claim.severity.as_deref(),
                owner: claim.owner.as_deref(),
            })
        });
        let addresses =
            self.addresses.iter().map(|(url, anchors)| PublishedAddress { url, anchors });
        let published = Published {
            base_url: self.base_url.as_deref(),
            case_sensitive: self.case_sensitive,
            alerts: claims.collect(),
            aliases: &self.aliases,
            addresses: addresses.collect(),
        };
        let text = serde_json::to_string_pretty(&published).expect("texts are JSON");
        text + "\n"
    }

    /// Reads a site's `api/alerts.json`.
    ///
    /// # Errors
    /// The first thing in the text that no such file holds, with its place.
    pub fn from_json(text: &str) -> Result<Claims, SyntaxError> {
        let document = json::parse(text, 0)?;
        let mut claims = Claims {
            base_url: optional(&document, "base_url")?,
            case_sensitive: document.get("case_sensitive").and_then(Node::as_bool).unwrap_or(false),
            ..Claims::default()
        };
        for alert in list(&document, "alerts")? {
            let claim = Claim {
                url: required(alert, "url")?,
                page: required(alert, "page")?,
                anchor: optional(alert, "anchor")?,
                severity: optional(alert, "severity")?,
                owner: optional(alert, "owner")?,
                at: None,
            };
            claims.alerts.entry(required(alert, "name")?).or_default().push(claim);
        }
        for alias in document.get("aliases").map(Node::entries).unwrap_or_default() {
            let name =
                alias.value.as_str().ok_or_else(|| wrong(&alias.value, "an alert's name"))?;
            claims.aliases.insert(alias.key.clone(), name.to_string());
        }
        for address in list(&document, "addresses")? {
            let anchors = list(address, "anchors")?.iter().map(|anchor| {
                anchor.as_str().map(ToString::to_string).ok_or_else(|| wrong(anchor, "an anchor"))
            });
            let anchors = anchors.collect::<Result<Vec<String>, SyntaxError>>()?;
            claims.addresses.insert(required(address, "url")?, anchors);
        }
        Ok(claims)
    }
}

/// `api/alerts.json`, as it is written.
#[derive(Serialize)]
struct Published<'a> {
    base_url: Option<&'a str>,
    case_sensitive: bool,
    alerts: Vec<PublishedClaim<'a>>,
    aliases: &'a BTreeMap<String, String>,
    addresses: Vec<PublishedAddress<'a>>,
}

#[derive(Serialize)]
struct PublishedClaim<'a> {
    name: &'a str,
    url: &'a str,
    page: &'a str,
    anchor: Option<&'a str>,
    severity: Option<&'a str>,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct PublishedAddress<'a> {
    url: &'a str,
    anchors: &'a [String],
}

fn list<'a>(node: &'a Node, key: &str) -> Result<&'a [Node], SyntaxError> {
    match node.get(key).map(|list| (list, &list.value)) {
        Some((_, Value::List(items))) => Ok(items),
        Some((other, _)) => Err(wrong(other, &format!("a list for `{key}`"))),
        None => Err(wrong(node, &format!("the key `{key}`"))),
    }
}

fn required(node: &Node, key: &str) -> Result<String, SyntaxError> {
    optional(node, key)?.ok_or_else(|| wrong(node, &format!("the key `{key}`")))
}

fn optional(node: &Node, key: &str) -> Result<Option<String>, SyntaxError> {
    match node.get(key).map(|value| (value, &value.value)) {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone())),
        Some((other, _)) => Err(wrong(other, &format!("text for `{key}`"))),
    }
}

fn wrong(node: &Node, expected: &str) -> SyntaxError {
    SyntaxError {
        range: node.range.clone(),
        message: format!("expected {expected}, found {}", node.kind()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::claims::{Claim, Claims};

    #[test]
    fn claims_survive_being_published_and_read() {
        let claim = |page: &str| Claim {
            url: "/alerts/QueueStuck/".to_string(),
            page: page.to_string(),
            anchor: Some("stück".to_string()),
            severity: None,
            owner: Some("devops".to_string()),
            at: None,
        };
        let claims = Claims {
            base_url: Some("https://r.example/".to_string()),
            alerts: [("QueueStuck".to_string(), vec![claim("/a/"), claim("/b/")])].into(),
            aliases: [("Old".to_string(), "QueueStuck".to_string())].into(),
            addresses: [
                ("/a/".to_string(), vec!["stück".to_string()]),
                ("/b/".to_string(), vec![]),
            ]
            .into(),
            case_sensitive: true,
        };
        assert_eq!(Claims::from_json(&claims.to_json()), Ok(claims));
        assert_eq!(Claims::from_json(&Claims::default().to_json()), Ok(Claims::default()));
    }

    #[test]
    fn other_json_is_refused_with_the_reason() {
        for (text, message) in [
            ("[]", "expected the key `alerts`, found a list"),
            ("{\"alerts\": 1}", "expected a list for `alerts`, found a number"),
            ("{\"alerts\": [{\"name\": 3}]}", "expected the key `url`, found a map"),
            ("<html>", "expected a value"),
        ] {
            assert_eq!(Claims::from_json(text).unwrap_err().message, message, "{text}");
        }
    }
}
