//! `/funding/activities/{activity}`: an activity's sources in a year, and what is said where none
//! stands.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, definition_list, empty_state, form_frame, lines,
        link_button, list_table, or_dash, radio_group, submit_row,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
    text::{fiscal::FiscalYear, wareki::format_date},
};
use maud::{Markup, html};

use super::parts::{Asked, asked_year, refused, state_tag, trail, year_tabs};
use crate::{
    model::{ActivityId, Answer, KeptSource, State, Year},
    rules,
    store::activity,
    words,
};

pub(super) fn address(id: ActivityId, of: FiscalYear) -> String {
    format!("/funding/activities/{id}?year={}", of.year())
}

pub async fn get(ctx: Ctx, Path(activity): Path<String>, asked: Asked) -> Result<Markup> {
    let of = asked_year(&ctx, &asked)?;
    let y = activity::in_year(&mut ctx.read().await?, &ctx, id(&activity)?, of).await?;
    let mut form = Form::blank();
    form.prefill("answer", y.answer.as_code());
    Ok(view(&ctx, &y, of, &form))
}

fn view(ctx: &Ctx, y: &Year, of: FiscalYear, form: &Form) -> Markup {
    let plans = rules::plans(ctx);
    let a = &y.activity;
    let path = format!("/funding/activities/{}", a.id);
    let mut headers = vec!["財源", "種類", "何の費用か", "状態", "備考・報告"];
    if plans {
        headers.extend(["額", "入金日", "操作"]);
    }
    let rows: Vec<Vec<Markup>> = y.sources.iter().map(|s| row(ctx, s, plans)).collect();
    let living = y.sources.iter().any(|s| s.it.state != State::Dropped);
    let of_state = |state: State| {
        y.sources
            .iter()
            .filter(move |s| s.it.state == state)
            .map(|s| s.it.amount)
    };
    let body = html! {
        (trail(&[]))
        (definition_list(&[
            ("計画書の事業", html! { (a.it.scheme.label()) }),
            ("終わった年度", html! { (a.it.last_year.map_or_else(|| "続いている".to_owned(), FiscalYear::label)) }),
            ("備考", or_dash(&a.it.note)),
        ]))
        @if plans { p { a href={ (path) "/edit" } { "名前・事業を直す" } } }
        (year_tabs(ctx, &path, of))
        h2 { (of.label()) "の財源" }
        @if plans {
            p { (link_button(ButtonKind::Primary, &format!("{path}/sources/new?year={}", of.year()), "財源を書く")) }
        }
        @if rows.is_empty() {
            (empty_state(&format!("この年度の財源: {}", y.answer.label()), html! {
                @if plans { "財源がないときと検討中のときは、下でそう書けます。" }
            }))
        } @else {
            (list_table(&headers, &rows, "財源"))
            @if plans {
                p {
                    "確保: " (words::total(of_state(State::Secured)))
                    "　申請中: " (words::total(of_state(State::Applied)))
                    "　検討中: " (words::total(of_state(State::Considering)))
                }
            }
        }
        @if plans && !living {
            h2 { "財源がないとき" }
            (form_frame(&format!("{path}/answer"), ctx.csrf(), form, html! {
                input type="hidden" name="year" value=(of.year());
                input type="hidden" name="seen" value=(y.answer.as_code());
                (radio_group(form, FieldSpec::new("answer", "この年度の財源").required().hint("財源を書くと、こちらは消えます"), Answer::OPTIONS))
                (submit_row(button(ButtonKind::Secondary, "保存する", None)))
            }))
        }
    };
    page(&ctx.frame(), &a.it.name, body)
}

fn row(ctx: &Ctx, s: &KeptSource, plans: bool) -> Vec<Markup> {
    let mut cells = vec![
        html! { (s.it.called()) },
        html! { (s.it.kind.label()) },
        html! { (s.it.cost.label()) },
        state_tag(s.it.state),
        html! {
            @if s.it.note.is_empty() && s.it.report.is_empty() { "―" }
            (lines(&s.it.note))
            @if !s.it.report.is_empty() { p { "使い道: " (lines(&s.it.report)) } }
        },
    ];
    if plans {
        cells.push(html! { (words::yen_or_unknown(s.it.amount)) });
        cells.push(html! {
            (s.it.received_on.map_or_else(|| "―".to_owned(), |day| format_date(day, ctx.calendar)))
        });
        cells.push(html! {
            a href={ "/funding/sources/" (s.id) } { "直す" span.visually-hidden { "：" (s.it.called()) } }
        });
    }
    cells
}

/// Says that there is no source, or that it is being considered.
pub async fn answer(ctx: Ctx, Path(activity): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let (id, of): (ActivityId, FiscalYear) = (id(&activity)?, id(form.value("year"))?);
    let seen = Answer::from_code(form.value("seen")).ok_or(Error::NotFound)?;
    let said = form
        .choice("answer", "この年度の財源", Answer::OPTIONS, true)
        .and_then(|code| Answer::from_code(&code));
    let Some(said) = said else {
        let y = activity::in_year(&mut ctx.read().await?, &ctx, id, of).await?;
        return Err(refused(view(&ctx, &y, of, &form)));
    };
    let mut tx = ctx.write().await?;
    activity::say(&mut tx, &ctx, id, of, said, seen).await?;
    tx.commit().await?;
    Ok(see_other(&address(id, of)))
}
