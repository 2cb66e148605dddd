//! A crawl through a site as a host would serve it: every link of every page, and every file, asked for as browsers ask.
//!
//! What leads nowhere on any host is counted and no more: [`crate::check`] names it at the place where it was written.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::emulated::{Emulated, HostAnswer, Mounted};
use crate::config::AddressStyle;
use crate::memo::parallel;
use crate::parse::raw_html::{HtmlMark, marks};
use crate::served::ENCODINGS;
use crate::text::scheme;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crawl {
    /// How many addresses were asked for.
    pub asked: usize,
    /// How many links were followed.
    pub links: usize,
    /// How many links lead nowhere on any host.
    pub nowhere: usize,
    /// What breaks on this host, by what is wrong.
    pub broken: BTreeMap<Wrong, Vec<Broken>>,
}

/// A request that is not answered as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The page that holds the link; nothing for a file that is asked for by itself.
    pub page: Option<String>,
    /// What was asked for: the link as written, or the path of the file.
    pub asked: String,
    /// The status that came back.
    pub status: u16,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// The address of a folder is not answered with its page.
    NoIndexDocument,
    /// A file is there and cannot be reached under its address.
    NotReached,
    /// What is not there is not answered with the site's own page, or not as missing.
    NoErrorPage,
}

impl Wrong {
    /// What is wrong, of one or more things.
    pub fn words(self) -> &'static str {
        match self {
            Wrong::NoIndexDocument => "addresses of folders are not answered with their pages",
            Wrong::NotReached => "files are there and not reached under their addresses",
            Wrong::NoErrorPage => {
                "an address that does not exist is not answered with the site's page for that"
            }
        }
    }

    /// Whether the site can do nothing about it on a host: whoever stands in front of it has to.
    pub fn is_up_to_others(self, host: Emulated) -> bool {
        // On Pages only hidden files are not reached, and whether they are uploaded the workflow says.
        self == Wrong::NoErrorPage && host == Emulated::S3Rest
            || self == Wrong::NotReached && host == Emulated::GitHub
    }

    /// What to do about it on a host.
    pub fn help(self, host: Emulated) -> &'static str {
        match (self, host) {
            (Wrong::NoIndexDocument, Emulated::S3Rest) => {
                "set `[urls] style = \"file\"`, or let CloudFront run the function that `[publish] hosts = [\"cloudfront\"]` writes"
            }
            (Wrong::NoErrorPage, Emulated::S3Rest) => {
                "let CloudFront answer 403 and 404 with `/404.html` and the code 404, or let it list the bucket"
            }
            (Wrong::NotReached, Emulated::GitHub) => {
                "hidden files are uploaded only with `include-hidden-files: true`, as in the workflow of `guidepost init`"
            }
            _ => "give the file a name of letters, digits, `-`, `.` and `_`",
        }
    }
}

/// An address that nobody has.
const NOWHERE: &str = "no-such-page/nor-this";

/// What a site answers with where nothing is.
const ERROR_PAGE: &str = "404.html";

/// How many redirects a browser is made to follow here.
const MOST_REDIRECTS: usize = 5;

/// What stands in a path only encoded.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// A page at the address where it was reached.
struct Reached {
    address: String,
    file: String,
}

/// Asks for every page, every link of theirs and every file; `read` is the content of a file.
pub fn crawl(site: &Mounted<'_>, read: &(dyn Fn(&str) -> Option<Vec<u8>> + Sync)) -> Crawl {
    let mut found = Crawl::default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut wave = Vec::new();
    for file in site.files.iter().filter(|file| is_asked_for(file)) {
        let address = address(site, file);
        let (end, answer) = follow(site, &address);
        found.asked += 1;
        if answer.status != 200 || answer.file.as_ref() != Some(file) {
            let wrong =
                if address.ends_with('/') { Wrong::NoIndexDocument } else { Wrong::NotReached };
            found.add(wrong, Broken { page: None, asked: file.clone(), status: answer.status });
        } else if file.ends_with(".html") && known.insert(end.clone()) {
            wave.push(Reached { address: end, file: file.clone() });
        }
    }
    wave.extend(found.error_page(site));
    while !wave.is_empty() {
        let followed = parallel(&wave, |page| follow_all(site, page, read));
        wave = Vec::new();
        for (links, nowhere, broken, reached) in followed {
            found.links += links;
            found.nowhere += nowhere;
            for (wrong, broken) in broken {
                found.add(wrong, broken);
            }
            wave.extend(reached.into_iter().filter(|page| known.insert(page.address.clone())));
        }
    }
    found
}

impl Crawl {
    fn add(&mut self, wrong: Wrong, broken: Broken) {
        self.broken.entry(wrong).or_default().push(broken);
    }

    /// The page for what is not there, where nothing is.
    fn error_page(&mut self, site: &Mounted<'_>) -> Option<Reached> {
        let address = format!("{}{NOWHERE}", site.base);
        let HostAnswer { status, file, .. } = site.answer(&address);
        self.asked += 1;
        let page = file.filter(|_| status == 404);
        if page.is_none() {
            let broken = Broken { page: None, asked: address.clone(), status };
            self.add(Wrong::NoErrorPage, broken);
        }
        page.map(|file| Reached { address, file })
    }
}

/// How many links a page has and how many of them lead nowhere; those that break, and pages at addresses that may be
/// new.
type CrawlResult = (usize, usize, Vec<(Wrong, Broken)>, Vec<Reached>);

fn follow_all(
    site: &Mounted<'_>,
    page: &Reached,
    read: &(dyn Fn(&str) -> Option<Vec<u8>> + Sync),
) -> CrawlResult {
    let html = read(&page.file).unwrap_or_default();
    let links = links(&String::from_utf8_lossy(&html));
    let (mut nowhere, mut broken, mut reached) = (0, Vec::new(), Vec::new());
    for link in &links {
        let Some(target) = joined(&page.address, link) else { continue };
        let (end, answer) = follow(site, &target);
        if answer.status == 200 {
            let file = answer.file.filter(|file| file.ends_with(".html"));
            reached.extend(file.map(|file| Reached { address: end, file }));
        } else if leads_anywhere(site, &target) {
            let wrong =
                if target.ends_with('/') { Wrong::NoIndexDocument } else { Wrong::NotReached };
            let page = Some(page.file.clone());
            broken.push((wrong, Broken { page, asked: link.clone(), status: answer.status }));
        } else if !(page.file == ERROR_PAGE && is_at_root(site, link)) {
            nowhere += 1;
        }
    }
    (links.len(), nowhere, broken, reached)
}

/// Whether a link names a file of the site if it is read from the site's root: the page for what is not there may be
/// served anywhere, and looks for what it needs in all folders above.
fn is_at_root(site: &Mounted<'_>, link: &str) -> bool {
    leads_anywhere(site, &format!("{}{}", site.base, link.trim_start_matches("../")))
}

/// Whether a file is served to be asked for: compressed neighbors, settings and what is left out are not.
fn is_asked_for(file: &str) -> bool {
    let is_neighbor = ENCODINGS.iter().any(|(ending, _)| file.ends_with(ending));
    let is_own = file.starts_with(['.', '_']) || file == "staticwebapp.config.json";
    !is_neighbor && !is_own
}

/// The address under which a file is to be reached.
fn address(site: &Mounted<'_>, file: &str) -> String {
    let is_index = file == "index.html" || file.ends_with("/index.html");
    let is_folder = is_index && site.style == AddressStyle::Folder;
    let shown = if is_folder { &file[..file.len() - "index.html".len()] } else { file };
    format!("{}{}", site.base, utf8_percent_encode(shown, ENCODED))
}

/// Where a browser ends that asks for a path, and the last answer.
fn follow(site: &Mounted<'_>, path: &str) -> (String, HostAnswer) {
    let mut path = path.to_owned();
    for _ in 0..MOST_REDIRECTS {
        let answer = site.answer(&path);
        match &answer.location {
            Some(location) => path.clone_from(location),
            None => return (path, answer),
        }
    }
    let answer = site.answer(&path);
    (path, answer)
}

/// Whether a path names a file on a host with index documents that knows names as they are.
fn leads_anywhere(site: &Mounted<'_>, path: &str) -> bool {
    let Some(inside) = path.strip_prefix(site.base) else { return false };
    let key = percent_decode_str(inside).decode_utf8_lossy();
    let index =
        format!("{}{}index.html", key, if key.is_empty() || key.ends_with('/') { "" } else { "/" });
    site.files.contains(&*key) || site.files.contains(&index)
}

/// The addresses in a page that a browser asks for or may be sent to.
fn links(html: &str) -> Vec<String> {
    let mut links = Vec::new();
    for (_, mark) in marks(html) {
        let HtmlMark::Tag { attributes, .. } = mark else { continue };
        for (name, value) in attributes {
            match name.as_str() {
                "href" | "src" | "poster" => links.push(value),
                "srcset" => links.extend(
                    value
                        .split(',')
                        .filter_map(|one| one.split_whitespace().next())
                        .map(str::to_owned),
                ),
                _ => {}
            }
        }
    }
    links
}

/// The path on the same host that a link leads to from a page; nothing for what leads elsewhere or nowhere else.
fn joined(from: &str, link: &str) -> Option<String> {
    let link = link.trim();
    let path = link.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.starts_with("//") || scheme(link).is_some() {
        return None;
    }
    let folder = from.rfind('/').map_or("/", |end| &from[..=end]);
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{folder}{path}") };
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in whole.split('/').skip(1) {
        ends_in_folder = matches!(part, "" | "." | "..");
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    // An empty last part is the slash at the end, and stays.
    let mut path = format!("/{}", parts.join("/"));
    if ends_in_folder && !path.ends_with('/') {
        path.push('/');
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn links_are_joined_as_browsers_do() {
        for (from, link, expected) in [
            ("/a/b/", "c/", Some("/a/b/c/")),
            ("/a/b/", "../c.html#x", Some("/a/c.html")),
            ("/a/b", "c", Some("/a/c")),
            ("/a/b/", "..", Some("/a/")),
            ("/a/", "../../../x", Some("/x")),
            ("/a/", "./", Some("/a/")),
            ("/a/", "/x/?q=1", Some("/x/")),
            ("/a/", "..//x/", Some("//x/")),
            ("/a/", "#top", None),
            ("/a/", "?q", None),
            ("/a/", "mailto:a@b.example", None),
            ("/a/", "//other.example/", None),
            ("/a/", "data:,", None),
        ] {
            assert_eq!(joined(from, link).as_deref(), expected, "{from} {link}");
        }
    }
}
