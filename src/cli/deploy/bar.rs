//! A line that moves while a deploy runs: what is written, how much of it, how fast. Nothing where nobody looks.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::deploy::outcome::DeployEvent;

use super::super::output::count;
use super::report::phase;

/// The line.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A line, or none.
    pub(super) fn new(is_quiet: bool) -> Bar {
        let bar = if is_quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.enable_steady_tick(Duration::from_millis(100));
        Bar(bar)
    }

    /// Shows what happens.
    pub(super) fn on(&self, event: DeployEvent) {
        match event {
            DeployEvent::Survey => self.spin("looks at the target"),
            DeployEvent::Begin(of, files, bytes) => {
                self.0.set_length(bytes);
                self.0.set_position(0);
                self.0.reset_eta();
                let style = "{spinner} {msg} {bytes}/{total_bytes} {bytes_per_sec}";
                self.0.set_style(style_of(style));
                self.0.set_message(format!("{}: {}", phase(of), count(files, "file")));
            }
            DeployEvent::Wrote(bytes) => self.0.inc(bytes),
            DeployEvent::Purge => self.spin("clears caches"),
            DeployEvent::Remove(number) => self.spin(&format!("removes {}", count(number, "file"))),
        }
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }

    fn spin(&self, message: &str) {
        self.0.set_style(style_of("{spinner} {msg}"));
        self.0.set_message(message.to_owned());
    }
}

fn style_of(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
