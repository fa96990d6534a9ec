//! A bar chart as SVG, without scripts and styles. The table beside it says the same, and the chart
//! says it in words for those who cannot see it.

use maud::{Markup, html};

use crate::{report::Shown, words};

const LABEL: i64 = 190;
const BAR: i64 = 420;
const LINE: i64 = 28;
/// Bars in one chart; more can only be read in the table.
const MOST: usize = 24;

/// Bars for the first rows; hidden numbers have none.
pub fn bars(title: &str, unit: &str, rows: &[(String, Shown)]) -> Markup {
    let shown = &rows[..rows.len().min(MOST)];
    let most = shown.iter().filter_map(|(_, n)| *n).max().unwrap_or(0);
    if shown.len() < 2 || most <= 0 {
        return html! {};
    }
    let height = LINE * i64::try_from(shown.len()).unwrap_or(0) + 8;
    let said = shown
        .iter()
        .map(|(label, n)| match n {
            Some(n) => format!("{label} {}{unit}", words::number(*n)),
            None => format!("{label} 非公表"),
        })
        .collect::<Vec<_>>()
        .join("、");
    html! {
        figure.chart {
            div.chart-box role="region" tabindex="0" aria-label={ (title) "の図" } {
            svg viewBox={ "0 0 " (LABEL + BAR + 90) " " (height) } role="img" aria-label={ (title) "の棒グラフ。" (said) } {
                @for (n, (label, value)) in (0_i64..).zip(shown) {
                    @let y = n * LINE + 4;
                    text.chart-label x=(LABEL - 8) y=(y + 16) text-anchor="end" { (short(label)) }
                    @match value {
                        Some(value) => {
                            rect.chart-bar x=(LABEL) y=(y) width=((value * BAR / most).max(i64::from(*value > 0))) height="20" {}
                            text.chart-value x=(LABEL + value * BAR / most + 6) y=(y + 16) { (words::number(*value)) }
                        }
                        None => text.chart-value x=(LABEL + 6) y=(y + 16) { "非公表" }
                    }
                }
            }
            }
            figcaption { (title) "（" (unit) "）" @if rows.len() > MOST { "　はじめの" (MOST) "行。すべては表にあります。" } }
        }
    }
}

fn short(label: &str) -> String {
    const CHARS: usize = 13;
    if label.chars().count() <= CHARS {
        return label.to_owned();
    }
    label.chars().take(CHARS - 1).chain(['…']).collect()
}
