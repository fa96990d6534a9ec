//! The contact that a protected person left when she came herself.

use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::{Conn, sql},
    error::Result,
};

use super::change::stored;
use crate::model::WhoCame;

/// The column of the consulter's telephone or address.
pub(super) const CONTACT: &str = "consulter_contact";

/// Whether the consulter's contact is that of a protected person: she came herself, so the number
/// she left is hers.
///
/// # Errors
/// The database refuses.
pub async fn own_contact_withheld(conn: &mut Conn, key: &RoomKey) -> Result<bool> {
    Ok(conn
        .row(
            sql("select 1 as n from consultations_consultation c
                   join consultations_subject s on s.room_id = c.room_id
                   join protected_person p on p.person_id = s.person_id
                  where c.room_id = :room and c.who = :subject limit 1")
            .bind("room", key.room())
            .bind("subject", WhoCame::Subject),
        )
        .await?
        .is_some())
}

/// The contact that must not be shown, for taking it out of an old draft.
///
/// # Errors
/// The room holds no consultation.
pub async fn withheld_contact(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Option<String>> {
    if !own_contact_withheld(conn, key).await? {
        return Ok(None);
    }
    let edit = stored(conn, ctx, key).await?;
    Ok(edit
        .values
        .into_iter()
        .find(|v| v.0 == CONTACT)
        .map(|v| v.1))
}
