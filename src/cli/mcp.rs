//! `guidepost mcp`: answers agents over standard input and output, a message a line.
//!
//! Looks at the sources before an answer, at most a few times a second, so that answers follow edits. What cannot be
//! read or built any more is answered from what was there before; why is said on standard error, once.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use jiff::civil::Date;

use crate::build::{Cache, Judged, Options, copies, for_programs, judge, search_index};
use crate::files::{Bytes, FilePath};
use crate::load::SiteRoot;
use crate::load::reading::{Reading, read};
use crate::mcp::{BuiltTexts, Library, answer, too_long};
use crate::sources::Sources;

use super::site::{SiteArguments, refuse};

mod from;

/// The longest message that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// For how long what was seen of the disk is taken to hold.
const HOLDS: Duration = Duration::from_millis(250);

/// What can be typed behind `guidepost mcp`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Answer from a site that was published: its folder, or its address.
    #[arg(long, value_name = "URL_OR_DIR", conflicts_with_all = ["site", "content", "drafts"])]
    from: Option<String>,
}

/// Answers until there are no more messages.
pub(crate) fn mcp(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut shelf = match &arguments.from {
        Some(from) => Shelf::Published(Box::new(PublishedSite::open(from, &arguments.site)?)),
        None => Shelf::Sources(Box::new(OpenSources::open(&arguments.site)?)),
    };
    let mut messages = io::stdin().lock();
    let mut answers = io::stdout().lock();
    let mut line = Vec::new();
    while let Some(length) = next_line(&mut messages, &mut line)? {
        let said = if length > LONGEST {
            Some(too_long(LONGEST))
        } else if line.trim_ascii().is_empty() {
            None
        } else {
            shelf.follow();
            answer(shelf.library(), &line)
        };
        if let Some(said) = said {
            answers.write_all(said.as_bytes())?;
            answers.write_all(b"\n")?;
            answers.flush()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a line without its end, and says how long it is; of one that is too long only the length. Nothing at the end.
fn next_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<usize>> {
    line.clear();
    let mut length = 0;
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok((length > 0).then_some(length));
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        length += part.len();
        if length <= LONGEST {
            line.extend_from_slice(part);
        }
        let read = end.map_or(buffer.len(), |end| end + 1);
        from.consume(read);
        if end.is_some() {
            return Ok(Some(length));
        }
    }
}

/// What answers are made of.
enum Shelf<'a> {
    Sources(Box<OpenSources<'a>>),
    Published(Box<PublishedSite<'a>>),
}

impl Shelf<'_> {
    fn library(&self) -> &Library {
        match self {
            Shelf::Sources(open) => &open.library,
            Shelf::Published(published) => &published.library,
        }
    }

    /// Takes in what has changed, if it is time to look.
    fn follow(&mut self) {
        match self {
            Shelf::Sources(open) => open.follow(),
            Shelf::Published(published) => published.follow(),
        }
    }
}

/// A published site, as it was last built.
struct PublishedSite<'a> {
    from: &'a str,
    arguments: &'a SiteArguments,
    library: Library,
    stamp: Option<from::PublishedStamp>,
    today: Date,
    seen: Instant,
    /// What was said last of why the newest state is not used.
    trouble: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "the command line knows the time")]
impl<'a> PublishedSite<'a> {
    fn open(from: &'a str, arguments: &'a SiteArguments) -> anyhow::Result<PublishedSite<'a>> {
        let (stamp, today) = (from::stamp(from).unwrap_or_default(), arguments.today());
        let library = from::library(from, today)?;
        let seen = Instant::now();
        Ok(PublishedSite { from, arguments, library, stamp, today, seen, trouble: None })
    }

    /// Reads the site again once it was built again, and on another day.
    fn follow(&mut self) {
        if self.seen.elapsed() < from::holds(self.from) {
            return;
        }
        let trouble = self.look().err().map(|error| format!("answers are from before: {error:#}"));
        self.seen = Instant::now();
        complain(&mut self.trouble, trouble);
    }

    fn look(&mut self) -> anyhow::Result<()> {
        let (stamp, today) = (from::stamp(self.from)?, self.arguments.today());
        if stamp == self.stamp && today == self.today {
            return Ok(());
        }
        self.library = from::library(self.from, today)?;
        (self.stamp, self.today) = (stamp, today);
        Ok(())
    }
}

/// Says what is wrong, once.
fn complain(said: &mut Option<String>, trouble: Option<String>) {
    if trouble != *said
        && let Some(trouble) = &trouble
    {
        // Who reads no errors is not helped by one more.
        writeln!(io::stderr(), "{trouble}").unwrap_or_default();
    }
    *said = trouble;
}

/// The site, as it was last seen.
struct OpenSources<'a> {
    arguments: &'a SiteArguments,
    root: SiteRoot,
    options: Options,
    reading: Reading,
    cache: Arc<Mutex<Cache>>,
    library: Arc<Library>,
    seen: Instant,
    /// What was said last of why the newest sources are not used.
    trouble: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "the command line knows the time")]
impl<'a> OpenSources<'a> {
    fn open(arguments: &'a SiteArguments) -> anyhow::Result<OpenSources<'a>> {
        let root = arguments.root()?;
        let options = arguments.options(&root, None);
        let reading = read(&root, None)?;
        let cache: Arc<Mutex<Cache>> = Arc::default();
        let judged = judge(&reading.sources, &options, &mut locked(&cache), |_| {})
            .or_else(|findings| refuse(&findings, &reading.sources, "asked"))?;
        let library = library(judged, &reading.sources, &options, &cache);
        let seen = Instant::now();
        Ok(OpenSources { arguments, root, options, reading, cache, library, seen, trouble: None })
    }

    /// Takes in what has changed, if it is time to look.
    fn follow(&mut self) {
        if self.seen.elapsed() < HOLDS {
            return;
        }
        let trouble = self.look().err();
        self.seen = Instant::now();
        complain(&mut self.trouble, trouble);
    }

    fn look(&mut self) -> Result<(), String> {
        let today = self.arguments.today();
        let found = read(&self.root, Some(&self.reading))
            .map_err(|error| format!("answers are from before: {error:#}"))?;
        if self.reading.equals(&found) && today == self.options.today {
            return Ok(());
        }
        self.options.today = today;
        self.reading = found;
        let judged = judge(&self.reading.sources, &self.options, &mut locked(&self.cache), |_| {})
            .map_err(|findings| {
                let said = findings.first().map(|one| one.diagnostic.message.clone());
                format!("answers are from before: {}", said.unwrap_or_default())
            })?;
        self.library = library(judged, &self.reading.sources, &self.options, &self.cache);
        Ok(())
    }
}

/// What questions about a judged site are answered from. The search index is made while the first ones are answered;
/// what is published only once somebody asks for it.
fn library(
    judged: Judged,
    sources: &Sources,
    options: &Options,
    cache: &Arc<Mutex<Cache>>,
) -> Arc<Library> {
    let judged = Arc::new(judged);
    let index = {
        let (judged, cache) = (Arc::clone(&judged), Arc::clone(cache));
        move || search_index(&judged, &mut locked(&cache))
    };
    let made = {
        let (judged, cache) = (Arc::clone(&judged), Arc::clone(cache));
        let sources = sources.clone();
        move || {
            let (copies, files) = (copies(&judged, &sources), sources.files.clone());
            let published = move || {
                let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
                let cache = &mut locked(&cache);
                for_programs(&judged, &sources, cache, file).into_iter().collect()
            };
            BuiltTexts { copies, sources: files, published: LazyLock::new(Box::new(published)) }
        }
    };
    let library = Arc::new(Library::of_judged(judged, index, made, options.today));
    let prepared = Arc::clone(&library);
    thread::spawn(move || prepared.prepare());
    library
}

/// What earlier builds left, which an end in the middle of one does not harm.
fn locked(cache: &Mutex<Cache>) -> MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, next_line};

    #[test]
    fn lines_are_read_one_by_one_and_long_ones_passed_over() {
        let long = "x".repeat(LONGEST + 9);
        let text = format!("one\n\n{long}\ntwo\nlast");
        let (mut from, mut line) = (text.as_bytes(), Vec::new());
        let mut next = || {
            let length = next_line(&mut from, &mut line).expect("a text can be read");
            length.map(|length| (length, line.len()))
        };
        assert_eq!(next(), Some((3, 3)));
        assert_eq!(next(), Some((0, 0)));
        assert!(next().is_some_and(|(length, kept)| length == LONGEST + 9 && kept <= LONGEST));
        assert_eq!(next(), Some((3, 3)));
        assert_eq!(next(), Some((4, 4)));
        assert_eq!(next(), None);
    }
}
