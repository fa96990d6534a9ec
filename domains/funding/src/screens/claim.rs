//! `/funding/contracts/{contract}/claims/new` and `/funding/claims/{claim}/decide`: one person enters
//! a claim, another checks it.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, date_field, form_frame, link_button, submit_row, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    once,
    page::page,
    text::wareki::{format_date, parse_date},
};
use maud::{Markup, html};

use super::{
    contract,
    parts::{YEN, refused, trail},
};
use crate::{
    contract::{Claim, ClaimState, ContractId, KeptContract},
    rules, store,
};

fn key(of: ContractId) -> String {
    format!("funding/contracts/{of}/claims/new")
}

async fn at(ctx: &Ctx, contract: &str) -> Result<KeptContract> {
    rules::need_planner(ctx)?;
    store::contract::one(&mut ctx.read().await?, ctx, id(contract)?).await
}

pub async fn new(ctx: Ctx, Path(contract): Path<String>) -> Result<Markup> {
    let of = at(&ctx, &contract).await?;
    let mut form = Form::blank();
    form.prefill("on", format_date(ctx.today(), ctx.calendar));
    let form = drafts::restore(&ctx, &key(of.id), form).await?;
    Ok(view(&ctx, &of, &form))
}

pub async fn create(ctx: Ctx, Path(contract): Path<String>, posted: Posted) -> Result<Response> {
    let of = at(&ctx, &contract).await?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(of.id));
    let today = ctx.today();
    let what = form.text("what", "請求の内容", 200, true);
    let basis = form.text("basis", "積算", 200, false);
    let amount = form.integer("amount", "額（円）", YEN, true);
    let on = form.parsed("on", "請求日", true, |t| parse_date(t, today));
    let (Some(amount), Some(on), false) = (amount, on, form.has_errors()) else {
        return Err(refused(view(&ctx, &of, &form)));
    };
    let claim = Claim {
        what,
        basis,
        amount,
        on,
    };
    let to = format!("/funding/contracts/{}", of.id);
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    store::claim::enter(&mut tx, &ctx, of.id, &claim).await?;
    drafts::clear(&mut tx, &ctx, &key(of.id)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn view(ctx: &Ctx, of: &KeptContract, form: &Form) -> Markup {
    let back = format!("/funding/contracts/{}", of.id);
    let fields = html! {
        (text_field(form, FieldSpec::new("what", "請求の内容").required().hint("例: 第1四半期の人件費、ミニデイの食材費").maxlength(200)))
        (text_field(form, FieldSpec::new("basis", "積算").hint("例: 12回×15人×100円").maxlength(200)))
        (text_field(form, FieldSpec::new("amount", "額（円）").required().inputmode("numeric").short()))
        (date_field(form, FieldSpec::new("on", "請求日").required()))
        p.hint { "保存した請求は、ほかの推進員かシステム管理者が確認します。" }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let above = [
        ("/funding/contracts", "委託・補助"),
        (back.as_str(), of.it.name.as_str()),
    ];
    let body = html! { (trail(&above)) (form_frame(&format!("/{}", key(of.id)), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), "請求を書く", body)
}

/// Checked, or sent back with a reason.
pub async fn decide(ctx: Ctx, Path(claim): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let known = store::claim::one(&mut ctx.read().await?, &ctx, id(&claim)?).await?;
    let state = ClaimState::from_code(form.value("decision"))
        .filter(|state| *state != ClaimState::Waiting)
        .ok_or(Error::NotFound)?;
    let note = form.text(
        "note",
        "差し戻すときの理由",
        500,
        state == ClaimState::Returned,
    );
    if form.has_errors() {
        return Err(refused(
            contract::view(&ctx, known.contract, Some((&known, &form))).await?,
        ));
    }
    let mut tx = ctx.write().await?;
    let seen = form.version.unwrap_or_default();
    store::claim::decide(&mut tx, &ctx, known.id, seen, state, &note).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/funding/contracts/{}", known.contract)))
}
