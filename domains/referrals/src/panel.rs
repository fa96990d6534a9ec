//! The box on the page of a case or a consultation: its sheets, and the button for a new one.

use std::{future::Future, pin::Pin};

use engawa_kernel::{
    access::{Duty, RoomKey, RoomKind},
    components::{ButtonKind, card, link_button},
    context::Ctx,
    db::Conn,
    error::Result,
};
use maud::{Markup, html};

use crate::{rules, screens::parts, store};

/// For `EngineParts::panels`.
pub fn panel<'a>(
    conn: &'a mut Conn,
    ctx: &'a Ctx,
    key: &'a RoomKey,
) -> Pin<Box<dyn Future<Output = Result<Markup>> + Send + 'a>> {
    Box::pin(draw(conn, ctx, key))
}

async fn draw(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Markup> {
    if key.kind() == RoomKind::Referral || !ctx.actor.may(Duty::WorkCase) {
        return Ok(html! {});
    }
    let sheets = store::list::of_source(conn, ctx, key).await?;
    let names = parts::Names::load(conn, &sheets).await?;
    let (open, over): (Vec<_>, Vec<_>) = sheets
        .iter()
        .partition(|s| rules::whose_move(s.state).is_some());
    let body = html! {
        @if open.is_empty() { p { "進んでいるつなぐシートはありません。" } }
        @else { ul.plain { @for s in &open { li {
            a href={ "/referrals/" (s.room) } { (s.number) } " " (names.to(s)) " "
            (parts::state_tag(s.state)) " " (parts::turn(ctx, s, None))
        } } } }
        @if !over.is_empty() { p { "終わったもの: " @for s in over.iter().take(5) {
            a href={ "/referrals/" (s.room) } { (s.number) } " "
        } } }
        @if key.may_write() {
            p { (link_button(ButtonKind::Secondary, &format!("/referrals/new?room={}", key.room()), "つなぐシートを書く")) }
        }
    };
    Ok(card("つなぐシート", body))
}
