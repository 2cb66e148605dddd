//! Which section of a page says how to end what its alert reports: found by its heading, in the languages in which
//! runbooks are written. Knows headings alone.

use crate::parse::Heading;

use super::words::{WordSet, begins, begins_with};

/// What sections that mitigate are called, the surest words first.
static SURE: WordSet = WordSet::new(&[
    "mitigation", "mitigate", "mitigating", "remediation", "remediate", "resolution", "resolve",
    "resolving", "fix", "fixing", "fixes", "what to do", "solution", "solutions", "recovery",
    "recover", "corrective action", "corrective actions", "workaround", "behebung",
    "fehlerbehebung", "sofortmaßnahmen", "abhilfe", "lösung", "maßnahmen", "gegenmaßnahmen",
    "was tun", "was ist zu tun", "wiederherstellung", "résolution", "remédiation", "atténuation",
    "correction", "que faire", "rétablissement", "resolución", "mitigación", "solución",
    "remediación", "corrección", "qué hacer", "recuperación", "resolução", "mitigação", "solução",
    "remediação", "correção", "o que fazer", "recuperação", "risoluzione", "mitigazione",
    "soluzione", "cosa fare", "oplossing", "wat te doen", "対処", "対応", "復旧", "解決", "緩和",
    "解决", "缓解", "处理", "处置", "恢复", "الحل", "المعالجة", "التخفيف", "الإصلاح", "ماذا تفعل",
]);

/// What they are called where no section has a surer name.
static LIKELY: WordSet = WordSet::new(&[
    "steps", "next steps", "playbook", "procedure", "actions", "action", "action items",
    "response", "runbook", "instructions", "troubleshooting", "schritte", "vorgehen", "étapes",
    "mesures", "marche à suivre", "procédure", "pasos", "acciones", "medidas", "procedimiento",
    "passos", "ações", "procedimento", "passi", "azioni", "stappen", "acties", "手順", "步骤",
    "الخطوات",
]);

/// What may stand before such a name in a heading and says nothing of its kind: "Immediate actions", "Possible fixes".
static BEFORE: WordSet = WordSet::new(&[
    "immediate", "first", "initial", "recommended", "suggested", "proposed", "possible",
    "potential", "common", "known", "required", "quick", "short-term", "long-term", "temporary",
    "permanent", "manual", "emergency", "operator", "incident", "alert", "the", "how to",
    "how do i", "how do we", "ways to", "steps to", "steps for", "empfohlene", "mögliche",
    "posibles", "possíveis",
]);

/// The section that answers an alert: the one that it names, or the one that mitigates. The heading that is the alert's
/// own name (`is_name`) says nothing new, so there it is the one below it that mitigates.
pub(crate) fn answering_section<'h>(
    headings: &'h [Heading],
    anchor: Option<&str>,
    is_name: bool,
    own: &[String],
) -> Option<&'h Heading> {
    match anchor {
        Some(anchor) if !is_name => headings.iter().find(|heading| heading.anchor == anchor),
        _ => mitigating_section(headings, anchor, own),
    }
}

/// The section that says what to do: of the whole page, or of what stands below the heading at `anchor`. A site's own
/// words go before all others.
fn mitigating_section<'h>(
    headings: &'h [Heading],
    anchor: Option<&str>,
    own: &[String],
) -> Option<&'h Heading> {
    let headings = match anchor {
        None => headings,
        Some(anchor) => below(headings, anchor),
    };
    let sections = headings.iter().filter(|heading| heading.level > 1);
    let sections: Vec<(&Heading, String)> = sections.map(|one| (one, lower(one))).collect();
    let named = |is_named: &dyn Fn(&str) -> bool| {
        let found = sections.iter().find(|(_, text)| names(text).any(is_named));
        found.map(|(heading, _)| *heading)
    };
    let own: Vec<String> = own.iter().map(|word| word.to_lowercase()).collect();
    named(&|name| own.iter().any(|word| begins_with(name, word)))
        .or_else(|| named(&|name| begins(name, &SURE).is_some()))
        .or_else(|| named(&|name| begins(name, &LIKELY).is_some()))
}

/// Whether a heading is that of a section that mitigates, whatever other sections there are.
pub(crate) fn mitigates(heading: &Heading, own: &[String]) -> bool {
    names(&lower(heading)).any(|name| {
        begins(name, &SURE).is_some()
            || begins(name, &LIKELY).is_some()
            || own.iter().any(|word| begins_with(name, &word.to_lowercase()))
    })
}

/// The headings of what stands below a heading.
fn below<'h>(headings: &'h [Heading], anchor: &str) -> &'h [Heading] {
    let Some(start) = headings.iter().position(|heading| heading.anchor == anchor) else {
        return &[];
    };
    let inside = &headings[start + 1..];
    let end = inside.iter().position(|heading| heading.level <= headings[start].level);
    &inside[..end.unwrap_or(inside.len())]
}

fn lower(heading: &Heading) -> String {
    heading.text.trim().to_lowercase()
}

/// What a heading in lower case may be called by: the whole, and what is left of it without each word that says nothing
/// of its kind. It is called so if it begins with the name: "mitigation", "mitigation:", "resolution steps".
fn names(heading: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(heading), |text| {
        text[begins(text, &BEFORE)?..].strip_prefix(' ').map(str::trim_start)
    })
}

/// Whether a page is called like an alert, however either is spaced and whether it says that it is deprecated: saying both
/// names would say one twice.
pub(crate) fn is_same_name(title: &str, alert: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (title, alert) = (letters(title), letters(alert));
    let without = title.strip_suffix("deprecated").or_else(|| title.strip_prefix("deprecated"));
    title == alert || without.is_some_and(|title| title == alert)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(lines: &[(u8, &str)]) -> Vec<Heading> {
        let heading = |(level, text): &(u8, &str)| Heading {
            level: *level,
            text: (*text).to_owned(),
            number: None,
            anchor: text.to_lowercase().replace(' ', "-"),
            repeated: false,
        };
        lines.iter().map(heading).collect()
    }

    #[track_caller]
    fn check(lines: &[(u8, &str)], own: &[&str], expected: Option<&str>) {
        let own: Vec<String> = own.iter().map(|word| (*word).to_owned()).collect();
        let headings = headings(lines);
        let found = mitigating_section(&headings, None, &own);
        assert_eq!(found.map(|heading| heading.text.as_str()), expected);
    }

    #[test]
    fn the_section_that_mitigates_is_known_by_its_name() {
        check(&[(1, "Disk"), (2, "Meaning"), (2, "Mitigation")], &[], Some("Mitigation"));
        for heading in [
            "Immediate actions",
            "Possible fixes",
            "How to fix it",
            "Recommended first response",
            "Sofortmaßnahmen",
        ] {
            check(&[(2, "Summary"), (2, heading), (2, "Alert history")], &[], Some(heading));
        }
        for heading in ["Diagnostic steps", "Verify the fix", "After recovery", "First", "How to"] {
            check(&[(2, "Summary"), (2, heading)], &[], None);
        }
        check(&[(2, "Steps"), (2, "Resolution:")], &[], Some("Resolution:"));
        check(&[(2, "Diagnosis"), (3, "Steps")], &[], Some("Steps"));
        check(&[(2, "FIX THE NODE")], &[], Some("FIX THE NODE"));
        check(&[(2, "Bedeutung"), (2, "Behebung")], &[], Some("Behebung"));
        check(&[(2, "意味"), (2, "対処方法")], &[], Some("対処方法"));
        check(&[(2, "المعنى"), (2, "الحل")], &[], Some("الحل"));
    }

    #[test]
    fn words_that_only_begin_alike_and_the_title_name_no_section() {
        check(&[(1, "Fix"), (2, "Fixtures"), (2, "Stepsize")], &[], None);
        check(&[(2, "Meaning")], &[], None);
    }

    #[test]
    fn a_sites_own_words_go_first() {
        let lines = [(2, "Mitigation"), (2, "First Aid for operators")];
        check(&lines, &["First aid"], Some("First Aid for operators"));
    }

    #[test]
    fn below_a_heading_only_its_own_sections_count() {
        let headings = headings(&[(2, "A"), (3, "Meaning"), (2, "B"), (3, "Mitigation")]);
        assert_eq!(mitigating_section(&headings, Some("a"), &[]), None);
        let found = mitigating_section(&headings, Some("b"), &[]);
        assert_eq!(found.map(|heading| heading.anchor.as_str()), Some("mitigation"));
    }

    #[test]
    fn a_name_is_the_same_however_it_is_spaced() {
        assert!(is_same_name("Kube API Error Budget-Burn", "KubeAPIErrorBudgetBurn"));
        assert!(!is_same_name("Kube API", "KubeAPIErrorBudgetBurn"));
        assert!(is_same_name("DiskFull [Deprecated]", "DiskFull"));
        assert!(is_same_name("DEPRECATED: DiskFull", "DiskFull"));
        assert!(is_same_name("APIDeprecated", "APIDeprecated"));
        assert!(!is_same_name("Deprecated disks", "DiskFull"));
    }
}
