//! Texts of many scripts keep what they need, and nothing else is kept.

use proptest::prelude::*;

use super::*;

/// What is found, as code points.
fn found(text: &str) -> Vec<String> {
    hidden(text).iter().map(|run| notation(&run.characters)).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text), expected, "{text:?}");
}

#[test]
fn invisible_characters_are_found_wherever_they_have_no_use() {
    check("ls \u{202e}txt.exe\u{202c}", &["U+202E", "U+202C"]);
    check(
        "a\u{200b}b\u{200c}c\u{200d}d\u{2060}e\u{feff}f\u{ad}g",
        &["U+200B", "U+200C", "U+200D", "U+2060", "U+FEFF", "U+00AD"],
    );
    check("x\u{e0072}\u{e006d}\u{e0020}\u{e002d}y", &["U+E0072 … U+E002D (4)"]);
    check("a\u{1b}[0m\u{7}b\0c\u{85}d", &["U+001B", "U+0007", "U+0000", "U+0085"]);
    check("\u{3164}\u{115f}\u{ffa0}\u{2800}", &["U+3164 … U+2800 (4)"]);
    check("a\u{fe0f}b\u{fe00}c\u{e0100}", &["U+FE0F", "U+FE00", "U+E0100"]);
    check("😀\u{fe0f}\u{fe0e}\u{e0121}", &["U+FE0E U+E0121"]);
    check("a \u{2066}b\u{2069} c", &["U+2066", "U+2069"]);
    check("\u{feff}first\n\u{feff}second", &["U+FEFF"]);
}

#[test]
fn a_flag_spells_a_region_and_nothing_more() {
    check("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 🇩🇪", &[]);
    check("🏴\u{e0067}\u{e0062}\u{e0073}", &["U+E0067 U+E0062 U+E0073"]);
    let long: String = "runcurlevil"
        .bytes()
        .filter_map(|byte| char::from_u32(0xe0000 + u32::from(byte)))
        .collect();
    check(&format!("🏴{long}\u{e007f}"), &["U+E0072 … U+E007F (12)"]);
}

#[test]
fn pictures_made_of_several_are_whole() {
    check("👩‍👩‍👧‍👦 🏳️‍🌈 🧑🏽‍💻 ❤️ ⚠️ ✉️ 1️⃣ #️⃣ ©️ ™️ ↔️ 👁️‍🗨️ ☠︎ ⚠ ️Retention", &[]);
    check("a‍👩", &["U+200D"]);
    check("👩‍a", &["U+200D"]);
}

#[test]
fn texts_of_many_scripts_keep_their_joiners_and_marks() {
    for text in [
        "اگر سرور پاسخ نمی‌دهد، سرویس را دوباره راه‌اندازی کنید. ه‍.ش.",
        "إذا توقفت الخدمة، أعد تشغيلها ثم تحقّق من السجل (API)\u{200f}.",
        "הרץ \u{2066}kubectl get pods\u{2069} ובדוק שהשירות חזר\u{200f} (v2)\u{200f}.",
        "אם השירות אינו עונה, הפעילו אותו מחדש.",
        "यदि सेवा उत्तर नहीं देती, तो उसे फिर से चालू करें: क्‍ष, श्री‌मान्।",
        "সেবা বন্ধ হলে আবার চালু করুন: র‍্যাম, উদ্‌যাপন।",
        "சேவை நின்றால் மீண்டும் தொடங்கவும்: க்‌ஷ.",
        "സേവനം നിലച്ചാൽ വീണ്ടും തുടങ്ങുക: അവന്‍, പെണ്‍കുട്ടി.",
        "ක්‍රියාව නතර වුවහොත් නැවත ආරම්භ කරන්න: ශ්‍රී.",
        "ប្រសិនបើ\u{200b}សេវា\u{200b}មិន\u{200b}ឆ្លើយ សូម\u{200b}ចាប់ផ្ដើម\u{200b}វា\u{200b}ឡើងវិញ។",
        "หากบริการ\u{200b}ไม่ตอบ ให้เริ่มใหม่",
        "ဝန်ဆောင်မှု ရပ်သွားပါက ပြန်စပါ။",
        "サービスが応答しない場合は再起動してください。葛\u{e0100}城市、辻\u{e0101}さん。",
        "如果服务没有响应，请重新启动。\u{3000}确认日志！",
        "서비스가 응답하지 않으면 다시 시작하세요. ᄒᆞᆫ글",
        "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ ᠲᠠᠢ᠎ᠠ",
        "Если служба не отвечает, перезапустите её.",
        "Αν η υπηρεσία δεν απαντά, επανεκκινήστε την.",
        "თუ სერვისი არ პასუხობს, გადატვირთეთ.",
        "Dienst für Größe: 5 µs, naïve Änderung, „Anführung“ – fertig\u{a0}…",
        "Nếu dịch vụ không phản hồi, hãy khởi động lại.",
        "⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙",
    ] {
        check(text, &[]);
    }
}

#[test]
fn marks_of_direction_belong_to_lines_that_are_written_so() {
    check("delete\u{200f} all", &["U+200F"]);
    check("the word שלום\u{200f}, hello", &[]);
    check("שלום \u{202e}evil\u{202c}", &["U+202E", "U+202C"]);
    check("שלום \u{2066}open", &["U+2066"]);
}

#[test]
fn characters_that_are_spelled_are_found_too() {
    let text = "a&#x202e;b&zwnj;c&#39;d&amp;&shy;&#8203;";
    let runs = hidden_spelled(text, |at| reference(&text[at..]));
    let shown: Vec<&str> = runs.iter().map(|run| &text[run.range.clone()]).collect();
    assert_eq!(shown, ["&#x202e;", "&zwnj;", "&shy;&#8203;"]);
    assert_eq!(escape(r"\u202e"), Some((6, '\u{202e}')));
    assert_eq!(escape(r"\U000e0041x"), Some((10, '\u{e0041}')));
    assert_eq!(escape(r"\udb40\udc41"), Some((12, '\u{e0041}')));
    assert_eq!(escape(r"\n"), None);
    assert_eq!(escape(r"\u0041"), None);
    assert_eq!(escape(r"\u202"), None);
}

#[test]
fn a_page_shows_them_in_its_text_and_has_none_in_its_tags() {
    let check = |html: &str, expected: &str| {
        assert_eq!(shown_in_html(html.to_owned()), expected);
    };
    check(
        "<p title=\"a\u{202e}b\">a\u{200b}<b>b</b></p>",
        "<p title=\"ab\">a<span class=\"unseen\">U+200B</span><b>b</b></p>",
    );
    check(
        "<title>a\u{200b}</title>\u{200b}",
        "<title>aU+200B</title><span class=\"unseen\">U+200B</span>",
    );
    check("<svg><text>\u{200b}</text></svg>", "<svg><text>U+200B</text></svg>");
    check("it&#39;s &#x200b;", "it&#39;s <span class=\"unseen\">U+200B</span>");
    check("a&zwj;b", "a<span class=\"unseen\">U+200D</span>b");
    // What belongs together is whole with a tag between.
    check("می‌<b>خواهم</b> ⚠<i>\u{fe0f}</i>", "می‌<b>خواهم</b> ⚠<i>\u{fe0f}</i>");
    check("<h2 id=\"\u{fe0f}-warning\">x</h2>", "<h2 id=\"\u{fe0f}-warning\">x</h2>");
}

#[test]
fn every_format_character_that_shows_nothing_is_invisible() {
    // Characters that enclose or begin a number are seen.
    let seen = [
        '\u{600}'..='\u{605}',
        '\u{6dd}'..='\u{6dd}',
        '\u{70f}'..='\u{70f}',
        '\u{890}'..='\u{891}',
        '\u{8e2}'..='\u{8e2}',
        '\u{110bd}'..='\u{110bd}',
        '\u{110cd}'..='\u{110cd}',
    ];
    for letter in ('\u{a0}'..=char::MAX).filter(|letter| letter.is_control()) {
        assert!(kind::is_invisible(letter), "{letter:?}");
    }
    for letter in ['\u{2061}', '\u{fffa}', '\u{1d175}', '\u{e0001}', '\u{e01ff}'] {
        assert!(kind::is_invisible(letter), "{letter:?}");
    }
    assert!(seen.iter().all(|range| !kind::is_invisible(*range.start())));
}

proptest! {
    #[test]
    fn nothing_is_left_and_what_is_kept_is_in_order(
        text in "([a-z <>&;#]|\u{200b}|\u{200d}|\u{202e}|\u{2066}|\u{2069}|\u{fe0f}|\u{e0041}|\u{1f3f4}|\u{1f469}|می|ש|क्|\n|\u{ad}|&#8203;){0,30}"
    ) {
        let left = removed(&text).into_owned();
        let seen = |text: &str| -> String { text.chars().filter(|letter| !kind::is_invisible(*letter)).collect() };
        prop_assert_eq!(seen(&left), seen(&text));
        let found = hidden(&text);
        let places = KeptPlaces::new(&found);
        for (at, letter) in left.char_indices() {
            prop_assert!(text[places.start(at)..].starts_with(letter));
            let end = places.end(at + letter.len_utf8());
            prop_assert!(text[..end].ends_with(letter));
        }
        prop_assert_eq!(may_hide(&text), text.chars().any(kind::is_invisible));
    }
}
