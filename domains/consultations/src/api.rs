//! `/api/v1/consultations`: take in once (`Idempotency-Key`), read one, list. Exactly the keys of
//! the token's user. Who gave a third-party notice is not part of the API.

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Act, Duty, RoomKind},
    clock,
    context::{Ctx, Engine},
    error::{ApiError, Error, Result},
    form::{Form, Posted},
    http::ApiJson,
    id::{DeskId, PersonId, PostingId, RoomId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    WhoCame,
    model::{ConsultationCard, WaitingLine},
    screens::new::{Setting, parse},
    screens::slip::is_lay,
    store::{self, View},
};

/// Items of one answer at most.
const MAX: u32 = 200;

pub(crate) fn router() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one))
}

/// A person it is about; everything may be missing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct NewSubjectBody {
    /// 呼び名
    label: String,
    /// 氏名
    name: String,
    /// ふりがな
    kana: String,
    /// female | male | other | unknown
    sex: String,
    /// As people write it: S25.3.4, 昭和25年, 70代, 不詳.
    birth: String,
    /// 電話
    phone: String,
    /// 住所・居所
    address: String,
    /// To the consulter.
    relation: String,
    /// resident | works_here | studies_here | treated_here | other_town | unknown
    residence: String,
    /// The other municipality.
    residence_place: String,
}

/// The person who came, when it was not the subject.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ConsulterBody {
    /// 氏名
    name: String,
    /// ふりがな
    kana: String,
    /// 本人との関係
    relation: String,
    /// 連絡先
    contact: String,
}

/// What is taken in. Only `words` must be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// As said, 20,000 characters at most.
    words: String,
    /// subject | other | notice | agency
    #[serde(default)]
    who: String,
    /// When it was said; now when missing.
    #[serde(default)]
    received_at: Option<DateTime<Utc>>,
    /// The desk; the user's own when missing.
    #[serde(default)]
    desk: Option<DeskId>,
    /// Code.
    #[serde(default)]
    channel: String,
    /// Code.
    #[serde(default)]
    route: String,
    /// Code.
    #[serde(default)]
    urgency: String,
    /// Where it was said.
    #[serde(default)]
    place: String,
    /// Thirty at most; one anonymous person when empty.
    #[serde(default)]
    subjects: Vec<NewSubjectBody>,
    /// The person who came; of a notice, its author, who is stored apart.
    #[serde(default)]
    consulter: ConsulterBody,
    /// Codes.
    #[serde(default)]
    issues: Vec<String>,
    /// ◎: needed when there are several issues.
    #[serde(default)]
    main_issue: String,
    /// どこで知ったか
    #[serde(default)]
    heard_of: String,
    /// もっと早く相談しなかった理由
    #[serde(default)]
    why_not_earlier: String,
    /// 配慮を希望されること
    #[serde(default)]
    wishes: String,
    /// 備考
    #[serde(default)]
    notes: String,
    /// Code of the kind of emergency: the record is restricted from the first save.
    #[serde(default)]
    emergency: Option<String>,
}

impl NewBody {
    /// As the form would have sent it: one reader for both.
    fn into_posted(self) -> Posted {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut put = |name: &str, value: String| {
            if !value.is_empty() {
                pairs.push((name.to_owned(), value));
            }
        };
        put("words", self.words);
        put("who", self.who);
        if let Some(desk) = self.desk {
            put("desk", desk.to_string());
        }
        put("channel", self.channel);
        put("route", self.route);
        put("urgency", self.urgency);
        put("place", self.place);
        put("consulter_name", self.consulter.name);
        put("consulter_kana", self.consulter.kana);
        put("consulter_relation", self.consulter.relation);
        put("consulter_contact", self.consulter.contact);
        for (n, s) in self.subjects.into_iter().enumerate() {
            for (field, value) in [
                ("label", s.label),
                ("name", s.name),
                ("kana", s.kana),
                ("sex", s.sex),
                ("birth", s.birth),
                ("phone", s.phone),
                ("address", s.address),
                ("relation", s.relation),
                ("residence", s.residence),
                ("residence_place", s.residence_place),
            ] {
                put(&format!("{}[{n}].{field}", parse::SUBJECTS), value);
            }
        }
        for code in self.issues {
            put("issues", code);
        }
        put("main_issue", self.main_issue);
        put("heard_of", self.heard_of);
        put("why_not_earlier", self.why_not_earlier);
        put("wishes", self.wishes);
        put("notes", self.notes);
        if let Some(kind) = self.emergency {
            put("emergency", "1".into());
            put("emergency_kind", kind);
        }
        Posted::from_pairs(pairs)
    }
}

/// Where it was saved.
#[derive(Debug, Serialize, ToSchema)]
struct TakenBody {
    /// Its room.
    id: RoomId,
    /// 相R8-00123
    number: String,
}

/// An issue.
#[derive(Debug, Serialize, ToSchema)]
struct IssueBody {
    /// Code.
    code: String,
    /// ◎
    main: bool,
}

/// A consultation.
#[derive(Debug, Serialize, ToSchema)]
struct ConsultationBody {
    /// Its room.
    id: RoomId,
    /// 相R8-00123
    number: String,
    /// When it was said.
    received_at: DateTime<Utc>,
    /// The desk that received it.
    desk: DeskId,
    /// subject | other | notice | agency
    who: String,
    /// Whom it is about, in one line.
    subject_line: String,
    /// Code.
    channel: String,
    /// Code.
    route: String,
    /// Code.
    urgency: String,
    /// Came by the emergency route.
    emergency: bool,
    /// As said.
    words: String,
    /// The people it is about.
    subjects: Vec<PersonId>,
    /// Issues, the one with ◎ first.
    issues: Vec<IssueBody>,
    /// 複合課題
    compound: bool,
    /// received | seeking_consent | watching | answered | handed_over | became_case | withdrawn
    state: String,
    /// Since when.
    state_since: DateTime<Utc>,
    /// The case that it became.
    case: Option<RoomId>,
}

/// A line of the list.
#[derive(Debug, Serialize, ToSchema)]
struct LineBody {
    /// Its room.
    id: RoomId,
    /// 相R8-00123
    number: String,
    /// Whom it is about.
    subject_line: String,
    /// When it was said.
    received_at: DateTime<Utc>,
    /// Whole days since then.
    days: i64,
    /// Code.
    urgency: String,
    /// Came by the emergency route.
    emergency: bool,
    /// State.
    state: String,
    /// Whose move it is.
    owner_desk: DeskId,
    /// And who, when somebody in particular.
    owner_posting: Option<PostingId>,
    /// Since when.
    turn_since: DateTime<Utc>,
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
struct ListBody {
    /// Newest record first.
    items: Vec<LineBody>,
    /// Ask again with `after` set to this; null at the end.
    next: Option<RoomId>,
}

/// What is asked of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
struct Ask {
    /// mine | desk | all
    scope: String,
    /// open | closed; both when missing.
    state: String,
    /// The `next` of the page before.
    after: String,
    /// 1 to 200; 50 when missing.
    limit: String,
}

fn body(card: ConsultationCard, subjects: Vec<PersonId>) -> ConsultationBody {
    ConsultationBody {
        id: card.room,
        number: card.number,
        received_at: card.received_at,
        desk: card.desk,
        who: card.who.as_code().into(),
        subject_line: card.subject_line,
        channel: card.channel,
        route: card.route,
        urgency: card.urgency,
        emergency: card.emergency,
        words: card.words,
        subjects,
        issues: card
            .issues
            .into_iter()
            .map(|i| IssueBody {
                code: i.code,
                main: i.main,
            })
            .collect(),
        compound: card.compound,
        state: card.state.as_code().into(),
        state_since: card.state_since,
        case: card.case,
    }
}

fn line(l: WaitingLine) -> LineBody {
    LineBody {
        id: l.room,
        number: l.number,
        subject_line: l.subject_line,
        received_at: l.received_at,
        days: l.days,
        urgency: l.urgency,
        emergency: l.emergency,
        state: l.state.as_code().into(),
        owner_desk: l.owner_desk,
        owner_posting: l.owner_posting,
        turn_since: l.turn_since,
    }
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
        items: lines.into_iter().map(line).collect(),
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
        if clock::local(at).date() > ctx.today() {
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
    let room = room.parse().map_err(|_| Error::NotFound)?;
    let key = access::open(&ctx, room, RoomKind::Consultation, Act::Read, "api").await?;
    let mut conn = ctx.read().await?;
    let mut card = store::card(&mut conn, &ctx, &key).await?;
    if card.who == WhoCame::Notice {
        card.consulter = None;
    }
    let subjects = store::subjects(&mut conn, &ctx, &key).await?;
    Ok(Json(body(card, subjects)))
}
