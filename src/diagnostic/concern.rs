//! What rules are about, so that a check can be asked for one concern alone.

use super::rule::Rule;

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

    /// What a rule is about.
    pub fn of(rule: Rule) -> Concern {
        match rule {
            Rule::UnknownAgent | Rule::OneSidedEdge => Concern::Agents,
            Rule::AlertLinkBroken
            | Rule::AlertWithoutRunbook
            | Rule::AlertLinkForeign
            | Rule::DuplicateAlert
            | Rule::AlertContradictsRule
            | Rule::SourceSkipped
            | Rule::SourceWithoutAlerts
            | Rule::RunbookWithoutAlert => Concern::Alerts,
            Rule::UnusedParameter
            | Rule::UndeclaredParameter
            | Rule::BranchLeadsNowhere
            | Rule::DestructiveWithoutWarning
            | Rule::DestructiveWithoutVerify => Concern::Commands,
            Rule::UndefinedVariable => Concern::Dashboards,
            Rule::ReviewInFuture
            | Rule::WatchedFileChanged
            | Rule::NeverReviewed
            | Rule::ReviewOverdue
            | Rule::ReviewDueSoon
            | Rule::ReviewDateOnly => Concern::Freshness,
            Rule::HiddenText | Rule::ConfusableCommand | Rule::CommentAddressesAgents => {
                Concern::Hidden
            }
            Rule::BrokenLink
            | Rule::BrokenAnchor
            | Rule::WrongCase
            | Rule::DuplicateAddress
            | Rule::GeneratedFileReplaced
            | Rule::NameTooLong
            | Rule::NameNotPortable
            | Rule::OrphanPage
            | Rule::UnusedAsset
            | Rule::ForeignImage
            | Rule::DuplicateAnchor => Concern::Links,
            Rule::UnknownOwner | Rule::MissingOwner => Concern::Owners,
            Rule::BadFrontMatter
            | Rule::BadValue
            | Rule::BadDate
            | Rule::UnknownKey
            | Rule::UnknownStatus
            | Rule::ForeignMarkup
            | Rule::RawHtml
            | Rule::DiagramNotDrawn => Concern::Pages,
            Rule::NotFoundFirst => Concern::Search,
            Rule::SecretInPage => Concern::Secrets,
            Rule::TemplateError
            | Rule::UnknownThemeFile
            | Rule::BadConfig
            | Rule::UnsafeHtml
            | Rule::ActiveDrawing
            | Rule::LinkOutOfRepository
            | Rule::UnreadFile
            | Rule::RepeatedFolder => Concern::Site,
            Rule::UnfilledPlaceholder
            | Rule::TemplateGuidanceLeft
            | Rule::MissingSection
            | Rule::SectionOutOfOrder
            | Rule::SectionNotApplicableWithoutReason => Concern::Templates,
        }
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
            assert!(Rule::ALL.iter().any(|rule| Concern::of(*rule) == *concern), "{concern:?}");
        }
        assert!(Concern::ALL.is_sorted_by_key(|concern| concern.name()));
    }
}
