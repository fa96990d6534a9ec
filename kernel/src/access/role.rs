//! Canonical roles and what each may do. Names are local (`organisations`); rights are code.

/// The role of a posting (platform roles of requirements.md).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// システム管理者: configures; cannot read cases.
    Admin,
    /// 相談支援包括化推進員・事務局
    Coordinator,
    /// 管理者・係長・センター長
    Supervisor,
    /// 相談員・CSW・ケースワーカー
    Worker,
    /// 受付・事務補助: reception data only.
    Clerk,
    /// 協力者・民生委員など: writes slips, sees only their own.
    Entry,
    /// 監査担当: the log, no content.
    Auditor,
    /// 地域づくり・統計など個人の記録を見ない職員
    NoCase,
}

/// What an act needs. One list, one `match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Areas, bodies, desks, code lists, settings.
    Configure,
    /// Staff, postings, April reassignment.
    ManageStaff,
    /// Take a consultation in.
    Receive,
    /// Decide what becomes of a consultation.
    Triage,
    /// Work in cases.
    WorkCase,
    /// Open a room in an emergency, with a reason.
    BreakGlass,
    /// Be told that someone already supports a household, and whom to ask.
    KnowExistence,
    /// See a withheld address, logged and told to the owner.
    RevealProtected,
    /// Set and (as one of two people) lift protection.
    DecideProtection,
    /// Read the log.
    ReadLog,
    /// Hand cases to another owner.
    Reassign,
    /// Take an old ledger of consultations in, and take an import back.
    ImportLedger,
    /// Read figures without persons.
    ReadFigures,
    /// Say what an indicator counts, set targets, close a month.
    KeepFigures,
    /// Write the municipality's plans: plan sheets, funding and contracts, roadmaps.
    Plan,
}

impl Duty {
    /// The sentence for someone without it.
    #[must_use]
    pub const fn refusal(self) -> &'static str {
        match self {
            Self::Configure => "設定を変えられるのはシステム管理者だけです。",
            Self::ManageStaff => "職員と配置を変えられるのはシステム管理者だけです。",
            Self::Receive => "あなたの役割では相談を受け付けられません。",
            Self::Triage => "あなたの役割では受理の判断を記録できません。",
            Self::WorkCase => "あなたの役割ではケースの記録を扱えません。",
            Self::BreakGlass => "あなたの役割では緊急閲覧はできません。",
            Self::KnowExistence => "あなたの役割では支援の有無を確かめられません。",
            Self::RevealProtected => "秘匿された情報を開けるのは、主担当と管理者・推進員だけです。",
            Self::DecideProtection => "秘匿の設定と解除ができるのは、管理者と推進員だけです。",
            Self::ReadLog => "監査記録を見られるのは、監査担当と管理者だけです。",
            Self::Reassign => "担当の引き継ぎを決められるのは、管理者と推進員だけです。",
            Self::ImportLedger => "台帳を取り込めるのは、管理者と推進員だけです。",
            Self::ReadFigures => "あなたの役割では統計を見られません。",
            Self::Plan => {
                "計画を書けるのは、システム管理者と相談支援包括化推進員（事務局）だけです。"
            }
            Self::KeepFigures => {
                "指標と目標を変え、月を締められるのは、管理者・推進員・地域担当だけです。"
            }
        }
    }
}

impl Role {
    /// Every role, in the order screens list them.
    pub const ALL: [Self; 8] = [
        Self::Coordinator,
        Self::Supervisor,
        Self::Worker,
        Self::Clerk,
        Self::Entry,
        Self::NoCase,
        Self::Auditor,
        Self::Admin,
    ];

    /// What the role may do. Opening a room needs a key as well.
    #[must_use]
    pub const fn may(self, duty: Duty) -> bool {
        use Duty as D;
        match self {
            // An administrator sets a municipality up from its plan sheet, with indicators and targets.
            Self::Admin => matches!(
                duty,
                D::Configure | D::ManageStaff | D::ReadFigures | D::KeepFigures | D::Plan
            ),
            Self::Coordinator => matches!(duty, D::Plan) || Self::Supervisor.may(duty),
            Self::Supervisor => matches!(
                duty,
                D::Receive
                    | D::Triage
                    | D::WorkCase
                    | D::BreakGlass
                    | D::KnowExistence
                    | D::RevealProtected
                    | D::DecideProtection
                    | D::Reassign
                    | D::ImportLedger
                    | D::ReadFigures
                    | D::KeepFigures
            ),
            Self::Worker => matches!(
                duty,
                D::Receive
                    | D::Triage
                    | D::WorkCase
                    | D::BreakGlass
                    | D::KnowExistence
                    | D::ReadFigures
            ),
            Self::Clerk => matches!(duty, D::Receive | D::ReadFigures),
            Self::Entry => matches!(duty, D::Receive),
            Self::Auditor => matches!(duty, D::ReadLog | D::ReadFigures),
            Self::NoCase => matches!(duty, D::ReadFigures | D::KeepFigures),
        }
    }

    /// As stored.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Coordinator => "coordinator",
            Self::Supervisor => "supervisor",
            Self::Worker => "worker",
            Self::Clerk => "clerk",
            Self::Entry => "entry",
            Self::Auditor => "auditor",
            Self::NoCase => "no_case",
        }
    }

    /// From storage or a form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_code() == code)
    }

    /// The shipped word; municipalities set their own.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "システム管理者",
            Self::Coordinator => "相談支援包括化推進員",
            Self::Supervisor => "管理者(係長・センター長)",
            Self::Worker => "相談員",
            Self::Clerk => "受付・事務",
            Self::Entry => "協力者(受付票のみ)",
            Self::Auditor => "監査担当",
            Self::NoCase => "地域担当(個人記録なし)",
        }
    }
}
crate::code_column!(Role);
