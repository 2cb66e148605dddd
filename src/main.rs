//! The `guidepost` command.

use std::process::ExitCode;

/// Builds allocate small values on all processors at once, which the allocators of many systems are slow at, above
/// all the one of static Linux binaries. Huge pages are not asked for: where a virtual machine has given its free
/// memory back to its host, the first use of one costs more than a short run can win by it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guidepost::cli::run()
}
