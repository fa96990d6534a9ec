//! The records: an import, what its rows say, what was repaired.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use engawa_kernel::{
    code_enum,
    id::{DeskId, StaffId},
    id_type,
    text::birth::BirthDate,
};
use engawa_people::Sex;
use serde::{Deserialize, Serialize};

id_type!(/// One import of one file.
    ImportId);

code_enum! {
    /// How far an import has come.
    pub enum State {
        /// The file is read; the columns are not chosen yet.
        Read = "read", "列を選ぶ前";
        /// Every row is looked at; nothing is taken in.
        Checked = "checked", "取り込む前";
        /// Rows are being taken in.
        Running = "running", "取り込み中";
        /// All rows that can be are in.
        Done = "done", "取り込み済み";
        /// Taken back.
        Undone = "undone", "取り消し済み";
    }
}

code_enum! {
    /// What became of a row.
    pub enum LineState {
        /// Will be taken in.
        Ready = "ready", "取り込む";
        /// Is in already.
        Same = "same", "取り込み済みと同じ";
        /// Cannot be taken in.
        Refused = "refused", "取り込めない";
        /// Is a consultation.
        Made = "made", "取り込んだ";
        /// Was one, and is taken back.
        Undone = "undone", "取り消した";
        /// Stayed when the import was taken back: somebody had worked on it.
        Kept = "kept", "取り消さずに残した";
    }
}

code_enum! {
    /// What was done to a cell so that it can be taken in.
    pub enum RepairKind {
        /// S25.3.4 → 昭和25年3月4日
        Date = "date", "和暦・略した書き方の日付を読みました";
        /// 45383 → 令和6年4月1日
        Serial = "serial", "Excelの日付の通し番号を日付にしました";
        /// 4/1 → 令和6年4月1日
        Year = "year", "年のない日付に、選んだ年度を補いました";
        /// 〃, or an empty day below one that is not
        Above = "above", "上の行の値を使いました";
        /// ﾔﾏﾀﾞ → ヤマダ
        Kana = "kana", "半角カナを全角にしました";
        /// 9012345678 → 09012345678
        Zero = "zero", "電話番号の先頭の0を補いました";
        /// ＴＥＬ → 電話
        Code = "code", "Engawaの選択肢に置き換えました";
        /// Words that no list has
        Notes = "notes", "選択肢にない言葉を備考に移しました";
        /// Nothing was said
        Filled = "filled", "空欄を補いました";
        /// 外字
        Sign = "sign", "ほかの機械で読めない文字(外字など)があります。そのまま取り込みます";
    }
}

/// A cell before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// Label of the column.
    pub column: String,
    /// As in the file.
    pub before: String,
    /// As taken in.
    pub after: String,
    /// What was done.
    pub kind: RepairKind,
}

/// Why a row cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Label of the column, or none for the row as a whole.
    pub column: Option<String>,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// A row as understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day it was said.
    pub received: NaiveDate,
    /// The time of day; unknown in most ledgers.
    pub time: Option<NaiveTime>,
    /// 本人氏名
    pub name: String,
    /// フリガナ
    pub kana: String,
    /// 生年月日, or an age heard on the day.
    pub birth: BirthDate,
    /// 性別
    pub sex: Sex,
    /// 住所
    pub address: String,
    /// 電話
    pub phone: String,
    /// Who came, if not the person.
    pub consulter: String,
    /// What they are to the person.
    pub relation: String,
    /// Where they are reached.
    pub contact: String,
    /// 相談内容
    pub words: String,
    /// Codes.
    pub issues: Vec<String>,
    /// Code.
    pub route: String,
    /// Code.
    pub channel: String,
    /// Code.
    pub urgency: String,
    /// What was done.
    pub answer: String,
    /// The day it ended; none: still open.
    pub closed: Option<NaiveDate>,
    /// Everything else that the row says.
    pub notes: String,
}

/// What the importer chose: columns and options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// Field key → place of the column.
    pub columns: BTreeMap<String, usize>,
    /// The desk that the consultations belong to.
    pub desk: Option<DeskId>,
    /// The fiscal year of days without a year.
    pub year: Option<i32>,
    /// Rows without a word about their end count as ended.
    pub blank_is_closed: bool,
    /// Rows with the same name and birthday are about one person.
    pub one_person: bool,
}

/// An import, as lists and pages show it.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Who.
    pub staff: StaffId,
    /// The desk.
    pub desk: Option<DeskId>,
    /// As the file was called.
    pub file_name: String,
    /// Hash of the labels.
    pub headers: String,
    /// Columns and options.
    pub choice: Choice,
    /// How far.
    pub state: State,
    /// Why the run stopped.
    pub trouble: String,
    /// Rows in the file.
    pub line_count: i64,
    /// Last sign of life of the run.
    pub beat_at: Option<DateTime<Utc>>,
    /// When the file came.
    pub created_at: DateTime<Utc>,
    /// When all rows were in.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// How many rows stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Will be taken in.
    pub ready: i64,
    /// Were in before.
    pub same: i64,
    /// Cannot be.
    pub refused: i64,
    /// Are in.
    pub made: i64,
    /// Taken back.
    pub undone: i64,
    /// Stayed when the import was taken back.
    pub kept: i64,
}
