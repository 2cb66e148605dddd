//! A page's Markdown copy: its facts at the head, then its text with links that lead somewhere.

use crate::calendar::long_date;
use crate::check::freshness::Basis;
use crate::config::Owner;
use crate::freshness::Schedule;
use crate::procedure::{Parameter, declared_parameters};
use crate::resolve::Address;

use super::context::Context;
use super::facts::{AlertFact, PageFacts};
use super::linked::{LinkedText, code, destination, plain};
use super::rewrite::{Reach, rewrite};

/// What the copy of a page is for.
pub(super) enum CopyForm {
    /// To stand beside the page.
    Page,
    /// To stand alone as a skill, and what is to be said first of how far it can be trusted.
    Skill(Option<String>),
}

/// Writes the copy of a page of this text. Links to pages lead to their copies.
pub(super) fn copy(
    context: &Context,
    facts: &PageFacts<'_>,
    text: &str,
    form: &CopyForm,
) -> LinkedText {
    let reach = match form {
        CopyForm::Page => Reach::Site,
        CopyForm::Skill(_) => Reach::Skill(facts.id),
    };
    let mut out = LinkedText::default();
    let document = &facts.page.document;
    let has_title = document.title.is_some();
    let behind_title = match document.heading_ranges.first().filter(|_| has_title) {
        Some(range) => range.end.min(text.len()),
        None => document.meta.range.end,
    };
    if has_title {
        let part = document.meta.range.end..behind_title;
        rewrite(context, (facts.page, reach), text, part, &mut out);
    } else {
        // A heading of the same text would take the anchor from the author's.
        let is_heading =
            document.headings.iter().any(|heading| heading.full_text() == *facts.page.title);
        let title = plain(&facts.page.title);
        out.push(&if is_heading { format!("**{title}**") } else { format!("# {title}") });
    }
    out.push("\n\n");
    match form {
        CopyForm::Page => origin(context, facts, &mut out),
        CopyForm::Skill(caution) => advice(context, facts, caution.as_deref(), &mut out),
    }
    head(context, facts, reach, &mut out);
    rewrite(context, (facts.page, reach), text, behind_title..text.len(), &mut out);
    out
}

/// What a reader of a skill has to know of all skills, and how far this one can be trusted.
fn advice(context: &Context, facts: &PageFacts<'_>, caution: Option<&str>, out: &mut LinkedText) {
    if let Some(caution) = caution {
        out.push(&format!(
            "**{}. Say so to whoever asked, and check each step before you rely on it.**\n\n",
            plain(caution)
        ));
    }
    if let Some(base) = &context.site().config.base_url {
        let address = destination(&facts.page.address.encoded());
        out.push(&format!("> From <{base}{address}>. "));
    } else {
        out.push("> ");
    }
    out.push(
        "Advice, not an order: it overrides no rule of approval. Each block of commands says its class: read, change, destroy or \
         unknown. Ask a person before you run one that is not read.\n\n",
    );
}

/// Where the copy is from.
fn origin(context: &Context, facts: &PageFacts<'_>, out: &mut LinkedText) {
    let site = context.site();
    out.push("> ");
    if let Some(base) = &site.config.base_url {
        let address = destination(&facts.page.address.encoded());
        out.push(&format!("Markdown copy of <{base}{address}>. "));
    } else {
        out.push("Markdown copy of ");
        out.named_link("this page", &facts.page.address, "");
        out.push(". ");
    }
    out.push("All pages: ");
    out.named_link("llms.txt", &Address::of_file("llms.txt"), "");
    out.push(".\n\n");
}

/// The facts, a line each.
fn head(context: &Context, facts: &PageFacts<'_>, reach: Reach, out: &mut LinkedText) {
    let site = context.site();
    let before = out.text().len();
    owner(facts, out);
    line(out, "Escalation", facts.escalation.as_deref().map(plain));
    line(out, "Review", review(facts));
    let meta = &facts.page.document.meta;
    line(out, "Status", meta.status.as_ref().map(|status| plain(&status.value)));
    if let Some(id) = facts.page.superseded_by {
        out.push("- **Superseded by:** ");
        let other = site.page(id);
        let address = other.address.markdown();
        if reach.holds(context, &address) {
            out.named_link(&plain(&other.title), &address, "");
        } else {
            out.push(&plain(&other.title));
        }
        out.push("\n");
    }
    alerts(facts, out);
    signatures(facts, out);
    parameters(context, facts, out);
    dashboards(facts, out);
    line(out, "Source", Some(source(facts)));
    if out.text().len() > before {
        out.push("\n");
    }
}

fn line(out: &mut LinkedText, name: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        out.push(&format!("- **{name}:** {value}\n"));
    }
}

fn owner(facts: &PageFacts<'_>, out: &mut LinkedText) {
    let Some(name) = facts.owner_name() else { return };
    let mut said = vec![plain(name)];
    let none = Owner::default();
    let owner = facts.owner.and_then(|(_, owner)| owner).unwrap_or(&none);
    let slack = facts.page.document.meta.review.owner_slack.as_ref().map(|slack| &slack.value);
    if let Some(chat) = owner.chat.as_ref().or(slack).filter(|chat| chat.as_str() != name) {
        said.push(format!("chat {}", contact(chat, owner.chat_url.as_deref())));
    }
    said.extend(owner.email.as_ref().map(|email| format!("mail {}", plain(email))));
    said.extend(owner.timezone.as_ref().map(|zone| format!("time zone {}", plain(zone))));
    line(out, "Owner", Some(said.join("; ")));
    line(out, "On call", owner.on_call.as_deref().map(|on_call| contact(on_call, None)));
}

/// A way to reach somebody: a link where it is an address or has one.
fn contact(text: &str, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("[{}]({})", plain(text), destination(url)),
        None if text.starts_with("http") => format!("<{}>", destination(text)),
        None => plain(text),
    }
}

/// When the page was reviewed and is due, never how it stands today.
fn review(facts: &PageFacts<'_>) -> Option<String> {
    let freshness = &facts.report.freshness;
    let due = match freshness.schedule {
        Schedule::NotOwed => return None,
        Schedule::Evergreen => "evergreen, needs no review".to_owned(),
        Schedule::NeverReviewed => "never reviewed".to_owned(),
        Schedule::Due(due) => {
            let suspect =
                if due.suspect { "; files that it describes have changed since" } else { "" };
            format!("due {}{suspect}", long_date(due.on))
        }
    };
    let last = freshness.last.as_ref().map(|last| {
        let on = long_date(last.on);
        match (&last.basis, &last.by) {
            (Basis::Date, _) => format!("; dated {on}, no review recorded"),
            (_, Some(by)) => format!("; last reviewed {on} by {}", plain(by)),
            (_, None) => format!("; last reviewed {on}"),
        }
    });
    Some(due + &last.unwrap_or_default())
}

fn alerts(facts: &PageFacts<'_>, out: &mut LinkedText) {
    if facts.alerts.is_empty() {
        return;
    }
    out.push("- **Alerts:**\n");
    for AlertFact { name, claim, severity, condition, .. } in &facts.alerts {
        out.push(&format!("  - {}", code(name)));
        if let Some(severity) = severity {
            out.push(&format!(" ({})", plain(severity)));
        }
        for (label, value) in &claim.labels {
            out.push(&format!(", {}", code(&format!("{label}={value}"))));
        }
        if let Some(condition) = condition {
            out.push(&format!(": {}", code(condition)));
        }
        if let Some(channel) = &claim.channel {
            out.push(&format!(", sent to {}", plain(channel)));
        }
        section(facts, claim.anchor.as_deref(), out);
        out.push("\n");
    }
}

/// ", answered by [Section](#section)".
fn section(facts: &PageFacts<'_>, anchor: Option<&str>, out: &mut LinkedText) {
    let headings = &facts.page.document.headings;
    let heading = headings.iter().find(|heading| Some(heading.anchor.as_str()) == anchor);
    if let Some(heading) = heading {
        out.push(", answered by ");
        let suffix = format!("#{}", heading.anchor);
        out.named_link(&plain(&heading.full_text()), &facts.page.address.markdown(), &suffix);
    }
}

fn signatures(facts: &PageFacts<'_>, out: &mut LinkedText) {
    let signatures = &facts.page.document.meta.error_signatures;
    if signatures.is_empty() {
        return;
    }
    out.push("- **Messages that this page explains:**\n");
    for signature in signatures {
        out.push(&format!("  - {}", code(&signature.text.value)));
        section(facts, signature.section.as_ref().map(|section| section.value.as_str()), out);
        out.push("\n");
    }
}

fn parameters(context: &Context, facts: &PageFacts<'_>, out: &mut LinkedText) {
    let declared = declared_parameters(&context.site().config, &facts.page.document);
    if declared.is_empty() {
        return;
    }
    out.push("- **Parameters:**\n");
    for Parameter { name, default, choices, pattern, description, is_secret, .. } in declared {
        out.push(&format!("  - {}", code(&format!("<{name}>"))));
        let mut said = Vec::new();
        said.extend(description.as_deref().map(plain));
        said.extend(default.as_deref().map(|default| format!("default {}", code(default))));
        if !choices.is_empty() {
            let choices: Vec<String> = choices.iter().map(|choice| code(choice)).collect();
            said.push(format!("one of {}", choices.join(", ")));
        }
        said.extend(pattern.as_deref().map(|pattern| format!("matches {}", code(pattern))));
        said.extend(is_secret.then(|| "secret: ask a person to type it".to_owned()));
        if !said.is_empty() {
            out.push(&format!(": {}", said.join("; ")));
        }
        out.push("\n");
    }
}

fn dashboards(facts: &PageFacts<'_>, out: &mut LinkedText) {
    if facts.dashboards.is_empty() {
        return;
    }
    out.push("- **Dashboards:**\n");
    for dashboard in &facts.dashboards {
        out.push(&format!("  - [{}]({})", plain(dashboard.title), destination(&dashboard.url)));
        if let Some(note) = dashboard.note {
            out.push(&format!(": {}", plain(note)));
        }
        out.push("\n");
    }
}

fn source(facts: &PageFacts<'_>) -> String {
    let file = code(facts.page.document.path.as_str());
    match &facts.edit_url {
        Some(url) => format!("[{file}]({})", destination(url)),
        None => file,
    }
}
