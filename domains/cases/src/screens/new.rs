//! /cases/new?from={consultation}: one click makes the case. Both rooms stay.

use axum::{extract::Query, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{self, Act, Duty, RoomKey, RoomKind},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, card, check_box, date_field, empty_state,
        form_frame, hidden, link_button, notice, select_field, submit_row, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::RoomId,
    once, page,
    saved::Saved,
    text::wareki::{format_short, parse_date},
};
use engawa_organisations::codes::{self, CodeList, Labels};
use engawa_people::{NewMember, PersonCard};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Holders, posting_code};
use crate::{
    OpenCase,
    model::{CaseCard, Stage},
    rules,
    store::{case::NewCase, list},
};

/// The consultation, and the case before when the household comes back.
#[derive(Deserialize)]
pub struct From {
    from: Option<String>,
    earlier: Option<String>,
}

/// All that the form is drawn from.
struct Ground {
    consultation: engawa_consultations::ConsultationCard,
    subjects: Vec<PersonCard>,
    earlier: Vec<CaseCard>,
    holders: Holders,
    labels: Labels,
}

impl Ground {
    async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Self> {
        let people = engawa_consultations::subjects(conn, ctx, key).await?;
        let desk = ctx.actor.desk_for(Duty::WorkCase)?;
        let name = engawa_organisations::desk_names(conn, &[desk])
            .await?
            .remove(&desk)
            .unwrap_or_default();
        let postings = engawa_organisations::postings_at_desk(conn, ctx, desk)
            .await?
            .into_iter()
            .filter(|p| p.role.may(Duty::WorkCase))
            .collect();
        Ok(Self {
            consultation: engawa_consultations::card(conn, ctx, key).await?,
            subjects: engawa_people::cards(conn, ctx, key, &people).await?,
            earlier: list::about(conn, ctx, &people).await?,
            holders: Holders::new(postings, vec![(desk, name)]),
            labels: codes::load(conn, ctx, &[CodeList::Kinship, CodeList::Issue]).await?,
        })
    }
}

fn draft_key(from: RoomId) -> String {
    format!("cases/new/{from}")
}

fn blank(ctx: &Ctx, ground: &Ground, earlier: &str) -> Form {
    let mut form = Form::blank();
    let label = match ground.subjects.first() {
        Some(first) => engawa_people::named_after(&first.shown_name),
        None => ground.consultation.subject_line.clone(),
    };
    form.prefill("label", label);
    if let Ok(me) = ctx.actor.posting_for(Duty::WorkCase) {
        form.prefill("owner", posting_code(me.id));
    }
    form.prefill("opened_on", format_short(ctx.today(), ctx.calendar));
    // The first of them is whom the consultation is about, and from whom the others are told.
    if let Some(first) = ground.subjects.first() {
        form.prefill(&format!("relation_{}", first.id), "self");
    }
    for person in &ground.subjects {
        form.prefill("member", person.id.to_string());
        form.prefill(&format!("co_{}", person.id), "1");
    }
    if ground.consultation.compound {
        form.prefill("compound", "1");
    }
    form.prefill("earlier", earlier);
    form
}

pub async fn get(ctx: Ctx, Query(asked): Query<From>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let Some(from) = asked.from else {
        let body = empty_state(
            "ケースは、受け付けた相談から作ります。",
            html! {
                p { a href="/consultations" { "相談の一覧から選ぶ" } "　" a href="/consultations/new" { "相談を受け付ける" } }
            },
        );
        return Ok(page::page(&ctx.frame(), "新しいケース", body));
    };
    let from = id::<RoomId>(&from)?;
    let key = access::open(&ctx, from, RoomKind::Consultation, Act::Read, "new case").await?;
    let mut conn = ctx.read().await?;
    let ground = Ground::load(&mut conn, &ctx, &key).await?;
    let earlier = asked.earlier.unwrap_or_default();
    let form = drafts::restore(&ctx, &draft_key(from), blank(&ctx, &ground, &earlier)).await?;
    Ok(view(&ctx, from, &ground, &form))
}

fn view(ctx: &Ctx, from: RoomId, ground: &Ground, form: &Form) -> Markup {
    let c = &ground.consultation;
    let body = html! {
        p { a href={ "/consultations/" (from) } { "← 相談 " (c.number) " " (c.subject_line) } }
        @if let Some(case) = c.case {
            (notice(NoticeKind::Info, "", html! { p { "この相談は、すでにケースになっています。" a href={ "/cases/" (case) } { "ケースを開く" } } }))
        } @else {
            (returning(from, &ground.earlier))
            (form_frame("/cases/new", ctx.csrf(), form, html! {
                (hidden("from", &from.to_string()))
                (hidden("earlier", form.value("earlier")))
                (text_field(form, FieldSpec::new("label", "ケースの名前").required().maxlength(100)
                    .hint("一覧に出る名前です。住所や居場所は書かないでください。")))
                (select_field(form, FieldSpec::new("owner", "主担当").required(), &borrowed(&ground.holders.options())))
                (date_field(form, FieldSpec::new("opened_on", "支援開始日").required().national()))
                (members(form, ground))
                @if !c.issues.is_empty() {
                    p { "相談の課題を引き継ぎます: "
                        @for (n, i) in c.issues.iter().enumerate() {
                            @if n > 0 { "、" } (ground.labels.label(CodeList::Issue, &i.code))
                        }
                    }
                }
                (check_box(form, FieldSpec::new("compound", "複合課題")))
                (check_box(form, FieldSpec::new("gap", "制度の狭間")))
                (text_field(form, FieldSpec::new("gap_note", "どの制度が届かないか").maxlength(200)))
                (submit_row(button(ButtonKind::Primary, "ケースにする", None)))
            }))
            p { a href={ "/cases/attach?from=" (from) } { "既にあるケースに加える" } }
        }
    };
    page::page(&ctx.frame(), "新しいケース", body)
}

/// The household may have been here before.
fn returning(from: RoomId, earlier: &[CaseCard]) -> Markup {
    html! {
        @for c in earlier {
            (notice(NoticeKind::Warn, &format!("同じ人のケースがあります: {} {}", c.number, c.label), html! {
                p { (parts::stage_tag(c.stage)) }
                @if c.stage == Stage::Closed {
                    p { (rules::RETURN_RULE) }
                    (link_button(ButtonKind::Secondary, &format!("/cases/{}/reopen?from={from}", c.room), "このケースを再開する"))
                    (link_button(ButtonKind::Quiet, &format!("/cases/new?from={from}&earlier={}", c.room), "つながりを残して新しいケースにする"))
                } @else {
                    (link_button(ButtonKind::Secondary, &format!("/cases/attach?from={from}"), "このケースに加える"))
                }
            }))
        }
    }
}

fn members(form: &Form, ground: &Ground) -> Markup {
    let kin = ground.labels.options(CodeList::Kinship);
    html! {
        @for (n, person) in ground.subjects.iter().enumerate() {
            (card(&format!("世帯員 {}: {}", n + 1, person.shown_name), html! {
                div.choice {
                    input type="checkbox" id={ "member-" (person.id) } name="member" value=(person.id)
                        checked[form.is_checked("member", &person.id.to_string())];
                    label for={ "member-" (person.id) } { "この世帯に入れる" }
                }
                (select_field(form, FieldSpec::new(format!("relation_{}", person.id), "続柄").hint("相談の対象となった人(本人)から見て"), &kin))
                (check_box(form, FieldSpec::new(format!("co_{}", person.id), "同居している")))
            }))
        }
    }
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::WorkCase)?;
    let mut form = Form::from_posted(posted);
    let from = id::<RoomId>(form.value("from"))?;
    form.draft_key = Some(draft_key(from));
    let (mut tx, consultation) =
        access::open_for_write(&ctx, from, RoomKind::Consultation, "new case").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let ground = Ground::load(&mut tx, &ctx, &consultation).await?;
    if let Some(case) = ground.consultation.case {
        return Ok(see_other(&format!("/cases/{case}")));
    }
    let Some(open) = parse(&mut form, &ctx, &ground)? else {
        let shown = view(&ctx, from, &ground, &form);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let earlier = match form.value("earlier") {
        "" => None,
        text => Some(id::<RoomId>(text)?),
    };
    let key = crate::open_from(&mut tx, &ctx, &consultation, open).await?;
    if let Some(earlier) = earlier {
        // Only a case that one may see is linked.
        if !ground.earlier.iter().any(|c| c.room == earlier) {
            return Err(Error::NotFound);
        }
        crate::store::case::link(&mut tx, &ctx, &key, earlier).await?;
    }
    let to = format!("/cases/{}", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(from)).await?;
    tx.commit().await?;
    Ok(Saved::NewCase.then(&to))
}

fn parse(form: &mut Form, ctx: &Ctx, ground: &Ground) -> Result<Option<OpenCase>> {
    let today = ctx.today();
    let label = form.text("label", "ケースの名前", 100, true);
    let options = ground.holders.options();
    let owner = form
        .choice("owner", "主担当", &borrowed(&options), true)
        .and_then(|code| ground.holders.find(&code).ok());
    let opened_on = form.parsed("opened_on", "支援開始日", true, |t| {
        parse_date(t, today)
    });
    if opened_on.is_some_and(|d| d > today) {
        form.error(
            "opened_on",
            "支援開始日",
            "「支援開始日」は今日までの日を入力してください。",
        );
    }
    let gap_note = form.text("gap_note", "どの制度が届かないか", 200, false);
    let kin = ground.labels.options(CodeList::Kinship);
    let mut members = Vec::new();
    for person in &ground.subjects {
        if !form.is_checked("member", &person.id.to_string()) {
            continue;
        }
        let relation = form.choice(&format!("relation_{}", person.id), "続柄", &kin, false);
        members.push(NewMember {
            person: person.id,
            relation: relation.unwrap_or_else(|| "unknown".into()),
            co_resident: form.flag(&format!("co_{}", person.id)),
            from: None,
        });
    }
    let (Some((owner_desk, owner_posting)), Some(opened_on), false) =
        (owner, opened_on, form.has_errors())
    else {
        return Ok(None);
    };
    Ok(Some(OpenCase {
        case: NewCase {
            label,
            owner_desk,
            owner_posting,
            opened_on,
            compound: form.flag("compound"),
            gap: form.flag("gap"),
            gap_note,
            sealed: None,
        },
        members,
    }))
}
