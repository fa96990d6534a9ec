//! Reasons that were written down in the course of a case, for whoever takes it over: why it is a
//! gap, why somebody left the team, why it was closed and opened again.

use engawa_kernel::{access::RoomKey, context::Ctx, db::Conn, error::Result};
use engawa_organisations::codes::{CodeList, Labels};

use super::parts::{self, Names, People};
use crate::{
    model::{CaseCard, Member},
    store,
};

/// Code lists that [`all`] words its lines with.
pub const LISTS: [CodeList; 2] = [CodeList::Issue, CodeList::ClosureReason];

/// All of them, a line each.
pub async fn all(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    head: &CaseCard,
    (team, names, people): (&[Member], &Names, &People),
    labels: &Labels,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if !head.gap_note.is_empty() {
        lines.push(format!("制度の狭間: {}", head.gap_note));
    }
    for issue in store::issue::all(conn, key).await? {
        if !issue.note.is_empty() {
            let label = labels.label(CodeList::Issue, &issue.code);
            lines.push(format!("課題「{label}」: {}", issue.note));
        }
    }
    for m in team.iter().filter(|m| !m.end_reason.is_empty()) {
        let (who, on) = (names.member(m, people), m.until_on.unwrap_or(m.from_on));
        lines.push(format!(
            "{} {who}がチームを離れた理由: {}",
            parts::short(ctx, on),
            m.end_reason
        ));
    }
    for c in store::closure::all(conn, key).await? {
        let why = labels.label(CodeList::ClosureReason, &c.reason);
        let mut line = format!(
            "{} 終結: {why}。{}",
            parts::short(ctx, c.closed_on),
            c.changes
        );
        if !c.no_check_reason.is_empty() {
            line.push_str(&format!(" 次の確認をしない理由: {}", c.no_check_reason));
        }
        if !c.reopened_reason.is_empty() {
            line.push_str(&format!(" 再開の理由: {}", c.reopened_reason));
        }
        lines.push(line);
    }
    Ok(lines)
}
