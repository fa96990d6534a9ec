//! `/roadmaps/{plan}`: the plan and its roadmap: measures × years.

use axum::extract::Path;
use engawa_kernel::{
    components::{
        ButtonKind, Tab, TagKind, card, definition_list, empty_state, lines, link_button,
        list_table, or_dash, submit_row, tabs, tag,
    },
    context::Ctx,
    error::Result,
    http::id,
    page::page,
};
use maud::{Markup, html};

use super::parts::{Asked, by, degree_tag, milestone_tag, plan_tag, short, trail};
use crate::{
    model::{Choice, ChoiceId, Kept, KeptMeasure, KeptPlan, Milestone, PlanId, PlanState, Whole},
    owner::Bodies,
    roadmap::{self, By, Cell, Column},
    rules,
    store::plan,
};

pub async fn get(ctx: Ctx, Path(plan): Path<String>, asked: Asked) -> Result<Markup> {
    let id: PlanId = id(&plan)?;
    let mut conn = ctx.read().await?;
    let whole = plan::whole(&mut conn, &ctx, id).await?;
    let p = &whole.plan.kept.is;
    let before = match whole.plan.before {
        Some(before) => Some(plan::one(&mut conn, &ctx, before).await?),
        None => None,
    };
    let above = match p.above {
        Some(above) => Some(plan::one(&mut conn, &ctx, above).await?),
        None => None,
    };
    let after = plan::after(&mut conn, &ctx, id).await?;
    let bodies = Bodies::load(&mut conn, &ctx).await?;
    let saved = &whole.plan.kept;
    let names = engawa_organisations::staff_names(&mut conn, &[saved.saved_by]).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let (done, all) = roadmap::done(&whole);
    let link = |k: &KeptPlan| html! { a href={ "/roadmaps/" (k.kept.id) } { (k.kept.is.name) } };
    let mut facts = vec![
        ("種類", html! { (p.kind.label()) }),
        ("どこの計画か", html! { (bodies.name(p.body)) }),
        ("期間", html! { (p.period()) }),
        ("状態", plan_tag(p.state)),
        ("施策", html! { (whole.measures.len()) "件" }),
        ("終わった工程", html! { (done) " / " (all) "件" }),
    ];
    for (term, other) in [
        ("上位計画", &above),
        ("もとの計画", &before),
        ("次の計画", &after),
    ] {
        if let Some(other) = other {
            facts.push((term, link(other)));
        }
    }
    if !p.note.is_empty() {
        facts.push(("経過・備考", lines(&p.note)));
    }
    facts.push((
        "最後に直した人",
        html! { (by(&ctx, &names, saved.saved_by, saved.saved_at)) },
    ));
    let at = format!("/roadmaps/{id}");
    let open = p.state != PlanState::Ended;
    let body = html! {
        (trail(&[]))
        (card("この計画", html! {
            (definition_list(&facts))
            (submit_row(html! {
                @if plans && open { (link_button(ButtonKind::Primary, &format!("{at}/measures"), "施策を書く")) }
                @if plans { (link_button(ButtonKind::Secondary, &format!("{at}/edit"), "計画を直す")) }
                @if plans { (link_button(ButtonKind::Secondary, &format!("{at}/next"), "この計画から次の計画を作る")) }
                (link_button(ButtonKind::Secondary, &format!("{at}/print.pdf"), "工程表を印刷する"))
                (link_button(ButtonKind::Secondary, &format!("{at}/roadmap.xlsx"), "Excelで受け取る"))
                (link_button(ButtonKind::Quiet, &format!("{at}/history"), "変更の履歴"))
            }))
        }))
        h2 id="roadmap" { "工程表" }
        (board(&ctx, &whole, &asked, &bodies))
        h2 id="choices" { "選択肢と選んだ理由" }
        @if whole.choices.is_empty() { (empty_state("選択肢の検討は、まだありません。", html! { "案をくらべて決めたときに、案と理由を残します。" })) }
        @else { (choices(&whole, plans && open)) }
        @if plans && open { p { (link_button(ButtonKind::Secondary, &format!("{at}/choices"), "選択肢を書く")) } }
    };
    Ok(page(&ctx.frame(), &p.name, body))
}

fn board(ctx: &Ctx, whole: &Whole, asked: &Asked, bodies: &Bodies) -> Markup {
    let by = match asked.get("by").map(String::as_str) {
        Some("calendar") => By::Calendar,
        _ => By::Fiscal,
    };
    let at = format!("/roadmaps/{}", whole.plan.kept.id);
    let code = if by == By::Fiscal {
        "fiscal"
    } else {
        "calendar"
    };
    let all = roadmap::columns(&whole.plan.kept.is, by);
    let from = asked.get("from").and_then(|n| n.parse().ok());
    let (from, shown) = roadmap::window(&all, from, ctx.today());
    let page_of = |from: usize| format!("{at}?by={code}&from={from}#roadmap");
    let tab = |label: &str, code: &str, this: By| Tab {
        href: format!("{at}?by={code}#roadmap"),
        label: label.into(),
        active: this == by,
        count: None,
    };
    if whole.measures.is_empty() {
        return empty_state(
            "施策は、まだありません。",
            html! { "計画の施策を書くと、年度ごとの工程を置けます。" },
        );
    }
    let labels: Vec<String> = shown.iter().map(|c| c.label()).collect();
    let headers: Vec<&str> = std::iter::once("施策・取組")
        .chain(labels.iter().map(String::as_str))
        .collect();
    let rows: Vec<Vec<Markup>> = whole
        .measures
        .iter()
        .map(|m| {
            std::iter::once(head(m, bodies))
                .chain(shown.iter().map(|c| cell(&roadmap::cell(m, *c), *c)))
                .collect()
        })
        .collect();
    html! {
        (tabs("年の数え方", &[tab("年度で見る", "fiscal", By::Fiscal), tab("暦年で見る", "calendar", By::Calendar)]))
        @if by == By::Calendar { p.hint { "暦年では、工程を期日（書かれていなければ年度末の3月31日）のある年に置きます。実行度は年度の評価なので、「年度で見る」にあります。" } }
        @if shown.len() < all.len() {
            p {
                @if from > 0 { a href=(page_of(from.saturating_sub(roadmap::BESIDE))) { "前の年" } "　" }
                @if from + shown.len() < all.len() { a href=(page_of(from + roadmap::BESIDE)) { "後の年" } }
            }
        }
        (list_table(&headers, &rows, "工程表"))
    }
}

fn head(m: &KeptMeasure, bodies: &Bodies) -> Markup {
    let is = &m.kept.is;
    html! {
        @if !is.heading.is_empty() { span.excerpt { (is.heading) } }
        a href={ "/roadmaps/measures/" (m.kept.id) } { (short(&is.title())) }
        @if !is.dropped.is_empty() { " " (tag(TagKind::Neutral, "取りやめ")) }
        @if m.unchanged() { " " (tag(TagKind::Neutral, "前の計画のまま")) }
        @if let Some(body) = is.body { span.excerpt { (bodies.of(body)) " " (is.responsible) } }
        @else if !is.responsible.is_empty() { span.excerpt { (is.responsible) } }
    }
}

fn cell(c: &Cell, column: Column) -> Markup {
    if c.milestones.is_empty() && c.late.is_empty() && c.rating.is_none() {
        return html! { "―" };
    }
    html! {
        div {
            @for m in &c.milestones { (stone(m, column)) }
            @for m in &c.late { p { (tag(TagKind::Waiting, "延期分")) " " (lines(&m.text)) span.excerpt { (m.year) "から" } } }
            @if let Some(r) = c.rating { p { (degree_tag(r.degree)) } }
        }
    }
}

fn stone(m: &Milestone, column: Column) -> Markup {
    let with_day = m.due_on.is_some() || matches!(column, Column::Calendar(_));
    html! {
        p {
            (milestone_tag(m.state)) " " (lines(&m.text))
            @if with_day { span.excerpt { (roadmap::due(m)) "まで" } }
            @if let Some(to) = m.to_year { span.excerpt { (to) "へ延期" } }
            @if !m.reason.is_empty() { span.excerpt { "理由: " (m.reason) } }
        }
    }
}

fn choices(whole: &Whole, plans: bool) -> Markup {
    let rows: Vec<Vec<Markup>> = whole
        .choices
        .iter()
        .map(|c| {
            let about = c.is.measure.and_then(|id| whole.measures.iter().find(|m| m.kept.id == id));
            vec![
                html! {
                    @if plans { a href={ "/roadmaps/choices/" (c.id) } { (short(&c.is.question)) } } @else { (lines(&c.is.question)) }
                    @if let Some(m) = about { span.excerpt { (short(&m.kept.is.title())) } }
                },
                options(c),
                or_dash(&c.is.why),
            ]
        })
        .collect();
    list_table(
        &["決めること", "案", "選んだ理由"],
        &rows,
        "選択肢と選んだ理由",
    )
}

/// The options, with a mark on the chosen one.
pub(super) fn options(c: &Kept<ChoiceId, Choice>) -> Markup {
    html! {
        ol {
            @for (place, text) in (1..).zip(&c.is.options) {
                li { (lines(text)) @if c.is.chosen == Some(place) { " " (tag(TagKind::Done, "選んだ案")) } }
            }
        }
        @if c.is.chosen.is_none() { p { (tag(TagKind::Waiting, "まだ決めていない")) } }
    }
}
