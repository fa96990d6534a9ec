//! `/api/v1/consultations`: take in once (`Idempotency-Key`), read one, list. Exactly the keys of
//! the token's user. Who gave a third-party notice is not part of the API.

mod bodies;

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use chrono::DateTime;
use engawa_kernel::{
    access::{self, Act, Duty, RoomKind},
    clock,
    context::{Ctx, Engine},
    error::{ApiError, Error, Result},
    form::Form,
    http::{self, ApiJson},
    text::wareki::{FIRST_DAY, LAST_DAY},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    screens::{
        new::{Setting, parse},
        slip::is_lay,
    },
    store::{self, View},
};
use bodies::{Ask, ConsultationBody, LineBody, ListBody, NewBody, TakenBody};

/// Items of one answer at most.
const MAX: u32 = 200;

pub(crate) fn router() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one))
}

/// Lay receivers have slips, on their own screen.
fn professional(ctx: &Ctx) -> Result<()> {
    ctx.need(Duty::Receive)?;
    if is_lay(ctx) {
        return Err(Error::Forbidden(
            "協力者の受付票は、受付票の画面から出してください。".into(),
        ));
    }
    Ok(())
}

/// The consultations that the user may see.
#[utoipa::path(get, path = "/api/v1/consultations", params(Ask), tag = "consultations",
    responses((status = 200, body = ListBody), (status = 403, description = "the role takes nothing in")))]
async fn list(
    ctx: Ctx,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Json<ListBody>, ApiError> {
    professional(&ctx)?;
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    let view = match ask.scope.as_str() {
        "mine" => View::Mine,
        "all" => View::All,
        _ => View::Desk,
    };
    let open = match ask.state.as_str() {
        "open" => Some(true),
        "closed" => Some(false),
        _ => None,
    };
    let limit = ask.limit.parse::<u32>().unwrap_or(50).clamp(1, MAX);
    let mut conn = ctx.read().await?;
    let after = ask.after.parse().ok();
    let mut lines = store::list_after(&mut conn, &ctx, view, open, after, limit + 1).await?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    Ok(Json(ListBody {
        next: lines.last().filter(|_| more).map(|l| l.room),
        items: lines.into_iter().map(LineBody::of).collect(),
    }))
}

/// Takes a consultation in. The same `Idempotency-Key` twice makes one record.
#[utoipa::path(post, path = "/api/v1/consultations", request_body = NewBody, tag = "consultations",
    params(("Idempotency-Key" = Option<String>, Header, description = "at most 100 characters; the same key leads to the same record")),
    responses((status = 201, body = TakenBody), (status = 200, body = TakenBody, description = "saved before with this key"),
              (status = 422, description = "what is wrong, in a sentence")))]
async fn create(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewBody>,
) -> Result<(StatusCode, Json<TakenBody>), ApiError> {
    professional(&ctx)?;
    let token = once(&headers)?;
    let at = new.received_at;
    let mut form = Form::from_posted(new.into_posted());
    let setting = Setting::load(&ctx).await?;
    let read = parse::consultation(&mut form, &ctx, &setting.words, &setting.desks);
    let Some((mut new, _)) = read else {
        let messages: Vec<&str> = form.errors().iter().map(|e| e.message.as_str()).collect();
        return Err(Error::Invalid(messages.join(" ")).into());
    };
    if let Some(at) = at {
        // Before anything is reckoned with it: no calendar reaches to the year 262142.
        if at < clock::start_of_day(FIRST_DAY) {
            return Err(Error::Invalid("受付日時は1873年からです。".into()).into());
        }
        if at > ctx.now()
            && clock::local(at.min(clock::start_of_day(LAST_DAY))).date() > ctx.today()
        {
            return Err(Error::Invalid("受付日時が先の日時になっています。".into()).into());
        }
        new.received_at = DateTime::from_timestamp_micros(at.timestamp_micros())
            .unwrap_or(at)
            .min(ctx.now());
    }
    match store::take_in(&ctx, new, &token, None).await {
        Ok(saved) => Ok((
            StatusCode::CREATED,
            Json(TakenBody {
                id: saved.room,
                number: saved.number,
            }),
        )),
        Err(Error::AlreadyDone(page)) => Ok((StatusCode::OK, Json(again(&ctx, &page).await?))),
        Err(e) => Err(e.into()),
    }
}

/// The token under which a key is remembered; keys of the API and of forms never meet.
fn once(headers: &HeaderMap) -> Result<String> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(String::new());
    };
    let key = key.to_str().map_err(|_| bad_key())?.trim();
    if key.is_empty() || key.len() > 100 {
        return Err(bad_key());
    }
    Ok(format!("api/consultations:{key}"))
}

fn bad_key() -> Error {
    Error::Invalid("Idempotency-Key は100文字までの半角英数字記号で送ってください。".into())
}

/// What the first posting of a key made.
async fn again(ctx: &Ctx, page: &str) -> Result<TakenBody> {
    let room = page
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or(Error::NotFound)?;
    let key = access::open(ctx, room, RoomKind::Consultation, Act::Read, "api").await?;
    let mut conn = ctx.read().await?;
    let card = store::card(&mut conn, ctx, &key).await?;
    Ok(TakenBody {
        id: room,
        number: card.number,
    })
}

/// One consultation.
#[utoipa::path(get, path = "/api/v1/consultations/{room}", params(("room" = String, Path)), tag = "consultations",
    responses((status = 200, body = ConsultationBody), (status = 404, description = "no such record, or no key")))]
async fn get_one(ctx: Ctx, Path(room): Path<String>) -> Result<Json<ConsultationBody>, ApiError> {
    professional(&ctx)?;
    let room = http::id(&room)?;
    let key = access::open(&ctx, room, RoomKind::Consultation, Act::Read, "api").await?;
    let mut conn = ctx.read().await?;
    let card = store::card(&mut conn, &ctx, &key).await?;
    let subjects = store::subjects(&mut conn, &ctx, &key).await?;
    Ok(Json(ConsultationBody::of(card, subjects)))
}
