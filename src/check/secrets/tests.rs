//! What is found in a text, and what is left alone. Secrets are put together from parts, so that no scanner of this
//! repository takes them for some.

use super::secrets;
use crate::files::FilePath;

/// The texts that the findings point at.
fn check(text: &str, expected: &[&str]) {
    let path = FilePath::new("content/a.md").expect("a path");
    let found = secrets(&path, text);
    let shown: Vec<&str> = found.iter().map(|finding| &text[finding.at.range.clone()]).collect();
    assert_eq!(shown, expected, "{text}");
    for (finding, secret) in found.iter().zip(shown) {
        assert!(!finding.message.contains(secret), "{}", finding.message);
    }
}

/// A token of the given beginning.
fn token(begins: &str, length: usize) -> String {
    let letters = "q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5";
    begins.chars().chain(letters.chars().cycle().take(length)).collect()
}

#[test]
fn tokens_are_known_by_their_shape() {
    for (begins, length) in [
        ("ghp_", 36),
        ("github_pat_", 60),
        ("discord.com/api/webhooks/", 60),
        ("glpat-", 20),
        ("xoxb-", 30),
        ("sk-proj-", 60),
        ("hooks.slack.com/services/", 40),
    ] {
        let secret = token(begins, length);
        check(&format!("Use `{secret}` here."), &[&secret]);
        check(&format!("Use {begins}TOKEN here, {}.", token(begins, 8)), &[]);
    }
    let key = format!("AKIA{}", "Q7RK2MZP9TVXC4LW");
    check(&format!("aws_access_key_id = {key}\n"), &[&key]);
}

#[test]
fn published_examples_and_placeholders_are_left_alone() {
    check("AKIAIOSFODNN7EXAMPLE and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", &[]);
    check(
        "password = \"<password>\"\npassword: '${DB_PASSWORD}'\ntoken=\"{{ token }}\"\npassword = \"changeme1\"",
        &[],
    );
    check(
        "secret = \"va-prod-core-openai-api-key-2\"\nsecret_name = \"Tr0ub4dor&3x\"\ntoken: \"0000000000\"",
        &[],
    );
    check("https://user:password@host/ and https://user:$PASSWORD@host/ at 10:30", &[]);
}

#[test]
fn assigned_passwords_are_found_with_and_without_quotes() {
    check("db_password = \"Tr0ub4dor&3x\"", &["Tr0ub4dor&3x"]);
    check("  \"api-key\": \"q7Rk2mZp9TvXc4Lw\",", &["q7Rk2mZp9TvXc4Lw"]);
    check("export TOKEN='q7Rk2mZp9TvXc4Lw'", &["q7Rk2mZp9TvXc4Lw"]);
    check("postgres://app:Tr0ub4dor3x@db.internal/app", &["Tr0ub4dor3x"]);
    check("redis://:Tr0ub4dor3x@db.internal", &["Tr0ub4dor3x"]);
    check("DB_PASSWORD=Tr0ub4dor3x\n", &["Tr0ub4dor3x"]);
    check("password: Tr0ub4dor3x # for staging", &["Tr0ub4dor3x"]);
    check("**Password**: `Tr0ub4dor3x`", &["Tr0ub4dor3x"]);
    check("| Password | Tr0ub4dor3x |", &["Tr0ub4dor3x"]);
    check("<password>Tr0ub4dor3x</password>", &["Tr0ub4dor3x"]);
    check("- name: DB_PASSWORD\n  value: Tr0ub4dor3x\n", &["Tr0ub4dor3x"]);
    check("{\"name\": \"DB_PASSWORD\", \"value\": \"Tr0ub4dor3x\"}", &["Tr0ub4dor3x"]);
    check("mysqldump -uroot -pTr0ub4dor3x app", &["Tr0ub4dor3x"]);
    check("curl -s -u admin:Tr0ub4dor3x https://a.example", &["Tr0ub4dor3x"]);
    check("app --password Tr0ub4dor3x --verbose", &["Tr0ub4dor3x"]);
    check("-H 'Authorization: Bearer q7Rk2mZp9TvXc4Lw'", &["q7Rk2mZp9TvXc4Lw"]);
    check("https://a.example/x?user=a&api_key=q7Rk2mZp9TvXc4Lw&b=1", &["q7Rk2mZp9TvXc4Lw"]);
    check("CREATE USER a IDENTIFIED BY 'Tr0ub4dor3x';", &["Tr0ub4dor3x"]);
    check("Server=a;User=b;Password=Tr0ub4dor3x;Timeout=3", &["Tr0ub4dor3x"]);
    check("echo '{\\\"token\\\": \\\"q7Rk2mZp9TvXc4Lw\\\"}'", &["q7Rk2mZp9TvXc4Lw"]);
    check("machine a.example login me password Tr0ub4dor3x", &["Tr0ub4dor3x"]);
    check("password: |\n  Tr0ub4dor3x\n", &["Tr0ub4dor3x"]);
    check("PASSWORD=${PASSWORD:-Tr0ub4dor3x}", &["Tr0ub4dor3x"]);
    check("DB_PASSWORD=Tr0ub4dor3x # gitleaks:allow\n", &[]);
}

#[test]
fn key_blocks_and_web_tokens_are_found_once() {
    let begin = format!("-----BEGIN RSA {} KEY-----", "PRIVATE");
    check(&format!("{begin}\n{}\n", token("MII", 64)), &[&begin]);
    check(&format!("\"private_key\": \"{begin}\\n{}\\n\"", token("MII", 64)), &[&begin]);
    check(&format!("{begin}\n...\n"), &[]);
    let jwt = format!("{}.{}.{}", token("eyJ", 20), token("eyJ", 40), token("", 43));
    check(&format!("token = \"{jwt}\""), &[&jwt]);
}

#[test]
fn examples_of_well_known_documentation_are_known_by_their_fingerprint() {
    for parts in
        [["sk_te", "st_4eC39HqLyjWDarjtT1zdp7dc"], ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"]]
    {
        let published = parts.concat();
        let other = published.replace("dc", "zz").replace("16C7", "99Zz");
        check(&published, &[]);
        check(&other, &[&other]);
    }
}
