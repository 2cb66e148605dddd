//! A flowchart as authors may write it in, one statement a line out, which is all that the library reads.
//!
//! Mermaid lets labels run over several lines, and arrows end one line or begin the next. Lines are joined, never
//! changed otherwise, and each knows where it came from. Other kinds of diagrams go through as they are.

/// The lines to draw, each with the line of the source that it begins in and the one it ends in, from 1.
pub(super) struct Statements {
    lines: Vec<Statement>,
}

struct Statement {
    text: String,
    first: usize,
    last: usize,
}

/// What Mermaid's grammar forbids.
pub(super) struct Violation {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Words that begin lines which hold neither nodes nor arrows.
const DIRECTIVES: &[&str] = &[
    "accDescr",
    "accDescr:",
    "accTitle",
    "accTitle:",
    "class",
    "classDef",
    "click",
    "direction",
    "end",
    "flowchart",
    "graph",
    "linkStyle",
    "style",
    "title",
];

impl Statements {
    /// The lines of `source`, joined where a label or an arrow goes on in the next.
    pub(super) fn of(source: &str) -> Statements {
        let lines: Vec<&str> = source.lines().collect();
        let mut statements = Statements { lines: Vec::with_capacity(lines.len()) };
        let mut at = statements.front_matter(&lines);
        // A label that nothing closes would swallow the rest; from the first of these on, each line ends its labels.
        let mut labels_close = true;
        while let Some(line) = lines.get(at) {
            let line = line.trim();
            let number = at + 1;
            at += 1;
            if line.is_empty() || line.starts_with("%%") {
                continue;
            }
            let mut statement = Statement { text: line.to_owned(), first: number, last: number };
            let mut open = Open::default();
            open.read(line);
            if labels_close && open.is_open() && !is_directive(line) {
                match rest_of_label(&lines, at, &mut statement.text, &mut open) {
                    Some(after) => (at, statement.last) = (after, after),
                    None => labels_close = false,
                }
            }
            statements.add(statement);
        }
        statements
    }

    /// The settings between `---` at the top go through as they are.
    fn front_matter(&mut self, lines: &[&str]) -> usize {
        let Some(first) = lines.iter().position(|line| !line.trim().is_empty()) else { return 0 };
        if lines[first].trim() != "---" {
            return 0;
        }
        let inside = lines[first + 1..].iter().position(|line| line.trim() == "---");
        let after = inside.map_or(0, |inside| first + inside + 2);
        for (at, line) in lines[..after].iter().enumerate().skip(first) {
            self.lines.push(Statement { text: (*line).to_owned(), first: at + 1, last: at + 1 });
        }
        after
    }

    /// Adds a line, to the one before it if an arrow stands between them.
    fn add(&mut self, statement: Statement) {
        let before = self.lines.last_mut().filter(|before| !is_directive(&before.text));
        match before {
            Some(before)
                if !is_directive(&statement.text)
                    && (begins_with_arrow(&statement.text) || before.awaits_more()) =>
            {
                before.text.push(' ');
                before.text.push_str(&statement.text);
                before.last = statement.last;
            }
            _ => self.lines.push(statement),
        }
    }

    /// What is drawn.
    pub(super) fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect()
    }

    /// The line of the source that `fragment` stands in, as far as it can be found.
    pub(super) fn line_of(&self, fragment: &str) -> Option<usize> {
        let found = self.lines.iter().find(|line| line.text.contains(fragment));
        found.filter(|_| !fragment.is_empty()).map(|line| line.first)
    }

    /// The first thing that is certainly wrong, whoever draws it.
    pub(super) fn violation(&self) -> Option<Violation> {
        let mut subgraphs = Vec::new();
        for line in &self.lines {
            for part in Open::parts(&line.text) {
                let word = part.split_whitespace().next().unwrap_or_default();
                if word == "subgraph" {
                    subgraphs.push((line.first, part));
                } else if part == "end" && subgraphs.pop().is_none() {
                    let message = "`end` without a `subgraph` before it".to_owned();
                    return Some(Violation { line: line.first, message });
                }
            }
            if !is_directive(&line.text) && ends_with_arrow(&line.text) {
                let last = line.text.split_whitespace().rev().take(2).collect::<Vec<_>>();
                let last: Vec<&str> = last.into_iter().rev().collect();
                let message = format!("the arrow of `{}` leads nowhere", last.join(" "));
                return Some(Violation { line: line.last, message });
            }
        }
        let (line, opened) = subgraphs.pop()?;
        Some(Violation { line, message: format!("`{opened}` is never closed with `end`") })
    }
}

impl Statement {
    /// Whether an arrow, or the text on one, goes on in the next line.
    fn awaits_more(&self) -> bool {
        let text = self.text.as_str();
        if ends_with_arrow(text) {
            return true;
        }
        // `A -- why` waits for `-->`.
        let Some((before, said)) = text.rsplit_once(" -- ").or_else(|| text.rsplit_once(" == "))
        else {
            return false;
        };
        !before.is_empty() && !said.contains("--") && !said.contains("==") && !said.contains('"')
    }
}

/// Appends lines from `at` on until the label is closed, and says which line is next.
fn rest_of_label(lines: &[&str], at: usize, text: &mut String, open: &mut Open) -> Option<usize> {
    let begun = text.len();
    for (more, line) in lines[at..].iter().enumerate() {
        let line = line.trim();
        let closes = line.starts_with([']', ')', '}']) && !open.quoted;
        text.push_str(match () {
            () if line.is_empty() => "",
            () if open.is_between_settings() => " ",
            () if closes || text.ends_with(['[', '(', '{', '"']) => "",
            () => "<br/>",
        });
        text.push_str(line);
        open.read(line);
        if !open.is_open() {
            return Some(at + more + 1);
        }
    }
    text.truncate(begun);
    None
}

fn is_directive(line: &str) -> bool {
    let word = line.split([' ', '\t', ';']).next().unwrap_or_default();
    DIRECTIVES.contains(&word)
}

/// Whether a line begins with a link: `-->`, `---`, `<==>`, `-.->`, `~~~` and the like.
fn begins_with_arrow(line: &str) -> bool {
    let line = line.strip_prefix('<').unwrap_or(line);
    ["--", "==", "-.", "~~~"].iter().any(|arrow| line.starts_with(arrow))
}

/// Whether a line ends with a link, or with the first half of one that carries text.
fn ends_with_arrow(line: &str) -> bool {
    let shaft = line.trim_end_matches(['>', 'o', 'x']);
    let heads = line.len() - shaft.len();
    heads <= 1 && ["--", "==", "-.", ".-", "~~~"].iter().any(|arrow| shaft.ends_with(arrow))
}

/// What is open at the end of what was read: a quotation, brackets, the text between two bars.
#[derive(Default)]
struct Open {
    quoted: bool,
    barred: bool,
    /// The brackets that are open; `@` for `@{`.
    brackets: Vec<char>,
}

impl Open {
    fn read(&mut self, text: &str) {
        let mut before = ' ';
        for character in text.chars() {
            self.step(before, character);
            before = character;
        }
    }

    fn step(&mut self, before: char, character: char) {
        match character {
            '"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            '|' if self.brackets.is_empty() => self.barred = !self.barred,
            _ if self.barred => {}
            '{' if before == '@' => self.brackets.push('@'),
            '[' | '(' | '{' => self.brackets.push(character),
            ']' | ')' | '}' => drop(self.brackets.pop()),
            _ => {}
        }
    }

    fn is_open(&self) -> bool {
        self.quoted || self.barred || !self.brackets.is_empty()
    }

    fn is_between_settings(&self) -> bool {
        !self.quoted && self.brackets.last() == Some(&'@')
    }

    /// The parts of a line that semicolons outside labels divide.
    fn parts(line: &str) -> Vec<&str> {
        let (mut open, mut before, mut begin) = (Open::default(), ' ', 0);
        let mut parts = Vec::new();
        for (at, character) in line.char_indices() {
            open.step(before, character);
            before = character;
            if character == ';' && !open.is_open() {
                parts.push(line[begin..at].trim());
                begin = at + 1;
            }
        }
        parts.push(line[begin..].trim());
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::Statements;

    fn check(source: &str, expected: &str) {
        assert_eq!(Statements::of(source).text(), expected);
    }

    #[test]
    fn a_label_may_run_over_lines() {
        check(
            "graph TB\n  A[\"Three\n  lines\n\n  here\"] --> B\n",
            "graph TB\nA[\"Three<br/>lines<br/>here\"] --> B\n",
        );
        check("graph TB\nA[\n one\n two\n]\nB(x\ny)", "graph TB\nA[one<br/>two]\nB(x<br/>y)\n");
        check("graph TB\nA -->|a\nb| B", "graph TB\nA -->|a<br/>b| B\n");
        check("graph TB\nA@{\n shape: rect\n}", "graph TB\nA@{ shape: rect }\n");
    }

    #[test]
    fn an_arrow_may_end_a_line_or_begin_one() {
        check(
            "graph TB\nA\n\n --> B\n%% why\n-->|x| C -.->\nD ==>\nE",
            "graph TB\nA --> B -->|x| C -.-> D ==> E\n",
        );
        check("graph TB\nA --x\nB o--o\nC <-->\nD", "graph TB\nA --x B o--o C <--> D\n");
        check("graph TB\nA --\nwhy\n--> B\nC", "graph TB\nA -- why --> B\nC\n");
    }

    #[test]
    fn a_label_that_nothing_closes_swallows_nothing() {
        check("graph TB\nA[x\nB -->\nC[y\nD", "graph TB\nA[x\nB --> C[y\nD\n");
        check("graph TB\nstyle A fill:(\nB", "graph TB\nstyle A fill:(\nB\n");
    }

    #[test]
    fn only_what_the_grammar_forbids_is_a_violation() {
        let violation = |source: &str| Statements::of(source).violation().map(|found| found.line);
        assert_eq!(violation("graph LR\nA --> End\nEnd --> END\nfoo --> box\n"), None);
        assert_eq!(violation("graph LR; subgraph x; A[\"; end\"]; end; B --> C"), None);
        assert_eq!(violation("graph LR\nsubgraph a\nsubgraph b\nX\nend\n"), Some(2));
        assert_eq!(violation("graph LR\nA\nend\n"), Some(3));
        assert_eq!(violation("graph LR\nA -->\nB -->\n"), Some(3));
        assert_eq!(violation("graph LR\nsubgraph a\nA -->\nend\n"), Some(3));
    }
}
