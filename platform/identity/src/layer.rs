//! In front of every request: who sends it? Puts the [`Ctx`] into the request, or leads to the page
//! that is missing: login, code, unlock, a password of one's own, enrolment.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use chrono::Duration;
use engawa_kernel::{
    context::{Ctx, Engine, Via},
    drafts,
    error::{ApiError, Error, Result},
    form::Posted,
    http::FORM_LIMIT,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq as _;

use crate::{
    edge::Visit,
    model::{Account, Ended, Gate, Session},
    people, rules, secret, signin,
    store::{place, session, token},
};

/// The session and account behind a browser's request; the screens of this crate take it. API
/// tokens have none, so a token cannot change passwords or make tokens.
#[derive(Debug, Clone)]
pub(crate) struct Here {
    pub session: Session,
    pub account: Account,
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        if let Some(here) = parts.extensions.get::<Self>() {
            return Ok(here.clone());
        }
        if parts.extensions.get::<Ctx>().is_some() {
            return Err(Error::Forbidden(
                "この操作は、ブラウザでログインして行ってください。".into(),
            ));
        }
        Err(Error::LoginNeeded(parts.uri.to_string()))
    }
}

/// Who sends a request.
enum Who {
    /// No cookie and no token, or ones that nobody has.
    Nobody,
    /// An API token that is not good (any more).
    BadToken,
    /// A session that is over.
    Ended(Ended, Option<Box<(Ctx, Session)>>),
    /// Somebody who is let in.
    Token(Box<Ctx>),
    /// A browser, perhaps in front of a gate.
    Browser(Box<(Ctx, Here, Gate)>),
}

/// The middleware: `axum::middleware::from_fn_with_state(engine, engawa_identity::layer)`. It goes
/// around `kernel::http::forms`, which needs the [`Ctx`] for the form's secret.
pub async fn layer(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // Signing in starts from nothing, whatever cookie the browser still has.
    if path == "/login" || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let visit = Visit::of(request.headers(), request.extensions());
    let api = path.starts_with("/api/");
    let who = match identify(&engine, &visit, request.headers(), &path).await {
        Ok(who) => who,
        Err(e) if api => return ApiError(e).into_response(),
        Err(e) => return e.into_response(),
    };
    match who {
        Who::Nobody => next.run(request).await,
        Who::BadToken => bad_token(),
        Who::Token(ctx) => {
            request.extensions_mut().insert(*ctx);
            next.run(request).await
        }
        Who::Ended(why, found) => {
            if api {
                return api_refusal(StatusCode::UNAUTHORIZED, why.sentence());
            }
            let back = back_to(&request);
            if let Some((ctx, session)) = found.map(|f| *f) {
                keep_typed(&ctx, &session, request).await;
            }
            let mut response =
                Redirect::to(&format!("/login?why={}{back}", why.as_code())).into_response();
            response
                .headers_mut()
                .append(header::SET_COOKIE, visit.take());
            response
        }
        Who::Browser(found) => {
            let (ctx, here, gate) = *found;
            if !rules::passes(gate, request.method().as_str(), &path) {
                if api {
                    return api_refusal(StatusCode::FORBIDDEN, gate.sentence());
                }
                let back = back_to(&request).replacen('&', "?", 1);
                // Not yet known by the code: nothing is written in this person's name.
                if gate != Gate::Code {
                    keep_typed(&ctx, &here.session, request).await;
                }
                return Redirect::to(&format!("{}{back}", gate.path())).into_response();
            }
            request.extensions_mut().insert(ctx);
            request.extensions_mut().insert(here);
            next.run(request).await
        }
    }
}

async fn identify(engine: &Engine, visit: &Visit, headers: &HeaderMap, path: &str) -> Result<Who> {
    if let Some(given) = bearer(headers) {
        return by_token(engine, given, path).await;
    }
    let Some(cookie) = &visit.cookie else {
        return Ok(Who::Nobody);
    };
    let mut conn = engine.db.read().await?;
    let Some((session, sender)) = place::by_cookie(&mut conn, secret::digest(cookie)).await? else {
        return Ok(Who::Nobody);
    };
    let via = Via::Session {
        id: session.id,
        csrf: session.csrf.clone(),
    };
    let ctx = people::ctx_of(&mut conn, engine, &sender, via, path).await?;
    drop(conn);
    let barred = people::barred(&sender, &ctx, ctx.today());
    if let Some(why) = barred {
        if !session.revoked {
            signin::end(&ctx, &session, why).await?;
        }
        return Ok(Who::Ended(why, None));
    }
    let now = ctx.now();
    if let Some(why) = rules::ended(&session, ctx.settings.session_minutes, now) {
        // Also of a session that was ended from elsewhere: what was typed there is its owner's text,
        // and only its owner can read the draft.
        return Ok(Who::Ended(why, Some(Box::new((ctx, session)))));
    }
    let gate = rules::gate(&session, &sender.account);
    if gate != Gate::Unlock && now >= session.seen + Duration::minutes(1) {
        let mut tx = ctx.write().await?;
        session::seen(&mut tx, session.id, now).await?;
        tx.commit_unaudited().await?;
    }
    let here = Here {
        session,
        account: sender.account,
    };
    Ok(Who::Browser(Box::new((ctx, here, gate))))
}

/// `Authorization: Bearer …`
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn by_token(engine: &Engine, given: &str, path: &str) -> Result<Who> {
    let now = engine.clock.now();
    let mut conn = engine.db.read().await?;
    let Some((id, used, sender)) = place::by_token(&mut conn, secret::digest(given), now).await?
    else {
        return Ok(Who::BadToken);
    };
    let ctx = people::ctx_of(&mut conn, engine, &sender, Via::Token, path).await?;
    drop(conn);
    if people::barred(&sender, &ctx, ctx.today()).is_some() {
        return Ok(Who::BadToken);
    }
    if used.is_none_or(|used| now >= used + Duration::minutes(1)) {
        let mut tx = ctx.write().await?;
        token::used(&mut tx, id, now).await?;
        tx.commit_unaudited().await?;
    }
    Ok(Who::Token(Box::new(ctx)))
}

fn api_refusal(code: StatusCode, what: &str) -> Response {
    let body = serde_json::json!({ "error": what, "next": "ログインの状態を確かめて、もう一度試してください。" });
    (code, axum::Json(body)).into_response()
}

fn bad_token() -> Response {
    let mut response = api_refusal(
        StatusCode::UNAUTHORIZED,
        "このAPIトークンは使えません。取り消されたか、期限が切れています。",
    );
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        header::HeaderValue::from_static("Bearer"),
    );
    response
}

/// `&next=…`: the page asked for, or for a sent form the page that it was on.
fn back_to(request: &Request) -> String {
    let referer = || {
        let text = request.headers().get(header::REFERER)?.to_str().ok()?;
        let uri: axum::http::Uri = text.parse().ok()?;
        uri.path_and_query().map(|p| p.as_str().to_owned())
    };
    let asked = if matches!(*request.method(), Method::GET | Method::HEAD) {
        request
            .uri()
            .path_and_query()
            .map(|p| p.as_str().to_owned())
    } else {
        referer()
    };
    match rules::safe_next(asked.as_deref()) {
        "/" => String::new(),
        next => format!("&next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)),
    }
}

/// A form that arrives at a closed gate stays as a draft of the person who typed it, if it came from
/// one of that session's own pages.
async fn keep_typed(ctx: &Ctx, session: &Session, request: Request) {
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| {
            t.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    if request.method() != Method::POST || !form {
        return;
    }
    let Ok(bytes) = to_bytes(Body::new(request.into_body()), FORM_LIMIT).await else {
        return;
    };
    let Ok(posted) = Posted::parse_urlencoded(&bytes) else {
        return;
    };
    let csrf = posted.get("csrf").unwrap_or_default();
    let key = posted.get("draft_key").unwrap_or_default();
    if key.is_empty()
        || key.len() > 200
        || !bool::from(csrf.as_bytes().ct_eq(session.csrf.as_bytes()))
    {
        return;
    }
    if let Err(e) = drafts::keep(ctx, key, &posted).await {
        tracing::error!(error = %e, "a form at a closed gate could not be kept");
    }
}
