//! W6: from the start of the program to the first page, and what it then keeps in memory.

use std::path::Path;

use crate::{Result, report::Run, server::Server, stats::Times};

/// Starts measured.
const STARTS: usize = 10;

/// Starts and stops the server a few times.
pub fn run(engawa: &Path, folder: &Path, run: &mut Run) -> Result<()> {
    let mut times = Vec::new();
    let mut resident = 0.0_f64;
    for _ in 0..STARTS {
        let server = Server::start(engawa, folder)?;
        server.client().page("/login")?;
        times.push(server.age());
        resident = resident.max(server.resident().unwrap_or(0.0));
    }
    run.times
        .insert("W6 start to first page".into(), Times::of(times));
    run.figures
        .insert("W6 resident at start (MB)".into(), resident);
    Ok(())
}
