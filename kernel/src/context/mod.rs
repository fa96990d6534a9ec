//! `Ctx`: who acts, for what, when, and the only way of a handler to the database.

mod actor;
mod engine;

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::request::Parts,
};
use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

pub use actor::{ActivePosting, Actor, Via};
pub use engine::{Engine, EngineParts, Panel};

use crate::{
    access::{Duty, RoomKey},
    components::NoticeKind,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{MunicipalityId, StaffId},
    page::{Frame, FrameUser, MenuItem},
    saved::Saved,
    settings::Settings,
    text::wareki::Calendar,
};

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
