//! /statistics/sets: the returns; /statistics/sets/{code}: one, filled for a month and for the fiscal
//! year up to it; its Excel, plain or in the municipality's own layout.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    response::Response,
};
use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, button, details, file_field, link_button, list_table, submit_row,
        upload_form_frame,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page,
    text::fiscal::FiscalYear,
};
use engawa_sheets::{Cell, Orientation, OutSheet, fill_named, write_xlsx};
use maud::{Markup, html};

use super::{
    asked::{Asked, Pairs, records_href},
    excel, months,
};
use crate::{
    model::Rule,
    period::{Period, month_start, months_later},
    progress,
    report::Reader,
    rules::{said, target::Amount},
    sets::{self, Item, Set},
    store::{
        actual::{Actual, Counter},
        set,
    },
    words::{self, Words},
};

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let all = set::list(&mut ctx.read().await?, &ctx).await?;
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|f| {
            vec![
                html! { a href={ "/statistics/sets/" (f.set.code) } { (f.set.title) } },
                html! { (f.set.sections.iter().map(|s| s.items.len()).sum::<usize>()) "項目" },
                html! { @if f.own { "自治体で登録" } @else { "標準" } },
                html! { @if f.layout_name.is_empty() { "—" } @else { (f.layout_name) } },
            ]
        })
        .collect();
    let form = Form::blank();
    let body = html! {
        p { a href="/statistics" { "← 統計" } }
        (list_table(&["様式", "項目", "定義", "自治体のExcel様式"], &rows, "報告様式"))
        @if ctx.actor.may(Duty::KeepFigures) {
            h2 { "定義を登録する" }
            p { "どの様式の画面からも定義ファイル（JSON）を保存できます。直して登録すると、同じcodeの様式は置き換わります。" }
            (upload_form_frame("/statistics/sets", ctx.csrf(), &form, html! {
                (file_field(&form, FieldSpec::new("file", "定義ファイル").required(), ".json,application/json"))
                (submit_row(button(ButtonKind::Secondary, "登録する", None)))
            }))
        }
    };
    Ok(page::page(&ctx.frame(), "報告様式", body))
}

pub async fn upload(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let file = chosen(&posted)?;
    let text = std::str::from_utf8(&file.bytes).map_err(|_| {
        Error::Invalid(
            "定義ファイルの文字を読み取れませんでした（UTF-8ではありません）。登録はしていません。"
                .into(),
        )
    })?;
    let set = sets::read(text.trim_start_matches('\u{feff}'))?;
    let mut tx = ctx.write().await?;
    set::file(&mut tx, &ctx, &set).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/statistics/sets/{}", set.code)))
}

fn chosen(posted: &Posted) -> Result<&engawa_kernel::form::Upload> {
    posted
        .files
        .iter()
        .find(|f| f.field == "file" && !f.bytes.is_empty())
        .ok_or_else(|| Error::Invalid("ファイルを選んでください。登録はしていません。".into()))
}

/// The month asked for; the last one that is over where none is.
fn month(ctx: &Ctx, asked: &Asked) -> NaiveDate {
    months::month(asked.get("month")).unwrap_or_else(|_| months_later(month_start(ctx.today()), -1))
}

struct Line<'a> {
    item: &'a Item,
    month: Actual,
    year: Actual,
    hide: bool,
}

async fn lines<'a>(
    conn: &mut Conn,
    ctx: &Ctx,
    set: &'a Set,
    m: NaiveDate,
    reader: &Reader,
    counter: &mut Counter,
) -> Result<Vec<(&'a str, Vec<Line<'a>>)>> {
    let (month, year) = (Period::month(m), so_far(m));
    let mut all = Vec::new();
    for section in &set.sections {
        let mut lines = Vec::new();
        for item in &section.items {
            let in_month = counter.actual(conn, ctx, &item.rule, month).await?;
            let in_year = counter.actual(conn, ctx, &item.rule, year).await?;
            lines.push(Line {
                item,
                hide: false,
                month: in_month,
                year: in_year,
            });
        }
        all.push((section.title.as_str(), lines));
    }
    if matches!(reader, Reader::Outside { .. }) {
        let items = set.sections.iter().flat_map(|s| &s.items);
        let mut wholes = Vec::new();
        for rule in progress::wholes(items.map(|i| &i.rule)) {
            let in_month = counter.actual(conn, ctx, &rule, month).await?;
            let in_year = counter.actual(conn, ctx, &rule, year).await?;
            wholes.push((rule, in_month, in_year));
        }
        hide(reader, &mut all, &wholes);
    }
    Ok(all)
}

/// Hides what a reader outside may not see: of the month, of the year so far, and of the months before
/// this one, which follow from both. `wholes`: what is counted in all, in the month and in the year.
fn hide(
    reader: &Reader,
    sections: &mut [(&str, Vec<Line<'_>>)],
    wholes: &[(Rule, Actual, Actual)],
) {
    let lines: Vec<&mut Line<'_>> = sections.iter_mut().flat_map(|(_, l)| l).collect();
    let of = |number: fn(Actual, Actual) -> Actual| {
        let items = lines
            .iter()
            .map(|l| (&l.item.rule, number(l.month, l.year)));
        let wholes = wholes.iter().map(|(rule, m, y)| (rule, number(*m, *y)));
        progress::hidden_together(reader, &items.chain(wholes).collect::<Vec<_>>())
    };
    let (month, year, before) = (of(|month, _| month), of(|_, year| year), of(before));
    for (n, line) in lines.into_iter().enumerate() {
        let hidden = |all: &[bool]| all.get(n).copied().unwrap_or(true);
        line.hide = hidden(&month) || hidden(&year) || hidden(&before);
    }
}

/// The months of the year before this one, as subtraction gives them.
fn before(month: Actual, year: Actual) -> Actual {
    match (year, month) {
        (Actual::Number { count: year, .. }, Actual::Number { count: month, .. }) => {
            Actual::Number {
                value: Amount::whole(year - month),
                count: year - month,
                of: None,
            }
        }
        _ => Actual::NoRecords,
    }
}

/// The fiscal year up to the end of a month.
fn so_far(m: NaiveDate) -> Period {
    Period::new(FiscalYear::of(m).first_day(), Period::month(m).to)
}

pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let m = month(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let filed = set::one(&mut conn, &ctx, &code).await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let mut counter = Counter::default();
    let sections = lines(&mut conn, &ctx, &filed.set, m, &reader, &mut counter).await?;
    let href = |m| format!("/statistics/sets/{code}?month={}", months::code(m));
    let form = Form::blank();
    let body = html! {
        p { a href="/statistics/sets" { "← 報告様式" } }
        p { a href=(href(months_later(m, -1))) { "← " (words::month(months_later(m, -1))) } "　" a href=(href(months_later(m, 1))) { (words::month(months_later(m, 1))) " →" } }
        @for (title, lines) in &sections {
            (list_table(&["項目", &words::month(m), "年度の初めから", "数え方"], &lines.iter().map(|l| vec![
                html! { (l.item.label) @if !l.item.note.is_empty() { span.excerpt { (l.item.note) } } },
                number(l, l.month, Period::month(m)),
                number(l, l.year, so_far(m)),
                html! { (said::rule(&ctx.engine.sources, &words, &l.item.rule)) },
            ]).collect::<Vec<_>>(), title))
        }
        (super::counted_at(counter.counted_at()))
        @if !filed.set.note.is_empty() { p.hint { (filed.set.note) } }
        p {
            (link_button(ButtonKind::Primary, &format!("/statistics/sets/{code}/excel?month={}", months::code(m)), "Excelで保存する")) " "
            @if !filed.layout_name.is_empty() { (link_button(ButtonKind::Secondary, &format!("/statistics/sets/{code}/excel?month={}&layout=1", months::code(m)), "自治体の様式で保存する")) " " }
            a href={ "/statistics/sets/" (code) "/definition" } { "定義ファイルを保存する" }
        }
        @if ctx.actor.may(Duty::KeepFigures) { (details("自治体のExcel様式を登録する", html! {
            p { "数を入れたいセルに、Excelの「名前の定義」で次の名前を付けてください。年度の初めからの数は、後ろに _Y を付けた名前のセルに入ります。書式はそのまま残ります。" }
            ul { li { "MONTH：年月" } @for (_, lines) in &sections { @for l in lines { li { (l.item.cell) "：" (l.item.label) } } } }
            (upload_form_frame(&format!("/statistics/sets/{code}/layout"), ctx.csrf(), &form, html! {
                (file_field(&form, FieldSpec::new("file", "Excelファイル（.xlsx）").required(), ".xlsx"))
                (submit_row(button(ButtonKind::Secondary, "様式を登録する", None)))
            }))
        })) }
    };
    Ok(page::page(
        &ctx.frame(),
        &format!("{}　{}", filed.set.title, words::month(m)),
        body,
    ))
}

fn number(l: &Line, actual: Actual, period: Period) -> Markup {
    match actual {
        Actual::NoRecords => html! { span.hint { (progress::NO_RECORDS) } },
        Actual::NoBase => html! { span.hint { "割る数が0です" } },
        Actual::Number { .. } if l.hide => html! { span.hint { "非公表" } },
        Actual::Number { value, .. } => html! {
            a href=(records_href(&l.item.rule.count, period)) { (value) (said::counter(&l.item.rule)) }
        },
    }
}

fn cell(l: &Line, actual: Actual) -> Cell {
    match actual.value() {
        Some(_) if l.hide => Cell::text("非公表"),
        // Three exact places; counts stay far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        Some(value) => Cell::Number(value.0 as f64 / 1_000.0),
        None => Cell::text(if actual == Actual::NoRecords {
            progress::NO_RECORDS
        } else {
            "—"
        }),
    }
}

pub async fn file(ctx: Ctx, Path(code): Path<String>, Query(pairs): Pairs) -> Result<Response> {
    ctx.need(Duty::ReadFigures)?;
    let asked = Asked(pairs);
    let m = month(&ctx, &asked);
    let (title, bytes) = {
        let mut conn = ctx.read().await?;
        let filed = set::one(&mut conn, &ctx, &code).await?;
        let words = Words::load(&mut conn, &ctx).await?;
        let reader = Reader::of(&mut conn, &ctx).await?;
        let mut counter = Counter::default();
        let sections = lines(&mut conn, &ctx, &filed.set, m, &reader, &mut counter).await?;
        let bytes = if asked.get("layout") == "1" {
            let layout = set::layout(&mut conn, &ctx, &code)
                .await?
                .ok_or(Error::NotFound)?;
            let mut cells = HashMap::from([("MONTH".to_owned(), Cell::text(words::month(m)))]);
            for l in sections.iter().flat_map(|(_, lines)| lines) {
                cells.insert(l.item.cell.clone(), cell(l, l.month));
                cells.insert(format!("{}_Y", l.item.cell), cell(l, l.year));
            }
            fill_named(&layout, &cells)
        } else {
            let mut sheet = plain(&ctx, &words, &filed.set, &sections, m);
            sheet
                .notes
                .extend(counter.counted_at().map(words::counted_at));
            write_xlsx(&[sheet])
        };
        (
            filed.set.title,
            bytes.map_err(|e| Error::Invalid(e.to_string()))?,
        )
    };
    excel::logged(&ctx, &code, &format!("{title} {}", months::code(m))).await?;
    excel::download(bytes, &format!("{title}_{}.xlsx", months::code(m)))
}

fn plain(
    ctx: &Ctx,
    words: &Words,
    set: &Set,
    sections: &[(&str, Vec<Line>)],
    m: NaiveDate,
) -> OutSheet {
    let rows = sections
        .iter()
        .flat_map(|(title, lines)| lines.iter().map(move |l| (title, l)))
        .map(|(title, l)| {
            vec![
                Cell::text(*title),
                Cell::text(l.item.label.as_str()),
                cell(l, l.month),
                cell(l, l.year),
                Cell::text(said::rule(&ctx.engine.sources, words, &l.item.rule)),
            ]
        })
        .collect();
    OutSheet {
        name: "報告".to_owned(),
        headers: vec![
            "事業".into(),
            "項目".into(),
            words::month(m),
            "年度の初めから".into(),
            "数え方".into(),
        ],
        rows,
        notes: vec![set.title.clone(), set.note.clone()],
        orientation: Orientation::Portrait,
    }
}

pub async fn layout(ctx: Ctx, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let file = chosen(&posted)?;
    // A file that cannot be filled is refused now, not on the fifth of the month.
    fill_named(&file.bytes, &HashMap::new()).map_err(|e| Error::Invalid(e.to_string()))?;
    let mut tx = ctx.write().await?;
    let filed = set::one(&mut tx, &ctx, &code).await?;
    set::keep_layout(
        &mut tx,
        &ctx,
        &filed.set,
        &file.file_name,
        file.bytes.to_vec(),
    )
    .await?;
    tx.commit().await?;
    Ok(see_other(&format!("/statistics/sets/{code}")))
}

pub async fn definition(ctx: Ctx, Path(code): Path<String>) -> Result<Response> {
    use axum::{http::header, response::IntoResponse as _};
    ctx.need(Duty::ReadFigures)?;
    let filed = set::one(&mut ctx.read().await?, &ctx, &code).await?;
    let disposition = format!("attachment; filename={}.json", filed.set.code);
    Ok((
        [
            (
                header::CONTENT_TYPE,
                "application/json; charset=utf-8".to_owned(),
            ),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        serde_json::to_string_pretty(&filed.set)?,
    )
        .into_response())
}
