//! /cases/{room}/tasks: adding, finishing, undoing, handing on.

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, card, conflict_view, date_field,
        details, form_frame, hidden, select_field, submit_row,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::{DeskId, PostingId, TaskId},
    once, page,
    tasks::{self, NewTask, Task},
    text::wareki::{format_short, parse_date},
};
use maud::{Markup, html};

use super::{
    parts::{self, Names, desk_code, posting_code},
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
        ul.task-lines { @for t in &open { li.task-line {
            (side::task_line(ctx, key, t, &names))
            @if key.may_write() { (handing_on(ctx, key, t, &options)) }
        } } }
        h2 { "済んだもの(新しい20件)" }
        @if done.is_empty() { p { "済んだものはありません。" } }
        ul.task-lines { @for t in &done { li.task-line {
            div.task-what { (t.title) @if let Some(at) = t.done_at { " " (parts::moment(ctx, at)) } }
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
    let done = form.flag("done");
    let to = match form.value("back") {
        "today" => "/today".to_owned(),
        _ => format!("/cases/{}#case-team", key.room()),
    };
    let was = store::tasks::one(&mut tx, &key, task).await?;
    if was.done_at.is_some() == done {
        // Somebody did the same first, or one chose to leave it as the other saved it.
        return Ok(see_other(&to));
    }
    if version != was.version {
        let mine = if done {
            "済み"
        } else {
            "まだ済んでいない"
        };
        let names = assignees(&mut tx, &ctx, &key).await?;
        let state = Conflict::coded(
            "done",
            "やることの状態",
            (vec![if done { "1" } else { "0" }.into()], mine.into()),
            (
                vec![if done { "0" } else { "1" }.into()],
                state(&ctx, &was, &names),
            ),
        );
        let shown = conflict(&mut tx, &ctx, &key, &was, &form, "done", &[state]).await?;
        return Err(shown);
    }
    tasks::set_done(&mut tx, &ctx, task, Some(key.room()), version, done).await?;
    tx.commit().await?;
    Ok(see_other(&to))
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
    let was = store::tasks::one(&mut tx, &key, task).await?;
    let back = format!("/cases/{}/tasks", key.room());
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
    let mut version = form.version.unwrap_or_default();
    let is_done = was.done_at.is_some();
    if is_done && form.value("open") == "0" {
        return Ok(see_other(&back));
    }
    if version != was.version || (is_done && form.value("open") != "1") {
        let names = assignees(&mut tx, &ctx, &key).await?;
        let found = differences(&ctx, &was, to, due_on, &form, &names);
        if found.is_empty() {
            return Ok(see_other(&back));
        }
        return Err(conflict(&mut tx, &ctx, &key, &was, &form, "assign", &found).await?);
    }
    if is_done {
        tasks::set_done(&mut tx, &ctx, task, Some(key.room()), version, false).await?;
        version += 1;
    }
    store::tasks::assign(&mut tx, &ctx, &key, task, to, due_on, version).await?;
    tx.commit().await?;
    Ok(see_other(&back))
}

/// Everybody who may have a task here, by code: to name both sides.
async fn assignees(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Names> {
    let team = store::team::all(conn, key).await?;
    Names::load(conn, ctx, &team).await
}

/// How a task stands, in words.
fn state(ctx: &Ctx, t: &Task, names: &Names) -> String {
    let done = match t.done_at {
        Some(at) => format!("済み({})", parts::moment(ctx, at)),
        None => "まだ済んでいない".into(),
    };
    let due = t.due_on.map_or_else(String::new, |d| {
        format!("、期限: {}", format_short(d, ctx.calendar))
    });
    format!("{done}、担当: {}{due}", holder(t.desk, t.posting, names))
}

fn holder(desk: DeskId, posting: Option<PostingId>, names: &Names) -> String {
    posting.map_or_else(|| names.desk(desk), |p| names.posting(p))
}

/// What the other saver left otherwise. A task finished meanwhile is one question: leave it
/// finished, or open it again as wished here.
fn differences(
    ctx: &Ctx,
    was: &Task,
    to: (DeskId, Option<PostingId>),
    due_on: Option<NaiveDate>,
    form: &Form,
    names: &Names,
) -> Vec<Conflict> {
    if was.done_at.is_some() {
        let wish = Task {
            desk: to.0,
            posting: to.1,
            due_on,
            done_at: None,
            ..was.clone()
        };
        return vec![Conflict::coded(
            "open",
            "やることの状態",
            (vec!["1".into()], state(ctx, &wish, names)),
            (vec!["0".into()], state(ctx, was, names)),
        )];
    }
    let mut found = Vec::new();
    if to.1 != was.posting || (was.posting.is_none() && to.0 != was.desk) {
        let theirs = was
            .posting
            .map_or_else(|| desk_code(was.desk), posting_code);
        found.push(Conflict::coded(
            "who",
            "担当",
            (
                vec![form.value("who").to_owned()],
                holder(to.0, to.1, names),
            ),
            (vec![theirs], holder(was.desk, was.posting, names)),
        ));
    }
    if due_on != was.due_on {
        let side = |d: Option<NaiveDate>| {
            let text = d.map_or_else(String::new, |d| format_short(d, ctx.calendar));
            (vec![text.clone()], text)
        };
        found.push(Conflict::coded(
            "due_on",
            "期限",
            side(due_on),
            side(was.due_on),
        ));
    }
    found
}

/// Both sides of a task that somebody else changed first.
async fn conflict(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    was: &Task,
    form: &Form,
    step: &str,
    found: &[Conflict],
) -> Result<Error> {
    let head = store::case::card(conn, key).await?;
    let id = serde_json::json!(was.id);
    let (who, when) = parts::last_saved(conn, ctx, key, |l| {
        l.action.starts_with("task.") && l.detail.get("task") == Some(&id)
    })
    .await?;
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: was.version,
    };
    let action = format!("/cases/{}/tasks/{}/{step}", key.room(), was.id);
    let body = html! {
        (parts::back(&head))
        h2 { (was.title) }
        (conflict_view(&action, ctx.csrf(), form, info, found))
    };
    let shown = page::page(&ctx.frame(), "やること", body);
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}
