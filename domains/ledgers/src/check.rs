//! Looking at every row before anything is taken in: what the preview shows is what the run does.

use std::collections::{BTreeMap, HashSet};

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
    fields::{self, FIELDS},
    model::{Choice, Entry, Import, LineState},
    read::{Reader, text::folded},
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
    let mut columns = columns.collect();
    by_group(headers, &mut columns);
    Choice {
        columns,
        blank_is_closed: true,
        one_person: true,
        ..Choice::default()
    }
}

/// 「相談者」 over 「氏名」 and 「フリガナ」: the kana stand under another name, and where nobody else is
/// named but an age or a sex, the one who came is the one whom it is about.
fn by_group(headers: &[String], columns: &mut BTreeMap<String, usize>) {
    let taken: Vec<usize> = columns.values().copied().collect();
    let kana = headers.iter().enumerate().find(|(place, header)| {
        let header = folded(header);
        !taken.contains(place)
            && ["フリガナ", "ふりがな", "カナ"]
                .iter()
                .any(|word| header.ends_with(word))
    });
    if let (false, Some((place, _))) = (columns.contains_key(fields::KANA), kana) {
        columns.insert(fields::KANA.to_owned(), place);
    }
    let told = [fields::KANA, fields::BIRTH, fields::AGE, fields::SEX]
        .iter()
        .any(|key| columns.contains_key(*key));
    if told
        && !columns.contains_key(fields::NAME)
        && let Some(place) = columns.remove(fields::CONSULTER)
    {
        columns.insert(fields::NAME.to_owned(), place);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_who_came_is_the_person_where_nobody_else_is_named() {
        let of = |headers: &[&str]| {
            let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
            proposed(&headers).columns
        };
        let alone = of(&["受付日", "相談者 氏名", "相談者 ﾌﾘｶﾞﾅ", "年齢"]);
        assert_eq!(alone.get(fields::NAME), Some(&1));
        assert_eq!(alone.get(fields::KANA), Some(&2));
        assert_eq!(alone.get(fields::CONSULTER), None);
        let both = of(&["受付日", "本人氏名", "相談者", "年齢"]);
        assert_eq!(both.get(fields::NAME), Some(&1));
        assert_eq!(both.get(fields::CONSULTER), Some(&2));
        let nobody = of(&["受付日", "相談者", "内容"]);
        assert_eq!(nobody.get(fields::CONSULTER), Some(&1));
    }
}
