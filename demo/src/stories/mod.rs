//! Households written by hand, to learn with and to show: each is one trouble that the system is
//! for. Told through the domains' own functions, by the logins themselves.

mod care;
mod elders;
mod handing;
mod money;
mod plan;
mod protection;
mod returning;
mod roadmap;
mod teller;
mod triage;
mod vacant;

use chrono::Duration;
use engawa_kernel::{
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::RoomId,
};

use crate::{rng::Rng, town::Town, words};
use teller::Teller;
pub use teller::ids;

/// Persons in the stories.
pub const PEOPLE: u64 = 31;
/// Open tasks of the login `worker` in a town of some size.
pub const OPEN_ITEMS: i64 = 300;
/// From this size on the login `worker` has [`OPEN_ITEMS`].
const LARGE: u64 = 20_000;

/// Tells all of them.
///
/// # Errors
/// The database refuses.
pub async fn tell(ctx: &Ctx, town: &Town) -> Result<()> {
    let t = Teller::new(ctx, town);
    Box::pin(elders::eighty_fifty(&t)).await?;
    Box::pin(elders::full_house(&t)).await?;
    Box::pin(care::double_care(&t)).await?;
    Box::pin(care::young_carer(&t)).await?;
    Box::pin(protection::daughter(&t)).await?;
    Box::pin(returning::comes_back(&t)).await?;
    Box::pin(returning::between_schemes(&t)).await?;
    Box::pin(handing::neighbour(&t)).await?;
    Box::pin(handing::over(&t)).await?;
    Box::pin(handing::back_and_late(&t)).await?;
    Box::pin(triage::waiting(&t)).await?;
    Box::pin(plan::sheets_of_two_years(&t)).await?;
    Box::pin(money::sources_and_contracts(&t)).await?;
    Box::pin(roadmap::three_years(&t)).await?;
    ctx.engine.clock.set(town.end - Duration::hours(7));
    Ok(())
}

/// Gives the login `worker` as many open items as a long-serving worker has.
///
/// # Errors
/// The database refuses.
pub async fn fill_today(ctx: &Ctx, town: &Town, rooms: &[RoomId]) -> Result<()> {
    if town.people < LARGE || rooms.is_empty() {
        return Ok(());
    }
    let t = Teller::new(ctx, town);
    let worker = t.as_kind("worker", 1, 16, 0)?;
    let posting = worker.actor.posting()?.id;
    let open = ctx
        .read()
        .await?
        .count(
            sql("select count(*) as n from task where posting_id = :p and done_at is null")
                .bind("p", posting),
        )
        .await?;
    let mut rng = Rng::for_part(town.seed, "today", 0);
    let missing = usize::try_from(OPEN_ITEMS - open).map_err(|_| {
        Error::Internal("the demo's worker has more open items than planned".into())
    })?;
    for room in rooms.iter().cycle().take(missing) {
        let due = t.day(rng.between(-10, 40));
        t.task(&worker, *room, rng.pick::<&str>(words::TASKS), due)
            .await?;
    }
    Ok(())
}
