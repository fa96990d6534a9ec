//! `/roadmaps/ladder`: four steps in each area and year, where the chain breaks, and outcome
//! statements by actor and horizon.

use axum::response::Response;
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    components::{
        ButtonKind, NoticeKind, Tab, TagKind, empty_state, lines, link_button, list_table, notice,
        submit_row, tabs, tag,
    },
    context::Ctx,
    error::Result,
    http::id,
    page::page,
    paper::{Document, Imprint},
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};
use serde_json::json;

use super::picture;
use crate::{
    ladder::{
        Actor, Horizon, Statement, StatementId, Step,
        chain::Verdict,
        count::{self, Ladder, Rung},
    },
    model::Kept,
    paper::{LadderPage, said},
    rules,
    screens::parts::{Asked, trail},
    store::statement,
};

/// Years before this one that are offered.
const BACK: i32 = 4;

/// The year asked for; this one where none is.
fn year(ctx: &Ctx, asked: &Asked) -> Result<FiscalYear> {
    asked
        .get("year")
        .map_or_else(|| Ok(FiscalYear::of(ctx.today())), |text| id(text))
}

/// `/roadmaps/ladder/print.pdf`: the same on A4.
pub async fn print(ctx: Ctx, asked: Asked) -> Result<Response> {
    ctx.need(Duty::ReadFigures)?;
    let year = year(&ctx, &asked)?;
    let mut conn = ctx.read().await?;
    let ladder = count::ladder(&mut conn, &ctx, year).await?;
    let statements = statement::list(&mut conn, &ctx).await?;
    drop(conn);
    let mut tx = ctx.write().await?;
    let entry = Entry::new("roadmaps.print");
    let detail = json!({ "ladder": year.year(), "as": "pdf" });
    audit::append(&mut tx, &ctx, entry.detail(detail)).await?;
    tx.commit().await?;
    let title = format!("{}の成果の4段階", year.label());
    Document::new(title, Imprint::of(&ctx))
        .with(&LadderPage::of(&ladder, &statements))?
        .show(&ctx, &format!("ladder-{}.pdf", year.year()))
        .await
}

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let now = FiscalYear::of(ctx.today());
    let year = year(&ctx, &asked)?;
    let mut conn = ctx.read().await?;
    let ladder = count::ladder(&mut conn, &ctx, year).await?;
    let statements = statement::list(&mut conn, &ctx).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let body = html! {
        (trail(&[]))
        p { "困りごとが、気づかれ、受けとめられ、解決し、次に使える資源になったかを、圏域と年度ごとに見ます。はじめの三つは記録から数え、四つとも人の評価を書けます。評価があれば、評価で見ます。" }
        (tabs("年度", &(now.year() - BACK..=now.year()).filter_map(|y| FiscalYear::try_from(y).ok()).map(|y| Tab {
            href: format!("/roadmaps/ladder?year={}", y.year()),
            label: y.label(),
            active: y == year,
            count: None,
        }).collect::<Vec<_>>()))
        (submit_row(html! {
            (link_button(ButtonKind::Secondary, &format!("/roadmaps/ladder/print.pdf?year={}", year.year()), "印刷する"))
            @if plans {
                (link_button(ButtonKind::Secondary, "/roadmaps/ladder/settings", "数え方と圏域の種類を決める"))
                (link_button(ButtonKind::Secondary, "/roadmaps/ladder/statements", "成果のことばを書く"))
            }
        }))
        h2 { "圏域ごとの4段階" }
        (areas(&ladder, plans))
        h2 { "数え方" }
        ul { @for (step, rule) in Step::ALL.into_iter().zip(&ladder.rules) { li { strong { (step.label()) } "：" (rule) } } }
        p.hint { "圏域は、窓口の担当する圏域です。複数の圏域を担当する窓口の分は、それぞれの圏域に入ります。" }
        h2 id="statements" { "成果のことば" }
        (outcomes(&ladder, &statements, plans))
    };
    Ok(page(
        &ctx.frame(),
        &format!("{}の成果の4段階", year.label()),
        body,
    ))
}

fn areas(ladder: &Ladder, plans: bool) -> Markup {
    if ladder.rungs.is_empty() {
        return empty_state(
            "4段階で見る圏域が、まだありません。",
            html! { "「機関・職員」で圏域を登録するか、「数え方と圏域の種類を決める」で種類を選びます。" },
        );
    }
    let rows: Vec<Vec<Markup>> = ladder
        .rungs
        .iter()
        .map(|r| row(r, ladder.year, plans))
        .collect();
    let headers = [
        "圏域",
        Step::Noticed.label(),
        Step::Received.label(),
        Step::Solved.label(),
        Step::Resources.label(),
        "操作",
    ];
    let headers = if plans { &headers[..] } else { &headers[..5] };
    html! {
        @if ladder.more > 0 {
            (notice(NoticeKind::Info, "", html! { p { "はじめの" (count::AREAS) "圏域を表示しています（ほかに" (ladder.more) "）。圏域の種類を絞ると、すべてを見られます。" } }))
        }
        @if ladder.hidden > 0 { p.hint { "小さな数は、自治体の外の方には「非公表」としています。非公表の段階は、つながりが切れているかを判定しません。" } }
        (picture::chains(&ladder.rungs))
        (list_table(headers, &rows, "圏域ごとの4段階"))
    }
}

fn row(rung: &Rung, year: FiscalYear, plans: bool) -> Vec<Markup> {
    let at = rung.breaks_at();
    let mut cells = vec![html! {
        (rung.name)
        @if let Some(step) = at { span.excerpt { "「" (step.label()) "」で切れています" } }
    }];
    for ((step, verdict), counted) in Step::ALL.into_iter().zip(rung.verdicts()).zip(rung.counted) {
        let (rated, words) = rung.judged.as_ref().map_or((None, ""), |j| j.is.of(step));
        cells.push(html! {
            div {
                (verdict_tag(verdict)) " " (said(counted))
                @if at == Some(step) { " " (tag(TagKind::Alert, "ここで切れています")) }
                @if let Some(rated) = rated { span.excerpt { "評価: " (rated.label()) } }
                @if !words.is_empty() { span.excerpt { (lines(words)) } }
            }
        });
    }
    if plans {
        cells.push(html! {
            a href={ "/roadmaps/ladder/areas/" (rung.area) "/years/" (year.year()) } { "評価する" span.visually-hidden { "：" (rung.name) } }
        });
    }
    cells
}

fn verdict_tag(verdict: Verdict) -> Markup {
    let kind = match verdict {
        Verdict::Stands => TagKind::Done,
        Verdict::Partly => TagKind::Active,
        Verdict::Missing => TagKind::Waiting,
        Verdict::Unknown => TagKind::Neutral,
    };
    tag(kind, verdict.label())
}

fn outcomes(ladder: &Ladder, all: &[Kept<StatementId, Statement>], plans: bool) -> Markup {
    let live: Vec<_> = all.iter().filter(|s| !s.is.withdrawn).collect();
    let old: Vec<_> = all.iter().filter(|s| s.is.withdrawn).collect();
    if live.is_empty() && old.is_empty() {
        return empty_state(
            "成果のことばは、まだありません。",
            html! { "だれが、いつまでに、どうなっているかを書きます。" },
        );
    }
    let one = |s: &Kept<StatementId, Statement>| {
        html! {
            p {
                (tag(TagKind::Neutral, s.is.step.label())) " "
                @if plans { a href={ "/roadmaps/ladder/statements/" (s.id) } { (lines(&s.is.text)) } } @else { (lines(&s.is.text)) }
                @if let Some(id) = s.is.area { span.excerpt { (ladder.area_name(id)) } }
            }
        }
    };
    let rows: Vec<Vec<Markup>> = Actor::ALL
        .into_iter()
        .map(|actor| {
            std::iter::once(html! { (actor.label()) })
                .chain(Horizon::ALL.into_iter().map(|horizon| {
                    let mut here = live
                        .iter()
                        .filter(|s| s.is.actor == actor && s.is.horizon == horizon)
                        .peekable();
                    html! { div { @if here.peek().is_none() { "―" } @for s in here { (one(s)) } } }
                }))
                .collect()
        })
        .collect();
    let headers = [
        "だれの変化か",
        Horizon::Short.label(),
        Horizon::Middle.label(),
        Horizon::Long.label(),
    ];
    html! {
        (list_table(&headers, &rows, "成果のことば"))
        @if !old.is_empty() { (engawa_kernel::components::details("もう掲げていないことば", html! { @for s in &old { (one(s)) } })) }
    }
}
