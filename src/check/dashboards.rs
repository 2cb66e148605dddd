//! The deep links of a page: those of its front matter, else those of its template's dashboards section.

use crate::config::Config;
use crate::deep_link::{DashboardLink, DeepLink, Defaults, read_dashboard};
use crate::diagnostic::Diagnostic;
use crate::parse::Outline;
use crate::parse::template_section::template_sections;
use crate::resolve::{Page, section_names};
use crate::text::is_script;
use crate::token::parameter_name;

/// Every deep link of a page, and what is wrong with them.
pub fn dashboards(config: &Config, page: &Page) -> (Vec<DashboardLink>, Vec<Diagnostic>) {
    let document = &page.document;
    let defaults = defaults(config, document);
    let (mut links, mut found) = (Vec::new(), Vec::new());
    for node in &document.meta.dashboards {
        let (link, wrong) = read_dashboard(node, &document.path, &defaults);
        links.extend(link);
        found.extend(wrong);
    }
    if document.meta.dashboards.is_empty()
        && let Some(names) = section_names(config, page)
    {
        let listed = template_sections(document, &names).dashboards;
        let away = listed
            .into_iter()
            .filter(|link| link.address.contains("://") && !is_script(&link.address));
        links.extend(away.map(|link| DashboardLink {
            title: link.text.clone(),
            kind: "url".to_string(),
            link: DeepLink::Url(link.address.clone()),
            region: None,
            account: None,
            note: None,
            range: link.range.clone(),
        }));
    }
    (links, found)
}

/// What site.toml and a page say for every deep link of the page; its parameters come before the site's.
pub fn defaults<'a>(config: &'a Config, document: &'a Outline) -> Defaults<'a> {
    let mut defaults = Defaults {
        region: config.dashboards.region.as_deref(),
        account: config.dashboards.account.as_deref(),
        grafana: config.dashboards.grafana.as_deref(),
        ..Defaults::default()
    };
    for (name, kind) in &config.dashboards.kinds {
        defaults.kinds.insert(name, (&kind.title, &kind.url));
    }
    for (name, parameter) in &config.parameters {
        defaults.parameters.insert(name, parameter.default.as_deref());
    }
    for parameter in &document.meta.parameters {
        let name = parameter_name(&parameter.name.value);
        defaults.parameters.retain(|shared, _| parameter_name(shared) != name);
        defaults.parameters.insert(&parameter.name.value, parameter.default.as_deref());
    }
    defaults
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{dashboards, defaults};
    use crate::config::read::config;
    use crate::deep_link::DashboardLink;
    use crate::diagnostic::Diagnostic;
    use crate::files::FilePath;
    use crate::memo::Mode;
    use crate::parse::tests_support::document;
    use crate::parse::{Input, parse};
    use crate::resolve::{Cache, PageSources, resolve};

    /// The links of a page and what is wrong with them, on a site with the repository's site.toml.
    fn read(page: &str) -> (Vec<DashboardLink>, Vec<Diagnostic>) {
        let path = |text: &str| FilePath::new(text).unwrap();
        let (config, _) = config(&path("site.toml"), include_str!("../../site.toml")).unwrap();
        let input = Input {
            path: path("content/agents/example.md"),
            bytes: page.as_bytes().to_vec().into(),
            options: Arc::default(),
        };
        let documents = vec![Arc::new(parse(&input))];
        let sources = PageSources { documents, others: Vec::new(), drafts: false };
        let site = resolve(&Arc::new(config), sources, Mode::Once, &mut Cache::default());
        dashboards(&site.config, &site.pages[0])
    }

    /// The titles of a page's links and what is wrong with them.
    fn check(page: &str, expected: &[&str]) {
        let (links, found) = read(page);
        let titles = links.into_iter().map(|link| link.title);
        let shown: Vec<String> =
            titles.chain(found.into_iter().map(|found| found.message)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn front_matter_comes_before_the_section() {
        check(
            "---\ndashboards: [{kind: lambda, name: <f>}, {kind: xray, nap: 1}]\nparameters: [{name: f}]\n---\n\
             # A\n\n## Dashboard\n\n[Other](https://o.example/)\n",
            &["<f>", "X-Ray", "`xray` links have no `nap`"],
        );
    }

    #[test]
    fn links_of_the_dashboards_section_stand_in_for_front_matter() {
        check(
            "# A\n\n## 3. Dashboard\n\n- [Pipeline](https://p.example/)\n- [below](#a)\n- [page](b.md)\n",
            &["Pipeline"],
        );
    }

    #[test]
    fn a_parameter_of_the_page_stands_for_the_sites_in_any_spelling() {
        let path = FilePath::new("site.toml").unwrap();
        let toml = "[parameters.content-id]\ndefault = \"site\"\n";
        let (config, _) = config(&path, toml).unwrap();
        let page = document("---\nparameters: [{name: Content_ID, default: page}]\n---\n");
        let parameters = defaults(&config, &page).parameters;
        assert_eq!(parameters, [("Content_ID", Some("page"))].into());
    }

    #[test]
    fn every_link_of_the_example_has_an_address() {
        for page in [
            include_str!("../../content/agents/afflink.md"),
            include_str!("../../content/agents/cmo.md"),
            include_str!("../../content/agents/contentgen.md"),
            include_str!("../../content/agents/publish.md"),
            include_str!("../../content/agents/review.md"),
        ] {
            let (links, found) = read(page);
            assert_eq!(found, []);
            assert!(links.len() > 3);
        }
    }
}
