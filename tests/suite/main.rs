//! Everything that is tested across modules, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests prepare files and run the program")]
#![expect(clippy::print_stderr, reason = "what does not run says so")]

mod accounting;
mod alert_faults;
mod alert_labels;
mod alerts;
mod alerts_command;
mod cli;
mod closed;
mod commands;
mod copies;
mod costs;
mod determinism;
mod diagnostics;
mod foreign_folders;
mod formats;
mod fuzz;
mod git_environment;
mod golden;
mod handbook;
mod hidden_text;
mod home;
mod hostile;
mod hosting;
mod imports;
mod includes;
mod incremental;
mod init;
mod integrations;
mod mcp;
mod mcp_from;
mod names;
mod owes;
mod parsing;
mod print;
mod procedures;
mod routing;
mod search;
mod secrets;
mod serve;
mod site_toml;
mod skills;
mod support;
mod theme;
mod theme_samples;
mod tidy;
mod unwritten;
mod whole_files;
mod words;

#[cfg(feature = "deploy")]
mod deploy;
