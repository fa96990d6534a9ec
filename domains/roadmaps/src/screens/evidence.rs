//! `/roadmaps/evidence`: what measures rest on, and which measures of which plans cite it.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, empty_state, form_frame, link_button, list_table, or_dash,
        submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    once,
    page::page,
};
use maud::{Markup, html};

use super::{
    history::changes,
    parts::{Place, clash, refused, short, texts, trail},
};
use crate::{
    model::{EvidenceId, Kept},
    rules,
    store::{change, evidence},
    typed::{self, form_of},
};

const ABOVE: (&str, &str) = ("/roadmaps/evidence", "施策のよりどころ");

pub async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let all = evidence::list(&mut conn, &ctx).await?;
    let citations = evidence::citations(&mut conn, &ctx).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|e| {
            vec![
                html! { span id=(e.id) { @if plans { a href={ "/roadmaps/evidence/" (e.id) } { (e.is.title()) } } @else { (e.is.title()) } } },
                or_dash(&e.is.finding),
                html! {
                    @if citations.iter().all(|c| c.evidence != e.id) { "まだありません" }
                    @else { ul { @for c in citations.iter().filter(|c| c.evidence == e.id) {
                        li { (c.plan_name) "　" a href={ "/roadmaps/measures/" (c.measure) } { (short(&c.title)) } }
                    } } }
                },
            ]
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "住民アンケートの問いや座談会での声など、施策が基づいていることを登録します。同じものを、いくつもの計画の施策が引けます。" }
        @if plans { p { (link_button(ButtonKind::Primary, "/roadmaps/evidence/new", "よりどころを登録する")) } }
        @if rows.is_empty() { (empty_state("よりどころは、まだありません。", html! { "登録すると、施策の画面で選べます。" })) }
        @else { (list_table(&["よりどころ", "わかったこと", "引いている施策"], &rows, "施策のよりどころ")) }
    };
    Ok(page(&ctx.frame(), ABOVE.1, body))
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let form = drafts::restore(&ctx, &key(None), Form::blank()).await?;
    Ok(view(&ctx, None, &form, &html! {}))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(evidence): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let known = evidence::one(&mut conn, &ctx, id(&evidence)?).await?;
    let before = change::of_record(&mut conn, &ctx, known.id.0).await?;
    let before = changes(&mut conn, &ctx, &before).await?;
    drop(conn);
    let mut form = form_of(&known.is);
    form.version = Some(known.version);
    let form = drafts::restore(&ctx, &key(Some(known.id)), form).await?;
    Ok(view(&ctx, Some(known.id), &form, &before))
}

pub async fn update(ctx: Ctx, Path(evidence): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&evidence)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<EvidenceId>) -> String {
    id.map_or_else(
        || "roadmaps/evidence/new".into(),
        |id| format!("roadmaps/evidence/{id}"),
    )
}

async fn save(ctx: Ctx, known: Option<EvidenceId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let Some(new) = typed::evidence(&mut form) else {
        return Err(refused(view(&ctx, known, &form, &html! {})));
    };
    let mut tx = ctx.write().await?;
    let old: Option<Kept<_, _>> = match known {
        Some(id) => Some(evidence::one(&mut tx, &ctx, id).await?),
        None => {
            once::claim(&mut tx, &ctx, &form.once).await?;
            None
        }
    };
    let seen = old
        .as_ref()
        .map(|old| (old, form.version.unwrap_or_default()));
    let made = match evidence::save(&mut tx, &ctx, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, known.ok_or(Error::Changed)?, &form).await?);
        }
        done => done?,
    };
    let to = format!("{}#{made}", ABOVE.0);
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(ctx: &Ctx, id: EvidenceId, form: &Form) -> Result<Error> {
    let known = evidence::one(&mut ctx.read().await?, ctx, id).await?;
    let place = Place {
        title: "よりどころを直す",
        above: &[ABOVE],
        action: &format!("/{}", key(Some(id))),
    };
    let theirs = form_of(&known.is);
    clash(
        ctx,
        &place,
        form,
        (&known, &theirs),
        &texts(&typed::EVIDENCE),
    )
    .await
}

fn view(ctx: &Ctx, known: Option<EvidenceId>, form: &Form, before: &Markup) -> Markup {
    let fields = html! {
        (text_field(form, FieldSpec::new("source", "調査・話し合いなどの名前").required().hint("例: 住民アンケート（令和7年度）、東地区の座談会").maxlength(200)))
        (text_field(form, FieldSpec::new("part", "どこ").hint("例: 問5、第2回").maxlength(100)))
        (text_area(form, FieldSpec::new("finding", "わかったこと").hint("例: 「困ったときに相談先がわからない」が46%。個人がわかることは書きません").maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "よりどころを直す"
    } else {
        "よりどころを登録する"
    };
    let body = html! {
        (trail(&[ABOVE]))
        (form_frame(&format!("/{}", key(known)), ctx.csrf(), form, fields))
        (before)
    };
    page(&ctx.frame(), title, body)
}
