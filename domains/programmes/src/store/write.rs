//! Making sheets, saving blocks, approving. Each takes the sheet first, so that two people who save
//! at once do so one after the other.

use engawa_indicators::store::actual::Counter;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::{change, sheet};
use crate::{
    files,
    form::{Block, Field},
    model::{
        BlockInput, BlockState, FieldValue, MadeFrom, Origin, Sheet, SheetId, UploadId, Version,
        VersionId, VersionState,
    },
    results, rules,
};

/// A sheet to be made.
#[derive(Debug, Clone)]
pub struct NewSheet {
    /// Whose.
    pub origin: Origin,
    /// 年度
    pub year: FiscalYear,
    /// 縁側市
    pub name: String,
    /// How it begins.
    pub made_from: MadeFrom,
    /// The text it was read from.
    pub upload: Option<UploadId>,
    /// What it says at first.
    pub fields: Vec<(Field, FieldValue)>,
    /// Where its programmes stand.
    pub states: Vec<(Block, BlockState)>,
}

/// Makes a sheet with its first version, a draft. Another municipality's is approved at once: nobody
/// writes it here.
///
/// # Errors
/// [`Error::Invalid`] when this municipality already has a sheet for that year.
pub async fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewSheet) -> Result<SheetId> {
    if new.origin == Origin::Own && sheet::own(tx, ctx, new.year).await?.is_some() {
        return Err(Error::Invalid(format!(
            "{}の実施計画書は、すでにあります。一覧から開いてください。",
            new.year.label()
        )));
    }
    let (id, version) = (SheetId::new(), VersionId::new());
    tx.exec(
        sql("insert into programme_sheet (id, municipality_id, origin, year, name, made_from, upload_id, saves, created_by, created_at)
             values (:id, :m, :origin, :year, :name, :from, :upload, 1, :staff, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("origin", new.origin)
            .bind("year", i64::from(new.year.year()))
            .bind("name", new.name.as_str())
            .bind("from", new.made_from)
            .bind("upload", new.upload)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    let state = match new.origin {
        Origin::Own => VersionState::Draft,
        Origin::Other => VersionState::Approved,
    };
    insert_version(tx, ctx, id, version, 1, state).await?;
    for block in Block::ALL {
        let state = new
            .states
            .iter()
            .find(|(known, _)| *known == block)
            .map_or(BlockState::Absent, |(_, state)| *state);
        tx.exec(
            sql("insert into programme_block (version_id, block, state, start, note, version, saved_by, saved_at)
                 values (:id, :block, :state, '', '', 1, :staff, :now)")
                .bind("id", version)
                .bind("block", block)
                .bind("state", state)
                .bind("staff", ctx.actor.staff)
                .bind("now", ctx.now()),
        )
        .await?;
    }
    for (field, value) in &new.fields {
        if *value != FieldValue::default() {
            put(tx, version, *field, value).await?;
        }
    }
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.sheet_made").detail(json!({
            "sheet": id, "year": new.year.year(), "origin": new.origin, "from": new.made_from
        })),
    )
    .await?;
    Ok(id)
}

async fn insert_version(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: SheetId,
    id: VersionId,
    number: i64,
    state: VersionState,
) -> Result<()> {
    tx.exec(
        sql("insert into programme_version (id, sheet_id, number, state, written_by, written_at, version)
             values (:id, :sheet, :number, :state, :staff, :now, 1)")
            .bind("id", id)
            .bind("sheet", sheet)
            .bind("number", number)
            .bind("state", state)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}

async fn put(tx: &mut Tx, version: VersionId, field: Field, value: &FieldValue) -> Result<()> {
    tx.exec(
        sql("insert into programme_field (version_id, field, text, state, number, unit, as_of, note, raw, doubt)
             values (:id, :field, :text, :state, :number, :unit, :as_of, :note, :raw, :doubt)
             on conflict (version_id, field) do update set text = excluded.text, state = excluded.state,
                number = excluded.number, unit = excluded.unit, as_of = excluded.as_of, note = excluded.note,
                raw = excluded.raw, doubt = excluded.doubt")
            .bind("id", version)
            .bind("field", field)
            .bind("text", value.text.as_str())
            .bind("state", value.state)
            .bind("number", value.number.as_str())
            .bind("unit", value.unit.as_str())
            .bind("as_of", value.as_of)
            .bind("note", value.note.as_str())
            .bind("raw", value.raw.as_str())
            .bind("doubt", value.doubt.as_str()),
    )
    .await?;
    Ok(())
}

/// Takes the sheet for this transaction: whoever else writes it waits.
async fn take(tx: &mut Tx, sheet: SheetId) -> Result<Version> {
    tx.exec_versioned(
        sql("update programme_sheet set saves = saves + 1 where id = :id").bind("id", sheet),
    )
    .await?;
    sheet::newest(tx, sheet).await
}

/// Saves a block on top of the version of it that the writer saw. On an approved sheet this makes
/// the next version.
///
/// # Errors
/// [`Error::Changed`] when somebody saved the block in between; [`Error::Forbidden`] for who does
/// not plan.
pub async fn save_block(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    block: Block,
    input: &BlockInput,
    seen: i64,
) -> Result<()> {
    sheet::need_own(ctx, sheet)?;
    let newest = take(tx, sheet.id).await?;
    let content = sheet::content(tx, newest.id).await?;
    let known = content.blocks.get(&block).ok_or(Error::NotFound)?;
    if known.version != seen {
        return Err(Error::Changed);
    }
    let version = match newest.state {
        VersionState::Draft => newest.id,
        VersionState::Approved => next_version(tx, ctx, sheet.id, &newest).await?,
    };
    let mut changed = Vec::new();
    for (field, value) in &input.fields {
        if field.block() != block {
            return Err(Error::NotFound);
        }
        let before = content.fields.get(field).cloned().unwrap_or_default();
        if before == *value {
            continue;
        }
        if before.text != value.text && !before.text.is_empty() {
            change::keep(tx, ctx, version, *field, &before.text).await?;
        }
        put(tx, version, *field, value).await?;
        changed.push(field.as_code());
    }
    tx.exec_versioned(
        sql("update programme_block set state = :state, start = :start, note = :note, version = version + 1,
                    saved_by = :staff, saved_at = :now
              where version_id = :id and block = :block and version = :seen")
            .bind("state", if block.is_programme() { input.state } else { BlockState::Absent })
            .bind("start", input.start.as_str())
            .bind("note", input.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", version)
            .bind("block", block)
            .bind("seen", seen),
    )
    .await?;
    written(tx, ctx, version).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.block_saved").detail(json!({
            "sheet": sheet.id, "version": version, "block": block, "fields": changed
        })),
    )
    .await
}

/// Notes who wrote a version last: who approves must have seen it, and be somebody else.
async fn written(tx: &mut Tx, ctx: &Ctx, version: VersionId) -> Result<()> {
    tx.exec(
        sql("update programme_version set written_by = :staff, written_at = :now, version = version + 1 where id = :id")
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", version),
    )
    .await?;
    Ok(())
}

/// The draft of a sheet, to change what is attached to it; counts as writing it.
///
/// # Errors
/// [`Error::Invalid`] when the newest version is approved; [`Error::Forbidden`] for who does not plan.
pub async fn open_draft(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<VersionId> {
    sheet::need_own(ctx, sheet)?;
    let newest = take(tx, sheet.id).await?;
    if newest.state == VersionState::Approved {
        return Err(Error::Invalid(format!(
            "第{}版は承認済みなので、別紙・図も変わりません。どこかの欄を直して保存すると第{}版の下書きができ、そこで付け外しができます。",
            newest.number,
            newest.number + 1
        )));
    }
    written(tx, ctx, newest.id).await?;
    Ok(newest.id)
}

/// The next version, saying what the approved one says.
async fn next_version(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: SheetId,
    before: &Version,
) -> Result<VersionId> {
    let id = VersionId::new();
    insert_version(tx, ctx, sheet, id, before.number + 1, VersionState::Draft).await?;
    tx.exec(
        sql("insert into programme_block (version_id, block, state, start, note, version, saved_by, saved_at)
             select :id, block, state, start, note, version, saved_by, saved_at from programme_block where version_id = :old")
            .bind("id", id)
            .bind("old", before.id),
    )
    .await?;
    tx.exec(
        sql("insert into programme_field (version_id, field, text, state, number, unit, as_of, note, raw, doubt)
             select :id, field, text, state, number, unit, as_of, note, raw, doubt from programme_field where version_id = :old")
            .bind("id", id)
            .bind("old", before.id),
    )
    .await?;
    files::carry_on(tx, ctx, before.id, id).await?;
    Ok(id)
}

/// Approves the version that the actor saw.
///
/// # Errors
/// [`Error::Changed`] when somebody saved in between; otherwise the sentence of [`rules::approve`].
pub async fn approve(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, number: i64, seen: i64) -> Result<()> {
    sheet::need_own(ctx, sheet)?;
    let newest = take(tx, sheet.id).await?;
    if newest.number != number {
        return Err(Error::Changed);
    }
    let doubts = sheet::content(tx, newest.id).await?.doubts();
    rules::approve(&newest, ctx.actor.staff, doubts)?;
    let counted = results::count(tx, ctx, sheet, &mut Counter::exact()).await?;
    tx.exec_versioned(
        sql("update programme_version set state = :state, results = :results, approved_by = :staff, approved_at = :now, version = version + 1
              where id = :id and version = :seen")
            .bind("state", VersionState::Approved)
            .bind("results", serde_json::to_string(&counted)?)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", newest.id)
            .bind("seen", seen),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.approved").detail(json!({ "sheet": sheet.id, "number": number })),
    )
    .await
}
