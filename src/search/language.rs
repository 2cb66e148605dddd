//! What words of a language have in common with their inflections: what is left without its endings.
//!
//! The endings of a site's languages are published with the index, so that a browser finds what is inflected otherwise
//! without a stemmer for each language; a port of this file is in `theme/static/search.js`. English has rules of its own
//! in [`super::analyze::stem`], which hold for every site, since commands and names are English.

use std::collections::BTreeSet;

use serde_json::{Value, json};

const ENDINGS: &str = include_str!("endings.txt");

const LITTLE_WORDS: &str = include_str!("little.txt");

/// The scripts that tell a language, with the first character behind them.
const SCRIPTS: [(&str, &str, &str); 3] =
    [("el", "\u{370}", "\u{400}"), ("ru", "\u{400}", "\u{530}"), ("ar", "\u{600}", "\u{700}")];

/// The fewest characters that have endings, and that are left without them.
const SHORTEST_WORD: usize = 4;
const SHORTEST_STEM: usize = 3;

/// How the words of a language are inflected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SearchLanguage {
    /// What may stand before a word, as articles do in Arabic; the longest first.
    beginnings: Vec<String>,
    /// The longest first.
    endings: Vec<String>,
    /// Pairs of letters that spell one with a mark, which is the first of them: `ue` for `ü`.
    spelled: Vec<String>,
}

/// The language with this code, as in `<html lang>`; nothing for English, and for those that are not known.
pub(super) fn language(code: &str) -> Option<SearchLanguage> {
    let listed = listed(ENDINGS, code)?;
    let mut language = SearchLanguage { beginnings: vec![], endings: vec![], spelled: vec![] };
    for entry in listed.split(' ') {
        if let Some(beginning) = entry.strip_suffix('-') {
            language.beginnings.push(beginning.to_owned());
        } else if let Some(pair) = entry.strip_suffix('=') {
            language.spelled.push(pair.to_owned());
        } else {
            language.endings.push(entry.to_owned());
        }
    }
    language.endings.sort_by_key(|ending| std::cmp::Reverse(ending.chars().count()));
    Some(language)
}

/// What a table with a line for each language has for the one with this code.
fn listed(table: &'static str, code: &str) -> Option<&'static str> {
    let code = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let code = if matches!(code.as_str(), "no" | "nn") { "nb" } else { &code };
    let mut lines = table.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(listed, _)| *listed == code).map(|(_, listed)| listed)
}

/// The codes of the languages of an index: those that its pages name, and those that the script of its terms tells.
pub(super) fn codes<'a>(
    named: impl Iterator<Item = &'a str>,
    mut has_term_between: impl FnMut(&str, &str) -> bool,
) -> BTreeSet<&'a str> {
    let told = SCRIPTS.iter().filter(|(_, from, to)| has_term_between(from, to));
    let told = told.map(|(code, _, _)| *code);
    named.filter(|code| !code.is_empty()).chain(told).collect()
}

/// The languages with these codes, each once.
pub(super) fn languages(codes: &BTreeSet<&str>) -> Vec<SearchLanguage> {
    let mut languages: Vec<SearchLanguage> = Vec::new();
    for language in codes.iter().filter_map(|code| language(code)) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// The words of these languages, and of English, that join others and say little themselves.
pub(super) fn little_words(codes: &BTreeSet<&str>) -> BTreeSet<String> {
    let listed = codes.iter().copied().chain(["en"]).filter_map(|code| listed(LITTLE_WORDS, code));
    listed.flat_map(|listed| listed.split(' ')).map(str::to_owned).collect()
}

impl SearchLanguage {
    /// As [`SearchLanguage::json`] writes it.
    pub(super) fn read([beginnings, endings, spelled]: &[String; 3]) -> SearchLanguage {
        let list = |text: &String| {
            text.split(' ').filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
        };
        SearchLanguage {
            beginnings: list(beginnings),
            endings: list(endings),
            spelled: list(spelled),
        }
    }

    /// What is left of a word; the word itself if it is too short, or has digits.
    pub(super) fn stem(&self, word: &str) -> String {
        if !is_inflected(word) {
            return word.to_owned();
        }
        let spelled = self.without_spelling(word);
        let is_long = |rest: &str| rest.chars().count() >= SHORTEST_STEM;
        let without = |beginning: &String| {
            spelled.strip_prefix(beginning.as_str()).filter(|rest| is_long(rest))
        };
        let rest = self.beginnings.iter().find_map(without).unwrap_or(&spelled);
        let without =
            |ending: &String| rest.strip_suffix(ending.as_str()).filter(|rest| is_long(rest));
        let stem = self.endings.iter().find_map(without).unwrap_or(rest);
        let mut last = stem.chars().rev();
        match (last.next(), last.next()) {
            (Some(last), Some(before)) if last == before => {
                stem[..stem.len() - last.len_utf8()].to_owned()
            }
            _ => stem.to_owned(),
        }
    }

    /// A word with letters of the alphabet's own where they are spelled out: `storung` of `stoerung`.
    pub(super) fn without_spelling(&self, word: &str) -> String {
        let mut found = String::with_capacity(word.len());
        let mut before = ' ';
        let mut rest = word;
        while let Some(letter) = rest.chars().next() {
            found.push(letter);
            // In `neue`, `quelle` and `bauen` the second letter begins a syllable.
            let is_spelled = !matches!(before, 'a' | 'e' | 'q')
                && self.spelled.iter().any(|pair| rest.starts_with(pair.as_str()));
            let length = if is_spelled { 2 } else { letter.len_utf8() };
            before = rest[..length].chars().next_back().unwrap_or(' ');
            rest = &rest[length..];
        }
        found
    }

    /// What all words of a stem begin with, one of these each.
    pub(super) fn beginnings(&self, stem: &str) -> Vec<String> {
        let bare = std::iter::once("").chain(self.beginnings.iter().map(String::as_str));
        bare.map(|beginning| format!("{beginning}{stem}")).collect()
    }

    /// As published.
    pub(super) fn json(&self) -> Value {
        json!([self.beginnings.join(" "), self.endings.join(" "), self.spelled.join(" ")])
    }
}

/// Whether a word may have endings.
pub(super) fn is_inflected(word: &str) -> bool {
    word.chars().count() >= SHORTEST_WORD && !word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::analyze::fold;
    use std::collections::BTreeSet;

    use super::{ENDINGS, LITTLE_WORDS, codes, language, languages, listed, little_words};

    /// That all forms have the same stem.
    fn check(code: &str, forms: &str) {
        let language = language(code).expect("a known language");
        let stems: Vec<String> = forms.split(' ').map(|form| language.stem(&fold(form))).collect();
        assert!(stems.iter().all(|stem| *stem == stems[0]), "{code}: {forms}: {stems:?}");
    }

    #[test]
    fn inflections_share_a_stem_in_every_language() {
        for (code, forms) in [
            ("ar", "الخادم خادم والخادم بالخادم"),
            ("ar", "تنبيه التنبيه تنبيهات التنبيهات"),
            ("cs", "služba služby službu službou službami"),
            ("da", "tjeneste tjenesten tjenester tjenesterne"),
            ("de", "Dienst Dienste Dienstes Diensten"),
            ("de", "Störung Störungen Stoerung Stoerungen"),
            ("de", "prüfen prüft Prüfung Pruefungen"),
            ("de", "Neustart Neustarts neustarten"),
            ("de", "starten startet gestartet"),
            ("de", "Server Servern Servers"),
            ("el", "υπηρεσία υπηρεσίας υπηρεσίες"),
            ("es", "reiniciar reinicia reiniciado reinicio reiniciando"),
            ("es", "servidor servidores"),
            ("es", "conexión conexiones"),
            ("fi", "palvelu palvelun palvelussa palvelut"),
            ("fr", "redémarrer redémarrage redémarrez redémarre"),
            ("fr", "journal journaux"),
            ("fr", "réseau réseaux"),
            ("hu", "szerver szerverek szervert szerveren"),
            ("it", "riavviare riavvio riavvia riavviato"),
            ("it", "errore errori"),
            ("it", "servizio servizi"),
            ("nb", "tjeneste tjenesten tjenester tjenestene"),
            ("nl", "storing storingen storen"),
            ("nl", "stoppen stop stopt"),
            ("pl", "usługa usługi usługę usług usługami"),
            ("pt-BR", "conexão conexões"),
            ("pt", "notificação notificações notificar"),
            ("ro", "serviciul serviciului"),
            ("ru", "очередь очереди очередью очередей"),
            ("ru", "сервис сервиса сервисы сервисов сервисами"),
            ("ru", "ошибка ошибки ошибок ошибке"),
            ("sv", "server servern servers"),
            ("sv", "tjänst tjänster tjänsten tjänsterna tjaenster"),
            ("tr", "sunucu sunucular sunucuda sunucudan"),
            ("uk", "служба служби службу службою"),
        ] {
            check(code, forms);
        }
    }

    #[test]
    fn what_is_left_has_three_letters() {
        let german = language("de").expect("a known language");
        for (word, stem) in
            [("sein", "sei"), ("ein", "ein"), ("en", "en"), ("v1es", "v1es"), ("seen", "se")]
        {
            assert_eq!(german.stem(word), stem);
        }
    }

    #[test]
    fn letters_that_only_meet_are_not_spelled_out() {
        let german = language("de").expect("a known language");
        for word in ["neue", "steuern", "quelle", "bauen", "queue", "frequenz"] {
            assert_eq!(german.without_spelling(word), word);
        }
        assert_eq!(german.without_spelling("ueberlaeufe"), "uberlaufe");
    }

    #[test]
    fn the_script_of_terms_tells_languages_that_nobody_named() {
        let has = |from: &str, _: &str| from == "\u{400}";
        let codes = codes(["en", "de", "de", "tlh"].into_iter(), has);
        assert_eq!(languages(&codes), [language("de"), language("ru")].map(Option::unwrap));
    }

    #[test]
    fn little_words_are_those_of_the_languages_of_a_site_and_of_english() {
        let german = little_words(&BTreeSet::from(["de-AT"]));
        for (word, expected) in
            [("wie", true), ("how", true), ("my", true), ("comment", false), ("go", false)]
        {
            assert_eq!(german.contains(word), expected, "{word}");
        }
    }

    #[test]
    fn every_language_with_endings_has_little_words() {
        for line in ENDINGS.lines().filter(|line| !line.starts_with('#')) {
            let (code, _) = line.split_once(' ').expect("a code and a list");
            assert!(listed(LITTLE_WORDS, code).is_some(), "{code}");
        }
    }

    #[test]
    fn every_ending_and_little_word_is_folded_as_terms_are() {
        for line in
            ENDINGS.lines().chain(LITTLE_WORDS.lines()).filter(|line| !line.starts_with('#'))
        {
            assert_eq!(fold(line), line);
        }
    }
}
