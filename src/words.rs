//! The words of the interface: one table a language, read by templates, scripts, style sheets and reports alike.
//!
//! A language that has no table, and a word that a table lacks, fall back to English. A site changes single words in
//! `[strings]`. What people write into pages is never touched, and neither is what the command line says.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use jiff::civil::Date;

use crate::calendar::Interval;
use crate::value::{Entry, Node, toml};

/// The tables that come with Guidepost, by language.
const TABLES: [(&str, &str); 7] = [
    ("en", include_str!("words/en.toml")),
    ("ar", include_str!("words/ar.toml")),
    ("de", include_str!("words/de.toml")),
    ("es", include_str!("words/es.toml")),
    ("fr", include_str!("words/fr.toml")),
    ("ja", include_str!("words/ja.toml")),
    ("pt", include_str!("words/pt.toml")),
];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

/// The plural categories of CLDR.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What running commands loses: by the English sentence, a form for each language.
static LOST: LazyLock<BTreeMap<String, Forms>> =
    LazyLock::new(|| read(include_str!("words/lost.toml")));

/// What a sentence on a loss may end in, with an entry of its own.
const FOR_GOOD: &str = ", cannot be undone";

static READ: LazyLock<BTreeMap<&'static str, BTreeMap<String, Forms>>> =
    LazyLock::new(|| TABLES.iter().map(|(language, text)| (*language, read(text))).collect());

/// The forms of a word: one a plural category, or `other` alone where nothing is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms(pub BTreeMap<String, String>);

impl Forms {
    /// A word that is the same for any number.
    pub fn of(text: &str) -> Forms {
        Forms(BTreeMap::from([("other".to_owned(), text.to_owned())]))
    }

    /// The form of a plural category, and `other` where the word has none of its own.
    fn form(&self, category: &str) -> &str {
        let form = self.0.get(category).or_else(|| self.0.get("other"));
        form.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// The word where nothing is counted.
    pub fn text(&self) -> &str {
        self.form("other")
    }

    /// Whether the word has a form for each plural.
    pub fn is_counted(&self) -> bool {
        self.0.len() > 1
    }

    /// The categories that a word may have a form for.
    pub fn categories() -> &'static [&'static str] {
        &CATEGORIES
    }
}

/// The words of one site.
#[derive(Clone)]
pub struct Words(Arc<WordTable>);

struct WordTable {
    language: String,
    own: BTreeMap<String, Forms>,
    /// The tables that come with Guidepost: of the language, if it has one, and of English.
    shipped: [Option<&'static BTreeMap<String, Forms>>; 2],
    plurals: Option<PluralRules>,
}

impl Words {
    /// The words of a language (`de`, `pt-BR`), some of which a site words itself.
    pub fn new(language: &str, own: BTreeMap<String, Forms>) -> Words {
        let identifier = language.parse().ok().or_else(|| primary(language).parse().ok());
        let plurals = identifier.and_then(|identifier: unic_langid::LanguageIdentifier| {
            let mut bare = unic_langid::LanguageIdentifier::default();
            bare.language = identifier.language;
            PluralRules::create(identifier, PluralRuleType::CARDINAL)
                .or_else(|_| PluralRules::create(bare, PluralRuleType::CARDINAL))
                .ok()
        });
        let shipped = [READ.get(primary(language).to_lowercase().as_str()), READ.get("en")];
        Words(Arc::new(WordTable { language: language.to_owned(), own, shipped, plurals }))
    }

    /// The names of all words.
    pub fn names() -> impl Iterator<Item = &'static str> {
        READ["en"].keys().map(String::as_str)
    }

    /// The languages that have a table.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        TABLES.iter().map(|(language, _)| *language)
    }

    /// `rtl` for languages that are written from right to left, else `ltr`.
    pub fn direction(&self) -> &'static str {
        let is_right = RIGHT_TO_LEFT.contains(&primary(&self.0.language).to_lowercase().as_str());
        if is_right { "rtl" } else { "ltr" }
    }

    /// All forms of a word; nothing where no table has it.
    pub fn forms(&self, name: &str) -> Option<&Forms> {
        let WordTable { own, shipped, .. } = &*self.0;
        own.get(name).or_else(|| shipped.iter().flatten().find_map(|table| table.get(name)))
    }

    /// A word that is not counted; its name where no table has it.
    pub fn get<'w>(&'w self, name: &'w str) -> &'w str {
        self.forms(name).map_or(name, Forms::text)
    }

    /// A word with its `{places}` filled in.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        filled(self.get(name), values)
    }

    /// The form of a word for a number, with `{count}` and its other places filled in.
    pub fn count(&self, name: &str, count: usize, values: &[(&str, &str)]) -> String {
        let number = count.to_string();
        let mut values = values.to_vec();
        values.push(("count", &number));
        filled(self.form(name, count), &values)
    }

    /// The form of a word for a number.
    pub fn form<'w>(&'w self, name: &'w str, count: usize) -> &'w str {
        let plurals = self.0.plurals.as_ref();
        let category = plurals.and_then(|plurals| plurals.select(count).ok());
        self.forms(name)
            .map_or(name, |forms| forms.form(category.as_ref().map_or("other", category_name)))
    }

    /// What running a command loses, of which `english` is what the table of commands says; that itself where the
    /// language has no word for it.
    pub fn lost(&self, english: &str) -> String {
        let language = primary(&self.0.language).to_lowercase();
        let known = |sentence: &str| LOST.get(sentence)?.0.get(&language).map(String::as_str);
        let (sentence, end) = match english.strip_suffix(FOR_GOOD) {
            Some(sentence) => (sentence, FOR_GOOD),
            None => (english, ""),
        };
        match (known(sentence), end) {
            (Some(text), "") => text.to_owned(),
            (Some(text), end) => [text, known(end).unwrap_or(end)].concat(),
            (None, _) => english.to_owned(),
        }
    }

    /// A day as readers see it: "9 February 2026".
    pub fn date(&self, date: Date) -> String {
        self.dated("date", "months", date)
    }

    /// A day where there is little room: "9 Feb 2026".
    pub fn short_date(&self, date: Date) -> String {
        self.dated("date-short", "months-short", date)
    }

    /// A day of this year where there is little room: "9 Feb".
    pub fn day_of_month(&self, date: Date) -> String {
        self.dated("day-of-month", "months-short", date)
    }

    /// A month: "Feb", and with its year in January.
    pub fn month(&self, date: Date) -> String {
        match date.month() {
            1 => self.dated("month-of-year", "months-short", date),
            _ => self.month_name("months-short", date).to_owned(),
        }
    }

    fn dated(&self, pattern: &str, months: &str, date: Date) -> String {
        let day = match date.day() {
            1 => self.get("first-of-month").to_owned(),
            day => day.to_string(),
        };
        let month = self.month_name(months, date);
        self.fill(pattern, &[("day", &day), ("month", month), ("year", &date.year().to_string())])
    }

    fn month_name(&self, months: &str, date: Date) -> &str {
        let names = READ["en"].get(months).map_or("", Forms::text);
        let at = usize::from(date.month().unsigned_abs()) - 1;
        // A site's own list may be short.
        let own = self.forms(months).and_then(|forms| forms.text().split_whitespace().nth(at));
        own.or_else(|| names.split_whitespace().nth(at)).unwrap_or_default()
    }

    /// A length of time: "90 days".
    pub fn interval(&self, interval: Interval) -> String {
        let Interval { months, days } = interval;
        let count = |name, count: i32| self.count(name, count.unsigned_abs() as usize, &[]);
        match (months, days) {
            (0, days) => count("interval-days", days),
            (months, 0) if months % 12 == 0 => count("interval-years", months / 12),
            (months, 0) => count("interval-months", months),
            (months, days) => {
                let (months, days) =
                    (count("interval-months", months), count("interval-days", days));
                self.fill("interval-months-and-days", &[("months", &months), ("days", &days)])
            }
        }
    }
}

impl Default for Words {
    fn default() -> Words {
        Words::new("en", BTreeMap::new())
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Words) -> bool {
        // The rest of the table follows from the language and what the site says of its own.
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.language == other.0.language && self.0.own == other.0.own)
    }
}

impl Eq for Words {}

impl std::fmt::Debug for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Words").field(&self.0.language).field(&self.0.own).finish()
    }
}

/// The text with its `{places}` filled in; a place that has no value stays as it is.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let place = after.split_once('}');
        let value = place.and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, behind))
        });
        if let Some((value, behind)) = value {
            whole.push_str(value);
            rest = behind;
        } else {
            whole.push('{');
            rest = after;
        }
    }
    whole + rest
}

/// The two-letter codes of ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss \
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether a text is a tag of BCP 47 that names a language: by two letters of ISO 639-1, or by three.
pub fn is_language(tag: &str) -> bool {
    let language = primary(tag).to_lowercase();
    let is_known = match language.len() {
        2 => LANGUAGES.split_whitespace().any(|known| known == language),
        3 => language.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    is_known && !tag.contains('_') && tag.parse::<unic_langid::LanguageIdentifier>().is_ok()
}

/// `de` of `de-CH`.
fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

fn category_name(category: &PluralCategory) -> &'static str {
    match category {
        PluralCategory::ZERO => "zero",
        PluralCategory::ONE => "one",
        PluralCategory::TWO => "two",
        PluralCategory::FEW => "few",
        PluralCategory::MANY => "many",
        PluralCategory::OTHER => "other",
    }
}

fn read(text: &str) -> BTreeMap<String, Forms> {
    let table = toml::parse(text, 0).expect("a test holds that every table can be read");
    let form = |entry: &Entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()));
    let counted = |node: &Node| Forms(node.entries().iter().filter_map(form).collect());
    let forms = |node: &Node| node.as_str().map_or_else(|| counted(node), Forms::of);
    table.entries().iter().map(|entry| (entry.key.clone(), forms(&entry.value))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Forms, READ, Words};
    use crate::calendar::{Interval, parse_date};

    fn words(language: &str) -> Words {
        Words::new(language, BTreeMap::new())
    }

    fn places(forms: &Forms) -> BTreeSet<String> {
        let inside = |text: &String| -> Vec<String> {
            let starts = text.split('{').skip(1);
            starts.filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
        };
        forms.0.values().flat_map(inside).filter(|place| place != "count").collect()
    }

    #[test]
    fn every_language_has_every_word_with_the_same_places() {
        let mut wrong = Vec::new();
        for (name, english) in &READ["en"] {
            for language in Words::languages() {
                match READ[language].get(name) {
                    None => wrong.push(format!("{language}: `{name}` is missing")),
                    Some(forms) if places(forms) != places(english) => {
                        wrong.push(format!("{language}: `{name}` has other places"));
                    }
                    Some(forms) if !forms.0.contains_key("other") => {
                        wrong.push(format!("{language}: `{name}` has no form `other`"));
                    }
                    Some(_) => {}
                }
            }
        }
        for language in Words::languages() {
            let foreign = READ[language].keys().filter(|name| !READ["en"].contains_key(*name));
            wrong.extend(foreign.map(|name| format!("{language}: nothing shows `{name}`")));
            let lists = ["months", "months-short"].map(|name| words(language).get(name).to_owned());
            assert!(lists.iter().all(|list| list.split_whitespace().count() == 12), "{language}");
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_loss_of_a_command_is_said_in_every_language() {
        let commands = [
            "echo x > /dev/sda",
            "curl -X DELETE https://example.org/1",
            "mkfs.ext4 /dev/sdb",
            "psql -c 'drop database a'",
            "psql -c 'drop table a'",
            "psql -c 'drop index a'",
            "psql -c 'drop role a'",
            "psql -c 'drop view a'",
            "psql -c 'delete from a'",
            "psql -c 'delete from a where b'",
            "psql -c 'update a set b = 1'",
            "psql -c 'alter table a drop column b'",
            "mysql -e 'reset master'",
            "mysql -e 'purge binary logs'",
            "psql -c 'select pg_drop_replication_slot(1)'",
            "psql -c 'select pg_stat_reset()'",
            "mysql -e 'reset replica all'",
            "mongosh --eval 'db.a.drop()'",
            "mongosh --eval 'db.a.deleteMany({})'",
            "mongosh --eval 'rs.remove(1)'",
            r#"kubectl patch a b -p '{"metadata":{"finalizers":null}}'"#,
            "pg_restore -c a",
        ];
        let judged = commands.map(|command| {
            crate::shell::shell("bash", command).verdict.lost.expect("the command loses something")
        });
        for lost in crate::shell::losses().chain(judged) {
            assert_eq!(words("en").lost(lost), lost);
            for language in Words::languages().filter(|language| *language != "en") {
                let own = words(language).lost(lost);
                assert!(own != lost && !own.contains("undone"), "{language}: {lost}");
            }
        }
        assert_eq!(words("fr").lost("Eats the cake"), "Eats the cake");
    }

    #[test]
    fn numbers_take_the_plural_of_their_language() {
        let check = |language, count, expected| {
            assert_eq!(words(language).count("page-count", count, &[]), expected);
        };
        check("en", 1, "1 page");
        check("en", 0, "0 pages");
        check("de-CH", 1, "1 Seite");
        check("pt-BR", 2, "2 páginas");
        check("fr", 0, "0 page");
        check("ja", 1, "1 ページ");
        check("ar", 2, "صفحتان");
        check("ar", 3, "3 صفحات");
        check("ar", 11, "11 صفحة");
        check("not a language", 2, "2 pages");
    }

    #[test]
    fn days_are_written_as_the_language_writes_them() {
        let check = |language, expected| {
            let day = parse_date("2026-02-09").expect("a day");
            assert_eq!(words(language).date(day), expected);
        };
        check("en", "9 February 2026");
        check("de", "9. Februar 2026");
        check("fr", "9 février 2026");
        check("es", "9 de febrero de 2026");
        check("ja", "2026年2月9日");
        check("ar", "9 فبراير 2026");
        let first = parse_date("2026-01-01").expect("a day");
        assert_eq!(words("fr").date(first), "1er janvier 2026");
        assert_eq!(words("en").month(first), "Jan 2026");
    }

    #[test]
    fn lengths_of_time_are_counted() {
        let check = |language, months, days, expected| {
            assert_eq!(words(language).interval(Interval { months, days }), expected);
        };
        check("en", 0, 90, "90 days");
        check("en", 12, 0, "1 year");
        check("de", 3, 0, "3 Monate");
        check("en", 1, 2, "1 month and 2 days");
    }

    #[test]
    fn a_site_words_some_of_them_itself_and_other_languages_speak_english() {
        let own = BTreeMap::from([("home-headline".to_owned(), Forms::of("Wat is er?"))]);
        let words = Words::new("nl", own);
        assert_eq!(words.get("home-headline"), "Wat is er?");
        assert_eq!(words.get("search"), "Search");
        assert_eq!(words.get("no-such-word"), "no-such-word");
        assert_eq!(words.direction(), "ltr");
        assert_eq!(self::words("ar-EG").direction(), "rtl");
    }

    #[test]
    fn a_value_is_not_filled_in_itself() {
        let text = super::filled("{a} and {b} {c", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(text, "{b} and 2 {c");
    }
}
