//! /cases/{room}/contacts/{contact}: its history (見え消し), correcting it, deleting it.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, NoticeKind, button, card, conflict_view,
        definition_list, details, form_frame, link_button, notice, select_field, submit_row,
        text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::PostingId,
    page,
    saved::Saved,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::{
    contact_form,
    parts::{self, People, posting_name},
    read, write,
};
use crate::{
    model::{CaseCard, Contact, ContactId, NewContact, Stage},
    store::{self, correct},
};

fn draft_key(key: &RoomKey, contact: ContactId) -> String {
    format!("cases/{}/contact/{contact}", key.room())
}

/// The contact as it is, and every text it had before, with reason and approver.
pub async fn get(ctx: Ctx, Path((room, contact)): Path<(String, String)>) -> Result<Markup> {
    let contact = id::<ContactId>(&contact)?;
    let key = read(&ctx, &room, "contact history").await?;
    let mut conn = ctx.read().await?;
    let head = store::case::card(&mut conn, &key).await?;
    let c = store::contact::one(&mut conn, &key, contact).await?;
    let people = People::load(&mut conn, &ctx, &key).await?;
    let labels = codes::load(&mut conn, &ctx, &[CodeList::ContactKind]).await?;
    let past = correct::revisions(&mut conn, &key, contact).await?;
    let mut staff: Vec<_> = past.iter().map(|r| r.by).chain([c.staff]).collect();
    staff.extend(c.deleted.iter().map(|d| d.by));
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    let approvers: Vec<PostingId> = past.iter().filter_map(|r| r.approver).collect();
    let approvers = engawa_organisations::postings(&mut conn, &ctx, &approvers).await?;
    let by = |s| names.get(&s).map_or("", String::as_str);
    let now = correct::fields(&c);
    let body = html! {
        (parts::back(&head))
        @if let Some(d) = &c.deleted {
            (notice(NoticeKind::Warn, "削除された支援経過です", html! {
                p { (parts::moment(&ctx, d.at)) " " (by(d.by)) "さんが削除しました。理由: " (d.reason) }
            }))
        }
        (card("いまの内容", html! {
            (facts(&ctx, &now, &labels, &people))
            p.hint { "記録: " (by(c.staff)) "(" (parts::moment(&ctx, c.recorded_at)) ")" }
        }))
        @if key.may_write() && c.deleted.is_none() {
            (link_button(ButtonKind::Secondary, &format!("/cases/{}/contacts/{contact}/edit", key.room()), "訂正する"))
            (deleting(&ctx, &key, &c))
        }
        h2 { "訂正の履歴" }
        @if past.is_empty() { p { "訂正はありません。" } }
        @for (n, r) in past.iter().enumerate() {
            @let after = if n == 0 { &now } else { &past[n - 1].was };
            (card(&format!("{} {}", parts::moment(&ctx, r.at), by(r.by)), html! {
                p { "理由: " (r.reason) }
                @if let Some(a) = r.approver { p { "承認者: " (approvers.get(&a).map(posting_name).unwrap_or_default()) } }
                @if r.was.body != after.body {
                    p { "訂正前" } del { (parts::lines(&r.was.body)) }
                    p { "訂正後" } ins { (parts::lines(&after.body)) }
                }
                (details("訂正前のすべての項目", facts(&ctx, &r.was, &labels, &people)))
            }))
        }
    };
    Ok(page::page(&ctx.frame(), "支援経過", body))
}

fn facts(ctx: &Ctx, c: &NewContact, labels: &Labels, people: &People) -> Markup {
    definition_list(&[
        ("日時", html! { (parts::moment(ctx, c.at)) }),
        (
            "対応方法",
            html! { (labels.label(CodeList::ContactKind, &c.kind)) },
        ),
        ("対象", html! { (people.names(&c.subjects)) }),
        ("内容", parts::lines(&c.body)),
        (
            "所要時間",
            html! { @match c.minutes { Some(m) => { (m) "分" } None => "記載なし" } },
        ),
        ("場所", html! { (c.place) }),
        ("支援の区分", html! { (c.work.label()) }),
        (
            "印",
            html! {
                @if c.person_visible { "本人に見せてよい " }
                @if c.third_party { "第三者情報・評価を含む" }
            },
        ),
    ])
}

fn deleting(ctx: &Ctx, key: &RoomKey, c: &Contact) -> Markup {
    let mut form = Form::blank().scoped("delete");
    form.version = Some(c.version);
    let action = format!("/cases/{}/contacts/{}/delete", key.room(), c.id);
    details(
        "この支援経過を削除する",
        form_frame(
            &action,
            ctx.csrf(),
            &form,
            html! {
                p { "削除しても、日付と理由、元の文はこの画面に残ります。書き直すときは「訂正する」を使ってください。" }
                (text_field(&form, FieldSpec::new("reason", "削除の理由").required().maxlength(200)))
                (submit_row(button(ButtonKind::Danger, "削除する", None)))
            },
        ),
    )
}

/// The form to correct it.
pub async fn edit(ctx: Ctx, Path((room, contact)): Path<(String, String)>) -> Result<Markup> {
    let contact = id::<ContactId>(&contact)?;
    let key = read(&ctx, &room, "contact edit").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let c = store::contact::one(&mut conn, &key, contact).await?;
    let form = contact_form::filled(&ctx, &correct::fields(&c), c.version);
    let form = drafts::restore(&ctx, &draft_key(&key, contact), form).await?;
    form_page(&mut conn, &ctx, &key, contact, &form).await
}

async fn approvers(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let me = ctx.actor.staff;
    Ok(engawa_organisations::working_postings(conn, ctx)
        .await?
        .iter()
        .filter(|p| p.staff != me && p.role.may(Duty::Reassign))
        .map(|p| (p.id.to_string(), posting_name(p)))
        .collect())
}

async fn form_page(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    contact: ContactId,
    form: &Form,
) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let people = People::load(conn, ctx, key).await?;
    let labels = codes::load(conn, ctx, &[CodeList::ContactKind]).await?;
    let approvers = match head.stage {
        Stage::Closed => approvers(conn, ctx).await?,
        _ => Vec::new(),
    };
    let action = format!("/cases/{}/contacts/{contact}/edit", key.room());
    let body = html! {
        (parts::back(&head))
        p { "訂正前の文は、理由とともに履歴に残ります。" }
        (form_frame(&action, ctx.csrf(), form, html! {
            (contact_form::fields(form, &labels, &people))
            (text_field(form, FieldSpec::new("reason", "訂正の理由").required().maxlength(200)))
            @if head.stage == Stage::Closed {
                (select_field(form, FieldSpec::new("approver", "承認者").required()
                    .hint("終結したケースの訂正には、管理者・推進員の承認が要ります。選んだ人に知らせが届きます。"), &borrowed(&approvers)))
            }
            (submit_row(html! {
                (button(ButtonKind::Primary, "訂正を保存する", None))
                (link_button(ButtonKind::Quiet, &format!("/cases/{}", key.room()), "やめる"))
            }))
        }))
    };
    Ok(page::page(&ctx.frame(), "支援経過の訂正", body))
}

/// Saves a correction, or shows both texts when somebody else corrected it meanwhile.
pub async fn save(
    ctx: Ctx,
    Path((room, contact)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let contact = id::<ContactId>(&contact)?;
    let (mut tx, key) = write(&ctx, &room, "contact correction").await?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft_key(&key, contact));
    let head = store::case::card(&mut tx, &key).await?;
    let was = store::contact::one(&mut tx, &key, contact).await?;
    let people = People::load(&mut tx, &ctx, &key).await?;
    let labels = codes::load(&mut tx, &ctx, &[CodeList::ContactKind]).await?;
    let new = contact_form::parse(&mut form, &ctx, &labels, &was.kind, &people);
    let reason = form.text("reason", "訂正の理由", 200, true);
    let approver = if head.stage == Stage::Closed {
        let options = approvers(&mut tx, &ctx).await?;
        form.choice("approver", "承認者", &borrowed(&options), true)
            .and_then(|a| a.parse::<PostingId>().ok())
    } else {
        None
    };
    let (Some(new), false) = (new, form.has_errors()) else {
        let shown = form_page(&mut tx, &ctx, &key, contact, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let version = form.version.unwrap_or_default();
    if version != was.version && was.deleted.is_none() {
        let shown = conflict(&mut tx, &ctx, &key, &head, &was, &new, &form).await?;
        return Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)));
    }
    let correction = correct::Correction {
        new,
        reason,
        approver,
    };
    correct::correct(&mut tx, &ctx, &key, &was, correction, version).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(&key, contact)).await?;
    tx.commit().await?;
    let to = format!("/cases/{}#contact-{contact}", key.room());
    Ok(Saved::Correction.then(&to))
}

async fn conflict(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    head: &CaseCard,
    theirs: &Contact,
    mine: &NewContact,
    form: &Form,
) -> Result<Markup> {
    let last = correct::revisions(conn, key, theirs.id).await?;
    let (who, when) = match last.first() {
        Some(r) => {
            let names = engawa_organisations::staff_names(conn, &[r.by]).await?;
            (
                names.get(&r.by).cloned().unwrap_or_default(),
                parts::moment(ctx, r.at),
            )
        }
        None => (String::new(), String::new()),
    };
    let labels = codes::load(conn, ctx, &[CodeList::ContactKind]).await?;
    let saved = contact_form::filled(ctx, &correct::fields(theirs), theirs.version);
    let mut conflicts = Vec::new();
    for (name, label) in [
        ("on", "日付"),
        ("at", "時刻"),
        ("text", "内容"),
        ("minutes", "所要時間(分)"),
        ("place", "場所"),
        ("next_on", "次回予定日"),
    ] {
        if form.value(name).trim() != saved.value(name) && differs(name, mine, theirs) {
            conflicts.push(Conflict::text(
                name,
                label,
                form.value(name),
                saved.value(name),
            ));
        }
    }
    if mine.kind != theirs.kind {
        let shown = |k: &str| {
            (
                vec![k.to_owned()],
                labels.label(CodeList::ContactKind, k).to_owned(),
            )
        };
        conflicts.push(Conflict::coded(
            "kind",
            "対応方法",
            shown(&mine.kind),
            shown(&theirs.kind),
        ));
    }
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: theirs.version,
    };
    let action = format!("/cases/{}/contacts/{}/edit", key.room(), theirs.id);
    let body =
        html! { (parts::back(head)) (conflict_view(&action, ctx.csrf(), form, info, &conflicts)) };
    Ok(page::page(&ctx.frame(), "支援経過の訂正", body))
}

/// Whether a field says something else, not only in other writing (R8.4.1, 2026-04-01).
fn differs(name: &str, mine: &NewContact, theirs: &Contact) -> bool {
    match name {
        "on" | "at" => mine.at != theirs.at,
        "minutes" => mine.minutes != theirs.minutes,
        "next_on" => mine.next_on != theirs.next_on,
        _ => true,
    }
}

/// Deletes a contact: dated, with a reason.
pub async fn delete(
    ctx: Ctx,
    Path((room, contact)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let contact = id::<ContactId>(&contact)?;
    let (mut tx, key) = write(&ctx, &room, "contact deletion").await?;
    let mut form = Form::from_posted(posted);
    let reason = form.text("reason", "削除の理由", 200, true);
    if form.has_errors() {
        return Err(Error::Invalid(
            "削除の理由を入力してください。削除はしていません。".into(),
        ));
    }
    let was = store::contact::one(&mut tx, &key, contact).await?;
    let version = form.version.unwrap_or_default();
    correct::delete(&mut tx, &ctx, &key, &was, version, &reason).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}", key.room())))
}
