//! GET /today, and marking notices as read.

use std::collections::{HashMap, HashSet};

use axum::{
    extract::{Path, Query},
    response::Response,
};
use chrono::{Datelike as _, Days, NaiveDate};
use engawa_cases::{CaseCard, RoomLabel, Takeover};
use engawa_consultations::WaitingLine;
use engawa_kernel::{
    access::{Duty, RoomKind},
    clock,
    components::{
        ButtonKind, TagKind, button, card, details, empty_state, form_frame, hidden, link_button,
        submit_row, tag,
    },
    context::Ctx,
    error::Result,
    form::Form,
    http::{self, see_other},
    id::{DeskId, PostingId, RoomId, StaffId},
    page,
    tasks::Task,
    text::wareki,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    model::{Page, Section},
    store::{self, FIRST, Limits, MORE},
    taken, words,
};

/// Which section is shown in full.
#[derive(Deserialize)]
pub struct Asked {
    more: Option<String>,
}

/// Everything that the lines are worded with.
struct Ground<'a> {
    ctx: &'a Ctx,
    more: Option<Section>,
    cut: [bool; 5],
    rooms: HashMap<RoomId, RoomLabel>,
    sheets: HashMap<RoomId, String>,
    desks: HashMap<DeskId, String>,
    staff: HashMap<StaffId, String>,
    postings: HashMap<PostingId, String>,
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    let more = asked.more.as_deref().and_then(Section::from_code);
    let mut limits = Limits { of: [FIRST; 5] };
    for (n, section) in Section::ALL.iter().enumerate() {
        if Some(*section) == more {
            limits.of[n] = MORE;
        }
    }
    let mut conn = ctx.read().await?;
    let mut all = store::page(&mut conn, &ctx, limits).await?;
    let (late, now) = store::due(&mut conn, &ctx).await?;
    let arrived = engawa_consultations::waiting(&mut conn, &ctx).await?;
    let silent = if ctx.actor.may(Duty::Reassign) {
        engawa_cases::silent(&mut conn, &ctx, FEW + 1).await?
    } else {
        Vec::new()
    };
    let mine_taken = engawa_cases::takeovers_mine(&mut conn, &ctx).await?;
    let unconfirmed = taken::others_unconfirmed(&mut conn, &ctx).await?;
    let rooms = engawa_cases::labels(&mut conn, &ctx, &all.rooms()).await?;
    all.keep_visible(|room| rooms.contains_key(&room));
    all.changes
        .retain(|c| words::of_event(&c.kind, &c.act).is_some());
    // Of a sheet only the last step of each person: the sheet itself tells the rest.
    let mut moved = HashSet::new();
    all.changes
        .retain(|c| c.kind != "referral.moved" || moved.insert((c.room, c.staff)));
    let others = all.given.iter().chain(&all.overdue);
    let desks: Vec<DeskId> = others
        .clone()
        .map(|t| t.desk)
        .chain(all.passed_on.iter().map(|p| p.desk))
        .collect();
    let postings: Vec<PostingId> = others.filter_map(|t| t.posting).collect();
    let staff: Vec<StaffId> = all.changes.iter().filter_map(|c| c.staff).collect();
    let sheets: Vec<RoomId> = rooms
        .iter()
        .filter(|(_, r)| r.kind == RoomKind::Referral)
        .map(|(room, _)| *room)
        .collect();
    let ground = Ground {
        sheets: engawa_referrals::labels(&mut conn, &ctx, &sheets).await?,
        ctx: &ctx,
        more,
        cut: all.cut,
        rooms,
        desks: engawa_organisations::desk_names(&mut conn, &desks).await?,
        staff: engawa_organisations::staff_names(&mut conn, &staff).await?,
        postings: engawa_organisations::postings(&mut conn, &ctx, &postings)
            .await?
            .into_iter()
            .map(|(id, p)| (id, p.staff_name))
            .collect(),
    };
    let body = html! {
        (engawa_organisations::first_steps(&mut conn, &ctx).await?)
        (engawa_programmes::first_step(&mut conn, &ctx).await?)
        @if late > 0 || now > 0 {
            p {
                @if late > 0 { (tag(TagKind::Alert, &format!("期限超過 {late}件"))) " " }
                @if now > 0 { (tag(TagKind::Waiting, &format!("きょうまで {now}件"))) }
            }
        }
        (waiting(&ground, &all.mine, &arrived, &mine_taken))
        (given(&ground, &all))
        (overdue(&ground, &all.overdue, &silent, unconfirmed))
        (changed(&ground, &all))
        (notices(&ground, &all))
    };
    let title = format!(
        "きょう {}（{}）",
        wareki::format_date(ctx.today(), ctx.calendar),
        words::weekday(ctx.today().weekday())
    );
    Ok(page::page(&ctx.frame(), &title, body))
}

impl Ground<'_> {
    fn limit(&self, section: Section) -> usize {
        if self.more == Some(section) {
            MORE
        } else {
            FIRST
        }
    }

    /// A link to the rest of a section, when there is one.
    fn rest(&self, section: Section) -> Markup {
        let place = Section::ALL.iter().position(|s| *s == section);
        html! {
            @if place.is_some_and(|n| self.cut[n]) {
                @if self.more == Some(section) { p { "多いため、" (MORE) "件までを表示しています。" } }
                @else { p { a href={ "/today?more=" (section.as_code()) "#" (section.as_code()) } { "もっと見る" } } }
            }
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        wareki::format_short(day, self.ctx.calendar)
    }

    fn room(&self, room: RoomId) -> Markup {
        match self.rooms.get(&room) {
            Some(r) => {
                html! { a href=(r.kind.path(room)) { (r.number) @if !r.label.is_empty() { " " (r.label) } @if let Some(sheet) = self.sheets.get(&room) { " " (sheet) } } }
            }
            None => html! {},
        }
    }

    fn whose(&self, task: &Task) -> &str {
        match task.posting {
            Some(p) => self.postings.get(&p),
            None => self.desks.get(&task.desk),
        }
        .map_or("", String::as_str)
    }

    fn due(&self, task: &Task) -> Markup {
        let today = self.ctx.today();
        html! {
            @match task.due_on {
                Some(d) if d < today => { (tag(TagKind::Alert, "期限超過")) " " (self.day(d)) "まで（" ((today - d).num_days()) "日超過）" }
                Some(d) if d == today => (tag(TagKind::Waiting, "きょうまで")),
                Some(d) => { (self.day(d)) "まで" }
                None => span.hint { "期限なし" },
            }
        }
    }

    /// A task: its room is one click away, and so is finishing it.
    fn task(&self, task: &Task, mine: bool) -> Markup {
        let done = task.room.and_then(|r| {
            let kind = self.rooms.get(&r)?.kind;
            (kind == RoomKind::Case).then(|| format!("/cases/{r}/tasks/{}/done", task.id))
        });
        let mut form = Form::blank();
        form.version = Some(task.version);
        html! {
            li.task-line {
                span.task-what {
                    (task.title) " " (self.due(task)) " "
                    @if let Some(room) = task.room { (self.room(room)) }
                    @if !mine { span.hint { " " (self.whose(task)) } }
                }
                @if let Some(action) = done.filter(|_| mine) {
                    (form_frame(&action, self.ctx.csrf(), &form, html! {
                        (hidden("done", "1")) (hidden("back", "today"))
                        (button(ButtonKind::Quiet, "済み", None)) span.visually-hidden { (task.title) }
                    }))
                }
            }
        }
    }
}

fn section(code: Section, title: &str, body: Markup) -> Markup {
    html! { div id=(code.as_code()) { (card(title, body)) } }
}

/// Days that count as soon.
const SOON: Days = Days::new(7);

fn waiting(g: &Ground, mine: &[Task], arrived: &[WaitingLine], cases: &[Takeover]) -> Markup {
    let limit = g.limit(Section::Waiting);
    let today = g.ctx.today();
    let week = today.checked_add_days(SOON).unwrap_or(today);
    let shown = &mine[..mine.len().min(limit)];
    let part = |wanted: &dyn Fn(Option<NaiveDate>) -> bool| -> Vec<&Task> {
        shown.iter().filter(|t| wanted(t.due_on)).collect()
    };
    let now = part(&|due| due.is_some_and(|d| d <= today));
    let soon = part(&|due| due.is_some_and(|d| d > today && d <= week));
    let later = part(&|due| due.is_none_or(|d| d > week));
    let list = |tasks: &[&Task]| html! { ul.task-lines { @for t in tasks { (g.task(t, true)) } } };
    section(
        Section::Waiting,
        "自分がすること",
        html! {
            @if mine.is_empty() && arrived.is_empty() && cases.is_empty() {
                (empty_state("いま、することはありません。", html! {
                    @if g.ctx.actor.may(Duty::Receive) {
                        (link_button(ButtonKind::Secondary, "/consultations/new", "相談を受け付ける"))
                    }
                }))
            }
            @if !now.is_empty() { h3 { "期限超過・きょうまで（" (now.len()) "件）" } (list(&now)) }
            (calls(arrived, limit))
            (taken::waiting(g.ctx, cases))
            @if !soon.is_empty() { h3 { "7日以内（" (soon.len()) "件）" } (list(&soon)) }
            // What is far off is folded away, unless there is nothing nearer or all was asked for.
            @if !later.is_empty() {
                @let title = format!("それより先・期限なし（{}件）", later.len());
                @if now.is_empty() && soon.is_empty() || g.more == Some(Section::Waiting) { h3 { (title) } (list(&later)) }
                @else { (details(&title, list(&later))) }
            }
            (g.rest(Section::Waiting))
        },
    )
}

/// Calls that nobody has decided on yet: before anything that is not due this week.
fn calls(arrived: &[WaitingLine], limit: usize) -> Markup {
    if arrived.is_empty() {
        return html! {};
    }
    html! {
        h3 { "受け付けた相談（受理の判断待ち）" }
        ul { @for w in arrived.iter().take(limit) { li {
            @if w.emergency { (tag(TagKind::Alert, "緊急")) " " }
            @if w.arrived_at.is_some() { (tag(TagKind::Waiting, "引き継ぎ")) " " }
            a href={ "/consultations/" (w.room) } { (w.number) " " (w.subject_line) }
            " 受付から" (w.days) "日"
        } } }
        @if arrived.len() >= limit { p { a href="/consultations" { "相談の一覧へ" } } }
    }
}

fn given(g: &Ground, all: &Page) -> Markup {
    let limit = g.limit(Section::Given);
    section(
        Section::Given,
        "相手の返事・対応待ち",
        html! {
            @if all.given.is_empty() && all.passed_on.is_empty() { p { "返事や対応を待っているものはありません。" } }
            @if !all.given.is_empty() { ul.task-lines { @for t in all.given.iter().take(limit) { (g.task(t, false)) } } }
            @if !all.passed_on.is_empty() {
                h3 { "引き継いだ相談" }
                ul { @for p in all.passed_on.iter().take(limit) { li {
                    (g.room(p.room)) " いまの窓口: " (g.desks.get(&p.desk).map_or("", String::as_str))
                } } }
            }
            (g.rest(Section::Given))
        },
    )
}

/// Silent cases that the page shows; the rest stands in their list.
const FEW: i64 = 10;

fn overdue(g: &Ground, tasks: &[Task], silent: &[CaseCard], unconfirmed: usize) -> Markup {
    let limit = g.limit(Section::Overdue);
    section(
        Section::Overdue,
        "期限を過ぎたもの（自分が主担当のケースで、ほかの人の分）",
        html! {
            @if tasks.is_empty() { p { "期限を過ぎたものはありません。" } }
            @else { ul.task-lines { @for t in tasks.iter().take(limit) { (g.task(t, false)) } } }
            (g.rest(Section::Overdue))
            @if unconfirmed > 0 {
                p { a href="/cases/takeovers" { "後任の確認が済んでいないケース " (unconfirmed) "件" } }
            }
            @if !silent.is_empty() {
                h3 { "支援経過が" (g.ctx.settings.silent_days) "日以上ないケース" }
                ul { @for c in silent.iter().take(FEW as usize) { li {
                    a href={ "/cases/" (c.room) } { (c.number) " " (c.label) } " 最後の支援経過 " (g.day(c.last_contact_on))
                } } }
                @if silent.len() > FEW as usize { p { a href="/cases?view=silent" { "もっと見る" } } }
            }
        },
    )
}

fn changed(g: &Ground, all: &Page) -> Markup {
    let limit = g.limit(Section::Changed);
    section(
        Section::Changed,
        "変わったこと（この7日、ほかの人による）",
        html! {
            @if all.changes.is_empty() { p { "変わったことはありません。" } }
            @else { ul { @for c in all.changes.iter().take(limit) { li {
                (g.room(c.room)) " " (words::of_event(&c.kind, &c.act).unwrap_or_default())
                span.hint {
                    " " (c.staff.and_then(|s| g.staff.get(&s)).map_or("", String::as_str))
                    " " (wareki::format_date_time(clock::local(c.at), g.ctx.calendar))
                }
            } } } }
            (g.rest(Section::Changed))
        },
    )
}

fn notices(g: &Ground, all: &Page) -> Markup {
    let limit = g.limit(Section::Notices);
    section(
        Section::Notices,
        "お知らせ",
        html! {
            @if all.notices.is_empty() { p { "新しいお知らせはありません。" } }
            @else {
                ul.task-lines { @for n in all.notices.iter().take(limit) {
                    @let (what, alert) = words::of_notice(&n.kind, &n.act);
                    li.task-line {
                        span.task-what {
                            @if alert { (tag(TagKind::Alert, "確認")) " " }
                            (what) @if let Some(cases) = n.cases { " " (cases) "件" } " "
                            @if let Some(room) = n.room.filter(|r| g.rooms.contains_key(r)) {
                                (g.room(room))
                                @if words::asks_who_looked(&n.kind) { " " a href={ "/rooms/" (room) "/log" } { "だれが見たかを確かめる" } }
                            }
                            span.hint { " " (wareki::format_date_time(clock::local(n.at), g.ctx.calendar)) }
                        }
                        (form_frame(&format!("/today/notices/{}/read", n.id), g.ctx.csrf(), &Form::blank(),
                            html! { (button(ButtonKind::Quiet, "既読にする", None)) }))
                    }
                } }
                (form_frame("/today/notices/read", g.ctx.csrf(), &Form::blank(),
                    submit_row(button(ButtonKind::Secondary, "すべて既読にする", None))))
            }
            (g.rest(Section::Notices))
        },
    )
}

/// POST /today/notices/{notice}/read
pub async fn read_one(ctx: Ctx, Path(notice): Path<String>) -> Result<Response> {
    let notice: Uuid = http::id(&notice)?;
    read(&ctx, Some(notice)).await
}

/// POST /today/notices/read
pub async fn read_all(ctx: Ctx) -> Result<Response> {
    read(&ctx, None).await
}

async fn read(ctx: &Ctx, one: Option<Uuid>) -> Result<Response> {
    let mut tx = ctx.write().await?;
    store::mark_read(&mut tx, ctx, one).await?;
    tx.commit().await?;
    Ok(see_other("/today#notices"))
}
