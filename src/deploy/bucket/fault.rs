//! What a store said no with, in words: what happened, what to do, and nothing secret.

use jiff::SignedDuration;

use crate::deploy::store::{Fault, FaultKind};
use crate::deploy::target::Cloud;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Listing.
    List,
    /// Reading an object.
    Read,
    /// Writing an object.
    Write,
    /// Copying an object.
    Copy,
    /// Deleting objects.
    Delete,
}

/// Codes of stores and what they mean, as their references list them: Amazon S3's list of error codes, and those of
/// Azure Blob Storage.
const CODES: &[(&str, FaultKind, &str, &str)] = &[
    (
        "ExpiredToken",
        FaultKind::Denied,
        "the credentials have expired",
        "log in again (`aws sso login`), or let the job ask for them again",
    ),
    (
        "TokenRefreshRequired",
        FaultKind::Denied,
        "the credentials have expired",
        "log in again, or let the job ask for them again",
    ),
    (
        "InvalidAccessKeyId",
        FaultKind::Denied,
        "the store does not know the access key",
        "is the key of this account, and not deleted?",
    ),
    (
        "SignatureDoesNotMatch",
        FaultKind::Denied,
        "the secret does not belong to the access key",
        "set both again; a line end or space copied along is the usual cause",
    ),
    (
        "InvalidToken",
        FaultKind::Denied,
        "the session token is not valid",
        "set all three parts of the credentials again",
    ),
    (
        "NoSuchBucket",
        FaultKind::Lasting,
        "there is no such bucket",
        "create it, or name another; Guidepost never creates one",
    ),
    (
        "InvalidBucketName",
        FaultKind::Lasting,
        "no bucket can have this name",
        "names have 3 to 63 characters: lower-case letters, digits, dots and hyphens",
    ),
    (
        "ContainerNotFound",
        FaultKind::Lasting,
        "there is no such container",
        "create it, or name another; Guidepost never creates one",
    ),
    (
        "PermanentRedirect",
        FaultKind::Lasting,
        "the bucket is in another region",
        "name its region with `--region` or AWS_REGION",
    ),
    (
        "AuthorizationHeaderMalformed",
        FaultKind::Lasting,
        "the bucket is in another region",
        "name its region with `--region` or AWS_REGION",
    ),
    (
        "QuotaExceeded",
        FaultKind::Lasting,
        "the store is full",
        "make room and deploy again; what is published is whole",
    ),
    (
        "InsufficientStorage",
        FaultKind::Lasting,
        "the store is full",
        "make room and deploy again; what is published is whole",
    ),
];

/// Says what an error means. `error` is the library's text with all of its causes; `skew` is how far the store's clock
/// is ahead.
pub fn fault(cloud: Cloud, doing: Doing, key: &str, error: &str, skew: SignedDuration) -> Fault {
    let what = match (doing, key) {
        (Doing::List, _) => "cannot list the target".to_owned(),
        (Doing::Delete, "") => "cannot delete from the target".to_owned(),
        (Doing::Read, key) => format!("cannot read `{key}`"),
        (Doing::Write, key) => format!("cannot write `{key}`"),
        (Doing::Copy, key) => format!("cannot copy `{key}`"),
        (Doing::Delete, key) => format!("cannot delete `{key}`"),
    };
    if error.contains("RequestTimeTooSkewed") {
        let minutes = skew.as_secs().abs() / 60;
        let side = if skew.is_negative() { "ahead of" } else { "behind" };
        let message =
            format!("{what}: this machine's clock is {minutes} minutes {side} the store's");
        return Fault::denied(message).with_help("set the clock and deploy again");
    }
    if let Some((code, kind, meaning, help)) = CODES.iter().find(|(code, ..)| has_code(error, code))
    {
        let message = format!("{what}: {meaning} (`{code}`)");
        return Fault { kind: *kind, message, help: Some((*help).to_owned()) };
    }
    if error.contains("without LOCATION") {
        let message = format!("{what}: the bucket is in another region");
        return Fault::lasting(message).with_help("name its region with `--region` or AWS_REGION");
    }
    match status(error) {
        Some(401 | 403) => {
            Fault::denied(format!("{what}: the store refuses")).with_help(right(cloud, doing))
        }
        Some(code @ (408 | 409 | 429 | 500..=599)) => {
            let message = format!("{what}: the store is in trouble (status {code})");
            Fault::passing(message).with_help(AGAIN)
        }
        Some(code) => Fault::lasting(format!("{what}: status {code}: {}", answer(error))),
        None if error.contains("ertificate") => {
            let message = format!("{what}: no secure connection: {}", redacted(error));
            Fault::lasting(message).with_help(
                "does this machine have certificates of authorities (package `ca-certificates`)?",
            )
        }
        None if error.contains("credential") || error.contains("oken") => {
            Fault::denied(format!("{what}: {}", redacted(error)))
        }
        None if error.contains("HTTP error") || error.contains("error sending request") => {
            Fault::passing(format!("{what}: no answer from the store")).with_help(AGAIN)
        }
        None => Fault::lasting(format!("{what}: {}", redacted(error))),
    }
}

const AGAIN: &str =
    "deploy again; what is published is whole, and what was written is not written twice";

/// The right that is missing, by the names of whose the bucket is.
fn right(cloud: Cloud, doing: Doing) -> &'static str {
    match cloud {
        Cloud::S3 => {}
        Cloud::Azure => {
            return "is the key of this account, or has whoever logged in the role `Storage Blob Data Contributor`?";
        }
        Cloud::Google => return "does it have the role `Storage Object User` on the bucket?",
    }
    match doing {
        Doing::List => "does it allow `s3:ListBucket`?",
        Doing::Read => "does it allow `s3:GetObject` and `s3:ListBucket`?",
        Doing::Write | Doing::Copy => {
            "does it allow `s3:PutObject` and `s3:GetObject`, and `kms:GenerateDataKey` where the bucket has a key?"
        }
        Doing::Delete => "does it allow `s3:DeleteObject`?",
    }
}

/// Whether the answer names a code, in XML or JSON.
fn has_code(error: &str, code: &str) -> bool {
    error.contains(&format!("<Code>{code}<")) || error.contains(&format!("\"{code}\""))
}

/// What the store answered: its code and message where it sent them in XML, or else the whole text.
fn answer(error: &str) -> String {
    let part = |name: &str| {
        let (_, from) = error.split_once(&format!("<{name}>"))?;
        from.split_once(&format!("</{name}>")).map(|(text, _)| redacted(text))
    };
    match (part("Code"), part("Message")) {
        (Some(code), Some(message)) => format!("{message} (`{code}`)"),
        (Some(code), None) => format!("`{code}`"),
        _ => redacted(error),
    }
}

/// The status of the answer that an error tells of.
fn status(error: &str) -> Option<u16> {
    let (_, after) = error.split_once("status code: ")?;
    after.get(..3)?.parse().ok()
}

/// A text without what may be secret: queries of addresses hold signatures, and long answers hold anything.
pub fn redacted(text: &str) -> String {
    const LONGEST: usize = 300;
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.split_once('?').map_or(word, |(address, _)| address))
        .filter(|word| !word.contains("ignature") && !word.contains("redential="))
        .collect();
    words.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{Doing, fault, redacted};
    use crate::deploy::store::FaultKind;
    use crate::deploy::target::Cloud;

    fn check(error: &str, kind: FaultKind, message: &str) {
        let skew = SignedDuration::from_mins(-20);
        let found = fault(Cloud::S3, Doing::Write, "a.html", error, skew);
        assert_eq!(found.kind, kind, "{found:?}");
        assert!(found.message.contains(message), "{found:?}");
        assert!(found.message.starts_with("cannot write `a.html`"), "{found:?}");
    }

    #[test]
    fn an_answer_says_whether_it_passes_is_denied_or_lasts() {
        let status = |code: u16, body: &str| {
            format!("Generic S3 error: Server returned non-2xx status code: {code} X: {body}")
        };
        check(&status(503, "<Code>SlowDown</Code>"), FaultKind::Passing, "status 503");
        check(&status(403, "<Code>AccessDenied</Code>"), FaultKind::Denied, "refuses");
        check(&status(400, "<Code>ExpiredToken</Code>"), FaultKind::Denied, "have expired");
        check(&status(404, "<Code>NoSuchBucket</Code>"), FaultKind::Lasting, "no such bucket");
        check(&status(301, "<Code>PermanentRedirect</Code>"), FaultKind::Lasting, "region");
        let skewed = status(403, "<Code>RequestTimeTooSkewed</Code>");
        check(&skewed, FaultKind::Denied, "clock is 20 minutes ahead of");
        let odd = "<Error><Code>EntityTooLarge</Code><Message>Too large.</Message></Error>";
        check(&status(400, odd), FaultKind::Lasting, "status 400: Too large. (`EntityTooLarge`)");
        let unnamed = status(400, "<Code>InvalidBucketName</Code>");
        check(&unnamed, FaultKind::Lasting, "no bucket can have this name");
        check("HTTP error: connection reset", FaultKind::Passing, "no answer");
        check("Got invalid XML: missing field", FaultKind::Lasting, "missing field");
        check("invalid peer certificate: UnknownIssuer", FaultKind::Lasting, "secure");
    }

    #[test]
    fn rights_are_named_as_whose_the_bucket_is_names_them() {
        let error = "Server returned non-2xx status code: 403 X: <Code>AuthorizationFailure</Code>";
        for (cloud, expected) in [
            (Cloud::S3, "`s3:GetObject`"),
            (Cloud::Azure, "`Storage Blob Data Contributor`"),
            (Cloud::Google, "`Storage Object User`"),
        ] {
            let found = fault(cloud, Doing::Read, "a.html", error, SignedDuration::ZERO);
            assert_eq!(found.kind, FaultKind::Denied);
            assert!(found.help.is_some_and(|help| help.contains(expected)), "{cloud:?}");
        }
    }

    #[test]
    fn nothing_secret_is_said() {
        let text = "PUT https://b.example/a?X-Amz-Signature=abcdef&sig=ghijkl failed <Signature>mnopqr</Signature>";
        let said = redacted(text);
        assert_eq!(said, "PUT https://b.example/a failed");
    }
}
