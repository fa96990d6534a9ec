//! /referrals/figures: per receiver and period; every number opens the sheets it counts.

use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate};
use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, FieldSpec, button, date_field, empty_state, table},
    context::Ctx,
    error::{Error, Result},
    form::Form,
    id::{DeskId, RoomId},
    page,
    text::wareki::parse_date,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{list, parts};
use crate::{
    model::ReturnReason,
    rules::figures::{self as rules, Fact, Line, RULE, What},
    store,
};

/// Period, receiver and question in the address.
#[derive(Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    desk: Option<String>,
    name: Option<String>,
    what: Option<String>,
}

impl Asked {
    /// The period; the fiscal year to date where nothing readable is given.
    fn period(&self, ctx: &Ctx) -> (NaiveDate, NaiveDate) {
        let today = ctx.today();
        let year = if today.month() < 4 {
            today.year() - 1
        } else {
            today.year()
        };
        let april = NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today);
        let read = |t: &Option<String>| t.as_deref().and_then(|t| parse_date(t, today).ok());
        let from = read(&self.from).unwrap_or(april);
        let to = read(&self.to).unwrap_or(today);
        (from.min(to), from.max(to))
    }
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let (from, to) = asked.period(&ctx);
    let mut conn = ctx.read().await?;
    let facts = store::figures::facts(&mut conn, &ctx, from, to).await?;
    let lines = rules::lines(&facts, ctx.today());
    let desks: Vec<DeskId> = lines.iter().filter_map(|l| l.desk).collect();
    let names = parts::Names::of(&mut conn, &desks).await?;
    let mut form = Form::default().scoped("period");
    form.prefill("from", parts::short(&ctx, from));
    form.prefill("to", parts::short(&ctx, to));
    let rows: Vec<Vec<Markup>> = lines.iter().map(|l| row(l, &names, from, to)).collect();
    let body = html! {
        p { a href="/referrals" { "← つなぐシートの一覧" } }
        form.form.form-inline method="get" action="/referrals/figures" {
            (date_field(&form, FieldSpec::new("from", "いつから")))
            (date_field(&form, FieldSpec::new("to", "いつまで")))
            (button(ButtonKind::Secondary, "数え直す", None))
        }
        @if rows.is_empty() { (empty_state("この期間に送られた、あなたが開けるつなぐシートはありません。", html! { p { "期間を広げてみてください。" } })) }
        @else {
            (table(&["受け手", "送付", "期日までに返事", "いま期限切れ", "完了", "完了の割合", "担当のいない日", "差戻しの理由"], &rows, "受け手ごとの集計"))
            @if facts.len() >= store::figures::LIMIT { p { "数が多いため、はじめの" (store::figures::LIMIT) "件を数えています。期間を短くしてください。" } }
        }
        p.hint { (RULE) }
        p.hint { "「担当のいない日」は、番になっている窓口に職員が一人も配置されていなかった日数の合計です（履歴から数えています）。" }
    };
    Ok(page::page(&ctx.frame(), "つなぐシートの集計", body))
}

fn row(l: &Line, names: &parts::Names, from: NaiveDate, to: NaiveDate) -> Vec<Markup> {
    let link = |what: What, n: usize| -> Markup {
        if n == 0 {
            return html! { "0" };
        }
        let whom = l.desk.map_or_else(
            || format!("name={}", encoded(&l.name)),
            |d| format!("desk={d}"),
        );
        html! { a href={ "/referrals/figures/sheets?from=" (from) "&to=" (to) "&" (whom) "&what=" (what.as_code()) } { (n) } }
    };
    vec![
        html! { @match l.desk { Some(d) => (names.desk(d)), None => { (l.name) "（外）" } } },
        link(What::Sent, l.sent),
        link(What::InTime, l.in_time),
        link(What::Overdue, l.overdue),
        link(What::Closed, l.closed),
        html! { (rules::rate(l.closed, l.sent).unwrap_or_else(|| "—".into())) },
        html! { @if l.ownerless_days > 0 { a href={ "/referrals/figures/sheets?from=" (from) "&to=" (to) "&" @match l.desk { Some(d) => { "desk=" (d) } None => { "name=" (encoded(&l.name)) } } "&what=ownerless" } { (l.ownerless_days) "日" } } @else { "0日" } },
        html! { @if l.returned.is_empty() { "—" } @for (n, (reason, count)) in l.returned.iter().enumerate() { @if n > 0 { "、" } (reason_label(*reason)) " " (link(What::Returned(*reason), *count)) } },
    ]
}

const fn reason_label(reason: ReturnReason) -> &'static str {
    reason.label()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// GET /referrals/figures/sheets: the sheets behind a number.
pub async fn sheets(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let (from, to) = asked.period(&ctx);
    let what = asked
        .what
        .as_deref()
        .and_then(What::from_code)
        .ok_or(Error::NotFound)?;
    let desk = match asked.desk.as_deref() {
        Some(d) => Some(super::id::<DeskId>(d)?),
        None => None,
    };
    let of = |f: &Fact| match desk {
        Some(_) => f.to_desk == desk,
        None => asked
            .name
            .as_ref()
            .is_none_or(|n| f.to_desk.is_none() && f.to_name == *n),
    };
    let mut conn = ctx.read().await?;
    let rooms: Vec<RoomId> = store::figures::facts(&mut conn, &ctx, from, to)
        .await?
        .iter()
        .filter(|f| of(f) && what.holds(f, ctx.today()))
        .map(|f| f.room)
        .collect();
    let shown = store::list::these(&mut conn, &ctx, &rooms[..rooms.len().min(500)]).await?;
    let names = parts::Names::load(&mut conn, &shown).await?;
    let rows: Vec<Vec<Markup>> = shown.iter().map(|s| list::row(&ctx, s, &names)).collect();
    let body = html! {
        p { a href={ "/referrals/figures?from=" (from) "&to=" (to) } { "← 集計" } }
        p { (parts::day(&ctx, from)) "から" (parts::day(&ctx, to)) "までに送ったもののうち、" (what.label()) "：" (rooms.len()) "件" }
        @if rooms.len() > 500 { p { "はじめの500件を表示しています。" } }
        (table(&list::HEADS, &rows, &what.label()))
    };
    Ok(page::page(&ctx.frame(), "集計のもとのつなぐシート", body))
}
