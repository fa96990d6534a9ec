//! The parts of a case page: columns, cards and the timeline.

use maud::{Markup, html};

/// A box with a heading.
pub fn card(title: &str, body: Markup) -> Markup {
    html! { section.card { h2.card-title { (title) } div.card-body { (body) } } }
}

/// Main part and a narrower side part; one under the other on a phone.
pub fn two_columns(main: Markup, side: Markup) -> Markup {
    html! { div.columns.columns-two { div.column-main { (main) } div.column-side { (side) } } }
}

/// As [`two_columns`], with what is to be done next on top of the narrower part: on a phone it comes
/// before the main part, since the acts would otherwise lie below everything that is only read.
pub fn acts_and_two_columns(main: Markup, acts: Markup, side: Markup) -> Markup {
    html! {
        div.columns.columns-acts {
            div.column-acts { (acts) }
            div.column-main { (main) }
            div.column-side { (side) }
        }
    }
}

/// Three equal parts; one under the other on a phone.
pub fn three_columns(first: Markup, second: Markup, third: Markup) -> Markup {
    html! {
        div.columns.columns-three { div { (first) } div { (second) } div { (third) } }
    }
}

/// The case page: household at the left, timeline in the middle, team, plan and tasks at the
/// right. On a phone they follow each other in this order, with links between them on top.
pub fn case_layout(household: Markup, timeline: Markup, team: Markup) -> Markup {
    html! {
        nav.case-jump aria-label="このページの中" {
            a href="#case-household" { "世帯" }
            a href="#case-timeline" { "支援経過" }
            a href="#case-team" { "体制とやること" }
        }
        div.case {
            section.case-household #case-household tabindex="-1" aria-label="世帯" { (household) }
            section.case-timeline #case-timeline tabindex="-1" aria-label="支援経過" { (timeline) }
            section.case-team #case-team tabindex="-1" aria-label="体制とやること" { (team) }
        }
    }
}

/// One entry of a timeline.
#[derive(Debug, Clone)]
pub struct TimelineItem<'a> {
    /// As shown: 「令和8年4月1日 14:00」.
    pub when: &'a str,
    /// For machines: `2026-04-01` or `2026-04-01T14:00`. Empty when unknown.
    pub datetime: &'a str,
    /// What kind of entry: 訪問, 電話, つなぐシート.
    pub kind: &'a str,
    /// Who wrote it, with the place.
    pub by: &'a str,
    /// Marks shown beside the kind.
    pub marks: Markup,
    /// The text.
    pub body: Markup,
}

/// One entry of a timeline, to be put into [`timeline`].
pub fn timeline_item(item: TimelineItem) -> Markup {
    html! {
        li.timeline-item {
            article {
                p.timeline-head {
                    @if item.datetime.is_empty() { span.timeline-when { (item.when) } }
                    @else { time.timeline-when datetime=(item.datetime) { (item.when) } }
                    " " span.timeline-kind { (item.kind) }
                    " " (item.marks)
                    " " span.timeline-by { (item.by) }
                }
                div.timeline-body { (item.body) }
            }
        }
    }
}

/// Entries in the order given, newest first by custom.
pub fn timeline(items: &[Markup]) -> Markup {
    html! { ol.timeline { @for item in items { (item) } } }
}
