//! Looking at every row before anything is taken in: what the preview shows is what the run does.

use std::collections::HashSet;

use engawa_kernel::{
    audit::{self, Entry as Log},
    context::Ctx,
    error::Result,
    text::name::search_key,
};
use engawa_organisations::codes::{self, CodeList};
use engawa_sheets::Mapping;
use serde_json::json;

use crate::{
    book::{Book, hash},
    fields::FIELDS,
    model::{Choice, Entry, Import, LineState},
    read::Reader,
    store::{self, NewLine},
};

/// Which column probably fills which field, by the labels.
#[must_use]
pub fn proposed(headers: &[String]) -> Choice {
    let all: Vec<_> = FIELDS.iter().collect();
    let mapping = Mapping::by_headers(headers, &all);
    let columns = FIELDS.iter().filter_map(|f| {
        let column = mapping.index(f.key)?;
        Some((f.key.to_owned(), column))
    });
    Choice {
        columns: columns.collect(),
        blank_is_closed: true,
        one_person: true,
        ..Choice::default()
    }
}

/// What a row says, in one hash: the same row again is the same, in whatever file, order or way of
/// writing its dates.
#[must_use]
pub fn signature(entry: &Entry) -> String {
    let birth = entry.birth.to_stored();
    let day = entry.received.to_string();
    hash([
        day.as_str(),
        &search_key(&entry.name),
        &search_key(&entry.kana),
        &birth,
        entry.consulter.trim(),
        entry.words.trim(),
        entry.answer.trim(),
    ])
}

/// Under which a person of one row is found by another; empty where name or birthday are unknown.
#[must_use]
pub fn person_key(entry: &Entry) -> String {
    let name = search_key(&entry.name);
    match entry.birth {
        engawa_kernel::text::birth::BirthDate::Exact(day) if !name.is_empty() => {
            hash([name.as_str(), &day.to_string()])
        }
        _ => String::new(),
    }
}

/// Reads all rows with these columns and keeps what became of them.
///
/// # Errors
/// The import was begun already, or the database refuses.
pub async fn check(ctx: &Ctx, import: &Import, choice: &Choice) -> Result<()> {
    let mut conn = ctx.read().await?;
    let book = store::book(&mut conn, import.id).await?;
    let lists = [
        CodeList::Issue,
        CodeList::Route,
        CodeList::Channel,
        CodeList::Urgency,
    ];
    let labels = codes::load(&mut conn, ctx, &lists).await?;
    let (today, chosen) = (ctx.today(), choice.clone());
    // 8,000 rows are a moment, 200,000 are not: others go on meanwhile.
    let mut lines = tokio::task::spawn_blocking(move || read_all(&book, &chosen, &labels, today))
        .await
        .map_err(|e| engawa_kernel::error::Error::Internal(e.to_string()))?;
    let signatures: Vec<String> = lines.iter().map(|l| l.signature.clone()).collect();
    let known = store::known_signatures(&mut conn, ctx, &signatures).await?;
    drop(conn);
    let mut here = HashSet::new();
    for line in lines.iter_mut().filter(|l| l.state == LineState::Ready) {
        if known.contains(&line.signature) || !here.insert(line.signature.clone()) {
            line.state = LineState::Same;
            line.entry = None;
            line.repairs.clear();
        }
    }
    let mut tx = ctx.write().await?;
    store::choose(&mut tx, ctx, import, choice).await?;
    store::put_lines(&mut tx, import.id, &lines).await?;
    audit::append(
        &mut tx,
        ctx,
        Log::new("ledger.checked")
            .detail(json!({ "import": import.id, "rows": lines.len(), "desk": choice.desk })),
    )
    .await?;
    tx.commit().await
}

fn read_all(
    book: &Book,
    choice: &Choice,
    labels: &codes::Labels,
    today: chrono::NaiveDate,
) -> Vec<NewLine> {
    let mut reader = Reader::new(book, choice, labels, today);
    book.rows
        .iter()
        .map(|row| {
            let reading = reader.row(row);
            NewLine {
                label: book.label(row),
                state: if reading.entry.is_some() {
                    LineState::Ready
                } else {
                    LineState::Refused
                },
                signature: reading.entry.as_ref().map(signature).unwrap_or_default(),
                entry: reading.entry,
                repairs: reading.repairs,
                faults: reading.faults,
            }
        })
        .collect()
}
