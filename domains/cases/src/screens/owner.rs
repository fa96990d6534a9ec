//! /cases/{room}/owner: 主担当を替える. A case is never without one.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{ButtonKind, FieldSpec, button, check_box, form_frame, select_field, submit_row},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::see_other,
    page,
};
use maud::{Markup, html};

use super::{
    parts::{self, Holders, Names, People},
    read, write,
};
use crate::{rules, store};

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case owner").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let mut form = Form::blank();
    form.prefill("keep", "1");
    render(&mut conn, &ctx, &key, &form).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let team = store::team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &team).await?;
    let people = People::load(conn, ctx, key).await?;
    let holders = Holders::all(conn, ctx).await?;
    let now = team
        .iter()
        .find(|m| m.is_owner && m.until_on.is_none())
        .map(|m| names.member(m, &people))
        .unwrap_or_default();
    let body = html! {
        (parts::back(&head))
        p { "いまの主担当: " (now) }
        (form_frame(&format!("/cases/{}/owner", key.room()), ctx.csrf(), form, html! {
            (select_field(form, FieldSpec::new("owner", "次の主担当").required()
                .hint("今日から、次の主担当とその窓口に閲覧権が移ります。"), &borrowed(&holders.options())))
            (check_box(form, FieldSpec::new("keep", "いまの主担当をチームに残す")
                .hint("外すと、いまの主担当はこのケースを開けなくなります(同じ窓口のときを除く)。")))
            (submit_row(button(ButtonKind::Primary, "主担当を替える", None)))
        }))
    };
    Ok(page::page(&ctx.frame(), "主担当を替える", body))
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case owner").await?;
    let mut form = Form::from_posted(posted);
    let holders = Holders::all(&mut tx, &ctx).await?;
    let options = holders.options();
    let chosen = form
        .choice("owner", "次の主担当", &borrowed(&options), true)
        .and_then(|code| holders.find(&code).ok());
    if let Some((desk, posting)) = chosen
        && let Err(refusal) = rules::may_own(key.is_sealed(), desk, posting)
    {
        form.error("owner", "次の主担当", refusal.sentence());
    }
    let (Some((desk, posting)), false) = (chosen, form.has_errors()) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let keep = form.flag("keep");
    store::team::set_owner(&mut tx, &ctx, &key, desk, posting, keep).await?;
    tx.commit().await?;
    // Without a key any more, the case's page would be a refusal.
    let mine = ctx.actor.postings.iter().any(|p| {
        Some(p.id) == posting
            || (p.desk == Some(desk) && !key.is_sealed())
            || (keep && Some(p.id) == key.owner_posting())
    });
    Ok(see_other(&if mine {
        format!("/cases/{}", key.room())
    } else {
        "/cases".to_owned()
    }))
}
