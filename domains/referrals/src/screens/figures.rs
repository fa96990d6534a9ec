//! /referrals/figures: per receiver, per area and period; every number opens the sheets it counts.

use std::collections::HashMap;

use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate};
use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, FieldSpec, button, date_field, empty_state, table},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::Form,
    id::{AreaId, DeskId, RoomId},
    page,
    text::wareki::parse_date,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{list, parts};
use crate::{
    model::ReturnReason,
    rules::figures::{self as rules, Fact, Line, RULE, What, Whom},
    store,
};

/// Period, receiver and question in the address.
#[derive(Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    desk: Option<String>,
    name: Option<String>,
    area: Option<String>,
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

/// Areas by desk, and what they are called.
struct Areas {
    of: HashMap<DeskId, Vec<AreaId>>,
    names: HashMap<AreaId, String>,
}

impl Areas {
    async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let (mut of, mut names) = (HashMap::new(), HashMap::new());
        for desk in engawa_organisations::desk_cards(conn, ctx).await? {
            of.insert(desk.id, desk.areas.iter().map(|a| a.id).collect());
            names.extend(desk.areas.into_iter().map(|a| (a.id, a.name)));
        }
        Ok(Self { of, names })
    }

    fn whom(&self, fact: &Fact) -> Vec<Whom> {
        Whom::areas(fact, |d| self.of.get(&d).cloned().unwrap_or_default())
    }
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let (from, to) = asked.period(&ctx);
    let mut conn = ctx.read().await?;
    let facts = store::figures::facts(&mut conn, &ctx, from, to).await?;
    let areas = Areas::load(&mut conn, &ctx).await?;
    let desks: Vec<DeskId> = facts.iter().filter_map(|f| f.to_desk).collect();
    let names = parts::Names::of(&mut conn, &desks).await?;
    let mut form = Form::default().scoped("period");
    form.prefill("from", parts::short(&ctx, from));
    form.prefill("to", parts::short(&ctx, to));
    let draw = |lines: &[Line], first: &'static str, title: &str| {
        let rows: Vec<Vec<Markup>> = lines
            .iter()
            .map(|l| row(l, &names, &areas, (from, to)))
            .collect();
        table(
            &[
                first,
                "送付",
                "期日までに返事",
                "いま期限切れ",
                "完了",
                "完了の割合",
                "担当のいない日",
                "差戻しの理由",
            ],
            &rows,
            title,
        )
    };
    let by_receiver = rules::lines(&facts, ctx.today(), |f| vec![Whom::receiver(f)]);
    let by_area = rules::lines(&facts, ctx.today(), |f| areas.whom(f));
    let body = html! {
        p { a href="/referrals" { "← つなぐシートの一覧" } }
        form.form.form-inline method="get" action="/referrals/figures" {
            (date_field(&form, FieldSpec::new("from", "いつから")))
            (date_field(&form, FieldSpec::new("to", "いつまで")))
            (button(ButtonKind::Secondary, "数え直す", None))
        }
        @if facts.is_empty() { (empty_state("この期間に送られた、あなたが開けるつなぐシートはありません。", html! { p { "期間を広げてみてください。" } })) }
        @else {
            (draw(&by_receiver, "受け手", "受け手ごとの集計"))
            (draw(&by_area, "地区", "地区ごとの集計"))
            p.hint { "地区は、受け手の窓口が担当する地区です。いくつかの地区を担当する窓口に送ったものは、それぞれの地区で数えます。" }
            @if facts.len() >= store::figures::LIMIT { p { "数が多いため、はじめの" (store::figures::LIMIT) "件を数えています。期間を短くしてください。" } }
        }
        p.hint { (RULE) }
        p.hint { "「担当のいない日」は、番になっている窓口に職員が一人も配置されていなかった日数の合計です（履歴から数えています）。" }
    };
    Ok(page::page(&ctx.frame(), "つなぐシートの集計", body))
}

fn row(
    l: &Line,
    names: &parts::Names,
    areas: &Areas,
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<Markup> {
    let whom = match &l.whom {
        Whom::Desk(d) => format!("desk={d}"),
        Whom::Outside(name) => format!("name={}", encoded(name)),
        Whom::Area(area) => format!("area={area}"),
        Whom::NoArea => "area=none".into(),
    };
    let link = |what: What, shown: Markup| -> Markup {
        html! { a href={ "/referrals/figures/sheets?from=" (from) "&to=" (to) "&" (whom) "&what=" (what.as_code()) } { (shown) } }
    };
    let count = |what: What, n: usize| match n {
        0 => html! { "0" },
        n => link(what, html! { (n) }),
    };
    vec![
        html! { @match &l.whom {
            Whom::Desk(d) => (names.desk(*d)),
            Whom::Outside(name) => { (name) "（外）" },
            Whom::Area(area) => (areas.names.get(area).map_or("", String::as_str)),
            Whom::NoArea => "地区の決まっていない窓口・外の機関",
        } },
        count(What::Sent, l.sent),
        count(What::InTime, l.in_time),
        count(What::Overdue, l.overdue),
        count(What::Closed, l.closed),
        html! { (rules::rate(l.closed, l.sent).unwrap_or_else(|| "—".into())) },
        match l.ownerless_days {
            0 => html! { "0日" },
            days => link(What::Ownerless, html! { (days) "日" }),
        },
        html! { @if l.returned.is_empty() { "—" } @for (n, (reason, times)) in l.returned.iter().enumerate() { @if n > 0 { "、" } (reason_label(*reason)) " " (count(What::Returned(*reason), *times)) } },
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
    let whom = match (&asked.desk, &asked.area, &asked.name) {
        (Some(desk), ..) => Some(Whom::Desk(super::id(desk)?)),
        (_, Some(area), _) if area == "none" => Some(Whom::NoArea),
        (_, Some(area), _) => Some(Whom::Area(super::id(area)?)),
        (.., Some(name)) => Some(Whom::Outside(name.clone())),
        (None, None, None) => None,
    };
    let mut conn = ctx.read().await?;
    let areas = Areas::load(&mut conn, &ctx).await?;
    let of = |f: &Fact| match &whom {
        Some(w @ (Whom::Area(_) | Whom::NoArea)) => areas.whom(f).contains(w),
        Some(w) => Whom::receiver(f) == *w,
        None => true,
    };
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
