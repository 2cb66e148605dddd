//! What secrets look like that tell of themselves: by the letters that they begin with or that stand in them.
//!
//! The facts are those that the services publish and that the rule sets of gitleaks, detect-secrets and trufflehog
//! agree on.

use std::ops::Range;

use super::harmless::{is_example, is_random};
use super::run::{LONGEST, run};

/// Which letters a secret is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretLetters {
    /// Digits and lower case from `a` to `f`.
    Hex,
    /// Digits and upper case.
    Upper,
    /// Digits and lower case from `a` to `f` with `-` between, as in a UUID.
    Uuid,
    /// Letters and digits.
    Plain,
    /// Letters, digits and `_`.
    Word,
    /// Letters, digits, `-` and `_`: base64 for addresses.
    Web,
    /// The same with dots.
    Dotted,
    /// Letters, digits, `+`, `/` and `=`: base64, and with `-` and `_` its form for addresses.
    Base64,
    /// What an address may go on with.
    Address,
}

impl SecretLetters {
    pub(super) fn hold(self, letter: char) -> bool {
        let besides = match self {
            SecretLetters::Hex => return matches!(letter, '0'..='9' | 'a'..='f'),
            SecretLetters::Upper => return matches!(letter, '0'..='9' | 'A'..='Z'),
            SecretLetters::Uuid => return matches!(letter, '0'..='9' | 'a'..='f' | '-'),
            SecretLetters::Plain => "",
            SecretLetters::Word => "_",
            SecretLetters::Web => "-_",
            SecretLetters::Dotted => "-_.",
            SecretLetters::Base64 => "+/=-_",
            SecretLetters::Address => "/-_.~%@=&?:+",
        };
        letter.is_ascii_alphanumeric() || besides.contains(letter)
    }
}

/// A secret that begins with fixed letters.
pub(super) struct SecretKind {
    pub(super) begins: &'static str,
    letters: SecretLetters,
    /// How many letters follow at least.
    least: usize,
    pub(super) what: &'static str,
}

const fn kind(
    begins: &'static str,
    letters: SecretLetters,
    least: usize,
    what: &'static str,
) -> SecretKind {
    SecretKind { begins, letters, least, what }
}

impl SecretKind {
    /// The secret that begins at a place where the letters of the kind stand.
    pub(super) fn at(&self, text: &str, start: usize) -> LookedAt {
        let behind = start + self.begins.len();
        let tail = run(&text[behind..], |letter| self.letters.hold(letter));
        let end = behind + tail.len();
        let begins_word = self.begins.starts_with('.')
            || !text[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        // What is fixed in length is another thing where it goes on.
        let fits = match self.letters {
            SecretLetters::Upper | SecretLetters::Uuid => {
                tail.len() == self.least && !goes_on(text, end)
            }
            _ => tail.len() >= self.least,
        };
        let is_address = self.letters == SecretLetters::Address;
        // What holds no separators may hold words by chance, and no name is written like it.
        let has = |kind: fn(char) -> bool| tail.contains(kind);
        let is_mixed = has(char::is_numeric) && has(char::is_uppercase) && has(char::is_lowercase);
        let is_told = match self.letters {
            SecretLetters::Upper => true,
            SecretLetters::Plain => is_mixed,
            _ => false,
        };
        let is_drawn = is_address || is_told || is_random(tail);
        let is_secret = begins_word && fits && !is_example(tail) && is_drawn;
        LookedAt { end, found: is_secret.then_some(start..end) }
    }
}

fn goes_on(text: &str, end: usize) -> bool {
    text[end..].starts_with(|letter: char| letter.is_alphanumeric())
}

/// What came of looking at a place.
pub(super) struct LookedAt {
    /// How far the letters go that could belong to the secret: no other of its kind begins before.
    pub(super) end: usize,
    pub(super) found: Option<Range<usize>>,
}

use SecretLetters::{Address, Base64, Dotted, Hex, Plain, Upper, Uuid, Web, Word};

/// The kinds that begin with fixed letters. Of two that fit, the first names the secret.
pub(super) const KINDS: &[SecretKind] = &[
    kind("AKIA", Upper, 16, "an AWS access key"),
    kind("ASIA", Upper, 16, "an AWS access key"),
    kind("ABIA", Upper, 16, "an AWS access key"),
    kind("ACCA", Upper, 16, "an AWS access key"),
    kind("ABSKQmVkcm9ja", Base64, 90, "an AWS Bedrock key"),
    kind("ghp_", Plain, 36, "a GitHub token"),
    kind("gho_", Plain, 36, "a GitHub token"),
    kind("ghu_", Plain, 36, "a GitHub token"),
    kind("ghs_", Plain, 36, "a GitHub token"),
    kind("ghr_", Plain, 36, "a GitHub token"),
    kind("github_pat_", Word, 50, "a GitHub token"),
    kind("glpat-", Dotted, 20, "a GitLab token"),
    kind("gldt-", Web, 20, "a GitLab token"),
    kind("glrt-", Dotted, 20, "a GitLab token"),
    kind("glptt-", Web, 40, "a GitLab token"),
    kind("glcbt-", Web, 20, "a GitLab token"),
    kind("glft-", Web, 20, "a GitLab token"),
    kind("glimt-", Web, 20, "a GitLab token"),
    kind("glsoat-", Web, 20, "a GitLab token"),
    kind("gloas-", Web, 40, "a GitLab token"),
    kind("glagent-", Web, 40, "a GitLab token"),
    kind("GR1348941", Web, 20, "a GitLab token"),
    kind("ATBB", Plain, 28, "a Bitbucket password"),
    kind("ATATT3xFf", Base64, 60, "an Atlassian token"),
    kind("ATCTT3xFf", Base64, 60, "an Atlassian token"),
    kind("xoxb-", Web, 20, "a Slack token"),
    kind("xoxp-", Web, 20, "a Slack token"),
    kind("xoxa-", Web, 20, "a Slack token"),
    kind("xoxr-", Web, 20, "a Slack token"),
    kind("xoxs-", Web, 20, "a Slack token"),
    kind("xoxc-", Web, 20, "a Slack token"),
    kind("xoxe-", Web, 20, "a Slack token"),
    kind("xoxe.xoxp-", Web, 20, "a Slack token"),
    kind("xapp-", Web, 20, "a Slack token"),
    kind("hooks.slack.com/services/", Address, 20, "a Slack webhook address"),
    kind("hooks.slack.com/workflows/", Address, 20, "a Slack webhook address"),
    kind("hooks.slack.com/triggers/", Address, 20, "a Slack webhook address"),
    kind("discord.com/api/webhooks/", Address, 40, "a Discord webhook address"),
    kind("discordapp.com/api/webhooks/", Address, 40, "a Discord webhook address"),
    kind(".webhook.office.com/webhookb2/", Address, 40, "a Teams webhook address"),
    kind("chat.googleapis.com/v1/spaces/", Address, 60, "a Google Chat webhook address"),
    kind("oapi.dingtalk.com/robot/send?access_token=", Address, 40, "a DingTalk webhook address"),
    kind("open.feishu.cn/open-apis/bot/v2/hook/", Address, 30, "a Lark webhook address"),
    kind("open.larksuite.com/open-apis/bot/v2/hook/", Address, 30, "a Lark webhook address"),
    kind("qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", Address, 30, "a WeCom webhook address"),
    kind("hooks.zapier.com/hooks/catch/", Address, 12, "a Zapier webhook address"),
    kind("events.pagerduty.com/integration/", Address, 32, "a PagerDuty integration address"),
    kind("sk-ant-", Web, 40, "an Anthropic key"),
    kind("sk-proj-", Web, 40, "an OpenAI key"),
    kind("sk-svcacct-", Web, 40, "an OpenAI key"),
    kind("sk-admin-", Web, 40, "an OpenAI key"),
    kind("sk-", Web, 32, "an API key"),
    kind("gsk_", Plain, 40, "a Groq key"),
    kind("xai-", Plain, 60, "an xAI key"),
    kind("pplx-", Plain, 40, "a Perplexity key"),
    kind("r8_", Plain, 37, "a Replicate token"),
    kind("hf_", Plain, 30, "a Hugging Face token"),
    kind("api_org_", Plain, 30, "a Hugging Face token"),
    kind("sk_live_", Plain, 16, "a Stripe key"),
    kind("rk_live_", Plain, 16, "a Stripe key"),
    kind("sk_test_", Plain, 16, "a Stripe key"),
    kind("rk_test_", Plain, 16, "a Stripe key"),
    kind("whsec_", Base64, 24, "a webhook signing secret"),
    kind("AIza", Web, 35, "a Google API key"),
    kind("GOCSPX-", Web, 24, "a Google client secret"),
    kind("ya29.", Web, 30, "a Google access token"),
    kind("npm_", Plain, 36, "an npm token"),
    kind("pypi-AgE", Web, 40, "a PyPI token"),
    kind("rubygems_", Hex, 48, "a RubyGems key"),
    kind("CLOJARS_", Plain, 50, "a Clojars token"),
    kind("cio", Plain, 32, "a crates.io token"),
    kind("oy2", Plain, 43, "a NuGet key"),
    kind("dckr_pat_", Web, 20, "a Docker Hub token"),
    kind("dckr_oat_", Web, 20, "a Docker Hub token"),
    kind("AKCp", Plain, 60, "an Artifactory key"),
    kind("cmVmdGtu", Plain, 50, "an Artifactory token"),
    kind("SG.", Dotted, 50, "a SendGrid key"),
    kind("xkeysib-", Web, 60, "a Brevo key"),
    kind("key-", Hex, 32, "a Mailgun key"),
    kind("SK", Hex, 32, "a Twilio key"),
    kind("hvs.", Web, 24, "a Vault token"),
    kind("hvb.", Web, 24, "a Vault token"),
    kind("hvr.", Web, 24, "a Vault token"),
    kind("dop_v1_", Hex, 60, "a DigitalOcean token"),
    kind("doo_v1_", Hex, 60, "a DigitalOcean token"),
    kind("dor_v1_", Hex, 60, "a DigitalOcean token"),
    kind("dp.pt.", Plain, 40, "a Doppler token"),
    kind("dp.st.", Dotted, 40, "a Doppler token"),
    kind("dp.sa.", Plain, 40, "a Doppler token"),
    kind("dp.ct.", Plain, 40, "a Doppler token"),
    kind("pul-", Hex, 40, "a Pulumi token"),
    kind("glsa_", Word, 32, "a Grafana token"),
    kind("glc_eyJ", Base64, 30, "a Grafana Cloud token"),
    kind("eyJrIjoi", Base64, 60, "a Grafana key"),
    kind("NRAK-", Upper, 27, "a New Relic key"),
    kind("NRII-", Web, 24, "a New Relic key"),
    kind("NRJS-", Hex, 19, "a New Relic key"),
    kind("NRBR-", Plain, 19, "a New Relic key"),
    kind("pdus+_", Web, 16, "a PagerDuty token"),
    kind("pdeu+_", Web, 16, "a PagerDuty token"),
    kind("sntrys_", Base64, 60, "a Sentry token"),
    kind("sntryu_", Hex, 60, "a Sentry token"),
    kind("dt0c01.", Dotted, 60, "a Dynatrace token"),
    kind("dt0s01.", Dotted, 60, "a Dynatrace token"),
    kind("dt0s16.", Dotted, 60, "a Dynatrace token"),
    kind("hcaik_", Plain, 50, "a Honeycomb key"),
    kind("hcaic_", Plain, 50, "a Honeycomb key"),
    kind("hcxik_", Plain, 50, "a Honeycomb key"),
    kind("essu_", Base64, 40, "an Elastic key"),
    kind("rootly_", Hex, 60, "a Rootly token"),
    kind("shpat_", Hex, 32, "a Shopify token"),
    kind("shpca_", Hex, 32, "a Shopify token"),
    kind("shppa_", Hex, 32, "a Shopify token"),
    kind("shpss_", Hex, 32, "a Shopify secret"),
    kind("sq0atp-", Web, 22, "a Square token"),
    kind("sq0csp-", Web, 40, "a Square secret"),
    kind("shippo_live_", Hex, 40, "a Shippo token"),
    kind("EZAK", Plain, 54, "an EasyPost key"),
    kind("dapi", Hex, 32, "a Databricks token"),
    kind("lin_api_", Plain, 40, "a Linear key"),
    kind("lin_oauth_", Plain, 40, "a Linear token"),
    kind("ntn_", Plain, 40, "a Notion token"),
    kind("secret_", Plain, 43, "a Notion token"),
    kind("PMAK-", Web, 50, "a Postman key"),
    kind("pscale_tkn_", Dotted, 30, "a PlanetScale token"),
    kind("pscale_pw_", Dotted, 30, "a PlanetScale password"),
    kind("pscale_oauth_", Dotted, 30, "a PlanetScale token"),
    kind("sbp_", Hex, 40, "a Supabase token"),
    kind("sb_secret_", Web, 24, "a Supabase key"),
    kind("FlyV1 fm", Base64, 60, "a Fly.io token"),
    kind("fo1_", Web, 40, "a Fly.io token"),
    kind("HRKU-AA", Web, 50, "a Heroku key"),
    kind("tskey-", Web, 24, "a Tailscale key"),
    kind("CCIPAT_", Word, 50, "a CircleCI token"),
    kind("bkua_", Hex, 40, "a Buildkite token"),
    kind("squ_", Hex, 40, "a SonarQube token"),
    kind("sqp_", Hex, 40, "a SonarQube token"),
    kind("sqa_", Hex, 40, "a SonarQube token"),
    kind("sgp_", Word, 40, "a Sourcegraph token"),
    kind("figd_", Web, 38, "a Figma token"),
    kind("pat.", Dotted, 60, "a Harness token"),
    kind("pat", Dotted, 78, "an Airtable token"),
    kind("aio_", Plain, 28, "an Adafruit key"),
    kind("LTAI", Plain, 16, "an Alibaba access key"),
    kind("AKID", Plain, 32, "a Tencent access key"),
    kind("AQVN", Web, 35, "a Yandex key"),
    kind("YCAJE", Web, 20, "a Yandex access key"),
    kind("v1.0-", Web, 150, "a Cloudflare origin key"),
    kind("A3-", Web, 32, "a 1Password secret key"),
    kind("ops_eyJ", Base64, 200, "a 1Password token"),
    kind("AGE-SECRET-KEY-1", Upper, 58, "an age key"),
    kind("sha256~", Web, 40, "an OpenShift token"),
    kind("pnu_", Plain, 36, "a Prefect key"),
    kind("rdme_", Plain, 60, "a ReadMe key"),
    kind("tfp_", Web, 50, "a Typeform token"),
    kind("ico-", Plain, 32, "an Infracost key"),
    kind("p8e-", Plain, 32, "an Adobe secret"),
    kind("duffel_live_", Web, 40, "a Duffel token"),
    kind("EAACEdEose0cBA", Plain, 20, "a Facebook token"),
    kind("EAAA", Web, 60, "a Square token"),
    kind("cfut_", Plain, 40, "a Cloudflare token"),
    kind("cfat_", Plain, 40, "a Cloudflare token"),
    kind("cfk_", Plain, 40, "a Cloudflare key"),
    kind("sat.", Dotted, 60, "a Harness token"),
    kind("tk-us-", Web, 48, "a Scalingo token"),
    kind("FLWSECK-", Web, 32, "a Flutterwave key"),
    kind("FLWSECK_TEST-", Web, 12, "a Flutterwave key"),
    kind("fio-u-", Web, 60, "a Frame.io token"),
    kind("live_", Hex, 35, "a Lob key"),
    kind("s-s4t2ud-", Hex, 60, "a 42 secret"),
    kind("s-s4t2af-", Hex, 60, "a 42 secret"),
    kind("lsv2_pt_", Word, 40, "a LangSmith key"),
    kind("lsv2_sk_", Word, 40, "a LangSmith key"),
    kind("API-", Upper, 26, "an Octopus Deploy key"),
    kind("nfp_", Plain, 36, "a Netlify token"),
    kind("nfc_", Plain, 36, "a Netlify token"),
    kind("nfo_", Plain, 36, "a Netlify token"),
    kind("CFPAT-", Web, 40, "a Contentful token"),
    kind("SSWS 00", Web, 40, "an Okta token"),
    kind("access-production-", Uuid, 36, "a Plaid token"),
    kind("access-sandbox-", Uuid, 36, "a Plaid token"),
    kind("sk.eyJ1", Dotted, 60, "a Mapbox token"),
    kind("sdk-", Uuid, 36, "a LaunchDarkly key"),
    kind("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS", Base64, 40, "a private key"),
    kind("LS0tLS1CRUdJTiBSU0EgUFJJVkFUR", Base64, 40, "a private key"),
    kind("LS0tLS1CRUdJTiBFQyBQUklWQVRFI", Base64, 40, "a private key"),
    kind("LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ", Base64, 40, "a private key"),
];

/// A secret with fixed letters in its middle.
pub(super) struct Middle {
    pub(super) holds: &'static str,
    before: SecretLetters,
    /// How many letters stand before, at least and at most.
    lengths: (usize, usize),
    after: SecretLetters,
    least: usize,
    pub(super) what: &'static str,
}

/// The kinds with fixed letters in the middle, or at the end.
pub(super) const MIDDLES: &[Middle] = &[
    Middle {
        holds: ":AA",
        before: Upper,
        lengths: (8, 10),
        after: Web,
        least: 32,
        what: "a Telegram bot token",
    },
    Middle {
        holds: "Q~",
        before: Dotted,
        lengths: (4, 4),
        after: Dotted,
        least: 31,
        what: "an Azure client secret",
    },
    Middle {
        holds: ".atlasv1.",
        before: Plain,
        lengths: (14, 14),
        after: Web,
        least: 60,
        what: "a Terraform Cloud token",
    },
    Middle {
        holds: "-us",
        before: Hex,
        lengths: (32, 32),
        after: Upper,
        least: 1,
        what: "a Mailchimp key",
    },
    Middle {
        holds: "NRAL",
        before: Hex,
        lengths: (36, 36),
        after: Upper,
        least: 0,
        what: "a New Relic license key",
    },
];

impl Middle {
    /// The secret around a place where the letters of the kind stand.
    pub(super) fn around(&self, text: &str, place: usize) -> Option<Range<usize>> {
        let (least, most) = self.lengths;
        let before = text[..place].bytes().rev().take(most + 1);
        let before = before.take_while(|byte| self.before.hold(char::from(*byte))).count();
        let start = place.checked_sub(before)?;
        let behind = place + self.holds.len();
        let tail = run(&text[behind..], |letter| self.after.hold(letter) || letter == '~');
        let end = behind + tail.len();
        let whole = &text[start..end];
        let fits = (least..=most).contains(&before) && (self.least..LONGEST).contains(&tail.len());
        (fits && !is_example(whole) && is_random(whole)).then_some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, MIDDLES};

    #[test]
    fn each_kind_is_told_by_letters_of_its_own() {
        for (place, kind) in KINDS.iter().enumerate() {
            assert!(kind.begins.len() >= 2 && kind.least >= 12, "{}", kind.begins);
            let hides = |earlier: &&super::SecretKind| {
                kind.begins.starts_with(earlier.begins) && kind.what != earlier.what
            };
            assert!(KINDS[..place].iter().find(hides).is_none(), "{}", kind.begins);
        }
        assert!(MIDDLES.iter().all(|kind| kind.lengths.0 <= kind.lengths.1));
    }
}
