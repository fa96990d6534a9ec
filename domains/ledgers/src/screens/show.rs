//! `/ledgers/{id}`: what would be taken in, how far it has come, what was taken in.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    clock,
    components::{
        ButtonKind, NoticeKind, button, definition_list, form_frame, link_button, notice, progress,
        submit_row, table,
    },
    context::Ctx,
    error::Result,
    form::Form,
    http::see_other,
    page::page,
    text::wareki,
};
use engawa_organisations as organisations;
use maud::{Markup, html};

use super::{load, trail};
use crate::{
    model::{Counts, Import, LineState, State},
    store,
};

/// Refused rows on the page; the Excel file has all.
const SHOWN: i64 = 100;

pub(super) async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let import = load(&ctx, &id).await?;
    if import.state == State::Read {
        return Ok(see_other(&format!("/ledgers/{}/columns", import.id)));
    }
    let mut conn = ctx.read().await?;
    let counts = store::counts(&mut conn, import.id).await?;
    let desks: Vec<_> = import.desk.into_iter().collect();
    let desk = organisations::desk_names(&mut conn, &desks).await?;
    let desk = desk.into_values().next().unwrap_or_default();
    let refused = store::refused(&mut conn, import.id, SHOWN).await?;
    let title = match import.state {
        State::Read | State::Checked if counts.made == 0 => "取り込む前の確認",
        State::Running => "台帳を取り込んでいます",
        State::Undone => "台帳の取り込みの取り消し",
        _ => "台帳の取り込みの結果",
    };
    let first = match import.state {
        State::Read | State::Checked => checked(&ctx, &import, &counts),
        State::Running => running(&ctx, &import, &counts),
        State::Done => done(&ctx, &import, &counts),
        State::Undone => {
            let kept = store::some(&mut conn, &ctx, import.id, LineState::Kept, SHOWN).await?;
            undone(&counts, &kept)
        }
    };
    let kinds = if matches!(import.state, State::Read | State::Checked) {
        store::kinds(&mut conn, import.id).await?
    } else {
        vec![]
    };
    let body = html! {
        (trail(None))
        p { (import.file_name) "(" (import.line_count) "行) → " (desk) }
        (first)
        @if !kinds.is_empty() {
            h2 { "読み替え・補い" }
            p { "取り込む行のうち、次の値を直して取り込みます。もとの値と直した値は、種類ごとに見られます。" }
            (table(&["種類", "行数", "内容"], &kinds.iter().map(|(kind, n)| vec![
                html! { (kind.label()) },
                html! { (n) "行" },
                html! { a href={ "/ledgers/" (import.id) "/repairs?kind=" (kind.as_code()) } { "もとの値と直した値" span.visually-hidden { "(" (kind.label()) ")" } } },
            ]).collect::<Vec<_>>(), "直して取り込む値"))
        }
        @if !refused.is_empty() && import.state != State::Undone {
            h2 { "取り込めない行" }
            p { a href={ "/ledgers/" (import.id) "/errors.xlsx" } { "取り込めない行をExcelで受け取る" } "(「直すところ」の列を見て直し、そのまま取り込めます)" }
            (table(&["行", "項目", "直すところ"], &refused.iter().flat_map(|(_, label, faults)| faults.iter().map(move |f| vec![
                html! { (label) },
                html! { (f.column.as_deref().unwrap_or("行全体")) },
                html! { (f.message) },
            ])).collect::<Vec<_>>(), "取り込めない行"))
            @if counts.refused > SHOWN { p { "ほか" (counts.refused - SHOWN) "行はExcelにあります。" } }
        }
    };
    Ok(page(&ctx.frame(), title, body).into_response())
}

fn figures(counts: &Counts) -> Markup {
    let n = |n: i64| html! { (n) "行" };
    let all = [
        ("取り込んだ", counts.made),
        ("これから取り込む", counts.ready),
        ("取り込み済みと同じ(取り込まない)", counts.same),
        ("取り込めない", counts.refused),
    ];
    let shown: Vec<(&str, Markup)> = all
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(label, count)| (label, n(count)))
        .collect();
    definition_list(&shown)
}

fn checked(ctx: &Ctx, import: &Import, counts: &Counts) -> Markup {
    html! {
        @if !import.trouble.is_empty() {
            (notice(NoticeKind::Warn, "途中で止まりました", html! { p { (import.trouble) } p { "取り込んだ" (counts.made) "行は残っています。続きから取り込めます。" } }))
        } @else {
            p { "まだ何も取り込んでいません。" }
        }
        (figures(counts))
        @if counts.ready > 0 {
            (form_frame(&format!("/ledgers/{}/run", import.id), ctx.csrf(), &Form::blank(), submit_row(html! {
                (button(ButtonKind::Primary, &format!("{}行を取り込む", counts.ready), None))
                @if counts.made == 0 { (link_button(ButtonKind::Secondary, &format!("/ledgers/{}/columns", import.id), "列の対応を変える")) }
                (link_button(ButtonKind::Quiet, "/ledgers", "あとにする"))
            })))
        } @else {
            p { "取り込む行がありません。" }
            p {
                @if counts.made == 0 { (link_button(ButtonKind::Secondary, &format!("/ledgers/{}/columns", import.id), "列の対応を変える")) " " }
                a href="/ledgers/new" { "別の台帳を選ぶ" }
            }
        }
        @if counts.made > 0 { p { a href={ "/ledgers/" (import.id) "/undo" } { "この取り込みを取り消す" } } }
    }
}

fn running(ctx: &Ctx, import: &Import, counts: &Counts) -> Markup {
    let total = u64::try_from(counts.made + counts.ready + counts.same).unwrap_or_default();
    let so_far = u64::try_from(counts.made + counts.same).unwrap_or_default();
    let here = format!("/ledgers/{}", import.id);
    html! {
        @if import.is_stuck(ctx.now()) {
            (notice(NoticeKind::Warn, "取り込みが途中で止まっています", html! { p { "取り込んだ" (counts.made) "行は残っています。続きから取り込めます。同じ行が二重になることはありません。" } }))
            (form_frame(&format!("{here}/run"), ctx.csrf(), &Form::blank(), submit_row(button(ButtonKind::Primary, "続きから取り込む", None))))
        } @else {
            div data-progress {
                (progress("取り込んでいます", so_far, total))
            }
            p { "この画面を閉じても、取り込みは続きます。" a href=(here) { "いまの状況を見る" } }
        }
    }
}

fn done(ctx: &Ctx, import: &Import, counts: &Counts) -> Markup {
    let at = import.finished_at.map(clock::local);
    html! {
        (notice(NoticeKind::Success, "取り込みました", html! {
            @if let Some(at) = at { p { (wareki::format_date_time(at, ctx.calendar)) } }
            (figures(counts))
        }))
        p {
            a href="/consultations?view=past" { "終わった相談の一覧へ" } "　"
            a href="/consultations?view=all" { "判断待ちの一覧へ" }
        }
        @if counts.made > 0 { p { a href={ "/ledgers/" (import.id) "/undo" } { "この取り込みを取り消す" } } }
    }
}

fn undone(counts: &Counts, kept: &[(String, Option<engawa_kernel::id::RoomId>)]) -> Markup {
    html! {
        (notice(NoticeKind::Success, "取り消しました", html! { p { (counts.undone) "行の相談を取り消しました。" } }))
        @if !kept.is_empty() {
            h2 { "残した相談" }
            p { "取り込んだあとに手が加えられていたため、" (counts.kept) "行の相談は取り消していません。" }
            ul {
                @for (label, room) in kept {
                    li { @if let Some(room) = room { a href={ "/consultations/" (room) } { (label) } } @else { (label) } }
                }
            }
            @if counts.kept > SHOWN { p { "ほか" (counts.kept - SHOWN) "行" } }
        }
        p { a href="/ledgers/new" { "別の台帳を選ぶ" } }
    }
}
