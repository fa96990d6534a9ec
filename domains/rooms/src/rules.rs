//! Decisions without I/O.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{AccessGrant, Duty, Level, RoomKey, Source},
    context::Actor,
    id::{GrantId, StaffId},
};

/// Characters of the reason for opening in an emergency, at least: enough to say what happened.
pub const REASON_MIN: usize = 10;
/// Characters of any reason at most.
pub const REASON_MAX: usize = 500;
/// Characters of a relation (「妻の父」) at most.
pub const RELATION_MAX: usize = 100;
/// Days that the auditor's patterns look back.
pub const LOOK_BACK_DAYS: i64 = 30;
/// Rooms opened within an hour above which auditors are shown the staff.
pub const MANY_READS_AN_HOUR: usize = 60;

/// What stands for the name of a lay receiver (民生委員, 協力者) before those who may not know it.
pub const SOMEBODY: &str = "（窓口の職員）";

/// Whether the actor may read the name of a lay receiver: a neighbour who wrote a notice is as good
/// as its author, whom only those see who decide on it. One's own name is no secret. It makes no
/// difference whether the room holds a notice, else a missing name would say so.
pub fn may_name_lay(actor: &Actor, staff: StaffId) -> bool {
    actor.staff == staff || actor.may(Duty::Triage)
}

/// Whether a key opens now.
pub fn is_valid(grant: &AccessGrant, now: DateTime<Utc>) -> bool {
    grant.revoked_at.is_none()
        && grant.valid_from <= now
        && grant.valid_until.is_none_or(|until| until > now)
}

/// Whether the actor may take keys of this room back: with a writing key, as the owner (or, while
/// nobody in particular is, from the owner's desk), or as one who decides hand-overs.
pub fn may_manage_keys(actor: &Actor, key: &RoomKey) -> bool {
    let owner = match key.owner_posting() {
        Some(owner) => actor.postings.iter().any(|p| p.id == owner),
        None => actor
            .postings
            .iter()
            .any(|p| p.desk == Some(key.owner_desk())),
    };
    key.may_write() && (owner || actor.may(Duty::Reassign))
}

/// Why a key cannot be taken back, if so. The owner's own key and the owner desk's go with the owner:
/// without the first the record has no 主担当 who can open it, without the second nobody there can
/// stand in when the 主担当 is away.
pub fn refuse_to_take_back(
    key: &RoomKey,
    grants: &[AccessGrant],
    id: GrantId,
    now: DateTime<Utc>,
) -> Option<&'static str> {
    let owns =
        |g: &AccessGrant| g.source == Source::Owner && g.level == Level::Write && is_valid(g, now);
    let grant = grants.iter().find(|g| g.id == id)?;
    if !is_valid(grant, now) {
        return Some("この閲覧権は、すでに取り消されているか、期限が切れています。");
    }
    let owners = grant.posting.is_some() && grant.posting == key.owner_posting()
        || grant.desk == Some(key.owner_desk());
    if grant.source == Source::Owner && owners {
        return Some(OWNERS);
    }
    let others = grants.iter().any(|g| g.id != id && owns(g));
    (owns(grant) && !others).then_some(
        "主担当の最後の閲覧権は取り消せません。担当のいない記録になるためです。先に主担当を替えてください。",
    )
}

const OWNERS: &str = "主担当と主担当の窓口の閲覧権は、ここでは取り消せません。担当のいない記録にしないためです。先に主担当を替えてください。替えると、前の主担当の閲覧権は取り消されます。";

/// The most events within any one hour. `times` need no order.
pub fn most_in_an_hour(mut times: Vec<DateTime<Utc>>) -> usize {
    times.sort_unstable();
    let mut first = 0;
    let mut most = 0;
    for (last, at) in times.iter().enumerate() {
        while times
            .get(first)
            .is_some_and(|start| *at - *start >= chrono::Duration::hours(1))
        {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_hour_is_found_wherever_it_starts() {
        let at = |minute: i64| DateTime::from_timestamp(1_795_222_800 + minute * 60, 0).unwrap();
        assert_eq!(most_in_an_hour(vec![]), 0);
        let times = [0, 50, 55, 70, 109, 110, 300].map(at).to_vec();
        // 50 to 109 is within an hour; 110 is one hour after 50.
        assert_eq!(most_in_an_hour(times), 4);
    }
}
