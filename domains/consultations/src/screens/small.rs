//! Single acts posted from the page of a consultation.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    text::wareki,
};

use super::{path, room_id};
use crate::store;

/// `POST /consultations/{room}/compound`: yes, no, or follow the issues (auto).
pub(super) async fn compound(
    ctx: Ctx,
    Path(room): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let room = room_id(&room)?;
    let manual = match posted.get("compound") {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some("auto") => None,
        _ => {
            return Err(Error::Invalid(
                "複合課題の選択が読み取れません。画面を開き直して選んでください。".into(),
            ));
        }
    };
    store::set_compound(&ctx, room, manual).await?;
    Ok(see_other(&path(room)))
}

/// `POST /consultations/{room}/first-contact`
pub(super) async fn first_contact(
    ctx: Ctx,
    Path(room): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let room = room_id(&room)?;
    let mut form = Form::from_posted(posted);
    let today = ctx.today();
    let day = form.parsed(
        "first_contact_on",
        "本人と初めて接した日",
        true,
        |t| wareki::parse_date(t, today),
    );
    let day = day.ok_or_else(|| refused(&form))?;
    store::set_first_contact(&ctx, room, day).await?;
    Ok(see_other(&path(room)))
}

/// `POST /consultations/{room}/reply`: the answer to the agency that asked.
pub(super) async fn reply(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let room = room_id(&room)?;
    let mut form = Form::from_posted(posted);
    let reply = form.text("reply", "依頼元への回答", 5_000, true);
    if form.has_errors() {
        return Err(refused(&form));
    }
    store::answer_request(&ctx, room, &reply).await?;
    Ok(see_other(&path(room)))
}

fn refused(form: &Form) -> Error {
    let messages: Vec<&str> = form.errors().iter().map(|e| e.message.as_str()).collect();
    Error::Invalid(format!("保存していません。{}", messages.join(" ")))
}
