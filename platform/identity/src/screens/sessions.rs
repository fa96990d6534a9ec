//! `/account/sessions`: where one is signed in, and ending it from here.

use axum::response::{IntoResponse as _, Redirect, Response};
use engawa_kernel::{
    audit::{self, Entry},
    components::{ButtonKind, TagKind, button, hidden, table, tag},
    context::Ctx,
    error::{Error, Result},
    form::Posted,
    id::SessionId,
};
use maud::{Markup, html};
use serde_json::json;

use super::moment;
use crate::{layer::Here, model::Session, store::session};

/// Ends one session (`id`) or all others (`all`).
pub(super) async fn send(ctx: Ctx, here: Here, posted: Posted) -> Result<Response> {
    let mut tx = ctx.write().await?;
    let mut done = "sessions";
    let detail = if posted.get("all").is_some() {
        let ended =
            session::revoke_all(&mut tx, ctx.actor.staff, Some(here.session.id), ctx.now()).await?;
        json!({ "ended": ended })
    } else {
        let id: SessionId = posted
            .get("id")
            .and_then(|id| id.parse().ok())
            .ok_or(Error::NotFound)?;
        if !session::revoke(&mut tx, ctx.actor.staff, id, ctx.now()).await? {
            return Err(Error::NotFound);
        }
        done = "session";
        json!({ "session": id })
    };
    audit::append(&mut tx, &ctx, Entry::new("session.revoked").detail(detail)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/account?done={done}")).into_response())
}

pub(super) fn list(ctx: &Ctx, here: &Here, sessions: &[Session]) -> Markup {
    let rows: Vec<Vec<Markup>> = sessions
        .iter()
        .map(|s| {
            let mine = s.id == here.session.id;
            let end = html! {
                form method="post" action="/account/sessions" {
                    (hidden("csrf", ctx.csrf()))
                    (hidden("id", &s.id.to_string()))
                    (button(ButtonKind::Secondary, &format!("終了する({})", s.user_agent), None))
                }
            };
            vec![
                html! { (s.user_agent) },
                html! { (moment(ctx, s.created)) },
                html! { (moment(ctx, s.seen)) },
                html! { @if mine { (tag(TagKind::Active, "この画面")) } @else { (end) } },
            ]
        })
        .collect();
    html! {
        (table(&["端末", "ログイン", "最後の操作", "操作"], &rows, "ログイン中の端末"))
        p { "心当たりのない端末があるときは、終了してからパスワードを変更し、所属の管理者に連絡してください。" }
        @if sessions.len() > 1 {
            form method="post" action="/account/sessions" {
                (hidden("csrf", ctx.csrf()))
                (button(ButtonKind::Danger, "ほかの端末をすべて終了する", Some(("all", "1"))))
            }
        }
    }
}
