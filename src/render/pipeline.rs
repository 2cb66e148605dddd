//! An agent among the agents before and after it.

use crate::resolve::PageId;
use crate::value::read::Spanned;
use crate::words::Words;

use super::frame::due_day;
use super::graph::{GraphNode, neighborhood};
use super::inputs::Overview;
use super::owner::owner_name;
use super::view::{LinkView, PipelineRole, PipelineStop};

/// The agents before and after a page's, with the page's own between them; empty without neighbors.
pub(crate) fn pipeline(overview: &Overview, id: PageId) -> Vec<PipelineStop> {
    let meta = &overview.site.page(id).document.meta;
    let Some(agent) = meta.agent.as_ref().map(|agent| agent.value.as_str()) else {
        return Vec::new();
    };
    let agents = &overview.report.agents;
    // Names that no page declares are in front matter alone, and names that only the other side gives in the graph.
    let upstream = without_repeats(agent, names(&meta.upstream).chain(agents.upstream(agent)));
    let downstream =
        without_repeats(agent, names(&meta.downstream).chain(agents.downstream(agent)));
    if upstream.is_empty() && downstream.is_empty() {
        return Vec::new();
    }
    let stop = |name: &str, role| pipeline_stop(overview, id, name, role);
    let before = upstream.iter().map(|name| {
        let both = downstream.contains(name);
        stop(name, if both { PipelineRole::Both } else { PipelineRole::Upstream })
    });
    let after = downstream.iter().filter(|name| !upstream.contains(name));
    let here = std::iter::once(stop(agent, PipelineRole::Here));
    before.chain(here).chain(after.map(|name| stop(name, PipelineRole::Downstream))).collect()
}

fn names(list: &[Spanned<String>]) -> impl Iterator<Item = &str> {
    list.iter().map(|name| name.value.as_str())
}

/// The names in their order, each once, without the agent itself.
fn without_repeats<'n>(agent: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut kept: Vec<&str> = Vec::new();
    for name in names {
        if name != agent && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn pipeline_stop(
    overview: &Overview,
    seen_from: PageId,
    name: &str,
    role: PipelineRole,
) -> PipelineStop {
    let site = &overview.site;
    let page = site.page(seen_from);
    let target = if role == PipelineRole::Here { Some(seen_from) } else { site.agent(name) };
    let report = target.map(|id| &overview.report.pages[id.0 as usize]);
    let owner = report.and_then(|report| owner_name(&site.config, report.owner.as_deref()));
    PipelineStop {
        title: target.map_or(name, |id| &site.page(id).nav_title).to_owned(),
        url: target
            .filter(|id| *id != seen_from)
            .map(|id| page.address.link_to(&site.page(id).address)),
        due: report.and_then(|report| due_day(&site.config, &report.freshness)),
        state: report.map(|report| report.freshness.state).unwrap_or_default(),
        owner,
        role,
    }
}

/// The pipeline of a page as SVG.
pub(crate) fn drawing(words: &Words, stops: &[PipelineStop]) -> Option<String> {
    let node = |stop: &PipelineStop| GraphNode {
        title: stop.title.clone(),
        owner: stop.owner.clone().unwrap_or_default(),
        url: stop.url.clone(),
        due: stop.due.clone(),
        state: stop.state,
        current: stop.role == PipelineRole::Here,
    };
    let agents: Vec<(GraphNode, PipelineRole)> =
        stops.iter().map(|stop| (node(stop), stop.role)).collect();
    neighborhood(words, &agents)
}

/// The agents that follow a page's, directly or not.
pub(crate) fn affected(overview: &Overview, id: PageId) -> Vec<LinkView> {
    let site = &overview.site;
    let page = site.page(id);
    let agent = page.document.meta.agent.as_ref();
    let names =
        agent.map(|agent| overview.report.agents.affected(&agent.value)).unwrap_or_default();
    let pages = names.into_iter().filter_map(|name| site.agent(name)).map(|id| site.page(id));
    pages
        .map(|other| LinkView {
            title: other.nav_title.to_string(),
            url: page.address.link_to(&other.address),
        })
        .collect()
}
