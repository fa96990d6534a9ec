//! API tokens.

use chrono::Duration;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    id::StaffId,
};
use serde_json::json;

use super::{account_here, manager, to_change};
use crate::{
    model::{TOKENS_MAX, Token, TokenId},
    secret,
    store::token,
};

/// How tokens begin, so that one that leaked is recognised.
pub const TOKEN_PREFIX: &str = "engawa_";

/// Makes an API token with exactly this person's keys, good for a year; the text is returned once
/// and not stored.
///
/// # Errors
/// The person has no account, or [`TOKENS_MAX`] tokens already.
pub async fn create_token(tx: &mut Tx, ctx: &Ctx, staff: StaffId, name: &str) -> Result<String> {
    create_token_for(tx, ctx, staff, name, 365).await
}

/// As [`create_token`], good for some days.
///
/// # Errors
/// The person has no account, or [`TOKENS_MAX`] tokens already.
pub async fn create_token_for(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    name: &str,
    days: i64,
) -> Result<String> {
    if ctx.actor.staff != staff {
        manager(ctx)?;
    }
    account_here(tx, ctx, staff).await?;
    let now = ctx.now();
    if token::of_staff(tx, staff, now).await?.len() >= TOKENS_MAX {
        return Err(Error::Invalid(format!(
            "APIトークンは{TOKENS_MAX}個までです。使っていないものを取り消してから、もう一度作成してください。"
        )));
    }
    let text = format!("{TOKEN_PREFIX}{}", secret::token()?);
    let made = Token {
        id: TokenId::new(),
        name: name.to_owned(),
        created: now,
        expires: now + Duration::days(days.clamp(1, 366)),
        used: None,
    };
    token::insert(tx, staff, &made, secret::digest(&text)).await?;
    let detail = json!({ "account": staff, "token": made.id });
    audit::append(tx, ctx, Entry::new("token.created").detail(detail)).await?;
    Ok(text)
}

/// Takes a token of somebody else away.
///
/// # Errors
/// [`Error::NotFound`] when the person has no such token in use; otherwise as [`super::disable`].
pub async fn revoke_token(tx: &mut Tx, ctx: &Ctx, staff: StaffId, id: TokenId) -> Result<()> {
    to_change(tx, ctx, staff).await?;
    if !token::revoke(tx, staff, id, ctx.now()).await? {
        return Err(Error::NotFound);
    }
    let detail = json!({ "account": staff, "token": id });
    audit::append(tx, ctx, Entry::new("token.revoked").detail(detail)).await
}
