//! Persons and households of the bulk, as `people::create` and `people::create_household` would
//! leave them. See `bulk/mod.rs` for why this may write tables of others.

use engawa_kernel::{
    clock,
    db::Tx,
    error::Result,
    id::{MunicipalityId, StaffId},
    search::DocKind,
    text::{name::part_keys, phone},
};

use super::{
    kernel::{self, Act},
    rows::{Rows, row},
};
use crate::home::{CaseLife, Home, Someone};

/// Rows of the tables of `people` that wait to be written.
pub struct Tables {
    municipality: MunicipalityId,
    persons: Rows,
    names: Rows,
    name_keys: Rows,
    phones: Rows,
    addresses: Rows,
    households: Rows,
    household_rooms: Rows,
    members: Rows,
}

impl Tables {
    /// None yet.
    pub const fn new(municipality: MunicipalityId) -> Self {
        Self {
            municipality,
            persons: Rows::new(
                "insert into people_person (id, municipality_id, sex, birth, birth_sort, residence, languages, certificates, resident_number, school, workplace, hospital, desk_in_charge, notes, version, created_at, created_by, updated_at, updated_by) values",
            ),
            names: Rows::new(
                "insert into people_name (id, person_id, place, kind, text, kana) values",
            ),
            name_keys: Rows::new(
                "insert into people_name_key (municipality_id, key, person_id) values",
            ),
            phones: Rows::new(
                "insert into people_phone (id, municipality_id, person_id, place, text, digits) values",
            ),
            addresses: Rows::new(
                "insert into people_address (id, person_id, kind, text, municipality, resident, reason, valid_from, version, created_at, created_by) values",
            ),
            households: Rows::new(
                "insert into people_household (id, municipality_id, types, version, created_at, created_by, updated_at, updated_by) values",
            ),
            household_rooms: Rows::new(
                "insert into people_household_room (household_id, room_id) values",
            ),
            members: Rows::new(
                "insert into people_member (id, household_id, person_id, relation, co_resident, valid_from, version, created_at, created_by) values",
            ),
        }
    }

    /// Makes a person in the room in which it acts.
    pub fn create(&mut self, k: &mut kernel::Tables, home: &mut Home, n: usize, act: Act) {
        let Some(someone) = home.members.get(n) else {
            return;
        };
        let (m, by, ids) = (self.municipality, act.seat.staff, &mut home.ids);
        self.persons.push(row![
            someone.id,
            m,
            someone.sex,
            someone.birth.to_stored(),
            someone.birth.sort_key(),
            "resident",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            1_i64,
            act.at,
            by,
            act.at,
            by,
        ]);
        self.names.push(row![
            ids.at(act.at),
            someone.id,
            0_i64,
            "common",
            someone.name.as_str(),
            someone.kana.as_str(),
        ]);
        let mut keys = part_keys(&someone.name);
        keys.extend(part_keys(&someone.kana));
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.name_keys.push(row![m, key, someone.id]);
        }
        if let Some(text) = &someone.phone {
            let digits = phone::digits(text);
            self.phones.push(row![
                ids.at(act.at),
                m,
                someone.id,
                0_i64,
                text.as_str(),
                digits
            ]);
        }
        self.address(home, n, by, act);
        let id = home.members[n].id;
        k.link_person(&mut home.ids, act, id);
        k.log(&mut home.ids, act, "person.created", Some(id), "{}".into());
        found_in(k, act, &home.members[n]);
    }

    fn address(&mut self, home: &mut Home, n: usize, by: StaffId, act: Act) {
        self.addresses.push(row![
            home.ids.at(act.at),
            home.members[n].id,
            "living",
            home.address.as_str(),
            "",
            "unknown",
            "",
            None::<chrono::NaiveDate>,
            1_i64,
            act.at,
            by,
        ]);
    }

    /// Links a person who is known already to one more room.
    pub fn add_to_room(&mut self, k: &mut kernel::Tables, home: &mut Home, n: usize, act: Act) {
        let id = home.members[n].id;
        k.link_person(&mut home.ids, act, id);
        found_in(k, act, &home.members[n]);
    }

    /// Makes the household of a case; its members are linked to the room already.
    pub fn household(
        &mut self,
        k: &mut kernel::Tables,
        home: &mut Home,
        case: &CaseLife,
        act: Act,
    ) {
        let by = act.seat.staff;
        let kind = home.reception.matter.household;
        let types = if kind.is_empty() {
            "[]".to_owned()
        } else {
            format!(r#"["{kind}"]"#)
        };
        self.households.push(row![
            case.household,
            self.municipality,
            types.as_str(),
            1_i64,
            act.at,
            by,
            act.at,
            by,
        ]);
        for room in [case.room, home.reception.room] {
            self.household_rooms.push(row![case.household, room]);
        }
        for n in 0..home.members.len() {
            let id = home.ids.at(act.at);
            let someone = &home.members[n];
            self.members.push(row![
                id,
                case.household,
                someone.id,
                someone.relation,
                true,
                clock::local(act.at).date(),
                1_i64,
                act.at,
                by,
            ]);
            let detail = format!(r#"{{"household":"{}","member":"{id}"}}"#, case.household);
            let person = Some(someone.id);
            k.log(&mut home.ids, act, "household.member", person, detail);
        }
        let detail = format!(
            r#"{{"household":"{}","members":{},"types":{types}}}"#,
            case.household,
            home.members.len()
        );
        k.log(&mut home.ids, act, "household.created", None, detail);
        let data = format!(r#"{{"types":{types}}}"#);
        let household = Some(case.household);
        k.event(
            &mut home.ids,
            act,
            "household.created",
            None,
            household,
            data,
        );
    }

    /// Writes what waits; the rooms are there already.
    pub async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        for rows in [
            &mut self.persons,
            &mut self.names,
            &mut self.name_keys,
            &mut self.phones,
            &mut self.addresses,
            &mut self.households,
            &mut self.household_rooms,
            &mut self.members,
        ] {
            rows.flush(tx).await?;
        }
        Ok(())
    }
}

/// What the search box finds of a person in one room.
fn found_in(k: &mut kernel::Tables, act: Act, someone: &Someone) {
    let (source, shown) = (someone.id.0, someone.name.as_str());
    k.doc(act, DocKind::Name, source, shown, &someone.name);
    k.doc(act, DocKind::Name, source, shown, &someone.kana);
    if let Some(phone) = &someone.phone {
        k.doc(act, DocKind::Phone, source, shown, phone);
    }
}
