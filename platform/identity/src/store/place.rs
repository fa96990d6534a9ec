//! Municipalities, and everything a request needs to know about its sender in one statement.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    db::{Conn, Row, Sql, sql},
    error::Result,
    id::{MunicipalityId, StaffId},
    settings::Settings,
    text::wareki::Calendar,
};

use crate::{
    model::{Account, Session, TokenId},
    store::{account, session},
};

/// Municipalities of one database at most: a consortium.
const LIMIT: i64 = 200;

/// Whose records.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub id: MunicipalityId,
    pub name: String,
    pub training: bool,
    pub settings: Settings,
}

fn read_place(row: &Row) -> Result<Place> {
    Ok(Place {
        id: row.get("place_id")?,
        name: row.get("place_name")?,
        training: row.get("training")?,
        settings: serde_json::from_str(&row.get::<String>("settings")?)?,
    })
}

/// All municipalities of this database.
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<Place>> {
    conn.rows(
        sql("select m.id as place_id, m.name as place_name, m.training, m.settings from municipality m order by m.code limit :limit")
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(read_place)
    .collect()
}

/// Who sends a request.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    pub account: Account,
    pub name: String,
    pub calendar: Calendar,
    pub left_on: Option<NaiveDate>,
    pub unread: u32,
    pub place: Place,
}

const SENDER: &str = "s.name as staff_name, s.calendar, s.left_on,
    m.id as place_id, m.name as place_name, m.training, m.settings,
    (select count(*) from (select 1 from notice n where n.staff_id = s.id and n.read_at is null limit 1000) x) as unread";

fn read_sender(row: &Row) -> Result<Sender> {
    Ok(Sender {
        account: account::read(row)?,
        name: row.get("staff_name")?,
        calendar: calendar_from(&row.get::<String>("calendar")?),
        left_on: row.opt("left_on")?,
        unread: u32::try_from(row.get::<i64>("unread")?).unwrap_or_default(),
        place: read_place(row)?,
    })
}

pub(crate) fn calendar_from(code: &str) -> Calendar {
    if code == "western" {
        Calendar::Western
    } else {
        Calendar::Japanese
    }
}

pub(crate) const fn calendar_code(calendar: Calendar) -> &'static str {
    match calendar {
        Calendar::Japanese => "japanese",
        Calendar::Western => "western",
    }
}

fn filled(q: Sql) -> Sql {
    q.slot("{sender}", SENDER)
        .slot("{account}", account::COLUMNS)
        .slot("{session}", session::COLUMNS)
}

/// The sender by the session's cookie.
pub(crate) async fn by_cookie(
    conn: &mut Conn,
    token_hash: Vec<u8>,
) -> Result<Option<(Session, Sender)>> {
    conn.row(
        filled(sql(
            "select {session}, {account}, {sender} from identity_session i
              join identity_account a on a.staff_id = i.staff_id
              join staff s on s.id = a.staff_id join municipality m on m.id = a.municipality_id
             where i.token_hash = :hash",
        ))
        .bind("hash", token_hash),
    )
    .await?
    .as_ref()
    .map(|row| Ok((session::read(row)?, read_sender(row)?)))
    .transpose()
}

/// The sender by an API token that is in use: (token, last used, sender).
pub(crate) async fn by_token(
    conn: &mut Conn,
    token_hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Option<(TokenId, Option<DateTime<Utc>>, Sender)>> {
    conn.row(
        filled(sql(
            "select t.id as token_id, t.last_used_at, {account}, {sender} from identity_token t
              join identity_account a on a.staff_id = t.staff_id
              join staff s on s.id = a.staff_id join municipality m on m.id = a.municipality_id
             where t.token_hash = :hash and t.revoked_at is null and t.expires_at > :now",
        ))
        .bind("hash", token_hash)
        .bind("now", now),
    )
    .await?
    .as_ref()
    .map(|row| {
        Ok((
            row.get("token_id")?,
            row.opt("last_used_at")?,
            read_sender(row)?,
        ))
    })
    .transpose()
}

/// The sender by account, right after the password fitted.
pub(crate) async fn by_staff(conn: &mut Conn, staff: StaffId) -> Result<Option<Sender>> {
    conn.row(
        filled(sql("select {account}, {sender} from identity_account a
              join staff s on s.id = a.staff_id join municipality m on m.id = a.municipality_id
             where a.staff_id = :staff"))
        .bind("staff", staff),
    )
    .await?
    .as_ref()
    .map(read_sender)
    .transpose()
}
