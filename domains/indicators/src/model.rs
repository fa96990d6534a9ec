//! What a figure is: which events, which of them, in which unit, split by what.

use engawa_kernel::{code_enum, source::EventSource};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

code_enum! {
    /// In what one counts. The rule of each is printed beside the figure.
    #[schema(as = CountUnit)]
    pub enum Unit {
        /// Events.
        Events = "events", "件数（延べ）";
        /// Different persons.
        Persons = "persons", "実人数";
        /// Different households.
        Households = "households", "世帯数";
        /// Persons per event, added up.
        PersonTimes = "person_times", "延べ人数";
        /// Minutes, added up.
        Minutes = "minutes", "時間（分）";
        /// Those that go on at the end of the period.
        Open = "open", "期末に継続中の件数";
        /// Those that went on at any time in the period: new and carried over.
        Active = "active", "期間中にあった件数（新規＋繰越）";
    }
}

impl Unit {
    /// How it is counted, in a sentence for the reader.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Events => "延べ：期間中の1回を1件と数えます。同じ人の2回は2件です。",
            Self::Persons => {
                "実人数：期間中に1回以上あった人を、1人と数えます。名前の分からない人は入りません。統合した記録は1人です。区分ごとの人数を足しても、合計とは一致しないことがあります。"
            }
            Self::Households => {
                "世帯数：期間中に1回以上あった世帯を、1世帯と数えます。世帯の記録がないものは入りません。区分ごとの世帯数を足しても、合計とは一致しないことがあります。"
            }
            Self::PersonTimes => {
                "延べ人数：1回ごとに、その対象となった人の数を足します。同じ人の2回は2人です。"
            }
            Self::Minutes => {
                "時間：所要時間が書かれた記録の分数を足します。書かれていない記録は入りません。"
            }
            Self::Open => {
                "期末の継続中：期間の最後の日までに始まり、その日に終わっていないものを数えます。"
            }
            Self::Active => {
                "期間中の対象：期間の初めから続いていたもの（繰越）と、期間中に始まったもの（新規）を合わせて数えます。"
            }
        }
    }

    /// What stands behind the number.
    #[must_use]
    pub const fn counter(self) -> &'static str {
        match self {
            Self::Events | Self::Open | Self::Active => "件",
            Self::Persons => "人",
            Self::Households => "世帯",
            Self::PersonTimes => "延べ人",
            Self::Minutes => "分",
        }
    }

    /// Whether it may be split by what overlaps: minutes of one contact would be added twice.
    #[must_use]
    pub const fn splits_by(self, dim: Dim) -> bool {
        !matches!(self, Self::Minutes) || !dim.overlaps()
    }

    /// Whether this source can be counted so.
    #[must_use]
    pub const fn fits(self, source: &EventSource) -> bool {
        match self {
            Self::Events | Self::Persons | Self::Households | Self::PersonTimes => true,
            Self::Minutes => source.has_minutes,
            Self::Open | Self::Active => source.lasts,
        }
    }
}

code_enum! {
    /// By what a figure is split.
    #[schema(as = CountSplit)]
    pub enum Dim {
        /// 窓口
        Desk = "desk", "窓口";
        /// 機関
        Body = "body", "機関";
        /// 圏域
        Area = "area", "圏域";
        /// 相談の方法
        Channel = "channel", "相談の方法";
        /// 相談の経路
        Route = "route", "相談の経路";
        /// The source's own kind: 対応方法, 終結の理由 …
        Kind = "kind", "種類";
        /// 課題
        Issue = "issue", "課題";
        /// 年齢
        Age = "age", "年齢";
        /// 性別
        Sex = "sex", "性別";
        /// 世帯の状況
        HouseholdType = "household_type", "世帯の状況";
        /// Months or, in a long period, fiscal years.
        Time = "time", "時期";
    }
}

impl Dim {
    /// What a reader must know of the split.
    #[must_use]
    pub const fn rule(self) -> Option<&'static str> {
        match self {
            Self::Area => Some(
                "圏域は、窓口の担当する圏域です。複数の圏域を担当する窓口の分は、それぞれの圏域に入り、合計では1回だけ数えます。",
            ),
            Self::Issue => Some(
                "課題は複数あることがあります。それぞれの課題に入り、合計では1回だけ数えます。",
            ),
            Self::Age => Some(
                "年齢は期間の最後の日の満年齢です。対象者が複数のときは、それぞれの年齢に入ります。生年月日が推定のものも含みます。",
            ),
            Self::Sex => Some("対象者が複数のときは、それぞれの性別に入ります。"),
            Self::HouseholdType => Some(
                "世帯の状況は複数あることがあり、いまの記録で数えます。合計では1回だけ数えます。",
            ),
            Self::Desk | Self::Body | Self::Channel | Self::Route | Self::Kind | Self::Time => None,
        }
    }

    /// Whether one event may fall into several groups, so that groups do not add up to the total.
    #[must_use]
    pub const fn overlaps(self) -> bool {
        matches!(
            self,
            Self::Area | Self::Issue | Self::Age | Self::Sex | Self::HouseholdType
        )
    }

    /// Whether this source says anything about it.
    #[must_use]
    pub const fn fits(self, source: &EventSource) -> bool {
        match self {
            Self::Channel => source.has_channel,
            Self::Route => source.has_route,
            Self::Kind => !source.kind_label.is_empty(),
            Self::Issue => source.issues.is_some(),
            Self::Desk | Self::Body | Self::Area | Self::Age | Self::Sex => true,
            Self::HouseholdType | Self::Time => true,
        }
    }
}

/// The filter's word for 「記載なし」.
pub const UNKNOWN: &str = "-";

/// Which of the events. Each field holds codes or ids; none: all. [`UNKNOWN`] stands for those that
/// say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CountFilter)]
pub struct Filter {
    /// 窓口 (ids)
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub desk: Vec<String>,
    /// 機関 (ids)
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<String>,
    /// 圏域 (ids)
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<String>,
    /// 相談の方法
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<String>,
    /// 相談の経路
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<String>,
    /// Codes of the source's own kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
    /// 課題
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issue: Vec<String>,
    /// Codes of age bands ([`crate::rules::age::BANDS`]).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub age: Vec<String>,
    /// `female`, `male`, `other`, `unknown`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sex: Vec<String>,
    /// 世帯の状況
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub household_type: Vec<String>,
    /// Marks of the source that must all hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

impl Filter {
    /// The codes asked for in one dimension.
    #[must_use]
    pub fn of(&self, dim: Dim) -> &[String] {
        match dim {
            Dim::Desk => &self.desk,
            Dim::Body => &self.body,
            Dim::Area => &self.area,
            Dim::Channel => &self.channel,
            Dim::Route => &self.route,
            Dim::Kind => &self.kind,
            Dim::Issue => &self.issue,
            Dim::Age => &self.age,
            Dim::Sex => &self.sex,
            Dim::HouseholdType => &self.household_type,
            Dim::Time => &[],
        }
    }

    /// With one condition less, each in its turn, and without any.
    #[must_use]
    pub fn wider(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for dim in Dim::ALL {
            let mut one = self.clone();
            if let Some(codes) = one.of_mut(dim)
                && !codes.is_empty()
            {
                codes.clear();
                found.push(one);
            }
        }
        for mark in &self.marks {
            let mut one = self.clone();
            one.marks.retain(|m| m != mark);
            found.push(one);
        }
        if found.len() > 1 {
            found.push(Self::default());
        }
        found
    }

    /// The same, to be filled. Time is no filter: the period says it.
    pub fn of_mut(&mut self, dim: Dim) -> Option<&mut Vec<String>> {
        Some(match dim {
            Dim::Desk => &mut self.desk,
            Dim::Body => &mut self.body,
            Dim::Area => &mut self.area,
            Dim::Channel => &mut self.channel,
            Dim::Route => &mut self.route,
            Dim::Kind => &mut self.kind,
            Dim::Issue => &mut self.issue,
            Dim::Age => &mut self.age,
            Dim::Sex => &mut self.sex,
            Dim::HouseholdType => &mut self.household_type,
            Dim::Time => return None,
        })
    }
}

/// A counting rule: what an indicator, a line of a return and a cell of a table have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CountingRule)]
pub struct Count {
    /// Code of the event source, also of one that no domain brings yet.
    pub source: String,
    /// In what.
    pub unit: Unit,
    /// Which of them.
    #[serde(default)]
    pub filter: Filter,
}

impl Count {
    /// Events of which kind in which unit: numbers of the same can be subtracted from each other.
    #[must_use]
    pub fn of_what(&self) -> (&str, Unit) {
        (&self.source, self.unit)
    }

    /// The same of all events.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            filter: Filter::default(),
            ..self.clone()
        }
    }
}

/// What a rate is divided by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IndicatorDenominator)]
#[expect(
    clippy::large_enum_variant,
    reason = "a rule has one, and a page has a few rules"
)]
pub enum Denominator {
    /// A number that is known: 39 districts.
    Fixed(i64),
    /// Another count over the same period.
    Counted(Count),
}

/// An indicator's rule: a count, or a rate in per cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IndicatorRule)]
pub struct Rule {
    /// What is counted.
    pub count: Count,
    /// Divided by this, times 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Denominator>,
}

impl Rule {
    /// A count and no rate.
    #[must_use]
    pub const fn plain(count: Count) -> Self {
        Self { count, per: None }
    }

    /// What is counted, and what that is divided by.
    pub fn counts(&self) -> impl Iterator<Item = &Count> {
        let per = match &self.per {
            Some(Denominator::Counted(count)) => Some(count),
            _ => None,
        };
        [&self.count].into_iter().chain(per)
    }
}

/// The group that a cell belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// 記載なし
    Unknown,
    /// The place in a list of bands or periods.
    Slot(i64),
    /// A code.
    Code(String),
    /// An id.
    Id(uuid::Uuid),
}

impl Key {
    /// As a filter's value.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Slot(n) => n.to_string(),
            Self::Code(code) => code.clone(),
            Self::Id(id) => id.to_string(),
        }
    }
}

/// Kinds of events that plan sheets count and that no domain brings yet: an indicator can be entered
/// today and begins to count when the domain comes.
pub const LATER: [(&str, &str); 19] = [
    ("meeting", "会議・支援会議の開催"),
    ("meeting_case", "会議で検討したケース"),
    ("attendance", "他の会議・行事への出席"),
    ("plan", "支援プランの作成"),
    ("place", "居場所・拠点"),
    ("place_session", "居場所・サロンの利用"),
    ("course", "講座・研修・学習会"),
    ("course_participant", "講座・研修の参加者・修了者"),
    ("helper", "担い手・ボランティアの登録"),
    ("match", "マッチング・生活支援"),
    ("home_help", "住まいの片付け・ごみ出しの手伝い"),
    ("resource", "社会資源・地域の団体"),
    ("area_reached", "取り組んだ地区・自治会"),
    ("body_joined", "参加・協力する機関"),
    ("work", "就労・作業・産物"),
    ("survey", "アンケート・自己評価"),
    ("publicity", "周知・広報"),
    ("funding", "財源・費用の仕組み"),
    ("other", "その他（まだ記録の仕組みがないもの）"),
];
