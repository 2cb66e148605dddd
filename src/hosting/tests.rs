//! What hosts are told of a small site.

use std::collections::BTreeSet;

use super::subject::{HostTexts, HostedSite};
use super::{azure, cloudfront, files, root_files, servers};
use crate::config::Config;
use crate::config::hosting::Host;
use crate::resolve::Address;

const PUBLISHED: [&str; 10] = [
    "404.html",
    "agents/x/index.html",
    "agents/x/index.md",
    "api/pages.json",
    "index.html",
    "logo.png",
    "metrics.prom",
    "search/manifest.bin",
    "search/shards/t/a0.018ad6.bin",
    "theme/theme.0123456789.css",
];

/// Calls with a site of some hosts and former addresses of one page.
fn with<T>(hosts: &[Host], moved: usize, base: &str, call: impl Fn(&HostedSite<'_>) -> T) -> T {
    let config = Config {
        hosts: hosts.iter().copied().collect(),
        base_url: Some(format!("https://a.example{base}")),
        ..Config::default()
    };
    let to = Address::of_file("agents/x/");
    let from: Vec<Address> =
        (0..moved).map(|number| Address::of_file(&format!("old/{number} é/"))).collect();
    let published: BTreeSet<&str> = PUBLISHED.into();
    let redirects = from.iter().map(|from| (from, &to)).collect();
    call(&HostedSite { config: &config, redirects, published: &published })
}

fn named(texts: HostTexts, name: &str) -> String {
    texts.into_iter().find(|(path, _)| path == name).expect("the file is written").1
}

#[test]
fn only_the_hosts_that_are_named_are_written_for() {
    let written = |hosts: &[Host]| -> Vec<String> {
        let files = with(hosts, 1, "/", files);
        files.iter().map(|(path, _)| path.to_string()).collect()
    };
    assert_eq!(written(&[]), [""; 0]);
    assert_eq!(written(&[Host::GitLab]), ["_redirects"]);
    assert_eq!(
        written(&Host::ALL),
        [
            "_headers",
            "_hosts/Caddyfile",
            "_hosts/cloudfront-function.js",
            "_hosts/cloudfront-headers.json",
            "_hosts/nginx.conf",
            "_redirects",
            "staticwebapp.config.json",
        ]
    );
}

#[test]
fn a_file_of_an_author_stays() {
    let config = Config { hosts: [Host::Azure].into(), ..Config::default() };
    let published = BTreeSet::from(["index.html", "staticwebapp.config.json"]);
    let subject = HostedSite { config: &config, redirects: Vec::new(), published: &published };
    assert!(files(&subject).is_empty());
}

#[test]
fn headers_keep_what_never_changes_and_secure_everything() {
    let texts = with(&[Host::Netlify], 0, "/", root_files::root_files);
    let headers = named(texts, "_headers");
    for expected in [
        "/*\n  Content-Security-Policy: default-src 'none'; script-src 'self';",
        "/metrics.prom\n  Content-Type: text/plain; version=0.0.4; charset=utf-8\n",
        "/search/shards/*\n  Cache-Control: private, max-age=31536000, immutable\n",
        "/theme/*\n  Cache-Control: private, max-age=31536000, immutable\n",
    ] {
        assert!(headers.contains(expected), "{expected} in {headers}");
    }
    assert_eq!(headers.matches("Cache-Control").count(), 2, "{headers}");
}

#[test]
fn redirects_are_encoded_begin_at_the_site_and_end_where_the_host_stops_reading() {
    let redirects = |hosts: &[Host], moved, base: &str| {
        named(with(hosts, moved, base, root_files::root_files), "_redirects")
    };
    let one = redirects(&[Host::GitLab], 1, "/runbooks/");
    assert_eq!(one, "/runbooks/old/0%20%C3%A9/ /runbooks/agents/x/ 301\n");
    assert_eq!(redirects(&[Host::Netlify], 1, "/"), "/old/0%20%C3%A9/ /agents/x/ 301!\n");
    assert_eq!(redirects(&[Host::Cloudflare], 3_000, "/").lines().count(), 2_000);
    assert_eq!(redirects(&[Host::Cloudflare, Host::GitLab], 3_000, "/").lines().count(), 1_000);
}

#[test]
fn the_settings_for_azure_are_json_within_the_size_that_it_reads() {
    for moved in [0, 1, 3_000] {
        let text =
            named(with(&[Host::Azure], moved, "/", azure::azure), "staticwebapp.config.json");
        assert!(text.len() <= 20_000, "{}", text.len());
        let settings: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(settings["responseOverrides"]["404"]["rewrite"], "/404.html");
        assert_eq!(settings["mimeTypes"][".md"], "text/markdown; charset=utf-8");
        let routes = settings["routes"].as_array().expect("routes");
        assert_eq!(
            routes.iter().filter(|route| route["redirect"] == "/agents/x/").count().min(1),
            moved.min(1)
        );
        assert!(routes.iter().any(|route| route["route"] == "/theme/*"));
    }
}

#[test]
fn the_function_of_cloudfront_knows_the_endings_of_the_site() {
    let texts = with(&[Host::CloudFront], 0, "/", cloudfront::cloudfront);
    let function = named(texts.clone(), "_hosts/cloudfront-function.js");
    assert!(function.contains(r"/\.(bin|css|html|json|md|png|prom)$/.test(uri)"), "{function}");
    assert!(function.len() < 10_240, "CloudFront takes 10 KB");
    let headers = named(texts, "_hosts/cloudfront-headers.json");
    let headers: serde_json::Value = serde_json::from_str(&headers).expect("it is JSON");
    assert_eq!(headers["SecurityHeadersConfig"]["ReferrerPolicy"]["ReferrerPolicy"], "no-referrer");
}

#[test]
fn settings_of_servers_stand_under_the_path_of_the_site() {
    let nginx =
        |base: &str| named(with(&[Host::Nginx], 0, base, servers::servers), "_hosts/nginx.conf");
    assert!(nginx("/").contains("\nlocation / {\n"), "{}", nginx("/"));
    let below = nginx("/run.books/");
    for expected in [
        "location = /run.books { absolute_redirect off; return 301 /run.books/; }\n",
        "location ^~ /run.books/ {\n",
        "error_page 403 404 =404 /run.books/404.html;\n",
        "location ~ \"^/run\\.books/(theme/",
    ] {
        assert!(below.contains(expected), "{expected} in {below}");
    }
    assert!(nginx("/r%20x/").contains("\nlocation ^~ \"/r x/\" {\n"), "{}", nginx("/r%20x/"));
    let caddy = named(with(&[Host::Caddy], 0, "/x/", servers::servers), "_hosts/Caddyfile");
    assert!(caddy.contains("redir /x /x/ 301\nroute /x/* {\n"), "{caddy}");
}

#[test]
fn what_the_author_publishes_at_a_path_in_or_below_it_keeps_it() {
    let published = ["_headers/a.png", "api.json", "nginx", "nginx.conf"].into();
    for path in ["_headers", "api.json", "nginx/site.conf"] {
        assert!(!super::is_free(path, &published), "{path}");
    }
    for path in ["_header", "_headers.txt", "api", "nginx.conf.d/a", "_redirects"] {
        assert!(super::is_free(path, &published), "{path}");
    }
}
