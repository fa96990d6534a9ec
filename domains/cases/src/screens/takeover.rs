//! /cases/{room}/takeover: a case on one page for whoever takes it over, who says at its end
//! 「引き継ぎました」. One case at a time: nobody has read twenty of them with one press.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, card, form_frame, notice, submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::PostingId,
    page, tasks,
};
use engawa_organisations::codes::{self, CodeList};
use maud::{Markup, html};

use super::{
    page as case_page,
    parts::{self, Names, People},
    print, read, reasons, side, write,
};
use crate::{
    model::Member,
    store::{self, takeover},
};

/// Entries of the timeline on the page.
const LAST: usize = 3;

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "takeover").await?;
    let mut conn = ctx.read().await?;
    view(&mut conn, &ctx, &key, &Form::blank()).await
}

async fn view(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let people = People::load(conn, ctx, key).await?;
    let team = store::team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &team).await?;
    let lists = [
        CodeList::ContactKind,
        CodeList::Issue,
        CodeList::IssueEnd,
        CodeList::TeamRole,
        CodeList::ClosureReason,
    ];
    let labels = codes::load(conn, ctx, &lists).await?;
    let open = tasks::open_in_room(conn, key).await?;
    let said = (team.as_slice(), &names, &people);
    let reasons = reasons::all(conn, ctx, key, &head, said, &labels).await?;
    let waiting = takeover::of_case(conn, ctx, key).await?;
    let since = match &waiting {
        Some(w) => format!(
            "{}に{}引き継がれたケースです。",
            parts::day(ctx, w.handed_on),
            from_whom(conn, ctx, w.from).await?
        ),
        None => String::new(),
    };
    let issues = store::issue::all(conn, key).await?;
    let (entries, _) = store::contact::timeline(conn, key, None, LAST).await?;
    let timeline = case_page::line(conn, ctx, key, &entries, &labels, &people).await?;
    let body = html! {
        (parts::back(&head))
        @if waiting.is_some() {
            p { (since) "読んでから、いちばん下の「引き継ぎました」を押してください。" }
        } @else {
            (notice(NoticeKind::Info, "", html! { p { "このケースに、あなたの確認を待つ引き継ぎはありません。" } }))
        }
        (print::summary(ctx, &head, &team, &names, &people))
        (card(&format!("残っているやること（{}件）", open.len()), html! {
            @if open.is_empty() { p { "残っているやることはありません。" } }
            @else { ul { @for t in &open { li {
                (t.title) @if let Some(due) = t.due_on { "　" (parts::day(ctx, due)) "まで" }
            } } } }
        }))
        (card("書かれている理由", html! {
            @if reasons.is_empty() { p { "理由の書かれた判断はまだありません。" } }
            @else { ul { @for line in &reasons { li { (line) } } } }
        }))
        (card("課題", html! {
            @if issues.is_empty() { p { "課題はまだ書かれていません。" } }
            @else { ul { @for i in &issues { li { (side::issue_line(i, &labels, &people)) } } } }
        }))
        (card("支援チーム", html! { ul {
            @for m in team.iter().filter(|m| m.until_on.is_none()) { li { (member(m, &names, &people)) } }
        } }))
        h2 { "最近の支援経過" }
        (timeline)
        p { a href={ "/cases/" (key.room()) } { "ケースの全部を読む" } }
        @if waiting.is_some() && key.may_write() { (confirming(ctx, key, form)) }
    };
    Ok(page::page(
        &ctx.frame(),
        &format!("引き継ぎの確認 {} {}", head.number, head.label),
        body,
    ))
}

fn member(m: &Member, names: &Names, people: &People) -> String {
    let who = names.member(m, people);
    let lead = if m.is_owner { "主担当: " } else { "" };
    format!("{lead}{who} {}", m.does).trim().to_owned()
}

/// 「見本 太郎さんから」, or the desk that kept it.
pub async fn from_whom(conn: &mut Conn, ctx: &Ctx, from: Option<PostingId>) -> Result<String> {
    let Some(from) = from else {
        return Ok("窓口から".into());
    };
    let known = engawa_organisations::postings(conn, ctx, &[from]).await?;
    Ok(known.get(&from).map_or_else(
        || "前の担当から".into(),
        |p| format!("{}さんから", p.staff_name),
    ))
}

fn confirming(ctx: &Ctx, key: &RoomKey, form: &Form) -> Markup {
    let body = html! {
        (text_area(form, FieldSpec::new("note", "気づいたこと・前の担当に確かめたいこと").maxlength(500).rows(2)))
        (submit_row(button(ButtonKind::Primary, "引き継ぎました", None)))
    };
    form_frame(
        &format!("/cases/{}/takeover", key.room()),
        ctx.csrf(),
        form,
        body,
    )
}

/// POST: confirmed; the next one waits on the list.
pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "takeover").await?;
    let mut form = Form::from_posted(posted);
    let note = form.text("note", "気づいたこと", 500, false);
    if form.has_errors() {
        let shown = view(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    }
    takeover::confirm(&mut tx, &ctx, &key, &note).await?;
    tx.commit().await?;
    Ok(see_other("/cases/takeovers"))
}
