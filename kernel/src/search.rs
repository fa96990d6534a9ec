//! The one search box: names, telephone numbers, case numbers and words said, in rooms that the
//! actor has a key to. Nothing else is found, not even as a count.
//!
//! Every text is stored beside its *key*: a name by sound and common kanji, a phone by its digits,
//! running text by [`kana::text_key`]. That commits with the record; the index, which holds pieces of
//! the keys and marks of who may look, follows within a second (`turn`). A search (`find`) takes
//! candidates from the index newest first, looks through what the index does not know yet as well,
//! checks each against its key and against [`access::VISIBLE`](crate::access::VISIBLE) in one
//! statement, and stops as soon as it has enough.
//!
//! Short keys (names, numbers) are indexed by all pieces of one to four signs, so that nearly every
//! search reads one posting list however large the city is; running text by pairs of signs and by
//! single kanji.

mod find;
mod query;
mod turn;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use find::{find, shown_name};
pub use query::{MAX_QUERY, MAX_TERMS, Query};
pub(crate) use turn::keys_changed;
pub use turn::{turn, turn_all};

use crate::{
    access::RoomKind,
    context::Ctx,
    db::{Dialect, Tx, sql},
    error::Result,
    id::RoomId,
    text::{kana, name, phone, truncate_graphemes},
};

/// What a piece of searchable text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// 氏名・カナ・旧姓・通称: one document for each name of a person, whose id is the source; the
    /// first put is the one that a person is called by ([`shown_name`]).
    Name,
    /// 電話番号. Never of a protected person.
    Phone,
    /// 相R8-00123
    Number,
    /// 相談の言葉
    Words,
    /// 支援経過
    Contact,
}

impl DocKind {
    /// As stored.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Number => "number",
            Self::Words => "words",
            Self::Contact => "contact",
        }
    }
    /// From storage.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Name,
            Self::Phone,
            Self::Number,
            Self::Words,
            Self::Contact,
        ]
        .into_iter()
        .find(|k| k.as_code() == code)
    }
    /// Running text; the others are short.
    const fn is_long(self) -> bool {
        matches!(self, Self::Words | Self::Contact)
    }
    fn key(self, text: &str) -> String {
        match self {
            Self::Name => name::part_keys(truncate_graphemes(text, MAX_SHORT)).join(" "),
            Self::Phone => phone::digits(truncate_graphemes(text, MAX_SHORT)),
            Self::Number => query::number_key(truncate_graphemes(text, MAX_SHORT)),
            Self::Words | Self::Contact => kana::text_key(text),
        }
    }
}
crate::code_column!(DocKind);

/// Signs of a name or number that are searched; the rest of a longer one is not.
const MAX_SHORT: usize = 100;
/// Signs that a hit shows.
const MAX_SHOWN: usize = 200;

/// A text to be found.
#[derive(Debug, Clone)]
pub struct Doc<'a> {
    /// In which room it may be found.
    pub room: RoomId,
    /// What it is.
    pub kind: DocKind,
    /// The record that it stands in (person, contact, room).
    pub source: Uuid,
    /// When that happened; what is put later counts as newer.
    pub at: DateTime<Utc>,
    /// What a hit shows, at most 200 characters, nothing protected.
    pub shown: &'a str,
    /// What is searched, as typed; nothing protected.
    pub text: &'a str,
}

/// Something found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Hit {
    /// In which room.
    pub room: RoomId,
    /// Consultation or case.
    pub room_kind: RoomKind,
    /// The room's number.
    pub number: String,
    /// What matched.
    pub kind: DocKind,
    /// The record that it stands in.
    pub source: Uuid,
    /// What to show.
    pub shown: String,
    /// Why it was found, in Japanese.
    pub reason: String,
    /// When that happened.
    pub at: DateTime<Utc>,
}

/// Adds a text to the index, in the transaction of the record that it stands in. One record may
/// have several; to replace them, [`remove`] first.
///
/// # Errors
/// The database refuses.
pub async fn put(tx: &mut Tx, ctx: &Ctx, doc: Doc<'_>) -> Result<()> {
    put_many(tx, ctx, std::slice::from_ref(&doc)).await
}

/// Adds many texts. They are found at once; the index knows them a second later ([`turn`]).
///
/// # Errors
/// The database refuses.
pub async fn put_many(tx: &mut Tx, _: &Ctx, docs: &[Doc<'_>]) -> Result<()> {
    for doc in docs {
        let key = doc.kind.key(doc.text);
        if key.is_empty() {
            continue;
        }
        // A name as typed tells why it was found; of the others the key does.
        let said = match doc.kind {
            DocKind::Name => truncate_graphemes(doc.text, MAX_SHORT),
            _ => "",
        };
        tx.exec(
            sql(
                "insert into search_doc (room_id, kind, source_id, at, said, shown, key)
                 values (:room, :kind, :source, :at, :said, :shown, :key)",
            )
            .bind("room", doc.room)
            .bind("kind", doc.kind)
            .bind("source", doc.source)
            .bind("at", doc.at)
            .bind("said", said.replace('\0', ""))
            .bind(
                "shown",
                truncate_graphemes(doc.shown, MAX_SHOWN).replace('\0', ""),
            )
            .bind("key", key),
        )
        .await?;
    }
    Ok(())
}

/// Takes the texts of a record out of the index: of one room, or of all rooms.
///
/// # Errors
/// The database refuses.
pub async fn remove(tx: &mut Tx, kind: DocKind, source: Uuid, room: Option<RoomId>) -> Result<()> {
    let of = |text: &'static str| {
        let q = sql(text).bind("source", source).bind("kind", kind);
        match room {
            Some(room) => q.slot("{room}", "and room_id = :room").bind("room", room),
            None => q.slot("{room}", ""),
        }
    };
    if tx.dialect() == Dialect::Sqlite {
        tx.exec(of(if kind.is_long() {
            "delete from search_long where rowid in (select id from search_doc where source_id = :source and kind = :kind {room})"
        } else {
            "delete from search_short where rowid in (select id from search_doc where source_id = :source and kind = :kind {room})"
        }))
        .await?;
    }
    tx.exec(of(
        "delete from search_doc where source_id = :source and kind = :kind {room}",
    ))
    .await?;
    Ok(())
}
