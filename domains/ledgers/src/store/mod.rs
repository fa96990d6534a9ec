//! Every SQL statement of this domain: imports, their lines, what is in already.

mod lines;
mod seen;

pub use lines::{
    Line, Made, NewLine, counts, kinds, made_rooms, next_ready, put_lines, refused, repaired,
    settle, some,
};
pub use seen::{forget, is_about, known_signatures, person_of, remember};

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, Row, Sql, Tx, sql},
    error::{Error, Result},
    id::DeskId,
};

use crate::{
    book::Book,
    model::{Choice, Import, ImportId, State},
};

/// Imports in the list.
const LIST: i64 = 100;
/// After so many days the rows of a file are thrown away, whatever became of them.
const KEEP_DAYS: i64 = 14;
/// A run without a sign of life for so long has died.
const SILENT_SECONDS: i64 = 60;

const COLUMNS: &str =
    "select id, staff_id, desk_id, file_name, headers, choice, state, trouble, line_count, beat_at,
    created_at, finished_at, undone_at from ledger_import
  where municipality_id = :m and (staff_id = :me or desk_id in (:desks))";

fn mine(q: Sql, ctx: &Ctx) -> Sql {
    let desks = ctx.actor.postings.iter();
    let desks = desks.filter(|p| p.role.may(Duty::ImportLedger));
    q.bind("m", ctx.municipality)
        .bind("me", ctx.actor.staff)
        .bind_all(
            "desks",
            desks.filter_map(|p| p.desk).collect::<Vec<DeskId>>(),
        )
}

fn import(r: &Row) -> Result<Import> {
    Ok(Import {
        id: r.get("id")?,
        staff: r.get("staff_id")?,
        desk: r.opt("desk_id")?,
        file_name: r.get("file_name")?,
        headers: r.get("headers")?,
        choice: serde_json::from_str(&r.get::<String>("choice")?)?,
        state: r.get("state")?,
        trouble: r.get("trouble")?,
        line_count: r.get("line_count")?,
        beat_at: r.opt("beat_at")?,
        created_at: r.get("created_at")?,
        finished_at: r.opt("finished_at")?,
        undone_at: r.opt("undone_at")?,
    })
}

impl Import {
    /// Whether its run has died: it can be gone on with.
    #[must_use]
    pub fn is_stuck(&self, now: DateTime<Utc>) -> bool {
        let silent = Duration::seconds(SILENT_SECONDS);
        self.state == State::Running && self.beat_at.is_none_or(|beat| now - beat > silent)
    }
}

/// The actor's imports and those of the actor's desks, newest first.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Import>> {
    let q = sql(COLUMNS)
        .push("order by created_at desc, id desc limit :limit")
        .bind("limit", LIST);
    conn.rows(mine(q, ctx)).await?.iter().map(import).collect()
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn get(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    let q = sql(COLUMNS).push("and id = :id").bind("id", id);
    import(&conn.one(mine(q, ctx)).await?)
}

/// The rows as read; they wait here only while the import needs them.
///
/// # Errors
/// They are gone: the sentence for the user.
pub async fn book(conn: &mut Conn, id: ImportId) -> Result<Book> {
    let text: String = conn
        .one(sql("select book from ledger_import where id = :id").bind("id", id))
        .await?
        .get("book")?;
    if text.is_empty() {
        return Err(Error::Invalid(format!(
            "このファイルの行は、もう残っていません(取り込みが済んだとき、または{KEEP_DAYS}日たったときに消します)。ファイルをもう一度選んでください。"
        )));
    }
    Ok(serde_json::from_str(&text)?)
}

/// Keeps a file until it is taken in; old ones are thrown away.
///
/// # Errors
/// The database refuses.
pub async fn put(tx: &mut Tx, ctx: &Ctx, file_name: &str, book: &Book) -> Result<ImportId> {
    throw_away(tx, ctx).await?;
    let id = ImportId::new();
    let headers = book.signature();
    let choice = layout(tx, ctx, &headers).await?.unwrap_or_default();
    tx.exec(
        sql("insert into ledger_import (id, municipality_id, staff_id, file_name, book, headers, choice, state, trouble, line_count, created_at)
             values (:id, :m, :me, :file, :book, :headers, :choice, :state, '', :count, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("me", ctx.actor.staff)
            .bind("file", file_name.chars().take(200).collect::<String>())
            .bind("book", serde_json::to_string(book)?)
            .bind("headers", headers)
            .bind("choice", serde_json::to_string(&choice)?)
            .bind("state", State::Read)
            .bind("count", i64::try_from(book.rows.len()).unwrap_or(i64::MAX))
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(id)
}

/// Rows of files that nobody went on with, or whose refused rows nobody fetched.
async fn throw_away(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let old = ctx.now() - Duration::days(KEEP_DAYS);
    for text in [
        "update ledger_line set entry = '', repairs = '', errors = '' where entry || repairs || errors <> ''
           and import_id in (select id from ledger_import where created_at < :old and book <> '' and state <> 'running')",
        "update ledger_import set book = '' where created_at < :old and book <> '' and state <> 'running'",
    ] {
        tx.exec(sql(text).bind("old", old)).await?;
    }
    Ok(())
}

async fn layout(conn: &mut Conn, ctx: &Ctx, headers: &str) -> Result<Option<Choice>> {
    let row = conn
        .row(
            sql("select choice from ledger_layout where municipality_id = :m and headers = :headers")
                .bind("m", ctx.municipality)
                .bind("headers", headers),
        )
        .await?;
    row.map(|r| Ok(serde_json::from_str(&r.get::<String>("choice")?)?))
        .transpose()
}

/// Writes down the columns and options, for this import and for the next file with these labels.
///
/// # Errors
/// The import runs or is done.
pub async fn choose(tx: &mut Tx, ctx: &Ctx, import: &Import, choice: &Choice) -> Result<()> {
    let text = serde_json::to_string(choice)?;
    let changed = tx
        .exec(
            sql("update ledger_import set choice = :choice, desk_id = :desk, state = :state, trouble = ''
                  where id = :id and state in ('read', 'checked')
                    and not exists (select 1 from ledger_line l where l.import_id = :id and l.state = 'made')")
                .bind("choice", text.as_str())
                .bind("desk", choice.desk)
                .bind("state", State::Checked)
                .bind("id", import.id),
        )
        .await?;
    if changed == 0 {
        return Err(Error::Invalid(
            "取り込みを始めたあとは、列の対応を変えられません。取り込みを取り消してから、ファイルをもう一度選んでください。".into(),
        ));
    }
    tx.exec(
        sql("insert into ledger_layout (municipality_id, headers, choice, updated_at, updated_by)
             values (:m, :headers, :choice, :now, :me)
             on conflict (municipality_id, headers) do update set choice = excluded.choice, updated_at = excluded.updated_at, updated_by = excluded.updated_by")
            .bind("m", ctx.municipality)
            .bind("headers", import.headers.as_str())
            .bind("choice", text)
            .bind("now", ctx.now())
            .bind("me", ctx.actor.staff),
    )
    .await?;
    Ok(())
}

/// Takes the run: nobody else runs this import now.
///
/// # Errors
/// The database refuses.
pub async fn claim(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<bool> {
    let silent = ctx.now() - Duration::seconds(SILENT_SECONDS);
    let n = tx
        .exec(
            sql("update ledger_import set state = 'running', beat_at = :now, trouble = ''
                  where id = :id and (state = 'checked' or (state = 'running' and (beat_at is null or beat_at < :silent)))")
                .bind("now", ctx.now())
                .bind("silent", silent)
                .bind("id", id),
        )
        .await?;
    Ok(n == 1)
}

/// A sign of life; it also makes two runs of one import wait for each other. False: it runs no more.
///
/// # Errors
/// The database refuses.
pub async fn beat(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<bool> {
    let n = tx
        .exec(
            sql("update ledger_import set beat_at = :now where id = :id and state = 'running'")
                .bind("now", ctx.now())
                .bind("id", id),
        )
        .await?;
    Ok(n == 1)
}

/// All rows are in. The file stays only where refused rows are to be fetched.
///
/// # Errors
/// The database refuses.
pub async fn finish(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<()> {
    tx.exec(
        sql("update ledger_import set state = 'done', finished_at = :now, beat_at = null,
               book = case when exists (select 1 from ledger_line l where l.import_id = :id and l.state = 'refused') then book else '' end
              where id = :id")
            .bind("now", ctx.now())
            .bind("id", id),
    )
    .await?;
    Ok(())
}

/// The run stopped; what is in stays in, and it can be gone on with.
///
/// # Errors
/// The database refuses.
pub async fn stop(tx: &mut Tx, id: ImportId, why: &str) -> Result<()> {
    tx.exec(
        sql("update ledger_import set state = 'checked', trouble = :why, beat_at = null where id = :id and state = 'running'")
            .bind("why", why)
            .bind("id", id),
    )
    .await?;
    Ok(())
}

/// Taken back. Nothing of the file stays.
///
/// # Errors
/// It runs, or was taken back before.
pub async fn undone(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<()> {
    let n = tx
        .exec(
            sql("update ledger_import set state = 'undone', undone_at = :now, book = '' where id = :id and state in ('checked', 'done')")
                .bind("now", ctx.now())
                .bind("id", id),
        )
        .await?;
    if n == 0 {
        return Err(Error::Changed);
    }
    tx.exec(
        sql("update ledger_line set entry = '', repairs = '', errors = '' where import_id = :id")
            .bind("id", id),
    )
    .await?;
    Ok(())
}
