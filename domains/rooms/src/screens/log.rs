//! `/rooms/{id}/log`: who has seen, written, printed, exported this, was refused, or found it.

use axum::extract::{Path, Query};
use engawa_kernel::{
    components::{ButtonKind, Tab, empty_state, link_button, table, tabs},
    context::Ctx,
    error::Result,
    id::StaffId,
    page::page as framed,
};
use engawa_organisations::staff_names;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    rules::{SOMEBODY, may_name_lay},
    store::{self, Line},
    words::{self, Group},
};

/// Lines on a page.
const PER_PAGE: usize = 100;

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
    let base = format!("/rooms/{}/log", key.room());
    let code = group.map_or("", Group::as_code);
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|line| {
            vec![
                html! { (super::when(&ctx, line.at)) },
                html! { (who(line, &names)) },
                html! { (words::action(&line.action)) },
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
        &format!("利用の記録 {}", about.number),
        body,
    ))
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
        (None, None) => String::new(),
    }
}
