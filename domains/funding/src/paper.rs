//! The report of a contract, for A4: its parties, all its deliverables, costs and claims.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

/// What the template draws; everything is worded already.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContractPage {
    /// 令和8年度 地域力強化推進事業 業務委託
    pub name: String,
    /// Label and words: 実施方法, 実施する機関 …
    pub facts: Vec<(String, String)>,
    /// 成果物, 約束した数, 実績, 報告
    pub deliverables: Vec<[String; 4]>,
    /// 種類, だれの・何の経費か, 補助, 額
    pub costs: Vec<[String; 4]>,
    /// 合計
    pub costs_total: String,
    /// 請求の内容, 額, 請求日, 状態
    pub claims: Vec<[String; 4]>,
}

impl Page for ContractPage {
    const FORM: Form = Form {
        name: "contract-report",
        source: include_str!("../print/contract-report.typ"),
    };
}
