//! A bucket as a store: S3 and what speaks its protocol, Azure Blob Storage, Google Cloud Storage.
//!
//! The library behind it signs, retries and pages. What is ours: credentials as people have them ([`credentials`]),
//! the store's clock and its calls for fewer requests ([`watch`]), and faults in words that hold nothing secret
//! ([`mod@fault`]).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
pub use object_store::aws::AwsCredentialProvider;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, RetryConfig, UpdateVersion,
};
use tokio::runtime::Runtime;

use super::store::{Condition, Fault, HeldObject, ListedObject, Object, Store, WriteResult};
use super::target::{self, Cloud};
use credentials::Environment;
use fault::{Doing, fault};
use runtime::runtime;
use watch::AnswerWatch;

pub mod credentials;
pub mod fault;
pub mod purge;
pub mod runtime;
pub mod watch;
pub mod wire;

/// The longest that one request is tried, so that its credentials do not end meanwhile.
const LONGEST: Duration = Duration::from_mins(3);

/// How a bucket is reached.
pub struct BucketSettings<'a> {
    /// The cloud, the bucket's name, and the part of it that is meant.
    pub bucket: &'a target::BucketTarget,
    /// The address of the store, if it is not the cloud's own.
    pub endpoint: Option<&'a str>,
    /// The AWS region.
    pub region: Option<&'a str>,
    /// The AWS profile.
    pub profile: Option<&'a str>,
    /// How long a request is tried again.
    pub patience: Duration,
    /// The variables of the environment.
    pub environment: Environment<'a>,
}

/// A bucket that is open: requests are made on a runtime of its own.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
    watch: AnswerWatch,
    prefix: String,
    cloud: Cloud,
    /// Where AWS credentials come from, for what else is signed with them.
    pub credentials: Option<AwsCredentialProvider>,
}

/// Opens a bucket. Asks it nothing yet.
///
/// # Errors
/// There are no credentials, or a setting makes no sense.
pub fn bucket(settings: &BucketSettings<'_>) -> Result<Bucket, Fault> {
    let runtime = runtime()?;
    let watch = AnswerWatch::default();
    let mut credentials = None;
    let store: Arc<dyn ObjectStore> = match settings.bucket.cloud {
        Cloud::S3 => {
            let store = s3(settings, &watch)?;
            credentials = Some(Arc::clone(store.credentials()));
            Arc::new(store)
        }
        Cloud::Azure => Arc::new(azure(settings, &watch)?),
        Cloud::Google => Arc::new(google(settings, &watch)?),
    };
    let (prefix, cloud) = (settings.bucket.prefix.clone(), settings.bucket.cloud);
    Ok(Bucket { store, runtime, watch, prefix, cloud, credentials })
}

fn s3(
    settings: &BucketSettings<'_>,
    watch: &AnswerWatch,
) -> Result<object_store::aws::AmazonS3, Fault> {
    let found = credentials::aws(settings.profile, &settings.environment)?;
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&settings.bucket.name)
        .with_http_connector(watch.clone())
        .with_retry(retries(settings.patience))
        .with_client_options(options(settings.endpoint, &settings.environment));
    if let Some(provider) = found.provider {
        builder = builder.with_credentials(provider);
    }
    if let Some(region) = settings.region.map(str::to_owned).or(found.region) {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = settings.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    builder.build().map_err(|error| unusable(&error))
}

fn azure(
    settings: &BucketSettings<'_>,
    watch: &AnswerWatch,
) -> Result<object_store::azure::MicrosoftAzure, Fault> {
    let uses_command_line = credentials::azure(&settings.environment)?;
    let mut builder = MicrosoftAzureBuilder::from_env()
        .with_container_name(&settings.bucket.name)
        .with_http_connector(watch.clone())
        .with_retry(retries(settings.patience))
        .with_client_options(options(settings.endpoint, &settings.environment))
        .with_use_azure_cli(uses_command_line);
    if let Some(endpoint) = settings.endpoint {
        builder = builder.with_endpoint(endpoint.to_owned());
    }
    builder.build().map_err(|error| unusable(&error))
}

fn google(
    settings: &BucketSettings<'_>,
    watch: &AnswerWatch,
) -> Result<object_store::gcp::GoogleCloudStorage, Fault> {
    let token = credentials::google(&settings.environment)?;
    let mut builder = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(&settings.bucket.name)
        .with_http_connector(watch.clone())
        .with_retry(retries(settings.patience))
        .with_client_options(options(settings.endpoint, &settings.environment));
    if let Some(token) = token {
        builder = builder.with_bearer_token(token);
    }
    if let Some(endpoint) = settings.endpoint {
        builder = builder.with_base_url(endpoint);
    }
    builder.build().map_err(|error| unusable(&error))
}

fn unusable(error: &object_store::Error) -> Fault {
    Fault::lasting(format!("the target cannot be used: {}", fault::redacted(&error.to_string())))
}

fn retries(patience: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(15),
            base: 2.0,
        },
        max_retries: 20,
        retry_timeout: patience.min(LONGEST),
    }
}

fn options(endpoint: Option<&str>, environment: &Environment<'_>) -> ClientOptions {
    // Where AWS itself is told to look elsewhere.
    let endpoint = endpoint.map(str::to_owned);
    let endpoint = endpoint
        .or_else(|| environment("AWS_ENDPOINT_URL_S3"))
        .or_else(|| environment("AWS_ENDPOINT_URL"))
        .or_else(|| environment("AWS_ENDPOINT"));
    ClientOptions::new()
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_mins(2))
}

impl Bucket {
    fn path(&self, key: &str) -> Result<Path, Fault> {
        let whole = match self.prefix.as_str() {
            "" => key.to_owned(),
            prefix => format!("{prefix}/{key}"),
        };
        Path::parse(&whole)
            .map_err(|_| Fault::lasting(format!("`{key}` cannot be the name of an object")))
    }

    /// What changes whenever an object is written: its version on Google, and its entity tag elsewhere.
    fn tag(&self, tag: Option<String>, version: Option<String>) -> Option<String> {
        match self.cloud {
            Cloud::Google => version,
            // Some lists leave the quotes out that answers have.
            Cloud::S3 | Cloud::Azure => tag.map(|tag| format!("\"{}\"", tag.trim_matches('"'))),
        }
    }

    fn fault(&self, doing: Doing, key: &str, error: &object_store::Error) -> Fault {
        fault(self.cloud, doing, key, &error_text(error), self.watch.skew())
    }
}

/// An error with all of its causes.
fn error_text(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl Store for Bucket {
    fn list(&self) -> Result<BTreeMap<String, ListedObject>, Fault> {
        let prefix = (!self.prefix.is_empty()).then(|| Path::parse(&self.prefix)).transpose();
        let prefix = prefix.map_err(|_| Fault::lasting("the prefix cannot be one"))?;
        let skipped = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        let listed = self.store.list(prefix.as_ref()).try_collect::<Vec<_>>();
        let listed = self.runtime.block_on(listed);
        let listed = listed.map_err(|error| self.fault(Doing::List, "", &error))?;
        let entry = |object: object_store::ObjectMeta| {
            let key = object.location.as_ref().get(skipped..)?.to_owned();
            let tag = self.tag(object.e_tag, object.version);
            Some((key, ListedObject { size: object.size, tag }))
        };
        Ok(listed.into_iter().filter_map(entry).collect())
    }

    fn read(&self, key: &str) -> Result<Option<HeldObject>, Fault> {
        let path = self.path(key)?;
        let read = self.runtime.block_on(async {
            let result = self.store.get(&path).await?;
            let (tag, version) = (result.meta.e_tag.clone(), result.meta.version.clone());
            let bytes = result.bytes().await?;
            Ok(HeldObject { bytes: bytes.to_vec(), tag: self.tag(tag, version) })
        });
        match read {
            Ok(held) => Ok(Some(held)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.fault(Doing::Read, key, &error)),
        }
    }

    fn write(&self, key: &str, object: &Object, when: Condition<'_>) -> Result<WriteResult, Fault> {
        let path = self.path(key)?;
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, object.headers.content_type.into());
        attributes.insert(Attribute::CacheControl, object.headers.cache_control.into());
        let mode = match when {
            Condition::Always => PutMode::Overwrite,
            Condition::Absent => PutMode::Create,
            Condition::Unchanged(tag) => {
                let is_version = self.cloud == Cloud::Google;
                let tag = Some(tag.to_owned());
                let (e_tag, version) = if is_version { (None, tag) } else { (tag, None) };
                PutMode::Update(UpdateVersion { e_tag, version })
            }
        };
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let payload = object.bytes.as_ref().clone().into();
        match self.runtime.block_on(self.store.put_opts(&path, payload, options)) {
            Ok(result) => Ok(WriteResult::Done(self.tag(result.e_tag, result.version))),
            Err(
                object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. },
            ) => Ok(WriteResult::Refused),
            // Some stores say that there is nothing to replace.
            Err(error) if is_missing(&error) && matches!(when, Condition::Unchanged(_)) => {
                Ok(WriteResult::Refused)
            }
            Err(error) => Err(self.fault(Doing::Write, key, &error)),
        }
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        let (source, destination) = (self.path(from)?, self.path(to)?);
        match self.runtime.block_on(self.store.copy(&source, &destination)) {
            Err(error) if !is_missing(&error) => Err(self.fault(Doing::Copy, from, &error)),
            _ => Ok(()),
        }
    }

    fn delete(&self, keys: &[String]) -> Result<(), Fault> {
        let paths = keys.iter().map(|key| self.path(key)).collect::<Result<Vec<Path>, Fault>>()?;
        let paths = futures_util::stream::iter(paths.into_iter().map(Ok)).boxed();
        let results = self.store.delete_stream(paths).collect::<Vec<_>>();
        for result in self.runtime.block_on(results) {
            match result {
                Err(error) if !is_missing(&error) => {
                    return Err(self.fault(Doing::Delete, "", &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.watch.now()
    }

    fn throttled(&self) -> usize {
        self.watch.throttled()
    }
}

/// Whether there is no such object. That there is no such bucket is something else.
fn is_missing(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { .. })
        && !["NoSuchBucket", "ContainerNotFound"]
            .iter()
            .any(|code| error_text(error).contains(code))
}
