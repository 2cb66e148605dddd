//! What a host answers to a request, as far as it differs from other hosts: index documents, slashes, what is missing,
//! and headers.
//!
//! A pure function of the paths that are published. By the documentation of Amazon S3 (website and REST endpoints), of
//! GitHub Pages, and by nginx with the settings that are written for it.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::subject::SETTINGS;
use crate::config::AddressStyle;
use crate::served::{Audience, SECURITY, UNKNOWN, ending, headers, type_of};

/// A host whose answers are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emulated {
    /// GitHub Pages.
    GitHub,
    /// nginx, with the settings for `[publish] hosts = ["nginx"]`.
    Nginx,
    /// The REST endpoint of S3, as CloudFront asks it.
    S3Rest,
    /// The website endpoint of S3.
    S3Website,
}

impl Emulated {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Emulated::GitHub => "GitHub Pages",
            Emulated::Nginx => "nginx",
            Emulated::S3Rest => "the REST endpoint of S3",
            Emulated::S3Website => "the website endpoint of S3",
        }
    }

    /// Whether a file that a deploy or an upload leaves behind is missing there.
    pub fn leaves_out(self, path: &str) -> bool {
        match self {
            // The action that packs the site takes no hidden files.
            Emulated::GitHub => path.split('/').any(|part| part.starts_with('.')),
            Emulated::Nginx => path.starts_with(".guidepost") || is_setting(path),
            Emulated::S3Rest | Emulated::S3Website => path.starts_with(".guidepost"),
        }
    }

    /// How long a host lets files be kept, where it does not take that from the site.
    fn cache_control(self, path: &str, audience: Audience) -> &'static str {
        match self {
            Emulated::GitHub => "max-age=600",
            Emulated::Nginx | Emulated::S3Rest | Emulated::S3Website => {
                headers(path, audience).cache_control
            }
        }
    }
}

fn is_setting(path: &str) -> bool {
    path.strip_prefix(SETTINGS).is_some_and(|rest| rest.starts_with('/'))
}

/// A site on a host.
#[derive(Clone, Copy, Debug)]
pub struct Mounted<'a> {
    /// The host.
    pub host: Emulated,
    /// The path of the site there, encoded: `/`, `/runbooks/`.
    pub base: &'a str,
    /// The paths of everything that is published.
    pub files: &'a BTreeSet<String>,
    /// How its addresses are written.
    pub style: AddressStyle,
    /// Who may keep a copy.
    pub audience: Audience,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAnswer {
    /// The status code.
    pub status: u16,
    /// Where a redirect leads, as a path from the root of the host.
    pub location: Option<String>,
    /// The file whose content is sent.
    pub file: Option<String>,
}

impl HostAnswer {
    fn of(status: u16, file: Option<&str>) -> HostAnswer {
        HostAnswer { status, location: None, file: file.map(str::to_owned) }
    }

    fn leads_on(status: u16, path: &str) -> HostAnswer {
        HostAnswer { status, location: Some(format!("{path}/")), file: None }
    }
}

impl Mounted<'_> {
    /// The answer to a request for a path, encoded as in a request and without its query.
    pub fn answer(&self, path: &str) -> HostAnswer {
        let Some(inside) = path.strip_prefix(self.base) else {
            let is_base = self.base.len() > 1 && self.base.trim_end_matches('/') == path;
            let leads_on = is_base && self.host != Emulated::S3Rest;
            let status = if self.host == Emulated::S3Website { 302 } else { 301 };
            return if leads_on { HostAnswer::leads_on(status, path) } else { self.missing(false) };
        };
        let Some(key) = self.decoded(inside) else { return HostAnswer::of(400, None) };
        if self.host.leaves_out(&key) {
            return self.missing(true);
        }
        if key.is_empty() || key.ends_with('/') {
            return self.folder(&key);
        }
        if self.holds(&key) {
            return HostAnswer::of(200, Some(&key));
        }
        let index = format!("{key}/index.html");
        match self.host {
            Emulated::GitHub if self.holds(&format!("{key}.html")) => {
                HostAnswer::of(200, Some(&format!("{key}.html")))
            }
            Emulated::GitHub if self.holds(&index) => HostAnswer::leads_on(301, path),
            Emulated::S3Website if self.holds(&index) => HostAnswer::leads_on(302, path),
            Emulated::Nginx if self.is_folder(&key) => HostAnswer::leads_on(301, path),
            _ => self.missing(true),
        }
    }

    /// The headers that come with a file.
    pub fn headers(&self, answer: &HostAnswer) -> Vec<(&'static str, &'static str)> {
        let Some(file) = &answer.file else { return Vec::new() };
        let content_type = match self.host {
            Emulated::GitHub if ending(file) == "prom" => UNKNOWN,
            Emulated::GitHub => type_of(&ending(file).to_ascii_lowercase()).unwrap_or(UNKNOWN),
            _ => headers(file, self.audience).content_type,
        };
        let mut all = vec![("Content-Type", content_type)];
        let is_found = answer.status == 200;
        if is_found || self.host == Emulated::GitHub {
            all.push(("Cache-Control", self.host.cache_control(file, self.audience)));
        }
        if self.host == Emulated::Nginx {
            all.extend(SECURITY);
        }
        all
    }

    fn folder(&self, key: &str) -> HostAnswer {
        let index = format!("{key}index.html");
        let has_index = match self.host {
            // CloudFront's default root object, which is about the root alone.
            Emulated::S3Rest => key.is_empty() && self.base == "/",
            _ => true,
        };
        if has_index && self.holds(&index) {
            HostAnswer::of(200, Some(&index))
        } else {
            self.missing(true)
        }
    }

    /// What is said of what is not there. Below the site's path it is the site's own page, where a host has one.
    fn missing(&self, is_inside: bool) -> HostAnswer {
        let page = "404.html";
        let has_page = self.holds(page)
            && match self.host {
                Emulated::S3Rest => false,
                // One error document for the whole bucket.
                Emulated::S3Website => true,
                Emulated::GitHub | Emulated::Nginx => is_inside,
            };
        let status = if self.host == Emulated::S3Rest { 403 } else { 404 };
        HostAnswer::of(status, has_page.then_some(page))
    }

    fn holds(&self, key: &str) -> bool {
        self.files.contains(key) && !self.host.leaves_out(key)
    }

    fn is_folder(&self, key: &str) -> bool {
        let folder = format!("{key}/");
        self.files.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    }

    /// The key that a path asks for; nothing where it is no text.
    fn decoded(&self, path: &str) -> Option<String> {
        let is_s3 = matches!(self.host, Emulated::S3Rest | Emulated::S3Website);
        let path = if is_s3 { path.replace('+', " ") } else { path.to_owned() };
        let decoded = percent_decode_str(&path).decode_utf8().ok()?.into_owned();
        if self.host != Emulated::Nginx {
            return Some(decoded);
        }
        // Several slashes are one there.
        let mut merged = String::with_capacity(decoded.len());
        for letter in decoded.chars() {
            if letter != '/' || !(merged.is_empty() || merged.ends_with('/')) {
                merged.push(letter);
            }
        }
        Some(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressStyle, Audience, Emulated, Mounted};

    /// What a host answers: the status, and the file or where it leads.
    fn check(host: Emulated, base: &str, expected: &[(&str, u16, &str)]) {
        let files = [
            ".guidepost.json",
            "404.html",
            "_hosts/nginx.conf",
            "a b+c.png",
            "agents/x/index.html",
            "alerts.html",
            "empty/deep/index.html",
            "index.html",
        ];
        let files = files.map(str::to_owned).into();
        let (style, audience) = (AddressStyle::Folder, Audience::Private);
        let mounted = Mounted { host, base, files: &files, style, audience };
        for (path, status, to) in expected {
            let answer = mounted.answer(path);
            let found = answer.location.or(answer.file).unwrap_or_default();
            assert_eq!((answer.status, found.as_str()), (*status, *to), "{host:?} {path}");
        }
    }

    #[test]
    fn nginx_has_index_documents_and_leads_to_folders() {
        check(
            Emulated::Nginx,
            "/",
            &[
                ("/", 200, "index.html"),
                ("/agents/x/", 200, "agents/x/index.html"),
                ("/agents/x", 301, "/agents/x/"),
                ("/agents//x/", 200, "agents/x/index.html"),
                ("/Agents/x/", 404, "404.html"),
                ("/empty", 301, "/empty/"),
                ("/empty/", 404, "404.html"),
                ("/alerts", 404, "404.html"),
                ("/a%20b+c.png", 200, "a b+c.png"),
                ("/.guidepost.json", 404, "404.html"),
                ("/_hosts/nginx.conf", 404, "404.html"),
                ("/%FF", 400, ""),
            ],
        );
        check(
            Emulated::Nginx,
            "/runbooks/",
            &[
                ("/runbooks", 301, "/runbooks/"),
                ("/runbooks/agents/x/", 200, "agents/x/index.html"),
                ("/agents/x/", 404, ""),
            ],
        );
    }

    #[test]
    fn the_endpoints_of_s3_differ_in_index_documents_and_in_what_is_missing() {
        check(
            Emulated::S3Website,
            "/",
            &[
                ("/", 200, "index.html"),
                ("/agents/x", 302, "/agents/x/"),
                ("/agents//x/", 404, "404.html"),
                ("/empty", 404, "404.html"),
                ("/a%20b+c.png", 404, "404.html"),
                ("/a%20b%2Bc.png", 200, "a b+c.png"),
                ("/gone", 404, "404.html"),
            ],
        );
        check(
            Emulated::S3Rest,
            "/",
            &[
                ("/", 200, "index.html"),
                ("/agents/x/", 403, ""),
                ("/agents/x", 403, ""),
                ("/agents/x/index.html", 200, "agents/x/index.html"),
                ("/gone", 403, ""),
            ],
        );
        check(Emulated::S3Rest, "/runbooks/", &[("/runbooks/", 403, ""), ("/runbooks", 403, "")]);
    }

    #[test]
    fn github_finds_pages_without_their_endings_and_drops_hidden_files() {
        check(
            Emulated::GitHub,
            "/repository/",
            &[
                ("/repository/", 200, "index.html"),
                ("/repository", 301, "/repository/"),
                ("/repository/alerts", 200, "alerts.html"),
                ("/repository/agents/x", 301, "/repository/agents/x/"),
                ("/repository/.guidepost.json", 404, "404.html"),
                ("/elsewhere/", 404, ""),
            ],
        );
    }
}
