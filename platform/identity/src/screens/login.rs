//! `/login`: user name and password.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, password_field, select_field,
        submit_row, text_field,
    },
    context::Engine,
    error::{Error, Result},
    form::{Form, Posted},
    page::bare_page,
};
use maud::{Markup, html};

use super::{Asked, next_field, next_of, onward, redirect_with, refused, said};
use crate::{
    edge::Visit,
    model::{Ended, Gate},
    rules, secret,
    signin::{self, Outcome},
    store::place::{self, Place},
};

/// After `POST /logout`.
const OUT: &str = "ログアウトしました。";
const EMPTY: &str = "ユーザー名とパスワードを入力してください。";

pub(super) async fn show(
    State(engine): State<Engine>,
    visit: Visit,
    asked: Asked,
) -> Result<Response> {
    let mut conn = engine.db.read().await?;
    let why = asked.get("why").map(String::as_str);
    if why.is_none()
        && let Some(cookie) = &visit.cookie
        && let Some((session, sender)) = place::by_cookie(&mut conn, secret::digest(cookie)).await?
    {
        let minutes = sender.place.settings.session_minutes;
        let over = rules::ended(&session, minutes, engine.clock.now()).is_some();
        if !over && rules::gate(&session, &sender.account) == Gate::Open {
            return Ok(Redirect::to(next_of(&asked)).into_response());
        }
    }
    let places = place::all(&mut conn).await?;
    let told = match why {
        Some("logout") => Some((NoticeKind::Success, OUT)),
        Some(code) => Ended::from_code(code).map(|e| (NoticeKind::Warn, e.sentence())),
        None => None,
    };
    Ok(view(&places, &Form::blank(), next_of(&asked), told).into_response())
}

pub(super) async fn send(
    State(engine): State<Engine>,
    visit: Visit,
    posted: Posted,
) -> Result<Response> {
    if !visit.from_our_page {
        return Err(Error::Csrf);
    }
    let form = Form::from_posted(posted);
    let next = rules::safe_next(Some(form.value("next")));
    let places = place::all(&mut engine.db.read().await?).await?;
    let chosen = places
        .iter()
        .find(|p| places.len() == 1 || p.id.to_string() == form.value("municipality"));
    let (login, password) = (form.value("login"), form.value("password"));
    let outcome = match chosen {
        Some(place) if !login.is_empty() && !password.is_empty() => {
            signin::with_password(&engine, place, &visit, login, password).await?
        }
        _ => Outcome::Refused(StatusCode::UNPROCESSABLE_ENTITY, EMPTY),
    };
    match outcome {
        Outcome::In { cookie, gate } => {
            Ok(redirect_with(&onward(gate, next), visit.give(&cookie)?))
        }
        Outcome::Refused(status, sentence) => {
            let told = Some((NoticeKind::Danger, sentence));
            Err(refused(status, view(&places, &form, next, told)))
        }
    }
}

fn view(places: &[Place], form: &Form, next: &str, told: Option<(NoticeKind, &str)>) -> Markup {
    let ids: Vec<String> = places.iter().map(|p| p.id.to_string()).collect();
    let options: Vec<(&str, &str)> = ids
        .iter()
        .zip(places)
        .map(|(id, p)| (id.as_str(), p.name.as_str()))
        .collect();
    let name = FieldSpec::new("login", "ユーザー名")
        .required()
        .autocomplete("username");
    let password = FieldSpec::new("password", "パスワード")
        .required()
        .autocomplete("current-password");
    bare_page(
        "ログイン",
        html! {
            @if let [only] = places { p { (only.name) } }
            @if places.iter().any(|p| p.training) {
                (said(NoticeKind::Info, "研修用の環境です。実在する人の情報を入力しないでください。"))
            }
            @if let Some((kind, sentence)) = told { (said(kind, sentence)) }
            (form_frame("/login", "", form, html! {
                (next_field(next))
                @if places.len() > 1 {
                    (select_field(form, FieldSpec::new("municipality", "自治体").required(), &options))
                }
                (text_field(form, name))
                (password_field(form, password))
                (submit_row(button(ButtonKind::Primary, "ログイン", None)))
            }))
            p { "パスワードを忘れたときは、所属の管理者に再発行を頼んでください。" }
        },
    )
}
