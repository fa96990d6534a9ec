//! Uploaded texts: what came, what was read in it, and what became of it.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::StaffId,
};
use engawa_plansheet::{PlanSheet, Quote, decode, parse};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::model::{SheetId, UploadId};

/// Waiting uploads that the list shows.
const SHOWN: i64 = 50;

/// A read sheet with the words that its figures were read from, as stored.
#[derive(Serialize, Deserialize)]
struct Kept {
    sheet: PlanSheet,
    quotes: Vec<(String, String)>,
}

/// An upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// As the file was called.
    pub file_name: String,
    /// Who brought it.
    pub staff: StaffId,
    /// When.
    pub at: DateTime<Utc>,
    /// The sheet that it became.
    pub sheet: Option<SheetId>,
}

/// A text that was read, not stored yet.
#[derive(Debug, Clone)]
pub struct Brought {
    /// As the file was called.
    pub file_name: String,
    /// The text.
    pub body: String,
    /// What was read.
    pub parsed: PlanSheet,
}

impl Brought {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the reader's sentence: too large, empty, no plan sheet.
    pub fn read(file_name: &str, bytes: &[u8]) -> Result<Self> {
        // PostgreSQL keeps no NUL in a text.
        let body = decode(bytes)
            .map_err(|e| Error::Invalid(e.to_string()))?
            .replace('\0', "");
        let parsed = parse(&body).map_err(|e| Error::Invalid(e.to_string()))?;
        Ok(Self {
            file_name: file_name.chars().take(200).collect(),
            body,
            parsed,
        })
    }
}

/// Keeps a text until somebody confirms it.
///
/// # Errors
/// The database refuses.
pub async fn keep(tx: &mut Tx, ctx: &Ctx, brought: &Brought) -> Result<UploadId> {
    let id = UploadId::new();
    let kept = Kept {
        sheet: brought.parsed.clone(),
        quotes: brought
            .parsed
            .quotes
            .iter()
            .map(|q| (q.field.clone(), q.words.clone()))
            .collect(),
    };
    tx.exec(
        sql("insert into programme_upload (id, municipality_id, staff_id, file_name, body, parsed, created_at)
             values (:id, :m, :staff, :file, :body, :parsed, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("staff", ctx.actor.staff)
            .bind("file", brought.file_name.as_str())
            .bind("body", brought.body.as_str())
            .bind("parsed", serde_json::to_string(&kept)?)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.upload")
            .detail(json!({ "upload": id, "bytes": brought.body.len() })),
    )
    .await?;
    Ok(id)
}

fn read_upload(r: &Row) -> Result<Upload> {
    Ok(Upload {
        id: r.get("id")?,
        file_name: r.get("file_name")?,
        staff: r.get("staff_id")?,
        at: r.get("created_at")?,
        sheet: r.opt("sheet_id")?,
    })
}

/// An upload with what was read in it.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: UploadId) -> Result<(Upload, Brought)> {
    let row = conn
        .one(
            sql("select id, file_name, staff_id, created_at, sheet_id, body, parsed from programme_upload
                  where id = :id and municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    let upload = read_upload(&row)?;
    let kept: Kept = serde_json::from_str(&row.get::<String>("parsed")?)?;
    let mut parsed = kept.sheet;
    parsed.quotes = kept
        .quotes
        .into_iter()
        .map(|(field, words)| Quote { field, words })
        .collect();
    let brought = Brought {
        file_name: upload.file_name.clone(),
        body: row.get("body")?,
        parsed,
    };
    Ok((upload, brought))
}

/// Uploads that nobody has confirmed, newest first.
///
/// # Errors
/// The database refuses.
pub async fn waiting(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Upload>> {
    conn.rows(
        sql("select id, file_name, staff_id, created_at, sheet_id from programme_upload
              where municipality_id = :m and sheet_id is null order by created_at desc limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read_upload)
    .collect()
}

/// Notes which sheet an upload became.
///
/// # Errors
/// [`Error::Changed`] when it already became one.
pub async fn became(tx: &mut Tx, id: UploadId, sheet: SheetId) -> Result<()> {
    tx.exec_versioned(
        sql("update programme_upload set sheet_id = :sheet where id = :id and sheet_id is null")
            .bind("sheet", sheet)
            .bind("id", id),
    )
    .await
}
