//! `/rooms/{id}/keys`: every key of a room, and taking one back with a reason.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{self, AccessGrant, Level, RoomKey},
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, TagKind, button, details, empty_state, form_frame, submit_row,
        table, tag, text_field,
    },
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{GrantId, RoomId},
    notices, once,
    page::page as framed,
};
use maud::{Markup, html};
use serde_json::json;

use crate::{
    panel::{Holders, until},
    rules::{REASON_MAX, is_valid, may_manage_keys, refuse_to_take_back},
    store::{self, About},
};

/// Characters of the reason for taking a key back, at least.
const SHORTEST: usize = 4;

/// The page.
pub async fn page(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let (key, about) = super::opened(&ctx, &id, "keys").await?;
    view(&ctx, &key, &about, None).await
}

/// Takes one key back.
pub async fn take_back(
    ctx: Ctx,
    Path((id, grant)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let (room, grant): (RoomId, GrantId) = (super::id(&id)?, super::id(&grant)?);
    let about = {
        let mut conn = ctx.read().await?;
        store::about(&mut conn, &ctx, room).await?
    };
    let mut form = Form::from_posted(posted).scoped(grant.to_string());
    let reason = form.text("reason", "取り消す理由", REASON_MAX, true);
    if !reason.is_empty() && reason.chars().count() < SHORTEST {
        form.error(
            "reason",
            "取り消す理由",
            format!("「取り消す理由」は{SHORTEST}文字以上で書いてください。"),
        );
    }
    let (mut tx, key) = access::open_for_write(&ctx, room, about.kind, "keys").await?;
    if form.has_errors() {
        drop(tx);
        let again = view(&ctx, &key, &about, Some((grant, &form))).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(again),
        ));
    }
    let path = format!("/rooms/{room}/keys");
    once::claim(&mut tx, &ctx, &form.once).await?;
    revoke(&mut tx, &ctx, &key, grant, &reason).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &path).await?;
    tx.commit().await?;
    // Whoever took their own key back has no page of this room to go to.
    let mut conn = ctx.read().await?;
    let kept = access::grants_of(&mut conn, room)
        .await?
        .into_iter()
        .any(|g| {
            is_valid(&g, ctx.now())
                && ctx
                    .actor
                    .postings
                    .iter()
                    .any(|p| Some(p.id) == g.posting || (p.desk.is_some() && p.desk == g.desk))
        });
    Ok(see_other(if kept { &path } else { "/today" }))
}

async fn revoke(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, id: GrantId, reason: &str) -> Result<()> {
    let room = key.room();
    if !may_manage_keys(&ctx.actor, key) {
        return Err(Error::Forbidden(
            "閲覧権を取り消せるのは、主担当と、担当の引き継ぎを決める管理者・推進員だけです。"
                .into(),
        ));
    }
    let grants = access::grants_of(tx, room).await?;
    if let Some(why) = refuse_to_take_back(key, &grants, id, ctx.now()) {
        return Err(Error::Forbidden(why.into()));
    }
    access::revoke(tx, ctx, room, id).await?;
    audit::append_with_reason(
        tx,
        ctx,
        Entry::new("access.taken_back")
            .room(room)
            .detail(json!({ "grant": id })),
        reason,
    )
    .await?;
    let holder = grants.iter().find(|g| g.id == id).and_then(|g| g.posting);
    if let Some(posting) = holder
        && let Some(staff) = store::staff_of(tx, posting).await?
        && staff != ctx.actor.staff
    {
        notices::to_staff(
            tx,
            ctx,
            staff,
            None,
            "key_taken_back",
            json!({ "by": ctx.actor.staff }),
        )
        .await?;
    }
    Ok(())
}

async fn view(
    ctx: &Ctx,
    key: &RoomKey,
    about: &About,
    failed: Option<(GrantId, &Form)>,
) -> Result<Markup> {
    let room = key.room();
    let mut conn = ctx.read().await?;
    let grants = access::grants_of(&mut conn, room).await?;
    let holders = Holders::of(&mut conn, ctx, &grants).await?;
    let manages = may_manage_keys(&ctx.actor, key);
    let (valid, past): (Vec<_>, Vec<_>) = grants.iter().partition(|g| is_valid(g, ctx.now()));
    let row = |g: &AccessGrant| {
        vec![
            html! { (holders.name(g)) },
            html! { (if g.level == Level::Write { "記入できる" } else { "閲覧のみ" }) @if g.opens_sealed { " " (tag(TagKind::Waiting, "限定記録も可")) } },
            html! { (g.source.label()) },
            html! { (g.basis.label()) },
            html! { (g.reason) },
            html! { (super::when(ctx, g.valid_from)) "から" @if let Some(end) = until(ctx, g) { " " (end) "まで" } },
        ]
    };
    let now: Vec<Vec<Markup>> = valid
        .iter()
        .map(|g| {
            let mut cells = row(g);
            if manages {
                cells.push(match refuse_to_take_back(key, &grants, g.id, ctx.now()) {
                    Some(_) => html! { "主担当を替えると取り消されます" },
                    None => take_back_form(ctx, room, g, failed),
                });
            }
            cells
        })
        .collect();
    let ended: Vec<Vec<Markup>> = past
        .iter()
        .map(|g| {
            let mut cells = row(g);
            cells.push(match g.revoked_at {
                Some(at) => html! { (super::when(ctx, at)) "に取り消し" },
                None => html! { "期限切れ" },
            });
            cells
        })
        .collect();
    let headers = [
        "持っている人",
        "できること",
        "付与の理由",
        "根拠",
        "説明",
        "期間",
        "取消",
    ];
    let shown = if manages {
        &headers[..]
    } else {
        headers.split_last().map_or(&headers[..], |(_, rest)| rest)
    };
    let body = html! {
        p { a href=(about.kind.path(room)) { "記録に戻る" } "　" a href=(format!("/rooms/{room}/log")) { "だれが見たか" } }
        @if now.is_empty() {
            (empty_state("いま使える閲覧権はありません。", html! {}))
        } @else {
            (table(shown, &now, "いま使える閲覧権"))
        }
        @if !ended.is_empty() {
            (details(&format!("取り消された・期限が切れた閲覧権（{}件）", ended.len()), html! {
                (table(&["持っていた人", "できたこと", "付与の理由", "根拠", "説明", "期間", "終わり"], &ended, "終わった閲覧権"))
            }))
        }
    };
    Ok(framed(
        &ctx.frame(),
        &format!("閲覧権 {}", about.number),
        body,
    ))
}

fn take_back_form(
    ctx: &Ctx,
    room: RoomId,
    grant: &AccessGrant,
    failed: Option<(GrantId, &Form)>,
) -> Markup {
    let again = failed
        .filter(|(id, _)| *id == grant.id)
        .map(|(_, form)| form.clone());
    let open = again.is_some();
    let form = again.unwrap_or_else(|| Form::blank().scoped(grant.id.to_string()));
    let action = format!("/rooms/{room}/keys/{}", grant.id);
    let fields = form_frame(
        &action,
        ctx.csrf(),
        &form,
        html! {
            (text_field(&form, FieldSpec::new("reason", "取り消す理由").required().maxlength(REASON_MAX)
                .hint("例: 担当を外れた、誤って付けた")))
            (submit_row(button(ButtonKind::Danger, "閲覧権を取り消す", None)))
        },
    );
    if open {
        fields
    } else {
        details("取り消す", fields)
    }
}
