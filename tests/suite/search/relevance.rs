//! Questions of people on a small set of runbooks: how many are answered first, and among the first ten.
//!
//! The counts are exact, so that a change of ranking shows here, for better or worse. They are changed together with it.

use guidepost::search::{IndexedPage, query};

use super::{TODAY, indexed, pages};

const PAGES: &str = include_str!("relevance.txt");

/// What is asked, and the page or section that answers it.
const QUESTIONS: &[(&str, &str)] = &[
    ("the ledger is behind, what do I do", "payments/ledger-lag/#consumers-fall-behind"),
    ("consumer lag keeps growing", "payments/ledger-lag/#consumers-fall-behind"),
    (
        "poison message blocks a partition",
        "payments/ledger-lag/#skip-a-booking-that-blocks-the-partition",
    ),
    ("how can I skip one booking", "payments/ledger-lag/#skip-a-booking-that-blocks-the-partition"),
    ("reset-offsets shift", "payments/ledger-lag/#skip-a-booking-that-blocks-the-partition"),
    ("all cards are declined", "payments/card-gateway/#the-gateway-declines-everything"),
    ("switch to the other acquirer", "payments/card-gateway/#the-gateway-declines-everything"),
    ("cert expired", "payments/card-gateway/#renew-the-client-certificate"),
    (
        "x509: certificate has expired or is not yet valid",
        "payments/card-gateway/#renew-the-client-certificate",
    ),
    ("replication lag on orders", "databases/orders-replica/#replica-is-behind"),
    (
        "failover of the orders db",
        "databases/orders-replica/#promote-a-copy-when-the-primary-is-gone",
    ),
    ("primary database died", "databases/orders-replica/#promote-a-copy-when-the-primary-is-gone"),
    ("pg_ctl promote", "databases/orders-replica/#promote-a-copy-when-the-primary-is-gone"),
    ("someone dropped a table by mistake", "databases/restore/"),
    ("point in time recovery", "databases/restore/#choose-the-point-in-time"),
    ("restore-orders --dry-run", "databases/restore/#restore-beside-the-original"),
    ("out of memory kills", "platform/node-pressure/#evictions-begin"),
    ("pods are evicted", "platform/node-pressure/#evictions-begin"),
    ("no space left on device", "platform/node-pressure/#disk-is-full"),
    ("how do I drain a node", "platform/node-pressure/#take-a-node-out"),
    ("NodeDiskFull", "platform/node-pressure/#disk-is-full"),
    ("node disk full", "platform/node-pressure/#disk-is-full"),
    ("no such host", "platform/dns/#names-do-not-resolve"),
    ("DNS does not work", "platform/dns/#names-do-not-resolve"),
    ("pods wait for machines but nothing scales up", "platform/autoscaler/#nothing-scales"),
    ("set the group size manually", "platform/autoscaler/#scale-by-hand"),
    ("requests are slow", "platform/ingress/#slow-answers"),
    ("we are being flooded, block an ip", "platform/ingress/#block-an-address-that-floods-us"),
    ("maintenance mode", "platform/ingress/#return-503-on-purpose"),
    ("revert the web release", "release/rollback/#web"),
    ("can I roll back after a migration", "release/rollback/#after-a-schema-change"),
    ("disable a feature", "release/feature-flags/#turn-a-feature-off-for-everyone"),
    ("api key was committed to git", "security/leaked-key/#a-key-was-pushed"),
    ("brute force login", "security/login-storm/#many-failed-logins"),
    ("prometheus targets are missing", "observability/metrics-gap/#targets-disappear"),
    ("too many time series", "observability/metrics-gap/#cardinality-explodes"),
    ("mute an alert during planned work", "observability/silence/#for-planned-work"),
    ("swap my on-call shift", "on-call/handover/#swap-a-shift"),
    ("who informs the customers", "on-call/incident/#tell-customers"),
    ("when is an incident over", "on-call/incident/#close-it"),
];

fn read() -> Vec<IndexedPage> {
    let texts = PAGES.split("=== ").skip(1).filter_map(|text| text.split_once('\n'));
    texts.map(|(path, text)| pages::page(path, text)).collect()
}

#[test]
fn questions_on_a_small_set_of_runbooks_are_answered_as_often_as_ever() {
    let index = indexed(&read());
    let page_of = |url: &str| url.split('#').next().unwrap_or_default().to_owned();
    let (mut first, mut among_ten, mut section) = (0, 0, 0);
    let mut missed = Vec::new();
    for (typed, meant) in QUESTIONS {
        let hits = query(&index, typed, TODAY, 10).hits;
        let rank = hits.iter().position(|hit| page_of(&hit.url) == page_of(meant));
        first += u32::from(rank == Some(0));
        among_ten += u32::from(rank.is_some());
        section += u32::from(rank.is_some_and(|rank| hits[rank].url == *meant));
        if rank != Some(0) {
            missed.push(format!("{typed}: {rank:?}, {:?}", hits.first().map(|hit| &hit.url)));
        }
    }
    let counts = (QUESTIONS.len(), first, among_ten, section);
    assert_eq!(counts, (40, 39, 40, 39), "{}", missed.join("\n"));
}
