//! A second labelled set, in the spellings of other tools, written by somebody who knew a part of the rules. At first 93
//! of its 131 secrets were found and 2 of its 304 harmless texts taken for some; what these had in common was mended. Then
//! a third, of configuration, shells and requests of other tools again: 85 of its 94 secrets were found at first, and none
//! of its 147 harmless texts taken for one. The last holds what a fourth reader, who knew none of the rules, wrote and was
//! not read as meant: 24 of 259 secrets, and what 10 of 475 harmless texts had in common, with what resembles them.
//!
//! A text is a line of its file: `\n` is a line end, `{L40}` forty drawn letters (`H` hexadecimal, `U` upper case, `B`
//! base64, `D` digits), `{P}` a password that somebody chose, `«64:…»` base64 of a text; `·` is left out, so that no
//! scanner takes the file for a place where tokens are used.

use crate::support::{folder, guidepost, text as text_of};

use super::{CHOSEN, Draw, Of, in_text};

/// The sets: secrets, and harmless texts that look alike, with how many of each there are at least.
const SETS: [(&str, &str, [usize; 2]); 3] = [
    (include_str!("others.txt"), include_str!("others-harmless.txt"), [90, 140]),
    (include_str!("third.txt"), include_str!("third-harmless.txt"), [90, 140]),
    (include_str!("fourth.txt"), include_str!("fourth-harmless.txt"), [25, 15]),
];

/// The texts of a file, with everything drawn.
fn texts(file: &str) -> Vec<String> {
    let mut draw = Draw(11);
    let lines = file.lines().enumerate();
    lines.map(|(place, line)| in_base64(&drawn(line, &mut draw, CHOSEN[place % 5]))).collect()
}

fn drawn(line: &str, draw: &mut Draw, chosen: &str) -> String {
    let line = line.replace("\\n", "\n").replace('·', "").replace("{P}", chosen);
    let mut parts = line.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let slot = part.split_once('}').and_then(|(slot, rest)| Some((of(slot)?, rest)));
        match slot {
            Some(((of, length), rest)) => text.push_str(&(draw.text(of, length) + rest)),
            None => text.push_str(&format!("{{{part}")),
        }
    }
    text
}

/// What a slot is filled with.
fn of(slot: &str) -> Option<(Of, usize)> {
    let of = match slot.get(..1)? {
        "L" => Of::Letters,
        "H" => Of::Hex,
        "U" => Of::Upper,
        "B" => Of::Base64,
        "D" => Of::Digits,
        _ => return None,
    };
    Some((of, slot[1..].parse().ok()?))
}

/// A text with everything in base64 that is to be, the innermost first.
fn in_base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let Some(start) = text.rfind("«64:") else { return text.to_owned() };
    let (inner, rest) = text[start + "«64:".len()..].split_once('»').expect("it ends");
    let group = |bytes: &[u8]| {
        let whole = bytes.iter().fold(0_u32, |held, byte| held << 8 | u32::from(*byte));
        let whole = whole << (8 * (3 - bytes.len()));
        let digit = |place: usize| DIGITS[(whole >> (18 - 6 * place) & 63) as usize];
        let digits = (0..4).map(|place| if place <= bytes.len() { digit(place) } else { b'=' });
        digits.map(char::from).collect::<String>()
    };
    let digits: String = inner.as_bytes().chunks(3).map(group).collect();
    in_base64(&format!("{}{digits}{rest}", &text[..start]))
}

#[test]
fn secrets_in_the_spellings_of_other_tools_are_found_and_nothing_that_only_looks_alike() {
    for (secrets, harmless, least) in SETS {
        let (secrets, harmless) = (texts(secrets), texts(harmless));
        assert!(secrets.len() >= least[0] && harmless.len() >= least[1]);
        let missed: Vec<&String> = secrets.iter().filter(|text| in_text(text).is_empty()).collect();
        let mistaken: Vec<(&String, Vec<String>)> = harmless
            .iter()
            .map(|text| (text, in_text(text)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        assert!(missed.is_empty() && mistaken.is_empty(), "{missed:#?} {mistaken:#?}");
    }
}

#[test]
fn the_place_of_a_secret_that_is_written_in_other_letters_is_its_own() {
    let encoded = in_base64("a «64:DB_PASSWORD=Tr0ub4dor3x» b");
    let word = encoded.split(' ').nth(1).expect("the word between");
    assert_eq!(in_text(&encoded), [word]);
    let address = "see https://a.example/?next=%2Fv1%3Fpassword%3DTr0ub4dor3x%26b here";
    assert_eq!(in_text(address), ["Tr0ub4dor3x"]);
    let table = "| Name | Password | Note |\n|---|---|---|\n| a | `Tr0ub4dor3x` | k9Fish-Tank |\n\n| Name | Note |\n|---|---|\n| a | k9Fish-Tank |\n";
    assert_eq!(in_text(table), ["Tr0ub4dor3x"]);
}

#[test]
fn excerpts_mask_what_stands_for_a_secret_too() {
    let secret = in_base64("«64:postgres://app:Tr0ub4dor3x@db.internal/orders»");
    let fixture = format!(
        "-- site.toml --\ntitle = \"A\"\n-- content/a.md --\n# A\n\nurl: {secret} [x](gone.md)\n"
    );
    let checked = text_of(&guidepost(folder(&fixture).path(), &["check"]));
    assert!(checked.contains("broken-link") && checked.contains("secret-in-page"), "{checked}");
    assert!(!checked.contains(&secret[4..]), "{checked}");
}
