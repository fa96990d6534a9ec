//! What a person at a desk takes in.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    id::{DeskId, PersonId, RoomId},
    text::birth::BirthDate,
};
use engawa_people::Sex;

use super::WhoCame;

/// Somebody other than the subject who came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consulter {
    /// 氏名
    pub name: String,
    /// ふりがな
    pub kana: String,
    /// 本人との関係
    pub relation: String,
    /// 連絡先
    pub contact: String,
}

impl Consulter {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One of the people it is about, as far as said.
#[derive(Clone, Debug, Default)]
pub struct SubjectHeard {
    /// 呼び名: what to call somebody without a name.
    pub label: String,
    /// 氏名
    pub name: String,
    /// ふりがな
    pub kana: String,
    /// 性別
    pub sex: Sex,
    /// 生年月日 or an age heard.
    pub birth: BirthDate,
    /// 電話
    pub phone: String,
    /// 住所
    pub address: String,
    /// To the consulter: 母, 隣人.
    pub relation: String,
    /// 住民/在勤/在学/通院/他市町村
    pub residence: Option<String>,
    /// Which other municipality.
    pub residence_place: String,
    /// Chosen on the confirmation step: a person already known.
    pub same_as: Option<PersonId>,
}

/// 機関・庁内からの依頼や情報.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// 依頼元の機関・課
    pub sender_body: String,
    /// 担当者
    pub sender_person: String,
    /// Legal basis, or the subject's consent.
    pub basis: String,
    /// 滞納・給水停止・欠席 …
    pub sign: String,
    /// What is asked.
    pub wanted: String,
    /// 回答期限
    pub reply_due_on: Option<NaiveDate>,
}

/// A call to 児童相談所, 警察 … that was made.
#[derive(Clone, Debug)]
pub struct EmergencyCall {
    /// Code of the kind.
    pub kind: String,
    /// When; now unless said.
    pub notified_at: DateTime<Utc>,
    /// 通報・連絡先
    pub body: String,
    /// Who took it there.
    pub person: String,
    /// 根拠
    pub basis: String,
    /// What was said.
    pub note: String,
}

/// 他の窓口で受け止められなかった相談 (INT-16).
#[derive(Clone, Debug, Default)]
pub struct Dropped {
    /// The first place.
    pub place: String,
    /// Code of the reason.
    pub reason: Option<String>,
    /// In words.
    pub note: String,
    /// Days lost.
    pub days: Option<i64>,
}

/// What a person at a desk takes in. Only `words` must be there.
#[derive(Clone, Debug)]
pub struct NewConsultation {
    /// Written by a lay receiver.
    pub slip: bool,
    /// Who came.
    pub who: WhoCame,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// The desk that receives it and whose move it is.
    pub desk: DeskId,
    /// Code.
    pub channel: String,
    /// Code.
    pub route: String,
    /// Code.
    pub urgency: String,
    /// As said.
    pub words: String,
    /// Where: a salon, a home.
    pub place: String,
    /// The person who came; of a notice, its author, who is stored apart.
    pub consulter: Consulter,
    /// At least one; an anonymous one when nothing was said.
    pub subjects: Vec<SubjectHeard>,
    /// Codes.
    pub issues: Vec<String>,
    /// ◎
    pub main_issue: Option<String>,
    /// どこで知ったか
    pub heard_of: String,
    /// もっと早く相談しなかった理由
    pub why_not_earlier: String,
    /// 配慮を希望されること
    pub wishes: String,
    /// 備考
    pub notes: String,
    /// INT-16
    pub dropped: Dropped,
    /// What no scheme covers.
    pub gap_kind: String,
    /// Which schemes were looked at, and why not.
    pub gap_schemes: String,
    /// From an agency.
    pub request: Option<Request>,
    /// Came by the emergency route: sealed from the first save. Code of the kind.
    pub emergency: Option<String>,
    /// The call already made.
    pub call: Option<EmergencyCall>,
}

/// Where a saved consultation is found.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Its room.
    pub room: RoomId,
    /// 相R8-00123
    pub number: String,
}
