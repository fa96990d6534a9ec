//! Making sheets: empty, from last year's, from a read text. What the screens, the API, `engawa init`
//! and the demo share.

use engawa_kernel::{
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    text::fiscal::FiscalYear,
};

use crate::{
    files,
    form::{self, Block, Field},
    model::{BlockInput, FieldValue, MadeFrom, Origin, SheetId, UploadId},
    rules,
    store::{
        sheet, upload,
        write::{self, NewSheet},
    },
};

/// Makes this municipality's sheet of a year: empty, or with last year's text.
///
/// # Errors
/// [`Error::Invalid`] when there is one already, or no sheet of the year before to copy.
pub async fn make(tx: &mut Tx, ctx: &Ctx, year: FiscalYear, from: MadeFrom) -> Result<SheetId> {
    rules::need_planner(ctx)?;
    let mut new = NewSheet {
        origin: Origin::Own,
        year,
        name: ctx.municipality_name.clone(),
        made_from: from,
        upload: None,
        fields: vec![(
            Field::Municipality,
            FieldValue::written(Field::Municipality, &ctx.municipality_name),
        )],
        states: Vec::new(),
    };
    if from == MadeFrom::Copy {
        let (_, last) = sheet::last_year(tx, ctx, year).await?.ok_or_else(|| {
            Error::Invalid(format!(
                "{}の前の年度の計画書がないため、写せません。「空の様式から始める」を選ぶか、ファイルを読み取ってください。",
                year.label()
            ))
        })?;
        // What nobody had confirmed last year still has to be looked at.
        new.fields = last.fields.into_iter().collect();
        new.states = last
            .blocks
            .into_iter()
            .map(|(block, record)| (block, record.state))
            .collect();
    }
    let id = write::begin(tx, ctx, &new).await?;
    if from == MadeFrom::Copy
        && let Some((_, last)) = sheet::last_years_version(tx, ctx, year).await?
    {
        let first = sheet::newest(tx, id).await?;
        files::carry_on(tx, ctx, last.id, first.id).await?;
    }
    Ok(id)
}

/// Makes a sheet out of an upload that somebody has looked through. `sure` are the doubtful fields
/// that they confirmed; the others keep their doubt. When this municipality already has a sheet for
/// that year, what was read becomes its next draft.
///
/// # Errors
/// [`Error::Changed`] when the upload already became a sheet.
pub async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    id: UploadId,
    origin: Origin,
    year: FiscalYear,
    sure: &[Field],
) -> Result<SheetId> {
    rules::need_planner(ctx)?;
    let (_, brought) = upload::one(tx, ctx, id).await?;
    let mut read = form::of_sheet(&brought.parsed);
    for (field, value) in &mut read.fields {
        if sure.contains(field) || origin == Origin::Other {
            value.doubt.clear();
        }
    }
    let known = match origin {
        Origin::Own => sheet::own(tx, ctx, year).await?,
        Origin::Other => None,
    };
    let made = match known {
        Some(known) => {
            overwrite(tx, ctx, known.id, &read).await?;
            known.id
        }
        None => {
            let name = match origin {
                Origin::Own => ctx.municipality_name.clone(),
                Origin::Other => brought
                    .parsed
                    .municipality
                    .clone()
                    .or_else(|| brought.parsed.prefecture.clone())
                    .unwrap_or_else(|| brought.file_name.clone()),
            };
            let new = NewSheet {
                origin,
                year,
                name,
                made_from: MadeFrom::Upload,
                upload: Some(id),
                fields: read.fields,
                states: read.states,
            };
            write::begin(tx, ctx, &new).await?
        }
    };
    upload::became(tx, id, made).await?;
    Ok(made)
}

/// What was read, block by block, over what stands there; the old text stays in the history.
async fn overwrite(tx: &mut Tx, ctx: &Ctx, id: SheetId, read: &form::Read) -> Result<()> {
    let known = sheet::sheet(tx, ctx, id).await?;
    for block in Block::ALL {
        let newest = sheet::newest(tx, id).await?;
        let content = sheet::content(tx, newest.id).await?;
        let record = content.blocks.get(&block).ok_or(Error::NotFound)?;
        let state = read
            .states
            .iter()
            .find(|(b, _)| *b == block)
            .map_or(record.state, |(_, state)| *state);
        let input = BlockInput {
            state,
            start: record.start.clone(),
            note: record.note.clone(),
            fields: read
                .fields
                .iter()
                .filter(|(field, _)| field.block() == block)
                .cloned()
                .collect(),
        };
        write::save_block(tx, ctx, &known, block, &input, record.version).await?;
    }
    Ok(())
}
