//! Taking a sheet in. The trial before the confirmation is the import itself in a transaction that
//! is then given up, so what the preview says is what will happen.

use engawa_kernel::{context::Ctx, db::Tx, error::Result, form::Form};
use engawa_sheets::{Cell, Mapping, RowError, Table, TableRow};
use serde::{Deserialize, Serialize};

use crate::{
    choices::Choices,
    draw,
    field::{Record, Source, Values},
    read,
    registers::Register,
};

/// Rows that one file may have.
pub(crate) const MAX_ROWS: usize = 3_000;

/// A table as kept between upload and confirmation.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    headers: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Kept {
    /// From a table as read.
    pub(crate) fn of(table: &Table) -> Self {
        Self {
            headers: table.headers.clone(),
            rows: table
                .rows
                .iter()
                .map(|r| (r.number, r.cells.iter().map(Cell::as_text).collect()))
                .collect(),
        }
    }
    /// As a table again.
    pub(crate) fn table(self) -> Table {
        Table {
            headers: self.headers,
            header_row: 1,
            rows: self
                .rows
                .into_iter()
                .map(|(number, cells)| TableRow {
                    number,
                    cells: cells.into_iter().map(Cell::text).collect(),
                })
                .collect(),
        }
    }
}

/// What an import did, or would do.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Records that are new.
    pub new: usize,
    /// Records that change.
    pub changed: usize,
    /// Rows that say what is stored already.
    pub same: usize,
    /// Why the others were refused.
    pub errors: Vec<RowError>,
    /// Rows refused.
    pub refused: usize,
    /// What is new or changes, in the order of the sheet.
    pub taken: Vec<Taken>,
}

/// One row that is, or would be, taken in.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Row of the sheet.
    pub row: usize,
    /// What the record is called; its code where it has no name.
    pub name: String,
    /// Labels of the fields that change; none for a new record.
    pub changes: Option<Vec<&'static str>>,
}

/// Which columns fill which fields.
pub(crate) fn mapping(register: Register, table: &Table) -> Mapping {
    let columns: Vec<_> = register.spec().fields.iter().map(|f| f.column()).collect();
    let columns: Vec<_> = columns.iter().collect();
    Mapping::by_headers(&table.headers, &columns)
}

enum Step {
    Taken(Taken),
    Same,
    Refused(Vec<RowError>),
}

/// Takes the rows in, in the caller's transaction. A row may point to one further down: rows that
/// fail are tried again as long as others succeed.
pub(crate) async fn run(
    tx: &mut Tx,
    ctx: &Ctx,
    register: Register,
    table: &Table,
) -> Result<Outcome> {
    let mapping = mapping(register, table);
    let mut choices = register.choices(tx, ctx).await?;
    let mut outcome = Outcome::default();
    let mut waiting: Vec<_> = mapping.rows(table).collect();
    loop {
        let mut errors = Vec::new();
        let mut left = Vec::new();
        let before = waiting.len();
        for row in waiting {
            match take(tx, ctx, register, &mapping, &row, &mut choices).await? {
                Step::Taken(taken) => {
                    match taken.changes {
                        None => outcome.new += 1,
                        Some(_) => outcome.changed += 1,
                    }
                    outcome.taken.push(taken);
                }
                Step::Same => outcome.same += 1,
                Step::Refused(why) => {
                    errors.extend(why);
                    left.push(row);
                }
            }
        }
        if left.is_empty() || left.len() == before {
            outcome.refused = left.len();
            outcome.errors = errors;
            outcome.taken.sort_by_key(|t| t.row);
            return Ok(outcome);
        }
        waiting = left;
    }
}

async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    register: Register,
    mapping: &Mapping,
    row: &engawa_sheets::Row<'_>,
    choices: &mut Choices,
) -> Result<Step> {
    let fields = register.spec().fields;
    let has = |key: &str| mapping.index(key).is_some();
    let refused = |form: &Form| {
        form.errors()
            .iter()
            .map(|e| RowError {
                row: row.number(),
                column: Some(e.label.clone()),
                message: e.message.clone(),
            })
            .collect()
    };
    let mut form = read::form_of_row(row, fields, has, None);
    let first = read::read(&mut form, fields, choices, ctx.today());
    if let Some(number) = namesake(register, &first, choices) {
        return Ok(Step::Refused(vec![RowError {
            row: row.number(),
            column: Some("職員番号".into()),
            message: format!(
                "同じ氏名の職員が登録されています(職員番号 {number})。同じ人ならその番号を、別の人なら新しい番号を入れてください。"
            ),
        }]));
    }
    let existing = register.existing(tx, ctx, &first, choices).await?;
    let Some(id) = existing else {
        let mut values = first;
        register
            .check(tx, ctx, None, &mut values, choices, &mut form)
            .await?;
        if form.has_errors() {
            return Ok(Step::Refused(refused(&form)));
        }
        register.save(tx, ctx, None, &values, choices).await?;
        return Ok(taken(row, &values, None));
    };
    let record: Record = register.get(tx, ctx, id).await?;
    let mut form = read::form_of_row(row, fields, has, Some(&record));
    let mut values = read::read(&mut form, fields, choices, ctx.today());
    if values.text("code").is_empty() && !record.get("code").is_empty() {
        values.set("code", record.get("code").to_owned());
    }
    let mut stored = draw::form_of(&record, fields, ctx.calendar);
    let stored = read::read(&mut stored, fields, choices, ctx.today());
    if !form.has_errors() && stored == values {
        return Ok(Step::Same);
    }
    register
        .check(tx, ctx, Some(id), &mut values, choices, &mut form)
        .await?;
    if form.has_errors() {
        return Ok(Step::Refused(refused(&form)));
    }
    register
        .save(tx, ctx, Some((id, record.version)), &values, choices)
        .await?;
    let changes = fields
        .iter()
        .filter(|f| {
            stored.all(f.key) != values.all(f.key) || stored.rows(f.key) != values.rows(f.key)
        })
        .map(|f| f.label)
        .collect();
    Ok(taken(row, &values, Some(changes)))
}

fn taken(
    row: &engawa_sheets::Row<'_>,
    values: &Values,
    changes: Option<Vec<&'static str>>,
) -> Step {
    let name = ["name", "code"]
        .map(|key| values.text(key))
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned();
    Step::Taken(Taken {
        row: row.number(),
        name,
        changes,
    })
}

/// The number of somebody of the same name, when a row of staff says none: two people may share a
/// name, and one must not overwrite the other.
fn namesake(register: Register, row: &Values, choices: &Choices) -> Option<String> {
    if register != Register::Staff || !row.text("code").is_empty() {
        return None;
    }
    choices
        .list(Source::Staff)
        .iter()
        .find(|c| c.name == row.text("name") && c.code != c.id.to_string())
        .map(|c| c.code.clone())
}
