//! /people/{id}/unmerge: a merge was wrong; both records become what they were.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, card, empty_state, form_frame, hidden, submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::{Form, Posted},
    http::{id, see_other},
    id::PersonId,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, href, page_of};
use crate::{
    door::{self, Via},
    store,
};

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.unmerge").await?;
    key.need_write()?;
    view(&mut ctx.read().await?, &ctx, &key, person, &Form::blank()).await
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let merge: uuid::Uuid = id(form.value("merge"))?;
    let reason = form.text("reason", "取り消す理由", 300, true);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.unmerge").await?;
    if form.has_errors() {
        return Err(again(view(&mut tx, &ctx, &key, person, &form).await?));
    }
    store::merge::unmerge(&mut tx, &ctx, &key, merge, &reason).await?;
    tx.commit().await?;
    // The room may now be about the other record only.
    Ok(see_other(&format!("/people/{person}")))
}

async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    form: &Form,
) -> Result<Markup> {
    let this = shell::card(conn, ctx, key, person).await?;
    let open: Vec<_> = store::merge::of(conn, key, person)
        .await?
        .into_iter()
        .filter(|m| m.undone_at.is_none() && m.kept == person)
        .collect();
    let absorbed: Vec<PersonId> = open.iter().map(|m| m.absorbed).collect();
    let cards = store::cards::cards(conn, ctx, key, &absorbed).await?;
    let body = html! {
        p { "取り消すと二つの記録に戻ります。統合の前の内容も、統合の後にそれぞれに書いた内容も残ります。新しい統合から順に取り消せます。" }
        @if open.is_empty() { (empty_state("この記録に統合した記録はありません。", html! {})) }
        @for (place, m) in open.iter().enumerate() {
            @let name = cards.iter().find(|c| c.id == m.absorbed).map(|c| c.shown_name.as_str()).unwrap_or("記録");
            (card(&format!("{name}との統合（{}）", shell::moment(ctx, m.decided_at)), html! {
                p { "理由: " (m.reason) }
                @if place == 0 {
                    (form_frame(&href(key, person, "/unmerge"), ctx.csrf(), form, html! {
                        (hidden("merge", &m.id.to_string()))
                        (text_area(form, FieldSpec::new("reason", "取り消す理由").required().maxlength(300).rows(2)))
                        (submit_row(button(ButtonKind::Danger, "統合を取り消す", None)))
                    }))
                }
            }))
        }
    };
    Ok(page_of(
        ctx,
        key,
        &this,
        Place::Merge,
        "統合の取り消し",
        body,
    ))
}
