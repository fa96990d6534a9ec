//! Taking an import back as a whole. Consultations on which somebody has worked since stay, and are
//! listed.

use std::collections::BTreeSet;

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry as Log},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    id::PersonId,
};
use serde_json::json;

use crate::{
    model::{ImportId, LineState, State},
    store::{self, Made},
};

/// Rooms looked at together.
const CHUNK: i64 = 400;

/// Of these consultations, those that nobody worked on since they were made, and the others.
async fn sort(conn: &mut Conn, made: Vec<Made>) -> Result<(Vec<Made>, Vec<Made>)> {
    let rooms: Vec<_> = made.iter().map(|m| m.room).collect();
    let acts = audit::acts_in(conn, &rooms).await?;
    Ok(made
        .into_iter()
        .partition(|m| acts.get(&m.room).copied().unwrap_or_default() == m.acts))
}

/// How many consultations could be taken back now, and how many would stay.
///
/// # Errors
/// The database refuses.
pub async fn look(conn: &mut Conn, id: ImportId) -> Result<(usize, usize)> {
    let (mut go, mut stay, mut from) = (0, 0, 0);
    loop {
        let made = store::made_rooms(conn, id, from, CHUNK).await?;
        let Some(last) = made.last() else {
            return Ok((go, stay));
        };
        from = last.place + 1;
        let (untouched, touched) = sort(conn, made).await?;
        go += untouched.len();
        stay += touched.len();
    }
}

/// Takes the import back, in one transaction: all of it or nothing.
///
/// # Errors
/// The actor may not, or it runs or was taken back before.
pub async fn undo(ctx: &Ctx, id: ImportId) -> Result<()> {
    ctx.need(Duty::ImportLedger)?;
    let mut tx = ctx.write().await?;
    let import = store::get(&mut tx, ctx, id).await?;
    match import.state {
        State::Done | State::Checked => {}
        State::Running => {
            return Err(Error::Invalid(
                "いま取り込んでいる途中です。終わってから取り消してください。".into(),
            ));
        }
        State::Read | State::Undone => return Err(Error::Changed),
    }
    let (mut gone, mut stayed, mut from) = (0_usize, 0_usize, 0);
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    loop {
        let made = store::made_rooms(&mut tx, id, from, CHUNK).await?;
        let Some(last) = made.last() else { break };
        from = last.place + 1;
        let (untouched, touched) = sort(&mut tx, made).await?;
        let rooms: Vec<_> = untouched.iter().map(|m| m.room).collect();
        engawa_consultations::take_back(&mut tx, ctx, &rooms).await?;
        let places: Vec<i64> = untouched.iter().map(|m| m.place).collect();
        store::forget(&mut tx, id, &places).await?;
        for m in &untouched {
            store::settle(&mut tx, id, m.place, LineState::Undone, None).await?;
        }
        for m in &touched {
            store::settle(&mut tx, id, m.place, LineState::Kept, None).await?;
        }
        people.extend(untouched.iter().filter_map(|m| m.person));
        gone += untouched.len();
        stayed += touched.len();
    }
    let people: Vec<PersonId> = people.into_iter().collect();
    let persons = engawa_people::drop_unused(&mut tx, ctx, &people).await?;
    store::undone(&mut tx, ctx, id).await?;
    audit::append(
        &mut tx,
        ctx,
        Log::new("ledger.undone").detail(
            json!({ "import": id, "consultations": gone, "persons": persons, "stayed": stayed }),
        ),
    )
    .await?;
    tx.commit().await
}
