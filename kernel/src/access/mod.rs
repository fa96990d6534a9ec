//! The keys. A room opens only to an actor who holds one ([`AccessGrant`]); everything that lets
//! someone in (a case team, a reception, consent, an emergency) does so by cutting a key, and
//! taking it back takes the key back.
//!
//! [`VISIBLE`] and [`decide::decide`] are the same rule, once as SQL for lists, searches and counts and
//! once in Rust for one room; a property test draws histories and compares them.

mod conflict;
pub mod decide;
mod emergency;
mod existence;
mod found;
mod grant;
mod handed;
mod open;
mod reassign;
mod rests;
mod role;
mod unmake;

pub use conflict::{declare_conflict, end_conflict};
pub use decide::{Grant, Holding};
pub use emergency::break_glass;
pub use existence::{contact_of, existence, person_is_visible};
pub use found::{
    NewRoom, found, link_merge, link_person, seal, set_closed, set_owner, set_protected,
    unlink_merge,
};
pub use grant::{
    AccessGrant, Basis, Level, NewGrant, Source, cut, grants_of, revoke, revoke_source,
};
pub use handed::{Follower, Following, HandedOver};
pub use open::{Act, LIVE, Purpose, Reveal, RoomKey, open, open_for_write, reveal, write_key};
pub use reassign::{
    OwnedBy, OwnedRoom, REASSIGN_LIMIT, owned_counts, owned_rooms, reassign_desk, reassign_rooms,
    rooms_owned_by,
};
pub use rests::{Resting, resting_on, rests_on};
pub use role::{Duty, Role};
pub use unmake::unmake;

use crate::{context::Ctx, db::Sql};

crate::code_enum! {
    /// What a room is.
    pub enum RoomKind {
        /// 相談受付
        Consultation = "consultation";
        /// ケース・支援
        Case = "case";
        /// つなぐシート: the envelope that two desks share, not the case that it speaks of.
        Referral = "referral";
    }
}

impl RoomKind {
    /// The page of a room of this kind.
    #[must_use]
    pub fn path(self, room: crate::id::RoomId) -> String {
        match self {
            Self::Consultation => format!("/consultations/{room}"),
            Self::Case => format!("/cases/{room}"),
            Self::Referral => format!("/referrals/{room}"),
        }
    }
}

/// True for rooms `r` that the actor may open now. Bind with [`bind_actor`].
///
/// Lists, searches and counts about people all carry this one condition.
pub const VISIBLE: &str = "(exists (
    select 1 from posting p join access_grant g
      on (g.posting_id = p.id or (g.desk_id = p.desk_id and p.role <> 'entry'))
     where p.staff_id = :me and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)
       and (p.role in ('coordinator', 'supervisor', 'worker')
            or (p.role in ('clerk', 'entry') and r.kind = 'consultation'))
       and g.room_id = r.id and g.revoked_at is null and g.valid_from <= :now
       and (g.valid_until is null or g.valid_until > :now)
       and (r.sealed is null or g.opens_sealed))
  and not exists (
    select 1 from access_conflict c join room_person rp on rp.person_id = c.person_id
     where c.staff_id = :me and c.ended_at is null and rp.room_id = r.id))";

/// Rooms that the actor holds any key to, driven from the keys: for lists that start from one's own
/// rooms. Each is still checked with [`VISIBLE`].
pub const MY_ROOMS: &str = "(
    select g.room_id from posting p join access_grant g on g.posting_id = p.id
     where p.staff_id = :me and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) and g.revoked_at is null
    union
    select g.room_id from posting p join access_grant g on g.desk_id = p.desk_id
     where p.staff_id = :me and p.role <> 'entry' and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) and g.revoked_at is null)";

/// Binds what [`VISIBLE`] and [`MY_ROOMS`] need.
#[must_use]
pub fn bind_actor(q: Sql, ctx: &Ctx) -> Sql {
    q.bind("me", ctx.actor.staff)
        .bind("today", ctx.today())
        .bind("now", ctx.now())
}
