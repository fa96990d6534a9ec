//! /cases/{room}/print: one page for whoever takes over; the timeline on request. Logged.

use axum::extract::{Path, Query};
use engawa_kernel::{
    access::{self, Act, RoomKey, RoomKind},
    components::{definition_list, table},
    context::Ctx,
    db::Conn,
    error::Result,
    http::id,
    id::{RoomId, StaffId},
    page, tasks,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    parts::{self, Names, People},
    side,
};
use crate::{
    model::{CaseCard, Member},
    store,
};

/// Entries of a printed timeline at most.
const ENTRIES: usize = 500;

/// `timeline=1` prints the 支援経過 as well.
#[derive(Deserialize)]
pub struct Wish {
    timeline: Option<String>,
}

pub async fn get(ctx: Ctx, Path(room): Path<String>, Query(wish): Query<Wish>) -> Result<Markup> {
    let room = id::<RoomId>(&room)?;
    let key = access::open(&ctx, room, RoomKind::Case, Act::Print, "case summary").await?;
    let mut conn = ctx.read().await?;
    let head = store::case::card(&mut conn, &key).await?;
    let people = People::load(&mut conn, &ctx, &key).await?;
    let lists = [
        CodeList::ContactKind,
        CodeList::Issue,
        CodeList::IssueEnd,
        CodeList::TeamRole,
    ];
    let labels = codes::load(&mut conn, &ctx, &lists).await?;
    let team = store::team::all(&mut conn, &key).await?;
    let names = Names::load(&mut conn, &ctx, &team).await?;
    let whole = wish.timeline.as_deref() == Some("1");
    let body = html! {
        p.sheet-tools {
            a href={ "/cases/" (room) } { "← ケースに戻る" } "　"
            @if whole { a href={ "/cases/" (room) "/print" } { "要約だけにする" } }
            @else { a href={ "/cases/" (room) "/print?timeline=1" } { "支援経過も印刷する" } }
        }
        (summary(&ctx, &head, &team, &names, &people))
        (household(&people))
        h2 { "課題" }
        ul { @for i in &store::issue::all(&mut conn, &key).await? { li { (side::issue_line(i, &labels, &people)) } } }
        h2 { "支援チーム" }
        ul { @for m in team.iter().filter(|m| m.until_on.is_none()) { li {
            @if m.is_owner { "主担当: " } (names.member(m, &people))
            @if !m.is_owner { " " (labels.label(CodeList::TeamRole, &m.role)) " " (m.does) }
        } } }
        h2 { "やること" }
        ul { @for t in &tasks::open_in_room(&mut conn, &key).await? { li {
            (t.title) @if let Some(d) = t.due_on { " " (parts::day(&ctx, d)) "まで" }
        } } }
        h2 { @if whole { "支援経過" } @else { "最近の支援経過(3件)" } }
        (timeline(&mut conn, &ctx, &key, if whole { ENTRIES } else { 3 }, &labels, &people).await?)
    };
    let title = format!("ケース要約 {} {}", head.number, head.label);
    let at = parts::moment(&ctx, ctx.now());
    Ok(page::print_page(
        &ctx.frame(),
        &title,
        &ctx.actor.name,
        &at,
        body,
    ))
}

/// Stage, lead, dates and marks.
pub fn summary(
    ctx: &Ctx,
    head: &CaseCard,
    team: &[Member],
    names: &Names,
    people: &People,
) -> Markup {
    let owner = team
        .iter()
        .find(|m| m.is_owner && m.until_on.is_none())
        .map(|m| names.member(m, people))
        .unwrap_or_default();
    definition_list(&[
        ("段階", html! { (head.stage.label()) }),
        ("主担当", html! { (owner) }),
        ("支援開始", html! { (parts::day(ctx, head.opened_on)) }),
        (
            "終結",
            html! { @match head.closed_on { Some(d) => (parts::day(ctx, d)), None => "していません" } },
        ),
        (
            "最後の支援経過",
            html! { (parts::day(ctx, head.last_contact_on)) },
        ),
        (
            "複合課題",
            html! { @if head.compound { "あり" } @else { "なし" } },
        ),
        (
            "制度の狭間",
            html! { @if head.gap { "あり " (head.gap_note) } @else { "なし" } },
        ),
    ])
}

/// Members with address and phone; what is withheld prints as 秘匿.
fn household(people: &People) -> Markup {
    let rows: Vec<Vec<Markup>> = people
        .cards()
        .iter()
        .map(|c| {
            vec![
                html! { (c.shown_name) },
                html! { (c.age_text) },
                parts::known(&c.address),
                parts::known(&c.phones),
            ]
        })
        .collect();
    html! { (table(&["氏名", "年齢", "住所", "電話"], &rows, "世帯員・関係する人")) }
}

async fn timeline(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    limit: usize,
    labels: &Labels,
    people: &People,
) -> Result<Markup> {
    let (entries, older) = store::contact::timeline(conn, key, None, limit).await?;
    let staff: Vec<StaffId> = entries.iter().map(|c| c.staff).collect();
    let names = engawa_organisations::staff_names(conn, &staff).await?;
    let rows: Vec<Vec<Markup>> = entries
        .iter()
        .filter(|c| c.deleted.is_none())
        .map(|c| {
            vec![
                html! { (parts::moment(ctx, c.at)) },
                html! { (labels.label(CodeList::ContactKind, &c.kind)) },
                html! { (people.names(&c.subjects)) },
                html! { (parts::lines(&c.body)) @if c.third_party { "(第三者情報・評価)" } },
                html! { (names.get(&c.staff).map_or("", String::as_str)) },
            ]
        })
        .collect();
    Ok(html! {
        @if rows.is_empty() { p { "支援経過はまだありません。" } }
        @else { (table(&["日時", "方法", "対象", "内容", "対応者"], &rows, "支援経過(新しい順)")) }
        @if older.is_some() && limit > 3 { p { "支援経過が多いため、新しい" (limit) "件だけを印刷しています。" } }
    })
}
