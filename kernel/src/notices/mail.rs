//! How a person wants to hear, outside Engawa, that notices wait. `platform/post` sends; everybody
//! chooses for themselves at `/account`.

use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::StaffId,
};

crate::code_enum! {
    /// お知らせのメール
    pub enum Telling {
        /// No mail: the person looks at きょう.
        None = "none", "なし";
        /// Within minutes.
        AtOnce = "at_once", "すぐに";
        /// Once a day, in the morning.
        Daily = "daily", "1日1回まとめて(朝8時)";
    }
}

impl Telling {
    /// For who has not chosen and has an address in the register: a notice that nobody reads is
    /// how a hand-over falls to the ground, and one mail in the morning gives nothing away.
    pub const DEFAULT: Self = Self::Daily;

    /// What holds for a stored wish; an empty one is "not chosen".
    #[must_use]
    pub fn of_wish(wish: &str) -> Self {
        Self::from_code(wish).unwrap_or(Self::DEFAULT)
    }
}

/// Where one person stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What holds now.
    pub telling: Telling,
    /// The person chose it; otherwise it is [`Telling::DEFAULT`].
    pub chosen: bool,
    /// From the register of staff; empty: none.
    pub address: String,
    /// The newest mail to this very address could not be delivered.
    pub refused: bool,
}

/// Where a person stands.
///
/// # Errors
/// The database refuses, or there is no such person.
pub async fn standing(conn: &mut Conn, staff: StaffId) -> Result<Standing> {
    let row = conn
        .one(
            sql("select s.email, coalesce(w.wish, '') as wish, coalesce(w.refused_address, '') as refused
                   from staff s left join notice_mail w on w.staff_id = s.id where s.id = :staff")
                .bind("staff", staff),
        )
        .await?;
    let (wish, refused) = (row.get::<String>("wish")?, row.get::<String>("refused")?);
    let address = row.get::<String>("email")?.trim().to_owned();
    Ok(Standing {
        telling: Telling::of_wish(&wish),
        chosen: Telling::from_code(&wish).is_some(),
        refused: !address.is_empty() && refused == address,
        address,
    })
}

/// The actor chooses. Logged.
///
/// # Errors
/// The database refuses.
pub async fn choose(tx: &mut Tx, ctx: &Ctx, telling: Telling) -> Result<()> {
    tx.exec(
        sql("insert into notice_mail (staff_id, wish, failures, refused_address) values (:me, :wish, 0, '')
             on conflict (staff_id) do update set wish = :wish")
            .bind("me", ctx.actor.staff)
            .bind("wish", telling),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("account.mail").detail(serde_json::json!({ "telling": telling })),
    )
    .await
}
