//! 次の計画: made from one whose years are rated, so that ratings and open milestones seed it.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::Tx,
    error::Result,
};
use serde_json::json;

use super::{measure, plan};
use crate::{
    model::{Plan, PlanId, Whole},
    rules,
};

/// Makes the next plan: measures that were not given up come with their text, what they rest on and
/// their indicators; ratings and open milestones come as notes.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`]; the database refuses.
pub async fn make(tx: &mut Tx, ctx: &Ctx, old: &Whole, new: &Plan) -> Result<PlanId> {
    let from = old.plan.kept.id;
    let id = plan::add(tx, ctx, new, Some(from)).await?;
    let mut taken = 0;
    for m in old.measures.iter().filter(|m| rules::goes_on(&m.kept.is)) {
        let known = Some(m.kept.id);
        measure::insert(tx, ctx, id, &m.kept.is, known, &rules::carried(m)).await?;
        taken += 1;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.next").detail(json!({ "from": from, "plan": id, "measures": taken })),
    )
    .await?;
    Ok(id)
}
