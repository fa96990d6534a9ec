//! /cases/{room}/close: 終結. Never without someone who stays in contact.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, date_field, form_frame, notice,
        select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page, tasks,
    text::wareki::{format_short, parse_date},
};
use engawa_organisations::codes::{self, CodeList};
use maud::{Markup, html};

use super::{parts, read, write};
use crate::{
    rules::{self, Closing, Refusal},
    store,
};

fn draft_key(key: &RoomKey) -> String {
    format!("cases/{}/close", key.room())
}

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case closing").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let card = store::case::card(&mut conn, &key).await?;
    let mut form = Form::blank();
    form.version = Some(card.version);
    form.prefill("closed_on", format_short(ctx.today(), ctx.calendar));
    form.prefill("dissolve", "1");
    let form = drafts::restore(&ctx, &draft_key(&key), form).await?;
    render(&mut conn, &ctx, &key, &form).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let card = store::case::card(conn, key).await?;
    let labels = codes::load(conn, ctx, &[CodeList::ClosureReason]).await?;
    let open_issues = store::issue::open_count(conn, key).await?;
    let open_tasks = tasks::open_in_room(conn, key).await?.len();
    let body = html! {
        (parts::back(&card))
        @if let Err(refusal) = rules::step(card.stage, rules::Act::Close) {
            (notice(NoticeKind::Warn, "", html! { p { (refusal.sentence()) } }))
        } @else {
            @if open_issues > 0 {
                (notice(NoticeKind::Warn, "", html! {
                    p { (Refusal::OpenIssues(open_issues).sentence()) }
                    p { a href={ "/cases/" (card.room) "/issues" } { "課題の終わりを記録する" } }
                }))
            }
            @if open_tasks > 0 {
                (notice(NoticeKind::Info, "", html! {
                    p { "やることが" (open_tasks) "件残っています。終結しても、それぞれの担当の「きょう」に残ります。" }
                }))
            }
            (form_frame(&format!("/cases/{}/close", card.room), ctx.csrf(), form, html! {
                (date_field(form, FieldSpec::new("closed_on", "終結日").required().national()))
                (select_field(form, FieldSpec::new("reason", "終結の理由").required().national(), &labels.options(CodeList::ClosureReason)))
                (text_area(form, FieldSpec::new("changes", "見られた変化").required().maxlength(4000)))
                (text_field(form, FieldSpec::new("later_lead", "後の主担当(終結後も連絡を続ける人・機関)").required().maxlength(200)))
                (date_field(form, FieldSpec::new("next_check_on", "次の確認日").hint("その日に、主担当のやることになります。")))
                (text_field(form, FieldSpec::new("no_check_reason", "次の確認を予定しない理由").maxlength(200).hint("次の確認日を決めないときだけ書きます。例: 死亡のため。")))
                (check_box(form, FieldSpec::new("dissolve", "チームを解散し、閲覧権を返す(主担当は残ります)")))
                (submit_row(button(ButtonKind::Primary, "終結する", None)))
            }))
        }
    };
    Ok(page::page(&ctx.frame(), "ケースの終結", body))
}

/// The field that a refusal belongs to.
const fn field_of(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::NoLaterLead => ("later_lead", "後の主担当"),
        Refusal::NoNextCheck => ("next_check_on", "次の確認日"),
        _ => ("closed_on", "終結日"),
    }
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case closing").await?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft_key(&key));
    let today = ctx.today();
    let card = store::case::card(&mut tx, &key).await?;
    let labels = codes::load(&mut tx, &ctx, &[CodeList::ClosureReason]).await?;
    let closed_on = form.parsed("closed_on", "終結日", true, |t| parse_date(t, today));
    let reason = form.choice(
        "reason",
        "終結の理由",
        &labels.options(CodeList::ClosureReason),
        true,
    );
    let changes = form.text("changes", "見られた変化", 4000, true);
    let later_lead = form.text("later_lead", "後の主担当", 200, false);
    let next_check_on = form.parsed("next_check_on", "次の確認日", false, |t| {
        parse_date(t, today)
    });
    let no_check_reason = form.text("no_check_reason", "次の確認を予定しない理由", 200, false);
    let closing = match (closed_on, reason) {
        (Some(closed_on), Some(reason)) => Some(Closing {
            closed_on,
            reason,
            changes,
            later_lead,
            next_check_on,
            no_check_reason,
            dissolve_team: form.flag("dissolve"),
        }),
        _ => None,
    };
    if let Some(closing) = &closing {
        let open = store::issue::open_count(&mut tx, &key).await?;
        if let Err(refusal) = rules::may_close(card.stage, card.opened_on, today, closing, open) {
            let (field, label) = field_of(refusal);
            form.error(field, label, refusal.sentence());
        }
    }
    let (Some(closing), false) = (closing, form.has_errors()) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let version = form.version.unwrap_or_default();
    store::closure::close(&mut tx, &ctx, &key, &card, closing, version).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(&key)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}", key.room())))
}
