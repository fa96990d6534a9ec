//! Taking the rows in: some hundred in one transaction, so that a kill loses none that are in and
//! makes none twice, and others can write in between.

use engawa_consultations::{
    Consulter, Dropped, NewConsultation, PastEnd, SubjectHeard, WhoCame, take_in_past,
};
use engawa_kernel::{
    access::{Duty, person_is_visible},
    audit::{self, Entry as Log},
    clock,
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    id::DeskId,
};
use engawa_organisations::{self as organisations, DeskRef};
use serde_json::json;

use crate::{
    check::person_key,
    model::{Entry, Import, ImportId, LineState},
    store::{self, Line, Made},
};

/// Rows in one transaction. More keep others waiting for longer than a quarter of a second; with 50,
/// 100,000 rows took 1.4 times as long, because the same pages of the indexes are written more often.
const CHUNK: i64 = 200;

/// Takes the run of an import, so that nobody else begins it too. [`go`] does the work.
///
/// # Errors
/// The actor may not, it runs already or is done, or its rows are no longer there.
pub async fn start(ctx: &Ctx, id: ImportId) -> Result<Import> {
    ctx.need(Duty::ImportLedger)?;
    let mut conn = ctx.read().await?;
    let import = store::get(&mut conn, ctx, id).await?;
    store::book(&mut conn, id).await?;
    drop(conn);
    if import.desk.is_none() {
        return Err(Error::Invalid(
            "先に、列の対応と受け持つ窓口を選んでください。".into(),
        ));
    }
    let mut tx = ctx.write().await?;
    if !store::claim(&mut tx, ctx, id).await? {
        return Err(Error::Invalid(
            "この台帳は、いま取り込んでいるか、取り込みが済んでいます。二重には取り込みません。"
                .into(),
        ));
    }
    audit::append(
        &mut tx,
        ctx,
        Log::new("ledger.started").detail(json!({ "import": id })),
    )
    .await?;
    tx.commit().await?;
    Ok(import)
}

/// Takes in all rows that wait. What stops it is kept with the import, in the user's words; then it
/// can be gone on with.
///
/// # Errors
/// As told; the rows taken in before stay.
pub async fn go(ctx: &Ctx, import: &Import) -> Result<()> {
    let result = async {
        while step(ctx, import).await? {}
        Ok(())
    }
    .await;
    if let Err(e) = &result {
        let (_, what, next) = Error::explain(e);
        tracing::error!("import {}: {e}", import.id);
        let mut tx = ctx.write().await?;
        store::stop(&mut tx, import.id, &format!("{what}{next}")).await?;
        audit::append(
            &mut tx,
            ctx,
            Log::new("ledger.stopped").detail(json!({ "import": import.id })),
        )
        .await?;
        tx.commit().await?;
    }
    result
}

/// One transaction's rows. False when none is left, or when the run was taken over.
///
/// # Errors
/// A row cannot be taken in; none of this transaction is.
pub async fn step(ctx: &Ctx, import: &Import) -> Result<bool> {
    let mut tx = ctx.write().await?;
    if !store::beat(&mut tx, ctx, import.id).await? {
        return Ok(false);
    }
    let lines = store::next_ready(&mut tx, import.id, CHUNK).await?;
    if lines.is_empty() {
        store::finish(&mut tx, ctx, import.id).await?;
        let counts = store::counts(&mut tx, import.id).await?;
        audit::append(
            &mut tx,
            ctx,
            Log::new("ledger.done").detail(json!({ "import": import.id, "counts": counts })),
        )
        .await?;
        tx.commit().await?;
        return Ok(false);
    }
    let desk = organisations::desk(&mut tx, ctx, import.desk.unwrap_or_default()).await?;
    let mut made = Vec::new();
    for line in &lines {
        match take(&mut tx, ctx, import, line, &desk).await? {
            Some(m) => made.push(m),
            None => {
                store::settle(&mut tx, import.id, line.place, LineState::Same, None).await?;
            }
        }
    }
    let rooms: Vec<_> = made.iter().map(|m| m.room).collect();
    let acts = audit::acts_in(&mut tx, &rooms).await?;
    for m in made {
        let acts = acts.get(&m.room).copied().unwrap_or_default();
        let made = Some(Made { acts, ..m });
        store::settle(&mut tx, import.id, m.place, LineState::Made, made).await?;
    }
    audit::append(
        &mut tx,
        ctx,
        Log::new("ledger.taken").detail(json!({ "import": import.id, "rows": lines.len() })),
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// One row. None: the same row has come in by another import meanwhile.
async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    import: &Import,
    line: &Line,
    desk: &DeskRef,
) -> Result<Option<Made>> {
    let key = person_key(&line.entry);
    if !store::remember(tx, ctx, import.id, &line.signature, &key).await? {
        return Ok(None);
    }
    let mut new = consultation(&line.entry, desk.id);
    if import.choice.one_person
        && !key.is_empty()
        && let Some(person) = store::person_of(tx, ctx, &key).await?
        && person_is_visible(tx, ctx, person).await?
    {
        for subject in &mut new.subjects {
            subject.same_as = Some(person);
        }
    }
    let end = line.entry.closed.map(|on| PastEnd {
        on,
        text: if line.entry.answer.is_empty() {
            "(台帳では終結。対応の記載なし)".into()
        } else {
            line.entry.answer.clone()
        },
    });
    let saved = take_in_past(tx, ctx, &new, desk, end.as_ref()).await?;
    let person = saved.people.first().copied();
    if let Some(person) = person {
        store::is_about(tx, ctx, &line.signature, person).await?;
    }
    Ok(Some(Made {
        place: line.place,
        room: saved.room,
        person,
        acts: 0,
    }))
}

/// A row as a consultation.
fn consultation(entry: &Entry, desk: DeskId) -> NewConsultation {
    let own = entry.consulter.is_empty() && entry.relation.is_empty();
    let mut notes = entry.notes.clone();
    if entry.closed.is_none() && !entry.answer.is_empty() {
        // Nothing is decided yet, so what was done so far stands in the notes.
        let so_far = format!("台帳の対応: {}", entry.answer);
        notes = if notes.is_empty() {
            so_far
        } else {
            format!("{so_far}\n{notes}")
        };
    }
    let received = match entry.time {
        Some(time) => clock::from_local(entry.received.and_time(time)),
        None => clock::start_of_day(entry.received),
    };
    NewConsultation {
        slip: false,
        who: if own {
            WhoCame::Subject
        } else {
            WhoCame::Other
        },
        received_at: received,
        desk,
        channel: entry.channel.clone(),
        route: entry.route.clone(),
        urgency: entry.urgency.clone(),
        words: entry.words.clone(),
        place: String::new(),
        consulter: Consulter {
            name: entry.consulter.clone(),
            kana: String::new(),
            relation: entry.relation.clone(),
            contact: entry.contact.clone(),
        },
        subjects: vec![SubjectHeard {
            name: entry.name.clone(),
            kana: entry.kana.clone(),
            sex: entry.sex,
            birth: entry.birth,
            phone: entry.phone.clone(),
            address: entry.address.clone(),
            ..SubjectHeard::default()
        }],
        issues: entry.issues.clone(),
        main_issue: entry.issues.first().cloned(),
        heard_of: String::new(),
        why_not_earlier: String::new(),
        wishes: String::new(),
        notes,
        dropped: Dropped::default(),
        gap_kind: String::new(),
        gap_schemes: String::new(),
        request: None,
        emergency: None,
        call: None,
    }
}
