//! What a case holds.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Level,
    code_enum,
    id::{BodyId, DeskId, HouseholdId, PersonId, PostingId, RoomId, StaffId},
    id_type,
};
use serde::Serialize;
use uuid::Uuid;

id_type!(/// 支援経過
    ContactId);
id_type!(/// チームの一員
    MemberId);
id_type!(/// 課題
    IssueId);

code_enum! {
    /// 支援の段階. What may follow what is [`crate::rules::step`].
    pub enum Stage {
        /// The consultation was taken over.
        Accepted = "accepted", "受理";
        /// Getting to know the household.
        Assessment = "assessment", "アセスメント";
        /// A plan or an agreed course is being carried out.
        Support = "support", "支援中";
        /// Long company without a plan.
        Alongside = "alongside", "伴走";
        /// Kept an eye on.
        Watch = "watch", "見守り";
        /// Closed, with somebody who stays in contact.
        Closed = "closed", "終結";
    }
}

code_enum! {
    /// 個別支援か地域支援か, for the balance of individual and area work.
    pub enum Work {
        /// 個別支援
        Individual = "individual", "個別支援";
        /// 地域支援
        Community = "community", "地域支援";
    }
}

code_enum! {
    /// What a member of a team is.
    pub enum MemberKind {
        /// A person with an account, in one posting: gets a key.
        Posting = "posting", "職員";
        /// Everybody at a desk: gets a key.
        Desk = "desk", "窓口";
        /// A body or helper without an account: no key.
        Body = "body", "外部の機関・協力者";
        /// A member of the household or family: no key.
        Family = "family", "家族・親族";
    }
}

/// A case as lists and other domains show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CaseCard {
    /// Its room.
    pub room: RoomId,
    /// ケR8-00045
    pub number: String,
    /// As lists call it: a name at most.
    pub label: String,
    /// 世帯
    pub household: Option<HouseholdId>,
    /// 段階
    pub stage: Stage,
    /// 複合課題
    pub compound: bool,
    /// 制度の狭間
    pub gap: bool,
    /// In words, which gap.
    pub gap_note: String,
    /// 支援開始日
    pub opened_on: NaiveDate,
    /// 終結日
    pub closed_on: Option<NaiveDate>,
    /// Day of the newest 支援経過 (or of the opening).
    pub last_contact_on: NaiveDate,
    /// 主担当
    pub owner_posting: Option<PostingId>,
    /// The desk that answers for it; never missing.
    pub owner_desk: DeskId,
    /// 限定記録
    pub sealed: bool,
    /// For saving on top of what one saw.
    pub version: i64,
}

/// 支援経過
#[derive(Debug, Clone)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Code of the list `ContactKind`.
    pub kind: String,
    /// 所要時間(分)
    pub minutes: Option<i64>,
    /// 場所
    pub place: String,
    /// 個別・地域
    pub work: Work,
    /// As typed.
    pub body: String,
    /// 本人に見せてよい
    pub person_visible: bool,
    /// 第三者情報・評価を含む
    pub third_party: bool,
    /// 次回予定
    pub next_on: Option<NaiveDate>,
    /// Who acted.
    pub staff: StaffId,
    /// From which desk.
    pub desk: Option<DeskId>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// For saving on top of what one saw; 1 is never corrected.
    pub version: i64,
    /// Deleted (still kept).
    pub deleted: Option<Deleted>,
    /// With whom; several are still one contact.
    pub subjects: Vec<PersonId>,
}

/// A deletion: a dated state.
#[derive(Debug, Clone)]
pub struct Deleted {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: StaffId,
    /// Why.
    pub reason: String,
}

/// What a user writes into a contact.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Code of the list `ContactKind`.
    pub kind: String,
    /// 所要時間(分)
    pub minutes: Option<i64>,
    /// 場所
    pub place: String,
    /// 個別・地域
    pub work: Work,
    /// As typed; 20,000 characters at most.
    pub body: String,
    /// 本人に見せてよい
    pub person_visible: bool,
    /// 第三者情報・評価を含む
    pub third_party: bool,
    /// 次回予定: becomes a task.
    pub next_on: Option<NaiveDate>,
    /// With whom.
    pub subjects: Vec<PersonId>,
}

/// What a contact said before a correction.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The version that it was.
    pub version: i64,
    /// Its fields then.
    pub was: NewContact,
    /// Why it was corrected.
    pub reason: String,
    /// 承認者, when the case was closed.
    pub approver: Option<PostingId>,
    /// Who corrected it.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// 課題
#[derive(Debug, Clone)]
pub struct Issue {
    /// Its id.
    pub id: IssueId,
    /// Of this person, or of the household.
    pub person: Option<PersonId>,
    /// Code of the list `Issue`.
    pub code: String,
    /// In words.
    pub note: String,
    /// Since.
    pub opened_on: NaiveDate,
    /// Code of the list `IssueEnd`; none while open.
    pub end_state: Option<String>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// For saving on top of what one saw.
    pub version: i64,
}

/// One of the case team, or someone who was.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// What it is.
    pub kind: MemberKind,
    /// A posting …
    pub posting: Option<PostingId>,
    /// … a desk …
    pub desk: Option<DeskId>,
    /// … a body …
    pub body: Option<BodyId>,
    /// … or one of the family.
    pub person: Option<PersonId>,
    /// The name of an outside helper.
    pub name: String,
    /// Code of the list `TeamRole`.
    pub role: String,
    /// What this member does.
    pub does: String,
    /// 主担当
    pub is_owner: bool,
    /// The key that came with it.
    pub level: Option<Level>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none while in the team.
    pub until_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: String,
}

/// A closing, and its re-opening if any.
#[derive(Debug, Clone)]
pub struct Closure {
    /// Its id.
    pub id: Uuid,
    /// 終結日
    pub closed_on: NaiveDate,
    /// Code of the list `ClosureReason`.
    pub reason: String,
    /// 見られた変化
    pub changes: String,
    /// 後の主担当
    pub later_lead: String,
    /// 次の確認日
    pub next_check_on: Option<NaiveDate>,
    /// Why there is none.
    pub no_check_reason: String,
    /// Re-opened on.
    pub reopened_on: Option<NaiveDate>,
    /// Why.
    pub reopened_reason: String,
}
