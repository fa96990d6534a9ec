//! 連携カード as JSON: the digital equivalent, for those whom a card lists.

use axum::{Json, extract::Path};
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    id::{DeskId, PersonId, PostingId},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, open};
use crate::card::{self, CardId, CardState, screens::shown::Read};

/// The endpoints.
pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(cards))
}

/// Somebody to call.
#[derive(Serialize, ToSchema)]
struct SupporterLine {
    posting: Option<PostingId>,
    desk: Option<DeskId>,
    name: String,
    body: String,
    phone: String,
}

/// 連携カード
#[derive(Serialize, ToSchema)]
struct SupporterCard {
    id: CardId,
    /// Who carries it
    person: PersonId,
    /// 版
    number: i64,
    state: CardState,
    issued_on: NaiveDate,
    changed_on: Option<NaiveDate>,
    reason: String,
    /// Whom to call; without those to whom the holder agrees no more
    supporters: Vec<SupporterLine>,
    version: i64,
}

/// Cards of a case.
#[derive(Serialize, ToSchema)]
struct SupporterCards {
    items: Vec<SupporterCard>,
}

/// Cards of a case: all of them for who may issue cards, those in use that list oneself for others.
#[utoipa::path(get, path = "/api/v1/cases/{room}/cards", tag = "cases", params(("room" = String, Path)),
    responses((status = 200, body = SupporterCards), (status = 404, description = "No such case, or no key")))]
async fn cards(ctx: Ctx, Path(room): Path<String>) -> Answer<Json<SupporterCards>> {
    let key = open(&ctx, &room, "api card").await?;
    let mut conn = ctx.read().await?;
    let mut items = Vec::new();
    for card in card::store::all(&mut conn, &key).await? {
        let read = Read::of(&mut conn, &ctx, &key, &card).await?;
        let mine = read.listed && card.state == CardState::Issued;
        if !mine && !key.may_write() {
            continue;
        }
        let supporters = card
            .lines
            .into_iter()
            .zip(read.holds)
            .filter(|(_, holds)| *holds)
            .map(|(l, _)| SupporterLine {
                posting: l.posting,
                desk: l.desk,
                name: l.name,
                body: l.body,
                phone: l.phone,
            })
            .collect();
        items.push(SupporterCard {
            id: card.id,
            person: card.person,
            number: card.number,
            state: card.state,
            issued_on: card.issued_on,
            changed_on: card.changed_on,
            reason: card.reason,
            supporters,
            version: card.version,
        });
    }
    Ok(Json(SupporterCards { items }))
}
