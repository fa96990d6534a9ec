//! 見立 喜八 once more: a third sheet lay at a desk where nobody sat for nine days. Whoever came next
//! found it waiting, took it on and reported; its days without an owner are in the figures.

use engawa_kernel::{context::Ctx, error::Result};
use engawa_referrals::model::{Act, Content, Doing, Outcome, ReferralKind};

use super::teller::{Teller, Told};
use crate::{
    bulk::vacancy::{BODY, CAME, Vacancy},
    sheets::{acting, agree, blank, does, written},
    town::Member,
};

/// Sent while the desk was still staffed.
pub async fn lay_there(t: &Teller<'_>, told: &Told) -> Result<()> {
    let vacancy = Vacancy::new(t.day(-25), t.day(-15));
    let ctx = t.as_kind("worker", 29, 10, 0)?;
    let mut tx = ctx.write().await?;
    vacancy.write(&mut tx, t.town).await?;
    // The town itself is set up outside anybody's acts, as `organisations` of the bulk.
    tx.commit_unaudited().await?;
    agree(&ctx, told.case, &told.people, vacancy.desk).await?;
    let content = Content {
        kind: ReferralKind::HandOver,
        reason: "転居を前に、話し相手がほしいとのこと。".into(),
        asked: "将棋の会に誘い、最初の日は一緒に行ってほしい。".into(),
        ..blank(&ctx, told.people.clone(), vacancy.desk)
    };
    let ctx = t.as_kind("worker", 28, 11, 0)?;
    let sheet = written(&ctx, told.case, &content, true).await?;
    let successor = |days, hour| newcomer(&ctx, t, &vacancy, days, hour);
    does(
        &successor(14, 10),
        sheet,
        &Doing::new(Act::Accept).note("席が空いており、お待たせしました。引き受けます。"),
    )
    .await?;
    does(&successor(13, 9), sheet, &Doing::new(Act::Start)).await?;
    let report = Doing {
        outcome: Some(Outcome::Continuing),
        linked: true,
        ..Doing::new(Act::Report).note("将棋の会に二度、一緒に行った。次からは一人で行くとのこと。")
    };
    does(&successor(8, 15), sheet, &report).await?;
    let ctx = t.as_kind("worker", 6, 10, 0)?;
    does(&ctx, sheet, &Doing::new(Act::Close)).await
}

/// Who came, so many days ago at that hour.
fn newcomer(base: &Ctx, t: &Teller<'_>, vacancy: &Vacancy, days: i64, hour: u32) -> Ctx {
    let member = Member {
        seat: vacancy.came.0,
        name: CAME.0.into(),
        kana: CAME.1.into(),
        role: engawa_kernel::access::Role::Worker,
        role_code: "worker",
        body: BODY,
        desk: None,
    };
    let mut ctx = acting(base, t.town, &member, t.moment(days, hour, 0));
    for posting in &mut ctx.actor.postings {
        posting.desk = Some(vacancy.desk);
    }
    ctx
}
