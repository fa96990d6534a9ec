//! `/consultations/slip`: the lay receiver's slip. Five lines, a receipt, and nothing else.

use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, Role},
    components::{
        ButtonKind, FieldSpec, Pages, TagKind, button, definition_list, empty_state, form_frame,
        link_button, pagination, radio_group, select_field, submit_row, table, tag, text_area,
        text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::see_other,
};
use engawa_organisations::{self as organisations, DeskRef};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    show::text,
    words::{desk_options, when},
};
use crate::{
    model::{Consulter, NewConsultation, SubjectHeard, WhoCame},
    rules::ORDINARY,
    store,
};

const DRAFT: &str = "consultations/slip/new";
const PER_PAGE: u32 = 50;
const WHO: [(&str, &str); 2] = [
    ("subject", "自分のこと・本人から聞いた"),
    ("notice", "近所などの気になる人のこと"),
];

/// Whether the actor only writes slips.
pub(crate) fn is_lay(ctx: &Ctx) -> bool {
    !ctx.actor.postings.is_empty() && ctx.actor.postings.iter().all(|p| p.role == Role::Entry)
}

pub(super) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Receive)?;
    let mut blank = Form::blank();
    blank.prefill("who", "notice");
    let form = drafts::restore(&ctx, DRAFT, blank).await?;
    page(&ctx, &form).await
}

async fn page(ctx: &Ctx, form: &Form) -> Result<Markup> {
    let desks = match ctx.actor.desk_for(Duty::Receive) {
        Ok(_) => vec![],
        Err(_) => {
            let mut conn = ctx.read().await?;
            organisations::desks(&mut conn, ctx).await?
        }
    };
    let options = desk_options(&desks);
    let body = html! {
        p { "聞いたこと、気づいたことを短く書いて、専門職に渡します。あなたの名前は本人には伝わりません。" }
        (radio_group(form, FieldSpec::new("who", "だれのことですか"), &WHO))
        (text_area(form, FieldSpec::new("words", "聞いたこと・気づいたこと").required().maxlength(2_000).rows(5)))
        (text_field(form, FieldSpec::new("subject_name", "その人の名前・呼び名").hint("分からなければ空けておきます。").maxlength(50)))
        (text_field(form, FieldSpec::new("place", "場所・行事").maxlength(200)))
        (text_field(form, FieldSpec::new("contact", "あなたへの連絡のしかた").hint("任意").maxlength(200)))
        @if !options.is_empty() { (select_field(form, FieldSpec::new("desk", "渡す窓口").required(), &borrowed(&options))) }
        (submit_row(button(ButtonKind::Primary, "専門職に渡す", None)))
    };
    let frame = form_frame("/consultations/slip/new", ctx.csrf(), form, body);
    Ok(engawa_kernel::page::page(
        &ctx.frame(),
        "受付票を書く",
        frame,
    ))
}

pub(super) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Receive)?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(DRAFT.to_owned());
    let desks = {
        let mut conn = ctx.read().await?;
        organisations::desks(&mut conn, &ctx).await?
    };
    let Some(new) = parse(&mut form, &ctx, &desks) else {
        let page = page(&ctx, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    store::take_in(&ctx, new, &form.once, Some(DRAFT)).await?;
    Ok(see_other("/consultations/slip"))
}

fn parse(form: &mut Form, ctx: &Ctx, desks: &[DeskRef]) -> Option<NewConsultation> {
    let who = form
        .choice("who", "だれのことですか", &WHO, false)
        .and_then(|c| WhoCame::from_code(&c))
        .unwrap_or(WhoCame::Notice);
    let desk = match ctx.actor.desk_for(Duty::Receive) {
        Ok(desk) => Some(desk),
        Err(_) => {
            let options = desk_options(desks);
            form.choice("desk", "渡す窓口", &borrowed(&options), true)
                .and_then(|d| d.parse().ok())
        }
    };
    let words = form.text("words", "聞いたこと・気づいたこと", 2_000, true);
    let label = form.text("subject_name", "その人の名前・呼び名", 50, false);
    let place = form.text("place", "場所・行事", 200, false);
    let contact = form.text("contact", "あなたへの連絡のしかた", 200, false);
    if form.has_errors() {
        return None;
    }
    let subject = SubjectHeard {
        label,
        ..SubjectHeard::default()
    };
    Some(NewConsultation {
        slip: true,
        who,
        received_at: ctx.now(),
        desk: desk?,
        channel: "paper_slip".into(),
        route: "commissioner".into(),
        urgency: ORDINARY.into(),
        words,
        place,
        consulter: Consulter {
            name: if who == WhoCame::Notice {
                ctx.actor.name.clone()
            } else {
                String::new()
            },
            contact,
            ..Consulter::default()
        },
        subjects: vec![subject],
        issues: vec![],
        main_issue: None,
        heard_of: String::new(),
        why_not_earlier: String::new(),
        wishes: String::new(),
        notes: String::new(),
        dropped: Default::default(),
        gap_kind: String::new(),
        gap_schemes: String::new(),
        request: None,
        emergency: None,
        call: None,
    })
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    page: String,
}

/// The receipts.
pub(super) async fn list(ctx: Ctx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Markup> {
    ctx.need(Duty::Receive)?;
    let current = ask
        .ok()
        .and_then(|q| q.page.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 100_000);
    let mut conn = ctx.read().await?;
    let (lines, total) = store::own_slips(&mut conn, &ctx, current, PER_PAGE).await?;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| {
            vec![
                html! { a href={ "/consultations/slip/" (l.room) } { (l.number) } },
                html! { (when(&ctx, l.received_at)) },
                html! { @if l.closed { (tag(TagKind::Done, "終了")) } @else { (tag(TagKind::Active, "受付済")) } },
            ]
        })
        .collect();
    let body = html! {
        p { (link_button(ButtonKind::Primary, "/consultations/slip/new", "受付票を書く")) }
        @if rows.is_empty() { (empty_state("まだ受付票はありません。", html! {})) }
        @else {
            (table(&["番号", "渡した日時", "受け取り"], &rows, "あなたが渡した受付票"))
            (pagination(Pages { current, per_page: PER_PAGE, total: u64::try_from(total).unwrap_or(0) }, |n| format!("/consultations/slip?page={n}")))
        }
    };
    Ok(engawa_kernel::page::page(&ctx.frame(), "受付票", body))
}

/// One's own words, until a professional has taken over; then `NotFound` like every other room.
pub(super) async fn show(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let key = super::read(&ctx, &room, "slip").await?;
    let mut conn = ctx.read().await?;
    let (place, words) = store::own_words(&mut conn, &ctx, &key).await?;
    let body = html! {
        (definition_list(&[("場所・行事", html! { (place) }), ("書いたこと", text(&words))]))
        p.hint { "専門職が受け取ると、この内容は表示されなくなります。受け取りの状況は一覧で確かめられます。" }
        p { a href="/consultations/slip" { "受付票の一覧に戻る" } }
    };
    Ok(engawa_kernel::page::page(&ctx.frame(), "渡した受付票", body).into_response())
}
