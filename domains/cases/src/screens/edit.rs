//! /cases/{room}/edit: the case's name, stage and marks.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, check_box, conflict_view,
        form_frame, radio_group, submit_row, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    page,
    saved::Saved,
};
use maud::{Markup, html};

use super::{parts, read, write};
use crate::{
    model::{CaseCard, Stage},
    rules,
    store::{self, case::Head},
};

fn stages() -> Vec<(&'static str, &'static str)> {
    let mut stages = Stage::OPTIONS.to_vec();
    stages.retain(|(code, _)| *code != Stage::Closed.as_code());
    stages
}

fn draft_key(key: &RoomKey) -> String {
    format!("cases/{}/edit", key.room())
}

fn filled(card: &CaseCard) -> Form {
    let mut form = Form::blank();
    form.version = Some(card.version);
    form.prefill("label", card.label.clone());
    form.prefill("stage", card.stage.as_code());
    if card.compound {
        form.prefill("compound", "1");
    }
    if card.gap {
        form.prefill("gap", "1");
    }
    form.prefill("gap_note", card.gap_note.clone());
    form
}

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case edit").await?;
    key.need_write()?;
    let card = store::case::card(&mut ctx.read().await?, &key).await?;
    let form = drafts::restore(&ctx, &draft_key(&key), filled(&card)).await?;
    Ok(view(&ctx, &card, &form))
}

fn view(ctx: &Ctx, card: &CaseCard, form: &Form) -> Markup {
    let body = html! {
        (parts::back(card))
        (form_frame(&format!("/cases/{}/edit", card.room), ctx.csrf(), form, html! {
            (text_field(form, FieldSpec::new("label", "ケースの名前").required().maxlength(100)
                .hint("一覧に出る名前です。住所や居場所は書かないでください。")))
            (radio_group(form, FieldSpec::new("stage", "段階").required(), &stages()))
            (check_box(form, FieldSpec::new("compound", "複合課題")))
            (check_box(form, FieldSpec::new("gap", "制度の狭間")))
            (text_field(form, FieldSpec::new("gap_note", "どの制度が届かないか").maxlength(200)))
            (submit_row(button(ButtonKind::Primary, "保存する", None)))
        }))
    };
    page::page(&ctx.frame(), "ケースの段階と名前", body)
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case edit").await?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft_key(&key));
    let card = store::case::card(&mut tx, &key).await?;
    let label = form.text("label", "ケースの名前", 100, true);
    let stage = form
        .choice("stage", "段階", &stages(), true)
        .and_then(|s| Stage::from_code(&s));
    let gap_note = form.text("gap_note", "どの制度が届かないか", 200, false);
    if let Some(stage) = stage
        && let Err(refusal) = rules::step(card.stage, rules::Act::Move(stage))
    {
        form.error("stage", "段階", refusal.sentence());
    }
    let (Some(stage), false) = (stage, form.has_errors()) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &card, &form)),
        ));
    };
    let head = Head {
        label,
        stage,
        compound: form.flag("compound"),
        gap: form.flag("gap"),
        gap_note,
    };
    let version = form.version.unwrap_or_default();
    if version != card.version {
        let shown = conflict(&mut tx, &ctx, &key, &card, &head, &form).await?;
        return Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)));
    }
    store::case::change(&mut tx, &ctx, &key, &card, &head, version).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(&key)).await?;
    tx.commit().await?;
    Ok(Saved::Case.then(&format!("/cases/{}", key.room())))
}

async fn conflict(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    saved: &CaseCard,
    mine: &Head,
    form: &Form,
) -> Result<Markup> {
    let mut conflicts = Vec::new();
    if mine.label != saved.label {
        conflicts.push(Conflict::text(
            "label",
            "ケースの名前",
            &mine.label,
            &saved.label,
        ));
    }
    if mine.stage != saved.stage {
        let side = |s: Stage| (vec![s.as_code().to_owned()], s.label().to_owned());
        conflicts.push(Conflict::coded(
            "stage",
            "段階",
            side(mine.stage),
            side(saved.stage),
        ));
    }
    for (name, label, a, b) in [
        ("compound", "複合課題", mine.compound, saved.compound),
        ("gap", "制度の狭間", mine.gap, saved.gap),
    ] {
        if a != b {
            let side = |on: bool| {
                (
                    vec![if on { "1" } else { "0" }.to_owned()],
                    if on { "はい" } else { "いいえ" }.to_owned(),
                )
            };
            conflicts.push(Conflict::coded(name, label, side(a), side(b)));
        }
    }
    if mine.gap_note != saved.gap_note {
        conflicts.push(Conflict::text(
            "gap_note",
            "どの制度が届かないか",
            &mine.gap_note,
            &saved.gap_note,
        ));
    }
    let (who, when) = parts::last_saved(conn, ctx, key, |l| l.action.starts_with("case.")).await?;
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: saved.version,
    };
    let action = format!("/cases/{}/edit", saved.room);
    let body =
        html! { (parts::back(saved)) (conflict_view(&action, ctx.csrf(), form, info, &conflicts)) };
    Ok(page::page(&ctx.frame(), "ケースの段階と名前", body))
}
