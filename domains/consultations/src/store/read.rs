//! Reading one consultation, for this and other domains.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, RoomKey},
    context::Ctx,
    db::{Conn, Row, sql},
    error::Result,
    id::{DeskId, PersonId, PostingId, RoomId},
};
use engawa_people as people;

use crate::{
    model::{ConsultationCard, IssueLine, WhoCame},
    rules::State,
};

/// A consultation as other screens show it. Never says who gave a third-party notice.
///
/// # Errors
/// The room holds no consultation.
pub async fn card(conn: &mut Conn, _: &Ctx, key: &RoomKey) -> Result<ConsultationCard> {
    let row = conn
        .one(
            sql("select c.*, r.number from consultations_consultation c join room r on r.id = c.room_id where c.room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    let mut cards = vec![from_row(&row)?];
    add_issues(conn, &mut cards).await?;
    cards.pop().ok_or(engawa_kernel::error::Error::NotFound)
}

/// The consultations that became this case and that the actor may see, oldest first.
///
/// # Errors
/// The database refuses.
pub async fn of_case(conn: &mut Conn, ctx: &Ctx, case: &RoomKey) -> Result<Vec<ConsultationCard>> {
    let q = sql(
        "select c.*, r.number from consultations_consultation c join room r on r.id = c.room_id
                  where c.case_room_id = :case and",
    )
    .push(access::VISIBLE)
    .push("order by c.received_at, c.room_id limit 100")
    .bind("case", case.room());
    let mut cards = conn
        .rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<Vec<_>>>()?;
    add_issues(conn, &mut cards).await?;
    Ok(cards)
}

fn from_row(r: &Row) -> Result<ConsultationCard> {
    let who: WhoCame = r.get("who")?;
    let slip: bool = r.get("slip")?;
    let hidden = who == WhoCame::Notice;
    let name: String = r.get("consulter_name")?;
    let relation: String = r.get("consulter_relation")?;
    Ok(ConsultationCard {
        room: r.get("room_id")?,
        number: r.get("number")?,
        received_at: r.get("received_at")?,
        received_by: if hidden && slip {
            None
        } else {
            Some(r.get("received_by")?)
        },
        desk: r.get("desk_id")?,
        who,
        slip,
        subject_line: r.get("subject_line")?,
        urgency: r.get("urgency")?,
        emergency: r.get("emergency")?,
        channel: r.get("channel")?,
        route: r.get("route")?,
        words: r.get("words")?,
        consulter: (!(hidden || name.is_empty() && relation.is_empty()))
            .then_some((name, relation)),
        issues: r
            .opt::<String>("main_issue")?
            .map(|code| IssueLine {
                code,
                main: true,
                subjects: vec![],
            })
            .into_iter()
            .collect(),
        compound: r.opt("compound_manual")?.unwrap_or(r.get("compound_auto")?),
        wishes: r.get("wishes")?,
        state: r.get("state")?,
        state_since: r.get("state_since")?,
        case: r.opt("case_room_id")?,
    })
}

async fn add_issues(conn: &mut Conn, cards: &mut [ConsultationCard]) -> Result<()> {
    let rows = conn
        .rows(
            sql("select room_id, code, subject_seq from consultations_issue where room_id in (:rooms) order by room_id, code, subject_seq limit 20000")
                .bind_all("rooms", cards.iter().map(|c| c.room)),
        )
        .await?;
    let mut by_room: BTreeMap<RoomId, BTreeMap<String, Vec<i64>>> = BTreeMap::new();
    for r in &rows {
        let seq: i64 = r.get("subject_seq")?;
        let subjects = by_room
            .entry(r.get("room_id")?)
            .or_default()
            .entry(r.get("code")?)
            .or_default();
        if seq > 0 {
            subjects.push(seq);
        }
    }
    for card in cards {
        let main = card.issues.pop().map(|i| i.code);
        card.issues = by_room
            .remove(&card.room)
            .unwrap_or_default()
            .into_iter()
            .map(|(code, subjects)| IssueLine {
                main: main.as_deref() == Some(&code),
                code,
                subjects,
            })
            .collect();
        card.issues.sort_by_key(|i| !i.main);
    }
    Ok(())
}

/// Whom it is about, in the order given.
///
/// # Errors
/// The database refuses.
pub async fn subjects(conn: &mut Conn, _: &Ctx, key: &RoomKey) -> Result<Vec<PersonId>> {
    conn.rows(
        sql("select person_id from consultations_subject where room_id = :room order by seq limit 100")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| r.get("person_id"))
    .collect()
}

/// 「見本 太郎 ほか1人」: for lists, with nothing that is protected.
pub(super) async fn subject_line(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    people: &[PersonId],
) -> Result<String> {
    let cards = people::cards(conn, ctx, key, people).await?;
    let first = people
        .first()
        .and_then(|id| cards.iter().find(|c| c.id == *id))
        .map(|c| c.shown_name.as_str())
        .filter(|n| !n.is_empty())
        .unwrap_or("匿名");
    Ok(match people.len() {
        0 | 1 => first.to_owned(),
        n => format!("{first} ほか{}人", n - 1),
    })
}

/// Whose move it is and since when, and what a screen needs to save on top of what it saw.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Where it stands.
    pub state: State,
    /// The desk.
    pub desk: DeskId,
    /// The person there.
    pub posting: Option<PostingId>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Passed on and not yet taken up.
    pub arrived: bool,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// The first decision.
    pub triaged_at: Option<DateTime<Utc>>,
    /// The first contact with the subject.
    pub first_contact_at: Option<DateTime<Utc>>,
    /// A lay receiver's slip.
    pub slip: bool,
    /// The record's version.
    pub version: i64,
}

/// See [`Turn`].
///
/// # Errors
/// The room holds no consultation.
pub async fn turn(conn: &mut Conn, key: &RoomKey) -> Result<Turn> {
    let r = conn
        .one(
            sql("select c.state, c.turn_since, c.arrived_at, c.received_at, c.triaged_at, c.first_contact_at, c.slip, c.version,
                        r.owner_desk_id, r.owner_posting_id
                   from consultations_consultation c join room r on r.id = c.room_id where c.room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    Ok(Turn {
        state: r.get("state")?,
        desk: r.get("owner_desk_id")?,
        posting: r.opt("owner_posting_id")?,
        since: r.get("turn_since")?,
        arrived: r.opt::<DateTime<Utc>>("arrived_at")?.is_some(),
        received_at: r.get("received_at")?,
        triaged_at: r.opt("triaged_at")?,
        first_contact_at: r.opt("first_contact_at")?,
        slip: r.get("slip")?,
        version: r.get("version")?,
    })
}

/// Whose a record is, and the number people know it by.
#[derive(Clone, Debug)]
pub struct Owner {
    /// 相R8-00123, ケR8-00045
    pub number: String,
    /// Whose move it is.
    pub desk: DeskId,
    /// 主担当
    pub posting: Option<PostingId>,
}

/// Owners of rooms that the actor was found to see already.
///
/// # Errors
/// The database refuses.
pub async fn owners(conn: &mut Conn, rooms: &[RoomId]) -> Result<HashMap<RoomId, Owner>> {
    if rooms.is_empty() {
        return Ok(HashMap::new());
    }
    let q =
        sql("select id, number, owner_desk_id, owner_posting_id from room where id in (:rooms)")
            .bind_all("rooms", rooms.iter().copied());
    conn.rows(q)
        .await?
        .iter()
        .map(|r| {
            let owner = Owner {
                number: r.get("number")?,
                desk: r.get("owner_desk_id")?,
                posting: r.opt("owner_posting_id")?,
            };
            Ok((r.get("id")?, owner))
        })
        .collect()
}
