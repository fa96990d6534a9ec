//! Decisions without I/O: who plans, who reads a contract, which state follows which, who checks a
//! claim.

use engawa_kernel::{
    access::Duty,
    context::Ctx,
    error::{Error, Result},
    id::{BodyId, StaffId},
};

use crate::{
    contract::{ClaimState, Contract},
    model::{Answer, Source, State},
};

/// Whether the actor writes: who plans the municipality's programmes (as in `programmes`).
#[must_use]
pub fn plans(ctx: &Ctx) -> bool {
    ctx.actor.may(Duty::Plan)
}

/// Stops everybody else.
///
/// # Errors
/// [`Error::Forbidden`]
pub fn need_planner(ctx: &Ctx) -> Result<()> {
    if plans(ctx) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "財源と契約を書けるのは、システム管理者と相談支援包括化推進員（事務局）だけです。書くことがあるときは、そのどちらかに伝えてください。"
            .into(),
    ))
}

/// The bodies whose contracts the actor reads: where they are posted today, unless they only hand
/// slips in.
#[must_use]
pub fn own_bodies(ctx: &Ctx) -> Vec<BodyId> {
    ctx.actor
        .postings
        .iter()
        .filter(|p| p.role.may(Duty::ReadFigures))
        .map(|p| p.body)
        .collect()
}

/// Whether the actor reads this contract: planners all, others those of their own body. Nobody reads
/// the amounts of another contractor.
#[must_use]
pub fn reads(ctx: &Ctx, contract: &Contract) -> bool {
    let own = own_bodies(ctx);
    plans(ctx) || contract.parties.iter().any(|p| own.contains(&p.body))
}

/// Whether a source may go from one state to another (the same is no step). What was secured can be
/// lost again, what was dropped can be thought of again.
#[must_use]
pub const fn may_follow(from: State, to: State) -> bool {
    use State as S;
    match (from, to) {
        (S::Considering, _) => true,
        (S::Applied, _) => true,
        (S::Secured, S::Secured | S::Applied | S::Dropped) => true,
        (S::Secured, S::Considering) => false,
        (S::Dropped, S::Dropped | S::Considering | S::Applied) => true,
        (S::Dropped, S::Secured) => false,
    }
}

/// Whether a source may be saved over what stands there.
///
/// # Errors
/// [`Error::Invalid`] with the sentence beside 状態.
pub fn step(before: Option<State>, new: &Source) -> Result<()> {
    if let Some(before) = before
        && !may_follow(before, new.state)
    {
        return Err(Error::Invalid(format!(
            "「{}」から「{}」には変えられません。「申請中」を選んで保存してから、変えてください。",
            before.label(),
            new.state.label()
        )));
    }
    if new.received_on.is_some() && new.state != State::Secured {
        return Err(Error::Invalid(
            "入金日を書けるのは、状態が「確保」のときだけです。状態を「確保」にするか、入金日を消してください。".into(),
        ));
    }
    Ok(())
}

/// Whether this may be said of a year with so many living sources.
///
/// # Errors
/// [`Error::Invalid`]
pub fn answer(answer: Answer, living: usize) -> Result<()> {
    if living > 0 && answer != Answer::Unsaid {
        return Err(Error::Invalid(format!(
            "この年度には財源が{living}件あるため、「{}」とは書けません。財源を「見送り」にしてから書いてください。",
            answer.label()
        )));
    }
    Ok(())
}

/// Whether this actor may decide on a claim: somebody else than who entered it, once.
///
/// # Errors
/// The sentence that says why not.
pub fn check(state: ClaimState, entered_by: StaffId, actor: StaffId) -> Result<()> {
    match (state, entered_by == actor) {
        (ClaimState::Waiting, false) => Ok(()),
        (ClaimState::Waiting, true) => Err(Error::Forbidden(
            "自分が入力した請求は、自分では確認できません。ほかの推進員かシステム管理者に確認を頼んでください。".into(),
        )),
        (ClaimState::Checked | ClaimState::Returned, _) => Err(Error::Invalid(
            "この請求は、もう確認されています。契約のページを開き直してください。".into(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use engawa_kernel::text::fiscal::FiscalYear;

    use super::*;
    use crate::model::{Cost, Kind};

    fn source(state: State) -> Source {
        Source {
            year: FiscalYear::try_from(2026).unwrap(),
            kind: Kind::CommunityChest,
            name: String::new(),
            cost: Cost::Running,
            state,
            amount: None,
            received_on: None,
            report: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn a_source_goes_from_considering_to_secured_and_never_silently_back() {
        use State as S;
        let from = |a, b| step(Some(a), &source(b)).is_ok();
        assert!(from(S::Considering, S::Applied) && from(S::Applied, S::Secured));
        assert!(from(S::Considering, S::Secured) && from(S::Applied, S::Dropped));
        assert!(from(S::Secured, S::Dropped) && from(S::Dropped, S::Considering));
        assert!(!from(S::Secured, S::Considering) && !from(S::Dropped, S::Secured));
        for state in S::ALL {
            assert!(may_follow(state, state));
        }
    }

    #[test]
    fn only_what_is_secured_was_paid() {
        let mut paid = source(State::Applied);
        paid.received_on = Some(FiscalYear::try_from(2026).unwrap().first_day());
        assert!(step(None, &paid).is_err());
        paid.state = State::Secured;
        assert!(step(None, &paid).is_ok());
    }

    #[test]
    fn who_entered_a_claim_does_not_check_it() {
        let (one, two) = (StaffId::new(), StaffId::new());
        assert!(check(ClaimState::Waiting, one, one).is_err());
        assert!(check(ClaimState::Waiting, one, two).is_ok());
        assert!(check(ClaimState::Checked, one, two).is_err());
    }

    #[test]
    fn nothing_is_not_said_beside_a_source() {
        assert!(answer(Answer::Nothing, 1).is_err());
        assert!(answer(Answer::Nothing, 0).is_ok());
        assert!(answer(Answer::Unsaid, 3).is_ok());
    }
}
