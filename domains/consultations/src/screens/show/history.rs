//! 経過: what happened to the record, newest first; corrected decisions and old texts stay.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    components::{TagKind, TimelineItem, details, tag, timeline, timeline_item},
    context::Ctx,
    text::wareki,
};
use maud::{Markup, html};

use super::{Shown, parts::text};
use crate::{
    model::Decision,
    screens::words::{machine, when},
    store::EDITABLE,
};

/// The timeline of one consultation.
pub(in crate::screens) fn view(ctx: &Ctx, s: &Shown) -> Markup {
    let d = &s.detail;
    let mut items: Vec<(DateTime<Utc>, Markup)> = Vec::new();
    let mut add = |at: DateTime<Utc>, kind: &str, by: &str, marks: Markup, body: Markup| {
        let item = timeline_item(TimelineItem {
            when: &when(ctx, at),
            datetime: &machine(at),
            kind,
            by,
            marks,
            body,
        });
        items.push((at, item));
    };
    let receiver = d.card.received_by.map_or("", |by| s.names.staff(by));
    add(d.card.received_at, "受付", receiver, html! {}, html! {});
    for x in &d.decisions {
        let mark = if x.superseded_at.is_some() {
            tag(TagKind::Neutral, "訂正前")
        } else if x.corrects.is_some() {
            tag(TagKind::Waiting, "訂正")
        } else {
            html! {}
        };
        let body = decision(ctx, s, x);
        let body = if x.superseded_at.is_some() {
            html! { del { (body) } }
        } else {
            body
        };
        add(
            x.decided_at,
            x.state.label(),
            s.names.staff(x.decided_by),
            mark,
            body,
        );
    }
    for m in &d.moves {
        let body = html! {
            p {
                @if m.from_desk == m.to_desk { "担当を決めました: " }
                @else { (s.names.desk(m.from_desk)) " から " (s.names.desk(m.to_desk)) " へ渡しました: " }
                @if let Some(p) = m.to_posting { (s.names.posting(p)) } @else { "窓口あて" }
            }
            (text(&m.note))
        };
        add(m.at, "担当", s.names.staff(m.by), html! {}, body);
    }
    for r in &d.revisions {
        let old = html! {
            @for (field, was) in &r.old {
                @let label = EDITABLE.iter().find(|e| e.0 == field).map_or("", |e| e.1);
                p { strong { (label) } }
                del { @if was.is_empty() { "(空欄)" } @else { (text(was)) } }
            }
        };
        add(
            r.at,
            "記録の訂正",
            s.names.staff(r.by),
            html! {},
            details("訂正前の文", old),
        );
    }
    if let Some(at) = d.turn.first_contact_at {
        add(at, "本人との最初の接触", "", html! {}, html! {});
    }
    items.sort_by_key(|i| std::cmp::Reverse(i.0));
    timeline(&items.into_iter().map(|i| i.1).collect::<Vec<_>>())
}

fn decision(ctx: &Ctx, s: &Shown, x: &Decision) -> Markup {
    html! {
        p { "判断した日: " (wareki::format_date(x.decided_on, ctx.calendar)) }
        @if !x.correction_reason.is_empty() { p { "訂正の理由: " (x.correction_reason) } }
        @if let Some(c) = &x.closure { p { "理由: " (s.words.closure(c)) } }
        @if !x.accepted_body.is_empty() { p { "受けた機関: " (x.accepted_body) " " (x.accepted_by) } }
        (text(&x.text))
        @if let Some(day) = x.review_on { p { "次に確かめる日: " (wareki::format_date(day, ctx.calendar)) } }
        @if let Some(case) = x.case { p { a href={ "/cases/" (case) } { "ケースを開く" } } }
    }
}
