//! The records: what is taken in, and what is shown again.

mod intake;

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    code_enum,
    id::{DeskId, PostingId, RoomId, StaffId},
};
use uuid::Uuid;

pub use intake::{
    Consulter, Dropped, EmergencyCall, NewConsultation, Request, Saved, SubjectHeard,
};

use crate::rules::State;

code_enum! {
    /// Who came, which is not always whom it is about.
    #[derive(Default)]
    pub enum WhoCame {
        /// 本人
        #[default]
        Subject = "subject", "本人";
        /// 家族・知人など, for the subject's sake.
        Other = "other", "家族・知人など";
        /// A third party's notice of concern: the subject may not know of it, and never learns who gave it.
        Notice = "notice", "気になる人の情報提供(通報者を伏せる)";
        /// 専門機関・庁内の課
        Agency = "agency", "専門機関・庁内の課";
    }
}

/// An issue on a person (0: on nobody in particular).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueLine {
    /// Code.
    pub code: String,
    /// ◎
    pub main: bool,
    /// The places of the subjects that it lies on; empty when on nobody in particular.
    pub subjects: Vec<i64>,
}

/// A consultation as other screens show it. Never says who gave a third-party notice.
#[derive(Clone, Debug)]
pub struct ConsultationCard {
    /// Its room.
    pub room: RoomId,
    /// 相R8-00123
    pub number: String,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// Who received it; of a lay receiver's notice nobody, since that is its author.
    pub received_by: Option<StaffId>,
    /// The desk that received it.
    pub desk: DeskId,
    /// Who came.
    pub who: WhoCame,
    /// A lay receiver's slip.
    pub slip: bool,
    /// Whom it is about, in one line.
    pub subject_line: String,
    /// Code.
    pub urgency: String,
    /// Came by the emergency route.
    pub emergency: bool,
    /// Code.
    pub channel: String,
    /// Code.
    pub route: String,
    /// As said.
    pub words: String,
    /// The person who came, unless hidden. The contact is not part of a card.
    pub consulter: Option<(String, String)>,
    /// Issues with ◎.
    pub issues: Vec<IssueLine>,
    /// 複合課題
    pub compound: bool,
    /// 配慮を希望されること
    pub wishes: String,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// The case that it became.
    pub case: Option<RoomId>,
}

/// A line of the queue, and of the きょう page.
#[derive(Clone, Debug)]
pub struct WaitingLine {
    /// Its room.
    pub room: RoomId,
    /// 相R8-00123
    pub number: String,
    /// Whom it is about.
    pub subject_line: String,
    /// The first characters of what was said; none of a restricted record or a third party's notice.
    pub start: String,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// Whole days since then.
    pub days: i64,
    /// Code.
    pub urgency: String,
    /// Came by the emergency route.
    pub emergency: bool,
    /// Code.
    pub channel: String,
    /// Code.
    pub route: String,
    /// Third-party notice.
    pub notice: bool,
    /// Lay receiver's slip.
    pub slip: bool,
    /// 複合課題
    pub compound: bool,
    /// Restricted.
    pub sealed: bool,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// Since when it is the present owner's move.
    pub turn_since: DateTime<Utc>,
    /// Passed on from another desk and not yet taken up.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Whose move it is.
    pub owner_desk: DeskId,
    /// And who, when somebody in particular.
    pub owner_posting: Option<PostingId>,
}

/// A decision, current or corrected.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub state: State,
    /// Answer, plan or reason.
    pub text: String,
    /// Code of the reason when withdrawn.
    pub closure: Option<String>,
    /// When handed over.
    pub accepted_body: String,
    /// Who accepted there.
    pub accepted_by: String,
    /// Next look.
    pub review_on: Option<NaiveDate>,
    /// The case.
    pub case: Option<RoomId>,
    /// 主となる機関の窓口
    pub lead_desk: Option<DeskId>,
    /// The day it was decided.
    pub decided_on: NaiveDate,
    /// When it was recorded.
    pub decided_at: DateTime<Utc>,
    /// By whom.
    pub decided_by: StaffId,
    /// The decision that this one corrects.
    pub corrects: Option<Uuid>,
    /// Why corrected.
    pub correction_reason: String,
    /// Set when a later one corrects it.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// A decision to take.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// What.
    pub state: State,
    /// Answer, plan or reason.
    pub text: String,
    /// Code of the reason when withdrawn.
    pub closure: Option<String>,
    /// When handed over.
    pub accepted_body: String,
    /// Who accepted there.
    pub accepted_by: String,
    /// Next look, for open states.
    pub review_on: Option<NaiveDate>,
    /// 主となる機関の窓口
    pub lead_desk: Option<DeskId>,
    /// The day it was decided.
    pub decided_on: NaiveDate,
    /// 必要性: high | middle | low | unknown
    pub necessity: Option<String>,
    /// 初回の深刻度: high | middle | low | unknown
    pub severity: Option<String>,
    /// The day of the first contact with the subject.
    pub first_contact_on: Option<NaiveDate>,
    /// Why the earlier decision was wrong; for corrections.
    pub correction_reason: String,
    /// As the user saw the record.
    pub version: i64,
}

/// Why the person belongs to this town; 住民 or not, everybody is taken in.
pub const RESIDENCE: [(&str, &str); 6] = [
    ("resident", "住民"),
    ("works_here", "在勤"),
    ("studies_here", "在学"),
    ("treated_here", "通院"),
    ("other_town", "他市町村"),
    ("unknown", "不明"),
];

/// Why another window did not take it in, for INT-16: the same words everywhere, so that windows can
/// be compared.
pub const DROPPED_REASONS: [(&str, &str); 8] = [
    ("other_field", "担当の分野が違うと言われた"),
    ("not_eligible", "制度の対象にならないと言われた"),
    ("other_place", "住所地・年齢が違うと言われた"),
    ("passed_round", "別の窓口を案内されるだけだった"),
    ("no_capacity", "手が回らない・順番待ちと言われた"),
    ("closed", "時間外・休みだった"),
    ("other", "その他"),
    ("unknown", "分からない"),
];

/// 高・中・低・不明, for 必要性 and 深刻さ.
pub const GRADES: [(&str, &str); 4] = [
    ("high", "高い"),
    ("middle", "中"),
    ("low", "低い"),
    ("unknown", "不明"),
];
