//! /cases/{room}/tasks: adding, finishing, undoing, handing on.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, card, date_field, details, form_frame, hidden, select_field,
        submit_row,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{DeskId, PostingId, TaskId},
    once, page,
    tasks::{self, NewTask, Task},
    text::wareki::{format_short, parse_date},
};
use maud::{Markup, html};

use super::{
    id,
    parts::{self, Names, borrowed, desk_code, posting_code},
    read, side, write,
};
use crate::store;

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case tasks").await?;
    let mut conn = ctx.read().await?;
    render(&mut conn, &ctx, &key, &side::task_form(&key)).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let team = store::team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &team).await?;
    let open = tasks::open_in_room(conn, key).await?;
    let done = store::tasks::done(conn, key).await?;
    let options = side::assignees(key, &team, &names);
    let body = html! {
        (parts::back(&head))
        @if key.may_write() { (card("加える", side::add_task(ctx, key, form, &options))) }
        h2 { "残っているもの" }
        @if open.is_empty() { p { "残っているやることはありません。" } }
        ul { @for t in &open { li {
            (side::task_line(ctx, key, t, &names))
            @if key.may_write() { (handing_on(ctx, key, t, &options)) }
        } } }
        h2 { "済んだもの(新しい20件)" }
        @if done.is_empty() { p { "済んだものはありません。" } }
        ul { @for t in &done { li {
            (t.title) @if let Some(at) = t.done_at { " " (parts::moment(ctx, at)) }
            @if key.may_write() { (undo(ctx, key, t)) }
        } } }
    };
    Ok(page::page(&ctx.frame(), "やること", body))
}

fn handing_on(ctx: &Ctx, key: &RoomKey, t: &Task, options: &[(String, String)]) -> Markup {
    let mut form = Form::blank().scoped(t.id.to_string());
    form.version = Some(t.version);
    form.prefill(
        "who",
        t.posting.map_or_else(|| desk_code(t.desk), posting_code),
    );
    form.prefill(
        "due_on",
        t.due_on
            .map(|d| format_short(d, ctx.calendar))
            .unwrap_or_default(),
    );
    let action = format!("/cases/{}/tasks/{}/assign", key.room(), t.id);
    details(
        "担当・期限を変える",
        form_frame(
            &action,
            ctx.csrf(),
            &form,
            html! {
                (select_field(&form, FieldSpec::new("who", "担当").required(), &borrowed(options)))
                (date_field(&form, FieldSpec::new("due_on", "期限")))
                (submit_row(button(ButtonKind::Secondary, "変える", None)))
            },
        ),
    )
}

fn undo(ctx: &Ctx, key: &RoomKey, t: &Task) -> Markup {
    let mut form = Form::blank();
    form.version = Some(t.version);
    form_frame(
        &format!("/cases/{}/tasks/{}/done", key.room(), t.id),
        ctx.csrf(),
        &form,
        html! {
            (hidden("done", "0"))
            (button(ButtonKind::Quiet, "まだ済んでいない", None)) span.visually-hidden { (t.title) }
        },
    )
}

fn find(
    options: &[(String, String)],
    code: &str,
    owner: DeskId,
    desks: &[(PostingId, DeskId)],
) -> Option<(DeskId, Option<PostingId>)> {
    options.iter().find(|(c, _)| c == code)?;
    match code.split_once(':')? {
        ("posting", p) => {
            let posting: PostingId = p.parse().ok()?;
            let desk = desks
                .iter()
                .find(|(of, _)| *of == posting)
                .map_or(owner, |(_, d)| *d);
            Some((desk, Some(posting)))
        }
        ("desk", d) => Some((d.parse().ok()?, None)),
        _ => None,
    }
}

/// Reads for whom: only those who have a key to the room.
async fn assignee(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    form: &mut Form,
) -> Result<Option<(DeskId, Option<PostingId>)>> {
    let team = store::team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &team).await?;
    let options = side::assignees(key, &team, &names);
    let desks: Vec<(PostingId, DeskId)> = names
        .postings
        .values()
        .filter_map(|p| Some((p.id, p.desk?)))
        .collect();
    Ok(form
        .choice("who", "担当", &borrowed(&options), true)
        .and_then(|code| find(&options, &code, key.owner_desk(), &desks)))
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case tasks").await?;
    let mut form = Form::from_posted(posted).scoped("task");
    let today = ctx.today();
    let title = form.text("title", "やることを加える", 200, true);
    let to = assignee(&mut tx, &ctx, &key, &mut form).await?;
    let due_on = form.parsed("due_on", "期限", false, |t| parse_date(t, today));
    let (Some((desk, posting)), false) = (to, form.has_errors()) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let new = NewTask {
        room: Some(key.room()),
        kind: "manual",
        title,
        posting,
        desk,
        due_on,
        source: None,
    };
    tasks::add(&mut tx, &ctx, new).await?;
    let to = format!("/cases/{}#case-team", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

/// POST /cases/{room}/tasks/{task}/done: done, or (`done=0`) open again.
pub async fn done(
    ctx: Ctx,
    Path((room, task)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let task = id::<TaskId>(&task)?;
    let (mut tx, key) = write(&ctx, &room, "case tasks").await?;
    let form = Form::from_posted(posted);
    let version = form.version.unwrap_or_default();
    store::tasks::one(&mut tx, &key, task).await?;
    tasks::set_done(
        &mut tx,
        &ctx,
        task,
        Some(key.room()),
        version,
        form.flag("done"),
    )
    .await?;
    tx.commit().await?;
    Ok(match form.value("back") {
        "today" => see_other("/today"),
        _ => see_other(&format!("/cases/{}#case-team", key.room())),
    })
}

/// POST /cases/{room}/tasks/{task}/assign
pub async fn assign(
    ctx: Ctx,
    Path((room, task)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let task = id::<TaskId>(&task)?;
    let (mut tx, key) = write(&ctx, &room, "case tasks").await?;
    let mut form = Form::from_posted(posted);
    let today = ctx.today();
    store::tasks::one(&mut tx, &key, task).await?;
    let to = assignee(&mut tx, &ctx, &key, &mut form).await?;
    let due_on = form.parsed("due_on", "期限", false, |t| parse_date(t, today));
    let (Some(to), false) = (to, form.has_errors()) else {
        let why = form
            .errors()
            .first()
            .map(|e| e.message.clone())
            .unwrap_or_default();
        return Err(Error::Invalid(format!("{why}担当と期限は変えていません。")));
    };
    let version = form.version.unwrap_or_default();
    store::tasks::assign(&mut tx, &ctx, &key, task, to, due_on, version).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}/tasks", key.room())))
}
