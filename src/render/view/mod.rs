//! What a template may see: the contract between Guidepost and the authors of themes.
//!
//! Plain data, ready to be shown: text unless a field says HTML, days as [`Day`], addresses ready for `href`.
//! Equal views make equal pages, so nothing here depends on the day of the build but [`State`](crate::freshness::State) and the fields
//! named `built`. Views hold no day counts: the theme's script works those out when the page is read.
//!
//! Every template is rendered with the same four variables:
//!
//! | name | type | same for |
//! |---|---|---|
//! | `page` | one of the `…Page` types, each with a [`Frame`] as `page.frame` | one page |
//! | `navigation` | HTML, drawn by `navigation.html` | one page |
//! | `site` | [`SiteView`] | all pages |
//! | `assets` | file name -> path from the root (`assets["theme.css"]`) | all pages |
//!
//! Two kinds of address: a field named `url` (or ending in `_url`) is ready for `href` on its page; a field named
//! `path` counts from the root of the site, because pages at different depths share it, and wants
//! `{{ page.frame.root }}` in front.
//!
//! Fixed words are not in the views: `{{ "owner" | word }}` takes them from the table of the site's language, with what
//! is filled in as arguments (`{{ "page-count" | word(count=3) }}`).
//!
//! | template | view |
//! |---|---|
//! | `page.html` | [`PageView`], for sections too |
//! | `navigation.html` | [`Navigation`], with `site` and `assets` beside it |
//! | `home.html` | [`HomePage`] |
//! | `alerts.html`, `alert-choice.html` | [`AlertsPage`], [`AlertChoicePage`] |
//! | `dashboards.html` | [`DashboardsPage`] |
//! | `freshness.html` | [`FreshnessPage`] |
//! | `coverage.html` | [`CoveragePage`] |
//! | `owner.html`, `owners.html` | [`OwnerPage`], [`OwnersPage`] |
//! | `print.html` | [`PrintPage`] |
//! | `search.html`, `404.html`, `redirect.html` | [`SearchPage`], [`NotFoundPage`], [`RedirectPage`] |

pub use frame::{
    Contact, Day, DueDay, Frame, LinkView, Navigation, NavigationItem, NavigationSection,
    NotFoundPage, OwnerView, RedirectPage, ReportLink, SearchPage, SiteView,
};
pub use home::{
    AlertSection, AttentionRow, HomeAlerts, HomeGroup, HomePage, RecentRow, ShownAlerts,
};
pub use page::{
    Backlink, ChangedFile, FreshnessView, LedgerRow, Missing, PageView, PipelineRole, PipelineStop,
    SignatureView, TocEntry, Tombstone,
};
pub use reports::{
    AlertChoice, AlertChoicePage, AlertsPage, CellState, CoverageCell, CoverageColumn,
    CoverageGroup, CoverageMatrix, CoveragePage, CoverageRow, DashboardFilter, DashboardGroup,
    DashboardsPage, FreshnessPage, FreshnessRow, OwnerPage, OwnerRow, OwnersPage, PrintPage,
    PrintedPage, StateCounts,
};
pub use rows::{
    AlertRow, Dashboard, NamePiece, PageRow, ParameterView, RuleRow, SectionRow, Severity, Status,
    StatusKind,
};

mod frame;
mod home;
mod page;
mod reports;
mod rows;
