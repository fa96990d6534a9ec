//! `/rooms/{id}/break-glass`: opening in an emergency, with a reason, for a short time, and not in
//! secret. Offered only where a refusal tells that the room exists: never for sealed rooms or rooms
//! of protected people, and never to someone with a conflict of interest.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{self, Act, Duty},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, link_button, notice, radio_group,
        submit_row, text_area,
    },
    context::Ctx,
    drafts,
    error::{Error, Refusal, Result},
    form::{Form, Posted},
    http::see_other,
    id::RoomId,
    once,
    page::page,
    text::grapheme_len,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use crate::{
    rules::{REASON_MAX, REASON_MIN},
    store::{self, About},
};

/// What lies behind the address for this actor.
enum Door {
    /// The actor has a key.
    Open,
    /// Shut; whom to ask first.
    Shut { contact: String },
}

/// Tries the door as any reader would: the attempt is logged, a conflict of interest is told to the
/// owner, and whoever may not know of the room learns nothing.
async fn knock(ctx: &Ctx, room: RoomId) -> Result<(About, Door)> {
    let about = {
        let mut conn = ctx.read().await?;
        store::about(&mut conn, ctx, room).await?
    };
    match access::open(ctx, room, about.kind, Act::Read, "break_glass").await {
        Ok(_) => Ok((about, Door::Open)),
        Err(Error::Refused(Refusal::Exists { contact, .. })) => {
            ctx.need(Duty::BreakGlass)?;
            Ok((about, Door::Shut { contact }))
        }
        Err(e) => Err(e),
    }
}

async fn kinds(ctx: &Ctx) -> Result<Labels> {
    let mut conn = ctx.read().await?;
    codes::load(&mut conn, ctx, &[CodeList::EmergencyKind]).await
}

fn draft_key(room: RoomId) -> String {
    format!("rooms/{room}/break-glass")
}

/// The form.
pub async fn form(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let room: RoomId = super::id(&id)?;
    match knock(&ctx, room).await? {
        (about, Door::Open) => Ok(see_other(&about.kind.path(room))),
        (_, Door::Shut { contact }) => {
            let form = drafts::restore(&ctx, &draft_key(room), Form::blank()).await?;
            Ok(view(&ctx, room, &contact, &form, &kinds(&ctx).await?).into_response())
        }
    }
}

/// Cuts the key.
pub async fn open(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let room: RoomId = super::id(&id)?;
    let (about, door) = knock(&ctx, room).await?;
    let path = about.kind.path(room);
    let Door::Shut { contact } = door else {
        return Ok(see_other(&path));
    };
    let labels = kinds(&ctx).await?;
    let mut form = Form::from_posted(posted);
    let kind = form.choice(
        "kind",
        "緊急の種別",
        &labels.options(CodeList::EmergencyKind),
        true,
    );
    let reason = form.text("reason", "開く理由", REASON_MAX, true);
    if !reason.is_empty() && grapheme_len(&reason) < REASON_MIN {
        form.error(
            "reason",
            "開く理由",
            format!("「開く理由」は{REASON_MIN}文字以上で、何が起きているかを書いてください。"),
        );
    }
    let (Some(kind), false) = (kind, form.has_errors()) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, room, &contact, &form, &labels)),
        ));
    };
    cut(&ctx, room, &path, &form.once, &kind, &reason).await?;
    Ok(see_other(&path))
}

async fn cut(
    ctx: &Ctx,
    room: RoomId,
    path: &str,
    token: &str,
    kind: &str,
    reason: &str,
) -> Result<()> {
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, ctx, token).await?;
    access::break_glass(&mut tx, ctx, room, kind, reason).await?;
    drafts::clear(&mut tx, ctx, &draft_key(room)).await?;
    once::lead_to(&mut tx, ctx, token, path).await?;
    tx.commit().await
}

fn view(ctx: &Ctx, room: RoomId, contact: &str, form: &Form, labels: &Labels) -> Markup {
    let minutes = ctx.settings.break_glass_minutes;
    let body = html! {
        (notice(NoticeKind::Warn, "先に電話で確かめてください", html! {
            p { "この世帯には支援中の機関があります。連絡先: " strong { (contact) } }
            p { "連絡がつかない、または待てないときだけ、下の理由を記録して開いてください。" }
        }))
        h2 { "開くとどうなりますか" }
        ul {
            li { "あなただけが、" (minutes) "分のあいだ読めます。書き込みはできません。時間が来ると自動で閉じます。" }
            li { "開いたこと、理由、読んだ時刻は記録され、消すことはできません。" }
            li { "主担当とその管理者に、すぐに知らされます。あとで説明を求められます。" }
        }
        (form_frame(&format!("/rooms/{room}/break-glass"), ctx.csrf(), form, html! {
            (radio_group(form, FieldSpec::new("kind", "緊急の種別").required(),
                &labels.options(CodeList::EmergencyKind)))
            (text_area(form, FieldSpec::new("reason", "開く理由").required().maxlength(REASON_MAX)
                .hint(format!("いま何が起きていて、なぜ待てないのか。{REASON_MIN}文字以上。"))))
            (submit_row(html! {
                (button(ButtonKind::Danger, &format!("理由を記録して{minutes}分だけ開く"), None))
                (link_button(ButtonKind::Quiet, "/today", "開かずに戻る"))
            }))
        }))
    };
    page(&ctx.frame(), "緊急閲覧", body)
}
