//! 前年度の目標と実績 as a table below a goal box.

use engawa_kernel::{
    components::lines, components::list_table, context::Ctx, text::wareki::format_date,
};
use maud::{Markup, html};

use crate::{
    form::Field,
    results::{Line, Results},
};

/// The table of one goal box; nothing where there was no goal.
pub fn of(ctx: &Ctx, results: Option<&Results>, field: Field) -> Markup {
    let Some(results) = results else {
        return html! {};
    };
    let rows: Vec<Vec<Markup>> = results.of(field).map(row).collect();
    let (year, until) = (
        results.year_label(),
        format_date(results.until, ctx.calendar),
    );
    html! {
        @if !rows.is_empty() {
            (list_table(&["目標", "目標の値", "実績", "評価と根拠", "今度の目標の値"], &rows, &format!("{}：{year}の目標と実績（実績は{until}まで）", field.label())))
        }
    }
}

fn row(line: &Line) -> Vec<Markup> {
    let or = |text: &str| html! { @if text.is_empty() { "―" } @else { (text) } };
    vec![
        lines(&line.goal),
        or(&line.target),
        html! {
            @if line.actual.is_empty() { "数えない" } @else { (line.actual) }
            @if !line.standing.is_empty() { " " span.hint { "（" (line.standing) "）" } }
            @if !line.rule.is_empty() { p.hint { (line.rule) } }
        },
        html! {
            @if line.rating.is_empty() && line.evidence.is_empty() { "―" }
            @if !line.rating.is_empty() { (line.rating) }
            @if !line.evidence.is_empty() { p { (lines(&line.evidence)) } }
        },
        or(&line.next),
    ]
}
