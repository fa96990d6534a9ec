//! What goes in and out of the API.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    form::Posted,
    id::{DeskId, PersonId, PostingId, RoomId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    model::{ConsultationCard, WaitingLine},
    screens::new::parse,
};

/// A person it is about; everything may be missing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSubjectBody {
    /// 呼び名
    pub label: String,
    /// 氏名
    pub name: String,
    /// ふりがな
    pub kana: String,
    /// female | male | other | unknown
    pub sex: String,
    /// As people write it: S25.3.4, 昭和25年, 70代, 不詳.
    pub birth: String,
    /// 電話
    pub phone: String,
    /// 住所・居所
    pub address: String,
    /// To the consulter.
    pub relation: String,
    /// resident | works_here | studies_here | treated_here | other_town | unknown
    pub residence: String,
    /// The other municipality.
    pub residence_place: String,
}

/// The person who came, when it was not the subject.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsulterBody {
    /// 氏名
    pub name: String,
    /// ふりがな
    pub kana: String,
    /// 本人との関係
    pub relation: String,
    /// 連絡先
    pub contact: String,
}

/// What is taken in. Only `words` must be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBody {
    /// As said, 20,000 characters at most.
    pub words: String,
    /// subject | other | notice | agency
    #[serde(default)]
    pub who: String,
    /// When it was said; now when missing.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
    /// The desk; the user's own when missing.
    #[serde(default)]
    pub desk: Option<DeskId>,
    /// Code.
    #[serde(default)]
    pub channel: String,
    /// Code.
    #[serde(default)]
    pub route: String,
    /// Code.
    #[serde(default)]
    pub urgency: String,
    /// Where it was said.
    #[serde(default)]
    pub place: String,
    /// Thirty at most; one anonymous person when empty.
    #[serde(default)]
    pub subjects: Vec<NewSubjectBody>,
    /// The person who came; of a notice, its author, who is stored apart.
    #[serde(default)]
    pub consulter: ConsulterBody,
    /// Codes.
    #[serde(default)]
    pub issues: Vec<String>,
    /// ◎: needed when there are several issues.
    #[serde(default)]
    pub main_issue: String,
    /// どこで知ったか
    #[serde(default)]
    pub heard_of: String,
    /// もっと早く相談しなかった理由
    #[serde(default)]
    pub why_not_earlier: String,
    /// 配慮を希望されること
    #[serde(default)]
    pub wishes: String,
    /// 備考
    #[serde(default)]
    pub notes: String,
    /// Code of the kind of emergency: the record is restricted from the first save.
    #[serde(default)]
    pub emergency: Option<String>,
}

impl NewBody {
    /// As the form would have sent it: one reader for both.
    pub fn into_posted(self) -> Posted {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut put = |name: &str, value: String| {
            if !value.is_empty() {
                pairs.push((name.to_owned(), value));
            }
        };
        put("words", self.words);
        put("who", self.who);
        if let Some(desk) = self.desk {
            put("desk", desk.to_string());
        }
        put("channel", self.channel);
        put("route", self.route);
        put("urgency", self.urgency);
        put("place", self.place);
        put("consulter_name", self.consulter.name);
        put("consulter_kana", self.consulter.kana);
        put("consulter_relation", self.consulter.relation);
        put("consulter_contact", self.consulter.contact);
        for (n, s) in self.subjects.into_iter().enumerate() {
            for (field, value) in [
                ("label", s.label),
                ("name", s.name),
                ("kana", s.kana),
                ("sex", s.sex),
                ("birth", s.birth),
                ("phone", s.phone),
                ("address", s.address),
                ("relation", s.relation),
                ("residence", s.residence),
                ("residence_place", s.residence_place),
            ] {
                put(&format!("{}[{n}].{field}", parse::SUBJECTS), value);
            }
        }
        for code in self.issues {
            put("issues", code);
        }
        put("main_issue", self.main_issue);
        put("heard_of", self.heard_of);
        put("why_not_earlier", self.why_not_earlier);
        put("wishes", self.wishes);
        put("notes", self.notes);
        if let Some(kind) = self.emergency {
            put("emergency", "1".into());
            put("emergency_kind", kind);
        }
        Posted::from_pairs(pairs)
    }
}

/// Where it was saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBody {
    /// Its room.
    pub id: RoomId,
    /// 相R8-00123
    pub number: String,
}

/// An issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueBody {
    /// Code.
    pub code: String,
    /// ◎
    pub main: bool,
}

/// A consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationBody {
    /// Its room.
    pub id: RoomId,
    /// 相R8-00123
    pub number: String,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// The desk that received it.
    pub desk: DeskId,
    /// subject | other | notice | agency
    pub who: String,
    /// Whom it is about, in one line.
    pub subject_line: String,
    /// Code.
    pub channel: String,
    /// Code.
    pub route: String,
    /// Code.
    pub urgency: String,
    /// Came by the emergency route.
    pub emergency: bool,
    /// As said.
    pub words: String,
    /// The people it is about.
    pub subjects: Vec<PersonId>,
    /// Issues, the one with ◎ first.
    pub issues: Vec<IssueBody>,
    /// 複合課題
    pub compound: bool,
    /// received | seeking_consent | watching | answered | handed_over | became_case | withdrawn
    pub state: String,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// The case that it became.
    pub case: Option<RoomId>,
}

/// A line of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineBody {
    /// Its room.
    pub id: RoomId,
    /// 相R8-00123
    pub number: String,
    /// Whom it is about.
    pub subject_line: String,
    /// When it was said.
    pub received_at: DateTime<Utc>,
    /// Whole days since then.
    pub days: i64,
    /// Code.
    pub urgency: String,
    /// Came by the emergency route.
    pub emergency: bool,
    /// State.
    pub state: String,
    /// Whose move it is.
    pub owner_desk: DeskId,
    /// And who, when somebody in particular.
    pub owner_posting: Option<PostingId>,
    /// Since when.
    pub turn_since: DateTime<Utc>,
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListBody {
    /// Newest record first.
    pub items: Vec<LineBody>,
    /// Ask again with `after` set to this; null at the end.
    pub next: Option<RoomId>,
}

/// What is asked of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct Ask {
    /// mine | desk | all
    pub scope: String,
    /// open | closed; both when missing.
    pub state: String,
    /// The `next` of the page before.
    pub after: String,
    /// 1 to 200; 50 when missing.
    pub limit: String,
}

impl ConsultationBody {
    pub fn of(card: ConsultationCard, subjects: Vec<PersonId>) -> Self {
        Self {
            id: card.room,
            number: card.number,
            received_at: card.received_at,
            desk: card.desk,
            who: card.who.as_code().into(),
            subject_line: card.subject_line,
            channel: card.channel,
            route: card.route,
            urgency: card.urgency,
            emergency: card.emergency,
            words: card.words,
            subjects,
            issues: card
                .issues
                .into_iter()
                .map(|i| IssueBody {
                    code: i.code,
                    main: i.main,
                })
                .collect(),
            compound: card.compound,
            state: card.state.as_code().into(),
            state_since: card.state_since,
            case: card.case,
        }
    }
}

impl LineBody {
    pub fn of(l: WaitingLine) -> Self {
        Self {
            id: l.room,
            number: l.number,
            subject_line: l.subject_line,
            received_at: l.received_at,
            days: l.days,
            urgency: l.urgency,
            emergency: l.emergency,
            state: l.state.as_code().into(),
            owner_desk: l.owner_desk,
            owner_posting: l.owner_posting,
            turn_since: l.turn_since,
        }
    }
}
