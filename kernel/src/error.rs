//! What can go wrong, and the sentence a user reads: what happened, what was kept, what to do.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::components::{ButtonKind, link_button};

/// The result of nearly everything.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an act did not happen. Every domain's own refusals become one of these at its edge.
#[derive(Debug)]
pub enum Error {
    /// There is no such record, or the actor may not know that there is one.
    NotFound,
    /// The actor may know of the room but not open it.
    Refused(Refusal),
    /// The act is not allowed now; the sentence says why and what to do.
    Forbidden(String),
    /// What was sent is wrong; the sentence says how to mend it.
    Invalid(String),
    /// Someone saved the record in between. Screens show both texts; this is the plain answer.
    Changed,
    /// Somebody else made the same thing (a code, a name, a seat that only one can have) at the same
    /// moment: the database's unique index refused ours.
    Taken,
    /// The same form was already saved; it led to this page.
    AlreadyDone(String),
    /// What was sent is larger than the limit, in bytes.
    TooLarge(u64),
    /// Nobody is logged in; after login the user comes back to this path.
    LoginNeeded(String),
    /// The form's secret is missing or old.
    Csrf,
    /// A page that was already made: a form with its errors beside the fields.
    Page(StatusCode, Box<Markup>),
    /// A defect or a broken machine. The user's text is kept in the draft.
    Internal(String),
}

/// Why a door stays shut for someone who may know that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// "Someone is already supporting this household": whom to ask, without content.
    Exists {
        /// The desk that has the room.
        contact: String,
        /// The room, so that break-glass can be offered.
        room: crate::id::RoomId,
    },
    /// The actor declared (or was declared) too close to a person in it.
    Conflict,
    /// The key lets read, not write.
    ReadOnly,
}

impl Error {
    /// The heading of its page: what kind of no it is. Only a defect is called one.
    const fn title(&self) -> &'static str {
        match self {
            Self::NotFound | Self::Refused(Refusal::Conflict) => "開けませんでした",
            Self::Refused(Refusal::Exists { .. }) => "閲覧権がありません",
            Self::Refused(Refusal::ReadOnly) => "書き込めません",
            Self::Forbidden(_) => "この操作はできません",
            Self::Invalid(_) | Self::Page(..) => "入力や状態を確かめてください",
            Self::Changed | Self::Taken | Self::TooLarge(_) | Self::Csrf => "保存していません",
            Self::AlreadyDone(_) => "すでに保存されています",
            Self::LoginNeeded(_) => "ログインが必要です",
            Self::Internal(_) => "処理できませんでした",
        }
    }

    /// A unique index refused. Written to the server's log: should it be a defect and no race, the
    /// name of the index says where.
    fn taken(why: &dyn std::error::Error) -> Self {
        tracing::warn!(%why, "somebody else was first");
        Self::Taken
    }

    /// Status and sentences: (what happened, what to do next).
    #[must_use]
    pub fn explain(&self) -> (StatusCode, String, String) {
        let s = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let (code, (what, next)) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                s(
                    "この記録やページはないか、あなたには開く権限がありません。",
                    "番号やアドレスを確かめてください。自分の担当のはずのときは、主担当か所属の管理者に、閲覧権を確かめてください。",
                ),
            ),
            Self::Refused(Refusal::Exists { contact, .. }) => (
                StatusCode::FORBIDDEN,
                (
                    "この記録を開く閲覧権がありません。".into(),
                    format!(
                        "この世帯には支援中の機関があります。連絡先: {contact}。電話などで直接お尋ねください。"
                    ),
                ),
            ),
            Self::Refused(Refusal::Conflict) => (
                StatusCode::FORBIDDEN,
                s(
                    "利益相反の届け出があるため、この記録は開けません。",
                    "この操作は管理者に知らされました。業務上どうしても必要なときは、所属の管理者に相談してください。",
                ),
            ),
            Self::Refused(Refusal::ReadOnly) => (
                StatusCode::FORBIDDEN,
                s(
                    "この記録は読むことだけができます。書き込みはできません。",
                    "書いた内容は下書きに残っています。主担当に連絡してください。",
                ),
            ),
            Self::Forbidden(why) => (
                StatusCode::FORBIDDEN,
                (
                    why.clone(),
                    "必要なときは、所属の管理者に相談してください。".into(),
                ),
            ),
            Self::Invalid(why) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                (
                    why.clone(),
                    "ブラウザの「戻る」で前の画面に戻ると、入力した内容は残っています。".into(),
                ),
            ),
            Self::Changed => (
                StatusCode::CONFLICT,
                s(
                    "ほかの人が先に保存しました。",
                    "入力した内容は下書きに残っています。画面を開き直し、新しい内容と見比べてから保存してください。",
                ),
            ),
            Self::Taken => (
                StatusCode::CONFLICT,
                s(
                    "ほかの人が同じものを先に登録したため、保存していません。",
                    "一覧か元の画面を開き直し、先に登録された内容を確かめてください。それで足りるときは、何もする必要はありません。足りないときだけ、番号や名前を変えて、もう一度登録してください。",
                ),
            ),
            Self::AlreadyDone(_) => (StatusCode::OK, s("すでに保存されています。", "")),
            Self::TooLarge(limit) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                (
                    "送られた内容が大きすぎるため、保存できませんでした。".into(),
                    format!(
                        "一度に送れるのは{}までです。文章を分けるか、ファイルを小さくしてください。ブラウザの「戻る」で入力した内容に戻れます。",
                        size(*limit)
                    ),
                ),
            ),
            Self::LoginNeeded(_) => (
                StatusCode::UNAUTHORIZED,
                s(
                    "ログインが必要です。",
                    "ログインしてから、もう一度開いてください。",
                ),
            ),
            Self::Csrf => (
                StatusCode::FORBIDDEN,
                s(
                    "画面を開いてから時間がたったか、ほかの画面から送られたため、保存しませんでした。",
                    "元の画面を開き直して、もう一度保存してください。入力した内容は下書きから戻せます。",
                ),
            ),
            Self::Page(code, _) => (*code, s("入力を確かめてください。", "")),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                s(
                    "システムの不具合で処理できませんでした。",
                    "保存済みの記録は失われていません。しばらくしてからもう一度試し、続くときは管理者に時刻を伝えてください。",
                ),
            ),
        };
        (code, what, next)
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1_048_576 {
        format!("{}MB", bytes / 1_048_576)
    } else {
        format!("{}KB", bytes / 1024)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Self::Internal(why) = self {
            return f.write_str(why);
        }
        let (_, what, next) = self.explain();
        write!(f, "{what}{next}")
    }
}
impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(e: sqlx::Error) -> Self {
        match e {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(e) if e.is_unique_violation() => Self::taken(&*e),
            e => Self::Internal(format!("database: {e}")),
        }
    }
}
impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
        match e.sqlite_error().map(|e| e.extended_code) {
            Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY) => Self::taken(&e),
            _ => Self::Internal(format!("database: {e}")),
        }
    }
}
impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(format!("json: {e}"))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Page(code, page) = self {
            return (code, *page).into_response();
        }
        if let Self::AlreadyDone(location) = &self {
            return axum::response::Redirect::to(location).into_response();
        }
        if let Self::LoginNeeded(path) = &self {
            if path.starts_with("/api/") {
                return ApiError(self).into_response();
            }
            let to =
                percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
            return axum::response::Redirect::to(&format!("/login?next={to}")).into_response();
        }
        if let Self::Internal(why) = &self {
            tracing::error!(why, "request failed");
        }
        let (code, what, next) = self.explain();
        let next = html! {
            p { (next) }
            @if let Self::Refused(Refusal::Exists { room, .. }) = &self {
                p { (link_button(ButtonKind::Secondary, &format!("/rooms/{room}/break-glass"), "緊急閲覧へ（理由を記録して、一時的に開く）")) }
            }
            p { a href="/today" { "きょうの画面へ" } }
        };
        let shown = Shown {
            title: self.title(),
            what,
            next,
        };
        let mut response = (code, shown.page(None)).into_response();
        response.extensions_mut().insert(shown);
        response
    }
}

/// A refusal on its way out. Where the user is known, `http::forms` puts the page's frame (menu,
/// search box) around it.
#[derive(Clone)]
pub(crate) struct Shown {
    title: &'static str,
    what: String,
    next: Markup,
}

impl Shown {
    pub(crate) fn page(&self, frame: Option<&crate::page::Frame>) -> Markup {
        crate::page::refusal_page(frame, self.title, &self.what, "", self.next.clone())
    }
}

/// The JSON face of an [`Error`].
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Error::Internal(why) = &self.0 {
            tracing::error!(why, "API request failed");
        }
        let (code, what, next) = self.0.explain();
        (
            code,
            Json(serde_json::json!({ "error": what, "next": next })),
        )
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shut_door_is_not_called_a_broken_system() {
        let shut = Error::NotFound;
        assert_eq!(shut.title(), "開けませんでした");
        let (_, what, next) = shut.explain();
        assert!(what.contains("開く権限がありません") && next.contains("主担当か所属の管理者"));
        let exists = Error::Refused(Refusal::Exists {
            contact: String::new(),
            room: crate::id::RoomId::new(),
        });
        assert_eq!(exists.title(), "閲覧権がありません");
        assert_eq!(
            Error::Internal(String::new()).title(),
            "処理できませんでした"
        );
    }
}
