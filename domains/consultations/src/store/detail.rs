//! Everything that the page of one consultation shows.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::{Conn, Row, sql},
    error::Result,
    id::{DeskId, PersonId, PostingId, StaffId},
    protected::{Protected, WITHHELD},
    text::birth::BirthDate,
};
use engawa_people::{self as people, PersonCard, Sex};
use serde_json::Value as Json;

use crate::{
    model::{ConsultationCard, Consulter, Decision, Dropped, EmergencyCall, Request},
    rules,
};

use super::{
    emergency,
    own_contact::{CONTACT, own_contact_withheld},
    read::{self, Turn},
};

/// One of the people it is about: who they are now, and what was said then.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Their place, from 1.
    pub seq: i64,
    /// Who they are.
    pub person: PersonId,
    /// As `people` shows them; none when the record may not be read.
    pub card: Option<PersonCard>,
    /// To the consulter.
    pub relation: String,
    /// Code of [`crate::model::RESIDENCE`].
    pub residence: Option<String>,
    /// Which other municipality; withheld of a protected person.
    pub residence_place: Protected<String>,
    /// Said then: 呼び名, 氏名, ふりがな.
    pub heard: [String; 3],
    /// Said then.
    pub heard_sex: Sex,
    /// Said then.
    pub heard_birth: BirthDate,
    /// Said then; withheld of a protected person.
    pub heard_phone: Protected<String>,
    /// Said then; withheld of a protected person.
    pub heard_address: Protected<String>,
    /// When an anonymous record here was linked to this person.
    pub linked_at: Option<DateTime<Utc>>,
}

/// Who gave a notice, for those who decide on it.
#[derive(Debug, Clone)]
pub struct Reporter {
    /// Name, relation, contact.
    pub consulter: Consulter,
    /// 終了, not 受付済.
    pub closed: bool,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A request with its answer.
#[derive(Debug, Clone)]
pub struct RequestShown {
    /// What was asked.
    pub request: Request,
    /// The answer; empty until given.
    pub reply: String,
    /// When it was given.
    pub replied_at: Option<DateTime<Utc>>,
    /// By whom.
    pub replied_by: Option<StaffId>,
}

/// A change of owner.
#[derive(Debug, Clone)]
pub struct Move {
    /// From which desk.
    pub from_desk: DeskId,
    /// To which desk.
    pub to_desk: DeskId,
    /// To whom there.
    pub to_posting: Option<PostingId>,
    /// What was said with it.
    pub note: String,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Texts before a correction.
#[derive(Debug, Clone)]
pub struct Revision {
    /// (field, old text)
    pub old: Vec<(String, String)>,
    /// By whom replaced.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Detail {
    /// What lists show too.
    pub card: ConsultationCard,
    /// Whose move it is.
    pub turn: Turn,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    /// The person who came, unless hidden. The contact of a protected person who came herself is
    /// the word 秘匿.
    pub consulter: Consulter,
    /// Where it was said.
    pub place: String,
    /// どこで知ったか
    pub heard_of: String,
    /// もっと早く相談しなかった理由
    pub why_not_earlier: String,
    /// 備考
    pub notes: String,
    /// INT-16
    pub dropped: Dropped,
    /// 制度の狭間
    pub gap_kind: String,
    /// Schemes looked at.
    pub gap_schemes: String,
    /// Set by hand; none: follows the issues.
    pub compound_manual: Option<bool>,
    /// 必要性
    pub necessity: Option<String>,
    /// 初回の深刻度
    pub severity: Option<String>,
    /// 主となる機関の窓口
    pub lead_desk: Option<DeskId>,
    /// From an agency.
    pub request: Option<RequestShown>,
    /// Calls made.
    pub calls: Vec<EmergencyCall>,
    /// Oldest first, corrected ones too.
    pub decisions: Vec<Decision>,
    /// Oldest first.
    pub moves: Vec<Move>,
    /// Oldest first.
    pub revisions: Vec<Revision>,
}

/// Reads it all, with the key of the room.
///
/// # Errors
/// The room holds no consultation.
pub async fn detail(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Detail> {
    let card = read::card(conn, ctx, key).await?;
    let turn = read::turn(conn, key).await?;
    let subjects = subjects(conn, ctx, key).await?;
    let r = conn
        .one(
            sql("select * from consultations_consultation where room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    let own_contact = own_contact_withheld(conn, key).await?;
    let hide = |contact: String| {
        if own_contact && !contact.is_empty() {
            WITHHELD.to_owned()
        } else {
            contact
        }
    };
    let mut revisions = revisions(conn, key).await?;
    for (field, old) in revisions.iter_mut().flat_map(|r| &mut r.old) {
        if field == CONTACT {
            *old = hide(std::mem::take(old));
        }
    }
    Ok(Detail {
        card,
        turn,
        subjects,
        consulter: Consulter {
            name: r.get("consulter_name")?,
            kana: r.get("consulter_kana")?,
            relation: r.get("consulter_relation")?,
            contact: hide(r.get("consulter_contact")?),
        },
        place: r.get("place")?,
        heard_of: r.get("heard_of")?,
        why_not_earlier: r.get("why_not_earlier")?,
        notes: r.get("notes")?,
        dropped: Dropped {
            place: r.get("dropped_where")?,
            reason: r.opt("dropped_reason")?,
            note: r.get("dropped_note")?,
            days: r.opt("dropped_days")?,
        },
        gap_kind: r.get("gap_kind")?,
        gap_schemes: r.get("gap_schemes")?,
        compound_manual: r.opt("compound_manual")?,
        necessity: r.opt("necessity")?,
        severity: r.opt("severity")?,
        lead_desk: r.opt("lead_desk_id")?,
        request: request(conn, key).await?,
        calls: emergency::calls(conn, key).await?,
        decisions: decisions(conn, key).await?,
        moves: moves(conn, key).await?,
        revisions,
    })
}

async fn subjects(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Vec<Subject>> {
    let rows = conn
        .rows(
            sql("select * from consultations_subject where room_id = :room order by seq limit 100")
                .bind("room", key.room()),
        )
        .await?;
    let ids = rows
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<Vec<PersonId>>>()?;
    let cards = people::cards(conn, ctx, key, &ids).await?;
    rows.iter()
        .zip(ids)
        .map(|(r, person)| {
            let card = cards.iter().find(|c| c.id == person).cloned();
            // Nothing is shown of somebody whose protection cannot be looked up.
            let withheld = card.as_ref().is_none_or(|c| c.protected);
            Ok(Subject {
                seq: r.get("seq")?,
                person,
                card,
                relation: r.get("relation")?,
                residence: r.opt("residence")?,
                residence_place: Protected::new(r.get("residence_place")?, withheld),
                heard: [
                    r.get("heard_label")?,
                    r.get("heard_name")?,
                    r.get("heard_kana")?,
                ],
                heard_sex: r.get("heard_sex")?,
                heard_birth: BirthDate::from_stored(&r.get::<String>("heard_birth")?)
                    .unwrap_or_default(),
                heard_phone: Protected::new(r.get("heard_phone")?, withheld),
                heard_address: Protected::new(r.get("heard_address")?, withheld),
                linked_at: r.opt("linked_at")?,
            })
        })
        .collect()
}

/// Who gave the notice; nothing for those who may not know, and for what is no notice.
///
/// # Errors
/// The database refuses.
pub async fn reporter(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Option<Reporter>> {
    if !rules::may_see_reporter(ctx) {
        return Ok(None);
    }
    let row = conn
        .row(
            sql("select name, kana, relation, contact, status, status_at from consultations_reporter where room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    row.map(|r| {
        Ok(Reporter {
            consulter: Consulter {
                name: r.get("name")?,
                kana: r.get("kana")?,
                relation: r.get("relation")?,
                contact: r.get("contact")?,
            },
            closed: r.get::<String>("status")? == "closed",
            since: r.get("status_at")?,
        })
    })
    .transpose()
}

async fn request(conn: &mut Conn, key: &RoomKey) -> Result<Option<RequestShown>> {
    let row = conn
        .row(
            sql("select * from consultations_request where room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    row.map(|r| {
        Ok(RequestShown {
            request: Request {
                sender_body: r.get("sender_body")?,
                sender_person: r.get("sender_person")?,
                basis: r.get("basis")?,
                sign: r.get("sign")?,
                wanted: r.get("wanted")?,
                reply_due_on: r.opt::<NaiveDate>("reply_due_on")?,
            },
            reply: r.get("reply")?,
            replied_at: r.opt("replied_at")?,
            replied_by: r.opt("replied_by")?,
        })
    })
    .transpose()
}

async fn decisions(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Decision>> {
    conn.rows(
        sql("select * from consultations_decision where room_id = :room order by decided_at, id limit 500")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(decision)
    .collect()
}

fn decision(r: &Row) -> Result<Decision> {
    Ok(Decision {
        id: r.get("id")?,
        state: r.get("state")?,
        text: r.get("text")?,
        closure: r.opt("closure")?,
        accepted_body: r.get("accepted_body")?,
        accepted_by: r.get("accepted_by")?,
        review_on: r.opt("review_on")?,
        case: r.opt("case_room_id")?,
        lead_desk: r.opt("lead_desk_id")?,
        decided_on: r.get("decided_on")?,
        decided_at: r.get("decided_at")?,
        decided_by: r.get("decided_by")?,
        corrects: r.opt("corrects")?,
        correction_reason: r.get("correction_reason")?,
        superseded_at: r.opt("superseded_at")?,
    })
}

async fn moves(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Move>> {
    conn.rows(
        sql("select * from consultations_move where room_id = :room order by moved_at, id limit 500")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Move {
            from_desk: r.get("from_desk")?,
            to_desk: r.get("to_desk")?,
            to_posting: r.opt("to_posting")?,
            note: r.get("note")?,
            by: r.get("moved_by")?,
            at: r.get("moved_at")?,
        })
    })
    .collect()
}

async fn revisions(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Revision>> {
    conn.rows(
        sql("select body, replaced_by, replaced_at from consultations_revision where room_id = :room order by replaced_at, id limit 200")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        let body: Json = serde_json::from_str(&r.get::<String>("body")?).unwrap_or_default();
        Ok(Revision {
            old: body
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, text)| (name.clone(), text.as_str().unwrap_or_default().to_owned()))
                .collect(),
            by: r.get("replaced_by")?,
            at: r.get("replaced_at")?,
        })
    })
    .collect()
}
