//! /people/{id}/protection: setting is one form and takes effect at once; applying again is the same
//! form. Lifting is in `lift.rs`.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, card, check_group, date_field, form_frame,
        hidden, notice, radio_group, submit_row, table, text_area, text_field,
    },
    context::Ctx,
    db::{Conn, Tx},
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::{HouseholdId, PersonId},
    once,
    saved::Saved,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, day, href, page_of};
use crate::{
    door::{self, Via},
    model::{Lift, NewProtection, PersonCard, Protection, ProtectionKind},
    rules::protection::{default_end, standing},
    store,
};

/// What the page shows.
pub(super) struct Shown {
    pub(super) this: shell::This,
    pub(super) all: Vec<Protection>,
    lift: Option<(Lift, String)>,
    /// Others in the room: from whom she may be hidden.
    others: Vec<(String, String)>,
    /// Those who live with her: asking together is usual (併せて支援を求める者).
    together: Vec<(String, String)>,
    /// Those of them whose address is not withheld.
    in_the_open: Vec<(PersonId, String)>,
}

pub(super) async fn load(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
) -> Result<Shown> {
    let this = shell::card(conn, ctx, key, person).await?;
    let all = store::protection::of(conn, key, person).await?;
    let lift = match store::protection::open_lift(conn, key, person).await? {
        Some(lift) => {
            let who = store::staff_name(conn, ctx, lift.requested_by).await?;
            Some((lift, who))
        }
        None => None,
    };
    let pair = |c: &PersonCard| {
        (
            c.id.to_string(),
            format!("{}（{}）", c.shown_name, c.age_text),
        )
    };
    let others = store::cards::of_room(conn, ctx, key)
        .await?
        .iter()
        .filter(|c| c.id != person)
        .map(pair)
        .collect();
    let mut together: Vec<(String, String)> = Vec::new();
    let mut in_the_open = Vec::new();
    let households: Vec<HouseholdId> = store::household::of_person(conn, ctx, key, person).await?;
    for household in households {
        let view = store::household::household(conn, ctx, key, household).await?;
        for m in view.members {
            let lives_with = m.co_resident && !m.has_left(ctx.today()) && m.card.id != person;
            if lives_with && !together.iter().any(|(id, _)| *id == m.card.id.to_string()) {
                together.push(pair(&m.card));
                if !m.card.protected {
                    in_the_open.push((m.card.id, m.card.shown_name.clone()));
                }
            }
        }
    }
    Ok(Shown {
        this,
        all,
        lift,
        others,
        together,
        in_the_open,
    })
}

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.protection").await?;
    let shown = load(&mut ctx.read().await?, &ctx, &key, person).await?;
    Ok(view(&ctx, &key, &shown, &blank(&ctx), &lift_form(&ctx)))
}

pub(super) fn blank(ctx: &Ctx) -> Form {
    let mut form = Form::blank();
    form.prefill("starts", day(ctx, ctx.today()));
    form.prefill("ends", day(ctx, default_end(ctx.today())));
    form
}

pub(super) fn lift_form(ctx: &Ctx) -> Form {
    let mut form = Form::blank().scoped("lift");
    form.prefill("seen_at", ctx.now().to_rfc3339());
    form
}

/// A deciding role may set with a reading key; anybody else with a writing one.
async fn open_for_setting(ctx: &Ctx, person: PersonId, via: Via) -> Result<(Tx, RoomKey)> {
    if ctx.actor.may(Duty::DecideProtection) {
        let key = door::open(ctx, person, via, "person.protection").await?;
        return Ok((ctx.write().await?, key));
    }
    door::open_for_write(ctx, person, via, "person.protection").await
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = open_for_setting(&ctx, person, via).await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let shown = load(&mut tx, &ctx, &key, person).await?;
    let Some((new, together)) = read(&ctx, &mut form, &shown) else {
        return Err(again(view(&ctx, &key, &shown, &form, &lift_form(&ctx))));
    };
    for who in std::iter::once(person).chain(together) {
        store::protection::apply(&mut tx, &ctx, &key, who, &new).await?;
    }
    let to = href(&key, person, "/protection");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    let again = shown.all.iter().any(|p| p.ended_at.is_none());
    let saved = if again {
        Saved::AppliedAgain
    } else {
        Saved::Protection
    };
    Ok(saved.then(&to))
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

fn read(ctx: &Ctx, form: &mut Form, shown: &Shown) -> Option<(NewProtection, Vec<PersonId>)> {
    let kind = form
        .choice("kind", "申出の区分", ProtectionKind::OPTIONS, true)
        .and_then(|c| ProtectionKind::from_code(&c));
    let starts_on = shell::date(ctx, form, "starts", "開始日", true);
    let ends_on = shell::date(ctx, form, "ends", "終了日", false);
    let document = form.text("document", "申出書の番号", 100, false);
    let notes = form.text("notes", "経緯", 1_000, false);
    let hidden_from = form.choices(
        "hidden_from",
        "加害者(相手方)",
        &pairs(&shown.others),
        false,
    );
    let together = form.choices(
        "together",
        "併せて支援を求める者",
        &pairs(&shown.together),
        false,
    );
    if hidden_from.iter().any(|p| together.contains(p)) {
        let message =
            "同じ人が「加害者(相手方)」と「併せて支援を求める者」の両方に選ばれています。";
        form.error("together", "併せて支援を求める者", message);
    }
    if let (Some(from), Some(to)) = (starts_on, ends_on)
        && to < from
    {
        let message = "「終了日」が「開始日」より前です。どちらかを直してください。";
        form.error("ends", "終了日", message);
    }
    if form.has_errors() {
        return None;
    }
    let starts_on = starts_on?;
    let ids = |list: Vec<String>| list.iter().filter_map(|p| p.parse().ok()).collect();
    Some((
        NewProtection {
            kind: kind?,
            starts_on,
            ends_on: ends_on.unwrap_or_else(|| default_end(starts_on)),
            hidden_from: ids(hidden_from),
            document,
            notes,
        },
        ids(together),
    ))
}

pub(super) fn view(ctx: &Ctx, key: &RoomKey, shown: &Shown, form: &Form, lifting: &Form) -> Markup {
    let in_force = shown.all.iter().find(|p| p.ended_at.is_none());
    let may_set = key.may_write() || ctx.actor.may(Duty::DecideProtection);
    let rows: Vec<Vec<Markup>> = shown
        .all
        .iter()
        .map(|p| {
            vec![
                html! { (p.kind.label()) },
                html! { (standing(p, ctx.today()).label()) },
                html! { (day(ctx, p.starts_on)) "から" (day(ctx, p.ends_on)) "まで" },
                html! { (p.document) },
                html! { (p.notes) },
            ]
        })
        .collect();
    let title = if in_force.is_some() {
        "再申出を記録する"
    } else {
        "秘匿を設定する"
    };
    let body = html! {
        p { "設定すると、住所・電話・学校・勤め先・通院先・担当機関が、すべての画面・一覧・検索・印刷・出力で直ちに「秘匿」になります。期間が過ぎても自動では解除されません。" }
        @if !rows.is_empty() { (table(&["申出の区分", "状態", "期間", "申出書の番号", "経緯"], &rows, "申出の履歴（新しい順）")) }
        @if in_force.is_some() { (next_steps(key, shown)) }
        @if may_set {
            (setting(title, in_force.is_some(), form, form_frame(&href(key, shown.this.id, "/protection"), ctx.csrf(), form, html! {
                (radio_group(form, FieldSpec::new("kind", "申出の区分").required(), ProtectionKind::OPTIONS))
                (date_field(form, FieldSpec::new("starts", "開始日").required()))
                (date_field(form, FieldSpec::new("ends", "終了日").hint("空欄なら開始日から1年。")))
                (text_field(form, FieldSpec::new("document", "申出書の番号").maxlength(100).hint("まだ届いていなければ空欄のままで設定できます。")))
                @if !shown.others.is_empty() {
                    (check_group(form, FieldSpec::new("hidden_from", "加害者(相手方)"), &pairs(&shown.others)))
                }
                @if !shown.together.is_empty() {
                    (check_group(form, FieldSpec::new("together", "併せて支援を求める者")
                        .hint("一緒に暮らす人の住所から、居所が知られることがあります。"), &pairs(&shown.together)))
                }
                (text_area(form, FieldSpec::new("notes", "経緯").maxlength(1_000).rows(3).hint("所在がわかることは書かないでください。")))
                (submit_row(button(ButtonKind::Primary, title, None)))
            })))
        }
        @if let Some(p) = in_force { (lift_card(ctx, key, shown, p, lifting)) }
    };
    page_of(
        ctx,
        key,
        &shown.this,
        Place::Protection,
        "秘匿(支援措置)",
        body,
    )
}

/// The form: open as long as nothing is withheld, or something is wrong in it; folded afterwards, so
/// that an empty form does not look as if nothing had been saved.
fn setting(title: &str, set: bool, form: &Form, body: Markup) -> Markup {
    if !set {
        return card(title, body);
    }
    html! {
        details.details open[form.has_errors()] {
            summary { (title) }
            div.details-body { (body) }
        }
    }
}

/// What is usually done once somebody is hidden.
fn next_steps(key: &RoomKey, shown: &Shown) -> Markup {
    html! {
        @if !shown.in_the_open.is_empty() && key.may_write() {
            p {
                "一緒に暮らす人の住所から、居所が知られることがあります。続けて秘匿を設定する: "
                @for (n, (person, name)) in shown.in_the_open.iter().enumerate() {
                    @if n > 0 { "、" }
                    a href=(href(key, *person, "/protection")) { (name) }
                }
            }
        }
    }
}

fn lift_card(ctx: &Ctx, key: &RoomKey, shown: &Shown, p: &Protection, form: &Form) -> Markup {
    if !ctx.actor.may(Duty::DecideProtection) {
        return card(
            "解除",
            html! { p { "解除には管理者または推進員二人の確認が必要です。所属の管理者に相談してください。" } },
        );
    }
    let person = shown.this.id;
    if let Some((lift, who)) = &shown.lift {
        let mine = lift.requested_by == ctx.actor.staff;
        let cancel = Form::blank().scoped("cancel");
        return card(
            "解除の申請",
            html! {
                (notice(NoticeKind::Warn, "もう一人の承認を待っています", html! {
                    p { (shell::moment(ctx, lift.requested_at)) "に" (who) "さんが申請しました。承認されるまで秘匿は続きます。" }
                }))
                @if !mine {
                    p { a href=(href(key, person, &format!("/protection/lift/{}", lift.id))) { "確かめて承認する" } }
                }
                (form_frame(&href(key, person, "/protection/lift-cancel"), ctx.csrf(), &cancel,
                    submit_row(button(ButtonKind::Secondary, "申請を取り下げる", None))))
            },
        );
    }
    card(
        "解除を申請する",
        html! {
            p { "解除には、別々の二人の確認が必要です。この画面は今日かぎり有効です。" }
            (form_frame(&href(key, person, "/protection/lift"), ctx.csrf(), form, html! {
                (hidden("protection", &p.id.to_string()))
                (hidden("seen_at", form.value("seen_at")))
                (text_area(form, FieldSpec::new("reason", "解除の理由").required().maxlength(500).rows(2)))
                (text_area(form, FieldSpec::new("checked", "再申出がないことの確認").required().maxlength(300).rows(2)
                    .hint("今日、だれに、どうやって確かめましたか。例: 市民課 住民記録係に電話し、再申出なしと回答")))
                (submit_row(button(ButtonKind::Danger, "解除を申請する", None)))
            }))
        },
    )
}

/// The sentence of a refusal on the form that it belongs to.
pub(super) fn refused(form: &mut Form, field: &str, label: &str, e: Error) -> Result<()> {
    match e {
        Error::Invalid(why) => {
            form.error(field, label, why);
            Ok(())
        }
        other => Err(other),
    }
}
