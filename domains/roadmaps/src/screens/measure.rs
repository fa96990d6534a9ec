//! `/roadmaps/measures/{measure}`: one measure with what it rests on, its indicators, its milestones
//! and its yearly ratings.

use axum::extract::Path;
use engawa_indicators::Standing;
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, NoticeKind, TagKind, card, definition_list, empty_state, lines, link_button,
        list_table, notice, or_dash, submit_row, tag,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    http::id,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::{
    parts::{by, degree_tag, milestone_tag, trail},
    show::options,
};
use crate::{
    model::{Choice, ChoiceId, Kept, KeptMeasure, MeasureId, Plan, PlanState},
    owner::Bodies,
    roadmap, rules,
    store::{choice, evidence, measure, plan},
};

pub async fn get(ctx: Ctx, Path(measure): Path<String>) -> Result<Markup> {
    let id: MeasureId = id(&measure)?;
    let mut conn = ctx.read().await?;
    let m = measure::one(&mut conn, &ctx, id).await?;
    let plan = plan::one(&mut conn, &ctx, m.plan).await?.kept;
    let bodies = Bodies::load(&mut conn, &ctx).await?;
    let rests = rests_on(&mut conn, &ctx, &m).await?;
    let year = shown_year(&plan.is, FiscalYear::of(ctx.today()));
    let standings = standings(&mut conn, &ctx, &m, year).await?;
    let about: Vec<_> = choice::of_plan(&mut conn, m.plan)
        .await?
        .into_iter()
        .filter(|c| c.is.measure == Some(id))
        .collect();
    let names = engawa_organisations::staff_names(&mut conn, &[m.kept.saved_by]).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let open = plans && plan.is.state != PlanState::Ended;
    let above = format!("/roadmaps/{}", plan.id);
    let at = format!("/roadmaps/measures/{id}");
    let is = &m.kept.is;
    let mut facts = vec![("施策・取組", lines(&is.text))];
    if !is.heading.is_empty() {
        facts.insert(0, ("基本目標・柱", html! { (is.heading) }));
    }
    facts.extend([
        (
            "担当",
            html! { @if let Some(body) = is.body { (bodies.of(body)) " " } (is.responsible) },
        ),
        ("予算・財源", or_dash(&is.budget)),
        ("よりどころ", rests),
        (
            "最後に直した人",
            html! { (by(&ctx, &names, m.kept.saved_by, m.kept.saved_at)) },
        ),
    ]);
    let title = format!("施策 {}", is.number);
    let body = html! {
        (trail(&[(above.as_str(), &plan.is.name)]))
        @if !is.dropped.is_empty() { (notice(NoticeKind::Warn, "この施策は取りやめました", lines(&is.dropped))) }
        (card("施策の内容", html! {
            (definition_list(&facts))
            @if open { (submit_row(link_button(ButtonKind::Secondary, &format!("{at}/edit"), "施策を直す"))) }
        }))
        @if m.before.is_some() || !m.carried.is_empty() { (before(&m)) }
        h2 { "工程" }
        @if m.milestones.is_empty() { (empty_state("工程は、まだありません。", html! { "年度ごとに、そのときまでに何ができているかを置きます。" })) }
        @else { (milestones(&m, plans)) }
        @if plans { p { (link_button(ButtonKind::Primary, &format!("{at}/milestones"), "工程を書く")) } }
        h2 { "毎年の実行度" }
        (ratings(&ctx, &m, &plan.is, plans))
        @if !is.indicators.is_empty() {
            h2 { "指標（" (year) "）" }
            (indicators(&standings, year))
        }
        @if !about.is_empty() {
            h2 { "この施策で選んだこと" }
            @for c in &about { (chosen(c, open)) }
        }
    };
    Ok(page(&ctx.frame(), title.trim(), body))
}

/// This year, or the plan's nearest.
fn shown_year(plan: &Plan, now: FiscalYear) -> FiscalYear {
    now.clamp(plan.first_year, plan.last_year)
}

/// What the measure rests on, and which other measures cite the same.
async fn rests_on(conn: &mut Conn, ctx: &Ctx, m: &KeptMeasure) -> Result<Markup> {
    if m.kept.is.evidence.is_empty() {
        return Ok(html! { "―" });
    }
    let mut found = evidence::list(conn, ctx).await?;
    found.retain(|e| m.kept.is.evidence.contains(&e.id));
    let citations = evidence::citations(conn, ctx).await?;
    Ok(html! {
        ul {
            @for e in &found {
                li {
                    a href={ "/roadmaps/evidence#" (e.id) } { (e.is.title()) }
                    @if !e.is.finding.is_empty() { span.excerpt { (lines(&e.is.finding)) } }
                    @for c in citations.iter().filter(|c| c.evidence == e.id && c.measure != m.kept.id) {
                        span.excerpt { "ほかに引いている施策: " a href={ "/roadmaps/measures/" (c.measure) } { (c.plan_name) "　" (super::parts::short(&c.title)) } }
                    }
                }
            }
        }
    })
}

async fn standings(
    conn: &mut Conn,
    ctx: &Ctx,
    m: &KeptMeasure,
    year: FiscalYear,
) -> Result<Vec<Standing>> {
    let ids = &m.kept.is.indicators;
    if ids.is_empty() || !ctx.actor.may(Duty::ReadFigures) {
        return Ok(Vec::new());
    }
    engawa_indicators::standings(conn, ctx, ids, year).await
}

fn before(m: &KeptMeasure) -> Markup {
    card(
        "前の計画から",
        html! {
            @if let Some(text) = &m.before {
                @if m.unchanged() { p { (tag(TagKind::Neutral, "前の計画のまま")) } }
                @else { p { "前の計画の文: " (lines(text)) } }
            }
            @if !m.carried.is_empty() { p { (lines(&m.carried)) } }
        },
    )
}

fn milestones(m: &KeptMeasure, plans: bool) -> Markup {
    let rows: Vec<Vec<Markup>> = m
        .milestones
        .iter()
        .map(|s| {
            let is = &s.is;
            let mut row = vec![
                html! { (is.year) span.excerpt { (roadmap::span(is.year)) } },
                html! { (roadmap::due(is)) },
                lines(&is.text),
                html! {
                    (milestone_tag(is.state))
                    @if let Some(to) = is.to_year { span.excerpt { (to) "へ" } }
                    @if !is.reason.is_empty() { span.excerpt { "理由: " (lines(&is.reason)) } }
                },
            ];
            if plans {
                row.push(html! {
                    a href={ "/roadmaps/milestones/" (s.id) } { "状態を書く・直す" span.visually-hidden { "：" (is.text) } }
                });
            }
            row
        })
        .collect();
    let headers = ["年度", "いつまでに", "工程", "状態", "操作"];
    let shown = if plans { &headers[..] } else { &headers[..4] };
    list_table(shown, &rows, "工程")
}

fn ratings(ctx: &Ctx, m: &KeptMeasure, plan: &Plan, plans: bool) -> Markup {
    let years = rules::ratable(plan, ctx.today());
    if years.is_empty() {
        return empty_state(
            "計画の期間は、まだ始まっていません。",
            html! { "年度が始まると、実行度を書けます。" },
        );
    }
    let rows: Vec<Vec<Markup>> = years
        .iter()
        .rev()
        .map(|year| {
            let r = m.rating(*year).map(|r| &r.is);
            let mut row = vec![
                html! { (year) },
                r.map_or_else(|| html! { "まだありません" }, |r| degree_tag(r.degree)),
                r.map_or_else(|| html! { "―" }, |r| or_dash(&r.words)),
                r.map_or_else(|| html! { "―" }, |r| or_dash(&r.evidence)),
            ];
            if plans {
                row.push(html! { a href={ "/roadmaps/measures/" (m.kept.id) "/years/" (year.year()) } { (year) "を評価する" } });
            }
            row
        })
        .collect();
    let headers = ["年度", "実行度", "評価のことば", "根拠", "操作"];
    let shown = if plans { &headers[..] } else { &headers[..4] };
    list_table(shown, &rows, "毎年の実行度")
}

fn indicators(all: &[Standing], year: FiscalYear) -> Markup {
    if all.is_empty() {
        return html! { p.hint { "指標の数は、統計を見られる役割の人にだけ表示します。" } };
    }
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|s| {
            vec![
                html! {
                    a href={ "/indicators/" (s.id) "?year=" (year.year()) } { (s.name) }
                    span.excerpt { "数え方: " (s.definition) }
                },
                html! { @if s.targets.is_empty() { "―" } @for t in &s.targets { div { (t) } } },
                html! { (s.actual) },
            ]
        })
        .collect();
    list_table(&["指標", "目標", "実績"], &rows, &format!("{year}の指標"))
}

fn chosen(c: &Kept<ChoiceId, Choice>, open: bool) -> Markup {
    card(
        &c.is.question,
        html! {
            (options(c))
            @if !c.is.why.is_empty() { p { "選んだ理由: " (lines(&c.is.why)) } }
            @if open { p { a href={ "/roadmaps/choices/" (c.id) } { "選択肢を直す" } } }
        },
    )
}
