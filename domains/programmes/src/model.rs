//! Plan sheets, their versions, and what a field holds.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{code_enum, id::StaffId, id_type, text::fiscal::FiscalYear};

use crate::{
    figure,
    form::{Block, Field},
    rules,
};

id_type!(/// 実施計画書
    SheetId);
id_type!(/// 実施計画書の版
    VersionId);
id_type!(/// An uploaded text
    UploadId);

code_enum! {
    /// Whose sheet it is.
    pub enum Origin {
        /// This municipality's: it lives here.
        Own = "own", "当自治体";
        /// Another's, taken in to compare with.
        Other = "other", "ほかの自治体";
    }
}

code_enum! {
    /// How a sheet began.
    pub enum MadeFrom {
        /// All fields blank.
        Empty = "empty", "空の様式から";
        /// Last year's text.
        Copy = "copy", "前年度から";
        /// An uploaded text.
        Upload = "upload", "読み取りから";
    }
}

code_enum! {
    /// Where a version stands.
    pub enum VersionState {
        /// Being written.
        Draft = "draft", "作成中";
        /// Approved by somebody who did not write it last; it never changes again.
        Approved = "approved", "承認済み";
    }
}

code_enum! {
    /// Where a programme stands in this year (PRG-03).
    pub enum BlockState {
        /// Neither marked nor filled.
        Absent = "absent", "実施しない";
        /// ○
        Marked = "marked", "実施（○あり）";
        /// Filled, but without the ○.
        FilledUnmarked = "filled_unmarked", "記入あり・○なし";
        /// 予算なし
        NoBudget = "no_budget", "予算なしで実施";
        /// Carried out without the subsidy.
        NoSubsidy = "no_subsidy", "補助なしで実施";
        /// 次年度
        NextYear = "next_year", "次年度に予定";
        /// Postponed, for example because nobody could be hired.
        Postponed = "postponed", "延期（人材を確保できないなど）";
    }
}

code_enum! {
    /// What kind of answer a field holds. A blank is not a nothing, and neither is 0.
    pub enum FieldState {
        /// Words.
        Value = "value", "記入あり";
        /// Not filled in.
        Blank = "blank", "空欄";
        /// なし
        Nothing = "nothing", "なし";
        /// 不明
        Unknown = "unknown", "不明";
        /// 未集計
        NotCounted = "not_counted", "未集計";
        /// Points to another field: 同上.
        Reference = "reference", "ほかの欄を参照";
        /// 別紙
        Attached = "attached", "別紙";
    }
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The words, as written.
    pub text: String,
    /// What kind of answer it is.
    pub state: FieldState,
    /// The figure in the words, where the field is one; plain digits.
    pub number: String,
    /// The figure's unit as written.
    pub unit: String,
    /// 時点
    pub as_of: Option<NaiveDate>,
    /// 注・出典
    pub note: String,
    /// The uploaded sheet's words, where they differ from the text.
    pub raw: String,
    /// What the reader doubted; empty once somebody has looked.
    pub doubt: String,
}

impl Default for FieldValue {
    fn default() -> Self {
        Self {
            text: String::new(),
            state: FieldState::Blank,
            number: String::new(),
            unit: String::new(),
            as_of: None,
            note: String::new(),
            raw: String::new(),
            doubt: String::new(),
        }
    }
}

impl FieldValue {
    /// Words somebody wrote, with their kind and figure.
    #[must_use]
    pub fn written(field: Field, text: &str) -> Self {
        let figure = field.is_figure().then(|| figure::first(text)).flatten();
        let (number, unit) = figure.map_or_else(Default::default, |f| (f.number, f.unit));
        Self {
            text: text.to_owned(),
            state: rules::state_of(text),
            number,
            unit,
            ..Self::default()
        }
    }

    /// A figure that was read.
    #[must_use]
    pub fn figure(number: &str, unit: &str) -> Self {
        Self {
            text: format!("{}{unit}", figure::grouped(number)),
            state: FieldState::Value,
            number: number.to_owned(),
            unit: unit.to_owned(),
            ..Self::default()
        }
    }

    /// What the form says: the words, or the word of the state where there are none.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self.state {
            FieldState::Value | FieldState::Blank => &self.text,
            state if self.text.is_empty() => state.label(),
            _ => &self.text,
        }
    }
}

/// A sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its id.
    pub id: SheetId,
    /// Whose.
    pub origin: Origin,
    /// 年度
    pub year: FiscalYear,
    /// 縁側市
    pub name: String,
    /// How it began.
    pub made_from: MadeFrom,
    /// The text it was read from.
    pub upload: Option<UploadId>,
}

impl Sheet {
    /// 令和8年度 縁側市 実施計画書
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {} 実施計画書", self.year.label(), self.name)
    }
}

/// One version of a sheet.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// 第1版 …
    pub number: i64,
    /// Where it stands.
    pub state: VersionState,
    /// The last writer.
    pub written_by: StaffId,
    /// When.
    pub written_at: DateTime<Utc>,
    /// Who approved it, when.
    pub approved: Option<(StaffId, DateTime<Utc>)>,
    /// For approving what one saw.
    pub version: i64,
}

/// A block of a version.
#[derive(Debug, Clone)]
pub struct BlockRecord {
    /// Where the programme stands; [`BlockState::Absent`] for blocks that are none.
    pub state: BlockState,
    /// 開始の時期, as written.
    pub start: String,
    /// Why, and what it was called or did before.
    pub note: String,
    /// For saving on top of what one saw.
    pub version: i64,
    /// Who saved it last.
    pub saved_by: StaffId,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// Everything a version says.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// All blocks.
    pub blocks: std::collections::BTreeMap<Block, BlockRecord>,
    /// Fields that hold something.
    pub fields: std::collections::BTreeMap<Field, FieldValue>,
}

impl Content {
    /// The words of a field.
    #[must_use]
    pub fn shown(&self, field: Field) -> &str {
        self.fields.get(&field).map_or("", FieldValue::shown)
    }

    /// Fields whose reading nobody has confirmed.
    #[must_use]
    pub fn doubts(&self) -> usize {
        self.fields.values().filter(|v| !v.doubt.is_empty()).count()
    }

    /// The same for readers outside the planners: what tells of single persons is left out.
    #[must_use]
    pub fn for_public(mut self) -> Self {
        for (field, value) in &mut self.fields {
            if field.is_personal() && !value.text.is_empty() {
                *value = FieldValue {
                    text: "（公表しません）".into(),
                    state: FieldState::Value,
                    ..FieldValue::default()
                };
            }
        }
        self
    }
}

/// A block as somebody wants it saved.
#[derive(Debug, Clone)]
pub struct BlockInput {
    /// Where the programme stands.
    pub state: BlockState,
    /// 開始の時期
    pub start: String,
    /// Why.
    pub note: String,
    /// Every field of the block.
    pub fields: Vec<(Field, FieldValue)>,
}
