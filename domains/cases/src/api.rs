//! The same as JSON: exactly this user's keys.

mod cards;
mod contacts;
mod takeovers;

use axum::{
    Json,
    extract::{Path, Query},
};
use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Act, RoomKind},
    context::{Ctx, Engine},
    error::{ApiError, Error},
    http,
    id::{HouseholdId, PersonId, RoomId, TaskId},
    tasks,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::{CaseCard, Stage},
    store::{self, list::View},
};

/// What an endpoint answers.
type Answer<T> = Result<T, ApiError>;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(case))
        .merge(cards::routes())
        .merge(contacts::routes())
        .merge(takeovers::routes())
        .routes(routes!(case_tasks))
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// mine (default), desk, team, all, silent
    scope: Option<String>,
    /// open (default) or closed
    state: Option<String>,
    /// From 1
    page: Option<String>,
}

/// A line of a list.
#[derive(Serialize, ToSchema)]
struct CaseLine {
    id: RoomId,
    number: String,
    label: String,
    stage: Stage,
    compound: bool,
    gap: bool,
    sealed: bool,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    last_contact_on: NaiveDate,
    owner_posting: Option<engawa_kernel::id::PostingId>,
    owner_desk: engawa_kernel::id::DeskId,
    version: i64,
}

impl From<CaseCard> for CaseLine {
    fn from(c: CaseCard) -> Self {
        Self {
            id: c.room,
            number: c.number,
            label: c.label,
            stage: c.stage,
            compound: c.compound,
            gap: c.gap,
            sealed: c.sealed,
            opened_on: c.opened_on,
            closed_on: c.closed_on,
            last_contact_on: c.last_contact_on,
            owner_posting: c.owner_posting,
            owner_desk: c.owner_desk,
            version: c.version,
        }
    }
}

/// A page of cases.
#[derive(Serialize, ToSchema)]
struct CaseList {
    items: Vec<CaseLine>,
    /// Counted up to 2,000.
    total: u64,
}

/// Cases that the user has a key to.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Asked), responses((status = 200, body = CaseList)))]
async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Answer<Json<CaseList>> {
    let view = View::from_code(asked.scope.as_deref().unwrap_or_default());
    let closed = asked.state.as_deref() == Some("closed");
    let page = asked
        .page
        .and_then(|p| p.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 10_000);
    let mut conn = ctx.read().await?;
    let (cards, total) = store::list::page(&mut conn, &ctx, view, closed, page).await?;
    Ok(Json(CaseList {
        items: cards.into_iter().map(Into::into).collect(),
        total,
    }))
}

/// One of a household.
#[derive(Serialize, ToSchema)]
struct Member {
    person: PersonId,
    name: String,
    relation: String,
    co_resident: bool,
}

/// The household of a case.
#[derive(Serialize, ToSchema)]
struct Household {
    id: HouseholdId,
    members: Vec<Member>,
}

/// A case with its household.
#[derive(Serialize, ToSchema)]
struct CaseDetail {
    #[serde(flatten)]
    case: CaseLine,
    household: Option<Household>,
}

async fn open(ctx: &Ctx, room: &str, purpose: access::Purpose) -> Result<access::RoomKey, Error> {
    let room: RoomId = http::id(room)?;
    access::open(ctx, room, RoomKind::Case, Act::Read, purpose).await
}

/// One case.
#[utoipa::path(get, path = "/api/v1/cases/{room}", tag = "cases", params(("room" = String, Path)),
    responses((status = 200, body = CaseDetail), (status = 404, description = "No such case, or no key")))]
async fn case(ctx: Ctx, Path(room): Path<String>) -> Answer<Json<CaseDetail>> {
    let key = open(&ctx, &room, "api case").await?;
    let mut conn = ctx.read().await?;
    let card = store::case::card(&mut conn, &key).await?;
    let household = match card.household {
        Some(id) => {
            let h = engawa_people::household(&mut conn, &ctx, &key, id).await?;
            let members = h
                .members
                .into_iter()
                .map(|m| Member {
                    person: m.card.id,
                    name: m.card.shown_name,
                    relation: m.relation,
                    co_resident: m.co_resident,
                })
                .collect();
            Some(Household { id, members })
        }
        None => None,
    };
    Ok(Json(CaseDetail {
        case: card.into(),
        household,
    }))
}

/// やること
#[derive(Serialize, ToSchema)]
struct TaskLine {
    id: TaskId,
    kind: String,
    title: String,
    posting: Option<engawa_kernel::id::PostingId>,
    desk: engawa_kernel::id::DeskId,
    due_on: Option<NaiveDate>,
    version: i64,
}

/// Open tasks of a case.
#[derive(Serialize, ToSchema)]
struct TaskList {
    items: Vec<TaskLine>,
}

/// Open tasks of a case, soonest first.
#[utoipa::path(get, path = "/api/v1/cases/{room}/tasks", tag = "cases", params(("room" = String, Path)),
    responses((status = 200, body = TaskList), (status = 404, description = "No such case, or no key")))]
async fn case_tasks(ctx: Ctx, Path(room): Path<String>) -> Answer<Json<TaskList>> {
    let key = open(&ctx, &room, "api tasks").await?;
    let mut conn = ctx.read().await?;
    let items = tasks::open_in_room(&mut conn, &key)
        .await?
        .into_iter()
        .map(|t| TaskLine {
            id: t.id,
            kind: t.kind,
            title: t.title,
            posting: t.posting,
            desk: t.desk,
            due_on: t.due_on,
            version: t.version,
        })
        .collect();
    Ok(Json(TaskList { items }))
}
