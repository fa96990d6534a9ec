//! Reading sheets and their versions.

use std::collections::BTreeMap;

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, sql},
    error::{Error, Result},
    text::fiscal::FiscalYear,
};

use crate::{
    form::{Block, Field},
    model::{
        BlockRecord, Content, FieldValue, Origin, Sheet, SheetId, Version, VersionId, VersionState,
    },
    rules,
};

/// Sheets on one page of the list: more years than anybody plans, and the neighbours'.
const LISTED: i64 = 300;
/// Versions of one sheet that are listed.
const VERSIONS: i64 = 200;

/// A sheet in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The sheet.
    pub sheet: Sheet,
    /// Its newest version that this reader may see.
    pub version: Version,
    /// The number of its newest approved version.
    pub approved: Option<i64>,
}

const SHEET: &str =
    "select s.id, s.origin, s.year, s.name, s.made_from, s.upload_id from programme_sheet s";
const VERSION: &str = "select v.id, v.number, v.state, v.written_by, v.written_at, v.approved_by, v.approved_at, v.version
       from programme_version v";

fn read_sheet(r: &Row) -> Result<Sheet> {
    Ok(Sheet {
        id: r.get("id")?,
        origin: r.get("origin")?,
        year: r.get("year")?,
        name: r.get("name")?,
        made_from: r.get("made_from")?,
        upload: r.opt("upload_id")?,
    })
}

fn read_version(r: &Row) -> Result<Version> {
    let approved = match (r.opt("approved_by")?, r.opt("approved_at")?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    Ok(Version {
        id: r.get("id")?,
        number: r.get("number")?,
        state: r.get("state")?,
        written_by: r.get("written_by")?,
        written_at: r.get("written_at")?,
        approved,
        version: r.get("version")?,
    })
}

/// Sheets that the reader may see, newest year first: planners see drafts, others what is approved.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Listed>> {
    let rows = conn
        .rows(
            sql("select s.id, s.origin, s.year, s.name, s.made_from, s.upload_id, v.id as vid, v.number, v.state,
                        v.written_by, v.written_at, v.approved_by, v.approved_at, v.version,
                        (select max(a.number) from programme_version a where a.sheet_id = s.id and a.state = 'approved') as approved
                   from programme_sheet s
                   join programme_version v on v.sheet_id = s.id
                    and v.number = (select max(w.number) from programme_version w
                                     where w.sheet_id = s.id and (w.state = 'approved' or :plans))
                  where s.municipality_id = :m
                  order by s.origin desc, s.year desc, s.name, s.id limit :limit")
                .bind("m", ctx.municipality)
                .bind("plans", rules::plans(ctx))
                .bind("limit", LISTED),
        )
        .await?;
    rows.iter()
        .map(|r| {
            let mut version = read_version(r)?;
            version.id = r.get("vid")?;
            Ok(Listed {
                sheet: read_sheet(r)?,
                version,
                approved: r.opt("approved")?,
            })
        })
        .collect()
}

/// One sheet.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn sheet(conn: &mut Conn, ctx: &Ctx, id: SheetId) -> Result<Sheet> {
    let row = conn
        .one(
            sql(SHEET)
                .push("where s.id = :id and s.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    read_sheet(&row)
}

/// This municipality's own sheet of a year, if there is one.
///
/// # Errors
/// The database refuses.
pub async fn own(conn: &mut Conn, ctx: &Ctx, year: FiscalYear) -> Result<Option<Sheet>> {
    conn.row(
        sql(SHEET)
            .push("where s.municipality_id = :m and s.origin = 'own' and s.year = :year")
            .bind("m", ctx.municipality)
            .bind("year", i64::from(year.year())),
    )
    .await?
    .map(|r| read_sheet(&r))
    .transpose()
}

/// A version of a sheet that the reader may see; without a number the newest of those.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn version(
    conn: &mut Conn,
    ctx: &Ctx,
    sheet: SheetId,
    number: Option<i64>,
) -> Result<Version> {
    let q = sql(VERSION)
        .push("where v.sheet_id = :sheet and (v.state = 'approved' or :plans) and (v.number = :number or :newest)
               order by v.number desc limit 1")
        .bind("sheet", sheet)
        .bind("plans", rules::plans(ctx))
        .bind("number", number.unwrap_or_default())
        .bind("newest", number.is_none());
    read_version(&conn.one(q).await?)
}

/// The newest version, whoever asks: what the next change is made on.
///
/// # Errors
/// The database refuses.
pub async fn newest(conn: &mut Conn, sheet: SheetId) -> Result<Version> {
    let q = sql(VERSION)
        .push("where v.sheet_id = :sheet order by v.number desc limit 1")
        .bind("sheet", sheet);
    read_version(&conn.one(q).await?)
}

/// The newest approved version, if any.
///
/// # Errors
/// The database refuses.
pub async fn newest_approved(conn: &mut Conn, sheet: SheetId) -> Result<Option<Version>> {
    let q = sql(VERSION)
        .push("where v.sheet_id = :sheet and v.state = 'approved' order by v.number desc limit 1")
        .bind("sheet", sheet);
    conn.row(q).await?.map(|r| read_version(&r)).transpose()
}

/// All versions that the reader may see, newest first.
///
/// # Errors
/// The database refuses.
pub async fn versions(conn: &mut Conn, ctx: &Ctx, sheet: SheetId) -> Result<Vec<Version>> {
    conn.rows(
        sql(VERSION)
            .push("where v.sheet_id = :sheet and (v.state = 'approved' or :plans) order by v.number desc limit :limit")
            .bind("sheet", sheet)
            .bind("plans", rules::plans(ctx))
            .bind("limit", VERSIONS),
    )
    .await?
    .iter()
    .map(read_version)
    .collect()
}

/// Everything a version says. Two statements.
///
/// # Errors
/// The database refuses.
pub async fn content(conn: &mut Conn, version: VersionId) -> Result<Content> {
    let blocks = conn
        .rows(
            sql("select block, state, start, note, version, saved_by, saved_at from programme_block where version_id = :id")
                .bind("id", version),
        )
        .await?
        .iter()
        .map(|r| Ok((r.get::<Block>("block")?, read_block(r)?)))
        .collect::<Result<BTreeMap<_, _>>>()?;
    let fields = conn
        .rows(
            sql("select field, text, state, number, unit, as_of, note, raw, doubt from programme_field where version_id = :id")
                .bind("id", version),
        )
        .await?
        .iter()
        .map(|r| Ok((r.get::<Field>("field")?, read_field(r)?)))
        .collect::<Result<BTreeMap<_, _>>>()?;
    Ok(Content { blocks, fields })
}

fn read_block(r: &Row) -> Result<BlockRecord> {
    Ok(BlockRecord {
        state: r.get("state")?,
        start: r.get("start")?,
        note: r.get("note")?,
        version: r.get("version")?,
        saved_by: r.get("saved_by")?,
        saved_at: r.get("saved_at")?,
    })
}

fn read_field(r: &Row) -> Result<FieldValue> {
    Ok(FieldValue {
        text: r.get("text")?,
        state: r.get("state")?,
        number: r.get("number")?,
        unit: r.get("unit")?,
        as_of: r.opt("as_of")?,
        note: r.get("note")?,
        raw: r.get("raw")?,
        doubt: r.get("doubt")?,
    })
}

/// Last year's targets and actuals as an approval kept them (JSON of [`crate::results::Results`]).
///
/// # Errors
/// The database refuses.
pub(crate) async fn results(conn: &mut Conn, version: VersionId) -> Result<Option<String>> {
    conn.one(sql("select results from programme_version where id = :id").bind("id", version))
        .await?
        .opt("results")
}

/// What the reader may see of a sheet: the version and its content, single persons left out for
/// everybody but the planners.
///
/// # Errors
/// [`Error::NotFound`] when there is no such sheet or version, or none for this reader.
pub async fn shown(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SheetId,
    number: Option<i64>,
) -> Result<(Sheet, Version, Content)> {
    let sheet = sheet(conn, ctx, id).await?;
    let version = version(conn, ctx, id, number).await?;
    let content = content(conn, version.id).await?;
    let content = if rules::plans(ctx) {
        content
    } else {
        content.for_public()
    };
    Ok((sheet, version, content))
}

/// Whether the reader may see a version of whatever sheet of this municipality.
///
/// # Errors
/// [`Error::NotFound`] when there is none for this reader.
pub async fn may_read_version(conn: &mut Conn, ctx: &Ctx, id: VersionId) -> Result<()> {
    conn.one(
        sql(
            "select v.id from programme_version v join programme_sheet s on s.id = v.sheet_id
              where v.id = :id and s.municipality_id = :m and (v.state = 'approved' or :plans)",
        )
        .bind("id", id)
        .bind("m", ctx.municipality)
        .bind("plans", rules::plans(ctx)),
    )
    .await
    .map(drop)
}

/// The sheet of a version.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn of_version(conn: &mut Conn, ctx: &Ctx, id: VersionId) -> Result<Sheet> {
    let row = conn
        .one(
            sql(SHEET)
                .push("join programme_version v on v.sheet_id = s.id where v.id = :id and s.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    read_sheet(&row)
}

/// Last year's own sheet as it stands, approved before drafted, to compare with.
///
/// # Errors
/// The database refuses.
pub async fn last_year(
    conn: &mut Conn,
    ctx: &Ctx,
    year: FiscalYear,
) -> Result<Option<(Sheet, Content)>> {
    let Some((sheet, version)) = last_years_version(conn, ctx, year).await? else {
        return Ok(None);
    };
    let content = content(conn, version.id).await?;
    Ok(Some((sheet, content)))
}

/// The version of last year's own sheet that this year's is compared with and copied from.
///
/// # Errors
/// The database refuses.
pub async fn last_years_version(
    conn: &mut Conn,
    ctx: &Ctx,
    year: FiscalYear,
) -> Result<Option<(Sheet, Version)>> {
    let Ok(before) = FiscalYear::try_from(year.year() - 1) else {
        return Ok(None);
    };
    let Some(sheet) = own(conn, ctx, before).await? else {
        return Ok(None);
    };
    let version = match newest_approved(conn, sheet.id).await? {
        Some(version) => version,
        None if rules::plans(ctx) => newest(conn, sheet.id).await?,
        None => return Ok(None),
    };
    Ok(Some((sheet, version)))
}

/// Whether a sheet may be written: the municipality's own, by a planner.
///
/// # Errors
/// The sentence that says why not.
pub fn need_own(ctx: &Ctx, sheet: &Sheet) -> Result<()> {
    rules::need_planner(ctx)?;
    match sheet.origin {
        Origin::Own => Ok(()),
        Origin::Other => Err(Error::Invalid(
            "ほかの自治体の計画書は、比べるためのものなので書き換えられません。".into(),
        )),
    }
}

/// Whether this version is the one that the next change is made on, and it is still a draft.
#[must_use]
pub fn is_draft(version: &Version) -> bool {
    version.state == VersionState::Draft
}
