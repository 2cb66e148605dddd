//! Credentials as people have them, and where they were looked for when there are none.
//!
//! The library reads the variables of the environment, web identities and the roles of containers and machines. What it
//! leaves out is here: AWS profiles (those with keys are read, those with a log-in, a role or a process are asked
//! through the AWS command line), the Google command line, and the decision not to wait for a machine's own role where
//! the machine is none of the cloud's.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use object_store::CredentialProvider;
use object_store::aws::{AwsCredential, AwsCredentialProvider};

use crate::deploy::store::Fault;

/// A variable of the environment; none where it is empty.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What was found for AWS.
#[derive(Debug)]
pub struct Aws {
    /// Where credentials come from; none where the library finds them.
    pub provider: Option<AwsCredentialProvider>,
    /// The region of the profile.
    pub region: Option<String>,
}

/// A section of AWS's files, by key.
type Profile = BTreeMap<String, String>;

/// Finds AWS credentials in the order of AWS's own tools: a profile that was named, variables, a web identity, a
/// container's role, the profile of `AWS_PROFILE` or `default`, the machine's role.
///
/// # Errors
/// There are none, with where they were looked for.
pub fn aws(named: Option<&str>, environment: &Environment<'_>) -> Result<Aws, Fault> {
    let has = |name: &str| environment(name).is_some();
    let has_keys = has("AWS_ACCESS_KEY_ID") && has("AWS_SECRET_ACCESS_KEY");
    let has_identity = has("AWS_WEB_IDENTITY_TOKEN_FILE") && has("AWS_ROLE_ARN");
    let has_role = has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        || has("AWS_SKIP_SIGNATURE");
    if named.is_none() && (has_keys || has_identity || has_role) {
        return Ok(Aws { provider: None, region: None });
    }
    let chosen = named.map(str::to_owned).or_else(|| environment("AWS_PROFILE"));
    let files = ProfileFiles::of(environment);
    let name = chosen.as_deref().unwrap_or("default");
    if let Some(profile) = files.profile(name) {
        let region = profile.get("region").cloned();
        let source = source(name, &profile);
        if let Some(source) = source {
            let provider = Provider { source, held: Mutex::new(None) };
            return Ok(Aws { provider: Some(Arc::new(provider)), region });
        }
    }
    if chosen.is_some() {
        let fault = Fault::denied(format!("there are no credentials in the AWS profile `{name}`"));
        return Err(fault.with_help(format!("looked in {}", files.names())));
    }
    if has("AWS_METADATA_ENDPOINT") || is_machine_of("Amazon EC2", "ec2") {
        return Ok(Aws { provider: None, region: None });
    }
    let looked = format!(
        "looked for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, the role of a container, and a profile `default` in {}; this is no machine of EC2",
        files.names()
    );
    Err(Fault::denied("there are no AWS credentials").with_help(looked))
}

/// Variables that hold Azure's credentials, or say where they are.
const AZURE: &[&str] = &[
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_TOKEN",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_STORAGE_USE_EMULATOR",
    "IDENTITY_ENDPOINT",
    "AZURE_MSI_ENDPOINT",
];

/// Whether Azure's command line is to be asked.
///
/// # Errors
/// There are no credentials, with where they were looked for.
pub fn azure(environment: &Environment<'_>) -> Result<bool, Fault> {
    let has = |name: &str| environment(name).is_some();
    if !has("AZURE_STORAGE_ACCOUNT_NAME") && !has("AZURE_STORAGE_USE_EMULATOR") {
        let fault = Fault::denied("which storage account?");
        return Err(fault.with_help("set AZURE_STORAGE_ACCOUNT_NAME"));
    }
    if AZURE.iter().any(|name| has(name)) {
        return Ok(false);
    }
    if is_installed("az", environment) {
        return Ok(true);
    }
    let help = format!("looked for {}, and the command `az`", AZURE.join(", "));
    Err(Fault::denied("there are no Azure credentials").with_help(help))
}

/// A token for Google, where the library does not find credentials by itself.
///
/// # Errors
/// There are no credentials, with where they were looked for.
pub fn google(environment: &Environment<'_>) -> Result<Option<String>, Fault> {
    if let Some(token) = environment("GOOGLE_OAUTH_ACCESS_TOKEN") {
        return Ok(Some(token));
    }
    let has = |name: &str| environment(name).is_some();
    if [
        "GOOGLE_SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT_PATH",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "GOOGLE_SKIP_SIGNATURE",
    ]
    .iter()
    .any(|name| has(name))
    {
        return Ok(None);
    }
    let file = environment("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from).or_else(|| {
        Some(home(environment)?.join(".config/gcloud/application_default_credentials.json"))
    });
    let text = file.as_deref().and_then(text).unwrap_or_default();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    if matches!(document["type"].as_str(), Some("service_account" | "authorized_user")) {
        return Ok(None);
    }
    let asked = is_installed("gcloud", environment)
        .then(|| run("gcloud", &["auth", "print-access-token"]).ok())
        .flatten();
    if let Some(token) = asked {
        return Ok(Some(token.trim().to_owned()));
    }
    if has("K_SERVICE") || is_machine_of("Google", "google") {
        return Ok(None);
    }
    let help = "looked for GOOGLE_OAUTH_ACCESS_TOKEN, GOOGLE_SERVICE_ACCOUNT, GOOGLE_APPLICATION_CREDENTIALS with a service account or user, and what the command `gcloud` gives who is signed in";
    Err(Fault::denied("there are no Google credentials").with_help(help))
}

/// Where AWS's tools keep profiles.
struct ProfileFiles {
    credentials: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl ProfileFiles {
    fn of(environment: &Environment<'_>) -> ProfileFiles {
        let file = |variable: &str, usual: &str| {
            let set = environment(variable).map(PathBuf::from);
            set.or_else(|| Some(home(environment)?.join(usual)))
        };
        ProfileFiles {
            credentials: file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
            config: file("AWS_CONFIG_FILE", ".aws/config"),
        }
    }

    /// What both files say of a profile.
    fn profile(&self, name: &str) -> Option<Profile> {
        let read = |file: &Option<PathBuf>| file.as_deref().and_then(text).unwrap_or_default();
        let config = read(&self.config);
        let mut profile = section(&config, &format!("profile {name}"))
            .or_else(|| section(&config, name))
            .unwrap_or_default();
        profile.extend(section(&read(&self.credentials), name).unwrap_or_default());
        (!profile.is_empty()).then_some(profile)
    }

    fn names(&self) -> String {
        let files = [&self.credentials, &self.config].into_iter().flatten();
        let names: Vec<String> = files.map(|file| format!("`{}`", file.display())).collect();
        if names.is_empty() {
            "no file, since HOME is not set".to_owned()
        } else {
            names.join(" and ")
        }
    }
}

/// A section of an AWS file: `[name]`, then `key = value` lines, `#` and `;` begin comments.
fn section(text: &str, name: &str) -> Option<Profile> {
    let mut found = None;
    let mut is_inside = false;
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            is_inside = head.split_whitespace().eq(name.split_whitespace());
            if is_inside && found.is_none() {
                found = Some(Profile::new());
            }
        } else if is_inside
            && !line.starts_with(['#', ';', ' ', '\t'])
            && let (Some((key, value)), Some(found)) = (line.split_once('='), &mut found)
        {
            let value = value.split(" #").next().unwrap_or_default();
            found.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}

/// Keys of a profile that the AWS command line has to be asked for.
const ASKED: &[&str] =
    &["role_arn", "sso_session", "sso_start_url", "sso_account_id", "login_session"];

/// Where a profile's credentials come from.
fn source(name: &str, profile: &Profile) -> Option<CredentialSource> {
    let get = |key: &str| profile.get(key).cloned();
    if let (Some(key_id), Some(secret_key)) =
        (get("aws_access_key_id"), get("aws_secret_access_key"))
        && !profile.contains_key("role_arn")
    {
        return Some(CredentialSource::Keys {
            key_id,
            secret_key,
            token: get("aws_session_token"),
        });
    }
    if let Some(process) = get("credential_process") {
        return Some(CredentialSource::Process(process));
    }
    ASKED
        .iter()
        .any(|key| profile.contains_key(*key))
        .then(|| CredentialSource::CommandLine(name.to_owned()))
}

/// Where credentials come from.
enum CredentialSource {
    Keys {
        key_id: String,
        secret_key: String,
        token: Option<String>,
    },
    /// A command of the user's own configuration, as AWS's tools run it.
    Process(String),
    /// The AWS command line, for a profile.
    CommandLine(String),
}

/// Credentials of a profile, asked for again before they end.
struct Provider {
    source: CredentialSource,
    held: Mutex<Option<(Arc<AwsCredential>, Option<Timestamp>)>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Provider")
    }
}

impl CredentialProvider for Provider {
    type Credential = AwsCredential;

    fn get_credential<'provider, 'future>(
        &'provider self,
    ) -> Pin<Box<dyn Future<Output = object_store::Result<Arc<AwsCredential>>> + Send + 'future>>
    where
        'provider: 'future,
        Self: 'future,
    {
        Box::pin(async move { self.credential() })
    }
}

impl Provider {
    #[expect(clippy::disallowed_methods, reason = "a deploy knows the time")]
    fn credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let soon =
            Timestamp::now().checked_add(SignedDuration::from_mins(5)).unwrap_or(Timestamp::MAX);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((credential, end)) = &*held
            && end.is_none_or(|end| end > soon)
        {
            return Ok(Arc::clone(credential));
        }
        let (credential, end) = self.source.ask().map_err(|fault| {
            let next = fault.help.map(|help| format!("; {help}")).unwrap_or_default();
            object_store::Error::Generic {
                store: "credentials",
                source: format!("{}{next}", fault.message).into(),
            }
        })?;
        let credential = Arc::new(credential);
        *held = Some((Arc::clone(&credential), end));
        Ok(credential)
    }
}

impl CredentialSource {
    fn ask(&self) -> Result<(AwsCredential, Option<Timestamp>), Fault> {
        let printed = match self {
            CredentialSource::Keys { key_id, secret_key, token } => {
                let credential = AwsCredential {
                    key_id: key_id.clone(),
                    secret_key: secret_key.clone(),
                    token: token.clone(),
                };
                return Ok((credential, None));
            }
            CredentialSource::Process(command) if cfg!(windows) => run("cmd", &["/C", command])?,
            CredentialSource::Process(command) => run("sh", &["-c", command])?,
            CredentialSource::CommandLine(profile) => {
                let arguments = [
                    "configure", "export-credentials", "--profile", profile, "--format", "process",
                ];
                run("aws", &arguments).map_err(|fault| {
                    fault.with_help(format!(
                        "the credentials of profile `{profile}` come through the AWS command line, version 2: `aws sso login --profile {profile}`"
                    ))
                })?
            }
        };
        printed_credential(&printed)
    }
}

/// What a process prints, as AWS's tools define it for `credential_process`.
fn printed_credential(text: &str) -> Result<(AwsCredential, Option<Timestamp>), Fault> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let field = |name: &str| document[name].as_str().map(str::to_owned);
    let (Some(key_id), Some(secret_key)) = (field("AccessKeyId"), field("SecretAccessKey")) else {
        return Err(Fault::denied("the process for credentials printed none"));
    };
    let end = field("Expiration").and_then(|end| end.parse().ok());
    Ok((AwsCredential { key_id, secret_key, token: field("SessionToken") }, end))
}

/// What a command prints. What it says besides may hold secrets and is not repeated.
#[expect(clippy::disallowed_methods, reason = "credentials come from the tools of the clouds")]
fn run(program: &str, arguments: &[&str]) -> Result<String, Fault> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| {
            Fault::denied(format!("cannot get credentials from `{program}`: {error}"))
        })?;
    if !output.status.success() {
        return Err(Fault::denied(format!("`{program}` gives no credentials")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn home(environment: &Environment<'_>) -> Option<PathBuf> {
    environment("HOME").or_else(|| environment("USERPROFILE")).map(PathBuf::from)
}

/// Whether a command can be run.
fn is_installed(program: &str, environment: &Environment<'_>) -> bool {
    let path = environment("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| {
        [program.to_owned(), format!("{program}.cmd")]
            .iter()
            .any(|name| folder.join(name).is_file())
    })
}

/// Whether this machine says that it is one of a cloud's.
fn is_machine_of(vendor: &str, uuid: &str) -> bool {
    let says = |file: &str| text(Path::new(file)).unwrap_or_default();
    says("/sys/class/dmi/id/sys_vendor").trim() == vendor
        || says("/sys/hypervisor/uuid").to_ascii_lowercase().starts_with(uuid)
}

#[expect(
    clippy::disallowed_methods,
    reason = "credentials are read from the files of the clouds' tools"
)]
fn text(file: &Path) -> Option<String> {
    std::fs::read_to_string(file).ok()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write the files that are read")]
mod tests {
    use std::collections::BTreeMap;

    use super::{aws, azure, google};

    /// What is found with these variables: "library", the key of a profile, or the message and the help.
    fn check(variables: &[(&str, &str)], named: Option<&str>, expected: &str) {
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        let environment = |name: &str| variables.get(name).map(|value| (*value).to_owned());
        let found = match aws(named, &(&environment as _)) {
            Ok(found) => match found.provider {
                None => "library".to_owned(),
                Some(provider) => {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    match runtime.block_on(provider.get_credential()) {
                        Ok(credential) => {
                            format!("{} in {}", credential.key_id, found.region.unwrap_or_default())
                        }
                        Err(error) => error.to_string(),
                    }
                }
            },
            Err(fault) => format!("{}; {}", fault.message, fault.help.unwrap_or_default()),
        };
        assert!(found.contains(expected), "{found}");
    }

    #[test]
    fn credentials_are_found_where_aws_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_str().unwrap();
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        std::fs::write(
            folder.path().join(".aws/credentials"),
            "# keys\n[default]\naws_access_key_id = AKIDDEFAULT # mine\naws_secret_access_key=s\n\n[ops]\nAWS_ACCESS_KEY_ID=AKIDOPS\naws_secret_access_key=s\n",
        )
        .unwrap();
        std::fs::write(
            folder.path().join(".aws/config"),
            "[default]\nregion = eu-west-1\n[profile ops]\nregion=eu-central-1\ns3 =\n  max_concurrent_requests = 20\n[profile login]\nsso_session = corp\nregion = eu-north-1\n[profile process]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"AKIDPROCESS\", \"SecretAccessKey\": \"s\"}'\n[profile broken]\ncredential_process = exit 1\n[profile bare]\nregion = eu-west-3\n",
        )
        .unwrap();
        let home = ("HOME", home);
        check(&[home], None, "AKIDDEFAULT in eu-west-1");
        check(&[home, ("AWS_PROFILE", "ops")], None, "AKIDOPS in eu-central-1");
        check(&[home, ("AWS_PROFILE", "default")], Some("ops"), "AKIDOPS");
        check(&[home], Some("process"), "AKIDPROCESS");
        check(&[home], Some("broken"), "gives no credentials");
        check(&[home], Some("bare"), "no credentials in the AWS profile `bare`");
        check(&[home], Some("missing"), ".aws/credentials` and `");
        let keys = [home, ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
        check(&keys, None, "library");
        check(&keys, Some("ops"), "AKIDOPS");
        let identity = [("AWS_WEB_IDENTITY_TOKEN_FILE", "t"), ("AWS_ROLE_ARN", "r")];
        check(&identity, None, "library");
        check(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "u")], None, "library");
    }

    #[test]
    fn without_credentials_it_says_where_it_looked() {
        let nothing = |_: &str| None;
        let said = |fault: super::Fault| fault.help.unwrap_or_default();
        let environment: super::Environment<'_> = &nothing;
        assert!(said(azure(&environment).unwrap_err()).contains("AZURE_STORAGE_ACCOUNT_NAME"));
        if let Err(fault) = google(&environment) {
            assert!(said(fault).contains("GOOGLE_APPLICATION_CREDENTIALS"));
        }
        if let Err(fault) = aws(None, &environment) {
            assert!(said(fault).contains("AWS_WEB_IDENTITY_TOKEN_FILE"));
        }
    }
}
