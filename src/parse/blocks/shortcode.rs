//! Tags of template languages: `{{< hint warning >}}`, `{{% notice note "Title" %}}`, `{% hint style="info" %}`, and
//! elements such as `<TabItem value="a" label="A">`.

/// A tag as typed, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShortcodeTag<'t> {
    /// `hint`.
    pub(super) name: &'t str,
    /// What has no name, in order, without quotes.
    pub(super) values: Vec<&'t str>,
    /// What has one.
    pub(super) named: Vec<(&'t str, &'t str)>,
    /// Whether it is `{{< /name >}}` or `</Name>`; `GitBook`'s `endhint` is told by its name.
    pub(super) closes: bool,
    /// Whether it closes itself: `{{< name />}}`.
    pub(super) is_empty: bool,
    /// How many bytes it takes.
    pub(super) length: usize,
}

impl<'t> ShortcodeTag<'t> {
    /// The value of the first of these names that is given.
    pub(super) fn value(&self, names: &[&str]) -> Option<&'t str> {
        let found = |name: &&str| self.named.iter().find(|(own, _)| own == name);
        names.iter().find_map(found).map(|(_, value)| *value)
    }
}

/// The longest tag that is looked for.
const LONGEST: usize = 512;

/// The Hugo shortcode that a text begins with.
pub(super) fn shortcode(text: &str) -> Option<ShortcodeTag<'_>> {
    let (open, close) =
        [("{{<", ">}}"), ("{{%", "%}}")].into_iter().find(|(open, _)| text.starts_with(open))?;
    let inner = &text[open.len()..];
    // `{{</* name */>}}` shows a shortcode and calls none.
    if inner.starts_with("/*") {
        return None;
    }
    let end = window(inner).find(close)?;
    tag(&inner[..end], open.len() + end + close.len())
}

/// The tag of Liquid or `GitBook` that a text begins with.
pub(super) fn liquid(text: &str) -> Option<ShortcodeTag<'_>> {
    let inner = text.strip_prefix("{%")?;
    let end = window(inner).find("%}")?;
    tag(&inner[..end], end + 4)
}

/// The element with a capital name that a text begins with.
pub(super) fn element(text: &str) -> Option<ShortcodeTag<'_>> {
    let inner = text.strip_prefix('<')?;
    inner
        .trim_start_matches('/')
        .starts_with(|first: char| first.is_ascii_uppercase())
        .then_some(())?;
    let end = window(inner).find('>')?;
    tag(&inner[..end], end + 2)
}

fn window(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

fn tag(inner: &str, length: usize) -> Option<ShortcodeTag<'_>> {
    let inner = inner.trim();
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |rest| (rest, true));
    let (inner, is_empty) = inner.strip_suffix('/').map_or((inner, false), |rest| (rest, true));
    let mut items = items(inner.trim()).into_iter();
    let name = match items.next()? {
        (None, name) if is_name(name) => name,
        _ => return None,
    };
    let (mut values, mut named) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            (Some(name), value) => named.push((name, value)),
            (None, value) => values.push(value),
        }
    }
    Some(ShortcodeTag { name, values, named, closes, is_empty, length })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

/// Names with their values, and values without a name, in order.
pub(super) fn items(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_end = rest.find(|end: char| end.is_whitespace() || "=\"'`".contains(end));
        let name_end = name_end.unwrap_or(rest.len());
        let (name, value) = match rest[name_end..].strip_prefix('=') {
            Some(value) if name_end > 0 => (Some(&rest[..name_end]), value.trim_start()),
            _ => (None, rest),
        };
        let quote = value.chars().next().filter(|quote| "\"'`{".contains(*quote));
        let closing = quote.map(|quote| if quote == '{' { '}' } else { quote });
        let (value, after) = match closing {
            Some(closing) => value[1..].split_once(closing).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((name, value));
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ShortcodeTag, element, items, liquid, shortcode};

    #[test]
    fn tags_are_taken_apart() {
        let found = shortcode("{{% notice warning \"Mind this\" icon=bell %}} rest").unwrap();
        let expected = ShortcodeTag {
            name: "notice",
            values: vec!["warning", "Mind this"],
            named: vec![("icon", "bell")],
            closes: false,
            is_empty: false,
            length: 44,
        };
        assert_eq!(found, expected);
        assert!(shortcode("{{< /notice >}}").unwrap().closes);
        assert!(shortcode("{{</ tab >}}").unwrap().closes);
        assert!(shortcode("{{< icon />}}").unwrap().is_empty);
        assert_eq!(liquid("{% tab title='A b' %}").unwrap().value(&["title"]), Some("A b"));
        assert_eq!(element("<TabItem value=\"a\" label={`A`}>").unwrap().named[0], ("value", "a"));
    }

    #[test]
    fn what_is_no_tag_is_none() {
        for text in ["{{ .Values }}", "{{</* note */>}}", "{{<", "{{< =x >}}", "{% %}", "{%", ""] {
            assert_eq!(shortcode(text).or_else(|| liquid(text)), None, "{text}");
        }
        assert_eq!(element("<details>"), None);
    }

    #[test]
    fn values_may_stand_in_any_quotes() {
        assert_eq!(
            items("a b=\"c d\" 'e f' g=`h` i= j"),
            [(None, "a"), (Some("b"), "c d"), (None, "e f"), (Some("g"), "h"), (Some("i"), "j")]
        );
    }
}
