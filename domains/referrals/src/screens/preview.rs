//! What the receiver will read, and who and what is left out, with the reasons.

use engawa_kernel::components::{NoticeKind, card, notice};
use maud::{Markup, html};

use super::parts;
use crate::compose::Composed;

/// The box above the form.
pub fn view(composed: &Composed) -> Markup {
    html! {
        @for problem in &composed.problems {
            (notice(NoticeKind::Danger, "このままでは送れません", html! { p { (problem) } }))
        }
        @for remark in &composed.remarks {
            (notice(NoticeKind::Info, "", html! { p { (remark) } }))
        }
        (card("相手に見える内容", html! {
            p.hint { "相手が読むのは、下の内容だけです。「渡せる理由」は相手には見えません。" }
            (parts::snapshot(&composed.lines, true))
        }))
        @if !composed.left_out.is_empty() {
            (card("載らない人（相手には名前も見えません）", html! {
                ul { @for out in &composed.left_out { li { (out.name) "：" (out.why) } } }
            }))
        }
    }
}
