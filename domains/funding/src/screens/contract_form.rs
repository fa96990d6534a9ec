//! `/funding/contracts/new` and `/funding/contracts/{contract}/edit`.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, check_group, date_field, form_frame, link_button,
        repeated_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
};
use maud::{Markup, html};

use super::{
    contract_read::{Offers, filled, parse},
    parts::{conflict, differences, refused, trail},
};
use crate::{
    contract::{ContractId, CostKind, Subsidised},
    model::Scheme,
    rules,
    store::contract,
};

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let offers = Offers::load(&ctx, None).await?;
    let form = drafts::restore(&ctx, &key(None), Form::blank()).await?;
    Ok(view(&ctx, &offers, None, &form))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(contract): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let known = contract::one(&mut ctx.read().await?, &ctx, id(&contract)?).await?;
    let offers = Offers::load(&ctx, Some(known.id)).await?;
    let form = drafts::restore(&ctx, &key(Some(known.id)), filled(&ctx, &known)).await?;
    Ok(view(&ctx, &offers, Some(known.id), &form))
}

pub async fn update(ctx: Ctx, Path(contract): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&contract)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<ContractId>) -> String {
    id.map_or_else(
        || "funding/contracts/new".to_owned(),
        |id| format!("funding/contracts/{id}/edit"),
    )
}

fn address(id: Option<ContractId>) -> String {
    format!("/{}", key(id))
}

async fn save(ctx: Ctx, known: Option<ContractId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let offers = Offers::load(&ctx, known).await?;
    if !form.value("add_row").is_empty() {
        return Ok(view(&ctx, &offers, known, &form).into_response());
    }
    let Some(new) = parse(&ctx, &mut form, &offers) else {
        return Err(refused(view(&ctx, &offers, known, &form)));
    };
    let mut tx = ctx.write().await?;
    if known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = known.map(|id| (id, form.version.unwrap_or_default()));
    let id = match contract::save(&mut tx, &ctx, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(changed(&ctx, &offers, known.ok_or(Error::Changed)?, &form).await?);
        }
        done => done?,
    };
    let to = format!("/funding/contracts/{id}");
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn changed(ctx: &Ctx, offers: &Offers, id: ContractId, form: &Form) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let known = contract::one(&mut conn, ctx, id).await?;
    let found = differences(form, &filled(ctx, &known), |name| offers.describe(name));
    conflict(
        ctx,
        &mut conn,
        &address(Some(id)),
        "契約・補助を直す",
        &known,
        form,
        &found,
    )
    .await
}

/// Rows drawn at least: one, and one more than there are where a row was asked for.
fn at_least(form: &Form, prefix: &str) -> usize {
    let there = form.indexed(prefix).len();
    there.max(1) + usize::from(form.value("add_row") == prefix)
}

fn view(ctx: &Ctx, offers: &Offers, known: Option<ContractId>, form: &Form) -> Markup {
    let back = known.map_or_else(
        || "/funding/contracts".to_owned(),
        |id| format!("/funding/contracts/{id}"),
    );
    let fields = html! {
        (text_field(form, FieldSpec::new("name", "契約・補助の名前").required().hint("例: 令和8年度 地域力強化推進事業 業務委託").maxlength(200)))
        (select_field(form, FieldSpec::new("mode", "実施方法").required(), &offers.modes()))
        (check_group(form, FieldSpec::new("scheme", "計画書の事業").required().hint("1つの契約で2つの事業を行うときは、どちらも選びます"), Scheme::OPTIONS))
        (text_field(form, FieldSpec::new("part", "事業のうちの部分").hint("一部だけのとき。例: 相談の受け止め").maxlength(200)))
        (text_field(form, FieldSpec::new("commissioner", "委託元・経由").hint("例: 市 → 県社協").maxlength(200)))
        (date_field(form, FieldSpec::new("from", "始まりの日").required()))
        (date_field(form, FieldSpec::new("to", "終わりの日").hint("決まっていなければ空欄")))
        (select_field(form, FieldSpec::new("follows", "前の契約・自主事業").hint("自主事業が委託になったときなど。ケースはそのまま続きます"), &borrowed(&offers.before)))
        (repeated_group(form, "body", "実施する機関", "機関を足す", at_least(form, "body"), |n| body_row(form, offers, n)))
        (repeated_group(form, "cost", "経費の内訳", "経費を足す", at_least(form, "cost"), |n| cost_row(form, n)))
        (text_area(form, FieldSpec::new("note", "備考").rows(3).maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "契約・補助を直す"
    } else {
        "契約・補助を書く"
    };
    let above = [("/funding/contracts", "委託・補助")];
    let body = html! { (trail(&above)) (form_frame(&address(known), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), title, body)
}

fn body_row(form: &Form, offers: &Offers, n: usize) -> Markup {
    html! {
        (select_field(form, FieldSpec::new(format!("body[{n}].body"), "機関").hint("ないときは「機関・職員」で先に登録します"), &borrowed(&offers.bodies)))
        (text_field(form, FieldSpec::new(format!("body[{n}].share"), "担当する部分・割合").maxlength(200)))
    }
}

fn cost_row(form: &Form, n: usize) -> Markup {
    html! {
        (select_field(form, FieldSpec::new(format!("cost[{n}].kind"), "経費の種類"), CostKind::OPTIONS))
        (text_field(form, FieldSpec::new(format!("cost[{n}].what"), "だれの・何の経費か").hint("人件費は、人や職ごとに1行。例: CSW（中央区）").maxlength(200)))
        (select_field(form, FieldSpec::new(format!("cost[{n}].subsidised"), "補助の対象か"), Subsidised::OPTIONS))
        (text_field(form, FieldSpec::new(format!("cost[{n}].amount"), "額（円）").hint("分からないときは空欄").inputmode("numeric").short()))
    }
}
