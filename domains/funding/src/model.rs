//! The ledger of sources (FND-01): activities, and what each is paid from in a fiscal year.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{code_enum, id::StaffId, id_type, text::fiscal::FiscalYear};

id_type!(/// 活動・事業
    ActivityId);
id_type!(/// 財源
    SourceId);

code_enum! {
    /// The programme of the plan sheet that an activity or a contract serves.
    #[schema(as = FundingScheme)]
    pub enum Scheme {
        /// Block 3
        Community = "community", "地域力強化推進事業";
        /// Block 4
        MultiAgency = "multi_agency", "多機関の協働による包括的支援体制構築事業";
        /// Block 5
        Prefectural = "prefectural", "都道府県事業";
        /// None of the three.
        Other = "other", "その他の事業";
    }
}

code_enum! {
    /// Where money comes from.
    #[schema(as = FundingKind)]
    pub enum Kind {
        /// 国庫補助
        National = "national", "国庫補助";
        /// 都道府県補助
        Prefecture = "prefecture", "都道府県補助";
        /// 市町村一般財源
        Municipality = "municipality", "市町村一般財源";
        /// 共同募金
        CommunityChest = "community_chest", "共同募金";
        /// 寄付
        Donation = "donation", "寄付";
        /// 会費
        Membership = "membership", "会費";
        /// 事業収益
        Earnings = "earnings", "事業収益";
        /// 助成団体
        Foundation = "foundation", "助成団体";
        /// 社協自主財源
        Council = "council", "社協自主財源";
        /// クラウドファンディング
        Crowdfunding = "crowdfunding", "クラウドファンディング";
        /// ふるさと納税
        HometownTax = "hometown_tax", "ふるさと納税";
        /// その他
        Other = "other", "その他";
    }
}

impl Kind {
    /// Whether it is 自主財源: not paid out of a public budget.
    #[must_use]
    pub const fn is_own(self) -> bool {
        !matches!(self, Self::National | Self::Prefecture | Self::Municipality)
    }

    /// What a source's words tell of where it comes from; the first word that fits counts.
    #[must_use]
    pub fn of_words(words: &str) -> Self {
        const WORDS: &[(&str, Kind)] = &[
            ("ふるさと納税", Kind::HometownTax),
            ("ファンディング", Kind::Crowdfunding),
            ("募金", Kind::CommunityChest),
            ("配分金", Kind::CommunityChest),
            ("会費", Kind::Membership),
            ("社協", Kind::Council),
            ("社会福祉協議会", Kind::Council),
            ("寄付", Kind::Donation),
            ("寄附", Kind::Donation),
            ("協賛", Kind::Donation),
            ("一般財源", Kind::Municipality),
            ("国庫", Kind::National),
            ("財団", Kind::Foundation),
            ("助成", Kind::Foundation),
            ("県補助", Kind::Prefecture),
            ("都補助", Kind::Prefecture),
            ("道補助", Kind::Prefecture),
            ("府補助", Kind::Prefecture),
            ("市補助", Kind::Municipality),
            ("町補助", Kind::Municipality),
            ("村補助", Kind::Municipality),
            ("売上", Kind::Earnings),
            ("収益", Kind::Earnings),
            ("販売", Kind::Earnings),
        ];
        WORDS
            .iter()
            .find(|(word, _)| words.contains(word))
            .map_or(Self::Other, |(_, kind)| *kind)
    }
}

code_enum! {
    /// What a source pays.
    #[schema(as = FundingCost)]
    pub enum Cost {
        /// 初期費用
        StartUp = "start_up", "初期費用";
        /// 運営費
        Running = "running", "運営費";
        /// Not told apart.
        Undivided = "undivided", "分けていない";
    }
}

code_enum! {
    /// How far a source is. Which may follow which: [`crate::rules::may_follow`].
    #[schema(as = FundingState)]
    pub enum State {
        /// 検討中
        Considering = "considering", "検討中";
        /// 申請中
        Applied = "applied", "申請中";
        /// 確保
        Secured = "secured", "確保";
        /// 見送り
        Dropped = "dropped", "見送り";
    }
}

code_enum! {
    /// What is said of a year in which no source stands.
    #[schema(as = FundingAnswer)]
    pub enum Answer {
        /// Nobody has said anything.
        Unsaid = "unsaid", "まだ書いていない";
        /// Being considered.
        Considering = "considering", "検討中";
        /// There is none.
        Nothing = "none", "なし";
    }
}

/// 活動・事業
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The programme that it belongs to.
    pub scheme: Scheme,
    /// Its name.
    pub name: String,
    /// The fiscal year in which it ended.
    pub last_year: Option<FiscalYear>,
    /// 備考
    pub note: String,
}

/// 財源
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// 年度
    pub year: FiscalYear,
    /// Where from.
    pub kind: Kind,
    /// 日本財団「わがまち基金」; empty where the kind says it all.
    pub name: String,
    /// What it pays.
    pub cost: Cost,
    /// How far.
    pub state: State,
    /// Yen; not known is none, never 0.
    pub amount: Option<i64>,
    /// 入金日
    pub received_on: Option<NaiveDate>,
    /// What became of the money.
    pub report: String,
    /// 備考
    pub note: String,
}

impl Source {
    /// Its own name, or its kind's.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() {
            self.kind.label()
        } else {
            &self.name
        }
    }
}

/// A stored record with what saving on top of it needs.
#[derive(Debug, Clone)]
pub struct Kept<I, T> {
    /// Its id.
    pub id: I,
    /// The record.
    pub it: T,
    /// For saving on top of what one saw.
    pub version: i64,
    /// The last writer.
    pub saved_by: StaffId,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// A stored activity.
pub type KeptActivity = Kept<ActivityId, Activity>;
/// A stored source.
pub type KeptSource = Kept<SourceId, Source>;

/// An activity in a fiscal year.
#[derive(Debug, Clone)]
pub struct Year {
    /// The activity.
    pub activity: KeptActivity,
    /// Its sources, 初期費用 first.
    pub sources: Vec<KeptSource>,
    /// What is said where no source stands.
    pub answer: Answer,
}

/// A step that a source took.
#[derive(Debug, Clone)]
pub struct Step {
    /// To which state.
    pub state: State,
    /// Who entered it.
    pub staff: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}
