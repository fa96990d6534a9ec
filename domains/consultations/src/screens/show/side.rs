//! The side column: whose move it is, what can be decided, times, keys.

use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, date_field, definition_list,
        form_frame, link_button, notice, tag,
    },
    context::Ctx,
    form::Form,
};
use maud::{Markup, html};

use super::Shown;
use crate::{
    model::GRADES,
    rules::{self, State},
    screens::{
        path,
        words::{when, word_of},
    },
};

/// Whose move it is and what can be done: on a phone above everything that is only read.
pub(super) fn acts(ctx: &Ctx, key: &RoomKey, s: &Shown) -> Markup {
    let may = ctx.actor.may(Duty::Triage) && key.may_write();
    html! {
        (card("いまの担当", turn(ctx, may, s)))
        @if may { (card("受理の判断", decisions(ctx, s))) }
    }
}

pub(super) fn view(ctx: &Ctx, key: &RoomKey, s: &Shown, access: Markup) -> Markup {
    let may = ctx.actor.may(Duty::Triage) && key.may_write();
    html! {
        (card("時間", times(ctx, may, s)))
        (card("印刷", html! {
            p { a href={ (path(key.room())) "/print" } { "A4で印刷する" } }
            p { a href={ (path(key.room())) "/print?for=disclosure" } { "本人への開示用に印刷する(第三者の情報を伏せる)" } }
        }))
        (access)
    }
}

fn turn(ctx: &Ctx, may: bool, s: &Shown) -> Markup {
    let t = &s.detail.turn;
    let room = s.detail.card.room;
    let mine = t
        .posting
        .is_some_and(|p| ctx.actor.postings.iter().any(|x| x.id == p));
    let here = ctx
        .actor
        .postings
        .iter()
        .any(|p| p.desk == Some(t.desk) && p.role.may(Duty::Triage));
    html! {
        @if t.arrived { (notice(NoticeKind::Info, "新着", html! { p { "ほかの窓口から届きました。だれが受けるか決めてください。" } })) }
        @if t.state.is_open() {
            p { (s.names.desk(t.desk)) }
            p { @if let Some(p) = t.posting { (s.names.posting(p)) } @else { (tag(TagKind::Waiting, "担当者未定")) } }
            p.hint { (when(ctx, t.since)) "から(受付から" (rules::days_waited(t.received_at, ctx.today())) "日)" }
            @if may && here && (!mine || t.arrived) {
                (form_frame(&format!("{}/take-up", path(room)), ctx.csrf(), &Form::blank().scoped("take"), html! {
                    (button(ButtonKind::Primary, "引き受ける", None))
                }))
            }
            @if may { p { a href={ (path(room)) "/assign" } { "担当を替える・ほかの窓口に渡す" } } }
        } @else {
            p { "この相談は終わっています。" (t.state.label()) }
        }
    }
}

fn decisions(ctx: &Ctx, s: &Shown) -> Markup {
    let d = &s.detail;
    let room = d.card.room;
    if let Some(case) = d.card.case {
        return html! { p { (link_button(ButtonKind::Primary, &format!("/cases/{case}"), "ケースを開く")) } };
    }
    let to = |state: State| format!("{}/decide?to={}", path(room), state.as_code());
    let open = d.card.state.is_open();
    html! {
        @if !open { p { "判断が違っていたときは訂正できます。前の判断は残ります。" } }
        @if ctx.actor.may(Duty::WorkCase) {
            p { (link_button(ButtonKind::Primary, &format!("/cases/new?from={room}"), "受理してケースを作る")) }
            p { (link_button(ButtonKind::Secondary, &format!("/cases/attach?from={room}"), "既にあるケースに加える")) }
            p { "ケースにしないとき:" }
        }
        ul {
            @for state in [State::Answered, State::HandedOver, State::SeekingConsent, State::Watching, State::Withdrawn] {
                li { a href=(to(state)) { (state.label()) } }
            }
        }
        p { (link_button(ButtonKind::Secondary, &format!("{}/emergency", path(room)), "緊急・虐待の通報を記録する")) }
    }
}

fn times(ctx: &Ctx, may: bool, s: &Shown) -> Markup {
    let t = &s.detail.turn;
    let grade = |g: &Option<String>| word_of(&GRADES, g.as_deref().unwrap_or("unknown"));
    let room = s.detail.card.room;
    html! {
        (definition_list(&[
            ("受付", html! { (when(ctx, t.received_at)) }),
            ("最初の判断", html! { @if let Some(at) = t.triaged_at { (when(ctx, at)) } @else { "まだ" } }),
            ("本人との最初の接触", html! { @if let Some(at) = t.first_contact_at { (when(ctx, at)) } @else { "まだ" } }),
            ("必要性", html! { (grade(&s.detail.necessity)) }),
            ("初回の深刻度", html! { (grade(&s.detail.severity)) }),
        ]))
        @if may && t.first_contact_at.is_none() {
            @let form = Form::blank().scoped("contact");
            (form_frame(&format!("{}/first-contact", path(room)), ctx.csrf(), &form, html! {
                (date_field(&form, FieldSpec::new("first_contact_on", "本人と初めて接した日").required()))
                (button(ButtonKind::Secondary, "接した日を記録する", None))
            }))
        }
    }
}
