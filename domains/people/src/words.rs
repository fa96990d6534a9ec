//! The municipality's own words for the codes that this domain stores, and its desks.

use std::collections::HashMap;

use engawa_kernel::{context::Ctx, db::Conn, error::Result, id::DeskId};
use engawa_organisations::codes::{self, CodeList, Labels};

/// The words of one page.
pub(crate) struct Words {
    labels: Labels,
    desks: Vec<(String, String)>,
}

/// Loads them.
pub(crate) async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Words> {
    let lists = [
        CodeList::Kinship,
        CodeList::HouseholdType,
        CodeList::Residence,
    ];
    Ok(Words {
        labels: codes::load(conn, ctx, &lists).await?,
        desks: Vec::new(),
    })
}

/// As [`load`], with the desks that are open today, for choosing recipients.
pub(crate) async fn load_with_desks(conn: &mut Conn, ctx: &Ctx) -> Result<Words> {
    let mut words = load(conn, ctx).await?;
    words.desks = engawa_organisations::desks(conn, ctx)
        .await?
        .into_iter()
        .map(|d| (d.id.to_string(), format!("{} {}", d.body_name, d.name)))
        .collect();
    Ok(words)
}

/// Names of desks, past ones too.
pub(crate) async fn desk_names(
    conn: &mut Conn,
    desks: &[DeskId],
) -> Result<HashMap<DeskId, String>> {
    engawa_organisations::desk_names(conn, desks).await
}

impl Words {
    /// 続柄
    pub(crate) fn kinship<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Kinship, code)
    }
    /// 世帯の状況
    pub(crate) fn household_type<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::HouseholdType, code)
    }
    /// 居所
    pub(crate) fn residence<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Residence, code)
    }
    /// Choices of 続柄.
    pub(crate) fn kinships(&self) -> Vec<(&str, &str)> {
        self.labels.options(CodeList::Kinship)
    }
    /// Choices of 世帯の状況.
    pub(crate) fn household_types(&self) -> Vec<(&str, &str)> {
        self.labels.options(CodeList::HouseholdType)
    }
    /// Choices of 居所.
    pub(crate) fn residences(&self) -> Vec<(&str, &str)> {
        self.labels.options(CodeList::Residence)
    }
    /// Choices of desks.
    pub(crate) fn desk_options(&self) -> Vec<(&str, &str)> {
        self.desks
            .iter()
            .map(|(id, name)| (id.as_str(), name.as_str()))
            .collect()
    }
}
