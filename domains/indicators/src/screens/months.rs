//! /statistics/months: which months are closed; /statistics/months/{month}: the frozen numbers beside
//! those of today.

use axum::{extract::Path, response::Response};
use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    clock,
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, form_frame, list_table, notice,
        submit_row, tag, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once, page,
    text::wareki,
};
use engawa_organisations::staff_names;
use maud::{Markup, html};

use super::asked::records_href;
use crate::{
    period::{Period, month_start, months_later},
    progress,
    report::Reader,
    rules::{said, target::Amount},
    store::{
        actual::Counter,
        closing::{self, Closing},
    },
    words,
};

/// Months on the list.
const SHOWN: i32 = 24;

/// 2026-10
pub fn code(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

/// From the address.
///
/// # Errors
/// It is no month.
pub fn month(code: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{code}-01"), "%Y-%m-%d").map_err(|_| Error::NotFound)
}

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let mut conn = ctx.read().await?;
    let this = month_start(ctx.today());
    let first = months_later(this, 1 - SHOWN);
    let closed = closing::since(&mut conn, &ctx, first).await?;
    let by: Vec<_> = closed.iter().map(|c| c.closed_by).collect();
    let names = staff_names(&mut conn, &by).await?;
    let rows: Vec<Vec<Markup>> = (0..SHOWN)
        .map(|n| months_later(this, -n))
        .map(|m| {
            let closing = closed.iter().find(|c| c.month == m);
            vec![
                html! { a href={ "/statistics/months/" (code(m)) } { (words::month(m)) } },
                html! { @match closing {
                    Some(_) => (tag(TagKind::Done, "締め済み")),
                    None if m == this => (tag(TagKind::Active, "今月")),
                    None => (tag(TagKind::Waiting, "まだ締めていない")),
                } },
                html! { @match closing { Some(c) => { (when(&ctx, c)) "　" (names.get(&c.closed_by).map_or("", String::as_str)) } None => "—" } },
            ]
        })
        .collect();
    let body = html! {
        p { a href="/statistics" { "← 統計" } }
        p { "月を締めると、その日の数をそのまま残します。後から入力された分は、締めた数との差として分かります。" }
        (list_table(&["月", "締め", "締めた日と人"], &rows, "月の締め"))
    };
    Ok(page::page(&ctx.frame(), "月の締め", body))
}

fn when(ctx: &Ctx, c: &Closing) -> String {
    let at = wareki::format_date_time(clock::local(c.closed_at), ctx.calendar);
    if c.edition > 1 {
        format!("{at}（{}回目）", c.edition)
    } else {
        at
    }
}

pub async fn show(ctx: Ctx, Path(path): Path<String>) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let m = month(&path)?;
    let form = Form::blank();
    view(&ctx, m, &form).await
}

async fn view(ctx: &Ctx, m: NaiveDate, form: &Form) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let closed = closing::of_month(&mut conn, ctx, m).await?;
    let reader = Reader::of(&mut conn, ctx).await?;
    let period = Period::month(m);
    let mut counter = Counter::default();
    let mut rows = Vec::new();
    let mut changed = 0;
    if let Some(c) = &closed {
        let frozen = closing::frozen(&mut conn, c).await?;
        let mut today = Vec::with_capacity(frozen.len());
        for f in &frozen {
            today.push((
                &f.rule,
                counter.actual(&mut conn, ctx, &f.rule, period).await?,
            ));
        }
        let then: Vec<_> = frozen.iter().map(|f| (&f.rule, f.count())).collect();
        let hide = [&then, &today].map(|lines| progress::hidden_together(&reader, lines));
        for (line, (f, (_, now))) in frozen.iter().zip(&today).enumerate() {
            let now = now.value();
            let difference = f.n.zip(now).map(|(a, b)| Amount(b.0 - a.0));
            changed += usize::from(difference.is_some_and(|d| d.0 != 0));
            let hide = small(&reader, difference) || hide.iter().any(|all| all[line]);
            let n = |a: Option<Amount>| match a {
                _ if hide => "非公表".to_owned(),
                Some(a) => format!("{a}{}", said::counter(&f.rule)),
                None => "—".to_owned(),
            };
            let late = format!(
                "{}&late={}",
                records_href(&f.rule.count, period),
                c.closed_at.format("%Y-%m-%dT%H:%M:%S%.6fZ")
            );
            rows.push(vec![
                html! { (f.label) },
                html! { (n(f.n)) },
                html! { (n(now)) },
                html! { @match difference { Some(d) if d.0 != 0 && !hide => { @if d.0 > 0 { "+" } (d) " " a href=(late) { "後から入力された記録" } } Some(_) if !hide => "0", _ => "—" } },
            ]);
        }
    }
    let may = ctx.actor.may(Duty::KeepFigures) && period.to < ctx.today();
    let body = html! {
        p { a href="/statistics/months" { "← 月の締め" } }
        @match &closed {
            Some(c) => {
                p { (when(ctx, c)) "に締めました。" @if !c.note.is_empty() { "（" (c.note) "）" } }
                @if changed > 0 { (notice(NoticeKind::Info, "締めた後に変わった数があります", html! { p { (changed) "項目。後から入力された記録のほか、取り消しや訂正、区分の変更でも変わります。締めた数は変えません。" } })) }
                (super::counted_at(counter.counted_at()))
                (list_table(&["項目", "締めた数", "いまの数", "差"], &rows, &format!("{}の数", words::month(m))))
            }
            None => { p { "この月は、まだ締めていません。" } }
        }
        @if may {
            h2 { @if closed.is_some() { "締め直す" } @else { "この月を締める" } }
            (form_frame(&format!("/statistics/months/{}", code(m)), ctx.csrf(), form, html! {
                (text_field(form, FieldSpec::new("note", "ひとこと").maxlength(200).hint("締め直すときは、わけを書いておくと後で分かります。前に締めた数も残ります。")))
                (submit_row(button(ButtonKind::Primary, "この月を締める", None)))
            }))
        }
    };
    Ok(page::page(&ctx.frame(), &words::month(m), body))
}

/// Whether a difference is too small for a reader outside; then both numbers are.
fn small(reader: &Reader, difference: Option<Amount>) -> bool {
    match reader {
        Reader::Inside => false,
        Reader::Outside { limit, .. } => {
            difference.is_some_and(|d| d.0 != 0 && d.0.abs() < limit * 1_000)
        }
    }
}

pub async fn close(ctx: Ctx, Path(path): Path<String>, posted: Posted) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let m = month(&path)?;
    let mut form = Form::from_posted(posted);
    let note = form.text("note", "ひとこと", 200, false);
    if form.has_errors() {
        let page = view(&ctx, m, &form).await?;
        return Err(Error::Page(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let to = format!("/statistics/months/{}", code(m));
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    closing::close(&mut tx, &ctx, m, &note).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}
