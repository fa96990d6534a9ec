//! `/account/calendar`: 和暦 or 西暦.

use axum::response::Response;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
};

use crate::layer::Here;

/// (code as stored, label)
pub(super) const OPTIONS: [(&str, &str); 2] = [
    ("japanese", "和暦(令和8年4月1日)"),
    ("western", "西暦(2026年4月1日)"),
];

pub(super) async fn send(ctx: Ctx, _: Here, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let Some(code) = form.choice("calendar", "日付の表し方", &OPTIONS, true) else {
        return Err(Error::Invalid("日付の表し方を選んでください。".into()));
    };
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("update staff set calendar = :code where id = :me")
            .bind("code", code)
            .bind("me", ctx.actor.staff),
    )
    .await?;
    audit::append(&mut tx, &ctx, Entry::new("account.calendar")).await?;
    tx.commit().await?;
    Ok(see_other("/account?done=calendar"))
}
