//! The rule in Rust, side by side with [`super::VISIBLE`].

use chrono::{DateTime, NaiveDate, Utc};

use super::{Level, Role, RoomKind};
use crate::id::{DeskId, PostingId};

/// A posting of the actor, active or not.
#[derive(Debug, Clone)]
pub struct Holding {
    /// 配置
    pub posting: PostingId,
    /// Its desk.
    pub desk: Option<DeskId>,
    /// Its role.
    pub role: Role,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A key of the room, valid or not.
#[derive(Debug, Clone)]
pub struct Grant {
    /// To one posting …
    pub posting: Option<PostingId>,
    /// … or to all at a desk.
    pub desk: Option<DeskId>,
    /// What it lets do.
    pub level: Level,
    /// Whether it fits sealed rooms.
    pub opens_sealed: bool,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when (exclusive).
    pub valid_until: Option<DateTime<Utc>>,
    /// Taken back.
    pub revoked: bool,
}

/// The room's own facts.
#[derive(Debug, Clone, Copy)]
pub struct RoomFacts {
    /// Consultation or case.
    pub kind: RoomKind,
    /// Restricted class.
    pub sealed: bool,
    /// The actor is too close to someone in it.
    pub conflict: bool,
}

/// What the actor may do in the room now: the best of the fitting keys, or nothing.
#[must_use]
pub fn decide(
    room: RoomFacts,
    grants: &[Grant],
    holdings: &[Holding],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Option<Level> {
    if room.conflict {
        return None;
    }
    let fits = |g: &Grant, h: &Holding| {
        let holder = g.posting == Some(h.posting)
            || (h.role != Role::Entry && g.desk.is_some() && g.desk == h.desk);
        let posted = h.valid_from <= today && h.valid_to.is_none_or(|to| to >= today);
        let role = match h.role {
            Role::Coordinator | Role::Supervisor | Role::Worker => true,
            Role::Clerk | Role::Entry => room.kind == RoomKind::Consultation,
            Role::Admin | Role::Auditor | Role::NoCase => false,
        };
        let valid =
            !g.revoked && g.valid_from <= now && g.valid_until.is_none_or(|until| until > now);
        holder && posted && role && valid && (!room.sealed || g.opens_sealed)
    };
    grants
        .iter()
        .filter(|g| holdings.iter().any(|h| fits(g, h)))
        .map(|g| g.level)
        .max()
}
