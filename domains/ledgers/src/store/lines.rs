//! The lines of an import.

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{PersonId, RoomId},
};

use crate::model::{Counts, Entry, Fault, ImportId, LineState, Repair, RepairKind};

/// A line to keep.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// What a message calls it.
    pub label: String,
    /// Ready, the same as one that is in, or refused.
    pub state: LineState,
    /// Hash of what it says.
    pub signature: String,
    /// As understood.
    pub entry: Option<Entry>,
    /// What was repaired.
    pub repairs: Vec<Repair>,
    /// Why it is refused.
    pub faults: Vec<Fault>,
}

/// A line that is to be taken in.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its place in the file.
    pub place: i64,
    /// Hash of what it says.
    pub signature: String,
    /// As understood.
    pub entry: Entry,
}

/// Where a line went.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Its place in the file.
    pub place: i64,
    /// The consultation.
    pub room: RoomId,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Lines of the log about the room then.
    pub acts: i64,
}

/// Replaces the lines of an import that was not begun.
///
/// # Errors
/// The database refuses.
pub async fn put_lines(tx: &mut Tx, id: ImportId, lines: &[NewLine]) -> Result<()> {
    tx.exec(sql("delete from ledger_line where import_id = :id").bind("id", id))
        .await?;
    for (place, line) in (0_i64..).zip(lines) {
        let mut kinds: Vec<&str> = line.repairs.iter().map(|r| r.kind.as_code()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        tx.exec(
            sql("insert into ledger_line (import_id, place, label, state, signature, entry, repairs, kinds, errors)
                 values (:id, :place, :label, :state, :signature, :entry, :repairs, :kinds, :errors)")
                .bind("id", id)
                .bind("place", place)
                .bind("label", line.label.as_str())
                .bind("state", line.state)
                .bind("signature", line.signature.as_str())
                .bind("entry", line.entry.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default())
                .bind("repairs", serde_json::to_string(&line.repairs)?)
                .bind("kinds", format!(" {} ", kinds.join(" ")))
                .bind("errors", serde_json::to_string(&line.faults)?),
        )
        .await?;
    }
    Ok(())
}

/// How many lines stand where.
///
/// # Errors
/// The database refuses.
pub async fn counts(conn: &mut Conn, id: ImportId) -> Result<Counts> {
    let mut out = Counts::default();
    for r in conn
        .rows(
            sql(
                "select state, count(*) as n from ledger_line where import_id = :id group by state",
            )
            .bind("id", id),
        )
        .await?
    {
        let n = r.get("n")?;
        match r.get::<LineState>("state")? {
            LineState::Ready => out.ready = n,
            LineState::Same => out.same = n,
            LineState::Refused => out.refused = n,
            LineState::Made => out.made = n,
            LineState::Undone => out.undone = n,
            LineState::Kept => out.kept = n,
        }
    }
    Ok(out)
}

/// How many lines had each kind of repair.
///
/// # Errors
/// The database refuses.
pub async fn kinds(conn: &mut Conn, id: ImportId) -> Result<Vec<(RepairKind, i64)>> {
    let mut found = Vec::new();
    for kind in RepairKind::ALL {
        let n = conn
            .count(
                sql("select count(*) as n from ledger_line where import_id = :id and kinds like :kind")
                    .bind("id", id)
                    .bind("kind", format!("% {} %", kind.as_code())),
            )
            .await?;
        if n > 0 {
            found.push((kind, n));
        }
    }
    Ok(found)
}

/// A page of the lines with a kind of repair: label and repairs.
///
/// # Errors
/// The database refuses.
pub async fn repaired(
    conn: &mut Conn,
    id: ImportId,
    kind: RepairKind,
    (offset, limit): (i64, i64),
) -> Result<Vec<(String, Vec<Repair>)>> {
    conn.rows(
        sql("select label, repairs from ledger_line where import_id = :id and kinds like :kind order by place limit :limit offset :offset")
            .bind("id", id)
            .bind("kind", format!("% {} %", kind.as_code()))
            .bind("limit", limit)
            .bind("offset", offset),
    )
    .await?
    .iter()
    .map(|r| {
        let all: Vec<Repair> = serde_json::from_str(&r.get::<String>("repairs")?).unwrap_or_default();
        let of_kind = all.into_iter().filter(|r| r.kind == kind).collect();
        Ok((r.get("label")?, of_kind))
    })
    .collect()
}

/// The refused lines: place, label, what is wrong.
///
/// # Errors
/// The database refuses.
pub async fn refused(
    conn: &mut Conn,
    id: ImportId,
    limit: i64,
) -> Result<Vec<(usize, String, Vec<Fault>)>> {
    conn.rows(
        sql("select place, label, errors from ledger_line where import_id = :id and state = 'refused' order by place limit :limit")
            .bind("id", id)
            .bind("limit", limit),
    )
    .await?
    .iter()
    .map(|r| {
        Ok((
            usize::try_from(r.get::<i64>("place")?).unwrap_or_default(),
            r.get("label")?,
            serde_json::from_str(&r.get::<String>("errors")?).unwrap_or_default(),
        ))
    })
    .collect()
}

fn line(r: &Row) -> Result<Line> {
    Ok(Line {
        place: r.get("place")?,
        signature: r.get("signature")?,
        entry: serde_json::from_str(&r.get::<String>("entry")?)?,
    })
}

/// The next lines to take in.
///
/// # Errors
/// The database refuses.
pub async fn next_ready(conn: &mut Conn, id: ImportId, limit: i64) -> Result<Vec<Line>> {
    conn.rows(
        sql("select place, signature, entry from ledger_line where import_id = :id and state = 'ready' order by place limit :limit")
            .bind("id", id)
            .bind("limit", limit),
    )
    .await?
    .iter()
    .map(line)
    .collect()
}

/// Says where a line went; what it said lies in the room now.
///
/// # Errors
/// The database refuses.
pub async fn settle(
    tx: &mut Tx,
    id: ImportId,
    place: i64,
    state: LineState,
    made: Option<Made>,
) -> Result<()> {
    tx.exec(
        sql("update ledger_line set state = :state, entry = '', repairs = '', errors = '',
               room_id = coalesce(:room, room_id), person_id = coalesce(:person, person_id), acts = coalesce(:acts, acts)
              where import_id = :id and place = :place")
            .bind("state", state)
            .bind("room", made.map(|m| m.room))
            .bind("person", made.and_then(|m| m.person))
            .bind("acts", made.map(|m| m.acts))
            .bind("id", id)
            .bind("place", place),
    )
    .await?;
    Ok(())
}

/// The next lines that are consultations, from a place on.
///
/// # Errors
/// The database refuses.
pub async fn made_rooms(conn: &mut Conn, id: ImportId, from: i64, limit: i64) -> Result<Vec<Made>> {
    conn.rows(
        sql("select place, room_id, person_id, acts from ledger_line where import_id = :id and state = 'made' and place >= :from order by place limit :limit")
            .bind("id", id)
            .bind("from", from)
            .bind("limit", limit),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Made {
            place: r.get("place")?,
            room: r.get("room_id")?,
            person: r.opt("person_id")?,
            acts: r.get("acts")?,
        })
    })
    .collect()
}

/// Lines in a state, with their rooms: those that stayed, those that are in.
///
/// # Errors
/// The database refuses.
pub async fn some(
    conn: &mut Conn,
    _: &Ctx,
    id: ImportId,
    state: LineState,
    limit: i64,
) -> Result<Vec<(String, Option<RoomId>)>> {
    conn.rows(
        sql("select label, room_id from ledger_line where import_id = :id and state = :state order by place limit :limit")
            .bind("id", id)
            .bind("state", state)
            .bind("limit", limit),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("label")?, r.opt("room_id")?)))
    .collect()
}
