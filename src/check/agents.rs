//! The agents of a site and what flows between them: an [`AgentGraph`] out of `upstream` and `downstream`.
//!
//! Cycles are allowed: rejected work flows back. Draws nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::diagnostic::{Diagnostic, Location, agents as mistakes, nearest};
use crate::files::FilePath;
use crate::parse::front_matter::FrontMatter;
use crate::value::read::Spanned;

/// Joins what the pages of agents say of their neighbors.
pub fn agent_graph<'a>(
    pages: impl IntoIterator<Item = (&'a FilePath, &'a FrontMatter)>,
) -> AgentGraph {
    let pages: Vec<(&FilePath, &FrontMatter, &str)> = pages
        .into_iter()
        .filter_map(|(path, meta)| Some((path, meta, meta.agent.as_ref()?.value.as_str())))
        .collect();
    let mut graph = AgentGraph::default();
    let mut declared: BTreeMap<&str, (&FilePath, &FrontMatter)> = BTreeMap::new();
    for (path, meta, name) in &pages {
        declared.entry(name).or_insert((path, meta));
        graph.downstream.entry((*name).to_owned()).or_default();
    }
    for (path, meta, name) in &pages {
        for (key, back, others) in [
            ("upstream", "downstream", &meta.upstream),
            ("downstream", "upstream", &meta.downstream),
        ] {
            for other in others {
                let at = Location::new(path, other.range.clone());
                let Some((page, there)) = declared.get(other.value.as_str()) else {
                    let similar = nearest(&other.value, declared.keys().copied());
                    graph.diagnostics.push(mistakes::unknown_agent(at, key, &other.value, similar));
                    continue;
                };
                let returned = if key == "upstream" { &there.downstream } else { &there.upstream };
                if !names(returned, name) {
                    let page = Location::file(page);
                    graph
                        .diagnostics
                        .push(mistakes::one_sided_edge(at, &other.value, back, name, &page));
                }
                match key {
                    "upstream" => graph.add(&other.value, name),
                    _ => graph.add(name, &other.value),
                }
            }
        }
    }
    graph
}

/// Who hands work to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentGraph {
    /// For each agent the agents that it feeds.
    downstream: BTreeMap<String, BTreeSet<String>>,
    /// For each agent the agents that feed it.
    upstream: BTreeMap<String, BTreeSet<String>>,
    /// What is wrong with the declarations, in the order of the pages.
    pub diagnostics: Vec<Diagnostic>,
}

impl AgentGraph {
    /// Every agent, in the order of names.
    pub fn agents(&self) -> impl Iterator<Item = &str> {
        self.downstream.keys().map(String::as_str)
    }

    /// Every pair of an agent and one that it feeds.
    pub fn edges(&self) -> impl Iterator<Item = (&str, &str)> {
        self.downstream
            .iter()
            .flat_map(|(from, fed)| fed.iter().map(move |to| (from.as_str(), to.as_str())))
    }

    /// The agents that feed this one, whichever side says so, in the order of names.
    pub fn upstream(&self, agent: &str) -> impl Iterator<Item = &str> {
        self.upstream.get(agent).into_iter().flatten().map(String::as_str)
    }

    /// The agents that this one feeds, whichever side says so, in the order of names.
    pub fn downstream(&self, agent: &str) -> impl Iterator<Item = &str> {
        self.downstream.get(agent).into_iter().flatten().map(String::as_str)
    }

    /// What is affected if an agent stops: all that it feeds, directly or not, the nearest first.
    pub fn affected(&self, agent: &str) -> Vec<&str> {
        let mut seen: BTreeSet<&str> = [agent].into();
        let mut reached = Vec::new();
        let mut next: VecDeque<&str> = self.downstream(agent).collect();
        while let Some(name) = next.pop_front() {
            if seen.insert(name) {
                reached.push(name);
                next.extend(self.downstream(name));
            }
        }
        reached
    }

    fn add(&mut self, from: &str, to: &str) {
        self.downstream.entry(from.to_owned()).or_default().insert(to.to_owned());
        self.upstream.entry(to.to_owned()).or_default().insert(from.to_owned());
    }
}

fn names(list: &[Spanned<String>], name: &str) -> bool {
    list.iter().any(|entry| entry.value == name)
}

#[cfg(test)]
mod tests {
    use super::{AgentGraph, agent_graph};
    use crate::files::FilePath;
    use crate::parse::front_matter::FrontMatter;
    use crate::value::read::Spanned;

    /// Agents from lines of `upstream > agent > downstream`, each with names that blanks separate.
    fn graph(text: &str) -> AgentGraph {
        let list = |names: &str| -> Vec<Spanned<String>> {
            names
                .split_whitespace()
                .map(|name| Spanned { value: name.to_owned(), range: 0..0 })
                .collect()
        };
        let pages: Vec<(FilePath, FrontMatter)> = text
            .lines()
            .map(|line| {
                let parts: Vec<&str> = line.split('>').map(str::trim).collect();
                let agent = Spanned { value: parts[1].to_owned(), range: 0..0 };
                let (upstream, downstream) = (list(parts[0]), list(parts[2]));
                let path = FilePath::new(&format!("{}.md", parts[1])).expect("a path");
                (
                    path,
                    FrontMatter {
                        agent: Some(agent),
                        upstream,
                        downstream,
                        ..FrontMatter::default()
                    },
                )
            })
            .collect();
        agent_graph(pages.iter().map(|(path, meta)| (path, meta)))
    }

    fn check(text: &str, messages: &[&str]) {
        let found: Vec<String> = graph(text)
            .diagnostics
            .iter()
            .map(|finding| format!("{}: {}", finding.at.path, finding.message))
            .collect();
        assert_eq!(found, messages, "{text}");
    }

    #[test]
    fn an_edge_wants_to_be_declared_on_both_sides() {
        check(" > cmo > gen\ncmo > gen > ", &[]);
        check(" > cmo > gen\n > gen > ", &["cmo.md: `gen` does not name `cmo` in its `upstream`"]);
        check(
            " > cmo > \ncmo > gen > ",
            &["gen.md: `cmo` does not name `gen` in its `downstream`"],
        );
    }

    #[test]
    fn an_agent_without_a_page_is_unknown() {
        check(
            " > review > publis\nreview > publish > ",
            &[
                "review.md: no page declares the agent `publis`",
                "publish.md: `review` does not name `publish` in its `downstream`",
            ],
        );
    }

    #[test]
    fn what_is_affected_is_all_that_follows_nearest_first_even_round_a_cycle() {
        let graph = graph(" > a > c\na > c > b\nc > b > a d\nb > d > ");
        assert_eq!(graph.affected("a"), ["c", "b", "d"]);
        assert_eq!(graph.affected("d"), [""; 0]);
        assert_eq!(graph.upstream("a").collect::<Vec<_>>(), ["b"]);
        assert_eq!(graph.downstream("b").collect::<Vec<_>>(), ["a", "d"]);
    }
}
