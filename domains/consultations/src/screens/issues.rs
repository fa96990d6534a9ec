//! `/consultations/{room}/issues`: which issue lies on whom, and the one ◎.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, Conflict, ConflictInfo, button, conflict_view, form_frame, submit_row,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
};
use engawa_organisations::codes::CodeList;
use maud::{Markup, html};

use super::{
    path,
    words::{Names, Words, when},
};
use crate::store::{self, Detail};

async fn open(ctx: &Ctx, room: &str) -> Result<(RoomKey, Detail, Words)> {
    ctx.need(Duty::Triage)?;
    let key = super::read(ctx, room, "issues").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let detail = store::detail(&mut conn, ctx, &key).await?;
    let words = Words::load(&mut conn, ctx).await?;
    Ok((key, detail, words))
}

/// As sent: `subject place:code`.
fn mark(seq: i64, code: &str) -> String {
    format!("{seq}:{code}")
}

fn options<'a>(words: &'a Words, detail: &'a Detail) -> Vec<(&'a str, &'a str)> {
    let kept: Vec<&str> = detail.card.issues.iter().map(|i| i.code.as_str()).collect();
    words.options_with(CodeList::Issue, &kept)
}

pub(super) async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let (key, detail, words) = open(&ctx, &room).await?;
    let mut form = Form::blank();
    form.version = Some(detail.turn.version);
    for i in &detail.card.issues {
        if i.subjects.is_empty() {
            form.prefill("marks", mark(0, &i.code));
        }
        for seq in &i.subjects {
            form.prefill("marks", mark(*seq, &i.code));
        }
        if i.main {
            form.prefill("main_issue", i.code.clone());
        }
    }
    Ok(page(&ctx, &key, &form, &detail, &words).into_response())
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (key, detail, words) = open(&ctx, &room).await?;
    let mut form = Form::from_posted(posted);
    let options = options(&words, &detail);
    let places: Vec<i64> = std::iter::once(0)
        .chain(detail.subjects.iter().map(|s| s.seq))
        .collect();
    let mut issues: Vec<(String, i64)> = Vec::new();
    for (code, _) in &options {
        for seq in &places {
            if form.is_checked("marks", &mark(*seq, code)) {
                issues.push(((*code).to_owned(), *seq));
            }
        }
    }
    let mut main = form.choice("main_issue", "最も困っていること(◎)", &options, false);
    let mut codes: Vec<&str> = issues.iter().map(|i| i.0.as_str()).collect();
    codes.dedup();
    match &main {
        None if codes.len() == 1 => main = codes.first().map(|c| (*c).to_owned()),
        None if codes.len() > 1 => form.error(
            "main_issue",
            "最も困っていること(◎)",
            "選んだ課題のうち、最も困っていること一つに◎を付けてください。",
        ),
        Some(m) if !codes.contains(&m.as_str()) => issues.push((m.clone(), 0)),
        _ => {}
    }
    if form.has_errors() {
        let page = page(&ctx, &key, &form, &detail, &words);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let version = form.version.unwrap_or(0);
    let manual = detail.compound_manual;
    match store::set_issues(&ctx, key.room(), &issues, main.clone(), manual, version).await {
        Ok(()) => Ok(see_other(&path(key.room()))),
        Err(Error::Changed) => conflict(&ctx, &key, &form, &issues, main.as_deref(), &words).await,
        Err(e) => Err(e),
    }
}

/// Both choices of issues; the second of two savers decides which one stays.
async fn conflict(
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    mine: &[(String, i64)],
    main: Option<&str>,
    words: &Words,
) -> Result<Response> {
    let mut conn = ctx.read().await?;
    let theirs = store::detail(&mut conn, ctx, key).await?;
    let columns = columns(&theirs);
    let marks: Vec<(String, i64)> = theirs
        .card
        .issues
        .iter()
        .flat_map(|i| {
            let nobody = i.subjects.is_empty().then_some(0);
            nobody
                .into_iter()
                .chain(i.subjects.iter().copied())
                .map(|seq| (i.code.clone(), seq))
        })
        .collect();
    let set = |of: &[(String, i64)]| {
        let mut of: Vec<String> = of.iter().map(|(code, seq)| mark(*seq, code)).collect();
        of.sort_unstable();
        of.dedup();
        of
    };
    let shown = |of: &[(String, i64)]| {
        let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
        for (code, seq) in of {
            let who = columns.iter().find(|c| c.0 == *seq).map_or("", |c| &c.1);
            match lines.iter_mut().find(|l| l.0 == code) {
                Some(line) => line.1.push(who),
                None => lines.push((code, vec![who])),
            }
        }
        let lines = lines
            .iter()
            .map(|(code, who)| format!("{}({})", words.issue(code), who.join("、")));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut found = Vec::new();
    if set(mine) != set(&marks) {
        found.push(Conflict::coded(
            "marks",
            "だれの課題か",
            (set(mine), shown(mine)),
            (set(&marks), shown(&marks)),
        ));
    }
    let first = theirs.card.issues.iter().find(|i| i.main);
    let first = first.map(|i| i.code.as_str());
    if main != first {
        let side = |code: Option<&str>| {
            (
                vec![code.unwrap_or_default().to_owned()],
                code.map_or_else(String::new, |c| words.issue(c).to_owned()),
            )
        };
        found.push(Conflict::coded(
            "main_issue",
            "最も困っていること(◎)",
            side(main),
            side(first),
        ));
    }
    if found.is_empty() {
        return Ok(see_other(&path(key.room())));
    }
    let log = engawa_kernel::audit::of_room(&mut conn, key, None, 500).await?;
    let is = ["consultation.issues", "consultation.compound"];
    let last = log.iter().find(|l| is.contains(&l.action.as_str()));
    let staff: Vec<_> = last.and_then(|l| l.staff).into_iter().collect();
    let names = Names::load(&mut conn, ctx, &[], &[], &staff).await?;
    let info = ConflictInfo {
        who: staff.first().map_or("ほかの職員", |s| names.staff(*s)),
        when: &when(ctx, last.map_or_else(|| ctx.now(), |l| l.at)),
        version: theirs.turn.version,
    };
    let action = format!("{}/issues", path(key.room()));
    let view = conflict_view(&action, ctx.csrf(), form, info, &found);
    let page = engawa_kernel::page::page(&ctx.frame(), "課題と人", view);
    Err(Error::Page(StatusCode::CONFLICT, Box::new(page)))
}

/// Nobody in particular, then everybody whom the consultation is about.
fn columns(detail: &Detail) -> Vec<(i64, String)> {
    std::iter::once((0, "世帯全体・未定".to_owned()))
        .chain(detail.subjects.iter().map(|s| {
            let name = s.card.as_ref().map(|c| c.shown_name.clone());
            (s.seq, name.unwrap_or_else(|| format!("{}人目", s.seq)))
        }))
        .collect()
}

fn page(ctx: &Ctx, key: &RoomKey, form: &Form, detail: &Detail, words: &Words) -> Markup {
    let columns = columns(detail);
    let body = html! {
        div.table-box role="region" tabindex="0" aria-label="課題と人" {
            table.table {
                caption { "だれの課題か。最も困っていること一つに◎" }
                thead { tr { th scope="col" { "課題" } th scope="col" { "◎" } @for c in &columns { th scope="col" { (c.1) } } } }
                tbody {
                    @for (place, (code, label)) in options(words, detail).into_iter().enumerate() {
                        tr {
                            th scope="row" { (label) }
                            td {
                                input type="radio" id=[(place == 0).then(|| form.id_of("main_issue"))] name="main_issue" value=(code) checked[form.is_checked("main_issue", code)]
                                    aria-label={ "◎最も困っていること: " (label) };
                            }
                            @for (seq, name) in &columns {
                                td {
                                    input type="checkbox" name="marks" value=(mark(*seq, code))
                                        checked[form.is_checked("marks", &mark(*seq, code))] aria-label={ (label) ": " (name) };
                                }
                            }
                        }
                    }
                }
            }
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            a href=(path(key.room())) { "相談に戻る" }
        }))
    };
    let content = html! {
        (form_frame(&format!("{}/issues", path(key.room())), ctx.csrf(), form, body))
    };
    engawa_kernel::page::page(&ctx.frame(), "課題と人", content)
}
