//! `/funding/contracts/{contract}/deliverables/new` and `/funding/deliverables/{deliverable}`: what a
//! contract promises.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, form_frame, link_button, select_field, submit_row,
        text_field,
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

use super::parts::{Shown, conflict, differences, refused, trail};
use crate::{
    contract::{ContractId, Deliverable, DeliverableId, KeptContract, KeptDeliverable},
    rules,
    store::{contract, deliverable},
};

/// Figures of a deliverable: nothing to millions.
pub(super) const NUMBER: std::ops::RangeInclusive<i64> = 0..=999_999_999;

/// Where a form belongs, and what it offers.
struct Place {
    contract: KeptContract,
    known: Option<DeliverableId>,
    indicators: Vec<(String, String)>,
}

impl Place {
    fn key(&self) -> String {
        match self.known {
            Some(id) => format!("funding/deliverables/{id}"),
            None => format!("funding/contracts/{}/deliverables/new", self.contract.id),
        }
    }
    fn address(&self) -> String {
        format!("/{}", self.key())
    }
}

async fn at(ctx: &Ctx, of: ContractId, known: Option<DeliverableId>) -> Result<Place> {
    rules::need_planner(ctx)?;
    let mut conn = ctx.read().await?;
    Ok(Place {
        contract: contract::one(&mut conn, ctx, of).await?,
        known,
        indicators: engawa_indicators::choices(&mut conn, ctx).await?,
    })
}

async fn known(ctx: &Ctx, text: &str) -> Result<(Place, KeptDeliverable)> {
    rules::need_planner(ctx)?;
    let stored = deliverable::one(&mut ctx.read().await?, ctx, id(text)?).await?;
    let place = at(ctx, stored.it.contract, Some(stored.id)).await?;
    Ok((place, stored))
}

pub async fn new(ctx: Ctx, Path(contract): Path<String>) -> Result<Markup> {
    let place = at(&ctx, id(&contract)?, None).await?;
    let form = drafts::restore(&ctx, &place.key(), Form::blank()).await?;
    Ok(view(&ctx, &place, &form))
}

pub async fn create(ctx: Ctx, Path(contract): Path<String>, posted: Posted) -> Result<Response> {
    let place = at(&ctx, id(&contract)?, None).await?;
    save(ctx, place, "", Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(text): Path<String>) -> Result<Markup> {
    let (place, stored) = known(&ctx, &text).await?;
    let form = drafts::restore(&ctx, &place.key(), filled(&stored)).await?;
    Ok(view(&ctx, &place, &form))
}

pub async fn update(ctx: Ctx, Path(text): Path<String>, posted: Posted) -> Result<Response> {
    let (place, stored) = known(&ctx, &text).await?;
    save(ctx, place, &stored.it.indicator, Form::from_posted(posted)).await
}

fn filled(k: &KeptDeliverable) -> Form {
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("name", k.it.name.as_str());
    form.prefill(
        "number",
        k.it.number.map(|n| n.to_string()).unwrap_or_default(),
    );
    form.prefill("unit", k.it.unit.as_str());
    form.prefill("indicator", k.it.indicator.as_str());
    form
}

/// `counted` is the indicator chosen before: one that has ended stays when nothing else is chosen.
async fn save(ctx: Ctx, place: Place, counted: &str, mut form: Form) -> Result<Response> {
    form.draft_key = Some(place.key());
    let name = form.text("name", "成果物の名前", 200, true);
    let number = form.integer("number", "約束した数", NUMBER, false);
    let unit = form.text("unit", "単位", 20, number.is_some());
    let indicator = if !counted.is_empty() && form.value("indicator") == counted {
        Some(counted.to_owned())
    } else {
        form.choice(
            "indicator",
            "数える指標",
            &borrowed(&place.indicators),
            false,
        )
    };
    if form.has_errors() {
        return Err(refused(view(&ctx, &place, &form)));
    }
    let new = Deliverable {
        contract: place.contract.id,
        name,
        number,
        unit,
        indicator: indicator.unwrap_or_default(),
        report: None,
    };
    let mut tx = ctx.write().await?;
    if place.known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = place.known.map(|id| (id, form.version.unwrap_or_default()));
    match deliverable::save(&mut tx, &ctx, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(changed(&ctx, &place, &form).await?);
        }
        done => done?,
    };
    let to = format!("/funding/contracts/{}", place.contract.id);
    drafts::clear(&mut tx, &ctx, &place.key()).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn changed(ctx: &Ctx, place: &Place, form: &Form) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let id = place.known.ok_or(Error::Changed)?;
    let stored = deliverable::one(&mut conn, ctx, id).await?;
    let found = differences(form, &filled(&stored), |name| match name {
        "name" => Some(Shown::text("成果物の名前")),
        "number" => Some(Shown::text("約束した数")),
        "unit" => Some(Shown::text("単位")),
        "indicator" => Some(Shown::choice("数える指標", &borrowed(&place.indicators))),
        _ => None,
    });
    conflict(
        ctx,
        &mut conn,
        &place.address(),
        "成果物を直す",
        &stored,
        form,
        &found,
    )
    .await
}

fn view(ctx: &Ctx, place: &Place, form: &Form) -> Markup {
    let back = format!("/funding/contracts/{}", place.contract.id);
    let fields = html! {
        (text_field(form, FieldSpec::new("name", "成果物の名前").required().hint("例: 地区ワークショップ、活動事例集").maxlength(200)))
        (text_field(form, FieldSpec::new("number", "約束した数").hint("数の定めがなければ空欄").inputmode("numeric").short()))
        (text_field(form, FieldSpec::new("unit", "単位").hint("例: 回、冊、人").maxlength(20).short()))
        (select_field(form, FieldSpec::new("indicator", "数える指標").hint("指標で数えないものは、選びません"), &borrowed(&place.indicators)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if place.known.is_some() {
        "成果物を直す"
    } else {
        "成果物を書く"
    };
    let above = [
        ("/funding/contracts", "委託・補助"),
        (back.as_str(), place.contract.it.name.as_str()),
    ];
    let body = html! { (trail(&above)) (form_frame(&place.address(), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), title, body)
}
