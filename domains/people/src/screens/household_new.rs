//! /people/households/new?room=…: a household in a room.

use axum::{extract::RawQuery, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{ButtonKind, button, form_frame, submit_row},
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    once, page,
    saved::Saved,
};
use maud::{Markup, html};

use super::{
    household_form,
    shell::{self, again, household_href},
};
use crate::{
    door::{self, Via},
    model::NewHousehold,
    store,
    words::{self, Words},
};

pub(super) async fn get(ctx: Ctx, via: Via, RawQuery(query): RawQuery) -> Result<Markup> {
    let key = door::open_room(&ctx, via, "household.new").await?;
    key.need_write()?;
    let query = Posted::parse_urlencoded(query.unwrap_or_default().as_bytes())
        .map_err(|e| Error::Invalid(e.to_string()))?;
    let mut conn = ctx.read().await?;
    let people = household_form::people(&mut conn, &ctx, &key).await?;
    let words = words::load(&mut conn, &ctx).await?;
    drop(conn);
    let mut form = Form::blank();
    // Whom the room is about is who is in the household, until somebody says otherwise.
    let first = query.get("person").unwrap_or_default();
    for (i, (id, _)) in people
        .iter()
        .filter(|(id, _)| first.is_empty() || id == first)
        .take(store::household::MAX_MEMBERS)
        .enumerate()
    {
        form.prefill(&format!("member[{i}].person"), id.clone());
    }
    let form = drafts::restore(&ctx, &draft_key(&key), form).await?;
    Ok(view(&ctx, &key, &form, &people, &words, 2))
}

pub(super) async fn post(ctx: Ctx, via: Via, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_room_for_write(&ctx, via, "household.new").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let people = household_form::people(&mut tx, &ctx, &key).await?;
    let words = words::load(&mut tx, &ctx).await?;
    if !form.value("add_row").is_empty() {
        let rows = form.indexed("member").len() + 1;
        return Err(again(view(&ctx, &key, &form, &people, &words, rows)));
    }
    let (name, types) = household_form::read_head(&mut form, &words);
    let rows = household_form::read(&ctx, &mut form, &people, &words);
    if rows.is_empty() && !form.has_errors() {
        let message =
            "世帯員を一人以上入れてください。名前がわからない人は、続柄だけでもかまいません。";
        form.error("member[0].person", "世帯員", message);
    }
    if form.has_errors() {
        return Err(again(view(&ctx, &key, &form, &people, &words, 2)));
    }
    let members = household_form::members(&mut tx, &ctx, &key, rows).await?;
    let new = NewHousehold {
        name,
        types,
        members,
    };
    let household = store::household::create(&mut tx, &ctx, &key, new).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(&key)).await?;
    let to = household_href(&key, household);
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(Saved::Household.then(&to))
}

fn draft_key(key: &RoomKey) -> String {
    format!("people/households/new/{}", key.room())
}

fn view(
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    people: &[(String, String)],
    words: &Words,
    rows: usize,
) -> Markup {
    let action = format!("/people/households/new?room={}", key.room());
    let body = html! {
        p { a href=(key.kind().path(key.room())) { "← 元の画面へ戻る" } }
        p { "支援の単位としての世帯です。住民票の世帯と違っていてかまいません。一人が二つの世帯に入ることもできます。" }
        (form_frame(&action, ctx.csrf(), form, html! {
            (household_form::head(form, words))
            (household_form::rows(form, people, words, rows))
            (submit_row(button(ButtonKind::Primary, "世帯を保存する", None)))
        }))
    };
    page::page(&shell::frame(ctx, key), "世帯をつくる", body)
}
