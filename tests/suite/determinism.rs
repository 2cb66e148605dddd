//! The same input gives the same bytes: whatever the number of threads, the order of the directory, and what was
//! built before.

use std::fs;
use std::path::Path;

use guidepost::build::{Build, Cache, Options, build};
use guidepost::load::{SiteRoot, load};
use guidepost::memo::with_threads;
use guidepost::sources::Sources;

use crate::support::{build_folder, build_sources, corpora, options};

/// The repository's own site, and where `GUIDEPOST_CORPORA` is set every folder of real runbooks.
fn sites() -> Vec<(Sources, Options)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = SiteRoot::of_site(own).expect("the repository is a site");
    let adopted =
        corpora().into_iter().map(|folder| SiteRoot::of_content(&folder).expect("it is a folder"));
    let read = |place: SiteRoot| {
        let sources = load(&place).expect("its files can be read");
        (sources, Options { content: place.content, ..options() })
    };
    std::iter::once(own).chain(adopted).map(read).collect()
}

/// Compares two builds file by file, and what they found.
fn check_equal(one: &Build, other: &Build) {
    let changed = one.output.changed(&other.output);
    assert!(changed.is_empty(), "these files differ: {changed:?}");
    assert_eq!(one.findings, other.findings);
}

#[test]
fn neither_threads_nor_earlier_builds_change_a_byte() {
    for (sources, options) in sites() {
        let alone = with_threads(1, || build_sources(&sources, &options));
        let mut cache = Cache::default();
        with_threads(7, || build(&edited(&sources), &options, &mut cache, |_| {}))
            .expect("edited pages do not stop a build");
        let warm = with_threads(7, || build(&sources, &options, &mut cache, |_| {}));
        check_equal(&alone, &warm.expect("the site can be built"));
    }
}

#[test]
fn the_order_of_the_directory_does_not_change_a_byte() {
    let names: Vec<String> =
        (0..40).map(|number| format!("content/{}/page-{number}.md", number % 7)).collect();
    let build_in_order = |names: &mut dyn Iterator<Item = &String>| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for name in names {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("it lies in a folder"))
                .expect("a folder can be made");
            fs::write(&file, format!("# {name}\n\n[next](page-1.md) and [[page-2]]\n"))
                .expect("it can be written");
        }
        build_folder(&folder.path().join("content"))
    };
    check_equal(&build_in_order(&mut names.iter()), &build_in_order(&mut names.iter().rev()));
}

/// The same sources with every third page changed.
fn edited(sources: &Sources) -> Sources {
    let mut edited = sources.clone();
    let pages = sources.files.iter().filter(|(path, _)| path.as_str().ends_with(".md"));
    for (path, bytes) in pages.step_by(3) {
        let text = [&bytes[..], b"\n\n## Added\n\n[gone](gone.md)\n"].concat();
        edited.files.insert(path.clone(), text);
    }
    edited
}
