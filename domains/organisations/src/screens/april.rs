//! `/organisations/april`: who leaves, who takes over which rooms, from which day; one screen. It
//! shows counts and numbers, never what a room holds.

use std::collections::HashMap;

use axum::{extract::RawQuery, http::StatusCode, response::Response};
use chrono::Duration;
use engawa_kernel::{
    access::{self, Duty, OwnedBy, OwnedRoom},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, date_field, details, form_frame,
        hidden, notice, select_field, submit_row, table,
    },
    context::Ctx,
    db::{Conn, sql},
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{DeskId, PostingId, StaffId},
    once,
    page::page,
    text::wareki::{format_date, format_short, parse_date},
};
use maud::{Markup, html};

use super::{id_of, trail};
use crate::{
    choices::Choices,
    field::{Field, Kind, Source},
    handover::{self, Handover, Leaving, Successor},
    lookup::{self, PostingRef},
};

/// Postings that one hand-over can end.
const MAX_LEAVING: usize = 100;
/// Rooms shown one by one.
const MAX_APART: usize = 100;
const DESK: &str = "desk";
const SOURCES: &[Field] = &[
    Field::new("body", "機関", Kind::Pick(Source::Bodies)),
    Field::new("desk", "窓口", Kind::Pick(Source::Desks)),
    Field::new("staff", "職員", Kind::Pick(Source::Staff)),
];

/// One who leaves, with what the form shows.
struct Seat {
    posting: PostingRef,
    rooms: Vec<OwnedRoom>,
}

/// Everything the page needs.
struct Facts {
    seats: Vec<Seat>,
    working: Vec<PostingRef>,
    choices: Choices,
    /// Rooms without a person at the desks concerned.
    unassigned: Vec<(DeskId, String, usize)>,
    manages: bool,
}

fn allowed(ctx: &Ctx) -> Result<bool> {
    let manages = ctx.actor.may(Duty::ManageStaff);
    if !manages {
        ctx.need(Duty::Reassign)?;
    }
    Ok(manages)
}

/// GET: `?body=&desk=&staff=` lists postings, `?leave=…` (several) opens the form.
pub(crate) async fn get(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Markup> {
    allowed(&ctx)?;
    handover::settle(&ctx.engine).await?;
    let asked = Posted::parse_urlencoded(query.unwrap_or_default().as_bytes())
        .map_err(|e| Error::Invalid(e.to_string()))?;
    let leaving: Vec<PostingId> = asked
        .all("leave")
        .iter()
        .filter_map(|t| t.parse().ok())
        .collect();
    if leaving.is_empty() {
        return choose(&ctx, &asked).await;
    }
    let mut conn = ctx.read().await?;
    let facts = facts(&mut conn, &ctx, &leaving).await?;
    let mut form = Form::blank();
    for (i, seat) in facts.seats.iter().enumerate() {
        form.prefill(&format!("leave[{i}].posting"), seat.posting.id.to_string());
    }
    for (j, (desk, ..)) in facts.unassigned.iter().enumerate() {
        form.prefill(&format!("desk[{j}].from"), desk.to_string());
    }
    form.prefill("day", format_short(ctx.today(), ctx.calendar));
    Ok(plan_page(&ctx, &form, &facts))
}

/// The first half: which postings end.
async fn choose(ctx: &Ctx, asked: &Posted) -> Result<Markup> {
    let manages = allowed(ctx)?;
    let mut conn = ctx.read().await?;
    let choices = Choices::load(&mut conn, ctx, SOURCES, None).await?;
    let mut form = Form::blank();
    for field in SOURCES {
        form.prefill(field.key, asked.get(field.key).unwrap_or_default());
    }
    let id = |field: &str, source| choices.id(source, form.value(field));
    let found = postings_like(
        &mut conn,
        ctx,
        manages,
        [
            id("body", Source::Bodies),
            id("desk", Source::Desks),
            id("staff", Source::Staff),
        ],
    )
    .await?;
    let ids: Vec<PostingId> = found.iter().map(|p| p.id).collect();
    let counts = access::owned_counts(&mut conn, ctx, &ids).await?;
    let planned = handover::planned(&mut conn, ctx).await?;
    let mut known: Vec<PostingId> = planned
        .iter()
        .flat_map(|p| [Some(p.from), p.to])
        .flatten()
        .collect();
    known.dedup();
    let names = lookup::postings(&mut conn, ctx, &known).await?;
    let name = |id: &PostingId| {
        names
            .get(id)
            .map_or_else(String::new, |p| format!("{} {}", p.place, p.staff_name))
    };
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|p| {
            let (cases, consultations) = counts.get(&p.id).copied().unwrap_or_default();
            vec![
                html! { div.choice { input type="checkbox" id={ "leave-" (p.id) } name="leave" value=(p.id); label for={ "leave-" (p.id) } { (p.staff_name) } } },
                html! { (p.place) },
                html! { (p.role_label) },
                html! { (cases) "件" },
                html! { (consultations) "件" },
            ]
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "異動・退職・委託先の変更で離れる配置を選び、次の画面で後任と日を決めます。記録の中身は表示しません。" }
        @if manages {
            form.form method="get" action="/organisations/april" {
                @for field in SOURCES {
                    @if let Kind::Pick(source) = field.kind {
                        (select_field(&form, FieldSpec::new(field.key, field.label), &choices.options(source, &[])))
                    }
                }
                (submit_row(button(ButtonKind::Secondary, "絞り込む", None)))
            }
        }
        @if rows.is_empty() { p { "合う配置がありません。絞り込みを変えてください。" } } @else {
            form.form method="get" action="/organisations/april" {
                (table(&["離れる職員", "配置", "役割", "ケース", "相談受付"], &rows, "今の配置"))
                @if found.len() >= MAX_LEAVING { p { "先頭の" (MAX_LEAVING) "件を表示しています。機関や窓口で絞り込んでください。" } }
                (submit_row(button(ButtonKind::Primary, "選んだ配置の後任を決める", None)))
            }
        }
        @if !planned.is_empty() {
            h2 { "予定されている引き継ぎ" }
            ul {
                @for p in &planned {
                    li {
                        (format_date(p.day, ctx.calendar)) "から: " (name(&p.from)) " → "
                        @if let Some(to) = &p.to { (name(to)) } @else { "窓口で預かる" }
                        @if let Some(n) = p.rooms { "(" (n) "件)" } @else { "(すべて)" }
                        @if p.day < ctx.today() { " 実行できていません。取り消して、もう一度決めてください。" }
                        @if manages {
                            form method="post" action={ "/organisations/april/" (p.id) "/cancel" } {
                                (hidden("csrf", ctx.csrf()))
                                (button(ButtonKind::Quiet, "この予定を取り消す", None))
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&ctx.frame(), "4月の引き継ぎ", body))
}

async fn postings_like(
    conn: &mut Conn,
    ctx: &Ctx,
    manages: bool,
    [body, desk, staff]: [Option<uuid::Uuid>; 3],
) -> Result<Vec<PostingRef>> {
    let own: Vec<DeskId> = ctx
        .actor
        .postings
        .iter()
        .filter(|p| p.role.may(Duty::Reassign))
        .filter_map(|p| p.desk)
        .collect();
    let mut q = sql(
        "select p.id from posting p join staff s on s.id = p.staff_id where s.municipality_id = :m
            and (p.valid_to is null or p.valid_to >= :today) and p.valid_from <= :today",
    )
    .bind("m", ctx.municipality)
    .bind("today", ctx.today());
    if !manages {
        q = q.push("and p.desk_id in (:own)").bind_all("own", own);
    }
    if let Some(body) = body {
        q = q.push("and p.body_id = :body").bind("body", body);
    }
    if let Some(desk) = desk {
        q = q.push("and p.desk_id = :desk").bind("desk", desk);
    }
    if let Some(staff) = staff {
        q = q.push("and p.staff_id = :staff").bind("staff", staff);
    }
    let limit = i64::try_from(MAX_LEAVING).unwrap_or(i64::MAX);
    let ids: Vec<PostingId> = conn
        .rows(
            q.push("order by s.kana, s.name, p.id limit :limit")
                .bind("limit", limit),
        )
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect::<Result<_>>()?;
    let mut refs = lookup::postings(conn, ctx, &ids).await?;
    Ok(ids.iter().filter_map(|id| refs.remove(id)).collect())
}

async fn facts(conn: &mut Conn, ctx: &Ctx, leaving: &[PostingId]) -> Result<Facts> {
    let manages = allowed(ctx)?;
    if leaving.len() > MAX_LEAVING {
        return Err(Error::Invalid(format!(
            "一度に引き継げる配置は{MAX_LEAVING}件までです。窓口ごとに分けてください。"
        )));
    }
    // Only what the first half would have offered; anything else does not exist for this user.
    let found = if manages {
        lookup::postings(conn, ctx, leaving).await?
    } else {
        let own = postings_like(conn, ctx, false, [None; 3]).await?;
        own.into_iter()
            .map(|p| (p.id, p))
            .collect::<HashMap<_, _>>()
    };
    let mut seats = Vec::new();
    for id in leaving {
        let posting = found
            .get(id)
            .filter(|p| p.active)
            .cloned()
            .ok_or(Error::NotFound)?;
        let rooms = access::owned_rooms(conn, ctx, OwnedBy::Posting(*id)).await?;
        seats.push(Seat { posting, rooms });
    }
    let mut working = lookup::working_postings(conn, ctx).await?;
    working.retain(|p| p.desk.is_some() && !leaving.contains(&p.id));
    let mut unassigned = Vec::new();
    let mut desks: Vec<DeskId> = seats.iter().filter_map(|s| s.posting.desk).collect();
    desks.sort_unstable();
    desks.dedup();
    let names = lookup::desk_names(conn, &desks).await?;
    for desk in desks {
        let rooms = access::owned_rooms(conn, ctx, OwnedBy::Unassigned(desk)).await?;
        if !rooms.is_empty() && manages {
            unassigned.push((
                desk,
                names.get(&desk).cloned().unwrap_or_default(),
                rooms.len(),
            ));
        }
    }
    Ok(Facts {
        seats,
        working,
        choices: Choices::load(conn, ctx, SOURCES, None).await?,
        unassigned,
        manages,
    })
}

/// POST: carries it out, in one transaction.
pub(crate) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    allowed(&ctx)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let leaving: Vec<PostingId> = form
        .indexed("leave")
        .into_iter()
        .filter_map(|i| form.value(&format!("leave[{i}].posting")).parse().ok())
        .collect();
    if leaving.is_empty() {
        return Err(Error::Invalid("離れる配置が選ばれていません。".into()));
    }
    let facts = facts(&mut tx, &ctx, &leaving).await?;
    let Some(plan) = read_plan(&ctx, &mut form, &facts) else {
        let page = plan_page(&ctx, &form, &facts);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    match handover::carry_out(&mut tx, &ctx, &plan).await {
        Ok(_) => {}
        Err(Error::Invalid(why)) => {
            form.error("day", "引き継ぎ", why);
            let page = plan_page(&ctx, &form, &facts);
            return Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(page),
            ));
        }
        Err(e) => return Err(e),
    }
    let to = "/organisations/april";
    once::lead_to(&mut tx, &ctx, &form.once, to).await?;
    tx.commit().await?;
    Ok(see_other(to))
}

/// POST `/organisations/april/{id}/cancel`
pub(crate) async fn cancel(
    ctx: Ctx,
    axum::extract::Path(id): axum::extract::Path<String>,
    _posted: Posted,
) -> Result<Response> {
    ctx.need(Duty::ManageStaff)?;
    let mut tx = ctx.write().await?;
    handover::cancel(&mut tx, &ctx, id_of(&id)?).await?;
    tx.commit().await?;
    Ok(see_other("/organisations/april"))
}

fn read_plan(ctx: &Ctx, form: &mut Form, facts: &Facts) -> Option<Handover> {
    let today = ctx.today();
    let day = form.parsed("day", "切り替えの日", true, |t| parse_date(t, today));
    if let Some(day) = day
        && !(today - Duration::days(31)..=today + Duration::days(92)).contains(&day)
    {
        form.error(
            "day",
            "切り替えの日",
            "「切り替えの日」は、1か月前から3か月先までの日を入れてください。",
        );
    }
    if let Some(day) = day
        && !facts.manages
        && day > today
    {
        form.error("day", "切り替えの日", "先の日付の引き継ぎはシステム管理者に頼んでください。ここでは今日の引き継ぎができます。");
    }
    let mut leaving = Vec::new();
    for (i, seat) in facts.seats.iter().enumerate() {
        let at = |key: &str| format!("leave[{i}].{key}");
        let successor = successor(form, facts, &at("to"), &at("staff"), !seat.rooms.is_empty());
        let mut apart = Vec::new();
        for room in &seat.rooms {
            let name = at(&format!("room.{}", room.id));
            if form.value(&name).is_empty() {
                continue;
            }
            match form.value(&name).parse::<PostingId>() {
                Ok(to) if facts.working.iter().any(|p| p.id == to) => apart.push((room.id, to)),
                _ => form.error(
                    &name,
                    &room.number,
                    format!("{}の後任を、選択肢から選び直してください。", room.number),
                ),
            }
        }
        if let Some(successor) = successor {
            let posting = seat.posting.id;
            let retires = facts.manages && form.flag(&at("retires"));
            leaving.push(Leaving {
                posting,
                successor,
                apart,
                retires,
            });
        }
    }
    let mut desks = Vec::new();
    for j in form.indexed("desk") {
        let from = form
            .value(&format!("desk[{j}].from"))
            .parse::<DeskId>()
            .ok();
        let to = form.value(&format!("desk[{j}].to")).to_owned();
        if to.is_empty() {
            continue;
        }
        let from = from.filter(|d| facts.unassigned.iter().any(|(known, ..)| known == d));
        match (from, facts.choices.id(Source::Desks, &to)) {
            (Some(from), Some(to)) if from.0 != to => desks.push((from, DeskId(to))),
            _ => form.error(
                &format!("desk[{j}].to"),
                "移す窓口",
                "「移す窓口」を選び直してください。",
            ),
        }
    }
    (!form.has_errors()).then_some(())?;
    Some(Handover {
        day: day?,
        leaving,
        desks,
    })
}

fn successor(
    form: &mut Form,
    facts: &Facts,
    to: &str,
    staff: &str,
    has_rooms: bool,
) -> Option<Successor> {
    let (existing, newcomer) = (form.value(to).to_owned(), form.value(staff).to_owned());
    match (existing.as_str(), newcomer.as_str()) {
        ("", "") if has_rooms => {
            form.error(to, "後任", "担当の記録があるので、後任を選んでください。決まっていなければ「窓口で預かる」を選べます。");
            None
        }
        ("" | DESK, "") => Some(Successor::Desk),
        ("", _) if facts.manages => match facts.choices.id(Source::Staff, &newcomer) {
            Some(id) => Some(Successor::Newcomer(StaffId(id))),
            None => {
                form.error(
                    staff,
                    "新しく着く職員",
                    "「新しく着く職員」を選び直してください。",
                );
                None
            }
        },
        (_, "") => match existing.parse::<PostingId>() {
            Ok(id) if facts.working.iter().any(|p| p.id == id) => Some(Successor::Posting(id)),
            _ => {
                form.error(
                    to,
                    "後任",
                    "「後任」を選択肢から選び直してください。離れる人自身は選べません。",
                );
                None
            }
        },
        _ => {
            form.error(
                to,
                "後任",
                "「後任」と「新しく着く職員」は、どちらか一方だけを選んでください。",
            );
            None
        }
    }
}

fn plan_page(ctx: &Ctx, form: &Form, facts: &Facts) -> Markup {
    let said: Vec<(String, String)> = facts
        .working
        .iter()
        .map(|p| {
            (
                p.id.to_string(),
                format!("{} {}({})", p.place, p.staff_name, p.role_label),
            )
        })
        .collect();
    let mut options: Vec<(&str, &str)> = vec![(DESK, "窓口で預かる(担当はあとで決める)")];
    options.extend(said.iter().map(|(a, b)| (a.as_str(), b.as_str())));
    let staff = facts.choices.options(Source::Staff, &[]);
    let desks = facts.choices.options(Source::Desks, &[]);
    let fields = html! {
        (date_field(form, FieldSpec::new("day", "切り替えの日").required().hint("この日から後任の担当になります。離れる人は、前の日までで閲覧も記入もできなくなります。")))
        @for (i, seat) in facts.seats.iter().enumerate() {
            fieldset.repeated-row {
                legend.row-legend { (seat.posting.staff_name) " — " (seat.posting.place) " " (seat.posting.role_label) }
                (hidden(&format!("leave[{i}].posting"), &seat.posting.id.to_string()))
                p { "担当: " (counted(&seat.rooms)) }
                (select_field(form, FieldSpec::new(format!("leave[{i}].to"), "後任(今の配置から)"), &options))
                @if facts.manages {
                    (select_field(form, FieldSpec::new(format!("leave[{i}].staff"), "または、同じ席に新しく着く職員").hint("同じ機関・窓口・役割の配置を作ります。"), &staff))
                    (check_box(form, FieldSpec::new(format!("leave[{i}].retires"), "退職する(前の日で在職も終わる)")))
                }
                @if !seat.rooms.is_empty() {
                    @let near: Vec<(&str, &str)> = facts.working.iter().zip(&said)
                        .filter(|(p, _)| p.desk == seat.posting.desk).map(|(_, s)| (s.0.as_str(), s.1.as_str())).take(50).collect();
                    (details("記録ごとに別の後任を選ぶ", html! {
                        @if seat.rooms.len() > MAX_APART { p { "先頭の" (MAX_APART) "件を表示しています。" } }
                        @for room in seat.rooms.iter().take(MAX_APART) {
                            (select_field(form, FieldSpec::new(format!("leave[{i}].room.{}", room.id), room.number.as_str()), &near))
                        }
                    }))
                }
            }
        }
        @for (j, (desk, name, rooms)) in facts.unassigned.iter().enumerate() {
            (hidden(&format!("desk[{j}].from"), &desk.to_string()))
            (select_field(form, FieldSpec::new(format!("desk[{j}].to"), format!("{name}: 担当の決まっていない記録 {rooms}件を移す窓口")).hint("委託先が変わるときに選びます。空欄なら今の窓口のままです。移すのは保存したときです。"), &desks))
        }
        (submit_row(button(ButtonKind::Danger, "引き継ぎを実行する", None)))
    };
    let body = html! {
        (trail(&[("/organisations/april", "4月の引き継ぎ")]))
        (notice(NoticeKind::Info, "", html! {
            @if facts.manages {
                p { "保存すると、離れる配置は切り替えの日の前の日で終わり、その配置の閲覧権はすべて取り消されます(支援チームの分も含む)。やることは後任に移ります。過去の記録には前の担当者の名前が残ります。" }
            } @else {
                p { "保存すると、担当の記録とやることが後任に移り、前の担当者はその記録を開けなくなります。配置そのものは変わりません。" }
            }
        }))
        (form_frame("/organisations/april", ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "後任を決める", body)
}

fn counted(rooms: &[OwnedRoom]) -> String {
    let cases = rooms
        .iter()
        .filter(|r| r.kind == access::RoomKind::Case)
        .count();
    format!("ケース{cases}件、相談受付{}件", rooms.len() - cases)
}
