//! Changing what was taken in: corrections keep the old text, linking keeps number and date.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Duty, RoomKey, RoomKind},
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Conn, Tx, sql},
    drafts,
    error::{Error, Result},
    event::{self, Event},
    id::{PersonId, RoomId, new_uuid},
};
use engawa_people as people;
use serde_json::json;

use super::{
    own_contact::{CONTACT, own_contact_withheld},
    read,
};
use crate::{model::WhoCame, rules};

/// A text that may be corrected: column and field name, label, characters at most.
pub type Editable = (&'static str, &'static str, usize);

/// Every text that may be corrected, in the order of the form.
pub const EDITABLE: [Editable; 17] = [
    ("words", "相談の内容(話されたとおり)", 20_000),
    ("channel", "相談の方法", 40),
    ("route", "相談の経路", 40),
    ("urgency", "緊急度", 40),
    ("place", "聞いた場所・行事", 200),
    ("consulter_name", "来談者の氏名", 100),
    ("consulter_kana", "来談者のふりがな", 100),
    ("consulter_relation", "本人との関係", 100),
    ("consulter_contact", "来談者の連絡先", 200),
    ("wishes", "配慮を希望されること", 2_000),
    ("heard_of", "どこで知ったか", 500),
    ("why_not_earlier", "もっと早く相談しなかった理由", 2_000),
    ("dropped_where", "初めに相談した窓口", 200),
    ("dropped_note", "受け止められなかった事情", 2_000),
    ("gap_kind", "どの制度にも当てはまらないこと", 200),
    ("gap_schemes", "確かめた制度と、使えない理由", 2_000),
    ("notes", "備考", 5_000),
];

/// The fields of the person who came; of a notice they lie apart.
const CONSULTER: [&str; 4] = [
    "consulter_name",
    "consulter_kana",
    "consulter_relation",
    "consulter_contact",
];

/// The texts as they are now, or as a user wants them, in the order of [`EDITABLE`].
#[derive(Debug, Clone)]
pub struct Edit {
    /// (field, text)
    pub values: Vec<(&'static str, String)>,
    /// As the user saw the record.
    pub version: i64,
}

/// The texts as a form may show them: the contact that a protected person left is empty, and stays
/// as it is unless another is written.
///
/// # Errors
/// The room holds no consultation.
pub async fn editable(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Edit> {
    let mut edit = stored(conn, ctx, key).await?;
    if own_contact_withheld(conn, key).await? {
        for (_, text) in edit.values.iter_mut().filter(|v| v.0 == CONTACT) {
            text.clear();
        }
    }
    Ok(edit)
}

/// The texts as stored. Who gave a notice is read only for those who may know.
pub(super) async fn stored(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Edit> {
    let r = conn
        .one(
            sql("select * from consultations_consultation where room_id = :room")
                .bind("room", key.room()),
        )
        .await?;
    let mut values = EDITABLE
        .iter()
        .map(|(name, ..)| Ok((*name, r.get::<String>(name)?)))
        .collect::<Result<Vec<_>>>()?;
    if r.get::<WhoCame>("who")? == WhoCame::Notice
        && let Some(reporter) = super::detail::reporter(conn, ctx, key).await?
    {
        let c = reporter.consulter;
        for (name, text) in CONSULTER
            .into_iter()
            .zip([c.name, c.kana, c.relation, c.contact])
        {
            if let Some(slot) = values.iter_mut().find(|v| v.0 == name) {
                slot.1 = text;
            }
        }
    }
    Ok(Edit {
        values,
        version: r.get("version")?,
    })
}

/// Saves corrected texts; the old ones are kept in the history.
///
/// # Errors
/// [`Error::Changed`] when somebody saved in between.
pub async fn save_edit(ctx: &Ctx, room: RoomId, new: &Edit) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "edit").await?;
    let old = stored(&mut tx, ctx, &key).await?;
    let withheld = own_contact_withheld(&mut tx, &key).await?;
    let card = read::card(&mut tx, ctx, &key).await?;
    let notice = card.who == WhoCame::Notice;
    let text = |name: &str| {
        let of = |edit: &Edit| {
            let found = edit.values.iter().find(|v| v.0 == name);
            found.map(|v| v.1.clone()).unwrap_or_default()
        };
        let typed = of(new);
        if withheld && name == CONTACT && typed.is_empty() {
            return of(&old);
        }
        typed
    };
    let changed: serde_json::Map<_, _> = old
        .values
        .iter()
        .filter(|(name, before)| text(name) != *before && !(notice && CONSULTER.contains(name)))
        .map(|(name, before)| ((*name).to_owned(), before.clone().into()))
        .collect();
    let mut update = sql("update consultations_consultation set words = :words, channel = :channel, route = :route, urgency = :urgency,
               urgency_rank = :rank, place = :place, consulter_name = :consulter_name, consulter_kana = :consulter_kana,
               consulter_relation = :consulter_relation, consulter_contact = :consulter_contact, wishes = :wishes,
               heard_of = :heard_of, why_not_earlier = :why_not_earlier, dropped_where = :dropped_where,
               dropped_note = :dropped_note, gap_kind = :gap_kind, gap_schemes = :gap_schemes, notes = :notes,
               version = version + 1
             where room_id = :room and version = :version")
        .bind("rank", rules::urgency_rank(&text("urgency"), card.emergency))
        .bind("room", room)
        .bind("version", new.version);
    for (name, ..) in EDITABLE {
        let hidden = notice && CONSULTER.contains(&name);
        update = update.bind(name, if hidden { String::new() } else { text(name) });
    }
    tx.exec_versioned(update).await?;
    if notice && rules::may_see_reporter(ctx) {
        let q = sql("update consultations_reporter set name = :consulter_name, kana = :consulter_kana,
                       relation = :consulter_relation, contact = :consulter_contact where room_id = :room")
            .bind("room", room);
        tx.exec(
            CONSULTER
                .into_iter()
                .fold(q, |q, name| q.bind(name, text(name))),
        )
        .await?;
    }
    if !changed.is_empty() {
        tx.exec(
            sql("insert into consultations_revision (id, room_id, version, body, replaced_by, replaced_at)
                 values (:id, :room, :version, :body, :by, :now)")
                .bind("id", new_uuid())
                .bind("room", room)
                .bind("version", new.version)
                .bind("body", serde_json::Value::Object(changed.clone()).to_string())
                .bind("by", ctx.actor.staff)
                .bind("now", ctx.now()),
        )
        .await?;
    }
    end_lay_key(&mut tx, ctx, room, card.slip).await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.edited")
            .room(room)
            .detail(json!({ "fields": changed.keys().collect::<Vec<_>>() })),
    )
    .await?;
    let card = read::card(&mut tx, ctx, &key).await?;
    super::reindex(&mut tx, ctx, room, &card).await?;
    drafts::clear(&mut tx, ctx, &format!("consultations/{room}/edit")).await?;
    tx.commit().await
}

async fn end_lay_key(tx: &mut Tx, ctx: &Ctx, room: RoomId, slip: bool) -> Result<()> {
    if slip && ctx.actor.may(Duty::Triage) {
        super::slip::end_lay_key(tx, ctx, room).await?;
    }
    Ok(())
}

pub(super) async fn insert_issue(tx: &mut Tx, key: &RoomKey, code: &str, seq: i64) -> Result<()> {
    tx.exec(
        sql("insert into consultations_issue (room_id, code, subject_seq) values (:room, :code, :seq) on conflict (room_id, code, subject_seq) do nothing")
            .bind("room", key.room())
            .bind("code", code)
            .bind("seq", seq),
    )
    .await?;
    Ok(())
}

/// Says which issues lie on whom ((code, place of the subject; 0 for nobody in particular)).
/// `manual` overrides what the issues say about being compound.
///
/// # Errors
/// [`Error::Changed`] when somebody saved in between.
pub async fn set_issues(
    ctx: &Ctx,
    room: RoomId,
    issues: &[(String, i64)],
    main: Option<String>,
    manual: Option<bool>,
    version: i64,
) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "issues").await?;
    let auto = rules::is_compound(issues);
    tx.exec_versioned(
        sql("update consultations_consultation set main_issue = :main, compound_auto = :auto, compound_manual = :manual, version = version + 1
              where room_id = :room and version = :version")
            .bind("main", main)
            .bind("auto", auto)
            .bind("manual", manual)
            .bind("room", room)
            .bind("version", version),
    )
    .await?;
    tx.exec(sql("delete from consultations_issue where room_id = :room").bind("room", room))
        .await?;
    for (code, seq) in issues {
        insert_issue(&mut tx, &key, code, *seq).await?;
    }
    let slip = read::turn(&mut tx, &key).await?.slip;
    end_lay_key(&mut tx, ctx, room, slip).await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.issues")
            .room(room)
            .detail(json!({ "issues": issues, "compound": manual.unwrap_or(auto) })),
    )
    .await?;
    let mut e = Event::new("consultation.issues", ctx.today());
    e.room = Some(room);
    e.desk = Some(key.owner_desk());
    e.source = Some(room.0);
    e.data = json!({ "issues": issues.iter().map(|i| i.0.as_str()).collect::<Vec<_>>(), "compound": manual.unwrap_or(auto) });
    event::record(&mut tx, ctx, e).await?;
    tx.commit().await
}

/// Sets or takes back the compound flag by hand; `None` follows the issues again.
///
/// # Errors
/// The actor may not write here.
pub async fn set_compound(ctx: &Ctx, room: RoomId, manual: Option<bool>) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, _) = access::open_for_write(ctx, room, RoomKind::Consultation, "issues").await?;
    tx.exec(
        sql("update consultations_consultation set compound_manual = :manual, version = version + 1 where room_id = :room")
            .bind("manual", manual)
            .bind("room", room),
    )
    .await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.compound")
            .room(room)
            .detail(json!({ "manual": manual })),
    )
    .await?;
    tx.commit().await
}

/// Writes down the day of the first contact with the subject (notice → triage → first contact).
///
/// # Errors
/// The day lies before the consultation or after today.
pub async fn set_first_contact(ctx: &Ctx, room: RoomId, day: NaiveDate) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) =
        access::open_for_write(ctx, room, RoomKind::Consultation, "first_contact").await?;
    let turn = read::turn(&mut tx, &key).await?;
    let received = clock::local(turn.received_at).date();
    if day < received || day > ctx.today() {
        return Err(Error::Invalid(
            "最初の接触の日は、受付の日から今日までの間で入力してください。保存はしていません。"
                .into(),
        ));
    }
    let at = clock::start_of_day(day).max(turn.received_at);
    tx.exec(
        sql("update consultations_consultation set first_contact_at = :at, version = version + 1 where room_id = :room")
            .bind("at", at)
            .bind("room", room),
    )
    .await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.first_contact")
            .room(room)
            .detail(json!({ "day": day })),
    )
    .await?;
    let mut e = Event::new("consultation.first_contact", day);
    e.room = Some(room);
    e.desk = Some(key.owner_desk());
    e.source = Some(room.0);
    e.data = json!({ "days": (day - received).num_days() });
    event::record(&mut tx, ctx, e).await?;
    tx.commit().await
}

/// Says who the (so far anonymous) subject at this place is. Number and date of the consultation
/// stay; from now on it counts for that person.
///
/// # Errors
/// The person is not visible to the actor, stands here already, or the place does not exist.
pub async fn link_subject(ctx: &Ctx, room: RoomId, seq: i64, person: PersonId) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "link").await?;
    let before = read::subjects(&mut tx, ctx, &key).await?;
    let old = usize::try_from(seq - 1)
        .ok()
        .and_then(|i| before.get(i))
        .copied()
        .ok_or(Error::NotFound)?;
    if before.contains(&person) {
        return Err(Error::Invalid(
            "その人は、すでにこの相談の本人として登録されています。保存はしていません。".into(),
        ));
    }
    if !access::person_is_visible(&mut tx, ctx, person).await? {
        return Err(Error::NotFound);
    }
    people::add_to_room(&mut tx, ctx, &key, person).await?;
    tx.exec_versioned(
        sql("update consultations_subject set person_id = :person, linked_from = :old, linked_at = :now, linked_by = :by
              where room_id = :room and seq = :seq and person_id = :old")
            .bind("person", person)
            .bind("old", old)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("room", room)
            .bind("seq", seq),
    )
    .await?;
    let people = read::subjects(&mut tx, ctx, &key).await?;
    let line = read::subject_line(&mut tx, ctx, &key, &people).await?;
    tx.exec(
        sql("update consultations_consultation set subject_line = :line, version = version + 1 where room_id = :room")
            .bind("line", line)
            .bind("room", room),
    )
    .await?;
    let slip = read::turn(&mut tx, &key).await?.slip;
    end_lay_key(&mut tx, ctx, room, slip).await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.linked")
            .room(room)
            .person(person)
            .detail(json!({ "from": old, "seq": seq })),
    )
    .await?;
    let card = read::card(&mut tx, ctx, &key).await?;
    super::reindex(&mut tx, ctx, room, &card).await?;
    let mut e = Event::new("consultation.linked", ctx.today());
    e.room = Some(room);
    e.person = Some(person);
    e.source = Some(room.0);
    e.data = json!({ "seq": seq });
    event::record(&mut tx, ctx, e).await?;
    tx.commit().await
}
