//! `/programmes/goals/{goal}/years/{year}`: how a year went, with what shows it.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, form_frame, lines,
        link_button, list_table, radio_group, submit_row, text_area,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    files::Attachment,
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::{
    goals::{ABOVE, rating_tag},
    parts::trail,
};
use crate::{
    files,
    goals::{GoalId, Kept, Rating},
    rules,
    store::goal,
};

pub async fn get(ctx: Ctx, Path((goal, year)): Path<(String, String)>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let of = id::<FiscalYear>(&year)?;
    let known = goal::one(&mut ctx.read().await?, &ctx, id(&goal)?).await?;
    goal::within(&known, of)?;
    let mut form = Form::blank();
    let look = goal::look(&known, of);
    form.version = Some(look.map_or(0, |l| l.version));
    if let Some(look) = look {
        form.prefill("rating", look.rating.as_code());
        form.prefill("evidence", look.evidence.as_str());
    }
    let form = drafts::restore(&ctx, &look_key(known.id, of), form).await?;
    let files = files::of_goals(&mut ctx.read().await?, &ctx, std::slice::from_ref(&known)).await?;
    Ok(look_view(&ctx, &known, of, &form, &files))
}

fn look_key(id: GoalId, of: FiscalYear) -> String {
    format!("programmes/goals/{id}/{}", of.year())
}

fn look_address(id: GoalId, of: FiscalYear) -> String {
    format!("/programmes/goals/{id}/years/{}", of.year())
}

fn look_view(ctx: &Ctx, known: &Kept, of: FiscalYear, form: &Form, files: &[Attachment]) -> Markup {
    let before: Vec<Vec<Markup>> = known
        .years
        .iter()
        .filter(|y| y.year != of)
        .map(|y| {
            vec![
                html! { (y.year.label()) },
                rating_tag(y.rating),
                lines(&y.evidence),
            ]
        })
        .collect();
    let fields = html! {
        (text_area(form, FieldSpec::new("evidence", "根拠").required().hint("何が見られたか、どこで確かめたか。個人がわかることは書きません").rows(5).maxlength(4000)))
        (radio_group(form, FieldSpec::new("rating", "評価").required(), Rating::OPTIONS))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &format!("{}?year={}", ABOVE.0, of.year()), "やめる"))
        }))
    };
    let body = html! {
        (trail(&[ABOVE]))
        p { strong { (lines(&known.goal.text)) } }
        (form_frame(&look_address(known.id, of), ctx.csrf(), form, fields))
        h2 { "根拠資料" }
        (super::files::evidence(files, known, of))
        p { a href={ (look_address(known.id, of)) "/files" } { "根拠資料のファイルを付ける・直す" } }
        @if !before.is_empty() {
            h2 { "ほかの年度" }
            (list_table(&["年度", "評価", "根拠"], &before, "ほかの年度の振り返り"))
        }
    };
    page(&ctx.frame(), &format!("{}の振り返り", of.label()), body)
}

pub async fn post(
    ctx: Ctx,
    Path((goal, year)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let of = id::<FiscalYear>(&year)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let known = goal::one(&mut tx, &ctx, id(&goal)?).await?;
    goal::within(&known, of)?;
    form.draft_key = Some(look_key(known.id, of));
    let evidence = form.text("evidence", "根拠", 4000, true);
    let rating = form
        .choice("rating", "評価", Rating::OPTIONS, true)
        .and_then(|code| Rating::from_code(&code));
    let (Some(rating), false) = (rating, form.has_errors()) else {
        let files = files::of_goals(&mut tx, &ctx, std::slice::from_ref(&known)).await?;
        let shown = look_view(&ctx, &known, of, &form, &files);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let seen = form.version.unwrap_or_default();
    match goal::rate(&mut tx, &ctx, known.id, of, rating, &evidence, seen).await {
        Err(Error::Changed) => {
            drop(tx);
            let known = goal::one(&mut ctx.read().await?, &ctx, known.id).await?;
            let look = goal::look(&known, of).ok_or(Error::Changed)?;
            let mut found = vec![Conflict::text(
                "evidence",
                "根拠",
                &evidence,
                &look.evidence,
            )];
            if look.rating != rating {
                let side = |r: Rating| (vec![r.as_code().to_owned()], r.label().to_owned());
                found.push(Conflict::coded(
                    "rating",
                    "評価",
                    side(rating),
                    side(look.rating),
                ));
            }
            let info = ConflictInfo {
                who: "ほかの推進員",
                when: "先ほど",
                version: look.version,
            };
            let view = conflict_view(&look_address(known.id, of), ctx.csrf(), &form, info, &found);
            let shown = page(
                &ctx.frame(),
                &format!("{}の振り返り", of.label()),
                html! { (trail(&[ABOVE])) (view) },
            );
            Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
        }
        Err(e) => Err(e),
        Ok(()) => {
            drafts::clear(&mut tx, &ctx, &look_key(known.id, of)).await?;
            tx.commit().await?;
            Ok(see_other(&format!("{}?year={}", ABOVE.0, of.year())))
        }
    }
}
