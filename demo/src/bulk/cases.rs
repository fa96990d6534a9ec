//! Cases of the bulk, as `cases::open`, its contacts, tasks and closings would leave them. See
//! `bulk/mod.rs` for why this may write tables of others.

use engawa_kernel::{clock, db::Tx, error::Result, search::DocKind};

use super::{
    kernel::{self, Act},
    rows::{Rows, row},
};
use crate::home::{CaseLife, Contact, Home};

/// Rows of the tables of `cases` that wait to be written.
pub struct Tables {
    cases: Rows,
    members: Rows,
    issues: Rows,
    contacts: Rows,
    contact_subjects: Rows,
    closures: Rows,
}

impl Tables {
    /// None yet.
    pub const fn new() -> Self {
        Self {
            cases: Rows::new(
                "insert into cases_case (room_id, label, household_id, stage, compound, gap, gap_note, opened_on, closed_on, last_contact_on, version) values",
            ),
            members: Rows::new(
                "insert into cases_member (id, room_id, kind, posting_id, desk_id, name, role, does, is_owner, level, from_on, end_reason, recorded_at) values",
            ),
            issues: Rows::new(
                "insert into cases_issue (id, room_id, code, note, opened_on, end_state, ended_on, end_note, version) values",
            ),
            contacts: Rows::new(
                "insert into cases_contact (id, room_id, at, kind, minutes, place, work, body, person_visible, third_party, next_on, staff_id, posting_id, desk_id, recorded_at, version) values",
            ),
            contact_subjects: Rows::new(
                "insert into cases_contact_subject (contact_id, person_id) values",
            ),
            closures: Rows::new(
                "insert into cases_closure (id, room_id, closed_on, reason, changes, later_lead, next_check_on, no_check_reason, closed_by, recorded_at, reopened_reason) values",
            ),
        }
    }

    /// Opens the case.
    pub fn open(
        &mut self,
        k: &mut kernel::Tables,
        home: &mut Home,
        case: &CaseLife,
        number: &str,
        act: Act,
    ) {
        let opened_on = clock::local(case.opened).date();
        let last = case.contacts.last().map_or(case.opened, |c| c.at);
        let label = format!("{}家", home.family);
        let compound = home.reception.matter.issues.len() > 1;
        self.cases.push(row![
            case.room,
            label.as_str(),
            case.household,
            case.stage,
            compound,
            home.reception.matter.issues.first() == Some(&"gap"),
            "",
            opened_on,
            case.closed.map(|c| clock::local(c).date()),
            clock::local(last).date(),
            2_i64 + i64::from(case.closed.is_some()),
        ]);
        self.members.push(row![
            home.ids.at(act.at),
            case.room,
            "posting",
            act.seat.posting,
            act.desk,
            "",
            "lead",
            "",
            true,
            "write",
            opened_on,
            "",
            act.at,
        ]);
        for code in home.reception.matter.issues {
            let id = home.ids.at(act.at);
            self.issues.push(row![
                id,
                case.room,
                *code,
                "",
                opened_on,
                case.closed.map(|_| "eased"),
                case.closed.map(|c| clock::local(c).date()),
                "",
                1_i64 + i64::from(case.closed.is_some()),
            ]);
            let log = format!(r#"{{"code":"{code}","issue":"{id}"}}"#);
            k.log(&mut home.ids, act, "issue.opened", None, log);
            let data = format!(r#"{{"code":"{code}"}}"#);
            k.event(&mut home.ids, act, "issue.opened", Some(id), None, data);
        }
        let data = format!(r#"{{"compound":{compound},"gap":false}}"#);
        k.event(&mut home.ids, act, "case.opened", None, None, data);
        let called = format!("{number} {label}");
        k.doc(act, DocKind::Number, case.room.0, &label, &called);
    }

    /// 支援経過, oldest first.
    pub fn contacts(&mut self, k: &mut kernel::Tables, home: &mut Home, case: &CaseLife, act: Act) {
        for contact in &case.contacts {
            self.contact(
                k,
                home,
                case,
                contact,
                Act {
                    at: contact.at,
                    ..act
                },
            );
        }
    }

    fn contact(
        &mut self,
        k: &mut kernel::Tables,
        home: &mut Home,
        case: &CaseLife,
        c: &Contact,
        act: Act,
    ) {
        self.contacts.push(row![
            c.id,
            case.room,
            c.at,
            c.kind,
            c.minutes,
            "",
            "individual",
            c.body.as_str(),
            false,
            false,
            c.next_on,
            act.seat.staff,
            act.seat.posting,
            act.desk,
            c.at,
            1_i64,
        ]);
        if let Some(m) = home.members.get(c.subject) {
            self.contact_subjects.push(row![c.id, m.id]);
        }
        if let Some(due) = c.next_on {
            let what = ("next_contact", "次回の連絡・訪問");
            k.task(&mut home.ids, act, what, Some(c.id), due, None);
        }
        let log = format!(r#"{{"contact":"{}","kind":"{}"}}"#, c.id, c.kind);
        let data = format!(
            r#"{{"kind":"{}","minutes":{},"subjects":1,"work":"individual"}}"#,
            c.kind, c.minutes
        );
        k.opened_for_write(&mut home.ids, act, "contact");
        k.log(&mut home.ids, act, "contact.made", None, log);
        k.event(&mut home.ids, act, "contact.made", Some(c.id), None, data);
        k.doc(act, DocKind::Contact, c.id, &c.body, &c.body);
    }

    /// Tasks that the owner noted.
    pub fn tasks(&mut self, k: &mut kernel::Tables, home: &mut Home, case: &CaseLife, act: Act) {
        for (title, due, done) in &case.tasks {
            k.task(&mut home.ids, act, ("manual", title), None, *due, *done);
        }
    }

    /// 終結, if it was closed.
    pub fn close(&mut self, k: &mut kernel::Tables, home: &mut Home, case: &CaseLife, act: Act) {
        let Some(at) = case.closed else { return };
        let act = Act { at, ..act };
        let id = home.ids.at(at);
        let on = clock::local(at).date();
        self.closures.push(row![
            id,
            case.room,
            on,
            "achieved",
            "困りごとが落ち着き、相談先も分かったとのこと。",
            "地区の民生委員(架空)",
            None::<chrono::NaiveDate>,
            "本人から連絡があれば再び受け付ける",
            act.seat.staff,
            at,
            "",
        ]);
        let days = (on - clock::local(case.opened).date()).num_days();
        let log = format!(r#"{{"closure":"{id}","reason":"achieved"}}"#);
        let data = format!(r#"{{"days":{days},"reason":"achieved"}}"#);
        k.opened_for_write(&mut home.ids, act, "close");
        k.log(&mut home.ids, act, "case.closed", None, log);
        k.event(
            &mut home.ids,
            act,
            "case.closed",
            Some(id),
            Some(case.household),
            data,
        );
    }

    /// Writes what waits; rooms, people and households are there already.
    pub async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        for rows in [
            &mut self.cases,
            &mut self.members,
            &mut self.issues,
            &mut self.contacts,
            &mut self.contact_subjects,
            &mut self.closures,
        ] {
            rows.flush(tx).await?;
        }
        Ok(())
    }
}
