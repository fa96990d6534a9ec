//! GET /cases: mine, my desk's, my team's, all that I may see, and silent ones.

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    components::{Pages, Tab, empty_state, list_table, pagination, tabs},
    context::Ctx,
    error::Result,
    id::{DeskId, PostingId},
    page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Names};
use crate::{
    model::CaseCard,
    store::list::{self, PAGE, View},
};

/// What the address asks for; what makes no sense is page one of one's own.
#[derive(Deserialize)]
pub struct Asked {
    pub(super) view: Option<String>,
    pub(super) state: Option<String>,
    page: Option<String>,
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    let view = View::from_code(asked.view.as_deref().unwrap_or_default());
    let closed = view != View::Silent && asked.state.as_deref() == Some("closed");
    let current = asked
        .page
        .and_then(|p| p.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 10_000);
    let mut conn = ctx.read().await?;
    let (cards, total) = list::page(&mut conn, &ctx, view, closed, current).await?;
    let postings: Vec<PostingId> = cards.iter().filter_map(|c| c.owner_posting).collect();
    let desks: Vec<DeskId> = cards.iter().map(|c| c.owner_desk).collect();
    let names = Names {
        postings: engawa_organisations::postings(&mut conn, &ctx, &postings).await?,
        desks: engawa_organisations::desk_names(&mut conn, &desks).await?,
    };
    let href = |view: View, closed: bool, page: u32| {
        let state = if closed { "closed" } else { "open" };
        format!("/cases?view={}&state={state}&page={page}", view.as_code())
    };
    let choices: Vec<Tab> = View::ALL
        .into_iter()
        .map(|v| Tab {
            href: href(v, closed && v != View::Silent, 1),
            label: v.label().into(),
            count: None,
            active: v == view,
        })
        .collect();
    let rows: Vec<Vec<Markup>> = cards.iter().map(|c| row(&ctx, c, &names)).collect();
    let pages = Pages {
        current,
        per_page: PAGE,
        total,
    };
    let body = html! {
        (tabs("ケースの一覧の種類", &choices))
        @if view == View::Silent {
            p { "支援経過が" (ctx.settings.silent_days) "日以上ないケースです。古い順に並んでいます。" }
        } @else {
            p {
                @if closed { a href=(href(view, false, 1)) { "支援中のケースを見る" } }
                @else { a href=(href(view, true, 1)) { "終結したケースを見る" } }
                @if view == View::Mine && !closed && !rows.is_empty() {
                    "　" a href="/cases/packet.pdf" { "引継書（1ケース1ページのPDF）" }
                }
            }
        }
        @if rows.is_empty() {
            (empty_state("ここに出るケースはありません。", html! {
                p {
                    "ケースは、相談の受付から始まります。"
                    @if ctx.actor.may(Duty::Receive) { a href="/consultations" { "相談の一覧へ" } }
                }
            }))
        } @else {
            p { a href={ "/cases/export?view=" (view.as_code()) "&state=" (if closed { "closed" } else { "open" }) } { "この一覧を書き出す" } }
            (list_table(&["番号", "名前", "段階", "主担当", "支援開始", "最後の支援経過"], &rows, view.label()))
            (pagination(pages, |p| href(view, closed, p)))
        }
    };
    Ok(page::page(&ctx.frame(), "ケース", body))
}

fn row(ctx: &Ctx, c: &CaseCard, names: &Names) -> Vec<Markup> {
    let days = (ctx.today() - c.last_contact_on).num_days();
    vec![
        html! { a href={ "/cases/" (c.room) } { (c.number) } },
        html! { (c.label) },
        parts::marks(c),
        html! { @match c.owner_posting { Some(p) => (names.posting(p)), None => { "窓口: " (names.desk(c.owner_desk)) } } },
        html! { (parts::short(ctx, c.opened_on)) },
        html! { (parts::short(ctx, c.last_contact_on)) @if days == 0 { "（きょう）" } @else { "（" (days) "日前）" } },
    ]
}
