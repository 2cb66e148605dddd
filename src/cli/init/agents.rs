//! What `guidepost init --agents` writes: for each agent that works in a repository, how it starts `guidepost mcp`, and the
//! setting by which a site publishes skills.
//!
//! Pure: text in, text out. The formats are those of the agents' own documentation.

use serde_json::json;

/// The name by which agents list the server.
const NAME: &str = "runbooks";

/// A file for each agent, below the top of the repository. `site` is the site folder seen from there, empty where they are
/// the same.
pub(super) fn settings(site: &str) -> Vec<(&'static str, String)> {
    let mut arguments = vec!["mcp"];
    if !site.is_empty() {
        arguments.extend(["--site", site]);
    }
    let server = json!({ "command": "guidepost", "args": arguments });
    let mut typed = json!({ "type": "stdio" });
    typed["command"] = server["command"].clone();
    typed["args"] = server["args"].clone();
    let pretty = |key: &str, server: &serde_json::Value| {
        let mut settings = json!({});
        settings[key] = json!({ NAME: server });
        serde_json::to_string_pretty(&settings).expect("texts are JSON") + "\n"
    };
    let quoted = |text: &str| toml_string(text);
    let arguments: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
    vec![
        // Claude Code.
        (".mcp.json", pretty("mcpServers", &server)),
        (".cursor/mcp.json", pretty("mcpServers", &server)),
        (".gemini/settings.json", pretty("mcpServers", &server)),
        // Copilot in Visual Studio Code.
        (".vscode/mcp.json", pretty("servers", &typed)),
        (
            ".codex/config.toml",
            format!(
                "[mcp_servers.{NAME}]\ncommand = \"guidepost\"\nargs = [{}]\n",
                arguments.join(", ")
            ),
        ),
    ]
}

/// A text as a string of TOML, which has JSON's escapes.
fn toml_string(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// site.toml with skills published; nothing where it says of skills already.
pub(super) fn with_skills(site_toml: &str) -> Option<String> {
    let says = |line: &str| {
        let line: String = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        line.starts_with("[skills") || line.starts_with("skills=") || line.starts_with("skills.")
    };
    if site_toml.lines().any(says) {
        return None;
    }
    let end = if site_toml.is_empty() || site_toml.ends_with('\n') { "" } else { "\n" };
    Some(format!("{site_toml}{end}\n[skills]\nenabled = true\n"))
}

#[cfg(test)]
mod tests {
    use super::{settings, with_skills};
    use crate::value::{json, toml};

    #[test]
    fn every_setting_is_what_its_agent_parses_and_names_the_site() {
        for (path, text) in settings("docs/ops \"a\"") {
            let node =
                if path.ends_with(".toml") { toml::parse(&text, 0) } else { json::parse(&text, 0) };
            let node = node.unwrap_or_else(|error| panic!("{path}: {}", error.message));
            let server = ["mcpServers", "servers", "mcp_servers"]
                .iter()
                .find_map(|key| node.at(&[key, "runbooks"]))
                .expect("a server");
            assert_eq!(server.get("command").and_then(|node| node.as_str()), Some("guidepost"));
            let arguments = server.get("args").expect("arguments").items();
            let arguments: Vec<&str> = arguments.iter().filter_map(|node| node.as_str()).collect();
            assert_eq!(arguments, ["mcp", "--site", "docs/ops \"a\""], "{path}");
        }
    }

    #[test]
    fn a_site_that_says_of_skills_is_left_as_it_is() {
        assert_eq!(
            with_skills("title = \"A\"").as_deref(),
            Some("title = \"A\"\n\n[skills]\nenabled = true\n")
        );
        for said in [
            "[skills]\n",
            "[ skills ]\nenabled = false",
            "skills = {enabled = true}",
            "skills.enabled = true",
        ] {
            assert_eq!(with_skills(said), None, "{said}");
        }
        assert!(with_skills("# [skills]\n").is_some());
    }
}
