//! /people/{id}/move: one person moves. Nobody else in the household is touched.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, check_group, date_field, form_frame, radio_group,
        select_field, submit_row, text_field,
    },
    context::Ctx,
    drafts,
    error::Result,
    form::{Form, Posted},
    http::id,
    id::{HouseholdId, PersonId},
    once,
    saved::Saved,
};
use maud::{Markup, html};

use super::{
    addresses,
    shell::{self, Place, again, href, page_of},
};
use crate::{
    door::{self, Via},
    model::{AddressKind, HouseholdView, NewHousehold, NewMember},
    store,
    words::{self, Words},
};

const STAY: &[(&str, &str)] = &[
    ("leave", "世帯から出る（履歴に残ります）"),
    ("apart", "世帯員のまま別居になる"),
    ("stay", "変わらない"),
];

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.move").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let households = households(&mut conn, &ctx, &key, person).await?;
    let words = words::load(&mut conn, &ctx).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &draft_key(person), Form::blank()).await?;
    Ok(view(&ctx, &key, &this, &households, &form, &words))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.move").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let this = shell::card(&mut tx, &ctx, &key, person).await?;
    let households = households(&mut tx, &ctx, &key, person).await?;
    let words = words::load(&mut tx, &ctx).await?;
    let on = shell::date(&ctx, &mut form, "on", "移った日", true);
    let spell = addresses::read(&ctx, &mut form);
    let ended = form.choices("ends", "終える住所", AddressKind::OPTIONS, false);
    let relation = form.choice("relation", "新しい世帯での続柄", &words.kinships(), false);
    let mut changes: Vec<(HouseholdId, String)> = Vec::new();
    for h in &households {
        let name = format!("household[{}]", h.id);
        if let Some(what) = form.choice(&name, &h.name, STAY, true) {
            changes.push((h.id, what));
        }
    }
    let new_name = form.opt_text("new_household", "新しい世帯の呼び名", 60);
    let (Some(on), Some(mut spell)) = (on, spell) else {
        return Err(again(view(&ctx, &key, &this, &households, &form, &words)));
    };
    if form.has_errors() {
        return Err(again(view(&ctx, &key, &this, &households, &form, &words)));
    }
    spell.valid_from = Some(on);
    spell.valid_to = None;
    let ended: Vec<AddressKind> = ended
        .iter()
        .filter_map(|c| AddressKind::from_code(c))
        .collect();
    store::addresses::add(&mut tx, &ctx, &key, person, &spell, &ended).await?;
    let last = on.pred_opt().unwrap_or(on);
    for (household, what) in changes {
        match what.as_str() {
            "leave" => store::members::leave(&mut tx, &ctx, &key, household, person, last).await?,
            "apart" => store::members::live_apart(&mut tx, &ctx, &key, household, person).await?,
            _ => {}
        }
    }
    if form.flag("own_household") {
        let new = NewHousehold {
            name: new_name,
            types: Vec::new(),
            members: vec![NewMember {
                person,
                relation: relation.unwrap_or_else(|| "self".into()),
                co_resident: true,
                from: Some(on),
            }],
        };
        store::household::create(&mut tx, &ctx, &key, new).await?;
    }
    drafts::clear(&mut tx, &ctx, &draft_key(person)).await?;
    let to = href(&key, person, "");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(Saved::Moved.then(&to))
}

fn draft_key(person: PersonId) -> String {
    format!("people/{person}/move")
}

async fn households(
    conn: &mut engawa_kernel::db::Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
) -> Result<Vec<HouseholdView>> {
    let mut out = Vec::new();
    for household in store::household::of_person(conn, ctx, key, person).await? {
        out.push(store::household::household(conn, ctx, key, household).await?);
    }
    Ok(out)
}

fn view(
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    households: &[HouseholdView],
    form: &Form,
    words: &Words,
) -> Markup {
    let body = html! {
        p { "移るのはこの人だけです。ほかの世帯員の住所や世帯は変わりません。" }
        (date_field(form, FieldSpec::new("on", "移った日").required()))
        (addresses::inputs(form))
        (check_group(form, FieldSpec::new("ends", "前日で終える、いまの住所")
            .hint("住民票を残したまま居所だけ移ったときは「住所」を選ばないでください。"), AddressKind::OPTIONS))
        @for h in households {
            (radio_group(form, FieldSpec::new(format!("household[{}]", h.id), format!("「{}」での扱い", h.name)).required(), STAY))
        }
        (engawa_kernel::components::check_box(form, FieldSpec::new("own_household", "この人の新しい世帯をつくる")))
        (text_field(form, FieldSpec::new("new_household", "新しい世帯の呼び名").maxlength(60)))
        (select_field(form, FieldSpec::new("relation", "新しい世帯での続柄"), &words.kinships()))
        (submit_row(button(ButtonKind::Primary, "移動を記録する", None)))
    };
    page_of(
        ctx,
        key,
        this,
        Place::Below,
        "転居・世帯の移動",
        form_frame(&href(key, this.id, "/move"), ctx.csrf(), form, body),
    )
}
