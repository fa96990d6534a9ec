//! The running system, which every request shares.

use std::{path::PathBuf, pin::Pin, sync::Arc};

use maud::Markup;

use super::Ctx;
use crate::{
    access::{Duty, Follower, RoomKey},
    clock::Clock,
    db::{Conn, Db},
    error::Result,
    files::OwnerKind,
    kept::Kept,
    paper::{Plain, Printer},
    source::EventSource,
};

/// A box on the page of a room, drawn by a domain that the page's own domain does not know.
pub type Panel = for<'a> fn(
    &'a mut Conn,
    &'a Ctx,
    &'a RoomKey,
) -> Pin<Box<dyn Future<Output = Result<Markup>> + Send + 'a>>;

/// The running system: what `serve`, the tests and the commands share.
#[derive(Clone)]
pub struct Engine {
    parts: Arc<EngineParts>,
    followers: Arc<[Follower]>,
    file_owners: Arc<[OwnerKind]>,
}

/// See [`Engine`].
pub struct EngineParts {
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Signs the heads of the audit log.
    pub signer: crate::audit::Signer,
    /// The data folder: attachments, keys.
    pub data: PathBuf,
    /// The menu, filled by the application: (path, label, the duty that one needs to see it).
    pub menu: Vec<(&'static str, &'static str, Option<Duty>)>,
    /// Boxes that domains above put on the page of a case or a consultation, filled by the
    /// application.
    pub panels: Vec<Panel>,
    /// What can be counted, filled by the application from the domains.
    pub sources: Vec<&'static EventSource>,
    /// Sets pages for paper.
    pub printer: Arc<dyn Printer>,
    /// Where people open Engawa, e.g. `https://engawa.example.lg.jp`, without a slash at the end:
    /// for links in mails and QR codes on paper. None: the operator has not said.
    pub public_url: Option<String>,
    /// The address that mails about notices come from. None: this Engawa sends no mail.
    pub mail_from: Option<String>,
    /// What domains keep in memory beside the database.
    pub kept: Kept,
}

impl EngineParts {
    /// What every Engawa needs; nothing on its menu, nothing printed, nothing sent. Whoever has more
    /// says so: `EngineParts { panels, ..EngineParts::bare(db, clock, signer, data) }`.
    #[must_use]
    pub fn bare(db: Db, clock: Clock, signer: crate::audit::Signer, data: PathBuf) -> Self {
        Self {
            db,
            clock,
            signer,
            data,
            menu: Vec::new(),
            panels: Vec::new(),
            sources: Vec::new(),
            printer: Arc::new(Plain),
            public_url: None,
            mail_from: None,
            kept: Kept::default(),
        }
    }
}

impl Engine {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: EngineParts) -> Self {
        Self {
            parts: Arc::new(parts),
            followers: Arc::default(),
            file_owners: Arc::default(),
        }
    }

    /// Adds a domain's part of a hand-over of rooms; see [`Follower`].
    #[must_use]
    pub fn following(mut self, follower: Follower) -> Self {
        self.followers = self.followers.iter().copied().chain([follower]).collect();
        self
    }

    /// Adds a domain's kinds of records that files are attached to; see [`OwnerKind`].
    #[must_use]
    pub fn attaching(mut self, kinds: &[OwnerKind]) -> Self {
        self.file_owners = self.file_owners.iter().chain(kinds).copied().collect();
        self
    }

    /// The kind with this code, if a domain told it.
    pub(crate) fn owner_kind(&self, code: &str) -> Option<OwnerKind> {
        self.file_owners.iter().find(|k| k.code == code).copied()
    }

    /// In the order of registration.
    pub(crate) fn followers(&self) -> &[Follower] {
        &self.followers
    }
}

impl std::ops::Deref for Engine {
    type Target = EngineParts;
    fn deref(&self) -> &EngineParts {
        &self.parts
    }
}
