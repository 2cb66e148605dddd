//! The variables of the Serverless Framework, `${source:address, fallback}`, in any text of its `serverless.yml`.
//!
//! `self:` is followed inside the file; everything else is a hole, named after the end of its address. The syntax is that
//! of the [guide](https://www.serverless.com/framework/docs/guides/variables).

use super::super::pattern::Pattern;
use crate::value::Node;

/// How deep variables may lead to texts that hold variables.
const MAX_DEPTH: usize = 16;

/// How many variables one text may hold, those that they lead to included.
const MAX_VARIABLES: usize = 500;

/// A text with its variables filled in, by the whole file. What `CloudFormation` puts in, `${Name}`, stays as it is typed.
pub(super) fn filled(text: &str, file: &Node) -> Pattern {
    fill(text, file, 0, &mut MAX_VARIABLES.clone())
}

fn fill(text: &str, file: &Node, depth: usize, left: &mut usize) -> Pattern {
    let mut filled = Pattern::default();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = closing(&rest[start + 2..]) else { break };
        let variable = &rest[start + 2..start + 2 + length];
        filled.push_literal(&rest[..start]);
        rest = &rest[start + length + 3..];
        if is_foreign(variable) {
            filled.push_literal(&format!("${{{variable}}}"));
        } else if depth < MAX_DEPTH && *left > 0 {
            *left -= 1;
            filled.append(value(variable, file, depth, left));
        } else {
            filled.append(Pattern::hole(""));
        }
    }
    filled.push_literal(rest);
    filled
}

/// Whether `CloudFormation` is meant: no source before a colon, but for its own pseudo parameters.
fn is_foreign(variable: &str) -> bool {
    variable.starts_with("AWS::") || !variable.contains([':', ','])
}

/// What a variable says: what the file says at its address, else a hole.
fn value(variable: &str, file: &Node, depth: usize, left: &mut usize) -> Pattern {
    let address = variable.split(',').next().unwrap_or_default().trim();
    let (source, path) = address.split_once(':').unwrap_or(("", address));
    let parts: Vec<&str> = path.split('.').map(str::trim).collect();
    let said = (source == "self").then(|| file.at(&parts)).flatten().and_then(Node::scalar_text);
    match said {
        Some(text) => fill(&text, file, depth + 1, left),
        None => Pattern::hole(name(&parts)),
    }
}

/// The end of an address as a name, without what is itself computed in it.
fn name(parts: &[&str]) -> String {
    let last = parts.last().copied().unwrap_or_default();
    let end = last.rsplit(['/', '}', '{', ':', '$', '(', ')']).find(|part| !part.is_empty());
    end.unwrap_or_default().to_string()
}

/// Where the brace that closes a variable stands; variables stand in variables.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::read::read_source;
    use crate::files::FilePath;

    fn check(alarm: &str, expected: &[&str]) {
        let text = format!(
            "service: mail\nprovider:\n  name: aws\n  stage: ${{opt:stage, 'dev'}}\ncustom:\n  team: night\n  \
             deep: ${{self:custom.team}}-${{self:custom.deep}}\nresources:\n{alarm}"
        );
        let file = read_source(&FilePath::new("serverless.yml").unwrap(), &text);
        let names: Vec<&str> = file.rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, expected, "{text}");
    }

    #[test]
    fn variables_are_followed_inside_the_file_and_holes_elsewhere() {
        let alarm = |name: &str| {
            format!(
                "    Old:\n      Type: AWS::CloudWatch::Alarm\n      Properties:\n        AlarmName: {name}\n"
            )
        };
        let whole = |name: &str| format!("  Resources:\n{}", alarm(name));
        check(&whole("${self:service}-old"), &["mail-old"]);
        check(&whole("${self:provider.stage}-${self:custom.team}-old"), &["{stage}-night-old"]);
        check(&whole("${env:REGION}-${ssm:/mail/name}-old"), &["{REGION}-{name}-old"]);
        check(&whole("${file(./names.yml):${self:provider.stage}.queue}-old"), &["{queue}-old"]);
        check(&whole("!Sub '${AWS::Region}-${self:service}-old'"), &["{AWS::Region}-mail-old"]);
        check(&whole("${self:service"), &["${self:service"]);
        let listed = format!(
            "  - ${{file(./more.yml)}}\n  - Resources:\n  {}",
            alarm("a-old").replace('\n', "\n  ")
        );
        check(&listed, &["a-old"]);
    }

    #[test]
    fn variables_that_lead_to_themselves_come_to_an_end() {
        let alarm = "  Resources:\n    Old:\n      Type: AWS::CloudWatch::Alarm\n      Properties:\n        AlarmName: \
                     x-${self:custom.deep}\n";
        let text = format!(
            "service: x\ncustom:\n  deep: a-${{self:custom.deep}}${{self:custom.deep}}\nresources:\n{alarm}"
        );
        let file = read_source(&FilePath::new("serverless.yml").unwrap(), &text);
        assert_eq!(file.rules.len(), 1);
    }
}
