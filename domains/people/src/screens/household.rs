//! /people/households/{id}: who is in it, since when; each row is one membership and moves alone.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, check_box, conflict_view,
        date_field, form_frame, protected_mark, select_field, submit_row,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::HouseholdId,
    page,
    saved::Saved,
};
use maud::{Markup, html};

use super::{
    household_form,
    shell::{self, again, conflict, day, household_href, href},
};
use crate::{
    door::{self, Via},
    model::{HouseholdView, MemberView},
    panel::consent_tag,
    store::{self, members::MemberChange},
    words::{self, Words},
};

struct Shown {
    view: HouseholdView,
    number: String,
    people: Vec<(String, String)>,
    words: Words,
}

async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, household: HouseholdId) -> Result<Shown> {
    Ok(Shown {
        view: store::household::household(conn, ctx, key, household).await?,
        number: door::number_of(conn, key).await?,
        people: household_form::people(conn, ctx, key).await?,
        words: words::load(conn, ctx).await?,
    })
}

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let household: HouseholdId = id(&path)?;
    let key = door::open_household(&ctx, household, via, "household.page").await?;
    let mut conn = ctx.read().await?;
    let shown = load(&mut conn, &ctx, &key, household).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &draft_key(household), filled(&ctx, &shown.view)).await?;
    Ok(page_for(&ctx, &key, &shown, &form, 0))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let household: HouseholdId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) =
        door::open_household_for_write(&ctx, household, via, "household.page").await?;
    let shown = load(&mut tx, &ctx, &key, household).await?;
    if !form.value("add_row").is_empty() {
        let rows = form.indexed("member").len() + 1;
        return Err(again(page_for(&ctx, &key, &shown, &form, rows)));
    }
    let (name, types) = household_form::read_head(&mut form, &shown.words);
    let rows = household_form::read(&ctx, &mut form, &shown.people, &shown.words);
    let changes = read_changes(&ctx, &mut form, &shown);
    let Some(version) = form.version else {
        return Err(Error::Changed);
    };
    if form.has_errors() {
        return Err(again(page_for(&ctx, &key, &shown, &form, 0)));
    }
    match store::household::update(&mut tx, &ctx, &key, household, version, name, &types).await {
        Ok(()) => {}
        Err(Error::Changed) => {
            let (who, when) = store::household::last_change(&mut tx, &ctx, household).await?;
            let when = shell::moment(&ctx, when);
            return Err(conflict(both(&ctx, &key, &shown, &form, &who, &when)));
        }
        Err(e) => return Err(e),
    }
    for change in &changes {
        store::members::change(&mut tx, &ctx, &key, household, change).await?;
    }
    for member in household_form::members(&mut tx, &ctx, &key, rows).await? {
        store::members::add(&mut tx, &ctx, &key, household, &member).await?;
    }
    drafts::clear(&mut tx, &ctx, &draft_key(household)).await?;
    tx.commit().await?;
    // Back to where the household is looked at: the form would look as before.
    Ok(Saved::Household.then(&key.kind().path(key.room())))
}

fn draft_key(household: HouseholdId) -> String {
    format!("people/households/{household}")
}

/// Name and value of every field as stored.
fn fields(ctx: &Ctx, view: &HouseholdView) -> Vec<(String, String)> {
    let mut out = vec![("name".into(), view.given_name.clone().unwrap_or_default())];
    out.extend(view.types.iter().map(|t| ("types".into(), t.clone())));
    for m in &view.members {
        let field = |part: &str| format!("was[{}].{part}", m.id);
        let date = |d: Option<chrono::NaiveDate>| d.map(|d| day(ctx, d)).unwrap_or_default();
        out.push((field("relation"), m.relation.clone()));
        out.push((field("from"), date(m.from)));
        out.push((field("to"), date(m.to)));
        if !m.co_resident {
            out.push((field("apart"), "1".into()));
        }
    }
    out
}

fn filled(ctx: &Ctx, view: &HouseholdView) -> Form {
    let mut form = Form::blank();
    form.version = Some(view.version);
    for (name, value) in fields(ctx, view) {
        form.prefill(&name, value);
    }
    form
}

/// Only members that this room shows can be changed, and only those that were sent.
fn read_changes(ctx: &Ctx, form: &mut Form, shown: &Shown) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    for m in &shown.view.members {
        let field = |part: &str| format!("was[{}].{part}", m.id);
        if form.posted().get(&field("relation")).is_none() {
            continue;
        }
        let relation = form.choice(&field("relation"), "続柄", &shown.words.kinships(), false);
        let from = shell::date(ctx, form, &field("from"), "世帯に入った日", false);
        let to = shell::date(ctx, form, &field("to"), "世帯を出た日", false);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let message = format!(
                "{}さんの「世帯を出た日」が「世帯に入った日」より前です。どちらかを直してください。",
                m.card.shown_name
            );
            form.error(&field("to"), "世帯を出た日", message);
        }
        let change = MemberChange {
            id: m.id,
            relation: relation.unwrap_or_else(|| "unknown".into()),
            co_resident: !form.flag(&field("apart")),
            from,
            to,
            void: form.flag(&field("void")),
        };
        let same = change.relation == m.relation
            && change.co_resident == m.co_resident
            && change.from == m.from
            && change.to == m.to
            && !change.void;
        if !same {
            changes.push(change);
        }
    }
    changes
}

fn page_for(ctx: &Ctx, key: &RoomKey, shown: &Shown, form: &Form, rows: usize) -> Markup {
    let view = &shown.view;
    let body = html! {
        (shell::back(key, &shown.number))
        @if key.may_write() {
            (form_frame(&household_href(key, view.id), ctx.csrf(), form, html! {
                (household_form::head(form, &shown.words))
                @if !view.members.is_empty() {
                    div {
                        h2 { "いまの登録" }
                        @for m in &view.members { (member(key, m, form, shown, ctx)) }
                    }
                }
                (household_form::rows(form, &shown.people, &shown.words, rows))
                (submit_row(button(ButtonKind::Primary, "世帯を保存する", None)))
            }))
        } @else {
            ul { @for m in &view.members { li { a href=(href(key, m.card.id, "")) { (m.card.shown_name) } "（" (shown.words.kinship(&m.relation)) "・" (m.card.age_text) "）" } } }
        }
    };
    page::page(&shell::frame(ctx, key), &view.name, body)
}

fn member(key: &RoomKey, m: &MemberView, form: &Form, shown: &Shown, ctx: &Ctx) -> Markup {
    let field = |part: &str| format!("was[{}].{part}", m.id);
    let wrong = ["from", "to"]
        .iter()
        .any(|part| form.error_of(&field(part)).is_some());
    html! {
        fieldset.member-row {
            legend.row-legend {
                a href=(href(key, m.card.id, "")) { (m.card.shown_name) } "（" (m.card.age_text) "） "
                (consent_tag(m.consent))
                @if m.card.protected { " " (protected_mark()) }
                @if m.has_left(ctx.today()) { " 以前の世帯員" }
            }
            div.member-now {
                (select_field(form, FieldSpec::new(field("relation"), "続柄"), &shown.words.kinships()))
                (check_box(form, FieldSpec::new(field("apart"), "別居している")))
            }
            // What seldom changes; open where something is wrong in it.
            details.details open[wrong] {
                summary { "期間・取り消し" @if m.from.is_some() || m.to.is_some() { "（" (shell::period(ctx, m.from, m.to)) "）" } }
                div.details-body { div.fields-two {
                    (date_field(form, FieldSpec::new(field("from"), "世帯に入った日")))
                    (date_field(form, FieldSpec::new(field("to"), "世帯を出た日").hint("この人だけが出ます。")))
                    (check_box(form, FieldSpec::new(field("void"), "誤って加えた（一覧から外す。記録は残る）")))
                } }
            }
        }
    }
}

fn both(ctx: &Ctx, key: &RoomKey, shown: &Shown, form: &Form, who: &str, when: &str) -> Markup {
    let view = &shown.view;
    let words = |codes: &[String]| {
        codes
            .iter()
            .map(|c| shown.words.household_type(c))
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut conflicts = Vec::new();
    let stored = view.given_name.clone().unwrap_or_default();
    if form.value("name").trim() != stored {
        conflicts.push(Conflict::text(
            "name",
            "世帯の呼び名",
            form.value("name"),
            &stored,
        ));
    }
    let mine: Vec<String> = form
        .values("types")
        .into_iter()
        .map(str::to_owned)
        .collect();
    if mine != view.types {
        let (a, b) = (words(&mine), words(&view.types));
        conflicts.push(Conflict::coded(
            "types",
            "世帯の状況",
            (mine, a),
            (view.types.clone(), b),
        ));
    }
    for m in &view.members {
        for (part, label) in [
            ("relation", "続柄"),
            ("from", "世帯に入った日"),
            ("to", "世帯を出た日"),
            ("apart", "別居"),
        ] {
            let name = format!("was[{}].{part}", m.id);
            let stored = fields(ctx, view)
                .into_iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v)
                .unwrap_or_default();
            let mine = form.value(&name).to_owned();
            if mine.trim() == stored {
                continue;
            }
            let label = format!("{}さんの{label}", m.card.shown_name);
            let word = |v: &str| match part {
                "relation" => shown.words.kinship(v).to_owned(),
                "apart" if v == "1" => "別居".into(),
                "apart" => "同居".into(),
                _ => v.to_owned(),
            };
            let (a, b) = (word(&mine), word(&stored));
            conflicts.push(Conflict::coded(
                &name,
                &label,
                (vec![mine], a),
                (vec![stored], b),
            ));
        }
    }
    let info = ConflictInfo {
        who,
        when,
        version: view.version,
    };
    let body = conflict_view(
        &household_href(key, view.id),
        ctx.csrf(),
        form,
        info,
        &conflicts,
    );
    page::page(&shell::frame(ctx, key), &view.name, body)
}
