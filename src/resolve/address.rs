//! Addresses of the published site, and the relative links between them.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::config::AddressStyle;
use crate::files::FilePath;

/// What must be encoded in the path of a relative link: all but letters, digits and what RFC 3986 admits in a path,
/// the colon included, since a first part with a colon would read as a scheme, and the plus sign, which S3 takes for a
/// space.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\'')
    .add(b'+')
    .add(b':')
    .add(b'&');

/// Where something is published, counted from the root of the site: `agents/contentgen/`, `x/plan.json`, or nothing
/// for the home page of a site with folder addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// The address of a page whose file, without its ending, is `stem` below the content folder.
    pub fn of_page(stem: &str, style: AddressStyle) -> Address {
        let mut path = clean_parts(stem);
        path.push_str(match style {
            AddressStyle::Folder => "/",
            AddressStyle::File => ".html",
        });
        Address(path.into())
    }

    /// The address of the page of a folder below the content folder; the root's is empty.
    pub fn of_section(folder: &str, style: AddressStyle) -> Address {
        let mut path = clean_parts(folder);
        if !path.is_empty() {
            path.push('/');
        }
        if style == AddressStyle::File {
            path.push_str("index.html");
        }
        Address(path.into())
    }

    /// The address of a page that Guidepost makes: `alerts/`, `alerts.html`.
    pub fn of_generated(name: &str, style: AddressStyle) -> Address {
        match style {
            AddressStyle::Folder => Address::of_section(name, style),
            AddressStyle::File => Address::of_page(name, style),
        }
    }

    /// Where an owner's page is, by its name in `[owners]`.
    pub fn of_owner(name: &str, style: AddressStyle) -> Address {
        Address::of_generated(&format!("owners/{}", clean(name)), style)
    }

    /// Why no system can write the file that is served there, if none can.
    pub fn too_long(&self) -> Option<String> {
        super::taken::too_long(&self.file())
    }

    /// An address that is a file, such as an asset's.
    pub fn of_file(path: &str) -> Address {
        Address(path.into())
    }

    /// The address as text, not encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that a host serves at this address.
    ///
    /// # Panics
    /// Never: addresses are made of cleaned parts, so they name a file inside the site.
    pub fn file(&self) -> FilePath {
        let file = if self.is_folder() {
            FilePath::new(&[&self.0, "index.html"].concat())
        } else {
            FilePath::new(&self.0)
        };
        file.expect("addresses never lead outside and name a file")
    }

    /// Whether this is a folder, so that a host serves its `index.html`.
    pub fn is_folder(&self) -> bool {
        self.0.is_empty() || self.0.ends_with('/')
    }

    /// Where the Markdown copy of the page at this address is published: beside the page.
    pub fn markdown(&self) -> Address {
        let path = self.as_str();
        if self.is_folder() {
            return Address([path, "index.md"].concat().into());
        }
        Address([path.strip_suffix(".html").unwrap_or(path), ".md"].concat().into())
    }

    /// The same for whoever takes the slash off a folder's address and puts `.md` there: `agents/contentgen.md`.
    pub fn markdown_beside(&self) -> Option<Address> {
        let folder = self.as_str().strip_suffix('/')?;
        Some(Address([folder, ".md"].concat().into()))
    }

    /// From here to the root of the site: `./`, `../../`.
    pub fn root(&self) -> String {
        match depth(self.folder()) {
            0 => "./".to_owned(),
            depth => UP.repeat(depth),
        }
    }

    /// The link from here to another address, ready for `href`.
    pub fn link_to(&self, other: &Address) -> String {
        self.link_to_place(other, "")
    }

    /// The link from here to a place in what is at another address: `suffix` is its query and fragment, as in links.
    pub fn link_to_place(&self, other: &Address, suffix: &str) -> String {
        let from = self.folder();
        let to = other.as_str();
        let shared = shared_folder(from, to);
        let (up, down) = (depth(&from[shared..]), &to[shared..]);
        let mut link = String::with_capacity(up * UP.len() + down.len() + suffix.len() + 2);
        (0..up).for_each(|_| link.push_str(UP));
        link.extend(utf8_percent_encode(down, IN_PATH));
        if link.is_empty() {
            link.push_str("./");
        }
        link.push_str(suffix);
        link
    }

    /// The address as a path to put behind a base address, encoded.
    pub fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, IN_PATH).to_string()
    }

    /// The folder that relative links start from, with its trailing slash.
    pub(super) fn folder(&self) -> &str {
        self.0.rfind('/').map_or("", |end| &self.0[..=end])
    }
}

/// The link to the folder above.
const UP: &str = "../";

/// How many folders a folder lies below the one that it is counted from.
fn depth(folder: &str) -> usize {
    folder.bytes().filter(|byte| *byte == b'/').count()
}

/// The length of the longest folder, slash included, that both paths begin with.
fn shared_folder(from: &str, to: &str) -> usize {
    let mut shared = 0;
    for (at, (a, b)) in from.bytes().zip(to.bytes()).enumerate() {
        if a != b {
            break;
        }
        if a == b'/' {
            shared = at + 1;
        }
    }
    shared
}

/// A path with each of its parts cleaned. Between slashes that follow each other there is no part: no file is there.
fn clean_parts(path: &str) -> String {
    let mut cleaned = String::with_capacity(path.len() + ".html".len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !cleaned.is_empty() {
            cleaned.push('/');
        }
        push_clean(&mut cleaned, part);
    }
    cleaned
}

/// One part of a path with every run of characters but letters, digits and `-._~` as a single `-`.
pub fn clean(part: &str) -> String {
    let mut cleaned = String::with_capacity(part.len());
    push_clean(&mut cleaned, part);
    cleaned
}

fn push_clean(path: &mut String, part: &str) {
    let signs = |byte| matches!(byte, b'-' | b'.' | b'_' | b'~');
    let has_dots_alone = part.bytes().all(|byte| byte == b'.');
    if has_dots_alone {
        (0..part.len()).for_each(|_| path.push('-'));
    } else if part.bytes().all(|byte| byte.is_ascii_alphanumeric() || signs(byte)) {
        path.push_str(part);
    } else {
        let mut in_run = false;
        for letter in part.chars() {
            let stays = letter.is_alphanumeric() || u8::try_from(letter).is_ok_and(signs);
            if stays {
                path.push(letter);
            } else if !in_run {
                path.push('-');
            }
            in_run = !stays;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use crate::config::AddressStyle;

    fn check(stem: &str, folder: &str, file: &str) {
        assert_eq!(Address::of_page(stem, AddressStyle::Folder).as_str(), folder);
        assert_eq!(Address::of_page(stem, AddressStyle::File).as_str(), file);
    }

    #[test]
    fn case_stays_and_other_characters_become_one_dash() {
        check("agents/ContentGen", "agents/ContentGen/", "agents/ContentGen.html");
        check(
            "AWS Playbooks/01  EC2 (x)",
            "AWS-Playbooks/01-EC2-x-/",
            "AWS-Playbooks/01-EC2-x-.html",
        );
        check("größe.v2~_", "größe.v2~_/", "größe.v2~_.html");
        check("alerts/a//b", "alerts/a/b/", "alerts/a/b.html");
        check("/alerts///b/", "alerts/b/", "alerts/b.html");
    }

    fn link(from: &str, to: &str, expected: &str) {
        assert_eq!(Address::of_file(from).link_to(&Address::of_file(to)), expected);
    }

    #[test]
    fn links_are_relative_and_encoded() {
        link("agents/a/", "policies/b/", "../../policies/b/");
        link("agents/a/", "agents/b/", "../b/");
        link("agents/a/", "agents/a/", "./");
        link("agents/a/", "", "../../");
        link("", "agents/a/", "agents/a/");
        link("", "", "./");
        link("agents/a.html", "agents/b.html", "b.html");
        link("a.html", "x y/é 100%.png", "x%20y/%C3%A9%20100%25.png");
        link("ab/c/", "a/", "../../a/");
    }

    #[test]
    fn the_root_is_as_many_steps_up_as_there_are_folders() {
        assert_eq!(Address::of_file("a/b/").root(), "../../");
        assert_eq!(Address::of_file("a.html").root(), "./");
        assert_eq!(Address::of_section("", AddressStyle::Folder).root(), "./");
        assert_eq!(Address::of_section("", AddressStyle::File).file().as_str(), "index.html");
    }
}
