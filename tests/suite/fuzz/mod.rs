//! Text of every format that is read, changed as typing, merging and malice change it: nothing panics or grows without
//! bound, every finding lies in its file, `build` can write what `check` judges, and what it writes is HTML that
//! browsers read as it stands there.
//!
//! An ordinary run tries the same cases every time; `GUIDEPOST_CASES=20000` tries as many others of each format.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::cases;

mod format;
mod formats;
mod kinds;
mod programs;
mod site;
mod written;

use format::Format;

/// How many texts of each format an ordinary run tries.
const USUALLY: u32 = 2_000;

/// Tries texts of a format, some in a site beside each other; each site is judged and rendered.
fn check(format: &Format) {
    let mut config = cases(USUALLY);
    config.cases = config.cases.div_ceil(format.beside);
    let mut runner = TestRunner::new(config);
    let texts = vec(format.texts(), 1..2 * format.beside as usize);
    let sites = site::Tried::default();
    let tried = runner.run(&texts, |texts| {
        let faults = sites.faults(format, &texts);
        prop_assert!(faults.is_empty(), "{:#?}\n{:#?}", faults, texts);
        Ok(())
    });
    if let Err(failed) = tried {
        panic!("{}: {failed}", format.name);
    }
}

#[test]
fn any_page_makes_a_whole_site() {
    check(&formats::PAGE);
}

#[test]
fn any_page_in_the_spelling_of_other_tools_makes_a_whole_site() {
    check(&formats::DIALECT);
}

#[test]
fn any_front_matter_makes_a_whole_site() {
    check(&formats::FRONT_MATTER);
}

#[test]
fn any_site_toml_is_refused_at_its_place_or_makes_a_whole_site() {
    check(&formats::SETTINGS);
}

#[test]
fn any_template_of_pages_makes_a_whole_site() {
    check(&formats::TEMPLATE);
}

#[test]
fn any_template_of_the_theme_is_refused_at_its_place_or_makes_a_site() {
    check(&formats::THEME);
}

#[test]
fn any_rule_file_of_prometheus_makes_a_whole_site() {
    check(&formats::PROMETHEUS);
}

#[test]
fn any_cloudformation_template_makes_a_whole_site() {
    check(&formats::CLOUDFORMATION);
}

#[test]
fn any_terraform_module_makes_a_whole_site() {
    check(&formats::TERRAFORM);
}

#[test]
fn any_json_source_makes_a_whole_site() {
    check(&formats::JSON);
}
