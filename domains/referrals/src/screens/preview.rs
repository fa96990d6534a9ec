//! What the receiver will read, and who and what is left out, with the reasons: by the button above
//! the form, and with scripts beside it while one writes (`web/ts/live.ts`).

use engawa_kernel::{
    components::{NoticeKind, card, details, notice},
    form::Form,
    id::{PersonId, RoomId},
};
use maud::{Markup, html};

use super::{form::CHECKED, ground::Ground, parts};
use crate::{compose::Composed, rules::sharing};

/// Why the box is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// 「相手に見える内容を確かめる」 was pressed.
    Asked,
    /// It could not be sent: what is wrong stands on top, the rest is folded away.
    Refused,
}

impl Shown {
    /// By the button.
    pub fn of(wish: &str) -> Self {
        if wish == "preview" {
            Self::Asked
        } else {
            Self::Refused
        }
    }
}

/// Whether a sheet cannot be sent as it is; a box that must be ticked says so at the box.
pub fn refused(form: &mut Form, composed: &Composed) -> bool {
    if composed.must_check && !form.flag(CHECKED) {
        form.error(CHECKED, sharing::CHECK, composed.clearance.refusal());
    }
    form.has_errors() || !composed.problems.is_empty()
}

/// Where this person's consent is written down.
pub fn consent_link(source: RoomId, person: PersonId) -> Markup {
    html! { a href={ "/people/" (person) "/consents/new?room=" (source) } { "同意を記録する" } }
}

/// The button's value when the page asks by itself.
pub const LIVE: &str = "live";

/// Where the live view goes; hidden until a script fills it, since the button does without.
pub fn place(form: Markup) -> Markup {
    html! {
        div.writing {
            details.live-view data-live-view hidden {
                summary { "相手に見える内容（書きながら変わります）" }
                p.live-status role="status" data-live-status {}
                div.live-content data-live-content {}
            }
            (form)
        }
    }
}

/// The answer to a page that asks while one writes: the box alone, with one line for a screen reader.
pub fn live(ground: &Ground, form: &Form, composed: Option<&Composed>) -> Markup {
    let summary = composed.map_or_else(
        || "まだ見られません。".to_owned(),
        |c| summary(c, form.has_errors()),
    );
    html! {
        div data-live-summary=(summary) {
            @if let Some(composed) = composed {
                (card("相手に見える内容", sheet(composed)))
                (left_out(ground, composed))
            }
            @if form.has_errors() {
                (notice(NoticeKind::Info, "送るまでに直すところ", html! {
                    ul { @for error in form.errors() { li { (error.message) } } }
                }))
            }
            @if let Some(composed) = composed { (must_check(composed)) (remarks(composed)) }
        }
    }
}

fn summary(composed: &Composed, unfinished: bool) -> String {
    let ready = match (
        composed.problems.is_empty(),
        unfinished,
        composed.must_check,
    ) {
        (false, ..) => "このままでは送れません。",
        (true, true, _) => "まだ入っていないところがあります。",
        (true, false, true) => "送る前に文章を確かめてください。",
        (true, false, false) => "このまま送れます。",
    };
    format!(
        "載る人{}人、載らない人{}人。{ready}",
        composed.disclosures.len(),
        composed.left_out.len()
    )
}

/// The box above the form, which the live view takes over once there is something newer.
pub fn above(ground: &Ground, composed: &Composed, shown: Shown) -> Markup {
    html! { div.live-was data-live-was { (view(ground, composed, shown)) } }
}

/// What the receiver will read.
fn view(ground: &Ground, composed: &Composed, shown: Shown) -> Markup {
    html! {
        (remarks(composed))
        @if shown == Shown::Asked {
            (must_check(composed))
            (card("相手に見える内容", sheet(composed)))
            (left_out(ground, composed))
        } @else {
            (left_out(ground, composed))
            (details("相手に見える内容", sheet(composed)))
        }
    }
}

fn sheet(composed: &Composed) -> Markup {
    html! {
        p.hint { "相手が読むのは、下の内容だけです。「渡せる理由」は相手には見えません。" }
        (parts::snapshot(&composed.lines, true))
    }
}

fn left_out(ground: &Ground, composed: &Composed) -> Markup {
    html! {
        @if !composed.left_out.is_empty() {
            (card("載らない人（相手には名前も見えません）", html! {
                ul { @for out in &composed.left_out { li {
                    (out.name) "：" (out.why)
                    @if out.by_consent { " " (consent_link(ground.source, out.person)) }
                } } }
                p.hint { "同意を記録する間、書いた内容は下書きに残ります。戻ったら続きから送れます。" }
            }))
        }
    }
}

fn remarks(composed: &Composed) -> Markup {
    html! {
        @for problem in &composed.problems {
            (notice(NoticeKind::Danger, "このままでは送れません", html! { p { (problem) } }))
        }
        @for remark in &composed.remarks {
            (notice(NoticeKind::Info, "", html! { p { (remark) } }))
        }
    }
}

fn must_check(composed: &Composed) -> Markup {
    html! {
        @if composed.must_check {
            (notice(NoticeKind::Warn, "送る前に、文章を確かめてください", html! { p { (composed.clearance.refusal()) } }))
        }
    }
}
