//! `/organisations/{register}`: a list, for all staff to read.

use axum::extract::Path;
use engawa_kernel::{
    components::{
        ButtonKind, Pages, button, empty_state, link_button, pagination, submit_row, table,
    },
    context::Ctx,
    error::Result,
    page::page,
};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Asked, trail};
use crate::{
    codes::CodeList,
    draw,
    registers::{Query, Register},
};

const PER_PAGE: u32 = 50;

/// GET
pub(crate) async fn get(ctx: Ctx, Path(slug): Path<String>, asked: Asked) -> Result<Markup> {
    let register = Register::from_slug(&slug)?;
    show(&ctx, register, None, &asked).await
}

/// A page of a register, or of one code list.
pub(crate) async fn show(
    ctx: &Ctx,
    register: Register,
    list: Option<CodeList>,
    asked: &Asked,
) -> Result<Markup> {
    let spec = register.spec();
    let text = asked.get("q").map(String::as_str).unwrap_or_default();
    let current: u32 = asked
        .get("page")
        .and_then(|p| p.parse().ok())
        .unwrap_or(1)
        .clamp(1, 100_000);
    let query = Query {
        q: text.to_owned(),
        list,
        limit: i64::from(PER_PAGE),
        offset: i64::from(current - 1) * i64::from(PER_PAGE),
        ..Query::default()
    };
    let mut conn = ctx.read().await?;
    let total = register.count(&mut conn, ctx, &query).await?;
    let records = register.fetch(&mut conn, ctx, &query).await?;
    let choices = register.choices(&mut conn, ctx).await?;
    let base = match list {
        Some(list) => format!("/organisations/codes/{}", list.as_code()),
        None => format!("/organisations/{}", spec.slug),
    };
    let shown: Vec<_> = spec
        .shown
        .iter()
        .filter_map(|key| spec.field(key))
        .collect();
    let headers: Vec<&str> = shown.iter().map(|f| f.label).collect();
    let rows: Vec<Vec<Markup>> = records
        .iter()
        .map(|record| {
            shown
                .iter()
                .enumerate()
                .map(|(place, field)| {
                    let cell = draw::shown(record, field, &choices, ctx.calendar);
                    if place == 0 {
                        html! { a href={ (base) "/" (record.id) } { (cell) } }
                    } else {
                        cell
                    }
                })
                .collect()
        })
        .collect();
    let title = list.map_or(spec.title, CodeList::label);
    let may = ctx.actor.may(spec.duty);
    let new = html! { @if may { (link_button(ButtonKind::Primary, &format!("{base}/new"), "新しく登録する")) } };
    let body = html! {
        @if list.is_some() { (trail(&[("/organisations/codes", "選択肢の一覧")])) } @else { (trail(&[])) }
        p { (spec.about) }
        form method="get" action=(base) {
            label.visually-hidden for="list-q" { (title) "を名前・コードで絞り込む" }
            (submit_row(html! {
                input.input.input-short #list-q type="search" name="q" value=(text) autocomplete="off" maxlength="100" placeholder="名前・コード";
                (button(ButtonKind::Secondary, "絞り込む", None))
            }))
        }
        @if may {
            div.submit-row {
                (new)
                (link_button(ButtonKind::Quiet, &format!("/organisations/import?list={}", spec.slug), "Excel・CSVから取り込む"))
                (link_button(ButtonKind::Quiet, &format!("/organisations/export?list={}", spec.slug), "書き出す"))
            }
        }
        @if records.is_empty() {
            (empty_state(
                if text.is_empty() { "まだ登録がありません。" } else { "絞り込みに合うものがありません。" },
                html! { @if text.is_empty() { @if may { p { "「新しく登録する」か、Excel・CSVからの取り込みで始めます。" } } } @else { p { a href=(base) { "絞り込みをやめる" } } } },
            ))
        } @else {
            (table(&headers, &rows, title))
            (pagination(
                Pages { current, per_page: PER_PAGE, total: u64::try_from(total).unwrap_or_default() },
                |n| format!("{base}?page={n}&q={}", utf8_percent_encode(text, NON_ALPHANUMERIC)),
            ))
        }
    };
    Ok(page(&ctx.frame(), title, body))
}
