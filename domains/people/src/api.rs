//! The same records as JSON, under the same keys. What is withheld is the word 秘匿.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    context::{Ctx, Engine},
    error::{ApiError, Error},
    http::id,
    id::{HouseholdId, PersonId, RoomId},
    once,
    text::{self, birth::BirthDate},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    door::{self, Via},
    model::{ConsentState, NameKind, NewName, NewPerson, PersonCard, Sex},
    store,
};

pub(crate) fn api() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(get_person))
        .routes(routes!(post_person))
        .routes(routes!(get_household))
}

/// A person as a list shows them.
#[derive(Serialize, ToSchema)]
struct PersonOut {
    id: PersonId,
    /// 氏名、呼び名、または「匿名(女性・50代推定)」「匿名の方」
    name: String,
    kana: String,
    sex: Sex,
    /// `1950-03-04`, `1950-03`, `1950`, `age:72@2026-04-01`, `decade:70@2026-04-01`, `unknown`
    birth: String,
    age: String,
    /// 秘匿中は「秘匿」
    address: String,
    /// 秘匿中は「秘匿」
    phones: String,
    protected: bool,
    /// 統合先の記録
    merged_into: Option<PersonId>,
}

impl From<PersonCard> for PersonOut {
    fn from(c: PersonCard) -> Self {
        Self {
            id: c.id,
            name: c.shown_name,
            kana: c.kana,
            sex: c.sex,
            birth: c.birth.to_stored(),
            age: c.age_text,
            address: c.address.text().to_string(),
            phones: c.phones.text().to_string(),
            protected: c.protected,
            merged_into: c.merged_into,
        }
    }
}

/// One name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameIn {
    kind: NameKind,
    #[serde(default)]
    text: String,
    #[serde(default)]
    kana: String,
}

/// A person to make; everything but the room may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonIn {
    /// The consultation or case that the person belongs to.
    room: RoomId,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    names: Vec<NameIn>,
    /// As people write it: S25.3.4, 70代, 不詳
    #[serde(default)]
    birth: String,
    #[serde(default)]
    sex: Sex,
    #[serde(default)]
    residence: Option<String>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    phones: Vec<String>,
}

impl PersonIn {
    fn checked(self, today: chrono::NaiveDate) -> Result<(RoomId, NewPerson), Error> {
        let within = |what: &str, value: &str, max: usize| {
            let bad = value
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t');
            if bad || text::exceeds_graphemes(value, max) {
                return Err(Error::Invalid(format!(
                    "「{what}」は、制御文字を含まない{max}文字までの文字で送ってください。"
                )));
            }
            Ok(())
        };
        if self.names.len() > store::names::MAX || self.phones.len() > 10 {
            return Err(Error::Invalid(format!(
                "氏名は{}件、電話は10件までです。",
                store::names::MAX
            )));
        }
        within("呼び名", self.label.as_deref().unwrap_or_default(), 60)?;
        within(
            "居住の状況",
            self.residence.as_deref().unwrap_or_default(),
            60,
        )?;
        within(
            "住所・居所",
            self.address.as_deref().unwrap_or_default(),
            200,
        )?;
        for name in &self.names {
            within("氏名", &name.text, 100)?;
            within("ふりがな", &name.kana, 100)?;
        }
        for phone in &self.phones {
            within("電話", phone, 40)?;
        }
        let birth = BirthDate::parse(&self.birth, today)
            .map_err(|e| Error::Invalid(format!("「生年月日・年齢」: {e}")))?;
        let new = NewPerson {
            label: self.label.filter(|l| !l.trim().is_empty()),
            names: self
                .names
                .into_iter()
                .map(|n| NewName {
                    kind: n.kind,
                    text: n.text,
                    kana: n.kana,
                })
                .collect(),
            birth,
            sex: self.sex,
            residence: self.residence,
            address: self.address,
            phones: self.phones,
        };
        Ok((self.room, new))
    }
}

/// 本人・世帯員の記録
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people",
    params(("id" = String, Path, description = "本人の番号"), ("room" = Option<String>, Query, description = "どの相談・ケースを通して見るか")),
    responses((status = 200, body = PersonOut), (status = 404, description = "ないか、閲覧権がない")))]
async fn get_person(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
) -> Result<Json<PersonOut>, ApiError> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.api").await?;
    let card = store::cards::cards(&mut ctx.read().await?, &ctx, &key, &[person])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    Ok(Json(card.into()))
}

/// What was made.
#[derive(Serialize, ToSchema)]
struct Made {
    id: PersonId,
}

/// 本人・世帯員を登録する
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = PersonIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "同じ値の二度目の送信では登録しない")),
    responses((status = 201, body = Made), (status = 303, description = "すでに登録された"), (status = 422, description = "内容の誤り"), (status = 404, description = "ないか、閲覧権がない")))]
async fn post_person(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let sent: PersonIn = serde_json::from_slice(&body)
        .map_err(|e| Error::Invalid(format!("送られたJSONを読み取れませんでした({e})。")))?;
    let (room, new) = sent.checked(ctx.today())?;
    let (mut tx, key) = door::open_room_for_write(&ctx, Via(Some(room)), "person.api").await?;
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    match once::claim(&mut tx, &ctx, &token).await {
        Ok(()) => {}
        Err(Error::AlreadyDone(to)) => {
            return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response());
        }
        Err(e) => return Err(e.into()),
    }
    let person = store::person::create(&mut tx, &ctx, &key, new).await?;
    let to = format!("/api/v1/people/{person}?room={room}");
    once::lead_to(&mut tx, &ctx, &token, &to).await?;
    tx.commit().await?;
    let made = Json(Made { id: person });
    Ok((StatusCode::CREATED, [(header::LOCATION, to)], made).into_response())
}

/// A member of a household.
#[derive(Serialize, ToSchema)]
struct MemberOut {
    person: PersonOut,
    /// Code of the list `kinship`.
    relation: String,
    co_resident: bool,
    from: Option<chrono::NaiveDate>,
    to: Option<chrono::NaiveDate>,
    consent: ConsentState,
}

/// A household as seen through one room.
#[derive(Serialize, ToSchema)]
struct HouseholdOut {
    id: HouseholdId,
    name: String,
    /// Codes of the list `household_type`.
    types: Vec<String>,
    members: Vec<MemberOut>,
}

/// 世帯
#[utoipa::path(get, path = "/api/v1/households/{id}", tag = "people",
    params(("id" = String, Path, description = "世帯の番号"), ("room" = Option<String>, Query, description = "どの相談・ケースを通して見るか")),
    responses((status = 200, body = HouseholdOut), (status = 404, description = "ないか、閲覧権がない")))]
async fn get_household(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
) -> Result<Json<HouseholdOut>, ApiError> {
    let household: HouseholdId = id(&path)?;
    let key = door::open_household(&ctx, household, via, "household.api").await?;
    let view = store::household::household(&mut ctx.read().await?, &ctx, &key, household).await?;
    Ok(Json(HouseholdOut {
        id: view.id,
        name: view.name,
        types: view.types,
        members: view
            .members
            .into_iter()
            .map(|m| MemberOut {
                person: m.card.into(),
                relation: m.relation,
                co_resident: m.co_resident,
                from: m.from,
                to: m.to,
                consent: m.consent,
            })
            .collect(),
    }))
}
