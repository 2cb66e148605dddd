//! What rules are about, so that a check can be asked for one concern alone.

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Who hands work to whom.
    Agents,
    /// Alerts, and the rules that define them.
    Alerts,
    /// Commands and what fills them.
    Commands,
    /// Dashboards and other deep links.
    Dashboards,
    /// Reviews.
    Freshness,
    /// What readers do not see.
    Hidden,
    /// Addresses, and everything that leads to one.
    Links,
    /// Who owns a page.
    Owners,
    /// A page's front matter and text.
    Pages,
    /// What the search leads to.
    Search,
    /// What must not be published.
    Secrets,
    /// site.toml and the theme.
    Site,
    /// What a page's template demands.
    Templates,
}

impl Concern {
    /// Every concern, in the order of names.
    pub const ALL: &'static [Concern] = &[
        Concern::Agents,
        Concern::Alerts,
        Concern::Commands,
        Concern::Dashboards,
        Concern::Freshness,
        Concern::Hidden,
        Concern::Links,
        Concern::Owners,
        Concern::Pages,
        Concern::Search,
        Concern::Secrets,
        Concern::Site,
        Concern::Templates,
    ];

    /// As typed.
    pub fn name(self) -> &'static str {
        match self {
            Concern::Agents => "agents",
            Concern::Alerts => "alerts",
            Concern::Commands => "commands",
            Concern::Dashboards => "dashboards",
            Concern::Freshness => "freshness",
            Concern::Hidden => "hidden",
            Concern::Links => "links",
            Concern::Owners => "owners",
            Concern::Pages => "pages",
            Concern::Search => "search",
            Concern::Secrets => "secrets",
            Concern::Site => "site",
            Concern::Templates => "templates",
        }
    }

    /// The concern of that name.
    pub fn named(name: &str) -> Option<Concern> {
        Concern::ALL.iter().copied().find(|concern| concern.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Concern;
    use crate::diagnostic::Rule;

    #[test]
    fn every_concern_has_rules_and_is_found_by_its_name() {
        for concern in Concern::ALL {
            assert_eq!(Concern::named(concern.name()), Some(*concern));
            assert!(Rule::ALL.iter().any(|rule| rule.card().concern == *concern), "{concern:?}");
        }
        assert!(Concern::ALL.is_sorted_by_key(|concern| concern.name()));
    }
}
