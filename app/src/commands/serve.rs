//! `engawa serve`

use engawa_kernel::{
    audit,
    error::{Error, Result},
};
use tokio::net::TcpListener;

use crate::{Place, daily, wiring};

/// Serves until Ctrl-C or SIGTERM; requests under way are finished, then the log is sealed.
///
/// # Errors
/// The data cannot be opened or the address is taken.
pub async fn run(place: &Place, listen: &str) -> Result<()> {
    let engine = wiring::open(place).await?;
    let listener = TcpListener::bind(listen).await.map_err(|e| {
        Error::Invalid(format!(
            "{listen} で待ち受けできません({e})。ほかのアドレスを --listen で指定してください。"
        ))
    })?;
    let address = listener
        .local_addr()
        .map_err(|e| Error::Internal(e.to_string()))?;
    // Scripts and tests wait for this line.
    println!("listening on http://{address}");
    let daily = daily::start(engine.clone());
    let app = wiring::router(engine.clone())
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(stopped())
        .await
        .map_err(|e| Error::Internal(e.to_string()))?;
    daily.abort();
    audit::seal(&engine.db, &engine.signer, engine.clock.now()).await?;
    engine.db.close().await;
    Ok(())
}

async fn stopped() {
    let interrupt = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut term) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = term.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
