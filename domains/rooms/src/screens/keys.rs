//! /rooms/{room}/keys: who holds a key, why and until when; taking one back.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::{self, AccessGrant, Duty, Level, RoomKey, Source},
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, TagKind, button, details, form_frame, submit_row, table, tag,
        text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::GrantId,
    page,
};
use maud::{Markup, html};
use serde_json::json;

use super::{moment, open, room};
use crate::{panel::Holders, store};

pub async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let room = room(&id)?;
    let key = open(&ctx, room, "room keys").await?;
    let mut conn = ctx.read().await?;
    let keys = access::grants_of(&mut conn, room).await?;
    let holders = Holders::of(&mut conn, &ctx, &keys).await?;
    let number = store::number(&mut conn, room).await?;
    let rows: Vec<Vec<Markup>> = keys.iter().map(|k| row(&ctx, &key, &holders, k)).collect();
    let body = html! {
        p { a href=(key.kind().path(room)) { (number) "に戻る" } " ・ " a href=(format!("/rooms/{room}/log")) { "だれが見たか" } }
        (table(&["だれに", "できること", "もとになったもの", "根拠", "期間", "状態"], &rows, "閲覧権(新しい順)"))
    };
    Ok(page::page(&ctx.frame(), &format!("閲覧権 {number}"), body))
}

fn row(ctx: &Ctx, key: &RoomKey, holders: &Holders, k: &AccessGrant) -> Vec<Markup> {
    let over = k.valid_until.is_some_and(|until| until <= ctx.now());
    vec![
        html! { (holders.name(k)) },
        html! { @match k.level { Level::Write => "読み書き", Level::Read => "読むだけ" } },
        html! { (k.source.label()) @if !k.reason.is_empty() { br; small { (k.reason) } } },
        html! { (k.basis.label()) },
        html! {
            (moment(ctx, k.valid_from)) "から"
            @if let Some(until) = k.valid_until { br; (moment(ctx, until)) "まで" }
        },
        html! {
            @if let Some(at) = k.revoked_at { (tag(TagKind::Done, "取り戻し済み")) br; small { (moment(ctx, at)) } }
            @else if over { (tag(TagKind::Done, "期限切れ")) }
            @else {
                (tag(TagKind::Active, "有効"))
                @if may_revoke(ctx, key, k) { (revoke_form(ctx, key, k)) }
            }
        },
    ]
}

/// The owner's keys go only with the owner (主担当を変える); others by the owner or a manager.
fn may_revoke(ctx: &Ctx, key: &RoomKey, k: &AccessGrant) -> bool {
    let owner = ctx
        .actor
        .postings
        .iter()
        .any(|p| Some(p.id) == key.owner_posting());
    k.source != Source::Owner && key.may_write() && (owner || ctx.actor.may(Duty::Reassign))
}

fn revoke_form(ctx: &Ctx, key: &RoomKey, k: &AccessGrant) -> Markup {
    let form = Form::blank().scoped(k.id.to_string());
    details(
        "取り戻す",
        form_frame(
            &format!("/rooms/{}/keys/{}/revoke", key.room(), k.id),
            ctx.csrf(),
            &form,
            html! {
                (text_field(&form, FieldSpec::new("reason", "取り戻す理由").required().maxlength(200)))
                (submit_row(button(ButtonKind::Danger, "この閲覧権を取り戻す", None)))
            },
        ),
    )
}

pub async fn revoke(
    ctx: Ctx,
    Path((id, grant)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let room = room(&id)?;
    let grant: GrantId = grant.parse().map_err(|_| Error::NotFound)?;
    let mut form = Form::from_posted(posted);
    let reason = form.text("reason", "取り戻す理由", 200, true);
    if let Some(e) = form.errors().first() {
        return Err(Error::Invalid(e.message.clone()));
    }
    let kind = access::knowable(&ctx, room).await?;
    let (mut tx, key) = access::open_for_write(&ctx, room, kind, "revoke key").await?;
    let keys = access::grants_of(&mut tx, room).await?;
    let found = keys.iter().find(|k| k.id == grant).ok_or(Error::NotFound)?;
    if !may_revoke(&ctx, &key, found) {
        return Err(Error::Forbidden(
            "主担当の閲覧権は、主担当を変えると移ります。ほかの閲覧権を取り戻せるのは、主担当と管理者・推進員です。".into(),
        ));
    }
    access::revoke(&mut tx, &ctx, room, grant).await?;
    audit::append_with_reason(
        &mut tx,
        &ctx,
        Entry::new("access.revoke")
            .room(room)
            .detail(json!({ "grant": grant })),
        &reason,
    )
    .await?;
    tx.commit().await?;
    Ok(see_other(&format!("/rooms/{room}/keys")))
}
