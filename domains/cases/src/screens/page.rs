//! GET /cases/{room}: the household, the timeline with the form on top, team and tasks.

use axum::extract::{Path, Query};
use engawa_kernel::{
    access::RoomKey,
    clock,
    components::{
        self, ButtonKind, NoticeKind, TagKind, TimelineItem, button, case_layout, empty_state,
        form_frame, link_button, submit_row, tag, timeline, timeline_item,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::Result,
    form::Form,
    id::StaffId,
    page,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    contact_form, contacts,
    parts::{self, Names, People},
    read, side,
};
use crate::{
    card,
    model::{CaseCard, Contact, Stage, Work},
    store::{self, contact::Before},
};

/// Which page of the timeline.
#[derive(Deserialize)]
pub struct Paging {
    before: Option<String>,
}

pub async fn get(
    ctx: Ctx,
    Path(room): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Markup> {
    let key = read(&ctx, &room, "case").await?;
    render(
        &ctx,
        &key,
        None,
        paging
            .before
            .as_deref()
            .and_then(store::contact::read_before),
    )
    .await
}

/// The whole page, with the form as it stands; none: a draft, or an empty one.
pub async fn render(
    ctx: &Ctx,
    key: &RoomKey,
    form: Option<Form>,
    before: Option<Before>,
) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let head = store::case::card(&mut conn, key).await?;
    let people = People::load(&mut conn, ctx, key).await?;
    let form = match form {
        Some(form) => form,
        None => {
            let blank = contact_form::blank(ctx, &people);
            drafts::restore(ctx, &contacts::draft_key(key.room()), blank).await?
        }
    };
    let labels = codes::load(
        &mut conn,
        ctx,
        &[
            CodeList::ContactKind,
            CodeList::Issue,
            CodeList::IssueEnd,
            CodeList::TeamRole,
            CodeList::ClosureReason,
        ],
    )
    .await?;
    let household = match head.household {
        Some(h) => engawa_people::household_panel(&mut conn, ctx, key, h).await?,
        None => html! {},
    };
    let left = html! {
        (household)
        (side::issues(&mut conn, key, &labels, &people).await?)
        (side::history(&mut conn, ctx, key, &labels).await?)
    };
    let team = store::team::all(&mut conn, key).await?;
    let names = Names::load(&mut conn, ctx, &team).await?;
    let right = html! {
        (side::team(ctx, key, &team, &names, &people, &labels))
        (side::tasks(&mut conn, ctx, key, &team, &names).await?)
        (card::panel(&mut conn, ctx, key, &people).await?)
        (ctx.panels(&mut conn, key).await?)
        (engawa_rooms::access_panel(&mut conn, ctx, key).await?)
    };
    let (entries, older) =
        store::contact::timeline(&mut conn, key, before, store::contact::PAGE).await?;
    let middle = html! {
        @if key.may_write() && before.is_none() {
            @let title = if head.stage == Stage::Closed { "終結後に支援経過を書き足す" } else { "支援経過を書く" };
            (components::card(title, writing(ctx, key, &form, &labels, &people)))
        }
        (line(&mut conn, ctx, key, &entries, &labels, &people).await?)
        @if before.is_some() { p { a href={ "/cases/" (key.room()) } { "最新の支援経過へ" } } }
        @if let Some(older) = older {
            p { a rel="next" href={ "/cases/" (key.room()) "?before=" (store::contact::write_before(older)) "#case-timeline" } { "これより前の支援経過" } }
        }
    };
    let waiting = store::takeover::of_case(&mut conn, ctx, key).await?;
    let body = html! {
        @if waiting.is_some() {
            (components::notice(NoticeKind::Info, "引き継いだケースです", html! {
                p { a href={ "/cases/" (key.room()) "/takeover" } { "要約とやることを確かめて「引き継ぎました」を記録する" } }
            }))
        }
        (bar(ctx, key, &head))
        (case_layout(left, middle, right))
    };
    Ok(page::page(
        &ctx.frame(),
        &format!("{} {}", head.number, head.label),
        body,
    ))
}

fn bar(ctx: &Ctx, key: &RoomKey, head: &CaseCard) -> Markup {
    let at = |end: &str| format!("/cases/{}/{end}", head.room);
    html! {
        p {
            (parts::marks(head)) " "
            "支援開始 " (parts::day(ctx, head.opened_on))
            @if let Some(closed) = head.closed_on { "　終結 " (parts::day(ctx, closed)) }
            @if head.gap && !head.gap_note.is_empty() { "　狭間: " (head.gap_note) }
        }
        div.submit-row {
            @if key.may_write() {
                @if head.stage == Stage::Closed {
                    (link_button(ButtonKind::Primary, &at("reopen"), "再開する"))
                } @else {
                    (link_button(ButtonKind::Secondary, &at("edit"), "段階・名前を変える"))
                    (link_button(ButtonKind::Secondary, &at("close"), "終結する"))
                }
            }
            (link_button(ButtonKind::Quiet, &at("print"), "印刷"))
            (link_button(ButtonKind::Quiet, &format!("/rooms/{}/log", head.room), "だれが見たか"))
        }
    }
}

fn writing(ctx: &Ctx, key: &RoomKey, form: &Form, labels: &Labels, people: &People) -> Markup {
    let body = html! {
        (contact_form::fields(form, labels, people))
        (submit_row(button(ButtonKind::Primary, "支援経過を保存する", None)))
    };
    form_frame(
        &format!("/cases/{}/contacts", key.room()),
        ctx.csrf(),
        form,
        body,
    )
}

/// Entries of the timeline, or that there are none.
pub async fn line(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    entries: &[Contact],
    labels: &Labels,
    people: &People,
) -> Result<Markup> {
    if entries.is_empty() {
        return Ok(empty_state(
            "支援経過はまだありません。",
            html! { p { "訪問や電話をしたら、上の欄に書いて保存してください。" } },
        ));
    }
    let mut staff: Vec<StaffId> = entries.iter().map(|c| c.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    let names = engawa_organisations::staff_names(conn, &staff).await?;
    let items: Vec<Markup> = entries
        .iter()
        .map(|c| {
            let by = names.get(&c.staff).map_or("", String::as_str);
            entry(ctx, key, c, by, labels, people)
        })
        .collect();
    Ok(timeline(&items))
}

fn entry(
    ctx: &Ctx,
    key: &RoomKey,
    c: &Contact,
    by: &str,
    labels: &Labels,
    people: &People,
) -> Markup {
    let at = format!("/cases/{}/contacts/{}", key.room(), c.id);
    let marks = html! {
        @if c.work == Work::Community { (tag(TagKind::Neutral, Work::Community.label())) " " }
        @if c.person_visible { (tag(TagKind::Done, "本人可")) " " }
        @if c.third_party { (tag(TagKind::Alert, "第三者情報・評価")) " " }
    };
    let body = html! { div id={ "contact-" (c.id) } {
        @if let Some(deleted) = &c.deleted {
            p { "削除されています(" (parts::moment(ctx, deleted.at)) "、理由: " (deleted.reason) ")。" }
            p { a href=(at) { "元の文と履歴" } }
        } @else {
            @if !c.subjects.is_empty() { p.hint { "対象: " (people.names(&c.subjects)) } }
            (parts::lines(&c.body))
            p.hint {
                @if let Some(m) = c.minutes { (m) "分　" }
                @if !c.place.is_empty() { "場所: " (c.place) "　" }
                @if let Some(next) = c.next_on { "次回予定 " (parts::day(ctx, next)) "　" }
                a href=(at) { @if c.version > 1 { "訂正の履歴" } @else { "くわしく" } }
                @if key.may_write() { "　" a href={ (at) "/edit" } { "訂正する" } }
            }
        }
    } };
    let when = parts::moment(ctx, c.at);
    let datetime = clock::local(c.at).format("%Y-%m-%dT%H:%M").to_string();
    timeline_item(TimelineItem {
        when: &when,
        datetime: &datetime,
        kind: labels.label(CodeList::ContactKind, &c.kind),
        by,
        marks,
        body,
    })
}
