//! A script of the default theme as it is published: without what only readers of the source need.
//!
//! Comments, indentation and spaces go, and names that the script gives its own variables become short ones. It reads
//! the tokens of the language, not its scopes: variables of one name have one short name wherever they stand in the
//! script, and names of properties stay. So this suits scripts of which no variable has the name of one of the browser's
//! that they use, which the tests hold of each; a site's own are published as they are.
//!
//! It is worth its lines: the search with its dialog is 14.1 KB packed, and 17.1 KB with only comments and indentation
//! gone. The minifiers that are libraries do not read these scripts, or bring a compiler with them.

use std::collections::{BTreeMap, BTreeSet};

use super::script_tokens::{ScriptToken, ScriptTokenKind, depth_of, tokens};

/// Words that are keywords in some places and names in others.
const CONTEXTUAL: [&str; 6] = ["async", "await", "get", "of", "set", "static"];

/// The script, shorter.
pub(super) fn script(source: &str) -> String {
    let tokens = tokens(source);
    let roles = roles(&tokens);
    let names = short_names(&tokens, &roles);
    let mut whole = String::with_capacity(source.len());
    for (number, token) in tokens.iter().enumerate() {
        if number > 0 {
            whole.push_str(between(&tokens[number - 1], token));
        }
        match names.get(token.text).filter(|_| roles[number] != Role::Other) {
            Some(short) if roles[number] == Role::Entry => {
                whole.push_str(&format!("{}:{short}", token.text));
            }
            Some(short) => whole.push_str(short),
            None => whole.push_str(token.text),
        }
    }
    whole.push('\n');
    whole
}

/// What has to stand between two tokens. Lines end where a statement may.
fn between(before: &ScriptToken<'_>, token: &ScriptToken<'_>) -> &'static str {
    let goes_on = before.kind == ScriptTokenKind::Mark
        && !matches!(before.text, ")" | "]" | "}" | "++" | "--");
    let is_continued = token.kind == ScriptTokenKind::Mark
        && !matches!(token.text, "(" | "[" | "{" | "++" | "--" | "!");
    let is_same = before.text.ends_with('+') && token.text.starts_with('+')
        || before.text.ends_with('-') && token.text.starts_with('-');
    let is_behind_literal = before.kind == ScriptTokenKind::Literal && !before.text.ends_with("${");
    let would_join = before.kind == ScriptTokenKind::Word && is_worded(token)
        || is_behind_literal && token.kind == ScriptTokenKind::Word;
    if token.is_first && !goes_on && !is_continued {
        "\n"
    } else if would_join || is_same {
        " "
    } else {
        ""
    }
}

/// Whether a token cannot stand right behind a word.
fn is_worded(token: &ScriptToken<'_>) -> bool {
    token.kind == ScriptTokenKind::Word
        || token.kind == ScriptTokenKind::Literal && token.text.starts_with('/')
}

fn is_property(before: Option<&ScriptToken<'_>>) -> bool {
    before.is_some_and(|before| matches!(before.text, "." | "?."))
}

/// Short names for the variables that the script declares: the most frequent get the shortest. Those of different
/// functions share names, since none sees another's.
fn short_names<'a>(tokens: &[ScriptToken<'a>], roles: &[Role]) -> BTreeMap<&'a str, String> {
    let (regions, shared) = regions(tokens);
    let is_variable = |number: usize| roles[number] != Role::Other;
    let mut uses: BTreeMap<&str, Vec<usize>> = declared(tokens)
        .into_iter()
        .filter(|name| !CONTEXTUAL.contains(name))
        .map(|name| (name, Vec::new()))
        .collect();
    for (number, token) in tokens.iter().enumerate().filter(|(number, _)| is_variable(*number)) {
        uses.entry(token.text).and_modify(|uses| uses.push(regions[number]));
    }
    let mut renamed: Vec<&str> = uses.keys().copied().collect();
    // The shortest names go to what is named most often; the name itself keeps the order the same in each build.
    renamed.sort_by_key(|name| (std::cmp::Reverse(uses[name].len()), *name));
    let taken: BTreeSet<&str> =
        tokens.iter().map(|token| token.text).filter(|text| !uses.contains_key(text)).collect();
    // For each short name the regions in which it is a variable; all of them if it is one of the whole script.
    let mut occupied: Vec<BTreeSet<usize>> = Vec::new();
    let mut names = BTreeMap::new();
    let most = renamed.len() + taken.len();
    let all: BTreeSet<usize> = regions.iter().copied().collect();
    for name in renamed {
        let own =
            if shared.contains(name) { all.clone() } else { uses[name].iter().copied().collect() };
        let free = (0..=most).find(|number| {
            let is_free = occupied.get(*number).is_none_or(|regions| regions.is_disjoint(&own));
            is_free && !taken.contains(short_name(*number).as_str())
        });
        let number = free.expect("there are more than are taken");
        occupied.resize_with(occupied.len().max(number + 1), BTreeSet::new);
        occupied[number].extend(own);
        names.insert(name, short_name(number));
    }
    names
}

/// For each token the number of the statement or method that it is in, and the names that all of them see: a script
/// that is one function declares them in its body. Any other is one region.
fn regions<'a>(tokens: &[ScriptToken<'a>]) -> (Vec<usize>, BTreeSet<&'a str>) {
    const ONE_FUNCTION: [&str; 5] = ["(", "(", ")", "=>", "{"];
    let mut shared = BTreeSet::new();
    let mut regions = Vec::with_capacity(tokens.len());
    let mut region = 0;
    let is_one = tokens.iter().map(|token| token.text).take(5).eq(ONE_FUNCTION);
    // What is open, each with whether it is the body of a class.
    let mut open: Vec<bool> = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let is_outermost = is_one && open.len() == 2;
        if is_outermost && matches!(token.text, "const" | "let" | "function" | "class") {
            add_names(&tokens[number + 1..], &mut shared);
        }
        let ends_piece = token.kind == ScriptTokenKind::Literal && token.text.starts_with('}');
        if depth_of(token) < 0 || ends_piece {
            open.pop();
        }
        regions.push(region);
        if is_outermost && token.text == ";" || open.last() == Some(&true) && token.text == "}" {
            region += 1;
        }
        if depth_of(token) > 0
            || token.kind == ScriptTokenKind::Literal && token.text.ends_with("${")
        {
            let is_class = number > 1 && tokens[number - 2].text == "class";
            open.push(token.text == "{" && is_class);
        }
    }
    (regions, shared)
}

/// `a` to `Z`, then `a0` to `Z9`: no keyword is among them.
fn short_name(number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => letter.to_string(),
        more => format!("{letter}{}", more - 1),
    }
}

/// Names behind `const` and `let`, of functions and classes, and of parameters.
fn declared<'a>(tokens: &[ScriptToken<'a>]) -> BTreeSet<&'a str> {
    let mut declared = BTreeSet::new();
    for (number, token) in tokens.iter().enumerate() {
        let text = |number: usize| tokens.get(number).map_or("", |token| token.text);
        match token.text {
            _ if number > 0 && is_property(tokens.get(number - 1)) => {}
            "const" | "let" | "function" | "class" => {
                add_names(&tokens[number + 1..], &mut declared);
            }
            "(" => {
                let end = number + closing(&tokens[number..]);
                let is_statement = number > 0
                    && matches!(text(number - 1), "if" | "for" | "while" | "switch" | "=>");
                if text(end + 1) == "=>" || text(end + 1) == "{" && !is_statement {
                    add_names(&tokens[number + 1..end], &mut declared);
                }
            }
            _ if token.kind == ScriptTokenKind::Word && text(number + 1) == "=>" => {
                declared.insert(token.text);
            }
            _ => {}
        }
    }
    declared
}

/// The number of the token that closes the first.
fn closing(tokens: &[ScriptToken<'_>]) -> usize {
    let mut depth = 0;
    let closes = |token: &ScriptToken<'_>| {
        depth += depth_of(token);
        depth == 0
    };
    tokens.iter().position(closes).unwrap_or(tokens.len() - 1)
}

/// The names that come first, and behind commas, to the end of the declaration; also those of lists and objects.
fn add_names<'a>(tokens: &[ScriptToken<'a>], declared: &mut BTreeSet<&'a str>) {
    let mut depth = 0;
    let mut expects_name = true;
    for (number, token) in tokens.iter().enumerate() {
        if expects_name && token.kind == ScriptTokenKind::Word {
            declared.insert(token.text);
        }
        if expects_name && matches!(token.text, "[" | "{") {
            let end = number + closing(&tokens[number..]).max(1);
            let inner = &tokens[number + 1..end];
            if token.text == "[" {
                add_names(inner, declared);
            } else {
                add_entries(inner, declared);
            }
        }
        depth += depth_of(token);
        if depth < 0 || depth == 0 && matches!(token.text, ";" | "of" | "in") {
            return;
        }
        expects_name = depth == 0 && matches!(token.text, "," | "...");
    }
}

/// The names of an object that is taken apart: each entry's own, or what stands behind its colon.
fn add_entries<'a>(tokens: &[ScriptToken<'a>], declared: &mut BTreeSet<&'a str>) {
    for entry in tokens.split(|token| token.text == ",") {
        let is_named = entry.get(1).is_some_and(|token| token.text == ":");
        add_names(&entry[if is_named { 2 } else { 0 }..], declared);
    }
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Variable,
    /// A variable that is also the name of a property: `page` in `{ page }`.
    Entry,
    /// A property, or no name.
    Other,
}

fn roles(tokens: &[ScriptToken<'_>]) -> Vec<Role> {
    // What is open, each with whether it is an object.
    let mut open: Vec<bool> = Vec::new();
    let mut roles = Vec::with_capacity(tokens.len());
    for (number, token) in tokens.iter().enumerate() {
        let before = number.checked_sub(1).map(|number| &tokens[number]);
        let behind = tokens.get(number + 1).map_or("", |token| token.text);
        let begins_entry = open.last() == Some(&true)
            && before.is_some_and(|before| matches!(before.text, "{" | ","));
        let is_method = || {
            let end = number + 1 + closing(&tokens[number + 1..]);
            tokens.get(end + 1).is_some_and(|token| token.text == "{")
        };
        let is_function = before.is_some_and(|before| before.text == "function");
        let is_property = is_property(before)
            || begins_entry && behind == ":"
            || behind == "(" && !is_function && is_method();
        roles.push(match (token.kind, is_property) {
            (ScriptTokenKind::Word, false) if begins_entry && matches!(behind, "," | "}" | "=") => {
                Role::Entry
            }
            (ScriptTokenKind::Word, false) if !begins_number(token) => Role::Variable,
            _ => Role::Other,
        });
        let ends_piece = token.kind == ScriptTokenKind::Literal && token.text.starts_with('}');
        if depth_of(token) < 0 || ends_piece {
            open.pop();
        }
        if depth_of(token) > 0
            || token.kind == ScriptTokenKind::Literal && token.text.ends_with("${")
        {
            open.push(token.text == "{" && begins_object(before));
        }
    }
    roles
}

fn begins_number(token: &ScriptToken<'_>) -> bool {
    token.text.starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a brace behind a token opens an object rather than a block.
fn begins_object(before: Option<&ScriptToken<'_>>) -> bool {
    before.is_some_and(|before| match before.kind {
        ScriptTokenKind::Word => matches!(before.text, "return" | "const" | "let"),
        ScriptTokenKind::Literal => before.text.ends_with("${"),
        ScriptTokenKind::Mark => !matches!(before.text, ")" | "=>" | ";" | "{" | "}"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{
        Role, ScriptToken, ScriptTokenKind, add_names, closing, depth_of, is_property, roles,
        script, short_names, tokens,
    };
    use crate::theme::DEFAULT;

    fn check(source: &str, expected: &str) {
        assert_eq!(script(source), format!("{expected}\n"), "{source}");
    }

    #[test]
    fn comments_and_spaces_go_and_lines_stay_where_statements_may_end() {
        check(
            "/* One. */\nif (true) {\n  go(1 + +2); // now\n}\nstop()\n",
            "if(true){go(1+ +2);}\nstop()",
        );
        check("go()\n  .then(stop)\n  || wait()", "go().then(stop)||wait()");
        check("return 'a  // b' + \"c /* d\"", "return'a  // b'+\"c /* d\"");
    }

    #[test]
    fn names_that_are_declared_become_short() {
        check("const first = go(); let second = first, third;", "const a=go();let b=a,c;");
        check("(first, second = 1) => first + second", "(a,b=1)=>a+b");
        check("for (const [key, value] of list) go(key, value)", "for(const[a,b]of list)go(a,b)");
        check(
            "const go = text => `of ${text} and ${{ text }.text}`;",
            "const b=a=>`of ${a} and ${{text:a}.text}`;",
        );
        check("const make = () => `${make}`;", "const a=()=>`${a}`;");
        check(
            "(() => { const all = one => one; const more = (one, two) => two + all(one); })()",
            "(()=>{const b=a=>a;const d=(a,c)=>c+b(a);})()",
        );
        check(
            "(() => { const go = one => one; const stop = other => go(other); })()",
            "(()=>{const a=b=>b;const c=b=>a(b);})()",
        );
        check("go({ method(value) { return value } })", "go({method(a){return a}})");
    }

    #[test]
    fn names_of_properties_and_of_the_browser_stay() {
        check("const page = 1; go({ page }, document);", "const a=1;go({page:a},document);");
        check("const first = 1; go(other.first, first);", "const a=1;go(other.first,a);");
        check("const { one: two, key = 3 } = all; go(two)", "const{one:a,key:b=3}=all;go(a)");
        check(
            "const of = 1; for (const one of of) go(one);",
            "const of=1;for(const a of of)go(a);",
        );
        check("const yes = 1; go(is ? yes : no);", "const a=1;go(is?a:no);");
        check("const all = { read(file) { file = 1; } };", "const b={read(a){a=1;}};");
        check(
            "let read; class File { get read() { this.read = read } }",
            "let a;class b{get read(){this.read=a}}",
        );
    }

    #[test]
    fn regular_expressions_are_left_alone() {
        check("go(/[/ ]  x/g, 1 / 2)", "go(/[/ ]  x/g,1/2)");
        check("return /  a/.test(text)", "return /  a/.test(text)");
        check("a = b / c / d", "a=b/c/d");
    }

    /// The scripts of the default theme.
    fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
        let scripts = DEFAULT.iter().filter(|(path, _)| path.ends_with(".js"));
        scripts.map(|(path, bytes)| (*path, std::str::from_utf8(bytes).expect("scripts are text")))
    }

    /// From a token to where the statement or expression ends that begins there.
    fn statement_end(tokens: &[ScriptToken<'_>], from: usize) -> usize {
        let mut depth = 0;
        for (number, token) in tokens.iter().enumerate().skip(from) {
            let ends_piece = token.kind == ScriptTokenKind::Literal && token.text.starts_with('}');
            depth += depth_of(token) - i32::from(ends_piece);
            let closes_block = depth == 0 && token.text == "}";
            if depth < 0 || closes_block || depth == 0 && matches!(token.text, ";" | ",") {
                return number;
            }
            depth +=
                i32::from(token.kind == ScriptTokenKind::Literal && token.text.ends_with("${"));
        }
        tokens.len()
    }

    /// Names with the tokens from which to which each may be seen.
    fn scopes<'a>(tokens: &[ScriptToken<'a>]) -> Vec<(BTreeSet<&'a str>, usize, usize)> {
        let mut scopes = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (number, token) in tokens.iter().enumerate() {
            let text = |number: usize| tokens.get(number).map_or("", |token| token.text);
            let mut names = BTreeSet::new();
            match token.text {
                "const" | "let" | "function" | "class" => {
                    add_names(&tokens[number + 1..], &mut names);
                    let begin = open.last().copied().unwrap_or(0);
                    let around = open.last().map(|begin| begin + closing(&tokens[*begin..]));
                    // What `for (const …)` declares is seen in the statement behind it.
                    let end = match around {
                        Some(end) if text(begin) == "(" => statement_end(tokens, end + 1),
                        Some(end) => end,
                        None => tokens.len(),
                    };
                    scopes.push((names, begin, end));
                }
                "(" => {
                    let end = number + closing(&tokens[number..]);
                    let body = if text(end + 1) == "=>" { end + 2 } else { end + 1 };
                    if body == end + 2 || text(body) == "{" {
                        add_names(&tokens[number + 1..end], &mut names);
                        scopes.push((names, number, statement_end(tokens, body)));
                    }
                }
                _ if token.kind == ScriptTokenKind::Word && text(number + 1) == "=>" => {
                    names.insert(token.text);
                    scopes.push((names, number, statement_end(tokens, number + 2)));
                }
                _ => {}
            }
            if depth_of(token) < 0 {
                open.pop();
            }
            if depth_of(token) > 0 {
                open.push(number);
            }
        }
        scopes
    }

    /// The variables that get a short name where nothing declares them: each is one of the browser's.
    fn renamed_by_mistake(source: &str) -> Vec<(usize, String)> {
        let tokens = tokens(source);
        let roles = roles(&tokens);
        let names = short_names(&tokens, &roles);
        let scopes = scopes(&tokens);
        let is_declared = |number: usize, name: &str| {
            let holds = |(names, begin, end): &(BTreeSet<&str>, usize, usize)| {
                names.contains(name) && (*begin..=*end).contains(&number)
            };
            scopes.iter().any(holds)
        };
        let uses = tokens.iter().enumerate().filter(|(number, token)| {
            roles[*number] != Role::Other && names.contains_key(token.text)
        });
        uses.filter(|(number, token)| !is_declared(*number, token.text))
            .map(|(number, token)| (number, token.text.to_owned()))
            .collect()
    }

    #[test]
    fn no_script_has_a_variable_of_a_name_that_it_uses_of_the_browser() {
        for (path, source) in scripts() {
            assert_eq!(renamed_by_mistake(source), [], "{path}");
        }
        for (source, name) in [
            ("function one() { const name = 1; } function two() { go(name); }", "name"),
            ("const go = (status) => status; stop(status);", "status"),
            ("for (const event of all) go(event); stop(event);", "event"),
            ("go(top => top, top);", "top"),
        ] {
            let found = renamed_by_mistake(source);
            assert!(found.len() == 1 && found[0].1 == name, "{source}: {found:?}");
        }
    }

    #[test]
    fn no_short_name_is_one_that_a_script_has_already_and_every_property_stays() {
        const BROWSER: [&str; 12] =
            ["CSS", "URL", "do", "if", "in", "of", "as", "is", "NaN", "Map", "Set", "get"];
        for (path, source) in scripts() {
            let tokens_before = tokens(source);
            let before = roles(&tokens_before);
            let names = short_names(&tokens_before, &before);
            let kept = tokens_before.iter().filter(|token| !names.contains_key(token.text));
            let mut kept =
                kept.filter(|token| token.kind == ScriptTokenKind::Word).map(|token| token.text);
            let short: BTreeSet<&str> = names.values().map(String::as_str).collect();
            assert!(short.len() > 1 && kept.all(|word| !short.contains(word)), "{path}");
            assert!(BROWSER.iter().all(|word| !short.contains(word)), "{path}");
            let published = script(source);
            let tokens_after = tokens(&published);
            let after = roles(&tokens_after);
            let properties = |tokens: &[ScriptToken<'_>], roles: &[Role]| -> Vec<String> {
                let is_kept = |number: &usize| {
                    let behind = tokens.get(number + 1).map_or("", |token| token.text);
                    let before = number.checked_sub(1).map(|number| &tokens[number]);
                    let is_key = match roles[*number] {
                        Role::Entry => true,
                        Role::Other => behind == ":",
                        Role::Variable => false,
                    };
                    tokens[*number].kind == ScriptTokenKind::Word && (is_property(before) || is_key)
                };
                let all = (0..tokens.len()).filter(is_kept);
                all.map(|number| tokens[number].text.to_owned()).collect()
            };
            let (was, is) =
                (properties(&tokens_before, &before), properties(&tokens_after, &after));
            assert_eq!(was, is, "{path}");
        }
    }

    #[test]
    fn what_ends_too_early_is_read_to_its_end() {
        for source in
            ["const [", "'a", "`a${", "/* a", "a = /b", "(", "const", "`", "}", "const [a", "(a, b"]
        {
            assert!(!script(source).is_empty(), "{source}");
        }
    }
}
