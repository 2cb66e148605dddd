//! The `guidepost` command.

use std::process::ExitCode;

/// Builds allocate small values on all processors at once, which the allocators of many systems are slow at, above
/// all the one of static Linux binaries.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guidepost::cli::run()
}
