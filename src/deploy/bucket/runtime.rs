//! What requests run on.

use tokio::runtime::Runtime;

use crate::deploy::store::Fault;

/// What requests run on: one thread that speaks, for many that wait.
///
/// # Errors
/// The system gives no thread.
pub fn runtime() -> Result<Runtime, Fault> {
    // Another part of the program may have chosen already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build();
    runtime.map_err(|error| Fault::lasting(format!("cannot start a thread: {error}")))
}
