//! One file per URL.

mod account;
mod accounts;
mod calendar;
mod code;
mod lock;
mod login;
mod logout;
mod mail;
mod password;
mod sessions;
mod tokens;
mod totp;
mod unlock;

use std::collections::HashMap;

use axum::{
    Router,
    extract::Query,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use engawa_kernel::{
    clock,
    components::{NoticeKind, hidden, notice},
    context::{Ctx, Engine},
    error::Error,
    text::wareki,
};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{model::Gate, rules};

/// Every screen of sign-in.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/login", get(login::show).post(login::send))
        .route("/login/code", get(code::show).post(code::send))
        .route("/logout", post(logout::send))
        .route("/lock", get(lock::show).post(lock::send))
        .route("/unlock", get(unlock::show).post(unlock::send))
        .route("/account", get(account::show))
        .route(
            "/account/password",
            get(password::show).post(password::send),
        )
        .route("/account/totp", get(totp::show).post(totp::send))
        .route("/account/totp.svg", get(totp::picture))
        .route("/account/sessions", post(sessions::send))
        .route("/account/tokens", get(tokens::show).post(tokens::send))
        .route("/account/tokens/{id}/revoke", post(tokens::revoke))
        .route("/account/mail", post(mail::send))
        .route("/account/calendar", post(calendar::send))
        .merge(accounts::routes())
}

/// What an address carries after the `?`.
type Asked = Query<HashMap<String, String>>;

fn next_of(asked: &Asked) -> &str {
    rules::safe_next(asked.get("next").map(String::as_str))
}

/// To the page after a gate, or to the next gate, which leads there.
fn onward(gate: Gate, next: &str) -> String {
    let next = rules::safe_next(Some(next));
    match gate {
        Gate::Open => next.to_owned(),
        gate if next == "/" => gate.path().to_owned(),
        gate => format!(
            "{}?next={}",
            gate.path(),
            utf8_percent_encode(next, NON_ALPHANUMERIC)
        ),
    }
}

/// A redirect that also sets (or takes) the session's cookie.
fn redirect_with(to: &str, cookie: HeaderValue) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// A sentence above a form.
fn said(kind: NoticeKind, sentence: &str) -> Markup {
    notice(kind, "", html! { p { (sentence) } })
}

/// A page that was refused, with its status.
fn refused(status: StatusCode, page: Markup) -> Error {
    Error::Page(status, Box::new(page))
}

/// Where to go afterwards, carried through the form.
fn next_field(next: &str) -> Markup {
    html! { @if next != "/" { (hidden("next", next)) } }
}

/// A moment as this user reads it.
fn moment(ctx: &Ctx, at: chrono::DateTime<chrono::Utc>) -> String {
    wareki::format_date_time(clock::local(at), ctx.calendar)
}
