//! What the connection tells: where a request comes from, whether it is encrypted, which browser.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use engawa_kernel::error::{Error, Result};

/// The cookie of a session.
pub const COOKIE: &str = "engawa_session";

/// How this server is reached; the application puts it into every request as an extension
/// (`axum::Extension(Edge { .. })`). Without it: plain, and no proxy but one on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Edge {
    /// Browsers come by https (a proxy in front decrypts): cookies are `Secure`.
    pub https: bool,
    /// The proxy on another machine may be believed about the sender's address.
    pub trust_forwarded: bool,
}

/// Facts about one request.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// The sender's address as far as it can be known.
    pub source: Option<String>,
    /// Set cookies with `Secure`.
    pub secure: bool,
    /// Browser and system in a few words.
    pub agent: String,
    /// The session's cookie.
    pub cookie: Option<String>,
    /// The form was sent from a page of this server.
    pub from_our_page: bool,
}

impl Visit {
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions) -> Self {
        let edge = extensions.get::<Edge>().copied().unwrap_or_default();
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(a)| a.ip());
        let forwarded = text(headers, "x-forwarded-proto").is_some_and(|p| p == "https");
        Self {
            source: source(headers, peer, edge.trust_forwarded),
            secure: edge.https || forwarded,
            agent: agent(text(headers, "user-agent").unwrap_or_default()),
            cookie: CookieJar::from_headers(headers)
                .get(COOKIE)
                .map(|c| c.value().to_owned()),
            from_our_page: from_our_page(headers),
        }
    }

    /// The header that gives the browser its session.
    pub(crate) fn give(&self, cookie: &str) -> Result<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!(
            "{COOKIE}={cookie}; HttpOnly; SameSite=Lax; Path=/{secure}"
        ))
        .map_err(|e| Error::Internal(e.to_string()))
    }

    /// The header that takes it back.
    pub(crate) fn take(&self) -> HeaderValue {
        if self.secure {
            HeaderValue::from_static(
                "engawa_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure",
            )
        } else {
            HeaderValue::from_static("engawa_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0")
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers, &parts.extensions))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Option<&'h str> {
    headers
        .get(HeaderName::from_static(name))
        .and_then(|v| v.to_str().ok())
}

/// The last address that the nearest proxy wrote, when it may be believed; else the peer's.
fn source(headers: &HeaderMap, peer: Option<IpAddr>, trust: bool) -> Option<String> {
    let believed = trust || peer.is_some_and(|ip| ip.to_canonical().is_loopback());
    let told = believed
        .then(|| text(headers, "x-forwarded-for"))
        .flatten()
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok());
    told.or(peer).map(|ip| match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        // A household's or office's network has 2^64 addresses: count them as one.
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    })
}

/// Before there is a session there is no form secret; the browser itself says whose page it was.
fn from_our_page(headers: &HeaderMap) -> bool {
    if let Some(site) = text(headers, "sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(headers, "origin") {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == headers.get(header::HOST).and_then(|h| h.to_str().ok())
        }
    }
}

/// 「Chrome(Windows)」: enough for a person to know the device again, too little to follow one.
fn agent(full: &str) -> String {
    let first = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(mark, _)| full.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b}({s})"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "不明な端末".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn a_sender_cannot_make_up_an_address() {
        let told = headers(&[("x-forwarded-for", "198.51.100.9, 192.0.2.7")]);
        let peer: IpAddr = "203.0.113.5".parse().unwrap();
        let here: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
        let six: IpAddr = "2001:db8:1:2:3:4:5:6".parse().unwrap();
        assert_eq!(
            source(&told, Some(peer), false).as_deref(),
            Some("203.0.113.5")
        );
        assert_eq!(
            source(&told, Some(here), false).as_deref(),
            Some("192.0.2.7")
        );
        assert_eq!(
            source(&told, Some(peer), true).as_deref(),
            Some("192.0.2.7")
        );
        assert_eq!(
            source(&told, Some(six), false).as_deref(),
            Some("2001:db8:1:2::/64")
        );
        assert_eq!(source(&headers(&[]), None, true), None);
    }

    #[test]
    fn cookies_are_secure_behind_https() {
        let visit = |h: HeaderMap| Visit::of(&h, &Extensions::new());
        let plain = visit(headers(&[]));
        let tls = visit(headers(&[("x-forwarded-proto", "https")]));
        assert_eq!(
            plain.give("abc").unwrap(),
            "engawa_session=abc; HttpOnly; SameSite=Lax; Path=/"
        );
        assert!(
            tls.give("abc")
                .unwrap()
                .to_str()
                .unwrap()
                .ends_with("; Secure")
        );
        assert!(tls.take().to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn forms_of_other_sites_are_known() {
        assert!(from_our_page(&headers(&[(
            "sec-fetch-site",
            "same-origin"
        )])));
        assert!(!from_our_page(&headers(&[(
            "sec-fetch-site",
            "cross-site"
        )])));
        assert!(from_our_page(&headers(&[
            ("origin", "http://a:1"),
            ("host", "a:1")
        ])));
        assert!(!from_our_page(&headers(&[
            ("origin", "http://b"),
            ("host", "a")
        ])));
        assert!(!from_our_page(&headers(&[
            ("origin", "null"),
            ("host", "a")
        ])));
        assert!(from_our_page(&headers(&[])));
    }

    #[test]
    fn devices_are_named_shortly() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130";
        assert_eq!(agent(edge), "Edge(Windows)");
        assert_eq!(agent(""), "不明な端末");
    }
}
