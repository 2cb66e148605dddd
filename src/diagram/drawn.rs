//! What all drawings are made with.

/// What the ids of every picture begin with; a fingerprint of its source and a hyphen follow.
pub(crate) const ID_PREFIX: &str = "gp:d";

/// What the library made of a source.
pub(super) struct Drawn {
    pub(super) svg: String,
    /// The `data-edge-id` of messages that only keep others apart.
    pub(super) spacers: Vec<String>,
}

/// The word that says what kind of diagram it is.
pub(super) fn kind(source: &str) -> &str {
    let mut lines =
        source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("%%"));
    let first = lines.next().unwrap_or_default();
    let header = if first == "---" {
        lines.skip_while(|line| *line != "---").nth(1).unwrap_or_default()
    } else {
        first
    };
    header.split([' ', '\t', ';']).next().unwrap_or_default()
}

/// Colors that stand for classes of the style sheet. Nothing else has them, so what a class should be is read off
/// the finished picture.
pub(super) const CLASSES: &[(&str, &str)] = &[
    ("#0d0001", "ink"),
    ("#0d0002", "edge"),
    ("#0d0003", "line"),
    ("#0d0004", "bg"),
    ("#0d0005", "part"),
    ("#0d0006", "note"),
    ("#0d0011", "1"),
    ("#0d0012", "2"),
    ("#0d0013", "3"),
    ("#0d0014", "4"),
    ("#0d0015", "5"),
    ("#0d0016", "6"),
    ("#0d0017", "7"),
    ("#0d0018", "8"),
];

/// The color of the ground, which is left out.
pub(super) const GROUND: &str = "#0d0000";

/// The most arrows that are drawn, for the same reason: of a few letters each, thousands fit a source that is drawn.
pub(super) const MOST_ARROWS: usize = 500;

/// The most groups of nodes that are drawn.
pub(super) const MOST_GROUPS: usize = 100;
