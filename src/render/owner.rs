//! Who owns a page, and how to reach them.

use crate::config::Config;
use crate::resolve::Address;

use super::view::{Contact, OwnerView};

/// What an owner is called: by `[owners]`, else by its key.
pub(crate) fn owner_name(config: &Config, key: Option<&str>) -> Option<String> {
    let key = key?;
    let known = config.owners.get(key).and_then(|owner| owner.name.as_deref());
    Some(known.unwrap_or(key).to_owned())
}

/// Whether any owner says who is on call.
pub(crate) fn has_on_call(config: &Config) -> bool {
    config.owners.values().any(|owner| owner.on_call.is_some())
}

/// How to reach an owner: from `[owners]`, else by its name and the page's own chat channel.
pub(crate) fn owner(config: &Config, key: Option<&str>, slack: Option<&str>) -> Option<OwnerView> {
    let contact = |text: &Option<String>, url: Option<String>| {
        text.as_ref().map(|text| Contact { text: text.clone(), url, more: None })
    };
    let plain = |text: &str| Contact { text: text.to_owned(), ..Contact::default() };
    let address = |text: &str| text.starts_with("http").then(|| text.to_owned());
    let Some(key) = key else {
        let slack = slack?;
        let chat = Some(plain(slack));
        return Some(OwnerView {
            key: slack.to_owned(),
            name: slack.to_owned(),
            chat,
            ..OwnerView::default()
        });
    };
    let Some(known) = config.owners.get(key) else {
        let chat = slack.map(plain);
        return Some(OwnerView {
            key: key.to_owned(),
            name: key.to_owned(),
            chat,
            ..OwnerView::default()
        });
    };
    Some(OwnerView {
        key: key.to_owned(),
        name: known.name.as_deref().unwrap_or(key).to_owned(),
        path: Some(Address::of_owner(key, config.address_style).encoded()),
        on_call: known.on_call.as_ref().map(|on_call| match address(on_call) {
            Some(url) => Contact { url: Some(url), ..plain(config.words.get("who-is-on")) },
            None => plain(on_call),
        }),
        chat: contact(&known.chat, known.chat_url.clone()),
        email: contact(&known.email, known.email.as_ref().map(|email| format!("mailto:{email}"))),
        escalation: known
            .escalation
            .as_ref()
            .map(|text| Contact { url: address(text), ..plain(text) }),
        timezone: known.timezone.clone(),
    })
}
