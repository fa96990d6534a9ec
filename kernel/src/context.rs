//! `Ctx`: who acts, for what, when, and the only way of a handler to the database.

use std::{path::PathBuf, pin::Pin, sync::Arc};

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::request::Parts,
};
use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

use crate::{
    access::{Duty, Follower, Role, RoomKey},
    clock::Clock,
    components::NoticeKind,
    db::{Conn, Db, Tx, sql},
    error::{Error, Result},
    files::OwnerKind,
    id::{BodyId, DeskId, MunicipalityId, PostingId, SessionId, StaffId},
    kept::Kept,
    page::{Frame, FrameUser, MenuItem},
    paper::{Plain, Printer},
    saved::Saved,
    settings::Settings,
    source::EventSource,
    text::wareki::Calendar,
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

/// First argument everywhere.
#[derive(Clone)]
pub struct Ctx {
    /// The running system.
    pub engine: Engine,
    /// Who acts.
    pub actor: Actor,
    /// How.
    pub via: Via,
    /// Whose records.
    pub municipality: MunicipalityId,
    /// Its name.
    pub municipality_name: String,
    /// 研修用
    pub training: bool,
    /// Local rules.
    pub settings: Arc<Settings>,
    /// How this user likes dates.
    pub calendar: Calendar,
    /// Unread notices, for the menu.
    pub unread: u32,
    /// The page asked for, for the menu's mark.
    pub path: String,
    /// What the form before this page saved.
    pub saved: Option<Saved>,
}

impl Ctx {
    /// For commands and jobs: the database's municipality, acting as nobody in particular. It holds
    /// no posting, so it opens no room.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the data folder holds no municipality yet.
    pub async fn system(engine: &Engine) -> Result<Self> {
        let mut conn = engine.db.read().await?;
        let row = conn
            .row(sql("select id, name, training, settings from municipality order by created_at limit 1"))
            .await?
            .ok_or_else(|| Error::Invalid("このデータフォルダには、まだ自治体がありません。engawa init か engawa demo で用意してください。".into()))?;
        let mut ctx = Self::founding(engine, row.get("id")?, &row.get::<String>("name")?);
        ctx.training = row.get("training")?;
        ctx.settings =
            Arc::new(serde_json::from_str(&row.get::<String>("settings")?).unwrap_or_default());
        Ok(ctx)
    }

    /// As [`Ctx::system`], while the municipality is being made.
    #[must_use]
    pub fn founding(engine: &Engine, municipality: MunicipalityId, name: &str) -> Self {
        Self {
            engine: engine.clone(),
            actor: Actor {
                staff: StaffId(uuid::Uuid::nil()),
                name: "システム".into(),
                postings: vec![],
            },
            via: Via::System,
            municipality,
            municipality_name: name.into(),
            training: false,
            settings: Arc::default(),
            calendar: Calendar::Japanese,
            unread: 0,
            path: String::new(),
            saved: None,
        }
    }

    /// Now (UTC).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.engine.clock.now()
    }

    /// Today in Japan.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.engine.clock.today()
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// None is free.
    pub async fn read(&self) -> Result<Conn> {
        self.engine.db.read().await
    }

    /// A transaction for writing.
    ///
    /// # Errors
    /// None is free.
    pub async fn write(&self) -> Result<Tx> {
        self.engine.db.write().await
    }

    /// Stops an actor whose role does not carry the duty.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the sentence of that duty.
    pub fn need(&self, duty: Duty) -> Result<()> {
        if self.actor.may(duty) {
            Ok(())
        } else {
            Err(Error::Forbidden(duty.refusal().into()))
        }
    }

    /// The boxes that other domains put on the page of this room.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn panels(&self, conn: &mut Conn, key: &RoomKey) -> Result<Markup> {
        let mut shown = Vec::new();
        for panel in &self.engine.panels {
            shown.push(panel(conn, self, key).await?);
        }
        Ok(html! { @for panel in &shown { (panel) } })
    }

    /// The secret for this user's forms; empty when there is no browser session.
    #[must_use]
    pub fn csrf(&self) -> &str {
        match &self.via {
            Via::Session { csrf, .. } => csrf,
            Via::Token | Via::System => "",
        }
    }

    /// What the page frame shows around every page.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let here = |href: &str| self.path == href || self.path.starts_with(&format!("{href}/"));
        Frame {
            user: Some(FrameUser {
                name: self.actor.name.clone(),
                place: self
                    .actor
                    .postings
                    .first()
                    .map(|p| p.place.clone())
                    .unwrap_or_default(),
                role: self
                    .actor
                    .postings
                    .first()
                    .map(|p| p.role_label.clone())
                    .unwrap_or_default(),
            }),
            menu: self
                .engine
                .menu
                .iter()
                .filter(|(_, _, duty)| duty.is_none_or(|d| self.actor.may(d)))
                .map(|(href, label, _)| MenuItem {
                    href: (*href).to_owned(),
                    label: (*label).to_owned(),
                    badge: (*href == "/today" && self.unread > 0).then_some(self.unread),
                    active: here(href),
                })
                .collect(),
            csrf: self.csrf().to_owned(),
            search_text: String::new(),
            training: self.training,
            flash: self
                .saved
                .map(|saved| (NoticeKind::Success, saved.label().to_owned())),
            municipality: self.municipality_name.clone(),
            lock_after_seconds: matches!(self.via, Via::Session { .. })
                .then_some(self.settings.lock_seconds),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let saved = Saved::told(&parts.method, &parts.headers);
        let known = parts.extensions.get::<Self>().cloned();
        known.map(|ctx| Self { saved, ..ctx }).ok_or_else(|| {
            // A nested router has cut the beginning off `parts.uri`.
            let asked = parts
                .extensions
                .get::<OriginalUri>()
                .map_or(&parts.uri, |o| &o.0);
            Error::LoginNeeded(
                asked
                    .path_and_query()
                    .map_or("/", |p| p.as_str())
                    .to_owned(),
            )
        })
    }
}
