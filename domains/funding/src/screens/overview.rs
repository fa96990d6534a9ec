//! `/funding`: which activity is paid from what, in a fiscal year.

use engawa_kernel::{
    components::{ButtonKind, empty_state, link_button, list_table, submit_row},
    context::Ctx,
    error::Result,
    page::page,
};
use maud::{Markup, html};

use super::parts::{Asked, asked_year, state_tag, year_tabs};
use crate::{
    model::{Answer, Cost, KeptSource, State, Year},
    rules,
    store::activity,
    words,
};

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let of = asked_year(&ctx, &asked)?;
    let all = activity::of_year(&mut ctx.read().await?, &ctx, of).await?;
    let plans = rules::plans(&ctx);
    let mut headers = vec![
        "活動・事業",
        "計画書の事業",
        "初期費用",
        "運営費",
        "分けていない",
    ];
    if plans {
        headers.push("確保した額");
    }
    let rows: Vec<Vec<Markup>> = all.iter().map(|y| row(y, of.year(), plans)).collect();
    let body = html! {
        p { "活動ごとに、何をどの財源でまかなうかを年度ごとに残します。実施計画書の「財源」の欄に写せます。" }
        (submit_row(html! {
            @if plans { (link_button(ButtonKind::Primary, "/funding/activities/new", "活動を書く")) }
            (link_button(ButtonKind::Secondary, &format!("/funding/contracts?year={}", of.year()), "委託・補助の一覧"))
            @if plans { (link_button(ButtonKind::Quiet, &format!("/funding/sources.xlsx?year={}", of.year()), "財源の一覧をExcelで出す")) }
        }))
        (year_tabs(&ctx, "/funding", of))
        @if rows.is_empty() {
            (empty_state("この年度の活動は、まだありません。", html! {
                @if plans { "「活動を書く」から始めるか、実施計画書の読み取りで見つかった財源を採用してください。" }
                @else { "推進員（事務局）が書くと、ここに並びます。" }
            }))
        } @else {
            (list_table(&headers, &rows, "活動と財源"))
        }
    };
    Ok(page(
        &ctx.frame(),
        &format!("{}の財源・契約", of.label()),
        body,
    ))
}

fn row(y: &Year, of: i32, plans: bool) -> Vec<Markup> {
    let a = &y.activity;
    let mut cells = vec![
        html! {
            a href={ "/funding/activities/" (a.id) "?year=" (of) } { (a.it.name) }
            @if y.answer != Answer::Unsaid { " " span.hint { "財源: " (y.answer.label()) } }
        },
        html! { (a.it.scheme.label()) },
    ];
    for cost in Cost::ALL {
        let these: Vec<&KeptSource> = y.sources.iter().filter(|s| s.it.cost == cost).collect();
        cells.push(html! {
            @if these.is_empty() { "―" }
            @for (n, s) in these.iter().enumerate() {
                @if n > 0 { br; }
                (s.it.called()) " " (state_tag(s.it.state))
            }
        });
    }
    if plans {
        let secured = y
            .sources
            .iter()
            .filter(|s| s.it.state == State::Secured)
            .map(|s| s.it.amount);
        cells.push(html! { (words::total(secured)) });
    }
    cells
}
