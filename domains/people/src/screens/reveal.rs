//! /people/{id}/reveal: opens what is withheld, once, with a reason; logged, and the owner is told.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{self, Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, definition_list, form_frame, notice, submit_row,
        text_area,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::PersonId,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, href, or_dash, page_of};
use crate::{
    door::{self, Via},
    store,
};

const MAX_REASON: usize = 300;

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.reveal").await?;
    may(&ctx, &key)?;
    let this = shell::card(&mut ctx.read().await?, &ctx, &key, person).await?;
    Ok(ask(&ctx, &key, &this, &Form::blank()))
}

/// The same rule as [`access::reveal`], so that nobody writes a reason in vain.
fn may(ctx: &Ctx, key: &RoomKey) -> Result<()> {
    let owner = ctx
        .actor
        .postings
        .iter()
        .any(|p| Some(p.id) == key.owner_posting());
    if owner {
        Ok(())
    } else {
        ctx.need(Duty::RevealProtected)
    }
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let key = door::open(&ctx, person, via, "person.reveal").await?;
    may(&ctx, &key)?;
    let reason = form.text("reason", "開く理由", MAX_REASON, true);
    let mut tx = ctx.write().await?;
    let this = shell::card(&mut tx, &ctx, &key, person).await?;
    if form.has_errors() {
        return Err(again(ask(&ctx, &key, &this, &form)));
    }
    let witness = match access::reveal(&mut tx, &ctx, &key, person, &reason).await {
        Ok(witness) => witness,
        Err(Error::Invalid(why)) => {
            form.error("reason", "開く理由", why);
            return Err(again(ask(&ctx, &key, &this, &form)));
        }
        Err(e) => return Err(e),
    };
    let record = store::person::load(&mut tx, &ctx, &key, person).await?;
    let addresses = store::addresses::of(&mut tx, &key, person).await?;
    let given = store::consent::disclosures(&mut tx, &key, person).await?;
    // Shown only after it is written down for good.
    tx.commit().await?;
    let body = html! {
        (notice(NoticeKind::Danger, "この画面かぎりの表示です", html! {
            p { "開いたこと、日時、理由を記録し、主担当に知らせました。書き写し・印刷をせず、見終わったら閉じてください。" }
        }))
        (definition_list(&[
            ("電話", or_dash(&record.phones.reveal(&witness).join("、"))),
            ("学校", or_dash(record.school.reveal(&witness))),
            ("勤め先", or_dash(record.workplace.reveal(&witness))),
            ("通院先", or_dash(record.hospital.reveal(&witness))),
            ("担当機関", or_dash(record.desk_in_charge.reveal(&witness))),
        ]))
        h2 { "住所・居所" }
        ul {
            @for a in &addresses {
                li { (a.kind.label()) "　" (a.place.reveal(&witness)) "　" (shell::period(&ctx, a.valid_from, a.valid_to)) "　" (a.reason.reveal(&witness)) }
            }
        }
        @if !given.is_empty() {
            h2 { "情報の提供先" }
            ul { @for d in &given { li { (shell::day(&ctx, d.on)) "　" (d.to_name.reveal(&witness)) } } }
        }
        p { a href=(href(&key, person, "")) { "閉じて、この人のページへ戻る" } }
    };
    let page = page_of(&ctx, &key, &this, Place::Below, "秘匿された情報", body);
    let mut response = page.into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn ask(ctx: &Ctx, key: &RoomKey, this: &shell::This, form: &Form) -> Markup {
    let body = html! {
        (notice(NoticeKind::Warn, "開くと記録されます", html! {
            p { "だれが、いつ、どんな理由で開いたかが監査記録に残り、主担当に知らされます。" }
        }))
        (form_frame(&href(key, this.id, "/reveal"), ctx.csrf(), form, html! {
            (text_area(form, FieldSpec::new("reason", "開く理由").required().maxlength(MAX_REASON).rows(2)
                .hint("4文字以上。所在がわかることは書かないでください。例: 本人の安否確認の訪問のため")))
            (submit_row(button(ButtonKind::Danger, "理由を記録して開く", None)))
        }))
    };
    page_of(ctx, key, this, Place::Below, "秘匿された情報を開く", body)
}
