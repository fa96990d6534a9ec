//! Who acts, at which postings, and how they came in.

use crate::{
    access::{Duty, Role},
    error::{Error, Result},
    id::{BodyId, DeskId, PostingId, SessionId, StaffId},
};

/// One of the postings that the actor holds today.
#[derive(Debug, Clone)]
pub struct ActivePosting {
    /// 配置
    pub id: PostingId,
    /// Its body.
    pub body: BodyId,
    /// Its desk, if it has one.
    pub desk: Option<DeskId>,
    /// Canonical role.
    pub role: Role,
    /// The role in the municipality's own words.
    pub role_label: String,
    /// e.g. 「縁側市社会福祉協議会 くらし相談窓口」
    pub place: String,
}

/// The person (or the system) that acts.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub staff: StaffId,
    /// As screens show it.
    pub name: String,
    /// Today's postings; the first is the main one.
    pub postings: Vec<ActivePosting>,
}

impl Actor {
    /// Whether any posting of today carries this duty.
    #[must_use]
    pub fn may(&self, duty: Duty) -> bool {
        self.postings.iter().any(|p| p.role.may(duty))
    }

    /// The main posting.
    ///
    /// # Errors
    /// Nobody is posted anywhere today: nothing can be done in this name.
    pub fn posting(&self) -> Result<&ActivePosting> {
        self.postings.first().ok_or_else(|| {
            Error::Forbidden("本日有効な配置がないため、この操作はできません。".into())
        })
    }

    /// The posting that carries the duty (the main one when several do).
    ///
    /// # Errors
    /// None does.
    pub fn posting_for(&self, duty: Duty) -> Result<&ActivePosting> {
        self.postings
            .iter()
            .find(|p| p.role.may(duty))
            .ok_or_else(|| Error::Forbidden(duty.refusal().into()))
    }

    /// The desk that the actor receives and works at.
    ///
    /// # Errors
    /// No posting of today has a desk.
    pub fn desk_for(&self, duty: Duty) -> Result<DeskId> {
        self.postings
            .iter()
            .filter(|p| p.role.may(duty))
            .find_map(|p| p.desk)
            .ok_or_else(|| {
                Error::Forbidden("窓口への配置がないため、この操作はできません。".into())
            })
    }
}

/// How the actor came in.
#[derive(Debug, Clone)]
pub enum Via {
    /// A browser with a session; its secret guards every form.
    Session {
        /// Which session.
        id: SessionId,
        /// The form secret.
        csrf: String,
    },
    /// An API token: exactly this user's keys.
    Token,
    /// A command or a job.
    System,
}
