//! The words that name where to publish become a bucket or a folder.

use std::path::{Path, PathBuf};

use crate::files::normalized;

/// Where to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPlace {
    /// A folder that this machine can write to.
    Folder(PathBuf),
    /// A bucket, or a part of one.
    Bucket(BucketTarget),
}

/// A bucket, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketTarget {
    /// Whose it is.
    pub cloud: Cloud,
    /// Its name; on Azure that of the container.
    pub name: String,
    /// What begins the names of the objects, without slashes at its ends.
    pub prefix: String,
}

/// Whose a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// AWS, and everything that speaks the protocol of S3.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

impl Cloud {
    /// What stands before `://`.
    pub fn scheme(self) -> &'static str {
        match self {
            Cloud::S3 => "s3",
            Cloud::Google => "gs",
            Cloud::Azure => "az",
        }
    }
}

/// Where `typed` is, with a `prefix` below it; folders are relative to `base`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn target_place(typed: &str, base: &Path, prefix: &str) -> Result<TargetPlace, String> {
    let prefix =
        inner(prefix).ok_or_else(|| format!("`{prefix}` is no prefix: it leads outside"))?;
    let Some((scheme, rest)) = typed.split_once("://") else {
        return Ok(TargetPlace::Folder(base.join(typed).join(prefix)));
    };
    let cloud = match scheme {
        "s3" | "s3a" => Cloud::S3,
        "gs" => Cloud::Google,
        "az" | "azure" | "abfs" => Cloud::Azure,
        "file" => return Ok(TargetPlace::Folder(base.join(rest).join(prefix))),
        _ => {
            return Err(format!(
                "`{scheme}://` is not known: use `s3://`, `gs://` or `az://`, or a folder"
            ));
        }
    };
    let (name, within) = rest.split_once('/').unwrap_or((rest, ""));
    if name.is_empty() || name.contains(['?', '#', '@', ' ']) {
        return Err(format!("`{typed}` names no bucket: write `{scheme}://BUCKET/PREFIX`"));
    }
    let within = inner(within).ok_or_else(|| format!("`{within}` is no prefix"))?;
    let parts: Vec<String> = [within, prefix].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(TargetPlace::Bucket(BucketTarget { cloud, name: name.to_owned(), prefix: parts.join("/") }))
}

/// A prefix without empty parts; nothing for one that leads outside.
fn inner(prefix: &str) -> Option<String> {
    let has_dots = prefix.split('/').any(|part| matches!(part, "." | ".."));
    normalized(prefix).filter(|_| !has_dots).map(std::borrow::Cow::into_owned)
}

impl std::fmt::Display for TargetPlace {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TargetPlace::Folder(folder) => write!(out, "{}", folder.display()),
            TargetPlace::Bucket(BucketTarget { cloud, name, prefix }) => {
                write!(out, "{}://{name}/{prefix}", cloud.scheme())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::target_place;

    fn check(typed: &str, prefix: &str, expected: Result<&str, &str>) {
        let found = target_place(typed, Path::new("base"), prefix).map(|place| place.to_string());
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{typed}"),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{typed}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn a_target_is_a_bucket_or_a_folder() {
        check("s3://runbooks", "", Ok("s3://runbooks/"));
        check("s3://runbooks/", "", Ok("s3://runbooks/"));
        check("s3://runbooks/a//b/", "/pr-7/", Ok("s3://runbooks/a/b/pr-7"));
        check("gs://runbooks", "pr-7", Ok("gs://runbooks/pr-7"));
        check("az://container/x", "", Ok("az://container/x"));
        check("../site", "pr-7", Ok("base/../site/pr-7"));
        check("/srv/site", "", Ok("/srv/site/"));
    }

    #[test]
    fn what_is_neither_says_so() {
        check("ftp://host/x", "", Err("`ftp://` is not known"));
        check("s3:///x", "", Err("names no bucket"));
        check("s3://key:secret@bucket/x", "", Err("names no bucket"));
        check("s3://b/../x", "", Err("is no prefix"));
        check("s3://b", "../x", Err("leads outside"));
        check("site", "a/../../x", Err("leads outside"));
    }
}
