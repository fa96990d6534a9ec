//! `/consultations/{room}/decide`: what becomes of it. A closed one is corrected here, and the old
//! decision stays.

use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::Days;
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, date_field, form_frame, notice, radio_group,
        select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    id::RoomId,
    saved::Saved,
    text::wareki,
};
use engawa_organisations::{self as organisations, codes::CodeList};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    path,
    words::{Names, Words, desk_options, when},
};
use crate::{
    model::{GRADES, NewDecision},
    rules::State,
    store::{self, Detail},
};

/// What may be chosen here; a case is made on its own page.
const CHOICES: [State; 5] = [
    State::Answered,
    State::HandedOver,
    State::SeekingConsent,
    State::Watching,
    State::Withdrawn,
];

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    to: String,
}

fn draft(room: RoomId) -> String {
    format!("consultations/{room}/decide")
}

pub(super) async fn get(
    ctx: Ctx,
    Path(room): Path<String>,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Response> {
    ctx.need(Duty::Triage)?;
    let key = super::read(&ctx, &room, "triage").await?;
    key.need_write()?;
    let detail = load(&ctx, &key).await?;
    let mut blank = Form::blank();
    blank.version = Some(detail.turn.version);
    if let Some(to) = ask.ok().and_then(|a| State::from_code(&a.to)) {
        blank.prefill("state", to.as_code());
        let days = match to {
            State::SeekingConsent => Some(14),
            State::Watching => Some(30),
            _ => None,
        };
        if let Some(day) = days.and_then(|d| ctx.today().checked_add_days(Days::new(d))) {
            blank.prefill("review_on", wareki::format_short(day, ctx.calendar));
        }
    }
    blank.prefill(
        "decided_on",
        wareki::format_short(ctx.today(), ctx.calendar),
    );
    blank.prefill(
        "lead_desk",
        detail.lead_desk.unwrap_or(detail.turn.desk).to_string(),
    );
    for (name, value) in [
        ("necessity", &detail.necessity),
        ("severity", &detail.severity),
    ] {
        if let Some(value) = value {
            blank.prefill(name, value.clone());
        }
    }
    let form = drafts::restore(&ctx, &draft(key.room()), blank).await?;
    Ok(page(&ctx, &form, &detail, None).await?.into_response())
}

async fn load(ctx: &Ctx, key: &RoomKey) -> Result<Detail> {
    let mut conn = ctx.read().await?;
    store::detail(&mut conn, ctx, key).await
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Triage)?;
    let key = super::read(&ctx, &room, "triage").await?;
    key.need_write()?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft(key.room()));
    let detail = load(&ctx, &key).await?;
    let Some(new) = parse(&ctx, &mut form, &detail).await? else {
        let page = page(&ctx, &form, &detail, None).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    match store::decide(&ctx, key.room(), new, &form.once).await {
        Ok(()) => Ok(Saved::Decision.then(&path(key.room()))),
        Err(Error::Changed) => {
            // Both are shown: what the other person decided, and what was typed here.
            let now = load(&ctx, &key).await?;
            form.version = Some(now.turn.version);
            let theirs = theirs(&ctx, &now).await?;
            let page = page(&ctx, &form, &now, Some(theirs)).await?;
            Err(Error::Page(StatusCode::CONFLICT, Box::new(page)))
        }
        Err(e) => Err(e),
    }
}

async fn parse(ctx: &Ctx, form: &mut Form, detail: &Detail) -> Result<Option<NewDecision>> {
    let (words, desks) = {
        let mut conn = ctx.read().await?;
        (
            Words::load(&mut conn, ctx).await?,
            organisations::desks(&mut conn, ctx).await?,
        )
    };
    let today = ctx.today();
    let choices = CHOICES.map(|s| (s.as_code(), s.label()));
    let state = form
        .choice("state", "判断", &choices, true)
        .and_then(|c| State::from_code(&c));
    let is = |s| state == Some(s);
    let text = form.text("text", text_label(state), 5_000, is(State::Answered));
    let accepted_body = form.text("accepted_body", "受けた機関", 200, is(State::HandedOver));
    let accepted_by = form.text("accepted_by", "受けた人", 100, is(State::HandedOver));
    let closure = form.choice(
        "closure",
        "中断・取下げの理由",
        &words.options(CodeList::DroppedReason),
        is(State::Withdrawn),
    );
    if is(State::Withdrawn) && closure.as_deref() == Some("other") && text.is_empty() {
        form.error(
            "text",
            text_label(state),
            "理由が「その他」のときは、事情を書いてください。",
        );
    }
    let stays_open = state.is_some_and(State::is_open);
    let review_on = form.parsed("review_on", "次に確かめる日", stays_open, |t| {
        wareki::parse_date(t, today)
    });
    if stays_open && review_on.is_some_and(|d| d < today) {
        form.error(
            "review_on",
            "次に確かめる日",
            "「次に確かめる日」は今日より後の日を入力してください。",
        );
    }
    let decided_on = form
        .parsed("decided_on", "判断した日", false, |t| {
            wareki::parse_date(t, today)
        })
        .unwrap_or(today);
    let received = engawa_kernel::clock::local(detail.turn.received_at).date();
    if decided_on > today || decided_on < received {
        form.error(
            "decided_on",
            "判断した日",
            "「判断した日」は受付の日から今日までの間で入力してください。",
        );
    }
    let first_contact_on = form.parsed(
        "first_contact_on",
        "本人と初めて接した日",
        false,
        |t| wareki::parse_date(t, today),
    );
    if first_contact_on.is_some_and(|d| d > today || d < received) {
        form.error(
            "first_contact_on",
            "本人と初めて接した日",
            "「本人と初めて接した日」は受付の日から今日までの間で入力してください。",
        );
    }
    let options = desk_options(&desks);
    let kept = detail.turn.desk;
    let lead_desk = if form.value("lead_desk") == kept.to_string() {
        Some(kept)
    } else {
        form.choice(
            "lead_desk",
            "主となる機関の窓口",
            &borrowed(&options),
            false,
        )
        .and_then(|d| d.parse().ok())
    };
    let corrects = !detail.turn.state.is_open();
    let correction_reason = form.text("correction_reason", "訂正の理由", 1_000, corrects);
    let necessity = form.choice("necessity", "必要性", &GRADES, false);
    let severity = form.choice("severity", "初回の深刻度", &GRADES, false);
    if form.has_errors() {
        return Ok(None);
    }
    Ok(state.map(|state| NewDecision {
        state,
        text,
        closure: closure.filter(|_| state == State::Withdrawn),
        accepted_body: if state == State::HandedOver {
            accepted_body
        } else {
            String::new()
        },
        accepted_by: if state == State::HandedOver {
            accepted_by
        } else {
            String::new()
        },
        review_on: review_on.filter(|_| stays_open),
        lead_desk,
        decided_on,
        necessity,
        severity,
        first_contact_on,
        correction_reason,
        version: form.version.unwrap_or(0),
    }))
}

const fn text_label(state: Option<State>) -> &'static str {
    match state {
        Some(State::Answered) => "回答した内容",
        Some(State::SeekingConsent | State::Watching) => "これからの進め方",
        Some(State::HandedOver) => "引き継いだ内容",
        _ => "内容・事情",
    }
}

async fn theirs(ctx: &Ctx, now: &Detail) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let last = now.decisions.last();
    let staff: Vec<_> = last.map(|d| d.decided_by).into_iter().collect();
    let names = Names::load(&mut conn, ctx, &[], &[], &staff).await?;
    Ok(notice(
        NoticeKind::Warn,
        "ほかの人が先に保存しました",
        html! {
            @match last {
                Some(d) => {
                    p { (when(ctx, d.decided_at)) "に" (names.staff(d.decided_by)) "さんが「" (d.state.label()) "」と判断しました。" }
                    (super::show::text(&d.text))
                }
                None => p { "担当や記録が変わりました。いまの状態は「" (now.card.state.label()) "」です。" }
            }
            p { "あなたの入力はまだ保存していませんが、下に残っています。このまま保存すると、あなたの判断が後の判断として記録されます。やめるときは" a href=(path(now.card.room)) { "相談の画面" } "に戻ってください。" }
        },
    ))
}

/// The fields that one outcome needs and the others do not: what the chosen one needs stands open,
/// the rest is folded for whoever chooses another one (with scripts on it is shown when chosen).
fn outcomes(form: &Form, words: &Words) -> Markup {
    let accepted = html! {
        (text_field(form, FieldSpec::new("accepted_body", "受けた機関")
            .hint("「他機関につないだ」では必須です。相手が受けたことを確かめてから記録します。").maxlength(200)))
        (text_field(form, FieldSpec::new("accepted_by", "受けた人").maxlength(100)))
    };
    let dropped = select_field(
        form,
        FieldSpec::new("closure", "中断・取下げの理由").hint("「中断・取下げ」では必須です。"),
        &words.options(CodeList::DroppedReason),
    );
    let review = date_field(
        form,
        FieldSpec::new("review_on", "次に確かめる日").hint(
            "「同意に向け継続」「見守り」では必須です。その日に、やることに出ます。例: R8.4.1",
        ),
    );
    let parts = [
        (vec![State::HandedOver], accepted),
        (vec![State::Withdrawn], dropped),
        (vec![State::SeekingConsent, State::Watching], review),
    ];
    let chosen = State::from_code(form.value("state"));
    let (now, later): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .partition(|(of, _)| chosen.is_none_or(|c| of.contains(&c)));
    let part = |(of, fields): &(Vec<State>, Markup)| {
        let codes: Vec<&str> = of.iter().map(|s| s.as_code()).collect();
        html! { div.outcome data-for=(codes.join(" ")) data-by="state" { (fields) } }
    };
    html! {
        @for one in &now { (part(one)) }
        @if !later.is_empty() {
            details.details data-others {
                summary { "ほかの判断に変えるときの欄" }
                div.details-body { @for one in &later { (part(one)) } }
            }
        }
    }
}

async fn page(ctx: &Ctx, form: &Form, detail: &Detail, above: Option<Markup>) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, ctx).await?;
    let desks = desk_options(&organisations::desks(&mut conn, ctx).await?);
    let choices = CHOICES.map(|s| (s.as_code(), s.label()));
    let corrects = !detail.turn.state.is_open();
    let wrong = [
        "decided_on",
        "lead_desk",
        "necessity",
        "severity",
        "first_contact_on",
    ]
    .iter()
    .any(|name| form.error_of(name).is_some());
    let body = html! {
        (radio_group(form, FieldSpec::new("state", "判断").required().national(), &choices))
        (text_area(form, FieldSpec::new("text", "内容(回答した内容、進め方、事情)")
            .hint("「回答して終了」では必須です。").maxlength(5_000).rows(4)))
        (outcomes(form, &words))
        @if corrects {
            (text_area(form, FieldSpec::new("correction_reason", "訂正の理由").hint("前の判断は、訂正前として残ります。").required().maxlength(1_000).rows(2)))
        }
        details.details open[wrong] {
            summary { "判断した日・主となる機関・必要性・初回の深刻度" }
            div.details-body {
                (date_field(form, FieldSpec::new("decided_on", "判断した日")))
                (select_field(form, FieldSpec::new("lead_desk", "主となる機関の窓口"), &borrowed(&desks)))
                (radio_group(form, FieldSpec::new("necessity", "必要性"), &GRADES))
                (radio_group(form, FieldSpec::new("severity", "初回の深刻度"), &GRADES))
                @if detail.turn.first_contact_at.is_none() {
                    (date_field(form, FieldSpec::new("first_contact_on", "本人と初めて接した日")))
                }
            }
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, if corrects { "訂正して保存する" } else { "保存する" }, None))
            a href=(path(detail.card.room)) { "相談に戻る" }
        }))
    };
    let content = html! {
        @if let Some(above) = above { (above) }
        p { (detail.card.number) " " (detail.card.subject_line) " いまの状態: " (detail.card.state.label()) }
        (form_frame(&format!("{}/decide", path(detail.card.room)), ctx.csrf(), form, body))
    };
    let title = if corrects {
        "判断を訂正する"
    } else {
        "受理の判断"
    };
    Ok(engawa_kernel::page::page(&ctx.frame(), title, content))
}
