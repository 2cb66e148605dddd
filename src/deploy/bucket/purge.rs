//! Caches in front of the site forget what was written and removed: CloudFront and Cloudflare.
//!
//! CloudFront: `CreateInvalidation` of the API of 2020-05-31, named after the run, so that asking again is the same
//! request. Cloudflare: `purge_cache` of the API, version 4, by address.

use object_store::aws::{AwsAuthorizer, AwsCredentialProvider};
use object_store::client::HttpRequest;

use super::credentials::Environment;
use super::fault::redacted;
use super::wire::{Sent, Wire};
use crate::config::deploy::Caches;
use crate::deploy::cdn::{addresses, paths};
use crate::deploy::store::Fault;

/// How many addresses Cloudflare takes in one request.
const BATCH: usize = 100;

/// Above so many addresses, Cloudflare forgets everything instead: its smallest plan takes five requests a minute.
const MANY: usize = 500;

/// What clears caches.
pub struct Purge<'a> {
    /// What `[deploy.NAME]` says of the caches in front of the bucket.
    pub caches: &'a Caches,
    /// What begins the keys in the bucket, which CloudFront shows as paths.
    pub prefix: &'a str,
    /// Where the site stands.
    pub base_url: Option<&'a str>,
    /// Where AWS credentials come from.
    pub credentials: Option<AwsCredentialProvider>,
    /// The variables of the environment.
    pub environment: Environment<'a>,
}

/// Clears the caches of what stands at these keys, for the run of this name. Returns what was cleared.
///
/// # Errors
/// A cache refuses or does not answer.
pub fn purge(purge: &Purge<'_>, keys: &[String], run: &str) -> Result<Vec<String>, Fault> {
    let mut purged = Vec::new();
    if purge.caches.cloudfront.is_none() && purge.caches.cloudflare.is_none() || keys.is_empty() {
        return Ok(purged);
    }
    let wire = Wire::new()?;
    if let Some(distribution) = &purge.caches.cloudfront {
        purged.extend(cloudfront(purge, &wire, distribution, keys, run)?);
    }
    if let Some(zone) = &purge.caches.cloudflare {
        purged.extend(cloudflare(purge, &wire, zone, keys)?);
    }
    Ok(purged)
}

fn cloudfront(
    purge: &Purge<'_>,
    wire: &Wire,
    distribution: &str,
    keys: &[String],
    run: &str,
) -> Result<Vec<String>, Fault> {
    let Some(provider) = &purge.credentials else {
        return Err(Fault::lasting("CloudFront is cleared only where the target is on S3"));
    };
    let credential = wire.runtime.block_on(provider.get_credential());
    let credential = credential.map_err(|error| Fault::denied(redacted(&error.to_string())))?;
    let paths = paths(keys, purge.prefix);
    let items = paths.join("</Path><Path>");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>{}</Quantity><Items><Path>{items}</Path></Items></Paths><CallerReference>{run}</CallerReference></InvalidationBatch>",
        paths.len()
    );
    let endpoint = (purge.environment)("AWS_ENDPOINT_URL_CLOUDFRONT")
        .unwrap_or_else(|| "https://cloudfront.amazonaws.com".to_owned());
    let address = format!(
        "{}/2020-05-31/distribution/{distribution}/invalidation",
        endpoint.trim_end_matches('/')
    );
    post(wire, &address, "text/xml", &body, |request| {
        let authorizer = AwsAuthorizer::new(&credential, "cloudfront", "us-east-1");
        authorizer.try_authorize(request, None).map_err(|error| error.to_string())
    })
    .map_err(|fault| {
        let message = format!("CloudFront `{distribution}`: {}", fault.message);
        Fault { message, ..fault }.with_help("does it allow `cloudfront:CreateInvalidation`?")
    })?;
    Ok(paths)
}

fn cloudflare(
    purge: &Purge<'_>,
    wire: &Wire,
    zone: &str,
    keys: &[String],
) -> Result<Vec<String>, Fault> {
    let Some(token) = (purge.environment)("CLOUDFLARE_API_TOKEN") else {
        return Err(Fault::denied("Cloudflare: no CLOUDFLARE_API_TOKEN"));
    };
    let Some(base) = purge.base_url else {
        return Err(Fault::lasting(
            "Cloudflare forgets by address, and site.toml has no `base_url`",
        ));
    };
    let endpoint = (purge.environment)("CLOUDFLARE_API_BASE_URL")
        .unwrap_or_else(|| "https://api.cloudflare.com/client/v4".to_owned());
    let address = format!("{}/zones/{zone}/purge_cache", endpoint.trim_end_matches('/'));
    let addresses = addresses(keys, base);
    let bodies: Vec<serde_json::Value> = if addresses.len() > MANY {
        vec![serde_json::json!({ "purge_everything": true })]
    } else {
        addresses.chunks(BATCH).map(|batch| serde_json::json!({ "files": batch })).collect()
    };
    for body in bodies {
        let post = post(wire, &address, "application/json", &body.to_string(), |request| {
            let value = format!("Bearer {token}").parse().map_err(|_| "the token is none")?;
            request.headers_mut().insert("authorization", value);
            Ok(())
        });
        post.map_err(|fault| {
            let message = format!("Cloudflare zone `{zone}`: {}", fault.message);
            Fault { message, ..fault }.with_help("may the token purge the cache of this zone?")
        })?;
    }
    if addresses.len() > MANY { Ok(vec!["everything".to_owned()]) } else { Ok(addresses) }
}

/// Posts what does the same when it is asked twice.
fn post(
    wire: &Wire,
    address: &str,
    content_type: &'static str,
    body: &str,
    sign: impl Fn(&mut HttpRequest) -> Result<(), String>,
) -> Result<(), Fault> {
    let sent = Sent { method: "POST", address, content_type, body, is_repeatable: true };
    wire.send(sent, sign).map(drop)
}
