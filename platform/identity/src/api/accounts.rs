//! `/api/v1/accounts`: the accounts of staff, for an administrator's programs. What gives somebody a
//! way in is done with a token only: the screens ask for the administrator's password there.

use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine, Via},
    error::{ApiError, Error, Result},
    http::ApiJson,
    id::StaffId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{self, Asked, Listed, State, listing},
    rules,
};

pub(super) fn router() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(act))
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
struct Wanted {
    /// `active`, `locked` or `disabled`; all of them when not said.
    state: Option<String>,
    /// Part of a name or user name.
    q: Option<String>,
    /// Entries on a page, 1 to 500; 100 when not said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of accounts by user name.
#[derive(Debug, Serialize, ToSchema)]
struct AccountList {
    items: Vec<AccountItem>,
    /// Cursor of the next page; none on the last.
    next: Option<String>,
}

/// 職員のアカウント
#[derive(Debug, Serialize, ToSchema)]
struct AccountItem {
    staff: StaffId,
    /// 氏名
    name: String,
    /// User name.
    login: String,
    /// `active`, `locked` or `disabled`.
    state: String,
    /// Has a second factor.
    second_factor: bool,
    /// Still has the password that an administrator gave out.
    must_change: bool,
    /// When its person last got in.
    last_login: Option<DateTime<Utc>>,
    /// 退職日
    left_on: Option<NaiveDate>,
    /// Today's postings in words.
    places: Vec<String>,
}

impl AccountItem {
    fn of(account: Listed) -> Self {
        Self {
            state: account.state().as_code().to_owned(),
            staff: account.staff,
            name: account.name,
            login: account.login,
            second_factor: account.second_factor,
            must_change: account.must_change,
            last_login: account.last_login,
            left_on: account.left_on,
            places: account.places,
        }
    }
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
struct NewAccount {
    /// 職員
    staff: StaffId,
    /// User name.
    login: String,
}

/// A first password, told once: only its hash is kept.
#[derive(Debug, Serialize, ToSchema)]
struct Issued {
    staff: StaffId,
    /// 仮パスワード, to be changed at the first login; none when the act gives none.
    password: Option<String>,
}

/// What is done with an account.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Act {
    /// 停止; needs a reason.
    Disable,
    /// 停止の解除
    Enable,
    /// ロックの解除
    Unlock,
    /// 仮パスワードの発行
    ResetPassword,
    /// 二段階認証の登録の取り消し
    ResetSecondFactor,
    /// End every session.
    EndSessions,
}

/// One act.
#[derive(Debug, Deserialize, ToSchema)]
struct AccountAct {
    act: Act,
    /// 停止の理由, up to 200 characters.
    #[serde(default)]
    reason: String,
}

fn by_token(ctx: &Ctx) -> Result<()> {
    ctx.need(Duty::ManageStaff)?;
    match ctx.via {
        Via::Token | Via::System => Ok(()),
        Via::Session { .. } => Err(Error::Forbidden(
            "この操作は、「職員のアカウント」の画面かAPIトークンで行ってください。".into(),
        )),
    }
}

/// The accounts of the municipality.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "identity", params(Wanted),
    responses((status = 200, body = AccountList), (status = 403, description = "システム管理者ではない")))]
async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Json<AccountList>, ApiError> {
    ctx.need(Duty::ManageStaff)?;
    let asked = Asked {
        state: State::from_code(wanted.state.as_deref().unwrap_or_default()),
        q: wanted.q.unwrap_or_default(),
    };
    let limit = wanted.limit.unwrap_or(100).clamp(1, 500);
    let cursor = wanted.cursor.as_deref().unwrap_or_default();
    let mut conn = ctx.read().await?;
    let mut found = listing::after(&mut conn, &ctx, &asked, (limit + 1, cursor)).await?;
    let keep = usize::try_from(limit).unwrap_or(500);
    let more = found.len() > keep;
    found.truncate(keep);
    Ok(Json(AccountList {
        next: found.last().filter(|_| more).map(|a| a.login.clone()),
        items: found.into_iter().map(AccountItem::of).collect(),
    }))
}

/// Gives somebody an account; the first password is in the answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "identity", request_body = NewAccount,
    responses((status = 201, body = Issued), (status = 403, description = "システム管理者ではない、またはAPIトークンではない"),
              (status = 404, description = "no such person"), (status = 422, description = "what is wrong, in a sentence")))]
async fn create(
    ctx: Ctx,
    ApiJson(new): ApiJson<NewAccount>,
) -> Result<(StatusCode, Json<Issued>), ApiError> {
    by_token(&ctx)?;
    rules::check_login(&new.login).map_err(|why| Error::Invalid(why.into()))?;
    listing::person(&mut ctx.read().await?, &ctx, new.staff).await?;
    let (password, hashed) = accounts::issue().await?;
    let mut tx = ctx.write().await?;
    accounts::create_account_with(&mut tx, &ctx, new.staff, &new.login, &hashed, true).await?;
    tx.commit().await?;
    let issued = Issued {
        staff: new.staff,
        password: Some(password),
    };
    Ok((StatusCode::CREATED, Json(issued)))
}

/// Does one thing with somebody else's account.
#[utoipa::path(post, path = "/api/v1/accounts/{staff}", tag = "identity", request_body = AccountAct,
    params(("staff" = StaffId, Path, description = "職員")),
    responses((status = 200, body = Issued), (status = 403, description = "システム管理者ではない、またはAPIトークンではない"),
              (status = 404, description = "no such account"), (status = 422, description = "what is wrong, in a sentence")))]
async fn act(
    ctx: Ctx,
    Path(staff): Path<String>,
    ApiJson(asked): ApiJson<AccountAct>,
) -> Result<Json<Issued>, ApiError> {
    by_token(&ctx)?;
    let staff: StaffId = staff.parse().map_err(|_| Error::NotFound)?;
    let new = match asked.act {
        Act::ResetPassword => Some(accounts::issue().await?),
        _ => None,
    };
    let mut tx = ctx.write().await?;
    match (asked.act, &new) {
        (Act::Disable, _) => accounts::disable(&mut tx, &ctx, staff, &asked.reason).await?,
        (Act::Enable, _) => accounts::enable(&mut tx, &ctx, staff).await?,
        (Act::Unlock, _) => accounts::end_lock_out(&mut tx, &ctx, staff).await?,
        (Act::ResetSecondFactor, _) => {
            accounts::reset_second_factor(&mut tx, &ctx, staff).await?;
        }
        (Act::EndSessions, _) => {
            accounts::end_sessions(&mut tx, &ctx, staff).await?;
        }
        (Act::ResetPassword, Some((_, hashed))) => {
            accounts::reset_password_with(&mut tx, &ctx, staff, hashed).await?;
        }
        (Act::ResetPassword, None) => {}
    }
    tx.commit().await?;
    Ok(Json(Issued {
        staff,
        password: new.map(|(password, _)| password),
    }))
}
