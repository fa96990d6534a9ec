//! GET /cases/{room}/cards/{card}/card.pdf: the card on A4, with marks to cut along. Each print is
//! logged.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use engawa_kernel::{
    access::{self, Act, RoomKind},
    context::Ctx,
    error::{Error, Result},
    http::id,
    id::RoomId,
    paper::{Document, Imprint},
};
use serde::Deserialize;

use super::shown::{self, Read};
use crate::{
    card::{
        CardId,
        paper::{CardLine, SupportCard},
        store,
    },
    screens::parts::{self, People},
};

/// `copies=2` prints two on the page.
#[derive(Deserialize)]
pub struct Wish {
    copies: Option<String>,
}

pub async fn get(
    ctx: Ctx,
    Path((room, card)): Path<(String, String)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let room = id::<RoomId>(&room)?;
    let card = id::<CardId>(&card)?;
    let key = access::open(&ctx, room, RoomKind::Case, Act::Print, "card").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let card = store::one(&mut conn, &key, card).await?;
    let read = Read::of(&mut conn, &ctx, &key, &card).await?;
    if !shown::printable(&card, &read) {
        return Err(Error::Invalid(
            "このカードは印刷できません（使用中でないか、本人の同意が終わった相手が載っています）。連携カードの画面で作り直してください。".into(),
        ));
    }
    let people = People::load(&mut conn, &ctx, &key).await?;
    let from = engawa_organisations::desk(&mut conn, &ctx, key.owner_desk()).await?;
    let page = SupportCard {
        holder: people.name(card.person).to_owned(),
        number: shown::version(&card),
        issued_on: parts::day(&ctx, card.issued_on),
        from: format!("{} {}", from.body_name, from.name)
            .trim()
            .to_owned(),
        from_phone: from.phone,
        lines: card
            .lines
            .into_iter()
            .map(|l| CardLine {
                name: l.name,
                body: l.body,
                phone: l.phone,
            })
            .collect(),
        copies: if wish.copies.as_deref() == Some("2") {
            2
        } else {
            1
        },
    };
    drop(conn);
    Document::new("連携カード", Imprint::of(&ctx))
        .with(&page)?
        .show(&ctx, "renkei-card.pdf")
        .await
}
