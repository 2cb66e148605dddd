//! What a site says about alerts, in memory and as the `api/alerts.json` that it publishes.
//!
//! The JSON lets the repository that holds the alert rules check them without the site's content:
//!
//! ```json
//! {
//!   "version": 1,
//!   "base_url": "https://runbooks.example.org/",
//!   "case_sensitive": false,
//!   "alerts": [{"name": "QueueStuck", "url": "/alerts/QueueStuck/", "page": "/agents/review/",
//!               "anchor": "queue-stuck", "severity": "P2", "owner": "devops", "kind": "name", "labels": {"queue": "mail"}}],
//!   "aliases": {"QueueBlocked": "QueueStuck"},
//!   "patterns": [{"name": "{Environment}-login-errors", "url": "/alerts/login-errors/", "alerts": ["*-login-errors"],
//!                 "pieces": [{"hole": "Environment", "parameter": "environment", "values": []}, "-login-errors"]}],
//!   "rules": [{"name": "QueueStuck", "source": "Prometheus", "labels": {"severity": "page", "team": "mail"},
//!              "severity": "page", "expression": "queue_age > 60", "duration": "5m", "alerts": ["QueueStuck"],
//!              "page": "/agents/review/", "anchor": "queue-stuck"}],
//!   "addresses": [{"url": "/agents/review/", "anchors": ["queue-stuck"]}]
//! }
//! ```
//!
//! A pattern is the name of a rule that is computed when the rule is deployed: texts, and holes with the values that they
//! can have, any if there are none. Addresses begin with `/` at the site's root, wherever the site itself is published.

use std::collections::BTreeMap;

use serde::Serialize;

use super::computed::ComputedName;
use super::known_rule::KnownRule;
use super::pattern::{Hole, Pattern, PatternPiece};
use crate::diagnostic::Location;
use crate::hidden::removed;
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
    /// The names that rules compute and pages answer.
    pub computed: Vec<ComputedName>,
    /// The rules that define alerts, in the order of files and places.
    pub rules: Vec<KnownRule>,
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
    /// The labels of the alerts that are meant, where not all of that name are.
    pub labels: BTreeMap<String, String>,
    /// Where the page says so; `None` if the claims were read from JSON.
    pub at: Option<Location>,
}

impl Claims {
    /// For each claimed name that a computed one can be, what it says of the holes, as parameters. Of several computed
    /// names the one of which most is known.
    pub fn parameters(&self) -> BTreeMap<&str, Vec<(String, String)>> {
        let mut best: BTreeMap<&str, &ComputedName> = BTreeMap::new();
        for computed in &self.computed {
            for name in computed.claimed.iter().filter(|name| !name.contains('*')) {
                let held = best.entry(name).or_insert(computed);
                if computed.pattern.known() > held.pattern.known() {
                    *held = computed;
                }
            }
        }
        let each = best.into_iter();
        each.map(|(name, computed)| (name, computed.parameters(name, self.case_sensitive)))
            .collect()
    }

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
                kind: if name.contains('*') { "pattern" } else { "name" },
                labels: &claim.labels,
            })
        });
        let addresses =
            self.addresses.iter().map(|(url, anchors)| PublishedAddress { url, anchors });
        let published = PublishedClaims {
            version: 1,
            base_url: self.base_url.as_deref(),
            case_sensitive: self.case_sensitive,
            alerts: claims.collect(),
            aliases: &self.aliases,
            patterns: self.computed.iter().map(published_pattern).collect(),
            rules: self.rules.iter().map(published_rule).collect(),
            addresses: addresses.collect(),
        };
        let text = serde_json::to_string_pretty(&published).expect("texts are JSON");
        removed(&text).into_owned() + "\n"
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
                labels: labels(alert)?,
                at: None,
            };
            claims.alerts.entry(required(alert, "name")?).or_default().push(claim);
        }
        for alias in document.get("aliases").map(Node::entries).unwrap_or_default() {
            let name =
                alias.value.as_str().ok_or_else(|| wrong(&alias.value, "an alert's name"))?;
            claims.aliases.insert(alias.key.clone(), name.to_string());
        }
        // Sites of an earlier version have none.
        for computed in document.get("patterns").map(Node::items).unwrap_or_default() {
            claims.computed.push(ComputedName {
                name: required(computed, "name")?,
                pattern: pattern(list(computed, "pieces")?)?,
                url: required(computed, "url")?,
                claimed: texts(list(computed, "alerts")?)?,
            });
        }
        for rule in document.get("rules").map(Node::items).unwrap_or_default() {
            claims.rules.push(known_rule(rule)?);
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
struct PublishedClaims<'a> {
    version: u8,
    base_url: Option<&'a str>,
    case_sensitive: bool,
    alerts: Vec<PublishedClaim<'a>>,
    aliases: &'a BTreeMap<String, String>,
    patterns: Vec<PublishedPattern<'a>>,
    rules: Vec<PublishedRule<'a>>,
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
    kind: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct PublishedRule<'a> {
    name: &'a str,
    source: &'a str,
    labels: &'a BTreeMap<String, String>,
    severity: Option<&'a str>,
    expression: Option<&'a str>,
    duration: Option<&'a str>,
    alerts: &'a [String],
    page: Option<&'a str>,
    anchor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<PublishedPiece<'a>>>,
}

#[derive(Serialize)]
struct PublishedPattern<'a> {
    name: &'a str,
    url: &'a str,
    alerts: &'a [String],
    pieces: Vec<PublishedPiece<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PublishedPiece<'a> {
    Literal(&'a str),
    Hole { hole: &'a str, parameter: Option<String>, values: &'a [String] },
}

fn published_pattern(computed: &ComputedName) -> PublishedPattern<'_> {
    PublishedPattern {
        name: &computed.name,
        url: &computed.url,
        alerts: &computed.claimed,
        pieces: computed.pattern.pieces().iter().map(published_piece).collect(),
    }
}

fn published_rule(rule: &KnownRule) -> PublishedRule<'_> {
    let pieces = rule.pattern.as_ref().map(|pattern| pattern.pieces().iter());
    PublishedRule {
        name: &rule.name,
        source: &rule.source,
        labels: &rule.labels,
        severity: rule.severity.as_deref(),
        expression: rule.expression.as_deref(),
        duration: rule.duration.as_deref(),
        alerts: &rule.claimed,
        page: rule.page.as_deref(),
        anchor: rule.anchor.as_deref(),
        pieces: pieces.map(|pieces| pieces.map(published_piece).collect()),
    }
}

fn known_rule(rule: &Node) -> Result<KnownRule, SyntaxError> {
    let pieces = rule.get("pieces").map(|pieces| pattern(pieces.items())).transpose()?;
    Ok(KnownRule {
        name: required(rule, "name")?,
        pattern: pieces,
        source: required(rule, "source")?,
        labels: labels(rule)?,
        severity: optional(rule, "severity")?,
        expression: optional(rule, "expression")?,
        duration: optional(rule, "duration")?,
        claimed: texts(list(rule, "alerts")?)?,
        page: optional(rule, "page")?,
        anchor: optional(rule, "anchor")?,
    })
}

fn labels(node: &Node) -> Result<BTreeMap<String, String>, SyntaxError> {
    let entries = node.get("labels").map(Node::entries).unwrap_or_default().iter();
    let text = |value: &Node| value.as_str().map(str::to_owned).ok_or_else(|| wrong(value, "text"));
    entries.map(|entry| Ok((entry.key.clone(), text(&entry.value)?))).collect()
}

fn texts(items: &[Node]) -> Result<Vec<String>, SyntaxError> {
    let text = |item: &Node| item.as_str().map(str::to_owned).ok_or_else(|| wrong(item, "text"));
    items.iter().map(text).collect()
}

fn published_piece(piece: &PatternPiece) -> PublishedPiece<'_> {
    match piece {
        PatternPiece::Literal(text) => PublishedPiece::Literal(text),
        PatternPiece::Hole(hole) => PublishedPiece::Hole {
            hole: &hole.name,
            parameter: hole.parameter(),
            values: &hole.values,
        },
    }
}

fn pattern(pieces: &[Node]) -> Result<Pattern, SyntaxError> {
    let mut pattern = Pattern::default();
    for piece in pieces {
        if let Some(text) = piece.as_str() {
            pattern.push_literal(text);
            continue;
        }
        let values = list(piece, "values")?.iter().map(|value| {
            value.as_str().map(ToString::to_string).ok_or_else(|| wrong(value, "a value"))
        });
        let values = values.collect::<Result<_, _>>()?;
        pattern.push(PatternPiece::Hole(Hole { name: required(piece, "hole")?, values }));
    }
    Ok(pattern)
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
    use super::super::computed::ComputedName;
    use super::super::known_rule::KnownRule;
    use super::super::pattern::Pattern;

    #[test]
    fn claims_survive_being_published_and_read() {
        let claim = |page: &str| Claim {
            url: "/alerts/QueueStuck/".to_string(),
            page: page.to_string(),
            anchor: Some("stück".to_string()),
            severity: None,
            owner: Some("devops".to_string()),
            labels: [("queue".to_string(), "mail".to_string())].into(),
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
            computed: vec![ComputedName {
                name: "{Env}-login".to_string(),
                pattern: {
                    let mut pattern = Pattern::hole_of("Env", vec!["a".into(), "b".into()]);
                    pattern.push_literal("-login");
                    pattern
                },
                url: "/alerts/login/".to_string(),
                claimed: vec!["*-login".to_string()],
            }],
            rules: vec![KnownRule {
                name: "{Env}-login".to_string(),
                pattern: Some(Pattern::hole_of("Env", vec!["a".into()])),
                source: "Terraform".to_string(),
                labels: [("team".to_string(), "mail".to_string())].into(),
                expression: Some("a > 1".to_string()),
                page: Some("/a/".to_string()),
                ..KnownRule::default()
            }],
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
