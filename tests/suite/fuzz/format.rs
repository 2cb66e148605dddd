//! A format, and texts in it with something wrong: what was typed, pasted, merged or cut where it should not be.

use guidepost::files::FilePath;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// What a format's texts are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    /// What it is called.
    pub(super) name: &'static str,
    /// Whole texts that are right.
    pub(super) seeds: &'static [&'static str],
    /// What means something in the format, or did in another.
    pub(super) words: &'static [&'static str],
    /// The file of the site that is replaced.
    pub(super) file: &'static str,
    /// The text around it.
    pub(super) around: (&'static str, &'static str),
    /// What else is in the site: see [`super::site`].
    pub(super) site: &'static str,
    /// Whether every link that leads nowhere is reported: not where addresses may belong to other programs.
    pub(super) is_crawled: bool,
    /// How many of its texts stand in a site beside each other, each as a file of its own, since a site costs more
    /// than a file. One where a site has one of them.
    pub(super) beside: u32,
}

/// The bytes of a file.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) Vec<u8>);

impl Text {
    /// It as a person can paste it.
    pub(super) fn shown(&self) -> String {
        format!("{:?}", String::from_utf8_lossy(&self.0))
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shown())
    }
}

/// One change; places and lengths are drawn before it is known how long the text is.
#[derive(Clone, Debug)]
enum Edit {
    /// A word of the format.
    Word(Index, Index),
    /// A word of the format in the place of one that is there.
    Replace(Index, Index),
    /// A word many times over.
    Many(Index, Index, u8),
    /// A part is gone.
    Delete(Index, Index),
    /// A part stands there twice.
    Double(Index, Index),
    /// Two lines have changed places.
    Swap(Index, Index),
    /// A line is indented by some spaces, or by a tab.
    Indent(Index, u8),
    /// A part of another text.
    Splice(Index, Index, Index, Index),
    /// All line ends are Windows', or old Macs'.
    LineEnds(bool),
    /// The text ends here.
    Cut(Index),
    /// A byte that need not be text.
    Byte(Index, u8),
    /// A mark before the first letter.
    Mark,
}

impl Format {
    /// The file that holds one of its texts of a site.
    pub(super) fn file(&self, number: usize) -> FilePath {
        let (before, extension) = self.file.rsplit_once('.').expect("it has an extension");
        let number = if number == 0 { String::new() } else { number.to_string() };
        FilePath::new(&format!("{before}{number}.{extension}")).expect("a path")
    }

    /// Its texts, each a few changes away from one that is right.
    pub(super) fn texts(&self) -> impl Strategy<Value = Text> + use<> {
        let format = *self;
        let edits = prop_oneof![
            12 => vec(any_edit(), 1..6),
            3 => vec(any_edit(), 6..30),
            1 => Just(Vec::new()),
        ];
        (any::<Index>(), edits).prop_map(move |(seed, edits)| {
            let mut text = seed.get(format.seeds).as_bytes().to_vec();
            for edit in &edits {
                format.change(&mut text, edit);
            }
            let (before, behind) = format.around;
            Text([before.as_bytes(), &text, behind.as_bytes()].concat())
        })
    }

    fn change(&self, text: &mut Vec<u8>, edit: &Edit) {
        let length = text.len() + 1;
        match edit {
            Edit::Word(place, word) => {
                insert(text, place.index(length), word.get::<&str>(self.words));
            }
            Edit::Many(place, word, count) => {
                let many = word.get::<&str>(self.words).repeat(usize::from(*count) + 2);
                insert(text, place.index(length), &many);
            }
            Edit::Replace(place, word) => {
                let at = place.index(length);
                let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                let end = text[at..].iter().position(|byte| !is_inside(byte));
                text.drain(at..end.map_or(text.len(), |end| at + end));
                insert(text, at, word.get::<&str>(self.words));
            }
            Edit::Delete(from, to) => {
                text.drain(part(text, *from, *to));
            }
            Edit::Double(from, to) => {
                let part = part(text, *from, *to);
                let twice = text[part.clone()].to_vec();
                text.splice(part.end..part.end, twice);
            }
            Edit::Swap(first, second) => {
                let mut lines: Vec<Vec<u8>> =
                    text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                if !lines.is_empty() {
                    let (first, second) = (first.index(lines.len()), second.index(lines.len()));
                    lines.swap(first, second);
                }
                *text = lines.concat();
            }
            Edit::Indent(place, count) => {
                let at = place.index(length);
                let start =
                    text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let blanks = if *count % 5 == 4 {
                    "\t".to_owned()
                } else {
                    " ".repeat(usize::from(*count % 9))
                };
                insert(text, start, &blanks);
            }
            Edit::Splice(place, other, from, to) => {
                let other = other.get(self.seeds).as_bytes();
                let taken = other[part(other, *from, *to)].to_vec();
                let at = place.index(length);
                text.splice(at..at, taken);
            }
            Edit::LineEnds(old) => {
                let end: &[u8] = if *old { b"\r" } else { b"\r\n" };
                let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
                *text = lines.join(end);
            }
            Edit::Cut(place) => text.truncate(place.index(length)),
            Edit::Byte(place, byte) => {
                let at = place.index(length);
                text.insert(at, *byte);
            }
            Edit::Mark => insert(text, 0, "\u{feff}"),
        }
    }
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        10 => (place(), place()).prop_map(|(place, word)| Edit::Word(place, word)),
        5 => (place(), place()).prop_map(|(place, word)| Edit::Replace(place, word)),
        1 => (place(), place(), any::<u8>()).prop_map(|(place, word, count)| Edit::Many(place, word, count)),
        4 => (place(), place()).prop_map(|(from, to)| Edit::Delete(from, to)),
        3 => (place(), place()).prop_map(|(from, to)| Edit::Double(from, to)),
        3 => (place(), place()).prop_map(|(first, second)| Edit::Swap(first, second)),
        3 => (place(), any::<u8>()).prop_map(|(place, count)| Edit::Indent(place, count)),
        4 => (place(), place(), place(), place()).prop_map(|(a, b, c, d)| Edit::Splice(a, b, c, d)),
        1 => any::<bool>().prop_map(Edit::LineEnds),
        1 => place().prop_map(Edit::Cut),
        1 => (place(), any::<u8>()).prop_map(|(place, byte)| Edit::Byte(place, byte)),
        1 => Just(Edit::Mark),
    ]
}

fn insert(text: &mut Vec<u8>, at: usize, word: &str) {
    text.splice(at..at, word.bytes());
}

/// A part of a text, mostly a short one.
fn part(text: &[u8], from: Index, length: Index) -> std::ops::Range<usize> {
    let from = from.index(text.len() + 1);
    let most = (text.len() - from).min(if length.index(4) == 0 { usize::MAX } else { 40 });
    from..from + length.index(most + 1)
}
