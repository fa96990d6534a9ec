//! Finding: two ways to the same answer, and when to take which.
//!
//! The *index* way takes candidates newest first, a page at a time, and stops when it has enough:
//! quick for whoever has keys to a good part of the rooms, and for whatever is rare. The *rooms*
//! way looks through the texts of one's own rooms: its cost does not grow with the city, only with
//! the actor's rooms. The first page of the index tells how many more would be needed; from then on
//! the way that looks shorter is taken.

use std::collections::HashSet;

use super::{DocKind, Hit, Query};
use crate::{
    access::{self, MY_ROOMS, VISIBLE},
    context::Ctx,
    db::{Conn, Dialect, Row, Sql, sql},
    error::Result,
    id::PersonId,
};

/// Keys above which only the index is used.
const FEW_ROOMS: i64 = 3_000;
/// Candidates that are looked through without asking whether one's own rooms would be quicker.
const SOON: i64 = 1_000;
/// Candidates of the first page.
const FIRST_PAGE: i64 = 120;
/// Candidates of a page at most.
const LARGEST_PAGE: i64 = 5_000;

/// Finds what the actor may see: first people and numbers (closest first, then newest), then words
/// (newest first), at most `limit` of each.
///
/// # Errors
/// What was typed is too long; the database refuses.
pub async fn find(ctx: &Ctx, query: &str, limit: usize) -> Result<Vec<Hit>> {
    let query = Query::parse(query)?;
    let limit = limit.clamp(1, 200);
    let mut conn = ctx.read().await?;
    let mut hits = Vec::new();
    for side in [Side::Short, Side::Long] {
        if !side.keys(&query).is_empty() {
            let mut search = Search {
                conn: &mut conn,
                ctx,
                query: &query,
                side,
            };
            let rows = search.rows(side.wanted(limit)).await?;
            hits.extend(best(&query, &rows, limit)?);
        }
    }
    Ok(hits)
}

/// Whether the actor holds at most so many keys: at least as many as rooms, and quicker to count.
async fn keys_at_most(conn: &mut Conn, ctx: &Ctx, most: i64) -> Result<bool> {
    // Two searches of covering indexes; with `or` in one search the rows would be read as well.
    let q = sql("select count(*) as n from (
            select g.room_id from posting p join access_grant g on g.posting_id = p.id
             where p.staff_id = :me and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) and g.revoked_at is null
            union all
            select g.room_id from posting p join access_grant g on g.desk_id = p.desk_id
             where p.staff_id = :me and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) and g.revoked_at is null
             limit :cap) c")
        .bind("cap", most + 1);
    Ok(conn.count(access::bind_actor(q, ctx)).await? <= most)
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
    fn wanted(self, limit: usize) -> i64 {
        let limit = i64::try_from(limit).unwrap_or(200);
        match self {
            Self::Short => limit + limit / 8,
            Self::Long => limit,
        }
    }
    /// What looking through one room costs, in candidates of the index (as measured).
    const fn cost_of_a_room(self) -> i64 {
        match self {
            Self::Short => 1,
            Self::Long => 4,
        }
    }
    const fn kinds(self) -> &'static str {
        match self {
            Self::Short => "d.kind in ('name', 'phone', 'number')",
            Self::Long => "d.kind in ('words', 'contact')",
        }
    }
    /// Ids that have all pieces, below `:below`, newest first.
    const fn candidates(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            (Dialect::Sqlite, Self::Short) => {
                "select rowid as id from search_short where search_short match :grams and rowid < :below and rowid >= :low order by rowid desc limit :page"
            }
            (Dialect::Sqlite, Self::Long) => {
                "select rowid as id from search_long where search_long match :grams and rowid < :below and rowid >= :low order by rowid desc limit :page"
            }
            (Dialect::Postgres, Self::Short) => {
                "select d.id from search_doc d where d.kind in ('name', 'phone', 'number') and d.grams @> string_to_array(:grams, ' ')
                    and d.id < :below and d.id >= :low order by d.id desc limit :page"
            }
            (Dialect::Postgres, Self::Long) => {
                "select d.id from search_doc d where d.kind in ('words', 'contact') and d.grams @> string_to_array(:grams, ' ')
                    and d.id < :below and d.id >= :low order by d.id desc limit :page"
            }
        }
    }
}

const COLUMNS: &str =
    "d.id, d.room_id, d.kind, d.source_id, d.at, d.said, d.shown, r.kind as room_kind, r.number,
    case when d.kind in ('phone', 'number') then d.key else '' end as short_key";

/// Wider than [`VISIBLE`], which follows: somebody of the actor's postings or desks holds a key. As a
/// value, not as a condition `exists`, which SQLite would put off until [`VISIBLE`] has been asked.
const HAS_A_KEY: &str =
    "(select 1 from access_grant h where h.room_id = d.room_id and h.revoked_at is null
    and (h.posting_id in (:postings) or h.desk_id in (:desks)) limit 1) = 1";

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
    conn: &'a mut Conn,
    ctx: &'a Ctx,
    query: &'a Query,
    side: Side,
}

impl Search<'_> {
    async fn rows(&mut self, want: i64) -> Result<Vec<Row>> {
        let wanted = usize::try_from(want).unwrap_or(usize::MAX);
        let (mut found, mut below, mut seen, mut page) = (Vec::new(), i64::MAX, 0, FIRST_PAGE);
        loop {
            let hits = i64::try_from(found.len()).unwrap_or(want);
            found.extend(self.checked(below, page, want - hits).await?);
            if found.len() >= wanted {
                return Ok(found);
            }
            // Only now: whether there are more, and below which id.
            let (low, count) = self.page(below, page).await?;
            if count < page {
                return Ok(found);
            }
            seen += count;
            below = low;
            // At the rate so far; half a hit is granted, so that none yet is not "never".
            let hits = i64::try_from(found.len()).unwrap_or(want);
            let needed = (want - hits) * seen * 2 / (2 * hits + 1);
            let worth = (needed / self.side.cost_of_a_room()).min(FEW_ROOMS);
            if needed > SOON && keys_at_most(self.conn, self.ctx, worth).await? {
                return self.in_own_rooms(want).await;
            }
            // Twice that: a page is left as soon as it has given enough, and another one begins
            // the index anew.
            page = (2 * needed).clamp(FIRST_PAGE, LARGEST_PAGE);
        }
    }

    fn with_grams(&self, q: Sql) -> Sql {
        let pieces = self.query.pieces(self.side == Side::Long);
        let text = match self.conn.dialect() {
            // Pieces are letters and digits only; quoted, none of them is an operator.
            Dialect::Sqlite => pieces
                .iter()
                .map(|p| format!("\"{p}\""))
                .collect::<Vec<_>>()
                .join(" "),
            Dialect::Postgres => pieces.join(" "),
        };
        q.bind("grams", text)
    }

    fn with_terms(&self, mut q: Sql) -> Sql {
        for (key, (name, sqlite, postgres)) in self.side.keys(self.query).iter().zip(HAS) {
            let text = match self.conn.dialect() {
                Dialect::Sqlite => sqlite,
                Dialect::Postgres => postgres,
            };
            q = q.push(text).bind(name, key.as_str());
        }
        q
    }

    /// The lowest id of the next page of candidates, and how many it has.
    async fn page(&mut self, below: i64, page: i64) -> Result<(i64, i64)> {
        let q = sql("select coalesce(min(c.id), 0) as low, count(*) as n from ({candidates}) c")
            .slot("{candidates}", self.side.candidates(self.conn.dialect()));
        let q = self
            .with_grams(q)
            .bind("below", below)
            .bind("low", 0_i64)
            .bind("page", page);
        let row = self.conn.one(q).await?;
        Ok((row.get("low")?, row.get("n")?))
    }

    /// The candidates of a page that have the keys and that the actor may see, newest first. Most
    /// lie in other people's rooms: one look at the keys of the room passes them over, before
    /// anything else of them is read. On SQLite they come in the order of the innermost list, and
    /// sorting them again would mean checking the whole page before the first is given out.
    async fn checked(&mut self, below: i64, page: i64, want: i64) -> Result<Vec<Row>> {
        let q = sql("select")
            .push(COLUMNS)
            .push("from ({candidates}) c cross join search_doc d cross join room r where d.id = c.id and")
            .push(HAS_A_KEY)
            .push("and r.id = d.room_id and r.municipality_id = :m")
            .slot("{candidates}", self.side.candidates(self.conn.dialect()));
        let postings = &self.ctx.actor.postings;
        let q = self
            .with_terms(self.with_grams(q))
            .push("and")
            .push(VISIBLE)
            .push(match self.conn.dialect() {
                Dialect::Sqlite => "limit :want",
                Dialect::Postgres => "order by d.id desc limit :want",
            })
            .bind_all("postings", postings.iter().map(|p| p.id))
            .bind_all("desks", postings.iter().filter_map(|p| p.desk))
            .bind("m", self.ctx.municipality)
            .bind("low", 0_i64)
            .bind("below", below)
            .bind("page", page)
            .bind("want", want);
        self.conn.rows(access::bind_actor(q, self.ctx)).await
    }

    /// The texts of the actor's rooms that have the keys; each room is checked like any other. Some
    /// of the newest are checked first; all, where those do not suffice.
    async fn in_own_rooms(&mut self, want: i64) -> Result<Vec<Row>> {
        let some = 4 * want;
        let rows = self.newest_in_own_rooms(want, some).await?;
        let enough = i64::try_from(rows.len()).unwrap_or(want) >= want;
        let all_seen = match rows.first() {
            Some(row) => row.get::<i64>("looked_at")? < some,
            None => false,
        };
        if enough || all_seen {
            return Ok(rows);
        }
        self.newest_in_own_rooms(want, i64::MAX).await
    }

    async fn newest_in_own_rooms(&mut self, want: i64, of: i64) -> Result<Vec<Row>> {
        let q = sql("with own as materialized (select m.room_id from {my} m), found as materialized (
                select d.id from own cross join search_doc d where d.room_id = own.room_id and {kinds}")
            .slot("{my}", MY_ROOMS)
            .slot("{kinds}", self.side.kinds());
        let q = self
            .with_terms(q)
            .push("order by d.id desc limit :of) select (select count(*) from found) as looked_at,")
            .push(COLUMNS)
            .push("from found f cross join search_doc d cross join room r where d.id = f.id and r.id = d.room_id and r.municipality_id = :m and")
            .push(VISIBLE)
            .push("order by d.id desc limit :want")
            .bind("m", self.ctx.municipality)
            .bind("of", of)
            .bind("want", want);
        self.conn.rows(access::bind_actor(q, self.ctx)).await
    }
}
