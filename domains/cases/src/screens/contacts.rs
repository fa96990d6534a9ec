//! POST /cases/{room}/contacts: writes a 支援経過 and comes back to the case.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    once,
    saved::Saved,
};
use engawa_organisations::codes::{self, CodeList};

use super::{contact_form, page, parts::People, write};
use crate::store;

/// The draft of a new 支援経過.
pub fn draft_key(room: impl std::fmt::Display) -> String {
    format!("cases/{room}/contact")
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    // What lies in no room is read before the transaction: others wait to write.
    let mut form = Form::from_posted(posted);
    let labels = codes::load(&mut ctx.read().await?, &ctx, &[CodeList::ContactKind]).await?;
    let (mut tx, key) = write(&ctx, &room, "contact").await?;
    let people = People::load(&mut tx, &ctx, &key).await?;
    let Some(new) = contact_form::parse(&mut form, &ctx, &labels, "", &people) else {
        drop(tx);
        form.draft_key = Some(draft_key(key.room()));
        let shown = page::render(&ctx, &key, Some(form), None).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let id = store::contact::add(&mut tx, &ctx, &key, new).await?;
    let to = format!("/cases/{}#contact-{id}", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(key.room())).await?;
    tx.commit().await?;
    Ok(Saved::Contact.then(&to))
}
