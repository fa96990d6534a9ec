//! `engawa serve`

use clap::Args;
use engawa_kernel::{
    audit,
    error::{Error, Result},
    search,
};
use engawa_post::Mailer;
use tokio::net::TcpListener;

use crate::{Place, daily, wiring};

/// What Engawa is told of the world outside.
#[derive(Args)]
pub struct Outside {
    /// お知らせのメールを送るサーバー smtp://利用者:パスワード@ホスト:587?tls=required
    /// (パスワードがほかの利用者に見えないように、環境変数で渡してください)
    #[arg(long, env = "ENGAWA_SMTP", hide_env_values = true)]
    smtp: Option<String>,
    /// お知らせのメールの差出人 engawa@example.lg.jp
    #[arg(long, env = "ENGAWA_MAIL_FROM")]
    mail_from: Option<String>,
    /// 職員が縁側を開くアドレス https://engawa.example.lg.jp
    #[arg(long, env = "ENGAWA_PUBLIC_URL")]
    public_url: Option<String>,
}

impl Outside {
    /// An empty value (`ENGAWA_SMTP=`) is none.
    fn mailer(&self) -> Result<Option<Mailer>> {
        let said = |value: &Option<String>| value.clone().filter(|v| !v.trim().is_empty());
        match (said(&self.smtp), said(&self.mail_from)) {
            (None, _) => Ok(None),
            (Some(smtp), Some(from)) => Mailer::new(&smtp, &from).map(Some),
            (Some(_), None) => Err(Error::Invalid(
                "メールサーバー(--smtp か ENGAWA_SMTP)が指定されていますが、差出人がありません。差出人のアドレスを --mail-from か ENGAWA_MAIL_FROM で指定してください。".into(),
            )),
        }
    }

    fn public_url(&self) -> Result<Option<String>> {
        let typed = self.public_url.as_deref().filter(|u| !u.trim().is_empty());
        typed.map(engawa_post::public_url).transpose()
    }
}

/// Serves until Ctrl-C or SIGTERM; requests under way are finished, then the log is sealed.
///
/// # Errors
/// The data cannot be opened, the address is taken, or what was said of the world outside is wrong.
pub async fn run(place: &Place, listen: &str, outside: &Outside) -> Result<()> {
    let (mailer, public_url) = (outside.mailer()?, outside.public_url()?);
    let mail_from = mailer.as_ref().map(Mailer::from);
    let engine = wiring::open_for(place, public_url, mail_from).await?;
    // After a new version that may be every text; searching meanwhile would be slow.
    search::turn_all(&engine.db).await?;
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
    let daily = daily::start(&engine, mailer);
    let app = wiring::router(engine.clone())
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(stopped())
        .await
        .map_err(|e| Error::Internal(e.to_string()))?;
    daily.stop().await;
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
