//! What the lexer knows of each language: one table each, to read and to add to.
//!
//! Lists of words are sorted; a test holds that.

/// One language.
#[expect(clippy::struct_excessive_bools, reason = "a table of independent facts")]
pub(super) struct Language {
    /// What authors call it, one space between.
    names: &'static str,
    /// What begins a comment to the end of the line.
    pub(super) comments: &'static [&'static str],
    /// Whether such a comment needs a space, or a line's beginning, before it.
    pub(super) spaced_comments: bool,
    /// What begins and ends other comments.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// Quotes, the longer before the shorter.
    pub(super) quotes: &'static [Quote],
    /// What a quote must follow to open one; anything, if none is named.
    pub(super) quote_after: &'static [u8],
    /// Words of the language.
    pub(super) keywords: &'static [&'static str],
    /// Words that are values.
    pub(super) literals: &'static [&'static str],
    /// Whether words are the same in upper and lower case; the lists are then in lower case.
    pub(super) fold_case: bool,
    /// What a word may hold besides letters, digits and `_`.
    pub(super) word: &'static [u8],
    /// What begins a variable.
    pub(super) variables: &'static [u8],
    /// Whether `-name` and `--name` are options.
    pub(super) flags: bool,
    /// Whether `<name` is a tag.
    pub(super) tags: bool,
    /// What names a value.
    pub(super) keys: Keys,
}

/// What names a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// Nothing.
    None,
    /// What is before a line's colon.
    Yaml,
    /// A quoted text before a colon.
    Quoted,
    /// A word before `=`, wherever it is.
    Assigned,
    /// The first word of a line, before one of these; and `[sections]`.
    Lines(&'static [u8]),
    /// No language: a patch.
    Diff,
}

/// What begins and ends a quoted text.
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// What takes the next character's meaning away.
    pub(super) escape: Option<u8>,
    /// Whether it goes on over the end of a line.
    pub(super) lines: bool,
    /// Whether `${…}` in it may hold quotes.
    pub(super) interpolates: bool,
}

const fn quote(mark: &'static str) -> Quote {
    Quote { open: mark, close: mark, escape: Some(b'\\'), lines: false, interpolates: false }
}

const fn verbatim(mark: &'static str) -> Quote {
    Quote { escape: None, ..quote(mark) }
}

const fn long(mark: &'static str) -> Quote {
    Quote { lines: true, ..quote(mark) }
}

const BASE: Language = Language {
    names: "",
    comments: &["#"],
    spaced_comments: false,
    blocks: &[],
    quotes: &[quote("\""), quote("'")],
    quote_after: &[],
    keywords: &[],
    literals: &["false", "null", "true"],
    fold_case: false,
    word: b"",
    variables: b"",
    flags: false,
    tags: false,
    keys: Keys::None,
};

const C_LIKE: Language = Language { comments: &["//"], blocks: &[("/*", "*/")], ..BASE };

impl Language {
    /// Whether an author calls it so.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names.split(' ').any(|known| known.eq_ignore_ascii_case(name))
    }
}

pub(super) static LANGUAGES: &[Language] = &[
    Language {
        names: "yaml yml",
        spaced_comments: true,
        quotes: &[long("\""), Quote { lines: true, ..verbatim("'") }],
        quote_after: b" \t\n[{,:(-!",
        literals: &["False", "True", "false", "no", "null", "off", "on", "true", "yes"],
        word: b"-./:+@%",
        variables: b"&*!",
        keys: Keys::Yaml,
        ..BASE
    },
    Language {
        names: "json jsonc json5 jsonl ndjson",
        quotes: &[quote("\"")],
        keys: Keys::Quoted,
        word: b".",
        ..C_LIKE
    },
    Language {
        names: "hcl terraform tf tfvars nomad",
        comments: &["#", "//"],
        quotes: &[Quote { interpolates: true, ..quote("\"") }],
        keywords: &[
            "check", "data", "dynamic", "else", "endfor", "endif", "for", "for_each", "if",
            "import", "in", "lifecycle", "locals", "module", "moved", "output", "provider",
            "provisioner", "removed", "resource", "terraform", "variable",
        ],
        word: b"-",
        keys: Keys::Assigned,
        ..C_LIKE
    },
    Language {
        names: "python py python3",
        quotes: &[long("\"\"\""), long("'''"), quote("\""), quote("'")],
        keywords: &[
            "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
            "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
            "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return",
            "try", "while", "with", "yield",
        ],
        literals: &["False", "None", "True", "self"],
        word: b"",
        variables: b"@",
        ..BASE
    },
    Language {
        names: "sql postgresql postgres mysql psql plsql tsql",
        comments: &["--"],
        blocks: &[("/*", "*/")],
        quotes: &[Quote { lines: true, ..verbatim("'") }, verbatim("\""), verbatim("`")],
        keywords: SQL_WORDS,
        literals: &["false", "null", "true"],
        fold_case: true,
        variables: b":@$",
        ..BASE
    },
    Language {
        names: "toml",
        quotes: &[long("\"\"\""), long("'''"), quote("\""), verbatim("'")],
        keys: Keys::Lines(b"="),
        word: b"-.:",
        ..BASE
    },
    Language {
        names: "ini properties conf cfg env dotenv editorconfig systemd service",
        comments: &["#", ";", "!"],
        spaced_comments: true,
        quotes: &[quote("\"")],
        quote_after: b"= \t",
        variables: b"$",
        keys: Keys::Lines(b"=:"),
        ..BASE
    },
    Language {
        names: "nginx",
        keywords: &[
            "add_header", "allow", "auth_basic", "deny", "error_log", "error_page", "events",
            "http", "if", "include", "listen", "location", "log_format", "map", "proxy_pass",
            "proxy_set_header", "resolver", "return", "rewrite", "root", "server", "server_name",
            "set", "upstream", "user", "worker_processes",
        ],
        literals: &["off", "on"],
        variables: b"$",
        ..BASE
    },
    Language {
        names: "dockerfile docker containerfile",
        spaced_comments: true,
        keywords: &[
            "ADD", "ARG", "AS", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM",
            "HEALTHCHECK", "LABEL", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME",
            "WORKDIR",
        ],
        literals: &[],
        variables: b"$",
        flags: true,
        ..BASE
    },
    Language {
        names: "promql logql metricsql prometheus",
        quotes: &[quote("\""), quote("'"), verbatim("`")],
        keywords: PROMQL_WORDS,
        literals: &["Inf", "NaN"],
        keys: Keys::Assigned,
        word: b":",
        ..BASE
    },
    Language {
        names: "powershell ps1 pwsh posh",
        blocks: &[("<#", "#>")],
        quotes: &[
            Quote { escape: Some(b'`'), lines: true, ..quote("\"") },
            Quote { lines: true, ..verbatim("'") },
        ],
        keywords: &[
            "begin", "break", "catch", "class", "continue", "do", "else", "elseif", "end", "exit",
            "finally", "for", "foreach", "function", "if", "in", "param", "process", "return",
            "switch", "throw", "trap", "try", "until", "while",
        ],
        literals: &[],
        fold_case: true,
        variables: b"$",
        flags: true,
        ..BASE
    },
    Language { names: "diff patch", keys: Keys::Diff, ..BASE },
    Language {
        names: "javascript js jsx mjs node typescript ts tsx",
        quotes: &[Quote { lines: true, interpolates: true, ..quote("`") }, quote("\""), quote("'")],
        keywords: &[
            "as", "async", "await", "break", "case", "catch", "class", "const", "continue",
            "default", "delete", "do", "else", "enum", "export", "extends", "finally", "for",
            "from", "function", "if", "implements", "import", "in", "instanceof", "interface",
            "let", "new", "of", "private", "public", "readonly", "return", "static", "super",
            "switch", "this", "throw", "try", "type", "typeof", "var", "void", "while", "yield",
        ],
        literals: &["Infinity", "NaN", "false", "null", "true", "undefined"],
        word: b"$",
        ..C_LIKE
    },
    Language {
        names: "go golang",
        quotes: &[Quote { lines: true, ..verbatim("`") }, quote("\""), quote("'")],
        keywords: &[
            "break", "case", "chan", "const", "continue", "default", "defer", "else",
            "fallthrough", "for", "func", "go", "goto", "if", "import", "interface", "map",
            "package", "range", "return", "select", "struct", "switch", "type", "var",
        ],
        literals: &["false", "iota", "nil", "true"],
        ..C_LIKE
    },
    Language {
        names: "rust rs",
        quotes: &[long("\"")],
        keywords: &[
            "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum",
            "extern", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move",
            "mut", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "type",
            "unsafe", "use", "where", "while",
        ],
        literals: &["None", "Some", "false", "true"],
        ..C_LIKE
    },
    Language {
        names: "java kotlin groovy jenkinsfile scala c cpp c++ csharp cs",
        keywords: &[
            "abstract", "boolean", "break", "byte", "case", "catch", "char", "class", "const",
            "continue", "def", "default", "do", "double", "else", "enum", "extends", "final",
            "finally", "float", "for", "fun", "if", "implements", "import", "int", "interface",
            "long", "namespace", "new", "package", "private", "protected", "public", "return",
            "short", "static", "struct", "super", "switch", "this", "throw", "throws", "try",
            "using", "val", "var", "void", "while",
        ],
        ..C_LIKE
    },
    Language {
        names: "ruby rb",
        keywords: &[
            "alias", "and", "begin", "break", "case", "class", "def", "do", "else", "elsif", "end",
            "ensure", "for", "if", "in", "module", "next", "not", "or", "require", "rescue",
            "return", "self", "then", "unless", "until", "when", "while", "yield",
        ],
        literals: &["false", "nil", "true"],
        variables: b"@$",
        ..BASE
    },
    Language {
        names: "xml html svg xhtml",
        comments: &[],
        blocks: &[("<!--", "-->")],
        quotes: &[Quote { lines: true, ..verbatim("\"") }, Quote { lines: true, ..verbatim("'") }],
        quote_after: b"=",
        literals: &[],
        word: b"-:",
        tags: true,
        keys: Keys::Assigned,
        ..BASE
    },
    Language {
        names: "logs-insights logsinsights cwlogs cloudwatch insights",
        quotes: &[quote("\""), quote("'"), quote("/")],
        quote_after: b" \t\n(,[=",
        keywords: &[
            "and", "anomaly", "as", "asc", "by", "dedup", "desc", "diff", "display", "fields",
            "filter", "in", "like", "limit", "not", "or", "parse", "pattern", "sort", "stats",
            "unnest",
        ],
        fold_case: true,
        word: b".",
        variables: b"@",
        ..BASE
    },
];

const SQL_WORDS: &[&str] = &[
    "add", "all", "alter", "analyze", "and", "any", "as", "asc", "begin", "between", "by",
    "cascade", "case", "check", "column", "commit", "constraint", "create", "cross", "database",
    "default", "delete", "desc", "distinct", "drop", "else", "end", "except", "execute", "exists",
    "explain", "extension", "fetch", "filter", "for", "foreign", "from", "full", "function",
    "grant", "group", "having", "if", "ilike", "in", "index", "inner", "insert", "intersect",
    "interval", "into", "is", "join", "key", "kill", "left", "like", "limit", "lock",
    "materialized", "not", "offset", "on", "or", "order", "outer", "over", "partition", "primary",
    "privileges", "procedure", "references", "refresh", "reindex", "replace", "returning",
    "revoke", "right", "role", "rollback", "schema", "select", "sequence", "set", "show", "table",
    "tablespace", "temporary", "then", "to", "trigger", "truncate", "union", "unique", "update",
    "use", "user", "using", "vacuum", "values", "view", "when", "where", "window", "with",
];

const PROMQL_WORDS: &[&str] = &[
    "abs", "absent", "absent_over_time", "and", "avg", "avg_over_time", "bool", "bottomk", "by",
    "ceil", "changes", "clamp", "clamp_max", "clamp_min", "count", "count_over_time",
    "count_values", "day_of_week", "decolorize", "delta", "deriv", "exp", "floor", "group",
    "group_left", "group_right", "histogram_quantile", "hour", "idelta", "ignoring", "increase",
    "irate", "json", "label_format", "label_join", "label_replace", "last_over_time",
    "line_format", "ln", "log10", "log2", "logfmt", "max", "max_over_time", "min", "min_over_time",
    "minute", "month", "offset", "on", "or", "pattern", "predict_linear", "present_over_time",
    "quantile", "quantile_over_time", "rate", "regexp", "resets", "round", "scalar", "sgn", "sort",
    "sort_desc", "sqrt", "stddev", "stdvar", "sum", "sum_over_time", "time", "timestamp", "topk",
    "unless", "unwrap", "vector", "without", "year",
];

#[cfg(test)]
mod tests {
    use super::LANGUAGES;

    #[test]
    fn lists_of_words_are_sorted() {
        for language in LANGUAGES {
            assert!(language.keywords.is_sorted(), "keywords of {}", language.names);
            assert!(language.literals.is_sorted(), "literals of {}", language.names);
        }
    }

    #[test]
    fn no_name_stands_for_two_languages() {
        let mut names: Vec<&str> =
            LANGUAGES.iter().flat_map(|language| language.names.split(' ')).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
