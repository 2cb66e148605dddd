//! Formulas as GitHub has them, `$a$`, `$$a$$`, `` $`a`$ `` and blocks of `math`, become `MathML`, which browsers draw
//! without script.
//!
//! Inline formulas are masked while the text is parsed, byte for byte, so that nothing in them is taken for Markdown.
//! What only has the sign of a dollar, prices and the variables of a shell, is text.

use std::convert::Infallible;

use comrak::nodes::AstNode;
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

use super::rewritten::rewrite;

/// What stands for a dollar sign while the text is parsed.
const DOLLAR: u8 = 4;

/// What stands for each sign that Markdown would take for its own.
const MASKS: [(u8, u8); 15] = [
    (b'$', DOLLAR),
    (b'_', 5),
    (b'*', 6),
    (b'\\', 7),
    (b'`', 8),
    (b'&', 14),
    (b'<', 15),
    (b'>', 16),
    (b'[', 17),
    (b']', 18),
    (b'!', 19),
    (b'~', 20),
    (b':', 21),
    (b'@', 22),
    (b'|', 23),
];

/// The longest formula that is drawn, and how deep its braces may stand in each other: the library takes time by the
/// square of the depth.
const LONGEST: usize = 4_096;
const DEEPEST: usize = 64;

/// A text with its formulas masked; nothing where there are none.
pub(super) fn masked(text: &str) -> Option<String> {
    if memchr::memchr(b'$', text.as_bytes()).is_none()
        || text.bytes().any(|byte| MASKS.iter().any(|(_, mask)| *mask == byte))
    {
        return None;
    }
    let mut bytes: Option<Vec<u8>> = None;
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'$', &text.as_bytes()[from..]).map(|at| from + at) {
        let Some(length) = formula_at(text, at) else {
            from = at + 1;
            continue;
        };
        let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
        for byte in &mut bytes[at..at + length] {
            *byte = MASKS.iter().find(|(sign, _)| sign == byte).map_or(*byte, |(_, mask)| *mask);
        }
        from = at + length;
    }
    String::from_utf8(bytes?).ok()
}

/// The length of the formula that begins with the dollar sign at a byte, if one does.
fn formula_at(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].chars().next_back();
    let opens = |before: char| before.is_whitespace() || "([{\"'*_~|>—–-,;:".contains(before);
    if !before.is_none_or(opens) {
        return None;
    }
    // A longer one is not drawn.
    let rest = &text[at..];
    let rest = &rest[..rest.floor_char_boundary(2 * LONGEST)];
    let line = rest.lines().next().unwrap_or_default();
    let (sign, close) = [("$`", "`$"), ("$$", "$$"), ("$", "$")]
        .into_iter()
        .find(|(sign, _)| line.starts_with(sign))?;
    let inner = &line[sign.len()..];
    let end = inner.find(close)?;
    let formula = &inner[..end];
    let after = inner[end + close.len()..].chars().next();
    let closes = |after: char| after.is_whitespace() || ")]}\"'*_~|<—–-.,;:!?".contains(after);
    let is_tight = sign != "$" || formula.trim() == formula;
    let is_formula = !formula.trim().is_empty()
        && is_tight
        && !formula.contains('`')
        && !formula.ends_with('\\')
        && after.is_none_or(closes);
    is_formula.then_some(sign.len() + end + close.len())
}

/// Puts the signs back in everything but text, where they stand for formulas.
pub(super) fn unmask<'a>(root: &'a AstNode<'a>) {
    rewrite(root, plain);
}

/// A text as typed.
pub(super) fn plain(text: &str) -> String {
    let sign = |letter: char| {
        let mask = MASKS.iter().find(|(_, mask)| char::from(*mask) == letter);
        mask.map_or(letter, |(sign, _)| char::from(*sign))
    };
    text.chars().map(sign).collect()
}

/// A piece of a text with masked formulas.
pub(super) enum FormulaPiece<'t> {
    Text(&'t str),
    /// A formula as typed, dollar signs included.
    Formula(String),
}

/// The pieces of a text, in order.
pub(super) fn pieces(text: &str) -> Vec<FormulaPiece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let dollar = char::from(DOLLAR);
    while let Some(start) = rest.find(dollar) {
        let signs = if rest[start + 1..].starts_with(dollar) { 2 } else { 1 };
        let inner = &rest[start + signs..];
        let Some(end) = inner.find(dollar) else { break };
        let end = start + signs + end + signs;
        found.push(FormulaPiece::Text(&rest[..start]));
        found.push(FormulaPiece::Formula(plain(&rest[start..end])));
        rest = &rest[end..];
    }
    found.push(FormulaPiece::Text(rest));
    found
}

/// The formula without its dollar signs, and whether it stands for itself.
pub(super) fn formula(typed: &str) -> (&str, bool) {
    if let Some(inner) = typed.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$")) {
        return (inner, true);
    }
    let inner = typed.trim_start_matches('$').trim_end_matches('$');
    (inner.trim_matches('`'), false)
}

/// A formula as `MathML`; `None` where it is no LaTeX that the library knows.
pub(super) fn mathml(latex: &str, displayed: bool) -> Option<String> {
    let mut depth = 0_usize;
    for byte in latex.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST || latex.len() > LONGEST {
            return None;
        }
    }
    // Commands take the next one as their argument, so that these nest without braces.
    if latex.matches('\\').count() > LONGEST / 8 {
        return None;
    }
    let storage = Storage::new();
    let events: Vec<_> = Parser::new(latex.trim(), &storage).collect::<Result<_, _>>().ok()?;
    let display_mode = if displayed { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut html = String::new();
    push_mathml(&mut html, events.into_iter().map(Ok::<_, Infallible>), config).ok()?;
    // A page allows no style of its own, and the library leaves signs as they are.
    let html = without_styles(&html);
    let html = html.replace("><<", ">&lt;<").replace(">><", ">&gt;<").replace(">&<", ">&amp;<");
    Some(html)
}

fn without_styles(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(" style=\"") {
        out.push_str(&rest[..start]);
        let value = &rest[start + " style=\"".len()..];
        rest = value.find('"').map_or("", |end| &value[end + 1..]);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::mathml;
    use crate::parse::tests_support::document;

    fn shown(text: &str) -> String {
        document(text).body.fill(0, |_, _| ()).trim().to_owned()
    }

    #[test]
    fn formulas_are_drawn_without_script() {
        let r = "<math display=\"inline\"><mi>r</mi></math>";
        for text in ["$r$", "$`r`$", "a $r$.", "($r$)", "**$r$**", "| $r$ |\n|---|\n| a |"] {
            assert!(shown(text).contains(r), "{text}: {}", shown(text));
        }
        assert!(shown("$$r$$").contains("<math display=\"block\"><mi>r</mi></math>"));
        assert!(shown("$$\nr\n$$").contains("<math display=\"block\"><mi>r</mi></math>"));
        assert!(shown("```math\nr\n```").contains("<math display=\"block\"><mi>r</mi></math>"));
        assert!(shown("$a_1 * b_2 * c$").contains("<msub><mi>a</mi>"));
        assert!(shown("$a < b$").contains("&lt;"));
        assert_eq!(document("Rate $n / t$ now").sections[0].text, "Rate n / t now");
    }

    #[test]
    fn prices_and_variables_of_a_shell_stay_as_typed() {
        for text in [
            "$HOME and $PATH", "$HOME:$PATH", "costs $5 and $6", "$5/$6", "US$ and A$", "`$a$ b`",
            "a$b$c", "$ a $", "\\$a\\$", "$",
        ] {
            assert!(!shown(text).contains("<math"), "{text}");
        }
        assert!(shown("$HOME and $PATH").contains("$HOME and $PATH"));
        let page = document(
            "see [x](y.md?a=$b$) `$a_b$` and https://e.example/$a/$b\n\n```sh\necho $a_b $c\n```\n",
        );
        assert_eq!(page.links[0].address, "y.md?a=$b$");
        assert_eq!(page.links[1].address, "https://e.example/$a/$b");
        assert_eq!(page.code_spans[0].text, "$a_b$");
        assert_eq!(page.code_blocks[0].text, "echo $a_b $c\n");
    }

    #[test]
    fn what_the_library_does_not_know_stays_as_typed_and_is_named() {
        let page = document("so $\\unknown{a_b}$ it is\n");
        assert!(page.body.fill(0, |_, _| ()).contains("$\\unknown{a_b}$"));
        assert_eq!(page.diagnostics.len(), 1);
        assert_eq!(document("```math\n\\unknown\n```\n").code_blocks.len(), 1);
    }

    #[test]
    fn formulas_carry_neither_styles_nor_elements_of_their_own() {
        for latex in
            ["\\color{red}{x}", "\\text{<script>}", "a \\& b", "\\begin{cases}1&x>0\\end{cases}"]
        {
            let html = mathml(latex, false).expect("the library knows it");
            assert!(!html.contains("style=") && !html.contains("<script"), "{html}");
            assert!(
                !html.contains(">&<") && !html.contains("><<") && !html.contains(">><"),
                "{html}"
            );
        }
    }

    #[test]
    fn formulas_that_nest_without_end_are_text() {
        assert_eq!(mathml(&format!("{}x{}", "{".repeat(500), "}".repeat(500)), false), None);
        assert_eq!(mathml(&"\\frac".repeat(3_000), false), None);
        let many = document(&"$x$ ".repeat(10_000));
        assert_eq!(many.body.fill(0, |_, _| ()).matches("<math").count(), 10_000);
    }
}
