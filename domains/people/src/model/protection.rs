//! 支援措置など: what may cost a life is withheld until two people lift it (SEC-02).

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    code_enum,
    id::{PersonId, StaffId},
    id_type,
};

id_type!(/// One application for protection.
    ProtectionId);
id_type!(/// One request to lift.
    LiftId);

code_enum! {
    /// Why somebody is protected.
    pub enum ProtectionKind {
        /// 配偶者からの暴力
        Dv = "dv", "配偶者からの暴力(DV)";
        /// ストーカー行為
        Stalking = "stalking", "ストーカー";
        /// 児童虐待
        ChildAbuse = "child_abuse", "児童虐待";
        /// 高齢者虐待、近隣からの加害など
        Other = "other", "その他これらに準ずるもの";
    }
}

/// An application for protection to write down.
#[derive(Clone, Debug)]
pub struct NewProtection {
    /// Why.
    pub kind: ProtectionKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; a year less a day unless decided otherwise.
    pub ends_on: NaiveDate,
    /// From whom she is hidden.
    pub hidden_from: Vec<PersonId>,
    /// 根拠文書番号
    pub document: String,
    /// In words; never where somebody can be found.
    pub notes: String,
}

/// A stored application.
#[derive(Clone, Debug)]
pub struct Protection {
    /// Its id.
    pub id: ProtectionId,
    /// Whom it protects.
    pub person: PersonId,
    /// Why.
    pub kind: ProtectionKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day of the period; nothing opens by itself.
    pub ends_on: NaiveDate,
    /// From whom she is hidden.
    pub hidden_from: Vec<PersonId>,
    /// 根拠文書番号
    pub document: String,
    /// In words.
    pub notes: String,
    /// No longer the one in force since.
    pub ended_at: Option<DateTime<Utc>>,
    /// `renewed` or `lifted`.
    pub ended_how: Option<String>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: StaffId,
}

/// A request to lift that waits for a second person.
#[derive(Clone, Debug)]
pub struct Lift {
    /// Its id.
    pub id: LiftId,
    /// The application it was made for.
    pub protection: ProtectionId,
    /// Why.
    pub reason: String,
    /// Whom the first person asked, and what they said.
    pub checked_with: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// By whom.
    pub requested_by: StaffId,
}
