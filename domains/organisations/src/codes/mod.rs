//! Code lists: canonical codes with the municipality's own words. A code is hidden, never deleted,
//! so that old records keep their word and figures survive local names.

mod shipped;
mod shipped_places;

use std::collections::HashMap;

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
};

/// Every list that a municipality may word for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeList {
    /// 相談の方法: 来所, 電話 …
    Channel,
    /// 相談の経路: 本人, 民生委員 …
    Route,
    /// 課題
    Issue,
    /// 世帯の状況
    HouseholdType,
    /// 続柄
    Kinship,
    /// スクリーニング結果
    Triage,
    /// 緊急度
    Urgency,
    /// 対応の結果
    Outcome,
    /// 終結の理由
    ClosureReason,
    /// 支援経過の対応方法
    ContactKind,
    /// 同意の状態
    ConsentState,
    /// 支援チームでの役割
    TeamRole,
    /// 居所
    Residence,
    /// 機関の種別
    BodyKind,
    /// 窓口の機能
    DeskFunction,
    /// 圏域の種別
    AreaKind,
    /// 緊急の種別
    EmergencyKind,
    /// 実施方法: 直営, 委託 …
    ContractMode,
    /// 取下げ・中断の理由
    DroppedReason,
    /// 課題の終わり方
    IssueEnd,
    /// 事業
    Programme,
    /// 資格
    Qualification,
    /// 雇用の形
    Employment,
}

/// A shipped code and its word.
pub type Shipped = (&'static str, &'static str);

impl CodeList {
    /// Every list, in the order of the settings page.
    pub const ALL: [Self; 23] = [
        Self::Channel,
        Self::Route,
        Self::Issue,
        Self::HouseholdType,
        Self::Kinship,
        Self::Residence,
        Self::Urgency,
        Self::EmergencyKind,
        Self::Triage,
        Self::Outcome,
        Self::DroppedReason,
        Self::ContactKind,
        Self::ConsentState,
        Self::TeamRole,
        Self::IssueEnd,
        Self::ClosureReason,
        Self::AreaKind,
        Self::BodyKind,
        Self::DeskFunction,
        Self::ContractMode,
        Self::Programme,
        Self::Qualification,
        Self::Employment,
    ];

    /// As stored and in addresses.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Route => "route",
            Self::Issue => "issue",
            Self::HouseholdType => "household_type",
            Self::Kinship => "kinship",
            Self::Triage => "triage",
            Self::Urgency => "urgency",
            Self::Outcome => "outcome",
            Self::ClosureReason => "closure_reason",
            Self::ContactKind => "contact_kind",
            Self::ConsentState => "consent_state",
            Self::TeamRole => "team_role",
            Self::Residence => "residence",
            Self::BodyKind => "body_kind",
            Self::DeskFunction => "desk_function",
            Self::AreaKind => "area_kind",
            Self::EmergencyKind => "emergency_kind",
            Self::ContractMode => "contract_mode",
            Self::DroppedReason => "dropped_reason",
            Self::IssueEnd => "issue_end",
            Self::Programme => "programme",
            Self::Qualification => "qualification",
            Self::Employment => "employment",
        }
    }

    /// From an address or storage.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_code() == code)
    }

    /// What screens call the list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Channel => "相談の方法",
            Self::Route => "相談の経路",
            Self::Issue => "課題",
            Self::HouseholdType => "世帯の状況",
            Self::Kinship => "続柄",
            Self::Triage => "受理の判断",
            Self::Urgency => "緊急度",
            Self::Outcome => "対応の結果",
            Self::ClosureReason => "終結の理由",
            Self::ContactKind => "支援経過の対応方法",
            Self::ConsentState => "同意の状態",
            Self::TeamRole => "支援チームでの役割",
            Self::Residence => "居所",
            Self::BodyKind => "機関の種別",
            Self::DeskFunction => "窓口の機能",
            Self::AreaKind => "圏域の種別",
            Self::EmergencyKind => "緊急の種別",
            Self::ContractMode => "実施方法",
            Self::DroppedReason => "中断・取下げの理由",
            Self::IssueEnd => "課題の終わり方",
            Self::Programme => "事業",
            Self::Qualification => "資格",
            Self::Employment => "雇用の形",
        }
    }

    /// The codes that come with the program.
    #[must_use]
    pub const fn shipped(self) -> &'static [Shipped] {
        shipped::of(self)
    }

    /// Whether this code came with the program.
    #[must_use]
    pub fn is_shipped(self, code: &str) -> bool {
        self.shipped().iter().any(|(c, _)| *c == code)
    }
}

#[derive(Debug, Clone)]
struct Word {
    code: String,
    label: String,
    hidden: bool,
}

/// The words of some lists, loaded once for a page.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    lists: HashMap<CodeList, Vec<Word>>,
}

impl Labels {
    /// The word of a code, hidden or not; the code itself when nobody knows it.
    #[must_use]
    pub fn label<'a>(&'a self, list: CodeList, code: &'a str) -> &'a str {
        self.lists
            .get(&list)
            .and_then(|words| words.iter().find(|w| w.code == code))
            .map_or(code, |w| w.label.as_str())
    }

    /// What a form offers: (code, word) of those not hidden, in the municipality's order.
    #[must_use]
    pub fn options(&self, list: CodeList) -> Vec<(&str, &str)> {
        self.lists.get(&list).map_or_else(Vec::new, |words| {
            words
                .iter()
                .filter(|w| !w.hidden)
                .map(|w| (w.code.as_str(), w.label.as_str()))
                .collect()
        })
    }

    /// As [`Labels::options`], and the record's own value even when it has been hidden since.
    #[must_use]
    pub fn options_with<'a>(&'a self, list: CodeList, kept: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        let mut options = self.options(list);
        for code in kept {
            if !code.is_empty() && !options.iter().any(|(c, _)| c == code) {
                options.push((code, self.label(list, code)));
            }
        }
        options
    }

    /// The code whose code or word is `text` (imports bring either).
    #[must_use]
    pub fn find(&self, list: CodeList, text: &str) -> Option<&str> {
        let words = self.lists.get(&list)?;
        words
            .iter()
            .find(|w| w.code == text)
            .or_else(|| words.iter().find(|w| w.label == text))
            .map(|w| w.code.as_str())
    }
}

/// Loads the words of these lists. Shipped codes that the database does not know yet (a new
/// version of the program) are there with their shipped word.
///
/// # Errors
/// The database refuses.
pub async fn load(conn: &mut Conn, ctx: &Ctx, lists: &[CodeList]) -> Result<Labels> {
    let rows = conn
        .rows(
            sql("select list, code, label, hidden from organisations_code
                  where municipality_id = :m and list in (:lists) order by list, sort, code limit 20000")
                .bind("m", ctx.municipality)
                .bind_all("lists", lists.iter().map(|l| l.as_code())),
        )
        .await?;
    let mut labels = Labels::default();
    for list in lists {
        labels.lists.insert(*list, Vec::new());
    }
    for row in &rows {
        let Some(list) = CodeList::from_code(&row.get::<String>("list")?) else {
            continue;
        };
        labels.lists.entry(list).or_default().push(Word {
            code: row.get("code")?,
            label: row.get("label")?,
            hidden: row.get("hidden")?,
        });
    }
    for (list, words) in &mut labels.lists {
        for (code, label) in list.shipped() {
            if !words.iter().any(|w| w.code == *code) {
                words.push(Word {
                    code: (*code).to_owned(),
                    label: (*label).to_owned(),
                    hidden: false,
                });
            }
        }
    }
    Ok(labels)
}

/// Puts the shipped codes of every list into a municipality; those it has already stay as they are.
///
/// # Errors
/// The database refuses.
pub(crate) async fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    for list in CodeList::ALL {
        for ((code, label), sort) in list.shipped().iter().zip(1_i64..) {
            tx.exec(
                sql("insert into organisations_code (id, municipality_id, list, code, label, canonical, sort, hidden, version)
                     values (:id, :m, :list, :code, :label, :code, :sort, :hidden, 1)
                     on conflict (municipality_id, list, code) do nothing")
                    .bind("id", engawa_kernel::id::new_uuid())
                    .bind("m", ctx.municipality)
                    .bind("list", list.as_code())
                    .bind("code", *code)
                    .bind("label", *label)
                    .bind("sort", sort * 10)
                    .bind("hidden", false),
            )
            .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn shipped_codes_are_ascii_and_unique_and_worded() {
        for list in CodeList::ALL {
            assert_eq!(CodeList::from_code(list.as_code()), Some(list));
            let codes: BTreeSet<_> = list.shipped().iter().map(|(c, _)| c).collect();
            let labels: BTreeSet<_> = list.shipped().iter().map(|(_, l)| l).collect();
            assert_eq!(codes.len(), list.shipped().len(), "{list:?}");
            assert_eq!(labels.len(), list.shipped().len(), "{list:?}");
            assert!(!list.shipped().is_empty());
            for (code, label) in list.shipped() {
                assert!(
                    code.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                    "{code}"
                );
                assert!(!label.is_empty());
            }
        }
    }
}
