//! `[publish] hosts`: where a site is served, so that what each place wants to be told can be written.

/// A place that serves static sites, and wants files beside the site or settings of its own.
///
/// GitHub Pages and plain buckets are none of these: they take no settings from a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// Azure Static Web Apps.
    Azure,
    /// The server Caddy.
    Caddy,
    /// Amazon CloudFront in front of a bucket.
    CloudFront,
    /// Cloudflare Pages.
    Cloudflare,
    /// GitLab Pages.
    GitLab,
    /// Netlify.
    Netlify,
    /// The server nginx.
    Nginx,
}

impl Host {
    /// All of them, in the order of their names.
    pub const ALL: [Host; 7] = [
        Host::Azure,
        Host::Caddy,
        Host::CloudFront,
        Host::Cloudflare,
        Host::GitLab,
        Host::Netlify,
        Host::Nginx,
    ];

    /// As written in site.toml.
    pub fn name(self) -> &'static str {
        match self {
            Host::Azure => "azure",
            Host::Caddy => "caddy",
            Host::CloudFront => "cloudfront",
            Host::Cloudflare => "cloudflare",
            Host::GitLab => "gitlab",
            Host::Netlify => "netlify",
            Host::Nginx => "nginx",
        }
    }

    /// Whether it answers with a compressed neighbor (`index.html.gz`) where a browser takes one.
    pub fn serves_compressed(self) -> bool {
        matches!(self, Host::Caddy | Host::GitLab | Host::Nginx)
    }
}
