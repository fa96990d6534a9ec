//! Lifting protection: one person asks, another confirms, each after asking afresh whether there is
//! a new application.

use axum::{extract::Path, response::Response};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, definition_list, form_frame, notice,
        submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::PersonId,
};
use maud::{Markup, html};

use super::{
    protection::{blank, load, refused, view},
    shell::{self, Place, again, href, page_of},
};
use crate::{
    door::{self, Via},
    model::{LiftId, ProtectionId},
    store::{self, protection::LiftRequest},
};

const MIN_CHECK: usize = 8;

pub(super) async fn post_request(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    ctx.need(Duty::DecideProtection)?;
    let mut form = Form::from_posted(posted).scoped("lift");
    let key = door::open(&ctx, person, via, "protection.lift").await?;
    let protection: ProtectionId = id(form.value("protection"))?;
    let seen_at: Option<DateTime<Utc>> = form.value("seen_at").parse().ok();
    let reason = form.text("reason", "解除の理由", 500, true);
    let checked_with = check(&mut form);
    let mut tx = ctx.write().await?;
    if !form.has_errors() {
        let request = LiftRequest {
            protection,
            // A page that does not say when it was made is as old as can be.
            seen_at: seen_at.unwrap_or_default(),
            reason,
            checked_with,
        };
        match store::protection::request_lift(&mut tx, &ctx, &key, person, &request).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(see_other(&href(&key, person, "/protection")));
            }
            Err(e) => refused(&mut form, "checked", "再申出がないことの確認", e)?,
        }
    }
    let shown = load(&mut tx, &ctx, &key, person).await?;
    Err(again(view(&ctx, &key, &shown, &blank(&ctx), &form)))
}

fn check(form: &mut Form) -> String {
    let label = "再申出がないことの確認";
    let text = form.text("checked", label, 300, true);
    if !text.is_empty() && text.chars().count() < MIN_CHECK {
        form.error(
            "checked",
            label,
            format!(
                "「{label}」は、だれに、どうやって確かめたかを{MIN_CHECK}文字以上で書いてください。"
            ),
        );
    }
    text
}

pub(super) async fn get_confirm(
    ctx: Ctx,
    Path((path, lift)): Path<(String, String)>,
    via: Via,
) -> Result<Markup> {
    let (person, lift): (PersonId, LiftId) = (id(&path)?, id(&lift)?);
    ctx.need(Duty::DecideProtection)?;
    let key = door::open(&ctx, person, via, "protection.lift").await?;
    confirm_page(
        &mut ctx.read().await?,
        &ctx,
        &key,
        person,
        lift,
        &Form::blank(),
    )
    .await
}

pub(super) async fn post_confirm(
    ctx: Ctx,
    Path((path, lift)): Path<(String, String)>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let (person, lift): (PersonId, LiftId) = (id(&path)?, id(&lift)?);
    ctx.need(Duty::DecideProtection)?;
    let mut form = Form::from_posted(posted);
    let key = door::open(&ctx, person, via, "protection.lift").await?;
    let checked = check(&mut form);
    if !form.flag("sure") {
        let message =
            "解除すると所在が表示されるようになります。確かめたうえで印を付けてください。";
        form.error("sure", "確認", message);
    }
    let mut tx = ctx.write().await?;
    if !form.has_errors() {
        match store::protection::confirm_lift(&mut tx, &ctx, &key, person, lift, &checked).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(see_other(&href(&key, person, "/protection")));
            }
            Err(Error::Changed) => {
                return Err(Error::Invalid(
                    "確認している間に再申出か取り下げがありました。秘匿は続いています。画面を開き直してください。".into(),
                ));
            }
            Err(e) => return Err(e),
        }
    }
    let page = confirm_page(&mut tx, &ctx, &key, person, lift, &form).await?;
    Err(again(page))
}

pub(super) async fn post_cancel(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    _posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "protection.lift").await?;
    let mut tx = ctx.write().await?;
    store::protection::cancel_lift(&mut tx, &ctx, &key, person).await?;
    tx.commit().await?;
    Ok(see_other(&href(&key, person, "/protection")))
}

async fn confirm_page(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    lift: LiftId,
    form: &Form,
) -> Result<Markup> {
    let this = shell::card(conn, ctx, key, person).await?;
    let open = store::protection::open_lift(conn, key, person)
        .await?
        .filter(|l| l.id == lift)
        .ok_or(Error::NotFound)?;
    let who = store::staff_name(conn, ctx, open.requested_by).await?;
    let action = href(key, person, &format!("/protection/lift/{lift}"));
    let body = html! {
        (notice(NoticeKind::Danger, "解除すると、所在が表示されるようになります", html! {
            p { "申請した人とは別に、あなた自身が、いま再申出がないことを確かめてください。" }
        }))
        (definition_list(&[
            ("申請した人", html! { (who) }),
            ("申請の日時", html! { (shell::moment(ctx, open.requested_at)) }),
            ("理由", html! { (open.reason) }),
            ("申請時の確認", html! { (open.checked_with) }),
        ]))
        (form_frame(&action, ctx.csrf(), form, html! {
            (text_area(form, FieldSpec::new("checked", "再申出がないことの確認").required().maxlength(300).rows(2)
                .hint("今日、だれに、どうやって確かめましたか。")))
            (check_box(form, FieldSpec::new("sure", "所在が表示されるようになることを理解し、解除を承認します")))
            (submit_row(button(ButtonKind::Danger, "解除を承認する", None)))
        }))
    };
    Ok(page_of(
        ctx,
        key,
        &this,
        Place::Protection,
        "解除の承認",
        body,
    ))
}
