//! /cases/{room}/issues: 課題 of persons and of the household, each with its own end.

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, card, conflict_view, date_field,
        form_frame, select_field, submit_row, text_field,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once, page,
    text::wareki::{format_short, parse_date},
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::{
    parts::{self, People},
    read, side, write,
};
use crate::{
    model::{Issue, IssueId},
    store::{self, issue::NewIssue},
};

const LISTS: [CodeList; 2] = [CodeList::Issue, CodeList::IssueEnd];

fn blank(ctx: &Ctx) -> Form {
    let mut form = Form::blank();
    form.prefill("opened_on", format_short(ctx.today(), ctx.calendar));
    form
}

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case issues").await?;
    let mut conn = ctx.read().await?;
    render(&mut conn, &ctx, &key, &blank(&ctx)).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let people = People::load(conn, ctx, key).await?;
    let labels = codes::load(conn, ctx, &LISTS).await?;
    let issues = store::issue::all(conn, key).await?;
    let body = html! {
        (parts::back(&head))
        @if issues.is_empty() { p { "課題はまだ書かれていません。" } }
        @for i in &issues {
            (card(labels.label(CodeList::Issue, &i.code), html! {
                (side::issue_line(i, &labels, &people))
                @if key.may_write() { (ending(ctx, key, i, &labels)) }
            }))
        }
        @if key.may_write() { (card("課題を加える", adding(ctx, key, form, &labels, &people))) }
    };
    Ok(page::page(&ctx.frame(), "課題", body))
}

fn adding(ctx: &Ctx, key: &RoomKey, form: &Form, labels: &Labels, people: &People) -> Markup {
    let options = people.options();
    form_frame(
        &format!("/cases/{}/issues", key.room()),
        ctx.csrf(),
        form,
        html! {
            (select_field(form, FieldSpec::new("code", "課題").required().national(), &labels.options(CodeList::Issue)))
            (select_field(form, FieldSpec::new("person", "誰の課題か").hint("選ばないと、世帯の課題になります。"), &borrowed(&options)))
            (text_field(form, FieldSpec::new("note", "説明").maxlength(500)))
            (date_field(form, FieldSpec::new("opened_on", "いつから").required()))
            (submit_row(button(ButtonKind::Primary, "課題を加える", None)))
        },
    )
}

fn ending(ctx: &Ctx, key: &RoomKey, i: &Issue, labels: &Labels) -> Markup {
    let mut form = Form::blank().scoped(i.id.to_string());
    form.version = Some(i.version);
    form.prefill("end", i.end_state.clone().unwrap_or_default());
    let ended = i.ended_on.unwrap_or_else(|| ctx.today());
    form.prefill("ended_on", format_short(ended, ctx.calendar));
    form_frame(
        &format!("/cases/{}/issues/{}", key.room(), i.id),
        ctx.csrf(),
        &form,
        html! {
            (select_field(&form, FieldSpec::new("end", "終わりの状態").hint("「選んでください」のままなら継続中です。"),
                &labels.options_with(CodeList::IssueEnd, &[form.value("end")])))
            (date_field(&form, FieldSpec::new("ended_on", "終わった日")))
            (submit_row(button(ButtonKind::Secondary, "記録する", None)))
        },
    )
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case issues").await?;
    let mut form = Form::from_posted(posted);
    let today = ctx.today();
    let people = People::load(&mut tx, &ctx, &key).await?;
    let labels = codes::load(&mut tx, &ctx, &LISTS).await?;
    let code = form.choice("code", "課題", &labels.options(CodeList::Issue), true);
    let options = people.options();
    let person = form.choice("person", "誰の課題か", &borrowed(&options), false);
    let note = form.text("note", "説明", 500, false);
    let opened_on = form.parsed("opened_on", "いつから", true, |t| parse_date(t, today));
    let (Some(code), Some(opened_on), false) = (code, opened_on, form.has_errors()) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let person = person.and_then(|p| p.parse().ok());
    let new = NewIssue {
        person,
        code,
        note,
        opened_on,
    };
    store::issue::add(&mut tx, &ctx, &key, new).await?;
    let to = format!("/cases/{}/issues", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

/// POST /cases/{room}/issues/{issue}: its end state.
pub async fn end(
    ctx: Ctx,
    Path((room, issue)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let issue = id::<IssueId>(&issue)?;
    let (mut tx, key) = write(&ctx, &room, "case issues").await?;
    let mut form = Form::from_posted(posted);
    let today = ctx.today();
    let labels = codes::load(&mut tx, &ctx, &LISTS).await?;
    let now = store::issue::all(&mut tx, &key).await?;
    let was = now.iter().find(|i| i.id == issue).ok_or(Error::NotFound)?;
    let kept = was.end_state.clone().unwrap_or_default();
    let options = labels.options_with(CodeList::IssueEnd, &[&kept]);
    let state = form.choice("end", "終わりの状態", &options, false);
    let on = form.parsed("ended_on", "終わった日", false, |t| {
        parse_date(t, today)
    });
    if on.is_some_and(|on| on > today || on < was.opened_on) {
        form.error(
            "ended_on",
            "終わった日",
            "「終わった日」は、課題が始まった日から今日までの間で入力してください。",
        );
    }
    if let Some(e) = form.errors().first() {
        return Err(Error::Invalid(format!(
            "{}課題は変えていません。",
            e.message
        )));
    }
    let version = form.version.unwrap_or_default();
    let to = format!("/cases/{}/issues", key.room());
    let on = on.unwrap_or(today);
    if state == was.end_state && (state.is_none() || was.ended_on == Some(on)) {
        // Nothing differs: no second end is counted.
        return Ok(see_other(&to));
    }
    if version != was.version {
        return Err(conflict(&mut tx, &ctx, &key, was, state.as_deref(), on, &form).await?);
    }
    store::issue::set_end(&mut tx, &ctx, &key, issue, state, on, version).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

/// Both ends of an issue that somebody else saved first.
async fn conflict(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    was: &Issue,
    state: Option<&str>,
    on: NaiveDate,
    form: &Form,
) -> Result<Error> {
    let head = store::case::card(conn, key).await?;
    let labels = codes::load(conn, ctx, &LISTS).await?;
    let mut found = Vec::new();
    if state != was.end_state.as_deref() {
        let side = |code: Option<&str>| {
            (
                vec![code.unwrap_or_default().to_owned()],
                code.map_or("継続中", |c| labels.label(CodeList::IssueEnd, c))
                    .to_owned(),
            )
        };
        found.push(Conflict::coded(
            "end",
            "終わりの状態",
            side(state),
            side(was.end_state.as_deref()),
        ));
    }
    if let Some(theirs) = was.ended_on
        && theirs != on
    {
        let side = |day| {
            let text = format_short(day, ctx.calendar);
            (vec![text.clone()], text)
        };
        found.push(Conflict::coded(
            "ended_on",
            "終わった日",
            side(on),
            side(theirs),
        ));
    }
    let id = serde_json::json!(was.id);
    let (who, when) = parts::last_saved(conn, ctx, key, |l| {
        l.action.starts_with("issue.") && l.detail.get("issue") == Some(&id)
    })
    .await?;
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: was.version,
    };
    let action = format!("/cases/{}/issues/{}", key.room(), was.id);
    let body = html! {
        (parts::back(&head))
        h2 { (labels.label(CodeList::Issue, &was.code)) }
        (conflict_view(&action, ctx.csrf(), form, info, &found))
    };
    let shown = page::page(&ctx.frame(), "課題", body);
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}
