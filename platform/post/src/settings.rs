//! What `engawa serve` is told, checked before it starts. Sentences never repeat what was typed into
//! the address of the mail server: it may hold a password.

use engawa_kernel::error::{Error, Result};
use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig, extension::ClientId},
};
use url::{Host, Url};

/// Seconds that a mail server has for each answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

const SHAPE: &str = "smtp://利用者:パスワード@ホスト:587?tls=required か smtps://利用者:パスワード@ホスト:465 の形で指定してください(利用者とパスワードがいらないサーバーなら省けます。パスワードの記号は %40 のように書きます)。";

fn invalid(what: &str) -> Error {
    Error::Invalid(format!(
        "メールサーバーの指定(--smtp か ENGAWA_SMTP){what} {SHAPE}"
    ))
}

/// The way to the mail server.
pub(crate) fn transport(url: &str, from: &Mailbox) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let parsed = Url::parse(url.trim()).map_err(|_| invalid("を読み取れません。"))?;
    let host = parsed
        .host()
        .ok_or_else(|| invalid("にホスト名がありません。"))?;
    // For `smtp:` the library takes any word as a name.
    let name = host.to_string();
    let near = match &host {
        Host::Domain(d) => d
            .parse::<std::net::IpAddr>()
            .map_or(*d == "localhost", |ip| ip.is_loopback()),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    if name.is_empty() {
        return Err(invalid("にホスト名がありません。"));
    }
    if !parsed.username().is_empty() && parsed.password().is_none() {
        return Err(invalid("に利用者名だけがあり、パスワードがありません。"));
    }
    let sealed = parsed.scheme() == "smtps"
        || parsed
            .query_pairs()
            .any(|(k, v)| k == "tls" && v == "required");
    if parsed.password().is_some() && !sealed && !near {
        return Err(invalid(
            "では、パスワードが暗号化されずに流れます。tls=required を付けるか、smtps にしてください。",
        ));
    }
    let builder: AsyncSmtpTransportBuilder =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.trim())
            .map_err(|_| invalid("が正しくありません。"))?;
    let builder = if parsed.path().len() > 1 {
        builder
    } else {
        // The name of the machine says nothing outside; the sender's domain is one that exists.
        builder.hello_name(ClientId::Domain(from.email.domain().to_owned()))
    };
    Ok(builder
        .timeout(Some(PATIENCE))
        .pool_config(PoolConfig::new().max_size(1))
        .build())
}

/// The sender: an address, or 「名前 <住所>」.
pub(crate) fn sender(from: &str) -> Result<Mailbox> {
    let mut from: Mailbox = from.trim().parse().map_err(|_| {
        Error::Invalid(format!(
            "差出人(--mail-from か ENGAWA_MAIL_FROM)の「{from}」は、メールアドレスの形ではありません。engawa@example.lg.jp のように指定してください。"
        ))
    })?;
    from.name.get_or_insert_with(|| "縁側".to_owned());
    Ok(from)
}

/// The address at which people open Engawa, without a slash at the end: for links in mails and the
/// QR codes of reply slips.
///
/// # Errors
/// [`Error::Invalid`] when it is not an address of a web page.
pub fn public_url(typed: &str) -> Result<String> {
    let wrong = || {
        Error::Invalid(format!(
            "縁側を開くアドレス(--public-url か ENGAWA_PUBLIC_URL)の「{typed}」が正しくありません。https://engawa.example.lg.jp のように、? や # より前までを指定してください。"
        ))
    };
    let url = Url::parse(typed.trim()).map_err(|_| wrong())?;
    let web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if web && plain {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_engawa() {
        assert_eq!(
            public_url(" https://engawa.example.lg.jp/ ").unwrap(),
            "https://engawa.example.lg.jp"
        );
        assert_eq!(
            public_url("http://10.0.0.5:8080/engawa/").unwrap(),
            "http://10.0.0.5:8080/engawa"
        );
        for wrong in [
            "",
            "engawa.example.lg.jp",
            "ftp://engawa.example.lg.jp",
            "https://",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "https://u:p@a.example",
            "javascript:alert(1)",
        ] {
            let said = public_url(wrong).unwrap_err().to_string();
            assert!(said.contains("--public-url"), "{wrong}: {said}");
        }
    }

    #[tokio::test]
    async fn a_wrong_mail_server_is_refused_without_repeating_its_password() {
        let from = sender("engawa@example.lg.jp").unwrap();
        for right in [
            "smtp://mail.example.lg.jp:25",
            "smtp://u:p%40ss@mail.example.lg.jp:587?tls=required",
            "smtps://u:himitsu@mail.example.lg.jp",
            "smtp://u:himitsu@127.0.0.1:2525",
            "smtp://u:himitsu@localhost",
        ] {
            assert!(transport(right, &from).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "mail.example.lg.jp",
            "smtp://",
            "http://u:himitsu@mail.example.lg.jp",
            "smtp://u:himitsu@mail.example.lg.jp:99999",
            "smtp://u:himitsu@mail.example.lg.jp?tls=maybe",
            "smtp://mail.example.lg.jp?tls=maybe",
            // In the clear, or in the clear when somebody between wants it so.
            "smtp://u:himitsu@mail.example.lg.jp",
            "smtp://u:himitsu@mail.example.lg.jp?tls=opportunistic",
            // A user without a password would be left out in silence.
            "smtp://himitsu@mail.example.lg.jp?tls=required",
        ] {
            let said = transport(wrong, &from).err().map(|e| e.to_string());
            let said = said.unwrap_or_else(|| panic!("{wrong} was taken"));
            assert!(
                said.contains("--smtp") && !said.contains("himitsu"),
                "{said}"
            );
        }
    }

    #[test]
    fn the_sender() {
        let from = sender("engawa@example.lg.jp").unwrap();
        assert_eq!(from.name.as_deref(), Some("縁側"));
        let from = sender("福祉総務課 <fukushi@example.lg.jp>").unwrap();
        assert_eq!(from.name.as_deref(), Some("福祉総務課"));
        for wrong in [
            "",
            "engawa",
            "a@b@c",
            "engawa@example.lg.jp\r\nBcc: x@example.com",
        ] {
            assert!(sender(wrong).is_err(), "{wrong}");
        }
    }
}
