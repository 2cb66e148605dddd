//! What libraries say of YAML that cannot be read, in our words.

/// The parser's own words for common mistakes, and ours.
pub(super) const WORDINGS: &[(&str, &str)] = &[
    ("mapping values are not allowed", "a value that holds `: ` must stand in quotes"),
    ("illegal placement of ':'", "a key must stand on a line of its own"),
    ("unexpected end of stream", "the quote that opens here is never closed"),
    ("unexpected document indicator", "the quote that opens here is never closed"),
    (
        "invalid indentation in quoted scalar",
        "the quote that opens here is not closed before the next key",
    ),
    ("trailing content after double-quoted", "text behind the closing quote"),
    ("unknown escape character", "an unknown `\\` escape; in single quotes `\\` is itself"),
    ("hexadecimal number", "an unknown `\\` escape; in single quotes `\\` is itself"),
    ("escape code", "this `\\u` escape is no character"),
    ("unknown anchor", "the alias names no anchor"),
    ("did not find expected key", "expected `key: value`, indented like the keys above"),
    ("expected '-' indicator", "expected `- item`, indented like the items above"),
    ("expected ',' or '}'", "expected `,` or `}`"),
    ("expected ',' or ']'", "expected `,` or `]`"),
    ("block sequence entries are not allowed", "a list must begin on a line of its own"),
    ("mapping keys are not allowed", "a key must stand on a line of its own"),
    ("did not find expected node content", "expected a value"),
    ("tab", "a tab cannot indent; use spaces"),
    (
        "invalid indentation in flow",
        "the list or map in brackets goes on with too little indentation",
    ),
    ("did not find expected <document", "text behind the end of the document"),
    ("while scanning an anchor or alias", "`*` and `&` must stand in quotes here"),
    ("comment intercepting", "a comment inside of a value that goes on"),
    ("byte order mark", "a byte order mark inside of the text"),
    ("wasn't declared", "this tag's handle is not declared"),
    ("simple key expect", "expected `:` behind the key"),
    ("could not find expected ':'", "expected `:` behind the key"),
    ("recursion limit", "lists and maps nest too deep here"),
];

/// Words for a syntax error.
pub(super) fn wording(info: &str) -> String {
    if let Some(character) = info.strip_prefix("unexpected character: `") {
        let character = character.trim_end_matches('\'');
        return format!("a value that begins with `{character}` must stand in quotes");
    }
    match WORDINGS.iter().find(|(theirs, _)| info.contains(theirs)) {
        Some((_, ours)) => (*ours).to_string(),
        None => info.rsplit(", ").next().unwrap_or(info).to_lowercase(),
    }
}
