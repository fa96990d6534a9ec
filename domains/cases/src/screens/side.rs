//! The columns beside the timeline: issues and history at the left, team and tasks at the right.

use engawa_consultations::{ConsultationCard, WhoCame};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, date_field, definition_list,
        form_frame, hidden, notice, select_field, submit_row, tag, text_field,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::{Form, borrowed},
    tasks::{self, Task},
    text::truncate_graphemes,
};
use engawa_organisations::codes::{CodeList, Labels};
use maud::{Markup, html};

use super::parts::{self, Names, People, desk_code, posting_code};
use crate::{
    model::{Issue, Member, MemberKind},
    rules, store,
};

/// 課題, of persons and of the household.
pub async fn issues(
    conn: &mut Conn,
    key: &RoomKey,
    labels: &Labels,
    people: &People,
) -> Result<Markup> {
    let issues = store::issue::all(conn, key).await?;
    Ok(card(
        "課題",
        html! {
            @if issues.is_empty() { p { "課題はまだ書かれていません。" } }
            @else { ul { @for i in &issues { li { (issue_line(i, labels, people)) } } } }
            p { a href={ "/cases/" (key.room()) "/issues" } { "課題を加える・終わりを記録する" } }
        },
    ))
}

/// One issue in a line.
pub fn issue_line(i: &Issue, labels: &Labels, people: &People) -> Markup {
    html! {
        (labels.label(CodeList::Issue, &i.code))
        "(" @match i.person { Some(p) => (people.name(p)), None => "世帯" } ")"
        @match &i.end_state {
            Some(end) => { " " (tag(TagKind::Done, labels.label(CodeList::IssueEnd, end))) }
            None => { " " (tag(TagKind::Active, "継続中")) }
        }
        @if !i.note.is_empty() { br; span.hint { (i.note) } }
    }
}

/// Characters of what was said that the case shows.
const SAID: usize = 120;

/// The first words of a consultation. A third party's notice is read on its own page only, where it
/// says what must not be told.
fn said(c: &ConsultationCard) -> Markup {
    let words = c.words.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = truncate_graphemes(&words, SAID);
    html! {
        @if c.who != WhoCame::Notice && !start.is_empty() {
            p.hint { "「" (start) @if start.len() < words.len() { "…" } "」" }
        }
    }
}

/// Where the case came from, what it is linked to, and past closings.
pub async fn history(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, labels: &Labels) -> Result<Markup> {
    let origins = engawa_consultations::of_case(conn, ctx, key).await?;
    let linked = store::list::linked(conn, ctx, key.room()).await?;
    let closures = store::closure::all(conn, key).await?;
    Ok(card(
        "経緯",
        html! {
            @if origins.is_empty() && linked.is_empty() && closures.is_empty() { p { "ほかの記録とのつながりはありません。" } }
            @if !origins.is_empty() {
                ul { @for c in &origins {
                    li { a href={ "/consultations/" (c.room) } { "相談 " (c.number) } " " (parts::moment(ctx, c.received_at)) (said(c)) }
                } }
            }
            @if !linked.is_empty() {
                ul { @for c in &linked {
                    li { a href={ "/cases/" (c.room) } { "つながるケース " (c.number) } " " (parts::marks(c)) }
                } }
            }
            @for c in &closures {
                (definition_list(&[
                    ("終結", html! { (parts::day(ctx, c.closed_on)) " " (labels.label(CodeList::ClosureReason, &c.reason)) }),
                    ("変化", html! { (parts::lines(&c.changes)) }),
                    ("後の主担当", html! { (c.later_lead) }),
                    ("次の確認", html! { @match c.next_check_on {
                        Some(d) => (parts::day(ctx, d)),
                        None => { "予定しない(" (c.no_check_reason) ")" }
                    } }),
                    ("再開", html! { @match c.reopened_on {
                        Some(d) => { (parts::day(ctx, d)) " " (c.reopened_reason) }
                        None => "していません",
                    } }),
                ]))
            }
        },
    ))
}

/// 支援チーム
pub fn team(
    ctx: &Ctx,
    key: &RoomKey,
    team: &[Member],
    names: &Names,
    people: &People,
    labels: &Labels,
) -> Markup {
    card(
        "支援チーム",
        html! {
            ul { @for m in team.iter().filter(|m| m.until_on.is_none()) {
                li {
                    @if m.is_owner { (tag(TagKind::Active, "主担当")) " " }
                    (names.member(m, people))
                    @if !m.is_owner { " " (labels.label(CodeList::TeamRole, &m.role)) }
                    @if m.kind == MemberKind::Body || m.kind == MemberKind::Family { " " (tag(TagKind::Neutral, "閲覧権なし")) }
                    @if !m.does.is_empty() { br; span.hint { (m.does) } }
                    span.hint { " " (parts::short(ctx, m.from_on)) "から" }
                }
            } }
            @if rules::is_lone(team) {
                (notice(NoticeKind::Warn, "一人で支援しています", html! {
                    p { "チームに主担当のほかの人がいません。一緒に支える人を加えられます。" }
                }))
            }
            @if key.may_write() {
                p { a href={ "/cases/" (key.room()) "/team" } { "チームに加える・外す" } }
                p { a href={ "/cases/" (key.room()) "/owner" } { "主担当を替える" } }
            }
        },
    )
}

/// Who can be given a task: the owner, the team's postings, and desks with a key.
pub fn assignees(key: &RoomKey, team: &[Member], names: &Names) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = Vec::new();
    for m in team.iter().filter(|m| m.until_on.is_none()) {
        let option = match (m.kind, m.posting, m.desk) {
            (MemberKind::Posting, Some(p), _) => (posting_code(p), names.posting(p)),
            (MemberKind::Desk, _, Some(d)) => (desk_code(d), format!("窓口: {}", names.desk(d))),
            _ => continue,
        };
        if !options.contains(&option) {
            options.push(option);
        }
    }
    let own = desk_code(key.owner_desk());
    if !key.is_sealed() && !options.iter().any(|(c, _)| *c == own) {
        options.push((own, format!("窓口: {}", names.desk(key.owner_desk()))));
    }
    options
}

/// やること, with a form to add one.
pub async fn tasks(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    team: &[Member],
    names: &Names,
) -> Result<Markup> {
    let open = tasks::open_in_room(conn, key).await?;
    let options = assignees(key, team, names);
    Ok(card(
        "やること",
        html! {
            @if open.is_empty() { p { "残っているやることはありません。" } }
            @else { ul.task-lines { @for t in &open { li.task-line { (task_line(ctx, key, t, names)) } } } }
            @if key.may_write() { (add_task(ctx, key, &task_form(key), &options)) }
            p { a href={ "/cases/" (key.room()) "/tasks" } { "担当・期限を変える、済んだもの" } }
        },
    ))
}

/// An empty task form, for the owner.
pub fn task_form(key: &RoomKey) -> Form {
    let mut form = Form::blank().scoped("task");
    form.prefill(
        "who",
        key.owner_posting()
            .map_or_else(|| desk_code(key.owner_desk()), posting_code),
    );
    form
}

/// The form to add a task.
pub fn add_task(ctx: &Ctx, key: &RoomKey, form: &Form, options: &[(String, String)]) -> Markup {
    let body = html! {
        (text_field(form, FieldSpec::new("title", "やることを加える").required().maxlength(200)))
        (select_field(form, FieldSpec::new("who", "担当").required(), &borrowed(options)))
        (date_field(form, FieldSpec::new("due_on", "期限")))
        (submit_row(button(ButtonKind::Secondary, "加える", None)))
    };
    form_frame(
        &format!("/cases/{}/tasks", key.room()),
        ctx.csrf(),
        form,
        body,
    )
}

/// One task with the button to finish it, side by side: the inside of a `.task-line`.
pub fn task_line(ctx: &Ctx, key: &RoomKey, t: &Task, names: &Names) -> Markup {
    let late = t.due_on.is_some_and(|d| d < ctx.today());
    let mut form = Form::blank();
    form.version = Some(t.version);
    html! {
        div.task-what {
            (t.title)
            @match t.due_on {
                Some(due) if due == ctx.today() => { " " (tag(TagKind::Waiting, "きょうまで")) }
                Some(due) => { " " @if late { (tag(TagKind::Alert, "期限超過")) " " } (parts::short(ctx, due)) "まで" }
                None => {}
            }
            br;
            span.hint { @match t.posting { Some(p) => (names.posting_from(key.owner_desk(), p)), None => (names.desk(t.desk)) } }
        }
        @if key.may_write() {
            (form_frame(&format!("/cases/{}/tasks/{}/done", key.room(), t.id), ctx.csrf(), &form, html! {
                (hidden("done", "1"))
                (button(ButtonKind::Quiet, "済み", None)) span.visually-hidden { (t.title) }
            }))
        }
    }
}
