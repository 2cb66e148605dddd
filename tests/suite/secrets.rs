//! Secrets in everything that is published: a labelled set of texts, files of every kind, and what it costs.

use guidepost::build::Build;
use guidepost::check::secrets::secrets;
use guidepost::diagnostic::{Diagnostic, Rule};
use guidepost::files::{FilePath, Files};

use crate::serve::Preview;
use crate::support::{build_site, folder, guidepost, site, text as text_of};

mod others;
mod planted;
mod sent;

/// What tokens are made of.
#[derive(Clone, Copy)]
enum Of {
    Letters,
    Hex,
    Upper,
    Base64,
    Digits,
}

/// Letters in no order, but the same in every run.
struct Draw(u64);

impl Draw {
    fn text(&mut self, of: Of, length: usize) -> String {
        let letters: &[u8] = match of {
            Of::Letters => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            Of::Hex => b"0123456789abcdef",
            Of::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            Of::Digits => b"0123456789",
            Of::Base64 => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
        };
        let letter = |_| {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(letters[(self.0 >> 33) as usize % letters.len()])
        };
        (0..length).map(letter).collect()
    }
}

/// Tokens that tell of themselves: what stands before the drawn letters, these, how many, and what stands behind.
/// Beginnings are parted by `·`, so that no scanner takes this file for a place where they are used.
const TOKENS: &[(&str, Of, usize, &str)] = &[
    ("AK·IA", Of::Upper, 16, ""),
    ("AS·IA", Of::Upper, 16, ""),
    ("gh·p_", Of::Letters, 36, ""),
    ("gh·s_", Of::Letters, 36, ""),
    ("gh·o_", Of::Letters, 36, ""),
    ("github·_pat_11", Of::Letters, 70, ""),
    ("gl·pat-", Of::Letters, 20, ""),
    ("gl·dt-", Of::Letters, 20, ""),
    ("gl·rt-", Of::Letters, 20, ""),
    ("xo·xb-2384756012-9384756102-", Of::Letters, 24, ""),
    ("xo·xp-2384756012-9384756102-", Of::Letters, 32, ""),
    ("xa·pp-1-A02-", Of::Hex, 64, ""),
    ("https://hooks.sl·ack.com/services/T02AB3CD4/B03EF5GH6/", Of::Letters, 24, ""),
    ("https://disc·ord.com/api/webhooks/928374650192837465/", Of::Letters, 68, ""),
    ("https://acme.webhook.off·ice.com/webhookb2/", Of::Hex, 60, ""),
    ("https://chat.goog·leapis.com/v1/spaces/AAAA/messages?key=k&token=", Of::Letters, 43, ""),
    ("https://events.pager·duty.com/integration/", Of::Hex, 32, "/enqueue"),
    ("https://open.feis·hu.cn/open-apis/bot/v2/hook/", Of::Hex, 36, ""),
    ("sk-a·nt-api03-", Of::Letters, 93, "AA"),
    ("sk-p·roj-", Of::Letters, 64, ""),
    ("sk-", Of::Letters, 48, ""),
    ("gs·k_", Of::Letters, 52, ""),
    ("h·f_", Of::Letters, 34, ""),
    ("sk_l·ive_", Of::Letters, 24, ""),
    ("rk_l·ive_", Of::Letters, 24, ""),
    ("whs·ec_", Of::Letters, 32, ""),
    ("AI·zaSy", Of::Letters, 33, ""),
    ("GOC·SPX-", Of::Letters, 28, ""),
    ("ya·29.", Of::Letters, 80, ""),
    ("np·m_", Of::Letters, 36, ""),
    ("py·pi-AgEIcHlwaS5vcmc", Of::Letters, 80, ""),
    ("ruby·gems_", Of::Hex, 48, ""),
    ("dckr_·pat_", Of::Letters, 27, ""),
    ("SG·.", Of::Letters, 22, "·.q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5q7Rk2mZp9Tv"),
    ("xkey·sib-", Of::Hex, 64, "-q7Rk2mZp9TvXc4Lw"),
    ("key-", Of::Hex, 32, ""),
    ("S·K", Of::Hex, 32, ""),
    ("hv·s.CAES", Of::Letters, 90, ""),
    ("dop_·v1_", Of::Hex, 64, ""),
    ("dp.p·t.", Of::Letters, 43, ""),
    ("pu·l-", Of::Hex, 40, ""),
    ("gl·sa_", Of::Letters, 32, "_8f3a1c09"),
    ("gl·c_eyJvIjoi", Of::Letters, 60, ""),
    ("NR·AK-", Of::Upper, 27, ""),
    ("sntr·yu_", Of::Hex, 64, ""),
    (
        "dt0c·01.",
        Of::Upper,
        24,
        "·.Q7RK2MZP9TVXC4LWYB5NSHD3JGFE6UA5Q7RK2MZP9TVXC4LWYB5NSHD3JGFE6UA5",
    ),
    ("shp·at_", Of::Hex, 32, ""),
    ("da·pi", Of::Hex, 32, ""),
    ("lin_·api_", Of::Letters, 40, ""),
    ("nt·n_", Of::Letters, 46, ""),
    ("PM·AK-", Of::Hex, 24, "-0f3a1c098f3a1c098f3a1c098f3a1c09"),
    ("psca·le_pw_", Of::Letters, 43, ""),
    ("sb·p_", Of::Hex, 40, ""),
    ("tsk·ey-auth-", Of::Letters, 17, "-q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5"),
    ("sq·p_", Of::Hex, 40, ""),
    ("fi·gd_", Of::Letters, 40, ""),
    ("LT·AI", Of::Letters, 20, ""),
    ("AGE-SEC·RET-KEY-1", Of::Upper, 58, ""),
    ("sha2·56~", Of::Letters, 43, ""),
    ("glag·ent-", Of::Letters, 50, ""),
    ("5938·275641:A·A", Of::Letters, 33, ""),
    ("aB·c8Q·~", Of::Letters, 34, ""),
    ("q7Rk2m·Zp9TvXc4.atl·asv1.", Of::Letters, 64, ""),
    ("0f3a1c098f3a1c09·8f3a1c098f3a1c07-u·s", Of::Hex, 0, "14"),
    ("postgres://app:", Of::Letters, 20, "@db.internal/orders"),
    ("redis://:", Of::Letters, 24, "@cache.internal:6379/0"),
    ("-----BEGIN PRIV·ATE KEY-----\n", Of::Base64, 64, "\n"),
    ("-----BEGIN OPENSSH PRIV·ATE KEY-----\n", Of::Base64, 70, "\n"),
    ("{\"private_key\": \"-----BEGIN PRIV·ATE KEY-----\\nMII", Of::Base64, 64, "\\n\"}"),
    ("LS0tLS1CRUdJTiBS·U0EgUFJJVkFUR", Of::Base64, 80, ""),
    ("eyJhbGciOiJSUzI1NiJ9·.eyJzdWIiOiI", Of::Letters, 40, "·.q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5"),
    ("EZ·AK", Of::Letters, 54, ""),
    ("pplx·-", Of::Letters, 48, ""),
    ("r8·_", Of::Letters, 37, ""),
    ("ATA·TT3xFfGF0", Of::Letters, 180, ""),
    ("ATB·B", Of::Letters, 32, ""),
    ("CCI·PAT_q7Rk2mZp9TvXc4_", Of::Hex, 40, ""),
    ("ops·_eyJ", Of::Letters, 250, ""),
    ("cmV·mdGtu", Of::Letters, 56, ""),
    ("AK·Cp", Of::Letters, 69, ""),
];

/// Names and commands that a secret stands behind; `@` is a drawn token, `!` a password that somebody thought of.
const ASSIGNED: &[&str] = &[
    "AWS_SECRET_ACCESS_KEY=@",
    "aws_secret_access_key = @",
    "export AWS_SESSION_TOKEN=\"@\"",
    "DB_PASSWORD=!",
    "DB_PASSWORD='!'",
    "DB_PASSWORD: \"!\"",
    "export PGPASSWORD=!",
    "MYSQL_PWD=! mysql -uroot",
    "POSTGRES_PASSWORD: !",
    "password: !",
    "password = \"!\"",
    "  password: '!'",
    "Password: !",
    "passwd=!",
    "pwd: !",
    "db.password=!",
    "spring.datasource.password=!",
    "ansible_become_password: !",
    "root-password: !",
    "rootPassword: \"!\"",
    "adminPassword = '!'",
    "\"password\": \"!\"",
    "\"password\":\"!\",\"user\":\"a\"",
    "{\"db_password\": \"!\"}",
    "'password' => '!',",
    ":password => \"!\"",
    "$password = '!';",
    "config[\"password\"] = \"!\"",
    "String password = \"!\";",
    "const apiKey = '@';",
    "let token: string = \"@\";",
    "password := \"!\"",
    "define('DB_PASSWORD', '!');",
    "setx DB_PASSWORD !",
    "ENV DB_PASSWORD !",
    "ENV DB_PASSWORD=!",
    "- DB_PASSWORD=!",
    "- name: DB_PASSWORD\n  value: \"!\"",
    "- name: API_TOKEN\n  value: @",
    "{\"name\": \"DB_PASSWORD\", \"value\": \"!\"}",
    "{\"Key\": \"ApiToken\", \"Value\": \"@\"}",
    "<password>!</password>",
    "<add key=\"ApiKey\" value=\"@\"/>",
    "<property name=\"password\" value=\"!\"/>",
    "**Password**: `!`",
    "Password: `!`",
    "- Password: !",
    "| Password | `!` |",
    "| Token | @ |",
    "The password is !",
    "the root password is: !",
    "DD_API_KEY=#",
    "DD_APP_KEY: #",
    "dd-api-key: \"#\"",
    "datadog.apiKey=#",
    "PAGERDUTY_ROUTING_KEY=#",
    "routing_key: #",
    "integration_key = \"#\"",
    "service_key: '#'",
    "NEW_RELIC_LICENSE_KEY=@",
    "TWILIO_AUTH_TOKEN=#",
    "auth_token: #",
    "GRAFANA_TOKEN=@",
    "DISCORD_TOKEN=@",
    "client_secret: @",
    "AZURE_CLIENT_SECRET=@",
    "\"clientSecret\": \"@\"",
    "consumer_secret=@",
    "app_secret = '#'",
    "signing_secret: #",
    "SLACK_SIGNING_SECRET=#",
    "JWT_SECRET=@",
    "SECRET_KEY = '@'",
    "secret_key_base: #",
    "encryption_key: #",
    "AccountName=a;AccountKey=@==;EndpointSuffix=core.windows.net",
    "Endpoint=sb://a/;SharedAccessKeyName=b;SharedAccessKey=@=",
    "Server=db;User Id=app;Password=!;Encrypt=true",
    "jdbc:postgresql://db/orders?user=app&password=!",
    "https://a.example.org/c?sv=2022-11-02&sig=@%3D",
    "https://a.example.org/login?password=!&next=x",
    "https://a.example.org/v1?api_key=@",
    "https://a.example.org/v1?x=1&token=@",
    "https://a.example.org/v1?access_token=@",
    "curl -H \"Authorization: Bearer @\" https://a.example.org",
    "Authorization: Bearer @",
    "-H 'Authorization: Token token=@'",
    "-H \"Authorization: GenieKey @\"",
    "-H 'X-Api-Key: @'",
    "-H \"DD-API-KEY: #\"",
    "-H 'X-Vault-Token: @'",
    "curl -u admin:! https://a.example.org",
    "curl -s --user 'admin:!' https://a.example.org",
    "mysql -uroot -p! orders",
    "sshpass -p ! ssh a.example.org",
    "redis-cli -a ! info",
    "docker login -u ci -p ! registry.example.org",
    "app login --password ! --user ci",
    "app --token=@ sync",
    "vault login token=@",
    "//registry.npmjs.org/:_authToken=@",
    "machine a.example.org login ci password !",
    "requirepass !",
    "CREATE USER app IDENTIFIED BY '!';",
    "ALTER USER app WITH PASSWORD '!';",
    "--from-literal=password=!",
    "htpasswd: user=admin password=!",
    "password: >-\n  !\n",
    "db_password = var.x == \"\" ? \"\" : \"\"\ndb_password = \"!\"",
    "TOKEN=${TOKEN:-@}",
    "kubectl config set-credentials ci --token=@",
    "credentials: @",
    "api.key = @",
    "x-api-key: @",
    "API-Token: @",
    "webhook_secret: #",
    "session_key=#",
    "master_key: #",
    "storage-key: @==",
    "db_pass: !",
    "smtp_auth_password = !",
    "basic_auth: {username: ops, password: !}",
    "wget --user=ci --password=! https://a.example.org",
    "mongosh \"mongodb://db.internal\" -u admin -p !",
];

const CHOSEN: &[&str] = &["Tr0ub4dor3x", "Orders!2024", "k9Fish-Tank", "hunter2x", "Winter2026!"];

/// The labelled secrets.
fn labelled_secrets() -> Vec<String> {
    let mut draw = Draw(7);
    let tokens = TOKENS.iter().map(|(before, of, length, behind)| {
        let whole = format!("{before}{}{behind}", draw.text(*of, *length));
        whole.replace('·', "")
    });
    let mut found: Vec<String> = tokens.map(|token| format!("Use {token} here.\n")).collect();
    for (place, form) in ASSIGNED.iter().enumerate() {
        let (token, hex) = (draw.text(Of::Letters, 40), draw.text(Of::Hex, 32));
        let text = form.replace('@', &token).replace('#', &hex);
        found.push(text.replacen('!', CHOSEN[place % CHOSEN.len()], 1) + "\n");
    }
    found
}

fn in_text(text: &str) -> Vec<String> {
    let path = FilePath::new("content/a.md").expect("a path");
    let found = secrets(&path, text);
    found.iter().map(|found| text[found.at.range.clone()].to_owned()).collect()
}

#[test]
fn secrets_of_every_kind_are_found_and_nothing_that_only_looks_alike() {
    let secrets = labelled_secrets();
    let harmless: Vec<&str> = include_str!("secrets/harmless.txt").lines().collect();
    assert!(secrets.len() >= 200 && harmless.len() >= 400, "{} {}", secrets.len(), harmless.len());
    let missed: Vec<&String> = secrets.iter().filter(|text| in_text(text).is_empty()).collect();
    let mistaken: Vec<(&&str, Vec<String>)> = harmless
        .iter()
        .map(|text| (text, in_text(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let recall = secrets.len() - missed.len();
    let counts = format!(
        "{recall} of {} found, {} of {} mistaken",
        secrets.len(),
        mistaken.len(),
        harmless.len()
    );
    assert!(missed.is_empty() && mistaken.is_empty(), "{counts}: {missed:#?} {mistaken:#?}");
}

#[test]
fn each_secret_is_found_once_wherever_it_stands() {
    let all: String = labelled_secrets().join("\n");
    let found = in_text(&all);
    assert!(
        (labelled_secrets().len()..labelled_secrets().len() + 8).contains(&found.len()),
        "{}",
        found.len()
    );
    let harmless = include_str!("secrets/harmless.txt");
    assert_eq!(in_text(harmless), [""; 0]);
}

fn built(fixture: &str) -> (Build, Files) {
    let files = site(fixture);
    (build_site(files.clone()), files)
}

/// The findings about secrets as `file:place: message`.
fn found(fixture: &str) -> Vec<String> {
    let (built, files) = built(fixture);
    let secrets = built.findings.iter().map(|finding| &finding.diagnostic);
    let secrets = secrets.filter(|found| found.rule == Rule::SecretInPage);
    let shown = |found: &std::sync::Arc<Diagnostic>| {
        let text = files.text(&found.at.path).unwrap_or_default();
        let line = text[..found.at.range.start].matches('\n').count() + 1;
        format!("{}:{line}: {}", found.at.path, found.message)
    };
    secrets.map(shown).collect()
}

#[test]
fn everything_that_is_published_is_looked_through() {
    let token = format!("gh{}_{}", 'p', Draw(3).text(Of::Letters, 36));
    let fixture = format!(
        "-- site.toml --\ntitle = \"A\"\nrepository = \"https://x.example/?token={token}\"\n\
         [alerts]\nsources = [\"rules.yaml\"]\n\
         -- rules.yaml --\ngroups:\n- rules:\n  - alert: Slow\n    expr: up == 0\n    annotations:\n      \
         summary: ask with {token}\n\
         -- content/a.md --\n---\ntitle: A\nsummary: with {token}\n---\n<!-- {token} -->\n\
         -- content/compose.yaml --\nenvironment:\n  DB_PASSWORD: Tr0ub4dor3x\n\
         -- content/drawing.svg --\n<svg><desc>{token}</desc></svg>\n\
         -- content/{token}.txt --\nnothing\n\
         -- content/client.p12 --\n0\n\
         -- content/_drafts/notes.txt --\n{token}\n\
         -- theme/static/extra.js --\nconst token = \"{token}\";\n"
    );
    let mut expected = vec![
        "content/a.md:3: this looks like a GitHub token".to_owned(),
        "content/a.md:5: this looks like a GitHub token".to_owned(),
        "content/client.p12:1: `client.p12` looks like a key with its certificate".to_owned(),
        "content/compose.yaml:2: this looks like a password".to_owned(),
        "content/drawing.svg:1: this looks like a GitHub token".to_owned(),
        format!(
            "content/{token}.txt:1: the name of this file holds what looks like a GitHub token"
        ),
        "rules.yaml:3: what this rule shows of itself holds what looks like a GitHub token"
            .to_owned(),
        "site.toml:2: this looks like a GitHub token".to_owned(),
        "theme/static/extra.js:1: this looks like a GitHub token".to_owned(),
    ];
    expected.sort();
    let mut found = found(&fixture);
    found.sort();
    assert_eq!(found, expected);
}

/// A site in which something else is wrong beside every labelled secret, and quotes it; and all of these secrets.
fn quoting_site() -> (tempfile::TempDir, Vec<String>) {
    let mut fixture = String::from(
        "-- site.toml --\ntitle = \"A\"\n[checks]\nraw-html = \"warn\"\norphan-page = \"warn\"\n",
    );
    let mut values = Vec::new();
    for (number, text) in labelled_secrets().iter().enumerate() {
        let whole = text.trim_end();
        let own = in_text(text);
        let value = own.iter().find(|value| !value.starts_with("-----BEGIN"));
        let value = value.cloned().unwrap_or_else(|| {
            let is_key = |part: &&str| part.len() > 40;
            whole
                .split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/".contains(letter))
                .find(is_key)
                .expect("a key")
                .to_owned()
        });
        let quoted = value.replace(['\'', '"', '<', '>', '|', '[', ']', '\n', '`'], "");
        fixture.push_str(&format!(
            "-- content/p{number}.md --\n---\nowner: '{quoted}'\nno_such_key: 1\n---\n# P\n\n\
             {whole} [x](gone.md) <nobr>\n\n[y](<{quoted}.md>) [z](#{quoted}) `{quoted}`\n"
        ));
        values.push(value);
    }
    (folder(&fixture), values)
}

/// The secrets that something printed repeats, but for the beginning that tells which one it is.
fn repeated<'v>(printed: &str, values: &'v [String]) -> Vec<&'v String> {
    let tail = |value: &String| value[value.floor_char_boundary(value.len().min(4))..].to_owned();
    values.iter().filter(|value| value.len() >= 8 && printed.contains(&tail(value))).collect()
}

#[test]
fn no_format_repeats_a_secret_whatever_is_asked_for() {
    let (site, values) = quoting_site();
    let formats =
        ["human", "short", "json", "github", "gitlab", "junit", "markdown", "rdjson", "sarif"];
    for settings in ["", "secret-in-page = \"allow\"\n"] {
        let file = site.path().join("site.toml");
        let text = std::fs::read_to_string(&file).expect("the settings");
        std::fs::write(&file, text + settings).expect("the settings");
        for only in [&["--all"][..], &["--all", "--only", "links"], &["--all", "content/p7.md"]] {
            let mut arguments = vec!["check".to_owned()];
            arguments.extend(only.iter().map(|argument| (*argument).to_owned()));
            for format in formats {
                arguments.extend(["--format".to_owned(), format!("{format}=out.{format}")]);
            }
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let said = text_of(&guidepost(site.path(), &arguments));
            assert_eq!(repeated(&said, &values), [""; 0], "{only:?}");
            for format in &formats {
                let printed = site.path().join(format!("out.{format}"));
                let printed = std::fs::read_to_string(printed).expect("it was written");
                // The comment of a pull request shows a few.
                assert!(printed.contains("p7.md") || *format == "markdown", "{format} {only:?}");
                assert_eq!(repeated(&printed, &values), [""; 0], "{format} {only:?}");
            }
        }
    }
    let built = text_of(&guidepost(site.path(), &["build", "--strict"]));
    assert!(built.contains("nothing written"), "{built}");
    assert_eq!(repeated(&built, &values), [""; 0]);
}

#[test]
fn the_preview_repeats_no_secret_beside_its_page() {
    let (site, values) = quoting_site();
    let preview = Preview::of(site.path());
    let listed = preview.get("/_guidepost/findings?page=p7%2Findex.html");
    assert!(listed.contains("p7.md"), "{listed}");
    assert_eq!(repeated(&listed, &values), [""; 0]);
}

/// Each of these took time with the square of its length, or would take it if looked at without a window.
#[test]
fn a_text_that_seems_to_begin_a_secret_everywhere_is_read_once() {
    let begin = "-----BEGIN ";
    for piece in [
        "sk-",
        "sk-a",
        "eyJ",
        "eyJ.eyJ.",
        "://",
        "://a:b",
        "password=",
        "password=\"",
        "passpass",
        "token: token: ",
        "curl -u ",
        "curl -u a:",
        begin,
        "-----BEGIN RSA PRIVATE KEY-----",
        ":AA",
        "Q~Q~",
        "name: KEY\nvalue: ",
        "Bearer ",
        "\\\"password\\\": \\\"",
        "AKIA",
        "-us",
        "api_key_api_key_",
        "%3A",
        "%",
        "password%3D",
        "cGFzc3dvcmQ9",
        "AAAAAAAAAAAA",
        "=",
        "| Password |\n|-|\n",
        "|password",
        "echo a|sudo -S",
        ":5432:",
        "a:5432:b:c:",
        "Cookie: sid=",
        "set -x token ",
        "password: &a ",
        "variable \"password\" {",
        "credentials: a / ",
        "htpasswd -b ",
        "sqlplus a/",
        "PuTTY-User-Key-File-",
        "Sensitive(\"",
        "密码：",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        assert!(in_text(&text).len() < 60_000, "{piece}");
    }
}
