//! /cases/{room}/cards/new: for whom, and whom to call.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once, page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::form::{self, Ingredients};
use crate::{
    card::store,
    screens::{read, write},
    store::case,
};

/// For whom, when that is known already.
#[derive(Deserialize)]
pub struct Asked {
    person: Option<String>,
}

pub async fn get(ctx: Ctx, Path(room): Path<String>, Query(asked): Query<Asked>) -> Result<Markup> {
    let key = read(&ctx, &room, "card").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let of = Ingredients::load(&mut conn, &ctx, &key).await?;
    let form = of.blank(asked.person.as_deref());
    view(&mut conn, &ctx, &key, &form, &of, None).await
}

async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    of: &Ingredients,
    refused: Option<&str>,
) -> Result<Markup> {
    let head = case::card(conn, key).await?;
    let body = html! {
        p { a href={ "/cases/" (key.room()) "/cards" } { "← 連携カード" } " " (head.number) " " (head.label) }
        (form::view(conn, ctx, key, form, of, refused).await?)
    };
    Ok(page::page(&ctx.frame(), "連携カードを作る", body))
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "card").await?;
    let mut form = Form::from_posted(posted);
    let of = Ingredients::load(&mut tx, &ctx, &key).await?;
    let Some(new) = form::parse(&mut form, &of) else {
        let shown = view(&mut tx, &ctx, &key, &form, &of, None).await?;
        return Err(unprocessable(shown));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let issued = store::issue(&mut tx, &ctx, &key, new).await;
    if let Err(Error::Invalid(why)) = issued {
        // What was tried is given up with this transaction; the page is drawn from a new one.
        drop(tx);
        let mut conn = ctx.read().await?;
        let shown = view(&mut conn, &ctx, &key, &form, &of, Some(&why)).await?;
        return Err(unprocessable(shown));
    }
    issued?;
    let at = format!("/cases/{}/cards", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &at).await?;
    tx.commit().await?;
    Ok(see_other(&at))
}

fn unprocessable(page: Markup) -> Error {
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(page))
}
