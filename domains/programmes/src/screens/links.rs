//! `/programmes/links`: statutory and own programmes beside ours.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, empty_state,
        form_frame, lines, link_button, list_table, radio_group, select_field, submit_row,
        text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    once,
    page::page,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::parts::{record_key, trail};
use crate::{
    form::Block,
    links::{Kept, Link, LinkId},
    rules,
    store::link,
};

const ABOVE: (&str, &str) = ("/programmes/links", "連携する法定事業");

/// Name, label and limit of the texts of the form.
const TEXTS: [(&str, &str, usize); 5] = [
    ("name", "この自治体での名前", 200),
    ("body", "実施主体", 200),
    ("basis", "根拠（法令・要綱）", 200),
    ("share", "役割の分担・按分", 500),
    ("note", "備考", 1000),
];

fn blocks() -> Vec<(&'static str, &'static str)> {
    Block::PROGRAMMES
        .iter()
        .map(|b| (b.as_code(), b.label()))
        .collect()
}

async fn labels(ctx: &Ctx) -> Result<Labels> {
    codes::load(&mut ctx.read().await?, ctx, &[CodeList::Programme]).await
}

pub async fn get(ctx: Ctx) -> Result<Markup> {
    let all = link::list(&mut ctx.read().await?, &ctx).await?;
    let labels = labels(&ctx).await?;
    let plans = rules::plans(&ctx);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|k| {
            let l = &k.link;
            vec![
                html! { @if plans { a href={ "/programmes/links/" (k.id) } { (l.name) } } @else { (l.name) } },
                html! { (labels.label(CodeList::Programme, &l.programme)) },
                html! { (l.block.label()) },
                html! { (l.body) },
                html! { (l.basis) },
                lines(&l.share),
            ]
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "計画の事業といっしょに動く、ほかの法定事業と自主事業です。" }
        @if plans { p { (link_button(ButtonKind::Primary, "/programmes/links/new", "連携する事業を書く")) } }
        @if rows.is_empty() { (empty_state("連携する事業は、まだありません。", html! { "計画書を読み取ると、案ができます。" })) }
        @else { (list_table(&["名前", "どの事業か", "計画の事業", "実施主体", "根拠", "役割の分担・按分"], &rows, "連携する法定事業")) }
    };
    Ok(page(&ctx.frame(), "連携する法定事業", body))
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let labels = labels(&ctx).await?;
    let form = drafts::restore(&ctx, &key(None), Form::blank()).await?;
    Ok(view(&ctx, &labels, None, &form))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(link): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let known = link::one(&mut ctx.read().await?, &ctx, id(&link)?).await?;
    let labels = labels(&ctx).await?;
    let form = drafts::restore(&ctx, &key(Some(known.id)), filled(&known)).await?;
    Ok(view(&ctx, &labels, Some(known.id), &form))
}

pub async fn update(ctx: Ctx, Path(link): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&link)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<LinkId>) -> String {
    record_key("links", id)
}

fn address(id: Option<LinkId>) -> String {
    format!("/{}", key(id))
}

fn filled(k: &Kept) -> Form {
    let l = &k.link;
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("block", l.block.as_code());
    form.prefill("programme", l.programme.as_str());
    for ((name, ..), text) in TEXTS
        .iter()
        .zip([&l.name, &l.body, &l.basis, &l.share, &l.note])
    {
        form.prefill(name, text.as_str());
    }
    form
}

async fn save(ctx: Ctx, known: Option<LinkId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let labels = labels(&ctx).await?;
    let options = labels.options(CodeList::Programme);
    let block = form.choice("block", "計画の事業", &blocks(), true);
    let programme = form.choice("programme", "どの事業か", &options, true);
    let [name, body, basis, share, note] =
        TEXTS.map(|(name, label, max)| form.text(name, label, max, name == "name"));
    let block = block.and_then(|code| Block::from_code(&code));
    let (Some(block), Some(programme), false) = (block, programme, form.has_errors()) else {
        let shown = view(&ctx, &labels, known, &form);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let link = Link {
        block,
        programme,
        name,
        body,
        basis,
        share,
        note,
    };
    let mut tx = ctx.write().await?;
    if known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = known.map(|id| (id, form.version.unwrap_or_default()));
    match link::save(&mut tx, &ctx, seen, &link).await {
        Err(Error::Changed) => {
            drop(tx);
            return conflict(&ctx, &labels, known.ok_or(Error::Changed)?, &form).await;
        }
        done => done?,
    };
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, ABOVE.0).await?;
    tx.commit().await?;
    Ok(see_other(ABOVE.0))
}

async fn conflict(ctx: &Ctx, labels: &Labels, id: LinkId, form: &Form) -> Result<Response> {
    let known = link::one(&mut ctx.read().await?, ctx, id).await?;
    let theirs = filled(&known);
    let mut found: Vec<Conflict> = TEXTS
        .iter()
        .filter(|(name, ..)| form.value(name).trim() != theirs.value(name).trim())
        .map(|(name, label, _)| Conflict::text(name, label, form.value(name), theirs.value(name)))
        .collect();
    let options = labels.options(CodeList::Programme);
    for (name, label, options) in [
        ("block", "計画の事業", blocks()),
        ("programme", "どの事業か", options),
    ] {
        let side = |f: &Form| {
            let code = f.value(name);
            let word = options
                .iter()
                .find(|(known, _)| *known == code)
                .map_or(code, |(_, word)| *word);
            (vec![code.to_owned()], word.to_owned())
        };
        if form.value(name) != theirs.value(name) {
            found.push(Conflict::coded(name, label, side(form), side(&theirs)));
        }
    }
    let info = ConflictInfo {
        who: "ほかの推進員",
        when: "先ほど",
        version: known.version,
    };
    let view = conflict_view(&address(Some(id)), ctx.csrf(), form, info, &found);
    let shown = page(
        &ctx.frame(),
        "連携する事業を直す",
        html! { (trail(&[ABOVE])) (view) },
    );
    Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}

fn view(ctx: &Ctx, labels: &Labels, known: Option<LinkId>, form: &Form) -> Markup {
    let text = |(name, label, max): &(&'static str, &'static str, usize)| {
        let spec = FieldSpec::new(*name, *label).maxlength(*max);
        match *name {
            "name" => text_field(form, spec.required()),
            "share" | "note" => text_area(form, spec.rows(2)),
            _ => text_field(form, spec),
        }
    };
    let fields = html! {
        (radio_group(form, FieldSpec::new("block", "計画の事業").required(), &blocks()))
        (select_field(form, FieldSpec::new("programme", "どの事業か").required(), &labels.options(CodeList::Programme)))
        @for spec in &TEXTS { (text(spec)) }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "連携する事業を直す"
    } else {
        "連携する事業を書く"
    };
    let body = html! { (trail(&[ABOVE])) (form_frame(&address(known), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), title, body)
}
