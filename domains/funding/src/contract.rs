//! Contracts and subsidies (FND-07): parties, cost lines, deliverables and claims.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    code_enum,
    id::{BodyId, StaffId},
    id_type,
    text::fiscal::FiscalYear,
};

use crate::model::{Kept, Scheme};

id_type!(/// 委託・補助
    ContractId);
id_type!(/// 成果物
    DeliverableId);
id_type!(/// 請求
    ClaimId);

code_enum! {
    /// What a line of cost pays.
    #[schema(as = ContractCostKind)]
    pub enum CostKind {
        /// 人件費
        Wages = "wages", "人件費";
        /// 事業費
        Activity = "activity", "事業費";
        /// 事務費
        Office = "office", "事務費・管理費";
        /// その他
        Other = "other", "その他";
    }
}

code_enum! {
    /// Whether a subsidy pays a line.
    #[schema(as = ContractSubsidised)]
    pub enum Subsidised {
        /// 補助対象
        Yes = "yes", "補助対象";
        /// 補助対象外
        No = "no", "補助対象外";
        /// Not decided, or nobody knows.
        Unknown = "unknown", "未定・不明";
    }
}

code_enum! {
    /// Where a claim stands.
    #[schema(as = ContractClaimState)]
    pub enum ClaimState {
        /// Entered; somebody else checks it.
        Waiting = "waiting", "確認待ち";
        /// Checked by a second person.
        Checked = "checked", "確認済み";
        /// Sent back with a reason.
        Returned = "returned", "差戻し";
    }
}

/// A body that carries a contract out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Of the register of bodies.
    pub body: BodyId,
    /// 担当する部分・割合, as written.
    pub share: String,
}

/// 経費の内訳
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLine {
    /// What it pays.
    pub kind: CostKind,
    /// The post or person, the expense: 中央区のCSW.
    pub what: String,
    /// Whether a subsidy pays it.
    pub subsidised: Subsidised,
    /// Yen; not known is none, never 0.
    pub amount: Option<i64>,
}

/// 委託・補助
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// 契約・補助の名前
    pub name: String,
    /// Code of the list of contract modes.
    pub mode: String,
    /// The programmes that it serves.
    pub schemes: Vec<Scheme>,
    /// 事業のうちの部分
    pub part: String,
    /// 委託元・経由
    pub commissioner: String,
    /// From which day.
    pub from: NaiveDate,
    /// To which day; none: until further notice.
    pub to: Option<NaiveDate>,
    /// The contract or own project before it: work goes on under the new one.
    pub follows: Option<ContractId>,
    /// Who carries it out.
    pub parties: Vec<Party>,
    /// 経費の内訳
    pub costs: Vec<CostLine>,
    /// 備考
    pub note: String,
}

impl Contract {
    /// Whether any day of the year lies in it.
    #[must_use]
    pub fn in_year(&self, year: FiscalYear) -> bool {
        self.from <= year.last_day() && self.to.is_none_or(|to| to >= year.first_day())
    }
}

/// What is promised, and what was reported of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliverable {
    /// Of which contract.
    pub contract: ContractId,
    /// 名称
    pub name: String,
    /// How many are promised; none: no number is.
    pub number: Option<i64>,
    /// 単位
    pub unit: String,
    /// Id of the indicator that counts it; empty: counted by hand.
    pub indicator: String,
    /// What was reported.
    pub report: Option<Report>,
}

/// What somebody reported of a deliverable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many; none: told in words only.
    pub value: Option<i64>,
    /// 時点
    pub on: NaiveDate,
    /// In words.
    pub text: String,
}

/// 請求
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub what: String,
    /// 積算
    pub basis: String,
    /// Yen.
    pub amount: i64,
    /// 請求日
    pub on: NaiveDate,
}

/// A stored claim.
#[derive(Debug, Clone)]
pub struct KeptClaim {
    /// Its id.
    pub id: ClaimId,
    /// Of which contract.
    pub contract: ContractId,
    /// The claim.
    pub it: Claim,
    /// Where it stands.
    pub state: ClaimState,
    /// Why it went back.
    pub note: String,
    /// Who entered it.
    pub entered_by: StaffId,
    /// Who looked at it, and when.
    pub checked: Option<(StaffId, DateTime<Utc>)>,
    /// For deciding on what one saw.
    pub version: i64,
}

/// A stored contract.
pub type KeptContract = Kept<ContractId, Contract>;
/// A stored deliverable.
pub type KeptDeliverable = Kept<DeliverableId, Deliverable>;

/// A contract with everything that is reported of it.
#[derive(Debug, Clone)]
pub struct Full {
    /// The contract.
    pub contract: KeptContract,
    /// Its deliverables.
    pub deliverables: Vec<KeptDeliverable>,
    /// Its claims.
    pub claims: Vec<KeptClaim>,
}
