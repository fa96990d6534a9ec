//! `/organisations/april`: who leaves, who takes over which rooms, from which day; one screen. It
//! shows counts and numbers, never what a room holds.

mod choose;
mod plan;

use std::collections::HashMap;

use axum::{extract::RawQuery, http::StatusCode, response::Response};
use chrono::{Datelike as _, Duration, NaiveDate};
use engawa_kernel::{
    access::{self, Duty, OwnedBy, OwnedRoom},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{DeskId, PostingId},
    once,
    text::wareki::format_short,
};
use maud::Markup;

use self::{
    choose::{choose, postings_like},
    plan::{plan_page, read_plan},
};
use super::id_of;
use crate::{
    choices::Choices,
    field::{Field, Kind, Source},
    handover,
    lookup::{self, PostingRef},
};

/// Postings that one hand-over can end.
const MAX_LEAVING: usize = 100;
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
    if let Some(day) = first_day(&ctx, facts.manages) {
        form.prefill("day", format_short(day, ctx.calendar));
    }
    Ok(plan_page(&ctx, &form, &facts))
}

/// The day that the form begins with: who ends postings gets the next 1 April when it is near, and
/// otherwise says the day: with today filled in, one press would end a colleague's rights at once.
/// A supervisor moves records only, which happens today or not at all.
fn first_day(ctx: &Ctx, manages: bool) -> Option<NaiveDate> {
    let today = ctx.today();
    if !manages {
        return Some(today);
    }
    [today.year(), today.year() + 1]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, 4, 1))
        .find(|day| *day > today && *day <= today + Duration::days(92))
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
