//! A page's text as the Markdown parser reads it, and the way back from lines and columns to bytes of the file.

use std::borrow::Cow;
use std::ops::Range;

use comrak::nodes::{LineColumn, Sourcepos};

use super::lines::{Line, starts_of_lines};

/// The tag by which files of GOV.UK's technical documentation template show their own title.
pub(crate) const TITLE_TAG: &str = "<%= current_page.data.title %>";

/// The longest shortcode that is looked for.
const LONGEST_SHORTCODE: usize = 512;

/// A file's text with the place of its body and of each line.
pub(crate) struct Source<'t> {
    /// The whole file.
    pub(crate) text: &'t str,
    /// The byte where the body begins, behind the front matter.
    pub(crate) body: usize,
    line_starts: Vec<usize>,
    /// Of the lines that the parser reads in place of the file's: where each stands, and how much was put before it.
    rewritten: Option<Vec<(usize, isize)>>,
}

impl<'t> Source<'t> {
    /// A file whose body begins at byte `body`.
    pub(crate) fn new(text: &'t str, body: usize) -> Source<'t> {
        let starts = starts_of_lines(&text[body..]).map(|at| body + at);
        let line_starts = std::iter::once(body).chain(starts).collect();
        Source { text, body, line_starts, rewritten: None }
    }

    /// The same for a parser that reads these lines in place of the file's.
    pub(crate) fn rewritten(&self, lines: &[Line<'_>]) -> Source<'t> {
        let lines = lines.iter().map(|line| (line.start, line.inserted)).collect();
        Source { text: self.text, body: self.body, line_starts: Vec::new(), rewritten: Some(lines) }
    }

    /// The body as the Markdown parser shall read it: byte for byte as long as in the file.
    pub(crate) fn markdown(&self) -> Cow<'t, str> {
        masked_shortcodes(&self.text[self.body..])
    }

    /// The bytes of the file between two places that the Markdown parser names, both included.
    pub(crate) fn range(&self, position: Sourcepos) -> Range<usize> {
        let start = self.offset(position.start, 1);
        let end = self.offset(position.end, 0);
        start..end.max(start)
    }

    /// Where a line of the body begins in the file, counted from 1.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        let index = line.saturating_sub(1);
        let start = match &self.rewritten {
            Some(lines) => lines.get(index).map(|(start, _)| *start),
            None => self.line_starts.get(index).copied(),
        };
        start.unwrap_or(self.text.len())
    }

    /// The text of a line of the body without its end, counted from 1.
    pub(crate) fn line(&self, line: usize) -> &'t str {
        let start = self.line_start(line);
        let end = match &self.rewritten {
            Some(_) => {
                memchr::memchr2(b'\n', b'\r', &self.text.as_bytes()[start..]).map(|end| start + end)
            }
            None => self.line_starts.get(line).copied(),
        };
        let line = &self.text[start..end.unwrap_or(self.text.len())];
        let kept = line.bytes().rposition(|byte| !matches!(byte, b'\n' | b'\r'));
        &line[..kept.map_or(0, |last| last + 1)]
    }

    /// Where each line of a block of code begins in the file; its indentation there is not the block's.
    ///
    /// `first` is the line of the body that holds the block's first one, counted from 1.
    pub(crate) fn starts_of(&self, code: &str, first: usize) -> Vec<u32> {
        let lines = memchr::memchr_iter(b'\n', code.as_bytes()).count() + 1;
        let mut starts = Vec::with_capacity(lines);
        let mut from = 0;
        while from < code.len() {
            let length = memchr::memchr(b'\n', &code.as_bytes()[from..]);
            let end = length.map_or(code.len(), |length| from + length);
            let shown = code[from..end].strip_suffix('\r').unwrap_or(&code[from..end]);
            let line = first + starts.len();
            let whole = self.line(line);
            let indent = if whole.ends_with(shown) { whole.len() - shown.len() } else { 0 };
            starts.push((self.line_start(line) + indent) as u32);
            from = end + 1;
        }
        starts
    }

    /// Where each line of a node's text begins in the text and in the file, behind the quote marks and the indentation
    /// of what it stands in.
    pub(crate) fn places_of(&self, text: &str, position: Sourcepos) -> Vec<(usize, usize)> {
        let mut places = vec![(0, self.range(position).start)];
        for (number, start) in starts_of_lines(text).enumerate() {
            let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]);
            let line = &text[start..end.map_or(text.len(), |end| start + end)];
            let number = position.start.line + number + 1;
            let typed = self.line(number);
            let content = line.trim();
            let before = if typed.trim_end().ends_with(content) {
                typed.trim_end().len() - content.len()
            } else {
                // What was masked for the parser is as long as what was typed.
                typed.find(content).unwrap_or(typed.len().saturating_sub(line.trim_start().len()))
            };
            let indentation = line.len() - line.trim_start().len();
            places.push((start, self.line_start(number) + before.saturating_sub(indentation)));
        }
        places
    }

    fn offset(&self, position: LineColumn, before: usize) -> usize {
        let column = position.column.saturating_sub(before);
        let inserted =
            self.rewritten.as_ref().and_then(|lines| lines.get(position.line.saturating_sub(1)));
        // What was put before a line stands at its beginning.
        let column = inserted.map_or(column, |(_, inserted)| {
            usize::try_from(column.cast_signed() - inserted).unwrap_or_default()
        });
        let wanted = self.line_start(position.line) + column;
        let mut offset = wanted.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset += 1;
        }
        offset
    }
}

/// A text whose shortcodes are the addresses of links, byte for byte as long as typed.
///
/// Hugo's `ref` shortcodes hold blanks and angle brackets, which would keep a link from being one; inside
/// a link's parentheses they are replaced by bytes that Markdown admits.
pub(crate) fn masked_shortcodes(body: &str) -> Cow<'_, str> {
    if ["]({{", "]({%"]
        .iter()
        .all(|sign| memchr::memmem::find(body.as_bytes(), sign.as_bytes()).is_none())
    {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for (at, _) in body.match_indices("]({") {
        let start = at + 2;
        let window = &body[start..body.floor_char_boundary(start + LONGEST_SHORTCODE)];
        let Some(length) = shortcode_length(window).filter(|_| start >= done) else { continue };
        out.push_str(&body[done..start]);
        out.extend(body[start..start + length].chars().map(|letter| match letter {
            ' ' | '\t' | '<' | '>' | '"' | '`' | '(' | ')' | '*' | '_' | '\\' | '&' | '\''
            | '|' => '~',
            letter => letter,
        }));
        done = start + length;
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// How long the shortcodes are that a text begins with, if they lead to something.
pub(crate) fn shortcode_length(text: &str) -> Option<usize> {
    let mut length = 0;
    loop {
        let rest = &text[length..];
        let close = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            _ => break,
        };
        length += rest.find(close)? + 2;
    }
    let shortcodes = &text[..length];
    (!shortcodes.contains('\n') && shortcode_target(shortcodes).is_some()).then_some(length)
}

/// The same for one line.
pub(crate) fn line_without_shortcodes(line: Cow<'_, str>) -> Cow<'_, str> {
    match line {
        Cow::Borrowed(line) => masked_shortcodes(line),
        Cow::Owned(line) => Cow::Owned(masked_shortcodes(&line).into_owned()),
    }
}

/// What shortcodes lead to: `{{< ref "page" >}}` and `{{% relref "page" %}}` of Hugo, `{{ site.baseurl }}`,
/// `{% link page.md %}` and `{{ "/page/" | relative_url }}` of Jekyll; `None` for any other text.
pub(crate) fn shortcode_target(shortcode: &str) -> Option<Cow<'_, str>> {
    if let Some(rest) = liquid_base(shortcode) {
        return if rest.is_empty() { Some(Cow::Borrowed("")) } else { shortcode_target(rest) };
    }
    if let Some(tag) = shortcode.strip_prefix("{%") {
        let path = tag.strip_suffix("%}")?.trim().trim_matches('-').trim().strip_prefix("link ")?;
        return Some(format!("/{}", path.trim().trim_start_matches('/')).into());
    }
    let inner = shortcode.strip_prefix("{{")?.strip_suffix("}}")?;
    if let Some((value, filter)) = inner.split_once('|') {
        let is_filter = ["relative_url", "absolute_url"].contains(&filter.trim());
        return is_filter.then(|| value.trim().trim_matches(['"', '\'']).into());
    }
    let inner = inner.strip_prefix(['<', '%'])?.strip_suffix(['>', '%'])?.trim();
    let target = inner.strip_prefix("relref").or_else(|| inner.strip_prefix("ref"))?;
    let target = target.strip_prefix([' ', '\t'])?.trim();
    Some(target.trim_matches(['"', '`']).into())
}

/// What follows the address of a site of Jekyll, at which all its addresses begin.
fn liquid_base(text: &str) -> Option<&str> {
    let end = text.find("}}")?;
    let inner = text.strip_prefix("{{")?.get(..end - 2)?;
    ["site.baseurl", "site.url"].contains(&inner.trim()).then(|| &text[end + 2..])
}

/// `text` with the title where an ERB page shows its own title.
pub(crate) fn with_title<'a>(text: &'a str, title: &str) -> Cow<'a, str> {
    if text.contains(TITLE_TAG) {
        Cow::Owned(text.replace(TITLE_TAG, title))
    } else {
        Cow::Borrowed(text)
    }
}

/// The slices of `part` that lie in `whole`, found forward from byte `from` of `whole`.
pub(crate) fn find_from(whole: &str, part: &str, from: usize) -> Option<Range<usize>> {
    let at = whole.get(from..)?.find(part)? + from;
    Some(at..at + part.len())
}

#[cfg(test)]
mod tests {
    use super::{Source, shortcode_target};

    #[test]
    fn shortcodes_become_link_targets_of_the_same_length() {
        let text = "see [a]({{< ref \"./Node Down.md\" >}}) and {{< ref \"b\" >}}";
        let markdown = Source::new(text, 0).markdown().into_owned();
        assert_eq!(markdown.len(), text.len());
        assert_eq!(markdown, "see [a]({{~~ref~~./Node~Down.md~~~}}) and {{< ref \"b\" >}}");
        let target = |typed: &str| shortcode_target(typed).map(std::borrow::Cow::into_owned);
        for (typed, expected) in [
            ("{{% relref \"b#c\" %}}", Some("b#c")),
            ("{{< figure src=\"b\" >}}", None),
            ("{% link docs/a b.md %}", Some("/docs/a b.md")),
            ("{{ site.baseurl }}{% link a.md %}", Some("/a.md")),
            ("{{ site.url }}{{site.baseurl}}", Some("")),
            ("{{ '/a/' | relative_url }}", Some("/a/")),
            ("{{ page.next }}", None),
            ("{% include a.html %}", None),
            ("{{}}", None),
        ] {
            assert_eq!(target(typed).as_deref(), expected, "{typed}");
        }
    }
}
