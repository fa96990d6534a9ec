//! The same as JSON: exactly this user's keys.

mod bodies;
mod border;

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use engawa_kernel::{
    access::{self, Duty, RoomKind},
    context::{Ctx, Engine},
    error::{ApiError, Error},
    http::{self, ApiJson},
    id::RoomId,
    once,
    text::exceeds_graphemes,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::{Act, Doing, To, WithdrawReason},
    rules::gravity,
    store::{
        act as acts,
        list::{self, View},
        peers, send, settings, sheet, steps,
    },
};

use bodies::{
    ActInput, Moved, SheetDetail, SheetInput, SheetLine, SheetList, Written, content, read_line,
};

type Answer<T> = Result<T, ApiError>;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list_sheets, create))
        .routes(routes!(one))
        .routes(routes!(do_act))
        .merge(border::routes())
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// received (default), sent, overdue, returned, done
    view: Option<String>,
    /// From 1
    page: Option<String>,
}

/// Sheets that the user has a key to.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referrals", params(Asked), responses((status = 200, body = SheetList)))]
async fn list_sheets(ctx: Ctx, Query(asked): Query<Asked>) -> Answer<Json<SheetList>> {
    let view = View::from_code(asked.view.as_deref().unwrap_or_default());
    let page = asked
        .page
        .and_then(|p| p.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 10_000);
    let sheets = list::page(&mut ctx.read().await?, &ctx, view, page).await?;
    Ok(Json(SheetList {
        items: sheets.iter().map(SheetLine::of).collect(),
    }))
}

/// One sheet.
#[utoipa::path(get, path = "/api/v1/referrals/{room}", tag = "referrals", params(("room" = String, Path)),
    responses((status = 200, body = SheetDetail), (status = 404, description = "No such sheet, or no key")))]
async fn one(ctx: Ctx, Path(room): Path<String>) -> Answer<Json<SheetDetail>> {
    let room: RoomId = http::id(&room)?;
    let key = access::open(
        &ctx,
        room,
        RoomKind::Referral,
        access::Act::Read,
        "api referral",
    )
    .await?;
    let mut conn = ctx.read().await?;
    let sheet = sheet::read(&mut conn, &key).await?;
    let history = steps::all(&mut conn, &key).await?;
    let sides = acts::sides(&ctx, &sheet);
    let sends = sides.contains(&crate::model::Side::Sender);
    let possible = if key.may_write() {
        acts::possible(&ctx, &sheet)
    } else {
        Vec::new()
    };
    let withdrawn = history
        .iter()
        .filter(|s| s.act == Some(Act::Withdraw))
        .find_map(|s| WithdrawReason::from_code(&s.reason));
    let facts = gravity::Facts {
        outcome: sheet.outcome,
        returned: sheet.return_reason,
        begun: history.iter().any(|s| s.act == Some(Act::Accept)),
        withdrawn,
    };
    Ok(Json(SheetDetail {
        sheet: SheetLine::of(&sheet),
        task_status: gravity::status(sheet.state, facts),
        source: sends.then_some(sheet.source),
        lines: sheet.lines.iter().map(|l| read_line(l, sends)).collect(),
        history: history.into_iter().map(Into::into).collect(),
        possible,
    }))
}

fn token(headers: &HeaderMap) -> Result<&str, Error> {
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid("Idempotency-Keyは64文字までです。".into()));
    }
    Ok(token)
}

/// Writes a sheet and sends it (or keeps it as a draft). The same `Idempotency-Key` twice makes one.
#[utoipa::path(post, path = "/api/v1/referrals", tag = "referrals", request_body = SheetInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Written), (status = 404, description = "No such record, or no key"), (status = 422, description = "What was sent is wrong, or may not be passed on")))]
async fn create(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(input): ApiJson<SheetInput>,
) -> Answer<(StatusCode, Json<Written>)> {
    ctx.need(Duty::WorkCase)?;
    let token = token(&headers)?;
    let room = input.source;
    let (draft, follows, text_checked) = (input.draft, input.follows, input.text_checked);
    let kind = sheet::kind_of(&mut ctx.read().await?, &ctx, room).await?;
    let (mut tx, source) = access::open_for_write(&ctx, room, kind, "api referral").await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(location)) => {
            return Ok((StatusCode::CREATED, Json(Written { location })));
        }
        done => done?,
    }
    let days = settings::load(&mut tx, &ctx).await?.deadlines();
    let peer = match input.to_peer {
        Some(peer) => Some(peers::receiver(&mut tx, &ctx, peer).await?),
        None => None,
    };
    let content = content(&ctx, input, peer, days)?;
    if let To::Desk(desk, _) = content.to {
        engawa_organisations::desk(&mut tx, &ctx, desk).await?;
    }
    let key = sheet::begin(&mut tx, &ctx, &source, &content, follows).await?;
    if !draft {
        send::send(&mut tx, &ctx, &key, 1, text_checked).await?;
    }
    let location = format!("/referrals/{}", key.room());
    once::lead_to(&mut tx, &ctx, token, &location).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Written { location })))
}

/// Does something with a sheet: receive, accept, return, report, close …
#[utoipa::path(post, path = "/api/v1/referrals/{room}/acts", tag = "referrals", request_body = ActInput,
    params(("room" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 200, body = Moved), (status = 404, description = "No such sheet, or no key"), (status = 409, description = "Somebody else was first"), (status = 422, description = "It cannot be done now")))]
async fn do_act(
    ctx: Ctx,
    Path(room): Path<String>,
    headers: HeaderMap,
    ApiJson(input): ApiJson<ActInput>,
) -> Answer<Json<Moved>> {
    let room: RoomId = http::id(&room)?;
    let token = token(&headers)?;
    for (name, text, max) in [
        ("note", &input.note, 4000),
        ("proposal", &input.proposal, 500),
        ("answered_by", &input.answered_by, 100),
    ] {
        if exceeds_graphemes(text, max) {
            return Err(Error::Invalid(format!("「{name}」は{max}文字までです。")).into());
        }
    }
    let (mut tx, key) =
        access::open_for_write(&ctx, room, RoomKind::Referral, "api referral").await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(_)) => {
            let now = sheet::read(&mut tx, &key).await?;
            return Ok(Json(Moved {
                state: now.state,
                version: now.version,
            }));
        }
        done => done?,
    }
    let doing = Doing {
        note: input.note,
        return_reason: input.return_reason,
        proposal: input.proposal,
        withdraw_reason: input.withdraw_reason,
        outcome: input.outcome,
        linked: input.linked,
        part: input.part,
        resume_on: input.resume_on,
        due_on: input.due_on,
        keep_seat: input.keep_seat,
        channel: input.channel,
        answered_by: input.answered_by,
        text_checked: input.text_checked,
        ..Doing::new(input.act)
    };
    acts::act(&mut tx, &ctx, &key, &doing, input.version).await?;
    once::lead_to(&mut tx, &ctx, token, &format!("/referrals/{room}")).await?;
    let now = sheet::read(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(Json(Moved {
        state: now.state,
        version: now.version,
    }))
}
