//! 支援経過 as JSON.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use engawa_kernel::{
    access::{self, RoomKind},
    context::{Ctx, Engine},
    error::Error,
    http::{self, ApiJson},
    id::{PersonId, RoomId, StaffId},
    once,
    text::wareki::{FIRST_DAY, LAST_DAY},
};
use engawa_organisations::codes::{self, CodeList};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, open};
use crate::{
    model::{Contact, NewContact, Work},
    store,
};

/// The endpoints.
pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(contacts, add_contact))
}

/// 支援経過
#[derive(Serialize, ToSchema)]
struct ContactLine {
    id: crate::model::ContactId,
    at: DateTime<Utc>,
    kind: String,
    minutes: Option<i64>,
    place: String,
    work: Work,
    /// Empty when deleted.
    text: String,
    subjects: Vec<PersonId>,
    person_visible: bool,
    third_party: bool,
    next_on: Option<NaiveDate>,
    staff: StaffId,
    version: i64,
    deleted: bool,
}

impl From<Contact> for ContactLine {
    fn from(c: Contact) -> Self {
        let deleted = c.deleted.is_some();
        Self {
            id: c.id,
            at: c.at,
            kind: c.kind,
            minutes: c.minutes,
            place: if deleted { String::new() } else { c.place },
            work: c.work,
            text: if deleted { String::new() } else { c.body },
            subjects: c.subjects,
            person_visible: c.person_visible,
            third_party: c.third_party,
            next_on: c.next_on,
            staff: c.staff,
            version: c.version,
            deleted,
        }
    }
}

/// A page of the timeline, newest first.
#[derive(Serialize, ToSchema)]
struct ContactList {
    items: Vec<ContactLine>,
    /// Pass as `before` for older ones; missing when there are none.
    before: Option<String>,
}

#[derive(Deserialize, IntoParams)]
struct Paging {
    /// `before` of the page read last
    before: Option<String>,
}

/// 支援経過 of a case.
#[utoipa::path(get, path = "/api/v1/cases/{room}/contacts", tag = "cases", params(("room" = String, Path), Paging),
    responses((status = 200, body = ContactList), (status = 404, description = "No such case, or no key")))]
async fn contacts(
    ctx: Ctx,
    Path(room): Path<String>,
    Query(paging): Query<Paging>,
) -> Answer<Json<ContactList>> {
    let key = open(&ctx, &room, "api contacts").await?;
    let before = paging
        .before
        .as_deref()
        .and_then(store::contact::read_before);
    let mut conn = ctx.read().await?;
    let (items, older) =
        store::contact::timeline(&mut conn, &key, before, store::contact::PAGE).await?;
    Ok(Json(ContactList {
        items: items.into_iter().map(Into::into).collect(),
        before: older.map(store::contact::write_before),
    }))
}

/// A 支援経過 to write.
#[derive(Deserialize, ToSchema)]
struct ContactInput {
    /// When it happened; now when left out.
    at: Option<DateTime<Utc>>,
    /// Code of the list `contact_kind`.
    kind: String,
    minutes: Option<i64>,
    #[serde(default)]
    place: String,
    /// individual (default) or community
    work: Option<String>,
    /// 20,000 characters at most.
    text: String,
    #[serde(default)]
    subjects: Vec<PersonId>,
    #[serde(default)]
    person_visible: bool,
    #[serde(default)]
    third_party: bool,
    next_on: Option<NaiveDate>,
}

/// Where a written record is.
#[derive(Serialize, ToSchema)]
struct Written {
    /// Its page.
    location: String,
}

/// Writes a 支援経過. The same `Idempotency-Key` twice makes one record.
#[utoipa::path(post, path = "/api/v1/cases/{room}/contacts", tag = "cases", request_body = ContactInput,
    params(("room" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Written), (status = 404, description = "No such case, or no key"), (status = 422, description = "What was sent is wrong")))]
async fn add_contact(
    ctx: Ctx,
    Path(room): Path<String>,
    headers: HeaderMap,
    ApiJson(input): ApiJson<ContactInput>,
) -> Answer<(StatusCode, Json<Written>)> {
    let room: RoomId = http::id(&room)?;
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid("Idempotency-Keyは64文字までです。".into()).into());
    }
    let (mut tx, key) = access::open_for_write(&ctx, room, RoomKind::Case, "api contact").await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(location)) => {
            return Ok((StatusCode::CREATED, Json(Written { location })));
        }
        done => done?,
    }
    let people = engawa_people::of_room(&mut tx, &ctx, &key).await?;
    let labels = codes::load(&mut tx, &ctx, &[CodeList::ContactKind]).await?;
    let known = |code: &str| {
        labels
            .options(CodeList::ContactKind)
            .iter()
            .any(|(c, _)| *c == code)
    };
    let new = check(&ctx, input, known, |p| people.iter().any(|c| c.id == p))?;
    let id = store::contact::add(&mut tx, &ctx, &key, new).await?;
    let location = format!("/cases/{room}#contact-{id}");
    once::lead_to(&mut tx, &ctx, token, &location).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Written { location })))
}

fn check(
    ctx: &Ctx,
    input: ContactInput,
    known: impl Fn(&str) -> bool,
    in_room: impl Fn(PersonId) -> bool,
) -> Result<NewContact, Error> {
    let refuse = |why: &str| Err(Error::Invalid(why.into()));
    let body = input.text.trim().to_owned();
    if body.is_empty() {
        return refuse("「text」(内容)を入れてください。");
    }
    if engawa_kernel::text::exceeds_graphemes(&body, 20_000) {
        return refuse("「text」(内容)は20,000文字までです。");
    }
    if engawa_kernel::text::exceeds_graphemes(&input.place, 200) {
        return refuse("「place」(場所)は200文字までです。");
    }
    if !known(&input.kind) {
        return refuse("「kind」(対応方法)に、一覧にないコードが送られました。");
    }
    if input.minutes.is_some_and(|m| !(0..=1440).contains(&m)) {
        return refuse("「minutes」(所要時間)は0から1440までです。");
    }
    let at = input.at.unwrap_or_else(|| ctx.now());
    // Years with five digits or a sign are no dates that storage reads back.
    let known = i64::from(FIRST_DAY.year())..=i64::from(LAST_DAY.year());
    let year_of = |year: i32| known.contains(&i64::from(year));
    if !year_of(at.year()) || input.next_on.is_some_and(|d| !year_of(d.year())) {
        return refuse("「at」(日時)と「next_on」(次回予定日)は、1873年から2199年までです。");
    }
    if engawa_kernel::clock::local(at).date() > ctx.today() {
        return refuse("「at」(日時)が先の日になっています。予定は「next_on」に入れてください。");
    }
    let Some(work) = Work::from_code(input.work.as_deref().unwrap_or("individual")) else {
        return refuse("「work」は individual か community です。");
    };
    if input.subjects.len() > 200 || !input.subjects.iter().all(|p| in_room(*p)) {
        return refuse("「subjects」(対象)に、このケースにいない人が含まれています。");
    }
    Ok(NewContact {
        at,
        kind: input.kind,
        minutes: input.minutes,
        place: input.place,
        work,
        body,
        person_visible: input.person_visible,
        third_party: input.third_party,
        next_on: input.next_on,
        subjects: input.subjects,
    })
}
