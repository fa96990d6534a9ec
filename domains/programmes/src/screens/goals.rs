//! `/programmes/goals`: goals with how each year went; for a goal without a number, why it is not
//! counted.

use std::collections::{HashMap, HashSet};

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_indicators::{
    progress::{self, Progress},
    report::Reader,
    store::{
        actual::Counter,
        indicator::{self, IndicatorId},
    },
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, Tab, TagKind, button, conflict_view,
        empty_state, form_frame, lines, link_button, list_table, radio_group, select_field,
        submit_row, tabs, tag, text_area, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::{Asked, record_key, trail};
use crate::{
    figure, files,
    form::Field,
    goals::{Goal, GoalId, Kept, Rating, Subject},
    rules,
    store::goal,
};

pub(super) const ABOVE: (&str, &str) = ("/programmes/goals", "成果目標と振り返り");

pub(super) fn rating_tag(rating: Rating) -> Markup {
    let kind = match rating {
        Rating::Achieved | Rating::Mostly => TagKind::Done,
        Rating::Partly => TagKind::Active,
        Rating::NotYet => TagKind::Alert,
        Rating::Open => TagKind::Waiting,
    };
    tag(kind, rating.label())
}

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let now = FiscalYear::of(ctx.today());
    let of = match asked.get("year") {
        Some(text) => id(text)?,
        None => now,
    };
    let mut conn = ctx.read().await?;
    let goals = goal::list(&mut conn, &ctx, of).await?;
    let standing = followed(&mut conn, &ctx, &goals, of).await?;
    let files = files::of_goals(&mut conn, &ctx, &goals).await?;
    drop(conn);
    let plans = rules::plans(&ctx);
    let rows: Vec<Vec<Markup>> = goals
        .iter()
        .filter(|k| goal::within(k, of).is_ok())
        .map(|k| {
            let standing = k.goal.indicator.and_then(|id| standing.get(&id));
            row(&ctx, k, of, standing, super::files::evidence(&files, k, of))
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "計画の成果目標ごとに、その年度に何が変わったかの根拠と評価を残します。数にしない目標は、数えない理由も書きます。" }
        (tabs("年度", &FiscalYear::choices(ctx.today(), 2, 2).into_iter().map(|(code, label)| Tab {
            href: format!("/programmes/goals?year={code}"),
            active: code == of.year().to_string(),
            label,
            count: None,
        }).collect::<Vec<_>>()))
        @if plans { p { (link_button(ButtonKind::Primary, "/programmes/goals/new", "目標を書く")) } }
        @if rows.is_empty() { (empty_state("この年度の目標は、まだありません。", html! { "計画書を読み取ると、目標の案ができます。" })) }
        @else { (list_table(&["目標", "事業", "目標の値", "実績", "評価", "根拠", "操作"], &rows, "成果目標")) }
    };
    Ok(page(
        &ctx.frame(),
        &format!("{}の成果目標と振り返り", of.label()),
        body,
    ))
}

/// What the indicators behind these goals stand at.
async fn followed(
    conn: &mut Conn,
    ctx: &Ctx,
    goals: &[Kept],
    of: FiscalYear,
) -> Result<HashMap<IndicatorId, Progress>> {
    let ids: HashSet<IndicatorId> = goals.iter().filter_map(|k| k.goal.indicator).collect();
    let mut all = indicator::list(conn, ctx, of.first_day()).await?;
    all.retain(|i| ids.contains(&i.id));
    let reader = Reader::of(conn, ctx).await?;
    let all = progress::of_year(conn, ctx, &reader, all, of, &mut Counter::default()).await?;
    Ok(all.into_iter().map(|p| (p.indicator.id, p)).collect())
}

fn row(
    ctx: &Ctx,
    k: &Kept,
    of: FiscalYear,
    standing: Option<&Progress>,
    evidence: Markup,
) -> Vec<Markup> {
    let (plans, opens) = (rules::plans(ctx), ctx.actor.may(Duty::ReadFigures));
    let look = goal::look(k, of);
    let g = &k.goal;
    vec![
        html! {
            (lines(&g.text))
            @if g.year != of { " " span.excerpt { (g.year.label()) "から" } }
            @if g.subject.is_some() || !g.subject_name.is_empty() || !g.due.is_empty() {
                span.excerpt {
                    (g.subject.map_or("", Subject::label)) " " (g.subject_name)
                    @if !g.due.is_empty() { " " (g.due) "まで" }
                }
            }
            @if !g.why_not_counted.is_empty() { span.excerpt { "数えない理由: " (g.why_not_counted) } }
        },
        html! { (g.field.block().label()) },
        html! {
            @match standing {
                Some(p) if !p.targets.is_empty() => { @for d in &p.targets { div { (d.target.text()) } } }
                Some(_) => "この年度の目標は、まだありません",
                None if g.number.is_empty() => "―",
                None => { (figure::grouped(&g.number)) (g.unit) }
            }
        },
        html! {
            @match standing {
                Some(p) if opens => { a href={ "/indicators/" (p.indicator.id) "?year=" (of.year()) } { (p.said()) } }
                Some(p) => { (p.said()) }
                None => "数えない",
            }
        },
        look.map_or_else(|| html! { "まだありません" }, |l| rating_tag(l.rating)),
        html! { (look.map_or_else(|| html! { "―" }, |l| lines(&l.evidence))) (evidence) },
        if plans {
            html! {
                a href={ "/programmes/goals/" (k.id) "/years/" (of.year()) } { (of.label()) "を振り返る" span.visually-hidden { "：" (g.text) } }
                " " a href={ "/programmes/goals/" (k.id) } { "目標を直す" span.visually-hidden { "：" (g.text) } }
            }
        } else {
            html! { "―" }
        },
    ]
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut form = Form::blank();
    form.prefill("year", FiscalYear::of(ctx.today()).year().to_string());
    let form = drafts::restore(&ctx, &key(None), form).await?;
    let indicators = engawa_indicators::choices(&mut ctx.read().await?, &ctx).await?;
    Ok(view(&ctx, None, &form, &indicators))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(goal): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let known = goal::one(&mut conn, &ctx, id(&goal)?).await?;
    let indicators = engawa_indicators::choices(&mut conn, &ctx).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &key(Some(known.id)), filled(&known)).await?;
    Ok(view(&ctx, Some(known.id), &form, &indicators))
}

pub async fn update(ctx: Ctx, Path(goal): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&goal)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<GoalId>) -> String {
    record_key("goals", id)
}

fn address(id: Option<GoalId>) -> String {
    format!("/{}", key(id))
}

fn filled(k: &Kept) -> Form {
    let g = &k.goal;
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("year", g.year.year().to_string());
    form.prefill("field", g.field.as_code());
    form.prefill(
        "indicator",
        g.indicator.map_or_else(String::new, |i| i.to_string()),
    );
    form.prefill("text", g.text.as_str());
    form.prefill("subject", g.subject.map_or("", Subject::as_code));
    form.prefill("subject_name", g.subject_name.as_str());
    form.prefill("due", g.due.as_str());
    form.prefill("why", g.why_not_counted.as_str());
    form
}

fn parse(ctx: &Ctx, form: &mut Form, indicators: &[(String, String)]) -> Option<Goal> {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let year = form.choice("year", "年度", &borrowed(&years), true);
    let field = form.choice("field", "計画書のどの目標か", &Field::GOAL_BOXES, true);
    let indicator = form.choice(
        "indicator",
        "実績を数える指標",
        &borrowed(indicators),
        false,
    );
    let text = form.text("text", "目標", 2000, true);
    let subject = form.choice("subject", "だれの変化か", Subject::OPTIONS, false);
    let goal = Goal {
        year: id(&year?).ok()?,
        field: Field::from_code(&field?)?,
        number: String::new(),
        unit: String::new(),
        text,
        subject: subject.and_then(|code| Subject::from_code(&code)),
        subject_name: form.text("subject_name", "その名前", 200, false),
        due: form.text("due", "いつまでに", 100, false),
        why_not_counted: form.text("why", "数えない理由", 500, false),
        indicator: indicator.and_then(|id| id.parse().ok()),
    };
    let counted = figure::all(&goal.text)
        .into_iter()
        .rfind(|f| !f.unit.is_empty());
    let (number, unit) = counted.map_or_else(Default::default, |f| (f.number, f.unit));
    (!form.has_errors()).then_some(Goal {
        number,
        unit,
        ..goal
    })
}

async fn save(ctx: Ctx, known: Option<GoalId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let indicators = engawa_indicators::choices(&mut ctx.read().await?, &ctx).await?;
    let Some(goal) = parse(&ctx, &mut form, &indicators) else {
        let shown = view(&ctx, known, &form, &indicators);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let mut tx = ctx.write().await?;
    if known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = known.map(|id| (id, form.version.unwrap_or_default()));
    match goal::save(&mut tx, &ctx, seen, &goal).await {
        Err(Error::Changed) => {
            drop(tx);
            return conflict(&ctx, known.ok_or(Error::Changed)?, &form).await;
        }
        done => done?,
    };
    let to = format!("/programmes/goals?year={}", goal.year.year());
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(ctx: &Ctx, id: GoalId, form: &Form) -> Result<Response> {
    let known = goal::one(&mut ctx.read().await?, ctx, id).await?;
    let theirs = filled(&known);
    let labels = [
        ("text", "目標"),
        ("subject_name", "その名前"),
        ("due", "いつまでに"),
        ("why", "数えない理由"),
    ];
    let mut found: Vec<Conflict> = labels
        .into_iter()
        .filter(|(name, _)| form.value(name).trim() != theirs.value(name).trim())
        .map(|(name, label)| Conflict::text(name, label, form.value(name), theirs.value(name)))
        .collect();
    if form.value("subject") != theirs.value("subject") {
        let side = |f: &Form| {
            let word = Subject::from_code(f.value("subject")).map_or("（空欄）", Subject::label);
            (vec![f.value("subject").to_owned()], word.to_owned())
        };
        found.push(Conflict::coded(
            "subject",
            "だれの変化か",
            side(form),
            side(&theirs),
        ));
    }
    let info = ConflictInfo {
        who: "ほかの推進員",
        when: "先ほど",
        version: known.version,
    };
    let view = conflict_view(&address(Some(id)), ctx.csrf(), form, info, &found);
    let shown = page(
        &ctx.frame(),
        "目標を直す",
        html! { (trail(&[ABOVE])) (view) },
    );
    Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}

fn view(ctx: &Ctx, known: Option<GoalId>, form: &Form, indicators: &[(String, String)]) -> Markup {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let fields = html! {
        (select_field(form, FieldSpec::new("year", "年度").required(), &borrowed(&years)))
        (radio_group(form, FieldSpec::new("field", "計画書のどの目標か").required(), &Field::GOAL_BOXES))
        (text_area(form, FieldSpec::new("text", "目標").required().hint("何がどう変わればよいか。数があれば「相談件数 120件」のように書きます").maxlength(2000)))
        (select_field(form, FieldSpec::new("indicator", "実績を数える指標").hint("選ぶと、目標の値と実績が横に並び、次の年度の計画書に印刷されます。なければ、先に「指標」で加えます"), &borrowed(indicators)))
        (radio_group(form, FieldSpec::new("subject", "だれの変化か"), Subject::OPTIONS))
        (text_field(form, FieldSpec::new("subject_name", "その名前").hint("例: 東地区の住民、地区社協の協力員").maxlength(200)))
        (text_field(form, FieldSpec::new("due", "いつまでに").hint("例: 令和9年3月、3年のうちに").maxlength(100)))
        (text_area(form, FieldSpec::new("why", "数えない理由").hint("数にしない目標のときに書きます").rows(2).maxlength(500)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "目標を直す"
    } else {
        "目標を書く"
    };
    let body = html! { (trail(&[ABOVE])) (form_frame(&address(known), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), title, body)
}
