//! GET /referrals: what came in, what went out, what is overdue, what came back, what is over.

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    components::{Pages, Tab, empty_state, pagination, table, tabs},
    context::Ctx,
    error::Result,
    page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Names};
use crate::{
    model::Sheet,
    store::list::{self, PAGE, View},
};

/// What the address asks for; what makes no sense is page one of what came in.
#[derive(Deserialize)]
pub struct Asked {
    pub(super) view: Option<String>,
    page: Option<String>,
}

/// Headings of every table of sheets.
pub const HEADS: [&str; 6] = ["番号", "お願い", "送り手", "受け手", "状態", "次に動く窓口"];

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let view = View::from_code(asked.view.as_deref().unwrap_or_default());
    let current = asked
        .page
        .and_then(|p| p.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 10_000);
    let mut conn = ctx.read().await?;
    let counts = list::counts(&mut conn, &ctx).await?;
    let sheets = list::page(&mut conn, &ctx, view, current).await?;
    let names = Names::load(&mut conn, &sheets).await?;
    let href = |view: View, page: u32| format!("/referrals?view={}&page={page}", view.as_code());
    let choices: Vec<Tab> = View::ALL
        .into_iter()
        .zip(counts)
        .map(|(v, count)| Tab {
            href: href(v, 1),
            label: v.label().into(),
            count: (count > 0 && v != View::Done).then_some(count),
            active: v == view,
        })
        .collect();
    let total = View::ALL
        .into_iter()
        .zip(counts)
        .find(|(v, _)| *v == view)
        .map_or(0, |(_, n)| u64::from(n));
    let rows: Vec<Vec<Markup>> = sheets.iter().map(|s| row(&ctx, s, &names)).collect();
    let pages = Pages {
        current,
        per_page: PAGE,
        total,
    };
    let body = html! {
        (tabs("つなぐシートの一覧の種類", &choices))
        p { a href="/referrals/figures" { "集計（返事の早さ・完了の割合）" } @if ctx.actor.may(Duty::Configure) { "　" a href="/referrals/settings" { "期日の決まり" } } "　" a href="/referrals/import" { "相手の自治体からのファイルを取り込む" } }
        @if rows.is_empty() {
            (empty_state("ここに出るつなぐシートはありません。", html! {
                p { "つなぐシートは、ケースか相談の画面の「つなぐシートを書く」から始めます。" a href="/cases" { "ケースの一覧へ" } }
            }))
        } @else {
            p { a href={ "/referrals/export?view=" (view.as_code()) } { "この一覧を書き出す" } }
            (table(&HEADS, &rows, view.label()))
            (pagination(pages, |p| href(view, p)))
        }
    };
    Ok(page::page(&ctx.frame(), "つなぐシート", body))
}

/// A line of a table of sheets.
pub fn row(ctx: &Ctx, s: &Sheet, names: &Names) -> Vec<Markup> {
    let who: Vec<&str> = s
        .lines
        .iter()
        .filter(|l| l.label == "氏名")
        .map(|l| l.text.as_str())
        .collect();
    vec![
        html! { a href={ "/referrals/" (s.room) } { (s.number) } },
        html! {
            (s.content.kind.label())
            @if let Some(first) = who.first() { br; (first) @if who.len() > 1 { " ほか" (who.len() - 1) "人" } }
        },
        html! { (names.from(s)) },
        html! { (names.to(s)) },
        parts::state_tag(s.state),
        html! { (parts::turn(ctx, s, None)) },
    ]
}
