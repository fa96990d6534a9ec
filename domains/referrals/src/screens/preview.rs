//! What the receiver will read, and who and what is left out, with the reasons.

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

/// The box above the form.
pub fn view(ground: &Ground, composed: &Composed, shown: Shown) -> Markup {
    let sheet = html! {
        p.hint { "相手が読むのは、下の内容だけです。「渡せる理由」は相手には見えません。" }
        (parts::snapshot(&composed.lines, true))
    };
    let left_out = html! {
        @if !composed.left_out.is_empty() {
            (card("載らない人（相手には名前も見えません）", html! {
                ul { @for out in &composed.left_out { li {
                    (out.name) "：" (out.why)
                    @if out.by_consent { " " (consent_link(ground.source, out.person)) }
                } } }
                p.hint { "同意を記録する間、書いた内容は下書きに残ります。戻ったら続きから送れます。" }
            }))
        }
    };
    html! {
        @for problem in &composed.problems {
            (notice(NoticeKind::Danger, "このままでは送れません", html! { p { (problem) } }))
        }
        @for remark in &composed.remarks {
            (notice(NoticeKind::Info, "", html! { p { (remark) } }))
        }
        @if shown == Shown::Asked {
            @if composed.must_check {
                (notice(NoticeKind::Warn, "送る前に、文章を確かめてください", html! { p { (composed.clearance.refusal()) } }))
            }
            (card("相手に見える内容", sheet))
            (left_out)
        } @else {
            (left_out)
            (details("相手に見える内容", sheet))
        }
    }
}
