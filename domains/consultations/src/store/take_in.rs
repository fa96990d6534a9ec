//! Taking a consultation in: room, keys, people, words, log, event, draft — one transaction.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Duty, NewRoom, Role, RoomKey, RoomKind},
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Tx, sql},
    drafts,
    error::{Error, Result},
    event::{self, Event},
    id::{PersonId, PostingId},
    notices, number, once,
};
use engawa_organisations::{self as organisations, DeskRef};
use engawa_people as people;
use serde_json::json;

use super::{emergency, read, request};
use crate::{
    model::{NewConsultation, Saved, SubjectHeard, WhoCame},
    rules::{self, State},
};

/// Saves what was taken in. `token` makes a double click one record; `draft` is thrown away with it.
///
/// # Errors
/// The actor may not receive, the desk is not open today, a chosen person may not be known to the
/// actor, or [`Error::AlreadyDone`].
pub async fn take_in(
    ctx: &Ctx,
    new: NewConsultation,
    token: &str,
    draft: Option<&str>,
) -> Result<Saved> {
    ctx.need(Duty::Receive)?;
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, ctx, token).await?;
    let desk = organisations::desk(&mut tx, ctx, new.desk).await?;
    let Written { key, number, .. } =
        write(&mut tx, ctx, &new, &desk, first_owner(ctx, &new)).await?;
    if arrives(ctx, &new) {
        tx.exec(
            sql("update consultations_consultation set arrived_at = :now where room_id = :room")
                .bind("now", ctx.now())
                .bind("room", key.room()),
        )
        .await?;
    }
    if let Some(call) = &new.call {
        emergency::insert_call(&mut tx, ctx, &key, call).await?;
    }
    if new.emergency.is_some() {
        let held = key.owner_posting().is_some();
        emergency::tell_supervisors(&mut tx, ctx, key.room(), new.desk, held).await?;
        notices::to_owner(
            &mut tx,
            ctx,
            key.room(),
            "consultation_emergency",
            json!({}),
        )
        .await?;
    } else if arrives(ctx, &new) {
        notices::to_owner(&mut tx, ctx, key.room(), "consultation_arrived", json!({})).await?;
    }
    if let Some(draft) = draft {
        drafts::clear(&mut tx, ctx, draft).await?;
    }
    let page = if new.slip {
        "/consultations/slip".to_owned()
    } else {
        RoomKind::Consultation.path(key.room())
    };
    once::lead_to(&mut tx, ctx, token, &page).await?;
    tx.commit().await?;
    Ok(Saved {
        room: key.room(),
        number,
    })
}

/// What [`write`] made.
pub(super) struct Written {
    /// Its room.
    pub key: RoomKey,
    /// 相R8-00123
    pub number: String,
    /// One for each subject.
    pub people: Vec<PersonId>,
}

/// Room, keys, people, record, log, event and index; nobody is told. The desk is one that is open.
pub(super) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewConsultation,
    desk: &DeskRef,
    owner: Option<PostingId>,
) -> Result<Written> {
    let day = clock::local(new.received_at).date();
    let number = number::next(tx, ctx, "相", day).await?;
    let key = access::found(
        tx,
        ctx,
        NewRoom {
            kind: RoomKind::Consultation,
            number: number.clone(),
            owner_desk: new.desk,
            owner_posting: owner,
            sealed: new.emergency.clone(),
        },
    )
    .await?;
    let people = register(tx, ctx, &key, &new.subjects).await?;
    let compound = insert(tx, ctx, &key, new, &people).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("consultation.received")
            .room(key.room())
            .detail(json!({ "desk": new.desk, "slip": new.slip, "who": new.who })),
    )
    .await?;
    let mut e = Event::new("consultation.received", day);
    e.room = Some(key.room());
    e.desk = Some(new.desk);
    e.body = Some(desk.body);
    e.source = Some(key.room().0);
    e.data = json!({
        "channel": new.channel,
        "route": new.route,
        "urgency": new.urgency,
        "issues": new.issues,
        "main_issue": new.main_issue,
        "who": new.who,
        "third_party": new.who == WhoCame::Notice,
        "anonymous": new.subjects.iter().all(|s| s.name.is_empty() && s.same_as.is_none()),
        "subjects": new.subjects.len(),
        "residence": new.subjects.iter().filter_map(|s| s.residence.as_deref()).collect::<Vec<_>>(),
        "compound": compound,
        "emergency": new.emergency.is_some(),
        "slip": new.slip,
        "dropped": !new.dropped.place.is_empty() || new.dropped.reason.is_some(),
        "dropped_reason": new.dropped.reason,
        "gap": !new.gap_kind.is_empty(),
    });
    event::record(tx, ctx, e).await?;
    let card = read::card(tx, ctx, &key).await?;
    super::index(tx, ctx, key.room(), &card).await?;
    Ok(Written {
        key,
        number,
        people,
    })
}

/// Whoever took it in has it until somebody else does, if deciding is part of their work there. A
/// restricted record belongs to a person from the start: the desk's key does not fit it.
fn first_owner(ctx: &Ctx, new: &NewConsultation) -> Option<PostingId> {
    ctx.actor
        .postings
        .iter()
        .find(|p| p.desk == Some(new.desk) && p.role.may(Duty::Triage))
        .map(|p| p.id)
}

/// Whether it comes to a desk at which the receiver does not work.
fn arrives(ctx: &Ctx, new: &NewConsultation) -> bool {
    !ctx.actor
        .postings
        .iter()
        .any(|p| p.desk == Some(new.desk) && p.role != Role::Entry)
}

/// Makes a person for each subject, or takes the one that was chosen as the same.
async fn register(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    subjects: &[SubjectHeard],
) -> Result<Vec<PersonId>> {
    let mut out = Vec::with_capacity(subjects.len());
    for s in subjects {
        out.push(match s.same_as {
            Some(person) => {
                if !access::person_is_visible(tx, ctx, person).await? {
                    return Err(Error::Invalid(
                        "「同じ人」として選ばれた人を確かめられないため、保存していません。選び直すか、「別の人として登録」を選んでください。"
                            .into(),
                    ));
                }
                people::add_to_room(tx, ctx, key, person).await?;
                person
            }
            None => people::create(tx, ctx, key, new_person(s)).await?,
        });
    }
    Ok(out)
}

fn new_person(s: &SubjectHeard) -> people::NewPerson {
    let names = if s.name.is_empty() && s.kana.is_empty() {
        vec![]
    } else {
        vec![people::NewName {
            kind: if s.name.is_empty() {
                people::NameKind::Kana
            } else {
                people::NameKind::Heard
            },
            text: s.name.clone(),
            kana: s.kana.clone(),
        }]
    };
    people::NewPerson {
        label: Some(s.label.clone()).filter(|l| !l.is_empty()),
        names,
        birth: s.birth,
        sex: s.sex,
        // Why the person belongs to this town is of the consultation; where they live is said later.
        residence: None,
        address: Some(s.address.clone()).filter(|a| !a.is_empty()),
        phones: Some(s.phone.clone())
            .filter(|p| !p.is_empty())
            .into_iter()
            .collect(),
    }
}

/// Writes the record itself; tells whether it is compound.
async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: &NewConsultation,
    people: &[PersonId],
) -> Result<bool> {
    let line = read::subject_line(tx, ctx, key, people).await?;
    let issues: Vec<(String, i64)> = new
        .issues
        .iter()
        .map(|code| (code.clone(), i64::from(people.len() == 1)))
        .collect();
    let compound = rules::is_compound(&issues);
    let first_contact: Option<DateTime<Utc>> =
        (new.who == WhoCame::Subject && !new.slip).then_some(new.received_at);
    let hidden = new.who == WhoCame::Notice;
    let shown = if hidden {
        Default::default()
    } else {
        new.consulter.clone()
    };
    tx.exec(
        sql("insert into consultations_consultation (
               room_id, municipality_id, who, slip, received_at, recorded_at, received_by, desk_id, channel, route,
               urgency, urgency_rank, emergency, words, place, heard_of, why_not_earlier, wishes, notes,
               consulter_name, consulter_kana, consulter_relation, consulter_contact, main_issue,
               dropped_where, dropped_reason, dropped_note, dropped_days, gap_kind, gap_schemes,
               compound_auto, subject_line, state, is_open, state_since, turn_since, arrived_at, first_contact_at, version)
             values (:room, :m, :who, :slip, :received, :now, :by, :desk, :channel, :route,
               :urgency, :rank, :emergency, :words, :place, :heard, :why, :wishes, :notes,
               :cname, :ckana, :crelation, :ccontact, :main,
               :dwhere, :dreason, :dnote, :ddays, :gap, :schemes,
               :compound, :line, :state, :open, :now, :now, null, :contact, 1)")
            .bind("room", key.room())
            .bind("m", ctx.municipality)
            .bind("who", new.who)
            .bind("slip", new.slip)
            .bind("received", new.received_at)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("desk", new.desk)
            .bind("channel", new.channel.as_str())
            .bind("route", new.route.as_str())
            .bind("urgency", new.urgency.as_str())
            .bind("rank", rules::urgency_rank(&new.urgency, new.emergency.is_some()))
            .bind("emergency", new.emergency.is_some())
            .bind("words", new.words.as_str())
            .bind("place", new.place.as_str())
            .bind("heard", new.heard_of.as_str())
            .bind("why", new.why_not_earlier.as_str())
            .bind("wishes", new.wishes.as_str())
            .bind("notes", new.notes.as_str())
            .bind("cname", shown.name)
            .bind("ckana", shown.kana)
            .bind("crelation", shown.relation)
            .bind("ccontact", shown.contact)
            .bind("main", new.main_issue.clone())
            .bind("dwhere", new.dropped.place.as_str())
            .bind("dreason", new.dropped.reason.clone())
            .bind("dnote", new.dropped.note.as_str())
            .bind("ddays", new.dropped.days)
            .bind("gap", new.gap_kind.as_str())
            .bind("schemes", new.gap_schemes.as_str())
            .bind("compound", compound)
            .bind("line", line)
            .bind("state", State::Received)
            .bind("open", true)
            .bind("contact", first_contact),
    )
    .await?;
    for (seq, (s, person)) in (1_i64..).zip(new.subjects.iter().zip(people)) {
        insert_subject(tx, key, seq, s, *person).await?;
    }
    for (code, seq) in &issues {
        super::change::insert_issue(tx, key, code, *seq).await?;
    }
    if hidden {
        insert_reporter(tx, ctx, key, new).await?;
    }
    if let Some(r) = &new.request {
        request::insert(tx, ctx, key, new.desk, r).await?;
    }
    Ok(compound)
}

async fn insert_subject(
    tx: &mut Tx,
    key: &RoomKey,
    seq: i64,
    s: &SubjectHeard,
    person: PersonId,
) -> Result<()> {
    tx.exec(
        sql("insert into consultations_subject (room_id, seq, person_id, relation, residence, residence_place,
               heard_label, heard_name, heard_kana, heard_sex, heard_birth, heard_phone, heard_address)
             values (:room, :seq, :person, :relation, :residence, :rplace,
               :label, :name, :kana, :sex, :birth, :phone, :address)")
            .bind("room", key.room())
            .bind("seq", seq)
            .bind("person", person)
            .bind("relation", s.relation.as_str())
            .bind("residence", s.residence.clone())
            .bind("rplace", s.residence_place.as_str())
            .bind("label", s.label.as_str())
            .bind("name", s.name.as_str())
            .bind("kana", s.kana.as_str())
            .bind("sex", s.sex)
            .bind("birth", s.birth.to_stored())
            .bind("phone", s.phone.as_str())
            .bind("address", s.address.as_str()),
    )
    .await?;
    Ok(())
}

async fn insert_reporter(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: &NewConsultation,
) -> Result<()> {
    tx.exec(
        sql("insert into consultations_reporter (room_id, name, kana, relation, contact, status, status_at)
             values (:room, :name, :kana, :relation, :contact, 'received', :now)")
            .bind("room", key.room())
            .bind("name", new.consulter.name.as_str())
            .bind("kana", new.consulter.kana.as_str())
            .bind("relation", new.consulter.relation.as_str())
            .bind("contact", new.consulter.contact.as_str())
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}
