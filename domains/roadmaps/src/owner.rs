//! Whose plan it is, and who is in charge of a measure: registered bodies by name.

use engawa_kernel::{context::Ctx, db::Conn, error::Result, id::BodyId};

use crate::typed::Options;

/// The bodies of the municipality.
pub struct Bodies {
    own: String,
    all: Vec<(BodyId, String)>,
}

impl Bodies {
    /// Loads their names.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        Ok(Self {
            own: ctx.municipality_name.clone(),
            all: engawa_organisations::figures::body_names(conn, ctx).await?,
        })
    }

    /// Whose it is; none: the municipality.
    #[must_use]
    pub fn name(&self, body: Option<BodyId>) -> &str {
        body.map_or(self.own.as_str(), |id| self.of(id))
    }

    /// A body's name.
    #[must_use]
    pub fn of(&self, body: BodyId) -> &str {
        self.all
            .iter()
            .find(|(id, _)| *id == body)
            .map_or("（登録のない機関）", |(_, name)| name)
    }

    /// To choose from.
    #[must_use]
    pub fn options(&self) -> Options {
        self.all
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect()
    }
}
