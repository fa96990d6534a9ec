//! `/consultations/{room}/assign`: to a colleague, or to another desk.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, notice, select_field, submit_row,
        text_area,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::see_other,
    id::{DeskId, PostingId},
};
use engawa_organisations::{self as organisations, DeskRef, PostingRef};
use maud::{Markup, html};

use super::{path, room_id, words::desk_options};
use crate::store::{self, Handover};

/// Desks, and the people who work there.
struct Choices {
    desks: Vec<DeskRef>,
    postings: Vec<PostingRef>,
}

impl Choices {
    async fn load(ctx: &Ctx) -> Result<Self> {
        let mut conn = ctx.read().await?;
        Ok(Self {
            desks: organisations::desks(&mut conn, ctx).await?,
            postings: organisations::working_postings(&mut conn, ctx).await?,
        })
    }

    fn people(&self) -> Vec<(String, String)> {
        self.postings
            .iter()
            .filter(|p| p.desk.is_some() && p.role.may(Duty::Triage))
            .map(|p| {
                (
                    p.id.to_string(),
                    format!("{} {}({})", p.place, p.staff_name, p.role_label),
                )
            })
            .collect()
    }
}

pub(super) async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    ctx.need(Duty::Triage)?;
    let key = super::read(&ctx, &room, "assign").await?;
    key.need_write()?;
    Ok(page(&ctx, &key, &Form::blank()).await?.into_response())
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Triage)?;
    let key = super::read(&ctx, &room, "assign").await?;
    let mut form = Form::from_posted(posted);
    let choices = Choices::load(&ctx).await?;
    let desks = desk_options(&choices.desks);
    let posting: Option<PostingId> = form
        .choice("posting", "担当者", &borrowed(&choices.people()), false)
        .and_then(|p| p.parse().ok());
    let at: Option<DeskId> = posting
        .and_then(|id| choices.postings.iter().find(|p| p.id == id))
        .and_then(|p| p.desk);
    let desk: Option<DeskId> = form
        .choice("desk", "窓口", &borrowed(&desks), false)
        .and_then(|d| d.parse().ok())
        .or(at);
    let note = form.text("note", "引き継ぐ人への言葉", 2_000, false);
    if desk.is_none() && !form.has_errors() {
        form.error("desk", "窓口", "渡す窓口か担当者を選んでください。");
    }
    if let (Some(desk), Some(at)) = (desk, at)
        && desk != at
    {
        form.error(
            "posting",
            "担当者",
            "選んだ担当者は、選んだ窓口にいません。どちらかを選び直してください。",
        );
    }
    if posting.is_none() && key.is_sealed() {
        form.error(
            "posting",
            "担当者",
            "限定記録は窓口あてには渡せません。受け取る担当者を選んでください。",
        );
    }
    let Some(desk) = desk.filter(|_| !form.has_errors()) else {
        let page = page(&ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    let to = Handover {
        desk,
        posting,
        note,
    };
    store::hand_over(&ctx, key.room(), to, &form.once).await?;
    // Whoever may no longer open it is led to the queue.
    let mut conn = ctx.read().await?;
    let q = engawa_kernel::db::sql("select count(*) as n from room r where r.id = :room and")
        .push(engawa_kernel::access::VISIBLE)
        .bind("room", key.room());
    let still = conn
        .count(engawa_kernel::access::bind_actor(q, &ctx))
        .await?;
    Ok(see_other(&if still > 0 {
        path(key.room())
    } else {
        "/consultations".into()
    }))
}

/// `POST /consultations/{room}/take-up`
pub(super) async fn take_up(ctx: Ctx, Path(room): Path<String>, _: Posted) -> Result<Response> {
    let room = room_id(&room)?;
    store::take_up(&ctx, room).await?;
    Ok(see_other(&path(room)))
}

async fn page(ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let choices = Choices::load(ctx).await?;
    let desks = desk_options(&choices.desks);
    let people = choices.people();
    let keeps = {
        let mut conn = ctx.read().await?;
        store::sender_keeps_read(&mut conn, ctx).await?
    };
    let body = html! {
        @if key.is_sealed() { (notice(NoticeKind::Warn, "限定記録です", html! { p { "渡した担当者と、その窓口の管理者だけが開けます。" } })) }
        (select_field(form, FieldSpec::new("posting", "担当者").hint("同じ窓口の人にも、ほかの窓口の人にも渡せます。"), &borrowed(&people)))
        (select_field(form, FieldSpec::new("desk", "窓口").hint("担当者を決めずに窓口に渡すときに選びます。"), &borrowed(&desks)))
        (text_area(form, FieldSpec::new("note", "引き継ぐ人への言葉").maxlength(2_000).rows(3)))
        p.hint { @if keeps { "ほかの窓口に渡した後も、この窓口は読むことができます。" } @else { "ほかの窓口に渡すと、この窓口からは開けなくなります。" } }
        (submit_row(html! {
            (button(ButtonKind::Primary, "渡す", None))
            a href=(path(key.room())) { "相談に戻る" }
        }))
    };
    let content = form_frame(
        &format!("{}/assign", path(key.room())),
        ctx.csrf(),
        form,
        body,
    );
    Ok(engawa_kernel::page::page(
        &ctx.frame(),
        "担当を替える・渡す",
        content,
    ))
}
