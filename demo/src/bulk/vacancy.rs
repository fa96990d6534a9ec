//! A small desk whose only worker left before the next one came: the one place in the demo where days
//! pass without an owner. As the screens of `organisations` would leave it; see `bulk/mod.rs`.

use chrono::NaiveDate;
use engawa_kernel::{
    db::Tx,
    error::Result,
    id::{DeskId, PostingId, StaffId},
};

use super::rows::{Rows, row};
use crate::town::{Seat, Town, YEARS};

/// The desk, who left and who came.
pub struct Vacancy {
    /// The desk.
    pub desk: DeskId,
    /// Worked there until that day.
    pub left: (Seat, NaiveDate),
    /// Works there since that day.
    pub came: (Seat, NaiveDate),
}

/// 名称
pub const DESK: &str = "ほほえみ相談室";
/// Who came, 氏名 and よみ.
pub const CAME: (&str, &str) = ("縁側 希", "えんがわ のぞみ");
/// The body that runs it, as an index into `Town::bodies`.
pub const BODY: usize = 2;

impl Vacancy {
    /// With ids of their own.
    pub fn new(left_on: NaiveDate, came_on: NaiveDate) -> Self {
        let seat = || Seat {
            staff: StaffId::new(),
            posting: PostingId::new(),
        };
        Self {
            desk: DeskId::new(),
            left: (seat(), left_on),
            came: (seat(), came_on),
        }
    }

    /// Writes them down.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn write(&self, tx: &mut Tx, town: &Town) -> Result<()> {
        let (m, body) = (town.municipality, &town.bodies[BODY]);
        let since = town.today - chrono::Duration::days(YEARS * 365 / 2);
        let mut desk = Rows::new(
            "insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version) values",
        );
        let hours = "火・木 10:00から16:00まで";
        let phone = "00-0009-0001";
        desk.push(row![
            self.desk,
            m,
            "D901",
            DESK,
            "",
            body.id,
            "commissioned",
            phone,
            "",
            hours,
            since,
            "",
            1_i64
        ]);
        let mut function = Rows::new(
            "insert into organisations_desk_function (desk_id, place, function, state) values",
        );
        function.push(row![self.desk, 0_i64, "participation", "in_force"]);
        let mut contact = Rows::new("insert into desk_contact (desk_id, contact) values");
        contact.push(row![self.desk, format!("{} {DESK} {phone}", body.name)]);
        let mut staff = Rows::new(
            "insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, left_on, created_at) values",
        );
        let mut more = Rows::new(
            "insert into organisations_staff (staff_id, municipality_id, code, employer_id, employment, fte, career, expected) values",
        );
        let mut postings = Rows::new(
            "insert into posting (id, staff_id, body_id, desk_id, role, share, valid_from, valid_to, version) values",
        );
        let mut words = Rows::new(
            "insert into organisations_posting (posting_id, role_code, tier, funding, note) values",
        );
        let (left, until) = self.left;
        let (came, from) = self.came;
        for (seat, (name, kana), code, from, until) in [
            (
                left,
                ("縁側 去", "えんがわ さる"),
                "S9001",
                since,
                Some(until),
            ),
            (came, CAME, "S9002", from, None),
        ] {
            staff.push(row![
                seat.staff, m, name, kana, "", "", "japanese", 1_i64, until, town.end
            ]);
            more.push(row![
                seat.staff,
                m,
                code,
                body.id,
                "full_time",
                "1",
                "",
                false
            ]);
            postings.push(row![
                seat.posting,
                seat.staff,
                body.id,
                self.desk,
                "worker",
                "1",
                from,
                until,
                1_i64
            ]);
            words.push(row![seat.posting, "worker", "", "", ""]);
        }
        for rows in [
            &mut desk,
            &mut function,
            &mut contact,
            &mut staff,
            &mut more,
            &mut postings,
            &mut words,
        ] {
            rows.flush(tx).await?;
        }
        Ok(())
    }
}
