//! Guidepost compiles a folder of operational runbooks into a cross-linked static site.
//!
//! # The idea
//!
//! A build is a pure function from files to files: [`build::build`] takes [`sources::Sources`] and returns the files
//! of the site, everything that is wrong, and what was learned. Only the edges touch the world.
//!
//! It has two halves. [`build::judge`] learns everything that can be known before a page is written;
//! [`build::publish`] hands on each file as soon as it is ready, so that `guidepost build` need not hold them all.
//!
//! # Steps
//!
//! Each step is a module with one entry function of the same name, from one type to the next.
//!
//! 1. [`load`] reads the disk and asks git: [`sources::Sources`].
//! 2. [`parse`] reads each page alone, in parallel: [`parse::Document`], with a slot in its HTML wherever other pages
//!    matter.
//! 3. [`resolve`] joins all pages: [`resolve::Site`], every address known and every link followed.
//! 4. [`check`] judges them: [`check::Report`], with freshness, conformance, alerts and all findings.
//! 5. [`render`] fills slots and templates: [`files::Files`], a page only if something that it shows has changed.
//!    [`programs`] writes what programs and agents read: Markdown copies whose links lead somewhere.
//! 6. [`search`] indexes the same text with tantivy and exports it to shards that a browser fetches.
//!    [`hosting`] adds what hosts of static sites want to be told, where site.toml names some.
//! 7. [`emit`] stages what changed and moves it into place once the site is whole, or [`serve`] shows it from
//!    memory. [`cli`] is the command line.
//! 8. [`mod@deploy`] publishes a site that was built, to a bucket or a folder.
//!
//! # Invariants
//!
//! - **Nothing fails on content.** Every step returns its value and reports [`diagnostic::Diagnostic`]s beside it; a
//!   bad page is still a page. `Result` is for the world, and for a site.toml or theme that cannot be used at all.
//! - **Each step returns a new type** that wraps the one before; no field is filled in later.
//! - **No clock, disk, environment or network** outside [`load`], [`emit`], [`serve`], [`mod@deploy`] and [`cli`]; today is an
//!   argument.
//! - **One build path.** [`memo`] remembers the last input of each page, compares, and reuses: a warm build gives the
//!   bytes of a cold one. There is no dependency graph and no invalidation. Diagrams, which cost most and change
//!   least, are remembered by their source for as long as the program runs. A build that runs
//!   once is the same build with [`memo::Mode::Once`].
//! - **What others see of a page has its own type.** [`parse::Outline`] and [`resolve::Structure`] hold no prose but
//!   how a page begins, so what is made of them cannot depend on more, and most edits of prose leave it as it is.
//! - **Same input, same bytes**, for any number of threads and any order of the directory.
//!
//! # Why remembering is not left to a crate
//!
//! comemo does the same job by other means: it tracks which methods of its arguments a function calls, and hashes the
//! arguments at each call. Here nearly every input is the very value of the last build, which comparing pointers tells
//! without reading it, and what is remembered ends with the cache that holds it, which comemo's one store for the
//! whole process would have to be told. Pages that depend on little of what they could are what tracking is good at;
//! [`memo::Steps`] serves them.
//!
//! # Floors
//!
//! A module imports only from floors below it, which a test holds:
//!
//! | floor | modules |
//! |---|---|
//! | vocabulary | [`files`], [`calendar`], [`freshness`], [`glob`], [`dialect`], [`hidden`], [`text`], [`token`], [`highlight`], [`shell`], [`diagnostic`], [`value`], [`parameter`], [`words`], [`served`] |
//! | | [`memo`], [`history`], [`sources`] |
//! | inputs | [`config`], [`theme`], [`parse`], [`deep_link`], [`diagram`] |
//! | whole site | [`resolve`] |
//! | | [`procedure`] |
//! | judgement | [`check`] |
//! | outputs | [`render`], [`search`], [`programs`], [`hosting`] |
//! | spine | [`build`] |
//! | answers | [`mcp`] |
//! | shell | [`cli`], [`serve`], [`mod@deploy`] |
//! | edges | [`load`], [`emit`] |
//!
//! Each third-party crate has one home: rayon in [`memo`], the YAML and TOML readers in [`value`], comrak in
//! [`parse`], tera in [`theme`], tantivy in [`search`], clap in [`cli`].

pub mod build;
pub mod calendar;
pub mod check;
pub mod cli;
pub mod config;
pub mod deep_link;
#[cfg(feature = "deploy")]
pub mod deploy;
pub mod diagnostic;
pub mod diagram;
pub mod dialect;
pub mod emit;
pub mod files;
pub mod freshness;
pub mod glob;
pub mod hidden;
pub mod highlight;
pub mod history;
pub mod hosting;
pub mod load;
pub mod mcp;
pub mod memo;
pub mod parameter;
pub mod parse;
pub mod procedure;
pub mod programs;
pub mod render;
pub mod resolve;
pub mod search;
pub mod serve;
pub mod served;
pub mod shell;
pub mod sources;
pub mod text;
pub mod theme;
pub mod token;
pub mod value;
pub mod words;
