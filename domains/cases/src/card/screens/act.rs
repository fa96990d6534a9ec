//! POST /cases/{room}/cards/{card}: lost, or given up.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
};

use crate::{
    card::{CardId, rules::Act, store},
    screens::write,
};

pub async fn post(
    ctx: Ctx,
    Path((room, card)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "card").await?;
    let card = id::<CardId>(&card)?;
    let mut form = Form::from_posted(posted);
    let act = Act::from_code(form.value("act")).ok_or(Error::NotFound)?;
    let reason = form.text("reason", "理由", 200, true);
    if form.has_errors() {
        return Err(Error::Invalid(
            "理由が書かれていないため、カードはそのままです。前の画面に戻り、理由を200文字までで書いてください。".into(),
        ));
    }
    let version = form.version.unwrap_or_default();
    store::act(&mut tx, &ctx, &key, card, version, act, &reason).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}/cards", key.room())))
}
