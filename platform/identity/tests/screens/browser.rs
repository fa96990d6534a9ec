//! A browser in front of a small application: sign-in, drafts, one page and one form.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
    middleware,
    response::Redirect,
    routing::{get, post},
};
use chrono::Duration;
use engawa_identity::{create_account_with, hash_password, layer};
use engawa_kernel::{
    access::Role,
    context::{Ctx, Engine, Via},
    db::sql,
    drafts,
    error::Result,
    form::Posted,
    http::forms,
    id::StaffId,
    testing::Town,
};
use tower::ServiceExt as _;

/// Good enough for every rule.
pub const PASSWORD: &str = "みほんの長いパスワード 42";

pub fn app(engine: &Engine) -> Router {
    let (api, _) = engawa_identity::api().split_for_parts();
    Router::new()
        .route(
            "/today",
            get(|ctx: Ctx| async move { format!("きょう {}", ctx.actor.name) }),
        )
        .route(
            "/notes",
            post(|_: Ctx, _: Posted| async { Redirect::to("/today") }),
        )
        .merge(drafts::routes())
        .merge(engawa_identity::routes())
        .merge(api)
        .layer(middleware::from_fn_with_state(engine.clone(), forms))
        .layer(middleware::from_fn_with_state(engine.clone(), layer))
        .with_state(engine.clone())
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }
    pub fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
    /// What stands between two marks.
    pub fn between(&self, before: &str, after: &str) -> String {
        let rest = self.body.split_once(before).map_or("", |(_, r)| r);
        rest.split_once(after).map_or("", |(r, _)| r).to_owned()
    }
}

/// Keeps its cookie and the form secret of the page last seen.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    pub cookie: Option<String>,
    pub csrf: String,
    pub address: &'static str,
    pub extra: Vec<(&'static str, String)>,
}

impl Browser {
    pub fn new(town: &Town) -> Self {
        Self {
            app: app(&town.engine),
            cookie: None,
            csrf: String::new(),
            address: "192.0.2.1:5000",
            extra: vec![],
        }
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Option<String>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("engawa_session={cookie}"));
        }
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let address: SocketAddr = self.address.parse().unwrap();
        let request = request
            .extension(ConnectInfo(address))
            .body(Body::from(body.unwrap_or_default()))
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax"));
            let value = text
                .trim_start_matches("engawa_session=")
                .split(';')
                .next()
                .unwrap();
            self.cookie = (!value.is_empty()).then(|| value.to_owned());
        }
        let body = to_bytes(body, 10_000_000).await.unwrap();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        };
        let csrf = answer.between("name=\"csrf\" value=\"", "\"");
        if !csrf.is_empty() {
            self.csrf = csrf;
        }
        assert_ne!(
            answer.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{path}: {}",
            answer.body
        );
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// Sends a form as a page of ours would, with its secret.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let csrf = self.csrf.clone();
        fields.push(("csrf", &csrf));
        self.post_bare(path, &fields).await
    }

    /// Sends a form without the secret.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let enc = |t: &str| {
            percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let body: Vec<String> = fields
            .iter()
            .map(|(n, v)| format!("{}={}", enc(n), enc(v)))
            .collect();
        self.send("POST", path, Some(body.join("&"))).await
    }

    pub async fn login(&mut self, login: &str, password: &str) -> Answer {
        self.post_bare("/login", &[("login", login), ("password", password)])
            .await
    }
}

/// 見本 花子, a worker with the account `mihon`, with a password of her own.
pub async fn worker(town: &Town) -> Result<Ctx> {
    account(town, "見本 花子", "mihon", false).await
}

pub async fn account(town: &Town, name: &str, login: &str, must_change: bool) -> Result<Ctx> {
    account_as(town, name, login, must_change, Role::Worker).await
}

pub async fn account_as(
    town: &Town,
    name: &str,
    login: &str,
    must_change: bool,
    role: Role,
) -> Result<Ctx> {
    let ctx = town.staff(name, role, town.desk).await?;
    let mut system = ctx.clone();
    system.via = Via::System;
    let hashed = hash_password(PASSWORD).await?;
    let mut tx = ctx.write().await?;
    create_account_with(
        &mut tx,
        &system,
        ctx.actor.staff,
        login,
        &hashed,
        must_change,
    )
    .await?;
    tx.commit().await?;
    Ok(ctx)
}

/// 架空 管理, an administrator, and a browser that is signed in as `kanri`.
pub async fn administrator(town: &Town) -> Result<(Ctx, Browser)> {
    let ctx = account_as(town, "架空 管理", "kanri", false, Role::Admin).await?;
    let mut browser = Browser::new(town);
    let answer = browser.login("kanri", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser.get("/account").await;
    Ok((ctx, browser))
}

/// A browser that is signed in as `mihon`.
pub async fn signed_in(town: &Town) -> Result<Browser> {
    let mut browser = Browser::new(town);
    let answer = browser.login("mihon", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    Ok(browser)
}

pub fn later(town: &Town, by: Duration) {
    town.engine.clock.set(town.engine.clock.now() + by);
}

pub async fn settings(town: &Town, json: &'static str, training: bool) -> Result<()> {
    let mut tx = town.engine.db.write().await?;
    tx.exec(
        sql("update municipality set settings = :s, training = :t")
            .bind("s", json)
            .bind("t", training),
    )
    .await?;
    tx.commit_unaudited().await
}

/// How many entries of this kind the log has.
pub async fn logged(town: &Town, action: &'static str) -> Result<i64> {
    let mut conn = town.engine.db.read().await?;
    conn.count(sql("select count(*) as n from audit_entry where action = :a").bind("a", action))
        .await
}

pub async fn change_staff(town: &Town, staff: StaffId, q: &'static str) -> Result<()> {
    let mut tx = town.engine.db.write().await?;
    tx.exec(sql(q).bind("staff", staff)).await?;
    tx.commit_unaudited().await
}

/// The code that an app shows now for a secret as the page spells it.
pub fn code_now(town: &Town, spelled: &str) -> String {
    let base32: String = spelled.chars().filter(|c| *c != ' ').collect();
    let secret = totp_rs::Secret::try_from_base32(base32).unwrap();
    let totp = totp_rs::Builder::new()
        .with_secret(secret)
        .with_account_name("x")
        .build()
        .unwrap();
    let seconds = u64::try_from(town.engine.clock.now().timestamp()).unwrap();
    totp.generate(seconds).to_string()
}

/// Enrols a second factor for a signed-in browser: (secret as spelled, recovery codes).
pub async fn enrol(town: &Town, browser: &mut Browser) -> (String, Vec<String>) {
    browser.get("/account/totp").await;
    browser.post("/account/totp", &[("act", "start")]).await;
    let page = browser.get("/account/totp").await;
    let secret = page.between("<code>", "</code>");
    assert!(!secret.is_empty(), "{}", page.body);
    let code = code_now(town, &secret);
    let page = browser
        .post("/account/totp", &[("act", "confirm"), ("code", &code)])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let codes = page
        .body
        .split("<code>")
        .skip(1)
        .filter_map(|part| part.split_once("</code>"))
        .map(|(code, _)| code.to_owned())
        .collect();
    (secret, codes)
}
