//! Accounts, sessions and tokens as the rest of the crate sees them.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    code_column,
    id::{MunicipalityId, SessionId, StaffId},
    id_type,
};

use crate::hash::Hashed;

id_type!(/// An API token.
    TokenId);

/// Letters of a user name at most.
pub const LOGIN_MAX: usize = 64;
/// Characters of a password at least.
pub const PASSWORD_MIN: usize = 12;
/// Characters of a password at most.
pub const PASSWORD_MAX: usize = 128;
/// Hours after which a session ends whatever is done in it.
pub const SESSION_HOURS: i64 = 12;
/// Minutes to enter the code of the second factor after the password.
pub const CODE_MINUTES: i64 = 10;
/// Recovery codes given out at once.
pub const RECOVERY_CODES: usize = 10;
/// API tokens in use by one person at most.
pub const TOKENS_MAX: usize = 20;

/// Characters of the reason for which an account was closed, at most.
pub const REASON_MAX: usize = 200;

/// One person's way in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose.
    pub staff: StaffId,
    /// Where.
    pub municipality: MunicipalityId,
    /// User name, lower case.
    pub login: String,
    /// Password.
    pub hashed: Hashed,
    /// The password was chosen by somebody else.
    pub must_change: bool,
    /// The second factor, when enrolled.
    pub totp: Option<TotpSecret>,
    /// A second factor that was shown but not yet proven.
    pub totp_pending: Option<TotpSecret>,
    /// Closed by an administrator.
    pub disabled: bool,
}

/// The secret shared with an authenticator app. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(pub Vec<u8>);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret")
    }
}

/// Where a session stands with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Neither enrolled nor asked for.
    NotNeeded,
    /// The password fitted; the code is awaited.
    Code,
    /// A must for this person, and not yet enrolled.
    Enrol,
    /// Shown.
    Done,
}

impl SecondFactor {
    /// As stored.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::NotNeeded => "none",
            Self::Code => "code",
            Self::Enrol => "enrol",
            Self::Done => "done",
        }
    }
    /// From storage.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::NotNeeded, Self::Code, Self::Enrol, Self::Done]
            .into_iter()
            .find(|s| s.as_code() == code)
    }
}
code_column!(SecondFactor);

/// A browser that is (or was) signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub staff: StaffId,
    /// The secret of its forms.
    pub csrf: String,
    /// Since when.
    pub created: DateTime<Utc>,
    /// Last request, to the minute.
    pub seen: DateTime<Utc>,
    /// Absolute end.
    pub expires: DateTime<Utc>,
    /// Screen locked.
    pub locked: bool,
    /// Ended by the user, by an administrator or by a change of password.
    pub revoked: bool,
    /// Browser and system in a few words.
    pub user_agent: String,
    /// Second factor.
    pub second_factor: SecondFactor,
}

/// An API token as its owner sees it.
#[derive(Debug, Clone)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// What for, in the owner's words.
    pub name: String,
    /// Since when.
    pub created: DateTime<Utc>,
    /// Until when.
    pub expires: DateTime<Utc>,
    /// Last request, to the minute.
    pub used: Option<DateTime<Utc>>,
}

/// Why a session is over. Told once, on the login page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was done for `session_minutes`.
    Idle,
    /// [`SESSION_HOURS`] have passed, or [`CODE_MINUTES`] without the code.
    Expired,
    /// Ended on purpose: logout elsewhere, change of password, an administrator.
    Revoked,
    /// The account was closed.
    Disabled,
    /// `left_on` has passed.
    Left,
    /// No posting is active today.
    NoPosting,
}

impl Ended {
    const ALL: [Self; 6] = [
        Self::Idle,
        Self::Expired,
        Self::Revoked,
        Self::Disabled,
        Self::Left,
        Self::NoPosting,
    ];

    /// In the address of the login page and in the log.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Disabled => "disabled",
            Self::Left => "left",
            Self::NoPosting => "no-posting",
        }
    }

    /// From the address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.as_code() == code)
    }

    /// What happened, what was kept, what to do next.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Idle => {
                "しばらく操作がなかったため、ログアウトしました。入力していた内容は下書きに残っています。もう一度ログインしてください。"
            }
            Self::Expired => {
                "ログインから時間がたったため、ログアウトしました。入力していた内容は下書きに残っています。もう一度ログインしてください。"
            }
            Self::Revoked => {
                "このログインは終了しました。心当たりがないときは、パスワードを変更し、所属の管理者に連絡してください。"
            }
            Self::Disabled => {
                "このアカウントは停止されています。記録と下書きは失われていません。所属の管理者に連絡してください。"
            }
            Self::Left => {
                "在職期間が終わったため、ログインできません。記録と下書きは失われていません。誤りのときは、所属の管理者に連絡してください。"
            }
            Self::NoPosting => {
                "本日有効な配置がないため、ログインできません。記録と下書きは失われていません。所属の管理者に配置を確かめてください。"
            }
        }
    }
}

/// What a session must do before it may do anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Nothing: go on.
    Open,
    /// Enter the code of the second factor.
    Code,
    /// Enter the password again: the screen is locked.
    Unlock,
    /// Choose a password of one's own.
    ChangePassword,
    /// Enrol a second factor.
    Enrol,
}

impl Gate {
    /// The page at the gate.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Open => "/",
            Self::Code => "/login/code",
            Self::Unlock => "/unlock",
            Self::ChangePassword => "/account/password",
            Self::Enrol => "/account/totp",
        }
    }

    /// For programs that cannot be shown a page.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Code => "確認コードの入力が必要です。",
            Self::Unlock => "画面がロックされています。パスワードを入力してください。",
            Self::ChangePassword => "はじめに、パスワードの変更が必要です。",
            Self::Enrol => "はじめに、二段階認証の登録が必要です。",
        }
    }
}
