//! `/funding/activities/{activity}/sources/new` and `/funding/sources/{source}`: one source, from
//! 検討中 to 確保, with the steps it took.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    clock::local,
    components::{
        ButtonKind, FieldSpec, button, date_field, form_frame, link_button, list_table,
        radio_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::{
        fiscal::FiscalYear,
        wareki::{format_date, format_date_time, parse_date},
    },
};
use maud::{Markup, html};

use super::{
    activity::address as page_of,
    parts::{Asked, Shown, YEN, asked_year, conflict, differences, refused, state_tag, trail},
};
use crate::{
    model::{ActivityId, Cost, KeptActivity, KeptSource, Kind, Source, SourceId, State},
    rules,
    store::{activity, source},
};

/// Where a form belongs.
struct Place {
    activity: KeptActivity,
    known: Option<SourceId>,
}

impl Place {
    fn key(&self) -> String {
        match self.known {
            Some(id) => format!("funding/sources/{id}"),
            None => format!("funding/activities/{}/sources/new", self.activity.id),
        }
    }
    fn address(&self) -> String {
        format!("/{}", self.key())
    }
}

async fn at(ctx: &Ctx, activity: &str) -> Result<Place> {
    rules::need_planner(ctx)?;
    let id: ActivityId = id(activity)?;
    Ok(Place {
        activity: activity::one(&mut ctx.read().await?, ctx, id).await?,
        known: None,
    })
}

async fn known(ctx: &Ctx, text: &str) -> Result<(Place, KeptSource)> {
    rules::need_planner(ctx)?;
    let mut conn = ctx.read().await?;
    let (of, stored) = source::one(&mut conn, ctx, id(text)?).await?;
    let place = Place {
        activity: activity::one(&mut conn, ctx, of).await?,
        known: Some(stored.id),
    };
    Ok((place, stored))
}

pub async fn new(ctx: Ctx, Path(activity): Path<String>, asked: Asked) -> Result<Markup> {
    let place = at(&ctx, &activity).await?;
    let mut form = Form::blank();
    form.prefill("year", asked_year(&ctx, &asked)?.year().to_string());
    form.prefill("state", State::Considering.as_code());
    let form = drafts::restore(&ctx, &place.key(), form).await?;
    Ok(view(&ctx, &place, &form, html! {}))
}

pub async fn create(ctx: Ctx, Path(activity): Path<String>, posted: Posted) -> Result<Response> {
    let place = at(&ctx, &activity).await?;
    save(ctx, place, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(text): Path<String>) -> Result<Markup> {
    let (place, stored) = known(&ctx, &text).await?;
    let form = drafts::restore(&ctx, &place.key(), filled(&ctx, &stored)).await?;
    let steps = steps(&ctx, stored.id).await?;
    Ok(view(&ctx, &place, &form, steps))
}

pub async fn update(ctx: Ctx, Path(text): Path<String>, posted: Posted) -> Result<Response> {
    let (place, _) = known(&ctx, &text).await?;
    save(ctx, place, Form::from_posted(posted)).await
}

fn filled(ctx: &Ctx, k: &KeptSource) -> Form {
    let s = &k.it;
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("year", s.year.year().to_string());
    form.prefill("kind", s.kind.as_code());
    form.prefill("name", s.name.as_str());
    form.prefill("cost", s.cost.as_code());
    form.prefill("state", s.state.as_code());
    form.prefill(
        "amount",
        s.amount.map(|a| a.to_string()).unwrap_or_default(),
    );
    let received = s.received_on.map(|day| format_date(day, ctx.calendar));
    form.prefill("received_on", received.unwrap_or_default());
    form.prefill("report", s.report.as_str());
    form.prefill("note", s.note.as_str());
    form
}

fn parse(ctx: &Ctx, form: &mut Form) -> Option<Source> {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let today = ctx.today();
    let of = form.choice("year", "年度", &borrowed(&years), true);
    let kind = form.choice("kind", "財源の種類", Kind::OPTIONS, true);
    let name = form.text("name", "財源の名前", 200, false);
    let cost = form.choice("cost", "何の費用か", Cost::OPTIONS, true);
    let state = form.choice("state", "状態", State::OPTIONS, true);
    let amount = form.integer("amount", "額（円）", YEN, false);
    let received_on = form.parsed("received_on", "入金日", false, |t| parse_date(t, today));
    let report = form.text("report", "使い道の報告", 2000, false);
    let note = form.text("note", "備考", 1000, false);
    let source = Source {
        year: of?.parse().ok()?,
        kind: Kind::from_code(&kind?)?,
        name,
        cost: Cost::from_code(&cost?)?,
        state: State::from_code(&state?)?,
        amount,
        received_on,
        report,
        note,
    };
    (!form.has_errors()).then_some(source)
}

async fn save(ctx: Ctx, place: Place, mut form: Form) -> Result<Response> {
    form.draft_key = Some(place.key());
    let Some(new) = parse(&ctx, &mut form) else {
        return Err(refused(view(&ctx, &place, &form, html! {})));
    };
    let mut tx = ctx.write().await?;
    if place.known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = place.known.map(|id| (id, form.version.unwrap_or_default()));
    match source::save(&mut tx, &ctx, place.activity.id, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(changed(&ctx, &place, &form).await?);
        }
        Err(Error::Invalid(why)) => {
            form.error("state", "状態", why);
            return Err(refused(view(&ctx, &place, &form, html! {})));
        }
        done => done?,
    };
    let to = page_of(place.activity.id, new.year);
    drafts::clear(&mut tx, &ctx, &place.key()).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn changed(ctx: &Ctx, place: &Place, form: &Form) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let id = place.known.ok_or(Error::Changed)?;
    let (_, stored) = source::one(&mut conn, ctx, id).await?;
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let found = differences(form, &filled(ctx, &stored), |name| match name {
        "year" => Some(Shown::choice("年度", &borrowed(&years))),
        "kind" => Some(Shown::choice("財源の種類", Kind::OPTIONS)),
        "cost" => Some(Shown::choice("何の費用か", Cost::OPTIONS)),
        "state" => Some(Shown::choice("状態", State::OPTIONS)),
        "name" => Some(Shown::text("財源の名前")),
        "amount" => Some(Shown::text("額（円）")),
        "received_on" => Some(Shown::text("入金日")),
        "report" => Some(Shown::text("使い道の報告")),
        "note" => Some(Shown::text("備考")),
        _ => None,
    });
    conflict(
        ctx,
        &mut conn,
        &place.address(),
        "財源を直す",
        &stored,
        form,
        &found,
    )
    .await
}

async fn steps(ctx: &Ctx, id: SourceId) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let steps = source::steps(&mut conn, id).await?;
    let staff: Vec<_> = steps.iter().map(|s| s.staff).collect();
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    let rows: Vec<Vec<Markup>> = steps
        .iter()
        .map(|s| {
            vec![
                html! { (format_date_time(local(s.at), ctx.calendar)) },
                state_tag(s.state),
                html! { (names.get(&s.staff).map_or("システム", String::as_str)) },
            ]
        })
        .collect();
    Ok(html! {
        h2 { "これまでの状態" }
        (list_table(&["いつ", "状態", "だれが"], &rows, "状態のうつりかわり"))
    })
}

fn view(ctx: &Ctx, place: &Place, form: &Form, below: Markup) -> Markup {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let of = form
        .value("year")
        .parse()
        .unwrap_or_else(|_| FiscalYear::of(ctx.today()));
    let back = page_of(place.activity.id, of);
    let fields = html! {
        (select_field(form, FieldSpec::new("year", "年度").required(), &borrowed(&years)))
        (select_field(form, FieldSpec::new("kind", "財源の種類").required(), Kind::OPTIONS))
        (text_field(form, FieldSpec::new("name", "財源の名前").hint("例: 赤い羽根共同募金の配分金、見本財団の助成。空欄なら種類のことばを使います").maxlength(200)))
        (radio_group(form, FieldSpec::new("cost", "何の費用か").required().hint("はじめに一度だけかかる費用と、続けてかかる費用を分けます"), Cost::OPTIONS))
        (radio_group(form, FieldSpec::new("state", "状態").required(), State::OPTIONS))
        (text_field(form, FieldSpec::new("amount", "額（円）").hint("分からないときは空欄にします。0とは書きません").inputmode("numeric").short()))
        (date_field(form, FieldSpec::new("received_on", "入金日").hint("確保した財源が入った日")))
        (text_area(form, FieldSpec::new("report", "使い道の報告").hint("何に使い、何ができたか").rows(3).maxlength(2000)))
        (text_area(form, FieldSpec::new("note", "備考").rows(2).maxlength(1000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if place.known.is_some() {
        "財源を直す"
    } else {
        "財源を書く"
    };
    let above = [(back.as_str(), place.activity.it.name.as_str())];
    let body = html! {
        (trail(&above))
        (form_frame(&place.address(), ctx.csrf(), form, fields))
        (below)
    };
    page(&ctx.frame(), title, body)
}
