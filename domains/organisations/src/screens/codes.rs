//! `/organisations/codes` and `/organisations/codes/{list}`: the words of the code lists.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::table,
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    page::page,
};
use maud::{Markup, html};

use super::{Asked, edit, id_of, list, show, trail};
use crate::{
    codes::CodeList,
    registers::{Query, Register},
};

/// GET `/organisations/codes`
pub(crate) async fn index(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let mut rows = Vec::new();
    for list in CodeList::ALL {
        let query = Query {
            list: Some(list),
            ..Query::default()
        };
        let n = Register::CodeWords.count(&mut conn, &ctx, &query).await?;
        rows.push(vec![
            html! { a href={ "/organisations/codes/" (list.as_code()) } { (list.label()) } },
            html! { (n) "件" },
        ]);
    }
    let body = html! {
        (trail(&[]))
        p { "言い方を変えても、隠しても、過去の記録と統計は変わりません。統計はコードで数えます。" }
        (table(&["一覧", "選択肢"], &rows, "選択肢の一覧"))
    };
    Ok(page(&ctx.frame(), "選択肢の一覧", body))
}

fn list_of(code: &str) -> Result<CodeList> {
    CodeList::from_code(code).ok_or(Error::NotFound)
}

/// GET `/organisations/codes/{list}`
pub(crate) async fn one(ctx: Ctx, Path(code): Path<String>, asked: Asked) -> Result<Markup> {
    list::show(&ctx, Register::CodeWords, Some(list_of(&code)?), &asked).await
}

/// GET `/organisations/codes/{list}/new`
pub(crate) async fn new(ctx: Ctx, Path(code): Path<String>) -> Result<Markup> {
    let list = list_of(&code)?;
    let mut form = Form::blank();
    form.prefill("list", list.as_code());
    edit::blank(
        &ctx,
        Register::CodeWords,
        &format!("/organisations/codes/{}", list.as_code()),
        form,
    )
    .await
}

/// POST `/organisations/codes/{list}/new`
pub(crate) async fn create(ctx: Ctx, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let list = list_of(&code)?;
    let base = format!("/organisations/codes/{}", list.as_code());
    edit::save(
        &ctx,
        Register::CodeWords,
        &base,
        None,
        Form::from_posted(posted),
    )
    .await
}

/// GET `/organisations/codes/{list}/{id}`
pub(crate) async fn code(ctx: Ctx, Path((code, id)): Path<(String, String)>) -> Result<Markup> {
    let base = format!("/organisations/codes/{}", list_of(&code)?.as_code());
    show::record(&ctx, Register::CodeWords, &base, id_of(&id)?).await
}

/// GET `/organisations/codes/{list}/{id}/edit`
pub(crate) async fn edit(ctx: Ctx, Path((code, id)): Path<(String, String)>) -> Result<Markup> {
    let base = format!("/organisations/codes/{}", list_of(&code)?.as_code());
    edit::filled(&ctx, Register::CodeWords, &base, id_of(&id)?).await
}

/// POST `/organisations/codes/{list}/{id}/edit`
pub(crate) async fn update(
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let base = format!("/organisations/codes/{}", list_of(&code)?.as_code());
    edit::save(
        &ctx,
        Register::CodeWords,
        &base,
        Some(id_of(&id)?),
        Form::from_posted(posted),
    )
    .await
}
