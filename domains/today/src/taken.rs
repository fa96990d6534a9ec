//! Cases that changed hands (April, a posting that ended, another lead) and wait for their successor's
//! 「引き継ぎました」: on the successor's page one by one, on the supervisor's as a number that opens.

use engawa_cases::Takeover;
use engawa_kernel::{access::Duty, context::Ctx, db::Conn, error::Result, text::wareki};
use maud::{Markup, html};

/// Cases of which lines are shown; the rest is a link away.
const SHOWN: usize = 10;

/// What waits for the actor.
pub fn waiting(ctx: &Ctx, cases: &[Takeover]) -> Markup {
    html! {
        @if !cases.is_empty() {
            h3 { "引き継いだケースの確認（" (cases.len()) "件）" }
            ul { @for t in cases.iter().take(SHOWN) { li {
                a href={ "/cases/" (t.room) "/takeover" } { (t.number) " " (t.label) }
                " " (wareki::format_short(t.handed_on, ctx.calendar)) "から　やること" (t.tasks) "件"
            } } }
            @if cases.len() > SHOWN { p { a href="/cases/takeovers" { "引き継ぎの確認の一覧へ" } } }
        }
    }
}

/// How many cases successors at the actor's desks have not confirmed yet.
pub async fn others_unconfirmed(conn: &mut Conn, ctx: &Ctx) -> Result<usize> {
    if !ctx.actor.may(Duty::Reassign) && !ctx.actor.may(Duty::ManageStaff) {
        return Ok(0);
    }
    let all = engawa_cases::takeovers_of_desks(conn, ctx).await?;
    let mine = |t: &Takeover| ctx.actor.postings.iter().any(|p| p.id == t.to);
    Ok(all.iter().filter(|t| !mine(t)).count())
}
