//! `/consultations`: who waits, since when, emergencies on top.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, Role},
    components::{
        ButtonKind, Pages, Tab, TagKind, empty_state, link_button, list_table, pagination, tabs,
        tag,
    },
    context::Ctx,
    error::Result,
    http::see_other,
    text::truncate_graphemes,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    path,
    words::{Names, Words, short_day},
};
use crate::{
    model::WaitingLine,
    store::{self, View},
};

/// Lines on a page.
const PER_PAGE: u32 = 50;

/// What the address says; anything unreadable is the first page of one's desk.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    pub(super) view: String,
    #[serde(default)]
    page: String,
}

pub(super) async fn get(ctx: Ctx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Response> {
    ctx.need(Duty::Receive)?;
    if ctx.actor.postings.iter().all(|p| p.role == Role::Entry) {
        return Ok(see_other("/consultations/slip"));
    }
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    let view = View::from_code(&ask.view);
    let current = ask.page.parse::<u32>().unwrap_or(1).clamp(1, 100_000);
    let mut conn = ctx.read().await?;
    let queue = store::list(&mut conn, &ctx, view, current, PER_PAGE).await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let desks: Vec<_> = queue.lines.iter().map(|l| l.owner_desk).collect();
    let postings: Vec<_> = queue.lines.iter().filter_map(|l| l.owner_posting).collect();
    let names = Names::load(&mut conn, &ctx, &desks, &postings, &[]).await?;
    let tabs_shown: Vec<Tab> = View::ALL
        .into_iter()
        .map(|v| Tab {
            href: format!("/consultations?view={}", v.as_code()),
            label: v.label().into(),
            count: (v == view).then(|| u32::try_from(queue.total).unwrap_or(u32::MAX)),
            active: v == view,
        })
        .collect();
    let body = html! {
        p {
            (link_button(ButtonKind::Primary, "/consultations/new", "相談を受け付ける"))
            @if ctx.actor.may(Duty::Configure) { " " a href="/consultations/settings" { "受付の設定" } }
            " " a href={ "/consultations/export?view=" (view.as_code()) } { "この一覧を書き出す" }
        }
        (tabs("相談受付の一覧", &tabs_shown))
        @if queue.lines.is_empty() {
            (empty_state(if view == View::Past { "終わった相談はありません。" } else { "待っている相談はありません。" }, html! {}))
        } @else {
            (list_table(
                &["番号", "相談の対象", "受付から", "緊急度", "方法・経路", "状態", "担当"],
                &queue.lines.iter().map(|l| row(&ctx, view, l, &words, &names)).collect::<Vec<_>>(),
                if view == View::Past { "終わった相談（新しい順）" } else { "相談の一覧（緊急度の高い順、同じなら受付の古い順）" },
            ))
            (pagination(
                Pages { current, per_page: PER_PAGE, total: u64::try_from(queue.total).unwrap_or(0) },
                |n| format!("/consultations?view={}&page={n}", view.as_code()),
            ))
        }
    };
    Ok(engawa_kernel::page::page(&ctx.frame(), "相談受付", body).into_response())
}

/// Characters of what was said in a line of the queue.
const START: usize = 40;

/// How the call began, so that one need not open each line to see what is most urgent: only for
/// those who triage, in the lists of their own desk.
fn start(ctx: &Ctx, view: View, l: &WaitingLine) -> Markup {
    let mine = matches!(view, View::Desk | View::Mine) && ctx.actor.may(Duty::Triage);
    let words = l.start.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = truncate_graphemes(&words, START);
    html! {
        @if mine && !shown.is_empty() {
            span.excerpt { "「" (shown) @if shown.len() < words.len() { "…" } "」" }
        }
    }
}

fn row(ctx: &Ctx, view: View, l: &WaitingLine, words: &Words, names: &Names) -> Vec<Markup> {
    let elsewhere = !ctx
        .actor
        .postings
        .iter()
        .any(|p| p.desk == Some(l.owner_desk));
    let desk = elsewhere || matches!(view, View::All | View::Past);
    vec![
        html! { a href=(path(l.room)) { (l.number) } },
        html! { div { a href=(path(l.room)) { (l.subject_line) } " " (marks(l)) (start(ctx, view, l)) } },
        html! {
            div { @if l.state.is_open() { (l.days) "日 " } span.hint { (short_day(ctx, l.received_at)) } }
        },
        html! { @if l.emergency { (tag(TagKind::Alert, "緊急対応")) } @else { (words.urgency(&l.urgency)) } },
        html! { (words.channel(&l.channel)) "・" (words.route(&l.route)) },
        html! { (l.state.label()) },
        html! {
            div {
                @if desk { (names.desk(l.owner_desk)) " " }
                @if let Some(p) = l.owner_posting { (names.posting(p)) } @else if l.state.is_open() { (tag(TagKind::Waiting, "担当者未定")) }
                @if l.state.is_open() { " " span.hint { (short_day(ctx, l.turn_since)) "から" } }
            }
        },
    ]
}

/// What a line is besides its words.
fn marks(l: &WaitingLine) -> Markup {
    html! {
        @if l.arrived_at.is_some() { (tag(TagKind::Active, "新着")) " " }
        @if l.sealed { (tag(TagKind::Alert, "限定記録")) " " }
        @if l.notice { (tag(TagKind::Neutral, "情報提供")) " " }
        @if l.slip { (tag(TagKind::Neutral, "受付票")) " " }
        @if l.compound { (tag(TagKind::Waiting, "複合課題")) }
    }
}
