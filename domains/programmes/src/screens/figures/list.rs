//! One kind of figure: areas × days, and which share of the areas is above a value.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, Tab, TagKind, button, empty_state, hidden, link_button,
        notice, submit_row, table, tabs, tag, text_field,
    },
    context::Ctx,
    error::Result,
    form::Form,
    id::AreaId,
    page::page,
    text::wareki::{format_date, format_short},
};
use maud::{Markup, html};

use super::{area_name, kinds, mark};
use crate::{
    figures::{Kept, rules as figure_rules},
    rules,
    screens::parts::{Asked, trail},
    store::figures,
};

/// Days beside each other at most, the newest.
const DAYS: usize = 8;

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let used = figures::kinds(&mut conn, &ctx).await?;
    let kinds = kinds(&used);
    let first = kinds
        .iter()
        .find(|kind| used.iter().any(|(known, _)| known == *kind));
    let kind = match asked.get("kind").filter(|k| !k.is_empty()) {
        Some(kind) => kind.clone(),
        None => first.cloned().unwrap_or_else(|| "人口".into()),
    };
    let all = figures::of_kind(&mut conn, &ctx, &kind).await?;
    let areas = engawa_organisations::figures::area_names(&mut conn, &ctx).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let count = |of: &str| {
        let n = used.iter().find(|(known, _)| known == of).map(|(_, n)| *n);
        n.and_then(|n| u32::try_from(n).ok())
    };
    let body = html! {
        (trail(&[]))
        p { "人口や高齢化率などを、いつの時点の、どこの、どの資料の数かと一緒に残します。出典によって違う数は、並べて見せます。計画書の「1-1 自治体の基本情報」を書くときに、いちばん新しい数を写せます。" }
        @if plans {
            (submit_row(html! {
                (link_button(ButtonKind::Primary, "/programmes/figures/new", "数を登録する"))
                (link_button(ButtonKind::Secondary, "/programmes/figures/upload", "表をまとめて登録する"))
            }))
        }
        (tabs("種類", &kinds.iter().map(|k| Tab {
            href: format!("/programmes/figures?kind={}", encoded(k)),
            active: *k == kind,
            label: k.clone(),
            count: count(k),
        }).collect::<Vec<_>>()))
        @if all.is_empty() { (empty_state(&format!("「{kind}」の数は、まだありません。"), html! {})) }
        @else {
            (matrix(&ctx, &kind, &all, &areas, plans))
            (share(&ctx, &kind, &all, &areas, &asked))
        }
    };
    Ok(page(&ctx.frame(), "基本情報・小地域の数", body))
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn matrix(ctx: &Ctx, kind: &str, all: &[Kept], areas: &[(AreaId, String)], plans: bool) -> Markup {
    let mut days: Vec<NaiveDate> = all
        .iter()
        .map(|k| k.figure.as_of)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let left_out = days.len().saturating_sub(DAYS);
    days.drain(..left_out);
    let has = |area: Option<AreaId>| all.iter().any(|k| k.figure.area == area);
    // An area that is no longer registered keeps its row.
    let lost: BTreeSet<AreaId> = all
        .iter()
        .filter_map(|k| k.figure.area)
        .filter(|id| !areas.iter().any(|(known, _)| known == id))
        .collect();
    let known = areas.iter().map(|(id, _)| *id).chain(lost).map(Some);
    let places: Vec<Option<AreaId>> = std::iter::once(None).chain(known).collect();
    let mut differing = 0;
    let rows: Vec<Vec<Markup>> = places
        .into_iter()
        .filter(|area| has(*area))
        .map(|area| {
            let mut row = vec![html! { (area_name(areas, area, &ctx.municipality_name)) }];
            for day in &days {
                let here: Vec<&Kept> = all
                    .iter()
                    .filter(|k| k.figure.area == area && k.figure.as_of == *day)
                    .collect();
                differing += usize::from(figure_rules::differ(&here));
                row.push(cell(ctx, &here, plans));
            }
            row
        })
        .collect();
    let heads: Vec<String> = days
        .iter()
        .map(|d| format_short(*d, ctx.calendar))
        .collect();
    let mut headers = vec!["区域"];
    headers.extend(heads.iter().map(String::as_str));
    html! {
        @if differing > 0 {
            (notice(NoticeKind::Warn, "出典によって数が違います", html! {
                p { (differing) "か所で、同じ時点の数が出典によって違います。計画書に書くときは、どの出典の数かを注に書いてください。" }
            }))
        }
        (table(&headers, &rows, &format!("{kind}（区域と時点）")))
        @if left_out > 0 { p.hint { "新しい" (DAYS) "時点を表示しています。ほかに、古い時点が" (left_out) "あります。" } }
    }
}

fn cell(ctx: &Ctx, here: &[&Kept], plans: bool) -> Markup {
    html! {
        @if here.is_empty() { "―" }
        @for kept in here {
            div {
                @if plans {
                    a href={ "/programmes/figures/" (kept.id) } { (kept.figure.shown()) span.visually-hidden { "（" (format_date(kept.figure.as_of, ctx.calendar)) "）を直す" } }
                } @else { (kept.figure.shown()) }
                (mark(&kept.figure, ctx.today()))
                @if !kept.figure.source.is_empty() { " " span.hint { (kept.figure.source) } }
                @if let Some(doubt) = figure_rules::doubt(&kept.figure) { " " (tag(TagKind::Alert, &doubt)) }
            }
        }
        @if figure_rules::differ(here) { (tag(TagKind::Alert, "出典で違う")) }
    }
}

/// 「40%を超える区域は、5区域のうち1区域（20%）」
fn share(ctx: &Ctx, kind: &str, all: &[Kept], areas: &[(AreaId, String)], asked: &Asked) -> Markup {
    let Some(unit) = all
        .iter()
        .filter(|k| k.figure.value().is_some())
        .max_by_key(|k| k.figure.area.is_some())
        .map(|k| k.figure.unit.clone())
    else {
        return html! {};
    };
    let mut form = Form::blank();
    let given = asked.get("above").map_or("", String::as_str);
    form.prefill("above", given);
    let bar = crate::figure::first(given).and_then(|f| f.number.parse::<f64>().ok());
    let found = bar.map(|bar| figure_rules::above(all, bar, &unit, ctx.today()));
    html! {
        h2 { "ある数を超える区域の割合" }
        form.form method="get" action="/programmes/figures" {
            (hidden("kind", kind))
            (text_field(&form, FieldSpec::new("above", format!("超える数（{unit}）")).inputmode("decimal").short().hint("例: 40")))
            (submit_row(button(ButtonKind::Secondary, "割合を見る", None)))
        }
        @if !given.is_empty() && bar.is_none() { p role="status" { "数を読み取れませんでした。「40」のように書いてください。" } }
        @if let (Some(bar), Some(found)) = (bar, found) {
            p role="status" {
                @match found.percent() {
                    Some(percent) => { strong { (bar) (unit) "を超える区域は、" (found.of) "区域のうち" (found.above.len()) "区域（" (percent) "%）です。" } }
                    None => "区域ごとの数がないので、割合は出せません。",
                }
                " 区域ごとにいちばん新しい数で比べ、将来の推計は数えません。"
                @if found.other_unit > 0 { "単位の違う" (found.other_unit) "区域は数えていません。" }
            }
            @if !found.above.is_empty() {
                ul { @for id in &found.above { li { (area_name(areas, Some(*id), "")) } } }
            }
        }
    }
}
