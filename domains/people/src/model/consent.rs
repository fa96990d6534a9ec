//! 同意: person × items × recipients × purpose × method × period, and what was passed on (HSE-06).

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Basis,
    code_enum,
    id::{DeskId, PersonId, RoomId, StaffId},
    id_type,
    protected::Protected,
};

id_type!(/// One consent.
    ConsentId);

code_enum! {
    /// What the person said.
    #[derive(Default)]
    pub enum ConsentState {
        /// Nobody has explained yet.
        #[default]
        NotExplained = "not_explained", "未説明";
        /// 有
        Given = "given", "有";
        /// Only some items or recipients.
        Partial = "partial", "一部";
        /// 無
        Refused = "refused", "無";
        /// Explained; the answer is not there yet.
        NotYet = "not_yet", "未取得";
        /// Somebody entitled agreed in the person's place.
        ByProxy = "by_proxy", "代理";
        /// Taken back.
        Withdrawn = "withdrawn", "撤回";
        /// The period has ended.
        Expired = "expired", "期限切れ";
    }
}

impl ConsentState {
    /// The states that can be written down; 撤回 and 期限切れ come about by themselves.
    #[must_use]
    pub fn recordable() -> &'static [(&'static str, &'static str)] {
        Self::OPTIONS.split_at(6).0
    }

    /// Whether something may be passed on because of it.
    #[must_use]
    pub const fn permits(self) -> bool {
        matches!(self, Self::Given | Self::Partial | Self::ByProxy)
    }
}

code_enum! {
    /// What may be passed on.
    pub enum ConsentItem {
        /// 氏名、住所、連絡先など
        Basic = "basic", "基本情報";
        /// 何を相談しているか
        Consultation = "consultation", "相談内容";
        /// 病気、障害、通院
        Health = "health", "健康・障害";
        /// 収入、借金、給付
        Money = "money", "経済状況";
        /// 家族の状況
        Family = "family", "家族の状況";
        /// 学校、仕事
        Work = "work", "就学・就労";
        /// 使っている制度
        Services = "services", "利用中の制度";
        /// これまでの支援
        Course = "course", "支援経過";
        /// プラン
        Plan = "plan", "支援プラン";
    }
}

code_enum! {
    /// How it was given.
    pub enum ConsentMethod {
        /// 書面
        Written = "written", "書面";
        /// 口頭
        Oral = "oral", "口頭";
        /// 電話
        Phone = "phone", "電話";
        /// 代理
        Proxy = "proxy", "代理";
    }
}

impl ConsentMethod {
    /// How it can be written down: that somebody agreed in the person's place is what was said
    /// ([`ConsentState::ByProxy`]), not how; older records say both.
    #[must_use]
    pub fn recordable() -> &'static [(&'static str, &'static str)] {
        Self::OPTIONS.split_at(3).0
    }
}

/// A consent to write down.
#[derive(Clone, Debug)]
pub struct NewConsent {
    /// What was said.
    pub state: ConsentState,
    /// What may be passed on.
    pub items: Vec<ConsentItem>,
    /// To which desks.
    pub desks: Vec<DeskId>,
    /// To whom else, in words.
    pub recipients: String,
    /// What for.
    pub purpose: String,
    /// How.
    pub method: ConsentMethod,
    /// Who agreed in the person's place, and as what (成年後見人, 親権者 …).
    pub proxy: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// 立会人
    pub witness: String,
    /// How well the person could understand.
    pub capacity_note: String,
    /// Who explained.
    pub explained_by: String,
}

/// A stored consent. Recipients tell where somebody can be found, so they are withheld of a
/// protected person.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Whose.
    pub person: PersonId,
    /// What was said; see [`Consent::state_on`].
    pub state: ConsentState,
    /// What may be passed on.
    pub items: Vec<ConsentItem>,
    /// To which desks.
    pub desks: Protected<Vec<DeskId>>,
    /// To whom else, in words.
    pub recipients: Protected<String>,
    /// What for.
    pub purpose: String,
    /// How.
    pub method: ConsentMethod,
    /// Who agreed in the person's place.
    pub proxy: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// 立会人
    pub witness: String,
    /// How well the person could understand.
    pub capacity_note: String,
    /// Who explained.
    pub explained_by: String,
    /// Taken back on.
    pub withdrawn_on: Option<NaiveDate>,
    /// How it was taken back.
    pub withdrawn_how: Option<String>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: StaffId,
}

impl Consent {
    /// What it says on a day: a withdrawn or ended consent permits nothing.
    #[must_use]
    pub fn state_on(&self, day: NaiveDate) -> ConsentState {
        crate::rules::consent::state_on(self.state, self.withdrawn_on, self.valid_until, day)
    }
}

/// Something passed on: the record that a withdrawal shows.
#[derive(Clone, Debug)]
pub struct NewDisclosure {
    /// Whose.
    pub person: PersonId,
    /// The consent that permits it, where consent is the basis.
    pub consent: Option<ConsentId>,
    /// To which desk.
    pub to_desk: Option<DeskId>,
    /// Its name on that day, or in words.
    pub to_name: String,
    /// What.
    pub items: Vec<ConsentItem>,
    /// Why lawful.
    pub basis: Basis,
    /// What for.
    pub purpose: String,
    /// When.
    pub on: NaiveDate,
}

/// A stored disclosure; the recipient is withheld of a protected person.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// To whom.
    pub to_name: Protected<String>,
    /// What.
    pub items: Vec<ConsentItem>,
    /// Why lawful.
    pub basis: Basis,
    /// What for.
    pub purpose: String,
    /// When.
    pub on: NaiveDate,
    /// In which room.
    pub room: RoomId,
}
