//! `/rooms/{id}/log`: who has seen, written, printed, exported this, was refused, or found it.

use axum::extract::{Path, Query};
use chrono::{Duration, NaiveDate};
use engawa_kernel::{
    clock,
    components::{ButtonKind, Tab, empty_state, link_button, table, tabs},
    context::Ctx,
    error::Result,
    id::StaffId,
    page::page as framed,
    text::wareki,
};
use engawa_organisations::{Seat, seats, staff_names};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    rules::{SOMEBODY, may_name_lay},
    store::{self, Line},
    words::{self, Group},
};

/// Entries on a page.
const PER_PAGE: usize = 100;
/// Equal entries of one person within so many minutes are one line.
const FOLD_MINUTES: i64 = 30;

/// The part of the log that is asked for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    group: String,
    #[serde(default)]
    before: String,
}

/// The page.
pub async fn page(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup> {
    let (key, about) = super::opened(&ctx, &id, "log").await?;
    let group = Group::from_code(&wanted.group);
    let before: Option<Uuid> = wanted.before.parse().ok();
    let mut conn = ctx.read().await?;
    let limit = i64::try_from(PER_PAGE + 1).unwrap_or(101);
    let mut lines = store::log(&mut conn, &key, group, before, limit).await?;
    let more = lines.len() > PER_PAGE;
    lines.truncate(PER_PAGE);
    let ids: Vec<StaffId> = lines.iter().filter_map(|l| l.staff).collect();
    let mut names = staff_names(&mut conn, &ids).await?;
    for lay in store::lay_receivers(&mut conn, &ids).await? {
        if !may_name_lay(&ctx.actor, lay) {
            names.insert(lay, SOMEBODY.into());
        }
    }
    let seats = seats(&mut conn, &ctx, &ids).await?;
    let base = format!("/rooms/{}/log", key.room());
    let code = group.map_or("", Group::as_code);
    let rows: Vec<Vec<Markup>> = folded(&lines)
        .into_iter()
        .map(|run| {
            let line = run.newest;
            let name = who(line, &names);
            let place = match line.staff.and_then(|s| seats.get(&s)) {
                // A lay receiver's area would name them as well.
                Some(seats) if name != SOMEBODY => places(seats, clock::local(line.at).date()),
                _ => String::new(),
            };
            vec![
                html! {
                    (super::when(&ctx, run.oldest.at))
                    @if run.oldest.at != line.at { "〜" (wareki::format_time(clock::local(line.at).time())) }
                },
                html! { (name) @if !place.is_empty() { "（" (place) "）" } },
                html! { (words::action(&line.action)) @if run.times > 1 { " " (run.times) "回" } },
                html! { (why(line)) },
            ]
        })
        .collect();
    let body = html! {
        p { a href=(about.kind.path(key.room())) { "記録に戻る" } }
        p { "この記録を見た人・書いた人・印刷や出力をした人・開けなかった人と、検索結果に表示された人の一覧です。だれも書き換えられません。" }
        (tabs("操作の種類", &filters(&base, group)))
        @if rows.is_empty() {
            (empty_state("この種類の操作はまだありません。", html! { p { a href=(base) { "すべての操作を見る" } } }))
        } @else {
            (table(&["日時", "職員", "操作", "目的・理由"], &rows, "操作の記録"))
        }
        @if let (true, Some(last)) = (more, lines.last()) {
            p { (link_button(ButtonKind::Secondary, &format!("{base}?group={code}&before={}", last.id), "これより前を見る")) }
        }
    };
    Ok(framed(
        &ctx.frame(),
        &format!("だれが見たか（利用の記録） {}", about.number),
        body,
    ))
}

/// Equal entries of one person, one after the other.
struct Run<'a> {
    newest: &'a Line,
    oldest: &'a Line,
    times: usize,
}

/// Newest first: what one person did again and again within half an hour is one line.
fn folded(lines: &[Line]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for line in lines {
        if let Some(run) = runs.last_mut()
            && run.newest.staff == line.staff
            && run.newest.action == line.action
            && why(run.newest) == why(line)
            && run.newest.at - line.at <= Duration::minutes(FOLD_MINUTES)
            && clock::local(run.newest.at).date() == clock::local(line.at).date()
        {
            run.oldest = line;
            run.times += 1;
        } else {
            runs.push(Run {
                newest: line,
                oldest: line,
                times: 1,
            });
        }
    }
    runs
}

/// Where somebody worked on that day.
fn places(seats: &[Seat], day: NaiveDate) -> String {
    let mut found: Vec<&str> = seats
        .iter()
        .filter(|s| s.holds(day) && !s.place.is_empty())
        .map(|s| s.place.as_str())
        .collect();
    found.dedup();
    found.join("、")
}

fn filters(base: &str, group: Option<Group>) -> Vec<Tab> {
    let all = Tab {
        href: base.to_owned(),
        label: "すべて".into(),
        active: group.is_none(),
        ..Tab::default()
    };
    std::iter::once(all)
        .chain(Group::ALL.into_iter().map(|g| Tab {
            href: format!("{base}?group={}", g.as_code()),
            label: g.label().into(),
            active: group == Some(g),
            ..Tab::default()
        }))
        .collect()
}

fn who(line: &Line, names: &std::collections::HashMap<StaffId, String>) -> String {
    match line.staff {
        Some(staff) => names
            .get(&staff)
            .cloned()
            .unwrap_or_else(|| "システム".into()),
        None => "システム".into(),
    }
}

/// The stated reason if there is one, else the purpose in words.
fn why(line: &Line) -> String {
    let text = |field: &str| line.detail.get(field).and_then(serde_json::Value::as_str);
    if line
        .detail
        .get("conflict")
        .and_then(serde_json::Value::as_bool)
        == Some(true)
    {
        return "利益相反の届け出があるため".into();
    }
    match (text("reason"), text("for")) {
        (Some(reason), _) => reason.to_owned(),
        (None, Some(code)) => words::purpose(code).to_owned(),
        (None, None) if line.action == "person.disclosed" => {
            "相手と項目は、本人の「同意と提供」にあります".into()
        }
        (None, None) => String::new(),
    }
}
