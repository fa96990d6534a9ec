//! Finding: what the index knows, newest first, and what it does not know yet.

use std::collections::HashSet;

use super::{
    DocKind, Hit, Query,
    turn::{kind_mark, mark},
};
use crate::{
    access::{self, Duty, Role, RoomKind, VISIBLE},
    context::Ctx,
    db::{Conn, Dialect, Row, Sql, sql},
    error::Result,
    id::PersonId,
};

/// Finds what the actor may see: first people and numbers (closest first, then newest), then words
/// (newest first), at most `limit` of each.
///
/// # Errors
/// What was typed is too long; the database refuses.
pub async fn find(ctx: &Ctx, query: &str, limit: usize) -> Result<Vec<Hit>> {
    let query = Query::parse(query)?;
    let limit = limit.clamp(1, 200);
    let mut hits = Vec::new();
    // Whose role opens no room, as VISIBLE would say of each hit.
    if !ctx.actor.may(Duty::Receive) {
        return Ok(hits);
    }
    let mut conn = ctx.read().await?;
    for side in [Side::Short, Side::Long] {
        if !side.keys(&query).is_empty() {
            let search = Search {
                ctx,
                query: &query,
                side,
                dialect: conn.dialect(),
            };
            let rows = search.rows(&mut conn, side.wanted(limit)).await?;
            hits.extend(best(&query, &rows, limit)?);
        }
    }
    Ok(hits)
}

/// What a person is called, for pages of domains that know no people; none without a key to a room
/// of theirs.
///
/// # Errors
/// The database refuses.
pub async fn shown_name(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Option<String>> {
    let q = sql(
        "select d.shown from search_doc d join room r on r.id = d.room_id
                  where d.source_id = :person and d.kind = 'name' and r.municipality_id = :m and",
    )
    .push(VISIBLE)
    .push("order by d.id limit 1")
    .bind("person", person)
    .bind("m", ctx.municipality);
    let row = conn.row(access::bind_actor(q, ctx)).await?;
    row.map(|r| r.get("shown")).transpose()
}

/// One hit for each record in each room, the closest first, then the newest.
fn best(query: &Query, rows: &[Row], limit: usize) -> Result<Vec<Hit>> {
    let mut found = Vec::new();
    for r in rows {
        let kind: DocKind = r.get("kind")?;
        let (rank, reason) = query.reason(
            kind,
            &r.get::<String>("said")?,
            &r.get::<String>("short_key")?,
        );
        found.push((
            rank,
            Hit {
                room: r.get("room_id")?,
                room_kind: r.get("room_kind")?,
                number: r.get("number")?,
                kind,
                source: r.get("source_id")?,
                shown: r.get("shown")?,
                reason,
                at: r.get("at")?,
            },
        ));
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut known = HashSet::new();
    Ok(found
        .into_iter()
        .map(|(_, hit)| hit)
        .filter(|h| known.insert((h.room, h.kind, h.source)))
        .take(limit)
        .collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Names and numbers.
    Short,
    /// Running text.
    Long,
}

impl Side {
    fn keys(self, query: &Query) -> &[String] {
        match self {
            Self::Short => &query.short,
            Self::Long => &query.long,
        }
    }
    /// Rows to ask for: a person's name and its kana may both answer, and are one hit.
    const fn wanted(self, limit: usize) -> usize {
        match self {
            Self::Short => limit + limit / 8,
            Self::Long => limit,
        }
    }
    /// Ids of texts that the index knows, in rooms that the actor has keys to, newest first.
    const fn indexed(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            (Dialect::Sqlite, Self::Short) => {
                "select rowid as id from search_short where search_short match :pieces order by rowid desc"
            }
            (Dialect::Sqlite, Self::Long) => {
                "select rowid as id from search_long where search_long match :pieces order by rowid desc"
            }
            (Dialect::Postgres, Self::Short) => {
                "select i.id from search_doc i where i.kind in ('name', 'phone', 'number')
                    and i.grams @> string_to_array(:pieces, ' ') and i.grams && string_to_array(:marks, ' ') order by i.id desc"
            }
            (Dialect::Postgres, Self::Long) => {
                "select i.id from search_doc i where i.kind in ('words', 'contact')
                    and i.grams @> string_to_array(:pieces, ' ') and i.grams && string_to_array(:marks, ' ') order by i.id desc"
            }
        }
    }
    /// Ids of texts that it does not know yet, or under other keys.
    const fn stale(self) -> &'static str {
        match self {
            Self::Short => {
                "select s.id from search_doc s where s.stale and s.kind in ('name', 'phone', 'number') order by s.id desc"
            }
            Self::Long => {
                "select s.id from search_doc s where s.stale and s.kind in ('words', 'contact') order by s.id desc"
            }
        }
    }
}

const COLUMNS: &str =
    "d.id, d.room_id, d.kind, d.source_id, d.at, d.said, d.shown, r.kind as room_kind, r.number,
    case when d.kind in ('phone', 'number') then d.key else '' end as short_key";

/// Every key must stand in the text's key; the pieces alone do not tell.
const HAS: [(&str, &str, &str); super::MAX_TERMS] = [
    (
        "t0",
        "and instr(d.key, :t0) > 0",
        "and strpos(d.key, :t0) > 0",
    ),
    (
        "t1",
        "and instr(d.key, :t1) > 0",
        "and strpos(d.key, :t1) > 0",
    ),
    (
        "t2",
        "and instr(d.key, :t2) > 0",
        "and strpos(d.key, :t2) > 0",
    ),
    (
        "t3",
        "and instr(d.key, :t3) > 0",
        "and strpos(d.key, :t3) > 0",
    ),
    (
        "t4",
        "and instr(d.key, :t4) > 0",
        "and strpos(d.key, :t4) > 0",
    ),
    (
        "t5",
        "and instr(d.key, :t5) > 0",
        "and strpos(d.key, :t5) > 0",
    ),
];

struct Search<'a> {
    ctx: &'a Ctx,
    query: &'a Query,
    side: Side,
    dialect: Dialect,
}

impl Search<'_> {
    /// At most `want` texts that have the keys and that the actor may see, newest first.
    async fn rows(&self, conn: &mut Conn, want: usize) -> Result<Vec<Row>> {
        // In this order: what enters the index in between is found twice, and not missed.
        let mut rows = conn.rows(self.among(self.side.stale(), want)).await?;
        let indexed = self.with_pieces(self.among(self.side.indexed(self.dialect), want));
        rows.extend(conn.rows(indexed).await?);
        let mut newest = Vec::with_capacity(rows.len());
        for row in rows {
            newest.push((row.get::<i64>("id")?, row));
        }
        newest.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        newest.dedup_by_key(|(id, _)| *id);
        newest.truncate(want);
        Ok(newest.into_iter().map(|(_, row)| row).collect())
    }

    /// Both engines look at the candidates in their order and stop when they have enough.
    fn among(&self, candidates: &'static str, want: usize) -> Sql {
        let mut q = sql("select")
            .push(COLUMNS)
            .push("from ({candidates}) c cross join search_doc d cross join room r")
            .push("where d.id = c.id and r.id = d.room_id and r.municipality_id = :m")
            .slot("{candidates}", candidates);
        for (key, (name, sqlite, postgres)) in self.side.keys(self.query).iter().zip(HAS) {
            let text = match self.dialect {
                Dialect::Sqlite => sqlite,
                Dialect::Postgres => postgres,
            };
            q = q.push(text).bind(name, key.as_str());
        }
        let q = q
            .push("and")
            .push(VISIBLE)
            .push("order by c.id desc limit :want")
            .bind("m", self.ctx.municipality)
            .bind("want", i64::try_from(want).unwrap_or(i64::MAX));
        access::bind_actor(q, self.ctx)
    }

    fn with_pieces(&self, q: Sql) -> Sql {
        let actor = &self.ctx.actor;
        let mut pieces = self.query.pieces(self.side == Side::Long);
        if !actor.may(Duty::WorkCase) {
            pieces.push(kind_mark(RoomKind::Consultation).into());
        }
        let mut marks = Vec::new();
        for posting in actor.postings.iter().filter(|p| p.role.may(Duty::Receive)) {
            marks.push(mark(posting.id.0));
            // The slips of the desk's other helpers are not theirs.
            let desk = posting.desk.filter(|_| posting.role != Role::Entry);
            marks.extend(desk.map(|d| mark(d.0)));
        }
        match self.dialect {
            Dialect::Sqlite => {
                let (pieces, marks) = (quoted(&pieces, " AND "), quoted(&marks, " OR "));
                q.bind("pieces", format!("{pieces} AND ({marks})"))
            }
            Dialect::Postgres => q
                .bind("pieces", pieces.join(" "))
                .bind("marks", marks.join(" ")),
        }
    }
}

/// Letters and digits only; quoted, none of them is an operator of FTS5.
fn quoted(all: &[String], between: &str) -> String {
    let each: Vec<String> = all.iter().map(|p| format!("\"{p}\"")).collect();
    each.join(between)
}
