//! A report as a table with its chart and its rules. Each number leads to its records.

use engawa_kernel::components::{details, empty_state};
use maud::{Markup, html};

use super::{asked::Asked, chart};
use crate::{
    model::{Dim, Key, UNKNOWN},
    report::{Report, Shown},
    words::{self, Words},
};

/// The whole of it.
pub fn view(report: &Report, words: &Words, asked: &Asked) -> Markup {
    let q = &report.question;
    let title = title(report);
    if report.rows.is_empty() && q.rows.is_some() {
        return html! {
            (empty_state("この期間と条件では、まだ記録がありません。", html! { p { "期間を広げるか、条件を減らしてみてください。" } }))
            (super::counted_at(report.counted_at))
            (rules(report, words))
        };
    }
    let bars: Vec<(String, Shown)> = report
        .rows
        .iter()
        .zip(&report.cells)
        .map(|((_, label), row)| (label.clone(), row.last().copied().flatten()))
        .collect();
    html! {
        (super::counted_at(report.counted_at))
        (rules(report, words))
        div.table-box role="region" tabindex="0" aria-label=(title) {
            table.table.figures {
                caption { (title) }
                thead { tr {
                    th scope="col" { (q.rows.map_or("区分", |d| words::dim_label(q.source, d))) }
                    @for (_, label) in &report.columns { th scope="col" { (label) } }
                    th scope="col" { "計" }
                    @if report.before.is_some() { th scope="col" { "前年同期" } th scope="col" { "差" } }
                } }
                tbody {
                    @for (n, row) in report.cells.iter().enumerate() {
                        @let key = report.rows.get(n);
                        tr {
                            th scope="row" { (key.map_or("計", |(_, label)| label.as_str())) }
                            @for (c, number) in row.iter().enumerate() {
                                td { (cell(*number, &href(report, asked, key.map(|k| &k.0), report.columns.get(c).map(|k| &k.0)))) }
                            }
                            @if let Some(before) = &report.before {
                                @let last = before.get(n).copied().flatten();
                                td { (shown(last)) }
                                td { (difference(row.last().copied().flatten(), last)) }
                            }
                        }
                    }
                }
            }
        }
        (chart::bars(&title, q.unit.counter(), &bars))
    }
}

/// 相談受付の件数（延べ）　令和8年4月1日から…
pub fn title(report: &Report) -> String {
    let q = &report.question;
    format!(
        "{}の{}　{}",
        q.source.label,
        q.unit.label(),
        words::period(q.period)
    )
}

/// The rules by which this was counted, as sentences.
pub fn sentences(report: &Report, words: &Words) -> Vec<String> {
    let q = &report.question;
    let mut said = vec![q.unit.rule().to_owned(), q.source.rule.to_owned()];
    for dim in [q.rows, q.columns].into_iter().flatten() {
        said.extend(dim.rule().map(str::to_owned));
    }
    for dim in Dim::ALL {
        let wanted = q.filter.of(dim);
        if !wanted.is_empty() {
            let names: Vec<String> = wanted
                .iter()
                .map(|w| words.of_code(q.source, dim, w))
                .collect();
            said.push(format!(
                "条件：{}が「{}」のもの。",
                words::dim_label(q.source, dim),
                names.join("・")
            ));
        }
    }
    for mark in q.filter.marks.iter().filter_map(|m| q.source.mark(m)) {
        said.push(format!("条件：{}。", mark.label));
    }
    said
}

fn rules(report: &Report, words: &Words) -> Markup {
    details(
        "数え方",
        html! { ul { @for s in sentences(report, words) { li { (s) } } } },
    )
}

fn cell(number: Shown, href: &str) -> Markup {
    match number {
        Some(0) => html! { "0" },
        Some(n) => html! { a href=(href) { (words::number(n)) } },
        None => shown(None),
    }
}

fn shown(number: Shown) -> Markup {
    match number {
        Some(n) => html! { (words::number(n)) },
        None => html! { span.hint { "非公表" } },
    }
}

fn difference(now: Shown, last: Shown) -> Markup {
    match (now, last) {
        (Some(now), Some(last)) => {
            html! { @if now > last { "+" } (words::number(now - last)) }
        }
        _ => html! { "—" },
    }
}

/// The records behind a cell: the question with the cell as a further condition.
fn href(report: &Report, asked: &Asked, row: Option<&Key>, column: Option<&Key>) -> String {
    let q = &report.question;
    let mut asked = asked
        .clone()
        .with("rows", "")
        .with("columns", "")
        .with("compare", "");
    for (dim, key) in [(q.rows, row), (q.columns, column)] {
        let (Some(dim), Some(key)) = (dim, key) else {
            continue;
        };
        if dim == Dim::Time {
            let slots = q.period.slots();
            let slot = match key {
                Key::Slot(n) => usize::try_from(n - 1).ok().and_then(|n| slots.get(n)),
                _ => None,
            };
            if let Some(p) = slot {
                asked = asked
                    .with("from", &p.from.to_string())
                    .with("to", &p.to.to_string());
            }
        } else {
            let code = match key {
                Key::Unknown => UNKNOWN.to_owned(),
                other => other.code(),
            };
            asked = asked.with(dim.as_code(), &code);
        }
    }
    format!("/statistics/records?{}", asked.query())
}
