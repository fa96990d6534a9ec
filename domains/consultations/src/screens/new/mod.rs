//! `/consultations/new`: from the phone ringing to saved in under a minute. Only the words said
//! must be there.

mod confirm;
mod form;
pub(crate) mod parse;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::Duty,
    clock,
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
    saved::Saved,
    text::wareki,
};
use engawa_organisations::{self as organisations, DeskRef};
use maud::Markup;

use super::{slip::is_lay, words::Words};
use crate::store::{self, EmergencyContact};
use parse::SUBJECTS;

/// Where the draft of this form lies.
pub const DRAFT: &str = "consultations/new";

/// What the form needs besides what was typed.
pub(crate) struct Setting {
    pub(crate) words: Words,
    pub(crate) desks: Vec<DeskRef>,
    contacts: Vec<EmergencyContact>,
}

impl Setting {
    pub(crate) async fn load(ctx: &Ctx) -> Result<Self> {
        let mut conn = ctx.read().await?;
        Ok(Self {
            words: Words::load(&mut conn, ctx).await?,
            desks: organisations::desks(&mut conn, ctx).await?,
            contacts: store::emergency_contacts(&mut conn, ctx).await?,
        })
    }
}

pub(super) async fn get(ctx: Ctx) -> Result<Response> {
    ctx.need(Duty::Receive)?;
    if is_lay(&ctx) {
        return Ok(see_other("/consultations/slip/new"));
    }
    let mut blank = Form::blank();
    let now = clock::local(ctx.now());
    blank.prefill(
        "received_on",
        wareki::format_short(now.date(), ctx.calendar),
    );
    blank.prefill("received_time", wareki::format_time(now.time()));
    blank.prefill("who", crate::WhoCame::default().as_code());
    blank.prefill("channel", parse::CHANNEL);
    blank.prefill("urgency", crate::rules::ORDINARY);
    if let Ok(desk) = ctx.actor.desk_for(Duty::Receive) {
        blank.prefill("desk", desk.to_string());
    }
    let setting = Setting::load(&ctx).await?;
    let form = drafts::restore(&ctx, DRAFT, blank).await?;
    Ok(page(&ctx, &form, &setting, 1).into_response())
}

pub(super) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Receive)?;
    let add_row = posted.get("add_row") == Some(SUBJECTS);
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(DRAFT.to_owned());
    parse::limit_rows(&ctx, &form, DRAFT).await?;
    let setting = Setting::load(&ctx).await?;
    if add_row {
        let rows = form.indexed(SUBJECTS).len() + 1;
        return Ok(page(&ctx, &form, &setting, rows).into_response());
    }
    let Some((new, rows)) = parse::consultation(&mut form, &ctx, &setting.words, &setting.desks)
    else {
        let page = page(&ctx, &form, &setting, 1);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    // A form sent again leads to its record, not to the question whether that record's person is the same.
    once::seen(&mut ctx.read().await?, &ctx, &form.once).await?;
    let matches = confirm::unresolved(&ctx, &form, &new, &rows).await?;
    if !matches.is_empty() {
        drafts::keep(&ctx, DRAFT, form.posted()).await?;
        let shown = matches.iter().flat_map(confirm::Match::candidates);
        super::note_candidates(&ctx, shown).await?;
        return Ok(confirm::page(&ctx, &form, &matches).into_response());
    }
    let saved = store::take_in(&ctx, new, &form.once, Some(DRAFT)).await?;
    Ok(Saved::Consultation.then(&super::path(saved.room)))
}

fn page(ctx: &Ctx, form: &Form, setting: &Setting, rows: usize) -> Markup {
    engawa_kernel::page::page(
        &ctx.frame(),
        "相談を受け付ける",
        form::view(ctx, form, setting, rows),
    )
}
