//! `/programmes`: the municipality's sheets by year, and those it compares with.

use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, NoticeKind, empty_state, link_button, list_table, notice, submit_row,
    },
    context::Ctx,
    error::Result,
    page::page,
};
use maud::{Markup, html};

use super::parts::{by, people, version_tag};
use crate::{
    model::Origin,
    rules,
    store::{
        sheet::{self, Listed},
        upload,
    },
};

pub async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let all = sheet::list(&mut conn, &ctx).await?;
    let plans = rules::plans(&ctx);
    let waiting = if plans {
        upload::waiting(&mut conn, &ctx).await?
    } else {
        Vec::new()
    };
    let staff = people(&all.iter().map(|l| &l.version).collect::<Vec<_>>());
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    drop(conn);
    let row = |l: &Listed| {
        let current = match (l.approved, l.version.number) {
            (Some(approved), newest) if approved != newest => {
                html! { " " a href={ "/programmes/" (l.sheet.id) "?version=" (approved) } { "承認済みの第" (approved) "版" } }
            }
            _ => html! {},
        };
        vec![
            html! { a href={ "/programmes/" (l.sheet.id) } { (l.sheet.year.label()) } },
            html! { (l.sheet.name) },
            html! { "第" (l.version.number) "版 " (version_tag(l.version.state)) (current) },
            html! { (by(&ctx, &names, l.version.written_by, l.version.written_at)) },
            html! { (l.sheet.made_from.label()) },
        ]
    };
    let rows = |origin: Origin| -> Vec<Vec<Markup>> {
        all.iter()
            .filter(|l| l.sheet.origin == origin)
            .map(row)
            .collect()
    };
    let (own, others) = (rows(Origin::Own), rows(Origin::Other));
    let headers = ["年度", "自治体", "版", "最後に書いた人", "はじまり"];
    let body = html! {
        p { "重層的支援体制整備の実施計画書を、年度ごとに一つ、国の様式の欄のまま持ちます。承認された版は変わりません。" }
        @if plans {
            (submit_row(html! {
                (link_button(ButtonKind::Primary, "/programmes/new", "年度の計画書を作る"))
                (link_button(ButtonKind::Secondary, "/programmes/upload", "計画書のファイルを読み取る"))
            }))
        }
        @if !waiting.is_empty() {
            (notice(NoticeKind::Warn, "読み取りを確かめていない計画書があります", html! {
                ul { @for u in &waiting { li { a href={ "/programmes/upload/" (u.id) } { (u.file_name) } } } }
            }))
        }
        h2 { "この自治体の計画書" }
        @if own.is_empty() {
            (empty_state("読める計画書は、まだありません。", html! {
                @if plans { "「年度の計画書を作る」か、手元のファイルの読み取りから始めます。" }
                @else { "承認されると、ここで読めます。" }
            }))
        } @else { (list_table(&headers, &own, "この自治体の計画書")) }
        @if !others.is_empty() {
            h2 { "比べるための、ほかの自治体の計画書" }
            (list_table(&headers, &others, "ほかの自治体の計画書"))
        }
        h2 { "計画書のまわり" }
        ul {
            li { a href="/programmes/goals" { "成果目標と振り返り" } "（数にしない目標も、毎年の根拠と評価を残します）" }
            li { a href="/programmes/figures" { "基本情報・小地域の数" } "（人口・高齢化率などを、時点・区域・出典と一緒に残します）" }
            li { a href="/programmes/links" { "連携する法定事業" } }
            li { a href="/funding" { "財源・契約" } "（事業ごとの財源と、委託・補助の契約）" }
            @if ctx.actor.may(Duty::ReadFigures) { li { a href="/roadmaps" { "計画・工程表" } "（地域福祉計画などの取組と工程表、成果の4段階）" } }
            @if plans { li { a href="/programmes/setup" { "計画書からの登録" } "（圏域・機関・窓口などの案を一つずつ確かめます）" } }
        }
    };
    Ok(page(&ctx.frame(), "実施計画", body))
}
