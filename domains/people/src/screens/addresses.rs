//! /people/{id}/addresses: dated spells; 居所 beside 住所.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, card, check_box, date_field, details, form_frame,
        radio_group, submit_row, table, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::PersonId,
    once,
    saved::Saved,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, href, page_of, shown};
use crate::{
    door::{self, Via},
    model::{Address, AddressId, AddressKind, NewAddress, Registered},
    store,
};

pub(super) const MAX_ADDRESS: usize = 200;

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.addresses").await?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let spells = store::addresses::of(&mut conn, &key, person).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &draft_key(person), Form::blank()).await?;
    Ok(view(&ctx, &key, &this, &spells, &form))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.addresses").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let this = shell::card(&mut tx, &ctx, &key, person).await?;
    let new = read(&ctx, &mut form);
    let replaces = form.flag("replaces");
    let Some(new) = new.filter(|_| !form.has_errors()) else {
        let spells = store::addresses::of(&mut tx, &key, person).await?;
        return Err(again(view(&ctx, &key, &this, &spells, &form)));
    };
    let ended = if replaces { vec![new.kind] } else { vec![] };
    store::addresses::add(&mut tx, &ctx, &key, person, &new, &ended).await?;
    drafts::clear(&mut tx, &ctx, &draft_key(person)).await?;
    let to = href(&key, person, "/addresses");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(Saved::Address.then(&to))
}

pub(super) async fn post_end(
    ctx: Ctx,
    Path((path, address)): Path<(String, String)>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let (person, address): (PersonId, AddressId) = (id(&path)?, id(&address)?);
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.addresses").await?;
    let last = shell::date(&ctx, &mut form, "last", "最後の日", true);
    let (Some(last), Some(version)) = (last, form.version) else {
        let why = form
            .error_of("last")
            .unwrap_or("最後の日を入力してください。");
        return Err(Error::Invalid(why.to_owned()));
    };
    store::addresses::end(&mut tx, &ctx, &key, person, address, version, last).await?;
    tx.commit().await?;
    Ok(Saved::Address.then(&href(&key, person, "/addresses")))
}

fn draft_key(person: PersonId) -> String {
    format!("people/{person}/addresses")
}

/// The fields of one spell; shared with moving.
pub(super) fn read(ctx: &Ctx, form: &mut Form) -> Option<NewAddress> {
    let kind = form
        .choice("kind", "種類", AddressKind::OPTIONS, true)
        .and_then(|c| AddressKind::from_code(&c));
    let resident = form
        .choice("resident", "住民登録", Registered::OPTIONS, false)
        .and_then(|c| Registered::from_code(&c));
    let new = NewAddress {
        kind: kind.unwrap_or(AddressKind::Living),
        text: form.text("text", "住所・居所", MAX_ADDRESS, true),
        municipality: form.text("municipality", "他市区町村の名前", 60, false),
        resident: resident.unwrap_or_default(),
        reason: form.text("reason", "理由", 200, false),
        valid_from: shell::date(ctx, form, "from", "開始日", false),
        valid_to: shell::date(ctx, form, "to", "終了日", false),
    };
    if let (Some(from), Some(to)) = (new.valid_from, new.valid_to)
        && to < from
    {
        form.error(
            "to",
            "終了日",
            "「終了日」が「開始日」より前です。どちらかを直してください。",
        );
    }
    kind.map(|_| new)
}

/// See [`read`].
pub(super) fn inputs(form: &Form) -> Markup {
    html! {
        (radio_group(form, FieldSpec::new("kind", "種類").required(), AddressKind::OPTIONS))
        (text_field(form, FieldSpec::new("text", "住所・居所").required().maxlength(MAX_ADDRESS)
            .hint("わかるところまで。例: 東町のアパート、姉の家、○○病院")))
        (text_field(form, FieldSpec::new("municipality", "他市区町村の名前").maxlength(60)
            .hint("この自治体の外のときだけ。")))
        (radio_group(form, FieldSpec::new("resident", "住民登録"), Registered::OPTIONS))
        (text_field(form, FieldSpec::new("reason", "理由").maxlength(200).hint("例: 転居、入院、避難、仮設住宅")))
    }
}

fn view(ctx: &Ctx, key: &RoomKey, this: &shell::This, spells: &[Address], form: &Form) -> Markup {
    let rows: Vec<Vec<Markup>> = spells
        .iter()
        .map(|a| {
            vec![
                html! { (a.kind.label()) },
                shown(&a.place),
                html! { (a.resident.label()) },
                html! { (shell::period(ctx, a.valid_from, a.valid_to)) },
                shown(&a.reason),
                html! { @if a.valid_to.is_none() && key.may_write() { (end_form(ctx, key, this, a)) } },
            ]
        })
        .collect();
    let body = html! {
        p { "住所（住民票）と居所（実際にいるところ）は別々に、同時に登録できます。" }
        @if rows.is_empty() { p { "登録されていません。" } }
        @else { (table(&["種類", "ところ", "住民登録", "期間", "理由", "操作"], &rows, "住所・居所の履歴")) }
        @if key.may_write() {
            (card("加える", form_frame(&href(key, this.id, "/addresses"), ctx.csrf(), form, html! {
                (inputs(form))
                (date_field(form, FieldSpec::new("from", "開始日")))
                (date_field(form, FieldSpec::new("to", "終了日").hint("過去の住所のときだけ。")))
                (check_box(form, FieldSpec::new("replaces", "同じ種類のいまの住所を、開始日の前日で終える")))
                (submit_row(button(ButtonKind::Primary, "加える", None)))
            })))
        }
    };
    page_of(ctx, key, this, Place::Addresses, "住所・居所", body)
}

fn end_form(ctx: &Ctx, key: &RoomKey, this: &shell::This, a: &Address) -> Markup {
    let mut form = Form::blank().scoped(format!("end-{}", a.id));
    form.version = Some(a.version);
    details(
        "終える",
        form_frame(
            &href(key, this.id, &format!("/addresses/{}/end", a.id)),
            ctx.csrf(),
            &form,
            html! {
                (date_field(&form, FieldSpec::new("last", "最後の日").required()))
                (submit_row(button(ButtonKind::Secondary, "この日で終える", None)))
            },
        ),
    )
}
