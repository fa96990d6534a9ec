//! The chains of all areas as SVG, without scripts and styles. The table below says the same, and the
//! picture says it in words for those who cannot see it.

use maud::{Markup, html};

use crate::ladder::{Step, chain::Verdict, count::Rung};

const LABEL: i64 = 170;
const APART: i64 = 130;
const LINE: i64 = 34;
const HEAD: i64 = 26;
const RADIUS: i64 = 10;
/// Areas in one picture; more can only be read in the table.
const MOST: usize = 30;

/// The picture.
pub fn chains(rungs: &[Rung]) -> Markup {
    let shown = &rungs[..rungs.len().min(MOST)];
    if shown.is_empty() {
        return html! {};
    }
    let height = HEAD + LINE * i64::try_from(shown.len()).unwrap_or(0) + 4;
    let said = shown
        .iter()
        .map(|r| match r.breaks_at() {
            Some(step) => format!("{}は「{}」で切れています", r.name, step.label()),
            None => format!("{}は切れているところが見つかりません", r.name),
        })
        .collect::<Vec<_>>()
        .join("。");
    html! {
        figure.chart {
            div.chart-box role="region" tabindex="0" aria-label="圏域ごとの4段階の図" {
            svg viewBox={ "0 0 " (LABEL + APART * 4) " " (height) } role="img" aria-label={ "圏域ごとの4段階のつながり。" (said) "。" } {
                @for (n, step) in (0_i64..).zip(Step::ALL) {
                    text.chart-label x=(x(n)) y="16" text-anchor="middle" { (step.label()) }
                }
                @for (n, rung) in (0_i64..).zip(shown) { (row(n, rung)) }
            }
            }
            figcaption {
                "● ある　◐ 一部　○ ない　？ わからない（まだ記録がないものを含む）　× つながりが切れているところ"
                @if rungs.len() > MOST { "　はじめの" (MOST) "圏域。すべては表にあります。" }
            }
        }
    }
}

const fn x(n: i64) -> i64 {
    LABEL + APART * n + APART / 2
}

fn row(n: i64, rung: &Rung) -> Markup {
    let y = HEAD + LINE * n + LINE / 2;
    let at = rung.breaks_at();
    html! {
        text.chart-label x=(LABEL - 8) y=(y + 5) text-anchor="end" { (short(&rung.name)) }
        @for (place, (step, verdict)) in (0_i64..).zip(Step::ALL.into_iter().zip(rung.verdicts())) {
            @if place > 0 && at == Some(step) {
                text.chart-label x=(x(place) - APART / 2) y=(y + 5) text-anchor="middle" { "×" }
            } @else if place > 0 {
                line x1=(x(place - 1) + RADIUS + 6) y1=(y) x2=(x(place) - RADIUS - 6) y2=(y) stroke="currentColor" stroke-width="2" {}
            }
            (mark(x(place), y, verdict))
        }
    }
}

fn mark(x: i64, y: i64, verdict: Verdict) -> Markup {
    html! {
        @match verdict {
            Verdict::Stands => circle.chart-bar cx=(x) cy=(y) r=(RADIUS) {},
            Verdict::Partly => {
                circle cx=(x) cy=(y) r=(RADIUS) fill="none" stroke="currentColor" stroke-width="2" {}
                path.chart-bar d={ "M" (x) " " (y - RADIUS) " A" (RADIUS) " " (RADIUS) " 0 0 0 " (x) " " (y + RADIUS) " Z" } {}
            }
            Verdict::Missing => circle cx=(x) cy=(y) r=(RADIUS) fill="none" stroke="currentColor" stroke-width="2" {},
            Verdict::Unknown => text.chart-label x=(x) y=(y + 5) text-anchor="middle" { "？" },
        }
    }
}

fn short(label: &str) -> String {
    const CHARS: usize = 11;
    if label.chars().count() <= CHARS {
        return label.to_owned();
    }
    label.chars().take(CHARS - 1).chain(['…']).collect()
}
