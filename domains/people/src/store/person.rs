//! The person record: making, reading, correcting.

use engawa_kernel::{
    access::{self, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{PersonId, new_uuid},
    protected::{Protected, StoragePermit},
    text::{birth::BirthDate, phone},
};
use serde_json::json;

use super::{addresses, in_room, index, is_protected, names, writable};
use crate::{
    model::{AddressKind, Details, NewAddress, NewPerson, Person, Registered},
    rules::resident_number,
};

/// Makes a person in a room: names with their keys, phones, one address, the link to the room.
///
/// # Errors
/// The key does not let write, or the database refuses.
pub async fn create(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: NewPerson) -> Result<PersonId> {
    key.need_write()?;
    let id = PersonId::new();
    tx.exec(
        sql("insert into people_person (id, municipality_id, label, sex, birth, birth_sort, residence, languages, certificates,
                resident_number, school, workplace, hospital, desk_in_charge, notes, version, created_at, created_by, updated_at, updated_by)
             values (:id, :m, :label, :sex, :birth, :sort, :residence, '', '', '', '', '', '', '', '', 1, :now, :by, :now, :by)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("label", new.label)
            .bind("sex", new.sex)
            .bind("birth", new.birth.to_stored())
            .bind("sort", new.birth.sort_key())
            .bind("residence", new.residence)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    names::insert(tx, ctx, id, &new.names, 0).await?;
    names::index_keys(tx, ctx, id).await?;
    insert_phones(tx, ctx, id, &new.phones).await?;
    if let Some(text) = new.address.filter(|a| !a.trim().is_empty()) {
        let spell = NewAddress {
            kind: AddressKind::Living,
            text,
            municipality: String::new(),
            resident: Registered::Unknown,
            reason: String::new(),
            valid_from: None,
            valid_to: None,
        };
        addresses::insert(tx, ctx, id, &spell).await?;
    }
    access::link_person(tx, ctx, key, id).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.created").room(key.room()).person(id),
    )
    .await?;
    index::person(tx, ctx, id).await?;
    Ok(id)
}

/// Says that a room is also about a person whom the actor can already see.
///
/// # Errors
/// [`Error::NotFound`] when the actor has no key to any room about the person.
pub async fn add_to_room(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, person: PersonId) -> Result<()> {
    key.need_write()?;
    if !access::person_is_visible(tx, ctx, person).await? {
        return Err(Error::NotFound);
    }
    access::link_person(tx, ctx, key, person).await?;
    // Merged records stay linked to each other's rooms, the new one too.
    super::merge::relink(tx, person).await?;
    index::person(tx, ctx, person).await
}

/// Everything about a person for the person page.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, id: PersonId) -> Result<Person> {
    in_room(conn, key, id).await?;
    let r = conn
        .one(
            sql("select * from people_person where id = :id and municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    let protected = is_protected(conn, id).await?;
    let hide = |column: &str| -> Result<Protected<String>> {
        Ok(Protected::new(r.get(column)?, protected))
    };
    let phones = phones(conn, id).await?;
    Ok(Person {
        id,
        details: Details {
            label: r.opt("label")?,
            sex: r.get("sex")?,
            birth: birth(&r.get::<String>("birth")?)?,
            residence: r.opt("residence")?,
            languages: r.get("languages")?,
            certificates: r.get("certificates")?,
            resident_number: r.get("resident_number")?,
            notes: r.get("notes")?,
        },
        school: hide("school")?,
        workplace: hide("workplace")?,
        hospital: hide("hospital")?,
        desk_in_charge: hide("desk_in_charge")?,
        phones: Protected::new(phones, protected),
        names: names::of(conn, id).await?,
        protected,
        merged_into: r.opt("merged_into")?,
        version: r.get("version")?,
        updated_at: r.get("updated_at")?,
        updated_by: r.get("updated_by")?,
    })
}

async fn phones(conn: &mut Conn, person: PersonId) -> Result<Vec<String>> {
    conn.rows(
        sql("select text from people_phone where person_id = :p order by place limit 20")
            .bind("p", person),
    )
    .await?
    .iter()
    .map(|r| r.get("text"))
    .collect()
}

/// Whether a typed text is what the record withholds in this field: then it comes from a form or
/// draft that was filled before the person was protected, and may no longer be shown. The answer is
/// never shown either.
#[must_use]
pub fn is_withheld_text(record: &Person, field: &str, typed: &str) -> bool {
    if !record.protected || typed.trim().is_empty() {
        return false;
    }
    let permit = StoragePermit::for_storage();
    let stored = match field {
        "school" => record.school.clone().into_stored(&permit),
        "workplace" => record.workplace.clone().into_stored(&permit),
        "hospital" => record.hospital.clone().into_stored(&permit),
        "desk_in_charge" => record.desk_in_charge.clone().into_stored(&permit),
        "phones" => {
            let known = record.phones.clone().into_stored(&permit);
            return typed.lines().any(|l| known.iter().any(|k| k == l.trim()));
        }
        _ => return false,
    };
    stored == typed.trim()
}

/// Reads a stored birth date.
pub(crate) fn birth(stored: &str) -> Result<BirthDate> {
    BirthDate::from_stored(stored).map_err(|e| Error::Internal(format!("birth: {e}")))
}

/// What tells where somebody can be found; none leaves what is stored.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Whereabouts {
    /// 学校
    pub school: Option<String>,
    /// 勤め先
    pub workplace: Option<String>,
    /// 通院先
    pub hospital: Option<String>,
    /// 担当機関
    pub desk_in_charge: Option<String>,
    /// As typed.
    pub phones: Option<Vec<String>>,
}

/// Saves a corrected record on top of the version that the user saw; the old one is kept.
///
/// # Errors
/// [`Error::Changed`] when somebody saved in between; a 個人番号 is refused.
pub async fn update(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    id: PersonId,
    version: i64,
    details: &Details,
    whereabouts: &Whereabouts,
) -> Result<()> {
    writable(tx, key, id).await?;
    if resident_number::looks_like_my_number(&details.resident_number) {
        return Err(Error::Invalid(resident_number::REFUSAL.into()));
    }
    let old = load(tx, ctx, key, id).await?;
    keep_revision(tx, ctx, &old).await?;
    let permit = StoragePermit::for_storage();
    let or_old = |new: &Option<String>, old: Protected<String>| {
        let old = old.into_stored(&permit);
        new.clone().unwrap_or(old)
    };
    tx.exec_versioned(
        sql("update people_person set label = :label, sex = :sex, birth = :birth, birth_sort = :sort, residence = :residence,
                languages = :languages, certificates = :certificates, resident_number = :number, school = :school, workplace = :workplace,
                hospital = :hospital, desk_in_charge = :desk, notes = :notes, version = version + 1, updated_at = :now, updated_by = :by
              where id = :id and version = :version")
            .bind("id", id)
            .bind("version", version)
            .bind("label", details.label.clone())
            .bind("sex", details.sex)
            .bind("birth", details.birth.to_stored())
            .bind("sort", details.birth.sort_key())
            .bind("residence", details.residence.clone())
            .bind("languages", details.languages.clone())
            .bind("certificates", details.certificates.clone())
            .bind("number", details.resident_number.clone())
            .bind("school", or_old(&whereabouts.school, old.school))
            .bind("workplace", or_old(&whereabouts.workplace, old.workplace))
            .bind("hospital", or_old(&whereabouts.hospital, old.hospital))
            .bind("desk", or_old(&whereabouts.desk_in_charge, old.desk_in_charge))
            .bind("notes", details.notes.clone())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    if let Some(phones) = &whereabouts.phones {
        tx.exec(sql("delete from people_phone where person_id = :p").bind("p", id))
            .await?;
        insert_phones(tx, ctx, id, phones).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("person.updated").room(key.room()).person(id),
    )
    .await?;
    index::person(tx, ctx, id).await
}

/// Marks the record as changed (its names were), so that two editors notice each other.
///
/// # Errors
/// [`Error::Changed`]
pub(super) async fn bump(tx: &mut Tx, ctx: &Ctx, old: &Person, version: i64) -> Result<()> {
    keep_revision(tx, ctx, old).await?;
    tx.exec_versioned(
        sql("update people_person set version = version + 1, updated_at = :now, updated_by = :by where id = :id and version = :version")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("id", old.id)
            .bind("version", version),
    )
    .await
}

async fn keep_revision(tx: &mut Tx, ctx: &Ctx, old: &Person) -> Result<()> {
    let permit = StoragePermit::for_storage();
    let kept = |p: &Protected<String>| p.clone().into_stored(&permit);
    let names: Vec<_> = old
        .names
        .iter()
        .map(|n| json!([n.kind, n.text, n.kana]))
        .collect();
    let body = json!({
        "details": old.details, "names": names, "school": kept(&old.school), "workplace": kept(&old.workplace),
        "hospital": kept(&old.hospital), "desk_in_charge": kept(&old.desk_in_charge),
        "phones": old.phones.clone().into_stored(&permit),
    });
    tx.exec(
        sql(
            "insert into people_revision (person_id, version, body, at, by_staff)
             values (:id, :version, :body, :now, :by) on conflict (person_id, version) do nothing",
        )
        .bind("id", old.id)
        .bind("version", old.version)
        .bind("body", body.to_string())
        .bind("now", ctx.now())
        .bind("by", ctx.actor.staff),
    )
    .await?;
    Ok(())
}

async fn insert_phones(tx: &mut Tx, ctx: &Ctx, person: PersonId, phones: &[String]) -> Result<()> {
    for (place, text) in phones.iter().filter(|p| !p.trim().is_empty()).enumerate() {
        tx.exec(
            sql("insert into people_phone (id, municipality_id, person_id, place, text, digits) values (:id, :m, :p, :place, :text, :digits)")
                .bind("id", new_uuid())
                .bind("m", ctx.municipality)
                .bind("p", person)
                .bind("place", i64::try_from(place).unwrap_or(i64::MAX))
                .bind("text", text.as_str())
                .bind("digits", phone::digits(text)),
        )
        .await?;
    }
    Ok(())
}
