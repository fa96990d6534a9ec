//! /people/{id}/consents/new: what was explained and what the person said.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, check_group, date_field, form_frame, radio_group,
        submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::Result,
    form::{Form, Posted},
    http::id,
    id::PersonId,
    once,
    saved::Saved,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, day, href, page_of};
use crate::{
    door::{self, Via},
    model::{ConsentItem, ConsentMethod, ConsentState, NewConsent},
    store,
    words::{self, Words},
};

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "consent.new").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let words = words::load_with_desks(&mut conn, &ctx).await?;
    drop(conn);
    let mut form = Form::blank();
    form.prefill("from", day(&ctx, ctx.today()));
    form.prefill("explained_by", ctx.actor.name.clone());
    let form = drafts::restore(&ctx, &draft_key(person), form).await?;
    Ok(view(&ctx, &key, &this, &form, &words))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "consent.new").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let words = words::load_with_desks(&mut tx, &ctx).await?;
    let Some(new) = read(&ctx, &mut form, &words).filter(|_| !form.has_errors()) else {
        let this = shell::card(&mut tx, &ctx, &key, person).await?;
        return Err(again(view(&ctx, &key, &this, &form, &words)));
    };
    store::consent::record(&mut tx, &ctx, &key, person, &new).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(person)).await?;
    let to = href(&key, person, "/consents");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(Saved::Consent.then(&to))
}

fn draft_key(person: PersonId) -> String {
    format!("people/{person}/consents/new")
}

fn read(ctx: &Ctx, form: &mut Form, words: &Words) -> Option<NewConsent> {
    let state = form
        .choice("state", "同意の有無", ConsentState::recordable(), true)
        .and_then(|c| ConsentState::from_code(&c));
    let items = form.choices("items", "提供してよい項目", ConsentItem::OPTIONS, false);
    let desks = form.choices("desks", "提供先の窓口", &words.desk_options(), false);
    let recipients = form.text("recipients", "そのほかの提供先", 300, false);
    let purpose = form.text("purpose", "目的", 300, false);
    let method = form
        .choice("method", "方法", ConsentMethod::recordable(), true)
        .and_then(|c| ConsentMethod::from_code(&c));
    let proxy = form.text("proxy", "代理した人と資格", 100, false);
    let valid_from = shell::date(ctx, form, "from", "開始日", true);
    let valid_until = shell::date(ctx, form, "until", "終了日", false);
    let witness = form.text("witness", "立会人", 100, false);
    let capacity_note = form.text("capacity", "理解の様子", 500, false);
    let explained_by = form.text("explained_by", "説明した人", 100, false);
    if state.is_some_and(ConsentState::permits) {
        if items.is_empty() {
            let message = "同意があるときは「提供してよい項目」を一つ以上選んでください。";
            form.error("items", "提供してよい項目", message);
        }
        if desks.is_empty() && recipients.is_empty() {
            let message = "同意があるときは提供先を選ぶか、「そのほかの提供先」に書いてください。";
            form.error("recipients", "そのほかの提供先", message);
        }
        if purpose.is_empty() {
            form.error(
                "purpose",
                "目的",
                "同意があるときは「目的」を入力してください。",
            );
        }
    }
    if state == Some(ConsentState::ByProxy) && proxy.is_empty() {
        let message =
            "代理のときは、だれがどの資格（成年後見人、親権者など）で同意したかを書いてください。";
        form.error("proxy", "代理した人と資格", message);
    }
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && until < from
    {
        let message = "「終了日」が「開始日」より前です。どちらかを直してください。";
        form.error("until", "終了日", message);
    }
    Some(NewConsent {
        state: state?,
        items: items
            .iter()
            .filter_map(|c| ConsentItem::from_code(c))
            .collect(),
        desks: desks.iter().filter_map(|d| d.parse().ok()).collect(),
        recipients,
        purpose,
        method: method?,
        proxy,
        valid_from: valid_from?,
        valid_until,
        witness,
        capacity_note,
        explained_by,
    })
}

fn view(ctx: &Ctx, key: &RoomKey, this: &shell::This, form: &Form, words: &Words) -> Markup {
    let desks = words.desk_options();
    let body = html! {
        p { "同意は一人ずつ記録します。家族の同意で、ほかの世帯員の情報は提供できません。" }
        (radio_group(form, FieldSpec::new("state", "同意の有無").required(), ConsentState::recordable()))
        (check_group(form, FieldSpec::new("items", "提供してよい項目"), ConsentItem::OPTIONS))
        @if !desks.is_empty() { (check_group(form, FieldSpec::new("desks", "提供先の窓口"), &desks)) }
        (text_field(form, FieldSpec::new("recipients", "そのほかの提供先").maxlength(300).hint("例: かかりつけ医、民生委員")))
        (text_field(form, FieldSpec::new("purpose", "目的").maxlength(300).hint("例: 家計の立て直しを一緒に考えるため")))
        (radio_group(form, FieldSpec::new("method", "方法").required(), ConsentMethod::recordable()))
        (text_field(form, FieldSpec::new("proxy", "代理した人と資格").maxlength(100)
            .hint("「代理」のとき。例: 長女・成年後見人")))
        (date_field(form, FieldSpec::new("from", "開始日").required()))
        (date_field(form, FieldSpec::new("until", "終了日").hint("決めていなければ空欄。期限の30日前に、やることに出ます。")))
        (text_field(form, FieldSpec::new("explained_by", "説明した人").maxlength(100)))
        (text_field(form, FieldSpec::new("witness", "立会人").maxlength(100)))
        (text_area(form, FieldSpec::new("capacity", "理解の様子").maxlength(500).rows(2)
            .hint("例: 説明を自分の言葉で繰り返せた。中学生のため本人と母の両方に説明。")))
        (submit_row(button(ButtonKind::Primary, "記録する", None)))
    };
    page_of(
        ctx,
        key,
        this,
        Place::Consents,
        "同意を記録する",
        form_frame(&href(key, this.id, "/consents/new"), ctx.csrf(), form, body),
    )
}
