//! The words by which runbooks say what a passage is for, in the languages in which runbooks are written. All in
//! lower case.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, Anchored, Input, StartKind};

/// What a condition begins with.
pub(super) static IF: WordSet = WordSet::new(&[
    "if", "when", "in case", "in the event", "where", "unless", "should", "once", "wenn", "falls",
    "sofern", "sobald", "si", "lorsque", "quand", "en caso de", "cuando", "se", "quando", "caso",
    "qualora", "als", "indien", "wanneer", "如果", "若", "当", "如", "もし", "إذا", "если",
    "jeśli", "om",
]);

/// What stands for all other conditions.
pub(super) static OTHERWISE: WordSet = WordSet::new(&[
    "otherwise",
    "else",
    "if not",
    "sonst",
    "andernfalls",
    "ansonsten",
    "sinon",
    "autrement",
    "de lo contrario",
    "si no",
    "caso contrário",
    "senão",
    "altrimenti",
    "anders",
    "否则",
    "そうでなければ",
    "それ以外",
    "وإلا",
    "иначе",
    "w przeciwnym razie",
    "annars",
]);

/// What leads on: "go to", "see".
pub(super) static GO: WordSet = WordSet::with(
    MOVES,
    &[
        "follow", "see", "repeat", "use", "run", "perform", "do", "siehe", "folge", "voir",
        "suivre", "ver", "seguir", "veja", "vedi", "zie", "参见", "参考", "を参照",
    ],
);

/// What leads on and says nothing else, so that a name behind it is that of a section.
pub(super) static MOVE: WordSet = WordSet::new(MOVES);

const MOVES: &[&str] = &[
    "go to",
    "go back to",
    "goto",
    "jump to",
    "skip to",
    "proceed to",
    "proceed with",
    "continue with",
    "continue at",
    "continue to",
    "continue from",
    "return to",
    "move to",
    "move on to",
    "back to",
    "start at",
    "restart at",
    "resume at",
    "gehe zu",
    "gehen sie zu",
    "weiter mit",
    "weiter bei",
    "weiter zu",
    "zurück zu",
    "aller à",
    "allez à",
    "passer à",
    "passez à",
    "continuer avec",
    "revenir à",
    "ir a",
    "vaya a",
    "vaya al",
    "ve a",
    "continuar con",
    "volver a",
    "ir al",
    "ve al",
    "volver al",
    "ir para",
    "ir ao",
    "vá ao",
    "voltar ao",
    "vai al",
    "tornare al",
    "vá para",
    "voltar para",
    "vai a",
    "andare a",
    "tornare a",
    "ga naar",
    "ga door met",
    "转到",
    "转至",
    "前往",
    "へ進む",
    "انتقل إلى",
    "перейти к",
    "перейдите к",
    "przejdź do",
    "gå till",
];

/// What a step is called where it is named by its number.
pub(super) static STEP: WordSet = WordSet::new(&[
    "step", "schritt", "étape", "paso", "passo", "stap", "步骤", "手順", "الخطوة", "шаг", "шагу",
    "krok", "kroku", "steg",
]);

/// What the first cell of a table of conditions is called.
pub(super) static CONDITION: WordSet = WordSet::new(&[
    "if", "when", "condition", "symptom", "case", "you see", "you observe", "observation",
    "observed", "result", "finding", "situation", "cause", "outcome", "output", "error", "answer",
    "wenn", "bedingung", "symptom", "fall", "beobachtung", "ergebnis", "si", "condition",
    "symptôme", "cas", "síntoma", "condición", "caso", "se", "condição", "sintoma", "condizione",
    "als", "症状", "条件", "情况", "الحالة", "العرض",
]);

/// What a passage begins with that says how to see whether something worked.
pub(super) static VERIFY: WordSet = WordSet::new(&[
    "verify", "verification", "check", "confirm", "ensure", "validate", "validation", "make sure",
    "wait", "watch", "prüfe", "prüfen", "überprüfe", "überprüfen", "überprüfung", "kontrolle",
    "stelle sicher", "vérifier", "vérifiez", "vérification", "contrôler", "verificar", "verifique",
    "verificación", "comprobar", "compruebe", "verificação", "confirme", "verificare", "verifica",
    "controleer", "controleren", "验证", "检查", "确认", "確認", "検証", "تحقق", "проверьте",
    "проверка", "sprawdź", "kontrollera",
]);

/// What a passage says that undoes something.
pub(super) static ROLL_BACK: WordSet = WordSet::new(&[
    "roll back",
    "rollback",
    "rolling back",
    "revert",
    "undo",
    "back out",
    "backout",
    "zurückrollen",
    "rückgängig",
    "zurücksetzen",
    "annuler",
    "revenir en arrière",
    "retour arrière",
    "revertir",
    "deshacer",
    "reverter",
    "desfazer",
    "ripristinare",
    "annullare",
    "terugdraaien",
    "回滚",
    "ロールバック",
    "切り戻し",
    "التراجع",
    "откат",
    "откатить",
    "wycofaj",
    "återställ",
]);

/// What a passage says that tells what to expect.
pub(super) static EXPECT: WordSet = WordSet::new(&[
    "expect", "should", "output", "you will see", "you'll see", "returns", "shows", "looks like",
    "result", "erwarte", "sollte", "ausgabe", "attendu", "devrait", "résultat", "sortie",
    "esperado", "debería", "resultado", "salida", "deve", "saída", "atteso", "dovrebbe",
    "verwacht", "moet", "预期", "应该", "输出", "期待", "出力", "المتوقع",
]);

/// What a warning begins with where nothing else marks it.
pub(super) static WARNING: WordSet = WordSet::new(&[
    "warning", "caution", "danger", "attention", "careful", "beware", "important", "do not",
    "don't", "never", "warnung", "achtung", "vorsicht", "wichtig", "gefahr", "avertissement",
    "prudence", "advertencia", "precaución", "peligro", "aviso", "cuidado", "perigo", "atenção",
    "avvertenza", "attenzione", "pericolo", "waarschuwing", "let op", "警告", "注意", "危险",
    "危険", "تحذير", "внимание", "осторожно", "ostrzeżenie", "uwaga", "varning",
]);

/// Words that mean the same, and what looks for all of them at once.
pub(super) struct WordSet {
    words: &'static [&'static str],
    /// The words of a narrower meaning.
    narrower: &'static [&'static str],
    searcher: OnceLock<AhoCorasick>,
}

impl WordSet {
    pub(super) const fn new(words: &'static [&'static str]) -> WordSet {
        WordSet::with(&[], words)
    }

    const fn with(narrower: &'static [&'static str], words: &'static [&'static str]) -> WordSet {
        WordSet { words, narrower, searcher: OnceLock::new() }
    }

    /// Where words stand in a text that is in lower case, and which, in no order that says anything.
    fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> + 't {
        self.matches(text, Anchored::No).map(|range| (range.start, &text[range]))
    }

    /// The words that a text in lower case begins with. Looks no further than the longest reaches.
    fn beginnings<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t str> + 't {
        self.matches(text, Anchored::Yes).map(|range| &text[range])
    }

    fn matches<'t>(
        &'t self,
        text: &'t str,
        anchored: Anchored,
    ) -> impl Iterator<Item = Range<usize>> + 't {
        let searcher = self.searcher.get_or_init(|| {
            let words = self.words.iter().chain(self.narrower);
            let searcher = AhoCorasick::builder().start_kind(StartKind::Both).build(words);
            searcher.expect("a few short words")
        });
        let mut state = OverlappingState::start();
        std::iter::from_fn(move || {
            let input = Input::new(text).anchored(anchored);
            let advanced = searcher.try_find_overlapping(input, &mut state);
            advanced.expect("every start is built for");
            state.get_match().map(|found| found.range())
        })
    }
}

/// The word of a list that a text begins with: its length in bytes. The text is in lower case.
pub(super) fn begins(text: &str, words: &WordSet) -> Option<usize> {
    words.beginnings(text).filter(|word| begins_with(text, word)).map(str::len).max()
}

/// Whether a text begins with a word as a word; both are in lower case.
pub(super) fn begins_with(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !is_spaced(word) || ends_word(rest))
}

/// Where in a text, which is in lower case, the first word of a list stands that is a word there: place and length.
pub(super) fn find(text: &str, words: &WordSet) -> Option<(usize, usize)> {
    let is_word = |(at, word): &(usize, &str)| {
        !is_spaced(word) || (ends_word(&text[at + word.len()..]) && begins_word(&text[..*at]))
    };
    let found = words.places(text).filter(is_word).map(|(at, word)| (at, word.len()));
    found.min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)))
}

/// Whether a text in lower case holds a word of a list, or one that begins with it.
pub(super) fn holds(text: &str, words: &WordSet) -> bool {
    words.places(text).any(|(at, word)| !is_spaced(word) || begins_word(&text[..at]))
}

/// Whether words of this script have spaces between them.
fn is_spaced(word: &str) -> bool {
    word.chars().next().is_some_and(|letter| letter < '\u{2e80}')
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|letter: char| letter.is_alphanumeric())
}

fn begins_word(before: &str) -> bool {
    !before.ends_with(|letter: char| letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{GO, IF, VERIFY, begins, find, holds};

    #[test]
    fn words_are_found_as_words_and_the_longest_counts() {
        assert_eq!(begins("if it fails", &IF), Some(2));
        assert_eq!(begins("iffy", &IF), None);
        assert_eq!(begins("in case of fire", &IF), Some(7));
        assert_eq!(begins("如果失败", &IF), Some(6));
        assert_eq!(find("then go back to 3", &GO), Some((5, 10)));
        assert_eq!(find("cargo to", &GO), None);
        assert!(holds("then verify it", &VERIFY) && holds("überprüfen", &VERIFY));
        assert!(!holds("recheck", &VERIFY));
    }
}
