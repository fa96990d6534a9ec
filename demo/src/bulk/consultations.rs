//! Consultations of the bulk, as `consultations::take_in` and its decisions would leave them. See
//! `bulk/mod.rs` for why this may write tables of others.

use engawa_consultations::rules::{is_compound, urgency_rank};
use engawa_kernel::{clock, db::Tx, error::Result, id::MunicipalityId, search::DocKind};

use super::{
    kernel::{self, Act},
    rows::{Rows, row},
};
use crate::home::{CaseLife, Home, Outcome};

/// Rows of the tables of `consultations` that wait to be written.
pub struct Tables {
    municipality: MunicipalityId,
    consultations: Rows,
    subjects: Rows,
    issues: Rows,
    decisions: Rows,
}

impl Tables {
    /// None yet.
    pub const fn new(municipality: MunicipalityId) -> Self {
        Self {
            municipality,
            consultations: Rows::new(
                "insert into consultations_consultation (room_id, municipality_id, who, slip, received_at, recorded_at, received_by, desk_id, channel, route, urgency, urgency_rank, emergency, words, place, heard_of, why_not_earlier, wishes, notes, consulter_name, consulter_kana, consulter_relation, consulter_contact, main_issue, dropped_where, dropped_note, gap_kind, gap_schemes, compound_auto, subject_line, state, is_open, state_since, turn_since, triaged_at, first_contact_at, lead_desk_id, case_room_id, version) values",
            ),
            subjects: Rows::new(
                "insert into consultations_subject (room_id, seq, person_id, relation, residence, residence_place, heard_label, heard_name, heard_kana, heard_sex, heard_birth, heard_phone, heard_address) values",
            ),
            issues: Rows::new(
                "insert into consultations_issue (room_id, code, subject_seq) values",
            ),
            decisions: Rows::new(
                "insert into consultations_decision (id, room_id, state, text, accepted_body, accepted_by, case_room_id, lead_desk_id, decided_on, decided_at, decided_by, correction_reason) values",
            ),
        }
    }

    /// Takes a consultation in; its people are made by `people`.
    pub fn take_in(
        &mut self,
        k: &mut kernel::Tables,
        home: &mut Home,
        case: Option<&CaseLife>,
        number: &str,
        act: Act,
    ) {
        let r = &home.reception;
        let state = match r.outcome {
            Outcome::Waiting => "received",
            Outcome::Answered => "answered",
            Outcome::BecameCase => "became_case",
        };
        let first = home.members.first().map_or("匿名", |m| m.name.as_str());
        let line = match r.subjects {
            0 | 1 => first.to_owned(),
            n => format!("{first} ほか{}人", n - 1),
        };
        let seq = i64::from(r.subjects == 1);
        let issues: Vec<(String, i64)> = r
            .matter
            .issues
            .iter()
            .map(|c| ((*c).to_owned(), seq))
            .collect();
        let compound = is_compound(&issues);
        let own = r.route == "self";
        self.consultations.push(row![
            r.room,
            self.municipality,
            if own { "subject" } else { "other" },
            false,
            r.at,
            r.at,
            act.seat.staff,
            act.desk,
            r.channel,
            r.route,
            r.urgency,
            urgency_rank(r.urgency, false),
            false,
            r.matter.words,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            if own { "" } else { "家族・知人など" },
            "",
            r.matter.issues.first().copied(),
            "",
            "",
            "",
            "",
            compound,
            line.as_str(),
            state,
            r.outcome == Outcome::Waiting,
            r.decided_at.unwrap_or(r.at),
            r.at,
            r.decided_at,
            own.then_some(r.at),
            r.decided_at.map(|_| act.desk.0),
            case.map(|c| c.room.0),
            1_i64 + i64::from(r.decided_at.is_some()),
        ]);
        for (code, seq) in &issues {
            self.issues.push(row![r.room, code.as_str(), *seq]);
        }
        for (seq, m) in (1_i64..).zip(home.members.iter().take(r.subjects)) {
            self.subjects.push(row![
                r.room,
                seq,
                m.id,
                if own { "本人" } else { "" },
                "resident",
                "",
                "",
                m.name.as_str(),
                m.kana.as_str(),
                m.sex,
                m.birth.to_stored(),
                m.phone.clone().unwrap_or_default(),
                home.address.as_str(),
            ]);
        }
        k.doc(act, DocKind::Number, r.room.0, &line, number);
        k.doc(act, DocKind::Words, r.room.0, &line, r.matter.words);
        self.received(k, home, act, compound);
    }

    fn received(&mut self, k: &mut kernel::Tables, home: &mut Home, act: Act, compound: bool) {
        let r = &home.reception;
        let who = if r.route == "self" {
            "subject"
        } else {
            "other"
        };
        let log = format!(r#"{{"desk":"{}","slip":false,"who":"{who}"}}"#, act.desk);
        let data = format!(
            r#"{{"anonymous":false,"channel":"{}","compound":{compound},"emergency":false,"issues":["{}"],"main_issue":"{}","route":"{}","slip":false,"subjects":{},"third_party":false,"urgency":"{}","who":"{who}"}}"#,
            r.channel,
            r.matter.issues.join("\",\""),
            r.matter.issues.first().copied().unwrap_or_default(),
            r.route,
            r.subjects,
            r.urgency,
        );
        let source = Some(r.room.0);
        k.log(&mut home.ids, act, "consultation.received", None, log);
        k.event(
            &mut home.ids,
            act,
            "consultation.received",
            source,
            None,
            data,
        );
    }

    /// What was decided, if anything.
    pub fn decide(
        &mut self,
        k: &mut kernel::Tables,
        home: &mut Home,
        case: Option<&CaseLife>,
        act: Act,
    ) {
        let r = &home.reception;
        let Some(at) = r.decided_at else { return };
        let act = Act { at, ..act };
        let (state, text) = match r.outcome {
            Outcome::Waiting => return,
            Outcome::Answered => ("answered", r.answer),
            Outcome::BecameCase => ("became_case", ""),
        };
        let id = home.ids.at(at);
        self.decisions.push(row![
            id,
            r.room,
            state,
            text,
            "",
            "",
            case.map(|c| c.room.0),
            act.desk,
            clock::local(at).date(),
            at,
            act.seat.staff,
            "",
        ]);
        let days = (clock::local(at).date() - clock::local(r.at).date()).num_days();
        let log = format!(r#"{{"decision":"{id}","from":"received","state":"{state}"}}"#);
        let data = format!(
            r#"{{"closure":null,"corrects":null,"days":{days},"first":true,"from":"received","state":"{state}"}}"#
        );
        k.opened_for_write(&mut home.ids, act, "triage");
        k.log(&mut home.ids, act, "consultation.triaged", None, log);
        k.event(
            &mut home.ids,
            act,
            "consultation.triaged",
            Some(id),
            None,
            data,
        );
    }

    /// Writes what waits; rooms and people are there already.
    pub async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        for rows in [
            &mut self.consultations,
            &mut self.subjects,
            &mut self.issues,
            &mut self.decisions,
        ] {
            rows.flush(tx).await?;
        }
        Ok(())
    }
}
