//! The main column.

use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, TagKind, button, definition_list, form_frame, tag, text_area,
    },
    context::Ctx,
    form::Form,
    text::{birth::BirthDate, wareki},
};
use engawa_people::{Probe, Sex};
use maud::{Markup, html};

use super::Shown;
use crate::{
    WhoCame,
    model::{DROPPED_REASONS, RESIDENCE},
    screens::{
        path,
        words::{known, when, word_of},
    },
    store::{RequestShown, Subject},
};

/// What was said of a subject, for looking for the same person.
pub(super) fn probe(s: &Subject) -> Option<Probe> {
    let [_, name, kana] = &s.heard;
    let phone = s.heard_phone.shown().filter(|p| !p.is_empty());
    let nothing = name.is_empty() && kana.is_empty() && phone.is_none();
    (!nothing).then(|| Probe {
        name: name.clone(),
        kana: kana.clone(),
        birth: s.heard_birth,
        phones: phone.cloned().into_iter().collect(),
    })
}

/// Lines of a long text as paragraphs.
pub(in crate::screens) fn text(t: &str) -> Markup {
    html! { @for line in t.lines() { p { (line) } } }
}

pub(super) fn said(ctx: &Ctx, s: &Shown) -> Markup {
    let d = &s.detail;
    let mut facts: Vec<(&str, Markup)> = vec![
        (
            "受付",
            html! { (when(ctx, d.card.received_at)) " " (s.names.desk(d.card.desk))
            @if let Some(by) = d.card.received_by { " " (s.names.staff(by)) } },
        ),
        (
            "方法・経路",
            html! { (s.words.channel(&d.card.channel)) "・" (s.words.route(&d.card.route)) },
        ),
        ("緊急度", html! { (s.words.urgency(&d.card.urgency)) }),
        ("来談者", consulter(ctx, s)),
    ];
    for (label, value) in [
        ("聞いた場所・行事", &d.place),
        ("配慮を希望されること", &d.card.wishes),
        ("どこで知ったか", &d.heard_of),
        ("もっと早く相談しなかった理由", &d.why_not_earlier),
        ("制度の狭間", &d.gap_kind),
        ("確かめた制度", &d.gap_schemes),
        ("備考", &d.notes),
    ] {
        if !value.is_empty() {
            facts.push((label, text(value)));
        }
    }
    if !d.dropped.place.is_empty() || d.dropped.reason.is_some() || !d.dropped.note.is_empty() {
        facts.push((
            "受け止められなかった窓口",
            html! {
                (d.dropped.place)
                @if let Some(r) = &d.dropped.reason { "(" (word_of(&DROPPED_REASONS, r)) ")" }
                @if let Some(days) = d.dropped.days { " " (days) "日を失った" }
                (text(&d.dropped.note))
            },
        ));
    }
    html! {
        div.timeline-body { (text(&d.card.words)) }
        (definition_list(&facts))
        @if ctx.actor.may(Duty::Triage) { p { a href={ (path(d.card.room)) "/edit" } { "記録を訂正する" } } }
    }
}

fn consulter(ctx: &Ctx, s: &Shown) -> Markup {
    let d = &s.detail;
    if d.card.who == WhoCame::Notice {
        return match &s.reporter {
            None => html! { "情報提供者(伏せています)" },
            Some(r) => {
                let c = &r.consulter;
                html! {
                    p { (tag(TagKind::Alert, "本人に伝えない")) " "
                        @if c.is_empty() { "名前は聞いていません" }
                        @else { (c.name) @if !c.kana.is_empty() { "(" (c.kana) ")" } " " (c.relation) " " (c.contact) } }
                    p.hint { "情報提供者に伝えられること: " @if r.closed { "終了" } @else { "受付済" } " (" (when(ctx, r.since)) ")" }
                }
            }
        };
    }
    html! {
        (d.card.who.label())
        @if !d.consulter.is_empty() {
            ": " (d.consulter.name)
            @if !d.consulter.kana.is_empty() { "(" (d.consulter.kana) ")" }
            " " (d.consulter.relation) " " (d.consulter.contact)
        }
    }
}

pub(super) fn subjects(ctx: &Ctx, key: &RoomKey, s: &Shown) -> Markup {
    let may = ctx.actor.may(Duty::Triage) && key.may_write();
    html! {
        @for subject in &s.detail.subjects { (one_subject(ctx, may, s, subject)) }
    }
}

fn one_subject(ctx: &Ctx, may: bool, s: &Shown, x: &Subject) -> Markup {
    let [label, name, kana] = &x.heard;
    let mut facts: Vec<(&str, Markup)> = Vec::new();
    match &x.card {
        Some(c) => {
            facts.push((
                "氏名",
                html! { a href={ "/people/" (c.id) } { (c.shown_name) } " " (c.kana) },
            ));
            facts.push(("性別・年齢", html! { (c.sex.label()) "・" (c.age_text) }));
            facts.push(("住所", known(&c.address)));
            facts.push(("電話", known(&c.phones)));
        }
        None => facts.push(("氏名", html! { (name) (label) })),
    }
    if !x.relation.is_empty() {
        facts.push(("来談者との関係", html! { (x.relation) }));
    }
    let elsewhere = x.residence_place.shown().is_none_or(|p| !p.is_empty());
    if x.residence.is_some() || elsewhere {
        facts.push(("住まいの区分", html! {
            (word_of(&RESIDENCE, x.residence.as_deref().unwrap_or("unknown"))) " " (x.residence_place)
        }));
    }
    let nothing = x.heard.iter().all(String::is_empty)
        && x.heard_sex == Sex::Unknown
        && x.heard_birth == BirthDate::Unknown
        && [&x.heard_phone, &x.heard_address]
            .iter()
            .all(|said| said.shown().is_some_and(String::is_empty));
    if !nothing {
        facts.push((
            "受付のとき聞いたこと",
            html! {
                (label) " " (name) " " (kana)
                @if x.heard_sex != Sex::Unknown { " " (x.heard_sex.label()) }
                @if x.heard_birth != BirthDate::Unknown { " " (x.heard_birth.display(ctx.calendar)) }
                " " (x.heard_phone) " " (x.heard_address)
            },
        ));
    }
    if let Some(at) = x.linked_at {
        facts.push((
            "人の記録とのつながり",
            html! { (when(ctx, at)) "に結び付けました(受付の番号と日付はそのままです)" },
        ));
    }
    let link = format!("{}/link?seq={}", path(s.detail.card.room), x.seq);
    html! {
        (definition_list(&facts))
        @if may { p { a href=(link) { "同じ人の記録と結び付ける" } } }
    }
}

pub(super) fn issues(ctx: &Ctx, key: &RoomKey, s: &Shown) -> Markup {
    let d = &s.detail;
    let who = |seq: &i64| {
        d.subjects
            .iter()
            .find(|x| x.seq == *seq)
            .and_then(|x| x.card.as_ref())
            .map_or_else(|| format!("{seq}人目"), |c| c.shown_name.clone())
    };
    let may = ctx.actor.may(Duty::Triage) && key.may_write();
    html! {
        @if d.card.issues.is_empty() { p { "まだ選ばれていません。" } }
        ul {
            @for i in &d.card.issues {
                li {
                    @if i.main { strong { "◎ " } }
                    (s.words.issue(&i.code))
                    @if !i.subjects.is_empty() && d.subjects.len() > 1 {
                        " (" (i.subjects.iter().map(who).collect::<Vec<_>>().join("、")) ")"
                    }
                }
            }
        }
        @if may {
            p { a href={ (path(d.card.room)) "/issues" } { "課題と人を選び直す" } }
            @let now = if d.card.compound { ("no", "複合課題から外す") } else { ("yes", "複合課題として扱う") };
            (form_frame(&format!("{}/compound", path(d.card.room)), ctx.csrf(), &Form::blank().scoped("compound"), html! {
                (button(ButtonKind::Quiet, now.1, Some(("compound", now.0))))
                @if d.compound_manual.is_some() { (button(ButtonKind::Quiet, "課題から自動で判断する", Some(("compound", "auto")))) }
            }))
        }
    }
}

pub(super) fn request(ctx: &Ctx, key: &RoomKey, s: &Shown, r: &RequestShown) -> Markup {
    let due = r
        .request
        .reply_due_on
        .map(|d| wareki::format_date(d, ctx.calendar))
        .unwrap_or_default();
    let facts = [
        (
            "依頼元",
            html! { (r.request.sender_body) " " (r.request.sender_person) },
        ),
        ("根拠", html! { (r.request.basis) }),
        ("気づいたこと", text(&r.request.sign)),
        ("依頼の内容", text(&r.request.wanted)),
        ("回答期限", html! { (due) }),
    ];
    let room = s.detail.card.room;
    html! {
        (definition_list(&facts))
        @match r.replied_at {
            Some(at) => {
                p { (tag(TagKind::Done, "回答済")) " " (when(ctx, at)) @if let Some(by) = r.replied_by { " " (s.names.staff(by)) } }
                (text(&r.reply))
            }
            None => {
                p { (tag(TagKind::Waiting, "回答待ち")) }
                @if ctx.actor.may(Duty::Triage) && key.may_write() {
                    (form_frame(&format!("{}/reply", path(room)), ctx.csrf(), &Form::blank().scoped("reply"), html! {
                        (text_area(&Form::blank().scoped("reply"), FieldSpec::new("reply", "依頼元への回答").required().maxlength(5_000).rows(3)))
                        (button(ButtonKind::Secondary, "回答を記録する", None))
                    }))
                }
            }
        }
    }
}

pub(super) fn calls(ctx: &Ctx, s: &Shown) -> Markup {
    html! {
        @for c in &s.detail.calls {
            (definition_list(&[
                ("種別", html! { (s.words.emergency(&c.kind)) }),
                ("通報・連絡した先", html! { (c.body) " " (c.person) }),
                ("時刻", html! { (when(ctx, c.notified_at)) }),
                ("根拠", html! { (c.basis) }),
                ("伝えた内容", text(&c.note)),
            ]))
        }
    }
}
