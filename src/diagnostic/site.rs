//! Mistakes that show only when the pages of a site stand together.

use super::{Diagnostic, Location, Rule};
use crate::files::FilePath;

/// A status outside the vocabulary.
pub(crate) fn unknown_status(at: Location, typed: &str, known: &[String]) -> Diagnostic {
    let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::new(at, Rule::UnknownStatus, format!("unknown status `{typed}`"))
        .help(format!("use one of {listed}, or list it in site.toml: `[front_matter] status`"))
}

/// A template that site.toml does not name.
pub(crate) fn unknown_template(at: Location, typed: &str, similar: Option<&str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(at, Rule::BadValue, format!("no template `{typed}` in site.toml"));
    match similar {
        Some(name) => diagnostic.help(format!("a template with a similar name exists: `{name}`")),
        None => diagnostic.help(format!("add `[templates.{typed}]` with its `file`")),
    }
}

/// A template's file that is not there.
pub(crate) fn missing_template_file(at: Location, name: &str, file: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("the template `{name}` has no file `{file}`"))
        .help("the path counts from the folder that holds site.toml")
}

/// An alert that two pages claim.
pub(crate) fn duplicate_alert(at: Location, name: &str, first: &FilePath) -> Diagnostic {
    Diagnostic::new(at, Rule::DuplicateAlert, format!("`{first}` claims the alert `{name}` too"))
        .help("leave it to one page; until then its address offers both")
}

/// An alert that two pages claim by patterns which differ and share a name.
pub(crate) fn overlapping_alerts(
    at: Location,
    name: &str,
    other: &str,
    page: &FilePath,
) -> Diagnostic {
    let message = format!("`{page}` claims `{other}`, which can be an alert that `{name}` is too");
    Diagnostic::new(at, Rule::DuplicateAlert, message)
        .help("narrow one of the two patterns, so that no alert meets both")
}

/// An alert whose name makes the address of another.
pub(crate) fn alert_at_taken_address(at: Location, name: &str, other: &str) -> Diagnostic {
    let message = format!("the alert `{name}` has the address of `{other}`");
    Diagnostic::new(at, Rule::DuplicateAddress, message)
        .help("rename one of the two; until then the address leads to one of them alone")
}

/// A link of the disk that leads out of the repository.
pub(crate) fn link_out_of_repository(path: &FilePath) -> Diagnostic {
    let message =
        format!("the link `{}` leads out of the repository and is not followed", path.name());
    Diagnostic::new(Location::file(path), Rule::LinkOutOfRepository, message)
        .help("put a copy of what it leads to in its place")
}

/// A link of the disk that leads to nothing.
pub(crate) fn dangling_link(path: &FilePath) -> Diagnostic {
    let message = format!("the link `{}` leads to nothing", path.name());
    Diagnostic::new(Location::file(path), Rule::UnreadFile, message)
        .help("put back what it leads to, or delete it")
}

/// A folder that a link leads to and that is read by another path already.
pub(crate) fn folder_read_already(path: &FilePath, first: &str) -> Diagnostic {
    let message = format!("the folder `{}` is published as `{first}` already", path.name());
    Diagnostic::new(Location::file(path), Rule::RepeatedFolder, message)
        .help("link to its pages instead; what is published twice is found twice and reviewed once")
}

/// A file or folder that the system refuses to read.
pub(crate) fn unreadable(path: &FilePath, reason: &str) -> Diagnostic {
    let message = format!("`{}` cannot be read: {reason}", path.name());
    Diagnostic::new(Location::file(path), Rule::UnreadFile, message)
        .help("everything else is published without it")
}

/// A file or folder whose name is not UTF-8.
pub(crate) fn name_not_text(path: &FilePath) -> Diagnostic {
    let message = format!("the name `{}` is not UTF-8", path.name());
    Diagnostic::new(Location::file(path), Rule::UnreadFile, message)
        .help("rename it; no address can be made of such a name")
}

/// What is neither a file nor a folder.
pub(crate) fn no_file(path: &FilePath) -> Diagnostic {
    let message = format!("`{}` is a socket, a pipe or a device", path.name());
    Diagnostic::new(Location::file(path), Rule::UnreadFile, message)
        .help("only files are published; move it out of the folder")
}

/// A file that no page uses.
pub(crate) fn unused_asset(at: Location) -> Diagnostic {
    let path = at.path.clone();
    Diagnostic::new(at, Rule::UnusedAsset, format!("no page uses `{}`", path.name()))
}

/// A page that nothing leads to.
pub(crate) fn orphan_page(at: Location) -> Diagnostic {
    Diagnostic::new(at, Rule::OrphanPage, "nothing leads to this page".to_owned())
        .help("link to it from a page that readers come by")
}
