//! /referrals/{room}/edit: a draft, as its desk left it; two people who write see both texts.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::{self, Purpose, RoomKey},
    components::{Conflict, ConflictInfo, conflict_view},
    context::Ctx,
    db::{Conn, Tx},
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page,
};
use maud::{Markup, html};

use super::{
    form::{self, Place},
    ground::Ground,
    new,
    preview::{self, Shown},
    read, receiver, write,
};
use crate::{
    compose::Composed,
    model::{Content, Sheet, State},
    store::{send, sheet},
};

fn draft_key(key: &RoomKey) -> String {
    format!("referrals/{}/edit", key.room())
}

fn action(key: &RoomKey) -> String {
    format!("/referrals/{}/edit", key.room())
}

/// The sheet while it may still be written.
async fn draft(conn: &mut Conn, key: &RoomKey) -> Result<Sheet> {
    key.need_write()?;
    let sheet = sheet::read(conn, key).await?;
    if sheet.state == State::Draft {
        return Ok(sheet);
    }
    Err(Error::Invalid(
        "このつなぐシートはもう送られているため、書き換えられません。シートのページから次の操作を選んでください。".into(),
    ))
}

async fn source(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, purpose: Purpose) -> Result<RoomKey> {
    let kind = sheet::kind_of(tx, ctx, sheet.source).await?;
    access::write_key(tx, ctx, sheet.source, kind, purpose).await
}

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, access::Act::Read, "referral edit").await?;
    let sheet = draft(&mut ctx.read().await?, &key).await?;
    let kind = sheet::kind_of(&mut ctx.read().await?, &ctx, sheet.source).await?;
    let source = access::open(&ctx, sheet.source, kind, access::Act::Read, "referral").await?;
    let mut conn = ctx.read().await?;
    let ground = Ground::load(&mut conn, &ctx, &source, Some(&sheet.content.to)).await?;
    let mut start = form::filled(&ctx, &ground, &sheet.content, false);
    start.version = Some(sheet.version);
    let mut form = drafts::restore(&ctx, &draft_key(&key), start).await?;
    form.forget(form::CHECKED);
    view(&mut conn, &ctx, &key, &sheet, &ground, &form, None).await
}

async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    sheet: &Sheet,
    ground: &Ground,
    form: &Form,
    composed: Option<(&Composed, Shown)>,
) -> Result<Markup> {
    let action = action(key);
    let other_receiver = format!("/referrals/new?room={}", sheet.source);
    let place = Place {
        action: &action,
        other_receiver: &other_receiver,
        along: html! {},
        must_check: composed.is_some_and(|(c, _)| c.must_check),
    };
    let body = html! {
        p { a href=(ground.back) { "← " (ground.number) } }
        (receiver::others(&ground.others))
        @if let Some((composed, shown)) = composed { (preview::above(ground, composed, shown)) }
        (preview::place(form::view(conn, ctx, ground, form, &sheet.content.to, place).await?))
        p { "要らなくなった下書きは、" a href={ "/referrals/" (key.room()) "?stay=1" } { "シートのページ" } "で取り下げられます。" }
    };
    let title = format!("つなぐシート {}（下書き）", sheet.number);
    Ok(page::page(&ctx.frame(), &title, body))
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let wish = form.value("do").to_owned();
    let live = wish == preview::LIVE;
    let purposes = if live {
        (access::LIVE, access::LIVE)
    } else {
        ("referral edit", "referral")
    };
    let (mut tx, key) = write(&ctx, &room, purposes.0).await?;
    form.draft_key = Some(draft_key(&key));
    let sheet = draft(&mut tx, &key).await?;
    let source = source(&mut tx, &ctx, &sheet, purposes.1).await?;
    let ground = Ground::load(&mut tx, &ctx, &source, Some(&sheet.content.to)).await?;
    if live {
        let to = &sheet.content.to;
        return new::live_view(&mut tx, &ctx, &source, &ground, &mut form, to).await;
    }
    let parsed = form::parse(&mut tx, &ctx, &ground, &mut form, &sheet.content.to).await?;
    let Some(content) = parsed else {
        let shown = view(&mut tx, &ctx, &key, &sheet, &ground, &form, None).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let version = form.version.unwrap_or_default();
    if version != sheet.version {
        let shown = conflict(&ctx, &key, &sheet, &content, &form);
        return Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)));
    }
    if wish != "draft" {
        let composed = new::composed(&mut tx, &ctx, &source, &content).await?;
        let how = Shown::of(&wish);
        if how == Shown::Asked || preview::refused(&mut form, &composed) {
            let composed = Some((&composed, how));
            let shown = view(&mut tx, &ctx, &key, &sheet, &ground, &form, composed).await?;
            if how == Shown::Asked {
                return Ok(shown.into_response());
            }
            return Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(shown),
            ));
        }
    }
    sheet::save(&mut tx, &ctx, &key, &content, version).await?;
    if wish != "draft" {
        let text_checked = form.flag(form::CHECKED);
        send::send(&mut tx, &ctx, &key, version + 1, text_checked).await?;
    }
    drafts::clear(&mut tx, &ctx, &draft_key(&key)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/referrals/{}", key.room())))
}

fn conflict(ctx: &Ctx, key: &RoomKey, saved: &Sheet, mine: &Content, form: &Form) -> Markup {
    let theirs = &saved.content;
    let texts = [
        (
            "wishes",
            "配慮を希望されること",
            &mine.wishes,
            &theirs.wishes,
        ),
        ("words", "相談したいこと", &mine.words, &theirs.words),
        ("reason", "紹介する理由", &mine.reason, &theirs.reason),
        ("asked", "お願いしたいこと", &mine.asked, &theirs.asked),
    ];
    let mut conflicts: Vec<Conflict> = texts
        .into_iter()
        .filter(|(_, _, a, b)| a != b)
        .map(|(name, label, a, b)| Conflict::text(name, label, a, b))
        .collect();
    if mine.urgency != theirs.urgency {
        let side = |u: crate::model::Urgency| (vec![u.as_code().to_owned()], u.label().to_owned());
        conflicts.push(Conflict::coded(
            "urgency",
            "緊急度",
            side(mine.urgency),
            side(theirs.urgency),
        ));
    }
    let info = ConflictInfo {
        who: "同じ窓口の職員",
        when: "先ほど",
        version: saved.version,
    };
    let body = html! {
        p { a href={ "/referrals/" (key.room()) } { "← " (saved.number) } }
        (conflict_view(&action(key), ctx.csrf(), form, info, &conflicts))
    };
    page::page(&ctx.frame(), "つなぐシート（下書き）", body)
}
