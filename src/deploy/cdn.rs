//! Which addresses caches in front of the site have to forget, from the keys that were written and removed.

use std::collections::BTreeSet;

/// How many paths are named one by one, and how many folders before everything is: CloudFront counts each path, and a
/// path that ends with `*` counts as one.
const LIMITS: (usize, usize) = (15, 8);

/// Paths for CloudFront, below a prefix: each page under both addresses that it has, folders where there are many, and
/// all where there are more.
pub fn paths(keys: &[String], prefix: &str) -> Vec<String> {
    let root = if prefix.is_empty() { "/".to_owned() } else { format!("/{prefix}/") };
    let single = below(keys, &root);
    if single.len() <= LIMITS.0 {
        return single.into_iter().collect();
    }
    // What lies at the top has no folder of its own, and is most of what every deploy changes.
    let folders: BTreeSet<String> = single
        .iter()
        .map(|path| match path[root.len()..].split_once('/') {
            Some((folder, _)) => format!("{root}{folder}/*"),
            None => path.clone(),
        })
        .collect();
    if folders.len() <= LIMITS.1 { folders.into_iter().collect() } else { vec![format!("{root}*")] }
}

/// Addresses for Cloudflare, below the site's own: each page under both that it has.
pub fn addresses(keys: &[String], base: &str) -> Vec<String> {
    below(keys, base).into_iter().collect()
}

/// Each key below a root, pages under both addresses that they have.
fn below(keys: &[String], root: &str) -> BTreeSet<String> {
    let addresses = |key: &String| {
        let whole = format!("{root}{}", encoded(key));
        let folder = whole.strip_suffix("index.html").filter(|rest| rest.ends_with('/'));
        let folder = folder.map(str::to_owned);
        [Some(whole), folder].into_iter().flatten()
    };
    keys.iter().flat_map(addresses).collect()
}

/// A key as it stands in an address.
fn encoded(key: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PLAIN: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(key, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::{addresses, paths};

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_page_is_forgotten_under_both_of_its_addresses() {
        assert_eq!(
            paths(&keys(&["a b/index.html", "index.html", "x.html"]), ""),
            ["/", "/a%20b/", "/a%20b/index.html", "/index.html", "/x.html"]
        );
        assert_eq!(paths(&keys(&["index.html"]), "pr-7"), ["/pr-7/", "/pr-7/index.html"]);
        assert_eq!(
            addresses(&keys(&["a/index.html"]), "https://r.example/"),
            ["https://r.example/a/", "https://r.example/a/index.html"]
        );
    }

    #[test]
    fn many_paths_become_folders_and_then_everything() {
        let in_folders = |count: usize| -> Vec<String> {
            let pages = (0..30).map(|page| format!("f{}/p{page}/index.html", page % count));
            pages.chain(["index.html".to_owned()]).collect()
        };
        assert_eq!(paths(&in_folders(2), "x"), ["/x/", "/x/f0/*", "/x/f1/*", "/x/index.html"]);
        assert_eq!(paths(&in_folders(9), "x"), ["/x/*"]);
        assert_eq!(paths(&in_folders(9), ""), ["/*"]);
        assert!(paths(&[], "").is_empty());
    }
}
