//! A code block's language and text in, markup with gaps out.
//!
//! The gaps are where a page may put the value of a parameter or mark a placeholder: the same block on two pages
//! differs in nothing else, so it is coloured once. The figure round it, its title and its badge are the page's
//! affair. What stands in the block is only ever text here: nothing of it reaches the markup unescaped.

use std::ops::Range;

use crate::highlight::{Span, highlight};
use crate::shell::parameter::upper_case_tokens;
use crate::shell::{Quoting, Shell};
use crate::text::escape_content;
use crate::token::parameter_name;

/// A code block's markup, whole but for its slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlighted {
    /// What goes between `<code>` and `</code>`: `<b>` elements of [`SpanKind::opening`](crate::highlight::SpanKind::opening) (colours),
    /// and `<span>` elements with the classes `cmd` (one command that can be copied), `l` (one of its lines), `prompt` (within a command's
    /// lines, not to be copied) and `out` (sample output). Slots are left out.
    pub html: String,
    /// What is to be put in, in order.
    pub slots: Vec<ValueSlot>,
    /// How many commands it holds; 0 in whatever is no shell block.
    pub commands: usize,
}

/// A place in the markup for the value of `<region>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSlot {
    /// Where in [`Highlighted::html`] it goes.
    pub at: usize,
    /// The token as typed, with its brackets, not escaped.
    pub raw: String,
    /// Its name, by [`parameter_name`].
    pub name: String,
    /// How a value must be quoted there.
    pub quoting: Quoting,
}

impl Highlighted {
    /// Appends the whole markup, with what `write` makes of each slot.
    pub fn fill(&self, out: &mut String, mut write: impl FnMut(&ValueSlot, &mut String)) {
        let mut from = 0;
        for slot in &self.slots {
            out.push_str(&self.html[from..slot.at]);
            write(slot, out);
            from = slot.at;
        }
        out.push_str(&self.html[from..]);
    }
}

/// Colours a code block: the language as the author named it, its text, and what was read of it if it holds shell
/// commands.
///
/// In a shell block, slots are the parameters of its commands; in other blocks every `<UPPER_CASE>` token.
pub fn code_html(language: &str, text: &str, shell: Option<&Shell>) -> Highlighted {
    if let Some(shell) = shell {
        return shell_html(text, shell);
    }
    let literal = |range| (range, Quoting::Literal);
    let slots = upper_case_tokens(text).into_iter().map(literal).collect();
    let mut writer = CodeWriter::new(text, highlight(language, text), slots);
    writer.pieces(text.len());
    writer.written
}

fn shell_html(text: &str, shell: &Shell) -> Highlighted {
    let slots = shell
        .parameters
        .iter()
        .map(|parameter| (wide(&parameter.range), parameter.quoting))
        .collect();
    let mut writer = CodeWriter::new(text, shell.spans.clone(), slots);
    writer.prompts = shell.prompts.iter().map(wide).collect();
    let commands = shell.commands.iter().map(|command| {
        let range = wide(&command.range);
        let is_long = text[range.clone()].contains('\n');
        (range, if is_long { LONG } else { "<span class=cmd>" })
    });
    let output = shell.output.iter().map(|range| (wide(range), "<span class=out>"));
    let mut regions: Vec<(Range<usize>, &str)> = commands.chain(output).collect();
    regions.sort_by_key(|(range, _)| range.start);
    for (range, opening) in regions {
        writer.pieces(range.start);
        writer.markup(opening);
        if opening == LONG {
            writer.lines(range.clone());
        }
        writer.pieces(range.end);
        writer.markup("</span>");
    }
    writer.pieces(text.len());
    Highlighted { commands: shell.commands.len(), ..writer.written }
}

/// Opens a command on several lines, each of which is marked for itself where it wraps.
const LONG: &str = "<span class=\"cmd long\">";

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Writes a text from its beginning to its end, in pieces.
struct CodeWriter<'a> {
    text: &'a str,
    at: usize,
    spans: std::vec::IntoIter<Span>,
    /// The span that was cut off where a region or prompt began.
    rest: Option<Span>,
    slots: std::vec::IntoIter<(Range<usize>, Quoting)>,
    next_slot: Option<(Range<usize>, Quoting)>,
    prompts: std::collections::VecDeque<Range<usize>>,
    written: Highlighted,
}

impl<'a> CodeWriter<'a> {
    fn new(text: &'a str, spans: Vec<Span>, slots: Vec<(Range<usize>, Quoting)>) -> CodeWriter<'a> {
        let mut slots = slots.into_iter();
        let html = String::with_capacity(text.len() + 16 * spans.len());
        let written = Highlighted { html, ..Highlighted::default() };
        let next_slot = slots.next();
        let spans = spans.into_iter();
        let prompts = std::collections::VecDeque::new();
        CodeWriter { text, at: 0, spans, rest: None, slots, next_slot, prompts, written }
    }

    fn markup(&mut self, markup: &str) {
        self.written.html.push_str(markup);
    }

    /// Writes the lines of a range, each an element of its own.
    fn lines(&mut self, range: Range<usize>) {
        let text = self.text;
        let mut start = range.start;
        for line in text[range].split('\n') {
            let end = start + line.len();
            self.pieces(start);
            self.markup("<span class=l>");
            self.pieces(end);
            self.markup("</span>");
            start = end + 1;
        }
    }

    /// Writes up to `end` with prompts marked.
    fn pieces(&mut self, end: usize) {
        while let Some(prompt) = self.prompts.front().filter(|prompt| prompt.start < end).cloned() {
            self.prompts.pop_front();
            self.colored(prompt.start);
            self.markup("<span class=prompt>");
            self.plain(prompt.end);
            self.markup("</span>");
        }
        self.colored(end);
    }

    /// Writes up to `end` in colours.
    fn colored(&mut self, end: usize) {
        while let Some(span) = self.rest.take().or_else(|| self.spans.next()) {
            if span.range.start as usize >= end {
                self.rest = Some(span);
                break;
            }
            self.plain(span.range.start as usize);
            let stop = (span.range.end as usize).min(end);
            if self.at < stop {
                self.markup(span.kind.opening());
                self.plain(stop);
                self.markup("</b>");
            }
            if span.range.end as usize > end {
                self.rest = Some(span);
                break;
            }
        }
        self.plain(end);
    }

    /// Writes up to `end`, leaving slots out.
    fn plain(&mut self, end: usize) {
        while let Some((range, quoting)) = self.next_slot.take_if(|(range, _)| range.start < end) {
            self.escaped(range.start);
            let raw = self.text[range.clone()].to_owned();
            let name = parameter_name(&raw);
            self.written.slots.push(ValueSlot { at: self.written.html.len(), raw, name, quoting });
            self.at = range.end;
            self.next_slot = self.slots.next();
        }
        self.escaped(end);
    }

    fn escaped(&mut self, end: usize) {
        if self.at >= end {
            return;
        }
        escape_content(&mut self.written.html, &self.text[self.at..end]);
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Highlighted, code_html};
    use crate::highlight::highlight;
    use crate::shell::shell_block;

    fn code(language: &str, text: &str) -> Highlighted {
        code_html(language, text, shell_block(language, text).as_ref())
    }

    /// The markup with each slot shown as `{name}`.
    fn check(language: &str, text: &str, expected: &str) {
        let mut shown = String::new();
        code(language, text).fill(&mut shown, |slot, html| {
            html.push('{');
            html.push_str(&slot.name);
            html.push('}');
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_session_has_prompts_commands_and_output() {
        check(
            "console",
            "$ kubectl get pod <POD_NAME> \\\n> -n default\nNAME  <none>\n",
            "<span class=prompt>$ </span><span class=\"cmd long\"><span class=l>kubectl get pod {pod-name} \\</span>\n\
             <span class=l><span class=prompt>&gt; </span><b class=f>-n</b> default</span></span>\n\
             <span class=out>NAME  &lt;none&gt;</span>\n",
        );
    }

    #[test]
    fn slots_lie_within_colors() {
        check(
            "bash",
            "x --url \"https://<region>.y\"",
            "<span class=cmd>x <b class=f>--url</b> \
             <b class=s>\"https://{region}.y\"</b></span>",
        );
        check(
            "yaml",
            "name: \"<AGENT_NAME>\"",
            "<b class=f>name</b>: <b class=s>\"{agent-name}\"</b>",
        );
    }

    #[test]
    fn other_languages_have_slots_in_upper_case_only() {
        check(
            "",
            "<ACCOUNT-ID> <br> Vec<T> <T x> a & b",
            "{account-id} &lt;br&gt; Vec&lt;T&gt; &lt;T x&gt; a &amp; b",
        );
    }

    /// What a reader sees, if every slot shows its raw text.
    fn text_of(language: &str, text: &str) -> String {
        let mut html = String::new();
        code(language, text).fill(&mut html, |slot, html| {
            html.push_str(
                &slot.raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            );
        });
        let mut parts = html.split('<');
        let mut seen = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            seen.push_str(part.split_once('>').expect("a whole tag").1);
        }
        seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    proptest! {
        #[test]
        fn the_reader_sees_the_source_text(
            language in prop::sample::select(&["bash", "console", "yaml", "sql", "hcl", "xml", ""][..]),
            text in r#"([a-z0-9 ]{0,4}|[$#>|&;(){}<>'"`\\:=/\n -]{1,3}|é|<<EOF\n|\n\$ |\n> |EOF\n|<name>|<BIG NAME>|&lt;|kubectl ){0,30}"#,
        ) {
            prop_assert_eq!(text_of(language, &text), text);
        }
    }

    // Whatever takes the square of its length takes minutes here; whatever is linear, a second.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures time")]
    fn no_text_takes_longer_than_its_length_asks_for() {
        let start = std::time::Instant::now();
        let pieces = [
            "\"", "'", "`", "$(", "(", "<a", "<<A ", "\\'", "{", "${", "a: \"", "/*", "#", "if ",
            "$ \"\n", "- ", "    ", "<a ", "[", "\"\\", "a=(", "|\n  ", "<<A\n", "${`", "\"$(",
            "$ a\n> ",
        ];
        for piece in pieces {
            let text = piece.repeat(50_000 / piece.len());
            for language in ["bash", "console", "yaml", "js"] {
                code(language, &text);
            }
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    const LANGUAGES: &[&str] = &[
        "bash", "console", "yaml", "json", "hcl", "python", "sql", "toml", "ini", "dockerfile",
        "promql", "powershell", "diff", "js", "go", "xml", "logs-insights", "rust", "java", "ruby",
        "nginx", "none",
    ];

    proptest! {
        #[test]
        fn spans_lie_in_order_on_character_boundaries(
            language in prop::sample::select(LANGUAGES),
            text in r#"([a-z0-9 ]{0,4}|[$#>|&;(){}<>'"`\\:=/!*@%\[\]\n\t -]{1,3}|é|💥|<<EOF\n|\$ |EOF\n|key: |<name>|\$\(){0,40}"#,
        ) {
            let mut from = 0;
            let shell = shell_block(language, &text);
            let spans = shell.map_or_else(|| highlight(language, &text), |shell| shell.spans);
            for span in spans {
                prop_assert!(from <= span.range.start && span.range.start < span.range.end);
                prop_assert!(text.get(span.range.start as usize..span.range.end as usize).is_some());
                from = span.range.end;
            }
        }
    }
}
