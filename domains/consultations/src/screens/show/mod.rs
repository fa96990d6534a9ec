//! `/consultations/{room}`: what was said, about whom, whose move it is, what became of it.

mod history;
mod parts;
pub(super) use parts::text;
mod side;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{NoticeKind, TagKind, acts_and_two_columns, card, notice, tag},
    context::Ctx,
    db::Conn,
    error::Result,
    http::see_other,
};
use engawa_people as people;
use maud::{Markup, html};

use super::words::{Names, Words};
use crate::{
    WhoCame, rules,
    store::{self, Detail, Reporter},
};

/// What the parts of the page need.
pub(in crate::screens) struct Shown {
    pub(in crate::screens) detail: Detail,
    pub(in crate::screens) reporter: Option<Reporter>,
    pub(in crate::screens) words: Words,
    pub(in crate::screens) names: Names,
}

impl Shown {
    pub(in crate::screens) async fn load(
        conn: &mut Conn,
        ctx: &Ctx,
        key: &RoomKey,
    ) -> Result<Self> {
        let detail = store::detail(conn, ctx, key).await?;
        let reporter = store::reporter(conn, ctx, key).await?;
        let words = Words::load(conn, ctx).await?;
        let mut desks = vec![detail.card.desk, detail.turn.desk];
        desks.extend(detail.lead_desk);
        desks.extend(detail.moves.iter().flat_map(|m| [m.from_desk, m.to_desk]));
        let mut postings: Vec<_> = detail.turn.posting.into_iter().collect();
        postings.extend(detail.moves.iter().filter_map(|m| m.to_posting));
        let mut staff: Vec<_> = detail.card.received_by.into_iter().collect();
        staff.extend(detail.decisions.iter().map(|d| d.decided_by));
        staff.extend(detail.moves.iter().map(|m| m.by));
        staff.extend(detail.revisions.iter().map(|r| r.by));
        staff.extend(detail.request.as_ref().and_then(|r| r.replied_by));
        let names = Names::load(conn, ctx, &desks, &postings, &staff).await?;
        Ok(Self {
            detail,
            reporter,
            words,
            names,
        })
    }
}

pub(super) async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let key = super::read(&ctx, &room, "consultation").await?;
    if super::slip::is_lay(&ctx) {
        return Ok(see_other(&format!("/consultations/slip/{}", key.room())));
    }
    let mut conn = ctx.read().await?;
    let shown = Shown::load(&mut conn, &ctx, &key).await?;
    let hints = hints(&mut conn, &ctx, &shown.detail).await?;
    // A lay receiver's key would name the author of their notice.
    let names_author = shown.detail.card.who == WhoCame::Notice && shown.detail.card.slip;
    let access = if names_author && !rules::may_see_reporter(&ctx) {
        html! {}
    } else {
        engawa_rooms::access_panel(&mut conn, &ctx, &key).await?
    };
    let access = html! { (ctx.panels(&mut conn, &key).await?) (access) };
    let title = format!("相談 {}", shown.detail.card.number);
    let body = view(&ctx, &key, &shown, &hints, access);
    Ok(engawa_kernel::page::page(&ctx.frame(), &title, body).into_response())
}

/// "Someone is already supporting this household", for those who may know, while it is open.
async fn hints(conn: &mut Conn, ctx: &Ctx, d: &Detail) -> Result<Vec<String>> {
    if !d.card.state.is_open() || !ctx.actor.may(Duty::KnowExistence) {
        return Ok(vec![]);
    }
    let probes: Vec<_> = d.subjects.iter().filter_map(parts::probe).collect();
    if probes.is_empty() {
        return Ok(vec![]);
    }
    people::existence_hint(conn, ctx, &probes).await
}

fn view(ctx: &Ctx, key: &RoomKey, s: &Shown, hints: &[String], access: Markup) -> Markup {
    let d = &s.detail;
    let main = html! {
        p {
            (tag(if d.card.state.is_open() { TagKind::Active } else { TagKind::Done }, d.card.state.label())) " "
            @if d.card.emergency { (tag(TagKind::Alert, "緊急対応")) " " }
            @if key.is_sealed() { (tag(TagKind::Alert, "限定記録")) " " }
            @if d.card.who == WhoCame::Notice { (tag(TagKind::Neutral, "情報提供(通報者を伏せる)")) " " }
            @if d.card.slip { (tag(TagKind::Neutral, "協力者の受付票")) " " }
            @if d.card.compound { (tag(TagKind::Waiting, "複合課題")) " " }
            @if !d.gap_kind.is_empty() { (tag(TagKind::Waiting, "制度の狭間")) }
        }
        @for hint in hints { (notice(NoticeKind::Info, "支援中の機関があります", html! { p { (hint) } })) }
        (card("話されたこと", parts::said(ctx, s)))
        (card("相談の対象となる人", parts::subjects(ctx, key, s)))
        (card("課題", parts::issues(ctx, key, s)))
        @if let Some(r) = &d.request { (card("依頼と回答", parts::request(ctx, key, s, r))) }
        @if !d.calls.is_empty() { (card("緊急の連絡", parts::calls(ctx, s))) }
        (card("経過", history::view(ctx, s)))
    };
    let acts = side::acts(ctx, key, s);
    acts_and_two_columns(main, acts, side::view(ctx, key, s, access))
}
