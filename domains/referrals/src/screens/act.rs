//! POST /referrals/{room}/act: any act, by whoever has the move.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
};

use super::{acts, page, write};
use crate::{
    model::Side,
    rules,
    store::{act, sheet, slip},
};

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "referral").await?;
    let mut form = Form::from_posted(posted);
    once::claim(&mut tx, &ctx, &form.once).await?;
    let sheet = sheet::read(&mut tx, &key).await?;
    let doing = acts::parse(&mut form, &ctx, &sheet);
    if let Some(doing) = &doing
        && rules::next(sheet.state, doing.act, sheet.content.kind).is_ok()
        && let Err(refusal) = rules::complete(doing, sheet.state, sheet.paper, ctx.today())
    {
        let (name, label) = acts::field_of(refusal);
        form.error(name, label, refusal.sentence());
    }
    let Some(doing) = doing.filter(|_| !form.has_errors()) else {
        drop(tx);
        let shown = page::render(&ctx, &key, Some(&form)).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    act::act(
        &mut tx,
        &ctx,
        &key,
        &doing,
        form.version.unwrap_or_default(),
    )
    .await?;
    if rules::side_of(doing.act) == Side::Receiver && sheet.paper {
        slip::taken(&mut tx, &ctx, &key).await?;
    }
    let to = format!("/referrals/{}", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}
