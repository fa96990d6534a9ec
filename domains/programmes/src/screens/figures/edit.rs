//! One figure: entered, changed, taken back.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, NoticeKind, button, conflict_view,
        date_field, form_frame, link_button, notice, select_field, submit_row, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::AreaId,
    once,
    page::page,
    text::wareki::{format_date, parse_date},
};
use maud::{Markup, html};

use super::{ABOVE, area_name, kinds};
use crate::{
    figures::{Figure, FigureId, Kept, Sure, rules as figure_rules},
    rules,
    screens::parts::{record_key, trail},
    store::figures,
};

/// In the choice of kinds: one that is not there yet.
const OTHER: &str = "other";

/// What there is to choose from.
struct Choices {
    kinds: Vec<(String, String)>,
    areas: Vec<(AreaId, String)>,
}

impl Choices {
    async fn of(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let used = figures::kinds(conn, ctx).await?;
        let mut kinds: Vec<_> = kinds(&used).into_iter().map(|k| (k.clone(), k)).collect();
        kinds.push((OTHER.into(), "ほかの種類（下に名前を書く）".into()));
        Ok(Self {
            kinds,
            areas: engawa_organisations::figures::area_names(conn, ctx).await?,
        })
    }

    fn places(&self, ctx: &Ctx) -> Vec<(String, String)> {
        let whole = ("whole".to_owned(), format!("{}全体", ctx.municipality_name));
        let areas = self
            .areas
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()));
        std::iter::once(whole).chain(areas).collect()
    }
}

fn key(known: Option<FigureId>) -> String {
    record_key("figures", known)
}

fn address(known: Option<FigureId>) -> String {
    format!("/{}", key(known))
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let choices = Choices::of(&mut ctx.read().await?, &ctx).await?;
    let mut form = Form::blank();
    form.prefill("area", "whole");
    let form = drafts::restore(&ctx, &key(None), form).await?;
    Ok(view(&ctx, None, &choices, &form))
}

pub async fn get(ctx: Ctx, Path(figure): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let kept = figures::one(&mut conn, &ctx, id(&figure)?).await?;
    let f = &kept.figure;
    let mut beside = figures::beside(&mut conn, &ctx, &f.kind, f.as_of).await?;
    beside.retain(|k| k.figure.area == f.area);
    let choices = Choices::of(&mut conn, &ctx).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &key(Some(kept.id)), filled(&ctx, &kept)).await?;
    Ok(view(&ctx, Some((&kept, &beside)), &choices, &form))
}

fn filled(ctx: &Ctx, kept: &Kept) -> Form {
    let f = &kept.figure;
    let mut form = Form::blank();
    form.version = Some(kept.version);
    form.prefill("kind", f.kind.as_str());
    form.prefill("area", f.area.map_or("whole".to_owned(), |a| a.to_string()));
    form.prefill("as_of", format_date(f.as_of, ctx.calendar));
    form.prefill("number", crate::figure::grouped(&f.number));
    form.prefill("unit", f.unit.as_str());
    form.prefill("sure", f.sure.as_code());
    form.prefill("source", f.source.as_str());
    form.prefill("note", f.note.as_str());
    form
}

fn parse(ctx: &Ctx, form: &mut Form, choices: &Choices) -> Option<Figure> {
    let kind = form.choice("kind", "種類", &borrowed(&choices.kinds), true);
    let other = form.text(
        "other",
        "ほかの種類の名前",
        40,
        kind.as_deref() == Some(OTHER),
    );
    let kind = kind.map(|kind| if kind == OTHER { other } else { kind });
    let place = form.choice("area", "区域", &borrowed(&choices.places(ctx)), true);
    let today = ctx.today();
    let as_of = form.parsed("as_of", "時点", true, |t| parse_date(t, today));
    let said = form
        .choice("sure", "確かさ", Sure::OPTIONS, false)
        .and_then(|code| Sure::from_code(&code));
    let words = form.text("number", "数", 40, false);
    let unit = form.text("unit", "単位", 20, false);
    let source = form.text("source", "出典", 200, false);
    let note = form.text("note", "注", 500, false);
    let kind = kind?;
    let read = figure_rules::read(&kind, &words, &unit, said)
        .map_err(|why| form.error("number", "数", why));
    let (sure, number, unit) = read.ok()?;
    let figure = Figure {
        kind,
        area: place?.parse().ok(),
        as_of: as_of?,
        sure,
        number,
        unit,
        source,
        note,
    };
    if let Err(why) = figure_rules::check(&figure, today) {
        form.error("as_of", "時点", why);
    }
    (!form.has_errors()).then_some(figure)
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, posted).await
}

pub async fn update(ctx: Ctx, Path(figure): Path<String>, posted: Posted) -> Result<Response> {
    save(ctx, Some(id(&figure)?), posted).await
}

async fn save(ctx: Ctx, known: Option<FigureId>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(known));
    let mut tx = ctx.write().await?;
    let choices = Choices::of(&mut tx, &ctx).await?;
    let Some(figure) = parse(&ctx, &mut form, &choices) else {
        let kept = match known {
            Some(id) => Some(figures::one(&mut tx, &ctx, id).await?),
            None => None,
        };
        let shown = view(&ctx, kept.as_ref().map(|k| (k, &[][..])), &choices, &form);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    if known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = known.map(|id| (id, form.version.unwrap_or_default()));
    match figures::save(&mut tx, &ctx, seen, &figure).await {
        Err(Error::Changed) => {
            drop(tx);
            return conflict(&ctx, known.ok_or(Error::Changed)?, &choices, &form).await;
        }
        done => done?,
    };
    let to = list_of(&figure.kind);
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn list_of(kind: &str) -> String {
    let kind = percent_encoding::utf8_percent_encode(kind, percent_encoding::NON_ALPHANUMERIC);
    format!("{}?kind={kind}", ABOVE.0)
}

/// POST `/programmes/figures/{figure}/remove`
pub async fn remove(ctx: Ctx, Path(figure): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let kept = figures::one(&mut tx, &ctx, id(&figure)?).await?;
    let seen = form.version.unwrap_or_default();
    figures::remove(&mut tx, &ctx, kept.id, seen).await?;
    tx.commit().await?;
    Ok(see_other(&list_of(&kept.figure.kind)))
}

async fn conflict(ctx: &Ctx, id: FigureId, choices: &Choices, form: &Form) -> Result<Response> {
    let kept = figures::one(&mut ctx.read().await?, ctx, id).await?;
    let theirs = filled(ctx, &kept);
    let texts = [
        ("number", "数"),
        ("unit", "単位"),
        ("as_of", "時点"),
        ("source", "出典"),
        ("note", "注"),
    ];
    let mut found: Vec<Conflict> = texts
        .into_iter()
        .filter(|(name, _)| form.value(name).trim() != theirs.value(name).trim())
        .map(|(name, label)| Conflict::text(name, label, form.value(name), theirs.value(name)))
        .collect();
    let sure: Vec<_> = Sure::OPTIONS
        .iter()
        .map(|(c, w)| ((*c).to_owned(), (*w).to_owned()))
        .collect();
    for (name, label, options) in [
        ("kind", "種類", &choices.kinds),
        ("area", "区域", &choices.places(ctx)),
        ("sure", "確かさ", &sure),
    ] {
        let side = |f: &Form| {
            let code = f.value(name).to_owned();
            let word = options.iter().find(|(c, _)| *c == code);
            (vec![code], word.map_or("書き方から", |(_, w)| w).to_owned())
        };
        if form.value(name) != theirs.value(name) {
            found.push(Conflict::coded(name, label, side(form), side(&theirs)));
        }
    }
    let info = ConflictInfo {
        who: "ほかの推進員",
        when: "先ほど",
        version: kept.version,
    };
    let view = conflict_view(&address(Some(id)), ctx.csrf(), form, info, &found);
    let body = html! { (trail(&[ABOVE])) (view) };
    let shown = page(&ctx.frame(), "数を直す", body);
    Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}

fn view(ctx: &Ctx, known: Option<(&Kept, &[Kept])>, choices: &Choices, form: &Form) -> Markup {
    let at = address(known.map(|(k, _)| k.id));
    let fields = html! {
        (select_field(form, FieldSpec::new("kind", "種類").required(), &borrowed(&choices.kinds)))
        (text_field(form, FieldSpec::new("other", "ほかの種類の名前").hint("「ほかの種類」を選んだときだけ。例: 空き家率、要介護認定者数").maxlength(40)))
        (select_field(form, FieldSpec::new("area", "区域").required(), &borrowed(&choices.places(ctx))))
        (date_field(form, FieldSpec::new("as_of", "時点").required().hint("例: R8.4.1、2026-04-01。先の日付は「推計」になります")))
        (text_field(form, FieldSpec::new("number", "数").hint("例: 54,321、約1万2000人、28.4%、11.3‰。%と‰は書いたまま残します。わからないときは「不明」「未集計」").maxlength(40)))
        (text_field(form, FieldSpec::new("unit", "単位").hint("数に書いたときは空欄でかまいません").maxlength(20).short()))
        (select_field(form, FieldSpec::new("sure", "確かさ").hint("選ばなければ、数の書き方（約・推計・不明など）から決まります"), Sure::OPTIONS))
        (text_field(form, FieldSpec::new("source", "出典").hint("例: 住民基本台帳、国勢調査").maxlength(200)))
        (text_field(form, FieldSpec::new("note", "注").maxlength(500)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[ABOVE]))
        @if let Some((kept, beside)) = known { (warnings(ctx, kept, beside, &choices.areas)) }
        (form_frame(&at, ctx.csrf(), form, fields))
        @if let Some((kept, _)) = known { (taking_back(ctx, kept, &at)) }
    };
    let title = if known.is_some() {
        "数を直す"
    } else {
        "数を登録する"
    };
    page(&ctx.frame(), title, body)
}

fn warnings(ctx: &Ctx, kept: &Kept, beside: &[Kept], areas: &[(AreaId, String)]) -> Markup {
    let all: Vec<&Kept> = beside.iter().collect();
    html! {
        @if let Some(doubt) = figure_rules::doubt(&kept.figure) {
            (notice(NoticeKind::Warn, "確かめてください", html! { p { (doubt) "。正しければ、このままでかまいません。" } }))
        }
        @if figure_rules::differ(&all) {
            (notice(NoticeKind::Warn, "出典によって数が違います", html! {
                p { (area_name(areas, kept.figure.area, &ctx.municipality_name)) "の" (format_date(kept.figure.as_of, ctx.calendar)) "時点の" (kept.figure.kind) ":" }
                ul { @for other in beside { li { (other.figure.shown()) "（" (if other.figure.source.is_empty() { "出典なし" } else { &other.figure.source }) "）" } } }
            }))
        }
    }
}

fn taking_back(ctx: &Ctx, kept: &Kept, at: &str) -> Markup {
    let mut form = Form::blank().scoped("off");
    form.version = Some(kept.version);
    let fields = html! {
        p { "間違えて登録した数は、取り消せます。画面から消え、記録には日付と一緒に残ります。" }
        (submit_row(button(ButtonKind::Danger, "この数を取り消す", None)))
    };
    html! {
        h2 { "取り消す" }
        (form_frame(&format!("{at}/remove"), ctx.csrf(), &form, fields))
    }
}
