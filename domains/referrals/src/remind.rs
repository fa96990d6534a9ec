//! The clock that cannot be ignored. Runs every hour; doing it twice changes nothing.

use engawa_kernel::{
    context::{Ctx, Engine},
    db::sql,
    error::{Error, Result},
};

use crate::{rules::layers::due_layers, store};

/// Tells due and overdue moves to the next layer, and writes down keys that ended with a consent.
/// Returns how many steps were taken.
///
/// # Errors
/// The database refuses. What was done until then stays done; the rest follows at the next turn.
pub async fn remind(engine: &Engine) -> Result<u64> {
    let mut taken = 0;
    for ctx in systems(engine).await? {
        taken += climb(&ctx).await?;
        let ended = store::layers::ended_keys(&mut ctx.read().await?, &ctx).await?;
        for room in ended {
            let mut tx = ctx.write().await?;
            store::layers::note_ended_key(&mut tx, &ctx, room).await?;
            tx.commit().await?;
            taken += 1;
        }
    }
    Ok(taken)
}

async fn climb(ctx: &Ctx) -> Result<u64> {
    let mut conn = ctx.read().await?;
    let due = store::layers::due(&mut conn, ctx).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let days = store::settings::load(&mut conn, ctx).await?.layer_days;
    let days = u64::try_from(days).unwrap_or(3);
    let cards = engawa_organisations::desk_cards(&mut conn, ctx).await?;
    drop(conn);
    let mut taken = 0;
    for (room, state, due_on, told) in due {
        let wanted = i64::try_from(due_layers(state, due_on, ctx.today(), days)).unwrap_or(0);
        for layer in told..wanted {
            let mut tx = ctx.write().await?;
            if !store::layers::climb(&mut tx, ctx, room, layer, &cards).await? {
                break;
            }
            tx.commit().await?;
            taken += 1;
        }
    }
    Ok(taken)
}

/// The system as an actor, once for each municipality; none while there is none.
async fn systems(engine: &Engine) -> Result<Vec<Ctx>> {
    let first = match Ctx::system(engine).await {
        Err(Error::Invalid(_)) => return Ok(Vec::new()),
        ctx => ctx?,
    };
    let mut conn = engine.db.read().await?;
    conn.rows(sql(
        "select id, name from municipality order by id limit 1000",
    ))
    .await?
    .iter()
    .map(|r| {
        Ok(Ctx {
            municipality: r.get("id")?,
            municipality_name: r.get("name")?,
            ..first.clone()
        })
    })
    .collect()
}
