//! Whom to tell, and what has been told. `notice`, `notice_mail`, `staff` and `posting` are the
//! kernel's tables.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    context::Engine,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::StaffId,
    notices::mail::Telling,
    text::wareki::Calendar,
};
use uuid::Uuid;

use crate::rules::Waiting;

/// People that one statement looks at.
pub(crate) const PAGE: usize = 300;
/// Notices that one statement marks.
const CHUNK: usize = 400;

/// Of the table `n`: unread, and no mail has told of it. The index `notice_to_mail` holds these.
const TO_MAIL: &str = "n.read_at is null and n.mailed_at is null and n.mail_given_up_at is null";

/// Somebody whom notices wait for.
pub(crate) struct Person {
    pub staff: StaffId,
    pub address: String,
    pub calendar: Calendar,
    pub training: bool,
    pub waiting: Waiting,
}

fn read(row: &Row) -> Result<Person> {
    let calendar: String = row.get("calendar")?;
    Ok(Person {
        staff: row.get("id")?,
        address: row.get::<String>("email")?.trim().to_owned(),
        calendar: if calendar == "western" {
            Calendar::Western
        } else {
            Calendar::Japanese
        },
        training: row.get("training")?,
        waiting: Waiting {
            telling: Telling::of_wish(&row.get::<String>("wish")?),
            oldest: row.get("oldest")?,
            sent_at: row.opt("sent_at")?,
            try_after: row.opt("try_after")?,
        },
    })
}

/// People after `after`, in the order of their ids, for whom something waits, who are in service and
/// posted today and have an address.
pub(crate) async fn people(
    conn: &mut Conn,
    after: StaffId,
    today: NaiveDate,
) -> Result<Vec<Person>> {
    conn.rows(
        sql("select s.id, s.email, s.calendar, m.training, coalesce(w.wish, '') as wish, w.sent_at, w.try_after,
                    (select min(n.created_at) from notice n where n.staff_id = s.id and {to_mail}) as oldest
               from staff s join municipality m on m.id = s.municipality_id left join notice_mail w on w.staff_id = s.id
              where s.id > :after and s.email <> '' and coalesce(w.wish, '') <> :none
                and (s.left_on is null or s.left_on >= :today)
                and exists (select 1 from notice n where n.staff_id = s.id and {to_mail})
                and exists (select 1 from posting p where p.staff_id = s.id and p.valid_from <= :today
                              and (p.valid_to is null or p.valid_to >= :today))
              order by s.id limit :page")
            .slot("{to_mail}", TO_MAIL)
            .bind("after", after)
            .bind("none", Telling::None)
            .bind("today", today)
            .bind("page", i64::try_from(PAGE).unwrap_or(i64::MAX)),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// A mail that only this program sends now: everybody else finds `try_after` in the future.
pub(crate) struct Claim {
    /// The notices that the mail tells of for the first time.
    pub notices: Vec<Uuid>,
    /// Everything unread, and the oldest of it.
    pub unread: i64,
    pub since: DateTime<Utc>,
    /// Attempts, this one included.
    pub attempts: i64,
}

/// Takes the next attempt; until `retry` nobody makes another. Should the program end before the
/// outcome is written, the mail is sent again then: twice rather than never.
///
/// `None`: somebody else was faster, or the person has read everything meanwhile.
pub(crate) async fn claim(
    engine: &Engine,
    staff: StaffId,
    retry: impl Fn(i64) -> DateTime<Utc>,
) -> Result<Option<Claim>> {
    let now = engine.clock.now();
    let mut tx = engine.db.write().await?;
    let mine = tx
        .exec(
            sql("insert into notice_mail (staff_id, wish, failures, try_after, refused_address) values (:staff, '', 1, :first, '')
                 on conflict (staff_id) do update set failures = notice_mail.failures + 1, try_after = :first
                  where notice_mail.try_after is null or notice_mail.try_after <= :now")
                .bind("staff", staff)
                .bind("first", retry(1))
                .bind("now", now),
        )
        .await?;
    if mine == 0 {
        return Ok(None);
    }
    let attempts = tx
        .one(sql("select failures from notice_mail where staff_id = :staff").bind("staff", staff))
        .await?
        .get("failures")?;
    tx.exec(
        sql("update notice_mail set try_after = :retry where staff_id = :staff")
            .bind("staff", staff)
            .bind("retry", retry(attempts)),
    )
    .await?;
    let notices: Vec<Uuid> = tx
        .rows(
            sql("select n.id from notice n where n.staff_id = :staff and {to_mail} order by n.created_at limit 10000")
                .slot("{to_mail}", TO_MAIL)
                .bind("staff", staff),
        )
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect::<Result<_>>()?;
    if notices.is_empty() {
        return Ok(None);
    }
    let all = tx
        .one(
            sql("select count(*) as n, min(n.created_at) as since from notice n where n.staff_id = :staff and n.read_at is null")
                .bind("staff", staff),
        )
        .await?;
    let claim = Claim {
        notices,
        unread: all.get("n")?,
        since: all.get("since")?,
        attempts,
    };
    // Who was told by mail is no record of anybody's data; the marks on the notices say it.
    tx.commit_unaudited().await?;
    Ok(Some(claim))
}

/// How an attempt ended.
pub(crate) enum Outcome<'a> {
    /// The server took it.
    Taken,
    /// No mail about these notices any more; could not be delivered to this address.
    GivenUp(&'a str),
    /// It was not this mail's fault: as if there had been no attempt.
    Undone,
}

/// Writes down how an attempt ended, in one transaction.
pub(crate) async fn settle(
    engine: &Engine,
    staff: StaffId,
    claim: &Claim,
    outcome: Outcome<'_>,
) -> Result<()> {
    let now = engine.clock.now();
    let mut tx = engine.db.write().await?;
    let q = match outcome {
        Outcome::Taken => {
            mark(
                &mut tx,
                &claim.notices,
                "update notice set mailed_at = :now where id in (:ids)",
                now,
            )
            .await?;
            sql("update notice_mail set sent_at = :now, failures = 0, try_after = null, refused_address = '' where staff_id = :staff")
                .bind("now", now)
        }
        Outcome::GivenUp(address) => {
            mark(
                &mut tx,
                &claim.notices,
                "update notice set mail_given_up_at = :now where id in (:ids)",
                now,
            )
            .await?;
            sql("update notice_mail set failures = 0, try_after = null, refused_address = :address where staff_id = :staff")
                .bind("address", address)
        }
        Outcome::Undone => sql(
            "update notice_mail set failures = :before, try_after = null where staff_id = :staff",
        )
        .bind("before", claim.attempts - 1),
    };
    tx.exec(q.bind("staff", staff)).await?;
    tx.commit_unaudited().await
}

async fn mark(tx: &mut Tx, ids: &[Uuid], text: &'static str, now: DateTime<Utc>) -> Result<()> {
    for ids in ids.chunks(CHUNK) {
        tx.exec(
            sql(text)
                .bind("now", now)
                .bind_all("ids", ids.iter().copied()),
        )
        .await?;
    }
    Ok(())
}
