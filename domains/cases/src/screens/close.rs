//! /cases/{room}/close: 終結. Never without someone who stays in contact.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, NoticeKind, button, check_box,
        conflict_view, date_field, definition_list, form_frame, link_button, notice, select_field,
        submit_row, text_area, text_field,
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
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::{parts, read, write};
use crate::{
    model::{CaseCard, Stage},
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
    let version = form.version.unwrap_or_default();
    if card.stage == Stage::Closed && version != card.version {
        return Err(closed_first(&mut tx, &ctx, &key, &card, &labels, &form).await?);
    }
    if version == card.version && form.value("stage") == card.stage.as_code() {
        // Chosen on the screen of both sides: it stays as the other saved it. The text typed here
        // stays in the draft.
        return Ok(see_other(&format!("/cases/{}", key.room())));
    }
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
    if version != card.version {
        return Err(changed_first(&mut tx, &ctx, &key, &card, &labels, &form).await?);
    }
    store::closure::close(&mut tx, &ctx, &key, &card, closing, version).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(&key)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}", key.room())))
}

/// Somebody changed the case meanwhile: close it all the same, or leave it as it is now.
async fn changed_first(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    card: &CaseCard,
    labels: &Labels,
    form: &Form,
) -> Result<Error> {
    let (who, when) = parts::last_saved(conn, ctx, key, |l| l.action.starts_with("case.")).await?;
    let mine = format!(
        "終結する(終結日 {}、{}、後の主担当 {})",
        form.value("closed_on"),
        labels.label(CodeList::ClosureReason, form.value("reason")),
        form.value("later_lead"),
    );
    let marks = [(card.compound, "、複合課題"), (card.gap, "、制度の狭間")]
        .map(|(on, mark)| if on { mark } else { "" })
        .concat();
    let theirs = format!("{}(ケースの名前 {}{marks})", card.stage.label(), card.label);
    let stage = Conflict::coded(
        "stage",
        "ケースの段階",
        (vec![Stage::Closed.as_code().to_owned()], mine),
        (vec![card.stage.as_code().to_owned()], theirs),
    );
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: card.version,
    };
    let action = format!("/cases/{}/close", card.room);
    let body = html! {
        (parts::back(card))
        (conflict_view(&action, ctx.csrf(), form, info, &[stage]))
    };
    Ok(both(ctx, body))
}

/// Somebody closed the case meanwhile. A closing is never overwritten: it stays, or the case is
/// opened again and closed with the text typed here, which waits in the draft.
async fn closed_first(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    card: &CaseCard,
    labels: &Labels,
    form: &Form,
) -> Result<Error> {
    let (who, when) = parts::last_saved(conn, ctx, key, |l| l.action == "case.closed").await?;
    let closures = store::closure::all(conn, key).await?;
    let day = |d| format_short(d, ctx.calendar);
    let theirs = closures.first().map(|c| {
        facts([
            &day(c.closed_on),
            labels.label(CodeList::ClosureReason, &c.reason),
            &c.changes,
            &c.later_lead,
            &c.next_check_on.map(day).unwrap_or_default(),
            &c.no_check_reason,
        ])
    });
    let mine = facts([
        form.value("closed_on"),
        labels.label(CodeList::ClosureReason, form.value("reason")),
        form.value("changes"),
        form.value("later_lead"),
        form.value("next_check_on"),
        form.value("no_check_reason"),
    ]);
    let at = format!("/cases/{}", card.room);
    let body = html! {
        (parts::back(card))
        (notice(NoticeKind::Warn, "ほかの人が先に終結しました", html! {
            p { (when) "に" (who) "さんがこのケースを終結しました。あなたの入力はまだ保存していませんが、この画面と下書きに残っています。" }
            p { "終結の記録は上書きされません。二つを見比べて、どちらにするか選んでください。" }
        }))
        @if let Some(theirs) = theirs { (engawa_kernel::components::card(&format!("{who}さんの終結の記録"), theirs)) }
        (engawa_kernel::components::card("あなたの入力", mine))
        (submit_row(html! {
            (link_button(ButtonKind::Primary, &at, &format!("{who}さんの記録のままにする")))
            (link_button(ButtonKind::Secondary, &format!("{at}/reopen"), "再開してから、自分の内容で終結し直す"))
        }))
    };
    Ok(both(ctx, body))
}

fn facts(values: [&str; 6]) -> Markup {
    let terms = [
        "終結日",
        "終結の理由",
        "見られた変化",
        "後の主担当",
        "次の確認日",
        "次の確認を予定しない理由",
    ];
    let items: Vec<(&str, Markup)> = terms
        .into_iter()
        .zip(values.map(|v| {
            if v.is_empty() {
                parts::lines("—")
            } else {
                parts::lines(v)
            }
        }))
        .collect();
    definition_list(&items)
}

fn both(ctx: &Ctx, body: Markup) -> Error {
    let shown = page::page(&ctx.frame(), "ケースの終結", body);
    Error::Page(StatusCode::CONFLICT, Box::new(shown))
}
