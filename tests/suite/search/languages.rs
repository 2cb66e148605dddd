//! Inflected words of many languages, spelled-out letters, and scripts without spaces.

use guidepost::search::{IndexedPage, query};

use super::{TODAY, check_parity, indexed, pages};

/// A page a language, and words that it has in another form.
const PAGES: &[(&str, &str, &[&str])] = &[
    (
        "ru",
        "# Перезапуск\n## Шаги\nОчередь переполнена, сервис не отвечает.\n",
        &["очереди", "сервисы", "переполнен", "шагов"],
    ),
    (
        "de",
        "# Störung der Warteschlange\n## Ablauf\nDienste prüfen, dann die Straße der Datenbanken sperren.\n",
        &[
            "Störungen", "stoerung", "Warteschlangen", "Dienst", "geprüft pruefung", "strasse",
            "Datenbank",
        ],
    ),
    (
        "de-CH",
        "# Pruefung\n## Loesung\nDer Zaehler laeuft ueber.\n",
        &["Prüfungen", "lösungen", "zähler", "läuft"],
    ),
    (
        "fr",
        "# Redémarrage du serveur\n## Étapes\nVérifiez les journaux puis relancez la sauvegarde.\n",
        &["redémarrer", "serveurs", "journal", "sauvegarder"],
    ),
    (
        "es",
        "# Reinicio del servidor\n## Pasos\nRevise las conexiones y los certificados.\n",
        &["reiniciar", "servidores", "conexión", "certificado"],
    ),
    (
        "pt-BR",
        "# Reinício do nó\n## Passos\nVerifique as conexões e as notificações.\n",
        &["conexão", "notificação", "passo"],
    ),
    (
        "it",
        "# Riavvio del servizio\n## Passi\nControllare gli errori della coda.\n",
        &["riavviare", "servizi", "errore", "code"],
    ),
    (
        "nl",
        "# Storing\n## Stappen\nDe servers opnieuw starten en logboeken lezen.\n",
        &["storingen", "server", "logboek"],
    ),
    ("sv", "# Avbrott\n## Steg\nTjänsterna svarar inte, kön är full.\n", &["tjänst", "tjaenst"]),
    (
        "nb",
        "# Avbrudd\n## Steg\nTjenestene svarer ikke, køen er full.\n",
        &["tjeneste", "avbruddene"],
    ),
    (
        "pl",
        "# Awaria usługi\n## Kroki\nSprawdź serwery i kolejki.\n",
        &["usługa", "serwer", "kolejka"],
    ),
    ("ar", "# إعادة تشغيل الخادم\n## خطوات\nالتنبيهات كثيرة والخادم بطيء.\n", &["خادم", "تنبيه"]),
    ("el", "# Επανεκκίνηση υπηρεσίας\n## Βήματα\nΟι υπηρεσίες δεν απαντούν.\n", &["υπηρεσία"]),
    (
        "th",
        "# รีสตาร์ตเซิร์ฟเวอร์\n## ขั้นตอน\nตรวจสอบคิวข้อความแล้วรีสตาร์ตบริการ\n",
        &["คิวข้อความ", "รีสตาร์ต", "บริการ"],
    ),
];

fn page(number: usize, code: &str, text: &str) -> IndexedPage {
    pages::page(&format!("{code}/{number}.md"), &format!("language: {code}\n{text}"))
}

#[test]
fn inflected_and_spelled_out_words_find_their_page_in_every_language() {
    for (number, (code, text, asked)) in PAGES.iter().enumerate() {
        let others = page(99, "en", "# Other\n## More\nRestart the worker and read the log.\n");
        let own = page(number, code, text);
        let index = indexed(&[own.clone(), others]);
        for typed in *asked {
            let answer = query(&index, typed, TODAY, 10);
            let first = answer.hits.first().map(|hit| hit.path.clone());
            assert_eq!(first, Some(own.path.clone()), "{code}: {typed}");
        }
    }
}

#[test]
fn client_and_command_line_agree_in_every_language() {
    let pages: Vec<IndexedPage> = PAGES
        .iter()
        .enumerate()
        .map(|(number, (code, text, _))| page(number, code, text))
        .collect();
    let mut queries: Vec<String> = Vec::new();
    for (_, text, asked) in PAGES {
        queries.extend(asked.iter().map(|typed| format!("{typed} ")));
        queries.extend(text.split_whitespace().map(str::to_owned));
        queries.push(asked.join(" "));
    }
    check_parity(&pages, &queries);
}

/// A page that names no language is told by its script.
#[test]
fn words_in_cyrillic_are_inflected_whatever_language_the_page_names() {
    let page = page(0, "en", PAGES[0].1);
    let answer = query(&indexed(&[page]), "очереди", TODAY, 10);
    assert_eq!(answer.hits.len(), 1);
}

/// What a question is about decides, and alone is marked.
#[test]
fn words_that_join_others_neither_decide_nor_are_marked_in_any_language() {
    for (code, right, wrong, typed, marked) in [
        (
            "en",
            "Certificate",
            "how do I, how do I, how do I",
            "how do I my certificate ",
            "Certificate",
        ),
        (
            "de",
            "Zertifikat",
            "wie kann ich das, wie kann ich das",
            "wie kann ich das Zertifikat ",
            "Zertifikat",
        ),
        (
            "fr",
            "Certificat",
            "comment je peux, comment je peux",
            "comment je peux le certificat ",
            "Certificat",
        ),
        ("ru", "Сертификат", "как мы это, как мы это", "как мы это сертификат ", "Сертификат"),
    ] {
        let pages = [
            page(0, code, &format!("# A\n## B\n{wrong}.\n")),
            page(1, code, &format!("# C\n## D\n{right} here.\n")),
            page(2, code, "# E\n## F\nNothing.\n"),
        ];
        let answer = query(&indexed(&pages), typed, TODAY, 10);
        let first = &answer.hits[0];
        assert_eq!(first.path.as_str(), format!("{code}/1.md"), "{code}");
        assert_eq!(first.excerpt[1], marked, "{code}: {:?}", first.excerpt);
        let marks: Vec<&String> =
            answer.hits.iter().flat_map(|hit| hit.excerpt.iter().skip(1).step_by(2)).collect();
        assert_eq!(marks, [marked], "{code}");
        check_parity(&pages, &[typed.to_owned()]);
    }
}
